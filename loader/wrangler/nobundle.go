package wrangler

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// collect takes the main module as it is, and as modules what the rules find below the base folder. Names are paths from that folder, so that
// relative imports between files hold.
func (p *Project) collect(r *report, b *Bundle) {
	ext := filepath.Ext(p.Main)
	if ext != ".js" && ext != ".mjs" {
		r.add(p.At("main", SeverityError, "remove no_bundle, or name the compiled file", "with no_bundle the main module must be JavaScript, not %s", ext))
		return
	}
	b.Inputs = append(b.Inputs, p.Main)
	source, err := os.ReadFile(p.Main)
	if err != nil {
		r.errorf(p.at("main"), "", "%v", err)
		return
	}
	if b.Main, err = filepath.Rel(p.BaseDir, p.Main); err != nil || strings.HasPrefix(b.Main, "..") {
		r.add(p.At("base_dir", SeverityError, "", "the main module lies outside base_dir"))
		return
	}
	b.Main = filepath.ToSlash(b.Main)
	p.scanExports(r, b)
	b.Modules = []Module{{b.Main, ModuleES, source}}
	p.siblingMap(b, b.Main, p.Main, source)
	if !p.additionalModules() {
		return
	}
	found, folders := p.findModules(r)
	b.Folders = folders
	for _, f := range found {
		b.Modules = append(b.Modules, f.module)
		b.Inputs = append(b.Inputs, f.file)
		if f.module.Kind == ModuleES || f.module.Kind == ModuleCommonJS {
			p.siblingMap(b, f.module.Name, f.file, f.module.Source)
		}
	}
}

// scanExports parses the main module for its exports, and reports its syntax errors early.
func (p *Project) scanExports(r *report, b *Bundle) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{p.Main}, AbsWorkingDir: p.Dir, Outfile: p.Main, AllowOverwrite: true,
		Metafile: true, Target: api.ESNext, LogLevel: api.LogLevelSilent, TsconfigRaw: "{}",
	})
	p.messages(r, result.Errors, SeverityError)
	if len(result.Errors) == 0 {
		b.Exports = exportsOf(result.Metafile)
		b.ServiceWorker = len(b.Exports) == 0
	}
}

var sourceMappingURL = regexp.MustCompile(`(?m)^//[#@] sourceMappingURL=(\S+)\s*\z`)

// siblingMap takes over the source map a compiled file names, if it lies beside the file.
func (p *Project) siblingMap(b *Bundle, name, file string, source []byte) {
	tail := source[max(0, len(source)-1024):]
	found := sourceMappingURL.FindSubmatch(bytes.TrimRight(tail, " \t\r\n"))
	if found == nil || strings.Contains(string(found[1]), ":") {
		return
	}
	mapFile := filepath.Join(filepath.Dir(file), filepath.FromSlash(string(found[1])))
	text, err := os.ReadFile(mapFile)
	if err != nil {
		return
	}
	b.Inputs = append(b.Inputs, mapFile)
	if moved, err := rebaseMap(text, filepath.Dir(mapFile), p.Dir); err == nil {
		b.Maps[name] = moved
	}
}

package wrangler

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
)

// A Bundle is a project ready to run.
type Bundle struct {
	// Main is the name of the main module, "index.js"; "" for a project of static assets only.
	Main string
	// Modules are all modules, the main one first, the others sorted by name. Main is an ES module whatever the source was written as; only with
	// no_bundle may others be JavaScript.
	Modules []Module
	// Exports are the names the main module exports, "default" among them; sorted.
	Exports []string
	// ServiceWorker is true when the main module exports nothing: it answers through addEventListener.
	ServiceWorker bool
	// Inputs are the files that went in, absolute and sorted: a change of one makes another bundle. They are set even when Bundle fails, as far as it came.
	Inputs []string
	// Folders are those in which a new file may be a new module, absolute.
	Folders []string
	// Maps are the source maps (version 3, JSON) of JavaScript modules, by module name. Their sources are relative to the project's folder.
	Maps map[string][]byte
	// Warnings are what is odd but does not stop the bundle.
	Warnings []Diagnostic
}

// Bundle compiles the main module and everything it imports into one ES module, with text, data and WebAssembly files as modules beside it. With
// no_bundle it takes files as they are. It may be called again when files have changed; a Project is only read, so calls may be concurrent.
//
// Errors: *Error, each diagnostic at its place in the source. The Bundle that comes with an error has Inputs and Folders only.
func (p *Project) Bundle() (*Bundle, error) {
	r := &report{file: p.ConfigPath}
	b := &Bundle{Maps: map[string][]byte{}}
	switch {
	case p.Main == "":
	case p.NoBundle:
		p.collect(r, b)
	default:
		p.compile(r, b)
	}
	if p.Main != "" {
		p.checkExports(r, b)
	}
	sort.Strings(b.Inputs)
	warnings, err := r.result()
	if err != nil {
		return &Bundle{Inputs: b.Inputs, Folders: b.Folders}, err
	}
	b.Warnings = warnings
	return b, nil
}

// compile runs esbuild over the main module.
func (p *Project) compile(r *report, b *Bundle) {
	collector := &collector{project: p, globs: p.globs(), inputs: map[string]bool{}, modules: map[string]Module{}}
	if p.additionalModules() {
		var found []foundFile
		found, b.Folders = p.findModules(r)
		collector.additional = map[string]string{}
		for _, f := range found {
			collector.additional[f.file] = f.module.Name
			collector.modules[f.module.Name] = f.module
			collector.inputs[f.file] = true
		}
	}
	options := p.buildOptions()
	options.Plugins = []api.Plugin{{Name: "dynos", Setup: collector.setup}}
	result := api.Build(options)
	p.messages(r, result.Errors, SeverityError)
	p.messages(r, result.Warnings, SeverityWarning)
	for file := range collector.inputs {
		b.Inputs = append(b.Inputs, file)
	}
	if p.TSConfig != "" {
		b.Inputs = append(b.Inputs, p.TSConfig)
	} else if file := filepath.Join(p.Dir, "tsconfig.json"); fileExists(file) {
		b.Inputs = append(b.Inputs, file)
	}
	if len(result.Errors) > 0 {
		return
	}
	p.outputs(result, b)
	for _, module := range collector.modules {
		b.Modules = append(b.Modules, module)
	}
	sort.Slice(b.Modules[1:], func(i, j int) bool { return b.Modules[1+i].Name < b.Modules[1+j].Name })
}

// outputs takes over what esbuild made.
func (p *Project) outputs(result api.BuildResult, b *Bundle) {
	b.Main = p.mainName()
	for _, file := range result.OutputFiles {
		switch name := filepath.Base(file.Path); name {
		case b.Main:
			b.Modules = append(b.Modules, Module{b.Main, ModuleES, file.Contents})
		case b.Main + ".map":
			b.Maps[b.Main] = file.Contents
		}
	}
	b.Exports = exportsOf(result.Metafile)
	b.ServiceWorker = len(b.Exports) == 0
}

// exportsOf reads the exported names of the entry point from esbuild's metafile.
func exportsOf(metafile string) []string {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string   `json:"entryPoint"`
			Exports    []string `json:"exports"`
		} `json:"outputs"`
	}
	if json.Unmarshal([]byte(metafile), &meta) != nil {
		return nil
	}
	for _, output := range meta.Outputs {
		if output.EntryPoint != "" {
			sort.Strings(output.Exports)
			return output.Exports
		}
	}
	return nil
}

// mainName is the name of the bundle: that of the source, as JavaScript.
func (p *Project) mainName() string {
	base := filepath.Base(p.Main)
	return strings.TrimSuffix(base, filepath.Ext(base)) + ".js"
}

// buildOptions are the settings wrangler bundles with: conditions, main fields of a browser, JSX in every .js file, no syntax newer than ES2024.
func (p *Project) buildOptions() api.BuildOptions {
	return api.BuildOptions{
		EntryPoints:       []string{p.Main},
		AbsWorkingDir:     p.Dir,
		Outfile:           filepath.Join(p.Dir, p.mainName()),
		AllowOverwrite:    true,
		Bundle:            true,
		Metafile:          true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2024,
		Supported:         map[string]bool{"import-source": true},
		Conditions:        []string{"workerd", "worker", "browser"},
		MainFields:        []string{"browser", "module", "main"},
		External:          []string{"__STATIC_CONTENT_MANIFEST"},
		Loader:            map[string]api.Loader{".js": api.LoaderJSX, ".mjs": api.LoaderJSX, ".cjs": api.LoaderJSX},
		Sourcemap:         api.SourceMapExternal,
		Define:            p.defines(),
		KeepNames:         p.KeepNames,
		MinifyWhitespace:  p.Minify,
		MinifyIdentifiers: p.Minify,
		MinifySyntax:      p.Minify,
		Tsconfig:          p.TSConfig,
		JSXFactory:        p.JSXFactory,
		JSXFragment:       p.JSXFragment,
		LogLevel:          api.LogLevelSilent,
		Charset:           api.CharsetUTF8,
	}
}

// defines are the constants of the platform and those of the project.
func (p *Project) defines() map[string]string {
	env, _ := json.Marshal(p.nodeEnv)
	defines := map[string]string{
		"process.env.NODE_ENV":            string(env),
		"global.process.env.NODE_ENV":     string(env),
		"globalThis.process.env.NODE_ENV": string(env),
	}
	// Replacing the property lets bundlers' checks for a browser fold away.
	if p.hasFlag("global_navigator") {
		defines["navigator.userAgent"] = `"Cloudflare-Workers"`
	}
	for name, value := range p.Define {
		defines[name] = value
	}
	return defines
}

// messages turns esbuild's messages into diagnostics.
func (p *Project) messages(r *report, messages []api.Message, severity Severity) {
	for _, m := range messages {
		d := Diagnostic{Severity: severity, Message: lowerFirst(m.Text), Hint: p.hint(m)}
		if m.Location != nil {
			d.File = m.Location.File
			if m.Location.Namespace == "" || m.Location.Namespace == "file" {
				d.File = p.shown(filepath.FromSlash(m.Location.File))
			}
			d.Position = Position{Line: m.Location.Line, Column: m.Location.Column + 1}
		} else if len(p.Define) > 0 && strings.Contains(d.Message, " define ") {
			d.File, d.Position = p.ConfigPath, p.at("define")
		} else {
			d.File = p.shown(p.Main)
		}
		r.add(d)
	}
}

// hint says how to mend what esbuild reports: its advice names its own options, which nobody sets here.
func (p *Project) hint(m api.Message) string {
	specifier := ""
	if _, err := fmt.Sscanf(m.Text, "Could not resolve %q", &specifier); err == nil {
		switch {
		case isNodeBuiltin(specifier):
			return `add "nodejs_compat" to compatibility_flags`
		case isBare(specifier):
			return "is the package installed? dynos does not install packages"
		}
		return ""
	}
	if m.Location != nil && m.Location.Suggestion != "" {
		return fmt.Sprintf("did you mean %q?", strings.Trim(m.Location.Suggestion, `"'`))
	}
	return ""
}

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// checkExports reports classes that bindings name and the main module does not export.
func (p *Project) checkExports(r *report, b *Bundle) {
	if b.Main == "" || b.Exports == nil && !b.ServiceWorker {
		return
	}
	missing := func(kind, class, script, path string) {
		if script == "" && class != "" && !contains(b.Exports, class) {
			r.add(p.At(path, SeverityError, hintNearest(class, b.Exports), "the %s class %q is not exported by %s", kind, class, p.shown(p.Main)))
		}
	}
	for i, binding := range p.DurableObjects.Bindings {
		missing("Durable Object", binding.ClassName, binding.ScriptName, fmt.Sprintf("durable_objects.bindings[%d].class_name", i))
	}
	for i, workflow := range p.Workflows {
		missing("workflow", workflow.ClassName, workflow.ScriptName, fmt.Sprintf("workflows[%d].class_name", i))
	}
	globals := map[string]map[string]string{"wasm_modules": p.WasmModules, "text_blobs": p.TextBlobs, "data_blobs": p.DataBlobs}
	for name, files := range globals {
		if len(files) > 0 && !b.ServiceWorker {
			r.add(p.At(name, SeverityError, "import the files instead", "%q is for service workers, the main module is an ES module", name))
		}
	}
}

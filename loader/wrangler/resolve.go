package wrangler

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Options are what the caller adds to the files. The zero value is good.
type Options struct {
	// Env chooses the section env.NAME, "" the top level.
	Env string
	// Define are constants replaced in the source, over those of the file: name → JavaScript expression.
	Define map[string]string
	// Vars are text variables, over all files.
	Vars map[string]string
	// NewestDate is the newest compatibility date the runtime knows, "yyyy-mm-dd"; the default of a project without one. Default: today, UTC.
	NewestDate string
	// NodeEnv is process.env.NODE_ENV in the bundle. Default: "development".
	NodeEnv string
	// Serves says whether the runtime serves a key that the project carries, "kv_namespaces"; a key it does not serve gets a warning. Default: all.
	Serves func(key string) bool
}

// ConfigNames are the names of configuration files, in the order they are looked for in a folder.
var ConfigNames = []string{"wrangler.jsonc", "wrangler.json", "wrangler.toml"}

// sourceExtensions are those of a main module that needs no configuration.
var sourceExtensions = []string{".js", ".mjs", ".ts", ".mts", ".tsx", ".jsx"}

// Load reads the project at path: a folder with a configuration file, such a file, or a main module (.js, .mjs, .jsx, .ts, .mts, .tsx), which is served
// with default settings even if a configuration file stands beside it.
//
// Errors: *Error, with everything that is wrong with the files, each at its place.
func Load(path string, opts Options) (*Project, error) {
	p := &Project{Env: opts.Env, KeepNames: true, nodeEnv: opts.NodeEnv, serves: opts.Serves, values: map[string]*node{}}
	if p.nodeEnv == "" {
		p.nodeEnv = "development"
	}
	r := &report{}
	if err := p.load(r, path, opts); err != nil {
		return nil, err
	}
	warnings, err := r.result()
	if err != nil {
		return nil, err
	}
	p.Warnings = warnings
	return p, nil
}

// load fills the project. An error means there is nothing to read; what is wrong with what was read is in the report.
func (p *Project) load(r *report, path string, opts Options) error {
	config, source, err := locate(path)
	if err != nil {
		return err
	}
	file := config + source
	absolute, err := filepath.Abs(file)
	if err != nil {
		return fileError(file, err)
	}
	r.file, p.ConfigPath = file, config
	p.Dir, p.display = filepath.Dir(absolute), filepath.Dir(file)
	d := &decoder{report: r, names: map[string]binding{}}
	if config != "" {
		text, err := os.ReadFile(config)
		if err != nil {
			return fileError(config, err)
		}
		p.Files = append(p.Files, absolute)
		root := parseConfig(r, config, text)
		if root == nil {
			return nil
		}
		p.effective(d, root)
	} else {
		p.Main = filepath.Base(source)
	}
	p.complete(r, absolute, opts)
	p.loadVars(r, opts)
	return nil
}

// parseConfig reads a configuration file; nil means that the report says why not.
func parseConfig(r *report, file string, text []byte) *node {
	parse := parseJSONC
	if filepath.Ext(file) == ".toml" {
		parse = parseTOML
	}
	root := parse(r, text)
	if root != nil && root.kind != kindObject {
		r.errorf(root.pos, "", "the configuration must be an object, not %s", describe(root))
		return nil
	}
	return root
}

// locate finds what a path means: a configuration file or a main module; the other one is "".
func locate(path string) (config, source string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", "", fileError(path, err)
	}
	if info.IsDir() {
		for _, name := range ConfigNames {
			file := filepath.Join(path, name)
			if fileExists(file) {
				return file, "", nil
			}
		}
		return "", "", failure(path, "add one, or name the main module's file", "there is no %s in this folder", strings.Join(ConfigNames, ", "))
	}
	ext := filepath.Ext(path)
	switch {
	case ext == ".json", ext == ".jsonc", ext == ".toml":
		return path, "", nil
	case contains(sourceExtensions, ext):
		return "", path, nil
	}
	return "", "", failure(path, "expected a folder, a wrangler file, or a "+strings.Join(sourceExtensions, ", ")+" file", "unknown kind of file")
}

func failure(file, hint, format string, args ...any) error {
	return &Error{Diagnostics: []Diagnostic{{File: file, Message: fmt.Sprintf(format, args...), Hint: hint}}}
}

// fileError tells why a file cannot be read, without repeating its name.
func fileError(file string, err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return failure(file, "", "%v", err)
}

var validName = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]*$`)

func fileExists(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir()
}

// complete checks values against each other and fills in what the files leave out.
func (p *Project) complete(r *report, absolute string, opts Options) {
	if p.Name == "" {
		p.Name = defaultName(absolute, p.ConfigPath != "")
	} else if !validName.MatchString(p.Name) {
		r.errorf(p.at("name"), "", "\"name\" may have lower-case letters, digits, '-' and '_' only, not %q", p.Name)
	}
	p.completeDate(r, opts.NewestDate)
	p.completeMain(r)
	p.completePaths(r)
	for name, value := range opts.Define {
		if p.Define == nil {
			p.Define = map[string]string{}
		}
		p.Define[name] = value
	}
	p.checkDurableObjects(r)
	p.checkRules(r)
}

func (p *Project) at(path string) Position { return p.At(path, SeverityError, "", "").Position }

// assign spells a setting in the language of the configuration file.
func (p *Project) assign(key, value string) string {
	if filepath.Ext(p.ConfigPath) == ".toml" {
		return fmt.Sprintf("%s = %q", key, value)
	}
	return fmt.Sprintf("%q: %q", key, value)
}

// defaultName makes a worker's name of a folder's or file's.
func defaultName(file string, config bool) string {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if config || base == "index" {
		base = filepath.Base(filepath.Dir(file))
	}
	name := strings.Trim(regexp.MustCompile(`[^a-z0-9_]+`).ReplaceAllString(strings.ToLower(base), "-"), "-")
	if name == "" {
		return "worker"
	}
	return name
}

// completeDate checks the compatibility date. A missing one is the newest, as in local development; a later one cannot be honoured.
func (p *Project) completeDate(r *report, newest string) {
	if newest == "" {
		newest = time.Now().UTC().Format(time.DateOnly)
	}
	given := p.CompatibilityDate
	if given == "" {
		p.CompatibilityDate = newest
		if p.ConfigPath != "" {
			r.warnf(Position{}, "add "+p.assign("compatibility_date", newest), "no compatibility_date is set, using the newest, %s", newest)
		}
		return
	}
	if _, err := time.Parse(time.DateOnly, given); err != nil {
		hint := ""
		if strings.ContainsAny(given, "–—") {
			hint = "it has dashes where hyphens belong"
		}
		r.errorf(p.at("compatibility_date"), hint, "\"compatibility_date\" must be a date (yyyy-mm-dd), not %q", given)
		return
	}
	if given > newest {
		p.CompatibilityDate = newest
		r.warnf(p.at("compatibility_date"), "using "+newest, "compatibility_date %s is later than this runtime knows", given)
	}
}

// completeMain finds the main module's file.
func (p *Project) completeMain(r *report) {
	if p.Main == "" {
		if p.Assets == nil || p.Assets.Directory == "" {
			r.errorf(Position{}, "add "+p.assign("main", "src/index.ts"), "there is no main module and no assets.directory")
		}
		return
	}
	given := p.Main
	p.Main = p.path(given)
	if filepath.Ext(given) == ".py" {
		r.errorf(p.at("main"), "", "dynos runs JavaScript and TypeScript, not Python (%s)", given)
		return
	}
	if !fileExists(p.Main) {
		r.errorf(p.at("main"), p.nearestFile(given), "the main module %q does not exist", given)
	}
}

// nearestFile looks for a file that may have been meant: the same name with another extension or case.
func (p *Project) nearestFile(given string) string {
	entries, _ := os.ReadDir(filepath.Dir(p.path(given)))
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && contains(sourceExtensions, filepath.Ext(entry.Name())) {
			names = append(names, entry.Name())
		}
	}
	if near := nearest(filepath.Base(given), names); near != "" {
		return fmt.Sprintf("did you mean %q?", filepath.ToSlash(filepath.Join(filepath.Dir(given), near)))
	}
	return ""
}

// completePaths makes the paths absolute.
func (p *Project) completePaths(r *report) {
	if p.BaseDir != "" {
		p.BaseDir = p.path(p.BaseDir)
	} else if p.Main != "" {
		p.BaseDir = filepath.Dir(p.Main)
	}
	if p.TSConfig != "" {
		given := p.TSConfig
		p.TSConfig = p.path(given)
		if !fileExists(p.TSConfig) {
			r.errorf(p.at("tsconfig"), "", "%q does not exist", given)
		}
	}
	if p.Assets != nil && p.Assets.Directory != "" {
		given := p.Assets.Directory
		p.Assets.Directory = p.path(given)
		if info, err := os.Stat(p.Assets.Directory); err != nil || !info.IsDir() {
			r.errorf(p.at("assets.directory"), "", "the folder %q does not exist", given)
		}
	}
	for _, files := range []map[string]string{p.WasmModules, p.TextBlobs, p.DataBlobs} {
		for name, file := range files {
			files[name] = p.path(file)
		}
	}
}

// path makes a path of the configuration absolute.
func (p *Project) path(file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(p.Dir, filepath.FromSlash(file))
}

// shown gives a path as diagnostics name it: from the argument of Load on.
func (p *Project) shown(file string) string {
	if !filepath.IsAbs(file) {
		return filepath.Join(p.display, file)
	}
	relative, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return file
	}
	return filepath.Join(p.display, relative)
}

// checkDurableObjects warns of classes whose storage nothing declares: they get the key-value storage of old.
func (p *Project) checkDurableObjects(r *report) {
	if len(p.Migrations) > 0 && len(p.Exports) > 0 {
		for _, export := range p.Exports {
			if export.Type == "durable-object" {
				r.errorf(p.at("migrations"), "keep one of them", "Durable Object classes are declared in \"migrations\" and in \"exports\"")
				break
			}
		}
	}
	tags := map[string]bool{}
	for i, m := range p.Migrations {
		if tags[m.Tag] {
			r.errorf(p.at(fmt.Sprintf("migrations[%d].tag", i)), "steps are told apart by their tags", "there is another migration with the tag %q", m.Tag)
		}
		tags[m.Tag] = true
	}
	for i, binding := range p.DurableObjects.Bindings {
		if _, declared := p.SQLite(binding.ClassName); !declared && binding.ScriptName == "" {
			hint := "add it to new_sqlite_classes of a migration"
			r.warnf(p.at(fmt.Sprintf("durable_objects.bindings[%d].class_name", i)), hint, "no migration declares the Durable Object class %q", binding.ClassName)
		}
	}
}

package wrangler

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// A ModuleKind says how a module's source is read. The values are those of the runtime's own list, in the same order.
type ModuleKind uint8

// Kinds of modules.
const (
	// ModuleES is an ECMAScript module.
	ModuleES ModuleKind = iota
	// ModuleCommonJS is a CommonJS module.
	ModuleCommonJS
	// ModuleText gives its source as a string.
	ModuleText
	// ModuleData gives its bytes as an ArrayBuffer.
	ModuleData
	// ModuleJSON gives the parsed value.
	ModuleJSON
	// ModuleWasm gives a WebAssembly.Module.
	ModuleWasm
)

// String gives the kind's name, "es", "commonjs", "text", "data", "json" or "wasm".
func (k ModuleKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("ModuleKind(%d)", uint8(k))
}

var kindNames = [...]string{"es", "commonjs", "text", "data", "json", "wasm"}

// A Module is one module of a bundle.
type Module struct {
	// Name is what imports resolve to: a path with slashes, without "./" in front.
	Name   string
	Kind   ModuleKind
	Source []byte
}

// ruleKinds are the module kinds of the types a rule may have. Python is not among them: dynos does not run it.
var ruleKinds = map[string]ModuleKind{
	"ESModule":     ModuleES,
	"CommonJS":     ModuleCommonJS,
	"CompiledWasm": ModuleWasm,
	"Text":         ModuleText,
	"Data":         ModuleData,
}

// defaultRules hold after the project's own.
var defaultRules = []Rule{
	{Type: "Text", Globs: []string{"**/*.txt", "**/*.html", "**/*.sql"}},
	{Type: "Data", Globs: []string{"**/*.bin"}},
	{Type: "CompiledWasm", Globs: []string{"**/*.wasm", "**/*.wasm?module"}},
}

// A glob is one pattern of the rules, ready to match.
type glob struct {
	pattern  string
	ruleType string
	kind     ModuleKind
	// shadowed marks a rule that an earlier one of its type hides; a match is an error, not silence.
	shadowed bool
	// imports matches a specifier, files a path below the base folder.
	imports, files *regexp.Regexp
}

// globs prepares the rules: the first rule of a type that does not fall through hides the later ones of the type, the default ones too.
func (p *Project) globs() []glob {
	var list []glob
	complete := map[string]bool{}
	for _, rule := range append(append([]Rule(nil), p.Rules...), defaultRules...) {
		kind, known := ruleKinds[rule.Type]
		if !known {
			continue
		}
		for _, pattern := range rule.Globs {
			list = append(list, glob{
				pattern: pattern, ruleType: rule.Type, kind: kind, shadowed: complete[rule.Type],
				imports: compileGlob(pattern, false), files: compileGlob(pattern, true),
			})
		}
		if rule.Fallthrough == nil || !*rule.Fallthrough {
			complete[rule.Type] = true
		}
	}
	return list
}

// checkRules warns of rules that an earlier one hides, and of Python.
func (p *Project) checkRules(r *report) {
	hides := map[string]*Rule{}
	for i := range p.Rules {
		rule := &p.Rules[i]
		at := fmt.Sprintf("rules[%d]", i)
		if strings.HasPrefix(rule.Type, "Python") {
			r.warnf(p.at(at+".type"), "", "rules of type %s are not served by dynos", rule.Type)
		}
		if first := hides[rule.Type]; first != nil && first.Fallthrough == nil {
			r.warnf(p.at(at), `set "fallthrough": true on the earlier rule, or false to keep it so`, "an earlier rule of type %s hides this one", rule.Type)
		}
		if hides[rule.Type] == nil && (rule.Fallthrough == nil || !*rule.Fallthrough) {
			hides[rule.Type] = rule
		}
	}
}

// compileGlob translates a glob as the glob-to-regexp package does without its extended syntax: only * is special. With globstar, * stays within a
// folder and ** as a whole segment crosses folders; without, every * crosses them.
func compileGlob(pattern string, globstar bool) *regexp.Regexp {
	var b strings.Builder
	b.WriteByte('^')
	for i := 0; i < len(pattern); {
		if pattern[i] != '*' {
			end := strings.IndexByte(pattern[i:], '*')
			if end < 0 {
				end = len(pattern) - i
			}
			b.WriteString(regexp.QuoteMeta(pattern[i : i+end]))
			i += end
			continue
		}
		start := i
		for i < len(pattern) && pattern[i] == '*' {
			i++
		}
		wholeSegment := i-start > 1 && (start == 0 || pattern[start-1] == '/') && (i == len(pattern) || pattern[i] == '/')
		switch {
		case !globstar:
			b.WriteString(`.*`)
		case wholeSegment:
			b.WriteString(`(?:[^/]*(?:/|$))*`)
			if i < len(pattern) {
				i++
			}
		default:
			b.WriteString(`[^/]*`)
		}
	}
	b.WriteByte('$')
	return regexp.MustCompile("(?s)" + b.String())
}

// A foundFile is a file below the base folder that a rule makes a module.
type foundFile struct {
	module Module
	file   string
}

// findModules looks for the modules below the base folder, sorted by name, and lists the folders in which new ones would appear.
func (p *Project) findModules(r *report) (found []foundFile, folders []string) {
	globs := p.globs()
	config, _ := filepath.Abs(p.ConfigPath)
	err := filepath.WalkDir(p.BaseDir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == ".wrangler" || entry.Name() == ".dynos"):
			return fs.SkipDir
		case entry.IsDir():
			if !strings.Contains(file, "node_modules") {
				folders = append(folders, file)
			}
			return nil
		case file == config || file == p.Main:
			return nil
		}
		name, err := filepath.Rel(p.BaseDir, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		g := matchFile(globs, name)
		if g == nil {
			return nil
		}
		if g.shadowed {
			r.add(Diagnostic{File: p.shown(file), Message: shadowedMessage(name, g)})
			return nil
		}
		source, err := os.ReadFile(file)
		if err == nil {
			found = append(found, foundFile{Module{name, g.kind, source}, file})
		}
		return err
	})
	if err != nil {
		r.errorf(Position{}, "", "looking for additional modules: %v", err)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].module.Name < found[j].module.Name })
	return found, folders
}

func matchFile(globs []glob, name string) *glob {
	return firstGlob(globs, func(g *glob) bool { return g.files.MatchString(name) })
}

func matchImport(globs []glob, specifier string) *glob {
	return firstGlob(globs, func(g *glob) bool { return g.imports.MatchString(specifier) })
}

// firstGlob gives the first that matches, a shadowed one only if no other does.
func firstGlob(globs []glob, matches func(*glob) bool) *glob {
	var shadowed *glob
	for i := range globs {
		switch g := &globs[i]; {
		case g.shadowed && shadowed != nil, !matches(g):
		case g.shadowed:
			shadowed = g
		default:
			return g
		}
	}
	return shadowed
}

// shadowedMessage says why a file that a rule matches is no module all the same.
func shadowedMessage(name string, g *glob) string {
	return fmt.Sprintf("%q matches the rule %s %q, which an earlier rule of that type hides; set fallthrough to true on the earlier one", name, g.ruleType, g.pattern)
}

package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dynos-run/dynos/polyfills"
)

const (
	root   = "../.."
	module = "github.com/dynos-run/dynos/"

	maxLines = 800
)

// importRules says which of our packages a folder may import, and why no more. The longest matching folder wins;
// "x/..." matches x and all below it. A folder without a row fails: decide where it belongs, then add the row.
var importRules = []struct {
	folder string
	may    []string
	why    string
}{
	{"cmd/dynos", []string{"cmd/dynos/internal/...", "loader/...", "bindings/...", "isolate"}, "the command parses flags and wires what others have built"},
	{"cmd/dynos/internal/...", []string{"cmd/dynos/internal/control"}, "processes know each other, not what they run"},
	{"bench/...", []string{"bench/...", "loader/...", "bindings/..."}, "a benchmark uses dynos as any embedder does"},
	{"loader", []string{"isolate", "isolate/ops", "polyfills", "polyfills/snapshot", "bindings", "bindings/rpc", "loader/internal/..."}, "the loader knows the contract of bindings, never one of them"},
	{"loader/internal/...", []string{"isolate", "isolate/ops"}, "the loader's parts are below it"},
	{"loader/wrangler", []string{"loader", "loader/internal/diagnostic"}, "configuration becomes values of the loader and starts nothing"},
	{"loader/wdconfig", []string{"loader", "loader/internal/diagnostic", "bindings", "bindings/outbound", "bindings/disk", "bindings/standard"}, "configuration becomes values of the loader, and of the bindings that its services are"},
	{"loader/loadertest", []string{"loader", "loader/wrangler", "loader/wdconfig", "bindings/standard"}, "fixtures run as an embedder would run them"},
	{"loader/loadertest/wpt", []string{"loader", "bindings/outbound"}, "it runs tests as an embedder would"},
	{"bindings", []string{"isolate/ops"}, "the contract stands on its own"},
	{"bindings/rpc", []string{"isolate/ops"}, "the wire format knows values, not workers"},
	{"bindings/...", []string{"bindings", "bindings/rpc", "bindings/internal/...", "isolate/ops"}, "a binding reaches its host through bindings.Host, never the loader"},
	{"bindings/internal/...", []string{"bindings/internal/..."}, "storage knows tables and blobs, not who uses them"},
	{"bindings/standard", []string{"bindings/..."}, "the one list of shipped bindings"},
	{"polyfills", nil, "polyfills only embeds JavaScript"},
	{"polyfills/snapshot", []string{"isolate", "polyfills"}, "it puts the two together"},
	{"isolate", []string{"isolate/ops", "isolate/internal/..."}, "an isolate knows bytes, modules and ops, nothing of HTTP, workers or bindings"},
	{"isolate/ops", nil, "the contract between the languages is a leaf"},
	{"isolate/ops/gen", []string{"isolate/ops"}, "it writes what follows from the table"},
	{"isolate/internal/engine", nil, "the engine is a leaf: it calls back through an interface"},
}

// foreignRules says where a package that is not ours may be imported; everything else is free.
var foreignRules = []struct {
	path string
	only []string
	why  string
}{
	{"C", []string{"isolate/internal/engine"}, "one package builds C++, so that one edit costs one build"},
	{"rogchap.com/v8go", []string{"isolate/internal/engine"}, "it brings the V8 library; its API is not used"},
	{"github.com/valyala/fasthttp", []string{"loader/...", "bindings/...", "cmd/dynos", "bench/..."}, "the engine knows nothing of HTTP"},
	{"net/http", []string{"loader/...", "bindings/...", "cmd/dynos", "bench/..."}, "the engine knows nothing of HTTP"},
	{"log", []string{"isolate/ops/gen"}, "a library logs through the slog.Logger that it is given"},
}

// topLevel is what may stand in the root of the tree: seven folders and the papers. Names with a dot in front are free.
var topLevel = []string{
	"bench", "bindings", "cmd", "isolate", "loader", "polyfills", "testdata",
	"ARCHITECTURE.md", "CHANGELOG.md", "COMPATIBILITY.md", "LICENSE", "RATIONALE.md", "README.md",
	"Makefile", "go.mod", "go.sum", "bin",
}

// A goFile is one parsed Go file of the tree.
type goFile struct {
	path, folder string // relative to the root, with slashes
	test         bool
	*ast.File
}

// walk calls visit for each file of the tree that is ours: no dot folders, no fixtures, no results.
func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || name == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() {
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func goFiles(t *testing.T, set *token.FileSet) []goFile {
	t.Helper()
	var files []goFile
	walk(t, func(path string) {
		if filepath.Ext(path) != ".go" {
			return
		}
		file, err := parser.ParseFile(set, filepath.Join(root, path), nil, parser.ParseComments)
		if err != nil {
			t.Error(err)
			return
		}
		files = append(files, goFile{path, filepath.ToSlash(filepath.Dir(path)), strings.HasSuffix(path, "_test.go"), file})
	})
	return files
}

// matches says whether folder is pattern, or below it if pattern ends in "/...".
func matches(folder, pattern string) bool {
	above, below := strings.CutSuffix(pattern, "/...")
	return folder == above || below && strings.HasPrefix(folder, above+"/")
}

func anyMatches(folder string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(folder, pattern) })
}

// Tests are free: they may climb to build what they test, and Go itself refuses cycles.
func TestImportsGoOneWay(t *testing.T) {
	for _, file := range goFiles(t, token.NewFileSet()) {
		if file.test {
			continue
		}
		best := -1
		for i, rule := range importRules {
			if matches(file.folder, rule.folder) && (best < 0 || len(rule.folder) > len(importRules[best].folder)) {
				best = i
			}
		}
		if best < 0 {
			t.Errorf("%s: folder %s has no row in importRules", file.path, file.folder)
			continue
		}
		rule := importRules[best]
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if ours, ok := strings.CutPrefix(path, module); ok && !anyMatches(ours, rule.may) {
				t.Errorf("%s imports %s: %s", file.path, ours, rule.why)
			}
			for _, foreign := range foreignRules {
				if path == foreign.path && !anyMatches(file.folder, foreign.only) {
					t.Errorf("%s imports %s: %s", file.path, path, foreign.why)
				}
			}
		}
	}
}

func TestEveryDependencyHasItsReason(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "RATIONALE.md"))
	if err != nil {
		t.Fatal(err)
	}
	reasoned := func(path string) bool {
		for ; path != "."; path = filepath.ToSlash(filepath.Dir(path)) {
			if bytes.Contains(text, []byte("`"+path+"`")) {
				return true
			}
		}
		return false
	}
	for _, file := range goFiles(t, token.NewFileSet()) {
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			first, _, _ := strings.Cut(path, "/")
			if strings.Contains(first, ".") && !strings.HasPrefix(path+"/", module) && !reasoned(path) {
				t.Errorf("%s imports %s: say why in RATIONALE.md, Dependencies", file.path, path)
			}
		}
	}
}

func TestRootStaysSmall(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		result := slices.Contains([]string{".test", ".prof", ".out"}, filepath.Ext(name))
		if !result && !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) {
			t.Errorf("%s does not belong in the root: put it into the folder that owns it", name)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented := make(map[string]bool)
	for _, file := range goFiles(t, token.NewFileSet()) {
		if !file.test || strings.HasPrefix(file.folder, "bench") { // bench itself is nothing but tests
			documented[file.folder] = documented[file.folder] || file.Doc.Text() != ""
		}
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

func TestEveryExportIsDocumented(t *testing.T) {
	set := token.NewFileSet()
	for _, file := range goFiles(t, set) {
		if file.test || file.Name.Name == "main" || strings.Contains(file.folder+"/", "/internal/") {
			continue
		}
		for _, declaration := range file.Decls {
			for _, name := range undocumented(declaration) {
				t.Errorf("%s: %s has no comment", set.Position(name.Pos()), name.Name)
			}
		}
	}
}

// undocumented lists the exported names that a declaration leaves without a comment. In a group, one comment above it is
// enough; members of interfaces need their own.
func undocumented(declaration ast.Decl) (names []*ast.Ident) {
	add := func(documented bool, list ...*ast.Ident) {
		for _, name := range list {
			if name.IsExported() && !documented {
				names = append(names, name)
			}
		}
	}
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || receiverExported(d.Recv.List[0].Type) {
			add(d.Doc != nil, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				add(d.Doc != nil || s.Doc != nil || s.Comment != nil, s.Names...)
			case *ast.TypeSpec:
				add(d.Doc != nil || s.Doc != nil, s.Name)
				if contract, ok := s.Type.(*ast.InterfaceType); ok && s.Name.IsExported() {
					for _, method := range contract.Methods.List {
						add(method.Doc != nil || method.Comment != nil, method.Names...)
					}
				}
			}
		}
	}
	return names
}

func receiverExported(receiver ast.Expr) bool {
	switch r := receiver.(type) {
	case *ast.StarExpr:
		return receiverExported(r.X)
	case *ast.IndexExpr:
		return receiverExported(r.X)
	case *ast.IndexListExpr:
		return receiverExported(r.X)
	case *ast.Ident:
		return r.IsExported()
	}
	return false
}

func TestNothingHappensOnImport(t *testing.T) {
	set := token.NewFileSet()
	for _, file := range goFiles(t, set) {
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init(): main builds, constructors receive", set.Position(f.Pos()))
			}
		}
	}
}

// In a bubble of testing/synctest time is not real, and sleeping is how it passes.
func TestNoTestSleeps(t *testing.T) {
	set := token.NewFileSet()
	for _, file := range goFiles(t, set) {
		bubble := slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"testing/synctest"` })
		if !file.test || bubble {
			continue
		}
		ast.Inspect(file.File, func(node ast.Node) bool {
			if s, ok := node.(*ast.SelectorExpr); ok && s.Sel.Name == "Sleep" {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "time" {
					t.Errorf("%s: time.Sleep: wait for what is meant", set.Position(s.Pos()))
				}
			}
			return true
		})
	}
}

func TestFilesStayReadable(t *testing.T) {
	walk(t, func(path string) {
		switch filepath.Ext(path) {
		case ".go", ".js", ".cc", ".c", ".h":
		default:
			return
		}
		if strings.HasSuffix(strings.TrimSuffix(path, filepath.Ext(path)), "_gen") {
			return
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Error(err)
			return
		}
		if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
			t.Errorf("%s has %d lines: one idea per file", path, lines)
		}
	})
}

func TestGeneratedFilesAreFresh(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"ops", "internal/engine"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("go", "run", "./isolate/ops/gen", "-dir", dir)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	fresh := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(root, "isolate", name))
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			t.Errorf("isolate/%s is stale: run make generate", name)
		}
		fresh++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if fresh == 0 {
		t.Error("nothing was generated")
	}
}

func TestManifestNamesFilesThatExist(t *testing.T) {
	seen := make(map[string]bool)
	check := func(name, file string) {
		if seen[name] {
			t.Errorf("manifest.go lists %s twice", name)
		}
		seen[name] = true
		if _, err := os.Stat(filepath.Join(root, "polyfills", file+".js")); err != nil {
			t.Errorf("manifest.go: %s: no polyfills/%s.js", name, file)
		}
	}
	for _, global := range polyfills.Globals {
		check(global.Name, global.File)
	}
	for _, built := range polyfills.Modules {
		check(built.Specifier, built.File)
	}
}

func TestPolyfillsAreStrictAndASCII(t *testing.T) {
	walk(t, func(path string) {
		if !strings.HasPrefix(path, "polyfills/") || !strings.HasSuffix(path, ".js") || strings.HasSuffix(path, "_test.js") {
			return
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Error(err)
			return
		}
		if !bytes.HasPrefix(text, []byte(`"use strict";`)) {
			t.Errorf(`%s does not start with "use strict";`, path)
		}
		if at := bytes.IndexFunc(text, func(c rune) bool { return c >= 0x80 }); at >= 0 {
			line := bytes.Count(text[:at], []byte("\n")) + 1
			t.Errorf("%s:%d is not ASCII: write an escape", path, line)
		}
	})
}

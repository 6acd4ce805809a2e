package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dynos-run/dynos/loader/loadertest"
	"github.com/dynos-run/dynos/loader/wdconfig"
	"github.com/dynos-run/dynos/polyfills"
)

// readEffects reads what the compatibility flags change that dynos asks for, a line each. A flag that the code asks for and that has no line
// fails the test, and so does a line that no code asks for.
func readEffects(t *testing.T) map[string]string {
	text, err := os.ReadFile("../../testdata/compatibility_flags.txt")
	if err != nil {
		t.Fatal(err)
	}
	effects := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, effect, _ := strings.Cut(strings.TrimSpace(line), ": ")
		effects[name] = effect
	}
	return effects
}

const (
	generatedBegin = "<!-- generated: do not edit from here; `go test ./cmd/dynos -run Compatibility -update` -->\n"
	generatedEnd   = "<!-- generated: end -->\n"
)

func TestCompatibilityIsFresh(t *testing.T) {
	path := "../../COMPATIBILITY.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(page, []byte(generatedBegin))
	_, after, ok2 := bytes.Cut(rest, []byte(generatedEnd))
	if !ok || !ok2 {
		t.Fatal("COMPATIBILITY.md has lost the marks of its generated part")
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(generatedBegin)
	writeGlobals(&b)
	writeModules(&b)
	writeFlags(t, &b)
	writeKeys(&b)
	writeFields(&b)
	writeFixtures(t, &b)
	writeChecklist(t, &b)
	b.WriteString(generatedEnd)
	b.Write(after)
	if bytes.Equal(page, b.Bytes()) {
		return
	}
	if !*update {
		t.Fatal("COMPATIBILITY.md is stale: go test ./cmd/dynos -run Compatibility -update")
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeGlobals(b *bytes.Buffer) {
	b.WriteString("\n### Globals\n\n| file in `polyfills` | globals |\n| --- | --- |\n")
	names := map[string][]string{}
	for _, g := range polyfills.Globals {
		names[g.File] = append(names[g.File], fmt.Sprintf("[`%s`](%s)", g.Name, g.Spec))
	}
	for _, file := range sortedKeys(names) {
		fmt.Fprintf(b, "| `%s.js` | %s |\n", file, strings.Join(names[file], ", "))
	}
}

func writeModules(b *bytes.Buffer) {
	b.WriteString("\n### Modules\n\n| import | needs | note |\n| --- | --- | --- |\n")
	for _, m := range polyfills.Modules {
		needs := ""
		if m.NodeCompat {
			needs = "`nodejs_compat`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", m.Specifier, needs, m.Note)
	}
}

func writeFlags(t *testing.T, b *bytes.Buffer) {
	effects := readEffects(t)
	table := compatTable(t)
	asked := askedFlags(t)
	b.WriteString("\n### Compatibility flags that change what dynos does\n\n| flag | switched off by | on from | what it changes |\n| --- | --- | --- | --- |\n")
	for _, name := range sortedKeys(asked) {
		row, known := table[name]
		if !known {
			t.Errorf("the code asks for the flag %s, which compat_table.go does not have", name)
		}
		if effects[name] == "" {
			t.Errorf("the code asks for the flag %s: say in testdata/compatibility_flags.txt what it changes", name)
		}
		off, from := "", row["From"]
		if row["Off"] != "" {
			off = "`" + row["Off"] + "`"
		}
		if from == "" {
			from = "never"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", name, off, from, effects[name])
	}
	for name := range effects {
		if !asked[name] {
			t.Errorf("testdata/compatibility_flags.txt has the flag %s, which no code asks for", name)
		}
	}
	fmt.Fprintf(b, "\nThe other %d flags of the platform are known by name and date, and accepted without effect: dynos behaves as\nthe platform does with recent dates.\n"+
		"A flag that the platform does not know is an error.\n", len(table)-len(asked))
}

var flagAsked = regexp.MustCompile(`(?:state\.flags\.|flags\[")(\w+)`)

// askedFlags finds the flags that polyfills and loader ask for, by their enable names.
func askedFlags(t *testing.T) map[string]bool {
	asked := map[string]bool{}
	for _, pattern := range []string{"../../polyfills/*/*.js", "../../loader/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.js") || strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range flagAsked.FindAllSubmatch(text, -1) {
				asked[string(match[1])] = true
			}
		}
	}
	for _, m := range polyfills.Modules {
		asked[m.Flag] = true
	}
	for _, g := range polyfills.Globals {
		asked[g.Flag] = true
	}
	delete(asked, "")
	return asked
}

// compatTable reads the rows of loader/compat_table.go: enable name → field → text.
func compatTable(t *testing.T) map[string]map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "../../loader/compat_table.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok || literal.Type != nil {
			return true
		}
		row := map[string]string{}
		for _, element := range literal.Elts {
			field := element.(*ast.KeyValueExpr)
			if text, ok := field.Value.(*ast.BasicLit); ok {
				row[field.Key.(*ast.Ident).Name], _ = strconv.Unquote(text.Value)
			}
		}
		table[row["Name"]] = row
		return false
	})
	return table
}

func writeKeys(b *bytes.Buffer) {
	b.WriteString("\n### Bindings from the configuration\n\n")
	var names []string
	for _, key := range sortedKeys(servedKeys) {
		names = append(names, "`"+key+"`")
	}
	fmt.Fprintf(b, "Workers get what %s say. Other keys that bind something are read and checked, and a warning says that they have no effect.\n\n", strings.Join(names, ", "))
}

func writeFields(b *bytes.Buffer) {
	b.WriteString("### Fields of workerd's configuration that are refused\n\n| dynos has no | fields |\n| --- | --- |\n")
	absent := map[string][]string{}
	collectAbsent(reflect.TypeFor[wdconfig.Config](), map[reflect.Type]bool{}, absent)
	for _, what := range sortedKeys(absent) {
		fmt.Fprintf(b, "| %s | `%s` |\n", what, strings.Join(absent[what], "`, `"))
	}
	b.WriteString("\n")
}

// collectAbsent finds the fields below a type of the schema that dynos cannot serve, by what they ask for.
func collectAbsent(t reflect.Type, seen map[reflect.Type]bool, absent map[string][]string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("wd"), ",")
		if what, _, _ := strings.Cut(field.Tag.Get("absent"), ": "); what != "" {
			absent[what] = append(absent[what], t.Name()+"."+name)
		} else if name != "" {
			collectAbsent(field.Type, seen, absent)
		}
	}
}

// writeFixtures counts the list that `make wd` holds dynos to.
func writeFixtures(t *testing.T, b *bytes.Buffer) {
	text, err := os.ReadFile("../../testdata/wd/expected.jsonc")
	if err != nil {
		t.Fatal(err)
	}
	list, err := loadertest.ParseExpected(text)
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("### The reference runtime's own fixtures\n\nHow its `.wd-test` files do, by what they are about; each is in `testdata/wd/expected.jsonc`, with the reason if it does not pass.\n" +
		"Not run are those that ask for what the tables above do not have. A file passes if all of its tests do.\n\n" +
		"| area | files | pass | fail | not run |\n| --- | --- | --- | --- | --- |\n")
	var all loadertest.Counts
	row := func(name string, c loadertest.Counts) {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", name, c.Pass+c.Fail+c.Skip, c.Pass, c.Fail, c.Skip)
	}
	areas := loadertest.ByArea(list)
	for _, area := range sortedKeys(areas) {
		c := areas[area]
		row(area, c)
		all.Pass, all.Fail, all.Skip = all.Pass+c.Pass, all.Fail+c.Fail, all.Skip+c.Skip
	}
	row("all", all)
	b.WriteString("\n")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

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

// effects says what the compatibility flags change that dynos asks for. A flag that the code asks for and that has no row fails
// the test, and so does a row that no code asks for.
var effects = map[string]string{
	"allow_eval_during_startup":                    "`eval` and `new Function` work while modules are evaluated (in handlers they never do)",
	"bind_asynclocalstorage_snapshot_to_request":   "functions bound to async-local values can be called in the request that has bound them only",
	"crypto_preserve_public_exponent":              "`publicExponent` of an RSA key's algorithm is a Uint8Array; else an ArrayBuffer",
	"disallow_importable_env":                      "`env` and `exports` of `cloudflare:workers` are empty",
	"enable_abortsignal_rpc":                       "an AbortSignal can be sent over RPC",
	"enable_ctx_exports":                           "`ctx.exports`",
	"enable_request_signal":                        "`request.signal` fires when the client, or the worker that has made the request, goes away",
	"enhanced_error_serialization":                 "errors cross RPC with class, properties and cause; else class and message",
	"enable_fast_jsg_struct":                       "members that a JSON Web Key or the details of a key do not have are there as undefined",
	"enable_nodejs_global_timers":                  "`setTimeout` and `setInterval` return objects, as in Node; else numbers",
	"delete_all_deletes_alarm":                     "`storage.deleteAll()` removes the alarm, too",
	"enable_nodejs_process_v2":                     "the whole `process`; else nextTick, env, exit, getBuiltinModule, platform, features",
	"env_module_nullable_support":                  "`withEnv(null)` shows an empty env; else it overrides nothing",
	"experimental":                                 "a worker may pass `allowExperimental` to its loader; KV namespaces have `deleteBulk`",
	"strict_compression_checks":                    "`DecompressionStream` fails on data that ends too early and on bytes after its end",
	"html_rewriter_treats_esi_include_as_void_tag": "`esi:include` and `esi:comment` are elements without content for an HTMLRewriter",
	"js_rpc":                             "Durable Objects have methods whose class does not extend `DurableObject`",
	"new_module_registry":                "modules are named by URLs below `file:///bundle/`: `import.meta`, import attributes, queries; they are compiled when they are imported",
	"nodejs_als":                         "`node:async_hooks`",
	"nodejs_compat":                      "`node:` modules",
	"nodejs_compat_v2":                   "`node:` modules, also without the prefix, and the globals `Buffer`, `global`, `process`, `setImmediate`, `clearImmediate`",
	"nodejs_compat_populate_process_env": "`process.env` begins with the texts and the JSON values of `env`",
	"nodejs_process_version_24":          "`process.version` is v24.22.2; else v22.23.4",
	"enable_streams_nodejs_v24_compat":   "`node:stream` behaves as in Node 24",
	"urlpattern_standard":                "`URLPattern` has `hasRegExpGroups`, and groups that take no part in a match are undefined; else they are empty",
	"expose_global_message_channel":                     "`MessageChannel` and `MessagePort` as globals",
	"nonclass_entrypoint_reuses_ctx_across_invocations": "all calls of an entrypoint that is a plain object share one `ctx`",
	"remove_nodejs_compat_eol_v23":                      "`process.assert` is undefined",
	"rpc":                                               "service stubs have methods of any name",
	"rpc_params_dup_stubs":                              "who sends a stub as an argument keeps it; else the receiver has it alone",
	"set_event_target_this":                             "`this` in an event listener is the target",
	"spec_compliant_dispatch_exceptions":                "an exception in an event listener is reported; else it goes to who dispatched the event",
	"strict_crypto_checks":                              "imported RSA keys and public ECDH keys are checked more strictly, RSA keys are made in steps of 128 bits",
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
	table := compatTable(t)
	asked := askedFlags(t)
	b.WriteString("\n### Compatibility flags that change what dynos does\n\n| flag | switched off by | on from | what it changes |\n| --- | --- | --- | --- |\n")
	for _, name := range sortedKeys(asked) {
		row, known := table[name]
		if !known {
			t.Errorf("the code asks for the flag %s, which compat_table.go does not have", name)
		}
		if effects[name] == "" {
			t.Errorf("the code asks for the flag %s: say in effects what it changes", name)
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
			t.Errorf("effects has the flag %s, which no code asks for", name)
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

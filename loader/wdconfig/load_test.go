package wdconfig

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var errNoFile = errors.New("is not there")

// loadText loads a configuration of one file, c.capnp; files are others.
func loadText(text string, files map[string]string) (*Config, error) {
	config, _, err := Load("c.capnp", Options{ReadFile: func(path string) ([]byte, error) {
		if path == "c.capnp" {
			return []byte(text), nil
		}
		if other, ok := files[path]; ok {
			return []byte(other), nil
		}
		return nil, errNoFile
	}})
	return config, err
}

const head = "using Workerd = import \"/workerd/workerd.capnp\";\n"

// Texts as the language has them; what they stand for was asked of the reference runtime.
func TestTexts(t *testing.T) {
	for source, want := range map[string]string{
		`"a" "b"`:                         "ab",
		`"\x41\101\n\t\\\"\'\?"`:          "AA\n\t\\\"'?",
		`"\0"`:                            "\x00",
		`"é ☃"`:                           "é ☃",
		"`a\\n\r\n  `b\n":                 "a\\n\nb\n",
		"\"x\" `a\n # between\n`b\n\"d\"": "xa\nb\nd",
		"`\n":                             "\n",
		`embed "e.txt"`:                   "embedded",
		`embed "./x/../e.txt"`:            "embedded",
		` .t`:                             "const",
		` .other`:                         "there",
		`Sibling.other`:                   "there",
		`import "s.capnp".other`:          "there",
		`(import "s.capnp").other`:        "there",
		`("in brackets")`:                 "in brackets",
		`(("twice"),)`:                    "twice",
	} {
		config, err := loadText(head+`using Sibling = import "s.capnp"; using import "s.capnp".other; const t :Text = "const";`+
			"\nconst config :Workerd.Config = (services = [(name = "+source+")]);",
			map[string]string{"e.txt": "embedded", "s.capnp": `const other :Text = "there";`})
		require.NoError(t, err, source)
		require.Equal(t, want, config.Services[0].Name, source)
	}
}

func TestBytes(t *testing.T) {
	for source, want := range map[string]string{`0x""`: "", `0x"00fF 1 2"`: "", `0x"00fF 12"`: "\x00\xff\x12", `"text"`: "text", `"\xff"`: "\xff", `embed "b"`: "\xfe"} {
		config, err := loadText(head+"const config :Workerd.Config = (services = [(worker = (bindings = [(data = "+source+")]))]);", map[string]string{"b": "\xfe"})
		if want == "" && source != `0x""` {
			require.ErrorContains(t, err, "c.capnp:2:84: bytes are pairs of hexadecimal digits", source)
			continue
		}
		require.NoError(t, err, source)
		b := config.Services[0].Worker.Bindings[0]
		require.Equal(t, want, string(b.Data), source)
		require.True(t, b.Has("data"))
	}
}

func TestNumbers(t *testing.T) {
	for source, want := range map[string]uint64{"0": 0, "10": 10, "010": 8, "0x1F": 31, "18446744073709551615": 1<<64 - 1, " .n": 7} {
		config, err := loadText(head+"const n :UInt8 = 7; const config :Workerd.Config = (services = [(worker = (bindings = [(memoryCache = (limits = (maxTotalValueSize = "+source+")))]))]);", nil)
		require.NoError(t, err, source)
		require.Equal(t, want, config.Services[0].Worker.Bindings[0].MemoryCache.Limits.MaxTotalValueSize, source)
	}
}

// A member of a union replaces the one before.
func TestUnions(t *testing.T) {
	config, err := loadText(head+`const config :Workerd.Config = (services = [(worker = (modules = []), network = ()), (worker = .w, name = "x")]); const w :Workerd.Worker = ();`, nil)
	require.NoError(t, err)
	first, second := config.Services[0], config.Services[1]
	require.Nil(t, first.Worker)
	require.NotNil(t, first.Network)
	require.False(t, first.Has("worker"))
	require.True(t, first.Has("network"))
	require.NotNil(t, second.Worker)
}

// A bare value is the first field's.
func TestBareValues(t *testing.T) {
	config, err := loadText(head+`const config :Workerd.Config = (
  services = ["a", .t, (name = "w", worker = (globalOutbound = "net", durableObjectStorage = void, bindings = [(name = "L", workerLoader = .t)]))],
); const t :Text = "t";`, nil)
	require.NoError(t, err)
	require.Equal(t, "a", config.Services[0].Name)
	require.Equal(t, "t", config.Services[1].Name)
	require.Equal(t, Place{"c.capnp", Position{Line: 3, Column: 20}}, config.Services[1].At("name"))
	w := config.Services[2].Worker
	require.Equal(t, "net", w.GlobalOutbound.Name)
	require.True(t, w.DurableObjectStorage.Has("none"))
	require.Equal(t, "t", w.Bindings[0].WorkerLoader.ID)
}

func TestPlaces(t *testing.T) {
	config, err := loadText(head+"const config :Workerd.Config = (services = [(name = \"n\", network = (\n  allow = [\"a\",\n    \"b\"]))]);", nil)
	require.NoError(t, err)
	n := config.Services[0].Network
	at := func(line, column int) Place { return Place{"c.capnp", Position{Line: line, Column: column}} }
	require.Equal(t, at(2, 68), n.Place)
	require.Equal(t, at(3, 11), n.At("allow"))
	require.Equal(t, at(3, 3), n.AtName("allow"))
	require.Equal(t, at(4, 5), n.AtElement("allow", 1))
	require.Equal(t, at(3, 11), n.AtElement("allow", 2))
	require.Equal(t, n.Place, n.At("deny"))
	require.Equal(t, n.Place, n.AtName("deny"))
}

func TestSyntaxErrors(t *testing.T) {
	for source, want := range map[string]string{
		"const c :Workerd.Config = ()":                      `2:29: expected ";", not the end of the file; a statement ends with a semicolon`,
		"const c Workerd.Config = ();":                      `2:9: expected ":", not "Workerd"; const NAME :TYPE = VALUE;`,
		"const c :Workerd.Config ();":                       `2:27: expected "=", not ";"; const NAME :TYPE = VALUE;`,
		"const c :Workerd.Config = (]);":                    `2:28: expected a value, not "]"`,
		"const c :Workerd.Config = (;":                      `2:28: expected a value, not ";"`,
		"const c :Workerd.Config = (a = 1;":                 `2:33: expected ",", not ";"; a bracket is not closed: ")" is missing`,
		"const c :Workerd.Config = (a = 1 b = 2);":          `2:34: expected ",", not "b"; is a comma missing?`,
		"const c :Workerd.Config = [a = 1];":                `2:30: expected ",", not "="; fields stand in ( )`,
		"const c :Workerd.Config = (a =.b);":                `2:30: expected ",", not "=."; put a space after the "="`,
		"const c :Workerd.Config = (a,,);":                  `2:30: expected a value, not ","`,
		"const c :Workerd.Config = (\"a\n\");":              `2:28: the text is not closed on its line; end it with ", or write a block: lines that begin with a backtick`,
		`const c :Workerd.Config = ("\q");`:                 `2:29: unknown escape in a text; write \\ for a backslash; characters beyond ASCII stand as they are`,
		`const c :Workerd.Config = ("\u0041");`:             `2:29: unknown escape in a text; write \\ for a backslash; characters beyond ASCII stand as they are`,
		`const c :Workerd.Config = ("\x4");`:                `2:29: unknown escape in a text; write \\ for a backslash; characters beyond ASCII stand as they are`,
		`const c :Workerd.Config = ("\`:                     `2:29: unknown escape in a text; write \\ for a backslash; characters beyond ASCII stand as they are`,
		`const c :Workerd.Config = (0x"0");`:                `2:31: bytes are pairs of hexadecimal digits`,
		`const c :Workerd.Config = (0x"00`:                  `2:28: the bytes are not closed on their line; end it with "`,
		"const c :Workerd.Config = ('a');":                  `2:28: unexpected character '\''; write texts in double quotes`,
		"const c :Workerd.Config = (é);":                    `2:28: unexpected character 'é'`,
		"const c :Workerd.Config = (0b1);":                  `2:28: "0b1" is not a number`,
		"const c :Workerd.Config = (1_0);":                  `2:28: "1_0" is not a number`,
		"const c :Workerd.Config = (08);":                   `2:28: "08" is not a number`,
		"const c :Workerd.Config = (1e);":                   `2:28: "1e" is not a number`,
		"const c :Workerd.Config = (- x);":                  `2:30: expected a number, not "x"`,
		"const c :Workerd.Config = (embed e);":              `2:34: expected a path, not "e"; write embed "path"`,
		"const c :Workerd.Config = (import);":               `2:34: expected a path, not ")"; write import "path"`,
		"struct A {}":                                       `2:1: expected "const" or "using", not "struct"; a configuration declares no types of its own`,
		"cosnt c :Workerd.Config = ();":                     `2:1: expected "const" or "using", not "cosnt"`,
		"using Workerd;":                                    `2:7: this using has no name; write using Name = …`,
		"using A.b = Workerd;":                              `2:11: expected ";", not "="`,
		"const c :Workerd.Config = " + nested(65) + ";":     `2:91: more than 64 levels of brackets`,
		"const c :Workerd" + strings.Repeat(".x", 65) + ";": `2:146: more than 64 members of members`,
	} {
		_, err := loadText(head+source, nil)
		require.EqualError(t, err, "c.capnp:"+want, source)
	}
}

func nested(n int) string { return strings.Repeat("(", n) + strings.Repeat(")", n) }

// Consts that use each other twice would be 2^40 values.
func TestValuesDoNotMultiply(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + "const config :Workerd.Config = (services = [(worker = (bindings = .b0))]);\n")
	for i := range 40 {
		fmt.Fprintf(&b, "const b%d :List(Workerd.Worker.Binding) = [(wrapped = (innerBindings = .b%d)), (wrapped = (innerBindings = .b%d))];\n", i, i+1, i+1)
	}
	b.WriteString("const b40 :List(Workerd.Worker.Binding) = [(text = \"x\")];\n")
	_, err := loadText(b.String(), nil)
	require.ErrorContains(t, err, "with all consts in place the configuration has more than 1048576 values")
}

func TestChainsEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + "const config :Workerd.Config = (v8Flags = .c0);\n")
	for i := range 300 {
		fmt.Fprintf(&b, "const c%d :List(Text) = .c%d;\n", i, i+1)
	}
	b.WriteString("const c300 :List(Text) = [];\n")
	_, err := loadText(b.String(), nil)
	require.ErrorContains(t, err, "more than 200 names lead from one to the next")
}

func TestFilesOfTheSystem(t *testing.T) {
	dir := t.TempDir()
	main := filepath.Join(dir, "c.capnp")
	write := func(text string) {
		require.NoError(t, os.WriteFile(main, []byte(head+text), 0o644))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.txt"), []byte("\xff"), 0o644))
	write(`const c :Workerd.Config = (v8Flags = [embed "bad.txt", embed ".", embed "bed.txt"]);`)
	_, _, err := Load(main, Options{})
	require.EqualError(t, err, main+`:2:45: "v8Flags[0]" must be text, and the file "bad.txt" is not UTF-8`+"\n"+
		main+`:2:62: the file "." is not a regular file`+"\n"+
		main+`:2:73: there is no file "bed.txt"; did you mean "bad.txt"?`)
	_, _, err = Load(filepath.Join(dir, "gone.capnp"), Options{})
	require.EqualError(t, err, filepath.Join(dir, "gone.capnp")+": no such file or directory")
	_, _, err = Load(dir, Options{})
	require.EqualError(t, err, dir+": is not a regular file")
}

// Every type of the schema can be written: its fields are of kinds that the reader knows, its tags make sense.
func TestSchemaIsSound(t *testing.T) {
	for _, s := range schemaTypes {
		require.Equal(t, reflect.TypeFor[Node](), s.typ.Field(0).Type, s.path)
		seen := map[string]bool{}
		for _, f := range schemaFields(s.typ) {
			require.False(t, seen[f.name], "%s.%s", s.path, f.name)
			seen[f.name] = true
			typ := s.typ.Field(f.index).Type
			require.NotEmpty(t, describeType(typ, f.enum), "%s.%s", s.path, f.name)
			require.NotRegexp(t, "^dynos|yet", f.absent)
		}
		require.Equal(t, s.typ.NumField()-1, len(seen), s.path)
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("../../testdata/wdconfig/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		_, source, _ := strings.Cut(string(text), "-- config.capnp --\n")
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		config, err := loadText(source, map[string]string{"other": source, "s.capnp": source})
		if err != nil {
			var failed *Error
			require.ErrorAs(t, err, &failed)
			require.NotEmpty(t, failed.Diagnostics)
			return
		}
		require.NotNil(t, config)
		for i := range config.Services { // a folder would be opened
			config.Services[i].Disk = nil
		}
		if plan, err := config.Plan(PlanOptions{CompatibilityDate: "2026-01-01"}); err == nil {
			require.NoError(t, plan.Close())
		}
	})
}

package wrangler

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bundleOf bundles files, "index.ts" the main one.
func bundleOf(t testing.TB, files map[string]string) *Bundle {
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	p, err := Load(filepath.Join(dir, "index.ts"), Options{})
	require.NoError(t, err)
	b, err := p.Bundle()
	require.NoError(t, err)
	return b
}

// place gives line and column of a text's first occurrence.
func place(t testing.TB, source, text string) (line, column int) {
	at := strings.Index(source, text)
	require.NotEqual(t, -1, at, text)
	return strings.Count(source[:at], "\n") + 1, at - strings.LastIndex(source[:at], "\n")
}

func TestStackMapperMapsToSource(t *testing.T) {
	const index = "import { fail } from './lib/fail';\ninterface Unused { a: string }\nexport default {\n  fetch(): string {\n    return fail('x');\n  },\n};\n"
	const lib = "type T = string;\n\n\nexport function fail(why: T): string {\n  throw new Error(why);\n}\n"
	b := bundleOf(t, map[string]string{"index.ts": index, "lib/fail.ts": lib})
	source := string(b.Modules[0].Source)
	m := b.StackMapper()

	line, column := place(t, source, "new Error")
	at, ok := m.Lookup("index.js", line, column)
	require.True(t, ok)
	wantLine, wantColumn := place(t, lib, "new Error")
	require.Equal(t, Location{"lib/fail.ts", wantLine, wantColumn}, at)

	callLine, callColumn := place(t, source, `fail("x")`)
	stack := strings.NewReplacer("L1", strconv.Itoa(line), "C1", strconv.Itoa(column), "L2", strconv.Itoa(callLine), "C2", strconv.Itoa(callColumn)).Replace(
		"Error: x\n    at fail (index.js:L1:C1)\n    at Object.fetch (index.js:L2:C2)\n    at index.js:L2:C2\n    at other (other/index.js:1:1)\n    at node:internal:1:2")
	wantLine2, wantColumn2 := place(t, index, "fail('x')")
	want := strings.NewReplacer("L1", strconv.Itoa(wantLine), "C1", strconv.Itoa(wantColumn), "L2", strconv.Itoa(wantLine2), "C2", strconv.Itoa(wantColumn2)).Replace(
		"Error: x\n    at fail (lib/fail.ts:L1:C1)\n    at Object.fetch (index.ts:L2:C2)\n    at index.ts:L2:C2\n    at other (other/index.js:1:1)\n    at node:internal:1:2")
	require.Equal(t, want, m.Map(stack))
	bundled := fmt.Sprintf("at index.js:%d:%d", line, column)
	require.Equal(t, m.Map(bundled), m.Map(strings.Replace(bundled, "index.js", "file:///bundle/index.js", 1)))
}

func TestStackMapperLeavesTheUnknown(t *testing.T) {
	require.Equal(t, "at index.js:1:1", (*StackMapper)(nil).Map("at index.js:1:1"))
	require.Equal(t, "at index.js:1:1", NewStackMapper(nil).Map("at index.js:1:1"))
	m := NewStackMapper(map[string][]byte{
		"index.js":   []byte(`{"version":3,"sources":["a.ts",null],"mappings":"AAAA,E;;AACA,CCAA"}`),
		"broken.js":  []byte(`{`),
		"garbage.js": []byte(`{"version":3,"sources":["a"],"mappings":"!!;AAAA,AAgggggggggggggA;AA"}`),
	})
	for text, want := range map[string]string{
		"at index.js:1:1":                 "at a.ts:1:1",
		"at index.js:1:3":                 "at index.js:1:3",
		"at index.js:2:1":                 "at index.js:2:1",
		"at index.js:3:1":                 "at a.ts:2:1",
		"at index.js:3:2":                 "at index.js:3:2",
		"at index.js:9:9":                 "at index.js:9:9",
		"at index.js:0:0":                 "at index.js:0:0",
		"at index.js:999999999:999999999": "at index.js:999999999:999999999",
		"at index.js:9999999999:1":        "at index.js:9999999999:1",
		"xindex.js:1:1":                   "xindex.js:1:1",
		"at broken.js:1:1":                "at broken.js:1:1",
		"at garbage.js:2:1":               "at a:1:1",
		"at garbage.js:3:1":               "at garbage.js:3:1",
	} {
		require.Equal(t, want, m.Map(text))
	}
}

func TestVLQ(t *testing.T) {
	for text, want := range map[string]int32{"A": 0, "C": 1, "D": -1, "gB": 16, "hB": -16, "2HwcqxB": 123} {
		value, size := vlq(text)
		require.Equal(t, want, value, text)
		require.Positive(t, size)
	}
	for _, text := range []string{"", "!", "g", "gggggggggg"} {
		_, size := vlq(text)
		require.Zero(t, size, text)
	}
}

// FuzzSourceMap checks that no map and no stack makes the mapper panic.
func FuzzSourceMap(f *testing.F) {
	f.Add(`{"version":3,"sources":["a.ts"],"mappings":"AAAA,CAAC;AACA"}`, "at f (index.js:1:2)")
	f.Add(`{"version":3,"sourceRoot":"r","sources":[null],"mappings":";;A,,g"}`, "index.js:3:1")
	f.Fuzz(func(t *testing.T, text, stack string) {
		m := NewStackMapper(map[string][]byte{"index.js": []byte(text)})
		m.Map(stack)
		for line := range 4 {
			m.Lookup("index.js", line, 1)
			m.Lookup("index.js", line, 1<<30)
		}
	})
}

func BenchmarkStackMapper(b *testing.B) {
	var source strings.Builder
	for i := range 20000 {
		source.WriteString("export const value" + strconv.Itoa(i+1) + " = (a: number) => a + " + strconv.Itoa(i+1) + ";\n")
	}
	source.WriteString("export default {};\n")
	m := bundleOf(b, map[string]string{"index.ts": source.String()}).StackMapper()
	m.Lookup("index.js", 1, 1)
	b.ReportAllocs()
	for b.Loop() {
		m.Map("    at fetch (index.js:15000:7)")
	}
}

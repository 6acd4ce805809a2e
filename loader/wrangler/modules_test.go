package wrangler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		pattern, path  string
		files, imports bool
	}{
		{"**/*.txt", "a.txt", true, false},
		{"**/*.txt", "./a.txt", true, true},
		{"**/*.txt", "a/b/c.txt", true, true},
		{"**/*.txt", "a.txt.js", false, false},
		{"*.txt", "a.txt", true, true},
		{"*.txt", "a/b.txt", false, true},
		{"lib/**", "lib/a/b", true, true},
		{"lib/**/x.js", "lib/x.js", true, false},
		{"a**b", "a/b", false, true},
		{"**/*.wasm?module", "./a.wasm?module", true, true},
		{"**/*.wasm?module", "./a.wasmXmodule", false, false},
		{"a.b+(c)", "a.b+(c)", true, true},
		{"{a,b}.js", "a.js", false, false},
	} {
		require.Equal(t, c.files, compileGlob(c.pattern, true).MatchString(c.path), "%s as a file: %s", c.pattern, c.path)
		require.Equal(t, c.imports, compileGlob(c.pattern, false).MatchString(c.path), "%s as an import: %s", c.pattern, c.path)
	}
}

func TestNodeBuiltins(t *testing.T) {
	for name, want := range map[string]bool{
		"fs": true, "fs/promises": true, "zlib": true, "assert": true, "constants": true, "dns": true, "http": true,
		"": false, "f": false, "prom": false, "test": false, "node:fs": false, "fs/": false, "lodash": false, "crypto dgram": false,
	} {
		require.Equal(t, want, isNodeBuiltin(name), name)
	}
}

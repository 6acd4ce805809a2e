package wrangler

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A development server watches the files of a bundle that failed, to try again when one is mended.
func TestFailedBundleHasInputs(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.ts"), []byte("import './broken';\nexport default {}"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken.ts"), []byte("let = ;"), 0o644))
	p, err := Load(filepath.Join(dir, "index.ts"), Options{})
	require.NoError(t, err)
	b, err := p.Bundle()
	var failed *Error
	require.True(t, errors.As(err, &failed))
	require.Equal(t, filepath.Join(dir, "broken.ts"), failed.Diagnostics[0].File)
	require.Equal(t, []string{filepath.Join(dir, "broken.ts"), filepath.Join(dir, "index.ts")}, b.Inputs)
	require.Empty(t, b.Modules)
}

func TestBundleIsConcurrentAndStable(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.ts"), []byte("import a from './a.txt';\nexport default { a }"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("text"), 0o644))
	p, err := Load(filepath.Join(dir, "index.ts"), Options{})
	require.NoError(t, err)
	bundles := make([]*Bundle, 8)
	var group sync.WaitGroup
	for i := range bundles {
		group.Go(func() { bundles[i], _ = p.Bundle() })
	}
	group.Wait()
	for _, b := range bundles {
		require.Equal(t, bundles[0], b)
	}
}

// A path as the user gave it stays relative in diagnostics.
func TestDiagnosticsKeepThePathGiven(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("app/src", 0o755))
	require.NoError(t, os.WriteFile("app/wrangler.toml", []byte("main = \"src/index.ts\"\nx = 1\ncompatibility_date = \"2025-01-01\"\n"), 0o644))
	require.NoError(t, os.WriteFile("app/src/index.ts", []byte("export default { a: [1 }"), 0o644))
	p, err := Load("app", Options{})
	require.NoError(t, err)
	require.Equal(t, `app/wrangler.toml:2:1: warning: unknown key "x"`, p.Warnings[0].String())
	_, err = p.Bundle()
	require.EqualError(t, err, `app/src/index.ts:1:24: expected "]" but found "}"; did you mean "]"?`)
	require.Equal(t, "app", p.Name)
	require.Equal(t, Position{Line: 1, Column: 8}, p.At("main", SeverityError, "", "x").Position)
}

func TestLoadMissingPath(t *testing.T) {
	_, err := Load("no/such/place", Options{})
	require.EqualError(t, err, "no/such/place: no such file or directory")
}

func BenchmarkBundleHello(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, os.WriteFile(filepath.Join(dir, "index.ts"), []byte("export default { fetch: () => new Response('Hello World') }"), 0o644))
	for b.Loop() {
		p, err := Load(filepath.Join(dir, "index.ts"), Options{})
		require.NoError(b, err)
		_, err = p.Bundle()
		require.NoError(b, err)
	}
}

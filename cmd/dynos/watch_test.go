package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A file that is written, added or removed is a change; one of a package or of a tool is none.
func TestSnapshotsSeeChanges(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	write("wrangler.jsonc", "{}")
	write("src/index.ts", "1")
	before := snapshot([]string{filepath.Join(dir, "wrangler.jsonc")})
	require.Len(t, before, 2)
	write("node_modules/x/index.js", "1")
	write(".wrangler/state", "1")
	require.True(t, sameFiles(before, snapshot([]string{dir})))
	write("src/index.ts", "12")
	require.False(t, sameFiles(before, snapshot([]string{dir})))
	before = snapshot([]string{dir})
	write("src/new.ts", "")
	require.False(t, sameFiles(before, snapshot([]string{dir})))
	require.NoError(t, os.Remove(filepath.Join(dir, "src/index.ts")))
	require.False(t, sameFiles(before, snapshot([]string{dir})))
}

// Waiting ends with a change, or with its context.
func TestWaitForChange(t *testing.T) {
	dir := t.TempDir()
	before := snapshot([]string{dir})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.ts"), nil, 0o644))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	require.True(t, waitForChange(ctx, []string{dir}, before))
	cancel()
	require.False(t, waitForChange(ctx, []string{dir}, snapshot([]string{dir})))
}

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A disk that is full is an error to who writes. Whoever reads is served, what was acknowledged is there, and
// once there is room again, all goes on.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a disk of its own cannot be mounted here: %s", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	start := keeping(t)
	state := []string{"--state", filepath.Join(disk, "state")}
	s := start(state...)
	for _, path := range []string{"/put/o0/1", "/facet/o0/1", "/kv/o0/1"} {
		_, err := s.ask(path)
		require.NoError(t, err)
	}
	written, facets, pairs := 1, 1, 1

	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	for written < 5000 {
		if err := s.write(0, &written, &facets, &pairs); err != nil {
			require.ErrorContains(t, err, "500 ", "the service answers")
			break
		}
	}
	require.Less(t, written, 5000, "the disk is full")
	require.Equal(t, written, s.kept(t, "o0").N, "reading goes on")
	require.NoError(t, os.Remove(ballast))
	checkGoesOn(t, s, &written, &facets, &pairs)

	s.kill()
	checkKept(t, start(state...), []int{written}, []int{facets}, []int{pairs})
}

// checkGoesOn writes once more, and looks at what is stored.
func checkGoesOn(t *testing.T, s *server, written, facets, pairs *int) {
	t.Helper()
	require.Eventually(t, func() bool { return s.write(0, written, facets, pairs) == nil }, patience, 1)
	require.Equal(t, *written, s.kept(t, "o0").N)
}

// fill makes a file that leaves no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			return
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// An engine that may not read the resolver's configuration any more asks for a successor; a file that is missing is no reason.
func TestEngineGoesWithTheResolver(t *testing.T) {
	supervisor, file, err := control.Pair()
	require.NoError(t, err)
	defer func() { _ = supervisor.Close() }()
	conn, err := control.Open(file)
	require.NoError(t, err)
	e := &engine{conn: conn}
	loop := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(loop, nil, 0o600))
	e.watchResolver(time.Millisecond, loop)
	require.NoError(t, os.Remove(loop))
	require.True(t, readable(loop))
	require.NoError(t, os.Symlink(forbidden(t), loop))
	m, err := supervisor.Receive()
	require.NoError(t, err)
	require.Equal(t, control.Retire, m.Kind)
	require.Contains(t, m.Text, loop)
}

// forbidden is a path whose opening is refused, to root as well.
func forbidden(t *testing.T) string {
	for _, path := range []string{"/proc/sys/net/ipv4/route/flush", "/proc/sys/vm/compact_memory"} { // only to be written
		if !readable(path) {
			return path
		}
	}
	t.Skip("this system lets everything be read")
	return ""
}

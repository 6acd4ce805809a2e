package isolate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/polyfills"
)

// startEngine brings V8 up with the shipped polyfills.
func startEngine(t testing.TB) {
	t.Helper()
	sources, err := polyfills.Sources()
	require.NoError(t, err)
	list := make([]isolate.Source, len(sources))
	for i, s := range sources {
		list[i] = isolate.Source{ID: s.ID, Text: s.Text}
	}
	require.NoError(t, isolate.Start(list))
}

func TestStartMakesSnapshot(t *testing.T) {
	startEngine(t)
	require.Greater(t, isolate.SnapshotSize(), 0)
}

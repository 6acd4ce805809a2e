package loader_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dynos-run/dynos/loader"
)

// Closing a runtime frees its goroutines and every isolate, those of dynamic workers and spares included.
func TestCloseFreesEverything(t *testing.T) {
	cycle := func() {
		rt, err := loader.New(loader.Config{Workers: []loader.Worker{{
			Name: "hello", CompatibilityDate: "2026-01-01",
			Modules: []loader.Module{{Name: "index.js", Source: []byte(`export default { fetch: () => new Response("x".repeat(1000)) }`)}},
		}}})
		require.NoError(t, err)
		require.NoError(t, rt.Close())
		require.NoError(t, rt.Close(), "closing twice is allowed")
	}
	cycle()
	before := goleak.IgnoreCurrent()
	base := residentBytes(t)
	for range 20 {
		cycle()
	}
	goleak.VerifyNone(t, before)
	// Twenty cycles make about 180 isolates of a megabyte each.
	require.Less(t, residentBytes(t)-base, int64(40<<20))
}

package loader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

// BenchmarkCall is calls between a Go program and a worker, in process. side=go is a method of a worker called from Go, side=js a Go function
// that a worker calls, one after the other.
func BenchmarkCall(b *testing.B) {
	rt := embedded(b)
	s := rt.Load(&loader.WorkerCode{
		Modules: module(`
			import { WorkerEntrypoint } from "cloudflare:workers";
			export default class extends WorkerEntrypoint {
				add(a, b) { return a + b; }
				async many(n) { let sum = 0; for (let i = 0; i < n; i++) sum = await this.env.add(sum, 1); return sum; }
			}`),
		Env: map[string]any{"add": func(a, b int) int { return a + b }},
	}).Entrypoint("")
	b.Run("side=go", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if n, err := loader.Call[int](b.Context(), s, "add", 1, 2); err != nil || n != 3 {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("side=js", func(b *testing.B) {
		b.ReportAllocs()
		n, err := loader.Call[int](b.Context(), s, "many", b.N)
		require.NoError(b, err)
		require.Equal(b, b.N, n)
	})
}

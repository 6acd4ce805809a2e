package loader

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMetricsCountLimits(t *testing.T) {
	rt, err := New(Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rt.Close()) })
	stub := rt.Load(&WorkerCode{
		Modules: []Module{ESModule("main.js", `import { WorkerEntrypoint } from "cloudflare:workers";
			export default class extends WorkerEntrypoint { spin() { while (true); } }`)},
		Limits: Limits{CPUMillis: 10},
	})
	_, err = stub.Entrypoint("").Call(t.Context(), "spin")
	var limit *LimitError
	require.ErrorAs(t, err, &limit)
	require.NoError(t, stub.Close())
	m := rt.Metrics()
	assert.EqualValues(t, 1, m.Limits[LimitCPU])
	assert.Zero(t, m.Limits[LimitHeap])
	assert.EqualValues(t, 1, m.Starts)
	assert.GreaterOrEqual(t, m.CPU.Milliseconds(), int64(10))

	sum := rt.Metrics()
	sum.Add(&m)
	assert.EqualValues(t, 2, sum.Limits[LimitCPU])
	assert.Equal(t, 2*m.MaxMemoryBytes, sum.MaxMemoryBytes)
}

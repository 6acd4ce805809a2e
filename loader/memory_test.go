package loader

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newIdle starts a runtime with n idle dynamic workers. Their method make produces megabytes of garbage.
func newIdle(t *testing.T, n int) *Runtime {
	t.Helper()
	rt, err := New(Config{SpareIsolates: 2, MaxDynamicWorkers: n})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rt.Close()) })
	for k := range n {
		stub := rt.Get(fmt.Sprint(k), func(context.Context) (*WorkerCode, error) {
			return &WorkerCode{Modules: []Module{ESModule("main.js", `import { WorkerEntrypoint } from "cloudflare:workers";
				let kept;
				export default class extends WorkerEntrypoint {
					make(megabytes) { kept = Array.from({ length: megabytes * 128 }, () => new Array(1024).fill(0.5)); kept = undefined; }
				}`)}}, nil
		})
		require.NoError(t, stub.Ready(t.Context()))
	}
	return rt
}

func TestFitsTheBudget(t *testing.T) {
	rt := newIdle(t, 8)
	resident := int64(1000 << 20)
	k := &memoryKeeper{rt: rt, budget: resident, resident: func() int64 { return resident }}
	now := time.Now()

	k.fit(now)
	assert.Equal(t, 8, rt.DynamicWorkers(), "within the budget everything stays")

	resident += 5 << 19
	k.fit(now)
	assert.Equal(t, 5, rt.DynamicWorkers(), "a worker goes for each megabyte begun")
	assert.Zero(t, rt.pool.Spares())

	resident = 999 << 20
	k.fit(now)
	assert.Zero(t, rt.pool.Spares(), "close to the budget there are no spares")
	resident = 600 << 20
	k.fit(now)
	require.Eventually(t, func() bool { return rt.pool.Spares() == 2 }, time.Minute, time.Millisecond)

	resident = 2000 << 20
	k.fit(now)
	assert.Zero(t, rt.DynamicWorkers())
	m := rt.Metrics()
	assert.EqualValues(t, 8, m.EvictedMemory)
	assert.EqualValues(t, 8, m.Starts)
}

func TestCollectsTheGarbageOfTheIdle(t *testing.T) {
	rt := newIdle(t, 1)
	stub := rt.Get("0", nil)
	_, err := stub.Entrypoint("").Call(t.Context(), "make", 40)
	require.NoError(t, err)
	inst := rt.instances()[0]
	heap := func() int {
		var n int
		require.Eventually(t, func() bool {
			h, ok := inst.iso.Heap()
			n = int(h.Total) // what is not given back is resident
			return ok
		}, time.Minute, time.Millisecond)
		return n
	}
	before := heap()
	require.Greater(t, before, 16<<20)

	inst.mu.Lock()
	c := inst.open() // open work, so that the worker stays
	inst.mu.Unlock()
	k := &memoryKeeper{rt: rt, budget: 1 << 20, resident: func() int64 { return 100 << 20 }}
	k.fit(time.Now())
	assert.Equal(t, 1, rt.DynamicWorkers())
	assert.Less(t, heap(), before/2)
	inst.mu.Lock()
	c.end()
	inst.mu.Unlock()
}

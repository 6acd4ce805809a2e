package loader

import (
	"bytes"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/dynos-run/dynos/isolate"
)

const (
	// memoryInterval is how often the memory of the process is compared with its budget.
	memoryInterval = 100 * time.Millisecond
	// collectInterval is how often, at most, all idle isolates collect their garbage, trimInterval how often free memory goes back.
	collectInterval, trimInterval = 5 * time.Second, time.Second
	// idleWorkerBytes is what an idle worker takes at least: so many have to go for what is missing.
	idleWorkerBytes = 1 << 20
)

// A memoryKeeper keeps the process within its budget, as far as what is idle can go. It belongs to one goroutine.
type memoryKeeper struct {
	rt       *Runtime
	budget   int64
	resident func() int64 // bytes of the process
	shrunk   bool         // there are no spares

	collected, trimmed time.Time
}

func (rt *Runtime) memoryLoop() {
	defer rt.background.Done()
	k := &memoryKeeper{rt: rt, budget: rt.config.MaxMemoryBytes, resident: residentBytes}
	tick := time.NewTicker(memoryInterval)
	defer tick.Stop()
	for {
		select {
		case <-rt.quit:
			return
		case now := <-tick.C:
			k.fit(now)
		}
	}
}

// fit frees what is missing: spares first, then idle workers, then garbage.
func (k *memoryKeeper) fit(now time.Time) {
	rt := k.rt
	resident := k.resident()
	over := resident - k.budget
	if over <= 0 {
		if k.shrunk && resident < k.budget/4*3 {
			k.shrunk = false
			rt.pool.Resize(rt.config.SpareIsolates)
		}
		return
	}
	k.shrunk = true
	rt.pool.Resize(0)
	var r isolate.Runner
	want := int(over/idleWorkerBytes) + 1
	evicted := rt.evictIdle(&r, want)
	rt.counts.evictedMemory.Add(int64(evicted))
	if evicted < want && now.Sub(k.collected) >= collectInterval {
		k.collected = now
		rt.collectIdle(&r)
	}
	r.Hand()
	if now.Sub(k.trimmed) >= trimInterval {
		k.trimmed = now
		isolate.Trim()
		debug.FreeOSMemory()
	}
}

// collectIdle collects the garbage of the isolates that do nothing: V8 does so by itself only where JavaScript runs.
func (rt *Runtime) collectIdle(r *isolate.Runner) {
	for _, i := range rt.instances() {
		i.mu.Lock()
		iso := i.iso
		if i.state != running || !i.loaded {
			iso = nil
		}
		i.mu.Unlock()
		if iso != nil {
			iso.Collect(r)
		}
	}
}

// residentBytes is the resident memory of the process, 0 where the system does not say.
func residentBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

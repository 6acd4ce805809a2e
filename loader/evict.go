package loader

import (
	"cmp"
	"slices"
	"time"

	"github.com/dynos-run/dynos/isolate"
)

// evict closes idle dynamic workers, the least recently used first, until there are no more than the configuration allows.
func (rt *Runtime) evict(r *isolate.Runner) {
	for {
		excess := rt.DynamicWorkers() - rt.config.MaxDynamicWorkers
		if excess <= 0 {
			return
		}
		// A few more than needed, so that not every new worker has to look for one.
		evicted := rt.evictIdle(r, excess+rt.config.MaxDynamicWorkers/16)
		rt.counts.evictedCount.Add(int64(evicted))
		if evicted < excess {
			return // the others are busy
		}
	}
}

// evictIdle closes up to n idle dynamic workers, the least recently used first, and returns how many.
func (rt *Runtime) evictIdle(r *isolate.Runner, n int) (evicted int) {
	type use struct {
		w    *worker
		used uint64
	}
	rt.mu.Lock()
	candidates := make([]use, 0, len(rt.live))
	for w := range rt.live {
		candidates = append(candidates, use{w, w.used.Load()})
	}
	rt.mu.Unlock()
	slices.SortFunc(candidates, func(a, b use) int { return cmp.Compare(a.used, b.used) })
	for _, c := range candidates {
		if evicted == n {
			break
		}
		if c.w.evict(r) {
			evicted++
		}
	}
	return evicted
}

// evict closes the worker's instance if it is idle. It starts again with its next call.
func (w *worker) evict(r *isolate.Runner) bool {
	w.mu.Lock()
	i := w.inst
	w.mu.Unlock()
	if i == nil || !i.shutIfIdle(r) {
		return false
	}
	if w.namespace != nil {
		w.namespace.remove(w) // the next get asks for the code again; stubs that live keep theirs
	}
	return true
}

// sweepLoop evicts dynamic workers that nobody has used for the idle timeout, and frees memory when no worker comes.
func (rt *Runtime) sweepLoop() {
	defer rt.background.Done()
	tick := time.NewTicker(rt.config.IdleTimeout / 2)
	defer tick.Stop()
	seen := map[*worker]uint64{}
	made := uint64(0)
	for {
		select {
		case <-rt.quit:
			return
		case <-tick.C:
			seen = rt.sweep(seen)
			if last := rt.lastInstance.Load(); last == made {
				isolate.Trim()
			} else {
				made = last
			}
		}
	}
}

// sweep evicts the workers whose last use is the one that the sweep before saw, and returns what it saw.
func (rt *Runtime) sweep(before map[*worker]uint64) map[*worker]uint64 {
	now := map[*worker]uint64{}
	rt.mu.Lock()
	for w := range rt.live {
		now[w] = w.used.Load()
	}
	rt.mu.Unlock()
	var r isolate.Runner
	for w, used := range now {
		if last, ok := before[w]; ok && last == used {
			if w.evict(&r) {
				rt.counts.evictedIdle.Add(1)
			}
		}
	}
	r.Hand()
	return now
}

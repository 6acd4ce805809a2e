package loader

import (
	"sync/atomic"
	"time"
)

// Metrics are figures of a runtime. Those that count grow for as long as it lives; the others are of the moment.
type Metrics struct {
	// Requests to handlers that were taken, and those Refused at once (503) because too much was in progress. They count.
	Requests, Refused int64
	// InProgress are the requests that have no whole answer yet.
	InProgress int64
	// CPU is the processor time of all JavaScript. It counts.
	CPU time.Duration
	// Starts of workers, dynamic ones and those that start anew. They count.
	Starts int64
	// DynamicWorkers are in memory, busy or idle.
	DynamicWorkers int
	// Isolates are those that workers have or wait for, SpareIsolates those that are ready for the next, LostIsolates those whose threads
	// never came back.
	Isolates, SpareIsolates, LostIsolates int
	// EvictedIdle, EvictedCount and EvictedMemory are dynamic workers that were evicted because of Config.IdleTimeout, MaxDynamicWorkers and
	// MaxMemoryBytes. They count.
	EvictedIdle, EvictedCount, EvictedMemory int64
	// Limits is how often each limit was reached. They count.
	Limits map[Limit]int64
	// ResidentBytes is the memory of the whole process, 0 if unknown, MaxMemoryBytes its budget.
	ResidentBytes, MaxMemoryBytes int64
	// BufferedBytes are what long answers hold that their clients have not taken.
	BufferedBytes int64
}

// counts are the figures that only grow.
type counts struct {
	requests, refused                        atomic.Int64
	cpu                                      atomic.Int64 // nanoseconds
	evictedIdle, evictedCount, evictedMemory atomic.Int64
	limits                                   [len(allLimits)]atomic.Int64 // in the order of allLimits
}

// Metrics reads the figures. It costs a few microseconds, and one read of a file.
func (rt *Runtime) Metrics() Metrics {
	m := Metrics{
		Requests: rt.counts.requests.Load(), Refused: rt.counts.refused.Load(), InProgress: rt.requests.Load(),
		CPU: time.Duration(rt.counts.cpu.Load()), Starts: int64(rt.lastInstance.Load()),
		SpareIsolates: rt.pool.Spares(), LostIsolates: Lost(),
		EvictedIdle: rt.counts.evictedIdle.Load(), EvictedCount: rt.counts.evictedCount.Load(), EvictedMemory: rt.counts.evictedMemory.Load(),
		Limits:        make(map[Limit]int64, len(allLimits)),
		ResidentBytes: residentBytes(), MaxMemoryBytes: rt.config.MaxMemoryBytes, BufferedBytes: rt.buffered.Load(),
	}
	rt.mu.Lock()
	m.DynamicWorkers, m.Isolates = len(rt.live), rt.inUse
	rt.mu.Unlock()
	for k, limit := range allLimits {
		m.Limits[limit] = rt.counts.limits[k].Load()
	}
	return m
}

// Add adds the figures of another runtime, so that several processes are reported as one.
func (m *Metrics) Add(o *Metrics) {
	m.Requests += o.Requests
	m.Refused += o.Refused
	m.InProgress += o.InProgress
	m.CPU += o.CPU
	m.Starts += o.Starts
	m.DynamicWorkers += o.DynamicWorkers
	m.Isolates += o.Isolates
	m.SpareIsolates += o.SpareIsolates
	m.LostIsolates += o.LostIsolates
	m.EvictedIdle += o.EvictedIdle
	m.EvictedCount += o.EvictedCount
	m.EvictedMemory += o.EvictedMemory
	m.ResidentBytes += o.ResidentBytes
	m.MaxMemoryBytes += o.MaxMemoryBytes
	m.BufferedBytes += o.BufferedBytes
	if m.Limits == nil {
		m.Limits = make(map[Limit]int64, len(o.Limits))
	}
	for limit, n := range o.Limits {
		m.Limits[limit] += n
	}
}

// reached counts that a limit was.
func (rt *Runtime) reached(limit Limit) {
	for k, other := range allLimits {
		if other == limit {
			rt.counts.limits[k].Add(1)
		}
	}
}

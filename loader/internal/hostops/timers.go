package hostops

import (
	"sync"
	"time"
)

// minRepeat keeps an interval of no length from firing without end.
const minRepeat = time.Millisecond

// timerShards spreads contexts over locks, so that isolates on different cores seldom meet. A power of two.
const timerShards = 16

// TimerKey names one timer: the context that owns it (unique in the process) and its number within that context.
type TimerKey struct {
	Context uint64
	ID      uint64
}

// Timers holds the pending timers of all isolates.
//
// Timers of one context fire one at a time, in the order in which they are due, and in the order of Start where that is equal:
// JavaScript can see it. Contexts are independent of each other. A fire function is meant to post a message and return; while it
// runs, later timers of its context wait.
//
// A fire function is called once for each expiry, and never after Stop, StopContext or Close has said that it stopped the timer.
// A repeating timer is due again at a whole number of delays after its start, skipping those that have passed when fire
// returns: it never overlaps itself and never catches up in a burst.
//
// Each context has one timer of the Go runtime, set for its first expiry. Those have heaps of their own and need no goroutine
// of ours while they wait, so nothing here outlives its work.
type Timers struct {
	start  time.Time // due times count from here: half the size of a time.Time, and monotonic
	shards [timerShards]timerShard
}

type timerShard struct {
	mu       sync.Mutex
	closed   bool
	contexts map[uint64]*timerContext
}

// NewTimers returns an empty set. Close it when no isolate is left.
func NewTimers() *Timers {
	t := &Timers{start: time.Now()}
	for i := range t.shards {
		t.shards[i].contexts = make(map[uint64]*timerContext)
	}
	return t
}

func (t *Timers) now() time.Duration { return time.Since(t.start) }

func (t *Timers) shard(context uint64) *timerShard {
	return &t.shards[context&(timerShards-1)]
}

// Start arranges for fire to be called after delay, and again each delay if repeat; a negative delay counts as none and a
// repeating one is at least a millisecond. A timer pending under the same key is replaced. After Close it does nothing.
func (t *Timers) Start(key TimerKey, delay time.Duration, repeat bool, fire func()) {
	delay = max(delay, 0)
	e := &timer{id: key.ID, fire: fire}
	if repeat {
		delay = max(delay, minRepeat)
		e.delay = delay
	}
	s := t.shard(key.Context)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	c := s.contexts[key.Context]
	if c == nil {
		c = &timerContext{id: key.Context, pending: make(map[uint64]*timer)}
		s.contexts[key.Context] = c
	}
	c.remove(key.ID)
	now := t.now()
	e.due = now + delay
	c.add(e)
	t.arm(s, c, now)
}

// Stop ends a timer. It reports whether the timer was pending, which means that its fire function will not be called any more.
// False means that there is none under this key, or that fire is running: it then runs to its end, but not again.
func (t *Timers) Stop(key TimerKey) bool {
	s := t.shard(key.Context)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contexts[key.Context]
	if c == nil {
		return false
	}
	stopped := c.remove(key.ID)
	s.dropIfEmpty(c)
	return stopped
}

// StopContext ends all timers of a context, as Stop does each, and returns how many were pending.
func (t *Timers) StopContext(context uint64) int {
	s := t.shard(context)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop(s.contexts[context])
}

// Len returns how many timers there are; a repeating one counts while it fires.
func (t *Timers) Len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		for _, c := range s.contexts {
			n += len(c.pending)
		}
		s.mu.Unlock()
	}
	return n
}

// Close ends all timers and refuses new ones. It does not wait for fire functions that are running.
func (t *Timers) Close() {
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		s.closed = true
		for _, c := range s.contexts {
			s.stop(c)
		}
		s.mu.Unlock()
	}
}

// arm sets the clock of c for its first expiry. While a goroutine fires timers of c there is no need: it looks again after each.
//
// Preconditions: s.mu is held and c has a queued timer.
func (t *Timers) arm(s *timerShard, c *timerContext, now time.Duration) {
	first := c.queue[0].due
	if c.firing || c.clock != nil && c.armed == first {
		return
	}
	c.armed = first
	if c.clock == nil {
		c.clock = time.AfterFunc(first-now, func() { t.expire(s, c) })
		return
	}
	c.clock.Reset(first - now)
}

// expire fires what is due in c, in order. It may be called too early, by a clock that was set again while it rang.
func (t *Timers) expire(s *timerShard, c *timerContext) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.firing || s.contexts[c.id] != c {
		return
	}
	c.firing = true
	for len(c.queue) > 0 && c.queue[0].due <= t.now() {
		e := c.claim()
		s.mu.Unlock()
		e.fire()
		s.mu.Lock()
		c.again(e, t.now())
	}
	c.firing = false
	c.armed = -1
	if len(c.queue) > 0 {
		t.arm(s, c, t.now())
	} else {
		s.dropIfEmpty(c)
	}
}

// The rest needs mu.

// stop ends all timers of c, which may be nil.
func (s *timerShard) stop(c *timerContext) int {
	if c == nil {
		return 0
	}
	n := len(c.queue)
	clear(c.queue)
	c.queue = c.queue[:0]
	clear(c.pending)
	s.dropIfEmpty(c)
	return n
}

// dropIfEmpty forgets a context without timers. One that is firing is kept, or a second of its name could fire beside it.
func (s *timerShard) dropIfEmpty(c *timerContext) {
	if len(c.pending) > 0 || c.firing {
		return
	}
	c.clock.Stop()
	delete(s.contexts, c.id)
}

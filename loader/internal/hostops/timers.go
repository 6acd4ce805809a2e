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
// Each is a timer of the Go runtime, whose heaps are per processor and need no goroutine of ours; a heap and goroutine of our own
// was measured and is slower once firing costs a goroutine, which it must: firing may run a whole turn of an isolate.
//
// A fire function runs on its own goroutine, once for each expiry, and never after Stop, StopContext or Close has said that it
// stopped the timer. A repeating timer is armed again when fire returns, at a whole number of delays after its start, skipping
// those that have passed: it never overlaps itself and never catches up in a burst.
type Timers struct {
	shards [timerShards]timerShard
}

type timerShard struct {
	mu       sync.Mutex
	closed   bool
	contexts map[uint64]map[uint64]*timer
}

type timer struct {
	key    TimerKey
	fire   func()
	delay  time.Duration // of a repeating timer, otherwise 0
	due    time.Time     // of a repeating timer
	clock  *time.Timer
	firing bool // guarded by the shard's mu
}

// NewTimers returns an empty set. Close it when no isolate is left.
func NewTimers() *Timers {
	t := &Timers{}
	for i := range t.shards {
		t.shards[i].contexts = make(map[uint64]map[uint64]*timer)
	}
	return t
}

func (t *Timers) shard(context uint64) *timerShard {
	return &t.shards[context&(timerShards-1)]
}

// Start arranges for fire to be called after delay, and again each delay if repeat; a negative delay counts as none and a
// repeating one is at least a millisecond. A timer pending under the same key is replaced. After Close it does nothing.
func (t *Timers) Start(key TimerKey, delay time.Duration, repeat bool, fire func()) {
	delay = max(delay, 0)
	e := &timer{key: key, fire: fire}
	if repeat {
		delay = max(delay, minRepeat)
		e.delay, e.due = delay, time.Now().Add(delay)
	}
	s := t.shard(key.Context)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.remove(key)
	ids := s.contexts[key.Context]
	if ids == nil {
		ids = make(map[uint64]*timer)
		s.contexts[key.Context] = ids
	}
	ids[key.ID] = e
	e.clock = time.AfterFunc(delay, func() { t.expire(s, e) })
}

// Stop ends a timer. It reports whether the timer was pending, which means that its fire function will not be called any more.
// False means that there is none under this key, or that fire is running or about to: it then runs to its end, but not again.
func (t *Timers) Stop(key TimerKey) bool {
	s := t.shard(key.Context)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(key)
}

// StopContext ends all timers of a context, as Stop does each, and returns how many were pending.
func (t *Timers) StopContext(context uint64) int {
	s := t.shard(context)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.removeContext(context)
}

// Len returns how many timers there are; a repeating one counts while it fires.
func (t *Timers) Len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		for _, ids := range s.contexts {
			n += len(ids)
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
		for context := range s.contexts {
			s.removeContext(context)
		}
		s.mu.Unlock()
	}
}

// expire claims one expiry under the lock, which is what makes it exclusive with Stop, and fires outside it.
func (t *Timers) expire(s *timerShard, e *timer) {
	s.mu.Lock()
	if !s.holds(e) {
		s.mu.Unlock()
		return
	}
	if e.delay == 0 {
		s.drop(e.key)
		s.mu.Unlock()
		e.fire()
		return
	}
	e.firing = true
	s.mu.Unlock()
	defer s.rearm(e) // also if fire panics: the state stays true whoever recovers
	e.fire()
}

func (s *timerShard) rearm(e *timer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.firing = false
	if !s.holds(e) {
		return
	}
	now := time.Now()
	e.due = e.due.Add(e.delay)
	if late := now.Sub(e.due); late > 0 {
		e.due = e.due.Add((late + e.delay - 1) / e.delay * e.delay)
	}
	e.clock.Reset(e.due.Sub(now))
}

// The rest needs mu.

func (s *timerShard) holds(e *timer) bool { return s.contexts[e.key.Context][e.key.ID] == e }

func (s *timerShard) remove(key TimerKey) bool {
	e := s.contexts[key.Context][key.ID]
	if e == nil {
		return false
	}
	s.drop(key)
	e.clock.Stop()
	return !e.firing
}

func (s *timerShard) removeContext(context uint64) int {
	n := 0
	for _, e := range s.contexts[context] {
		e.clock.Stop()
		if !e.firing {
			n++
		}
	}
	delete(s.contexts, context)
	return n
}

func (s *timerShard) drop(key TimerKey) {
	ids := s.contexts[key.Context]
	delete(ids, key.ID)
	if len(ids) == 0 {
		delete(s.contexts, key.Context)
	}
}

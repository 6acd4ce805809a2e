package isolate

import (
	"runtime"
	"time"
)

// longTurn is when who waits for the goroutine of a turn waits for too long.
const longTurn = 100 * time.Millisecond

// overtake sees to it that a long turn holds up nobody but its own isolate: the list of its goroutine is done by another one, and if it goes on
// for long, so is what the goroutine would do afterwards.
func (i *Isolate) overtake() {
	i.mu.Lock()
	r := i.runner
	i.mu.Unlock()
	turn := i.turns.Load()
	r.overtake(nil)
	time.Sleep(longTurn)
	if i.turns.Load() == turn {
		r.overtake(r.heldUp)
	}
}

// overtake takes the rest of the list from a goroutine that is in a turn, and calls f, if not nil, while it is there.
func (r *Runner) overtake(f func()) {
	for !r.place.CompareAndSwap(inTurn, overtaken) {
		if r.place.Load() == outside {
			return
		}
		runtime.Gosched()
	}
	rest := &Runner{queue: r.queue}
	r.queue = nil
	if f != nil {
		f()
	}
	r.place.Store(inTurn)
	rest.Hand()
}

func (r *Runner) enterTurn() { r.place.Store(inTurn) }

func (r *Runner) leaveTurn() {
	for !r.place.CompareAndSwap(inTurn, outside) {
		runtime.Gosched()
	}
}

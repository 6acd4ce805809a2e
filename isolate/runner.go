package isolate

import "sync/atomic"

// A Runner is the list of isolates whose turns the current goroutine owes. The zero value is ready. It belongs to one
// goroutine; Run (or Hand) must follow the last Commit on it.
type Runner struct {
	queue    []*Isolate
	stranded func()
	heldUp   func()
	place    atomic.Int32 // of the goroutine
}

// Places of a Runner's goroutine.
const (
	outside   = iota
	inTurn    // in V8, where it does not touch the list
	overtaken // there, and must not come out while somebody else does what it does not get to
)

// OnStranded has f called, on another goroutine, if this one never returns from a turn: V8 could not go on, or did not stop when it was
// told to. Who waits for this goroutine waits in vain; the rest of its list is done elsewhere.
func (r *Runner) OnStranded(f func()) { r.stranded = f }

// OnHeldUp has f called, on another goroutine, when a turn on this one lasts for long, perhaps for ever; the rest of its list is done elsewhere.
// This goroutine does not come back before f has returned.
func (r *Runner) OnHeldUp(f func()) { r.heldUp = f }

// Run does turns until no isolate on the list has a message, those that turns add included.
func (r *Runner) Run() { r.RunUntil(nil) }

// RunUntil is Run that stops after the turn that made done true: the rest goes on in another goroutine, since the caller
// has what it came for. A nil done means to the end.
func (r *Runner) RunUntil(done *atomic.Bool) {
	for len(r.queue) > 0 {
		i := r.queue[0]
		n := copy(r.queue, r.queue[1:])
		r.queue[n] = nil
		r.queue = r.queue[:n]
		if i.step(r) {
			// It may have more: after the others, so that a busy realm does not starve those it calls.
			r.queue = append(r.queue, i)
		}
		if done != nil && len(r.queue) > 0 && done.Load() {
			r.dropIdle()
			r.Hand()
			return
		}
	}
}

// dropIdle takes isolates off the list that have nothing to do, as most have by now: a goroutine to find that out would cost more
// than the turn did.
func (r *Runner) dropIdle() {
	rest := r.queue[:0]
	for _, i := range r.queue {
		if !i.rest() {
			rest = append(rest, i)
		}
	}
	clear(r.queue[len(rest):])
	r.queue = rest
}

// Hand gives what is left to do to a goroutine of its own.
func (r *Runner) Hand() {
	if len(r.queue) == 0 {
		return
	}
	rest := &Runner{queue: r.queue}
	r.queue = nil
	go rest.Run()
}

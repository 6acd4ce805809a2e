package loader

import (
	"context"
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
)

// A waiter lets the goroutine that has made a call wait for its answer: it runs the turns itself as far as it can, and sleeps only
// if another goroutine is inside the isolate.
type waiter struct {
	done  atomic.Bool
	state atomic.Int32 // callRunning, callAwaited or callAnswered
	ready chan struct{}
}

func newWaiter() *waiter { return &waiter{ready: make(chan struct{}, 1)} }

// set says that the answer is there. It is called once.
func (w *waiter) set() {
	w.done.Store(true)
	if w.state.Swap(callAnswered) == callAwaited {
		w.ready <- struct{}{}
	}
}

// wait returns nil once the answer is there, or the context's cause if that is done first; then the call has been cancelled.
func (w *waiter) wait(ctx context.Context, r *isolate.Runner, running inflight) error {
	r.RunUntil(&w.done)
	if !w.state.CompareAndSwap(callRunning, callAwaited) {
		return nil
	}
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	if running != nil {
		running.cancel(r)
		r.Hand()
	}
	return context.Cause(ctx)
}

package loader

import (
	"context"
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
)

// A waiter lets a goroutine of the embedding program wait for the answer to its call. Turns run on other goroutines, so that it can give up
// when its context ends, and is not lost in a turn that never ends.
type waiter struct {
	state atomic.Int32 // callRunning, callAwaited or callAnswered
	ready chan struct{}
}

func newWaiter() *waiter { return &waiter{ready: make(chan struct{}, 1)} }

// set says that the answer is there. It is called once.
func (w *waiter) set() {
	if w.state.Swap(callAnswered) == callAwaited {
		w.ready <- struct{}{}
	}
}

// wait returns nil once the answer is there, or the context's cause if that is done first; then the call has been cancelled.
func (w *waiter) wait(ctx context.Context, r *isolate.Runner, running inflight) error {
	r.Hand()
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

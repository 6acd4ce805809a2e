package loader

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dynos-run/dynos/isolate"
)

// Work is something that Go computes for an invocation on a goroutine of its own. Its processor time is the invocation's.
type work struct {
	i     *instance
	c     *requestContext
	begun time.Duration // of the thread
}

// beginWork is called by the goroutine, which must call end.
func (i *instance) beginWork(c *requestContext) *work {
	runtime.LockOSThread()
	return &work{i: i, c: c, begun: threadTime()}
}

// over says whether nobody waits for the result any more, or the invocation has no processor time left for it.
func (w *work) over() bool {
	if w.i.stopping.Load() {
		return true
	}
	used := threadTime() - w.begun
	w.i.mu.Lock()
	defer w.i.mu.Unlock()
	return w.c.ended || w.c.cpu+used > w.c.limits.cpu()
}

// end charges the invocation.
func (w *work) end(r *isolate.Runner) {
	used := threadTime() - w.begun
	runtime.UnlockOSThread()
	w.i.Spent(r, w.c.id, used)
}

// Stopping implements isolate.Handler.
func (i *instance) Stopping() {
	i.stopping.Store(true)
	if a := i.calling.Load(); a != nil {
		a.object.Interrupt()
	}
}

// runsOn says whether it is the instance's turn whose ops the runner's goroutine performs.
func (i *instance) runsOn(r *isolate.Runner) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.iso != nil && i.iso.RunsOn(r)
}

// threadTime is the processor time that this thread has used.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

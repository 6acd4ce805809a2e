package isolate

import "sync/atomic"

var parked atomic.Int64

// Parked is how many isolates the process has lost, each with a thread and all its memory: V8 could not go on in them, or did not stop when it
// was told to. A process that has lost some should be replaced.
func Parked() int64 { return parked.Load() }

// park gives up an isolate whose turn never ends. Its memory stays, and so does the goroutine; what that had to do goes on in this one.
func (i *Isolate) park(stop Stop) {
	parked.Add(1)
	i.mu.Lock()
	i.closed, i.parked = true, true
	lost := i.runner
	freed := i.freed
	released := i.released
	i.mu.Unlock()
	if i.unwatch != nil { // it runs no more, so it is not to blame for what happens later
		i.unwatch()
	}
	lost.overtake(lost.stranded)
	var r Runner
	i.handler.Terminated(&r, stop)
	if released && freed != nil {
		freed()
	}
	r.Run()
}

package loader

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Limits bound each invocation of a worker: a fetch, an RPC session. Of several that apply the lowest wins; 0 means none here.
type Limits struct {
	// CPUMillis is processor time in milliseconds.
	CPUMillis float64
	// WallMillis is the time from its begin to its end, work for waitUntil included, in milliseconds. It does not bound the life of a Durable Object.
	WallMillis float64
	// Subrequests is the number of fetches and calls that it makes.
	Subrequests int
}

// lower gives the lower of each limit.
func (l Limits) lower(o Limits) Limits {
	if l.CPUMillis == 0 || o.CPUMillis > 0 && o.CPUMillis < l.CPUMillis {
		l.CPUMillis = o.CPUMillis
	}
	if l.WallMillis == 0 || o.WallMillis > 0 && o.WallMillis < l.WallMillis {
		l.WallMillis = o.WallMillis
	}
	if l.Subrequests == 0 || o.Subrequests > 0 && o.Subrequests < l.Subrequests {
		l.Subrequests = o.Subrequests
	}
	return l
}

func (l Limits) cpu() time.Duration { return millis(l.CPUMillis) }

// millis is the time that a limit allows.
func millis(n float64) time.Duration {
	if n <= 0 || n > float64(math.MaxInt64/int64(time.Millisecond)) {
		return math.MaxInt64
	}
	return time.Duration(n * float64(time.Millisecond))
}

// validate says what is wrong with limits.
func (l Limits) validate() error {
	if !(l.CPUMillis >= 0) || !(l.WallMillis >= 0) || l.Subrequests < 0 {
		return fmt.Errorf("limits: %g ms, %g ms in all and %d subrequests: none can be negative", l.CPUMillis, l.WallMillis, l.Subrequests)
	}
	return nil
}

// A Limit is a kind of limit.
type Limit string

// Kinds of limits, with the unit of LimitError.Value.
const (
	// LimitCPU is processor time of an invocation, a [time.Duration] in nanoseconds.
	LimitCPU Limit = "cpu"
	// LimitWall is the time of an invocation from its begin to its end, a [time.Duration] in nanoseconds.
	LimitWall Limit = "wall"
	// LimitStartCPU is processor time of a worker's start, a [time.Duration] in nanoseconds.
	LimitStartCPU Limit = "start-cpu"
	// LimitHeap is the JavaScript heap of an isolate, in bytes.
	LimitHeap Limit = "heap"
	// LimitMemory is array buffers and Wasm memory of an isolate, in bytes.
	LimitMemory Limit = "memory"
	// LimitSubrequests is the number of fetches and calls of an invocation.
	LimitSubrequests Limit = "subrequests"
	// LimitCalls is the number of fetches and calls of an invocation that wait for their answer.
	LimitCalls Limit = "calls"
	// LimitTimers is the number of timers that an invocation has running.
	LimitTimers Limit = "timers"
	// LimitDepth is how many invocations there are of which each was called by the one before.
	LimitDepth Limit = "depth"
	// LimitIsolates is how many isolates the dynamic workers of a process can have at a time, and LimitChildren how many those of one loader.
	LimitIsolates Limit = "isolates"
	LimitChildren Limit = "children"
	// LimitLog is what an instance of a worker may log in a minute, in bytes.
	LimitLog Limit = "log"
)

var allLimits = [...]Limit{
	LimitCPU, LimitWall, LimitStartCPU, LimitHeap, LimitMemory, LimitSubrequests, LimitCalls, LimitTimers, LimitDepth, LimitIsolates, LimitChildren, LimitLog,
}

// A LimitError says that a worker has reached a limit. Callers in Go find it with errors.As in the *[Exception] or *[StartError] that they
// get, unless the worker's own code has caught it.
type LimitError struct {
	// Limit is which.
	Limit Limit
	// Worker is whose: its name, or the id of a dynamic one.
	Worker string
	// Value is how much is allowed, in the unit of Limit.
	Value int64
}

// Error implements error.
func (e *LimitError) Error() string {
	switch e.Limit {
	case LimitCPU, LimitWall, LimitStartCPU:
		return fmt.Sprintf("worker %q has reached its limit %s of %s", e.Worker, e.Limit, time.Duration(e.Value))
	case LimitHeap, LimitMemory, LimitLog:
		return fmt.Sprintf("worker %q has reached its limit %s of %d MB", e.Worker, e.Limit, e.Value>>20)
	}
	return fmt.Sprintf("worker %q has reached its limit %s of %d", e.Worker, e.Limit, e.Value)
}

// Limits that are the same for all.
const (
	maxCalls  = 10_000
	maxTimers = 100_000
	maxDepth  = 64
	// maxDynamicStart bounds the start of a dynamic worker, whose code nobody has seen before, as the platform does.
	maxDynamicStart = time.Second
	maxLogBytes     = 16 << 20
)

// What scripts see of a limit.
const (
	textCalls       = "Too many requests at once."
	textTimers      = "Too many timers."
	textDepth       = "Subrequest depth limit exceeded. This request recursed through Workers too many times. This can happen e.g. if you have a Worker or Durable Object that calls other Workers or objects recursively."
	textCPU         = "Worker exceeded CPU time limit."
	textWall        = "Worker exceeded wall time limit."
	textIsolates    = "Too many Workers at once."
	textStartCPU    = "Script startup exceeded CPU time limit."
	textMemory      = "Worker exceeded memory limit."
	textSubrequests = "Too many subrequests."
	textCrash       = "Worker crashed."
	textOtherCPU    = "Worker was terminated because another request of it exceeded the CPU time limit."
)

// limitFailure makes the failure of a limit that was reached.
func (i *instance) limitFailure(text string, limit Limit, value int64) *failure {
	i.rt.reached(limit)
	return &failure{class: "Error", message: text, cause: &LimitError{limit, i.worker.name, value}}
}

// isLimit says whether a failure is one of a limit that is not the script's to catch.
func (f *failure) isLimit() bool {
	var e *LimitError
	return errors.As(f.cause, &e) || errors.Is(f.cause, ErrCrashed)
}

// Budget implements isolate.Handler.
func (i *instance) Budget(ctx uint32) time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil { // perhaps in the very turn that has loaded the worker
		return c.limits.cpu() - c.cpu
	}
	if !i.loaded {
		return i.maxStart() - i.startCPU
	}
	return i.limits().cpu() // a callback of no context, such as one of a FinalizationRegistry
}

// maxStart is the processor time that the worker may start in.
func (i *instance) maxStart() time.Duration {
	if i.worker.dynamic {
		return min(i.rt.config.MaxStartCPU, maxDynamicStart)
	}
	return i.rt.config.MaxStartCPU
}

// Spent implements isolate.Handler. An invocation that does its work in many short turns reaches its limit here, with no JavaScript to stop.
func (i *instance) Spent(r *isolate.Runner, ctx uint32, used time.Duration) {
	i.rt.counts.cpu.Add(int64(used))
	i.mu.Lock()
	if !i.loaded {
		i.startCPU += used
		over := i.startCPU > i.maxStart()
		i.mu.Unlock()
		if over {
			f, _ := i.stopFailure(nil, isolate.StopCPU)
			i.failStart(r, f)
		}
		return
	}
	c := i.contexts[ctx]
	if c != nil {
		c.cpu += used
	}
	over := c != nil && c.cpu > c.limits.cpu() && i.state == running
	i.mu.Unlock()
	if over {
		i.exceed(r, c, i.limitFailure(textCPU, LimitCPU, int64(c.limits.cpu())), outcomeExceededCPU)
	}
}

// limit lowers the limits of a context that begins. Preconditions: the instance's mu is held.
func (c *requestContext) limit(l Limits) {
	c.limits = c.limits.lower(l)
	if c.limits.WallMillis == 0 {
		return
	}
	wall := millis(c.limits.WallMillis)
	if c.wall != nil {
		c.wall.Stop()
	}
	c.wall = time.AfterFunc(wall, func() {
		var r isolate.Runner
		c.inst.exceed(&r, c, c.inst.limitFailure(textWall, LimitWall, int64(wall)), outcomeExceededWall)
		r.Run()
	})
}

// exceed ends a context that has reached a limit, and what waitUntil keeps with it.
func (i *instance) exceed(r *isolate.Runner, c *requestContext, f *failure, outcome string) {
	i.mu.Lock()
	if c.ended {
		i.mu.Unlock()
		return
	}
	if c.actor != nil {
		i.mu.Unlock()
		i.breakActor(r, c.actor, f)
		return
	}
	c.trace.exceed(f, outcome)
	owed := c.takeOwed()
	left := i.endNow(r, c)
	i.mu.Unlock()
	i.rt.log(i.def, LevelError, f.message+" ("+f.cause.Error()+")")
	owed.fail(r, f)
	left.release(r)
}

// Terminated implements isolate.Handler: the isolate is not used again, the worker starts anew with its next call.
func (i *instance) Terminated(r *isolate.Runner, why isolate.Stop) {
	i.mu.Lock()
	loaded, c := i.loaded, i.contexts[why.Request]
	i.mu.Unlock()
	if why.Reason == isolate.StopForced {
		i.shut(r, errTerminated)
		return
	}
	var f *failure
	var outcome string
	switch over := loaded && c == nil && why.Reason == isolate.StopCPU; {
	case over && why.Request == 0: // nobody knows whose it was
		f = i.limitFailure(textCPU, LimitCPU, int64(i.limits().cpu()))
	case over: // Spent has ended it
	default:
		f, outcome = i.stopFailure(c, why.Reason)
	}
	if !loaded && c == nil { // a context is there as well in the turn that loads the worker
		i.failStart(r, f)
		return
	}
	if c != nil {
		i.exceed(r, c, f, outcome)
	}
	if why.Reason == isolate.StopCPU && why.Request != 0 { // its own invocation has ended
		f = hostError(textOtherCPU)
		f.innocent = true
	}
	i.discard(r, f)
}

// stopFailure is what a stop means for the context that ran, nil for none's.
func (i *instance) stopFailure(c *requestContext, why isolate.StopReason) (f *failure, outcome string) {
	limits := &i.rt.config
	switch {
	case why == isolate.StopCPU && c == nil:
		return i.limitFailure(textStartCPU, LimitStartCPU, int64(i.maxStart())), outcomeExceededCPU
	case why == isolate.StopCPU:
		return i.limitFailure(textCPU, LimitCPU, int64(c.limits.cpu())), outcomeExceededCPU
	case why == isolate.StopHeap:
		return i.limitFailure(textMemory, LimitHeap, int64(limits.MaxHeapBytes)), outcomeExceededMemory
	case why == isolate.StopMemory:
		return i.limitFailure(textMemory, LimitMemory, int64(limits.MaxBufferBytes)), outcomeExceededMemory
	}
	return &failure{class: "Error", message: textCrash, cause: fmt.Errorf("worker %q: %w", i.worker.name, ErrCrashed)}, outcomeException
}

// discard ends an instance whose worker may start again. The id of a dynamic one is free, so that its next get asks for the code.
func (i *instance) discard(r *isolate.Runner, f *failure) {
	if n := i.worker.namespace; n != nil {
		n.remove(i.worker)
	}
	i.shut(r, f)
}

// failStart ends an instance that has reached a limit before it ran.
func (i *instance) failStart(r *isolate.Runner, f *failure) {
	f.message, f.stack, f.start = "Failed to start Worker:\n"+f.message, f.message, true
	i.worker.fail(i, f)
	i.shut(r, f)
}

// countSubrequest counts one that a context is about to make. Nil means that it may. Preconditions: mu is held.
func (c *requestContext) countSubrequest() *failure {
	c.subrequests++
	most := c.limits.Subrequests
	switch {
	case most > 0 && c.subrequests > most:
		return c.inst.limitFailure(textSubrequests, LimitSubrequests, int64(most))
	case len(c.calls) >= maxCalls:
		return c.inst.limitFailure(textCalls, LimitCalls, maxCalls)
	case c.depth >= maxDepth:
		return c.inst.limitFailure(textDepth, LimitDepth, maxDepth)
	}
	return nil
}

// limits are those of any context of the instance. Preconditions: mu is held.
func (i *instance) limits() Limits {
	l := Limits{
		CPUMillis:  float64(i.rt.config.MaxCPU) / float64(time.Millisecond),
		WallMillis: float64(i.rt.config.MaxWall) / float64(time.Millisecond),
	}
	if i.def != nil {
		l = l.lower(i.def.limits)
	}
	return l
}

// readLimits reads [cpuMs, subRequests], -1 for none.
func readLimits(a *ops.Reader) Limits {
	a.Array()
	cpu, sub := a.Float(), a.Float()
	return Limits{CPUMillis: max(cpu, 0), Subrequests: int(max(sub, 0))}
}

package loader

import (
	"slices"

	"github.com/dynos-run/dynos/isolate"
)

// A requestContext is one event being handled in an instance: a fetch or an RPC. It owns what the event has started; its end
// releases all of it. Fields are guarded by the instance's mu.
//
// It ends by a rule that JavaScript computes too (core/dispatch), so that no message says so: the answer is given, no exported
// stream of the answer is left, no waitUntil promise is pending.
type requestContext struct {
	id   uint32
	inst *instance
	// who waits for the answer: one of the two, nil once it is given
	fetcher fetchCaller
	rpc     rpcCaller

	answered bool
	ended    bool
	suspect  bool  // it is on the instance's list of those that may hang
	waiting  int   // waitUntil promises
	stream   int64 // exported stream that is the answer's body, 0 for none
	pending  int   // things that will bring a message: ops, timers, pulls
	timers   int

	calls    []outgoing
	bodies   []uint32
	streams  []int64
	channels []uint32
	workers  map[uint32]*worker
}

// outgoing is a call that waits for its answer.
type outgoing struct {
	promise uint32
	running inflight
}

// cancel implements inflight: the caller of this event has gone.
func (c *requestContext) cancel(r *isolate.Runner) {
	c.inst.cancelContext(r, c, &failure{class: "AbortError", message: "The client has disconnected"})
}

// endIfDone ends the context if the rule says so and returns what is to be released outside the lock.
func (c *requestContext) endIfDone() *leftovers {
	if c.ended || !c.answered || c.waiting > 0 || c.stream != 0 {
		return nil
	}
	return c.end()
}

// leftovers are what an ended context held; release is called without the instance's lock.
type leftovers struct {
	inst    *instance
	ctx     *requestContext
	calls   []outgoing
	bodies  []body
	pulls   []pullDone
	workers map[uint32]*worker
}

// end takes the context out of the instance. A second end does nothing.
func (c *requestContext) end() *leftovers {
	i := c.inst
	c.ended = true
	delete(i.contexts, c.id)
	if len(c.calls) == 0 && len(c.bodies) == 0 && len(c.streams) == 0 && c.workers == nil && len(c.channels) == 0 && c.timers == 0 {
		if len(i.contexts) == 0 && i.worker.anonymous {
			return &leftovers{inst: i, ctx: c}
		}
		return nil
	}
	left := &leftovers{inst: i, ctx: c, calls: c.calls, workers: c.workers}
	for _, rid := range c.bodies {
		if b := i.bodies[rid]; b != nil {
			left.bodies = append(left.bodies, b)
			delete(i.bodies, rid)
		}
	}
	for _, sid := range c.streams {
		if s := i.streams[sid]; s != nil {
			delete(i.streams, sid)
			if s.done != nil {
				left.pulls = append(left.pulls, s.done)
			}
		}
	}
	for _, n := range c.channels {
		delete(i.channels, n)
	}
	c.calls, c.bodies, c.streams, c.channels, c.workers = nil, nil, nil, nil, nil
	return left
}

// release lets go of everything. A nil receiver is allowed.
func (l *leftovers) release(r *isolate.Runner) {
	if l == nil {
		return
	}
	if l.ctx.timers > 0 {
		l.inst.rt.timers.StopContext(l.inst.timerContext(l.ctx.id))
	}
	for _, c := range l.calls {
		if c.running != nil {
			c.running.cancel(r)
		}
	}
	for _, b := range l.bodies {
		b.cancel(r, nil)
	}
	for _, done := range l.pulls {
		done(r, nil, errDisconnected)
	}
	for number, w := range l.workers {
		w.release(r, l.inst, number)
	}
	l.inst.worker.settle(l.inst)
}

// begin registers an async op.
func (c *requestContext) begin(promise uint32) {
	c.pending++
	c.calls = append(c.calls, outgoing{promise: promise})
}

// attach notes the running call of a promise, if it has no answer yet; otherwise there is nothing to cancel.
func (c *requestContext) attach(promise uint32, running inflight) {
	if running == nil {
		return
	}
	for k := range c.calls {
		if c.calls[k].promise == promise {
			c.calls[k].running = running
			return
		}
	}
}

// running returns the call of a promise that has no answer yet, or nil.
func (c *requestContext) running(promise uint32) inflight {
	for k := range c.calls {
		if c.calls[k].promise == promise {
			return c.calls[k].running
		}
	}
	return nil
}

// finish takes a promise off the list; false if it is not on it: the context has ended or the call was abandoned.
func (c *requestContext) finish(promise uint32) (outgoing, bool) {
	for k := range c.calls {
		if c.calls[k].promise == promise {
			call := c.calls[k]
			c.calls = slices.Delete(c.calls, k, k+1)
			return call, true
		}
	}
	return outgoing{}, false
}

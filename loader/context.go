package loader

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A requestContext is one event being handled in an instance: a fetch or an RPC. It owns what the event has started; its end
// releases all of it. Fields are guarded by the instance's mu.
//
// It ends by a rule that JavaScript computes too (core/dispatch), so that no message says so: all answers are given, nothing in
// them is in use any more, no waitUntil promise is pending, and of what an RPC caller sent along nothing is kept.
type requestContext struct {
	id   uint32
	inst *instance
	// fetcher waits for the answer of a fetch event, until that is given.
	fetcher fetchCaller
	// connecting says that a connect event is being handled, for connector until that has its answer, over socket.
	connecting bool
	connector  connectCaller
	socket     *openSocket
	// session says that the context serves RPC, and served are the calls without an answer.
	session  bool
	served   []*servedCall
	first    servedCall // most contexts serve one call
	firstOf  [1]*servedCall
	lastCall uint32

	answered    bool
	ended       bool
	over        atomic.Bool // ended, for others
	gone        bool        // the caller has: only waitUntil keeps it
	suspect     bool        // it is on the instance's list of those that may hang
	limits      Limits
	cpu         time.Duration // used so far
	subrequests int
	depth       int             // how many invocations have led to it
	caller      *requestContext // whose call has opened it, if that is of the same realm

	waiting int // waitUntil promises
	pending int // things that will bring a message: ops, timers, pulls, objects that others can call
	timers  int
	idle    []uint32 // promises that wait for pending to be 0

	entry       *target     // what the event is for, nil in a Durable Object's
	by          *recipe     // the stub of ctx.restore by which it was reached
	actor       *actor      // the Durable Object whose context it is
	test        *testRun    // of a test event
	passThrough bool        // the worker answers the event itself if it hangs
	wall        *time.Timer // runs if there is a limit of that
	deadline    *time.Timer // runs once only waitUntil promises keep the context

	heldStreams  int                 // exported streams that are part of an answer
	heldExports  map[uint32]struct{} // objects that were part of one and are still there
	imported     int                 // counted services that came as arguments and are kept
	disconnected bool                // the caller has gone: imported does not count

	calls    []outgoing
	bodies   []uint32
	streams  []int64
	channels map[uint32]struct{}
	exports  map[uint32]*exportedObject
	restored map[*recipe]*restored
	sessions []*requestContext // that calls of this one have opened and sent counted services to
	workers  map[uint32]*worker
	trace    *trace // nil unless the worker has tails
	sockets  map[int64]*socketEnd
	codecs   bool // it has opened some
	// heldSockets are those whose other end was part of an answer and is still there.
	heldSockets int
}

// servedCall is an RPC that a realm serves, until it is answered.
type servedCall struct {
	ctx *requestContext
	id  uint32
	to  rpcCaller
	top bool // it has opened the context
}

// cancel implements inflight: the caller has gone. What it has opened ends; any other call goes on, and its answer is ignored.
func (s *servedCall) cancel(r *isolate.Runner) {
	if s.top {
		s.ctx.cancel(r)
		return
	}
	c, i := s.ctx, s.ctx.inst
	i.mu.Lock()
	if c.ended || c.answer(s.id) == nil {
		i.mu.Unlock()
		return
	}
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageCallGone, c.id)
		b.Int(int64(s.id))
		b.End(1)
		i.commit(r)
	}
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

// pipeline implements pipeliner.
func (s *servedCall) pipeline() service { return answerOf{s} }

var _ pipeliner = (*servedCall)(nil)

// serve registers a call. Preconditions: mu is held.
func (c *requestContext) serve(to rpcCaller, top bool) *servedCall {
	c.lastCall++
	if c.lastCall == 1 {
		c.first = servedCall{ctx: c, id: 1, to: to, top: top}
		c.firstOf[0] = &c.first
		c.served = c.firstOf[:]
		return &c.first
	}
	s := &servedCall{ctx: c, id: c.lastCall, to: to, top: top}
	c.served = append(c.served, s)
	return s
}

// isTop says whether a call has opened the context. Preconditions: mu is held.
func (c *requestContext) isTop(call uint32) bool {
	return slices.ContainsFunc(c.served, func(s *servedCall) bool { return s.id == call && s.top })
}

// answer takes a call off the list and returns who waits for it, or nil. Preconditions: mu is held.
func (c *requestContext) answer(call uint32) rpcCaller {
	for k, s := range c.served {
		if s.id == call {
			c.served = slices.Delete(c.served, k, k+1)
			c.answered = c.answered || s.top
			return s.to
		}
	}
	return nil
}

// owes says whether somebody waits for an answer of the context, or for its end.
func (c *requestContext) owes() bool { return c.fetcher != nil || len(c.served) > 0 || c.connecting }

// outgoing is a call that waits for its answer.
type outgoing struct {
	promise uint32
	running inflight
}

// cancel implements inflight: the caller of this event has gone.
func (c *requestContext) cancel(r *isolate.Runner) {
	c.inst.cancelContext(r, c, errClientGone)
}

// endIfDone ends the context if the rule says so and returns what is to be released outside the lock.
func (c *requestContext) endIfDone() *leftovers {
	if c.ended || c.actor != nil {
		return nil
	}
	if !c.gone && c.inUse() {
		c.inst.suspect(c)
		return nil
	}
	if c.waiting > 0 {
		c.limitWaiting()
		return nil
	}
	return c.end()
}

// inUse says whether the context owes an answer, or something of its answers or of what it was sent is still there.
func (c *requestContext) inUse() bool {
	if c.heldStreams > 0 || len(c.heldExports) > 0 || c.heldSockets > 0 {
		return true
	}
	if c.session {
		return len(c.served) > 0 || c.imported > 0 && !c.disconnected
	}
	return !c.answered
}

// lingers says whether nothing keeps the context but what came as arguments.
func (c *requestContext) lingers() bool {
	return c.session && c.imported > 0 && len(c.served) == 0 && c.waiting == 0 && c.heldStreams == 0 && len(c.heldExports) == 0 && c.heldSockets == 0
}

// leftovers are what an ended context held; release is called without the instance's lock.
type leftovers struct {
	inst     *instance
	ctx      *requestContext
	calls    []outgoing
	bodies   []body
	pulls    []pullDone
	services []service
	served   []*servedCall
	sessions []*requestContext
	workers  map[uint32]*worker
	trace    *trace
	broken   *failure // what readers of its streams get
	evicted  bool     // a Durable Object that may come back
	sockets  map[int64]*socketEnd
}

// end takes the context out of the instance. A second end does nothing.
func (c *requestContext) end() *leftovers {
	i := c.inst
	c.ended = true
	c.over.Store(true)
	c.test.over()
	c.test = nil
	if c.deadline != nil {
		c.deadline.Stop()
	}
	if c.wall != nil {
		c.wall.Stop()
	}
	delete(i.contexts, c.id)
	if c.codecs {
		i.codecs.closeContext(c.id)
	}
	if i.def == nil || !i.def.traced() {
		c.trace = nil
	}
	if c.actor == nil && c.trace == nil && len(c.calls) == 0 && len(c.bodies) == 0 && len(c.streams) == 0 && c.workers == nil && len(c.channels) == 0 && c.timers == 0 &&
		len(c.served) == 0 && len(c.sessions) == 0 && len(c.sockets) == 0 && len(c.restored) == 0 {
		if len(i.contexts) == 0 && i.worker.anonymous {
			return &leftovers{inst: i, ctx: c}
		}
		return nil
	}
	if c.actor != nil {
		c.actor.gate.held = nil
	}
	left := &leftovers{
		inst: i, ctx: c, calls: c.calls, workers: c.workers, served: c.served, sessions: c.sessions, sockets: c.sockets, trace: c.trace,
		broken: errDisconnected,
	}
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
	for n := range c.channels {
		left.services = append(left.services, i.channels[n].service)
		delete(i.channels, n)
	}
	for _, s := range c.restored {
		left.services = append(left.services, s)
	}
	c.calls, c.bodies, c.streams, c.channels, c.workers, c.served, c.sessions, c.sockets, c.restored = nil, nil, nil, nil, nil, nil, nil, nil, nil
	return left
}

// release lets go of everything. A nil receiver is allowed.
func (l *leftovers) release(r *isolate.Runner) {
	if l == nil {
		return
	}
	if a := l.ctx.actor; a != nil {
		if !l.evicted {
			a.space.dropSockets(a.id)
		}
		a.space.remove(a)
		a.release()
		a.endFacets(r, l.broken)
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
		done(r, nil, l.broken)
	}
	for _, s := range l.services {
		release(r, s)
	}
	for _, s := range l.served {
		if s.to != nil {
			s.to.fail(r, errCallCanceled)
		}
	}
	for _, s := range l.sessions {
		s.disconnect(r)
	}
	for _, e := range l.sockets {
		e.abort(r, nil)
	}
	for number, w := range l.workers {
		w.release(r, l.inst, number)
	}
	if l.trace != nil {
		l.inst.finishTrace(l.trace)
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

// disconnect tells an RPC context that its caller's has ended, and with it all that came from there.
func (c *requestContext) disconnect(r *isolate.Runner) {
	i := c.inst
	i.mu.Lock()
	if c.ended || c.disconnected {
		i.mu.Unlock()
		return
	}
	c.disconnected = true
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageSessionEnd, c.id)
		b.End(0)
		i.commit(r)
	}
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

// addSession notes a context that a call of this one has opened and that keeps something of it. Preconditions: no lock is held.
func (c *requestContext) addSession(r *isolate.Runner, opened *requestContext) {
	i := c.inst
	i.mu.Lock()
	ended := c.ended
	if !ended {
		if n := len(c.sessions); n >= 16 && n&(n-1) == 0 {
			c.sessions = slices.DeleteFunc(c.sessions, func(s *requestContext) bool { return s.over.Load() })
		}
		c.sessions = append(c.sessions, opened)
	}
	i.mu.Unlock()
	if ended {
		opened.disconnect(r)
	}
}

package loader

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/hostops"
)

// state of an instance's life.
type state uint8

const (
	waiting state = iota // for its code; messages gather in pending
	running
	closed
)

// An instance is a worker in an isolate of its own. It is the isolate's Handler.
//
// Lock order: mu comes before the isolate's; no other lock of this package is taken under it, and no service or caller is called.
type instance struct {
	rt     *Runtime
	worker *worker
	number uint64
	keys   hostops.Keys
	// stopping is set when a call op is to give up, with which the instance ends; calling is the object whose storage that uses.
	stopping atomic.Bool
	calling  atomic.Pointer[actor]
	html     htmlRewriters

	mu       sync.Mutex // guards the rest
	state    state
	def      *definition
	iso      *isolate.Isolate
	pending  ops.Batch
	failure  *failure
	started  chan struct{} // closed once loaded or failed
	loaded   bool
	startCPU time.Duration // used until then
	volume   volume        // of its log; of the goroutine that runs the turns
	contexts map[uint32]*requestContext
	suspects []*requestContext
	lastCtx  uint32

	queue       queue
	bodies      map[uint32]body
	lastBody    uint32
	streams     map[int64]*exported
	channels    map[uint32]channel // beyond those of the definition
	lastChannel uint32

	ended   []*trace // of contexts that have ended in the turn whose ops are being handled
	holding bool     // such a turn is

	codecs codecs

	lastSocket  int64        // number of a WebSocket that came in a response, below zero
	socketBytes atomic.Int64 // of messages that the realm has sent and nobody has taken

	hosts  atomic.Bool // it has had a Durable Object
	opened []*actor    // Durable Objects whose output gates may let something pass
	idle   []*actor    // those that may have nothing to do any more

	// Of who runs the turns: Durable Objects that the turn has touched, and those that it has ended.
	touched, breaking []*actor

	wanted []wantedCode // dynamic workers asked for in this turn that may need their code
}

type pullDone = func(r *isolate.Runner, data []byte, err error)

// exported is a stream of the realm that the host reads.
type exported struct {
	ctx  *requestContext
	done pullDone // of the pull that runs, or nil
	held bool     // part of an answer: it keeps the context alive
}

// A channel is a service that a context got in a message. The channel owns a reference.
type channel struct {
	service  service
	ctx      *requestContext
	imported bool // it came as an argument and keeps the context alive
}

func newInstance(rt *Runtime, w *worker) *instance {
	i := &instance{
		rt: rt, worker: w, number: rt.lastInstance.Add(1),
		started:  make(chan struct{}),
		contexts: make(map[uint32]*requestContext),
		bodies:   make(map[uint32]body),
		streams:  make(map[int64]*exported),
		channels: make(map[uint32]channel), lastChannel: firstChannel,
	}
	i.keys.Stop = i.stopping.Load
	return i
}

// firstChannel is above the numbers of the definition's channels, which are not known when the first messages are encoded.
const firstChannel = 1 << 20

// start gives the instance its code and asks for an isolate. Messages gather until that is there.
func (i *instance) start(r *isolate.Runner, def *definition) {
	i.mu.Lock()
	i.def = def
	for _, c := range i.contexts { // which have waited for the code
		c.limit(def.limits)
	}
	i.mu.Unlock()
	iso := i.rt.takeIsolate(func(iso *isolate.Isolate) {
		var r isolate.Runner
		i.run(&r, iso)
		r.Run()
	})
	if iso != nil {
		i.run(r, iso)
	}
}

// run loads the worker into an isolate and sends it the messages that have gathered. A nil isolate means that there will be none.
func (i *instance) run(r *isolate.Runner, iso *isolate.Isolate) {
	if iso == nil {
		i.shut(r, errShutdown)
		i.rt.returnIsolate()
		return
	}
	iso.SetHandler(i)
	i.rt.witness.Watch(iso, i.worker.identity())
	i.mu.Lock()
	if i.state != waiting {
		i.mu.Unlock()
		i.rt.reap(iso)
		return
	}
	i.iso, i.state = iso, running
	b := iso.Begin()
	i.def.encode(b)
	b.Raw(i.pending.Bytes())
	i.pending = ops.Batch{}
	iso.Commit(r)
	i.mu.Unlock()
}

// begin returns the batch for one message. Preconditions: mu is held. Nil means that the instance is gone.
func (i *instance) begin() *ops.Batch {
	switch i.state {
	case waiting:
		return &i.pending
	case running:
		return i.iso.Begin()
	}
	return nil
}

// commit ends begin. Preconditions: mu is held.
func (i *instance) commit(r *isolate.Runner) {
	if i.state == running {
		i.iso.Commit(r)
	}
}

// open makes a context. Preconditions: mu is held, the instance is not closed.
func (i *instance) open() *requestContext {
	i.lastCtx++
	for i.lastCtx == 0 || i.contexts[i.lastCtx] != nil {
		i.lastCtx++
	}
	c := &requestContext{id: i.lastCtx, inst: i, limits: i.limits()}
	i.contexts[c.id] = c
	return c
}

// startFetch sends a request into the realm. Nil means that the instance is closed: nothing was done.
func (i *instance) startFetch(r *isolate.Runner, t *target, req *request, to fetchCaller) inflight {
	i.mu.Lock()
	q, refused := i.enqueue(t, req, to)
	if q != nil || refused {
		i.mu.Unlock()
		if refused {
			q = &queuedFetch{inst: i, req: req, to: to.(*httpCall)}
			q.refuse(r)
		}
		return q
	}
	running := i.startFetchLocked(r, t, req, to)
	i.mu.Unlock()
	return running
}

// startFetchLocked is startFetch past the queue. Preconditions: mu is held.
func (i *instance) startFetchLocked(r *isolate.Runner, t *target, req *request, to fetchCaller) inflight {
	b := i.begin()
	if b == nil {
		return nil
	}
	c := i.open()
	c.fetcher, c.depth = to, req.depth
	c.entry, c.by = t, req.by
	c.limit(t.limits)
	i.newTrace(c, t).ofFetch(req)
	c.calledBy(to)
	i.suspect(c)
	b.Begin(ops.MessageFetch, c.id)
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	b.ByteString(req.method)
	b.ByteString(req.url)
	b.ByteString(req.header)
	i.encodeBody(b, c, &req.body)
	if req.cf == nil {
		b.Null()
	} else {
		b.StringBytes(req.cf)
	}
	b.End(9)
	i.commit(r)
	return c
}

// startRPC sends an RPC for an entrypoint into the realm. Nil means that the instance is closed: nothing was done.
func (i *instance) startRPC(r *isolate.Runner, t *target, call *rpcCall, to rpcCaller) inflight {
	i.mu.Lock()
	b := i.begin()
	if b == nil {
		i.mu.Unlock()
		return nil
	}
	c := i.open()
	c.session, c.depth = true, call.depth
	c.entry, c.by = t, call.by
	c.limit(t.limits)
	i.newTrace(c, t).ofRPC(call)
	served := c.serve(to, true)
	c.calledBy(to)
	i.suspect(c)
	b.Begin(ops.MessageRPC, c.id)
	b.Int(int64(served.id))
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	i.encodeCall(b, c, call)
	b.End(7)
	i.commit(r)
	imported := c.imported > 0
	i.mu.Unlock()
	if caller, ok := to.(*workerCaller); ok && imported {
		caller.ctx.addSession(r, c)
	}
	return served
}

// callObject sends an RPC into a living context: for the object that it exports under the number, or for the answer of its call -n.
func (i *instance) callObject(r *isolate.Runner, c *requestContext, number int64, call *rpcCall, to rpcCaller) inflight {
	i.mu.Lock()
	var b *ops.Batch
	if !c.ended {
		b = i.begin()
	}
	if b == nil {
		i.mu.Unlock()
		drop(r, call.caps)
		to.fail(r, errContextGone)
		return nil
	}
	served := c.serve(to, false)
	b.Begin(ops.MessageRPC, c.id)
	b.Int(int64(served.id))
	b.Int(number)
	b.Null()
	b.Array(0)
	i.encodeCall(b, c, call)
	b.End(7)
	i.commit(r)
	i.suspect(c)
	i.mu.Unlock()
	return served
}

// encodeCall appends path, arguments and their capabilities.
func (i *instance) encodeCall(b *ops.Batch, c *requestContext, call *rpcCall) {
	b.Raw(call.path)
	encodeBlob(b, call.args)
	i.encodeCaps(b, c, call.caps, c.session)
}

// encodeProps appends props and their capabilities.
func (i *instance) encodeProps(b *ops.Batch, c *requestContext, t *target) {
	if t.propsJSON {
		b.StringBytes(t.props)
	} else {
		encodeBytes(b, t.props)
	}
	b.Array(len(t.caps))
	for _, s := range t.caps {
		b.Int(int64(i.addChannel(c, s, false)))
	}
}

// encodeCaps appends capabilities, which are the context's from now on: a channel number, or [handle, length] of a stream.
func (i *instance) encodeCaps(b *ops.Batch, c *requestContext, caps []capability, asArguments bool) {
	b.Array(len(caps))
	for _, item := range caps {
		if item.stream != nil {
			b.Array(2)
			b.Int(int64(i.addBody(c, item.stream)))
			b.Int(item.length)
			continue
		}
		b.Int(int64(i.addChannel(c, item.service, asArguments && !item.weak)))
	}
}

// addChannel gives a service a number in the realm, for as long as the context lives. It takes over the caller's reference.
func (i *instance) addChannel(c *requestContext, s service, asArgument bool) uint32 {
	i.lastChannel++
	for i.lastChannel <= firstChannel || i.channels[i.lastChannel].service != nil {
		i.lastChannel++
		i.lastChannel = max(i.lastChannel, firstChannel+1)
	}
	ch := channel{service: s, ctx: c}
	if _, is := s.(counted); is && asArgument {
		ch.imported = true
		c.imported++
	}
	i.channels[i.lastChannel] = ch
	if c.channels == nil {
		c.channels = make(map[uint32]struct{})
	}
	c.channels[i.lastChannel] = struct{}{}
	return i.lastChannel
}

// encodeBody appends a body and its length: 0 for none, bytes, or the handle of a stream, which is the context's.
func (i *instance) encodeBody(b *ops.Batch, c *requestContext, p *payload) {
	switch {
	case p.stream != nil:
		b.Int(int64(i.addBody(c, p.stream)))
		p.stream = nil
	case p.data != nil:
		b.Data(p.data)
	default:
		b.Int(0)
	}
	b.Int(p.length)
}

// living forgets, now and then, handles of a list that nothing is behind any more: the context of a Durable Object lives long.
func (i *instance) living(list []uint32) []uint32 {
	if n := len(list); n < 64 || n&(n-1) != 0 {
		return list
	}
	return slices.DeleteFunc(list, func(rid uint32) bool { return i.bodies[rid] == nil })
}

func (i *instance) addBody(c *requestContext, s body) uint32 {
	i.lastBody++
	for i.lastBody == 0 || i.bodies[i.lastBody] != nil {
		i.lastBody++
	}
	i.bodies[i.lastBody] = s
	c.bodies = append(i.living(c.bodies), i.lastBody)
	return i.lastBody
}

// channel finds a service by its number. Preconditions: mu is held.
func (i *instance) channel(n int64) service {
	switch {
	case n == 0:
		return i.def.outbound
	case n > 0 && n <= int64(len(i.def.channels)):
		return i.def.channels[n-1]
	}
	if ch := i.channels[uint32(n)]; ch.service != nil {
		return ch.service
	}
	return refusal{errNoCapability}
}

// complete settles a promise of a context, with encode appending what follows the promise id and saying how many values that is.
// It reports false if nobody waits any more. encode runs under mu.
func (i *instance) complete(r *isolate.Runner, c *requestContext, promise uint32, encode func(b *ops.Batch) int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, ok := c.finish(promise); !ok {
		return false
	}
	c.pending--
	b := i.begin()
	if b == nil {
		return false
	}
	b.Begin(ops.MessageComplete, c.id)
	b.Int(int64(promise))
	b.End(1 + encode(b))
	i.commit(r)
	i.suspect(c)
	return true
}

// reject is complete with a failure.
func (i *instance) reject(r *isolate.Runner, c *requestContext, promise uint32, f *failure) {
	i.complete(r, c, promise, f.encode)
}

// pull asks the realm for the next chunk of an exported stream.
func (i *instance) pull(r *isolate.Runner, id int64, done pullDone) {
	i.mu.Lock()
	s := i.streams[id]
	var b *ops.Batch
	if s != nil && s.done == nil {
		b = i.begin()
	}
	if b == nil {
		i.mu.Unlock()
		done(r, nil, errDisconnected)
		return
	}
	s.done = done
	s.ctx.pending++
	b.Begin(ops.MessageStreamPull, s.ctx.id)
	b.Int(id)
	b.End(1)
	i.commit(r)
	i.mu.Unlock()
}

// cancelStream tells the realm that nobody reads a stream any more.
func (i *instance) cancelStream(r *isolate.Runner, id int64, f *failure) {
	if f == nil {
		f = errAborted
	}
	i.mu.Lock()
	s := i.streams[id]
	if s == nil {
		i.mu.Unlock()
		return
	}
	delete(i.streams, id)
	var left *leftovers
	if b := i.begin(); b != nil {
		if s.isBodyOfFetch() && f != errUnwanted {
			encodeCancel(b, s.ctx, errClientGone)
		}
		b.Begin(ops.MessageStreamCancel, s.ctx.id)
		b.Int(id)
		b.String(f.class)
		b.String(f.message)
		encodeBlob(b, f.detail)
		b.End(4)
		if s.held { // what the worker does about it may keep the context
			encodeEnd(b, s.ctx, endIfUnused)
		}
		i.commit(r)
	} else {
		left = s.over()
	}
	i.mu.Unlock()
	if s.done != nil {
		s.done(r, nil, io.ErrClosedPipe)
	}
	left.release(r)
}

// isBodyOfFetch says whether the stream is what a fetch event, which is its whole context, has answered with.
func (s *exported) isBodyOfFetch() bool { return s.held && s.ctx.actor == nil && !s.ctx.session }

// over notes that the stream has ended. Preconditions: mu is held.
func (s *exported) over() *leftovers {
	if !s.held {
		return nil
	}
	s.ctx.heldStreams--
	return s.ctx.endIfDone()
}

// takeFetcher returns who waits for the answer of a fetch event, and marks it given.
func (c *requestContext) takeFetcher() fetchCaller {
	f := c.fetcher
	c.fetcher = nil
	c.answered = true
	return f
}

// timerContext is the context's name among all timers of the runtime.
func (i *instance) timerContext(ctx uint32) uint64 { return i.number<<32 | uint64(ctx) }

// suspect puts a context on the list of those that may have nothing left to wait for. Preconditions: mu is held.
func (i *instance) suspect(c *requestContext) {
	if c.suspect || len(c.idle) == 0 && (c.actor != nil || !c.owes() && !c.lingers()) { // what an object waits for, its next event may bring
		return
	}
	c.suspect = true
	i.suspects = append(i.suspects, c)
}

// findHung fails the contexts that wait for nothing and still owe an answer, and ends those that keep what they were sent for nothing. It is exact only when no message waits: a promise
// that has been settled may go on to start something.
func (i *instance) findHung(r *isolate.Runner) {
	i.mu.Lock()
	if len(i.suspects) == 0 || i.state != running || !i.loaded || !i.iso.Quiet() {
		if len(i.suspects) > 1024 {
			i.dropAnswered()
		}
		i.mu.Unlock()
		return
	}
	var hung, idle []*requestContext
	var left []*leftovers
	kept := i.suspects[:0]
	for _, c := range i.suspects {
		switch c.suspect = false; {
		case c.ended || c.pending > 0:
		case len(c.idle) > 0:
			idle = append(idle, c)
		case c.lingers():
			left = append(left, i.endNow(r, c))
		case !c.owes():
		case i.helps(c):
			c.suspect = true
			kept = append(kept, c)
		default:
			hung = append(hung, c)
		}
	}
	clear(i.suspects[len(kept):])
	i.suspects = kept
	i.mu.Unlock()
	for _, l := range left {
		l.release(r)
	}
	for _, c := range idle {
		i.answerIdle(r, c)
	}
	for _, c := range hung {
		i.abandon(r, c, errHung)
	}
}

// endNow ends a context on both sides. Preconditions: mu is held.
func (i *instance) endNow(r *isolate.Runner, c *requestContext) *leftovers {
	if b := i.begin(); b != nil {
		encodeEnd(b, c, endNow)
		i.commit(r)
	}
	return c.end()
}

// helps says whether a context that this one has called in its own realm still works at what it has begun (waitUntil): that may settle
// a promise which both know. Preconditions: mu is held.
func (i *instance) helps(c *requestContext) bool {
	for _, called := range i.contexts {
		if called.caller == c && called.waiting > 0 && called.pending > 0 {
			return true
		}
	}
	return false
}

// calledBy notes whose call has opened a context, if that is of the same realm. Preconditions: mu is held.
func (c *requestContext) calledBy(to any) {
	if w, ok := to.(*workerCaller); ok && w.inst == c.inst {
		c.caller = w.ctx
	}
}

func (i *instance) dropAnswered() {
	kept := i.suspects[:0]
	for _, c := range i.suspects {
		if c.ended || !c.owes() && !c.lingers() {
			c.suspect = false
		} else {
			kept = append(kept, c)
		}
	}
	clear(i.suspects[len(kept):])
	i.suspects = kept
}

// abandon answers a context with a failure of the platform and ends it.
func (i *instance) abandon(r *isolate.Runner, c *requestContext, f *failure) {
	i.mu.Lock()
	if c.ended || i.passThrough(r, c, f) {
		i.mu.Unlock()
		return
	}
	c.trace.breakOff(f)
	owed := c.takeOwed()
	i.mu.Unlock()
	owed.fail(r, f)
	i.cancelContext(r, c, f)
}

// owed are those who wait for answers of a context.
type owed struct {
	fetcher   fetchCaller
	served    []*servedCall
	connector connectCaller
	events    []*actorEvent
}

// takeOwed takes them all. Preconditions: mu is held.
func (c *requestContext) takeOwed() owed {
	o := owed{fetcher: c.takeFetcher(), served: c.served, connector: c.connector}
	if c.actor != nil {
		o.events, c.actor.events = c.actor.events, nil
		for _, e := range o.events {
			c.bodies = append(c.bodies, e.body)
		}
	}
	c.served, c.connecting, c.connector = nil, false, nil
	return o
}

// fail answers them. The platform counts a failure of its own as the callee's fault for a fetch, not for an RPC.
func (o owed) fail(r *isolate.Runner, f *failure) {
	remote := *f
	remote.origin = fromWorker
	if o.fetcher != nil {
		o.fetcher.fail(r, &remote)
	}
	for _, e := range o.events {
		e.to.fail(r, &remote)
	}
	for _, s := range o.served {
		if s.to != nil {
			s.to.fail(r, f)
		}
	}
	if o.connector != nil {
		o.connector.fail(r, f)
	}
}

// shut ends the instance: every context gets the failure, the isolate is freed by the runtime's reaper. Shutting twice is allowed.
func (i *instance) shut(r *isolate.Runner, f *failure) {
	i.mu.Lock()
	if i.state == closed {
		i.mu.Unlock()
		return
	}
	i.state = closed
	i.failure = f
	iso := i.iso
	started := i.loaded
	if !started {
		i.loaded = true
		close(i.started)
	}
	queued := i.queue.leave()
	contexts := i.contexts
	i.contexts = map[uint32]*requestContext{}
	i.codecs = codecs{closed: true}
	var left []*leftovers
	var answers []owed
	for _, c := range contexts {
		switch {
		case !started:
			c.trace = nil
		case c.owes():
			c.trace.breakOff(f)
		}
		answers = append(answers, c.takeOwed())
		left = append(left, c.end())
	}
	i.mu.Unlock()
	i.worker.forget(i)
	for _, a := range answers {
		if a.fetcher != nil {
			a.fetcher.fail(r, f)
			a.fetcher = nil
		}
		a.fail(r, f)
	}
	for _, l := range left {
		l.release(r)
	}
	for _, q := range queued {
		q.again(r)
	}
	if iso != nil {
		i.rt.reap(iso)
	}
}

// idle says whether the instance has nothing to do and closes it then, for eviction.
func (i *instance) shutIfIdle(r *isolate.Runner) bool {
	i.mu.Lock()
	busy := i.state != running || !i.loaded || len(i.contexts) > 0 || !i.iso.Quiet()
	i.mu.Unlock()
	if busy {
		return false
	}
	i.shut(r, errShutdown)
	return true
}

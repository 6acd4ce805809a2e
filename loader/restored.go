package loader

import (
	"sync"
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Stubs of ctx.restore(params), which a Durable Object can store: each is of what the method [restore] of an entrypoint has made of params, and
// is made again by it when the stub comes back. What is kept is a recipe; what is called is a restored.

// storageFlag is the compatibility flag without which nothing of this is there.
const storageFlag = "allow_irrevocable_stub_storage"

// A recipe is how to make a stub again. It is never changed.
type recipe struct {
	vendor service   // of whose entrypoint the method is: *target, *actorTarget or *recipe
	params []byte    // serialised
	caps   []service // of params
	object bool      // whether the method gives an RpcStub, or a service stub
}

var _ service = (*recipe)(nil)

// call makes the stub for one call. A realm that keeps the stub makes it once, see requestContext.live.
func (s *recipe) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	live := newRestored(s)
	return live.call(r, c, &oneRestoredCall{to, live})
}

func (s *recipe) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	live := newRestored(s)
	return live.fetch(r, req, &oneRestoredFetch{to, live})
}

// oneRestoredCall lets go of a stub that was made for one call.
type oneRestoredCall struct {
	rpcCaller
	of *restored
}

func (c *oneRestoredCall) result(r *isolate.Runner, a *rpcAnswer) {
	c.rpcCaller.result(r, a)
	c.of.release(r)
}

func (c *oneRestoredCall) bounce(r *isolate.Runner, taken bool) {
	c.rpcCaller.bounce(r, taken)
	c.of.release(r)
}

func (c *oneRestoredCall) fail(r *isolate.Runner, f *failure) {
	c.rpcCaller.fail(r, f)
	c.of.release(r)
}

// oneRestoredFetch is the same for a request.
type oneRestoredFetch struct {
	fetchCaller
	of *restored
}

func (c *oneRestoredFetch) respond(r *isolate.Runner, res *response) {
	c.fetchCaller.respond(r, res)
	c.of.release(r)
}

func (c *oneRestoredFetch) fail(r *isolate.Runner, f *failure) {
	c.fetchCaller.fail(r, f)
	c.of.release(r)
}

// A restored is a stub that a recipe makes: at once, or when it is first used. Calls wait until it is there.
type restored struct {
	of   *recipe
	refs atomic.Int32

	mu      sync.Mutex // guards the rest
	asked   bool
	inner   service      // once it is there
	caps    []capability // what it came with, which keeps it alive
	why     *failure     // why it can never be used
	vendor  *restored    // whose method is called, if that is another's stub
	running inflight
	waiting []*facetCall
	over    bool
}

var (
	_ counted   = (*restored)(nil)
	_ rpcCaller = (*restored)(nil)
)

// newRestored makes a stub with one reference.
func newRestored(of *recipe) *restored {
	s := &restored{of: of}
	s.refs.Store(1)
	return s
}

func (s *restored) retain() { s.refs.Add(1) }

func (s *restored) release(r *isolate.Runner) {
	if s.refs.Add(-1) > 0 {
		return
	}
	s.mu.Lock()
	s.over = true
	caps, vendor, running := s.caps, s.vendor, s.running
	s.caps, s.vendor, s.running = nil, nil, nil
	s.mu.Unlock()
	if running != nil {
		running.cancel(r)
	}
	drop(r, caps)
	if vendor != nil {
		vendor.release(r)
	}
}

// enter gives what a call is for now, or keeps what wait makes of it; ask says that the stub is to be made.
func (s *restored) enter(wait func() *facetCall) (to service, waits *facetCall, ask bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.why != nil:
		return refusal{s.why}, nil, false
	case s.inner != nil:
		return s.inner, nil, false
	}
	waits = wait()
	s.waiting = append(s.waiting, waits)
	ask, s.asked = !s.asked, true
	return nil, waits, ask
}

func (s *restored) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	req.by = s.of
	inner, waits, ask := s.enter(func() *facetCall { return waitingFetch(req, to) })
	if inner != nil {
		return inner.fetch(r, req, to)
	}
	if ask {
		s.ask(r, req.from, req.depth+1)
	}
	return waits
}

func (s *restored) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	c.by = s.of
	inner, waits, ask := s.enter(func() *facetCall { return waitingCall(c, to) })
	if inner != nil {
		return inner.call(r, c, to)
	}
	if ask {
		s.ask(r, c.from, c.depth+1)
	}
	return waits
}

// ask has the stub made.
func (s *restored) ask(r *isolate.Runner, from *worker, depth int) {
	to := s.of.vendor
	if of, ok := to.(*recipe); ok {
		vendor := newRestored(of)
		s.mu.Lock()
		s.vendor = vendor // the caller's stub is referred to until its call has begun
		s.mu.Unlock()
		to = vendor
	}
	c := rpcCall{from: from, depth: depth, path: restorePath(s.of.object), args: s.of.params}
	for _, cap := range s.of.caps {
		c.caps = append(c.caps, capability{service: cap, weak: true})
	}
	running := to.call(r, &c, s)
	s.mu.Lock()
	pending, over := s.inner == nil && s.why == nil, s.over
	if pending && !over {
		s.running = running
	}
	s.mu.Unlock()
	if pending && over && running != nil {
		running.cancel(r) // whoever has let go of the stub in the meantime could not
	}
}

// restorePath is what stands for a path when a stub is to be made: no script can send it. See polyfills/cloudflare/restore.js.
func restorePath(object bool) []byte {
	kind := int64(1)
	if object {
		kind = 2
	}
	var b ops.Batch
	b.Array(1)
	b.Int(kind)
	return b.Bytes()
}

// result implements rpcCaller: the first capability of the answer is the stub, and another keeps what has made it.
func (s *restored) result(r *isolate.Runner, a *rpcAnswer) {
	if len(a.caps) == 0 || a.caps[0].service == nil {
		drop(r, a.caps)
		s.fail(r, errNoCapability)
		return
	}
	s.settle(r, a.caps, nil)
}

// bounce implements rpcCaller. An entrypoint does not send calls back.
func (s *restored) bounce(r *isolate.Runner, _ bool) { s.fail(r, errNoCapability) }

// fail implements rpcCaller.
func (s *restored) fail(r *isolate.Runner, f *failure) { s.settle(r, nil, f) }

// settle makes the calls that have waited.
func (s *restored) settle(r *isolate.Runner, caps []capability, why *failure) {
	s.mu.Lock()
	s.running = nil
	s.why = why
	if why == nil {
		s.inner = caps[0].service
	}
	over := s.over
	if !over {
		s.caps = caps
	}
	waiting, to := s.waiting, s.inner
	s.waiting = nil
	s.mu.Unlock()
	if why != nil {
		to = refusal{why}
	}
	for _, c := range waiting {
		c.start(r, to)
	}
	if over {
		drop(r, caps)
	}
}

// live is the stub that the context has of a recipe; it lasts as long as the context. Preconditions: mu is held.
func (c *requestContext) live(of *recipe) *restored {
	s := c.restored[of]
	if s == nil {
		s = newRestored(of)
		if c.restored == nil {
			c.restored = map[*recipe]*restored{}
		}
		c.restored[of] = s
	}
	return s
}

// itself is how the entrypoint is reached whose event the context is, nil if nobody could find it again: that of a dynamic worker, and a facet,
// unless it was called by a stub that can be stored. No lock may be held.
func (c *requestContext) itself() service {
	i := c.inst
	switch a := c.actor; {
	case a != nil && a.space.facet == nil:
		return &actorTarget{space: a.space, id: a.id, name: a.name, bound: a.space.breaksOf(a.id), storable: true}
	case a == nil && !i.worker.dynamic && c.entry != nil:
		t := *c.entry
		t.storable = true
		return &t
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if c.by == nil {
		return nil
	}
	return c.by
}

var errNoItself = hostError("ctx.restore() cannot be used in this context because the system does not know how to " +
	"restore this context itself, in order to be able to invoke its [restore]() method. " +
	"This may happen if the current worker is a Dynamic Worker or a Durable Object Facet (or " +
	"both), and the immediate caller did not specify how to restore it. To fix this, ensure " +
	"that the caller of this Worker uses a stub that was created via its own " +
	"context.restore().")

// opStubRestored answers op_stub_restored.
func (i *instance) opStubRestored(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	of := &recipe{object: a.Bool()}
	i.mu.Lock()
	made := i.readCap(c, a, false)
	of.params = append([]byte{}, a.Bytes()...)
	of.caps = i.readTargets(c, a)
	i.mu.Unlock()
	if of.vendor = c.itself(); of.vendor == nil {
		drop(r, []capability{made})
		i.reject(r, c, promise, errNoItself)
		return
	}
	s := newRestored(of)
	s.asked, s.inner, s.caps = true, made.service, []capability{made}
	taken := i.complete(r, c, promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Int(int64(i.addChannel(c, s, false)))
		return 2
	})
	if !taken {
		s.release(r)
	}
}

package loader

import (
	"bytes"
	"slices"
	"sync"

	"github.com/dynos-run/dynos/isolate"
)

// A facetCall is a call that waits for what it is for: the class of a facet, or the answer of another such call.
type facetCall struct {
	begin func(r *isolate.Runner, s service) inflight

	mu        sync.Mutex // guards the rest
	started   bool
	cancelled bool
	running   inflight     // what it has become; nil if it has been answered at once
	next      []*facetCall // on its answer
}

var _ pipeliner = (*facetCall)(nil)

// start makes the call.
func (c *facetCall) start(r *isolate.Runner, s service) {
	running := c.begin(r, s)
	c.mu.Lock()
	c.started, c.running = true, running
	cancelled, next := c.cancelled, c.next
	c.next = nil
	c.mu.Unlock()
	for _, n := range next {
		n.start(r, c.answer(running))
	}
	if cancelled && running != nil {
		running.cancel(r)
	}
}

// answer is what calls on the answer of a call are for that has become running.
func (c *facetCall) answer(running inflight) service {
	if p, ok := running.(pipeliner); ok {
		return p.pipeline()
	}
	return bounced{}
}

// cancel implements inflight.
func (c *facetCall) cancel(r *isolate.Runner) {
	c.mu.Lock()
	c.cancelled = true
	running := c.running
	c.mu.Unlock()
	if running != nil {
		running.cancel(r)
	}
}

// pipeline implements pipeliner.
func (c *facetCall) pipeline() service { return facetAnswer{c} }

// facetAnswer is the answer of a call that may be waiting.
type facetAnswer struct{ of *facetCall }

func (a facetAnswer) call(r *isolate.Runner, call *rpcCall, to rpcCaller) inflight {
	c := a.of
	c.mu.Lock()
	if c.started {
		running := c.running
		c.mu.Unlock()
		return c.answer(running).call(r, call, to)
	}
	defer c.mu.Unlock()
	n := waitingCall(call, to)
	c.next = append(c.next, n)
	return n
}

func (a facetAnswer) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// bounced is the answer of a call that has been given.
type bounced struct{}

func (bounced) call(r *isolate.Runner, _ *rpcCall, to rpcCaller) inflight {
	to.bounce(r, true)
	return nil
}

func (bounced) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// waitingCall keeps an RPC, whose slices are valid now only.
func waitingCall(call *rpcCall, to rpcCaller) *facetCall {
	kept := *call
	kept.path, kept.args, kept.caps = bytes.Clone(call.path), bytes.Clone(call.args), slices.Clone(call.caps)
	return &facetCall{begin: func(r *isolate.Runner, s service) inflight { return s.call(r, &kept, to) }}
}

// waitingFetch keeps a request.
func waitingFetch(req *request, to fetchCaller) *facetCall {
	kept := *req
	kept.method, kept.url, kept.header, kept.cf = bytes.Clone(req.method), bytes.Clone(req.url), bytes.Clone(req.header), bytes.Clone(req.cf)
	kept.body.data = bytes.Clone(req.body.data)
	return &facetCall{begin: func(r *isolate.Runner, s service) inflight { return s.fetch(r, &kept, to) }}
}

// enter gives what a call is for now, or keeps what wait makes of it.
func (f *facet) enter(wait func() *facetCall) (service, *facetCall) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.why != nil:
		return refusal{f.why}, nil
	case f.target != nil:
		return f.target, nil
	}
	c := wait()
	f.waiting = append(f.waiting, c)
	return nil, c
}

func (f *facet) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	s, waits := f.enter(func() *facetCall { return waitingFetch(req, to) })
	if waits != nil {
		return waits
	}
	return s.fetch(r, req, to)
}

func (f *facet) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	s, waits := f.enter(func() *facetCall { return waitingCall(c, to) })
	if waits != nil {
		return waits
	}
	return s.call(r, c, to)
}

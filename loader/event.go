package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An event is one that a handler is called for, beside requests and calls: of a schedule, of a queue.
type event struct {
	// kind is one that polyfills/cloudflare/handler_event.js knows.
	kind string
	// payload is what the event is about, serialised.
	payload []byte
	// info is what its trace shows: encoded values, and how many they are.
	info  []byte
	infos int
	// parent is what it is part of.
	parent spanRef
}

var errNoEvents = hostError("This service does not handle events of this kind.")

// An eventCaller waits for the answer to an event, which it gets as the body of a response.
type eventCaller struct {
	caller *workerCaller
}

// respond implements fetchCaller.
func (e eventCaller) respond(r *isolate.Runner, res *response) {
	w := e.caller
	w.spans.end()
	w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Data(res.body.data)
		return 2
	})
}

// fail implements fetchCaller. That an event hangs is an answer too.
func (e eventCaller) fail(r *isolate.Runner, f *failure) {
	w := e.caller
	if f.message != errHung.message {
		w.fail(r, f)
		return
	}
	w.spans.end()
	w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Null()
		return 2
	})
}

// opEvent sends an event to a service.
func (i *instance) opEvent(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	to := eventCaller{&workerCaller{inst: i, ctx: c, promise: promise}}
	i.mu.Lock()
	s := i.readTarget(c, a)
	e := event{kind: a.String(), payload: a.Bytes(), infos: a.Array()}
	e.info = a.Raw(e.infos)
	to.caller.spans = c.spansOf(e.kind)
	e.parent = to.caller.spans.parent()
	i.mu.Unlock()
	switch s := s.(type) {
	case *target:
		running := s.event(r, &e, to)
		i.mu.Lock()
		c.attach(promise, running)
		i.mu.Unlock()
	case refusal:
		to.fail(r, s.f)
	default:
		to.fail(r, errNoEvents)
	}
}

// event sends an event to an entrypoint.
func (t *target) event(r *isolate.Runner, e *event, to fetchCaller) inflight {
	for {
		i, f := t.worker.instance(r)
		if f != nil {
			to.fail(r, f)
			return nil
		}
		if running := i.startEvent(r, t, e, to); running != nil {
			return running
		}
	}
}

// startEvent sends an event into the realm. Nil means that the instance is closed: nothing was done.
func (i *instance) startEvent(r *isolate.Runner, t *target, e *event, to fetchCaller) inflight {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return nil
	}
	c := i.open()
	c.fetcher, c.entry = to, t
	c.limit(t.limits)
	i.newTrace(c, t).ofEvent(e)
	i.suspect(c)
	b.Begin(ops.MessageEvent, c.id)
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	b.String(e.kind)
	b.Blob(e.payload)
	b.End(5)
	i.commit(r)
	return c
}

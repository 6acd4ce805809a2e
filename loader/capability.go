package loader

import (
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A capability travels beside serialised bytes: something that can be called, or a stream. Who holds one owns a reference.
type capability struct {
	service service
	weak    bool // as an argument, it does not keep the callee's context alive
	stream  body
	length  int64 // of the stream in bytes, -1 if unknown
}

// A counted service goes when nobody refers to it any more. Other services just stay.
type counted interface {
	service
	// retain adds a reference. Preconditions: the caller has one, or the service is being handed out by its owner.
	retain()
	// release takes one away. No lock of an instance may be held.
	release(r *isolate.Runner)
}

func retain(s service) {
	if c, ok := s.(counted); ok {
		c.retain()
	}
}

func release(r *isolate.Runner, s service) {
	if c, ok := s.(counted); ok {
		c.release(r)
	}
}

// drop gives up capabilities that nobody takes.
func drop(r *isolate.Runner, caps []capability) {
	for _, c := range caps {
		if c.stream != nil {
			c.stream.cancel(r, nil)
		} else {
			release(r, c.service)
		}
	}
}

// An exportedObject is an object of a realm that others can call: it belongs to a request context, and its calls run in it.
type exportedObject struct {
	ctx  *requestContext
	id   uint32
	refs atomic.Int32
	sent int // how often the realm has handed it out; guarded by the instance's mu
}

// export finds or makes the object of a number and adds a reference. Preconditions: mu is held.
func (c *requestContext) export(id uint32, inAnswer bool) *exportedObject {
	o := c.exports[id]
	if o == nil || !o.tryRetain() {
		o = &exportedObject{ctx: c, id: id}
		o.refs.Store(1)
		if c.exports == nil {
			c.exports = make(map[uint32]*exportedObject)
		}
		c.exports[id] = o
		c.pending++ // somebody may call it
	}
	o.sent++
	if inAnswer && c.session && !c.holds(id) {
		if c.heldExports == nil {
			c.heldExports = make(map[uint32]struct{})
		}
		c.heldExports[id] = struct{}{}
	}
	return o
}

func (c *requestContext) holds(id uint32) bool {
	_, is := c.heldExports[id]
	return is
}

// tryRetain adds a reference unless the last one has gone.
func (o *exportedObject) tryRetain() bool {
	for {
		n := o.refs.Load()
		if n == 0 {
			return false
		}
		if o.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (o *exportedObject) retain() { o.refs.Add(1) }

func (o *exportedObject) release(r *isolate.Runner) {
	if o.refs.Add(-1) > 0 {
		return
	}
	c := o.ctx
	i := c.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	if c.ended {
		return
	}
	c.pending--
	if c.exports[o.id] == o {
		delete(c.exports, o.id)
	}
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageRelease, c.id)
		b.Int(int64(o.id))
		b.Int(int64(o.sent))
		b.End(2)
		i.commit(r)
	}
	i.suspect(c)
}

func (o *exportedObject) call(r *isolate.Runner, call *rpcCall, to rpcCaller) inflight {
	return o.ctx.inst.callObject(r, o.ctx, int64(o.id), call, to)
}

func (o *exportedObject) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// An answerOf is the answer of a call that a realm serves, perhaps before it is there: calls on it wait in the realm.
type answerOf struct{ served *servedCall }

func (a answerOf) call(r *isolate.Runner, call *rpcCall, to rpcCaller) inflight {
	return a.served.ctx.inst.callObject(r, a.served.ctx, -int64(a.served.id), call, to)
}

func (a answerOf) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// opCapRelease lets go of a channel of a context.
func (i *instance) opCapRelease(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	n := uint32(a.Int())
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	s, left := c.releaseChannel(n)
	i.mu.Unlock()
	release(r, s)
	left.release(r)
}

// releaseChannel takes channel n out of the context. Preconditions: mu is held. The caller releases what is returned.
func (c *requestContext) releaseChannel(n uint32) (service, *leftovers) {
	i := c.inst
	ch, ok := i.channels[n]
	if !ok || ch.ctx != c {
		return nil, nil
	}
	delete(i.channels, n)
	delete(c.channels, n)
	if of, ok := ch.service.(*recipe); ok && c.restored[of] != nil {
		made := c.restored[of]
		delete(c.restored, of)
		return made, nil
	}
	if !ch.imported {
		return ch.service, nil
	}
	c.imported--
	return ch.service, c.endIfDone()
}

// opExportDropped notes that an object which was part of an answer is gone from the realm.
func (i *instance) opExportDropped(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	id := uint32(a.Int())
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	delete(c.heldExports, id)
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

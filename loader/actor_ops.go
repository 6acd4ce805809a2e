package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// callBind answers op_object_bind.
func (i *instance) callBind(args *ops.Reader, answer *ops.Batch) {
	s := i.def.space(args.Int())
	isolate.CallResult(answer)
	if s == nil {
		answer.Int(0)
		return
	}
	answer.Int(int64(s.breaksOf(args.String())))
}

// readObject reads [space, id, name, how often it had broken, whether it can be stored] of the stub of an object.
func (i *instance) readObject(a *ops.Reader) service {
	t := &actorTarget{space: i.def.space(a.Int()), id: a.String()}
	if !a.IsNull() {
		name := a.String()
		t.name = &name
	}
	t.bound = uint32(a.Int())
	t.storable = a.Bool() && i.def.flags[storageFlag]
	if t.space == nil {
		return refusal{errNoCapability}
	}
	return t
}

// takeEvent finds the event that an op answers and takes it off its object's list. Preconditions: mu is held.
func (i *instance) takeEvent(ctx uint32, a *ops.Reader) (*requestContext, *actorEvent) {
	id := uint32(a.Int())
	c := i.contexts[ctx]
	if c == nil || c.actor == nil {
		return nil, nil
	}
	e := c.actor.event(id)
	if e != nil {
		c.actor.drop(e)
		c.actor.touch()
	}
	return c, e
}

func (i *instance) opObjectRespond(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	c, e := i.takeEvent(ctx, a)
	if c == nil {
		i.mu.Unlock()
		return
	}
	res, f := i.readResponse(c, a)
	var unread body
	if e != nil && res.body.stream == nil { // one that is passed on belongs to the response
		unread = e.takeBody()
	}
	i.mu.Unlock()
	if res.webSocket != nil {
		res.webSocket.attach(r, nil)
	}
	switch {
	case e == nil:
		res.cancel(r)
	case f != nil:
		res.cancel(r)
		e.to.fail(r, f)
	default:
		e.to.respond(r, &res)
	}
	if unread != nil {
		unread.cancel(r, nil)
	}
}

func (i *instance) opObjectFail(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	c, e := i.takeEvent(ctx, a)
	if c == nil || e == nil {
		i.mu.Unlock()
		return
	}
	unread := e.takeBody()
	i.mu.Unlock()
	e.to.fail(r, i.readThrown(a))
	if unread != nil {
		unread.cancel(r, nil)
	}
}

// opObjectResume delivers what the object has put off, a message for each.
func (i *instance) opObjectResume(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.contexts[ctx] == nil {
		return
	}
	for n := a.Int(); n > 0; n-- {
		b := i.begin()
		if b == nil {
			return
		}
		b.Begin(ops.MessageObjectResume, ctx)
		b.End(0)
		i.commit(r)
	}
}

// opObjectSync is performed when what was written before is durable, like any op.
func (i *instance) opObjectSync(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	i.complete(r, c, promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Undefined()
		return 2
	})
}

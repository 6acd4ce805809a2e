package loader

import (
	"slices"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An actorEvent is a request that a Durable Object is handling, until it is answered. An RPC is a servedCall of its context.
type actorEvent struct {
	actor *actor
	id    uint32
	to    fetchCaller
	body  uint32 // handle of the request's body, which ends with the event
}

// cancel implements inflight: the caller has gone. The object goes on.
func (e *actorEvent) cancel(r *isolate.Runner) {
	i := e.actor.inst
	i.mu.Lock()
	if !e.actor.drop(e) {
		i.mu.Unlock()
		return
	}
	left := e.takeBody()
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageObjectCancel, e.actor.ctx.id)
		b.Int(int64(e.id))
		b.String("AbortError")
		b.String("The client has disconnected")
		b.End(3)
		i.commit(r)
	}
	i.mu.Unlock()
	if left != nil {
		left.cancel(r, nil)
	}
}

// takeBody takes the request's body away, nil if that has been read. Preconditions: the instance's mu is held.
func (e *actorEvent) takeBody() body {
	i := e.actor.inst
	b := i.bodies[e.body]
	if e.body == 0 || b == nil {
		return nil
	}
	delete(i.bodies, e.body)
	return b
}

// drop takes an event off the list, and says whether it was there. Preconditions: the instance's mu is held.
func (a *actor) drop(e *actorEvent) bool {
	k := slices.Index(a.events, e)
	if k < 0 {
		return false
	}
	a.events = slices.Delete(a.events, k, k+1)
	return true
}

// event finds an event by its number, nil if nobody waits for it any more. Preconditions: the instance's mu is held.
func (a *actor) event(id uint32) *actorEvent {
	for _, e := range a.events {
		if e.id == id {
			return e
		}
	}
	return nil
}

// startActor makes the object in the realm. False means that the instance is closed: nothing was done.
func (i *instance) startActor(r *isolate.Runner, a *actor) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return false
	}
	c := i.open()
	c.session, c.actor = true, a
	a.ctx = c
	i.hosts.Store(true)
	b.Begin(ops.MessageObjectStart, c.id)
	b.String(a.space.class.Name)
	b.String(a.id)
	if a.name == nil {
		b.Null()
	} else {
		b.String(*a.name)
	}
	if a.space.props == nil {
		b.Null()
		b.Array(0)
	} else {
		i.encodeProps(b, c, a.space.props)
	}
	b.Bool(a.space.class.SQL)
	b.Int(int64(a.depth()))
	b.Bool(a.space.isText)
	b.End(8)
	i.commit(r)
	return true
}

// begin returns the batch for a message that begins an event, whose limits are its own. Preconditions: the instance's mu is held. Nil means that
// the object has ended.
func (a *actor) begin() *ops.Batch {
	if a.ctx.ended {
		return nil
	}
	b := a.inst.begin()
	if b != nil {
		a.ctx.cpu, a.ctx.subrequests = 0, 0
		a.touch()
	}
	return b
}

// addEvent lists an event that begins. Preconditions: the instance's mu is held.
func (a *actor) addEvent(to fetchCaller) *actorEvent {
	a.lastEvent++
	e := &actorEvent{actor: a, id: a.lastEvent, to: to}
	a.events = append(a.events, e)
	return e
}

// reachedBy notes a stub that knows how to find a facet again. Preconditions: the instance's mu is held.
func (a *actor) reachedBy(by *recipe) {
	if by != nil && a.ctx.by == nil {
		a.ctx.by = by
	}
}

// startFetch sends a request to the object. Nil means that it has ended: nothing was done.
func (a *actor) startFetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	i := a.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	b := a.begin()
	if b == nil {
		return nil
	}
	a.reachedBy(req.by)
	e := a.addEvent(to)
	b.Begin(ops.MessageObjectFetch, a.ctx.id)
	b.Int(int64(e.id))
	b.ByteString(req.method)
	b.ByteString(req.url)
	b.ByteString(req.header)
	streams := req.body.stream != nil
	i.encodeBody(b, a.ctx, &req.body)
	if streams {
		e.body = i.lastBody
		a.ctx.bodies = a.ctx.bodies[:len(a.ctx.bodies)-1] // it is the event's
	}
	if req.cf == nil {
		b.Null()
	} else {
		b.StringBytes(req.cf)
	}
	b.End(7)
	i.commit(r)
	return e
}

// startCall sends an RPC to the object. Nil means that it has ended: nothing was done.
func (a *actor) startCall(r *isolate.Runner, call *rpcCall, to rpcCaller) inflight {
	i := a.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	b := a.begin()
	if b == nil {
		return nil
	}
	a.reachedBy(call.by)
	served := a.ctx.serve(to, false)
	b.Begin(ops.MessageRPC, a.ctx.id)
	b.Int(int64(served.id))
	b.Int(0)
	b.Null()
	b.Array(0)
	i.encodeCall(b, a.ctx, call)
	b.End(7)
	i.commit(r)
	return served
}

// breakActor ends an object that cannot go on: all who wait for it get the failure, and so do stubs that were used before.
func (i *instance) breakActor(r *isolate.Runner, a *actor, f *failure) {
	why := *f
	why.reset = !f.plain
	if why.origin == fromWorker { // the platform tells it, as its own
		why.origin = fromSelf
	}
	i.mu.Lock()
	if a.ctx.ended {
		i.mu.Unlock()
		return
	}
	owed := a.ctx.takeOwed()
	left := i.endNow(r, a.ctx)
	i.mu.Unlock()
	if f.stack != "" {
		i.rt.log(i.def, LevelError, "Uncaught (in Durable Object) "+f.stack)
	}
	a.space.broke(a, &why) // first, so that whoever learns of it and calls again gets a new one
	left.broken = &why
	owed.fail(r, &why)
	left.release(r)
}

// isIdle says whether the object has nothing to do and nobody refers to what it has given away, but for so many WebSockets. Preconditions: the instance's mu is held.
func (a *actor) isIdle(hibernatable int) bool {
	c := a.ctx
	busy := len(a.events) > 0 || len(c.served) > 0 || c.waiting > 0 || c.pending > 0 || c.imported > 0 ||
		c.heldStreams > 0 || len(c.heldExports) > 0 || c.heldSockets > 0 || len(c.sockets) > hibernatable || a.gate.shut()
	return !busy
}

// evictActors ends the objects of which nothing was asked for a while, as far as they have nothing to do. It is called between turns, so that no
// JavaScript of theirs runs, and does nothing while messages wait.
func (i *instance) evictActors(r *isolate.Runner, list []*actor) {
	for _, a := range list {
		if slices.ContainsFunc(a.facetList(), (*facet).inUse) {
			continue
		}
		sockets := a.space.sockets(a.id, a.name, false).all()
		i.mu.Lock()
		if a.ctx.ended || !a.isIdle(len(sockets)) || i.state != running || !i.iso.Quiet() {
			i.mu.Unlock()
			continue
		}
		if b := i.begin(); b != nil {
			encodeEnd(b, a.ctx, endNow)
			i.commit(r)
		}
		a.letGo(sockets)
		left := a.ctx.end()
		left.evicted = true
		i.mu.Unlock()
		left.release(r)
	}
}

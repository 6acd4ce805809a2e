package loader

import (
	"errors"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An outputGate keeps an object from telling anybody of what it has written before that is durable: nothing of what it does meanwhile leaves
// it. If the write fails, nothing ever does.
//
// What a turn has written is committed when the turn is over. The ops of the object in that turn and later ones wait for the sync that
// covers the commit, in order, and not for commits that come after them. They are performed by who runs the isolate's turns, like any op.
type outputGate struct {
	// Syncs are numbered. locked is the last that output waits for, done the last that is over.
	asked, locked, done uint64
	held                []heldOp
}

// A heldOp is an op that waits for a sync.
type heldOp struct {
	id    ops.ID
	args  []byte
	after uint64
}

// shut says whether output waits. Preconditions: the instance's mu is held.
func (g *outputGate) shut() bool { return g.locked > g.done || len(g.held) > 0 }

// passes says which ops do not tell anybody anything, and need not wait.
var passes = [ops.Count]bool{
	ops.Console: true, ops.Uncaught: true, ops.TraceLog: true, ops.TraceException: true, ops.WaitUntil: true,
	ops.TimerStart: true, ops.TimerClear: true, ops.BodyRead: true, ops.BodyReadAll: true, ops.BodyCancel: true,
	ops.CryptoAsync: true, ops.DigestAsync: true, ops.ObjectResume: true,
}

// holdBack keeps an op for later if it is one of an object whose gate is shut.
func (i *instance) holdBack(op *ops.Outgoing) bool {
	if passes[op.ID] {
		return false
	}
	args := op.Args
	number := args.Int()
	i.mu.Lock()
	defer i.mu.Unlock()
	var c *requestContext
	switch op.ID {
	case ops.StreamChunk, ops.StreamEnd, ops.StreamError:
		if s := i.streams[number]; s != nil {
			c = s.ctx
		}
	default:
		c = i.contexts[uint32(number)]
	}
	if c == nil || c.actor == nil || !c.actor.gate.shut() {
		return false
	}
	args = op.Args
	g := &c.actor.gate
	g.held = append(g.held, heldOp{op.ID, append([]byte(nil), args.Raw(op.Argc)...), g.locked})
	return true
}

// commitActors ends the transactions of the objects that the turn has touched, and ends those that cannot go on.
func (i *instance) commitActors(r *isolate.Runner) {
	list := i.touched
	i.touched = nil
	for _, a := range list {
		a.listed = false
		i.commitActor(r, a)
	}
}

func (i *instance) commitActor(r *isolate.Runner, a *actor) {
	a.storage.Lock()
	if a.over || a.aborted != nil {
		f, lost := a.aborted, a.lost
		a.storage.Unlock()
		switch {
		case f == nil:
		case lost: // what the turn has told of it is not true
			i.breakActor(r, a, f)
		default:
			i.breaking = append(i.breaking, a)
		}
		return
	}
	if !a.object.Dirty() {
		a.storage.Unlock()
		return
	}
	confirm, err := a.object.Commit()
	object := a.object
	a.storage.Unlock()
	if err != nil {
		i.breakActor(r, a, storageFailure(err))
		return
	}
	i.mu.Lock()
	a.gate.asked++
	number := a.gate.asked
	if confirm {
		a.gate.locked = number
	}
	i.mu.Unlock()
	object.Flush(func(err error) { i.flushed(a, number, err) })
}

// flushed notes that a sync is over.
func (i *instance) flushed(a *actor, number uint64, err error) {
	var r isolate.Runner
	if err != nil {
		go func() { // not here: others wait for their sync
			i.breakActor(&r, a, storageFailure(err))
			r.Run()
		}()
		return
	}
	i.mu.Lock()
	g := &a.gate
	g.done = max(g.done, number)
	if !a.ctx.ended && len(g.held) > 0 && g.held[0].after <= g.done {
		i.opened = append(i.opened, a)
		i.wake(&r)
	}
	i.mu.Unlock()
	r.Hand()
}

// wake gives the realm an empty turn, after which HandleOps is called. Preconditions: mu is held.
func (i *instance) wake(r *isolate.Runner) {
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageWake, 0)
		b.End(0)
		i.commit(r)
	}
}

// openGates performs the ops that need not wait any more.
func (i *instance) openGates(r *isolate.Runner) {
	i.mu.Lock()
	list := i.opened
	i.opened = nil
	i.mu.Unlock()
	for _, a := range list {
		for {
			i.mu.Lock()
			g := &a.gate
			if a.ctx.ended || len(g.held) == 0 || g.held[0].after > g.done {
				i.mu.Unlock()
				break
			}
			op := g.held[0]
			g.held[0] = heldOp{}
			g.held = g.held[1:]
			i.mu.Unlock()
			args := ops.NewReader(op.args)
			i.perform(r, op.id, &args)
		}
	}
}

// settleActors does, after the ops of a turn, what is due for its objects.
func (i *instance) settleActors(r *isolate.Runner) {
	list := i.breaking
	i.breaking = nil
	for _, a := range list {
		i.breakActor(r, a, a.aborted)
	}
	i.mu.Lock()
	idle := i.idle
	i.idle = nil
	i.mu.Unlock()
	i.evictActors(r, idle)
}

// callStorage performs an op on the storage of the object whose context it is.
func (i *instance) callStorage(op ops.ID, args *ops.Reader, answer *ops.Batch) {
	a := i.actorOf(uint32(args.Int()))
	if a == nil {
		isolate.CallError(answer, "Error", errObjectGone.message)
		return
	}
	a.storage.Lock()
	defer a.storage.Unlock()
	if a.over || a.aborted != nil {
		isolate.CallError(answer, "Error", errObjectGone.message)
		return
	}
	i.calling.Store(a)
	a.object.Call(op, args, answer)
	i.calling.Store(nil)
	if a.object.Dirty() {
		i.touch(a)
	}
}

// errObjectGone is what a script sees that uses an object which has ended.
var errObjectGone = hostError("The Durable Object has ended.")

// touch lists an object that may have something to commit when the turn is over.
func (i *instance) touch(a *actor) {
	if !a.listed {
		a.listed = true
		i.touched = append(i.touched, a)
	}
}

// actorOf finds the object whose context it is.
func (i *instance) actorOf(ctx uint32) *actor {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil {
		return c.actor
	}
	return nil
}

// callAbort answers op_object_abort.
func (i *instance) callAbort(args *ops.Reader, answer *ops.Batch) {
	a := i.actorOf(uint32(args.Int()))
	f := i.readThrown(args)
	kind := args.Int()
	f.plain, f.forGood = kind > 0, kind > 1
	isolate.CallResult(answer)
	answer.Undefined()
	if a == nil {
		return
	}
	a.storage.Lock()
	defer a.storage.Unlock()
	if a.over || a.aborted != nil {
		return
	}
	a.aborted, a.lost = f, a.object.Dirty()
	if err := a.object.Reset(); err != nil {
		a.aborted = storageFailure(errors.Join(err, f))
	}
	i.touch(a)
}

// sweepActors ends objects that have been idle for a while, until the runtime is closed.
func (rt *Runtime) sweepActors() {
	defer rt.background.Done()
	tick := time.NewTicker(rt.config.ObjectIdleTimeout / 2)
	defer tick.Stop()
	for {
		select {
		case <-rt.quit:
			return
		case now := <-tick.C:
			rt.sweepIdle(now.Add(-rt.config.ObjectIdleTimeout))
		}
	}
}

// sweepIdle tells the instances of objects of which nothing was asked since a time; they look whether that is all.
func (rt *Runtime) sweepIdle(since time.Time) {
	var r isolate.Runner
	for _, s := range rt.spaces {
		s.sweep(&r, since)
	}
	r.Run()
}

// sweep does that for one space, and for those of the facets of its objects.
func (s *actorSpace) sweep(r *isolate.Runner, since time.Time) {
	for _, a := range s.all() {
		for _, f := range a.facetList() {
			if t := f.known(); t != nil {
				t.space.sweep(r, since)
			}
		}
	}
	for _, a := range s.idle(since) {
		i := a.inst
		i.mu.Lock()
		i.idle = append(i.idle, a)
		if len(i.idle) == 1 {
			i.wake(r)
		}
		i.mu.Unlock()
	}
}

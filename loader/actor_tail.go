package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// tail gives a trace to the tail handler of the object.
func (t *actorTarget) tail(r *isolate.Runner, from *worker, of *trace, wall int64) {
	for {
		a, f := t.find(r)
		if f != nil || a != nil && a.startTail(r, from, of, wall) {
			return
		}
		if a != nil {
			t.space.remove(a)
		}
	}
}

// startTail sends a trace to the object. False means that it has ended: nothing was done.
func (a *actor) startTail(r *isolate.Runner, from *worker, of *trace, wall int64) bool {
	i := a.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	b := a.begin()
	if b == nil {
		return false
	}
	e := a.addEvent(tailCaller{i})
	b.Begin(ops.MessageObjectTail, a.ctx.id)
	b.Int(int64(e.id))
	of.encode(b, from, wall)
	b.End(10)
	i.commit(r)
	return true
}

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
// tail calls the tail handler of a Durable Object. One that does not start, or has broken, just gets no trace.
func (t *actorTarget) tail(r *isolate.Runner, from *worker, of *trace, wall int64) {
	for {
		a, f := t.find(r)
		if f != nil {
			return
		}
		if a != nil && a.startTail(r, from, of, wall) {
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
	b.Begin(ops.MessageTail, a.ctx.id)
	b.Int(int64(e.id))
	b.Null()
	b.Array(0)
	of.encode(b, from, wall)
	b.End(12)
	i.commit(r)
	return true
}

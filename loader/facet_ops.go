package loader

import (
	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An objectClass is a Durable Object class as a value that workers exchange. Nobody can call it.
type objectClass struct {
	refusal
	target *target
}

// readClass reads the rest of ["class", export, props, capabilities] or ["worker_class", worker, export, props, capabilities, limits]. Preconditions: mu is held.
func (i *instance) readClass(c *requestContext, a *ops.Reader, dynamic bool) service {
	t := &target{worker: i.worker, storable: i.def.flags[storageFlag]}
	if dynamic {
		t.worker = c.workers[uint32(a.Int())]
	}
	i.readEntrypoint(c, a, t)
	if dynamic {
		t.limits = readLimits(a)
	}
	if t.worker == nil {
		return refusal{errNoCapability}
	}
	return &objectClass{refusal{errNoCapability}, t}
}

// readBroken reads the rest of ["broken", class, message, detail, reset]: what is left of a facet.
func (i *instance) readBroken(a *ops.Reader) service {
	f := &failure{origin: fromWorker, class: a.String(), message: a.String()}
	if a.IsArray() {
		a.Array()
		f.origin = fromSelf
	}
	switch {
	case a.IsUndefined():
		f.origin = fromHost
	case !a.IsNull():
		f.detail = append([]byte{}, a.Bytes()...)
	}
	f.reset = a.Bool()
	return refusal{f}
}

// facetOf finds the facet of an op, nil if its object has ended or it is not there; the number and the name come next.
func (i *instance) facetOf(ctx uint32, a *ops.Reader) (*actor, *facet) {
	number, name := uint32(a.Int()), a.String()
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.contexts[ctx]
	switch {
	case c == nil || c.actor == nil:
		return nil, nil
	case number == 0:
		return c.actor, nil
	}
	return c.actor, c.actor.facet(number, name)
}

// Whose id a facet has.
const (
	facetIDParents = iota
	facetIDOwn
	facetIDText
)

func (i *instance) opFacetClass(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	parent, f := i.facetOf(ctx, a)
	if f == nil {
		return
	}
	i.mu.Lock()
	class, ok := i.readTarget(parent.ctx, a).(*objectClass)
	i.mu.Unlock()
	kind := a.Int()
	id, name := parent.id, parent.name
	if kind == facetIDParents {
		a.IsNull()
	} else {
		id, name = a.String(), nil
		if !a.IsNull() {
			text := a.String()
			name = &text
		}
	}
	if !ok {
		f.end(r, errNoCapability)
		return
	}
	f.ready(r, class.target, id, name, kind == facetIDText || kind == facetIDParents && parent.space.isText)
}

// readOwn reads an exception that stays in the realm: class, message, detail.
func readOwn(a *ops.Reader) *failure {
	f := &failure{origin: fromSelf, class: a.String(), message: a.String(), plain: true}
	if !a.IsNull() {
		f.detail = append([]byte{}, a.Bytes()...)
	}
	return f
}

func (i *instance) opFacetFail(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	if _, f := i.facetOf(ctx, a); f != nil {
		f.end(r, readOwn(a))
	}
}

// opFacetForget takes a facet that has broken off the list.
func (i *instance) opFacetForget(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil && c.actor != nil {
		delete(c.actor.facets, uint32(a.Int()))
	}
}

// What op_facet_end does to the storage.
const (
	facetKeep = iota
	facetDelete
	facetReplace
)

func (i *instance) opFacetEnd(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	ahead := *a
	parent, f := i.facetOf(ctx, a)
	if parent == nil {
		return
	}
	number, name := uint32(ahead.Int()), ahead.String()
	step, source := a.Int(), ""
	if !a.IsNull() {
		source = a.String()
	}
	why := readOwn(a)
	i.mu.Lock()
	delete(parent.facets, number)
	i.mu.Unlock()
	if f != nil {
		f.end(r, why)
	}
	switch step {
	case facetDelete:
		i.changeFacets(r, parent, func(o bindings.Object) error { return o.DeleteFacet(name) })
	case facetReplace:
		i.changeFacets(r, parent, func(o bindings.Object) error { return o.CloneFacet(source, name) })
	}
}

// changeFacets does something to what facets of an object have stored. If it fails, the object breaks.
func (i *instance) changeFacets(r *isolate.Runner, a *actor, change func(o bindings.Object) error) {
	a.storage.Lock()
	if a.over || a.aborted != nil {
		a.storage.Unlock()
		return
	}
	err := change(a.object)
	a.storage.Unlock()
	if err != nil {
		i.breakActor(r, a, storageFailure(err))
		return
	}
	i.commitActor(r, a)
}

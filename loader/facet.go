package loader

import (
	"sync"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A facet is a Durable Object inside another, its parent, which alone calls it. It is an actor in a space of its own, for its class may be that of
// any worker, and ends with its parent. Its parent's realm is asked for the class when it is first used; calls wait until that is known.
type facet struct {
	parent *actor
	number uint32
	name   string

	mu      sync.Mutex   // guards the rest; nothing else is locked under it
	target  *actorTarget // once its class is known
	why     *failure     // why it can never be called again
	waiting []*facetCall
}

var _ service = (*facet)(nil)

// facet finds or makes the facet of a number. Preconditions: the instance's mu is held.
func (a *actor) facet(number uint32, name string) *facet {
	f := a.facets[number]
	if f == nil {
		f = &facet{parent: a, number: number, name: name}
		if a.facets == nil {
			a.facets = map[uint32]*facet{}
		}
		a.facets[number] = f
	}
	return f
}

// readFacet reads [number, name] of a facet. Preconditions: mu is held.
func (i *instance) readFacet(c *requestContext, a *ops.Reader) service {
	number, name := uint32(a.Int()), a.String()
	if c.actor == nil || a.Err != nil {
		return refusal{errNoCapability}
	}
	return c.actor.facet(number, name)
}

// path is the names of the facets from the root's on, none for an object that is none.
func (a *actor) path() []string {
	f := a.space.facet
	if f == nil {
		return nil
	}
	return append(f.parent.path(), f.name)
}

// depth is how many objects it is within.
func (a *actor) depth() int { return len(a.path()) }

// root is the object itself, or that of which it is a facet.
func (a *actor) root() *actor {
	for a.space.facet != nil {
		a = a.space.facet.parent
	}
	return a
}

// newFacetSpace makes the space of one facet.
func newFacetSpace(f *facet, class *target) *actorSpace {
	of := f.parent.root().space.class
	s := newActorSpace(class.worker, ObjectClass{
		Name: class.entrypoint, UniqueKey: of.UniqueKey, SQL: of.SQL, Storage: of.Storage, PreventEviction: of.PreventEviction,
	})
	s.facet, s.props = f, class
	return s
}

// objectName says where an object of the space keeps what it stores.
func (s *actorSpace) objectName(id string, name *string) bindings.ObjectName {
	if s.facet == nil {
		return bindings.ObjectName{Space: s.class.UniqueKey, ID: id, Name: name, SQL: s.class.SQL}
	}
	root := s.facet.parent.root()
	return bindings.ObjectName{
		Space: s.class.UniqueKey, ID: root.id, SQL: s.class.SQL, Facet: append(s.facet.parent.path(), s.facet.name),
	}
}

// ready tells a facet what it is of, and makes the calls that have waited.
func (f *facet) ready(r *isolate.Runner, class *target, id string, name *string, isText bool) {
	t := &actorTarget{space: newFacetSpace(f, class), id: id, name: name}
	t.space.isText = isText
	f.mu.Lock()
	if f.target != nil || f.why != nil {
		f.mu.Unlock()
		return
	}
	f.target = t
	waiting := f.waiting
	f.waiting = nil
	f.mu.Unlock()
	for _, c := range waiting {
		c.start(r, t)
	}
}

// end makes a facet answer everything with a failure.
func (f *facet) end(r *isolate.Runner, why *failure) {
	f.mu.Lock()
	if f.why != nil {
		f.mu.Unlock()
		return
	}
	f.why = why
	waiting, t := f.waiting, f.target
	f.waiting = nil
	f.mu.Unlock()
	for _, c := range waiting {
		c.start(r, refusal{why})
	}
	if t == nil {
		return
	}
	live, sockets := t.space.close(why)
	if live != nil {
		live.inst.breakActor(r, live, why)
	}
	for _, h := range sockets {
		h.end.abort(r, nil)
	}
}

// known gives what it is of; nil if that is not known.
func (f *facet) known() *actorTarget {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.target
}

// inUse says whether the facet's object is in memory or has WebSockets: its parent stays, too.
func (f *facet) inUse() bool {
	f.mu.Lock()
	t, waits := f.target, len(f.waiting) > 0
	f.mu.Unlock()
	if t == nil {
		return waits
	}
	s := t.space
	s.mu.Lock()
	defer s.mu.Unlock()
	return waits || len(s.live) > 0 || len(s.sets) > 0
}

// broke notes that the object has broken by itself, and tells the parent: the name is free again, unless it can never start.
func (f *facet) broke(why *failure) {
	f.mu.Lock()
	known := f.why != nil
	f.why = why
	f.mu.Unlock()
	if known || why.forGood {
		return
	}
	var r isolate.Runner
	defer r.Hand()
	i := f.parent.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	if f.parent.ctx.ended {
		return
	}
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageFacetBroken, f.parent.ctx.id)
		b.Int(int64(f.number))
		b.End(why.encodeParts(b) + 1)
		i.commit(&r)
	}
}

// close keeps objects of the space from starting, and gives the one that lives and the WebSockets.
func (s *actorSpace) close(why *failure) (live *actor, sockets []*heldSocket) {
	s.mu.Lock()
	s.why = why
	sets := s.sets
	s.sets = map[string]*socketSet{}
	for _, a := range s.live {
		live = a
	}
	s.mu.Unlock()
	for _, set := range sets {
		sockets = append(sockets, set.all()...)
	}
	return live, sockets
}

// endFacets ends the facets of an object that has ended.
func (a *actor) endFacets(r *isolate.Runner, why *failure) {
	for _, f := range a.facetList() {
		f.end(r, why)
	}
}

func (a *actor) facetList() []*facet {
	a.inst.mu.Lock()
	defer a.inst.mu.Unlock()
	list := make([]*facet, 0, len(a.facets))
	for _, f := range a.facets {
		list = append(list, f)
	}
	return list
}

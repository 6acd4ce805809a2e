package loader

import (
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
)

// Durable Objects. Of each there is at most one in the whole runtime: its space knows it by its id, and whoever calls it asks there. It lives in
// the isolate of its worker, as all objects of that worker do, and is a request context that lasts: what its events start is its own,
// whichever event that was. It ends when it breaks, when its isolate does, or when nothing has happened for a while.

// An actorSpace is the Durable Objects of one class.
type actorSpace struct {
	worker *worker
	class  ObjectClass
	key    []byte // of the ids

	mu   sync.Mutex // guards the rest; an instance's mu can be taken under it
	live map[string]*actor
	sets map[string]*socketSet // hibernatable WebSockets, by the ids of their objects
	// breaks are the objects that have broken, and broken their ids, the oldest first.
	breaks map[string]breakage
	broken []string

	// Of a facet's: which it is, its props, whether its id is any text, and why it cannot start any more (under mu).
	facet  *facet
	props  *target
	isText bool
	why    *failure
}

// A breakage is how often an object has broken, and why it did the last time.
type breakage struct {
	count uint32
	why   *failure
}

// maxBreaks is how many broken objects a space remembers. The stubs of those that it has forgotten work again.
const maxBreaks = 4096

func newActorSpace(w *worker, class ObjectClass) *actorSpace {
	key := sha256.Sum256([]byte(class.UniqueKey))
	return &actorSpace{worker: w, class: class, key: key[:], live: map[string]*actor{}, sets: map[string]*socketSet{}, breaks: map[string]breakage{}}
}

// An actor is one Durable Object that is alive.
type actor struct {
	space *actorSpace
	id    string
	name  *string
	inst  *instance
	ctx   *requestContext
	used  atomic.Int64 // when something was last asked of it or answered by it, Unix time in nanoseconds

	// Guarded by the instance's mu.
	events    []*actorEvent
	lastEvent uint32
	gate      outputGate
	facets    map[uint32]*facet // by their numbers

	// listed says that it is on the instance's list of those that may have written; it belongs to who runs the isolate's turns.
	listed bool

	storage sync.Mutex // guards the rest; nothing else is locked under it but what is the object's
	object  bindings.Object
	// aborted is why it cannot go on; the turn that has said so is not over. lost says that something was undone with it.
	aborted *failure
	lost    bool
	over    bool // the object is released
}

// isAborted says whether the turn that runs has ended the object. A nil receiver is allowed.
func (a *actor) isAborted() bool {
	if a == nil {
		return false
	}
	a.storage.Lock()
	defer a.storage.Unlock()
	return a.aborted != nil
}

func (a *actor) touch() { a.used.Store(time.Now().UnixNano()) }

// find returns the live object of an id, which it starts if there is none. Nil without a failure means: try again.
func (s *actorSpace) find(r *isolate.Runner, id string, name *string) (*actor, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why != nil {
		return nil, s.why
	}
	if a := s.live[id]; a != nil {
		return a, nil
	}
	i, f := s.worker.instance(r)
	if f != nil {
		return nil, f
	}
	object, err := s.class.Storage.Object(s.objectName(id, name))
	if err != nil {
		return nil, storageFailure(err)
	}
	a := &actor{space: s, id: id, name: name, inst: i, object: object}
	a.touch()
	if !i.startActor(r, a) {
		object.Release()
		return nil, nil
	}
	s.live[id] = a
	return a, nil
}

// remove forgets an object that has ended.
func (s *actorSpace) remove(a *actor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[a.id] == a {
		delete(s.live, a.id)
	}
}

// broke forgets an object that has broken: the next call of its id starts anew, but not by a stub that was used before.
func (s *actorSpace) broke(a *actor, why *failure) {
	if s.facet != nil {
		s.remove(a)
		s.facet.broke(why)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[a.id] == a {
		delete(s.live, a.id)
	}
	b, known := s.breaks[a.id]
	if !known {
		if len(s.broken) == maxBreaks {
			delete(s.breaks, s.broken[0])
			s.broken = append(s.broken[:0], s.broken[1:]...)
		}
		s.broken = append(s.broken, a.id)
	}
	s.breaks[a.id] = breakage{b.count + 1, why}
}

// breaksOf says how often the object of an id has broken.
func (s *actorSpace) breaksOf(id string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.breaks[id].count
}

// brokenSince returns why the object has broken since a stub was bound to it, nil if it has not.
func (s *actorSpace) brokenSince(id string, bound uint32) *failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.breaks[id]; b.count > bound {
		return b.why
	}
	return nil
}

// all returns the living objects.
func (s *actorSpace) all() []*actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.live))
}

// idle returns the objects of which nothing was asked since a time.
func (s *actorSpace) idle(since time.Time) []*actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*actor
	for _, a := range s.live {
		if !s.class.PreventEviction && a.used.Load() <= since.UnixNano() {
			list = append(list, a)
		}
	}
	return list
}

// release gives the storage up, with what is not committed.
func (a *actor) release() {
	a.storage.Lock()
	defer a.storage.Unlock()
	if a.over {
		return
	}
	a.over = true
	_ = a.object.Reset() // what it says concerns an object that nobody uses
	a.object.Release()
}

// storageFailure is what callers see of an error of the storage that has ended an object.
func storageFailure(err error) *failure {
	f := hostError("Durable Object storage: %s", err)
	var known *bindings.OpError
	if errors.As(err, &known) {
		f = hostError("%s", known.Message)
	}
	f.reset = true
	return f
}

// An actorTarget is what the stub of an object points to.
type actorTarget struct {
	space *actorSpace
	id    string
	name  *string
	bound uint32 // how often the object had broken when the stub was first used

	storable bool // a Durable Object may store it
}

func (t *actorTarget) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	for {
		a, f := t.find(r)
		if f != nil {
			req.body.cancel(r)
			to.fail(r, f)
			return nil
		}
		if a == nil {
			continue
		}
		if e := a.startFetch(r, req, to); e != nil {
			return e
		}
		t.space.remove(a)
	}
}

func (t *actorTarget) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	for {
		a, f := t.find(r)
		if f != nil {
			drop(r, c.caps)
			to.fail(r, f)
			return nil
		}
		if a == nil {
			continue
		}
		if running := a.startCall(r, c, to); running != nil {
			return running
		}
		t.space.remove(a)
	}
}

func (t *actorTarget) find(r *isolate.Runner) (*actor, *failure) {
	if f := t.space.brokenSince(t.id, t.bound); f != nil {
		return nil, f
	}
	return t.space.find(r, t.id, t.name)
}

package loader

import (
	"encoding/json"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A definition is a worker's code and configuration, ready to be sent to an isolate any number of times.
type definition struct {
	name string
	// script is the encoded Configure and Load messages.
	script []byte
	// channels are the services of env, by channel number less one.
	channels []service
	// loaders are the namespaces of the worker_loader bindings, by index.
	loaders []*namespace
	// spaces are the Durable Object classes of its bindings and of its own, by index.
	spaces   []*actorSpace
	outbound service
	cache    service // behind the Cache API; nil for none
	// tails are told of each event that has ended.
	tails []service
	// streams are told of it while it goes on.
	streams []*target
	flags   compat
	// limits bound each invocation.
	limits Limits
	// mapStack maps the places of a stack text to the sources; nil to leave them.
	mapStack func(string) string
}

// traced says whether anybody is told of events.
func (d *definition) traced() bool { return len(d.tails)+len(d.streams) > 0 }

func (d *definition) encode(b *ops.Batch) { b.Raw(d.script) }

// space returns the Durable Object class of an index, nil if there is none.
func (d *definition) space(index int64) *actorSpace {
	if index < 0 || index >= int64(len(d.spaces)) {
		return nil
	}
	return d.spaces[index]
}

// A realmBinding is one binding as the realm's configuration has it.
type realmBinding struct {
	Name    string          `json:"name"`
	Type    string          `json:"type"` // value, data (base64), service, kv, worker_loader, objects, wrapped, unsafe_eval
	Value   json.RawMessage `json:"value,omitempty"`
	Channel int             `json:"channel,omitempty"`
	Index   int             `json:"index"`
	// Of a wrapped one.
	Module     string         `json:"module,omitempty"`
	Entrypoint string         `json:"entrypoint,omitempty"`
	Inner      []realmBinding `json:"inner,omitempty"`
}

// script is what encodeScript needs beside the modules.
type script struct {
	name, date string
	flags      compat
	bindings   []realmBinding
	env        []byte // serialised env; nil for none
	envCaps    int    // its capabilities are channels 1 to envCaps
	main       string
	dynamic    bool // made by a Worker Loader
	outbound   bool // it has a way to the network
	tails      bool // it is to record its events
	gc         bool // the global gc is there
	extensions []ExtensionModule
	globals    bool // bindings are globals instead of members of env
	// objects are the indices of the spaces of its own Durable Object classes, by their names.
	objects map[string]int
}

// encodeScript makes the messages that turn a fresh isolate into the worker.
func encodeScript(s script, modules []Module) []byte {
	if s.bindings == nil {
		s.bindings = []realmBinding{}
	}
	config, _ := json.Marshal(map[string]any{
		"name": s.name, "date": s.date, "flags": s.flags.names(), "bindings": s.bindings, "globals": s.globals,
		"dynamic": s.dynamic, "outbound": s.outbound, "tails": s.tails, "objects": s.objects, "gc": s.gc,
	})
	var b ops.Batch
	b.Begin(ops.MessageConfigure, 0)
	b.StringBytes(config)
	encodeBytes(&b, s.env)
	b.Array(s.envCaps)
	for n := 1; n <= s.envCaps; n++ {
		b.Int(int64(n))
	}
	b.End(3)
	b.Begin(ops.MessageLoad, 0)
	b.String(s.main)
	b.Bool(s.flags["allow_eval_during_startup"])
	b.Bool(s.flags["allow_insecure_inefficient_logged_eval"])
	b.Bool(s.flags["new_module_registry"])
	named := 0
	b.Array(3 * (len(modules) + len(s.extensions)))
	for _, m := range modules {
		b.String(m.Name)
		b.Int(int64(m.Kind))
		b.Data(m.Source)
		named += len(m.NamedExports)
	}
	for _, m := range s.extensions {
		m.encode(&b)
	}
	b.Array(2 * named)
	for _, m := range modules {
		for _, name := range m.NamedExports {
			b.String(m.Name)
			b.String(name)
		}
	}
	b.End(6)
	return b.Bytes()
}

// A worker is code that may be running in an instance, or not yet, or not now: an idle dynamic one is evicted and comes back
// with its next call.
type worker struct {
	rt   *Runtime
	name string
	// dynamic workers were made by a loader; anonymous ones end with their last stub.
	dynamic, anonymous bool
	namespace          *namespace // of a dynamic worker with an id
	loader             *namespace // of any dynamic worker: who loaded it
	loadedBy           string     // the identity of who loaded it, if it is anonymous
	exchanges          exchanges
	used               atomic.Uint64
	usedAt             atomic.Int64 // Unix time in nanoseconds

	mu       sync.Mutex // guards the rest
	def      *definition
	inst     *instance
	failure  *failure
	refs     int // contexts that hold a stub
	provider provider
	goLoads  bool // the Go API gives it its code
	// exports are the names of a configured worker's exports
	exports map[string]bool
	// tests are those of them that have a test handler, in the reference runtime's order but for "default", which comes first there.
	tests []string
}

// provider is who has been asked for the code of a dynamic worker.
type provider struct {
	inst   *instance
	number uint32
}

// instance returns the running instance, or one that gathers messages until the code is there, or the failure.
func (w *worker) instance(r *isolate.Runner) (*instance, *failure) {
	if w.dynamic {
		w.used.Store(w.rt.uses.Add(1))
		w.usedAt.Store(time.Now().UnixNano())
	}
	if f := w.heldBack(); f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failure != nil {
		return nil, w.failure
	}
	if w.inst != nil && w.inst.stopping.Load() { // it is about to go, and the next one comes
		if w.inst.runsOn(r) {
			return nil, errTerminated // with whoever calls
		}
		runtime.Gosched()
	}
	if w.inst == nil {
		if w.rt.closed.Load() {
			return nil, errShutdown
		}
		w.inst = newInstance(w.rt, w)
		if w.def != nil {
			w.startLocked(r)
		}
	}
	return w.inst, nil
}

// startLocked gives the instance its code. Preconditions: mu is held, inst and def are set.
func (w *worker) startLocked(r *isolate.Runner) {
	if w.dynamic {
		if f := w.rt.track(w); f != nil {
			go w.inst.giveUp(f) // not here: it takes the worker's lock
			return
		}
	}
	w.inst.start(r, w.def)
}

// giveUp ends an instance that cannot start now.
func (i *instance) giveUp(f *failure) {
	var r isolate.Runner
	i.shut(&r, f)
	r.Run()
}

// setCode gives a worker its definition; it starts at once, used or not.
func (w *worker) setCode(r *isolate.Runner, def *definition) {
	w.mu.Lock()
	if w.def != nil || w.failure != nil {
		w.mu.Unlock()
		return
	}
	w.def = def
	w.provider = provider{}
	if w.inst == nil {
		w.inst = newInstance(w.rt, w)
	}
	w.startLocked(r)
	w.mu.Unlock()
	w.rt.evict(r)
}

// fail makes the worker one that did not load: what is waiting and what comes later gets the failure; a new `get` tries again.
func (w *worker) fail(i *instance, f *failure) {
	w.mu.Lock()
	if w.inst == i && w.exports == nil { // one that has run before may start the next time
		w.failure = f
		w.provider = provider{}
	}
	w.mu.Unlock()
	if w.namespace != nil {
		w.namespace.remove(w)
	}
}

// failCode fails a worker that has no code yet.
func (w *worker) failCode(r *isolate.Runner, f *failure) {
	w.mu.Lock()
	if w.def != nil || w.failure != nil {
		w.mu.Unlock()
		return
	}
	i := w.inst
	w.failure = f
	w.provider = provider{}
	w.mu.Unlock()
	if w.namespace != nil {
		w.namespace.remove(w)
	}
	if i != nil {
		i.shut(r, f)
	}
}

// forget is called by an instance that has ended.
func (w *worker) forget(i *instance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inst != i { // another one has taken its place
		return
	}
	w.inst = nil
	if w.dynamic {
		w.rt.untrack(w)
	}
}

// release drops the stub of a context that has ended; the code it had promised, if any, will not come.
func (w *worker) release(r *isolate.Runner, i *instance, number uint32) {
	w.mu.Lock()
	w.refs--
	orphan := w.provider == provider{i, number}
	w.mu.Unlock()
	if orphan {
		w.failCode(r, errCallCanceled)
	}
	if w.anonymous {
		w.mu.Lock()
		inst := w.inst
		w.mu.Unlock()
		if inst != nil {
			w.settle(inst)
		}
	}
}

// settle frees the instance of an anonymous worker that nobody can call any more.
func (w *worker) settle(i *instance) {
	if !w.anonymous {
		return
	}
	w.mu.Lock()
	unreachable := w.refs == 0
	w.mu.Unlock()
	if unreachable {
		var r isolate.Runner
		i.shutIfIdle(&r)
		r.Hand()
	}
}

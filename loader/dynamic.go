package loader

import (
	"sync"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A namespace is the cache of one loader binding: the dynamic workers that it knows by id.
type namespace struct {
	children int // that have isolates; the runtime's mu guards it

	mu      sync.Mutex // guards workers
	workers map[string]*worker
}

func newNamespace() *namespace { return &namespace{workers: make(map[string]*worker)} }

// get finds the worker of an id, or makes one without code.
func (n *namespace) get(rt *Runtime, id string) *worker {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.workers[id]
	if w == nil {
		w = &worker{rt: rt, name: id, dynamic: true, namespace: n, loader: n}
		n.workers[id] = w
	}
	return w
}

// remove forgets a worker, so that the next get of its id starts anew.
func (n *namespace) remove(w *worker) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.workers[w.name] == w {
		delete(n.workers, w.name)
	}
}

// wantedCode is a dynamic worker that a turn has asked for.
type wantedCode struct {
	ctx, number uint32
	worker      *worker
}

// opLoaderGet makes or finds the worker behind a new stub.
func (i *instance) opLoaderGet(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	number, binding := uint32(a.Int()), int(a.Int())
	if binding < 0 || binding >= len(i.def.loaders) {
		return
	}
	var w *worker
	if a.IsNull() {
		w = &worker{rt: i.rt, dynamic: true, anonymous: true, loader: i.def.loaders[binding], loadedBy: i.worker.loaderName()}
	} else {
		w = i.def.loaders[binding].get(i.rt, a.String())
	}
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	if c.workers == nil {
		c.workers = make(map[uint32]*worker)
	}
	c.workers[number] = w
	i.mu.Unlock()
	w.mu.Lock()
	w.refs++
	if w.def == nil && w.failure == nil && w.provider.inst == nil && !w.goLoads {
		w.provider = provider{i, number}
		i.wanted = append(i.wanted, wantedCode{ctx, number, w})
	}
	w.mu.Unlock()
}

// askForCode runs the callbacks of workers that the turn has asked for and not given the code of.
func (i *instance) askForCode(r *isolate.Runner) {
	list := i.wanted
	i.wanted = nil
	for _, wanted := range list {
		w := wanted.worker
		w.mu.Lock()
		waits := w.provider == provider{i, wanted.number}
		w.mu.Unlock()
		if !waits {
			continue
		}
		i.mu.Lock()
		if c := i.contexts[wanted.ctx]; c != nil {
			if b := i.begin(); b != nil {
				c.pending++ // until the code is there
				b.Begin(ops.MessageLoaderCode, c.id)
				b.Int(int64(wanted.number))
				b.End(1)
				i.commit(r)
			}
		}
		i.mu.Unlock()
	}
}

// codeArrived takes the worker that a context has promised the code of.
func (i *instance) codeArrived(ctx, number uint32) (*requestContext, *worker) {
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.contexts[ctx]
	if c == nil {
		return nil, nil
	}
	return c, c.workers[number]
}

// codeTaken notes that a callback which was run has given its answer.
func (i *instance) codeTaken(c *requestContext, number uint32, w *worker) {
	w.mu.Lock()
	asked := w.provider == provider{i, number}
	w.mu.Unlock()
	if !asked {
		return
	}
	for _, wanted := range i.wanted { // given in the same turn: the callback was not run
		if wanted.worker == w {
			return
		}
	}
	i.mu.Lock()
	c.pending--
	i.suspect(c)
	i.mu.Unlock()
}

// opLoaderCode starts a dynamic worker from the WorkerCode that its parent gave.
func (i *instance) opLoaderCode(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	number := uint32(a.Int())
	c, w := i.codeArrived(ctx, number)
	if w == nil {
		return
	}
	i.codeTaken(c, number, w)
	def, f := i.readCode(c, w.name, a)
	if f != nil {
		w.failCode(r, f)
		return
	}
	w.setCode(r, def)
}

// opLoaderFail fails a dynamic worker whose callback has thrown.
func (i *instance) opLoaderFail(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	number := uint32(a.Int())
	c, w := i.codeArrived(ctx, number)
	if w == nil {
		return
	}
	i.codeTaken(c, number, w)
	f := &failure{origin: fromSelf, class: a.String(), message: a.String()}
	if !a.IsNull() {
		f.detail = append([]byte{}, a.Bytes()...)
	}
	w.failCode(r, f)
}

// readCode reads a WorkerCode as cloudflare/worker_loader.js flattens it:
// [date, flags, main, modules, env bytes, env capabilities, outbound, limits, tails].
func (i *instance) readCode(c *requestContext, name string, a *ops.Reader) (*definition, *failure) {
	a.Array()
	s := script{name: name, date: a.String(), dynamic: true, gc: i.rt.config.ExposeGC, extensions: i.rt.config.Extensions}
	var flags []string
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		flags = append(flags, a.String())
	}
	var f *failure
	if s.flags, f = i.rt.compat.resolve(s.date, flags, true); f != nil {
		return nil, f
	}
	s.main = a.String()
	modules := readModules(a)
	if !a.IsNull() {
		s.env = append([]byte{}, a.Bytes()...)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	def := &definition{name: name, flags: s.flags}
	def.channels = i.readTargets(c, a)
	s.envCaps = len(def.channels)
	n := a.Array()
	switch kind := a.Int(); {
	case kind == 1:
		def.outbound = refusal{errNoOutbound}
	case kind == 2 && n == 2:
		def.outbound = i.readTarget(c, a)
	default:
		def.outbound = i.def.outbound
	}
	def.limits = readLimits(a)
	def.tails = i.readTargets(c, a)
	if a.Err != nil {
		return nil, hostError("%s", a.Err)
	}
	s.outbound, s.tails = permits(def.outbound), len(def.tails) > 0
	def.script = encodeScript(s, modules)
	return def, nil
}

// readModules reads [name, kind, source, ...]. Sources point into the outbox where they can.
func readModules(a *ops.Reader) []Module {
	n := a.Array() / 3
	list := make([]Module, 0, n)
	for ; n > 0 && a.Err == nil; n-- {
		m := Module{Name: a.String(), Kind: ModuleKind(a.Int())}
		if a.IsBytes() {
			m.Source = a.Bytes()
		} else {
			m.Source = a.UTF8()
		}
		list = append(list, m)
	}
	return list
}

// checkCompat answers op_check_compat.
func (i *instance) checkCompat(a *ops.Reader, answer *ops.Batch) {
	date := a.String()
	var flags []string
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		flags = append(flags, a.String())
	}
	experimental := a.Bool()
	f := (*failure)(nil)
	if experimental && !i.def.flags["experimental"] {
		f = hostError("'allowExperimental' is only allowed when the calling worker has the 'experimental' compat flag set.")
	} else {
		_, f = i.rt.compat.resolve(date, flags, experimental)
	}
	if f != nil {
		isolate.CallError(answer, f.class, f.message)
		return
	}
	isolate.CallResult(answer)
	answer.Undefined()
}

package loader

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/isolate"
)

// A WorkerStub is a dynamic worker that a Go program has loaded. Its methods may be called from any goroutine.
type WorkerStub struct {
	rt     *Runtime
	worker *worker
}

// Get returns the worker of an id and has it loaded if it is not there: code is then called on a goroutine of its own, once, however
// many Gets run, and its context ends with the runtime. A load that fails is forgotten: its error goes to all who wait for it, and the
// next Get calls code again. The worker stays loaded as long as memory allows; one that was evicted is loaded again by the next Get.
func (rt *Runtime) Get(id string, code func(context.Context) (*WorkerCode, error)) *WorkerStub {
	w := rt.names.get(rt, id)
	w.mu.Lock()
	load := w.def == nil && w.failure == nil && !w.goLoads
	w.goLoads = w.goLoads || load
	w.mu.Unlock()
	if load {
		go w.load(code)
	}
	return &WorkerStub{rt, w}
}

// Load makes a new worker of code, which must not change afterwards. It lives until Close of the stub.
func (rt *Runtime) Load(code *WorkerCode) *WorkerStub {
	w := &worker{rt: rt, dynamic: true, loader: rt.names, goLoads: true}
	w.load(func(context.Context) (*WorkerCode, error) { return code, nil })
	return &WorkerStub{rt, w}
}

// load gives the worker the code of a callback.
func (w *worker) load(code func(context.Context) (*WorkerCode, error)) {
	var r isolate.Runner
	defer r.Hand()
	c, err := loadCode(w.rt.context, code)
	if err != nil {
		f := hostError("%s", err)
		f.cause = err
		w.failCode(&r, f)
		return
	}
	def, f := c.definition(w.rt, w.name)
	if f != nil {
		w.failCode(&r, f)
		return
	}
	w.setCode(&r, def)
}

func loadCode(ctx context.Context, code func(context.Context) (*WorkerCode, error)) (c *WorkerCode, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, &PanicError{Value: p}
		}
	}()
	if c, err = code(ctx); err == nil && c == nil {
		err = fmt.Errorf("load callback returned no code")
	}
	return c, err
}

// Ready waits until the worker has started. The error is what the first call would fail with: *[StartError] if its modules do not
// compile or throw, what the callback of Get returned, or the context's cause.
func (s *WorkerStub) Ready(ctx context.Context) error {
	var r isolate.Runner
	i, f := s.worker.instance(&r)
	r.Hand()
	if f != nil {
		return s.rt.exception(f)
	}
	select {
	case <-i.started:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	i.mu.Lock()
	f = i.failure
	i.mu.Unlock()
	if f != nil {
		return s.rt.exception(f)
	}
	return nil
}

// An EntrypointOption changes how an entrypoint is called.
type EntrypointOption func(*target) error

// Props are what the entrypoint sees as ctx.props: a struct or a map, copied as bindings/rpc describes.
func Props(v any) EntrypointOption {
	return func(t *target) error {
		refs := &references{rt: t.worker.rt}
		props, err := rpc.Marshal(v, refs)
		if err != nil {
			return fmt.Errorf("props: %w", err)
		}
		t.props = props
		for _, c := range refs.caps {
			if c.service == nil {
				return fmt.Errorf("props: a stream can only be an argument or a result")
			}
			t.caps = append(t.caps, c.service)
		}
		return nil
	}
}

// CallLimits limit each call through the stub: the lower of them, the worker's and the runtime's holds.
func CallLimits(l Limits) EntrypointOption {
	return func(t *target) error {
		t.limits = l
		return l.validate()
	}
}

// Entrypoint returns a stub of an export of the worker; an empty name means the default export. A missing one is an error of the
// calls, ErrNoEntrypoint, and so is an option that cannot be used.
func (s *WorkerStub) Entrypoint(name string, options ...EntrypointOption) *Stub {
	return entrypointStub(s.rt, s.worker, name, options)
}

// Entrypoint returns a stub of an export of a configured worker; empty names mean the first worker and the default export. It is nil if
// there is no such worker.
func (rt *Runtime) Entrypoint(worker, name string, options ...EntrypointOption) *Stub {
	for k, w := range rt.workers {
		if w.name == worker || worker == "" && k == 0 {
			return entrypointStub(rt, w, name, options)
		}
	}
	return nil
}

func entrypointStub(rt *Runtime, w *worker, name string, options []EntrypointOption) *Stub {
	if name == "" {
		name = "default"
	}
	t := &target{worker: w, entrypoint: name}
	for _, option := range options {
		if err := option(t); err != nil {
			f := hostTypeError(err.Error())
			f.cause = err
			return newStub(rt, refusal{f}, false)
		}
	}
	return newStub(rt, t, false)
}

// Unload ends the worker's isolate. Calls in progress fail with ErrUnloaded; the next Get of its id calls its callback again, and
// other stubs of the worker load it again from the code they have.
func (s *WorkerStub) Unload() {
	w := s.worker
	if w.namespace != nil {
		w.namespace.remove(w)
	}
	w.mu.Lock()
	i := w.inst
	w.mu.Unlock()
	if i != nil {
		var r isolate.Runner
		i.shut(&r, errUnloaded)
		r.Hand()
	}
}

// Close gives up the stub. A worker of Load ends with it; one of Get stays for others.
func (s *WorkerStub) Close() error {
	if s.worker.namespace == nil {
		s.Unload()
	}
	return nil
}

// Info describes the worker.
func (s *WorkerStub) Info() Info { return s.worker.info() }

// Info is what is known of a dynamic worker in memory.
type Info struct {
	// ID by which it was loaded; empty for an anonymous one.
	ID string
	// Loaded says that it has an isolate.
	Loaded bool
	// HeapBytes and BufferBytes are the memory of JavaScript objects and of array buffers, in bytes; 0 while it runs.
	HeapBytes, BufferBytes int64
	// CPU is the time spent inside its isolate so far.
	CPU time.Duration
	// LastUse is when it was last called.
	LastUse time.Time
	// Requests is the number of calls in progress.
	Requests int
}

func (w *worker) info() Info {
	info := Info{ID: w.name}
	if used := w.usedAt.Load(); used != 0 {
		info.LastUse = time.Unix(0, used)
	}
	w.mu.Lock()
	i := w.inst
	w.mu.Unlock()
	if i == nil {
		return info
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	info.Requests = len(i.contexts)
	if i.iso != nil {
		info.Loaded = i.state == running
		info.CPU = i.iso.Busy()
		if heap, ok := i.iso.Heap(); ok {
			info.HeapBytes, info.BufferBytes = int64(heap.Used), int64(heap.External)
		}
	}
	return info
}

// Workers yields the dynamic workers in memory, those of Get and Load as well as those of Worker Loaders, the most recently used first.
func (rt *Runtime) Workers() iter.Seq[Info] {
	rt.mu.Lock()
	list := make([]*worker, 0, len(rt.live))
	for w := range rt.live {
		list = append(list, w)
	}
	rt.mu.Unlock()
	slices.SortFunc(list, func(a, b *worker) int { return cmp.Compare(b.used.Load(), a.used.Load()) })
	return func(yield func(Info) bool) {
		for _, w := range list {
			if !yield(w.info()) {
				return
			}
		}
	}
}

package loader

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader/internal/hostops"
	"github.com/dynos-run/dynos/polyfills"
)

// A Runtime runs workers. Its methods may be called from any goroutine.
type Runtime struct {
	config   Config
	context  context.Context // of what Go functions do for workers; ends with Close
	cancel   context.CancelFunc
	goErrors errorTable
	names    *namespace // of Get
	pool     *isolate.Pool
	timers   *hostops.Timers
	network  service
	main     front
	// byName are the workers of the configuration, namespaces the loader namespaces that have an id; both only change in New.
	byName     map[string]*worker
	namespaces map[string]*namespace
	spaces     []*actorSpace // of the configuration; only changes in New
	compat     compatCache
	links      socketLinks
	requests   atomic.Int64 // of Handler, in progress
	stranded   atomic.Int64 // requests of Handler whose goroutines are lost
	buffered   atomic.Int64 // bytes of long responses
	counts     counts
	witness    *isolate.Witness
	held       atomic.Pointer[map[string]hold] // nil if no worker is

	closed       atomic.Bool
	quit         chan struct{}
	background   sync.WaitGroup // the sweepers and the reaper
	dead         chan *isolate.Isolate
	lastInstance atomic.Uint64
	uses         atomic.Uint64 // a clock that ticks with each use of a dynamic worker

	mu      sync.Mutex // guards what follows
	workers []*worker  // of the configuration
	live    map[*worker]struct{}
	inUse   int // isolates that workers have or wait for
	emptied sync.Once
	empty   chan struct{} // closed when inUse is 0 after Close has begun
}

// New starts the workers of the configuration and returns when all of them run. A worker that does not start is a *[StartError].
// Close must be called.
func New(config Config) (*Runtime, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config.setDefaults()
	if err := startEngine(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	rt := &Runtime{
		config:  config,
		context: ctx,
		cancel:  func() { cancel(ErrClosed) },
		names:   newNamespace(),
		pool:    isolate.NewPool(config.SpareIsolates, isolate.Memory{Heap: config.MaxHeapBytes, External: config.MaxBufferBytes}),
		timers:  hostops.NewTimers(),
		quit:    make(chan struct{}),
		dead:    make(chan *isolate.Isolate, 64),
		live:    make(map[*worker]struct{}),
		empty:   make(chan struct{}),

		byName: make(map[string]*worker), namespaces: make(map[string]*namespace),
	}
	if len(config.Witness) > 0 {
		rt.witness = isolate.NewWitness(config.Witness)
	}
	rt.main.service = refusal{errNoWorker}
	rt.network = refusal{errNoOutbound}
	if config.Outbound != nil {
		rt.network = &network{fetcher: config.Outbound, links: &rt.links}
	}
	rt.background.Add(3)
	go rt.reapLoop()
	go rt.sweepLoop()
	go rt.memoryLoop()
	if err := rt.startWorkers(); err != nil {
		_ = rt.Close()
		return nil, err
	}
	return rt, nil
}

// startEngine brings V8 up with the polyfills, once per process.
func startEngine() error {
	sources, err := polyfills.Sources()
	if err != nil {
		return fmt.Errorf("polyfills: %w", err)
	}
	list := make([]isolate.Source, len(sources))
	for k, s := range sources {
		list[k] = isolate.Source{ID: s.ID, Text: s.Text}
	}
	if err := isolate.Start(list); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}

func (rt *Runtime) startWorkers() error {
	for k := range rt.config.Workers {
		w := &worker{rt: rt, name: rt.config.Workers[k].Name}
		rt.byName[w.name] = w
		rt.workers = append(rt.workers, w)
		for _, class := range rt.config.Workers[k].Objects {
			if class.Storage == nil {
				class.Storage = rt.config.ObjectStorage
			}
			rt.spaces = append(rt.spaces, newActorSpace(w, class))
		}
	}
	if len(rt.spaces) > 0 {
		rt.background.Add(1)
		go rt.sweepActors()
	}
	for k := range rt.config.Workers {
		rt.workers[k].def = rt.define(&rt.config.Workers[k])
	}
	for _, w := range rt.workers {
		var r isolate.Runner
		i, f := w.instance(&r)
		limit := rt.limitStart(i)
		r.Hand()
		if f == nil {
			<-i.started
			limit()
			i.mu.Lock()
			f = i.failure
			i.mu.Unlock()
		}
		if f != nil {
			return &StartError{Worker: w.name, Text: cmp.Or(f.stack, f.message), cause: f.cause}
		}
	}
	if len(rt.workers) > 0 {
		rt.main = front{service: rt.service(&Service{Worker: rt.workers[0].name}), name: rt.workers[0].name}
	}
	if err := rt.checkServices(rt.byName); err != nil {
		return err
	}
	return rt.listenForAlarms(rt.ring)
}

// limitStart stops an instance by force if it does not start in time; the function that it returns takes that back.
func (rt *Runtime) limitStart(i *instance) (takeBack func()) {
	if rt.config.StartTimeout <= 0 || i == nil {
		return func() {}
	}
	timer := time.AfterFunc(rt.config.StartTimeout, i.terminate)
	return func() { timer.Stop() }
}

// Kill is Close for workers that may never give the thread back: what runs of their JavaScript is stopped first, by force.
func (rt *Runtime) Kill() error {
	for _, i := range rt.instances() {
		i.terminate()
	}
	return rt.Close()
}

// instances are those of all workers that have one.
func (rt *Runtime) instances() (list []*instance) {
	rt.mu.Lock()
	all := slices.Clone(rt.workers)
	for w := range rt.live {
		all = append(all, w)
	}
	rt.mu.Unlock()
	for _, w := range all {
		w.mu.Lock()
		i := w.inst
		w.mu.Unlock()
		if i != nil {
			list = append(list, i)
		}
	}
	return list
}

// terminate stops the JavaScript of the instance, now or when it runs next; with its turn the instance ends.
func (i *instance) terminate() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.state == running { // so that the isolate is not free yet
		i.iso.Terminate()
	}
}

// Close ends all requests and frees every isolate. Requests in progress fail. Closing twice is allowed.
func (rt *Runtime) Close() error {
	rt.mu.Lock()
	rt.cancel()
	if rt.closed.Swap(true) {
		rt.mu.Unlock()
		return nil
	}
	if rt.inUse == 0 {
		rt.emptied.Do(func() { close(rt.empty) })
	}
	rt.mu.Unlock()
	_ = rt.listenForAlarms(nil) // what cannot be used does not call
	var r isolate.Runner
	for _, i := range rt.instances() {
		i.shut(&r, errShutdown)
	}
	r.Run()
	rt.links.close()
	rt.timers.Close()
	rt.pool.Close()
	<-rt.empty
	close(rt.quit)
	rt.background.Wait()
	return nil
}

// takeIsolate returns an isolate for a worker, or nil and later calls give, see [isolate.Pool.Take].
func (rt *Runtime) takeIsolate(give func(*isolate.Isolate)) *isolate.Isolate {
	rt.mu.Lock()
	rt.inUse++
	rt.mu.Unlock()
	return rt.pool.Take(give)
}

// returnIsolate counts an isolate that has been freed, or that will not come.
func (rt *Runtime) returnIsolate() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.inUse--
	if rt.inUse == 0 && rt.closed.Load() {
		rt.emptied.Do(func() { close(rt.empty) })
	}
}

// reap frees an isolate away from the request path; disposing takes about as long as making one.
func (rt *Runtime) reap(i *isolate.Isolate) { rt.dead <- i }

func (rt *Runtime) reapLoop() {
	defer rt.background.Done()
	for {
		select {
		case i := <-rt.dead:
			i.Release(rt.returnIsolate)
		case <-rt.quit:
			return
		}
	}
}

// track counts a dynamic worker that gets an isolate, for which w.inst is to run; untrack one that has lost it. A failure means that it gets none.
func (rt *Runtime) track(w *worker) *failure {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	switch {
	case rt.closed.Load(): // nobody else will shut this worker
		return errShutdown
	case len(rt.live) >= rt.config.MaxIsolates:
		return w.inst.limitFailure(textIsolates, LimitIsolates, int64(rt.config.MaxIsolates))
	case w.loader.children >= rt.config.MaxChildren:
		return w.inst.limitFailure(textIsolates, LimitChildren, int64(rt.config.MaxChildren))
	}
	rt.live[w] = struct{}{}
	w.loader.children++
	return nil
}

func (rt *Runtime) untrack(w *worker) {
	rt.mu.Lock()
	if _, ok := rt.live[w]; ok {
		delete(rt.live, w)
		w.loader.children--
	}
	rt.mu.Unlock()
}

// DynamicWorkers returns how many dynamic workers are in memory, busy or idle.
func (rt *Runtime) DynamicWorkers() int {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return len(rt.live)
}

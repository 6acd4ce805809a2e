package loader

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A Config says what a [Runtime] runs. The zero value is a runtime for dynamic workers of a Go program.
type Config struct {
	// Workers are started by New. The first one gets the requests of Handler; the others are reachable as services. None is needed for
	// Runtime.Get and Load.
	Workers []Worker
	// Fetchers are services that are no workers, by the names that Service.Worker uses: a network, a server, a folder of files.
	// They answer fetch alone, and have neither entrypoints nor props.
	Fetchers map[string]bindings.Fetcher
	// ObjectStorage keeps what Durable Objects store whose class has no storage of its own. The caller closes it, after the runtime.
	ObjectStorage bindings.ObjectStorage
	// Outbound is the network: where the global fetch of the workers goes. Nil means that they have none.
	Outbound bindings.Fetcher
	// Cache makes what stands behind the Cache API of a worker that has no other, by the worker's name. Nil, or a nil Fetcher, means that the
	// API answers with an error, as it does in dynamic workers.
	Cache func(worker string) bindings.Fetcher
	// Log receives console output and errors that nobody caught. It is called by the goroutine that runs the worker and must
	// not block. Nil discards them.
	Log func(Record)
	// MaxDynamicWorkers bounds the dynamic workers that are kept in memory, idle ones; the least recently used go first.
	// One that is busy is never evicted. Default 200, about 1 MB each at least.
	MaxDynamicWorkers int
	// IdleTimeout is how long an idle dynamic worker is kept. It is exact to a half. Default 60 s.
	IdleTimeout time.Duration
	// WaitUntilTimeout is how long promises given to waitUntil may keep a request going after its answer; then it is ended, with a
	// record. Default 30 s, as on Cloudflare's platform.
	WaitUntilTimeout time.Duration
	// ObjectIdleTimeout is how long a Durable Object stays in memory of which nothing is asked. It is exact to a half. Default 10 s.
	ObjectIdleTimeout time.Duration
	// StartTimeout is how long the modules of one of Workers may take to be evaluated; then they are stopped, and New fails. Default: no limit.
	StartTimeout time.Duration
	// SpareIsolates are kept ready for workers to come, about 1 MB each. Default 8.
	SpareIsolates int
	// MaxConnections is how many exchanges a worker may have with the network at once, from the request to the end of the response's body;
	// more wait. Default 256.
	MaxConnections int
	// MaxRequests is how many requests Handler has in progress at once, over all workers; more are answered with 503 and Retry-After at
	// once. Default 10,000.
	MaxRequests int
	// MaxQueued is how many requests to Handler wait until a worker has time for them, and MaxQueueTime for how long; more, and those that
	// would wait for longer, are answered like those beyond MaxRequests. Default 1,024, and 2 s.
	MaxQueued    int
	MaxQueueTime time.Duration
	// MaxRequestBytes bounds the body of a request to Handler: a longer one that says so is answered with 413, any other breaks off
	// where the limit is. Default 100 MiB.
	MaxRequestBytes int64
	// Extensions are modules that the workers can import beside their own, as they can import built-ins.
	Extensions []ExtensionModule
	// ExposeGC gives every worker a global function gc, which collects garbage, for tests.
	ExposeGC bool
	// Witness is memory, zeroed and aligned to four bytes, in which the runtime notes which workers run, so that somebody else who has
	// it can tell what ran when the process died; see [Witnesses] for its size and [Running] for reading it. Nil notes nothing.
	Witness []byte
	// BodyTimeout is how long a client may take for the next piece of a request's body; then the body breaks off. Default 30 s.
	BodyTimeout time.Duration
	// MaxBufferedBytes bounds what all responses of Handler hold that are long, in memory and not taken by their clients yet; more such
	// responses are answered with 503. Default 256 MiB.
	MaxBufferedBytes int64
	// MaxMemoryBytes is a budget for the resident memory of the whole process: beyond it spares are freed, idle dynamic workers evicted, the
	// least recently used first, and garbage is collected. Workers that are busy stay, whatever they need; MaxHeapBytes and MaxBufferBytes
	// bound each of them. Default 1.5 GiB. It has no effect where the system does not say what is resident; Linux does.
	MaxMemoryBytes int64
	// MaxHeapBytes limits the JavaScript heap of each isolate; one that exceeds it is discarded, as with MaxBufferBytes. Default 128 MiB.
	MaxHeapBytes int
	// MaxBufferBytes limits array buffers and Wasm memory of each isolate. An array buffer that would exceed it is a RangeError; an isolate that
	// exceeds it otherwise is discarded: its requests fail, and its worker starts anew. Default 256 MiB.
	MaxBufferBytes int
	// MaxCPU limits the processor time of an invocation; Limits of a worker can only lower it. Default 30 s.
	MaxCPU time.Duration
	// MaxWall limits the time that an invocation takes from its begin to its end; Limits of a worker can only lower it. Default: none, as answers may
	// stream for as long as somebody reads.
	MaxWall time.Duration
	// MaxIsolates bounds the isolates of dynamic workers, busy ones included, so that one more fails with a *[LimitError]; MaxChildren those of one
	// loader: a binding, or Get and Load of the Runtime. Default 1500, and 1000. V8 has room for about 2000 in a process.
	MaxIsolates, MaxChildren int
	// MaxStartCPU limits the processor time of a worker's start, until its modules are evaluated. Default 10 s. That of a
	// dynamic worker has one second at most.
	MaxStartCPU time.Duration
}

// A Worker is one worker: code, compatibility and bindings.
type Worker struct {
	// Name by which services refer to it.
	Name string
	// CompatibilityDate is a date as "2026-01-01", at most NewestCompatibilityDate. Required.
	CompatibilityDate string
	// CompatibilityFlags switch single changes on or off.
	CompatibilityFlags []string
	// Main is the name of the main module; empty means the first of Modules.
	Main string
	// Modules are all modules that the worker can import.
	Modules []Module
	// Bindings become members of env, or globals if the main module is a Script.
	Bindings []Binding
	// Outbound is where the global fetch of this worker goes, and that of the workers that it loads. Nil means Config.Outbound.
	Outbound *Service
	// Cache is the service behind the Cache API, which gets GET, PUT and PURGE requests. Nil means Config.Cache.
	Cache *Service
	// Objects are the classes of the worker whose instances are Durable Objects that can be addressed.
	Objects []ObjectClass
	// Tails are workers whose tail handlers are told of each event of this one when it has ended. Fetchers are not.
	Tails []Service
	// StreamingTails are workers whose tailStream handlers are told of each event of this one while it goes on. Fetchers are not.
	StreamingTails []Service
	// Limits bound each invocation.
	Limits Limits
	// MapStack maps the places in a stack text to the sources. Nil leaves them.
	MapStack func(string) string
}

// A Module is one module of a worker.
type Module struct {
	// Name is its path, relative to the root: "index.js", "lib/util.js".
	Name string
	// Kind says how Source is read.
	Kind ModuleKind
	// Source is UTF-8 text, or bytes for data and Wasm. It is copied.
	Source []byte
	// NamedExports are what a CommonJS module exports beside default: members of its module.exports.
	NamedExports []string
}

// A ModuleKind says how a module's source is read.
type ModuleKind = ops.ModuleKind

// Kinds of modules.
const (
	ES       = ops.ModuleES
	CommonJS = ops.ModuleCommonJS
	Text     = ops.ModuleText
	Data     = ops.ModuleData
	JSON     = ops.ModuleJSON
	Wasm     = ops.ModuleWasm
	// Script is a worker in the service-worker format: a classic script that listens for events. It is the main module, and
	// no module can import it.
	Script = ops.ModuleScript
)

// A Binding is one member of env. Exactly one of the fields after Name is set.
type Binding struct {
	// Name of the member.
	Name string
	// Value is text (a string) or anything that encoding/json can write.
	Value any
	// Data becomes an ArrayBuffer. An empty one is not nil.
	Data []byte
	// Service is another worker, the worker itself, or a fetcher.
	Service *Service
	// KV is a KV namespace behind a service that speaks its HTTP: a worker, or a fetcher such as a namespace of bindings/kv.
	KV *Service
	// Objects are the Durable Objects of a class.
	Objects *ObjectNamespace
	// Loader makes a Worker Loader with a namespace of its own, unless LoaderID says otherwise.
	Loader bool
	// LoaderID, beside Loader, names the namespace: all loaders of the configuration with one id share the workers that they load.
	LoaderID string
	// Wrapped makes an object of other bindings.
	Wrapped *Wrapped
	// UnsafeEval makes an object that turns text into code, which workers cannot otherwise.
	UnsafeEval bool
}

// An ObjectClass is a class whose instances are Durable Objects.
type ObjectClass struct {
	// Name of the export.
	Name string
	// UniqueKey is what ids are derived from, and under what the objects are stored.
	UniqueKey string
	// SQL says that the class has the API of SQLite, and the synchronous one of keys and values.
	SQL bool
	// PreventEviction keeps them in memory until the runtime is closed.
	PreventEviction bool
	// Storage keeps what they store. Nil means Config.ObjectStorage; there must be one.
	Storage bindings.ObjectStorage
}

// An ObjectNamespace refers to the Durable Objects of a class.
type ObjectNamespace struct {
	// Worker is a name within Config.Workers, Class that of one of its Objects.
	Worker, Class string
}

// A Service refers to an entrypoint of a worker, or to a fetcher.
type Service struct {
	// Worker is a name within Config.Workers or Config.Fetchers.
	Worker string
	// Entrypoint is the name of an export; empty means default.
	Entrypoint string
	// Props are what the callee's ctx.props shows, as JSON; nil for {}.
	Props json.RawMessage
}

func (c *Config) setDefaults() {
	if c.MaxDynamicWorkers <= 0 {
		c.MaxDynamicWorkers = 200
	}
	if c.IdleTimeout <= 0 {
		c.IdleTimeout = time.Minute
	}
	if c.WaitUntilTimeout <= 0 {
		c.WaitUntilTimeout = defaultWaitUntil
	}
	if c.ObjectIdleTimeout <= 0 {
		c.ObjectIdleTimeout = 10 * time.Second
	}
	if c.SpareIsolates <= 0 {
		c.SpareIsolates = 8
	}
	if c.MaxConnections <= 0 {
		c.MaxConnections = 256
	}
	if c.MaxRequests <= 0 {
		c.MaxRequests = 10_000
	}
	if c.MaxQueued <= 0 {
		c.MaxQueued = 1024
	}
	if c.MaxQueueTime <= 0 {
		c.MaxQueueTime = 2 * time.Second
	}
	if c.MaxRequestBytes <= 0 {
		c.MaxRequestBytes = 100 << 20
	}
	if c.MaxMemoryBytes <= 0 {
		c.MaxMemoryBytes = 1536 << 20
	}
	if c.MaxHeapBytes <= 0 {
		c.MaxHeapBytes = 128 << 20
	}
	if c.MaxBufferBytes <= 0 {
		c.MaxBufferBytes = 256 << 20
	}
	if c.MaxCPU <= 0 {
		c.MaxCPU = 30 * time.Second
	}
	if c.MaxStartCPU <= 0 {
		c.MaxStartCPU = 10 * time.Second
	}
	if c.MaxIsolates <= 0 {
		c.MaxIsolates = 1500
	}
	if c.MaxChildren <= 0 {
		c.MaxChildren = 1000
	}
	if c.BodyTimeout <= 0 {
		c.BodyTimeout = 30 * time.Second
	}
	if c.MaxBufferedBytes <= 0 {
		c.MaxBufferedBytes = 256 << 20
	}
	if c.Log == nil {
		c.Log = func(Record) {}
	}
}

// Validate checks a configuration without starting anything. The error names every fault.
func (c *Config) Validate() error {
	names := c.services()
	var faults []error
	seen := make(map[string]bool, len(c.Workers))
	for _, w := range c.Workers {
		if _, taken := c.Fetchers[w.Name]; taken || seen[w.Name] {
			faults = append(faults, fmt.Errorf("worker %q is there twice", w.Name))
		}
		seen[w.Name] = true
	}
	for k := range c.Workers {
		if err := c.Workers[k].validate(names); err != nil {
			faults = append(faults, fmt.Errorf("worker %q: %w", c.Workers[k].Name, err))
		}
	}
	return errors.Join(append(faults, c.checkObjects())...)
}

// services are the names of all services; true for workers.
type services map[string]bool

func (c *Config) services() services {
	names := make(services, len(c.Workers)+len(c.Fetchers))
	for name := range c.Fetchers {
		names[name] = false
	}
	for _, w := range c.Workers {
		names[w.Name] = true
	}
	return names
}

// check says what is wrong with a reference.
func (s services) check(to *Service) error {
	worker, ok := s[to.Worker]
	switch {
	case !ok:
		return fmt.Errorf("there is no worker %q", to.Worker)
	case !worker && (to.Entrypoint != "" || to.Props != nil):
		return fmt.Errorf("service %q is no worker, so that it has no entrypoints and no props", to.Worker)
	}
	return nil
}

// main gives the main module; nil if there is none of this name.
func (w *Worker) main() *Module {
	for k := range w.Modules {
		if w.Main == "" || w.Modules[k].Name == w.Main {
			return &w.Modules[k]
		}
	}
	return nil
}

func (w *Worker) validate(names services) error {
	var faults []error
	if len(w.Modules) == 0 {
		faults = append(faults, errors.New("has no modules"))
	}
	for k := range w.Modules {
		if m := &w.Modules[k]; m.Kind == Script && m != w.main() {
			faults = append(faults, fmt.Errorf("module %q is a script, and not the main module", m.Name))
		}
	}
	if err := w.Limits.validate(); err != nil {
		faults = append(faults, err)
	}
	if w.Outbound != nil {
		if err := names.check(w.Outbound); err != nil {
			faults = append(faults, fmt.Errorf("outbound: %w", err))
		}
	}
	if w.Cache != nil {
		if err := names.check(w.Cache); err != nil {
			faults = append(faults, fmt.Errorf("cache: %w", err))
		}
	}
	for k := range w.Tails {
		if err := names.check(&w.Tails[k]); err != nil {
			faults = append(faults, fmt.Errorf("tail: %w", err))
		}
	}
	for k := range w.StreamingTails {
		if err := names.check(&w.StreamingTails[k]); err != nil {
			faults = append(faults, fmt.Errorf("streaming tail: %w", err))
		}
	}
	if w.CompatibilityDate == "" {
		faults = append(faults, errors.New("has no compatibility date"))
	} else if _, f := resolveCompat(w.CompatibilityDate, w.CompatibilityFlags, true, time.Now()); f != nil {
		faults = append(faults, errors.New(f.message))
	}
	seen := make(map[string]bool, len(w.Bindings))
	for _, b := range w.Bindings {
		if seen[b.Name] || b.Name == "" {
			faults = append(faults, fmt.Errorf("binding %q is there twice or has no name", b.Name))
		}
		seen[b.Name] = true
		var err error
		switch {
		case b.Service != nil:
			err = names.check(b.Service)
		case b.KV != nil:
			err = names.check(b.KV)
		case b.Wrapped != nil:
			err = b.Wrapped.validate(names)
		case !b.Loader && b.Data == nil && b.Objects == nil && !b.UnsafeEval:
			_, err = json.Marshal(b.Value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("binding %q: %w", b.Name, err))
		}
	}
	return errors.Join(faults...)
}

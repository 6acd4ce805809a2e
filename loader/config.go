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
	// Outbound is the network: where the global fetch of the workers goes. Nil means that they have none.
	Outbound bindings.Fetcher
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
	// SpareIsolates are kept ready for workers to come, about 1 MB each. Default 8.
	SpareIsolates int
	// MaxRequestBytes bounds the body of a request to Handler: a longer one that says so is answered with 413, any other breaks off
	// where the limit is. Default 100 MiB.
	MaxRequestBytes int64
	// MaxHeapBytes limits the JavaScript heap of each isolate. 0 is V8's default.
	MaxHeapBytes int
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
	// Bindings become members of env.
	Bindings []Binding
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
)

// A Binding is one member of env. Exactly one of the fields after Name is set.
type Binding struct {
	// Name of the member.
	Name string
	// Value is text (a string) or anything that encoding/json can write.
	Value any
	// Service is another worker, or the worker itself.
	Service *Service
	// Loader makes a Worker Loader with a namespace of its own.
	Loader bool
}

// A Service refers to an entrypoint of a worker.
type Service struct {
	// Worker is a name within Config.Workers.
	Worker string
	// Entrypoint is the name of an export; empty means default.
	Entrypoint string
	// Props are what the callee's ctx.props shows, as JSON; nil for {}.
	Props json.RawMessage
}

// Limits bound a dynamic worker's invocations; 0 means none.
type Limits struct {
	// CPUMillis is CPU time per invocation in milliseconds.
	CPUMillis float64
	// Subrequests is the number of fetches and calls per invocation.
	Subrequests int
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
	if c.SpareIsolates <= 0 {
		c.SpareIsolates = 8
	}
	if c.MaxRequestBytes <= 0 {
		c.MaxRequestBytes = 100 << 20
	}
	if c.Log == nil {
		c.Log = func(Record) {}
	}
}

// Validate checks a configuration without starting anything. The error names every fault.
func (c *Config) Validate() error {
	names := make(map[string]bool, len(c.Workers))
	var faults []error
	for _, w := range c.Workers {
		if names[w.Name] {
			faults = append(faults, fmt.Errorf("worker %q is there twice", w.Name))
		}
		names[w.Name] = true
	}
	for k := range c.Workers {
		if err := c.Workers[k].validate(names); err != nil {
			faults = append(faults, fmt.Errorf("worker %q: %w", c.Workers[k].Name, err))
		}
	}
	return errors.Join(faults...)
}

func (w *Worker) validate(workers map[string]bool) error {
	var faults []error
	if len(w.Modules) == 0 {
		faults = append(faults, errors.New("has no modules"))
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
		if b.Service != nil && !workers[b.Service.Worker] {
			faults = append(faults, fmt.Errorf("binding %q: there is no worker %q", b.Name, b.Service.Worker))
		}
		if b.Service == nil && !b.Loader {
			if _, err := json.Marshal(b.Value); err != nil {
				faults = append(faults, fmt.Errorf("binding %q: %w", b.Name, err))
			}
		}
	}
	return errors.Join(faults...)
}

// define makes the definition of a static worker. Preconditions: the configuration is valid.
func (rt *Runtime) define(w *Worker, workers map[string]*worker) *definition {
	flags, _ := resolveCompat(w.CompatibilityDate, w.CompatibilityFlags, true, time.Now())
	def := &definition{name: w.Name, flags: flags, outbound: rt.network, mapStack: w.MapStack}
	s := script{name: w.Name, date: w.CompatibilityDate, flags: flags, main: w.Main, outbound: permits(def.outbound)}
	if s.main == "" {
		s.main = w.Modules[0].Name
	}
	for _, b := range w.Bindings {
		row := realmBinding{Name: b.Name}
		switch {
		case b.Service != nil:
			t := &target{worker: workers[b.Service.Worker], entrypoint: b.Service.Entrypoint}
			if t.entrypoint == "" {
				t.entrypoint = "default"
			}
			if b.Service.Props != nil {
				t.props, t.propsJSON = b.Service.Props, true
			}
			def.channels = append(def.channels, t)
			row.Type, row.Channel = "service", len(def.channels)
		case b.Loader:
			row.Type, row.Index = "worker_loader", len(def.loaders)
			def.loaders = append(def.loaders, newNamespace())
		default:
			row.Type = "value"
			row.Value, _ = json.Marshal(b.Value)
		}
		s.bindings = append(s.bindings, row)
	}
	def.script = encodeScript(s, w.Modules)
	return def
}

package loader

import (
	"fmt"
	"net/http"
	"time"

	"github.com/dynos-run/dynos/bindings/rpc"
)

// WorkerCode is the code of a dynamic worker: what a Worker Loader's callback returns in JavaScript, for a Go program. The zero value
// of each optional field is the safe one.
type WorkerCode struct {
	// CompatibilityDate is a date as "2026-01-01". Empty means NewestCompatibilityDate.
	CompatibilityDate string
	// CompatibilityFlags switch single changes on or off.
	CompatibilityFlags []string
	// MainModule names the module whose exports are the entrypoints. Empty means the first of Modules.
	MainModule string
	// Modules are all modules that the worker can import; at least one.
	Modules []Module
	// Env becomes `env`. Values are copied as bindings/rpc describes; a func becomes an async function, what Methods returns an object
	// with methods, an http.Handler and a *Stub a service, an io.Reader a ReadableStream, an io.Writer a WritableStream.
	Env map[string]any
	// Outbound gets what the worker fetches. Nil means that it has no network.
	Outbound Outbound
	// Limits bound each invocation.
	Limits Limits
	// MapStack maps the places in a stack text to the sources. Nil leaves them.
	MapStack func(string) string
}

// ESModule is an ECMAScript module.
func ESModule(name, source string) Module {
	return Module{Name: name, Kind: ES, Source: []byte(source)}
}

// An Outbound performs the requests that a worker makes with fetch: any http.RoundTripper. It does not follow redirects; the worker
// does, and comes again. The request's context is cancelled when the worker does not want the answer any more; CallerFrom tells whose
// it is. One that has the method Dial of bindings.Dialer also gets sockets.
type Outbound = http.RoundTripper

// definition makes what can be sent to an isolate. The references in Env live as long as it does.
func (c *WorkerCode) definition(rt *Runtime, name string) (*definition, *failure) {
	date := c.CompatibilityDate
	if date == "" {
		date = NewestCompatibilityDate
	}
	flags, f := resolveCompat(date, c.CompatibilityFlags, true, time.Now())
	if f != nil {
		return nil, f
	}
	if err := c.Limits.validate(); err != nil {
		return nil, hostError("%s", err)
	}
	if len(c.Modules) == 0 {
		return nil, hostTypeError("Dynamic Worker code must contain at least one module.")
	}
	s := script{name: name, date: date, flags: flags, main: c.MainModule, dynamic: true, gc: rt.config.ExposeGC, extensions: rt.config.Extensions, outbound: c.Outbound != nil}
	if s.main == "" {
		s.main = c.Modules[0].Name
	}
	refs := &references{rt: rt}
	env, err := rpc.Marshal(c.Env, refs)
	if err != nil {
		return nil, hostError("env: %s", err)
	}
	if c.Env != nil {
		s.env = env
	}
	def := &definition{name: name, flags: flags, mapStack: c.MapStack, outbound: refusal{errNoOutbound}, limits: c.Limits}
	for _, item := range refs.caps {
		if item.service == nil {
			return nil, hostError("env: a stream can only be an argument or a result")
		}
		def.channels = append(def.channels, item.service)
	}
	s.envCaps = len(def.channels)
	if c.Outbound != nil {
		def.outbound = outboundService(c.Outbound)
	}
	def.script = encodeScript(s, c.Modules)
	return def, nil
}

// Validate says what is wrong with the code, as far as that can be told without starting it.
func (c *WorkerCode) Validate() error {
	if _, f := c.definition(&Runtime{}, "worker"); f != nil {
		return fmt.Errorf("worker code: %w", f)
	}
	return nil
}

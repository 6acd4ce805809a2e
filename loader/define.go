package loader

import (
	"encoding/json"
	"time"

	"github.com/dynos-run/dynos/bindings"
)

// define makes the definition of a static worker. Preconditions: the configuration is valid, rt.workers is complete.
func (rt *Runtime) define(w *Worker) *definition {
	flags, _ := resolveCompat(w.CompatibilityDate, w.CompatibilityFlags, true, time.Now())
	def := &definition{name: w.Name, flags: flags, outbound: rt.network, mapStack: w.MapStack, limits: w.Limits}
	if w.Outbound != nil {
		def.outbound = rt.service(w.Outbound)
	}
	def.cache = rt.cacheOf(w)
	main := w.main()
	s := script{name: w.Name, date: w.CompatibilityDate, flags: flags, main: w.Main, gc: rt.config.ExposeGC, extensions: rt.config.Extensions, outbound: permits(def.outbound)}
	if main != nil {
		s.main, s.globals = main.Name, main.Kind == Script
	}
	for _, b := range w.Bindings {
		s.bindings = append(s.bindings, rt.defineBinding(def, b))
	}
	for _, class := range w.Objects {
		if s.objects == nil {
			s.objects = map[string]int{}
		}
		s.objects[class.Name] = def.addSpace(rt.space(ObjectNamespace{w.Name, class.Name}))
	}
	for k := range w.Tails {
		def.tails = append(def.tails, rt.service(&w.Tails[k]))
	}
	for k := range w.StreamingTails {
		if to, ok := rt.service(&w.StreamingTails[k]).(*target); ok {
			def.streams = append(def.streams, to)
		}
	}
	s.tails = def.traced()
	def.script = encodeScript(s, w.Modules)
	return def
}

func (rt *Runtime) defineBinding(def *definition, b Binding) realmBinding {
	row := realmBinding{Name: b.Name}
	switch {
	case b.Service != nil:
		def.channels = append(def.channels, rt.service(b.Service))
		row.Type, row.Channel = "service", len(def.channels)
	case b.KV != nil:
		def.channels = append(def.channels, rt.service(b.KV))
		row.Type, row.Channel = "kv", len(def.channels)
	case b.Loader:
		row.Type, row.Index = "worker_loader", len(def.loaders)
		def.loaders = append(def.loaders, rt.namespace(b.LoaderID))
	case b.Objects != nil:
		row.Type, row.Index = "objects", def.addSpace(rt.space(*b.Objects))
	case b.Wrapped != nil:
		row.Type, row.Module, row.Entrypoint = "wrapped", b.Wrapped.Module, b.Wrapped.Entrypoint
		for _, inner := range b.Wrapped.Inner {
			row.Inner = append(row.Inner, rt.defineBinding(def, inner))
		}
	case b.UnsafeEval:
		row.Type = "unsafe_eval"
	case b.Data != nil:
		row.Type = "data"
		row.Value, _ = json.Marshal(b.Data) // base64
	default:
		row.Type = "value"
		row.Value, _ = json.Marshal(b.Value)
	}
	return row
}

// addSpace gives a class of Durable Objects an index.
func (d *definition) addSpace(s *actorSpace) int {
	d.spaces = append(d.spaces, s)
	return len(d.spaces) - 1
}

// space finds the Durable Objects of a class. Preconditions: the configuration is valid.
func (rt *Runtime) space(n ObjectNamespace) *actorSpace {
	for _, s := range rt.spaces {
		if s.worker.name == n.Worker && s.class.Name == n.Class {
			return s
		}
	}
	return nil
}

// namespace gives the namespace of an id, or a new one for none.
func (rt *Runtime) namespace(id string) *namespace {
	if id == "" {
		return newNamespace()
	}
	n := rt.namespaces[id]
	if n == nil {
		n = newNamespace()
		rt.namespaces[id] = n
	}
	return n
}

// service finds what a reference of the configuration means. Preconditions: it is valid.
func (rt *Runtime) service(to *Service) service {
	if fetcher, ok := rt.config.Fetchers[to.Worker]; ok {
		if prompt, ok := fetcher.(bindings.Direct); ok {
			return &direct{prompt}
		}
		return &network{fetcher: fetcher}
	}
	t := &target{worker: rt.byName[to.Worker], entrypoint: to.Entrypoint}
	if t.entrypoint == "" {
		t.entrypoint = "default"
	}
	if to.Props != nil {
		t.props, t.propsJSON = to.Props, true
	}
	return t
}

// cacheOf gives what stands behind the Cache API of a worker; nil for nothing.
func (rt *Runtime) cacheOf(w *Worker) service {
	if w.Cache != nil {
		return rt.service(w.Cache)
	}
	if rt.config.Cache != nil {
		if fetcher := rt.config.Cache(w.Name); fetcher != nil {
			return &network{fetcher: fetcher}
		}
	}
	return nil
}

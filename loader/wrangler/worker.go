package wrangler

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/dynos-run/dynos/loader"
)

// WorkerOf turns a bundled project into what the loader runs. Services refer to workers by name; that they exist is the caller's to check.
func WorkerOf(p *Project, b *Bundle) loader.Worker {
	w := loader.Worker{
		Name: p.Name, CompatibilityDate: p.CompatibilityDate, CompatibilityFlags: p.CompatibilityFlags,
		Main: b.Main, MapStack: b.StackMapper().Map,
	}
	if l := p.Limits.CPUMillis; l != nil {
		w.Limits.CPUMillis = *l
	}
	if l := p.Limits.WallMillis; l != nil {
		w.Limits.WallMillis = *l
	}
	if l := p.Limits.SubRequests; l != nil {
		w.Limits.Subrequests = int(*l)
	}
	for _, m := range b.Modules {
		kind := loader.ModuleKind(m.Kind)
		if b.ServiceWorker && m.Name == b.Main {
			kind = loader.Script
		}
		w.Modules = append(w.Modules, loader.Module{Name: m.Name, Kind: kind, Source: m.Source})
	}
	for _, v := range p.Vars {
		binding := loader.Binding{Name: v.Name, Value: v.Value}
		if v.Kind == VarJSON {
			binding.Value = json.RawMessage(v.Value)
		}
		w.Bindings = append(w.Bindings, binding)
	}
	for _, s := range p.Services {
		w.Bindings = append(w.Bindings, loader.Binding{Name: s.Binding, Service: &loader.Service{Worker: s.Service, Entrypoint: s.Entrypoint, Props: s.Props}})
	}
	for _, kv := range p.KVNamespaces {
		w.Bindings = append(w.Bindings, loader.Binding{Name: kv.Binding, KV: &loader.Service{Worker: kv.Service()}})
	}
	w.Objects = p.objectClasses()
	for _, o := range p.DurableObjects.Bindings {
		owner := o.ScriptName
		if owner == "" {
			owner = p.Name
		}
		w.Bindings = append(w.Bindings, loader.Binding{Name: o.Name, Objects: &loader.ObjectNamespace{Worker: owner, Class: o.ClassName}})
	}
	for _, t := range p.TailConsumers {
		w.Tails = append(w.Tails, loader.Service{Worker: t.worker()})
	}
	for _, l := range p.WorkerLoaders {
		w.Bindings = append(w.Bindings, loader.Binding{Name: l.Binding, Loader: true})
	}
	return w
}

// Namespace is the id under which the namespace is kept here: the one for trying things, else the one of the account, else the binding's name.
func (kv KVNamespace) Namespace() string { return cmp.Or(kv.PreviewID, kv.ID, kv.Binding) }

// Service is the name that WorkerOf gives the fetcher of the namespace.
func (kv KVNamespace) Service() string { return "kv:" + kv.Namespace() }

// HasObjects says whether the worker has Durable Objects.
func (p *Project) HasObjects() bool { return len(p.objectClasses()) > 0 }

// objectClasses are the Durable Object classes of the worker: those that it binds, and those that are declared.
func (p *Project) objectClasses() []loader.ObjectClass {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, o := range p.DurableObjects.Bindings {
		if o.ScriptName == "" || o.ScriptName == p.Name {
			add(o.ClassName)
		}
	}
	for _, name := range p.declaredClasses() {
		add(name)
	}
	classes := make([]loader.ObjectClass, 0, len(names))
	for _, name := range names {
		sqlite, _ := p.SQLite(name)
		classes = append(classes, loader.ObjectClass{Name: name, UniqueKey: p.Name + "-" + name, SQL: sqlite})
	}
	return classes
}

// worker is the name of the worker that consumes: an environment of a project has it in its name.
func (t TailConsumer) worker() string {
	if t.Environment == "" {
		return t.Service
	}
	return t.Service + "-" + t.Environment
}

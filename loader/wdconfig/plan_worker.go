package wdconfig

import (
	"cmp"
	"encoding/json"

	"strconv"

	"github.com/dynos-run/dynos/loader"
)

// worker plans a worker.
func (p *planner) worker(name string, w *Worker) {
	planned := loader.Worker{Name: name, CompatibilityDate: w.CompatibilityDate, CompatibilityFlags: w.CompatibilityFlags}
	switch {
	case w.Has("serviceWorkerScript"):
		planned.Modules = []loader.Module{{Name: name, Kind: loader.Script, Source: []byte(w.ServiceWorkerScript)}}
	case w.Has("inherit"): // refused
	case len(w.Modules) == 0:
		p.errorf(w.Place, "give it modules, or a serviceWorkerScript", "worker %q has no code", name)
	default:
		planned.Modules = p.modules(name, w)
	}
	p.compatibility(&planned, w)
	outbound := ServiceDesignator{Node: w.Node, Name: internet}
	if w.GlobalOutbound != nil {
		outbound = *w.GlobalOutbound
	}
	planned.Outbound = p.refer(&outbound)
	if w.CacheAPIOutbound != nil {
		planned.Cache = p.refer(w.CacheAPIOutbound)
	}
	for k := range w.Tails {
		if to := p.refer(&w.Tails[k]); to != nil {
			planned.Tails = append(planned.Tails, *to)
		}
	}
	for k := range w.StreamingTails {
		if to := p.refer(&w.StreamingTails[k]); to != nil {
			planned.StreamingTails = append(planned.StreamingTails, *to)
		}
	}
	planned.Bindings = p.bindings(name, w.Bindings)
	planned.Objects = p.objects(name, w)
	p.plan.Loader.Workers = append(p.plan.Loader.Workers, planned)
}

// moduleKinds say by which field a module is given, and how the loader reads it.
var moduleKinds = []struct {
	field string
	kind  loader.ModuleKind
}{
	{"esModule", loader.ES}, {"commonJsModule", loader.CommonJS}, {"text", loader.Text}, {"data", loader.Data}, {"wasm", loader.Wasm}, {"json", loader.JSON},
}

// modules plans the modules of a worker; the first is the main module.
func (p *planner) modules(name string, w *Worker) []loader.Module {
	list := make([]loader.Module, 0, len(w.Modules))
	lines := map[string]int{}
	for i := range w.Modules {
		m := &w.Modules[i]
		planned := loader.Module{Name: m.Name, Source: m.source(), NamedExports: m.NamedExports}
		given := false
		for _, k := range moduleKinds {
			if m.Has(k.field) {
				planned.Kind, given = k.kind, true
			}
		}
		switch line, twice := lines[m.Name]; {
		case m.Name == "":
			p.errorf(m.Place, "write name = …", "the module has no name")
		case twice:
			p.errorf(m.At("name"), "", "module %q is there at line %d already", m.Name, line)
		case !given && !m.refused():
			p.errorf(m.Place, "give it one of esModule, commonJsModule, text, data, wasm, json", "module %q has no content", m.Name)
		case given && i == 0 && planned.Kind != loader.ES:
			p.errorf(m.Place, "the first module must be an esModule", "the main module of worker %q is no ES module", name)
		}
		lines[m.Name] = m.Place.Line
		list = append(list, planned)
	}
	return list
}

// source gives the content of a module, whatever its kind.
func (m *Module) source() []byte {
	switch {
	case m.Data != nil:
		return m.Data
	case m.Wasm != nil:
		return m.Wasm
	}
	return []byte(m.ESModule + m.CommonJSModule + m.Text + m.JSON) // members of a union: at most one is set
}

// refused says whether the module is of a kind that has been refused.
func (m *Module) refused() bool {
	return m.Has("pythonModule") || m.Has("bundled") || m.Has("obsolete") || m.Has("obsoletePythonRequirement")
}

// compatibility checks date and flags, each at its place.
func (p *planner) compatibility(planned *loader.Worker, w *Worker) {
	if planned.CompatibilityDate == "" {
		planned.CompatibilityDate = p.options.CompatibilityDate
	}
	if w.Has("inherit") {
		return
	}
	if planned.CompatibilityDate == "" {
		p.errorf(w.Place, `write compatibilityDate = "`+loader.NewestCompatibilityDate+`"`, "worker %q has no compatibilityDate", planned.Name)
		return
	}
	at := w.At("compatibilityDate")
	for i := 0; i <= len(planned.CompatibilityFlags); i++ {
		probe := loader.Worker{
			Name: planned.Name, CompatibilityDate: planned.CompatibilityDate, CompatibilityFlags: planned.CompatibilityFlags[:i],
			Modules: []loader.Module{{Name: "probe"}},
		}
		if err := (&loader.Config{Workers: []loader.Worker{probe}}).Validate(); err != nil {
			p.errorf(at, "", "%s", err)
			return
		}
		at = w.AtElement("compatibilityFlags", i)
	}
}

// bindings plans the members of a worker's env.
func (p *planner) bindings(worker string, given []Binding) []loader.Binding {
	list := make([]loader.Binding, 0, len(given))
	lines := map[string]int{}
	for i := range given {
		b := &given[i]
		line, twice := lines[b.Name]
		switch {
		case b.Name == "":
			p.errorf(b.Place, "write name = …", "the binding has no name")
			continue
		case twice:
			p.errorf(b.At("name"), "", "binding %q is there at line %d already", b.Name, line)
			continue
		}
		lines[b.Name] = b.Place.Line
		if planned, ok := p.binding(worker, b); ok {
			list = append(list, planned)
		}
	}
	return list
}

// binding plans one binding; false if it cannot be had, which is reported here or has been by refuse.
func (p *planner) binding(worker string, b *Binding) (planned loader.Binding, ok bool) {
	planned.Name = b.Name
	switch {
	case b.Has("text"):
		planned.Value = b.Text
	case b.Has("data"):
		planned.Data = append([]byte{}, b.Data...)
	case b.Has("json"):
		planned.Value = p.json(b.At("json"), "binding "+strconv.Quote(b.Name), b.JSON)
	case b.Has("fromEnvironment"):
		if value, set := p.options.LookupEnv(b.FromEnvironment); set {
			planned.Value = value
		}
	case b.Service != nil:
		planned.Service = p.refer(b.Service)
		return planned, planned.Service != nil
	case b.KVNamespace != nil:
		planned.KV = p.refer(b.KVNamespace)
		return planned, planned.KV != nil
	case b.DurableObjectNamespace != nil:
		planned.Objects = p.namespace(worker, b)
		return planned, planned.Objects != nil
	case b.Wrapped != nil:
		planned.Wrapped = &loader.Wrapped{Module: b.Wrapped.ModuleName, Entrypoint: b.Wrapped.Entrypoint, Inner: p.bindings(worker, b.Wrapped.InnerBindings)}
	case b.Has("unsafeEval"):
		planned.UnsafeEval = true
	case b.WorkerLoader != nil:
		planned.Loader, planned.LoaderID = true, b.WorkerLoader.ID
	default:
		if !b.given() {
			p.errorf(b.Place, "give it a text, a service or the like", "binding %q has no value", b.Name)
		}
		return planned, false
	}
	return planned, true
}

// namespace finds the Durable Object class that a binding refers to.
func (p *planner) namespace(worker string, b *Binding) *loader.ObjectNamespace {
	ref := b.DurableObjectNamespace
	owner := cmp.Or(ref.ServiceName, worker)
	if s := p.services[owner]; s != nil && s.Worker != nil {
		for i := range s.Worker.DurableObjectNamespaces {
			if n := &s.Worker.DurableObjectNamespaces[i]; n.ClassName == ref.ClassName {
				if n.Has("ephemeralLocal") { // refused
					return nil
				}
				return &loader.ObjectNamespace{Worker: owner, Class: ref.ClassName}
			}
		}
	}
	p.errorf(b.At("durableObjectNamespace"), "add it to durableObjectNamespaces", "worker %q has no Durable Object class %q", owner, ref.ClassName)
	return nil
}

// given says whether the binding has any value.
func (b *Binding) given() bool {
	for field := range b.fields {
		if field != "name" && field != "unspecified" {
			return true
		}
	}
	return false
}

// json checks text that must be JSON.
func (p *planner) json(at Place, what, text string) json.RawMessage {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		p.errorf(at, "", "%s is not JSON: %s", what, err)
		return json.RawMessage("null")
	}
	return json.RawMessage(text)
}

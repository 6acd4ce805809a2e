package wdconfig

import (
	"fmt"
	"io"
	"strings"
)

// Describe prints the plan for people: one line per setting and binding, equal plans give equal text. What comes from the environment is not shown.
//
//	configuration      config.capnp
//	socket http        127.0.0.1:8080, service main
//	worker main
//	  compatibility    2026-01-01, nodejs_compat
//	  module           main.js (esModule)
//	  GREETING         text "hello"
//	  BACK             service back, entrypoint Api
//	network internet   allow public
//
// Errors: those of w.
func (p *Plan) Describe(w io.Writer) error {
	d := &description{}
	d.line("configuration", "%s", p.config.File)
	for _, s := range p.Sockets {
		d.line("socket "+s.Name, "%s", join(s.Address, "service", s.Service.Worker, "entrypoint", s.Service.Entrypoint, "props", string(s.Service.Props)))
	}
	for i := range p.config.Services {
		d.service(&p.config.Services[i])
	}
	_, err := io.WriteString(w, d.b.String())
	return err
}

// A description is text in two columns.
type description struct{ b strings.Builder }

func (d *description) line(name, format string, args ...any) {
	d.b.WriteString(strings.TrimRight(fmt.Sprintf("%-18s %s", name, fmt.Sprintf(format, args...)), " ") + "\n")
}

func (d *description) item(name, format string, args ...any) {
	d.b.WriteString(strings.TrimRight(fmt.Sprintf("  %-16s %s", name, fmt.Sprintf(format, args...)), " ") + "\n")
}

// join makes a list of a first value and of pairs whose second is not empty.
func join(first string, pairs ...string) string {
	list := []string{}
	if first != "" {
		list = append(list, first)
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, pairs[i]+" "+pairs[i+1])
		}
	}
	return strings.Join(list, ", ")
}

func (d *description) service(s *Service) {
	switch {
	case s.Worker != nil:
		d.line("worker "+s.Name, "")
		d.worker(s.Worker)
	case s.Network != nil:
		allow := s.Network.Allow
		if !s.Network.Has("allow") {
			allow = []string{"public"}
		}
		d.line("network "+s.Name, "%s", join("", "allow", strings.Join(allow, " "), "deny", strings.Join(s.Network.Deny, " ")))
	case s.External != nil:
		protocol := "http"
		if s.External.HTTPS != nil {
			protocol = "https"
		}
		d.line("external "+s.Name, "%s, %s", s.External.Address, protocol)
	case s.Disk != nil:
		d.line("disk "+s.Name, "%s", s.Disk.Path)
	}
}

func (d *description) worker(w *Worker) {
	if w.CompatibilityDate != "" {
		d.item("compatibility", "%s", strings.Join(append([]string{w.CompatibilityDate}, w.CompatibilityFlags...), ", "))
	}
	if w.Has("serviceWorkerScript") {
		d.item("script", "%d bytes", len(w.ServiceWorkerScript))
	}
	for i := range w.Modules {
		for _, k := range moduleKinds {
			if w.Modules[i].Has(k.field) {
				d.item("module", "%s (%s)", w.Modules[i].Name, k.field)
			}
		}
	}
	if w.GlobalOutbound != nil {
		d.item("outbound", "%s", describeDesignator(w.GlobalOutbound))
	}
	for i := range w.Bindings {
		d.item(w.Bindings[i].Name, "%s", w.Bindings[i].describe())
	}
}

func describeDesignator(s *ServiceDesignator) string {
	props := ""
	if s.Props != nil {
		props = s.Props.JSON
	}
	return join(s.Name, "entrypoint", s.Entrypoint, "props", props)
}

func (b *Binding) describe() string {
	switch {
	case b.Has("text"):
		return fmt.Sprintf("text %q", b.Text)
	case b.Has("data"):
		return fmt.Sprintf("data, %d bytes", len(b.Data))
	case b.Has("json"):
		return "json " + b.JSON
	case b.Has("fromEnvironment"):
		return "from the environment, " + b.FromEnvironment
	case b.Service != nil:
		return "service " + describeDesignator(b.Service)
	}
	if b.WorkerLoader != nil {
		return join("worker loader", "shared as", b.WorkerLoader.ID)
	}
	return ""
}

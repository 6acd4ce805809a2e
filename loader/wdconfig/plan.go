package wdconfig

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"reflect"
	"strings"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// internet is the name of the service that is there without being declared: the public internet.
const internet = "internet"

// PlanOptions are what the caller of Plan decides. The zero value is good.
type PlanOptions struct {
	// LookupEnv reads the environment, for bindings that come from there. Default: os.LookupEnv.
	LookupEnv func(name string) (string, bool)
	// AllowNet are rules of the network, as of outbound.NewPolicy, beside those that the service "internet" has or would have.
	AllowNet []string
	// Listen takes the place of the first socket's address, "host:port". A configuration without sockets then gets one, for its
	// first worker.
	Listen string
	// CompatibilityDate is that of workers without one, "yyyy-mm-dd". Default: they are an error.
	CompatibilityDate string
	// Locked says that the caller has the locks of the folders Plan.State when it calls Plan.Begin, before which nothing may be stored. Otherwise
	// each is locked and opened when a runtime needs it.
	Locked bool
	// Log gets why a network or a server could not be reached. Nil drops it.
	Log *slog.Logger
}

// A Plan is a configuration as the loader runs it.
type Plan struct {
	// Loader has the workers and fetchers. Its other fields are the caller's.
	Loader loader.Config
	// Sockets are where to listen, in the order of the configuration.
	Sockets []PlannedSocket
	// StructuredLogging says that console output is to be written as JSON.
	StructuredLogging bool
	// Folders are those that disk services show; they are only read.
	Folders []string
	// State are the folders that Durable Objects are kept in.
	State []string

	config  *Config
	closers []io.Closer
	later   []*standard.Later
}

// A PlannedSocket is an address to listen on, with what stands behind it.
type PlannedSocket struct {
	Name string
	// Network and Address are as for net.Listen.
	Network, Address string
	// At is where the configuration gives the address.
	At      Place
	Service loader.Service
	// TCP says that the service takes connections, not requests over HTTP.
	TCP     bool
	Options loader.HandlerOptions
}

// Close lets go of folders and connections, once nothing uses the fetchers any more.
func (p *Plan) Close() error {
	var faults []error
	for _, c := range p.closers {
		faults = append(faults, c.Close())
	}
	return errors.Join(faults...)
}

// Begin opens what keeps Durable Objects, if the options have said that it waits for this. Alarms that are due ring.
//
// Errors: what reading the alarms answers.
func (p *Plan) Begin() error {
	for _, l := range p.later {
		if err := l.Begin(); err != nil {
			return err
		}
	}
	return nil
}

// A planner makes a Plan.
type planner struct {
	options  PlanOptions
	report   diagnostic.Report
	types    map[reflect.Type][]schemaField
	plan     *Plan
	services map[string]*Service
	names    []string
	storages map[string]bindings.ObjectStorage // of Durable Objects, by their disk services
}

// Plan turns a configuration into what the loader runs. Folders are opened, nothing else is touched. The plan must be closed.
//
// Errors: *Error, with everything that refers to nothing, makes no sense, or asks for what dynos does not have.
func (c *Config) Plan(o PlanOptions) (*Plan, error) {
	if o.LookupEnv == nil {
		o.LookupEnv = os.LookupEnv
	}
	p := &planner{options: o, types: map[reflect.Type][]schemaField{}, plan: &Plan{config: c}, services: map[string]*Service{}, storages: map[string]bindings.ObjectStorage{}}
	p.plan.Loader.Fetchers = map[string]bindings.Fetcher{}
	p.refuse(reflect.ValueOf(c))
	p.nameServices(c)
	for i := range c.Services {
		p.service(&c.Services[i])
	}
	if _, declared := p.services[internet]; !declared {
		p.network(internet, &Network{Node: c.Node, TLSOptions: &TLSOptions{TrustBrowserCAs: true}})
	}
	for i := range c.Sockets {
		p.socket(&c.Sockets[i], i == 0)
	}
	if len(c.Sockets) == 0 && o.Listen != "" {
		p.socketOfFirstWorker(c)
	}
	p.v8Flags(c)
	p.extensions(c)
	p.plan.StructuredLogging = c.StructuredLogging || c.Logging != nil && c.Logging.StructuredLogging
	if !p.report.Failed() {
		if err := p.plan.Loader.Validate(); err != nil {
			p.errorf(c.Place, "", "%s", err)
		}
	}
	if _, err := p.report.Result(); err != nil {
		_ = p.plan.Close()
		return nil, err
	}
	return p.plan, nil
}

// v8Flags plans the one flag that makes sense of a single configuration: the others are a whole process's.
func (p *planner) v8Flags(c *Config) {
	for i, flag := range c.V8Flags {
		if flag == "--expose-gc" || flag == "--expose_gc" {
			p.plan.Loader.ExposeGC = true
			continue
		}
		p.errorf(c.AtElement("v8Flags", i), "", hasNo+"V8 flags that a configuration sets, but for --expose-gc")
	}
}

// extensions plans the modules that every worker can import.
func (p *planner) extensions(c *Config) {
	for i := range c.Extensions {
		for k := range c.Extensions[i].Modules {
			m := &c.Extensions[i].Modules[k]
			if m.Name == "" {
				p.errorf(m.Place, "write name = …", "the module has no name")
				continue
			}
			p.plan.Loader.Extensions = append(p.plan.Loader.Extensions, loader.ExtensionModule{Name: m.Name, Internal: m.Internal, Source: []byte(m.ESModule)})
		}
	}
}

// nameServices notes the names, which must be there and differ.
func (p *planner) nameServices(c *Config) {
	for i := range c.Services {
		s := &c.Services[i]
		first := p.services[s.Name]
		switch {
		case s.Name == "":
			p.errorf(s.Place, "write name = …", "the service has no name")
		case first != nil:
			p.errorf(s.At("name"), "", "service %q is defined at line %d already", s.Name, first.At("name").Line)
		default:
			p.services[s.Name] = s
			p.names = append(p.names, s.Name)
		}
	}
}

// service plans one service.
func (p *planner) service(s *Service) {
	switch {
	case s.Worker != nil:
		p.worker(s.Name, s.Worker)
	case s.Network != nil:
		p.network(s.Name, s.Network)
	case s.External != nil:
		p.external(s.Name, s.External)
	case s.Disk != nil:
		p.disk(s.Name, s.Disk)
	case s.Bucket == nil && s.Assets == nil:
		p.errorf(s.Place, "give it one of worker, network, external, disk", "service %q does not say what it serves", s.Name)
	}
}

// refer turns a reference into that of the loader; nil if there is no such service.
func (p *planner) refer(d *ServiceDesignator) *loader.Service {
	s, known := p.services[d.Name]
	isWorker := known && s.Worker != nil
	props := d.Props != nil && d.Props.Has("json")
	switch {
	case !known && d.Name != internet:
		p.errorf(d.At("name"), diagnostic.HintNearest(d.Name, append(p.names, internet)), "there is no service %q", d.Name)
		return nil
	case !isWorker && d.Entrypoint != "":
		p.errorf(d.At("entrypoint"), "", "service %q is no worker, so that it has no entrypoint %q", d.Name, d.Entrypoint)
		return nil
	case !isWorker && props:
		p.errorf(d.At("props"), "", "service %q is no worker, so that it takes no props", d.Name)
		return nil
	}
	to := &loader.Service{Worker: d.Name, Entrypoint: d.Entrypoint}
	if props {
		to.Props = p.json(d.Props.At("json"), "the text of props", d.Props.JSON)
	}
	return to
}

// socket plans one socket.
func (p *planner) socket(s *Socket, first bool) {
	planned := PlannedSocket{Name: s.Name, At: s.At("address"), TCP: s.TCP != nil}
	address := s.Address
	if first && p.options.Listen != "" {
		address = p.options.Listen
	}
	var err error
	switch planned.Network, planned.Address, err = parseAddress(address, "80"); {
	case address == "":
		p.errorf(s.Place, `write address = "127.0.0.1:8080"`, "socket %q has no address", s.Name)
	case err != nil:
		p.errorf(s.At("address"), "", "socket %q: %s", s.Name, err)
	}
	planned.Options = p.handlerOptions(s.HTTP)
	if s.Service == nil {
		p.errorf(s.Place, "write service = …", "socket %q has no service", s.Name)
		return
	}
	if to := p.refer(s.Service); to != nil {
		planned.Service = *to
		p.plan.Sockets = append(p.plan.Sockets, planned)
	}
}

func (p *planner) socketOfFirstWorker(c *Config) {
	for i := range c.Services {
		if c.Services[i].Worker == nil {
			continue
		}
		network, address, err := parseAddress(p.options.Listen, "80")
		if err != nil {
			p.errorf(Place{}, "", "%s", err)
		}
		p.plan.Sockets = []PlannedSocket{{
			Name: "http", Network: network, Address: address, At: c.Place,
			Service: loader.Service{Worker: c.Services[i].Name}, Options: loader.HandlerOptions{Bare: true},
		}}
		return
	}
}

// handlerOptions plans how a socket speaks HTTP.
func (p *planner) handlerOptions(o *HTTPOptions) loader.HandlerOptions {
	if o == nil {
		return loader.HandlerOptions{Bare: true}
	}
	p.style(o)
	return loader.HandlerOptions{
		Bare: true, ForwardedProtoHeader: o.ForwardedProtoHeader, CfHeader: o.CfBlobHeader,
		RequestHeaders: p.headers(o.InjectRequestHeaders), ResponseHeaders: p.headers(o.InjectResponseHeaders),
	}
}

func (p *planner) style(o *HTTPOptions) {
	if o.Style == "proxy" {
		p.errorf(o.AtName("style"), "", "dynos has no HTTP proxies")
	}
}

// headers plans edits of headers.
func (p *planner) headers(list []Header) []bindings.HeaderEdit {
	var edits []bindings.HeaderEdit
	for i := range list {
		h := &list[i]
		if !outbound.ValidHeader(h.Name, h.Value) {
			p.errorf(h.Place, "", "this is no header: %s: %s", strings.ToValidUTF8(h.Name, "?"), h.Value)
			continue
		}
		edits = append(edits, bindings.HeaderEdit{Name: h.Name, Value: h.Value})
	}
	return edits
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bindings/cache"
	"github.com/dynos-run/dynos/loader"
)

type serveCommand struct {
	Paths     []string          `arg:"" name:"path" help:"Project folder, wrangler file, .js or .ts file, or workerd configuration (.capnp). The first project is served, others are services."`
	Host      string            `help:"Address to listen on: 127.0.0.1, unless a workerd configuration says otherwise."`
	Port      *int              `help:"Port to listen on: 8787, unless a workerd configuration says otherwise; 0 takes a free one."`
	Env       string            `help:"Environment: the section env.NAME of the configuration."`
	Var       map[string]string `help:"A variable of the first worker's env, over those of the configuration." placeholder:"NAME=VALUE"`
	Const     string            `help:"The const that is the configuration, for a workerd configuration with several." placeholder:"NAME"`
	AllowNet  []string          `help:"Network beyond public addresses that workers may reach: private, loopback, a CIDR or host:port." placeholder:"RULE"`
	State     string            `help:"Folder of what workers store: .dynos/state of the first project, unless given. A server has it to itself." placeholder:"DIR"`
	LogFormat string            `enum:"text,json" default:"text" help:"text or json."`
}

const (
	defaultHost = "127.0.0.1"
	defaultPort = 8787
	// drainTime is how long requests in progress may take after SIGTERM.
	drainTime = 30 * time.Second
)

// An application is all that one process serves.
type application struct {
	config  loader.Config
	doors   []door
	jsonLog bool
	close   func() error
}

// Run serves until a signal ends it.
func (c *serveCommand) Run(s streams) (err error) {
	app, err := c.prepare(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.close()) }()
	listeners, err := listenAll(app.doors)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	format := c.LogFormat
	if app.jsonLog {
		format = "json"
	}
	app.config.Log = newLog(s, format)
	rt, err := loader.New(app.config)
	if err != nil {
		var start *loader.StartError
		if errors.As(err, &start) {
			return &inputError{startFault(start)}
		}
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt) // before anybody can know that there is something to stop
	defer signal.Stop(signals)
	servers, failed, err := app.serve(rt, listeners)
	if err != nil {
		return errors.Join(err, rt.Close())
	}
	for k := range app.doors {
		fmt.Fprintln(s.out, app.doors[k].greeting(listeners[k]))
	}
	return drain(servers, rt, failed, signals)
}

// prepare reads what is to be served.
func (c *serveCommand) prepare(s streams) (*application, error) {
	path, err := workerdConfigOf(c.Paths)
	if err != nil {
		return nil, err
	}
	outbound, err := newOutbound(c.AllowNet, s)
	if err != nil {
		return nil, err
	}
	if path != "" {
		return c.prepareWorkerd(path, s)
	}
	projects, err := loadProjects(c.Paths, c.Env, c.Var, s)
	if err != nil {
		return nil, err
	}
	workers, err := workersOf(projects, s)
	if err != nil {
		return nil, err
	}
	address, err := c.address()
	if err != nil {
		return nil, err
	}
	only := door{network: "tcp", address: address, name: workers[0].Name}
	only.handler = func(rt *loader.Runtime) (handler, error) { return rt.Handler(), nil }
	app := &application{config: loader.Config{Workers: workers, Outbound: outbound, Cache: cache.New(cache.Options{}).For}, doors: []door{only}}
	app.close, err = openState(c.State, projects, &app.config)
	return app, err
}

// address is where the command line says to listen.
func (c *serveCommand) address() (string, error) {
	host, port := c.Host, defaultPort
	if host == "" {
		host = defaultHost
	}
	if c.Port != nil {
		port = *c.Port
	}
	if port < 0 || port > math.MaxUint16 {
		return "", &inputError{fmt.Sprintf("dynos: --port: a port is a number from 0 to 65535, not %d", port)}
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// startFault is the one line that says why a worker does not start: the place in the source comes first, as in any diagnostic.
func startFault(e *loader.StartError) string {
	place := ""
	var words []string
	for _, line := range strings.Split(e.Text, "\n") {
		frame, isFrame := strings.CutPrefix(line, "  at ")
		switch {
		case !isFrame:
			words = append(words, strings.TrimSpace(line))
		case place == "":
			place, _, _ = strings.Cut(frame, " in ")
			place += ": "
		}
	}
	return fmt.Sprintf("%sworker %q does not start: %s", place, e.Worker, strings.Join(words, " "))
}

// serve starts a server behind each listener.
func (a *application) serve(rt *loader.Runtime, listeners []net.Listener) (servers []*fasthttp.Server, failed <-chan error, err error) {
	for k := range a.doors {
		h, err := a.doors[k].handler(rt)
		if err != nil {
			return nil, nil, err
		}
		servers = append(servers, newServer(h))
	}
	ends := make(chan error, len(servers))
	for k, server := range servers {
		go func() { ends <- server.Serve(listeners[k]) }()
	}
	return servers, ends, nil
}

// drain waits for a signal, lets requests in progress end, and closes everything. A second signal ends the process at once.
func drain(servers []*fasthttp.Server, rt *loader.Runtime, failed <-chan error, signals <-chan os.Signal) error {
	select {
	case err := <-failed:
		return errors.Join(err, rt.Close())
	case <-signals:
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- errors.Join(shutdown(ctx, servers), rt.Close()) }()
	select {
	case err := <-done:
		return err
	case <-signals:
		return errors.New("ended while requests were in progress")
	}
}

// shutdown lets the requests of all servers end.
func shutdown(ctx context.Context, servers []*fasthttp.Server) error {
	ends := make(chan error, len(servers))
	for _, server := range servers {
		go func() { ends <- server.ShutdownWithContext(ctx) }()
	}
	var faults []error
	for range servers {
		faults = append(faults, <-ends)
	}
	return errors.Join(faults...)
}

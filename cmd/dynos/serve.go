package main

import (
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/dynos-run/dynos/bindings/cache"
	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
	"github.com/dynos-run/dynos/cmd/dynos/internal/sandbox"
	"github.com/dynos-run/dynos/cmd/dynos/internal/supervise"
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

	Engines        int  `default:"1" help:"Processes that run workers. One more is kept ready to take the place of one that dies." placeholder:"N"`
	RequireSandbox bool `help:"Do not serve if the kernel lacks a layer of the sandbox; see dynos doctor."`

	Admin string `help:"Address that serves the figures of the server, at /metrics; it must not be public." placeholder:"HOST:PORT"`

	serverLimits

	DrainTimeout time.Duration `default:"20s" help:"How long requests in progress may take after SIGTERM." placeholder:"TIME"`
}

const (
	defaultHost = "127.0.0.1"
	defaultPort = 8787
	// maxIsolates is more than V8 has room for in a process, maxEngines more than any machine has use for.
	maxIsolates, maxEngines = 2048, 256
)

// An application is all that one engine serves.
type application struct {
	config  loader.Config
	doors   []door
	jsonLog bool
	folders []string // that workers may read from
	own     *outbound.Own
	close   func() error

	projects []loadedProject
	state    []string     // folders of what workers store, the projects' first
	begin    func() error // what is to be done before the first request; nothing before that may touch what another engine works with
}

// Run supervises engines, which serve, until a signal ends it.
func (c *serveCommand) Run(s streams, args commandLine) (err error) {
	if err := c.validate(); err != nil {
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt) // before anybody can know that there is something to stop
	defer signal.Stop(signals)
	if err := sandbox.CloseOnExec(3); err != nil { // whatever this process was given, engines are not
		return err
	}
	open := &listeners{}
	defer open.close()
	figures, err := newAdmin(c.Admin)
	if err != nil {
		return err
	}
	defer figures.close()
	err = supervise.Run(supervise.Options{
		Engines: c.Engines, DrainTime: c.DrainTimeout,
		Command:     func(first bool) *exec.Cmd { return engineOf(args, first, s) },
		WitnessSize: loader.Witnesses(maxIsolates), Ran: loader.Running,
		Open: open.open, Close: open.close,
		Serving: func() {
			for _, line := range open.greetings {
				fmt.Fprintln(s.out, line)
			}
			figures.serve(s)
		},
		Log: engineLog(newLog(s, c.LogFormat)), Measure: figures.wanted,
	}, signals)
	var start *supervise.StartError
	if errors.As(err, &start) && start.Code > 0 {
		return exitCode(start.Code) // the engine has said why
	}
	return err
}

// validate checks what an engine would be too late to check.
func (c *serveCommand) validate() error {
	if c.Engines < 1 || c.Engines > maxEngines {
		return &inputError{fmt.Sprintf("dynos: --engines: 1 to %d, not %d", maxEngines, c.Engines)}
	}
	if flag := c.serverLimits.validate(); flag != "" {
		return &inputError{fmt.Sprintf("dynos: --%s: too small", flag)}
	}
	if c.DrainTimeout < 0 {
		return &inputError{"dynos: --drain-timeout: a time is not negative"}
	}
	return nil
}

// engineOf makes the command of an engine: this program, with the arguments that it was given itself.
func engineOf(args commandLine, first bool, s streams) *exec.Cmd {
	list := []string{os.Args[0], "engine"}
	if !first {
		list = append(list, "--replacement")
	}
	return &exec.Cmd{Path: "/proc/self/exe", Args: append(list, args[1:]...), Stdout: s.out, Stderr: s.err}
}

// engineLog gives what happens to engines to the log.
func engineLog(to func(loader.Record)) func(bool, string, string) {
	return func(fault bool, worker, text string) {
		level := loader.LevelWarn
		if fault {
			level = loader.LevelError
		}
		to(loader.Record{Worker: worker, Level: level, Text: "dynos: " + text})
	}
}

// prepare reads what is to be served.
func (c *serveCommand) prepare(s streams) (*application, error) {
	path, err := workerdConfigOf(c.Paths)
	if err != nil {
		return nil, err
	}
	own := new(outbound.Own)
	network, err := newOutbound(c.AllowNet, own, s)
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
	only := door{Door: control.Door{Network: "tcp", Address: address, Name: workers[0].Name}}
	only.server = func(rt *loader.Runtime, limits *serverLimits) (ingress, error) {
		return newServer(rt.Handler(), limits), nil
	}
	return &application{
		config: loader.Config{Workers: workers, Outbound: network, Cache: cache.New(cache.Options{}).For}, own: own,
		doors: []door{only}, close: func() error { return nil },
		projects: projects, state: stateOf(c.State, projects),
	}, nil
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

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
	"github.com/dynos-run/dynos/cmd/dynos/internal/supervise"
	"github.com/dynos-run/dynos/loader"
)

// An engineCommand is one process that runs workers, started by `dynos serve` with the same arguments.
type engineCommand struct {
	serveCommand
	Replacement bool `hidden:""`
}

// goMemory is from when on Go collects garbage rather than take more memory: a little more than what clients may hold of long answers.
const goMemory = 384 << 20

// resolverInterval is how long names may be asked of who is not there any more.
const resolverInterval = 5 * time.Second

// An engine is such a process while it runs.
type engine struct {
	conn     *control.Conn
	messages chan *control.Message
	app      *application
	rt       *loader.Runtime
	// doors are the listeners' descriptors until the engine serves. Before, connections must not even wake it.
	doors []int
	// drain gets how long requests in progress may take, when the supervisor says so.
	drain chan time.Duration
}

// Run serves when the supervisor says so, and ends with it at the latest.
func (c *engineCommand) Run(s streams) (err error) {
	e := &engine{messages: make(chan *control.Message), drain: make(chan time.Duration, 1)}
	witness, err := e.connect()
	if err != nil {
		return err
	}
	voice := &voice{}
	voice.open.Store(!c.Replacement) // what a start has to say was said by the first engine
	quiet := streams{voice.of(s.out), voice.of(s.err)}
	if e.app, err = c.prepare(quiet); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.app.close()) }()
	if err := e.load(c, quiet, witness); err != nil {
		return err
	}
	if err := e.begin(c, quiet); err != nil {
		return errors.Join(err, e.rt.Close())
	}
	voice.open.Store(true)
	return e.serve(&c.serverLimits)
}

// load starts the workers.
func (e *engine) load(c *engineCommand, s streams, witness []byte) error {
	if c.Engines > 1 && hasObjects(&e.app.config) {
		return &inputError{"dynos: --engines: Durable Objects live in one process; give --engines 1"}
	}
	if err := e.takeDoors(); err != nil {
		return err
	}
	if err := e.app.openState(c.Engines > 1, !c.Replacement); err != nil {
		return err
	}
	format := c.LogFormat
	if e.app.jsonLog {
		format = "json"
	}
	config := &e.app.config
	config.Log, config.Witness = newLog(s, format), witness
	config.MaxRequests, config.MaxQueued, config.MaxQueueTime = c.MaxRequests, c.MaxQueued, c.MaxQueueTime
	config.MaxRequestBytes, config.BodyTimeout = c.MaxBody, c.ReadTimeout
	config.MaxMemoryBytes = c.MaxMemory
	debug.SetMemoryLimit(goMemory) // what Go does not need at once, the isolates can have
	var err error
	e.rt, err = loader.New(e.app.config)
	var start *loader.StartError
	if errors.As(err, &start) {
		return &inputError{startFault(start)}
	}
	return err
}

// begin returns when the engine shall serve, and is ready for it.
func (e *engine) begin(c *engineCommand, s streams) error {
	if err := c.confine(e.app, s); err != nil {
		return err
	}
	if err := e.awaitTurn(len(e.app.state) > 0 && c.Engines == 1); err != nil {
		return err
	}
	if e.app.begin != nil {
		if err := e.app.begin(); err != nil {
			return err
		}
	}
	e.watchResolver(resolverInterval, resolverFile)
	go e.watchLosses()
	return nil
}

// connect opens what the supervisor has left: the socket, and the memory for who runs.
func (e *engine) connect() (witness []byte, err error) {
	var info unix.Stat_t
	if err := unix.Fstat(supervise.WitnessFile, &info); err != nil || info.Size == 0 {
		return nil, &inputError{"dynos: engines are started by dynos serve"}
	}
	if e.conn, err = control.Open(os.NewFile(supervise.ControlFile, "control")); err != nil {
		return nil, &inputError{"dynos: engines are started by dynos serve"}
	}
	witness, err = unix.Mmap(supervise.WitnessFile, 0, int(info.Size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	_ = unix.Close(supervise.WitnessFile)
	go e.listen()
	signal.Ignore(os.Interrupt, syscall.SIGHUP) // the terminal's, which the supervisor gets as well
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	go func() {
		for range terminate {
			e.retire("it got SIGTERM")
		}
	}()
	return witness, nil
}

// retire asks the supervisor for a successor; the engine serves until that does.
func (e *engine) retire(reason string) {
	_ = e.conn.Send(&control.Message{Kind: control.Retire, Text: reason})
}

// takeDoors gets the listeners. The locks of the state, which come last, are left open until the process ends.
func (e *engine) takeDoors() error {
	m := &control.Message{Kind: control.Doors, State: e.app.state}
	for _, d := range e.app.doors {
		m.Doors = append(m.Doors, d.Door)
	}
	if err := e.conn.Send(m); err != nil {
		return err
	}
	if m = <-e.messages; m.Kind != control.Listeners || len(m.Files) < len(e.app.doors) {
		return fmt.Errorf("the supervisor says %q with %d listeners", m.Kind, len(m.Files))
	}
	e.doors = m.Files[:len(e.app.doors)]
	if e.app.own != nil {
		e.app.own.Set(addressesOf(e.doors))
	}
	return nil
}

// addressesOf are those of listeners that are on the internet.
func addressesOf(listeners []int) (list []net.Addr) {
	for _, fd := range listeners {
		address, err := unix.Getsockname(fd)
		if err != nil {
			continue
		}
		switch a := address.(type) {
		case *unix.SockaddrInet4:
			list = append(list, &net.TCPAddr{IP: a.Addr[:], Port: a.Port})
		case *unix.SockaddrInet6:
			list = append(list, &net.TCPAddr{IP: a.Addr[:], Port: a.Port})
		}
	}
	return list
}

// awaitTurn returns when the engine shall serve, alone if it says so. From then on a goroutine does what the supervisor says.
func (e *engine) awaitTurn(alone bool) error {
	if err := e.conn.Send(&control.Message{Kind: control.Ready, Alone: alone}); err != nil {
		return err
	}
	m := <-e.messages
	if m.Kind != control.Serve {
		return fmt.Errorf("the supervisor says %q", m.Kind)
	}
	e.hold(m.Held)
	go e.obey()
	return nil
}

// listen takes in what the supervisor says. When that is gone, so is this process: nobody would replace it.
func (e *engine) listen() {
	for {
		m, err := e.conn.Receive()
		if err != nil {
			os.Exit(exitFailure)
		}
		e.messages <- m
	}
}

// obey does what the supervisor says.
func (e *engine) obey() {
	for m := range e.messages {
		e.hold(m.Held)
		switch m.Kind {
		case control.Drain: // once
			e.drain <- time.Duration(m.Millis) * time.Millisecond
		case control.Measure:
			e.measure()
		}
	}
}

// measure tells the supervisor the figures.
func (e *engine) measure() {
	text, err := json.Marshal(e.rt.Metrics())
	if err != nil {
		panic(err) // all of them are numbers
	}
	_ = e.conn.Send(&control.Message{Kind: control.Measured, Text: string(text)})
}

func (e *engine) hold(list []control.Held) {
	for _, h := range list {
		e.rt.Hold(h.Worker, time.UnixMilli(h.Until))
	}
}

// serve takes connections until the supervisor wants no more, then lets requests in progress end within a time.
func (e *engine) serve(limits *serverLimits) error {
	servers := make([]ingress, len(e.app.doors))
	ends := make(chan error, len(servers))
	for k := range e.app.doors {
		var err error
		if servers[k], err = e.app.doors[k].server(e.rt, limits); err != nil {
			return err
		}
		file := os.NewFile(uintptr(e.doors[k]), "listener")
		listener, err := net.FileListener(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		go func() { ends <- servers[k].Serve(&patientListener{listener, limits.WriteTimeout}) }()
	}
	var within time.Duration
	select {
	case err := <-ends:
		return errors.Join(err, e.rt.Close())
	case within = <-e.drain:
	}
	if !e.shutdown(within, servers) {
		return e.rt.Kill()
	}
	return e.rt.Close()
}

// drainInterval is how often an engine that drains looks whether it is done.
const drainInterval = 10 * time.Millisecond

// shutdown lets the requests of all servers end; false if they do not in time. Those that never will are not waited for.
func (e *engine) shutdown(within time.Duration, servers []ingress) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	ends := make(chan error, len(servers))
	for _, server := range servers {
		go func() { ends <- server.ShutdownWithContext(ctx) }()
	}
	tick := time.NewTicker(drainInterval)
	defer tick.Stop()
	for left := len(servers); left > 0; {
		select {
		case <-ends: // whatever did not end in time ends with the process
			left--
		case <-tick.C:
			if open := openConnections(servers); open > 0 && open <= e.rt.Stranded() {
				return true
			}
		}
	}
	return ctx.Err() == nil
}

func openConnections(servers []ingress) (n int) {
	for _, server := range servers {
		n += int(server.GetOpenConnectionsCount())
	}
	return n
}

// A voice is heard when it is open.
type voice struct{ open atomic.Bool }

// of is a stream through it.
func (v *voice) of(to io.Writer) io.Writer { return &voiced{v, to} }

type voiced struct {
	voice *voice
	to    io.Writer
}

// Write implements io.Writer.
func (v *voiced) Write(p []byte) (int, error) {
	if !v.voice.open.Load() {
		return len(p), nil
	}
	return v.to.Write(p)
}

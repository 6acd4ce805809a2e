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

	"github.com/dynos-run/dynos/loader"
)

type serveCommand struct {
	Paths     []string          `arg:"" name:"path" help:"Project folder, wrangler file, or .js or .ts file. The first is served, the others are services."`
	Host      string            `default:"127.0.0.1" help:"Address to listen on."`
	Port      int               `default:"8787" help:"Port to listen on; 0 takes a free one."`
	Env       string            `help:"Environment: the section env.NAME of the configuration."`
	Var       map[string]string `help:"A variable of the first worker's env, over those of the configuration." placeholder:"NAME=VALUE"`
	AllowNet  []string          `help:"Network beyond public addresses that workers may reach: private, loopback, a CIDR or host:port." placeholder:"RULE"`
	LogFormat string            `enum:"text,json" default:"text" help:"text or json."`
}

const (
	// drainTime is how long requests in progress may take after SIGTERM.
	drainTime = 30 * time.Second
	// maxHeaderBytes bounds a request's first line and header.
	maxHeaderBytes = 64 << 10
)

// Run serves until a signal ends it.
func (c *serveCommand) Run(s streams) error {
	outbound, err := newOutbound(c.AllowNet, s)
	if err != nil {
		return err
	}
	projects, err := loadProjects(c.Paths, c.Env, c.Var, s)
	if err != nil {
		return err
	}
	workers, err := workersOf(projects)
	if err != nil {
		return err
	}
	listener, err := listen(c.Host, c.Port)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	rt, err := loader.New(loader.Config{Workers: workers, Outbound: outbound, Log: newLog(s, c.LogFormat)})
	if err != nil {
		var start *loader.StartError
		if errors.As(err, &start) {
			return &inputError{startFault(start)}
		}
		return err
	}
	server := newServer(rt.Handler())
	failed := make(chan error, 1)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt) // before anybody can know that there is something to stop
	defer signal.Stop(signals)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(s.out, "dynos serves %s on http://%s\n", workers[0].Name, listener.Addr())
	return drain(server, rt, failed, signals)
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

func newServer(handler fasthttp.RequestHandler) *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                       handler,
		StreamRequestBody:             true,
		DisablePreParseMultipartForm:  true,
		DisableHeaderNamesNormalizing: true,
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
		ReadBufferSize:                maxHeaderBytes,
		MaxRequestBodySize:            fasthttp.DefaultMaxRequestBodySize,
		ReadTimeout:                   0,
		IdleTimeout:                   2 * time.Minute,
		CloseOnShutdown:               true,
		Logger:                        quiet{},
	}
}

// quiet drops what the server would say about broken connections: nobody can do anything about those.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// listen opens the port; a port in use is the user's to change.
func listen(host string, port int) (net.Listener, error) {
	if port < 0 || port > math.MaxUint16 {
		return nil, &inputError{fmt.Sprintf("dynos: --port: a port is a number from 0 to 65535, not %d", port)}
	}
	address := net.JoinHostPort(host, strconv.Itoa(port))
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &inputError{fmt.Sprintf("dynos: %s is in use; stop the other server or choose another --port", address)}
	case err != nil:
		return nil, &inputError{fmt.Sprintf("dynos: cannot listen on %s: %s", address, err)}
	}
	return listener, nil
}

// drain waits for a signal, lets requests in progress end, and closes everything. A second signal ends the process at once.
func drain(server *fasthttp.Server, rt *loader.Runtime, failed <-chan error, signals <-chan os.Signal) error {
	select {
	case err := <-failed:
		return errors.Join(err, rt.Close())
	case <-signals:
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- errors.Join(server.ShutdownWithContext(ctx), rt.Close()) }()
	select {
	case err := <-done:
		return err
	case <-signals:
		return errors.New("ended while requests were in progress")
	}
}

package main

import (
	"errors"
	"flag"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite COMPATIBILITY.md and the expected output in testdata/cli from what the code does")

// TestMain lets scripts run the command: this very binary, when it is called dynos.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"dynos": main}) }

// A script is a talk with the command, as a txtar archive in testdata/cli. Beyond what testscript has:
//
//	exits CODE COMMAND ARGS…   runs a command and checks its exit code; `cmp stderr want` compares what it printed
//	busy                       takes a free port and puts it into $BUSY
//	free                       puts a port into $FREE that nobody had a moment ago
//	server ARGS…               starts `dynos serve --port 0 ARGS…` and waits until it has printed its address
//	start ARGS…                the same without --port
//	listens NAME               reads one more line with an address and puts that into $NAME
//	address NAME               puts the server's address into $NAME; another server may then take its place in the script
//	get PATH|URL [HEADER…]     prints the status and the body of a response; a header is as in "accept: text/html"
//	begin PATH TEXT            begins a POST whose body so far is TEXT
//	finish TEXT                sends the rest of that body, and prints as get does
//	loses PATH                 begins a GET that will not be answered; `lost` waits for that
//	lost                       waits until the connection of it is closed
//	printed TEXT               waits for a line of the server's output that contains TEXT
//	complains REGEXP           waits for a line of the server's error stream that matches REGEXP
//	signal TERM|INT|KILL       sends a signal to the server
//	spare                      waits until as many engines are there as shall be
//	engine SIGNAL              sends a signal to the engine that serves for the longest time
//	alone                      checks that the server's engines end, three seconds at most after now
//	closed                     waits until the server takes no more connections
//	ended CODE                 waits for the server's end and checks its exit code
//
// $PROJECTS is the folder testdata.
func TestScripts(t *testing.T) {
	projects, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/cli",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PROJECTS", projects)
			s := &server{}
			env.Values[serverKey{}] = s
			env.Defer(s.kill)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "busy": busy, "free": free,
			"server": startServer, "start": startPlain, "listens": listens, "address": addressOf, "get": get, "begin": begin, "finish": finish,
			"loses": loses, "lost": lost, "complains": complains, "spare": spare, "engine": signalEngine, "alone": alone,
			"printed": printed, "signal": sendSignal, "closed": closed, "ended": ended,
		},
	})
}

// arguments fails the script unless a command has n arguments and no negation.
func arguments(ts *testscript.TestScript, neg bool, args []string, n int) {
	if neg || len(args) != n {
		ts.Fatalf("the command has %d arguments and no !", n)
	}
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	want, code := number(ts, args[0]), 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func busy(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = listener.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	ts.Setenv("BUSY", port)
}

func free(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	ts.Check(listener.Close())
	ts.Setenv("FREE", port)
}

func addressOf(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	s := serverOf(ts)
	ts.Setenv(args[0], s.address)
	old := *s
	ts.Defer(old.kill)
	*s = server{}
}

func startServer(ts *testscript.TestScript, neg bool, args []string) {
	startPlain(ts, neg, append([]string{"--port", "0"}, args...))
}

func startPlain(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("a server cannot be negated")
	}
	s := serverOf(ts)
	command := exec.Command("dynos", append([]string{"serve"}, args...)...)
	command.Dir = ts.MkAbs(".")
	ts.Check(s.start(command))
}

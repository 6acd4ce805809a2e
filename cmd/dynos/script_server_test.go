package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// patience bounds each wait of a script; only a broken server comes near.
const patience = time.Minute

// A server is `dynos serve` as a process of its own.
type server struct {
	command *exec.Cmd
	address string
	lines   chan string   // of its standard output; closed at its end
	faults  chan string   // of its error stream, likewise
	ended   chan struct{} // closed when the process is gone
	client  http.Client
	upload  *io.PipeWriter
	answer  chan answer // to the request that upload is the body of
}

type answer struct {
	status int
	body   string
	err    error
}

type serverKey struct{}

func serverOf(ts *testscript.TestScript) *server { return ts.Value(serverKey{}).(*server) }

var greeting = regexp.MustCompile(`^dynos serves \S+ on http://(\S+)$`)

// start returns when the server has printed its address.
func (s *server) start(command *exec.Cmd) error {
	s.client.Transport = &http.Transport{}
	s.client.Timeout = patience
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	errors, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{}) // s may be another server by then
	s.command, s.ended = command, ended
	var reading sync.WaitGroup
	s.lines, s.faults = linesOf(out, &reading), linesOf(errors, &reading)
	go func() {
		reading.Wait() // which is when no engine is left either
		_ = command.Wait()
		close(ended)
	}()
	s.address, err = s.greeted()
	return err
}

// linesOf reads a stream to its end.
func linesOf(in io.Reader, reading *sync.WaitGroup) chan string {
	lines := make(chan string, 1000)
	reading.Go(func() {
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			lines <- scanner.Text()
		}
		close(lines)
	})
	return lines
}

// greeted reads a line that says where the server listens.
func (s *server) greeted() (string, error) {
	line, err := s.line()
	if err != nil {
		return "", err
	}
	match := greeting.FindStringSubmatch(line)
	if match == nil {
		return "", fmt.Errorf("the server says %q", line)
	}
	return match[1], nil
}

func (s *server) line() (string, error) {
	select {
	case line, ok := <-s.lines:
		if !ok {
			return "", fmt.Errorf("the server has ended; it said %q", s.allFaults())
		}
		return line, nil
	case <-time.After(patience):
		return "", fmt.Errorf("the server prints nothing")
	}
}

// allFaults is what the ended server has said in its error stream and nobody has read.
func (s *server) allFaults() (text string) {
	for line := range s.faults {
		text += line + "\n"
	}
	return text
}

func (s *server) kill() {
	if s.command == nil {
		return
	}
	_ = s.command.Process.Kill()
	<-s.ended
	s.client.CloseIdleConnections()
}

func (s *server) url(path string) string {
	return (&url.URL{Scheme: "http", Host: s.address}).String() + path
}

func answerOf(response *http.Response, err error) answer {
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(body), err}
}

func show(ts *testscript.TestScript, a answer) {
	ts.Check(a.err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", a.status, a.body)
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: get PATH|URL [HEADER…]")
	}
	s := serverOf(ts)
	url := args[0]
	if strings.HasPrefix(url, "/") {
		url = s.url(url)
	}
	request, err := http.NewRequest(http.MethodGet, url, nil)
	ts.Check(err)
	for _, header := range args[1:] {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Add(name, value)
	}
	show(ts, answerOf(s.client.Do(request)))
}

func listens(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	address, err := serverOf(ts).greeted()
	ts.Check(err)
	ts.Setenv(args[0], address)
}

func begin(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2)
	s := serverOf(ts)
	body, upload := io.Pipe()
	s.upload, s.answer = upload, make(chan answer, 1)
	go func() { s.answer <- answerOf(s.client.Post(s.url(args[0]), "text/plain", body)) }()
	_, err := io.WriteString(upload, args[1])
	ts.Check(err)
}

func finish(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	s := serverOf(ts)
	_, err := io.WriteString(s.upload, args[0])
	ts.Check(err)
	ts.Check(s.upload.Close())
	show(ts, <-s.answer)
}

func printed(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	for {
		line, err := serverOf(ts).line()
		ts.Check(err)
		if strings.Contains(line, args[0]) {
			return
		}
	}
}

func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	ts.Check(serverOf(ts).command.Process.Signal(signalOf(ts, args[0])))
}

func signalOf(ts *testscript.TestScript, name string) syscall.Signal {
	signal := unix.SignalNum("SIG" + name)
	if signal == 0 {
		ts.Fatalf("no such signal: %s", name)
	}
	return signal
}

func closed(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		connection, err := net.Dial("tcp", serverOf(ts).address)
		if err != nil {
			return
		}
		_ = connection.Close()
	}
	ts.Fatalf("the server still takes connections")
}

func ended(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1)
	s := serverOf(ts)
	select {
	case <-s.ended:
	case <-time.After(patience):
		ts.Fatalf("the server does not end")
	}
	if code := s.command.ProcessState.ExitCode(); code != number(ts, args[0]) {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

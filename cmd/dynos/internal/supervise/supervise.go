// Package supervise keeps engines alive: processes that serve the same listeners, and a warm spare that takes the place of one that
// dies. The supervisor itself runs no JavaScript and sees no request.
//
// An engine lives through stages. It starts, reads its project and asks for the listeners of its doors, which the supervisor opens
// once; it says that it is ready; it serves when it is told to; it drains when it is told to, and exits. A listener is one open file in
// all processes, so a connection that nobody has taken yet is taken by whoever serves next.
//
// Engines die with their supervisor: the kernel kills them, and the end of the control socket ends them too. So whatever they hold
// (the port, the lock of the state) is free when they are gone, without anything to clean up.
package supervise

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// Options say what to supervise.
type Options struct {
	// Engines is how many serve. One more is the spare.
	Engines int
	// Command makes the command of an engine, without descriptors. Only the first of all speaks of what is odd about the project.
	Command func(first bool) *exec.Cmd
	// WitnessSize is the memory, in bytes, in which an engine notes what runs; Ran reads it.
	WitnessSize int
	Ran         func(memory []byte) []string
	// Open opens the doors, once, and takes the locks of the folders of state. It returns their descriptors, the locks last, for engines to
	// have as well. Close closes them.
	Open  func(doors []control.Door, state []string) ([]int, error)
	Close func()
	// Serving is called once, when all engines serve.
	Serving func()
	// Log gets what happened to an engine. Worker is who is to blame, if anybody.
	Log func(fault bool, worker, text string)
	// Measure gets who wants a Report; nil means nobody does. Their channels must have room for it.
	Measure <-chan chan<- Report
	// DrainTime bounds how long an engine finishes what is in progress.
	DrainTime time.Duration
}

// ErrInterrupted says that a second signal has ended the engines at once.
var ErrInterrupted = errors.New("ended while requests were in progress")

// A StartError says that the first engines did not start. The engine has said why if it has ended by itself.
type StartError struct {
	// Code is its exit code, -1 if a signal has ended it.
	Code int
	text string
}

// Error implements error.
func (e *StartError) Error() string { return "an engine does not start: " + e.text }

const (
	// An engine that dies before it is ready is tried again after a time that doubles.
	firstPause = 100 * time.Millisecond
	maxPause   = 10 * time.Second
	// killAfter the time for draining, an engine that does not end is killed.
	killAfter = 2 * time.Second
	// handOver is how long the successor of an engine that serves alone waits for it to finish, and clients for the successor.
	handOver = 2 * time.Second
)

type supervisor struct {
	Options
	events   chan event
	children []*child
	started  int // engines so far
	deaths   int // those of them that died
	polls    []*poll
	files    []int // of the doors, and the locks; nil before they are open, and when they are closed
	asked    *control.Message
	up       bool // all engines have served
	stopping bool
	blame    blame
	oomKills int64

	pause     time.Duration // before the next start
	nextStart time.Time
	fault     error // of an engine that failed while it drained at the end
}

// Run supervises until a signal comes, then lets the engines drain. It returns when no engine is left.
//
// Errors: *StartError, ErrInterrupted, what Open returned.
func Run(o Options, signals <-chan os.Signal) error {
	runtime.LockOSThread() // see start
	defer runtime.UnlockOSThread()
	s := &supervisor{Options: o, events: make(chan event), blame: blame{}, oomKills: oomKills()}
	defer s.end()
	for range o.Engines {
		if err := s.start(); err != nil {
			return err
		}
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case e := <-s.events:
			if err := s.handle(e); err != nil {
				return err
			}
		case <-signals:
			if s.stopping {
				return ErrInterrupted
			}
			s.stop()
		case to := <-s.Measure:
			s.measure(to)
		case <-timer.C:
		}
		if s.stopping && len(s.children) == 0 {
			return s.fault
		}
		timer.Reset(s.balance())
	}
}

// end kills what is left and waits for it.
func (s *supervisor) end() {
	for _, c := range s.children {
		c.kill()
	}
	for len(s.children) > 0 {
		if e := <-s.events; e.exited != nil {
			s.remove(e.from)
		}
	}
	s.close()
}

func (s *supervisor) close() {
	if s.files != nil {
		s.Close()
	}
	s.files = nil
}

func (s *supervisor) remove(c *child) {
	c.close()
	s.measured(c, "")
	s.children = slices.DeleteFunc(s.children, func(other *child) bool { return other == c })
}

// handle takes in what a child did. An error ends everything.
func (s *supervisor) handle(e event) error {
	c := e.from
	switch {
	case e.exited != nil:
		return s.exited(c, e.exited)
	case e.gone:
		c.gone = true
		c.kill() // for one that has only closed the socket
		return nil
	}
	switch e.message.Kind {
	case control.Doors:
		return s.open(c, e.message)
	case control.Ready:
		if c.stage == starting {
			c.stage, c.alone = warm, e.message.Alone
			s.pause = 0
		}
	case control.Measured:
		s.measured(c, e.message.Text)
	case control.Retire:
		if c.stage == serving && !c.retires && !s.stopping {
			c.retires = true
			s.Log(false, "", fmt.Sprintf("engine %d is replaced: %s", c.command.Process.Pid, e.message.Text))
		}
	}
	return nil
}

// open gives an engine what it asks for. That is what the first engine has asked for: if a configuration has something else by now, that
// needs a new server.
func (s *supervisor) open(c *child, asked *control.Message) error {
	if s.stopping {
		return nil
	}
	if s.files == nil {
		files, err := s.Open(asked.Doors, asked.State)
		if err != nil {
			return err
		}
		s.files, s.asked = files, asked
	}
	same := func(a, b control.Door) bool { return a.Network == b.Network && a.Address == b.Address }
	if !slices.Equal(asked.State, s.asked.State) || !slices.EqualFunc(asked.Doors, s.asked.Doors, same) {
		s.Log(true, "", "the configuration listens or stores elsewhere now; start dynos again")
		c.kill()
		return nil
	}
	c.send(&control.Message{Kind: control.Listeners, Files: s.files})
	return nil
}

// exited takes in the end of an engine.
func (s *supervisor) exited(c *child, state *os.ProcessState) error {
	killed := s.newOOMKills()
	ran := c.ran(s.Ran)
	s.remove(c)
	switch {
	case s.stopping || c.stage == draining:
		if s.stopping && state.ExitCode() > 0 {
			s.fault = fmt.Errorf("engine %d: %s", c.command.Process.Pid, ending(state))
		}
	case !s.up:
		return &StartError{Code: state.ExitCode(), text: ending(state)}
	case c.stage == starting:
		s.delay()
		s.Log(true, "", fmt.Sprintf("engine %d does not start (%s); the next try is in %s", c.command.Process.Pid, ending(state), s.pause))
	default:
		if c.stage == warm { // which nobody has asked for anything
			s.delay()
		}
		s.died(c, state, ran, killed)
	}
	return nil
}

// delay puts the next start off, for longer each time.
func (s *supervisor) delay() {
	s.pause = min(max(2*s.pause, firstPause), maxPause)
	s.nextStart = time.Now().Add(s.pause)
}

// died tells the log, and refuses workers that do that often.
func (s *supervisor) died(c *child, state *os.ProcessState, ran []string, outOfMemory bool) {
	s.deaths++
	text := fmt.Sprintf("engine %d has ended (%s)", c.command.Process.Pid, ending(state))
	worker := ""
	switch len(ran) {
	case 0:
		text += " while no worker ran"
	case 1:
		worker = ran[0]
		text += fmt.Sprintf(" while worker %q ran", ran[0])
	default:
		text += fmt.Sprintf(" while workers %s ran", quoted(ran))
	}
	s.Log(true, worker, text)
	if !atFault(state, outOfMemory) {
		return
	}
	held := s.blame.strike(ran, time.Now())
	for k := 0; k < len(held); k += maxTold {
		s.tell(&control.Message{Kind: control.Hold, Held: held[k:min(len(held), k+maxTold)]})
	}
	for _, h := range held {
		s.Log(true, h.Worker, fmt.Sprintf("worker %q is held back for %s", h.Worker, time.Until(time.UnixMilli(h.Until)).Round(time.Second)))
	}
}

// maxNamed bounds a line of the log.
const maxNamed = 10

func quoted(names []string) string {
	var list []string
	for _, name := range names[:min(len(names), maxNamed)] {
		list = append(list, fmt.Sprintf("%q", name))
	}
	if more := len(names) - maxNamed; more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

// tell sends a message to all that serve; the others hear of it with Serve.
func (s *supervisor) tell(m *control.Message) {
	for _, c := range s.children {
		if c.stage == serving && !c.gone {
			c.send(m)
		}
	}
}

// stop lets all engines end.
func (s *supervisor) stop() {
	s.stopping = true
	s.close()
	for _, c := range s.children {
		if c.stage == starting || c.stage == warm {
			c.kill()
			continue
		}
		s.drain(c, s.DrainTime)
	}
}

func (s *supervisor) drain(c *child, within time.Duration) {
	if c.stage == draining {
		return
	}
	c.stage = draining
	c.deadline = time.Now().Add(within + killAfter)
	c.send(&control.Message{Kind: control.Drain, Millis: within.Milliseconds()})
}

package supervise

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// Descriptors of an engine, beside the standard ones.
const (
	// ControlFile is the socket to the supervisor.
	ControlFile = 3
	// WitnessFile is the memory that says what runs.
	WitnessFile = 4
)

// A stage of an engine's life.
type stage uint8

const (
	starting stage = iota
	warm           // it could serve
	serving
	draining
)

// A child is one engine process.
type child struct {
	command *exec.Cmd
	conn    *control.Conn
	witness *os.File
	stage   stage
	alone   bool // it may serve only when no other does
	// retires is set when it shall be replaced as soon as there is a spare.
	retires bool
	// gone is set when its socket has ended, which comes a little before its exit.
	gone     bool
	deadline time.Time // of draining
}

// An event is something that a child did.
type event struct {
	from    *child
	message *control.Message
	gone    bool             // the socket has ended
	exited  *os.ProcessState // the process has ended
}

// start runs an engine. Preconditions: on the goroutine of Run, whose thread outlives all engines: the kernel kills a child when the
// thread that started it ends.
func (s *supervisor) start() error {
	conn, end, err := control.Pair()
	if err != nil {
		return err
	}
	defer func() { _ = end.Close() }()
	witness, err := newWitness(s.WitnessSize)
	if err != nil {
		_ = conn.Close()
		return err
	}
	c := &child{command: s.Command(s.started == 0), conn: conn, witness: witness}
	c.command.ExtraFiles = []*os.File{end, witness}
	c.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.command.Start(); err != nil {
		c.close()
		return err
	}
	s.started++
	s.children = append(s.children, c)
	received := make(chan struct{})
	go c.receive(s.events, received)
	go func() {
		_ = c.command.Wait() // its state says it all
		<-received
		s.events <- event{from: c, exited: c.command.ProcessState}
	}()
	return nil
}

// newWitness makes memory that the process and its supervisor share.
func newWitness(size int) (*os.File, error) {
	fd, err := unix.MemfdCreate("witness", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	f := os.NewFile(uintptr(fd), "witness")
	if err := f.Truncate(int64(size)); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// receive passes messages on until the socket ends, or the engine breaks the rules.
func (c *child) receive(events chan<- event, done chan<- struct{}) {
	defer close(done)
	for {
		m, err := c.conn.Receive()
		if err != nil {
			events <- event{from: c, gone: true}
			return
		}
		m.CloseFiles() // an engine has none to give
		events <- event{from: c, message: m}
	}
}

// send tells the engine something. If that is impossible it is gone, or so stuck that it had better be.
func (c *child) send(m *control.Message) bool {
	_ = c.conn.SetWriteDeadline(time.Now().Add(time.Second))
	if err := c.conn.Send(m); err != nil {
		c.kill()
		return false
	}
	return true
}

func (c *child) kill() { _ = c.command.Process.Kill() }

func (c *child) close() { _, _ = c.conn.Close(), c.witness.Close() }

// ran reads the names that the engine has left.
func (c *child) ran(read func([]byte) []string) []string {
	info, err := c.witness.Stat()
	if err != nil {
		return nil
	}
	memory := make([]byte, info.Size())
	if _, err := c.witness.ReadAt(memory, 0); err != nil {
		return nil
	}
	return read(memory)
}

// ending is a process's end in words.
func ending(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return "signal: " + status.Signal().String()
	}
	return fmt.Sprintf("exit code %d", state.ExitCode())
}

// atFault says whether an engine ended by what it did itself, rather than by somebody's signal.
func atFault(state *os.ProcessState, outOfMemory bool) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	switch {
	case !ok || !status.Signaled():
		return state.ExitCode() != 0
	case status.Signal() == syscall.SIGKILL:
		return outOfMemory
	}
	switch status.Signal() {
	case syscall.SIGSEGV, syscall.SIGABRT, syscall.SIGILL, syscall.SIGTRAP, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGSYS:
		return true
	}
	return false
}

// Package control is what a supervisor and its engines say to each other: messages over a socket that only the two have, some with
// open files beside them. The end of the socket is the end of the other process.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Kind says what a message means.
type Kind string

// Messages of an engine, and of its supervisor.
const (
	// Doors: the engine has read its project and wants the listeners of these doors, and the locks of the folders State.
	Doors Kind = "doors"
	// Ready: the workers run; the engine could serve, if it is Alone only when no other one is left.
	Ready Kind = "ready"
	// Retire: the engine wants to be replaced, for the reason in Text.
	Retire Kind = "retire"
	// Measured answers Measure: figures as JSON, in Text.
	Measured Kind = "measured"

	// Listeners answers Doors, with a file for each of them, and one for each lock.
	Listeners Kind = "listeners"
	// Serve: take connections. Held are the workers that are refused by now.
	Serve Kind = "serve"
	// Hold: refuse these workers.
	Hold Kind = "hold"
	// Measure: say what your figures are.
	Measure Kind = "measure"
	// Drain: take no more connections, finish within Millis, and exit.
	Drain Kind = "drain"
)

// A Message is one of the kinds, with what belongs to it.
type Message struct {
	Kind  Kind     `json:"kind"`
	Text  string   `json:"text,omitempty"`
	Doors []Door   `json:"doors,omitempty"`
	State []string `json:"state,omitempty"`
	Held  []Held   `json:"held,omitempty"`

	Alone  bool  `json:"alone,omitempty"`
	Millis int64 `json:"millis,omitempty"`
	// Files are descriptors. Those that were received are the receiver's to close. They are no os.File, because one of a listener would
	// be woken by every connection.
	Files []int `json:"-"`
}

// A Door is an address to listen on.
type Door struct {
	Network string `json:"network"`
	Address string `json:"address"`
	// Name of the service behind it.
	Name string `json:"name"`
	// TCP says that the service takes connections, not requests.
	TCP bool `json:"tcp,omitempty"`
	// Place is where a configuration says so, empty if the command line does.
	Place string `json:"place,omitempty"`
}

// Held is a worker that is refused for a while.
type Held struct {
	// Worker is the identity that the engine has noted for it.
	Worker string `json:"worker"`
	// Until is when that ends, in Unix milliseconds.
	Until int64 `json:"until"`
}

const (
	maxMessage = 64 << 10
	maxFiles   = 250 // the kernel takes 253 at a time
)

// ErrTooManyDoors says that a message would have had more files than the kernel passes at once.
var ErrTooManyDoors = fmt.Errorf("more than %d listeners", maxFiles)

// A Conn is one end. One goroutine may receive; any may send.
type Conn struct {
	socket *net.UnixConn
	mu     sync.Mutex // held while a message is sent
}

// Pair makes a connection; the file is its other end, for the process to come.
func Pair() (*Conn, *os.File, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	other := os.NewFile(uintptr(ends[1]), "control")
	c, err := Open(os.NewFile(uintptr(ends[0]), "control"))
	if err != nil {
		_ = other.Close()
		return nil, nil, err
	}
	return c, other, nil
}

// Open makes a Conn of a file, which is closed.
func Open(file *os.File) (*Conn, error) {
	defer func() { _ = file.Close() }()
	c, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	socket, ok := c.(*net.UnixConn)
	if !ok {
		_ = c.Close()
		return nil, errors.New("the control descriptor is no socket")
	}
	return &Conn{socket: socket}, nil
}

// Send sends a message. Its files stay the caller's.
func (c *Conn) Send(m *Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(m.Files) > maxFiles {
		return ErrTooManyDoors
	}
	var beside []byte
	if len(m.Files) > 0 {
		beside = unix.UnixRights(m.Files...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _, err = c.socket.WriteMsgUnix(text, beside, nil)
	return err
}

// Receive waits for the next message. io.EOF and connection errors mean that the other process is gone.
func (c *Conn) Receive() (*Message, error) {
	text, beside := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(4*maxFiles))
	n, k, _, _, err := c.socket.ReadMsgUnix(text, beside)
	if err != nil {
		return nil, err
	}
	m := &Message{}
	if m.Files, err = filesOf(beside[:k]); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text[:n], m); err != nil {
		m.CloseFiles()
		return nil, fmt.Errorf("control message: %w", err)
	}
	return m, nil
}

// CloseFiles closes what came with a message.
func (m *Message) CloseFiles() {
	for _, fd := range m.Files {
		_ = unix.Close(fd)
	}
	m.Files = nil
}

// filesOf reads the descriptors that came beside a message. They are closed at exec: Go's reader sets MSG_CMSG_CLOEXEC.
func filesOf(beside []byte) (files []int, err error) {
	list, err := syscall.ParseSocketControlMessage(beside)
	if err != nil {
		return nil, err
	}
	for k := range list {
		numbers, err := syscall.ParseUnixRights(&list[k])
		if err != nil {
			return nil, err
		}
		files = append(files, numbers...)
	}
	return files, nil
}

// SetWriteDeadline bounds how long Send may wait for a receiver that does not receive.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.socket.SetWriteDeadline(t) }

// Close closes this end; a Receive that waits returns.
func (c *Conn) Close() error { return c.socket.Close() }

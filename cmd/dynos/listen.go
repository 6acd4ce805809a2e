package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
	"github.com/dynos-run/dynos/loader"
)

// portPatience is how long an address that is in use may stay so: engines whose supervisor was killed take a moment to go.
const portPatience = time.Second

// A door is an address to listen on, with who answers behind it.
type door struct {
	control.Door
	server func(*loader.Runtime, *serverLimits) (ingress, error)
}

// listeners are the open doors of a server, as descriptors that its engines get, and the locks of its folders of state.
type listeners struct {
	files     []int
	locks     []*os.File
	greetings []string
	paths     []string // of sockets in the file system
}

// open opens every door and locks every folder, or nothing.
func (l *listeners) open(doors []control.Door, state []string) (files []int, err error) {
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	for _, dir := range state {
		lock, err := lockState(dir)
		if err != nil {
			return nil, err
		}
		l.locks = append(l.locks, lock)
	}
	for k := range doors {
		if err := l.add(&doors[k]); err != nil {
			return nil, err
		}
	}
	files = slices.Clone(l.files)
	for _, lock := range l.locks {
		files = append(files, int(lock.Fd()))
	}
	return files, nil
}

func (l *listeners) add(d *control.Door) error {
	listener, err := listen(d)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the descriptor stays
	if socket, ok := listener.(*net.UnixListener); ok {
		socket.SetUnlinkOnClose(false)
		l.paths = append(l.paths, d.Address)
	}
	fd, err := duplicate(listener)
	if err != nil {
		return err
	}
	l.files = append(l.files, fd)
	l.greetings = append(l.greetings, greetingOf(d, listener.Addr()))
	return nil
}

// maxUnsent is how much of a response the kernel keeps for a client that does not take it, beside what is on its way. It would be megabytes for
// each, which a worker makes at the cost of others.
const maxUnsent = 128 << 10

// limitUnsent sets that for all connections of a listener.
func limitUnsent(listener net.Listener) error {
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = raw.Control(func(fd uintptr) {
		failure = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
	})
	return errors.Join(err, failure)
}

// duplicate gives a descriptor that nobody in this process waits on.
func duplicate(listener net.Listener) (fd int, err error) {
	raw, err := listener.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var failure error
	err = raw.Control(func(from uintptr) { fd, failure = unix.FcntlInt(from, unix.F_DUPFD_CLOEXEC, 0) })
	return fd, errors.Join(err, failure)
}

// close closes the doors in this process, and removes sockets from the file system.
func (l *listeners) close() {
	for _, path := range l.paths {
		_ = os.Remove(path)
	}
	for _, fd := range l.files {
		_ = unix.Close(fd)
	}
	for _, lock := range l.locks {
		_ = lock.Close()
	}
	l.files, l.paths, l.locks = nil, nil, nil
}

// listen opens an address; one that is in use is the user's to change.
func listen(d *control.Door) (net.Listener, error) {
	var listener net.Listener
	var err error
	var config net.ListenConfig
	config.SetMultipathTCP(false) // connections would not have what is set here
	for end := time.Now().Add(portPatience); ; time.Sleep(10 * time.Millisecond) {
		listener, err = config.Listen(context.Background(), d.Network, d.Address)
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(end) {
			break
		}
		if d.Network == "unix" && abandoned(d.Address) {
			_ = os.Remove(d.Address)
		}
	}
	if err == nil {
		return listener, limitUnsent(listener)
	}
	before, hint := "dynos: ", "stop the other server or choose another --port"
	if d.Place != "" {
		before, hint = d.Place+": ", "stop the other server, choose another address, or give --port"
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &inputError{fmt.Sprintf("%s%s is in use; %s", before, address(d), hint)}
	}
	return nil, &inputError{fmt.Sprintf("%scannot listen on %s: %s", before, address(d), err)}
}

// abandoned says whether a socket in the file system is left of a process that is gone.
func abandoned(path string) bool {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSocket {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		_ = conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// address gives the address as a configuration has it.
func address(d *control.Door) string {
	if d.Network == "unix" {
		return "unix:" + d.Address
	}
	return d.Address
}

// greetingOf is the line that says where a door is.
func greetingOf(d *control.Door, at net.Addr) string {
	if d.Network == "unix" {
		return fmt.Sprintf("dynos serves %s on %s", d.Name, address(d))
	}
	scheme := "http"
	if d.TCP {
		scheme = "tcp"
	}
	return fmt.Sprintf("dynos serves %s on %s://%s", d.Name, scheme, at)
}

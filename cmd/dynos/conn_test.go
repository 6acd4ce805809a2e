package main

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A client that takes nothing breaks the connection; one that takes some at a time, each in time, gets all of it.
func TestPatientConn(t *testing.T) {
	server, client := net.Pipe() // hands over each write, so that nothing is hidden in a buffer
	c := &patientConn{Conn: server, timeout: 20 * time.Millisecond}
	n, err := c.Write([]byte("nobody reads"))
	require.Zero(t, n)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)

	const size = 5*writePiece + 1
	received := make(chan int)
	go func() {
		n, _ := io.ReadFull(client, make([]byte, size))
		received <- n
	}()
	c = &patientConn{Conn: server, timeout: time.Minute}
	n, err = c.Write(make([]byte, size))
	require.NoError(t, err)
	require.Equal(t, size, n)
	require.Equal(t, size, <-received)
}

// failing is a listener whose accepts fail one after the other.
type failing struct {
	net.Listener
	faults []error
}

func (f *failing) Accept() (net.Conn, error) {
	if len(f.faults) == 0 {
		server, _ := net.Pipe()
		return server, nil
	}
	err := f.faults[0]
	f.faults = f.faults[1:]
	return nil, err
}

// A shortage must not end the server.
func TestPatientListener(t *testing.T) {
	l := &patientListener{&failing{faults: []error{syscall.EMFILE, os.NewSyscallError("accept4", syscall.ENFILE), syscall.ECONNABORTED, syscall.ENOBUFS}}, time.Second}
	c, err := l.Accept()
	require.NoError(t, err)
	require.IsType(t, &patientConn{}, c)
	gone := errors.New("gone")
	_, err = (&patientListener{&failing{faults: []error{gone}}, time.Second}).Accept()
	require.ErrorIs(t, err, gone)
}

package main

import (
	"errors"
	"net"
	"syscall"
	"time"
)

// writePiece is how much is written under one deadline: a slow client that takes some at a time is not a dead one.
const writePiece = 64 << 10

// acceptPause is for when there is no descriptor or memory for another connection; some will end.
const acceptPause = 10 * time.Millisecond

// A patientListener accepts connections whose clients must take what is sent to them within a time, and outlasts shortages.
type patientListener struct {
	net.Listener
	writeTimeout time.Duration
}

// Accept implements net.Listener.
func (l *patientListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			return &patientConn{Conn: c, timeout: l.writeTimeout}, nil
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.ENOBUFS), errors.Is(err, syscall.ENOMEM):
			time.Sleep(acceptPause)
		case errors.Is(err, syscall.ECONNABORTED):
		default:
			return nil, err
		}
	}
}

// A patientConn is broken when nothing of a piece could be written for a time. It has no ReadFrom, which would go around that.
type patientConn struct {
	net.Conn
	timeout  time.Duration
	armed    time.Time // when the deadline was set
	received []byte
}

// Read implements net.Conn.
func (c *patientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received = p[:n]
	return n, err
}

// Received is what the last read has brought, by which the loader sees whether a body that nobody reads is one. It is valid until the next.
func (c *patientConn) Received() []byte { return c.received }

// Write implements net.Conn. Setting a deadline costs more than looking at the clock, so one that is nearly as late is left.
func (c *patientConn) Write(p []byte) (written int, err error) {
	for {
		piece := p[:min(len(p), writePiece)]
		if now := time.Now(); now.Sub(c.armed) > c.timeout/4 {
			if err := c.SetWriteDeadline(now.Add(c.timeout)); err != nil {
				return written, err
			}
			c.armed = now
		}
		n, err := c.Conn.Write(piece)
		written += n
		if err != nil || n == len(p) {
			return written, err
		}
		p = p[n:]
	}
}

// SetWriteDeadline implements net.Conn.
func (c *patientConn) SetWriteDeadline(t time.Time) error {
	c.armed = time.Time{}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline implements net.Conn.
func (c *patientConn) SetDeadline(t time.Time) error {
	c.armed = time.Time{}
	return c.Conn.SetDeadline(t)
}

// SyscallConn implements syscall.Conn, by which the loader sees that a client has gone.
func (c *patientConn) SyscallConn() (syscall.RawConn, error) {
	raw, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return raw.SyscallConn()
}

package loader

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
)

// connect implements connector: a connection to the network.
func (n *network) connect(r *isolate.Runner, c *connection, to connectCaller) inflight {
	dialer, ok := n.fetcher.(bindings.Dialer)
	if !ok {
		to.fail(r, errNoConnect)
		c.sending.cancel(r, nil)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	conn := &netConn{dialer: dialer, ctx: ctx, cancel: cancel}
	go conn.serve(*c, to)
	return cancellation{cancel}
}

// netChunk is how much is read from a connection at once.
const netChunk = 16 << 10

// A netConn is a connection to the network. One goroutine opens it and writes what the worker sends; each read has one of its own.
type netConn struct {
	dialer bindings.Dialer
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc

	reading sync.Mutex // held while a read runs
	buffer  []byte     // of the read that runs

	mu             sync.Mutex // guards the rest
	conn           net.Conn
	sending        body        // what is being sent, nil after its end
	sent, received bool        // directions that have ended
	next           *netUpgrade // what follows the stream that is being sent
}

// A netUpgrade is a TLS handshake that waits for the end of what is sent in the clear.
type netUpgrade struct {
	host    string
	sending body
	to      connectCaller
}

// serve opens the connection and sends until there is nothing more.
func (n *netConn) serve(c connection, to connectCaller) {
	var r isolate.Runner
	conn, err := n.dial(&c)
	if err != nil {
		n.cancel()
		to.fail(&r, dialFailure(err))
		c.sending.cancel(&r, nil)
		r.Run()
		return
	}
	n.conn = conn
	for sending := c.sending; ; {
		to.connected(&r, &netReceiving{n})
		r.Run()
		next := n.send(sending)
		if next == nil {
			return
		}
		if err := n.startTLS(next.host); err != nil {
			next.to.fail(&r, networkFailure(err))
			next.sending.cancel(&r, nil)
			r.Run()
			n.close()
			return
		}
		sending, to = next.sending, next.to
	}
}

// dialFailure says why there is no connection, where the worker may know: scripts see it as an error of node:net.
func dialFailure(err error) *failure {
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return errNoHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return errNoListener
	}
	return errNoConnect
}

func (n *netConn) dial(c *connection) (net.Conn, error) {
	conn, err := n.dialer.Dial(n.ctx, c.address)
	if err != nil || c.tls != "on" {
		return conn, err
	}
	secure, err := n.dialer.StartTLS(n.ctx, conn, c.host)
	if err != nil {
		_ = conn.Close()
	}
	return secure, err
}

// send writes a stream to its end, and returns what is to follow, if anything is.
func (n *netConn) send(sending body) *netUpgrade {
	n.mu.Lock()
	n.sending = sending
	n.mu.Unlock()
	w := &failingWriter{Writer: n.conn}
	_, err := newBodyReader(sending).WriteTo(w)
	n.mu.Lock()
	next := n.next
	n.next, n.sending = nil, nil
	n.mu.Unlock()
	if f, ok := err.(*failure); ok && f.origin == fromWorker { // aborted by the worker, which may go on to read
		n.over(&n.sent)
		return nil
	}
	if err != nil {
		n.close()
		if w.failed { // what the stream has is for nobody
			var r isolate.Runner
			sending.cancel(&r, errDisconnected)
			r.Run()
		}
		return nil
	}
	if next != nil {
		return next
	}
	if c, ok := n.conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
	n.over(&n.sent)
	return nil
}

// failingWriter tells whose failure it was.
type failingWriter struct {
	io.Writer
	failed bool
}

func (w *failingWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.failed = w.failed || err != nil
	return n, err
}

// upgrade asks for TLS once the stream that is being sent has ended, which it must do next.
func (n *netConn) upgrade(r *isolate.Runner, host string, sending body, to connectCaller) {
	n.mu.Lock()
	if n.sent {
		n.mu.Unlock()
		to.fail(r, errDisconnected)
		sending.cancel(r, nil)
		return
	}
	n.next = &netUpgrade{host, sending, to}
	_ = n.conn.SetReadDeadline(time.Unix(1, 0)) // a read that was forgotten would get what belongs to the handshake
	n.mu.Unlock()
}

func (n *netConn) startTLS(host string) error {
	n.reading.Lock()
	defer n.reading.Unlock()
	_ = n.conn.SetReadDeadline(time.Time{})
	secure, err := n.dialer.StartTLS(n.ctx, n.conn, host)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conn, n.received = secure, false
	return nil
}

// ended notes that nothing more can be read. If the connection is broken, what is sent is for nobody.
func (n *netConn) ended(r *isolate.Runner, err error) {
	n.mu.Lock()
	upgrading, sending := n.next != nil, n.sending
	n.mu.Unlock()
	if upgrading { // the read was broken off
		return
	}
	n.over(&n.received)
	if err != io.EOF && sending != nil {
		n.close()
		sending.cancel(r, errDisconnected)
	}
}

// over notes that a direction has ended; with the second one the connection does.
func (n *netConn) over(direction *bool) {
	n.mu.Lock()
	*direction = true
	both := n.sent && n.received
	n.mu.Unlock()
	if both {
		n.close()
	}
}

// close ends the connection at once.
func (n *netConn) close() {
	n.cancel()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sent, n.received = true, true
	_ = n.conn.Close()
}

// netReceiving is what comes from the network, as a body.
type netReceiving struct{ conn *netConn }

func (b *netReceiving) read(_ *isolate.Runner, limit int, done func(*isolate.Runner, []byte, error)) {
	go func() {
		n := b.conn
		n.reading.Lock()
		if n.buffer == nil {
			n.buffer = make([]byte, netChunk)
		}
		got, err := n.conn.Read(n.buffer[:min(limit, netChunk)])
		data := n.buffer[:got]
		n.reading.Unlock()
		var r isolate.Runner
		if got > 0 {
			done(&r, data, nil)
		} else {
			n.ended(&r, err)
			done(&r, nil, err)
		}
		r.Run()
	}()
}

func (b *netReceiving) cancel(*isolate.Runner, *failure) { b.conn.over(&b.conn.received) }

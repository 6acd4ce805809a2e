package loader

import (
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A TCP socket is two streams, which are bodies: each side is given what the other one sends, and pulls it. What a realm sends is a
// stream that it exports.

// A connector is a service that takes TCP connections.
type connector interface {
	service
	// connect opens a connection. The slices of c are valid during the call; its sending is the callee's in any case.
	connect(r *isolate.Runner, c *connection, to connectCaller) inflight
}

// A connection is one that is asked for.
type connection struct {
	address string // host:port
	tls     string // off, on or starttls
	host    string // for which TLS wants a certificate
	sending body   // what the caller sends
}

// A connectCaller takes the answer to a connect.
type connectCaller interface {
	// connected gives what the other side sends, which the caller then owns.
	connected(r *isolate.Runner, receiving body)
	fail(r *isolate.Runner, f *failure)
}

var (
	errNoConnect = hostError("proxy request failed, cannot connect to the specified address")
	// The same, with the code that polyfills/node/internal_net_failures.js reads.
	errNoHost     = hostError("ENOTFOUND")
	errNoListener = hostError("ECONNREFUSED")
	errNoTLS      = hostError("Incoming CONNECT with TLS not supported")
	errNoUpgrade  = hostError("startTls() is not supported on this connection.")
)

// connect implements connector: the entrypoint's connect handler is called.
func (t *target) connect(r *isolate.Runner, c *connection, to connectCaller) inflight {
	for {
		i, f := t.worker.instance(r)
		if f != nil {
			to.fail(r, f)
			c.sending.cancel(r, nil)
			return nil
		}
		if running := i.startConnect(r, t, c, to); running != nil {
			return running
		}
	}
}

// startConnect sends a connect event into the realm. Nil means that the instance is closed.
func (i *instance) startConnect(r *isolate.Runner, t *target, conn *connection, to connectCaller) inflight {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return nil
	}
	c := i.open()
	c.connecting, c.connector, c.entry = true, to, t
	c.limit(t.limits)
	c.socket = newOpenSocket(c)
	i.suspect(c)
	b.Begin(ops.MessageConnect, c.id)
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	b.String(conn.address)
	b.Int(int64(i.addBody(c, c.socket.half(conn.sending))))
	b.End(5)
	i.commit(r)
	return c
}

// An openSocket counts the directions of a connection that are open, as things that may bring a message to a context.
type openSocket struct {
	ctx  *requestContext
	left int // guarded by the instance's mu
}

// newOpenSocket counts a connection. Preconditions: the instance's mu is held.
func newOpenSocket(c *requestContext) *openSocket {
	c.pending++
	return &openSocket{ctx: c, left: 2}
}

// half is one direction, over when the body is.
func (s *openSocket) half(b body) body { return &socketHalf{body: b, socket: s} }

// over notes that a direction has ended.
func (s *openSocket) over() {
	i := s.ctx.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	if s.left--; s.left == 0 {
		s.ctx.pending--
		i.suspect(s.ctx)
	}
}

type socketHalf struct {
	body
	socket *openSocket
	ended  atomic.Bool
}

func (h *socketHalf) over() {
	if !h.ended.Swap(true) {
		h.socket.over()
	}
}

func (h *socketHalf) read(r *isolate.Runner, limit int, done func(*isolate.Runner, []byte, error)) {
	h.body.read(r, limit, func(r *isolate.Runner, data []byte, err error) {
		if err != nil {
			h.over()
		}
		done(r, data, err)
	})
}

func (h *socketHalf) cancel(r *isolate.Runner, f *failure) {
	h.over()
	h.body.cancel(r, f)
}

// socketCheck answers op_socket_check.
func (i *instance) socketCheck(a *ops.Reader, answer *ops.Batch) {
	_ = a.Int()
	var s service = (*target)(nil) // any other than a channel is a worker, of which nothing may be known yet
	if a.IsNumber() {
		i.mu.Lock()
		s = i.channel(a.Int())
		i.mu.Unlock()
	} else {
		_ = a.Raw(1)
	}
	tls := a.Bool()
	switch s := s.(type) {
	case refusal:
		isolate.CallError(answer, s.f.class, s.f.message)
		return
	case *target:
		if tls {
			isolate.CallError(answer, errNoTLS.class, errNoTLS.message)
			return
		}
	}
	isolate.CallResult(answer)
	answer.Undefined()
}

// exportStream makes a stream of the realm one that can be read here. Preconditions: mu is held.
func (i *instance) exportStream(c *requestContext, id int64) body {
	i.streams[id] = &exported{ctx: c}
	c.streams = append(c.streams, id)
	return &streamBody{owner: i, id: id}
}

func (i *instance) opSocketConnect(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	i.mu.Lock()
	s := i.readTarget(c, a)
	conn := connection{address: a.String(), tls: a.String(), host: a.String()}
	open := newOpenSocket(c)
	conn.sending = open.half(i.exportStream(c, a.Int()))
	i.mu.Unlock()
	to := &socketCaller{workerCaller{inst: i, ctx: c, promise: promise}, open}
	k, ok := s.(connector)
	if !ok {
		to.fail(r, errNoConnect)
		conn.sending.cancel(r, nil)
		return
	}
	running := k.connect(r, &conn, to)
	i.mu.Lock()
	c.attach(promise, running)
	i.mu.Unlock()
}

// socketCaller is a promise of a realm that waits for a connection.
type socketCaller struct {
	workerCaller
	open *openSocket
}

func (w *socketCaller) connected(r *isolate.Runner, receiving body) {
	receiving = w.open.half(receiving)
	taken := w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Int(int64(w.inst.addBody(w.ctx, receiving)))
		return 2
	})
	if !taken {
		receiving.cancel(r, nil)
	}
}

func (w *socketCaller) fail(r *isolate.Runner, f *failure) {
	w.open.over()
	w.workerCaller.fail(r, f)
}

// opSocketAccept gives who connects the stream that the realm sends. That one keeps the context alive until it is read.
func (i *instance) opSocketAccept(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	id := a.Int()
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil || c.socket == nil {
		i.mu.Unlock()
		return
	}
	to := c.connector
	c.connector = nil
	sending := c.socket.half(i.exportStream(c, id))
	i.streams[id].held = true
	c.heldStreams++
	i.mu.Unlock()
	if to != nil {
		to.connected(r, sending)
	} else {
		sending.cancel(r, nil)
	}
}

func (i *instance) opSocketRefuse(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	f := &failure{class: a.String(), message: a.String()}
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil || c.socket == nil {
		i.mu.Unlock()
		return
	}
	to := c.connector
	left := c.endConnect()
	i.mu.Unlock()
	if to != nil {
		to.fail(r, f)
	}
	left.release(r)
}

func (i *instance) opSocketDone(r *isolate.Runner, ctx uint32, _ *ops.Reader) {
	i.mu.Lock()
	var left *leftovers
	if c := i.contexts[ctx]; c != nil {
		left = c.endConnect()
	}
	i.mu.Unlock()
	left.release(r)
}

// endConnect ends a connect event. Preconditions: mu is held.
func (c *requestContext) endConnect() *leftovers {
	c.connecting, c.connector, c.answered = false, nil, true
	return c.endIfDone()
}

// opSocketStartTLS speaks TLS over a connection to the network.
func (i *instance) opSocketStartTLS(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	b := i.takeBody(uint32(a.Int()), true)
	host := a.String()
	i.mu.Lock()
	open := newOpenSocket(c)
	sending := open.half(i.exportStream(c, a.Int()))
	i.mu.Unlock()
	to := &socketCaller{workerCaller{inst: i, ctx: c, promise: promise}, open}
	h, _ := b.(*socketHalf)
	if h == nil {
		to.fail(r, errBodyGone)
		sending.cancel(r, nil)
		return
	}
	received, ok := h.body.(*netReceiving)
	if !ok {
		to.fail(r, errNoUpgrade)
		sending.cancel(r, nil)
		h.cancel(r, nil)
		return
	}
	h.over()
	received.conn.upgrade(r, host, sending, to)
}

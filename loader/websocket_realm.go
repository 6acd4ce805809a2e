package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// A realmSocket reads an end for the WebSocket of a realm. Its fields are guarded by the pipe's lock, if nothing else is said.
type realmSocket struct {
	inst     *instance
	ctx      *requestContext
	id       int64
	accepted bool
	// flight is how much the realm has been given and has not dealt with.
	flight int
	// given counts messages that the realm has been sent.
	given int64
	// pending says that the context counts it as something that brings messages; guarded by the instance's mu.
	pending bool
}

// take implements socketReader.
func (s *realmSocket) take(r *isolate.Runner, m *socketMessage) bool {
	if !s.accepted || s.flight > socketWindow && m.kind != 0 {
		return false
	}
	i := s.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	if s.ctx.ended {
		return true
	}
	b := i.begin()
	if b == nil {
		return true
	}
	switch m.kind {
	case websocket.Text, websocket.Binary:
		s.flight += m.size()
		s.given++
		b.Begin(ops.MessageWebSocketMessage, s.ctx.id)
		b.Int(s.id)
		if m.kind == websocket.Text {
			b.StringBytes(m.data)
		} else {
			b.Data(m.data)
		}
		b.End(2)
	case websocket.Close:
		b.Begin(ops.MessageWebSocketClose, s.ctx.id)
		b.Int(s.id)
		b.Int(int64(m.code))
		b.StringBytes(m.data)
		b.End(3)
	default:
		b.Begin(ops.MessageWebSocketEnd, s.ctx.id)
		b.Int(s.id)
		b.Bool(m.lost)
		f := m.failure
		if f == nil {
			f = &failure{}
		}
		b.String(f.class)
		b.String(f.message)
		b.End(4)
	}
	if m.kind != websocket.Text && m.kind != websocket.Binary {
		s.settle()
	}
	i.commit(r)
	return true
}

// settle takes the socket off the things that may bring a message. Preconditions: the instance's mu is held.
func (s *realmSocket) settle() {
	if s.pending {
		s.pending = false
		s.ctx.pending--
		s.inst.suspect(s.ctx)
	}
}

// wake implements socketReader: what waits follows when the realm has dealt with what it has been given.
func (s *realmSocket) wake(*isolate.Runner) {}

// gone implements socketReader. A socket that has not been accepted is told at once: nothing else will tell it.
func (s *realmSocket) gone(r *isolate.Runner, _ bool) {
	if s.accepted {
		return
	}
	i := s.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	if s.ctx.ended {
		return
	}
	if b := i.begin(); b != nil {
		b.Begin(ops.MessageWebSocketGone, s.ctx.id)
		b.Int(s.id)
		b.End(1)
		i.commit(r)
	}
}

// feed gives the reader what waits, as far as it can take it. Preconditions: the lock is held.
func (e *socketEnd) feed(r *isolate.Runner, s socketReader) {
	for len(e.queue) > 0 && e.reader == s && s.take(r, &e.queue[0]) {
		e.next()
	}
}

// addSocket gives an end to a context, under a number that the realm has chosen. Preconditions: mu is held.
func (c *requestContext) addSocket(id int64, e *socketEnd) {
	if c.sockets == nil {
		c.sockets = make(map[int64]*socketEnd)
	}
	c.sockets[id] = e
	e.home.Store(c)
}

// adoptSocket gives a context an end that came in a response, and returns its number; 0 for nil. Preconditions: mu is held.
func (i *instance) adoptSocket(c *requestContext, e *socketEnd) int64 {
	if e == nil {
		return 0
	}
	i.lastSocket--
	c.addSocket(i.lastSocket, e)
	return i.lastSocket
}

// takeSocket takes an end out of a context, nil if it has none of that number. Preconditions: mu is held.
func (c *requestContext) takeSocket(id int64) *socketEnd {
	e := c.sockets[id]
	if e != nil {
		delete(c.sockets, id)
		e.home.Store(nil)
	}
	return e
}

// socket finds an end for an op.
func (i *instance) socket(ctx uint32, a *ops.Reader) (*requestContext, int64, *socketEnd) {
	id := a.Int()
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.contexts[ctx]
	if c == nil {
		return nil, id, nil
	}
	return c, id, c.sockets[id]
}

// opWebSocketPair makes a pipe with both ends in the realm.
func (i *instance) opWebSocketPair(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	first, second := a.Int(), a.Int()
	x, y := newSocketPipe()
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil {
		c.addSocket(first, x)
		c.addSocket(second, y)
	}
}

// opWebSocketAccept begins to read an end; with accepted false, only to watch whether the other one goes.
func (i *instance) opWebSocketAccept(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, id, e := i.socket(ctx, a)
	if e == nil {
		return
	}
	accepted := a.Bool()
	s := &realmSocket{inst: i, ctx: c, id: id, accepted: accepted}
	if accepted && e.far.home.Load() != c { // somebody else may send something
		i.mu.Lock()
		s.pending = true
		c.pending++
		i.mu.Unlock()
	}
	e.attach(r, s)
	if accepted {
		e.pipe.Lock()
		e.feed(r, s)
		e.pipe.Unlock()
	}
}

func (i *instance) opWebSocketSend(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	_, _, e := i.socket(ctx, a)
	if e == nil {
		return
	}
	m := socketMessage{kind: websocket.Text, budget: &i.socketBytes}
	if a.IsBytes() {
		m.kind, m.data = websocket.Binary, a.Bytes()
	} else {
		m.data = a.UTF8()
	}
	e.send(r, &m)
}

func (i *instance) opWebSocketClose(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	_, _, e := i.socket(ctx, a)
	if e == nil {
		return
	}
	e.noteClosed()
	e.send(r, &socketMessage{kind: websocket.Close, code: int(a.Int()), data: a.UTF8()})
}

// opWebSocketAbort lets go of an end that the realm has no further use for, after it has dealt with so many messages.
func (i *instance) opWebSocketAbort(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	id, dealt := a.Int(), a.Int()
	i.mu.Lock()
	c := i.contexts[ctx]
	var e *socketEnd
	if c != nil {
		e = c.takeSocket(id)
	}
	i.mu.Unlock()
	if e == nil {
		return
	}
	e.pipe.Lock()
	if h, is := e.reader.(*heldSocket); is {
		h.set.remove(h)
	}
	s, _ := e.reader.(*realmSocket)
	e.die(r, nil, s != nil && s.given > dealt, false)
	e.pipe.Unlock()
	if s != nil {
		i.mu.Lock()
		s.settle()
		i.mu.Unlock()
	}
}

// opWebSocketRead notes that the realm has dealt with some of what it was given.
func (i *instance) opWebSocketRead(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	_, _, e := i.socket(ctx, a)
	if e == nil {
		return
	}
	size := int(a.Int())
	e.pipe.Lock()
	defer e.pipe.Unlock()
	if s, ok := e.reader.(*realmSocket); ok {
		s.flight -= size
		e.feed(r, s)
	}
}

func (i *instance) opWebSocketHold(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	var left *leftovers
	if c := i.contexts[ctx]; c != nil {
		c.heldSockets += int(a.Int())
		left = c.endIfDone()
	}
	i.mu.Unlock()
	left.release(r)
}

// socketTaken answers op_web_socket_taken.
func (i *instance) socketTaken(a *ops.Reader) int64 {
	if _, _, e := i.socket(uint32(a.Int()), a); e != nil {
		return e.taken.Load()
	}
	return 0
}

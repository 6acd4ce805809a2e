package loader

import (
	"bytes"
	"slices"
	"sync"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// A WebSocket that a Durable Object has accepted for hibernation belongs to the object's space, not to the object in memory: what comes
// wakes the object, which may have been evicted meanwhile. If the object breaks, its sockets go with it.

// A socketSet is the hibernatable WebSockets of one object, with what it has said of them.
type socketSet struct {
	target actorTarget

	mu   sync.Mutex // guards the rest, and the fields of its sockets that say so; nothing else is locked under it
	list []*heldSocket
	// request is answered with response, if it is not nil, without waking anybody.
	request, response []byte
	// timeout of events in milliseconds, 0 for none.
	timeout int64
}

// A heldSocket reads an end for a Durable Object.
type heldSocket struct {
	set *socketSet
	end *socketEnd
	// flight is how much the object has been given and has not dealt with; guarded by the pipe's lock.
	flight int

	// number is what the object's context ctx calls it; guarded by that context's instance's mu.
	ctx    *requestContext
	number int64

	// Guarded by the set's mu.
	tags       []string
	attachment []byte
	closed     bool // the object has sent a Close frame
	answered   time.Time
}

// sockets returns the set of an object; nil if it has none, unless it is to be made.
func (s *actorSpace) sockets(id string, name *string, make bool) *socketSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := s.sets[id]
	if set == nil && make {
		set = &socketSet{target: actorTarget{space: s, id: id, name: name}}
		s.sets[id] = set
	}
	return set
}

// dropSockets forgets the set of an object that has broken.
func (s *actorSpace) dropSockets(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sets, id)
}

// all lists the sockets, the oldest first. A nil set has none.
func (set *socketSet) all() []*heldSocket {
	if set == nil {
		return nil
	}
	set.mu.Lock()
	defer set.mu.Unlock()
	return slices.Clone(set.list)
}

// remove takes a socket out that is over.
func (set *socketSet) remove(h *heldSocket) {
	set.mu.Lock()
	defer set.mu.Unlock()
	if k := slices.Index(set.list, h); k >= 0 {
		set.list = slices.Delete(set.list, k, k+1)
	}
}

// take implements socketReader.
func (h *heldSocket) take(r *isolate.Runner, m *socketMessage) bool {
	if h.flight > socketWindow && m.kind != 0 {
		return false
	}
	if m.kind == websocket.Text && h.answer(r, m.data) {
		return true
	}
	h.flight += m.size()
	t := &h.set.target
	for {
		a, f := t.space.find(r, t.id, t.name)
		if f != nil {
			return true // nobody can be told
		}
		if a != nil && a.startSocketEvent(r, h, m) {
			return true
		}
		if a != nil {
			t.space.remove(a)
		}
	}
}

// answer answers a message itself, if the object has said how. Preconditions: the pipe's lock is held.
func (h *heldSocket) answer(r *isolate.Runner, text []byte) bool {
	set := h.set
	set.mu.Lock()
	matches := set.request != nil && bytes.Equal(set.request, text)
	response := set.response
	silent := h.closed
	if matches {
		h.answered = time.Now()
	}
	set.mu.Unlock()
	if matches && !silent && !h.end.far.dead && !h.end.far.put(r, &socketMessage{kind: websocket.Text, data: response}) {
		h.end.breakOff(r)
	}
	return matches
}

// wake implements socketReader: what waits follows when the object has dealt with what it has been given.
func (h *heldSocket) wake(*isolate.Runner) {}

// gone implements socketReader: the last message tells.
func (h *heldSocket) gone(*isolate.Runner, bool) {}

// A socketCall is an event of a hibernatable WebSocket that an object deals with.
type socketCall struct {
	held *heldSocket
	size int
}

// respond implements fetchCaller; there is no response.
func (c *socketCall) respond(*isolate.Runner, *response) {}

// fail implements fetchCaller: the object has ended.
func (c *socketCall) fail(*isolate.Runner, *failure) {}

// What kind of event a MessageObjectSocket brings.
const (
	socketEventMessage = iota
	socketEventClose
	socketEventError
)

// startSocketEvent gives the object what has come. False means that it has ended: nothing was done.
func (a *actor) startSocketEvent(r *isolate.Runner, h *heldSocket, m *socketMessage) bool {
	i := a.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	b := a.begin()
	if b == nil {
		return false
	}
	a.adopt(h)
	e := a.addEvent(&socketCall{h, m.size()})
	b.Begin(ops.MessageObjectSocket, a.ctx.id)
	b.Int(int64(e.id))
	b.Int(h.number)
	switch {
	case m.kind == websocket.Text:
		b.Int(socketEventMessage)
		b.StringBytes(m.data)
	case m.kind == websocket.Binary:
		b.Int(socketEventMessage)
		b.Data(m.data)
	case m.kind == websocket.Close:
		b.Int(socketEventClose)
		b.Int(int64(m.code))
		b.StringBytes(m.data)
		b.Bool(true)
		b.End(6)
		i.commit(r)
		return true
	case m.failure == nil:
		b.Int(socketEventClose)
		b.Int(1006)
		b.String("WebSocket disconnected without sending Close frame.")
		b.Bool(false)
		b.End(6)
		i.commit(r)
		return true
	default:
		b.Int(socketEventError)
		b.String(m.failure.class)
		b.String(m.failure.message)
		b.End(5)
		i.commit(r)
		return true
	}
	b.End(4)
	i.commit(r)
	return true
}

// adopt gives a socket a number in the object's context, if it has none. Preconditions: the instance's mu is held.
func (a *actor) adopt(h *heldSocket) {
	if h.ctx == a.ctx {
		return
	}
	i := a.inst
	i.lastSocket--
	h.ctx, h.number = a.ctx, i.lastSocket
	a.ctx.addSocket(h.number, h.end)
}

// letGo keeps the sockets of an object that is evicted. Preconditions: the instance's mu is held.
func (a *actor) letGo(list []*heldSocket) {
	for _, h := range list {
		if h.ctx == a.ctx {
			_ = a.ctx.takeSocket(h.number)
			h.ctx = nil
		}
	}
}

// heldSocketOf finds the hibernatable socket of a number in a context.
func (i *instance) heldSocketOf(ctx uint32, number int64) *heldSocket {
	a := i.actorOf(ctx)
	if a == nil {
		return nil
	}
	set := a.space.sockets(a.id, a.name, false)
	i.mu.Lock()
	e := a.ctx.sockets[number]
	i.mu.Unlock()
	for _, h := range set.all() {
		if h.end == e {
			return h
		}
	}
	return nil
}

// opObjectSocketAccept makes a WebSocket of the object hibernatable.
func (i *instance) opObjectSocketAccept(r *isolate.Runner, ctx uint32, args *ops.Reader) {
	c, number, e := i.socket(ctx, args)
	if e == nil || c.actor == nil {
		return
	}
	a := c.actor
	h := &heldSocket{set: a.space.sockets(a.id, a.name, true), end: e, ctx: c, number: number}
	for n := args.Array(); n > 0 && args.Err == nil; n-- {
		h.tags = append(h.tags, args.String())
	}
	if !args.IsNull() {
		h.attachment = bytes.Clone(args.Bytes())
	}
	h.set.mu.Lock()
	h.set.list = append(h.set.list, h)
	h.set.mu.Unlock()
	e.attach(r, h)
	e.pipe.Lock()
	e.feed(r, h)
	e.pipe.Unlock()
}

// opObjectSocketAttach keeps what the object wants to know of a WebSocket when it wakes.
func (i *instance) opObjectSocketAttach(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	if h := i.heldSocketOf(ctx, a.Int()); h != nil {
		h.set.mu.Lock()
		h.attachment = bytes.Clone(a.Bytes())
		h.set.mu.Unlock()
	}
}

// opObjectAutoResponse says what is answered without waking the object.
func (i *instance) opObjectAutoResponse(_ *isolate.Runner, ctx uint32, args *ops.Reader) {
	a := i.actorOf(ctx)
	if a == nil {
		return
	}
	set := a.space.sockets(a.id, a.name, true)
	set.mu.Lock()
	defer set.mu.Unlock()
	set.request, set.response = nil, nil
	if !args.IsNull() {
		set.request = append([]byte{}, args.UTF8()...)
		set.response = bytes.Clone(args.UTF8())
	}
}

// opObjectSocketTimeout keeps a number.
func (i *instance) opObjectSocketTimeout(_ *isolate.Runner, ctx uint32, args *ops.Reader) {
	if a := i.actorOf(ctx); a != nil {
		set := a.space.sockets(a.id, a.name, true)
		set.mu.Lock()
		set.timeout = args.Int()
		set.mu.Unlock()
	}
}

// opObjectSocketDone ends an event of a WebSocket.
func (i *instance) opObjectSocketDone(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	_, e := i.takeEvent(ctx, a)
	i.mu.Unlock()
	if e == nil {
		return
	}
	if call, is := e.to.(*socketCall); is {
		end := call.held.end
		end.pipe.Lock()
		call.held.flight -= call.size
		end.feed(r, call.held)
		end.pipe.Unlock()
	}
}

// callObjectSockets answers op_object_sockets.
func (i *instance) callObjectSockets(args *ops.Reader, answer *ops.Batch) {
	isolate.CallResult(answer)
	a := i.actorOf(uint32(args.Int()))
	if a == nil {
		answer.Null()
		return
	}
	set := a.space.sockets(a.id, a.name, false)
	if set == nil {
		answer.Null()
		return
	}
	list := set.all()
	numbers := make([]int64, len(list))
	i.mu.Lock()
	for k, h := range list {
		a.adopt(h)
		numbers[k] = h.number
	}
	i.mu.Unlock()
	set.mu.Lock()
	defer set.mu.Unlock()
	answer.Array(4)
	answer.Array(4 * len(list))
	for k, h := range list {
		answer.Int(numbers[k])
		answer.Array(len(h.tags))
		for _, tag := range h.tags {
			answer.String(tag)
		}
		if h.attachment == nil {
			answer.Null()
		} else {
			answer.Blob(h.attachment)
		}
		answer.Bool(h.closed)
	}
	if set.request == nil {
		answer.Null()
		answer.Null()
	} else {
		answer.StringBytes(set.request)
		answer.StringBytes(set.response)
	}
	answer.Int(set.timeout)
}

// callSocketAnswered answers op_object_socket_answered.
func (i *instance) callSocketAnswered(args *ops.Reader, answer *ops.Batch) {
	isolate.CallResult(answer)
	h := i.heldSocketOf(uint32(args.Int()), args.Int())
	if h == nil {
		answer.Null()
		return
	}
	h.set.mu.Lock()
	defer h.set.mu.Unlock()
	if h.answered.IsZero() {
		answer.Null()
		return
	}
	answer.Int(h.answered.UnixMilli())
}

// noteClosed notes that a Close frame is being sent, if the end is one of a Durable Object.
func (e *socketEnd) noteClosed() {
	e.pipe.Lock()
	h, is := e.reader.(*heldSocket)
	e.pipe.Unlock()
	if is {
		h.set.mu.Lock()
		h.closed = true
		h.set.mu.Unlock()
	}
}

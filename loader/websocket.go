package loader

import (
	"bytes"
	"sync"
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// A WebSocket is a pipe with two ends. An end is in a realm, with a connection, or on its way in a response; each travels on its own,
// so that a pair within a worker, a child's socket in its parent and a client's in a worker are one thing.
//
// What is sent at one end waits in the other one's queue until its reader takes it. A sender in JavaScript cannot be held up, so that
// its queue has a limit, beyond which the pipe breaks; a connection is not read from while the queue behind it is long.
//
// Lock order: a pipe's mu comes before that of an instance. No instance's mu may be held by who calls the methods of an end.

const (
	// socketWindow is how many bytes a reader in JavaScript is given before it says that it has dealt with some, and how many wait
	// behind those before a connection is not read from any more.
	socketWindow = 1 << 20
	// maxSocketQueue is how many bytes of messages may wait at one end. A message that is sent when there are less is taken.
	maxSocketQueue = 32 << 20
	// maxSocketBytes bounds the same over all sockets of an instance that sends.
	maxSocketBytes = 256 << 20
	// socketOverhead is what a message counts beside its bytes.
	socketOverhead = 64
)

var errSocketFull = hostError("WebSocket peer does not read: too many messages wait to be sent.")

// A socketMessage is a message on its way through a pipe.
type socketMessage struct {
	// kind is 0 if the other end has gone: this is the last message.
	kind websocket.Kind
	data []byte // of a Close, the reason
	code int    // of a Close
	// failure says why the other end has gone, nil if it has just disconnected.
	failure *failure
	// lost says that messages which were sent to the end that has gone have not been taken.
	lost bool
	// budget is what the sender's instance counts, nil if a connection has sent it.
	budget *atomic.Int64
}

func (m *socketMessage) size() int { return len(m.data) + socketOverhead }

// payload is what bufferedAmount counts.
func (m *socketMessage) payload() int64 {
	if m.kind == websocket.Text || m.kind == websocket.Binary {
		return int64(len(m.data))
	}
	return 0
}

// A socketReader takes what comes out of an end. Its methods are called with the pipe's lock held.
type socketReader interface {
	// take gets the next message, whose data is valid during the call. False refuses it: it waits in the queue, and wake is called.
	take(r *isolate.Runner, m *socketMessage) bool
	// wake says that the queue is not empty. Who takes from it later, on a goroutine of its own, calls next.
	wake(r *isolate.Runner)
	// gone says that the other end has gone, ahead of the messages that wait. At once: they need not be waited for.
	gone(r *isolate.Runner, atOnce bool)
}

// A socketEnd is one end of a WebSocket. Whoever holds one aborts it in the end, unless it hands it on.
type socketEnd struct {
	pipe *sync.Mutex // guards the fields of both ends that follow
	far  *socketEnd

	reader socketReader // nil while nobody reads
	queue  []socketMessage
	queued int  // bytes in queue
	dead   bool // aborted: it neither sends nor receives
	// shorter tells the sender of the other end, a connection, that the queue has become so.
	shorter chan struct{}

	// taken counts the bytes that were sent here and that the other end's reader has taken.
	taken atomic.Int64
	// home is the context in whose realm the end is, nil elsewhere.
	home atomic.Pointer[requestContext]
}

// newSocketPipe makes a pipe and returns its ends.
func newSocketPipe() (a, b *socketEnd) {
	mu := new(sync.Mutex)
	a, b = &socketEnd{pipe: mu}, &socketEnd{pipe: mu}
	a.far, b.far = b, a
	return a, b
}

// attach makes a reader the end's, or lets go of it with nil; what has gathered follows.
func (e *socketEnd) attach(r *isolate.Runner, to socketReader) {
	e.pipe.Lock()
	defer e.pipe.Unlock()
	e.reader = to
	if to != nil && len(e.queue) > 0 {
		to.wake(r)
	}
	if to != nil && e.far.dead {
		to.gone(r, false)
	}
}

// send passes a message to the other end. Its data is valid during the call.
func (e *socketEnd) send(r *isolate.Runner, m *socketMessage) {
	e.pipe.Lock()
	defer e.pipe.Unlock()
	if e.dead || e.far.dead {
		return
	}
	if !e.far.put(r, m) {
		e.breakOff(r)
	}
}

// put gives a message to the reader or to the queue; false if there is no room. Preconditions: the lock is held.
func (e *socketEnd) put(r *isolate.Runner, m *socketMessage) bool {
	if len(e.queue) == 0 && e.reader != nil && e.reader.take(r, m) {
		e.far.taken.Add(m.payload())
		return true
	}
	if m.kind != 0 && e.queued >= maxSocketQueue {
		return false
	}
	if m.budget != nil && m.budget.Add(int64(m.size())) > maxSocketBytes {
		m.budget.Add(-int64(m.size()))
		return false
	}
	waiting := *m
	waiting.data = bytes.Clone(m.data)
	e.queue = append(e.queue, waiting)
	e.queued += m.size()
	if e.reader != nil {
		e.reader.wake(r)
	}
	return true
}

// next takes a message out of the queue. Preconditions: the lock is held.
func (e *socketEnd) next() (socketMessage, bool) {
	if len(e.queue) == 0 {
		return socketMessage{}, false
	}
	m := e.queue[0]
	e.queue[0] = socketMessage{}
	if e.queue = e.queue[1:]; len(e.queue) == 0 {
		e.queue = nil
	}
	e.forget(&m)
	e.far.taken.Add(m.payload())
	return m, true
}

// forget takes a message off the accounts.
func (e *socketEnd) forget(m *socketMessage) {
	e.queued -= m.size()
	if m.budget != nil {
		m.budget.Add(-int64(m.size()))
	}
	if e.queued <= socketWindow {
		e.signal()
	}
}

// signal wakes a connection that waits for room.
func (e *socketEnd) signal() {
	if e.shorter != nil {
		select {
		case e.shorter <- struct{}{}:
		default:
		}
	}
}

// room returns nil if a connection may send more here, else what tells when to ask again.
func (e *socketEnd) room() <-chan struct{} {
	e.pipe.Lock()
	defer e.pipe.Unlock()
	f := e.far
	if f.queued <= socketWindow || f.dead || e.dead {
		return nil
	}
	if f.shorter == nil {
		f.shorter = make(chan struct{}, 1)
	}
	return f.shorter
}

// abort ends an end whose holder has gone: the other one gets what waits for it and then learns of that. f is nil for a mere
// disconnect. Aborting twice is allowed.
func (e *socketEnd) abort(r *isolate.Runner, f *failure) {
	e.pipe.Lock()
	defer e.pipe.Unlock()
	e.die(r, f, false, false)
}

// die is abort; lost says that not all was read which the reader has taken, atOnce is for the other reader. Preconditions: the lock
// is held.
func (e *socketEnd) die(r *isolate.Runner, f *failure, lost, atOnce bool) {
	if e.dead {
		return
	}
	e.dead, e.reader = true, nil
	lost = e.drop() || lost
	far := e.far
	far.signal()
	if far.dead {
		return
	}
	far.put(r, &socketMessage{failure: f, lost: lost})
	if far.reader != nil {
		far.reader.gone(r, atOnce)
	}
}

// drop empties the queue and says whether somebody had sent a message in it.
func (e *socketEnd) drop() bool {
	queue := e.queue
	e.queue = nil
	for k := range queue {
		e.forget(&queue[k])
	}
	e.signal()
	return len(queue) > 0
}

// breakOff ends both ends, because this one has sent too much. Preconditions: the lock is held.
func (e *socketEnd) breakOff(r *isolate.Runner) {
	e.drop()
	e.put(r, &socketMessage{failure: errSocketFull})
	e.far.drop()
	e.die(r, nil, false, true)
}

package isolate

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/isolate/internal/engine"
	"github.com/dynos-run/dynos/isolate/ops"
)

// ErrClosed says that an isolate has been closed.
var ErrClosed = errors.New("isolate is closed")

// A Handler performs the ops of one isolate. Its methods are called by the goroutine that runs the turns, one at a
// time, except Call, which runs inside a turn.
type Handler interface {
	// HandleOps performs what a turn left, in order. The reader is valid during the call. Messages that it commits to
	// other isolates go on the runner.
	HandleOps(r *Runner, out *ops.Reader)
	// Call answers a call op while JavaScript waits: it appends encoded values to the batch, see CallResult and CallError.
	// It must be quick and must not enter an isolate.
	Call(op ops.ID, args *ops.Reader, answer *ops.Batch)
	// Budget is the processor time that a request's JavaScript may still use; when that is over, it is stopped by force. It is asked on
	// any goroutine, for messages that take long; request 0 is none's.
	Budget(request uint32) time.Duration
	// Stopping says that JavaScript has been told to stop: Terminated follows, and the Call in progress should fail soon. It comes again until then,
	// on any goroutine, and must not block.
	Stopping()
	// Spent adds to the processor time that a request has used.
	Spent(r *Runner, request uint32, used time.Duration)
	// Terminated says that the isolate's JavaScript was stopped by force; the isolate takes no more messages.
	Terminated(r *Runner, why Stop)
}

// A Stop says why an isolate's JavaScript was stopped by force.
type Stop struct {
	Reason StopReason
	// Request is the one whose message ran then, 0 for none's.
	Request uint32
}

// A StopReason is a kind of stop.
type StopReason = engine.StopReason

// Reasons of a stop.
const (
	// StopForced: Terminate was called.
	StopForced = engine.StopForced
	// StopCPU: the Budget of a request was used up.
	StopCPU = engine.StopCPU
	// StopMemory: the isolate has more than its Memory.External.
	StopMemory = engine.StopMemory
	// StopHeap: the isolate has more than its Memory.Heap.
	StopHeap = engine.StopHeap
	// StopCrash: V8 could not go on.
	StopCrash = engine.StopCrash
)

// Memory limits an isolate, in bytes.
type Memory = engine.Memory

// An Isolate is one realm with its mailbox. All methods may be called from any goroutine.
type Isolate struct {
	handler Handler
	vm      *engine.Isolate
	busy    atomic.Int64 // nanoseconds spent in turns
	turns   atomic.Int64
	inside  *atomic.Uint32 // of a Witness; 1 during a turn
	unseen  atomic.Uint32  // in its place if there is none
	unwatch func()

	mu      sync.Mutex // guards the rest
	inbox   *ops.Batch
	spare   *ops.Batch // the other half of the double buffer, nil while a turn reads it
	running bool       // a goroutine owns the turns
	runner  *Runner    // of that goroutine
	closed  bool       // no further turn
	parked  bool       // its turn never ends
	// released isolates are disposed by whoever is inside last, which then calls freed.
	released bool
	freed    func()
}

// CallResult begins a successful answer of a call op; the value follows.
func CallResult(answer *ops.Batch) { answer.Bool(true) }

// CallError answers a call op with an exception of the given class or DOMException name.
func CallError(answer *ops.Batch, class, message string) {
	answer.Bool(false)
	answer.String(class)
	answer.String(message)
}

// New makes an isolate whose ops go to handler.
// It takes one to three milliseconds; a [Pool] has some ready. Start must have succeeded.
func New(handler Handler, limits Memory) *Isolate {
	i := &Isolate{handler: handler, inbox: new(ops.Batch), spare: new(ops.Batch)}
	i.inside = &i.unseen
	i.vm = engine.New(callbacks{i}, limits)
	return i
}

// SetHandler replaces the handler, before the first message: spares are made before their worker is known.
func (i *Isolate) SetHandler(handler Handler) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.handler = handler
}

// Begin locks the mailbox and returns the batch to which the caller appends messages. Commit must follow, soon. It
// returns nil, and Commit must not follow, if the isolate is closed.
func (i *Isolate) Begin() *ops.Batch {
	i.mu.Lock()
	if i.closed {
		i.mu.Unlock()
		return nil
	}
	return i.inbox
}

// Commit ends Begin. If nobody runs the isolate's turns, the runner now does.
func (i *Isolate) Commit(r *Runner) {
	run := !i.running
	i.running = true
	i.mu.Unlock()
	if run {
		r.queue = append(r.queue, i)
	}
}

// step runs one turn. It returns false when the mailbox is empty and the isolate has been given back.
func (i *Isolate) step(r *Runner) bool {
	i.mu.Lock()
	if i.inbox.Len() == 0 || i.closed {
		i.running = false
		released := i.released
		i.mu.Unlock()
		if released {
			i.dispose()
		}
		return false
	}
	batch := i.inbox
	i.inbox, i.spare, i.runner = i.spare, nil, r
	i.mu.Unlock()

	i.inside.Store(1)
	r.enterTurn()
	out, ok := i.vm.Turn(batch.Bytes())
	r.leaveTurn()
	i.inside.Store(0)
	i.busy.Add(int64(i.vm.BusyTime()))
	i.turns.Add(1)
	if !ok { // before the ops are performed, so that nobody takes the isolate for idle
		i.mu.Lock()
		i.closed = true
		i.mu.Unlock()
	}
	reader := ops.NewReader(out)
	if !ok {
		i.handler.Stopping()
	}
	i.handler.HandleOps(r, &reader)
	i.vm.Spent(func(request uint32, used time.Duration) { i.handler.Spent(r, request, used) })

	i.mu.Lock()
	batch.Reset()
	i.spare = batch
	i.mu.Unlock()
	if !ok {
		reason, request := i.vm.Stop()
		i.handler.Terminated(r, Stop{reason, request})
	}
	return true
}

// rest ends the ownership of the goroutine that runs the turns, if there is nothing to do; false if there is.
func (i *Isolate) rest() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.inbox.Len() > 0 || i.released {
		return false
	}
	i.running = false
	return true
}

// Quiet says whether no message waits, and the isolate can go on. Within a Handler it tells that the turn which has just ended saw all of them.
func (i *Isolate) Quiet() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.inbox.Len() == 0 && !i.closed
}

// Terminate stops the JavaScript that runs now or next; the isolate is unusable afterwards. It must not be closed yet.
func (i *Isolate) Terminate() { i.vm.Terminate() }

// RunsOn says whether the runner's goroutine is in a turn of the isolate, or in a method of its Handler.
func (i *Isolate) RunsOn(r *Runner) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.running && i.runner == r
}

// Busy is the time spent in turns so far.
func (i *Isolate) Busy() time.Duration { return time.Duration(i.busy.Load()) }

// Turns is the number of turns so far.
func (i *Isolate) Turns() int64 { return i.turns.Load() }

// Heap is a reading of an isolate's memory, in bytes.
type Heap = engine.Heap

// Heap reads the memory figures; false if the isolate is running or closed.
func (i *Isolate) Heap() (Heap, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || i.running {
		return Heap{}, false
	}
	return i.vm.Heap(), true
}

// Collect has V8 collect all garbage, now; false if the isolate is running or closed. What wants to run meanwhile waits, and is the runner's.
func (i *Isolate) Collect(r *Runner) bool {
	i.mu.Lock()
	if i.closed || i.running {
		i.mu.Unlock()
		return false
	}
	i.running = true
	i.mu.Unlock()
	i.vm.CollectGarbage()
	r.queue = append(r.queue, i)
	return true
}

// Release frees the isolate as soon as no goroutine is inside: now, or when the turn in progress ends, which is told to stop. Messages
// that wait are dropped. freed, if not nil, is called after that. It never waits; the second call on an isolate does nothing.
func (i *Isolate) Release(freed func()) {
	i.mu.Lock()
	if i.released {
		i.mu.Unlock()
		return
	}
	i.closed, i.released, i.freed = true, true, freed
	free, lost := !i.running, i.parked
	if !free && !lost {
		i.vm.Terminate()
	}
	i.mu.Unlock()
	switch {
	case free:
		i.dispose()
	case lost && freed != nil:
		freed()
	}
}

// Close is Release that waits. It must not be called from a Handler of the same isolate.
func (i *Isolate) Close() {
	done := make(chan struct{})
	i.Release(func() { close(done) })
	<-done
}

// dispose frees a released isolate. Nobody is inside, and nobody can enter.
func (i *Isolate) dispose() {
	i.vm.Dispose()
	if i.unwatch != nil {
		i.unwatch()
	}
	if i.freed != nil {
		i.freed()
	}
}

// callbacks is the isolate as the engine sees it.
type callbacks struct{ i *Isolate }

// answers holds the batches of call ops, which are too short-lived for each isolate to keep one.
var answers = sync.Pool{New: func() any { return new(ops.Batch) }}

// Call implements engine.Callbacks.
func (c callbacks) Call(op uint32, args, answer []byte) []byte {
	batch := answers.Get().(*ops.Batch)
	batch.Reset()
	reader := ops.NewReader(args)
	c.i.handler.Call(ops.ID(op), &reader, batch)
	answer = append(answer, batch.Bytes()...)
	answers.Put(batch)
	return answer
}

// Budget implements engine.Callbacks: the turn has become a long one.
func (c callbacks) Budget(request uint32) time.Duration {
	c.i.mu.Lock()
	handler := c.i.handler
	c.i.mu.Unlock()
	go c.i.overtake()
	if handler == nil {
		return math.MaxInt64
	}
	return handler.Budget(request)
}

// Stopped implements engine.Callbacks.
func (c callbacks) Stopped() {
	c.i.mu.Lock()
	handler := c.i.handler
	c.i.mu.Unlock()
	if handler != nil {
		handler.Stopping()
	}
}

// Parked implements engine.Callbacks.
func (c callbacks) Parked(request uint32, reason StopReason) { go c.i.park(Stop{reason, request}) }

// Wake implements engine.Callbacks: V8 has a task, so the isolate gets a turn.
func (c callbacks) Wake() {
	go func() {
		batch := c.i.Begin()
		if batch == nil {
			return
		}
		batch.Begin(ops.MessageWake, 0)
		batch.End(0)
		var r Runner
		c.i.Commit(&r)
		r.Run()
	}()
}

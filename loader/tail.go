package loader

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Tails are services that get the trace of each event of a worker when it is over. What JavaScript records (cloudflare/trace) is JSON
// and stays so until the tail's realm reads it. A worker without tails has no traces.

// maxTraceBytes is what a trace may hold, as the platform counts it: the texts, and something for each record.
const (
	maxTraceBytes  = 256 << 10
	logBytes       = 80
	exceptionBytes = 128
)

const (
	logsExceeded = `{"message":["Log size limit exceeded: More than 256KB of data (across console.log statements, exception, request metadata and ` +
		`headers) was logged during a single request. Subsequent data for this request will not be recorded in logs, appear when tailing this ` +
		`Worker's logs, or in Tail Workers."],"level":"warn","timestamp":`
	exceptionsExceeded = `{"name":"Error","message":"Trace resource limit exceeded; subsequent exceptions not recorded.","timestamp":`
	eventExceeded      = `{"message":["Trace resource limit exceeded; could not capture event info."],"level":"warn","timestamp":`
)

// What happened, in the words of TraceItem.outcome.
const (
	outcomeOK        = "ok"
	outcomeException = "exception"
	// A limit of the platform.
	outcomeExceededCPU    = "exceededCpu"
	outcomeExceededWall   = "exceededWallTime"
	outcomeExceededMemory = "exceededMemory"
)

// A trace is what the tails of a worker are told of one event. Until the event is over, its fields are guarded by the instance's mu.
// Methods allow a nil receiver: the worker has no tails.
type trace struct {
	ctx        uint32
	entrypoint string
	start      time.Time
	outcome    string
	// event is encoded as MessageTail has it; the status of a fetch follows.
	event  []byte
	args   int
	fetch  bool
	status int
	// streamOnly says that it is none for tails that are told afterwards.
	streamOnly bool
	// answersOutcome says that the status of the answer tells whether the event has failed.
	answersOutcome bool

	logs, exceptions         []byte // JSON arrays without their end
	used                     int
	logsFull, exceptionsFull bool
	void                     bool // there was no event: its entrypoint does not exist
	// seen are, of a tail's event, the tail and the workers whose events have led to it. They are not told of it, so that circles of
	// tails end.
	seen []*worker
	// stream is what streaming tails are told meanwhile; nil if there are none.
	stream *traceStream
}

// newTrace starts the trace of a context, if the worker has tails or nobody knows yet. Preconditions: mu is held.
func (i *instance) newTrace(c *requestContext, t *target) *trace {
	if i.def != nil && !i.def.traced() || i.def == nil && !i.worker.dynamic {
		return nil
	}
	c.trace = &trace{ctx: c.id, entrypoint: t.entrypoint, start: time.Now(), outcome: outcomeOK}
	c.trace.stream = i.newTraceStream(c.trace)
	return c.trace
}

// ofFetch notes what the event is.
func (t *trace) ofFetch(req *request) {
	if t == nil {
		return
	}
	t.fetch = true
	header := req.header[:len(req.header)-req.framed]
	size := len(req.url) + len(header) + len(req.cf)
	if size > maxTraceBytes {
		t.logs = t.appendNote(t.logs, eventExceeded)
		req, header = &request{method: req.method, parent: req.parent}, nil
		t.logsFull = true
	} else {
		t.used = size
	}
	var b ops.Batch
	b.String("fetch")
	b.ByteString(req.method)
	b.ByteString(req.url)
	b.ByteString(header)
	if req.cf == nil {
		b.Null()
	} else {
		b.StringBytes(req.cf)
	}
	t.event, t.args = b.Bytes(), 6
	t.stream.open(req.parent)
}

// ofRPC notes what the event is: the path of the call that has opened the context.
func (t *trace) ofRPC(call *rpcCall) {
	if t == nil {
		return
	}
	var b ops.Batch
	b.String("rpc")
	a := ops.NewReader(call.path)
	var path []byte
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		if path != nil {
			path = append(path, '.')
		}
		path = append(path, a.UTF8()...)
	}
	b.StringBytes(path)
	t.event, t.args = b.Bytes(), 2
	t.used = len(path)
	t.stream.open(call.parent)
	t.stream.served(call)
}

// ofEvent notes what the event is.
func (t *trace) ofEvent(e *event) {
	if t == nil {
		return
	}
	t.event, t.args, t.answersOutcome = bytes.Clone(e.info), e.infos, true
	t.used = len(e.info)
	t.stream.open(e.parent)
}

// ofTest notes that the event is a test, of which only streaming tails are told.
func (t *trace) ofTest() {
	if t == nil {
		return
	}
	var b ops.Batch
	b.String("custom")
	t.event, t.args, t.answersOutcome, t.streamOnly = b.Bytes(), 1, true, true
	t.stream.open(spanRef{})
}

// ofTail notes what the event is: a worker is told of the trace of another.
func (t *trace) ofTail(from, by *worker, of *trace) {
	if t == nil {
		return
	}
	var b ops.Batch
	b.String("tail")
	encodeScriptName(&b, from)
	t.event, t.args = b.Bytes(), 2
	t.seen = append(append(t.seen, of.seen...), from, by)
	t.stream.open(spanRef{})
}

func (t *trace) respond(status int) {
	if t == nil {
		return
	}
	t.status = status
	switch {
	case !t.answersOutcome:
		t.stream.pushReturn(status)
	case status != 200:
		t.outcome = outcomeException
	default:
		t.stream.pushReturn(0)
	}
}

// fail notes that the event has ended with an exception, which the realm has recorded.
func (t *trace) fail(f *failure) {
	if t != nil {
		t.outcome, t.void = outcomeException, f.noEntrypoint
	}
}

// refuseTrace takes back the event of an entrypoint that does not exist.
func (i *instance) refuseTrace(ctx uint32) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if t := i.traceOf(ctx); t != nil {
		t.void = true
	}
}

// breakOff notes that the host has ended the event, which the realm does not know.
func (t *trace) breakOff(f *failure) {
	if t == nil {
		return
	}
	t.outcome = outcomeException
	record, _ := json.Marshal(struct {
		Name    string `json:"name"`
		Message string `json:"message"`
		Time    int64  `json:"timestamp"`
	}{f.class, f.message, time.Now().UnixMilli()})
	t.addException(record, len(f.class)+len(f.message))
}

// exceed is breakOff for an event that has reached a limit.
func (t *trace) exceed(f *failure, outcome string) {
	if t != nil {
		t.breakOff(f)
		t.outcome = outcome
	}
}

func (t *trace) addLog(record []byte, size int) {
	switch {
	case t.logsFull:
	case t.used+logBytes+size > maxTraceBytes:
		t.logsFull = true
		t.logs = t.appendNote(t.logs, logsExceeded)
	default:
		t.used += logBytes + size
		t.logs = appendRecord(t.logs, record)
		t.stream.push("log", record)
	}
}

func (t *trace) addException(record []byte, size int) {
	switch {
	case t.exceptionsFull:
	case t.used+exceptionBytes+size > maxTraceBytes:
		t.exceptionsFull = true
		t.exceptions = t.appendNote(t.exceptions, exceptionsExceeded)
	default:
		t.used += exceptionBytes + size
		t.exceptions = appendRecord(t.exceptions, record)
		t.stream.push("exception", record)
	}
}

// appendNote appends a record of the host, whose JSON ends before its time.
func (t *trace) appendNote(list []byte, note string) []byte {
	record := strconv.AppendInt([]byte(note), time.Now().UnixMilli(), 10)
	return appendRecord(list, append(record, '}'))
}

func appendRecord(list, record []byte) []byte {
	separator := byte(',')
	if len(list) == 0 {
		separator = '['
	}
	return append(append(list, separator), record...)
}

// traceOf finds the trace of a context, also of one that has ended in this turn. Preconditions: mu is held.
func (i *instance) traceOf(ctx uint32) *trace {
	if c := i.contexts[ctx]; c != nil {
		return c.trace
	}
	for _, t := range i.ended {
		if t.ctx == ctx {
			return t
		}
	}
	return nil
}

func (i *instance) opTraceLog(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	record, size := a.UTF8(), int(a.Int())
	i.mu.Lock()
	defer i.mu.Unlock()
	if t := i.traceOf(ctx); t != nil {
		t.addLog(record, size)
	}
}

func (i *instance) opTraceException(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	record, size := a.UTF8(), int(a.Int())
	i.mu.Lock()
	defer i.mu.Unlock()
	if t := i.traceOf(ctx); t != nil {
		t.addException(record, size)
	}
}

// holdTraces keeps the traces of events that end in this turn to its end: its microtasks may still log something.
func (i *instance) holdTraces() {
	i.mu.Lock()
	i.holding = true
	i.mu.Unlock()
}

// giveTraces delivers what holdTraces has kept.
func (i *instance) giveTraces() {
	i.mu.Lock()
	list := i.ended
	i.ended, i.holding = nil, false
	i.mu.Unlock()
	for _, t := range list {
		i.deliver(t)
	}
}

// finishTrace is told that an event is over.
func (i *instance) finishTrace(t *trace) {
	if t.void {
		t.stream.pushOutcome()
		return
	}
	i.mu.Lock()
	held := i.holding
	if held {
		i.ended = append(i.ended, t)
	}
	i.mu.Unlock()
	if !held {
		i.deliver(t)
	}
}

// deliver gives a trace to the tails, on a goroutine of its own: nobody who waits for the event's answer waits for them as well.
func (i *instance) deliver(t *trace) {
	t.stream.pushOutcome()
	if t.streamOnly {
		return
	}
	var r isolate.Runner
	wall := time.Since(t.start).Milliseconds()
	for _, s := range i.def.tails {
		switch to := s.(type) {
		case *target:
			if !t.comesFrom(to.worker) {
				to.tail(&r, i.worker, t, wall)
			}
		case *actorTarget:
			if !t.comesFrom(to.space.worker) {
				to.tail(&r, i.worker, t, wall)
			}
		}
	}
	r.Hand()
}

func (t *trace) comesFrom(w *worker) bool {
	for _, s := range t.seen {
		if s == w {
			return true
		}
	}
	return false
}

// tail calls the tail handler of the entrypoint. A worker that does not start just gets no trace.
func (t *target) tail(r *isolate.Runner, from *worker, of *trace, wall int64) {
	for {
		i, f := t.worker.instance(r)
		if f != nil || i.startTail(r, t, from, of, wall) {
			return
		}
	}
}

// startTail sends a trace into the realm. False means that the instance is closed: nothing was done.
func (i *instance) startTail(r *isolate.Runner, t *target, from *worker, of *trace, wall int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return false
	}
	c := i.open()
	c.fetcher, c.entry = tailCaller{i}, t
	i.newTrace(c, t).ofTail(from, i.worker, of)
	i.suspect(c)
	b.Begin(ops.MessageTail, c.id)
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	of.encode(b, from, wall)
	b.End(12)
	i.commit(r)
	return true
}

// encode appends what TraceItem is made of.
func (t *trace) encode(b *ops.Batch, from *worker, wall int64) {
	b.String(t.outcome)
	encodeScriptName(b, from)
	if t.entrypoint == "default" {
		b.Null()
	} else {
		b.String(t.entrypoint)
	}
	b.Int(t.start.UnixMilli())
	b.Int(wall)
	b.Bool(t.logsFull || t.exceptionsFull)
	encodeRecords(b, t.logs)
	encodeRecords(b, t.exceptions)
	b.Array(t.args)
	b.Raw(t.event)
	if t.fetch {
		b.Int(int64(t.status))
	}
}

func encodeRecords(b *ops.Batch, list []byte) {
	if len(list) == 0 {
		b.String("[]")
	} else {
		b.StringBytes(append(list, ']'))
	}
}

// encodeScriptName appends the name of a configured worker; dynamic ones have none.
func encodeScriptName(b *ops.Batch, w *worker) {
	if w.dynamic {
		b.Null()
	} else {
		b.String(w.name)
	}
}

// opTailDone says that a tail handler has returned.
func (i *instance) opTailDone(r *isolate.Runner, ctx uint32, _ *ops.Reader) {
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	c.takeFetcher()
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

// tailCaller waits for a tail handler: nobody does, but that it has failed is worth a record.
type tailCaller struct{ inst *instance }

func (t tailCaller) respond(r *isolate.Runner, res *response) { res.cancel(r) }

func (t tailCaller) fail(_ *isolate.Runner, f *failure) {
	if f == errShutdown || f.start || t.inst.def == nil {
		return
	}
	text := f.stack
	if text == "" {
		text = f.Error()
	}
	t.inst.rt.log(t.inst.def, LevelError, "Uncaught (in tail) "+text)
}

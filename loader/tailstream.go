package loader

import (
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Streaming tails are told of an event while it goes on: its onset first, then what happens, then its outcome. Who records only appends to a
// list; a goroutine of the trace takes from it and sends, in order, so that nobody waits for a tail.

// maxTailEvents bounds what waits for slow tails of one event. What comes then is lost.
const maxTailEvents = 4096

// A tailEvent is one of a stream, but for its onset.
type tailEvent struct {
	kind string // log, exception, return, outcome, attributes, spanOpen or spanClose
	span string // to which it belongs
	at   time.Time
	text []byte // JSON of what it says
}

// A traceStream is the stream of one trace. Methods allow a nil receiver: the worker has no streaming tails.
type traceStream struct {
	trace *trace
	from  *worker
	sinks []*tailSink
	// onset is what the tails are told first, encoded as MessageTailStream has it.
	onset  []byte
	id, of string // of the invocation, and of what it is part of
	parent string // span of the caller, "" if nobody knows it
	span   string // of the invocation
	// current is the span of what runs; call that of the RPC which the event is, with callInfo to say of it. They are guarded by the mu of
	// the trace's instance.
	current, call string
	callInfo      []attribute

	mu      sync.Mutex // guards the rest; no other lock is taken under it
	events  []tailEvent
	opened  bool
	running bool
	next    int // sequence number
}

// A tailSink is a tail that the stream goes to. It is the goroutine's alone.
type tailSink struct {
	to  *target
	ctx *requestContext // nil before the onset, and for a tail that wants no more
}

func randomID(bytes int) string {
	id := make([]byte, bytes)
	for k := range id {
		id[k] = byte(rand.Uint32()) //nolint:gosec // it only has to differ
	}
	return hex.EncodeToString(id)
}

// newTraceStream makes the stream of a trace, if the worker has streaming tails.
func (i *instance) newTraceStream(t *trace) *traceStream {
	if i.def == nil || len(i.def.streams) == 0 {
		return nil
	}
	s := &traceStream{trace: t, from: i.worker, id: randomID(16), of: randomID(16), span: randomID(8)}
	s.current = s.span
	for _, to := range i.def.streams {
		s.sinks = append(s.sinks, &tailSink{to: to})
	}
	return s
}

// open tells the tails that the event has begun, and what it is part of. Preconditions: what the event is has been noted.
func (s *traceStream) open(parent spanRef) {
	if s == nil {
		return
	}
	t := s.trace
	if parent.trace != "" {
		s.of, s.parent = parent.trace, parent.span
	}
	s.sinks = slices.DeleteFunc(s.sinks, func(k *tailSink) bool { return t.comesFrom(k.to.worker) })
	var b ops.Batch
	b.String(s.id)
	b.String(s.of)
	b.String(s.span)
	if s.parent == "" {
		b.Null()
	} else {
		b.String(s.parent)
	}
	b.Int(t.start.UnixMilli())
	if t.entrypoint == "default" {
		b.Null()
	} else {
		b.String(t.entrypoint)
	}
	b.Array(t.args)
	b.Raw(t.event)
	if t.fetch {
		b.Int(0)
	}
	s.onset = b.Bytes()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = true
	s.wakeLocked()
}

// push tells the tails of something that belongs to the event as a whole.
func (s *traceStream) push(kind string, text []byte) {
	if s != nil {
		s.pushIn(s.span, kind, text)
	}
}

func (s *traceStream) pushIn(span, kind string, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.events) >= maxTailEvents && kind != "outcome" {
		return
	}
	s.events = append(s.events, tailEvent{kind, span, time.Now(), slices.Clone(text)})
	s.wakeLocked()
}

func (s *traceStream) wakeLocked() {
	if !s.running && s.opened {
		s.running = true
		go s.run()
	}
}

// pushReturn says that the handler has given its answer; status is that of a response, 0 for none.
func (s *traceStream) pushReturn(status int) {
	if s == nil {
		return
	}
	text := []byte("{}")
	if status != 0 {
		text = append(strconv.AppendInt([]byte(`{"info":{"type":"fetch","statusCode":`), int64(status), 10), "}}"...)
	}
	s.push("return", text)
}

// pushOutcome ends the stream.
func (s *traceStream) pushOutcome() {
	if s == nil {
		return
	}
	text, _ := json.Marshal(struct {
		Outcome string `json:"outcome"`
		CPU     int64  `json:"cpuTime"`
		Wall    int64  `json:"wallTime"`
	}{s.trace.outcome, 0, time.Since(s.trace.start).Milliseconds()})
	s.push("outcome", text)
}

// run sends what there is.
func (s *traceStream) run() {
	var r isolate.Runner
	for {
		s.mu.Lock()
		first := s.next == 0
		events := s.events
		s.events = nil
		if len(events) == 0 && !first {
			s.running = false
			s.mu.Unlock()
			return
		}
		if first {
			s.next = 1
		}
		number := s.next
		s.next += len(events)
		s.mu.Unlock()
		for _, sink := range s.sinks {
			if first {
				sink.open(&r, s)
			}
			for k := range events {
				sink.send(&r, &events[k], number+k)
			}
		}
		r.Run()
	}
}

// open calls the tailStream handler. A worker that does not start just gets no stream.
func (k *tailSink) open(r *isolate.Runner, s *traceStream) {
	for {
		i, f := k.to.worker.instance(r)
		if f != nil {
			return
		}
		if k.ctx = i.startTailStream(r, k.to, s); k.ctx != nil {
			return
		}
	}
}

// startTailStream sends the onset into the realm. Nil means that the instance is closed: nothing was done.
func (i *instance) startTailStream(r *isolate.Runner, t *target, s *traceStream) *requestContext {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return nil
	}
	c := i.open()
	c.fetcher, c.entry = tailCaller{i}, t
	c.pending++ // what is still to come
	i.newTrace(c, t).ofTail(s.from, i.worker, s.trace)
	i.suspect(c)
	b.Begin(ops.MessageTailStream, c.id)
	b.String(t.entrypoint)
	i.encodeProps(b, c, t)
	b.Raw(s.onset)
	b.End(10)
	i.commit(r)
	return c
}

// send tells a tail of something, if it still listens.
func (k *tailSink) send(r *isolate.Runner, e *tailEvent, number int) {
	c := k.ctx
	if c == nil {
		return
	}
	i := c.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	var b *ops.Batch
	if !c.ended {
		b = i.begin()
	}
	if b == nil {
		k.ctx = nil
		return
	}
	b.Begin(ops.MessageTailStreamEvent, c.id)
	b.String(e.kind)
	b.String(e.span)
	b.Int(e.at.UnixMilli())
	b.Int(int64(number))
	b.StringBytes(e.text)
	b.End(5)
	i.commit(r)
	if e.kind == "outcome" {
		k.ctx = nil
		c.pending--
		i.suspect(c)
	}
}

package loader

import (
	"encoding/json"
	"strings"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Spans are what streaming tails are told of the calls that an event makes, and of the call that it is.

// A spanRef says what an event is part of. The zero value is of one that nobody traces.
type spanRef struct{ trace, span string }

// An attribute of a span. Its value is text, a boolean or an integer.
type attribute struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler. An integer becomes a BigInt in JavaScript, and is written so that it can be told.
func (a attribute) MarshalJSON() ([]byte, error) {
	if n, ok := a.value.(int64); ok {
		return json.Marshal(map[string]any{"name": a.name, "integer": n})
	}
	return json.Marshal(map[string]any{"name": a.name, "value": a.value})
}

// openSpan opens a span within what runs, and gives its id.
func (s *traceStream) openSpan(within, name string) string {
	id := randomID(8)
	text, _ := json.Marshal(map[string]string{"name": name, "spanId": id})
	s.pushIn(within, "spanOpen", text)
	return id
}

func (s *traceStream) attributes(span string, list ...attribute) {
	text, _ := json.Marshal(map[string]any{"info": list})
	s.pushIn(span, "attributes", text)
}

func (s *traceStream) closeSpan(span string) { s.pushIn(span, "spanClose", []byte(`{"outcome":"ok"}`)) }

// callSpans are those of a call that a realm makes. Methods allow a nil receiver: nobody is told.
type callSpans struct {
	stream *traceStream
	// outer is that of a session, "" for none; span that of the call, which the callee's event names as its parent.
	outer, span string
	list        []attribute
}

// parent is what the callee's event is part of.
func (s *callSpans) parent() spanRef {
	if s == nil {
		return spanRef{}
	}
	return spanRef{s.stream.of, s.span}
}

// end closes them.
func (s *callSpans) end() {
	if s == nil {
		return
	}
	if len(s.list) > 0 {
		s.stream.attributes(s.span, s.list...)
	}
	s.stream.closeSpan(s.span)
	if s.outer != "" {
		s.stream.closeSpan(s.outer)
	}
}

// respond ends the span of a fetch with what its response says.
func (s *callSpans) respond(res *response) {
	if s == nil {
		return
	}
	s.list = append(s.list, attribute{"http.response.status_code", int64(res.status)})
	if res.body.length >= 0 {
		s.list = append(s.list, attribute{"http.response.body.size", res.body.length})
	}
	s.end()
}

// spansOf opens a span for a call that the context makes. Preconditions: mu is held.
func (c *requestContext) spansOf(name string) *callSpans {
	if c.trace == nil || c.trace.stream == nil {
		return nil
	}
	s := c.trace.stream
	return &callSpans{stream: s, span: s.openSpan(s.current, name)}
}

// fetchSpans opens one for a request. Preconditions: mu is held.
func (c *requestContext) fetchSpans(req *request) *callSpans {
	s := c.spansOf("fetch")
	if s == nil {
		return nil
	}
	s.list = []attribute{
		{"network.protocol.name", "http"}, {"network.protocol.version", "HTTP/1.1"},
		{"http.request.method", string(req.method)}, {"url.full", string(req.url)},
	}
	for _, name := range []string{"content-type", "content-length", "accept", "accept-encoding"} {
		eachHeader(req.header, func(key, value []byte) {
			if string(key) == name {
				s.list = append(s.list, attribute{"http.request.header." + name, string(value)})
			}
		})
	}
	if req.body.length >= 0 && (req.body.data != nil || req.body.stream != nil) {
		s.list = append(s.list, attribute{"http.request.body.size", req.body.length})
	}
	return s
}

// rpcSpans opens those of an RPC. Preconditions: mu is held.
func (c *requestContext) rpcSpans(call *rpcCall) *callSpans {
	outer := c.spansOf("jsRpcSession")
	if outer == nil {
		return nil
	}
	s := &callSpans{stream: outer.stream, outer: outer.span, span: outer.stream.openSpan(outer.span, "jsRpcCall")}
	s.list = []attribute{{"jsrpc.target_kind", "fetcher"}, {"jsrpc.operation", call.operation()}, {"jsrpc.method", call.method()}}
	return s
}

// operation says what the call does, in the words of its span.
func (c *rpcCall) operation() string {
	if c.args == nil {
		return "getProperty"
	}
	return "call"
}

// method is the path of the call, as text.
func (c *rpcCall) method() string {
	a := ops.NewReader(c.path)
	var names []string
	for n := a.Array(); n > 0 && a.Err == nil; n-- {
		names = append(names, a.String())
	}
	return strings.Join(names, ".")
}

// served opens the span of the call that the event is, within which all else happens.
func (s *traceStream) served(call *rpcCall) {
	if s == nil {
		return
	}
	method := attribute{"jsrpc.method", call.method()}
	s.call = s.openSpan(s.span, "jsRpcCall")
	s.attributes(s.span, method)
	s.callInfo = []attribute{method, {"jsrpc.target_kind", "entrypoint"}, {"jsrpc.operation", call.operation()}}
	if call.parent.span != "" {
		s.callInfo = append(s.callInfo, attribute{"jsrpc.caller_span_id", call.parent.span})
	}
	s.current = s.call
}

// answered closes it; ok says that the call has a result.
func (s *traceStream) answered(ok bool) {
	if s == nil || s.call == "" {
		return
	}
	s.attributes(s.call, s.callInfo...)
	s.closeSpan(s.call)
	s.call = ""
	if ok {
		s.pushReturn(0)
	}
}

// traceAnswer notes that a call has its answer. Preconditions: mu is held.
func (c *requestContext) traceAnswer(call uint32, ok bool) {
	if c.trace != nil && c.isTop(call) {
		c.trace.stream.answered(ok)
	}
}

package loader

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
)

// network is a service behind which a Go fetcher stands: the outbound of workers that have no other.
type network struct {
	fetcher bindings.Fetcher
	links   *socketLinks
}

func (n *network) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	drop(r, c.caps)
	to.fail(r, errDisconnected)
	return nil
}

func (n *network) fetch(_ *isolate.Runner, req *request, to fetchCaller) inflight {
	base := context.Background()
	if req.from != nil {
		base = req.from.rt.callContext(req.from)
	}
	ctx, cancel := context.WithCancel(base)
	out := &bindings.Request{Method: string(req.method), URL: string(req.url), ContentLength: req.body.length, Cf: bytes.Clone(req.cf)}
	eachHeader(req.header, func(name, value []byte) {
		out.Header = append(out.Header, [2]string{string(name), string(value)})
	})
	switch {
	case req.body.stream != nil:
		out.Body = newBodyReader(req.body.stream)
		req.body.stream = nil
	case req.body.data != nil:
		out.Body = io.NopCloser(bytes.NewReader(bytes.Clone(req.body.data)))
	}
	x := &exchange{network: n, ctx: ctx, cancel: cancel, leave: func() {}, out: out, to: to}
	if isUpgrade(req.header) {
		x.offer = offerSocket(out)
	}
	go x.run(req.from)
	return cancellation{cancel}
}

// exchange is a request to the network and its answer, on a goroutine of its own.
type exchange struct {
	network *network
	ctx     context.Context
	cancel  context.CancelFunc // ends it, also when there is an answer
	leave   func()             // gives its place among the worker's exchanges back
	out     *bindings.Request
	offer   *socketOffer // nil if no WebSocket is asked for
	to      fetchCaller
}

// run waits for the network, and before that for its turn among the exchanges of the worker that it is for.
func (x *exchange) run(from *worker) {
	var r isolate.Runner
	defer r.Run()
	if from != nil {
		leave, f := from.exchanges.enter(x.ctx, from.rt.config.MaxConnections)
		if f != nil {
			x.fail(&r, f)
			return
		}
		x.leave = leave
	}
	res, err := x.network.fetcher.Fetch(x.ctx, x.out)
	if err != nil {
		x.fail(&r, networkFailure(err))
		return
	}
	x.respond(&r, res)
}

func (x *exchange) fail(r *isolate.Runner, f *failure) {
	x.cancel()
	if x.out.Body != nil {
		_ = x.out.Body.Close()
	}
	x.leave()
	x.to.fail(r, f)
}

func (x *exchange) respond(r *isolate.Runner, res *bindings.Response) {
	in := response{status: res.Status, statusText: []byte(res.StatusText), body: payload{length: res.ContentLength}}
	for _, h := range res.Header {
		value := h[1]
		if h[0] == "location" && !utf8.ValidString(value) { // scripts get text, and the URL means the bytes
			value = escapeBytes(value)
		}
		in.header = append(append(append(append(in.header, h[0]...), 0), value...), 0)
	}
	switch {
	case x.offer != nil && res.Status == http.StatusSwitchingProtocols:
		x.network.openSocket(x.offer, res, &in, x.end)
	case res.Body != nil:
		in.body.stream = &readerBody{source: &cancellingBody{res.Body, x.cancel, x.leave}}
	default:
		x.end()
	}
	x.to.respond(r, &in)
}

// escapeBytes percent-encodes what is not ASCII.
func escapeBytes(s string) string {
	var b strings.Builder
	for k := range len(s) {
		if s[k] < utf8.RuneSelf {
			b.WriteByte(s[k])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[k])
		}
	}
	return b.String()
}

func (x *exchange) end() {
	x.cancel()
	x.leave()
}

func networkFailure(err error) *failure {
	f := &failure{class: "Error", message: err.Error()}
	if e, ok := err.(interface{ ErrorClass() string }); ok {
		f.class = e.ErrorClass()
	}
	return f
}

type cancellation struct{ f context.CancelFunc }

func (c cancellation) cancel(*isolate.Runner) { c.f() }

// cancellingBody is a response's body whose close ends the exchange.
type cancellingBody struct {
	io.ReadCloser
	cancel context.CancelFunc
	leave  func() // once the connection is let go
}

func (b *cancellingBody) Close() error {
	b.cancel()
	defer b.leave()
	return b.ReadCloser.Close()
}

// decodes says whether a body is decoded as it is read, so that no header knows its length. One that nobody has read is passed on
// as it came if the headers beside it still name its coding.
func decodes(b body, coded bool) bool {
	r, ok := b.(*readerBody)
	if !ok {
		return false
	}
	source, ok := r.source.(*cancellingBody)
	if !ok {
		return false
	}
	encoded, ok := source.ReadCloser.(bindings.Encoded)
	if !ok {
		return false
	}
	raw := encoded.Undecoded()
	if raw == nil || !coded {
		return true
	}
	source.ReadCloser = raw
	return false
}

package loader

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/isolate"
)

// maxInlineBody is the size up to which a request's body, which is in memory by then, goes into the isolate with the request:
// copying that much costs less than the turn in which JavaScript would ask for it.
const maxInlineBody = 4 << 10

// How often a handler that waits looks whether its client is still there.
const (
	firstPeek = 10 * time.Millisecond
	laterPeek = 100 * time.Millisecond
)

// cfJSON is request.cf: what Cloudflare's network would know of the client, as far as it is known here.
var cfJSON = []byte(`{"httpProtocol":"HTTP/1.1","colo":"XXX","country":"XX","timezone":"Etc/UTC","tlsVersion":"","tlsCipher":"","clientAcceptEncoding":""}`)

// Handler returns the handler that gives requests to the first worker. Its server must have StreamRequestBody set for bodies
// to stream, and should have DisableHeaderNamesNormalizing and NoDefaultContentType set; see cmd/dynos.
func (rt *Runtime) Handler() fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) { rt.serve(ctx, &rt.main) }
}

// serve answers one request. The goroutine runs the turns itself if it can, and else waits for whoever does.
func (rt *Runtime) serve(ctx *fasthttp.RequestCtx, f *front) {
	rt.counts.requests.Add(1)
	defer rt.requests.Add(-1)
	if rt.requests.Add(1) > int64(rt.config.MaxRequests) {
		rt.counts.refused.Add(1)
		unavailable(ctx, time.Second)
		return
	}
	if malformed(&ctx.Request.Header, received(ctx)) {
		refuseMalformed(ctx)
		return
	}
	if int64(ctx.Request.Header.ContentLength()) > rt.config.MaxRequestBytes {
		ctx.Error("Request Entity Too Large", fasthttp.StatusRequestEntityTooLarge)
		ctx.SetConnectionClose()
		return
	}
	call := httpCalls.Get().(*httpCall)
	call.reset(rt, ctx, f)
	var r isolate.Runner
	req := call.request()
	if call.badName {
		refuseMalformed(ctx)
		return
	}
	r.OnStranded(call.strand)
	if !ctx.Request.Header.ConnectionUpgrade() { // only this goroutine can hand the connection over
		r.OnHeldUp(call.strand)
	}
	running := f.service.fetch(&r, req, call)
	r.RunUntil(&call.done)
	if !call.settle(running) {
		hangUp(ctx)
		return // somebody may still hold the call: it is not used again
	}
	call.finish()
}

// hangUp closes the connection without an answer: a client that has only closed its side must not take an empty one for the worker's.
func hangUp(ctx *fasthttp.RequestCtx) {
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(net.Conn) {}) // the server closes it then
}

// Stranded is how many calls of handlers never return, because V8 could not go on in them. Who waits for a server to shut down should not
// wait for the connections of these.
func (rt *Runtime) Stranded() int { return int(rt.stranded.Load()) }

// Lost is how many isolates the process has lost with their threads and all their memory: V8 could not go on in them. After some it should be
// replaced.
func Lost() int { return int(isolate.Parked()) }

// An httpCall is one request of the server that waits for its answer; it is the caller to the worker.
type httpCall struct {
	rt     *Runtime
	front  *front
	ctx    *fasthttp.RequestCtx
	req    request
	buffer []byte // url, header and cf of req
	small  []byte // its body, if that is small
	upload *uploadBody
	// badName is set when a header has a name that none can have.
	badName bool
	done    atomic.Bool
	state   atomic.Int32
	// claimed goes to who may write the response, or to the handler when it gives up.
	claimed atomic.Bool
	ready   chan struct{}
}

var httpCalls = sync.Pool{New: func() any { return &httpCall{ready: make(chan struct{}, 1)} }}

func (c *httpCall) reset(rt *Runtime, ctx *fasthttp.RequestCtx, f *front) {
	c.rt, c.front, c.ctx, c.upload, c.badName = rt, f, ctx, nil, false
	c.done.Store(false)
	c.claimed.Store(false)
	c.state.Store(callRunning)
}

// request describes the request for a worker; it is valid while the handler runs.
func (c *httpCall) request() *request {
	head := &c.ctx.Request.Header
	b := c.appendURL(c.buffer[:0])
	split := len(b)
	b = c.appendHeader(b)
	c.req = request{method: head.Method(), cf: cfJSON}
	end := len(b)
	if !c.front.platformCf() {
		if b = c.front.appendCf(b, c.ctx); len(b) > end {
			c.req.cf = b[end:]
		} else {
			c.req.cf = nil
		}
	}
	c.buffer = b
	c.req.url, c.req.header = b[:split:split], b[split:end:end]
	length := head.ContentLength()
	stream := c.ctx.RequestBodyStream()
	switch {
	case length != 0 && stream == nil && length != -2: // a server without StreamRequestBody has read it
		c.req.body.data = c.ctx.Request.Body()
		c.req.body.length = int64(len(c.req.body.data))
	case length > 0 && length <= maxInlineBody && c.readSmall(stream, length):
		c.req.body.data = c.small[:length]
		c.req.body.length = int64(length)
	case length > 0 || length == -1:
		c.upload = &uploadBody{source: stream, conn: c.ctx.Conn(), left: c.rt.config.MaxRequestBytes, timeout: c.rt.config.BodyTimeout}
		c.req.body.stream = &readerBody{source: c.upload}
		c.req.body.length = int64(length)
	case length == 0 && head.Peek("Content-Length") != nil && !ignoresBody(head):
		c.req.body.data = []byte{}
	}
	return &c.req
}

// readSmall reads a body of a known length as a whole; false leaves a broken one to whoever reads on.
func (c *httpCall) readSmall(stream io.Reader, length int) bool {
	if cap(c.small) < length {
		c.small = make([]byte, maxInlineBody)
	}
	_, err := io.ReadFull(stream, c.small[:length])
	return err == nil
}

func ignoresBody(head *fasthttp.RequestHeader) bool { return head.IsGet() || head.IsHead() }

func (c *httpCall) appendURL(b []byte) []byte {
	uri := c.ctx.Request.Header.RequestURI()
	if len(uri) == 0 || uri[0] != '/' {
		if k := bytes.Index(uri, []byte("://")); k > 0 { // absolute form, as to a proxy: its authority counts less than Host
			uri = uri[k+3:]
			if k = bytes.IndexByte(uri, '/'); k < 0 {
				uri = []byte("/")
			} else {
				uri = uri[k:]
			}
		}
	}
	b = append(b, c.front.scheme(c.ctx)...)
	if host := c.ctx.Request.Header.Host(); len(host) > 0 {
		b = appendASCII(b, host)
	} else {
		b = append(b, "localhost"...)
	}
	return appendASCII(b, uri)
}

// appendASCII appends bytes, those that no URL has percent-encoded.
func appendASCII(b, s []byte) []byte {
	const hex = "0123456789ABCDEF"
	for _, c := range s {
		if c > 0x20 && c < 0x7f {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return b
}

// appendHeader packs the header, with lower-case names and what the server knows of the client.
func (c *httpCall) appendHeader(b []byte) []byte {
	var forwarded []byte
	for key, value := range c.ctx.Request.Header.All() {
		switch {
		case c.front.hides(key):
			continue
		case !c.front.options.Bare && asciiEqualFold(key, "x-forwarded-for"):
			forwarded = value
			continue
		}
		for _, k := range key {
			c.badName = c.badName || !tokenBytes[k]
			if 'A' <= k && k <= 'Z' {
				k |= 0x20
			}
			b = append(b, k)
		}
		b = append(b, 0)
		b = append(b, value...)
		b = append(b, 0)
	}
	b = c.front.appendEdits(b)
	if c.front.options.Bare {
		return b
	}
	return c.appendClient(b, forwarded)
}

func (c *httpCall) appendClient(b, forwarded []byte) []byte {
	var space [48]byte
	ip := appendIP(space[:0], c.ctx.RemoteAddr())
	b = appendField(b, "cf-connecting-ip", ip)
	b = appendField(b, "x-real-ip", ip)
	b = append(b, "x-forwarded-for\x00"...)
	if len(forwarded) > 0 {
		b = append(append(b, forwarded...), ", "...)
	}
	b = append(append(b, ip...), 0)
	if c.ctx.IsTLS() {
		return append(b, "x-forwarded-proto\x00https\x00"...)
	}
	return append(b, "x-forwarded-proto\x00http\x00"...)
}

func appendField(b []byte, name string, value []byte) []byte {
	b = append(append(b, name...), 0)
	return append(append(b, value...), 0)
}

func appendIP(b []byte, addr net.Addr) []byte {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		if ip, ok := netip.AddrFromSlice(tcp.IP); ok {
			return ip.Unmap().AppendTo(b)
		}
	}
	return append(b, "127.0.0.1"...)
}

func asciiEqualFold(s []byte, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for k := range s {
		c := s[k]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[k] {
			return false
		}
	}
	return true
}

// respond implements fetchCaller.
func (c *httpCall) respond(r *isolate.Runner, res *response) {
	if !c.claim() {
		res.cancel(r)
		return
	}
	if res.webSocket != nil {
		c.upgrade(r, res)
		return
	}
	out := &c.ctx.Response
	out.SetStatusCode(res.status)
	if len(res.statusText) > 0 {
		out.Header.SetStatusMessage(res.statusText)
	}
	length, coded := -1, false
	eachHeader(res.header, func(name, value []byte) {
		coded = coded || string(name) == "content-encoding"
		switch {
		case string(name) == "content-length":
			length = parseLength(value)
		case c.front.replaces(name):
		case string(name) == "transfer-encoding" || string(name) == "connection" || string(name) == "keep-alive":
			// the connection is the server's
		default:
			out.Header.AddBytesKV(name, value)
		}
	})
	c.front.edit(out)
	switch {
	case res.body.stream != nil && (c.ctx.IsHead() || bodyless(res.status)):
		res.body.stream.cancel(r, errUnwanted)
		c.setHeadLength(length, int(res.body.length))
	case res.body.stream != nil:
		if res.body.length >= 0 {
			length = int(res.body.length)
		}
		if decodes(res.body.stream, coded) {
			length = -1
		}
		out.ImmediateHeaderFlush = true
		reader, conn := newBodyReader(res.body.stream), c.ctx.Conn()
		reader.lost = func() { _ = conn.Close() }
		out.SetBodyStream(&responseStream{reader, c.upload}, length)
	case c.ctx.IsHead():
		c.setHeadLength(length, len(res.body.data))
	case len(res.body.data) > maxSmallResponse:
		if !c.hold(res.body.data) {
			return
		}
	default:
		out.SetBody(res.body.data)
	}
	c.answered()
}

// setHeadLength says in the answer to a HEAD request how long the body would be.
func (c *httpCall) setHeadLength(declared, known int) {
	c.ctx.Response.SkipBody = true
	switch {
	case declared >= 0:
		c.ctx.Response.Header.SetContentLength(declared)
	case known >= 0:
		c.ctx.Response.Header.SetContentLength(known)
	}
}

func bodyless(status int) bool { return status == 204 || status == 304 || status < 200 }

func parseLength(value []byte) int {
	n, err := fasthttp.ParseUint(value)
	if err != nil {
		return -1
	}
	return n
}

// fail implements fetchCaller: the client learns that it was not its fault, the log why.
func (c *httpCall) fail(_ *isolate.Runner, f *failure) {
	if !c.claim() {
		return
	}
	if !f.retryAt.IsZero() {
		unavailable(c.ctx, time.Until(f.retryAt))
		c.answered()
		return
	}
	if c.upload != nil && c.upload.broken.Load() { // the worker has failed over what the client has done
		refuseMalformed(c.ctx)
		c.answered()
		return
	}
	text := f.stack
	if text == "" {
		text = f.Error()
	}
	c.rt.config.Log(Record{Worker: c.front.name, Level: LevelError, Text: "Uncaught " + text})
	if f.innocent {
		unavailable(c.ctx, time.Second)
		c.answered()
		return
	}
	out := &c.ctx.Response
	out.SetStatusCode(fasthttp.StatusInternalServerError)
	out.Header.SetContentType("text/plain; charset=UTF-8")
	out.SetBodyString("Internal Server Error")
	if f.isLimit() { // as Cloudflare's network answers
		out.SetStatusCode(fasthttp.StatusServiceUnavailable)
		out.SetBodyString("error code: 1102")
	}
	c.answered()
}

// claim says whether the response may still be written: the handler has not given up.
func (c *httpCall) claim() bool { return c.claimed.CompareAndSwap(false, true) }

// finish ends the call. If the response is a stream, the worker may go on to read the request while it is written.
func (c *httpCall) finish() {
	if !c.ctx.Response.IsBodyStream() {
		c.closeUpload()
	}
	c.front, c.ctx, c.upload, c.req = nil, nil, nil, request{}
	httpCalls.Put(c)
}

func (c *httpCall) closeUpload() {
	if c.upload != nil && !c.upload.end() {
		c.ctx.SetConnectionClose()
	}
}

// A responseStream is a response's body as the server writes it; the request's ends with it.
type responseStream struct {
	*bodyReader
	upload *uploadBody
}

// Close implements io.Closer; the server calls it when it has written the response, or failed to.
func (s *responseStream) Close() error {
	err := s.bodyReader.Close()
	if s.upload != nil {
		s.upload.end()
	}
	return err
}

// An uploadBody is a request's body, which is the connection's and must not be read once its request is over.
type uploadBody struct {
	conn    net.Conn
	timeout time.Duration // of each read
	broken  atomic.Bool   // what came was no body
	ending  atomic.Bool   // end breaks the read off that runs
	mu      sync.Mutex    // held while a read runs
	closed  bool
	left    int64 // bytes that it may still have
	source  io.Reader
}

// Read implements io.Reader.
func (b *uploadBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, errDisconnected
	}
	_ = b.conn.SetReadDeadline(time.Now().Add(b.timeout)) // if that fails, so does the read
	if b.ending.Load() {
		_ = b.conn.SetReadDeadline(time.Unix(1, 0))
	}
	n, err := b.source.Read(p)
	if err != nil && err != io.EOF {
		b.broken.Store(true)
	}
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// Close implements io.Closer: the worker has no use for the rest, which the server skips.
func (b *uploadBody) Close() error { return nil }

// end forbids further reads. One that is waiting for the client is broken off: then the connection is of no use any more and
// the result is false.
func (b *uploadBody) end() bool {
	intact := b.mu.TryLock()
	if !intact {
		b.ending.Store(true)
		_ = b.conn.SetReadDeadline(time.Unix(1, 0))
		b.mu.Lock()
	}
	b.closed = true
	b.mu.Unlock()
	return intact
}

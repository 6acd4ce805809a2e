package loader

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
)

// outboundService is an Outbound as what a worker's fetch goes to.
func outboundService(o Outbound) service {
	if f, ok := o.(bindings.Fetcher); ok {
		return &network{fetcher: f}
	}
	return &network{fetcher: roundTripperFetcher{o}}
}

// handlerService is an http.Handler as a service.
func handlerService(h http.Handler) service {
	if s, ok := h.(*Stub); ok {
		return s.service
	}
	return &network{fetcher: roundTripperFetcher{Handler(h)}}
}

// OutboundFunc is a function as an Outbound.
type OutboundFunc func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f OutboundFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Allow is an Outbound that gives requests for the hosts to next and refuses all others. A host is a name, "api.example.com", with a port if it
// must be that one, "localhost:8080"; "*.example.com" stands for every name below example.com.
func Allow(next Outbound, hosts ...string) Outbound {
	return OutboundFunc(func(req *http.Request) (*http.Response, error) {
		for _, h := range hosts {
			if matchesHost(h, req.URL) {
				return next.RoundTrip(req)
			}
		}
		return nil, &BlockedError{Host: req.URL.Host}
	})
}

func matchesHost(pattern string, u *url.URL) bool {
	pattern = strings.ToLower(pattern)
	host := strings.ToLower(u.Host)
	if !strings.Contains(strings.TrimSuffix(pattern, "]"), ":") || strings.HasSuffix(pattern, "]") {
		host = strings.ToLower(u.Hostname())
		pattern = strings.Trim(pattern, "[]")
	}
	if below, ok := strings.CutPrefix(pattern, "*."); ok {
		return strings.HasSuffix(host, "."+below)
	}
	return host == pattern
}

// A BlockedError says that an Outbound does not let a worker reach a host.
type BlockedError struct {
	// Host of the request, with the port if it has one.
	Host string
}

// Error implements error.
func (e *BlockedError) Error() string {
	return "This worker is not permitted to access " + e.Host + "."
}

// Handler is an Outbound that answers every request by an http.Handler. The response streams.
func Handler(h http.Handler) Outbound {
	return OutboundFunc(func(req *http.Request) (*http.Response, error) {
		w := &responseWriter{header: make(http.Header), head: make(chan struct{})}
		w.reader, w.writer = io.Pipe()
		if req.Body == nil {
			req.Body = http.NoBody
		}
		go w.serve(h, req)
		select {
		case <-w.head:
		case <-req.Context().Done():
			_ = w.reader.CloseWithError(context.Cause(req.Context()))
			return nil, context.Cause(req.Context())
		}
		if w.failed != nil {
			return nil, w.failed
		}
		return w.response(req), nil
	})
}

// responseWriter is the writer of a handler whose response somebody reads.
type responseWriter struct {
	header http.Header
	once   sync.Once
	head   chan struct{} // closed once status and sent are set
	status int
	sent   http.Header
	failed error
	reader *io.PipeReader
	writer *io.PipeWriter
}

func (w *responseWriter) serve(h http.Handler, req *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			w.once.Do(func() {
				w.failed = &PanicError{Value: p}
				close(w.head)
			})
			_ = w.writer.CloseWithError(&PanicError{Value: p})
			return
		}
		w.WriteHeader(http.StatusOK)
		_ = w.writer.Close()
	}()
	h.ServeHTTP(w, req)
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		return // informational
	}
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.head)
	})
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.writer.Write(p)
}

// Flush implements http.Flusher: what is written is on its way already.
func (w *responseWriter) Flush() { w.WriteHeader(http.StatusOK) }

func (w *responseWriter) response(req *http.Request) *http.Response {
	length := int64(-1)
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		StatusCode: w.status, Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), Header: w.sent, Body: w.reader,
		ContentLength: length, Request: req, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
}

// roundTripperFetcher is an http.RoundTripper as a Fetcher.
type roundTripperFetcher struct{ rt http.RoundTripper }

// Fetch implements bindings.Fetcher.
func (f roundTripperFetcher) Fetch(ctx context.Context, in *bindings.Request) (*bindings.Response, error) {
	var body io.Reader
	if in.Body != nil {
		body = in.Body
	}
	req, err := http.NewRequestWithContext(ctx, in.Method, in.URL, body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = in.ContentLength
	if in.Body == nil {
		req.ContentLength = 0
	}
	for _, h := range in.Header {
		if h[0] == "host" {
			req.Host = h[1]
			continue
		}
		req.Header.Add(h[0], h[1])
	}
	res, err := f.rt.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	out := &bindings.Response{Status: res.StatusCode, Body: res.Body, ContentLength: res.ContentLength}
	_, out.StatusText, _ = strings.Cut(res.Status, " ")
	for name, values := range res.Header {
		for _, v := range values {
			out.Header = append(out.Header, [2]string{strings.ToLower(name), v})
		}
	}
	if res.Body == http.NoBody {
		out.Body = nil
	}
	return out, nil
}

// goFetch is a Go program that waits for the response of a worker.
type goFetch struct {
	*waiter
	rt     *Runtime
	status int
	text   string
	header http.Header
	body   payload
	err    error
}

var _ fetchCaller = (*goFetch)(nil)

func (g *goFetch) respond(_ *isolate.Runner, res *response) {
	g.status, g.text, g.header = res.status, string(res.statusText), make(http.Header)
	eachHeader(res.header, func(name, value []byte) { g.header.Add(string(name), string(value)) })
	g.body = res.body
	if res.body.data != nil {
		g.body.data = append([]byte{}, res.body.data...)
	}
	g.set()
}

func (g *goFetch) fail(_ *isolate.Runner, f *failure) {
	g.err = g.rt.exception(f)
	g.set()
}

// RoundTrip sends a request to the worker's fetch handler and gives its response; redirects are not followed. The URL must be absolute. The
// request's context cancels it, also while the body is read. Errors are those of Call.
func (s *Stub) RoundTrip(req *http.Request) (*http.Response, error) {
	if len(s.path) > 0 || s.object {
		return nil, errNotEntrypoint
	}
	ctx := req.Context()
	in := request{method: []byte(req.Method), url: []byte(req.URL.String()), header: packRequestHeader(req)}
	if in.body.length = req.ContentLength; req.Body != nil && req.Body != http.NoBody {
		if req.ContentLength == 0 {
			in.body.length = -1
		}
		in.body.stream = &readerBody{source: req.Body}
	}
	g := &goFetch{waiter: newWaiter(), rt: s.rt}
	var r isolate.Runner
	running := s.service.fetch(&r, &in, g)
	if err := g.wait(ctx, &r, running); err != nil {
		return nil, err
	}
	r.Hand()
	if g.err != nil {
		return nil, g.err
	}
	res := &http.Response{
		StatusCode: g.status, Status: strconv.Itoa(g.status) + " " + g.text, Header: g.header, ContentLength: g.body.length, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
	}
	switch {
	case g.body.stream != nil:
		res.Body = newContextBody(ctx, newGoBodyReader(g.body.stream))
	case g.body.data != nil:
		res.Body = io.NopCloser(strings.NewReader(string(g.body.data)))
		res.ContentLength = int64(len(g.body.data))
	default:
		res.ContentLength = 0
	}
	return res, nil
}

// newContextBody closes a body when the context ends.
func newContextBody(ctx context.Context, b io.ReadCloser) io.ReadCloser {
	stop := context.AfterFunc(ctx, func() { _ = b.Close() })
	return &contextBody{b, stop}
}

type contextBody struct {
	io.ReadCloser
	stop func() bool
}

func (b *contextBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}

func packRequestHeader(req *http.Request) []byte {
	var packed []byte
	add := func(name, value string) {
		packed = append(append(append(append(packed, strings.ToLower(name)...), 0), value...), 0)
	}
	if host := req.Host; host != "" {
		add("host", host)
	}
	for name, values := range req.Header {
		for _, v := range values {
			add(name, v)
		}
	}
	if req.ContentLength > 0 && req.Header.Get("Content-Length") == "" {
		add("content-length", strconv.FormatInt(req.ContentLength, 10))
	}
	return packed
}

// ServeHTTP answers a request by the worker's fetch handler; both bodies stream. A worker that fails is a 500 without detail.
func (s *Stub) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	out := req.Clone(req.Context())
	if !out.URL.IsAbs() {
		absolute(out.URL, req)
	}
	res, err := s.RoundTrip(out)
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	defer func() { _ = res.Body.Close() }()
	for name, values := range res.Header {
		for _, v := range values {
			w.Header().Add(name, v)
		}
	}
	w.WriteHeader(res.StatusCode)
	copyFlushing(w, res.Body)
}

// copyFlushing copies a body chunk by chunk, each on its way before the next is read.
func copyFlushing(w http.ResponseWriter, body io.Reader) {
	flusher, _ := w.(http.Flusher)
	buffer := make([]byte, 32<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if _, failed := w.Write(buffer[:n]); failed != nil {
				return
			}
			if flusher != nil {
				flusher.Flush()
			}
		}
		if err != nil {
			return
		}
	}
}

var _ interface {
	http.Handler
	http.RoundTripper
} = (*Stub)(nil)

package outbound

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dynos-run/dynos/bindings"
)

// newTestTransport allows this host and closes its connections with the test.
func newTestTransport(t testing.TB, o Options) *Transport {
	t.Helper()
	if o.Policy == nil {
		o.Policy = mustPolicy(t, []string{"loopback"}, nil)
	}
	tr := New(o)
	t.Cleanup(func() { _ = tr.Close() })
	return tr
}

// rawServer answers each connection's first request with the bytes that answer makes of its head and closes. It returns its URL.
func rawServer(t testing.TB, answer func(head string, conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				r := bufio.NewReader(conn)
				var head strings.Builder
				for {
					line, err := r.ReadString('\n')
					if err != nil || line == "\r\n" {
						break
					}
					head.WriteString(line)
				}
				answer(head.String(), conn)
				// Closing with a body unread would reset the connection, and the client might lose the answer.
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, r)
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// answering is a rawServer with one answer.
func answering(t testing.TB, response string) string {
	return rawServer(t, func(_ string, conn net.Conn) { _, _ = io.WriteString(conn, response) })
}

func get(t testing.TB, tr *Transport, url string) (*bindings.Response, error) {
	t.Helper()
	return tr.Fetch(t.Context(), &bindings.Request{Method: "GET", URL: url})
}

func mustRead(t testing.TB, res *bindings.Response) string {
	t.Helper()
	if res.Body == nil {
		return ""
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func wantError(t testing.TB, err error, class, message string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Class != class || e.Message != message && !(strings.HasSuffix(message, "= ") && strings.HasPrefix(e.Message, message)) {
		t.Errorf("got %T %v (%v), want %s %s", err, err, errors.Unwrap(err), class, message)
	}
}

// The heads that the platform sends for these.
func TestRequestHead(t *testing.T) {
	url := rawServer(t, func(head string, conn net.Conn) {
		answer := "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
		if !strings.HasPrefix(head, "HEAD") {
			answer += head
		}
		_, _ = io.WriteString(conn, answer)
	})
	tr := newTestTransport(t, Options{})
	for _, c := range []struct {
		method, path string
		header       [][2]string
		body         string // "" for none
		length       int64
		want         string // without Host; lines joined by |
	}{
		{method: "GET", want: "GET / HTTP/1.1"},
		{method: "HEAD", path: "/a", want: "HEAD /a HTTP/1.1"},
		{method: "POST", want: "POST / HTTP/1.1|Content-Length: 0"},
		{method: "DELETE", want: "DELETE / HTTP/1.1|Content-Length: 0"},
		{method: "OPTIONS", want: "OPTIONS / HTTP/1.1|Content-Length: 0"},
		{method: "TRACE", want: "TRACE / HTTP/1.1|Content-Length: 0"},
		{method: "PURGE", want: "PURGE / HTTP/1.1|Content-Length: 0"},
		{method: "POST", body: "abc", length: 3, want: "POST / HTTP/1.1|Content-Length: 3"},
		{method: "POST", body: "abc", length: 0, want: "POST / HTTP/1.1|Content-Length: 0"},
		{method: "POST", body: "abc", length: -1, want: "POST / HTTP/1.1|Transfer-Encoding: chunked"},
		{method: "GET", path: "?a=b", want: "GET /?a=b HTTP/1.1"},
		{method: "GET", path: "/?", want: "GET /? HTTP/1.1"},
		{method: "GET", path: "/%zz/%7e/a%2Fb;c`{}|^?q='`{}|\\^#frag?x", want: "GET /%zz/%7e/a%2Fb;c`{}|^?q='`{}|\\^ HTTP/1.1"},
		{
			method: "GET",
			header: [][2]string{
				{"x-b", "1"}, {"x-a", "2"}, {"x-a", "3"}, {"accept", "*/*"}, {"user-agent", "me"}, {"accept-encoding", "foo"}, {"x-e", ""}, {"x-l", "caf\xc3\xa9\xff"},
				{"expect", "100-continue"}, {"proxy-authorization", "b"},
			},
			want: "GET / HTTP/1.1|User-Agent: me|Accept: */*|Accept-Encoding: foo|Expect: 100-continue|Proxy-Authorization: b|X-A: 2|X-A: 3|X-B: 1|X-E: |X-L: caf\xc3\xa9\xff",
		},
		{
			method: "GET",
			header: [][2]string{
				{"host", "example.com"}, {"connection", "close, x-a"}, {"x-a", "1"}, {"keep-alive", "1"}, {"te", "trailers"}, {"trailer", "x"}, {"upgrade", "foo"},
				{"transfer-encoding", "chunked"}, {"content-length", "10"},
			},
			want: "GET / HTTP/1.1|X-A: 1",
		},
		{
			method: "GET",
			header: [][2]string{{"upgrade", "WebSocket"}, {"sec-websocket-key", "k"}},
			want:   "GET / HTTP/1.1|Connection: Upgrade|Sec-Websocket-Key: k|Upgrade: WebSocket",
		},
	} {
		req := &bindings.Request{Method: c.method, URL: url + c.path, Header: c.header, ContentLength: c.length}
		if c.body != "" {
			req.Body = io.NopCloser(strings.NewReader(c.body))
		}
		res, err := tr.Fetch(t.Context(), req)
		if err != nil {
			t.Errorf("%s: %v", c.want, errors.Unwrap(err))
			continue
		}
		got := mustRead(t, res)
		if c.method == "HEAD" {
			continue
		}
		got = strings.Replace(got, "Host: "+strings.TrimPrefix(url, "http://")+"\r\n", "", 1)
		if got = strings.ReplaceAll(strings.TrimSuffix(got, "\r\n"), "\r\n", "|"); got != c.want {
			t.Errorf("got\n%q, want\n%q", got, c.want)
		}
	}
}

// Two slashes at the start of the path make net/http send the whole URL.
func TestRequestPathWithTwoSlashes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host+" "+r.URL.Path+" "+r.URL.RawQuery)
	}))
	defer server.Close()
	res, err := get(t, newTestTransport(t, Options{}), strings.Replace(server.URL, "http://", "http://u:p@", 1)+"//a//b?c")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := mustRead(t, res), strings.TrimPrefix(server.URL, "http://")+" //a//b c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestResponseHead(t *testing.T) {
	for _, c := range []struct {
		name, head string
		status     int
		text       string
		header     string
	}{
		{"ok", "HTTP/1.1 200 OK\r\nContent-Length: 0", 200, "OK", "content-length: 0"},
		{"reason not ASCII", "HTTP/1.1 299 F\xfcnny\r\nContent-Length: 0", 299, "", "content-length: 0"},
		{"no reason", "HTTP/1.1 200\r\nContent-Length: 0", 200, "", "content-length: 0"},
		{"empty reason", "HTTP/1.1 200 \r\nContent-Length: 0", 200, "", "content-length: 0"},
		{"long reason", "HTTP/1.1 600 Some  thing\r\nContent-Length: 0", 600, "Some  thing", "content-length: 0"},
		{"999", "HTTP/1.1 999 Foo\r\nContent-Length: 0", 999, "Foo", "content-length: 0"},
		{"redirect", "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0", 302, "Found", "content-length: 0|location: /x"},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n0", 200, "OK", "trailer: x-t|transfer-encoding: chunked"},
		{"early hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0", 200, "OK", "content-length: 0"},
		{
			"values", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Foo: b\r\nset-cookie: b=2\r\nx-foo: c\r\nX-Latin: caf\xe9\r\nX-Empty:\r\nX-Space:  padded  \r\nContent-Length: 0", 200, "OK",
			"content-length: 0|set-cookie: a=1|set-cookie: b=2|x-empty: |x-foo: b|x-foo: c|x-latin: caf\xe9|x-space: padded",
		},
		{
			"hop by hop", "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: foo\r\nContent-Length: 0", 200, "OK",
			"connection: keep-alive, X-Hop|content-length: 0|keep-alive: timeout=5|upgrade: foo|x-hop: 1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := get(t, newTestTransport(t, Options{}), answering(t, c.head+"\r\n\r\n"))
			if err != nil {
				t.Fatal(errors.Unwrap(err))
			}
			mustRead(t, res)
			var header []string
			for _, h := range res.Header {
				header = append(header, h[0]+": "+h[1])
			}
			if got := strings.Join(header, "|"); res.Status != c.status || res.StatusText != c.text || got != c.header {
				t.Errorf("got %d %q %q", res.Status, res.StatusText, got)
			}
		})
	}
}

func TestResponsesWithoutBody(t *testing.T) {
	for _, c := range []struct{ method, head string }{
		{"GET", "HTTP/1.1 204 No Content"},
		{"GET", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0"},
		{"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10"},
		{"GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade"},
		{"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100"},
		{"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Encoding: gzip"},
	} {
		res, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: c.method, URL: answering(t, c.head+"\r\n\r\n")})
		if err != nil || res.Body != nil || res.ContentLength != 0 {
			t.Errorf("%s %s: got %+v, %v", c.method, c.head, res, err)
		}
	}
	res, err := get(t, newTestTransport(t, Options{}), answering(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
	if err != nil || res.Body == nil || mustRead(t, res) != "" || res.ContentLength != 0 {
		t.Errorf("an empty body is a body: got %+v, %v", res, err)
	}
}

func TestLostConnections(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing":           "",
		"garbage":           "garbage\r\n\r\n",
		"half a head":       "HTTP/1.1 200 OK\r\nX-A",
		"status below 100":  "HTTP/1.1 099 Foo\r\nContent-Length: 0\r\n\r\n",
		"header name":       "HTTP/1.1 200 OK\r\nX Bad: 1\r\nContent-Length: 0\r\n\r\n",
		"header value":      "HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
		"line in a value":   "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n",
		"status line":       "HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n",
		"length":            "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
		"different lengths": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
		"endless head":      "HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("a", DefaultMaxHeaderBytes) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := get(t, newTestTransport(t, Options{}), answering(t, answer))
			wantError(t, err, "Error", "Network connection lost.")
		})
	}
	for name, answer := range map[string]string{
		"within a length": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
		"within a chunk":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			res, err := get(t, newTestTransport(t, Options{}), answering(t, answer))
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(res.Body)
			if string(data) != "abc" {
				t.Errorf("got %q", data)
			}
			wantError(t, err, "Error", "Network connection lost.")
			_ = res.Body.Close()
		})
	}
	t.Run("refused", func(t *testing.T) {
		_, err := get(t, newTestTransport(t, Options{}), "http://127.0.0.1:1/")
		wantError(t, err, "Error", "Network connection lost.")
	})
	t.Run("a head of 400 KB is taken", func(t *testing.T) {
		res, err := get(t, newTestTransport(t, Options{}), answering(t, "HTTP/1.1 200 OK\r\nX-A: "+strings.Repeat("a", 400_000)+"\r\n\r\nok"))
		if err != nil || mustRead(t, res) != "ok" {
			t.Errorf("got %v", err)
		}
	})
}

// What workers must not learn is in the log only, under the reference in the text.
func TestInternalErrors(t *testing.T) {
	self := httptest.NewUnstartedServer(http.NotFoundHandler())
	self.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	self.StartTLS()
	defer self.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, c := range map[string]struct {
		policy *Policy
		url    string
		log    string
	}{
		"blocked":             {new(Policy), "http://127.0.0.1:1/", "connecting to 127.0.0.1:1: destination is not allowed"},
		"blocked name":        {new(Policy), "http://localhost:1/", "destination is not allowed"},
		"blocked with TLS":    {new(Policy), self.URL, "destination is not allowed"},
		"untrusted":           {nil, self.URL, "certificate"},
		"no TLS on that port": {nil, strings.Replace(plain.URL, "http:", "https:", 1), "TLS"},
		"no such name":        {nil, "http://a..b/", "lookup a..b"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			tr := newTestTransport(t, Options{Policy: c.policy, Log: slog.New(slog.NewTextHandler(&log, nil))})
			_, err := get(t, tr, c.url)
			wantError(t, err, "Error", "internal error; reference = ")
			reference := err.Error()[len(textInternal):]
			if len(reference) != 24 || !strings.Contains(log.String(), "reference="+reference) || !strings.Contains(log.String(), c.log) {
				t.Errorf("reference %q, log %q", reference, log.String())
			}
			if strings.HasPrefix(name, "blocked") != errors.Is(err, ErrBlocked) {
				t.Errorf("errors.Is(err, ErrBlocked) = %t", errors.Is(err, ErrBlocked))
			}
		})
	}
}

// Every spelling of a private address ends at the address that is dialled.
func TestBlockedSpellings(t *testing.T) {
	tr := newTestTransport(t, Options{Policy: new(Policy)})
	for _, host := range []string{
		"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost", "LOCALHOST",
		"localhost.", "10.0.0.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "255.255.255.255", "224.0.0.1",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := tr.Fetch(ctx, &bindings.Request{Method: "GET", URL: "http://" + host + ":1/"})
		cancel()
		wantError(t, err, "Error", textInternal)
	}
}

func TestRefusedRequests(t *testing.T) {
	tr := newTestTransport(t, Options{})
	for _, url := range []string{"", "/a", "ftp://a/", "ws://a/", "HTTP://a/", "http:///a", "http://", "http://:80/", "http://u@/", "http://a/ b", "http://a/\r\nX: y", "http://a/\x7f", "http://\u00e9/"} {
		closed := &closeCounter{Reader: strings.NewReader("x")}
		_, err := tr.Fetch(t.Context(), &bindings.Request{Method: "POST", URL: url, Body: closed, ContentLength: 1})
		wantError(t, err, "TypeError", textCannotLoad+url)
		if closed.n != 1 {
			t.Errorf("%q: body closed %d times", url, closed.n)
		}
	}
	_, err := tr.Fetch(t.Context(), &bindings.Request{Method: "A B", URL: "http://127.0.0.1:1/"})
	wantError(t, err, "TypeError", "Invalid HTTP method string: A B")
}

type closeCounter struct {
	io.Reader
	n int
}

func (c *closeCounter) Close() error {
	c.n++
	return nil
}

func TestHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Proto", r.Proto)
		w.Header()["Date"] = nil
		_, _ = io.WriteString(w, r.Method+" "+r.RequestURI+" "+r.UserAgent()+" ")
		_, _ = io.Copy(w, r.Body)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	tr := newTestTransport(t, Options{TLS: server.Client().Transport.(*http.Transport).TLSClientConfig})
	for path, want := range map[string]string{"/a?b": "POST /a?b  body", "//a//b": "POST //a//b  body"} {
		res, err := tr.Fetch(t.Context(), &bindings.Request{Method: "POST", URL: server.URL + path, Body: io.NopCloser(strings.NewReader("body")), ContentLength: -1})
		if err != nil {
			t.Fatal(errors.Unwrap(err))
		}
		if got := mustRead(t, res); got != want || !slices.Contains(res.Header, [2]string{"x-proto", "HTTP/2.0"}) {
			t.Errorf("got %q, %q", got, res.Header)
		}
	}
}

func TestTLSWithHTTP1(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.StartTLS()
	defer server.Close()
	config := server.Client().Transport.(*http.Transport).TLSClientConfig
	res, err := get(t, newTestTransport(t, Options{TLS: config}), server.URL)
	if err != nil || mustRead(t, res) != "HTTP/1.1" {
		t.Errorf("got %v", err)
	}
	// The certificate is for example.com and addresses, not for this name.
	_, err = get(t, newTestTransport(t, Options{TLS: config}), strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	wantError(t, err, "Error", textInternal)
	if certificate := new(tls.CertificateVerificationError); !errors.As(err, &certificate) {
		t.Errorf("got %v", errors.Unwrap(err))
	}
}

func TestFunc(t *testing.T) {
	var fetcher bindings.Fetcher = Func(func(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
		return &bindings.Response{Status: 200, StatusText: req.URL}, nil
	})
	if res, err := fetcher.Fetch(t.Context(), &bindings.Request{URL: "http://a/"}); err != nil || res.StatusText != "http://a/" {
		t.Errorf("got %+v, %v", res, err)
	}
}

func TestDialContext(t *testing.T) {
	url := answering(t, "")
	tr := newTestTransport(t, Options{})
	conn, err := tr.DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if _, err := newTestTransport(t, Options{Policy: new(Policy)}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://")); !errors.Is(err, ErrBlocked) {
		t.Errorf("got %v", err)
	}
	for _, network := range []string{"unix", "udp", "ip"} {
		if conn, err := tr.DialContext(t.Context(), network, "127.0.0.1:1"); err == nil {
			_ = conn.Close()
			t.Errorf("%s is dialled", network)
		}
	}
}

func TestNoTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	tr := newTestTransport(t, Options{NoTLS: true, TLS: &tls.Config{InsecureSkipVerify: true}})
	if _, err := get(t, tr, server.URL); err == nil || !errors.Is(err, errNoTLS) || !strings.HasPrefix(err.Error(), textInternal) {
		t.Errorf("HTTPS without TLS gives %v", err)
	}
}

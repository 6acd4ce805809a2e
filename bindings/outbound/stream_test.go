package outbound

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dynos-run/dynos/bindings"
)

// soon waits for a condition that another goroutine brings about.
func soon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 10 s", what)
		}
		runtime.Gosched()
	}
}

func TestResponseStreams(t *testing.T) {
	next := make(chan string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		_ = http.NewResponseController(w).Flush()
		for chunk := range next {
			_, _ = io.WriteString(w, chunk)
			_ = http.NewResponseController(w).Flush()
		}
	}))
	defer server.Close()
	res, err := get(t, newTestTransport(t, Options{}), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.ContentLength != -1 {
		t.Errorf("length %d", res.ContentLength)
	}
	buffer := make([]byte, 10)
	for _, chunk := range []string{"one", "two", "three"} {
		next <- chunk // only now is there something to read
		n, err := io.ReadFull(res.Body, buffer[:len(chunk)])
		if err != nil || string(buffer[:n]) != chunk {
			t.Errorf("got %q, %v", buffer[:n], err)
		}
	}
	close(next)
	if n, err := res.Body.Read(buffer); n != 0 || err != io.EOF {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestRequestStreams(t *testing.T) {
	got := make(chan string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		buffer := make([]byte, 10)
		for {
			n, err := r.Body.Read(buffer)
			if n > 0 {
				got <- string(buffer[:n])
			}
			if err != nil {
				break
			}
		}
		_, _ = io.WriteString(w, "done")
	}))
	defer server.Close()
	for name, length := range map[string]int64{"chunked": -1, "fixed length": 11} {
		t.Run(name, func(t *testing.T) {
			body, feed := io.Pipe()
			go func() {
				for _, chunk := range []string{"one", "two", "three"} {
					_, _ = io.WriteString(feed, chunk)
					if arrived := <-got; arrived != chunk { // before the next is even written
						t.Errorf("got %q, want %q", arrived, chunk)
					}
				}
				_ = feed.Close()
			}()
			res, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: "POST", URL: server.URL, Body: body, ContentLength: length})
			if err != nil || mustRead(t, res) != "done" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// endless counts what is taken from it.
type endless struct{ taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.taken.Add(int64(len(p)))
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// A receiver that does not read holds up the sender after what sockets buffer, in both directions.
func TestBackpressure(t *testing.T) {
	const most = 64 << 20
	steady := func(count *atomic.Int64) int64 {
		for last := int64(-1); ; {
			<-time.After(200 * time.Millisecond)
			if n := count.Load(); n == last || n > most {
				return n
			} else {
				last = n
			}
		}
	}
	t.Run("upload", func(t *testing.T) {
		release := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
		defer server.Close()
		defer close(release)
		ctx, cancel := context.WithCancel(t.Context())
		body := &endless{}
		ended := make(chan error)
		go func() {
			_, err := newTestTransport(t, Options{}).Fetch(ctx, &bindings.Request{Method: "POST", URL: server.URL, Body: body, ContentLength: -1})
			ended <- err
		}()
		soon(t, "upload begins", func() bool { return body.taken.Load() > 0 })
		if n := steady(&body.taken); n > most {
			t.Errorf("%d bytes taken by a server that reads none", n)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("download", func(t *testing.T) {
		var sent atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for chunk := make([]byte, 64<<10); ; sent.Add(int64(len(chunk))) {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}))
		defer server.Close()
		res, err := get(t, newTestTransport(t, Options{}), server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if n := steady(&sent); n > most {
			t.Errorf("%d bytes sent to a client that reads none", n)
		}
		_ = res.Body.Close() // the server's write fails and it ends
	})
}

func TestCancel(t *testing.T) {
	gone := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
		gone <- struct{}{}
	}))
	defer server.Close()
	tr := newTestTransport(t, Options{})
	reason := errors.New("the worker has lost interest")

	t.Run("before the head", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { cancel(reason) }()
		if _, err := tr.Fetch(ctx, &bindings.Request{Method: "GET", URL: server.URL}); err != reason {
			t.Errorf("got %v", err)
		}
	})
	t.Run("within the body", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		res, err := tr.Fetch(ctx, &bindings.Request{Method: "GET", URL: server.URL + "/body"})
		if err != nil {
			t.Fatal(err)
		}
		go func() { cancel(reason) }()
		if data, err := io.ReadAll(res.Body); err != reason || string(data) != "x" {
			t.Errorf("got %q, %v", data, err)
		}
		_ = res.Body.Close()
		<-gone
	})
	t.Run("while connecting", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(reason)
		if _, err := tr.Fetch(ctx, &bindings.Request{Method: "GET", URL: server.URL}); err != reason {
			t.Errorf("got %v", err)
		}
	})
}

func TestFailingRequestBody(t *testing.T) {
	reason := errors.New("boo")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	for name, length := range map[string]int64{"chunked": -1, "fixed length": 10} {
		t.Run(name, func(t *testing.T) {
			body, feed := io.Pipe()
			go func() {
				_, _ = io.WriteString(feed, "abc")
				_ = feed.CloseWithError(reason)
			}()
			_, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: "POST", URL: server.URL, Body: body, ContentLength: length})
			if err != reason {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("too short", func(t *testing.T) {
		body := io.NopCloser(io.LimitReader(strings.NewReader("abc"), 3))
		_, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: "POST", URL: server.URL, Body: body, ContentLength: 10})
		wantError(t, err, "Error", "Network connection lost.")
	})
}

func TestRequestBodyIsClosed(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for _, url := range []string{server.URL, "http://127.0.0.1:1/", "http://10.0.0.1/"} {
		closed := make(chan struct{}, 8)
		body := struct {
			io.Reader
			io.Closer
		}{strings.NewReader("abc"), closeFunc(func() { closed <- struct{}{} })}
		res, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: "POST", URL: url, Body: body, ContentLength: 3})
		if err == nil {
			mustRead(t, res)
		}
		<-closed
	}
}

type closeFunc func()

func (f closeFunc) Close() error {
	f()
	return nil
}

func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "ok") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	tr := newTestTransport(t, Options{})
	for range 20 {
		res, err := get(t, tr, server.URL)
		if err != nil || mustRead(t, res) != "ok" {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 20 exchanges in turn", n)
	}
}

// An upgraded connection is the body, in both directions.
func TestWebSocketUpgrade(t *testing.T) {
	url := rawServer(t, func(_ string, conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		_, _ = io.Copy(conn, conn)
	})
	res, err := newTestTransport(t, Options{}).Fetch(t.Context(), &bindings.Request{Method: "GET", URL: url, Header: [][2]string{{"upgrade", "websocket"}}})
	if err != nil || res.Status != 101 {
		t.Fatal(res, err)
	}
	conn, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		t.Fatalf("body is a %T", res.Body)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "ping")
	echo := make([]byte, 4)
	if _, err := io.ReadFull(conn, echo); err != nil || string(echo) != "ping" {
		t.Errorf("got %q, %v", echo, err)
	}
}

func TestTimeouts(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	url := rawServer(t, func(string, net.Conn) { <-release })
	tr := newTestTransport(t, Options{HandshakeTimeout: time.Millisecond})
	_, err := get(t, tr, strings.Replace(url, "http:", "https:", 1))
	wantError(t, err, "Error", textInternal)

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := tr.Fetch(ctx, &bindings.Request{Method: "GET", URL: url}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestHammerFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// All at first: this server drops what a handler has not read when it begins to write.
		data, _ := io.ReadAll(r.Body)
		_, _ = w.Write(data)
	}))
	defer server.Close()
	tr := newTestTransport(t, Options{MaxIdlePerHost: 4})
	var all sync.WaitGroup
	for g := range 16 {
		all.Go(func() {
			for i := range 50 {
				want := strings.Repeat("x", g*i*100)
				ctx, cancel := context.WithCancel(t.Context())
				req := &bindings.Request{Method: "POST", URL: server.URL, Body: io.NopCloser(strings.NewReader(want)), ContentLength: int64(len(want))}
				if i%3 == 0 {
					req.Body, req.ContentLength = struct{ io.ReadCloser }{req.Body}, -1
				}
				if i%7 == 0 {
					go cancel()
				}
				res, err := tr.Fetch(ctx, req)
				if err == nil {
					var data []byte
					if data, err = io.ReadAll(res.Body); err == nil && string(data) != want {
						t.Errorf("got %d bytes, want %d", len(data), len(want))
					}
					_ = res.Body.Close()
				}
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err, errors.Unwrap(err))
				}
				cancel()
			}
		})
	}
	all.Wait()
}

// Nothing is left running when bodies are closed without having been read.
func TestNothingLeaks(t *testing.T) {
	before := runtime.NumGoroutine()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for chunk := make([]byte, 64<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	tr := New(Options{Policy: mustPolicy(t, []string{"loopback"}, nil)})
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		res, err := tr.Fetch(ctx, &bindings.Request{Method: "POST", URL: server.URL, Body: &endless{}, ContentLength: -1})
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		cancel()
	}
	_ = tr.Close()
	server.CloseClientConnections()
	server.Close()
	soon(t, "goroutines end", func() bool { return runtime.NumGoroutine() <= before })
}

func BenchmarkFetch(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "Hello World") }))
	defer server.Close()
	tr := newTestTransport(b, Options{})
	b.ReportAllocs()
	buffer := make([]byte, 64)
	for b.Loop() {
		res, err := tr.Fetch(b.Context(), &bindings.Request{Method: "GET", URL: server.URL + "/a?b", Header: [][2]string{{"accept", "*/*"}}})
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.ReadFull(res.Body, buffer)
		_ = res.Body.Close()
	}
}

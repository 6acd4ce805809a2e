package loader_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/loader"
)

// worker is a configuration of one module.
func worker(source string) loader.Config {
	return loader.Config{Workers: []loader.Worker{{
		Name: "test", CompatibilityDate: "2026-10-01", Modules: []loader.Module{{Name: "index.js", Source: []byte(source)}},
	}}}
}

// withSignal switches request.signal on.
func withSignal(config loader.Config) loader.Config {
	config.Workers[0].CompatibilityFlags = []string{"enable_request_signal"}
	return config
}

// listen serves a runtime over TCP, for what connections in memory do not have.
func listen(t *testing.T, p *running) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &fasthttp.Server{Handler: p.Handler(), StreamRequestBody: true, DisableHeaderNamesNormalizing: true, NoDefaultContentType: true}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Shutdown())
		require.NoError(t, <-served)
	})
	return listener.Addr().String()
}

const echo = `export default { fetch: (request) => new Response(request.body, { headers: { "x-length": request.headers.get("content-length") } }) };`

// A chunk that the client sends comes back before it sends the next one: nothing waits for the whole body.
func TestBodiesStreamBothWays(t *testing.T) {
	p, err := start(t, worker(echo))
	require.NoError(t, err)
	in, out := io.Pipe()
	req, err := http.NewRequest("POST", "http://localhost/", in)
	require.NoError(t, err)
	got := make(chan string)
	go func() {
		defer close(got)
		res, err := p.client.Do(req)
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			got <- lines.Text()
		}
	}()
	for i := range 5 {
		_, err := fmt.Fprintf(out, "line %d\n", i)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("line %d", i), <-got)
	}
	require.NoError(t, out.Close())
	_, more := <-got
	require.False(t, more)
}

func TestLargeBodiesOfBothFramings(t *testing.T) {
	p, err := start(t, worker(echo))
	require.NoError(t, err)
	text := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	for name, body := range map[string]io.Reader{"fixed": strings.NewReader(text), "chunked": io.MultiReader(strings.NewReader(text))} {
		t.Run(name, func(t *testing.T) {
			res, err := p.client.Post("http://localhost/", "text/plain", body)
			require.NoError(t, err)
			defer res.Body.Close()
			data, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.True(t, text == string(data), "%d bytes came back", len(data))
		})
	}
}

// A client that does not read holds up the worker: it makes no more than buffers hold.
func TestSlowClientSlowsTheWorker(t *testing.T) {
	p, err := start(t, worker(`
		let made = 0;
		export default {
			fetch(request) {
				if (request.url.endsWith("/made")) return new Response(String(made));
				return new Response(new ReadableStream({
					pull(controller) { made++; controller.enqueue(new Uint8Array(65536)); },
				}));
			},
		};`))
	require.NoError(t, err)
	conn, err := net.Dial("tcp", listen(t, p))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, 1000))
	require.NoError(t, err)
	made := func() string {
		res := p.send(t, "GET /made", nil)
		data, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return string(data)
	}
	last := made()
	for now := ""; now != last; {
		last, now = made(), made()
	}
	require.Less(t, len(last), 5, "%s chunks of 64 KiB were made for nobody", last)
}

// A client that goes away aborts its request's signal and ends the context.
func TestDisconnectCancelsTheRequest(t *testing.T) {
	p, err := start(t, withSignal(worker(`
		let seen = [];
		export default {
			async fetch(request, env, ctx) {
				const count = Number(new URL(request.url).pathname.slice(1));
				if (count > 0) {
					while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
					return Response.json(seen);
				}
				seen.push("started");
				request.signal.addEventListener("abort", () => seen.push(request.signal.reason.name));
				await new Promise((resolve) => setTimeout(resolve, 60000));
			},
		};`)))
	require.NoError(t, err)
	address := listen(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+address+"/", nil)
	require.NoError(t, err)
	failed := make(chan error, 1)
	go func() {
		_, err := http.DefaultClient.Do(req)
		failed <- err
	}()
	seen := func(count int) string {
		data, err := io.ReadAll(p.send(t, fmt.Sprintf("GET /%d", count), nil).Body)
		require.NoError(t, err)
		return string(data)
	}
	require.JSONEq(t, `["started"]`, seen(1))
	cancel()
	require.Error(t, <-failed)
	require.JSONEq(t, `["started", "AbortError"]`, seen(2))
}

// A body beyond the limit is refused, or breaks off if its length was not said.
func TestRequestsHaveALimit(t *testing.T) {
	config := worker(`export default { fetch: async (request) => new Response(String((await request.arrayBuffer()).byteLength)) };`)
	config.MaxRequestBytes = 100_000
	p, err := start(t, config)
	require.NoError(t, err)
	post := func(n int, chunked bool) *http.Response {
		var body io.Reader = strings.NewReader(strings.Repeat("x", n))
		if chunked {
			body = io.MultiReader(body)
		}
		res, err := p.client.Post("http://localhost/", "text/plain", body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res
	}
	require.Equal(t, 200, post(100_000, false).StatusCode)
	require.Equal(t, 200, post(100_000, true).StatusCode)
	require.Equal(t, 500, post(100_001, true).StatusCode)
	require.Contains(t, p.logged(loader.LevelError), "Request body is too large.")

	// A length beyond the limit is answered before the body has come.
	conn, err := net.Dial("tcp", listen(t, p))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n"+strings.Repeat("x", 8<<10))
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 413, res.StatusCode)
}

// Requests on one connection are answered in order, whatever their bodies do.
func TestKeepAlive(t *testing.T) {
	p, err := start(t, worker(`export default { fetch: (request) => new Response(request.method === "POST" ? "unread" : "read") };`))
	require.NoError(t, err)
	conn, err := net.Dial("tcp", listen(t, p))
	require.NoError(t, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for _, request := range []string{
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat("x", 20000),
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
	} {
		_, err := io.WriteString(conn, request)
		require.NoError(t, err)
		method, _, _ := strings.Cut(request, " ")
		res, err := http.ReadResponse(answers, &http.Request{Method: method})
		require.NoError(t, err)
		data, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		want := map[string]string{"POST": "unread", "GET": "read", "HEAD": ""}[method]
		require.Equal(t, want, string(data))
	}
}

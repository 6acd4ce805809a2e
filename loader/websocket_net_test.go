package loader_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// socketServer echoes messages; its path says what it does wrong.
func socketServer(w http.ResponseWriter, r *http.Request) {
	header := map[string]string{"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": websocket.AcceptKey(r.Header.Get("Sec-WebSocket-Key"))}
	var compression *websocket.Compression
	switch r.URL.Path {
	case "/403":
		http.Error(w, "no", http.StatusForbidden)
		return
	case "/redirect":
		http.Redirect(w, r, "/echo", http.StatusFound)
		return
	case "/accept":
		header["Sec-WebSocket-Accept"] = "nonsense"
	case "/upgrade":
		header["Upgrade"] = "h2c"
	case "/protocol":
		header["Sec-WebSocket-Protocol"] = r.Header.Get("Sec-WebSocket-Protocol")
	case "/extension":
		header["Sec-WebSocket-Extensions"] = "x-foo"
	case "/compressed":
		compression, header["Sec-WebSocket-Extensions"] = websocket.Accept(r.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate")
	}
	conn, buffered, _ := w.(http.Hijacker).Hijack()
	defer conn.Close()
	head := "HTTP/1.1 101 Switching Protocols\r\n"
	for name, value := range header {
		head += name + ": " + value + "\r\n"
	}
	if _, err := io.WriteString(conn, head+"\r\n"); err != nil {
		return
	}
	ws := websocket.New(conn, buffered.Reader, false, compression)
	switch r.URL.Path {
	case "/die":
		_, _ = ws.Read()
		_ = ws.Write(websocket.Text, []byte("last words"))
		return
	case "/large":
		_, _ = io.WriteString(conn, "\x82\x7f\x00\x00\x00\x00\x02\x00\x00\x01")
	}
	for {
		m, err := ws.Read()
		if err != nil {
			return
		}
		if m.Kind == websocket.Close {
			_ = ws.WriteClose(m.Code, m.Data)
			return
		}
		if ws.Write(m.Kind, m.Data) != nil {
			return
		}
	}
}

// socketClient is a worker that talks to /?the-url and gives what happened.
const socketClient = `
	const next = (socket, type) => new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
	const note = (list, socket) => {
		socket.addEventListener("open", () => list.push("open " + socket.protocol + " " + socket.extensions));
		socket.addEventListener("message", (e) => list.push("message " + (e.data.length > 20 ? e.data.length : e.data)));
		socket.addEventListener("close", (e) => list.push("close " + e.code + " '" + e.reason + "' " + e.wasClean));
		socket.addEventListener("error", (e) => list.push("error " + e.message));
	};
	export default {
		async fetch(request) {
			const url = new URL(request.url);
			const to = decodeURIComponent(url.search.slice(1));
			const list = [];
			if (url.pathname === "/new") {
				const socket = new WebSocket(to, to.endsWith("/protocol") ? ["a", "b"] : undefined);
				const closed = next(socket, "close");
				note(list, socket);
				const failed = next(socket, "error");
				await Promise.race([next(socket, "open"), closed, failed]);
				if (to.endsWith("/large")) await failed;
				if (socket.readyState === 1) {
					socket.send("hello");
					await Promise.race([next(socket, "message"), closed]);
					if (!to.endsWith("/die")) socket.close(3000, "done");
				}
				if (!to.endsWith("/large")) await closed;
				return Response.json(list);
			}
			const { status, statusText, redirected, headers, body, webSocket } = await fetch(to, { headers: { Upgrade: "websocket", "Sec-WebSocket-Key": "mine", "x-mine": "1" } });
			list.push(status + " " + statusText + " " + redirected + " " + headers.get("upgrade"));
			if (webSocket === null) {
				list.push(await new Response(body).text());
				return Response.json(list);
			}
			note(list, webSocket);
			if (url.pathname === "/proxy") return new Response(null, { status: 101, webSocket });
			webSocket.accept();
			webSocket.send("x".repeat(100000));
			await next(webSocket, "message");
			webSocket.close();
			await next(webSocket, "close");
			return Response.json(list);
		},
	};`

// withNetwork runs a worker whose network is this host.
func withNetwork(t *testing.T, source string, roots *x509.CertPool) *running {
	before := goleak.IgnoreCurrent()
	policy, err := outbound.NewPolicy([]string{"loopback"}, nil)
	require.NoError(t, err)
	network := outbound.New(outbound.Options{Policy: policy, TLS: &tls.Config{RootCAs: roots}})
	t.Cleanup(func() {
		require.NoError(t, network.Close())
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
			goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
	})
	config := worker(source)
	config.Outbound = network
	p, err := start(t, config)
	require.NoError(t, err)
	return p
}

func TestWebSocketToTheNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(socketServer))
	t.Cleanup(server.Close)
	p := withNetwork(t, socketClient, nil)
	base := strings.TrimPrefix(server.URL, "http://")
	const failed = "close 1006 'Failed to establish websocket connection' false"
	not101 := func(status int) string {
		return fmt.Sprintf("error Uncaught TypeError: Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 "+
			"(switching protocols), but received %d instead.", status)
	}
	for _, c := range []struct{ path, to, want string }{
		{"/new", "ws://%s/echo", "open null null|message hello|close 3000 'done' true"},
		{"/new", "ws://%s/protocol", "open a, b null|message hello|close 3000 'done' true"},
		{"/new", "ws://%s/compressed", "open null permessage-deflate|message hello|close 3000 'done' true"},
		{"/new", "ws://%s/die", "open null null|message last words|close 1006 'WebSocket disconnected without sending Close frame.' false"},
		{"/new", "ws://%s/403", not101(403) + "|" + failed},
		{"/new", "ws://%s/redirect", not101(302) + "|" + failed},
		{"/new", "ws://%s/accept", not101(502) + "|" + failed},
		{"/new", "ws://%s/extension", not101(502) + "|" + failed},
		{"/new", "ws://127.0.0.1:1/", "error Uncaught Error: Network connection lost.|" + failed},
		{"/new", "ws://%s/large", "open null null|error Uncaught Error: WebSocket protocol error; protocolError.statusCode = 1009; " +
			"protocolError.description = Message is too large: 33554433 > 33554432"},
		{"/fetch", "http://%s/echo", "101 Switching Protocols false websocket|message 100000|close 1005 '' true"},
		{"/fetch", "http://%s/redirect", "101 Switching Protocols true websocket|message 100000|close 1005 '' true"},
		{"/fetch", "http://%s/403", "403 Forbidden false null|no\n"},
		{"/fetch", "http://%s/upgrade", "502 Bad Gateway false null|Server failed WebSocket handshake: incorrect Upgrade header: expected 'websocket', got 'h2c'."},
		{"/fetch", "http://%s/extension", "502 Bad Gateway false null|Server failed WebSocket handshake: added Sec-WebSocket-Extensions when client did not offer any."},
	} {
		to := c.to
		if strings.Contains(to, "%s") {
			to = fmt.Sprintf(to, base)
		}
		data, err := io.ReadAll(p.send(t, "GET "+c.path+"?"+to, nil).Body)
		require.NoError(t, err)
		require.Equal(t, `["`+strings.ReplaceAll(strings.ReplaceAll(c.want, "\n", `\n`), "|", `","`)+`"]`, string(data), "%s %s", c.path, to)
	}
}

// A server that would speak HTTP/2 is asked for HTTP/1.1, which can be upgraded.
func TestWebSocketOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(socketServer))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	p := withNetwork(t, socketClient, roots)
	for _, to := range []string{"wss", "https"} {
		path, want := "/new", `["open null null","message hello","close 3000 'done' true"]`
		if to == "https" {
			path, want = "/fetch", `["101 Switching Protocols false websocket","message 100000","close 1005 '' true"]`
		}
		data, err := io.ReadAll(p.send(t, "GET "+path+"?"+to+strings.TrimPrefix(server.URL, "https")+"/echo", nil).Body)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
	}
}

// A worker that passes a WebSocket on is not needed any more.
func TestWebSocketThroughAWorker(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(socketServer))
	t.Cleanup(server.Close)
	p := withNetwork(t, socketClient, nil)
	address := listen(t, p)
	s := dialSocket(t, address, "/proxy?"+server.URL+"/echo", "")
	large := strings.Repeat("x", 5<<20)
	require.True(t, large == s.echo(t, large))
	require.NoError(t, s.WriteClose(3001, []byte("through")))
	m, err := s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 3001, Data: []byte("through")}, m)
	s.ended(t)

	s = dialSocket(t, address, "/proxy?"+server.URL+"/echo", "")
	require.NoError(t, s.net.Close())
	s = dialSocket(t, address, "/proxy?"+server.URL+"/die", "")
	require.Equal(t, "last words", s.echo(t, "die"))
	s.ended(t)
	dialSocket(t, address, "/proxy?"+server.URL+"/echo", "") // closing the runtime ends this one
}

// Without a network a worker has no WebSocket either.
func TestWebSocketWithoutNetwork(t *testing.T) {
	p, err := start(t, worker(`export default { fetch() { new WebSocket("ws://example.com/"); } };`))
	require.NoError(t, err)
	require.Equal(t, 500, p.send(t, "GET /", nil).StatusCode)
	require.Contains(t, p.logged(loader.LevelError), "This worker is not permitted to access the internet")
}

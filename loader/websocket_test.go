package loader_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// socketWorker answers any path with a WebSocket whose events it notes; /log gives what it has noted, once there are so many.
const socketWorker = `
	let log = [];
	let wanted;
	const note = (line) => {
		log.push(line);
		if (wanted !== undefined) wanted();
	};
	export default {
		async fetch(request, env, ctx) {
			const url = new URL(request.url);
			if (url.pathname === "/log") {
				const count = Number(url.search.slice(1));
				const poll = setInterval(() => {}, 1000); // somebody will note something
				while (log.length < count) await new Promise((resolve) => (wanted = resolve));
				clearInterval(poll);
				return Response.json(log.splice(0, count));
			}
			if (url.pathname === "/plain") return new Response("plain");
			const [theirs, ours] = new WebSocketPair();
			ours.binaryType = "arraybuffer";
			if (url.pathname !== "/unaccepted") ours.accept({ allowHalfOpen: url.pathname === "/half" });
			ours.addEventListener("message", ({ data }) => {
				if (data === "close") ours.close(3000, "worker");
				else if (data === "throw") throw new Error("boom");
				else if (data === "flood") flood(ours);
				else ours.send(data);
			});
			ours.addEventListener("close", (e) => {
				note("close " + e.code + " '" + e.reason + "' " + e.wasClean + " " + ours.readyState);
				if (url.pathname === "/half") {
					ours.send("still open");
					ours.close(3001, "late");
				}
			});
			ours.addEventListener("error", (e) => note("error " + e.message));
			if (url.pathname === "/headers") {
				ours.send(JSON.stringify([...request.headers]));
				return new Response(null, { status: 101, webSocket: theirs, headers: { "x-a": "b", "sec-websocket-protocol": "chat", connection: "close", "content-length": "5", "set-cookie": "a=b" } });
			}
			if (url.pathname === "/accepted") theirs.accept();
			return new Response(null, { status: 101, webSocket: theirs });
		},
	};
	function flood(socket) {
		let sent = 0;
		socket.addEventListener("error", () => note("after a few messages: " + (sent < 100)));
		const more = () => {
			socket.send(new Uint8Array(1 << 20));
			sent++;
			setTimeout(more, 0);
		};
		more();
	}
`

// A testSocket is a WebSocket client with its connection.
type testSocket struct {
	*websocket.Conn
	net  net.Conn
	head *http.Response
}

// dialSocket upgrades a connection; header lines end in CRLF. Whoever expects no 101 reads the response.
func dialSocket(t testing.TB, address, path, header string) *testSocket {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-Websocket-Version: 13\r\n"+header+"\r\n")
	require.NoError(t, err)
	in := bufio.NewReader(conn)
	res, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	var compression *websocket.Compression
	if agreed := res.Header.Get("Sec-WebSocket-Extensions"); agreed != "" {
		_, offer, _ := strings.Cut(strings.TrimSpace(header), ":")
		compression, _ = websocket.Agree(websocket.ParseOffers(offer), agreed)
		require.NotNil(t, compression)
	}
	return &testSocket{websocket.New(conn, in, true, compression), conn, res}
}

// send writes text and gives what comes next.
func (s *testSocket) echo(t testing.TB, text string) string {
	t.Helper()
	require.NoError(t, s.Write(websocket.Text, []byte(text)))
	m, err := s.Read()
	require.NoError(t, err)
	return string(m.Data)
}

// ended reads until the connection ends, and fails if that is a message.
func (s *testSocket) ended(t testing.TB) {
	t.Helper()
	_, err := s.Read()
	require.Error(t, err)
}

func (p *running) noted(t testing.TB, count int) string {
	t.Helper()
	data, err := io.ReadAll(p.send(t, fmt.Sprintf("GET /log?%d", count), nil).Body)
	require.NoError(t, err)
	return string(data)
}

// serveSockets runs the worker on a port and checks that the test leaves nothing behind.
func serveSockets(t *testing.T, flags ...string) (*running, string) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
			goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
	})
	config := worker(socketWorker)
	config.Workers[0].CompatibilityFlags = flags
	p, err := start(t, config)
	require.NoError(t, err)
	return p, listen(t, p)
}

func TestWebSocketOfAClient(t *testing.T) {
	p, address := serveSockets(t)
	s := dialSocket(t, address, "/", "")
	require.Equal(t, 101, s.head.StatusCode)
	require.Equal(t, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", s.head.Header.Get("Sec-WebSocket-Accept"))
	require.Empty(t, s.head.Header.Get("Sec-WebSocket-Extensions"))
	require.Equal(t, "hello", s.echo(t, "hello"))
	require.Equal(t, "h\u00e9llo \U0001f600", s.echo(t, "h\u00e9llo \U0001f600"))
	require.Equal(t, "\ufffdA", s.echo(t, "\xffA"), "text is not checked")
	large := strings.Repeat("x", 3<<20)
	require.True(t, large == s.echo(t, large))
	require.NoError(t, s.Write(websocket.Binary, []byte{1, 2, 3}))
	m, err := s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Binary, Data: []byte{1, 2, 3}}, m)

	require.NoError(t, s.WriteClose(1000, []byte("bye")))
	m, err = s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 1000, Data: []byte("bye")}, m, "the worker answers by itself")
	s.ended(t)
	require.JSONEq(t, `["close 1000 'bye' true 3"]`, p.noted(t, 1))
}

func TestWebSocketClosedByTheWorker(t *testing.T) {
	p, address := serveSockets(t)
	s := dialSocket(t, address, "/", "")
	require.NoError(t, s.Write(websocket.Text, []byte("close")))
	m, err := s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 3000, Data: []byte("worker")}, m)
	require.NoError(t, s.WriteClose(websocket.NoStatus, nil))
	s.ended(t)
	require.JSONEq(t, `["close 1005 '' true 3"]`, p.noted(t, 1))

	s = dialSocket(t, address, "/", "")
	require.NoError(t, s.Write(websocket.Text, []byte("close")))
	_, err = s.Read()
	require.NoError(t, err)
	require.NoError(t, s.net.Close()) // without an answer
	require.JSONEq(t, `["close 1006 'WebSocket disconnected without sending Close frame.' false 2"]`, p.noted(t, 1))
}

func TestWebSocketHalfOpen(t *testing.T) {
	p, address := serveSockets(t)
	s := dialSocket(t, address, "/half", "")
	require.NoError(t, s.WriteClose(1000, nil))
	m, err := s.Read()
	require.NoError(t, err)
	require.Equal(t, "still open", string(m.Data))
	m, err = s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 3001, Data: []byte("late")}, m)
	s.ended(t)
	require.JSONEq(t, `["close 1000 '' true 2"]`, p.noted(t, 1))
}

// Whatever ends a connection abruptly is told to the worker, and nothing of it stays.
func TestWebSocketDisconnects(t *testing.T) {
	p, address := serveSockets(t)
	for name, end := range map[string]func(s *testSocket){
		"closed": func(s *testSocket) { require.NoError(t, s.net.Close()) },
		"reset": func(s *testSocket) {
			require.NoError(t, s.net.(*net.TCPConn).SetLinger(0))
			require.NoError(t, s.net.Close())
		},
		"half a frame": func(s *testSocket) {
			_, err := io.WriteString(s.net, "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x00abc")
			require.NoError(t, err)
			require.NoError(t, s.net.Close())
		},
	} {
		s := dialSocket(t, address, "/", "")
		require.Equal(t, "x", s.echo(t, "x"))
		end(s)
		require.JSONEq(t, `["close 1006 'WebSocket disconnected without sending Close frame.' false 1"]`, p.noted(t, 1), name)
	}
	s := dialSocket(t, address, "/", "")
	require.NoError(t, s.Write(websocket.Text, []byte("throw")))
	s.ended(t)
	require.JSONEq(t, `["error Uncaught Error: boom"]`, p.noted(t, 1))

	s = dialSocket(t, address, "/", "")
	_, err := io.WriteString(s.net, "\x83\x00")
	require.NoError(t, err)
	m, err := s.Read()
	require.NoError(t, err)
	require.Equal(t, websocket.Message{Kind: websocket.Close, Code: 1002, Data: []byte("Unknown opcode 3")}, m)
	s.ended(t)
	require.JSONEq(t, `["error Uncaught Error: WebSocket protocol error; protocolError.statusCode = 1002; protocolError.description = Unknown opcode 3"]`, p.noted(t, 1))
}

func TestWebSocketHeaders(t *testing.T) {
	_, address := serveSockets(t)
	s := dialSocket(t, address, "/headers", "Sec-WebSocket-Protocol: chat, other\r\n")
	require.Equal(t, "chat", s.head.Header.Get("Sec-WebSocket-Protocol"))
	require.Equal(t, "b", s.head.Header.Get("X-A"))
	require.Equal(t, "a=b", s.head.Header.Get("Set-Cookie"))
	require.Equal(t, "Upgrade", s.head.Header.Get("Connection"))
	require.Empty(t, s.head.Header.Get("Content-Length"))
	m, err := s.Read()
	require.NoError(t, err)
	require.Contains(t, string(m.Data), `["sec-websocket-protocol","chat, other"]`)
	require.Contains(t, string(m.Data), `["upgrade","websocket"]`)
}

// Compression is what the client offers, unless the worker's date is older.
func TestWebSocketCompression(t *testing.T) {
	_, address := serveSockets(t)
	const offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
	s := dialSocket(t, address, "/", offer)
	require.Equal(t, "permessage-deflate; client_max_window_bits=15", s.head.Header.Get("Sec-WebSocket-Extensions"))
	for range 3 {
		text := strings.Repeat("compressed ", 1000)
		require.Equal(t, text, s.echo(t, text))
	}
	_, address = serveSockets(t, "no_web_socket_compression")
	require.Empty(t, dialSocket(t, address, "/", offer).head.Header.Get("Sec-WebSocket-Extensions"))
}

// What cannot become a WebSocket is answered as by the reference runtime.
func TestRefusedUpgrades(t *testing.T) {
	p, address := serveSockets(t)
	request := func(head string) (int, string) {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, head+"Host: h\r\n\r\n")
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(data)
	}
	const upgrade = "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	for head, want := range map[string]string{
		"GET / HTTP/1.1\r\n":                                    "500 Internal Server Error",
		upgrade + "Sec-WebSocket-Version: 13\r\n":               "400 ERROR: Missing Sec-WebSocket-Key",
		upgrade + "Sec-WebSocket-Key: x\r\n":                    "426 ERROR: The requested WebSocket version is not supported.",
		strings.Replace(upgrade, "/ HTTP", "/plain HTTP", 1):    "200 plain",
		strings.Replace(upgrade, "/ HTTP", "/accepted HTTP", 1): "500 Internal Server Error",
	} {
		status, body := request(head)
		require.Equal(t, want, fmt.Sprint(status, " ", body))
	}
	require.Contains(t, p.logged(loader.LevelError), `Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".`)
	require.Contains(t, p.logged(loader.LevelError), "Can't return WebSocket in a Response after calling accept().")
}

// A client that does not read gets no more than a bounded number of messages queued; then it is cut off.
func TestWebSocketOfAClientThatDoesNotRead(t *testing.T) {
	p, address := serveSockets(t)
	s := dialSocket(t, address, "/", "")
	require.NoError(t, s.Write(websocket.Text, []byte("flood")))
	require.JSONEq(t, `["error Uncaught Error: WebSocket peer does not read: too many messages wait to be sent.", "after a few messages: true"]`, p.noted(t, 2))
}

// A worker that does not take messages holds up its client: the connection is not read from.
func TestWebSocketThatIsNotAccepted(t *testing.T) {
	p, address := serveSockets(t)
	s := dialSocket(t, address, "/unaccepted", "")
	sent := make(chan int)
	go func() {
		n := 0
		for s.Write(websocket.Binary, make([]byte, 64<<10)) == nil {
			n++
		}
		sent <- n
	}()
	for range 20 { // meanwhile others are served
		res := p.send(t, "GET /plain", nil)
		require.Equal(t, 200, res.StatusCode)
	}
	require.NoError(t, s.net.Close())
	require.Less(t, <-sent, 1000, "64 MiB went nowhere")

	s = dialSocket(t, address, "/unaccepted", "")
	require.NoError(t, s.net.Close()) // its context ends, or closing the runtime would have to
}

// Idle WebSockets cost a goroutine each and hold nobody up.
func TestManyIdleWebSockets(t *testing.T) {
	p, address := serveSockets(t)
	const count = 500
	sockets := make([]*testSocket, count)
	var all sync.WaitGroup
	for k := range sockets {
		sockets[k] = dialSocket(t, address, "/", "")
	}
	for range 3 {
		for k, s := range sockets {
			all.Go(func() {
				if got := s.echo(t, fmt.Sprint(k)); got != fmt.Sprint(k) {
					t.Errorf("%d became %s", k, got)
				}
			})
		}
		all.Wait()
	}
	require.Equal(t, 200, p.send(t, "GET /plain", nil).StatusCode)
	for k, s := range sockets {
		if k%2 == 0 {
			require.NoError(t, s.net.Close())
		}
	}
	for range count / 2 {
		require.Contains(t, p.noted(t, 1), "close 1006")
	}
}

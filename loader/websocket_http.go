package loader

import (
	"bufio"
	"bytes"
	"net"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// isUpgrade says whether a packed header asks for a WebSocket.
func isUpgrade(packed []byte) bool {
	found := false
	eachHeader(packed, func(name, value []byte) {
		found = found || string(name) == "upgrade" && asciiEqualFold(value, "websocket")
	})
	return found
}

// upgrade answers the request with a WebSocket. The connection is the server's until the handler has returned; then another
// goroutine serves it.
func (c *httpCall) upgrade(r *isolate.Runner, res *response) {
	head := &c.ctx.Request.Header
	key := string(peek(head, "sec-websocket-key"))
	switch {
	case !head.IsGet():
		c.refuseUpgrade(r, res, fasthttp.StatusInternalServerError, "Internal Server Error")
		return
	case string(peek(head, "sec-websocket-version")) != websocket.Version:
		c.ctx.Response.Header.Set("Sec-WebSocket-Version", websocket.Version)
		c.refuseUpgrade(r, res, fasthttp.StatusUpgradeRequired, "ERROR: The requested WebSocket version is not supported.")
		return
	case key == "":
		c.refuseUpgrade(r, res, fasthttp.StatusBadRequest, "ERROR: Missing Sec-WebSocket-Key")
		return
	}
	willing := ""
	out := &c.ctx.Response.Header
	out.SetStatusCode(fasthttp.StatusSwitchingProtocols)
	out.Set("Upgrade", "websocket")
	out.Set("Connection", "Upgrade")
	out.Set("Sec-WebSocket-Accept", websocket.AcceptKey(key))
	eachHeader(res.header, func(name, value []byte) {
		switch string(name) {
		case "sec-websocket-extensions":
			willing = string(value)
		case "connection", "upgrade", "keep-alive", "transfer-encoding", "content-length", "sec-websocket-accept":
			// the connection is the server's
		default:
			out.AddBytesKV(name, value)
		}
	})
	compression, agreed := websocket.Accept(string(peek(head, "sec-websocket-extensions")), willing)
	if agreed != "" {
		out.Set("Sec-WebSocket-Extensions", agreed)
	}
	c.hijack(bytes.Clone(out.Header()), res.webSocket, compression)
	c.answered()
}

// hijack takes the connection over. If the server does not come to that, because the connection has just ended, nobody else would
// let go of the WebSocket.
func (c *httpCall) hijack(head []byte, end *socketEnd, compression *websocket.Compression) {
	links := &c.rt.links
	abandoned := time.AfterFunc(flushTime, func() {
		var r isolate.Runner
		end.abort(&r, nil)
		r.Run()
	})
	stream := c.ctx.Conn()
	c.ctx.HijackSetNoResponse(true) // with it the handler is called whatever the request says of the connection
	c.ctx.Hijack(func(conn net.Conn) {
		abandoned.Stop()
		if _, err := stream.Write(head); err != nil {
			_ = stream.Close() // run finds out
		}
		in := bufio.NewReader(conn)
		link := &socketLink{
			end: end, in: in, conn: websocket.New(stream, in, false, compression),
			kill: func() { _ = stream.Close() },
			shut: func() { shutConn(stream) },
			lost: func() bool { return halfClosed(stream) },
		}
		link.run(links)
	})
}

// shutConn says that nothing more will be sent, and closes the connection if the other side does not within closeTime.
func shutConn(conn net.Conn) {
	if c, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
	time.AfterFunc(closeTime, func() { _ = conn.Close() })
}

func (c *httpCall) refuseUpgrade(r *isolate.Runner, res *response, status int, text string) {
	res.webSocket.abort(r, nil)
	out := &c.ctx.Response
	out.SetStatusCode(status)
	out.Header.SetContentType("text/plain")
	out.SetBodyString(text)
	c.ctx.SetConnectionClose()
	c.answered()
}

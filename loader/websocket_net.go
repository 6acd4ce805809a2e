package loader

import (
	"bufio"
	"io"
	"strings"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// A socketOffer is what a request to the network needs to become a WebSocket.
type socketOffer struct {
	key        string
	extensions []websocket.Compression
}

// offerSocket makes a handshake of a request that asks for a WebSocket. What the worker says of the handshake itself does not count.
func offerSocket(out *bindings.Request) *socketOffer {
	offer := &socketOffer{key: websocket.NewKey()}
	header := out.Header[:0]
	for _, h := range out.Header {
		switch h[0] {
		case "sec-websocket-extensions":
			offer.extensions = append(offer.extensions, websocket.ParseOffers(h[1])...)
		case "sec-websocket-key", "sec-websocket-version", "connection":
		default:
			header = append(header, h)
		}
	}
	header = append(header, [2]string{"sec-websocket-key", offer.key}, [2]string{"sec-websocket-version", websocket.Version})
	if len(offer.extensions) > 0 {
		header = append(header, [2]string{"sec-websocket-extensions", websocket.FormatOffers(offer.extensions)})
	}
	out.Header = header
	return offer
}

// check reads the server's side of the handshake. The text says what is wrong with it, in the platform's words.
func (o *socketOffer) check(res *bindings.Response) (*websocket.Compression, string) {
	const failed = "Server failed WebSocket handshake: "
	upgrade, hasUpgrade := lookUp(res.Header, "upgrade")
	accept, hasAccept := lookUp(res.Header, "sec-websocket-accept")
	want := websocket.AcceptKey(o.key)
	switch {
	case !hasUpgrade:
		return nil, failed + "missing Upgrade header."
	case !strings.EqualFold(upgrade, "websocket"):
		return nil, failed + "incorrect Upgrade header: expected 'websocket', got '" + upgrade + "'."
	case !hasAccept:
		return nil, failed + "missing Sec-WebSocket-Accept header."
	case accept != want:
		return nil, failed + "incorrect Sec-WebSocket-Accept header: expected '" + want + "', got '" + accept + "'."
	}
	if answer, has := lookUp(res.Header, "sec-websocket-extensions"); has {
		return websocket.Agree(o.extensions, answer)
	}
	return nil, ""
}

func lookUp(header [][2]string, name string) (string, bool) {
	for _, h := range header {
		if h[0] == name {
			return h[1], true
		}
	}
	return "", false
}

// openSocket answers with the WebSocket that a server has agreed to, or with the platform's word for one that it has not.
func (n *network) openSocket(offer *socketOffer, res *bindings.Response, in *response, end func()) {
	compression, fault := offer.check(res)
	stream, ok := res.Body.(io.ReadWriteCloser)
	if fault == "" && !ok {
		fault = "Server failed WebSocket handshake: the connection cannot be written to."
	}
	if fault != "" {
		if res.Body != nil {
			_ = res.Body.Close()
		}
		end()
		*in = response{status: 502, statusText: []byte("Bad Gateway"), body: payload{data: []byte(fault), length: int64(len(fault))}}
		return
	}
	ours, theirs := newSocketPipe()
	in.body = payload{}
	in.webSocket = theirs
	reader := bufio.NewReader(stream)
	link := &socketLink{
		end: ours, in: reader, conn: websocket.New(stream, reader, true, compression),
		kill: func() { _ = stream.Close() },
		shut: func() { time.AfterFunc(closeTime, func() { _ = stream.Close() }) },
	}
	go func() {
		link.run(n.links)
		end()
	}()
}

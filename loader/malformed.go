package loader

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// tokenBytes are what the name of a header is made of: RFC 9110, section 5.6.2.
var tokenBytes = func() (table [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		table[c] = true
	}
	return table
}()

var (
	http11        = []byte("HTTP/1.1")
	http10        = []byte("HTTP/1.0")
	contentLength = []byte("content-length:")
)

// malformed says what the server's parser lets pass and RFC 9112 does not: a version that is not 1, HTTP/1.1 without a host (section 3.2),
// and two ways to say where the body ends, of which a proxy in front may have followed the other (section 6.1).
func malformed(head *fasthttp.RequestHeader) bool {
	proto := head.Protocol()
	switch {
	case bytes.Equal(proto, http11):
		if len(head.Host()) == 0 {
			return true
		}
	case !bytes.Equal(proto, http10):
		return true
	}
	return head.ContentLength() == -1 && hasLine(head.RawHeaders(), contentLength)
}

// hasLine says whether a line of a header begins with a name in lower case.
func hasLine(raw, name []byte) bool {
	for line := range bytes.Lines(raw) {
		if len(line) >= len(name) && bytes.EqualFold(line[:len(name)], name) {
			return true
		}
	}
	return false
}

// refuseMalformed answers 400, and that the connection is of no use any more.
func refuseMalformed(ctx *fasthttp.RequestCtx) {
	ctx.Error("Bad Request", fasthttp.StatusBadRequest)
	ctx.SetConnectionClose()
}

package loader

import (
	"bytes"
	"math"

	"github.com/valyala/fasthttp"
)

// tokenBytes are what the name of a header is made of: RFC 9110, section 5.6.2.
var tokenBytes = func() (table [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		table[c] = true
	}
	return table
}()

// hostBytes are what Host is made of: RFC 9112, section 3.2, and RFC 3986, section 3.2.2; and what section 3.2.3 adds for the port.
var hostBytes = func() (table [256]bool) {
	for _, c := range []byte("-._~!$&'()*+,;=%:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		table[c] = true
	}
	return table
}()

var (
	http11           = []byte("HTTP/1.1")
	http10           = []byte("HTTP/1.0")
	contentLength    = []byte("content-length:")
	transferEncoding = []byte("transfer-encoding:")
	chunked          = []byte("chunked")
)

// maxMethod is longer than any method that anybody has defined.
const maxMethod = 64

// malformed says what the server's parser lets pass and RFC 9112 does not. Received is what the connection's last read has brought, nil if
// nobody knows.
func malformed(head *fasthttp.RequestHeader, received []byte) bool {
	switch proto := head.Protocol(); {
	case bytes.Equal(proto, http11) && len(head.Host()) == 0: // section 3.2
		return true
	case !bytes.Equal(proto, http11) && !bytes.Equal(proto, http10):
		return true
	case len(head.Method()) > maxMethod || head.IsConnect():
		return true
	case !validHost(head.Host()) || !validTarget(head.RequestURI()):
		return true
	}
	raw := head.RawHeaders()
	length, coding, ok := readLines(raw)
	if !ok {
		return true
	}
	if head.ContentLength() == -1 { // chunked: a proxy in front may have followed the length instead, section 6.1
		return length || brokenChunks(bodyIn(received, raw))
	}
	return coding
}

// validHost checks the characters of a host, and the port behind it.
func validHost(host []byte) bool {
	for _, c := range host {
		if !hostBytes[c] {
			return false
		}
	}
	k := bytes.LastIndexByte(host, ':')
	if k < 0 || bytes.IndexByte(host[k:], ']') >= 0 {
		return true
	}
	port := 0
	for _, c := range host[k+1:] {
		if c < '0' || c > '9' {
			return false
		}
		if port = 10*port + int(c-'0'); port > math.MaxUint16 {
			return false
		}
	}
	return true
}

// validTarget checks that one in absolute form, as proxies get it, has a host: RFC 9110, section 4.2.
func validTarget(target []byte) bool {
	if len(target) == 0 || target[0] == '/' {
		return true
	}
	scheme, rest, ok := bytes.Cut(target, []byte("://"))
	if !ok {
		return true // the parser knows what is left: OPTIONS *
	}
	if k := bytes.IndexAny(rest, "/?#"); k >= 0 {
		rest = rest[:k]
	}
	return (asciiEqualFold(scheme, "http") || asciiEqualFold(scheme, "https")) && len(rest) > 0 && validHost(rest)
}

// readLines checks that lines end as sections 2.2 and 5.2 say, and do not go on in the next; and finds the two that say where the body ends:
// a length, and a coding that is not the one that everybody knows.
func readLines(raw []byte) (length, coding, ok bool) {
	for len(raw) > 0 {
		k := bytes.IndexByte(raw, '\n')
		if k < 0 {
			break
		}
		if k == 0 || raw[k-1] != '\r' {
			return length, coding, false
		}
		switch raw[0] | 0x20 {
		case 't':
			coding = coding || hasPrefixFold(raw, transferEncoding) && !bytes.EqualFold(bytes.TrimSpace(raw[len(transferEncoding):k]), chunked)
		case 'c':
			length = length || hasPrefixFold(raw, contentLength)
		}
		raw = raw[k+1:]
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
			return length, coding, false
		}
	}
	return length, coding, true
}

func hasPrefixFold(line, prefix []byte) bool {
	return len(line) >= len(prefix) && bytes.EqualFold(line[:len(prefix)], prefix)
}

// bodyIn finds what came of a body together with the end of its header.
func bodyIn(received, raw []byte) []byte {
	k := bytes.Index(received, raw)
	if k < 0 || len(raw) == 0 {
		return nil
	}
	body := received[k+len(raw):]
	return bytes.TrimPrefix(body, []byte("\r\n"))
}

// brokenChunks says whether the beginning of a body is none of section 7.1, as far as it is there. A worker that does not read its body would not
// find out, and what comes behind it would be taken for the next request.
func brokenChunks(body []byte) bool {
	for len(body) > 0 {
		line, rest, whole := bytes.Cut(body, []byte("\r\n"))
		size, ok := chunkSize(line)
		switch {
		case !ok && (whole || !mayBecomeSize(line)):
			return true
		case !whole || size == 0: // trailers are the parser's
			return false
		case len(rest) < size+2:
			return len(rest) > size && rest[size] != '\r'
		case string(rest[size:size+2]) != "\r\n":
			return true
		}
		body = rest[size+2:]
	}
	return false
}

// maxChunk is larger than any chunk that a body may have.
const maxChunk = 1 << 50

// chunkSize reads the line before a chunk, without what ends it.
func chunkSize(line []byte) (size int, ok bool) {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	digits = bytes.TrimRight(digits, " \t")
	for _, c := range digits {
		d := hexDigit(c)
		if d < 0 || size > maxChunk {
			return 0, false
		}
		size = 16*size + d
	}
	return size, len(digits) > 0 && bytes.IndexByte(line, '\n') < 0
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// mayBecomeSize says whether more bytes could make a size of what is there.
func mayBecomeSize(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return true
	}
	_, ok := chunkSize(line)
	return ok
}

// A receiver is a connection that shows what its last read has brought. It is valid until the next.
type receiver interface{ Received() []byte }

func received(ctx *fasthttp.RequestCtx) []byte {
	if r, ok := ctx.Conn().(receiver); ok {
		return r.Received()
	}
	return nil
}

// refuseMalformed answers 400, and that the connection is of no use any more.
func refuseMalformed(ctx *fasthttp.RequestCtx) {
	ctx.Error("Bad Request", fasthttp.StatusBadRequest)
	ctx.SetConnectionClose()
}

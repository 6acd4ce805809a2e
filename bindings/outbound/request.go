package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"strings"

	"github.com/dynos-run/dynos/bindings"
)

// identity, with http.NoBody, makes net/http send "Content-Length: 0" with every method that may have a body, as the platform does; by itself it
// does so for POST, PUT and PATCH.
var identity = []string{"identity"}

func newRequest(ctx context.Context, req *bindings.Request) (*http.Request, error) {
	u, err := newURL(req.URL)
	if err != nil {
		return nil, err
	}
	out, err := http.NewRequestWithContext(ctx, req.Method, "", nil)
	if err != nil {
		return nil, typeError(textMethod+req.Method, err)
	}
	out.URL, out.Host = u, u.Host
	out.Header = newHeader(req.Header)
	body := req.Body
	if body != nil && req.ContentLength == 0 {
		_ = body.Close()
		body = nil
	}
	switch {
	case body != nil:
		out.Body, out.ContentLength = marked(body), max(req.ContentLength, -1)
	case req.Method != http.MethodGet && req.Method != http.MethodHead:
		out.Body, out.TransferEncoding = http.NoBody, identity
	}
	return out, nil
}

// newURL splits a serialised URL without another parser's opinion of it: path and query go out as they are.
func newURL(text string) (*url.URL, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return nil, typeError(textCannotLoad+text, errors.New("the scheme is not http or https"))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, typeError(textCannotLoad+text, errors.New("the URL is not serialised"))
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, target := rest[:end], rest[end:]
	host = host[strings.LastIndexByte(host, '@')+1:]
	if host == "" || host[0] == ':' {
		return nil, typeError(textCannotLoad+text, errors.New("the URL has no host"))
	}
	if target == "" || target[0] == '?' {
		target = "/" + target
	}
	u := &url.URL{Scheme: scheme, Host: host, Opaque: target}
	if strings.HasPrefix(target, "//") {
		// net/http takes an opaque part like this one for the host and sends the whole URL instead, which is as good: servers
		// must accept it.
		u.Opaque = "//" + host + target
	}
	return u, nil
}

// newHeader drops what belongs to the connection or follows from the request.
func newHeader(pairs [][2]string) http.Header {
	header := make(http.Header, len(pairs)+1)
	values := make([]string, 0, len(pairs))
	for i := range pairs {
		name := textproto.CanonicalMIMEHeaderKey(pairs[i][0])
		value := pairs[i][1]
		switch name {
		case "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Content-Length", "Host":
			continue
		case "Upgrade":
			if !strings.EqualFold(value, "websocket") {
				continue
			}
			header["Connection"] = []string{"Upgrade"}
		}
		if list := header[name]; list != nil {
			header[name] = append(list, value)
			continue
		}
		values = append(values, value)
		header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	if header["User-Agent"] == nil {
		header["User-Agent"] = nil // present, or net/http would send its own name
	}
	return header
}

// upgrades says whether a request asks for a WebSocket.
func upgrades(req *http.Request) bool { return req.Header["Upgrade"] != nil }

// memoryBody is the type of bodies that net/http sends in one packet with the head. It may not be wrapped then.
var memoryBody = reflect.TypeOf(io.NopCloser(bytes.NewReader(nil)))

func marked(body io.ReadCloser) io.ReadCloser {
	if reflect.TypeOf(body) == memoryBody {
		return body
	}
	return requestBody{body}
}

// requestBody marks what fails in it.
type requestBody struct{ body io.ReadCloser }

func (b requestBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && err != io.EOF {
		err = requestBodyError{err}
	}
	return n, err
}

func (b requestBody) Close() error { return b.body.Close() }

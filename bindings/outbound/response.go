package outbound

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/dynos-run/dynos/bindings"
	"golang.org/x/net/http/httpguts"
)

func (t *Transport) newResponse(ctx context.Context, out *http.Request, in *http.Response) (*bindings.Response, error) {
	if err := checkHead(in); err != nil {
		_ = in.Body.Close()
		return nil, lost(err)
	}
	res := &bindings.Response{
		Status:        in.StatusCode,
		StatusText:    statusText(in.Status),
		Header:        responseHeader(in),
		ContentLength: in.ContentLength,
	}
	switch {
	case in.StatusCode == http.StatusSwitchingProtocols && upgrades(out):
		res.Body, res.ContentLength = in.Body, -1
	case hasNoBody(out.Method, in.StatusCode):
		res.ContentLength = 0
		_ = in.Body.Close()
	case in.Body == http.NoBody && in.Header["Content-Encoding"] == nil:
		res.Body = in.Body
	default:
		body := &responseBody{ctx: ctx, body: in.Body}
		res.Body = body
		if decoded := decode(body, in.Header["Content-Encoding"]); decoded != nil {
			res.Body, res.ContentLength = decoded, -1
		}
	}
	return res, nil
}

// checkHead refuses what net/http lets pass and the platform does not: JavaScript could not hold it.
func checkHead(in *http.Response) error {
	if in.StatusCode < 100 {
		return fmt.Errorf("status %d", in.StatusCode)
	}
	if strings.ContainsFunc(in.Status, func(r rune) bool { return r < ' ' && r != '\t' }) {
		return errors.New("control character in the status line")
	}
	for name, values := range in.Header {
		if _, known := lowerNames[name]; !known && !httpguts.ValidHeaderFieldName(name) {
			return fmt.Errorf("header name %q", name)
		}
		for _, value := range values {
			if strings.ContainsAny(value, "\x00\r\n") {
				return fmt.Errorf("control character in the value of header %s", name)
			}
		}
	}
	return nil
}

// hasNoBody says for which responses the platform's body is null.
func hasNoBody(method string, status int) bool {
	switch status {
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return method == http.MethodHead
}

// statusText returns what follows the number in "200 OK"; text that is not ASCII is dropped, as on the platform.
func statusText(status string) string {
	_, text, _ := strings.Cut(status, " ")
	for i := range len(text) {
		if text[i] >= 0x80 {
			return ""
		}
	}
	return text
}

// responseHeader returns the headers sorted by name, as net/http has lost their order, and brings back two that it takes away.
func responseHeader(in *http.Response) [][2]string {
	n := 2
	for _, values := range in.Header {
		n += len(values)
	}
	pairs := make([][2]string, 0, n)
	for name, values := range in.Header {
		name = lower(name)
		for _, value := range values {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	if len(in.TransferEncoding) > 0 {
		pairs = append(pairs, [2]string{"transfer-encoding", strings.Join(in.TransferEncoding, ", ")})
	}
	if len(in.Trailer) > 0 {
		names := make([]string, 0, len(in.Trailer))
		for name := range in.Trailer {
			names = append(names, lower(name))
		}
		slices.Sort(names)
		pairs = append(pairs, [2]string{"trailer", strings.Join(names, ", ")})
	}
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return cmp.Compare(a[0], b[0]) })
	return pairs
}

// lowerNames saves the copy that lower-casing a frequent name would make.
var lowerNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{
		"Accept-Ranges", "Access-Control-Allow-Origin", "Age", "Alt-Svc", "Cache-Control", "Cf-Ray", "Connection", "Content-Disposition",
		"Content-Encoding", "Content-Language", "Content-Length", "Content-Security-Policy", "Content-Type", "Date", "Etag", "Expires",
		"Keep-Alive", "Last-Modified", "Link", "Location", "Referrer-Policy", "Retry-After", "Server", "Set-Cookie",
		"Strict-Transport-Security", "Vary", "Via", "X-Content-Type-Options", "X-Frame-Options", "X-Powered-By", "X-Request-Id",
	} {
		names[name] = strings.ToLower(name)
	}
	return names
}()

func lower(name string) string {
	if known, ok := lowerNames[name]; ok {
		return known
	}
	return strings.ToLower(name)
}

// responseBody is a body whose errors are worded for workers.
type responseBody struct {
	ctx  context.Context // of the exchange, whose part this is
	body io.ReadCloser
}

func (b *responseBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && err != io.EOF {
		if b.ctx.Err() != nil {
			err = context.Cause(b.ctx)
		} else {
			err = lost(err)
		}
	}
	return n, err
}

func (b *responseBody) Close() error { return b.body.Close() }

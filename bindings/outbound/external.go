package outbound

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/dynos-run/dynos/bindings"
)

// ExternalOptions describe one server. Network and Address are required.
type ExternalOptions struct {
	// Network and Address are as for net.Dial: "tcp" and "host:port", or "unix" and a path. No policy is asked: who configures
	// a server means it.
	Network, Address string
	// TLS makes it HTTPS, with the server's name in it. Nil speaks plain HTTP.
	TLS *tls.Config
	// ForwardedProtoHeader names a header that tells the server what the URL of the request began with. Empty for none.
	ForwardedProtoHeader string
	// CfHeader names a header that tells the server the request's cf. Empty for none.
	CfHeader string
	// RequestHeaders and ResponseHeaders are set on every request, or response.
	RequestHeaders, ResponseHeaders []bindings.HeaderEdit
	// Log gets what stands behind a failure whose text names only a reference. Nil drops it.
	Log *slog.Logger
}

// An External is one server that gets every request, whatever host and scheme the URL has. The server sees that host as Host.
// It is safe for concurrent use.
type External struct {
	transport *Transport
	options   ExternalOptions
}

var _ bindings.Fetcher = (*External)(nil)

// externalHost stands for the server in URLs that net/http sees, so that all requests share connections.
const externalHost = "external"

// NewExternal returns an External. Close it to let go of its idle connections.
func NewExternal(o ExternalOptions) *External {
	t := New(Options{TLS: o.TLS, Log: o.Log})
	t.http.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return t.dialer.DialContext(ctx, o.Network, o.Address)
	}
	t.http.DialTLSContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := t.dialer.DialContext(ctx, o.Network, o.Address)
		if err != nil {
			return nil, err
		}
		return t.secure(ctx, conn, o.Address)
	}
	return &External{transport: t, options: o}
}

// Fetch sends the request to the server; see Transport.Fetch for the rest.
func (e *External) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	edited := *req
	edited.Header = e.requestHeader(req)
	out, err := newRequest(ctx, &edited)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	out.URL.Scheme, out.URL.Host = "http", externalHost
	if e.options.TLS != nil {
		out.URL.Scheme = "https"
	}
	for _, edit := range e.options.RequestHeaders {
		if strings.EqualFold(edit.Name, "host") && edit.Value != "" {
			out.Host = edit.Value
		}
	}
	in, err := e.transport.http.RoundTrip(out)
	if err != nil {
		return nil, e.transport.failure(ctx, out, err)
	}
	res, err := e.transport.newResponse(ctx, out, in)
	if err == nil && len(e.options.ResponseHeaders) > 0 {
		res.Header = edit(slices.Clone(res.Header), e.options.ResponseHeaders)
	}
	return res, err
}

// requestHeader gives the headers that the server gets.
func (e *External) requestHeader(req *bindings.Request) [][2]string {
	list := make([]bindings.HeaderEdit, 0, len(e.options.RequestHeaders)+2)
	if name := e.options.ForwardedProtoHeader; name != "" {
		scheme, _, _ := strings.Cut(req.URL, ":")
		list = append(list, bindings.HeaderEdit{Name: name, Value: scheme})
	}
	if name := e.options.CfHeader; name != "" {
		list = append(list, bindings.HeaderEdit{Name: name, Value: string(req.Cf)})
	}
	list = append(list, e.options.RequestHeaders...)
	if len(list) == 0 {
		return req.Header
	}
	return edit(slices.Clone(req.Header), list)
}

// edit applies edits to a header, in place.
func edit(header [][2]string, edits []bindings.HeaderEdit) [][2]string {
	for _, edit := range edits {
		header = slices.DeleteFunc(header, func(pair [2]string) bool { return strings.EqualFold(pair[0], edit.Name) })
		if edit.Value != "" {
			header = append(header, [2]string{strings.ToLower(edit.Name), edit.Value})
		}
	}
	return header
}

// ValidHeader says whether a name and a value can be a header of HTTP.
func ValidHeader(name, value string) bool {
	return httpguts.ValidHeaderFieldName(name) && httpguts.ValidHeaderFieldValue(value)
}

// Close closes the connections that are not in use.
func (e *External) Close() error { return e.transport.Close() }

package outbound

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/dynos-run/dynos/bindings"
)

// Defaults of Options.
const (
	DefaultDialTimeout      = 15 * time.Second
	DefaultHandshakeTimeout = 10 * time.Second
	DefaultIdleTimeout      = 90 * time.Second
	DefaultMaxIdlePerHost   = 256
	DefaultMaxHeaderBytes   = 512 << 10
)

const (
	maxIdle = 1024 // connections, over all hosts

	// pingAfter and pingTimeout find HTTP/2 connections whose other end is gone.
	pingAfter   = 30 * time.Second
	pingTimeout = 15 * time.Second
)

// Options are the settings of a Transport. The zero value allows the public internet with the defaults above.
type Options struct {
	// Policy says where connections may go; nil allows the public internet only.
	Policy *Policy
	// Own are this server's own listeners, refused to all that the policy does not allow with their port. Nil for none.
	Own *Own
	// DialTimeout bounds resolving a name and connecting to one of its addresses.
	DialTimeout time.Duration
	// HandshakeTimeout bounds a TLS handshake.
	HandshakeTimeout time.Duration
	// IdleTimeout is how long an unused connection is kept.
	IdleTimeout time.Duration
	// MaxIdlePerHost is how many unused connections to one host are kept.
	MaxIdlePerHost int
	// MaxHeaderBytes is the longest response head taken; the exchange fails if there is more.
	MaxHeaderBytes int64
	// TLS is the base of the TLS configuration, for other certificate authorities. Nil trusts those of the system.
	TLS *tls.Config
	// NoTLS refuses HTTPS.
	NoTLS bool
	// Resolver resolves names; nil is net.DefaultResolver.
	Resolver *net.Resolver
	// Log gets what stands behind a failure whose text names only a reference. Nil drops it.
	Log *slog.Logger
}

// A Transport is the network as workers reach it. It is safe for concurrent use; its connections are shared by all users, so
// there is one for each policy.
type Transport struct {
	policy           *Policy
	own              *Own
	dialer           net.Dialer
	tls              *tls.Config
	handshakeTimeout time.Duration
	log              *slog.Logger
	http             *http.Transport
}

var _ bindings.Fetcher = (*Transport)(nil)

// New returns a Transport. Close it to let go of its idle connections.
func New(o Options) *Transport {
	t := &Transport{
		policy:           o.Policy,
		own:              o.Own,
		dialer:           net.Dialer{Timeout: cmp.Or(o.DialTimeout, DefaultDialTimeout), Resolver: o.Resolver},
		tls:              tlsConfig(o.TLS),
		handshakeTimeout: cmp.Or(o.HandshakeTimeout, DefaultHandshakeTimeout),
		log:              cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
	}
	dialTLS := t.dialTLS
	if o.NoTLS {
		dialTLS = func(context.Context, string, string) (net.Conn, error) { return nil, handshakeError{errNoTLS} }
	}
	t.http = &http.Transport{
		DialContext:            t.DialContext,
		DialTLSContext:         dialTLS,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // or it would ask for gzip by itself
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    cmp.Or(o.MaxIdlePerHost, DefaultMaxIdlePerHost),
		IdleConnTimeout:        cmp.Or(o.IdleTimeout, DefaultIdleTimeout),
		MaxResponseHeaderBytes: cmp.Or(o.MaxHeaderBytes, DefaultMaxHeaderBytes),
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout},
	}
	return t
}

func tlsConfig(base *tls.Config) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if base != nil {
		config = base.Clone()
	}
	if config.NextProtos == nil {
		config.NextProtos = []string{"h2", "http/1.1"}
	}
	if config.ClientSessionCache == nil {
		config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	}
	return config
}

// Fetch performs one exchange and returns when the head of the response is there. Both bodies stream: the request's may still be
// read after Fetch has returned, and the response's must be closed. The request's body is closed in any case.
//
// The URL is http or https and serialised as the URL Standard does it: ASCII, with what needs it escaped. User name, password and
// fragment are not sent. Headers about the connection itself are left out, as are Host and Content-Length, which follow from the
// request; "upgrade: websocket" goes through, and the body of a response 101 to it is an io.ReadWriteCloser, the connection.
//
// The response's body is nil where the status or HEAD says that there is none. If content-encoding is gzip or br the body is
// decoded, its length unknown, and the headers remain as they came; see bindings.Encoded for the bytes themselves.
//
// Errors: an *Error; the cause of ctx's end; what reading the request's body returned. Reading the response's body gives the same.
func (t *Transport) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	out, err := newRequest(ctx, req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	if upgrades(out) {
		out = out.WithContext(context.WithValue(ctx, onlyHTTP1{}, true))
	}
	in, err := t.http.RoundTrip(out)
	if err != nil {
		return nil, t.failure(ctx, out, err)
	}
	return t.newResponse(ctx, out, in)
}

// Close closes the connections that are not in use; others close when their exchange is over. The Transport stays usable.
func (t *Transport) Close() error {
	t.http.CloseIdleConnections()
	return nil
}

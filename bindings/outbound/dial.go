package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"github.com/dynos-run/dynos/bindings"
)

// DialContext opens a connection to "host:port" over "tcp", "tcp4" or "tcp6" if the policy allows it: the way out for
// everything that is not HTTP. Errors are those of net.Dialer, with ErrBlocked in the chain for a destination not allowed.
func (t *Transport) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, net.UnknownNetworkError(network)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dialer := t.dialer
	dialer.Control = func(_, resolved string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return err
		}
		if !t.policy.Allows(host, to) || t.own.has(to) && !t.policy.names(host, to) {
			return blocked(resolved)
		}
		return nil
	}
	return dialer.DialContext(ctx, network, address)
}

// onlyHTTP1 is the key of a context for a connection that will be upgraded: HTTP/2 has no such thing, and net/http leaves it to
// whoever shakes hands.
type onlyHTTP1 struct{}

// dialTLS replaces net/http's own handshake so that its failures can be told from others.
func (t *Transport) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := t.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return t.secure(ctx, conn, address)
}

// secure makes the handshake on a connection to an address. The connection is closed if that fails.
func (t *Transport) secure(ctx context.Context, conn net.Conn, address string) (net.Conn, error) {
	config := t.tls
	if config.ServerName == "" {
		config = config.Clone()
		host, _, _ := net.SplitHostPort(address)
		config.ServerName = strings.TrimSuffix(host, ".")
	}
	if ctx.Value(onlyHTTP1{}) != nil {
		config = config.Clone()
		config.NextProtos = []string{"http/1.1"}
	}
	secure := tls.Client(conn, config)
	ctx, cancel := context.WithTimeout(ctx, t.handshakeTimeout)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, handshakeError{err}
	}
	return secure, nil
}

var _ bindings.Dialer = (*Transport)(nil)

// Dial opens a TCP connection to "host:port" if the policy allows it.
func (t *Transport) Dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := t.DialContext(ctx, "tcp", address)
	if errors.Is(err, ErrBlocked) {
		t.log.Warn("connect failed", "address", address, "err", err)
	}
	return conn, err
}

// StartTLS speaks TLS over a connection, without a protocol of its own to agree on. The error is an *Error whose text names only a
// reference.
func (t *Transport) StartTLS(ctx context.Context, conn net.Conn, serverName string) (net.Conn, error) {
	config := t.tls.Clone()
	config.NextProtos = nil
	if config.ServerName == "" {
		config.ServerName = strings.TrimSuffix(serverName, ".")
	}
	secure := tls.Client(conn, config)
	ctx, cancel := context.WithTimeout(ctx, t.handshakeTimeout)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, t.internal(serverName, handshakeError{err})
	}
	return secure, nil
}

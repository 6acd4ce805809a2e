package outbound

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"syscall"
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
		if !t.policy.Allows(host, to) {
			return blocked(resolved)
		}
		return nil
	}
	return dialer.DialContext(ctx, network, address)
}

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
	secure := tls.Client(conn, config)
	ctx, cancel := context.WithTimeout(ctx, t.handshakeTimeout)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, handshakeError{err}
	}
	return secure, nil
}

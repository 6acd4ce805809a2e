package bindings

import (
	"context"
	"net"
)

// A Dialer is a [Fetcher] that opens TCP connections for workers as well. Without one, connect() of a worker whose outbound it is fails.
type Dialer interface {
	// Dial opens a connection to "host:port". It may wait; ctx bounds that, not the connection. Why it fails a worker does not learn.
	Dial(ctx context.Context, address string) (net.Conn, error)
	// StartTLS makes a connection of Dial a TLS one, with a server whose certificate is to be for the given name, and returns what
	// takes its place. It may wait; ctx bounds that. When it fails the caller closes conn. An error that has the method
	// ErrorClass() string becomes an exception of that class, any other one an Error.
	StartTLS(ctx context.Context, conn net.Conn, serverName string) (net.Conn, error)
}

package outbound

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Text that workers can see.
const (
	textLost        = "Network connection lost."
	textInternal    = "internal error; reference = "
	textCannotLoad  = "Fetch API cannot load: "
	textMethod      = "Invalid HTTP method string: "
	textFailed      = " decompression failed."
	textEndedEarly  = " compressed stream ended prematurely."
	classError      = "Error"
	classTypeError  = "TypeError"
	referenceLength = 24
)

// ErrBlocked is in the chain of the error for a destination that the policy does not allow.
var ErrBlocked = errors.New("destination is not allowed")

// errNoTLS is why a network without TLS options makes no handshake.
var errNoTLS = errors.New("this network has no TLS configuration")

// An Error is a failure as a worker sees it.
//
// A connection that is refused, breaks or speaks no HTTP is "Network connection lost.". A blocked destination, a name that does
// not resolve and a failed TLS handshake are all "internal error; reference = ...", so a worker cannot tell them apart; what
// happened is logged under the reference.
type Error struct {
	// Class is the JavaScript class: "Error" or "TypeError".
	Class string
	// Message is the text.
	Message string

	cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// ErrorClass returns the class.
func (e *Error) ErrorClass() string { return e.Class }

// Unwrap returns what happened, for logs and tests: a worker must not see it.
func (e *Error) Unwrap() error { return e.cause }

func typeError(message string, cause error) *Error {
	return &Error{Class: classTypeError, Message: message, cause: cause}
}

func lost(cause error) *Error {
	return &Error{Class: classError, Message: textLost, cause: cause}
}

// handshakeError marks a failed TLS handshake, which has no one type in crypto/tls.
type handshakeError struct{ error }

func (e handshakeError) Unwrap() error { return e.error }

// requestBodyError marks an error that came from the body of the request, not from the network.
type requestBodyError struct{ error }

func (e requestBodyError) Unwrap() error { return e.error }

// failure gives the error of a failed exchange: the cause of ctx's end, the request body's own error, or an *Error.
func (t *Transport) failure(ctx context.Context, req *http.Request, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var body requestBodyError
	if errors.As(err, &body) {
		return body.error
	}
	var dns *net.DNSError
	var handshake handshakeError
	if !errors.Is(err, ErrBlocked) && !errors.As(err, &dns) && !errors.As(err, &handshake) {
		return lost(err)
	}
	return t.internal(req.URL.Host, err)
}

// internal is a failure of which a worker learns only the reference under which it is logged.
func (t *Transport) internal(host string, err error) *Error {
	reference := newReference()
	t.log.Warn("fetch failed", "reference", reference, "host", host, "err", err)
	return &Error{Class: classError, Message: textInternal + reference, cause: err}
}

// newReference returns what ties the text that a worker sees to a line of the log.
func newReference() string {
	var random [referenceLength * 5 / 8]byte
	_, _ = rand.Read(random[:]) // never fails
	return base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").EncodeToString(random[:])
}

func blocked(address string) error {
	return fmt.Errorf("connecting to %s: %w", address, ErrBlocked)
}

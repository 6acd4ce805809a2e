package loader

import (
	"errors"
	"fmt"
	"time"

	"github.com/dynos-run/dynos/isolate/ops"
)

// ErrClosed says that the runtime has been closed.
var ErrClosed = errors.New("runtime is closed")

// A StartError says that a worker did not start: a syntax error, a missing module, an exception at module scope.
type StartError struct {
	// Worker is its name.
	Worker string
	// Text is the engine's words with stack frames, mapped to the sources: "Uncaught SyntaxError: ...\n  at src/index.ts:3:7".
	Text string

	cause error
}

// Unwrap returns the *[LimitError] if the worker has reached a limit; else nil.
func (e *StartError) Unwrap() error { return e.cause }

// Error implements error.
func (e *StartError) Error() string {
	return fmt.Sprintf("worker %q does not start: %s", e.Worker, e.Text)
}

// How a caller in JavaScript sees a failure.
type origin uint8

const (
	// fromHost: an error of the platform; the caller gets an exception of the class.
	fromHost origin = iota
	// fromWorker: thrown by another worker; it is marked remote.
	fromWorker
	// fromSelf: thrown by the calling worker itself, which gets it back whole.
	fromSelf
)

// A failure is an exception on its way to whoever made a call.
type failure struct {
	origin origin
	// class is a JavaScript error class or a DOMException name.
	class, message string
	// stack is the text for the log; empty if there is none.
	stack string
	// detail is the serialised exception; nil if it has no such form.
	detail []byte
	// start says that the worker did not start; stack is the engine's text.
	start bool
	// reset says that it has ended the Durable Object that was called.
	reset bool
	// plain says that it does not when an object ends with it; forGood that the object can never start.
	plain, forGood bool
	// noEntrypoint says that the worker lacks what was called.
	noEntrypoint bool
	// retryAt is when another try makes sense, for the server's 503; zero if it is no such failure.
	retryAt time.Time
	// innocent says that the isolate has ended over another request: the server answers 503, and another try makes sense at once.
	innocent bool
	// cause is the Go error that it was, for callers in Go.
	cause error
}

// Error implements error, for callers in Go.
func (f *failure) Error() string { return f.class + ": " + f.message }

func hostError(format string, args ...any) *failure {
	return &failure{class: "Error", message: fmt.Sprintf(format, args...)}
}

func hostTypeError(message string) *failure {
	return &failure{class: "TypeError", message: message}
}

// Failures with fixed texts, which scripts can see.
var (
	errHung = hostError("The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. " +
		"Refer to: https://developers.cloudflare.com/workers/observability/errors/")
	errNoOutbound = hostError("This worker is not permitted to access the internet via global functions like fetch(). " +
		"It must use capabilities (such as bindings in 'env') to talk to the outside world.")
	errNoCache       = hostError("No Cache was configured")
	errNoWorker      = hostError("There is no worker.")
	errCallCanceled  = hostError("The execution context responding to this call was canceled.")
	errDisconnected  = hostError("Network connection lost.")
	errNoCapability  = hostError("The service stub cannot be used any more: the call in which it was received has ended.")
	errContextGone   = hostError("The execution context which hosts this callback is no longer running.")
	errDisposed      = hostError("RPC stub used after being disposed.")
	errUnloaded      = hostError("Worker was unloaded.")
	errNotEntrypoint = hostTypeError("Only the stub of an entrypoint has fetch.")
	errShutdown      = hostError("The runtime is shutting down.")
	errTerminated    = hostError("Worker was terminated.")
	errAborted       = &failure{class: "AbortError", message: "The operation was aborted"}
	errClientGone    = &failure{class: "AbortError", message: "The client has disconnected"}
	errUnwanted      = &failure{class: "AbortError", message: "The operation was aborted"} // a body that has no place in the answer
	errTooLarge      = hostError("Request body is too large.")
	errBodyGone      = hostTypeError("Body has already been used. It can only be used once. Use tee() first if you need to read it twice.")
)

// encode appends the arguments of a Complete message after its promise.
func (f *failure) encode(b *ops.Batch) int {
	b.Bool(false)
	return 1 + f.encodeParts(b)
}

// encodeParts appends what follows that it is a failure.
func (f *failure) encodeParts(b *ops.Batch) int {
	b.String(f.class)
	b.String(f.message)
	switch f.origin {
	case fromHost:
		b.Undefined()
	case fromWorker:
		encodeBlob(b, f.detail)
	case fromSelf:
		b.Array(1)
		encodeBlob(b, f.detail)
	}
	if f.reset {
		b.Bool(true)
		return 4
	}
	return 3
}

// encodeBlob appends serialised bytes, null for none.
func encodeBlob(b *ops.Batch, data []byte) {
	if data == nil {
		b.Null()
	} else {
		b.Blob(data)
	}
}

func encodeBytes(b *ops.Batch, data []byte) {
	if data == nil {
		b.Null()
	} else {
		b.Data(data)
	}
}

package loader

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"

	"github.com/dynos-run/dynos/bindings/rpc"
)

// Errors of calls into workers, beside *[Exception] and *[StartError].
var (
	// ErrCrashed says that V8 could not go on in a worker's isolate, which is lost with its thread and its memory; the worker starts anew.
	ErrCrashed = errors.New("V8 could not go on")
	// ErrDisposed says that a stub has been closed, or that what it pointed to has ended with its context.
	ErrDisposed = errors.New("stub is closed")
	// ErrUnloaded says that the worker was unloaded during the call.
	ErrUnloaded = errors.New("worker was unloaded")
	// ErrNoEntrypoint says that the worker has no such entrypoint.
	ErrNoEntrypoint = errors.New("worker has no such entrypoint")
	// ErrHung says that the call waited for nothing and would never have had an answer.
	ErrHung = errors.New("worker hung")
)

// An Exception is what a worker has thrown, as its Go caller sees it.
type Exception struct {
	// Name is the class, "TypeError", or that of a DOMException, "AbortError".
	Name string
	// Message without the name.
	Message string
	// Stack begins with name and message; its places are mapped to the sources where the worker has a map. Empty if the platform has raised the
	// exception.
	Stack string
	// Properties are the exception's own, nil without enhanced_error_serialization.
	Properties map[string]any
	// Value is what was thrown if that was no error: bool, float64, string, map[string]any, ...; nil otherwise.
	Value any

	cause error
}

// Error returns name and message.
func (e *Exception) Error() string {
	if e.Message == "" {
		return e.Name
	}
	return e.Name + ": " + e.Message
}

// Unwrap returns the error that a Go function gave to the worker, if that is what the worker has thrown on; else what names the kind
// of failure (ErrNoEntrypoint, ErrHung, ...), or the exception's cause.
func (e *Exception) Unwrap() error { return e.cause }

// exception makes a failure a Go error.
func (rt *Runtime) exception(f *failure) error {
	switch f {
	case errShutdown:
		return ErrClosed
	case errUnloaded:
		return ErrUnloaded
	case errDisposed, errCallCanceled, errContextGone, errNoCapability:
		return ErrDisposed
	}
	if f.start {
		return &StartError{Text: f.stack, cause: f.cause}
	}
	e := &Exception{Name: f.class, Message: f.message, Stack: f.stack, cause: f.cause}
	switch {
	case f == errHung:
		e.cause = ErrHung
	case f.noEntrypoint:
		e.cause = ErrNoEntrypoint
	}
	if f.detail != nil {
		e.detail(rt, f.detail)
	}
	return e
}

// detail reads the serialised exception.
func (e *Exception) detail(rt *Runtime, data []byte) {
	var thrown any
	if rpc.Unmarshal(data, &thrown, nil) != nil {
		return
	}
	err, is := thrown.(*rpc.Error)
	if !is {
		e.Value = thrown
		return
	}
	e.Properties = err.Properties
	if e.cause == nil {
		e.cause = rt.goErrors.find(err.Properties)
	}
	if e.cause == nil {
		if cause := err.Unwrap(); cause != nil {
			e.cause = cause
		}
	}
}

// goFailure makes the error of a Go function an exception for its caller.
func (rt *Runtime) goFailure(err error) *failure {
	f := &failure{origin: fromWorker, class: "Error", message: err.Error(), cause: err}
	var e *Exception
	var remote *rpc.Error
	var named interface{ ErrorClass() string }
	out := rpc.Error{Name: "Error", Message: f.message}
	switch {
	case errors.As(err, &e):
		out.Name, out.Properties = e.Name, e.Properties
		if err == error(e) {
			out.Message = e.Message
		}
	case errors.As(err, &remote):
		out.Name, out.Properties = remote.Name, remote.Properties
		if err == error(remote) {
			out.Message = remote.Message
		}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		out.Name = "AbortError"
		if errors.Is(err, context.DeadlineExceeded) {
			out.Name = "TimeoutError"
		}
	case errors.As(err, &named):
		out.Name = named.ErrorClass()
	}
	f.class, f.message = out.Name, out.Message
	properties := map[string]any{goErrorKey: rt.goErrors.keep(err)}
	for k, v := range out.Properties {
		if k != goErrorKey && k != "remote" {
			properties[k] = v
		}
	}
	out.Properties = properties
	f.detail, _ = rpc.Marshal(&out, nil)
	return f
}

// goErrorKey is the property by which an exception remembers the Go error that it was: a number without meaning to scripts.
const goErrorKey = "goError"

// errorTable keeps the Go errors that have become exceptions lately, so that one which comes back is itself again.
type errorTable struct {
	mu   sync.Mutex
	byID map[string]error
	ids  []string // the oldest first
}

// maxGoErrors bounds the table; an error that comes back later than that many others is only an exception.
const maxGoErrors = 1024

func (t *errorTable) keep(err error) string {
	var random [12]byte
	_, _ = rand.Read(random[:])
	id := hex.EncodeToString(random[:])
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byID == nil {
		t.byID = make(map[string]error)
	}
	if len(t.ids) == maxGoErrors {
		delete(t.byID, t.ids[0])
		t.ids = append(t.ids[:0], t.ids[1:]...)
	}
	t.byID[id] = err
	t.ids = append(t.ids, id)
	return id
}

func (t *errorTable) find(properties map[string]any) error {
	id, _ := properties[goErrorKey].(string)
	if id == "" {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byID[id]
}

// A Caller is the worker on whose behalf a Go function or an outbound is called.
type Caller struct {
	// Worker is its name, or the id by which a loader knows it; empty for one without.
	Worker string
	// Dynamic says that a Worker Loader or the Go API has made it.
	Dynamic bool
}

type callerKey struct{}

// CallerFrom returns who has called a Go function, an http.Handler or an Outbound, of whose context ctx is derived. It comes from the runtime,
// not from the worker, which cannot change it.
func CallerFrom(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}

// callContext is the context of a call that a worker makes: it ends with the runtime.
func (rt *Runtime) callContext(from *worker) context.Context {
	if from == nil {
		return rt.context
	}
	return context.WithValue(rt.context, callerKey{}, Caller{Worker: from.name, Dynamic: from.dynamic})
}

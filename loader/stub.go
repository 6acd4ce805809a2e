package loader

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A Stub is a reference to something in a worker: an entrypoint, or an object that a call has returned. It is an http.Handler and an
// http.RoundTripper (entrypoints only), and an RPC object. Its methods may be called from any goroutine.
//
// A stub of an object keeps what serves it alive: Close it. One that is dropped without is closed when the garbage collector finds it.
type Stub struct {
	rt      *Runtime
	service service
	object  bool // of a call's result, not an entrypoint
	path    []string
	closed  *atomic.Bool // shared by all paths below one stub
	owner   *Stub        // of which this is a property: it must not be collected before
	cleanup runtime.Cleanup
}

// newStub makes a stub that owns a reference to the service.
func newStub(rt *Runtime, s service, object bool) *Stub {
	stub := &Stub{rt: rt, service: s, object: object, closed: new(atomic.Bool)}
	if _, is := s.(counted); is {
		closed := stub.closed
		stub.cleanup = runtime.AddCleanup(stub, func(s service) { closeService(closed, s) }, s)
	}
	return stub
}

func closeService(closed *atomic.Bool, s service) {
	if closed.Swap(true) {
		return
	}
	var r isolate.Runner
	release(&r, s)
	r.Hand()
}

// Close lets go of the object, as [Symbol.dispose] does; its uses then fail with ErrDisposed. Closing an entrypoint's stub, a path or a closed
// stub does nothing.
func (s *Stub) Close() error {
	if s.owner == nil && s.object {
		s.cleanup.Stop()
		closeService(s.closed, s.service)
	}
	return nil
}

// Path gives the property of that name, which costs nothing: it is followed where the object lives when it is called or read.
func (s *Stub) Path(name string) *Stub {
	path := append(append(make([]string, 0, len(s.path)+1), s.path...), name)
	return &Stub{rt: s.rt, service: s.service, object: s.object, path: path, closed: s.closed, owner: s}
}

// Call calls a method and waits for its result. Arguments are copied, as bindings/rpc describes; a func, what Methods returns, a *Stub,
// an http.Handler, an io.Reader and an io.Writer go by reference; *http.Request and *http.Response are a Request and a Response, whose
// bodies stream and are then the worker's, and a context.Context is an AbortSignal. Results, and arguments of Go functions, are read in
// the same way; a signal is followed until the function returns, or ctx ends. The empty method calls the object itself, which is then a function.
//
// If ctx ends first, the call is cancelled, and the error is the context's cause.
//
// Errors: *[Exception] if the worker throws, which unwraps to the Go error if a Go function has returned that; *[StartError] if it does
// not start; [ErrDisposed], [ErrUnloaded], [ErrClosed].
func (s *Stub) Call(ctx context.Context, method string, args ...any) (*Value, error) {
	return s.begin(method, args).Wait(ctx)
}

// Get reads the property that Path has led to.
func (s *Stub) Get(ctx context.Context) (*Value, error) {
	return s.start(s.path, nil).Wait(ctx)
}

// Call calls a method and gives its result as a T: see [Stub.Call] and bindings/rpc. T may be *Stub for an object or a function,
// io.ReadCloser for a stream, *Value for anything. Stubs in the result are then the caller's to close.
func Call[T any](ctx context.Context, s *Stub, method string, args ...any) (T, error) {
	var result T
	v, err := s.Call(ctx, method, args...)
	if err != nil {
		return result, err
	}
	err = v.Decode(&result)
	return result, err
}

// Start begins a call whose result is not waited for here. Calls on one stub start in the order in which they were begun.
func (s *Stub) Start(method string, args ...any) *Pending {
	p := s.begin(method, args)
	p.runner.Hand()
	return p
}

func (s *Stub) begin(method string, args []any) *Pending {
	if args == nil {
		args = []any{}
	}
	path := s.path
	if method != "" {
		path = append(append(make([]string, 0, len(path)+1), path...), method)
	}
	return s.start(path, args)
}

// start makes a call, or with nil arguments a read.
func (s *Stub) start(path []string, args []any) *Pending {
	p := &Pending{rt: s.rt, waiter: newWaiter()}
	if s.closed.Load() {
		p.fail(nil, errDisposed)
		return p
	}
	call := rpcCall{path: encodePath(path)}
	refs := &references{rt: s.rt}
	if args != nil {
		var err error
		if call.args, err = rpc.Marshal(args, refs); err != nil {
			refs.drop(&p.runner)
			p.err = fmt.Errorf("arguments: %w", err)
			p.set()
			return p
		}
	}
	call.caps = refs.caps
	p.running = s.service.call(&p.runner, &call, p)
	runtime.KeepAlive(s)
	return p
}

func encodePath(path []string) []byte {
	var b ops.Batch
	b.Array(len(path))
	for _, name := range path {
		b.String(name)
	}
	return b.Bytes()
}

// A Pending is a call that may have no result yet.
type Pending struct {
	*waiter
	rt      *Runtime
	runner  isolate.Runner
	running inflight
	value   *Value
	err     error
}

var _ rpcCaller = (*Pending)(nil)

func (p *Pending) result(_ *isolate.Runner, a *rpcAnswer) {
	p.value = newValue(p.rt, a)
	p.set()
}

func (p *Pending) bounce(r *isolate.Runner, _ bool) {
	p.err = errBounced
	p.set()
}

// errBounced says that a call on a pending one came too late for where that ran; it is made on its value then.
var errBounced = errors.New("call was sent back")

func (p *Pending) fail(_ *isolate.Runner, f *failure) {
	p.err = p.rt.exception(f)
	p.set()
}

// Wait waits for the result. It is called once. If ctx ends first, the call is cancelled, and the error is the context's cause.
func (p *Pending) Wait(ctx context.Context) (*Value, error) {
	if err := p.wait(ctx, &p.runner, p.running); err != nil {
		return nil, err
	}
	if p.value != nil {
		p.value.refs.life = ctx
	}
	return p.value, p.err
}

// Stub is what the call will return, before it is there: its calls wait where the object will live, so that a chain of calls takes
// no longer than one. The results of stubs made so are to be waited for before Wait of p, or after.
func (p *Pending) Stub() *Stub {
	return newStub(p.rt, &pendingService{p}, true)
}

// pendingService passes calls on to the answer of a call.
type pendingService struct{ on *Pending }

func (s *pendingService) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	p := s.on
	if p.state.Load() != callAnswered {
		if running, ok := p.running.(pipeliner); ok {
			return running.pipeline().call(r, c, to)
		}
	} else if p.err == nil && rpc.IsReference(p.value.data) && len(p.value.refs.caps) == 1 {
		return p.value.refs.caps[0].service.call(r, c, to)
	}
	drop(r, c.caps)
	to.fail(r, errNoCapability)
	return nil
}

func (s *pendingService) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// A Value is the result of a call.
type Value struct {
	rt       *Runtime
	data     []byte
	refs     *references
	disposer int
}

func newValue(rt *Runtime, a *rpcAnswer) *Value {
	return &Value{rt: rt, data: append([]byte{}, a.value...), refs: &references{rt: rt, caps: a.caps}, disposer: a.disposer}
}

// Decode fills what the pointer into points to, as bindings/rpc describes. It is called once: stubs in the value are the target's
// afterwards, and what the target has no place for is closed. A **Value receives the value itself.
func (v *Value) Decode(into any) error {
	if p, ok := into.(**Value); ok {
		*p = v
		return nil
	}
	err := rpc.Unmarshal(v.data, into, v.refs)
	return errors.Join(err, v.Close())
}

// Any gives the value as a plain Go value, as bindings/rpc describes.
func (v *Value) Any() (any, error) {
	var result any
	err := v.Decode(&result)
	return result, err
}

// Close lets go of what is in the value and has not been decoded.
func (v *Value) Close() error {
	var r isolate.Runner
	v.refs.drop(&r)
	r.Hand()
	return nil
}

// Bind fills a struct of funcs, so that calls are typed: for each exported field of a func type it sets a function that calls the method
// of that name (its first letter made small, or what a tag `rpc:"name"` says). A func takes a context.Context and arguments, and
// returns an error, or a value and an error.
func (s *Stub) Bind(client any) error {
	v := reflect.ValueOf(client)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("Bind needs a pointer to a struct, not %T", client)
	}
	v = v.Elem()
	for k := range v.NumField() {
		field := v.Type().Field(k)
		if !field.IsExported() || field.Type.Kind() != reflect.Func {
			continue
		}
		name := lowerFirst(field.Name)
		if tag := field.Tag.Get("rpc"); tag != "" {
			name = tag
		}
		f, err := s.bound(name, field.Type)
		if err != nil {
			return fmt.Errorf("Bind: field %s %w", field.Name, err)
		}
		v.Field(k).Set(f)
	}
	return nil
}

// bound makes a function of type t that calls a method.
func (s *Stub) bound(method string, t reflect.Type) (reflect.Value, error) {
	n := t.NumOut()
	if t.NumIn() == 0 || t.In(0) != typeContext {
		return reflect.Value{}, errors.New("must take a context.Context first")
	}
	if n == 0 || n > 2 || t.Out(n-1) != typeError {
		return reflect.Value{}, errors.New("must return an error, or a value and an error")
	}
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		args := make([]any, 0, len(in))
		for k, v := range in[1:] {
			if t.IsVariadic() && k == len(in)-2 {
				for e := range v.Len() {
					args = append(args, v.Index(e).Interface())
				}
				continue
			}
			args = append(args, v.Interface())
		}
		value, err := s.Call(in[0].Interface().(context.Context), method, args...)
		out := make([]reflect.Value, 0, 2)
		if n == 2 {
			p := reflect.New(t.Out(0))
			if err == nil {
				err = value.Decode(p.Interface())
			}
			out = append(out, p.Elem())
		} else if err == nil {
			err = value.Close()
		}
		failed := reflect.New(typeError).Elem()
		if err != nil {
			failed.Set(reflect.ValueOf(err))
		}
		return append(out, failed)
	}), nil
}

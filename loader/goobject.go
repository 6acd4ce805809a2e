package loader

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// An Object is a Go value whose methods a worker can call; see Methods.
type Object struct{ target *goTarget }

// String names the methods.
func (o Object) String() string {
	return "object with methods " + strings.Join(slices.Sorted(maps.Keys(o.target.members)), ", ")
}

// Methods makes an object for workers of the exported methods of v: each becomes an async method whose name begins with a small
// letter. A method may take a context.Context first, which is cancelled when the caller does not want the answer any more; further
// parameters are filled from the arguments as bindings/rpc does, missing ones with their zero value; it may return nothing, a value, an
// error, or a value and an error. A panic becomes an exception. It panics if v has no exported method, or one that cannot be called so.
func Methods(v any) Object {
	value := reflect.ValueOf(v)
	t := &goTarget{members: make(map[string]*goFunction)}
	for k := range value.NumMethod() {
		m := value.Type().Method(k)
		fn, err := newFunction(value.Method(k))
		if err != nil {
			panic(fmt.Sprintf("loader.Methods: %s.%s: %s", value.Type(), m.Name, err))
		}
		t.members[lowerFirst(m.Name)] = fn
	}
	if len(t.members) == 0 {
		panic(fmt.Sprintf("loader.Methods: %s has no exported methods", value.Type()))
	}
	return Object{t}
}

// lowerFirst makes a Go name a JavaScript one: ReadAll is readAll, ID is id, URLOf is urlOf.
func lowerFirst(name string) string {
	runes := []rune(name)
	for k := range runes {
		if !unicode.IsUpper(runes[k]) || k > 0 && k+1 < len(runes) && unicode.IsLower(runes[k+1]) {
			break
		}
		runes[k] = unicode.ToLower(runes[k])
	}
	return string(runes)
}

// A goTarget is what a path leads through on the Go side: something that can be called, has members, or both.
type goTarget struct {
	call    *goFunction
	members map[string]*goFunction
}

// goFunction calls a Go function with the arguments of a message.
type goFunction struct {
	value       reflect.Value
	wantsCtx    bool
	params      []reflect.Type // beyond the context; the last one is of the elements if variadic
	variadic    bool
	returnsErr  bool
	returnsElse bool
}

var (
	typeContext = reflect.TypeFor[context.Context]()
	typeError   = reflect.TypeFor[error]()
)

// newFunction looks at a function once. Functions are cheap to wrap again: one per func value that is sent.
func newFunction(v reflect.Value) (*goFunction, error) {
	t := v.Type()
	f := &goFunction{value: v, variadic: t.IsVariadic()}
	for k := range t.NumIn() {
		in := t.In(k)
		if k == 0 && in == typeContext {
			f.wantsCtx = true
			continue
		}
		if f.variadic && k == t.NumIn()-1 {
			in = in.Elem()
		}
		f.params = append(f.params, in)
	}
	n := t.NumOut()
	if n > 0 && t.Out(n-1) == typeError {
		f.returnsErr = true
		n--
	}
	if n > 1 {
		return nil, errors.New("returns more than a value and an error")
	}
	f.returnsElse = n == 1
	return f, nil
}

// arguments reads the arguments of a message into parameters.
func (f *goFunction) arguments(args []byte, refs *references) ([]reflect.Value, error) {
	n, ok := rpc.Len(args)
	if !ok {
		return nil, rpc.ErrMalformed
	}
	count := len(f.params)
	if f.variadic {
		count = max(n, count-1)
	}
	values := make([]reflect.Value, count)
	into := make([]any, min(n, count))
	for k := range values {
		t := f.params[min(k, len(f.params)-1)]
		p := reflect.New(t)
		values[k] = p.Elem()
		if k < len(into) {
			into[k] = p.Interface()
		}
	}
	return values, rpc.Unmarshal(args, &into, refs)
}

// run calls the function.
func (f *goFunction) run(ctx context.Context, args []reflect.Value) (result any, err error) {
	if f.wantsCtx {
		args = append([]reflect.Value{reflect.ValueOf(ctx)}, args...)
	}
	out := f.value.Call(args)
	if f.returnsErr {
		err, _ = out[len(out)-1].Interface().(error)
	}
	if f.returnsElse && err == nil {
		return out[0].Interface(), nil
	}
	return rpc.Undefined{}, err
}

// A goObject is a Go function or object as a service.
type goObject struct {
	rt   *Runtime
	root callable
}

// callable is a goTarget or a goFunction.
type callable interface {
	// find gives the function at a path, or nil.
	find(path []string) *goFunction
}

func (t *goTarget) find(path []string) *goFunction {
	switch len(path) {
	case 0:
		return t.call
	case 1:
		return t.members[path[0]]
	}
	return nil
}

func (f *goFunction) find(path []string) *goFunction {
	if len(path) == 0 {
		return f
	}
	return nil
}

func (o *goObject) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{hostTypeError("A Go object has no fetch: give the worker an http.Handler.")}.fetch(r, req, to)
}

// call starts the Go function on a goroutine of its own, so that it may wait.
func (o *goObject) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	path := readPath(c.path)
	fn := o.root.find(path)
	ctx, cancel := context.WithCancel(o.rt.callContext(c.from))
	refs := &references{rt: o.rt, caps: c.caps, life: ctx}
	f := o.refuse(fn, path, c.args == nil)
	var args []reflect.Value
	if f == nil {
		var err error
		if args, err = fn.arguments(c.args, refs); err != nil {
			f = hostTypeError("arguments: " + err.Error())
		}
	}
	refs.drop(r)
	if f != nil {
		cancel()
		f.origin = fromWorker
		to.fail(r, f)
		return nil
	}
	g := &goCall{object: o, to: to, cancelCtx: cancel, ready: make(chan struct{})}
	go g.run(ctx, fn, args)
	return g
}

func (o *goObject) refuse(fn *goFunction, path []string, isRead bool) *failure {
	switch {
	case fn == nil && len(path) == 0:
		return hostTypeError(`"(this)" is not a function.`)
	case fn == nil:
		return hostTypeError(fmt.Sprintf("The RPC receiver does not implement the method %q.", path[0]))
	case isRead:
		return hostTypeError("A method of a Go object can be called, not read.")
	}
	return nil
}

// readPath decodes an encoded array of names.
func readPath(raw []byte) []string {
	a := ops.NewReader(raw)
	n := a.Array()
	path := make([]string, 0, min(n, 64))
	for ; n > 0 && a.Err == nil; n-- {
		path = append(path, a.String())
	}
	return path
}

// A goCall is a call of a Go function that has no answer yet. Calls on its answer wait for it.
type goCall struct {
	object    *goObject
	to        rpcCaller
	cancelCtx context.CancelFunc

	ready  chan struct{}
	result service // what calls on the answer are for, once ready
}

var _ pipeliner = (*goCall)(nil)

func (g *goCall) cancel(*isolate.Runner) { g.cancelCtx() }

func (g *goCall) run(ctx context.Context, fn *goFunction, args []reflect.Value) {
	var r isolate.Runner
	defer r.Run()
	defer g.cancelCtx()
	result, err := protect(ctx, g.object.rt, fn, args)
	refs := &references{rt: g.object.rt}
	var value []byte
	if err == nil {
		value, err = rpc.Marshal(result, refs)
	}
	if err != nil {
		refs.drop(&r)
		f := g.object.rt.goFailure(err)
		g.settle(refusal{f})
		g.to.fail(&r, f)
		return
	}
	g.settle(answerService(refs.caps, value))
	g.to.result(&r, &rpcAnswer{value: value, caps: refs.caps, disposer: -1})
}

func (g *goCall) settle(s service) {
	g.result = s
	close(g.ready)
}

// answerService is where calls on a Go result go: to its capability if it is one, else nowhere. The receiver makes them itself, on
// the value that it has by then.
func answerService(caps []capability, value []byte) service {
	if len(caps) == 1 && caps[0].service != nil && rpc.IsReference(value) {
		return caps[0].service
	}
	return bouncer{}
}

// pipeline implements pipeliner.
func (g *goCall) pipeline() service { return goAnswer{g} }

// goAnswer waits for a Go call and then passes on what is called on its answer.
type goAnswer struct{ call_ *goCall }

func (a goAnswer) call(_ *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	later := &rpcCall{from: c.from, depth: c.depth, path: append([]byte{}, c.path...), caps: c.caps}
	if c.args != nil {
		later.args = append([]byte{}, c.args...)
	}
	go func() {
		var r isolate.Runner
		<-a.call_.ready
		a.call_.result.call(&r, later, to)
		r.Run()
	}()
	return nil
}

func (a goAnswer) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// bouncer sends every call back to its caller, who has the answer.
type bouncer struct{}

func (bouncer) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	to.bounce(r, true)
	drop(r, c.caps)
	return nil
}

func (bouncer) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// protect runs a function; a panic becomes an error and a line in the log.
func protect(ctx context.Context, rt *Runtime, fn *goFunction, args []reflect.Value) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p}
			rt.config.Log(Record{Level: LevelError, Text: fmt.Sprintf("panic in a Go function that a worker called: %v\n%s", p, debug.Stack())})
		}
	}()
	return fn.run(ctx, args)
}

// A PanicError is what a worker, and whoever called it, gets of a Go function that panicked.
type PanicError struct {
	// Value that panic was given.
	Value any
}

// Error implements error. It does not show the value, which a worker has no business with.
func (e *PanicError) Error() string { return "a Go function panicked" }

package loader

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/isolate"
)

// Tags of host objects that stand for capabilities, see polyfills/core/clone.js.
const (
	tagAbortSignal    = 2
	tagRequest        = 5
	tagResponse       = 6
	tagFetcher        = 64
	tagRPCStub        = 65
	tagReadableStream = 66
	tagWritableStream = 67
)

// references carries capabilities between Go values and messages: those of a message that is read, or of one that is written.
type references struct {
	rt   *Runtime
	caps []capability
	// writing: stubs of a message that are handed out keep their own references
	taken map[int]bool // reading: capabilities that a Go value has now
	// reading: how long somebody waits for the signals of a message to abort
	life context.Context
}

var _ rpc.References = (*references)(nil)

// Reference implements rpc.References.
func (f *references) Reference(v reflect.Value) (tag uint32, data any, ok bool, err error) {
	if v.Kind() == reflect.Chan {
		return 0, nil, false, fmt.Errorf("a channel cannot be sent to a worker")
	}
	switch x := v.Interface().(type) {
	case *Stub:
		return f.stub(x)
	case Object:
		return tagRPCStub, f.add(capability{service: &goObject{rt: f.rt, root: x.target}}), true, nil
	case *http.Request:
		data, err := f.writeRequest(x)
		return tagRequest, data, true, err
	case *http.Response:
		data, err := f.writeResponse(x)
		return tagResponse, data, true, err
	case context.Context:
		return tagAbortSignal, f.writeSignal(x), true, nil
	case error: // has bytes of its own
		return 0, nil, false, nil
	case http.Handler:
		return tagFetcher, f.add(capability{service: handlerService(x)}), true, nil
	case io.Reader:
		return tagReadableStream, f.add(capability{stream: &readerBody{source: readCloser(x)}, length: -1}), true, nil
	case io.Writer:
		w := &goObject{rt: f.rt, root: sinkOf(x)}
		return tagWritableStream, f.add(capability{service: w, weak: true}), true, nil
	}
	if v.Kind() == reflect.Func {
		if v.IsNil() {
			return 0, nil, false, nil
		}
		return f.function(v.Interface())
	}
	return 0, nil, false, nil
}

func (f *references) function(v any) (tag uint32, data any, ok bool, err error) {
	fn, err := newFunction(reflect.ValueOf(v))
	if err != nil {
		return 0, nil, false, err
	}
	return tagRPCStub, f.add(capability{service: &goObject{rt: f.rt, root: fn}}), true, nil
}

func (f *references) stub(s *Stub) (tag uint32, data any, ok bool, err error) {
	if s == nil {
		return 0, nil, false, nil
	}
	if len(s.path) > 0 {
		return 0, nil, false, fmt.Errorf("a property of a stub cannot be sent: get it first")
	}
	if s.closed.Load() {
		return 0, nil, false, ErrDisposed
	}
	retain(s.service)
	index := f.add(capability{service: s.service})
	if s.object {
		return tagRPCStub, index, true, nil
	}
	return tagFetcher, index, true, nil
}

func (f *references) add(c capability) int {
	f.caps = append(f.caps, c)
	return len(f.caps) - 1
}

// Resolve implements rpc.References.
func (f *references) Resolve(tag uint32, data any, target reflect.Type) (any, error) {
	switch tag {
	case tagRequest, tagResponse:
		return f.readHTTP(tag, data)
	case tagAbortSignal:
		return f.readSignal(data)
	}
	k, ok := f.index(data)
	if !ok {
		return nil, errMalformedReference
	}
	item := f.caps[k]
	switch {
	case (tag == tagFetcher || tag == tagRPCStub) && item.service != nil:
		f.take(k)
		return newStub(f.rt, item.service, tag == tagRPCStub), nil
	case tag == tagReadableStream && item.stream != nil:
		f.take(k)
		return newGoBodyReader(item.stream), nil
	case tag == tagWritableStream && item.service != nil:
		f.take(k)
		return &sinkWriter{stub: newStub(f.rt, item.service, true)}, nil
	}
	return nil, fmt.Errorf("object of class %d cannot be sent to Go", tag)
}

// index finds a capability that nobody has taken.
func (f *references) index(data any) (k int, ok bool) {
	n, ok := data.(float64)
	k = int(n)
	return k, ok && k >= 0 && k < len(f.caps) && !f.taken[k]
}

func (f *references) take(k int) {
	if f.taken == nil {
		f.taken = make(map[int]bool)
	}
	f.taken[k] = true
}

// drop gives up the capabilities that no Go value has.
func (f *references) drop(r *isolate.Runner) {
	for k, c := range f.caps {
		if !f.taken[k] {
			drop(r, []capability{c})
		}
	}
	f.caps = nil
}

func readCloser(r io.Reader) io.ReadCloser {
	if c, ok := r.(io.ReadCloser); ok {
		return c
	}
	return io.NopCloser(r)
}

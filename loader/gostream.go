package loader

import (
	"context"
	"io"
	"reflect"

	"github.com/dynos-run/dynos/bindings/rpc"
)

// sinkOf is an io.Writer as what the WritableStream of a worker calls.
func sinkOf(w io.Writer) *goTarget {
	write := func(chunk []byte) error {
		_, err := w.Write(chunk)
		return err
	}
	end := func() error {
		if c, ok := w.(io.Closer); ok {
			return c.Close()
		}
		return nil
	}
	t := &goTarget{members: make(map[string]*goFunction)}
	t.members["write"], _ = newFunction(reflect.ValueOf(write))
	t.members["close"], _ = newFunction(reflect.ValueOf(end))
	t.members["abort"], _ = newFunction(reflect.ValueOf(func(rpc.Undefined) error { return end() }))
	return t
}

// sinkWriter is a WritableStream of a worker as an io.WriteCloser.
type sinkWriter struct{ stub *Stub }

// Write implements io.Writer. It returns once the stream's sink has taken the chunk.
func (w *sinkWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	v, err := w.stub.Call(context.Background(), "write", arrayBuffer(p))
	if err != nil {
		return 0, err
	}
	return len(p), v.Close()
}

// Close closes the stream.
func (w *sinkWriter) Close() error {
	v, err := w.stub.Call(context.Background(), "close")
	if err != nil {
		return err
	}
	_ = v.Close()
	return w.stub.Close()
}

// arrayBuffer is what sinks are given.
type arrayBuffer = []byte

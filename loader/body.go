package loader

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/dynos-run/dynos/isolate"
)

// A payload is a body on its way: nothing, bytes, or a stream.
type payload struct {
	// data is the whole body, valid during the call, if stream is nil; nil for no body.
	data []byte
	// stream is owned by whoever holds the payload: it is read to its end or cancelled, once.
	stream body
	// length in bytes, -1 if unknown.
	length int64
}

// cancel drops a payload that nobody will read.
func (p *payload) cancel(r *isolate.Runner) {
	if p.stream != nil {
		p.stream.cancel(r, nil)
		p.stream = nil
	}
}

// A body is a stream of bytes that is pulled. One read at a time; after the end, an error or cancel it must not be used.
type body interface {
	// read asks for at most max bytes. done is called once, on any goroutine, perhaps before read returns: with bytes that
	// are valid during the call, or with an error, io.EOF at the end. Neither may hold an instance's lock.
	read(r *isolate.Runner, max int, done func(r *isolate.Runner, data []byte, err error))
	// cancel says that nobody will read the rest, because of f (nil: simply not wanted).
	cancel(r *isolate.Runner, f *failure)
}

// A readerBody is a Go stream as a body: reads that may block run on goroutines of their own.
type readerBody struct {
	source io.ReadCloser
	buffer []byte
	mu     sync.Mutex // held while a read runs, so that close does not meet it
}

const readChunk = 64 << 10

func (b *readerBody) read(_ *isolate.Runner, limit int, done func(*isolate.Runner, []byte, error)) {
	go func() {
		b.mu.Lock()
		n := min(limit, readChunk)
		if cap(b.buffer) < n {
			b.buffer = make([]byte, n)
		}
		got, err := 0, error(nil)
		for got == 0 && err == nil {
			got, err = b.source.Read(b.buffer[:n])
		}
		b.mu.Unlock()
		var r isolate.Runner
		if got > 0 {
			done(&r, b.buffer[:got], nil)
		} else {
			_ = b.source.Close()
			done(&r, nil, err)
		}
		r.Run()
	}()
}

func (b *readerBody) cancel(*isolate.Runner, *failure) { _ = b.source.Close() }

// A streamBody is a stream that a realm exports, seen from outside.
type streamBody struct {
	owner *instance
	id    int64
	rest  []byte // of a chunk that was larger than asked for
}

func (b *streamBody) read(r *isolate.Runner, limit int, done func(*isolate.Runner, []byte, error)) {
	if len(b.rest) > 0 {
		n := min(limit, len(b.rest))
		data := b.rest[:n]
		b.rest = b.rest[n:]
		done(r, data, nil)
		return
	}
	b.owner.pull(r, b.id, func(r *isolate.Runner, data []byte, err error) {
		if len(data) > limit {
			b.rest = append(b.rest[:0], data[limit:]...)
			data = data[:limit]
		}
		done(r, data, err)
	})
}

func (b *streamBody) cancel(r *isolate.Runner, f *failure) { b.owner.cancelStream(r, b.id, f) }

// A bodyReader is a body as an io.ReadCloser, for goroutines that may wait: each read runs the turns it needs itself.
type bodyReader struct {
	body  body
	space []byte // what chunk is cut from
	chunk []byte // unread bytes
	ended error
	over  atomic.Bool // ended or closed: the body is not to be used any more
	ready chan struct{}
	done  atomic.Bool
	state atomic.Int32 // of the pull: 0 running, 1 finished, 2 somebody waits on ready
	apart bool         // turns run on other goroutines
	lost  func()       // called when this goroutine never returns from a turn; nil for nothing
}

func newBodyReader(b body) *bodyReader { return &bodyReader{body: b, ready: make(chan struct{}, 1)} }

// newGoBodyReader is newBodyReader for a reader that dynos does not know: no turn runs on its goroutine, which might be lost in it.
func newGoBodyReader(b body) *bodyReader {
	return &bodyReader{body: b, ready: make(chan struct{}, 1), apart: true}
}

// next gets the next chunk; blocked, if not nil, is called before it has to wait.
func (b *bodyReader) next(blocked func() error) error {
	if b.ended != nil {
		return b.ended
	}
	if b.over.Load() {
		return io.ErrClosedPipe
	}
	b.done.Store(false)
	b.state.Store(0)
	var r isolate.Runner
	b.body.read(&r, readChunk, func(_ *isolate.Runner, data []byte, err error) {
		b.space = append(b.space[:0], data...)
		b.chunk = b.space
		b.ended = err
		if err != nil {
			b.over.Store(true)
		}
		b.done.Store(true)
		if b.state.Swap(1) == 2 {
			b.ready <- struct{}{}
		}
	})
	if b.apart {
		r.Hand()
	} else {
		r.OnStranded(b.lost)
		r.RunUntil(&b.done)
	}
	if !b.done.Load() && blocked != nil {
		if err := blocked(); err != nil {
			return err
		}
	}
	if b.state.CompareAndSwap(0, 2) {
		<-b.ready
	}
	return b.ended
}

// Read implements io.Reader.
func (b *bodyReader) Read(p []byte) (int, error) {
	for len(b.chunk) == 0 {
		if err := b.next(nil); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.chunk)
	b.chunk = b.chunk[n:]
	return n, nil
}

// SupportsBodyWriteTo says that WriteTo gives the same bytes as Read.
func (b *bodyReader) SupportsBodyWriteTo() bool { return true }

// WriteTo implements io.WriterTo: one write per chunk, and a flush before it waits for the worker.
func (b *bodyReader) WriteTo(w io.Writer) (n int64, err error) {
	flush := func() error {
		if f, ok := w.(interface{ Flush() error }); ok {
			return f.Flush()
		}
		return nil
	}
	for {
		if len(b.chunk) == 0 {
			if err := b.next(flush); err == io.EOF {
				return n, nil
			} else if err != nil {
				return n, err
			}
		}
		k, err := w.Write(b.chunk)
		n += int64(k)
		b.chunk = nil
		if err != nil {
			return n, err
		}
	}
}

// Close drops the rest of the body; a Read that waits then fails. Unlike Read it may be called by any goroutine.
func (b *bodyReader) Close() error {
	if !b.over.Swap(true) {
		var r isolate.Runner
		b.body.cancel(&r, nil)
		r.Run()
	}
	return nil
}

// readAll reads a body to its end and gives its bytes.
func readAll(r *isolate.Runner, b body, limit int64, done func(r *isolate.Runner, data []byte, err error)) {
	all := []byte{}
	var more func(r *isolate.Runner, data []byte, err error)
	more = func(r *isolate.Runner, data []byte, err error) {
		switch {
		case err == io.EOF:
			done(r, all, nil)
		case err != nil:
			done(r, nil, err)
		case int64(len(all)+len(data)) > limit:
			b.cancel(r, nil)
			done(r, nil, hostTypeError("Memory limit exceeded before EOF."))
		default:
			all = append(all, data...)
			b.read(r, readChunk, more)
		}
	}
	b.read(r, readChunk, more)
}

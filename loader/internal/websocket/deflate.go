package websocket

import (
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// flushed is how a compressed message ends, which is left out on the wire. https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1
const flushed = "\x00\x00\xff\xff"

// ended is an empty last block, so that who inflates finds an end.
const ended = "\x01\x00\x00\xff\xff"

const (
	windowSize  = 32 << 10
	historySize = 8 << 10 // what the compressor looks back over
)

// A deflater compresses messages. Between two of them it keeps their last bytes and no other state.
type deflater struct {
	keep    bool // messages may refer to those before them
	off     bool
	history []byte
	out     bytes.Buffer
}

// newDeflater makes one that may use a window of 1<<bits bytes. A smaller one than the usual it cannot keep to: it compresses nothing
// then, which is always allowed.
func newDeflater(keep bool, bits int) *deflater { return &deflater{keep: keep, off: bits < 15} }

// deflate returns a compressed message, valid until the next call; false if it is to be sent as it is.
func (d *deflater) deflate(data []byte) ([]byte, bool) {
	if d.off {
		return nil, false
	}
	if d.out.Cap() > keptBuffer {
		d.out = bytes.Buffer{}
	}
	d.out.Reset()
	if err := flate.StatelessDeflate(&d.out, data, false, d.history); err != nil {
		return nil, false // a buffer takes all
	}
	packed, ok := bytes.CutSuffix(d.out.Bytes(), []byte(flushed))
	if !ok || !d.keep && len(packed) >= len(data) { // with a history, what does not pay now may later
		return nil, false
	}
	if d.keep {
		d.history = remember(d.history, data, historySize)
	}
	return packed, true
}

// remember appends data to a history of which the last size bytes count.
func remember(history, data []byte, size int) []byte {
	if len(data) >= size {
		return append(history[:0], data[len(data)-size:]...)
	}
	if excess := len(history) + len(data) - size; excess > 0 {
		history = history[:copy(history, history[excess:])]
	}
	return append(history, data...)
}

// An inflater decompresses messages. Between two of them it keeps the window only.
type inflater struct {
	keep   bool
	window []byte
	source bytes.Reader
	out    bytes.Buffer
}

func newInflater(keep bool) *inflater { return &inflater{keep: keep} }

// readers are shared: each is tens of kilobytes, and idle connections need none.
var readers = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate returns a message, valid until the next call; it may write behind packed. Errors: *ProtocolError.
func (i *inflater) inflate(packed []byte) ([]byte, error) {
	if i.out.Cap() > keptBuffer {
		i.out = bytes.Buffer{}
	}
	i.out.Reset()
	reader := readers.Get().(io.ReadCloser)
	defer readers.Put(reader)
	i.source.Reset(append(packed, flushed+ended...))
	if err := reader.(flate.Resetter).Reset(&i.source, i.window); err != nil {
		return nil, &ProtocolError{1002, "Invalid compressed data"}
	}
	n, err := i.out.ReadFrom(io.LimitReader(reader, MaxMessage+1))
	switch {
	case err != nil:
		return nil, &ProtocolError{1002, "Invalid compressed data"}
	case n > MaxMessage:
		return nil, &ProtocolError{1009, "Message is too large"}
	}
	if i.keep {
		i.window = remember(i.window, i.out.Bytes(), windowSize)
	}
	return i.out.Bytes(), nil
}

package compress

import (
	"errors"
	"io"
	"reflect"

	"github.com/andybalholm/brotli"
)

// A BrotliError says that a decoder has refused its data; its text is the reference decoder's name of the code.
type BrotliError string

// Error implements error.
func (e BrotliError) Error() string { return string(e) }

// pendingWriter keeps what a compressor writes until a step has room for it.
type pendingWriter struct {
	data  []byte
	taken int
}

// Write implements io.Writer.
func (p *pendingWriter) Write(data []byte) (int, error) {
	p.data = append(p.data, data...)
	return len(data), nil
}

// take moves what is there to out, and says whether all of it fitted.
func (p *pendingWriter) take(out []byte) (n int, empty bool) {
	n = copy(out, p.data[p.taken:])
	p.taken += n
	if p.taken < len(p.data) {
		return n, false
	}
	p.data, p.taken = p.data[:0], 0
	return n, true
}

// A flushWriter is a compressor that writes to a pendingWriter.
type flushWriter interface {
	io.WriteCloser
	Flush() error
}

// A writerStream makes a [Stream] of a compressor that writes.
type writerStream struct {
	pending  *pendingWriter
	writer   flushWriter
	size     int
	synced   bool
	finished bool
}

// Ended implements [Stream].
func (s *writerStream) Ended() bool { return s.finished && len(s.pending.data) == 0 }

// Size implements [Stream].
func (s *writerStream) Size() int { return s.size }

// Close implements [Stream].
func (s *writerStream) Close() {}

// Step implements [Stream].
func (s *writerStream) Step(out, in []byte, flush Flush) (written, read int, err error) {
	for {
		n, empty := s.pending.take(out[written:])
		written += n
		if !empty || s.finished {
			return written, read, nil
		}
		switch {
		case read < len(in):
			piece := in[read:min(len(in), read+maxInput)]
			if _, err := s.writer.Write(piece); err != nil {
				return written, read, err
			}
			read += len(piece)
			s.synced = false
		case flush == Finish:
			s.finished = true
			if err := s.writer.Close(); err != nil {
				return written, read, err
			}
		case flush == SyncFlush && !s.synced:
			s.synced = true
			if err := s.writer.Flush(); err != nil {
				return written, read, err
			}
		default:
			return written, read, nil
		}
	}
}

// Limits and default of brotli's effort.
const (
	BrotliMaxQuality     = 11
	BrotliDefaultQuality = 11
)

// NewBrotliWriter returns a compressor with a quality from 0 to 11 and a window of 2^window bytes, 0 for the usual one. RFC 7932.
func NewBrotliWriter(quality, window int) Stream {
	p := &pendingWriter{}
	w := brotli.NewWriterOptions(p, brotli.WriterOptions{Quality: max(0, min(quality, BrotliMaxQuality)), LGWin: max(0, min(window, 24))})
	return &writerStream{pending: p, writer: w, size: 4 << 20, synced: true}
}

// A brotliReader is a decompressor. The package behind it reads from an io.Reader; that has nothing when a step's input is used up,
// and the decoder goes on when there is more.
type brotliReader struct {
	reader *brotli.Reader
	in     []byte
	held   int // of the input that was not told to be read, the reader has these bytes already
	ended  bool
}

// NewBrotliReader returns a decompressor.
func NewBrotliReader() Stream {
	b := &brotliReader{}
	b.reader = brotli.NewReader(brotliSource{b})
	return b
}

type brotliSource struct{ b *brotliReader }

// Read implements io.Reader.
func (s brotliSource) Read(p []byte) (int, error) {
	n := copy(p, s.b.in)
	s.b.in = s.b.in[n:]
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Ended implements [Stream].
func (b *brotliReader) Ended() bool { return b.ended }

// Size implements [Stream].
func (b *brotliReader) Size() int { return 1 << 20 }

// Close implements [Stream].
func (b *brotliReader) Close() {}

// Step implements [Stream].
func (b *brotliReader) Step(out, in []byte, _ Flush) (written, read int, err error) {
	b.in = in[min(b.held, len(in)):]
	for written < len(out) && !b.ended {
		n, err := b.reader.Read(out[written:])
		written += n
		switch {
		case err == nil:
		case errors.Is(err, io.ErrUnexpectedEOF): // it wants more
			b.held = 0
			return written, len(in), nil
		case errors.Is(err, io.EOF), err.Error() == "brotli: excessive input":
			b.ended = true
		default:
			return written, len(in), BrotliError("Compression failed")
		}
	}
	b.held = b.unread()
	read = max(0, len(in)-len(b.in)-b.held)
	b.in = nil
	return written, read, nil
}

// unread is how much of its input the reader has not come to. The package tells nobody, but keeps it in a field.
func (b *brotliReader) unread() int {
	if rest := reflect.ValueOf(b.reader).Elem().FieldByName("in"); rest.IsValid() {
		return rest.Len()
	}
	return 0
}

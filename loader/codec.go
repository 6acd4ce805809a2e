package loader

import (
	"sync"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/compress"
)

// maxCodecBytes bounds what the codecs of a realm may take, which its heap limit does not count: some 120 compressors at work at
// once, or 2,500 decompressors.
const maxCodecBytes = 128 << 20

// A codec is a compressor or decompressor that a realm works with.
type codec struct {
	stream compress.Stream
	size   int
	ctx    uint32
	// busy says that a step is running; what is closed meanwhile is let go of after it.
	busy, closed bool
}

// codecs are those of a realm by their number. The instance's mu guards them; steps run without it.
type codecs struct {
	open   map[uint32]*codec
	last   uint32
	bytes  int
	closed bool // the realm has gone
}

// close lets go of a codec. Numbers that are not there are ignored.
func (s *codecs) close(number uint32) {
	c := s.open[number]
	if c == nil {
		return
	}
	delete(s.open, number)
	s.bytes -= c.size
	c.closed = true
	if !c.busy {
		c.stream.Close()
	}
}

// closeContext lets go of what a context has opened.
func (s *codecs) closeContext(ctx uint32) {
	for number, c := range s.open {
		if c.ctx == ctx {
			s.close(number)
		}
	}
}

// newCodec returns the codec of a name, or nil.
func newCodec(format string, decode bool, level int, dictionary []byte) compress.Stream {
	switch {
	case format == "brotli" && decode:
		return compress.NewBrotliReader()
	case format == "brotli":
		const qualityBits = 8 // the window is above them
		return compress.NewBrotliWriter(level&(1<<qualityBits-1), level>>qualityBits)
	case format == "zstd" && decode:
		return compress.NewZstdReader()
	case format == "zstd":
		if s, err := compress.NewZstdWriter(level>>1, level&1 == 1); err == nil {
			return s
		}
		return nil
	}
	formats := map[string]compress.Format{"deflate-raw": compress.Raw, "deflate": compress.Zlib, "gzip": compress.Gzip}
	f, ok := formats[format]
	if !ok {
		return nil
	}
	if decode {
		return compress.NewInflater(f, dictionary)
	}
	return compress.NewDeflater(f, level, dictionary)
}

// codecOpen answers op_codec_open.
func (i *instance) codecOpen(a *ops.Reader, answer *ops.Batch) {
	ctx, format, decode, level := uint32(a.Int()), a.String(), a.Bool(), int(a.Int())
	var dictionary []byte
	if !a.IsNull() {
		dictionary = append([]byte{}, a.Bytes()...)
	}
	stream := newCodec(format, decode, level, dictionary)
	if stream == nil || a.Err != nil {
		isolate.CallError(answer, "Error", "malformed arguments")
		return
	}
	c := &codec{stream: stream, size: stream.Size() + len(dictionary), ctx: ctx}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := &i.codecs
	owner := i.contexts[ctx]
	if s.closed || ctx != 0 && owner == nil {
		isolate.CallError(answer, "Error", "The request has ended.")
		return
	}
	if s.bytes+c.size > maxCodecBytes {
		isolate.CallError(answer, "RangeError", "Too many compression streams are in use.")
		return
	}
	if owner != nil {
		owner.codecs = true
	}
	if s.open == nil {
		s.open = map[uint32]*codec{}
	}
	s.last++
	s.open[s.last] = c
	s.bytes += c.size
	isolate.CallResult(answer)
	answer.Int(int64(s.last))
}

// codecOutput is how much one step gives at most.
const codecOutput = 1 << 16

var codecBuffers = sync.Pool{New: func() any { return new([codecOutput]byte) }}

// codecStep answers op_codec_step.
func (i *instance) codecStep(a *ops.Reader, answer *ops.Batch) {
	number, input, flush := uint32(a.Int()), a.Bytes(), compress.Flush(a.Int())
	i.mu.Lock()
	c := i.codecs.open[number]
	if c != nil {
		c.busy = true
	}
	i.mu.Unlock()
	if c == nil || a.Err != nil {
		isolate.CallError(answer, "Error", "The request has ended.")
		return
	}
	buffer := codecBuffers.Get().(*[codecOutput]byte)
	written, read, err := c.stream.Step(buffer[:], input, flush)
	ended := c.stream.Ended()
	i.mu.Lock()
	c.busy = false
	if c.closed {
		c.stream.Close()
	}
	i.mu.Unlock()
	if err != nil {
		isolate.CallError(answer, "Error", err.Error())
	} else {
		isolate.CallResult(answer)
		answer.Array(3)
		answer.Data(buffer[:written])
		answer.Int(int64(read))
		answer.Bool(ended)
	}
	codecBuffers.Put(buffer)
}

// codecClose answers op_codec_close.
func (i *instance) codecClose(number uint32) {
	i.mu.Lock()
	i.codecs.close(number)
	i.mu.Unlock()
}

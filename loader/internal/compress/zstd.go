package compress

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// A ZstdError says that data is no zstd; its text is the reference decoder's.
type ZstdError string

// Error implements error.
func (e ZstdError) Error() string { return string(e) }

// Texts of the reference decoder.
const (
	ErrZstdMagic     ZstdError = "Unknown frame descriptor"
	ErrZstdCorrupted ZstdError = "Data corruption detected"
	ErrZstdChecksum  ZstdError = "Restored data doesn't match checksum"
	ErrZstdWindow    ZstdError = "Frame requires too much memory for decoding"
)

// NewZstdWriter returns a compressor with a level from 1 to 22, whether each frame has a checksum, and whether it tells its size.
// RFC 8878.
func NewZstdWriter(level int, checksum bool) (Stream, error) {
	p := &pendingWriter{}
	w, err := zstd.NewWriter(p, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
		zstd.WithEncoderCRC(checksum), zstd.WithZeroFrames(true), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	return &writerStream{pending: p, writer: w, size: 8 << 20, synced: true}, nil
}

// maxZstdInput is how much a decompressor collects.
const maxZstdInput = 64 << 20

// A zstdReader is a decompressor. The package behind it cannot stop in the middle of its input, so it collects that until a frame
// ends or the data does.
type zstdReader struct {
	input   bytes.Buffer
	decoder *zstd.Decoder
	started bool
	ended   bool
}

// NewZstdReader returns a decompressor.
func NewZstdReader() Stream { return &zstdReader{} }

// Ended implements [Stream].
func (z *zstdReader) Ended() bool { return z.ended }

// Size implements [Stream].
func (z *zstdReader) Size() int { return 4 << 20 }

// Close implements [Stream].
func (z *zstdReader) Close() {
	if z.decoder != nil {
		z.decoder.Close()
	}
}

// Step implements [Stream].
func (z *zstdReader) Step(out, in []byte, flush Flush) (written, read int, err error) {
	if z.input.Len()+len(in) > maxZstdInput {
		return 0, 0, ErrZstdWindow
	}
	if !z.started {
		z.input.Write(in)
		read = len(in)
		if err := magic(z.input.Bytes()); err != nil {
			return 0, read, err
		}
		if flush != Finish {
			return 0, read, nil
		}
		if z.input.Len() == 0 {
			z.ended = true
			return 0, read, nil
		}
		if z.decoder, err = zstd.NewReader(&z.input, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20)); err != nil {
			return 0, read, ErrZstdCorrupted
		}
		z.started = true
	}
	for written < len(out) {
		n, err := z.decoder.Read(out[written:])
		written += n
		if err == nil {
			continue
		}
		if errors.Is(err, io.EOF) {
			z.ended = true
			return written, read, nil
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return written, read, nil
		}
		return written, read, zstdError(err)
	}
	return written, read, nil
}

// magic refuses what cannot become a frame.
func magic(data []byte) error {
	const normal, skippable = "\x28\xb5\x2f\xfd", "\x2a\x4d\x18"
	for i := range min(len(data), 4) {
		if data[i] != normal[i] && (i == 0 && data[i]&0xf0 != 0x50 || i > 0 && (data[0]&0xf0 != 0x50 || data[i] != skippable[i-1])) {
			return ErrZstdMagic
		}
	}
	return nil
}

func zstdError(err error) error {
	switch {
	case errors.Is(err, zstd.ErrMagicMismatch):
		return ErrZstdMagic
	case errors.Is(err, zstd.ErrCRCMismatch):
		return ErrZstdChecksum
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return ErrZstdWindow
	}
	return ErrZstdCorrupted
}

package loader

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/compress"
	"github.com/dynos-run/dynos/loader/internal/hostops"
)

// Modes of node:zlib, as it numbers them.
const (
	zlibDeflate = iota + 1
	zlibInflate
	zlibGzip
	zlibGunzip
	zlibDeflateRaw
	zlibInflateRaw
	zlibUnzip
	zlibBrotliDecode
	zlibBrotliEncode
	zlibZstdEncode
	zlibZstdDecode
)

// Flush values of node:zlib.
const (
	zlibNoFlush = 0
	zlibFinish  = 4
)

// maxZlibBytes is how much goes in or comes out at once, as on the reference runtime.
const maxZlibBytes = 128 << 20

// zlibPiece is how much goes in before it is looked whether to stop: the slowest take a second for it.
const zlibPiece = 512 << 10

// A zlibRequest is one call of a function of node:zlib that does all its work at once.
type zlibRequest struct {
	mode       int
	data       []byte
	level      int // of brotli the quality
	window     int
	strategy   int
	flush      int // of the end; zstd: whether there are checksums
	max        int
	dictionary []byte
	stop       func() bool // says that it is to give up
}

var errZlibMemory = hostops.NewOpError("RangeError", "Memory limit exceeded", nil)

// zlibOnce answers op_zlib.
func zlibOnce(a *ops.Reader, answer *ops.Batch, stop func() bool) {
	z := zlibRequest{mode: int(a.Int()), stop: stop}
	if a.IsBytes() {
		z.data = a.Bytes()
	} else {
		z.data = a.UTF8()
	}
	z.level, z.window, z.strategy, z.flush, z.max = int(a.Int()), int(a.Int()), int(a.Int()), int(a.Int()), int(a.Int())
	if !a.IsNull() {
		z.dictionary = append([]byte{}, a.Bytes()...)
	}
	out, err := z.run()
	if err != nil {
		answerOpError(answer, err)
		return
	}
	isolate.CallResult(answer)
	answer.Data(out)
}

func (z *zlibRequest) run() ([]byte, error) {
	if len(z.data) >= maxZlibBytes {
		return nil, errZlibMemory
	}
	switch z.mode {
	case zlibDeflate, zlibGzip, zlibDeflateRaw:
		return z.deflate()
	case zlibUnzip:
		z.mode = zlibInflate
		if len(z.data) > 0 && z.data[0] == 0x1f && (len(z.data) == 1 || z.data[1] == 0x8b) {
			z.mode = zlibGunzip
		}
	case zlibBrotliEncode:
		return z.drain(compress.NewBrotliWriter(z.level, z.window))
	case zlibBrotliDecode:
		return z.drain(compress.NewBrotliReader())
	case zlibZstdEncode:
		s, err := compress.NewZstdWriter(z.level, z.strategy != 0)
		if err != nil {
			return nil, err
		}
		return z.drain(s)
	case zlibZstdDecode:
		return z.drain(compress.NewZstdReader())
	}
	formats := map[int]compress.Format{zlibInflate: compress.Zlib, zlibGunzip: compress.Gzip, zlibInflateRaw: compress.Raw}
	return z.drain(compress.NewInflater(formats[z.mode], z.dictionary))
}

func (z *zlibRequest) deflate() ([]byte, error) {
	formats := map[int]compress.Format{zlibDeflate: compress.Zlib, zlibGzip: compress.Gzip, zlibDeflateRaw: compress.Raw}
	var out []byte
	var err error
	if z.level == 0 && z.flush == zlibFinish && z.dictionary == nil {
		out = z.store()
	} else {
		out, err = z.drain(compress.NewDeflater(formats[z.mode], z.level, z.dictionary))
	}
	if err == nil && z.mode == zlibDeflate && len(out) >= 2 {
		z.fixHeader(out)
	}
	return out, err
}

// fixHeader tells the window, if the data fit into it, and that a strategy was not to try hard. RFC 1950, 2.2.
func (z *zlibRequest) fixHeader(out []byte) {
	const plain = 15
	window := max(z.window, 9)
	if window < plain && len(z.data) > 1<<window-262 {
		window = plain
	}
	header := (window-8)<<12 | 8<<8 | int(out[1]&^0x1f)
	if z.strategy >= 2 {
		header &^= 0xc0
	}
	header += 31 - header%31
	binary.BigEndian.PutUint16(out, uint16(header))
}

// store is what level 0 makes of data: blocks as large as they can be.
func (z *zlibRequest) store() []byte {
	const most = 65535
	out := make([]byte, 0, len(z.data)+len(z.data)/most*5+32)
	switch z.mode {
	case zlibDeflate:
		out = append(out, 0x78, 0x01)
	case zlibGzip:
		out = append(out, 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3)
	}
	for rest := z.data; ; {
		n := min(len(rest), most)
		last := byte(0)
		if n == len(rest) {
			last = 1
		}
		out = append(out, last)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, rest[:n]...)
		if rest = rest[n:]; last == 1 {
			break
		}
	}
	switch z.mode {
	case zlibDeflate:
		out = binary.BigEndian.AppendUint32(out, adler32.Checksum(z.data))
	case zlibGzip:
		out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(z.data))
		out = binary.LittleEndian.AppendUint32(out, uint32(len(z.data)))
	}
	return out
}

// drain passes all the data through a stream. The members of a gzip file follow one another.
func (z *zlibRequest) drain(s compress.Stream) ([]byte, error) {
	defer s.Close()
	flush := compress.SyncFlush
	switch z.flush {
	case zlibFinish:
		flush = compress.Finish
	case zlibNoFlush:
		flush = compress.NoFlush
	}
	out := make([]byte, min(z.max, max(len(z.data), 4096)))
	size := 0
	var spare [1]byte
	for rest := z.data; ; {
		if z.stop() {
			return nil, hostops.ErrStopped
		}
		piece, then := rest, flush
		if len(piece) > zlibPiece {
			piece, then = piece[:zlibPiece], compress.NoFlush
		}
		space := out[size:]
		if len(space) == 0 {
			// Whether it ends where the output may end.
			space = spare[:]
		}
		written, read, err := s.Step(space, piece, then)
		if size += written; size > z.max {
			return nil, errZlibMemory
		}
		rest = rest[read:]
		if err != nil {
			return nil, z.describe(err)
		}
		if read == len(piece) && len(rest) > 0 && !s.Ended() && written < len(space) {
			continue
		}
		if s.Ended() {
			if inflater, ok := s.(*compress.Inflater); ok && z.mode == zlibGunzip && len(rest) > 0 && rest[0] != 0 {
				inflater.Reset()
				continue
			}
			return out[:size], nil
		}
		if written < len(space) {
			return out[:size], z.incomplete()
		}
		out = append(out, make([]byte, min(len(out), z.max-len(out)))...)
	}
}

// incomplete is the error of data that ends too early, if it was meant to end.
func (z *zlibRequest) incomplete() error {
	switch z.mode {
	case zlibInflate, zlibGunzip, zlibInflateRaw:
		if z.flush == zlibFinish {
			return hostops.NewOpError("Error", "unexpected end of file", nil)
		}
	case zlibBrotliDecode:
		if z.flush == zlibFinish {
			return hostops.NewOpError("Error", "Unexpected end of file", nil)
		}
	case zlibZstdDecode:
		return hostops.NewOpError("Error", "unexpected end of file", nil)
	}
	return nil
}

func (z *zlibRequest) describe(err error) error {
	if z.mode == zlibZstdDecode {
		return hostops.NewOpError("Error", "Zstd decompression failed: "+err.Error(), err)
	}
	return hostops.NewOpError("Error", err.Error(), err)
}

// zlibChecksum answers op_crc32.
func zlibChecksum(a *ops.Reader, answer *ops.Batch) {
	var data []byte
	if a.IsBytes() {
		data = a.Bytes()
	} else {
		data = a.UTF8()
	}
	sum := crc32.Update(uint32(a.Int()), crc32.IEEETable, data)
	isolate.CallResult(answer)
	answer.Int(int64(sum))
}

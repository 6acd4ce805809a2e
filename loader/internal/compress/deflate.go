package compress

import (
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// DefaultLevel is the level of a compressor that nobody chose one for; levels go from 0, which stores, to 9.
const DefaultLevel = -1

// A Deflater compresses to any [Format].
type Deflater struct {
	format     Format
	level      int
	dictionary []byte
	writer     *flate.Writer
	effort     int // the level of the writer
	// first is input that waits until it is known how much there is.
	first []byte
	// What the writer has written and nobody has taken yet.
	pending []byte
	taken   int
	sum     uint32
	total   uint64
	started bool
	// synced says that everything which was read is in pending.
	synced   bool
	finished bool
}

// Compressors are large, and cheap to use again.
var writers [flate.BestCompression + 2]sync.Pool

// NewDeflater returns a compressor. The dictionary may be nil; it is not changed.
func NewDeflater(format Format, level int, dictionary []byte) *Deflater {
	d := &Deflater{format: format, level: max(DefaultLevel, min(level, flate.BestCompression)), dictionary: dictionary}
	d.Reset()
	return d
}

// Reset begins again.
func (d *Deflater) Reset() {
	d.pending, d.taken, d.total = d.pending[:0], 0, 0
	d.first = nil
	d.started, d.finished, d.synced = false, false, true
	d.sum = 0
	if d.format == Zlib {
		d.sum = 1
	}
	d.Close()
}

// Levels trade size for speed, which makes no sense for data that fits into a packet or two.
const (
	smallInput  = 4096
	smallEffort = 9
)

// open makes the writer, once there is something for it.
func (d *Deflater) open(small bool) {
	if d.writer != nil {
		return
	}
	d.effort = d.level
	if small && d.level != 0 {
		d.effort = smallEffort
	}
	if d.dictionary == nil {
		if w, ok := writers[d.effort+1].Get().(*flate.Writer); ok {
			d.writer = w
			w.Reset(d)
		}
	}
	if d.writer == nil {
		// The level is one, and that is all that could be wrong.
		d.writer, _ = flate.NewWriterDict(d, d.effort, d.dictionary)
	}
	if d.first != nil {
		_, _ = d.writer.Write(d.first)
		d.first = nil
	}
}

// Write implements io.Writer for the compressor behind it.
func (d *Deflater) Write(p []byte) (int, error) {
	d.pending = append(d.pending, p...)
	return len(p), nil
}

// Ended implements [Stream].
func (d *Deflater) Ended() bool { return d.finished && d.taken == len(d.pending) }

// Size implements [Stream].
func (d *Deflater) Size() int { return 1 << 20 }

// Close implements [Stream].
func (d *Deflater) Close() {
	if d.writer != nil && d.dictionary == nil {
		d.writer.Reset(nil)
		writers[d.effort+1].Put(d.writer)
	}
	d.writer = nil
}

// What one step gives to the compressor, and so about how much it may bring at once.
const maxInput = 1 << 16

// Step implements [Stream].
func (d *Deflater) Step(out, in []byte, flush Flush) (written, read int, err error) {
	for {
		n := copy(out[written:], d.pending[d.taken:])
		written += n
		if d.taken += n; d.taken < len(d.pending) {
			return written, read, nil
		}
		d.pending, d.taken = d.pending[:0], 0
		if d.finished {
			return written, read, nil
		}
		if read < len(in) {
			piece := in[read:min(len(in), read+maxInput)]
			d.compress(piece)
			read += len(piece)
			continue
		}
		if flush == NoFlush || flush == SyncFlush && d.synced {
			return written, read, nil
		}
		d.flush(flush)
	}
}

func (d *Deflater) compress(piece []byte) {
	d.start()
	d.synced = false
	d.total += uint64(len(piece))
	switch d.format {
	case Zlib:
		d.sum = updateAdler(d.sum, piece)
	case Gzip:
		d.sum = crc32.Update(d.sum, crc32.IEEETable, piece)
	}
	if d.writer == nil && len(d.first)+len(piece) <= smallInput {
		d.first = append(d.first, piece...)
		return
	}
	d.open(false)
	// It cannot fail: this Write does not.
	_, _ = d.writer.Write(piece)
}

func (d *Deflater) flush(flush Flush) {
	d.start()
	d.synced = true
	if flush == SyncFlush {
		d.open(false)
		_ = d.writer.Flush()
		return
	}
	if d.total == 0 && d.writer == nil && d.dictionary == nil {
		d.pending = append(d.pending, 3, 0) // the shortest way to say nothing, and zlib's
	} else {
		d.open(true)
		_ = d.writer.Close()
	}
	switch d.format {
	case Zlib:
		d.pending = binary.BigEndian.AppendUint32(d.pending, d.sum)
	case Gzip:
		d.pending = binary.LittleEndian.AppendUint32(d.pending, d.sum)
		d.pending = binary.LittleEndian.AppendUint32(d.pending, uint32(d.total))
	}
	d.finished = true
}

// start writes the header.
func (d *Deflater) start() {
	if d.started {
		return
	}
	d.started = true
	switch d.format {
	case Zlib:
		d.pending = appendZlibHeader(d.pending, d.level, d.dictionary)
	case Gzip:
		hint := byte(0)
		switch d.level {
		case 9:
			hint = 2
		case 0, 1:
			hint = 4
		}
		const unix = 3
		d.pending = append(d.pending, 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, hint, unix)
	}
}

// https://www.rfc-editor.org/rfc/rfc1950#section-2.2
func appendZlibHeader(p []byte, level int, dictionary []byte) []byte {
	hint := 2 // of how hard it tried
	switch level {
	case 0, 1:
		hint = 0
	case 2, 3, 4, 5:
		hint = 1
	case 7, 8, 9:
		hint = 3
	}
	header := 0x78<<8 | hint<<6
	if dictionary != nil {
		header |= 0x20
	}
	header += 31 - header%31
	p = binary.BigEndian.AppendUint16(p, uint16(header))
	if dictionary != nil {
		p = binary.BigEndian.AppendUint32(p, updateAdler(1, dictionary))
	}
	return p
}

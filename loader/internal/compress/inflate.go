package compress

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
)

const (
	windowSize = 1 << 15
	maxMatch   = 258

	lengthRoot   = 10
	distanceRoot = 9
)

// An Inflater decompresses deflated data of any [Format].
type Inflater struct {
	format     Format
	dictionary []byte
	state      inflateState
	err        error

	// The input of a step, and the bits of it that have been taken but not used, lowest first. Bytes are only taken once they
	// are needed, so that what comes after the end is never swallowed.
	in   []byte
	bits uint64
	n    uint

	// The output of a step. What earlier steps gave is in the window: the last `kept` bytes, ending before `next`, in a ring.
	out    []byte
	at     int
	summed int
	window []byte
	next   int
	kept   int

	sum   uint32
	total uint32

	last             bool // the block is the last one
	lengths          table
	distances        table
	lengthOf         [320]uint8 // code lengths of a block, as they come
	have             int
	nLengths, nDists int
	nCodes           int
	length, distance int
	extra            uint
	flags            int
	headerSum        uint32
}

// NewInflater returns a decompressor. The dictionary may be nil; it is not changed.
func NewInflater(format Format, dictionary []byte) *Inflater {
	d := &Inflater{format: format, dictionary: dictionary, window: make([]byte, windowSize)}
	d.Reset()
	return d
}

// Reset begins again, with data of the same format: gzip has members, for example.
func (d *Inflater) Reset() {
	d.err, d.bits, d.n = nil, 0, 0
	d.next, d.kept, d.total, d.sum = 0, 0, 0, 0
	d.last = false
	d.state = stateBlock
	switch d.format {
	case Zlib:
		d.state, d.sum = stateZlib, 1
	case Gzip:
		d.state = stateGzip
	case Raw:
		d.keep(d.dictionary)
	}
}

// Ended implements [Stream].
func (d *Inflater) Ended() bool { return d.state == stateEnd }

// Size implements [Stream].
func (d *Inflater) Size() int { return windowSize + 16<<10 }

// Close implements [Stream].
func (d *Inflater) Close() {}

// Step implements [Stream].
func (d *Inflater) Step(out, in []byte, _ Flush) (written, read int, err error) {
	if d.err != nil {
		return 0, 0, d.err
	}
	d.in, d.out, d.at, d.summed = in, out, 0, 0
	for d.state != stateEnd && steps[d.state](d) {
	}
	d.addSum()
	d.keep(d.out[:d.at])
	written, read, err = d.at, len(in)-len(d.in), d.err
	d.in, d.out = nil, nil
	return written, read, err
}

// addSum counts the output that has not been counted yet.
func (d *Inflater) addSum() {
	fresh := d.out[d.summed:d.at]
	d.summed = d.at
	d.total += uint32(len(fresh))
	switch d.format {
	case Zlib:
		d.sum = updateAdler(d.sum, fresh)
	case Gzip:
		d.sum = crc32.Update(d.sum, crc32.IEEETable, fresh)
	}
}

// keep puts bytes into the window.
func (d *Inflater) keep(p []byte) {
	if len(p) >= windowSize {
		copy(d.window, p[len(p)-windowSize:])
		d.next, d.kept = 0, windowSize
		return
	}
	n := copy(d.window[d.next:], p)
	copy(d.window, p[n:])
	d.next = (d.next + len(p)) % windowSize
	d.kept = min(d.kept+len(p), windowSize)
}

func (d *Inflater) fail(text string) bool { return d.failWith(DataError(text)) }

func (d *Inflater) failWith(err error) bool {
	d.err = err
	return false
}

// need waits for n bits, at most 56.
func (d *Inflater) need(n uint) bool {
	for d.n < n {
		if !d.load() {
			return false
		}
	}
	return true
}

func (d *Inflater) load() bool {
	if len(d.in) == 0 {
		return false
	}
	d.bits |= uint64(d.in[0]) << d.n
	d.n += 8
	d.in = d.in[1:]
	return true
}

// take uses n bits that are there.
func (d *Inflater) take(n uint) int {
	v := d.bits & (1<<n - 1)
	d.bits >>= n
	d.n -= n
	return int(v)
}

// symbol decodes one symbol; its bits are used.
func (d *Inflater) symbol(t *table) (entry, bool) {
	for {
		e := t.entries[d.bits&(1<<t.root-1)]
		used := e.bits()
		if e.kind()&kindLink != 0 && used <= d.n {
			e = t.entries[e.value()+int(d.bits>>t.root&(1<<(e.kind()&15)-1))]
			used = t.root + e.bits()
		}
		if used <= d.n {
			d.take(used)
			return e, true
		}
		if !d.load() {
			return 0, false
		}
	}
}

// copyMatch copies as much of the match as there is room for.
func (d *Inflater) copyMatch() bool {
	for d.length > 0 {
		room := min(d.length, len(d.out)-d.at)
		if room == 0 {
			return false
		}
		n := 0
		if back := d.distance - d.at; back > 0 {
			from := d.next - back
			if from < 0 {
				from += windowSize
			}
			n = copy(d.out[d.at:d.at+min(room, back)], d.window[from:])
		} else {
			// A match may overlap what it makes: what is there already is copied, which doubles it each time.
			n = copy(d.out[d.at:d.at+room], d.out[d.at-d.distance:d.at])
		}
		d.at += n
		d.length -= n
	}
	return true
}

// fast decodes symbols while there is so much input and output that nothing has to be checked. False: the data is malformed.
// It leaves the state where the other steps go on.
func (d *Inflater) fast() bool {
	in, out, at := d.in, d.out, d.at
	bits, n := d.bits, d.n
	lengths, distances := d.lengths.entries, d.distances.entries
	lengthMask, distanceMask := uint64(1)<<d.lengths.root-1, uint64(1)<<d.distances.root-1
	text := ""
	for len(in) >= 8 && len(out)-at >= maxMatch {
		bits |= binary.LittleEndian.Uint64(in) << n
		in = in[(63-n)>>3:]
		n |= 56
		e := lengths[bits&lengthMask]
		if e.kind()&kindLink != 0 {
			bits >>= d.lengths.root
			n -= d.lengths.root
			e = lengths[e.value()+int(bits&(1<<(e.kind()&15)-1))]
		}
		bits >>= e.bits()
		n -= e.bits()
		if e.kind() == kindSymbol {
			out[at] = byte(e.value())
			at++
			continue
		}
		if e.kind()&kindBase == 0 {
			if e.kind() == kindEnd {
				d.state = stateBlock
			} else {
				text = "invalid literal/length code"
			}
			break
		}
		extra := e.kind() & 15
		length := e.value() + int(bits&(1<<extra-1))
		bits >>= extra
		n -= extra
		e = distances[bits&distanceMask]
		if e.kind()&kindLink != 0 {
			bits >>= d.distances.root
			n -= d.distances.root
			e = distances[e.value()+int(bits&(1<<(e.kind()&15)-1))]
		}
		bits >>= e.bits()
		n -= e.bits()
		if e.kind()&kindBase == 0 {
			text = "invalid distance code"
			break
		}
		extra = e.kind() & 15
		distance := e.value() + int(bits&(1<<extra-1))
		bits >>= extra
		n -= extra
		if distance > at+d.kept {
			text = "invalid distance too far back"
			break
		}
		if distance >= length && distance <= at {
			copy(out[at:at+length], out[at-distance:])
			at += length
			continue
		}
		d.at, d.length, d.distance = at, length, distance
		d.copyMatch()
		at = d.at
	}
	// Whole bytes that were not used go back.
	d.in = d.in[len(d.in)-len(in)-int(n>>3):]
	d.n = n & 7
	d.bits = bits & (1<<d.n - 1)
	d.at = at
	if text != "" {
		return d.fail(text)
	}
	return true
}

// updateAdler continues an Adler-32 sum.
func updateAdler(sum uint32, p []byte) uint32 {
	if len(p) == 0 {
		return sum
	}
	// Sums of two pieces add up: https://www.rfc-editor.org/rfc/rfc1950#section-9
	const mod = 65521
	piece := adler32.Checksum(p)
	a, b := sum&0xffff, sum>>16
	n := uint32(len(p) % mod)
	low := (a + piece&0xffff + mod - 1) % mod
	high := (b + piece>>16 + uint32(uint64(n)*uint64(a)%mod) + mod - n) % mod
	return high<<16 | low
}

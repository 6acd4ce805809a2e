package compress

import (
	"hash/adler32"
	"hash/crc32"
	"math/bits"
)

// An inflateState is where an [Inflater] goes on.
type inflateState uint8

const (
	stateZlib inflateState = iota
	stateDictionary
	stateGzip
	stateGzipTime
	stateGzipExtra
	stateGzipExtraBytes
	stateGzipName
	stateGzipComment
	stateGzipSum
	stateBlock
	stateStored
	stateStoredBytes
	stateTables
	stateCodeLengths
	stateLengths
	stateSymbols
	stateLengthExtra
	stateDistance
	stateDistanceExtra
	stateMatch
	stateSum
	stateTotal
	stateEnd
)

// steps has a function for each state but the last. It says false if it waits for input or room, or has failed.
var steps = [stateEnd]func(*Inflater) bool{
	stateZlib:           (*Inflater).readZlib,
	stateDictionary:     (*Inflater).readDictionary,
	stateGzip:           (*Inflater).readGzip,
	stateGzipTime:       (*Inflater).readGzipTime,
	stateGzipExtra:      (*Inflater).readGzipExtra,
	stateGzipExtraBytes: (*Inflater).readGzipExtraBytes,
	stateGzipName:       (*Inflater).readGzipName,
	stateGzipComment:    (*Inflater).readGzipComment,
	stateGzipSum:        (*Inflater).readGzipSum,
	stateBlock:          (*Inflater).readBlock,
	stateStored:         (*Inflater).readStored,
	stateStoredBytes:    (*Inflater).readStoredBytes,
	stateTables:         (*Inflater).readTables,
	stateCodeLengths:    (*Inflater).readCodeLengths,
	stateLengths:        (*Inflater).readLengths,
	stateSymbols:        (*Inflater).readSymbols,
	stateLengthExtra:    (*Inflater).readLengthExtra,
	stateDistance:       (*Inflater).readDistance,
	stateDistanceExtra:  (*Inflater).readDistanceExtra,
	stateMatch:          (*Inflater).readMatch,
	stateSum:            (*Inflater).readSum,
	stateTotal:          (*Inflater).readTotal,
}

// Headers.

// https://www.rfc-editor.org/rfc/rfc1950#section-2.2
func (d *Inflater) readZlib() bool {
	if !d.need(16) {
		return false
	}
	method, flags := d.take(8), d.take(8)
	switch {
	case (method<<8|flags)%31 != 0:
		return d.fail("incorrect header check")
	case method&15 != 8:
		return d.fail("unknown compression method")
	case method>>4 > 7:
		return d.fail("invalid window size")
	}
	d.state = stateBlock
	if flags&0x20 != 0 {
		d.state = stateDictionary
	}
	return true
}

func (d *Inflater) readDictionary() bool {
	if !d.need(32) {
		return false
	}
	id := bits.ReverseBytes32(uint32(d.take(32)))
	if d.dictionary == nil {
		return d.failWith(ErrNeedDictionary)
	}
	if adler32.Checksum(d.dictionary) != id {
		return d.failWith(ErrBadDictionary)
	}
	d.keep(d.dictionary)
	d.state = stateBlock
	return true
}

const (
	gzipSum     = 1 << 1
	gzipExtra   = 1 << 2
	gzipName    = 1 << 3
	gzipComment = 1 << 4
)

// takeHeader takes whole bytes of a gzip header, which has a sum of its own.
func (d *Inflater) takeHeader(count uint) int {
	v := d.take(8 * count)
	for k := range count {
		d.headerSum = crc32.Update(d.headerSum, crc32.IEEETable, []byte{byte(v >> (8 * k))})
	}
	return v
}

// https://www.rfc-editor.org/rfc/rfc1952#section-2.3
func (d *Inflater) readGzip() bool {
	if !d.need(16) {
		return false
	}
	d.headerSum = 0
	if d.bits&0xffff != 0x8b1f {
		return d.fail("incorrect header check")
	}
	if !d.need(32) {
		return false
	}
	if d.takeHeader(2); d.bits&0xff != 8 {
		return d.fail("unknown compression method")
	}
	if d.flags = d.takeHeader(2) >> 8; d.flags&0xe0 != 0 {
		return d.fail("unknown header flags set")
	}
	d.state = stateGzipTime
	return true
}

func (d *Inflater) readGzipTime() bool {
	if !d.need(48) {
		return false
	}
	d.takeHeader(4)
	d.takeHeader(2)
	d.state = stateGzipExtra
	return true
}

func (d *Inflater) readGzipExtra() bool {
	d.length = 0
	if d.flags&gzipExtra != 0 {
		if !d.need(16) {
			return false
		}
		d.length = d.takeHeader(2)
	}
	d.state = stateGzipExtraBytes
	return true
}

func (d *Inflater) readGzipExtraBytes() bool {
	for ; d.length > 0; d.length-- {
		if !d.need(8) {
			return false
		}
		d.takeHeader(1)
	}
	d.state = stateGzipName
	return true
}

func (d *Inflater) readGzipName() bool    { return d.skipText(gzipName, stateGzipComment) }
func (d *Inflater) readGzipComment() bool { return d.skipText(gzipComment, stateGzipSum) }

// skipText reads over a text that ends with a zero byte, if the header has it.
func (d *Inflater) skipText(flag int, next inflateState) bool {
	for d.flags&flag != 0 {
		if !d.need(8) {
			return false
		}
		if d.takeHeader(1) == 0 {
			break
		}
	}
	d.state = next
	return true
}

func (d *Inflater) readGzipSum() bool {
	if d.flags&gzipSum != 0 {
		if !d.need(16) {
			return false
		}
		if d.take(16) != int(d.headerSum&0xffff) {
			return d.fail("header crc mismatch")
		}
	}
	d.state = stateBlock
	return true
}

// Blocks. https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3

func (d *Inflater) readBlock() bool {
	if d.last {
		d.take(d.n & 7)
		d.state = stateSum
		return true
	}
	if !d.need(3) {
		return false
	}
	d.last = d.take(1) == 1
	switch d.take(2) {
	case 0:
		d.take(d.n & 7)
		d.state = stateStored
	case 1:
		d.buildFixed()
		d.state = stateSymbols
	case 2:
		d.state = stateTables
	default:
		return d.fail("invalid block type")
	}
	return true
}

func (d *Inflater) buildFixed() {
	l := d.lengthOf[:]
	for k := range 288 {
		switch {
		case k < 144 || k >= 280:
			l[k] = 8
		case k < 256:
			l[k] = 9
		default:
			l[k] = 7
		}
	}
	for k := range 32 {
		l[288+k] = 5
	}
	d.lengths.build(l[:288], lengthSymbols[:], lengthRoot, true)
	d.distances.build(l[288:320], distanceSymbols[:], distanceRoot, true)
}

func (d *Inflater) readStored() bool {
	if !d.need(32) {
		return false
	}
	length := d.take(16)
	if d.take(16) != length^0xffff {
		return d.fail("invalid stored block lengths")
	}
	d.length = length
	d.state = stateStoredBytes
	return true
}

func (d *Inflater) readStoredBytes() bool {
	n := min(d.length, len(d.in), len(d.out)-d.at)
	copy(d.out[d.at:], d.in[:n])
	d.at += n
	d.in = d.in[n:]
	if d.length -= n; d.length > 0 {
		return false
	}
	d.state = stateBlock
	return true
}

func (d *Inflater) readTables() bool {
	if !d.need(14) {
		return false
	}
	d.nLengths, d.nDists, d.nCodes = 257+d.take(5), 1+d.take(5), 4+d.take(4)
	if d.nLengths > 286 || d.nDists > 30 {
		return d.fail("too many length or distance symbols")
	}
	clear(d.lengthOf[:])
	d.have = 0
	d.state = stateCodeLengths
	return true
}

var codeOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

func (d *Inflater) readCodeLengths() bool {
	for ; d.have < d.nCodes; d.have++ {
		if !d.need(3) {
			return false
		}
		d.lengthOf[codeOrder[d.have]] = uint8(d.take(3))
	}
	if !d.lengths.build(d.lengthOf[:19], codeSymbols[:], 7, false) {
		return d.fail("invalid code lengths set")
	}
	d.have = 0
	d.state = stateLengths
	return true
}

// readLengths reads the code lengths of a block, which are coded themselves.
func (d *Inflater) readLengths() bool {
	for d.have < d.nLengths+d.nDists {
		e, ok := d.peekSymbol(&d.lengths)
		if !ok {
			return false
		}
		if e.value() < 16 {
			d.take(e.bits())
			d.lengthOf[d.have] = uint8(e.value())
			d.have++
			continue
		}
		if !d.repeatLength(e) {
			return false
		}
	}
	return d.buildTables()
}

// peekSymbol waits for a symbol of a table without links and leaves it unused.
func (d *Inflater) peekSymbol(t *table) (entry, bool) {
	for {
		e := t.entries[d.bits&(1<<t.root-1)]
		if e.bits() <= d.n {
			return e, true
		}
		if !d.load() {
			return 0, false
		}
	}
}

// repeatLength reads a symbol that stands for several lengths: of the one before, or zeros.
func (d *Inflater) repeatLength(e entry) bool {
	extra, base := uint(2), 3
	switch e.value() {
	case 17:
		extra = 3
	case 18:
		extra, base = 7, 11
	}
	if !d.need(e.bits() + extra) {
		return false
	}
	d.take(e.bits())
	length := uint8(0)
	if e.value() == 16 {
		if d.have == 0 {
			return d.fail("invalid bit length repeat")
		}
		length = d.lengthOf[d.have-1]
	}
	count := base + d.take(extra)
	if d.have+count > d.nLengths+d.nDists {
		return d.fail("invalid bit length repeat")
	}
	for range count {
		d.lengthOf[d.have] = length
		d.have++
	}
	return true
}

func (d *Inflater) buildTables() bool {
	if d.lengthOf[256] == 0 {
		return d.fail("invalid code -- missing end-of-block")
	}
	if !d.lengths.build(d.lengthOf[:d.nLengths], lengthSymbols[:], lengthRoot, true) {
		return d.fail("invalid literal/lengths set")
	}
	if !d.distances.build(d.lengthOf[d.nLengths:d.nLengths+d.nDists], distanceSymbols[:], distanceRoot, true) {
		return d.fail("invalid distances set")
	}
	d.state = stateSymbols
	return true
}

func (d *Inflater) readSymbols() bool {
	if len(d.in) >= 8 && len(d.out)-d.at >= maxMatch {
		if !d.fast() {
			return false
		}
		if d.state != stateSymbols {
			return true
		}
	}
	if d.at == len(d.out) {
		// The end of the block takes no room, but what comes before it might.
		return d.peekEnd()
	}
	e, ok := d.symbol(&d.lengths)
	if !ok {
		return false
	}
	switch {
	case e.kind() == kindSymbol:
		d.out[d.at] = byte(e.value())
		d.at++
	case e.kind() == kindEnd:
		d.state = stateBlock
	case e.kind() == kindInvalid:
		return d.fail("invalid literal/length code")
	default:
		d.length, d.extra = e.value(), e.kind()&15
		d.state = stateLengthExtra
	}
	return true
}

// peekEnd goes on only if the next symbol is the end of the block, so that data that just fits into the output ends with it.
func (d *Inflater) peekEnd() bool {
	saved, n := d.bits, d.n
	in := d.in
	e, ok := d.symbol(&d.lengths)
	if ok && e.kind() == kindEnd {
		d.state = stateBlock
		return true
	}
	d.bits, d.n, d.in = saved, n, in
	return false
}

func (d *Inflater) readLengthExtra() bool {
	if !d.need(d.extra) {
		return false
	}
	d.length += d.take(d.extra)
	d.state = stateDistance
	return true
}

func (d *Inflater) readDistance() bool {
	e, ok := d.symbol(&d.distances)
	if !ok {
		return false
	}
	if e.kind() == kindInvalid {
		return d.fail("invalid distance code")
	}
	d.distance, d.extra = e.value(), e.kind()&15
	d.state = stateDistanceExtra
	return true
}

func (d *Inflater) readDistanceExtra() bool {
	if !d.need(d.extra) {
		return false
	}
	d.distance += d.take(d.extra)
	if d.distance > d.at+d.kept {
		return d.fail("invalid distance too far back")
	}
	d.state = stateMatch
	return true
}

func (d *Inflater) readMatch() bool {
	if !d.copyMatch() {
		return false
	}
	d.state = stateSymbols
	return true
}

// Trailers.

func (d *Inflater) readSum() bool {
	d.addSum()
	if d.format == Raw {
		d.state = stateEnd
		return true
	}
	if !d.need(32) {
		return false
	}
	sum := uint32(d.take(32))
	if d.format == Zlib {
		sum = bits.ReverseBytes32(sum)
	}
	if sum != d.sum {
		return d.fail("incorrect data check")
	}
	d.state = stateEnd
	if d.format == Gzip {
		d.state = stateTotal
	}
	return true
}

func (d *Inflater) readTotal() bool {
	if !d.need(32) {
		return false
	}
	if uint32(d.take(32)) != d.total {
		return d.fail("incorrect length check")
	}
	d.state = stateEnd
	return true
}

package rpc

import (
	"encoding/binary"
	"math"
	"math/big"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// begin writes a tag and a varint.
func (e *encoder) begin(tag byte, n int) {
	e.buf = appendUvarint(append(e.buf, tag), n)
}

func appendUvarint(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

// endDense ends an array of n elements without other properties.
func (e *encoder) endDense(n int) {
	e.begin(tagEndDense, 0)
	e.buf = appendUvarint(e.buf, n)
}

func (e *encoder) bool(v bool) {
	if v {
		e.buf = append(e.buf, tagTrue)
	} else {
		e.buf = append(e.buf, tagFalse)
	}
}

func (e *encoder) int32(v int32) {
	e.buf = binary.AppendUvarint(append(e.buf, tagInt32), uint64(uint32(v<<1)^uint32(v>>31)))
}

func (e *encoder) double(tag byte, v float64) {
	e.buf = binary.LittleEndian.AppendUint64(append(e.buf, tag), math.Float64bits(v))
}

func (e *encoder) int(v int64) error {
	if v == int64(int32(v)) {
		e.int32(int32(v))
		return nil
	}
	f := float64(v)
	if f >= 1<<63 || int64(f) != v {
		return failf("%d is not exact as a number: use *big.Int", v)
	}
	e.double(tagDouble, f)
	return nil
}

func (e *encoder) uint(v uint64) error {
	if v <= math.MaxInt64 {
		return e.int(int64(v))
	}
	f := float64(v)
	if f >= 1<<64 || uint64(f) != v {
		return failf("%d is not exact as a number: use *big.Int", v)
	}
	e.double(tagDouble, f)
	return nil
}

func (e *encoder) float(v float64) {
	if i := int32(v); float64(i) == v && (i != 0 || !math.Signbit(v)) {
		e.int32(i)
		return
	}
	e.double(tagDouble, v)
}

func (e *encoder) date(t time.Time) error {
	ms := t.UnixMilli()
	if ms > maxTime || ms < -maxTime || t.Year() > 300000 || t.Year() < -300000 {
		return failf("%v is out of the range of Date", t)
	}
	e.double(tagDate, float64(ms))
	return nil
}

// bigInt writes magnitude and sign, in digits of 64 bits.
func (e *encoder) bigInt(tag byte, v *big.Int) error {
	bits := v.BitLen()
	if bits > maxBigIntBits {
		return failf("an integer of %d bits is too large for BigInt", bits)
	}
	size := (bits + 63) / 64 * 8
	if err := e.room(size); err != nil {
		return err
	}
	sign := 0
	if v.Sign() < 0 {
		sign = 1
	}
	e.begin(tag, size<<1|sign)
	from := len(e.buf)
	e.buf = append(e.buf, make([]byte, size)...)
	digits := v.FillBytes(e.buf[from:])
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return nil
}

// bytes writes a Uint8Array over a buffer of its own.
func (e *encoder) bytes(data []byte) error {
	if err := e.room(len(data)); err != nil {
		return err
	}
	e.begin(tagBuffer, len(data))
	e.buf = append(e.buf, data...)
	e.buf = append(e.buf, tagView, viewUint8, 0)
	e.buf = append(appendUvarint(e.buf, len(data)), 0)
	return nil
}

// string writes text as V8 holds it: one byte a unit if each is below 256, else UTF-16.
func (e *encoder) string(s string) error {
	if err := e.room(len(s)); err != nil {
		return err
	}
	if i := beyondASCII(s); i == len(s) {
		e.begin(tagOneByte, len(s))
		e.buf = append(e.buf, s...)
		return nil
	}
	units, latin1 := unitsOf(s)
	if latin1 {
		e.begin(tagOneByte, units)
		for _, c := range s {
			e.buf = append(e.buf, byte(c))
		}
		return nil
	}
	if (len(e.buf)-e.start+1+varintSize(2*units))%2 != 0 {
		e.buf = append(e.buf, tagPadding)
	}
	e.begin(tagTwoByte, 2*units)
	for _, c := range s {
		if high, low := utf16.EncodeRune(c); high != utf8.RuneError {
			e.buf = binary.LittleEndian.AppendUint16(e.buf, uint16(high))
			c = low
		}
		e.buf = binary.LittleEndian.AppendUint16(e.buf, uint16(c))
	}
	return nil
}

// beyondASCII returns the position of the first byte that is not ASCII, or the length.
func beyondASCII(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}

// unitsOf counts the UTF-16 units of s and says whether all are below 256.
func unitsOf(s string) (units int, latin1 bool) {
	latin1 = true
	for _, c := range s {
		if c > 0xffff {
			units++
		}
		units++
		latin1 = latin1 && c <= 0xff
	}
	return units, latin1
}

func varintSize(n int) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}

// key writes the name of a property. V8 keeps names that are array indices as numbers.
func (e *encoder) key(name string) error {
	if index, ok := arrayIndex(name); ok {
		if index <= math.MaxInt32 {
			e.int32(int32(index))
		} else {
			e.double(tagDouble, float64(index))
		}
		return nil
	}
	return e.string(name)
}

// arrayIndex is https://tc39.es/ecma262/#array-index.
func arrayIndex(name string) (index uint32, ok bool) {
	if name == "" || len(name) > 10 || name[0] == '0' && len(name) > 1 {
		return 0, false
	}
	n := uint64(0)
	for i := 0; i < len(name); i++ {
		if name[i] < '0' || name[i] > '9' {
			return 0, false
		}
		n = 10*n + uint64(name[i]-'0')
	}
	return uint32(n), n < math.MaxUint32
}

// uniqueNames fails if names become equal when their invalid bytes become U+FFFD, since V8 refuses objects that have a name twice.
// Names that are valid must differ.
func uniqueNames(names []string) error {
	var mended map[string]bool
	for _, name := range names {
		if utf8.ValidString(name) {
			continue
		}
		if mended == nil {
			mended = make(map[string]bool)
			for _, other := range names {
				mended[other] = true
			}
		}
		text := string([]rune(name))
		if mended[text] {
			return failf("two keys are equal as text: %s", strings.ToValidUTF8(name, "\ufffd"))
		}
		mended[text] = true
	}
	return nil
}

package rpc

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A reader takes scalars from a message.
type reader struct {
	data []byte
	pos  int
}

func (r *reader) malformed() error { return fmt.Errorf("%w at byte %d", ErrMalformed, r.pos) }

// peek returns the next tag and leaves it.
func (r *reader) peek() (byte, error) {
	for r.pos < len(r.data) {
		if tag := r.data[r.pos]; tag != tagPadding {
			return tag, nil
		}
		r.pos++
	}
	return 0, r.malformed()
}

func (r *reader) tag() (byte, error) {
	tag, err := r.peek()
	r.pos++
	return tag, err
}

// uvarint reads an unsigned integer of 32 bits.
func (r *reader) uvarint() (uint32, error) {
	v, n := binary.Uvarint(r.data[min(r.pos, len(r.data)):])
	if n <= 0 || v > math.MaxUint32 {
		return 0, r.malformed()
	}
	r.pos += n
	return uint32(v), nil
}

// expect reads an integer that has only one right value.
func (r *reader) expect(want int) error {
	got, err := r.uvarint()
	if err == nil && int64(got) != int64(want) {
		err = r.malformed()
	}
	return err
}

// bytes takes n bytes; they are the message's own.
func (r *reader) bytes(n uint32) ([]byte, error) {
	if int64(n) > int64(len(r.data)-r.pos) {
		return nil, r.malformed()
	}
	b := r.data[r.pos : r.pos+int(n)]
	r.pos += int(n)
	return b, nil
}

// sized takes bytes that their number precedes.
func (r *reader) sized() ([]byte, error) {
	n, err := r.uvarint()
	if err != nil {
		return nil, err
	}
	return r.bytes(n)
}

func (r *reader) double() (float64, error) {
	b, err := r.bytes(8)
	if err != nil {
		return 0, err
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if f != f {
		f = math.NaN()
	}
	return f, nil
}

func isNumber(tag byte) bool { return tag == tagInt32 || tag == tagDouble || tag == tagUint32 }

// number reads what follows one of the three tags.
func (r *reader) number(tag byte) (float64, error) {
	if tag == tagDouble {
		return r.double()
	}
	v, err := r.uvarint()
	if tag == tagInt32 {
		return float64(int32(v>>1) ^ -int32(v&1)), err
	}
	return float64(v), err
}

func isString(tag byte) bool { return tag == tagOneByte || tag == tagTwoByte || tag == tagUTF8 }

// text reads what follows one of the three tags.
func (r *reader) text(tag byte) (string, error) {
	b, err := r.sized()
	switch {
	case err != nil:
		return "", err
	case tag == tagOneByte:
		return latin1(b), nil
	case tag == tagUTF8:
		return validText(string(b)), nil
	case len(b)%2 != 0:
		return "", r.malformed()
	}
	return utf16Text(b), nil
}

func latin1(b []byte) string {
	wide := 0
	for _, c := range b {
		wide += int(c >> 7)
	}
	if wide == 0 {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b) + wide)
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// utf16Text makes U+FFFD of lone surrogates.
func utf16Text(b []byte) string {
	var s strings.Builder
	s.Grow(len(b))
	for i := 0; i < len(b); i += 2 {
		c := rune(binary.LittleEndian.Uint16(b[i:]))
		if utf16.IsSurrogate(c) {
			var low rune
			if i+4 <= len(b) {
				low = rune(binary.LittleEndian.Uint16(b[i+2:]))
			}
			if c = utf16.DecodeRune(c, low); c != utf8.RuneError {
				i += 2
			}
		}
		s.WriteRune(c)
	}
	return s.String()
}

// taggedText reads a string with its tag.
func (r *reader) taggedText() (string, error) {
	tag, err := r.tag()
	if err == nil && !isString(tag) {
		err = r.malformed()
	}
	if err != nil {
		return "", err
	}
	return r.text(tag)
}

// name reads the name of a property: a string or a number.
func (r *reader) name() (string, error) {
	tag, err := r.tag()
	if err != nil {
		return "", err
	}
	if isString(tag) {
		return r.text(tag)
	}
	if !isNumber(tag) {
		return "", r.malformed()
	}
	f, err := r.number(tag)
	return numberText(f), err
}

// numberText is a number as JavaScript shows it, exponents apart.
func numberText(f float64) string {
	if f == 0 {
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// bigInt reads sign, length and digits.
func (r *reader) bigInt() (*big.Int, error) {
	field, err := r.uvarint()
	if err != nil {
		return nil, err
	}
	digits, err := r.bytes(field >> 1)
	if err != nil {
		return nil, err
	}
	magnitude := make([]byte, len(digits))
	for i, b := range digits {
		magnitude[len(digits)-1-i] = b
	}
	v := new(big.Int).SetBytes(magnitude)
	if field&1 != 0 {
		v.Neg(v)
	}
	return v, nil
}

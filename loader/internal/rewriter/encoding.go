package rewriter

import (
	"errors"
	"unicode/utf8"

	codepage "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// An encoding is that of a document. ASCII is the same bytes in all that a rewriter takes.
type encoding struct {
	// table is nil for UTF-8.
	table codepage.Encoding
}

// Errors of an encoding that a document names.
var (
	//lint:ignore ST1005 the platform's text
	errUnknownEncoding = errors.New("Unknown character encoding has been provided.")
	//lint:ignore ST1005 the platform's text
	errNotASCII = errors.New("Expected ASCII-compatible encoding.")
)

// encodingOf finds the encoding of a label, as a Content-Type header has it.
//
// Spec: Encoding Standard, "Names and labels", https://encoding.spec.whatwg.org/#names-and-labels
func encodingOf(label string) (encoding, error) {
	table, err := htmlindex.Get(label)
	if err != nil {
		return encoding{}, errUnknownEncoding
	}
	name, err := htmlindex.Name(table)
	if err != nil {
		return encoding{}, errUnknownEncoding
	}
	switch name {
	case "replacement":
		return encoding{}, errUnknownEncoding
	case "utf-16be", "utf-16le", "iso-2022-jp":
		return encoding{}, errNotASCII
	case "utf-8":
		return encoding{}, nil
	}
	return encoding{table}, nil
}

// encode gives the bytes of text, false if there are none for some of its characters.
func (e encoding) encode(text string) ([]byte, bool) {
	if e.table == nil || isASCII(text) {
		return []byte(text), true
	}
	data, err := e.table.NewEncoder().Bytes([]byte(text))
	return data, err == nil
}

// Encode gives the bytes of text in the encoding of a label that [New] takes. Characters that it does not have become references,
// `&#9731;`, or, if strict, an error.
func Encode(label, text string, strict bool) ([]byte, error) {
	e, err := encodingOf(label)
	if err != nil || e.table == nil || isASCII(text) {
		return []byte(text), err
	}
	encoder := e.table.NewEncoder()
	if !strict {
		encoder = codepage.HTMLEscapeUnsupported(encoder)
	}
	return encoder.Bytes([]byte(text))
}

// appendText appends what src says in UTF-8; what is malformed becomes U+FFFD.
func (e encoding) appendText(dst, src []byte) []byte {
	if e.table == nil {
		return appendValid(dst, src)
	}
	text, err := e.table.NewDecoder().Bytes(src)
	if err != nil {
		text = src
	}
	return appendValid(dst, text)
}

const replacement = "\uFFFD"

func appendValid(dst, src []byte) []byte {
	for len(src) > 0 {
		n := validPrefix(src)
		dst = append(dst, src[:n]...)
		if src = src[n:]; len(src) > 0 {
			dst = append(dst, replacement...)
			src = src[malformed(src):]
		}
	}
	return dst
}

// validPrefix is how much of b is whole characters.
func validPrefix(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	return n
}

// malformed is how many of the bytes at the start of b, which is no character, become one replacement: as many as a character may
// begin with.
//
// Spec: Encoding Standard, "UTF-8 decoder", https://encoding.spec.whatwg.org/#utf-8-decoder
func malformed(b []byte) int {
	need, low, high := sequence(b[0])
	n := 1
	for n < need && n < len(b) && low <= b[n] && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

// incomplete says whether b, which is no character, is the beginning of one.
func incomplete(b []byte) bool {
	need, _, _ := sequence(b[0])
	return len(b) < need && malformed(b) == len(b)
}

// sequence gives the length of the sequence that a byte begins and the range of its second byte.
func sequence(lead byte) (need int, low, high byte) {
	low, high = 0x80, 0xBF
	switch {
	case lead < 0xC2 || lead > 0xF4:
		return 1, low, high
	case lead < 0xE0:
		return 2, low, high
	case lead < 0xF0:
		need = 3
	default:
		need = 4
	}
	switch lead {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	return need, low, high
}

func isASCII[T string | []byte](s T) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

package legacytext

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A singleByteTable has the character of each byte from 0x80 on, and U+FFFD for bytes that mean nothing.
type singleByteTable [128]rune

// charmaps are the tables of x/text by the standard's names. Windows-1252 is decoded in JavaScript too, and is here for completeness.
var charmaps = map[string]*charmap.Charmap{
	"ibm866": charmap.CodePage866, "iso-8859-2": charmap.ISO8859_2, "iso-8859-3": charmap.ISO8859_3, "iso-8859-4": charmap.ISO8859_4,
	"iso-8859-5": charmap.ISO8859_5, "iso-8859-6": charmap.ISO8859_6, "iso-8859-7": charmap.ISO8859_7, "iso-8859-8": charmap.ISO8859_8,
	"iso-8859-8-i": charmap.ISO8859_8, "iso-8859-10": charmap.ISO8859_10, "iso-8859-13": charmap.ISO8859_13,
	"iso-8859-14": charmap.ISO8859_14, "iso-8859-15": charmap.ISO8859_15, "iso-8859-16": charmap.ISO8859_16, "koi8-r": charmap.KOI8R,
	"koi8-u": charmap.KOI8U, "macintosh": charmap.Macintosh, "windows-874": charmap.Windows874, "windows-1250": charmap.Windows1250,
	"windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252, "windows-1253": charmap.Windows1253,
	"windows-1254": charmap.Windows1254, "windows-1255": charmap.Windows1255, "windows-1256": charmap.Windows1256,
	"windows-1257": charmap.Windows1257, "windows-1258": charmap.Windows1258, "x-mac-cyrillic": charmap.MacintoshCyrillic,
}

var singleByteTables sync.Map // string → *singleByteTable

// singleByte returns the table of an encoding with one byte a character, or nil.
func singleByte(name string) *singleByteTable {
	if t, ok := singleByteTables.Load(name); ok {
		return t.(*singleByteTable)
	}
	t := &singleByteTable{}
	if name == "x-user-defined" {
		// https://encoding.spec.whatwg.org/#x-user-defined-decoder
		for k := range t {
			t[k] = 0xf780 + rune(k)
		}
	} else {
		source := charmaps[name]
		if source == nil {
			return nil
		}
		for k := range t {
			t[k] = source.DecodeByte(byte(0x80 + k))
			if t[k] == utf8.RuneError && k < 0x20 {
				t[k] = rune(0x80 + k) // control characters, where Windows has left gaps
			}
		}
	}
	singleByteTables.Store(name, t)
	return t
}

// https://encoding.spec.whatwg.org/#single-byte-decoder
func (t *singleByteTable) decode(out, in []byte) (text []byte, malformed, known bool) {
	for _, b := range in {
		if b < 0x80 {
			out = append(out, b)
			continue
		}
		r := t[b-0x80]
		malformed = malformed || r == utf8.RuneError
		out = utf8.AppendRune(out, r)
	}
	return out, malformed, true
}

package legacytext

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// An index has code points by pointer, 0 where there is none. https://encoding.spec.whatwg.org/#indexes
type index []rune

func (x index) at(pointer int) rune {
	if pointer < 0 || pointer >= len(x) {
		return 0
	}
	return x[pointer]
}

// makeIndex asks a decoder of x/text, which keeps its tables to itself, for all that it knows.
func makeIndex(e encoding.Encoding, size int, sequence func(pointer int) []byte) index {
	var all []byte
	for pointer := range size {
		all = append(append(all, sequence(pointer)...), '\n')
	}
	text, err := e.NewDecoder().Bytes(all)
	if err != nil {
		return nil
	}
	x := make(index, size)
	for pointer := range x {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		text = rest
		if r, n := utf8.DecodeRune(line); n == len(line) && r != utf8.RuneError {
			x[pointer] = r
		}
	}
	return x
}

var jis0208 = sync.OnceValue(func() index {
	const rows = 60 // of two times 94
	return makeIndex(japanese.ShiftJIS, rows*188, func(pointer int) []byte {
		lead, trail := pointer/188, pointer%188
		lead += 0x81
		if lead > 0x9f {
			lead += 0x40
		}
		trail += 0x40
		if trail > 0x7e {
			trail++
		}
		return []byte{byte(lead), byte(trail)}
	})
})

var jis0212 = sync.OnceValue(func() index {
	return makeIndex(japanese.EUCJP, 94*94, func(pointer int) []byte {
		return []byte{0x8f, byte(pointer/94 + 0xa1), byte(pointer%94 + 0xa1)}
	})
})

var euckr = sync.OnceValue(func() index {
	return makeIndex(korean.EUCKR, 126*190, func(pointer int) []byte {
		return []byte{byte(pointer/190 + 0x81), byte(pointer%190 + 0x41)}
	})
})

var big5 = sync.OnceValue(func() index {
	return makeIndex(traditionalchinese.Big5, 126*157, func(pointer int) []byte {
		trail := pointer%157 + 0x40
		if trail > 0x7e {
			trail += 0x22
		}
		return []byte{byte(pointer/157 + 0x81), byte(trail)}
	})
})

// setGB18030 sets the character of two bytes.
func (x index) setGB18030(code int, r rune) {
	lead, trail := code>>8, code&0xff
	if trail > 0x7e {
		trail--
	}
	x[(lead-0x81)*190+trail-0x40] = r
}

// gb18030Runs are characters that x/text does not have: those that 2022 has moved, and the private ones between the others.
var gb18030Runs = []struct {
	first, count int
	rune         rune
}{
	{0xa2ab, 6, 0xe766}, {0xa2e4, 1, 0xe76d}, {0xa2ef, 2, 0xe76e}, {0xa2fd, 2, 0xe770}, {0xa4f4, 11, 0xe772}, {0xa5f7, 8, 0xe77d},
	{0xa6b9, 8, 0xe785}, {0xa6d9, 1, 0xfe10}, {0xa6da, 1, 0xfe12}, {0xa6db, 1, 0xfe11}, {0xa6dc, 4, 0xfe13}, {0xa6ec, 2, 0xfe17},
	{0xa6f3, 1, 0xfe19}, {0xa6f6, 9, 0xe797}, {0xa7c2, 15, 0xe7a0}, {0xa7f2, 13, 0xe7af}, {0xa896, 11, 0xe7bc}, {0xa8bc, 1, 0x1e3f},
	{0xa8c1, 4, 0xe7c9}, {0xa8ea, 21, 0xe7cd}, {0xa958, 1, 0xe7e2}, {0xa95b, 1, 0xe7e3}, {0xa95d, 3, 0xe7e4}, {0xa997, 13, 0xe7f4},
	{0xa9f0, 15, 0xe801}, {0xd7fa, 5, 0xe810}, {0xfe51, 3, 0xe816}, {0xfe59, 1, 0x9fb4}, {0xfe61, 1, 0x9fb5}, {0xfe66, 2, 0x9fb6},
	{0xfe6c, 1, 0xe831}, {0xfe6d, 1, 0x9fb8}, {0xfe76, 1, 0xe83b}, {0xfe7e, 1, 0x9fb9}, {0xfe90, 1, 0x9fba}, {0xfe91, 1, 0xe855},
	{0xfea0, 1, 0x9fbb},
}

// gb18030 has the characters of two bytes, as they are since 2022.
var gb18030 = sync.OnceValue(func() index {
	x := makeIndex(simplifiedchinese.GB18030, 126*190, func(pointer int) []byte {
		trail := pointer%190 + 0x40
		if trail > 0x7e {
			trail++
		}
		return []byte{byte(pointer/190 + 0x81), byte(trail)}
	})
	for _, run := range gb18030Runs {
		for k := range run.count {
			x.setGB18030(run.first+k, run.rune+rune(k))
		}
	}
	for row := range 7 {
		for cell := range 96 {
			trail := 0x40 + cell
			if trail > 0x7e {
				trail++
			}
			x.setGB18030((0xa1+row)<<8|trail, rune(0xe4c6+96*row+cell))
		}
		for cell := range 94 {
			if row < 6 {
				x.setGB18030((0xaa+row)<<8|0xa1+cell, rune(0xe000+94*row+cell))
			}
			x.setGB18030((0xf8+row)<<8|0xa1+cell, rune(0xe234+94*row+cell))
		}
	}
	x.setGB18030(0xa3a0, 0x3000) // a second space, instead of a private character
	return x
})

// ranges are the characters of four bytes up to U+FFFF. https://encoding.spec.whatwg.org/#index-gb18030-ranges-code-point
var gb18030Ranges = sync.OnceValue(func() index {
	x := makeIndex(simplifiedchinese.GB18030, 39420, func(pointer int) []byte {
		return []byte{byte(pointer/12600 + 0x81), byte(pointer/1260%10 + 0x30), byte(pointer/10%126 + 0x81), byte(pointer%10 + 0x30)}
	})
	x[7457] = 0xe7c7
	x[39417] = 0xfffd // which is a character here, not an error
	return x
})

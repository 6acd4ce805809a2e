package legacytext

import "unicode/utf8"

// endOfText stands for a byte at the end of the last piece.
const endOfText = -1

// A decoder runs the standard's algorithms: one byte after the other, some of them more than once.
type decoder struct {
	State
	out       []byte
	malformed bool
}

// multiByte has the decoders of several bytes a character, each a function that takes one byte.
var multiByte = map[string]func(d *decoder) func(b int){
	"big5":        func(d *decoder) func(b int) { return d.big5 },
	"euc-jp":      func(d *decoder) func(b int) { return d.eucJP },
	"euc-kr":      func(d *decoder) func(b int) { return d.eucKR },
	"gb18030":     func(d *decoder) func(b int) { return d.gb18030 },
	"gbk":         func(d *decoder) func(b int) { return d.gb18030 },
	"iso-2022-jp": func(d *decoder) func(b int) { return d.iso2022JP },
	"shift_jis":   func(d *decoder) func(b int) { return d.shiftJIS },
}

func (d *decoder) emit(r rune) { d.out = utf8.AppendRune(d.out, r) }

func (d *decoder) fail() {
	d.malformed = true
	d.emit(utf8.RuneError)
}

// begin handles a byte where a character begins: ASCII is itself, a lead byte is kept. It says false if it is neither.
func (d *decoder) begin(b int, first, last int) bool {
	switch {
	case b == endOfText:
	case b < 0x80:
		d.out = append(d.out, byte(b))
	case b >= first && b <= last:
		d.Lead = byte(b)
	default:
		return false
	}
	return true
}

// end emits the character of two bytes, or an error that leaves an ASCII byte where it is.
func (d *decoder) end(r rune, b int) {
	if r != 0 {
		d.emit(r)
		return
	}
	d.fail()
	if b >= 0 && b < 0x80 {
		d.out = append(d.out, byte(b))
	}
}

// pairs are characters of Big5 that Unicode has as two.
var pairs = map[int][2]rune{1133: {0xca, 0x304}, 1135: {0xca, 0x30c}, 1164: {0xea, 0x304}, 1166: {0xea, 0x30c}}

// https://encoding.spec.whatwg.org/#big5-decoder
func (d *decoder) big5(b int) {
	lead := int(d.Lead)
	if lead == 0 {
		if !d.begin(b, 0x81, 0xfe) {
			d.fail()
		}
		return
	}
	d.Lead = 0
	pointer := -1
	switch {
	case b >= 0x40 && b <= 0x7e:
		pointer = (lead-0x81)*157 + b - 0x40
	case b >= 0xa1 && b <= 0xfe:
		pointer = (lead-0x81)*157 + b - 0x62
	}
	if pair, ok := pairs[pointer]; ok {
		d.emit(pair[0])
		d.emit(pair[1])
		return
	}
	d.end(big5().at(pointer), b)
}

// https://encoding.spec.whatwg.org/#euc-kr-decoder
func (d *decoder) eucKR(b int) {
	lead := int(d.Lead)
	if lead == 0 {
		if !d.begin(b, 0x81, 0xfe) {
			d.fail()
		}
		return
	}
	d.Lead = 0
	pointer := -1
	if b >= 0x41 && b <= 0xfe {
		pointer = (lead-0x81)*190 + b - 0x41
	}
	d.end(euckr().at(pointer), b)
}

// https://encoding.spec.whatwg.org/#shift_jis-decoder
func (d *decoder) shiftJIS(b int) {
	lead := int(d.Lead)
	if lead == 0 {
		switch {
		case b == 0x80:
			d.emit(0x80)
		case b >= 0xa1 && b <= 0xdf:
			d.emit(rune(0xff61 - 0xa1 + b))
		case b >= 0xe0 && b <= 0xfc:
			d.Lead = byte(b)
		case !d.begin(b, 0x81, 0x9f):
			d.fail()
		}
		return
	}
	d.Lead = 0
	pointer := -1
	if b >= 0x40 && b <= 0x7e || b >= 0x80 && b <= 0xfc {
		row, cell := lead-0x81, b-0x40
		if lead >= 0xa0 {
			row = lead - 0xc1
		}
		if b >= 0x7f {
			cell--
		}
		pointer = row*188 + cell
	}
	if pointer >= 8836 && pointer <= 10715 {
		d.emit(rune(0xe000 - 8836 + pointer))
		return
	}
	d.end(jis0208().at(pointer), b)
}

// https://encoding.spec.whatwg.org/#euc-jp-decoder
func (d *decoder) eucJP(b int) {
	lead := int(d.Lead)
	switch {
	case lead == 0x8e && b >= 0xa1 && b <= 0xdf:
		d.Lead = 0
		d.emit(rune(0xff61 - 0xa1 + b))
		return
	case lead == 0x8f && b >= 0xa1 && b <= 0xfe:
		d.JIS0212 = true
		d.Lead = byte(b)
		return
	case lead == 0:
		if b == 0x8e || b == 0x8f {
			d.Lead = byte(b)
		} else if !d.begin(b, 0xa1, 0xfe) {
			d.fail()
		}
		return
	}
	d.Lead = 0
	r := rune(0)
	if lead >= 0xa1 && lead <= 0xfe && b >= 0xa1 && b <= 0xfe {
		pointer := (lead-0xa1)*94 + b - 0xa1
		if d.JIS0212 {
			r = jis0212().at(pointer)
		} else {
			r = jis0208().at(pointer)
		}
	}
	d.JIS0212 = false
	d.end(r, b)
}

// https://encoding.spec.whatwg.org/#gb18030-decoder
func (d *decoder) gb18030(b int) {
	first, second, third := int(d.Lead), int(d.Second), int(d.Third)
	switch {
	case b == endOfText:
		if first != 0 {
			d.fail()
		}
	case third != 0:
		d.Lead, d.Second, d.Third = 0, 0, 0
		if b < 0x30 || b > 0x39 {
			d.fail()
			d.gb18030(second)
			d.gb18030(third)
			d.gb18030(b)
			return
		}
		d.end(gb18030Range(((first-0x81)*10+second-0x30)*1260+(third-0x81)*10+b-0x30), endOfText)
	case second != 0:
		if b >= 0x81 && b <= 0xfe {
			d.Third = byte(b)
			return
		}
		d.Lead, d.Second = 0, 0
		d.fail()
		d.gb18030(second)
		d.gb18030(b)
	case first != 0:
		d.gb18030Second(first, b)
	case b == 0x80:
		d.emit(0x20ac)
	case !d.begin(b, 0x81, 0xfe):
		d.fail()
	}
}

func (d *decoder) gb18030Second(first, b int) {
	if b >= 0x30 && b <= 0x39 {
		d.Second = byte(b)
		return
	}
	d.Lead = 0
	pointer := -1
	if b >= 0x40 && b <= 0x7e {
		pointer = (first-0x81)*190 + b - 0x40
	} else if b >= 0x80 && b <= 0xfe {
		pointer = (first-0x81)*190 + b - 0x41
	}
	d.end(gb18030().at(pointer), b)
}

// gb18030Range returns the character of four bytes, or 0.
func gb18030Range(pointer int) rune {
	if pointer >= 189000 && pointer <= 1237575 {
		return rune(0x10000 + pointer - 189000)
	}
	return gb18030Ranges().at(pointer)
}

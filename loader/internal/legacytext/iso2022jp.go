package legacytext

// A mode is a state of ISO-2022-JP: which characters come, or where in an escape sequence or a character it is.
type mode uint8

const (
	modeASCII mode = iota
	modeRoman
	modeKatakana
	modeLead
	modeTrail
	modeEscapeStart
	modeEscape
)

const escape = 0x1b

// https://encoding.spec.whatwg.org/#iso-2022-jp-decoder
func (d *decoder) iso2022JP(b int) {
	switch d.Mode {
	case modeEscapeStart:
		if b == 0x24 || b == 0x28 {
			d.Lead = byte(b)
			d.Mode = modeEscape
			return
		}
		d.Switched = false
		d.Mode = d.Output
		d.fail()
		d.iso2022JP(b)
	case modeEscape:
		d.endEscape(b)
	case modeTrail:
		d.endJIS(b)
	default:
		if b == escape {
			d.Mode = modeEscapeStart
			return
		}
		if b == endOfText {
			return
		}
		d.Switched = false
		d.emitISO(b)
	}
}

// emitISO handles a byte that begins a character.
func (d *decoder) emitISO(b int) {
	switch {
	case d.Mode == modeKatakana && b >= 0x21 && b <= 0x5f:
		d.emit(rune(0xff61 - 0x21 + b))
	case d.Mode == modeLead && b >= 0x21 && b <= 0x7e:
		d.Lead = byte(b)
		d.Mode = modeTrail
	case d.Mode == modeRoman && b == 0x5c:
		d.emit(0xa5)
	case d.Mode == modeRoman && b == 0x7e:
		d.emit(0x203e)
	case (d.Mode == modeASCII || d.Mode == modeRoman) && b < 0x80 && b != 0x0e && b != 0x0f:
		d.out = append(d.out, byte(b))
	default:
		d.fail()
	}
}

// endJIS handles the second byte of a character.
func (d *decoder) endJIS(b int) {
	switch {
	case b == escape:
		d.Mode = modeEscapeStart
		d.fail()
	case b >= 0x21 && b <= 0x7e:
		d.Mode = modeLead
		d.end(jis0208().at((int(d.Lead)-0x21)*94+b-0x21), endOfText)
	default:
		d.Mode = modeLead
		d.fail()
	}
}

// endEscape handles the third byte of an escape sequence.
func (d *decoder) endEscape(b int) {
	lead := d.Lead
	d.Lead = 0
	next, ok := modeASCII, true
	switch {
	case lead == 0x28 && b == 0x42:
	case lead == 0x28 && b == 0x4a:
		next = modeRoman
	case lead == 0x28 && b == 0x49:
		next = modeKatakana
	case lead == 0x24 && (b == 0x40 || b == 0x42):
		next = modeLead
	default:
		ok = false
	}
	if ok {
		switched := d.Switched
		d.Mode, d.Output, d.Switched = next, next, true
		if switched {
			d.fail()
		}
		return
	}
	d.Switched = false
	d.Mode = d.Output
	d.fail()
	d.iso2022JP(int(lead))
	d.iso2022JP(b)
}

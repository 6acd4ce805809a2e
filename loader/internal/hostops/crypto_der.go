package hostops

// Tags of the DER types that keys are made of. X.690.
const (
	derInteger     = 0x02
	derBitString   = 0x03
	derOctetString = 0x04
	derNull        = 0x05
	derOID         = 0x06
	derSequence    = 0x30
)

// der is DER that is left to read; reading never goes beyond it. Not ok means that the bytes are no DER, or of another type.
type der []byte

// read takes the content of the next value, which must have this tag.
func (d *der) read(tag byte) (der, bool) {
	if len(*d) < 2 || (*d)[0] != tag {
		return nil, false
	}
	content, size := derContent(*d)
	if size == 0 {
		return nil, false
	}
	*d = (*d)[size:]
	return content, true
}

// derContent finds the content of the value at the front of d, and the size of the whole value; 0 if it is malformed.
func derContent(d der) (der, int) {
	n, head := int(d[1]), 2
	if n >= 0x80 {
		count := n & 0x7f
		if count == 0 || count > 3 || len(d) < 2+count {
			return nil, 0
		}
		n = 0
		for _, b := range d[2 : 2+count] {
			n = n<<8 | int(b)
		}
		// DER wants the shortest form.
		if n < 0x80 || n>>(8*(count-1)) == 0 {
			return nil, 0
		}
		head += count
	}
	if n > len(d)-head {
		return nil, 0
	}
	return d[head : head+n], head + n
}

// optional takes the next value if it has this tag; ok is false only if it is malformed.
func (d *der) optional(tag byte) (content der, ok bool) {
	if len(*d) == 0 || (*d)[0] != tag {
		return nil, true
	}
	return d.read(tag)
}

// number takes an INTEGER that is not negative, without leading zeros; an empty one is zero.
func (d *der) number() (der, bool) {
	n, ok := d.read(derInteger)
	if !ok || len(n) == 0 || n[0] >= 0x80 || (len(n) > 1 && n[0] == 0 && n[1] < 0x80) {
		return nil, false
	}
	if n[0] == 0 {
		n = n[1:]
	}
	return n, true
}

// small takes an INTEGER of one byte.
func (d *der) small() (int, bool) {
	n, ok := d.number()
	switch {
	case !ok || len(n) > 1:
		return 0, false
	case len(n) == 0:
		return 0, true
	}
	return int(n[0]), true
}

// bits takes a BIT STRING of whole bytes.
func (d *der) bits() (der, bool) {
	b, ok := d.read(derBitString)
	if !ok || len(b) == 0 || b[0] != 0 {
		return nil, false
	}
	return b[1:], true
}

// derWriter is DER that is being written.
type derWriter []byte

func (w *derWriter) value(tag byte, content []byte) {
	*w = append(*w, tag)
	switch n := len(content); {
	case n < 0x80:
		*w = append(*w, byte(n))
	case n < 0x100:
		*w = append(*w, 0x81, byte(n))
	default:
		*w = append(*w, 0x82, byte(n>>8), byte(n))
	}
	*w = append(*w, content...)
}

// integer writes a number given as big-endian bytes, with or without leading zeros.
func (w *derWriter) integer(n []byte) {
	for len(n) > 0 && n[0] == 0 {
		n = n[1:]
	}
	if len(n) == 0 || n[0] >= 0x80 {
		n = append([]byte{0}, n...)
	}
	w.value(derInteger, n)
}

func (w *derWriter) bits(content []byte) { w.value(derBitString, append([]byte{0}, content...)) }

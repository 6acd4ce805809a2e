package hostops

import (
	"crypto/subtle"
	"encoding/binary"
)

// GCM piece by piece, which crypto/cipher does not offer. NIST SP 800-38D.

// A fieldElement of GF(2^128) in the bit order of GCM: low has the first eight bytes.
type fieldElement struct{ low, high uint64 }

func element(b []byte) fieldElement {
	return fieldElement{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// A ghashTable has the multiples of the hash key by all polynomials of degree below 4, at the index that reads their bits in order.
type ghashTable [16]fieldElement

// double multiplies by x.
func (e fieldElement) double() fieldElement {
	carry := e.high & 1
	e.high = e.high>>1 | e.low<<63
	e.low >>= 1
	e.low ^= 0xe1 << 56 & -carry
	return e
}

func newGhashTable(key fieldElement) *ghashTable {
	var t ghashTable
	t[8] = key // 1000: the polynomial 1
	t[4] = t[8].double()
	t[2] = t[4].double()
	t[1] = t[2].double()
	for _, i := range []int{2, 4, 8} {
		for j := 1; j < i; j++ {
			t[i+j] = fieldElement{t[i].low ^ t[j].low, t[i].high ^ t[j].high}
		}
	}
	return &t
}

// ghashReduction has what the four bits that are shifted out come back as.
var ghashReduction = func() (r [16]uint64) {
	for i := range r {
		e := fieldElement{0, uint64(i)}
		for range 4 {
			e = e.double()
		}
		r[i] = e.low
	}
	return r
}()

// times multiplies y by the key. Each step uses four bits, from the highest power down.
func (t *ghashTable) times(y fieldElement) fieldElement {
	var z fieldElement
	for _, word := range [2]uint64{y.high, y.low} {
		for range 16 {
			shifted := z.high & 15
			z.high = z.high>>4 | z.low<<60
			z.low = z.low>>4 ^ ghashReduction[shifted]
			m := &t[word&15]
			z.low ^= m.low
			z.high ^= m.high
			word >>= 4
		}
	}
	return z
}

// table makes the table of the cipher's key.
func (c *cipherRun) table() *ghashTable {
	var zero, h [16]byte
	c.block.Encrypt(h[:], zero[:])
	return newGhashTable(element(h[:]))
}

// startGCM sets the counters from the IV. NIST SP 800-38D, 7.1, steps 1 to 3.
func (c *cipherRun) startGCM(iv []byte) {
	s := &c.state
	if len(iv) == 12 {
		copy(s.First[:], iv)
		s.First[15] = 1
	} else {
		c.hash(iv)
		c.flush()
		var lengths [16]byte
		binary.BigEndian.PutUint64(lengths[8:], uint64(len(iv))*8)
		c.hash(lengths[:])
		s.First, s.Hash = s.Hash, [16]byte{}
	}
	s.Register = s.First
	c.advance(1)
	s.Count = 16
}

// hash takes data into the hash; less than a block waits.
func (c *cipherRun) hash(data []byte) {
	s := &c.state
	if s.PartSize > 0 || len(data) < 16 {
		n := copy(s.Part[s.PartSize:], data)
		s.PartSize += uint8(n)
		data = data[n:]
		if s.PartSize < 16 {
			return
		}
	}
	t := c.table()
	y := element(s.Hash[:])
	mix := func(block []byte) {
		e := element(block)
		y = t.times(fieldElement{y.low ^ e.low, y.high ^ e.high})
	}
	if s.PartSize == 16 {
		mix(s.Part[:])
		s.PartSize = 0
	}
	for ; len(data) >= 16; data = data[16:] {
		mix(data)
	}
	binary.BigEndian.PutUint64(s.Hash[:], y.low)
	binary.BigEndian.PutUint64(s.Hash[8:], y.high)
	s.PartSize = uint8(copy(s.Part[:], data))
}

// flush fills what waits up with zeros.
func (c *cipherRun) flush() {
	if n := c.state.PartSize; n > 0 {
		var zero [16]byte
		c.hash(zero[n:])
	}
}

// crypt encrypts or decrypts, and takes the ciphertext into the hash.
func (c *cipherRun) crypt(data []byte) []byte {
	if len(data) == 0 {
		return []byte{}
	}
	if c.state.Text == 0 {
		c.flush()
	}
	c.state.Text += uint64(len(data))
	out := c.xor(data)
	if c.encrypt {
		c.hash(out)
	} else {
		c.hash(data)
	}
	return out
}

// tag ends the hash.
func (c *cipherRun) tag() []byte {
	c.flush()
	var lengths, cover [16]byte
	binary.BigEndian.PutUint64(lengths[:], c.state.Extra*8)
	binary.BigEndian.PutUint64(lengths[8:], c.state.Text*8)
	c.hash(lengths[:])
	c.block.Encrypt(cover[:], c.state.First[:])
	out := make([]byte, gcmTag)
	subtle.XORBytes(out, c.state.Hash[:], cover[:])
	return out
}

package hostops

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Ciphers that nobody should choose any more, and that node:crypto has.

type rc2 struct{ words [64]uint16 }

var errRC2Key = NewOpError("Error", "Invalid key length", nil)

// rc2Pi is PITABLE: 256 bytes that come from the digits of pi. RFC 2268, 2.
const rc2Pi = "\xd9\x78\xf9\xc4\x19\xdd\xb5\xed\x28\xe9\xfd\x79\x4a\xa0\xd8\x9d\xc6\x7e\x37\x83\x2b\x76\x53\x8e\x62\x4c\x64\x88\x44\x8b\xfb\xa2" +
	"\x17\x9a\x59\xf5\x87\xb3\x4f\x13\x61\x45\x6d\x8d\x09\x81\x7d\x32\xbd\x8f\x40\xeb\x86\xb7\x7b\x0b\xf0\x95\x21\x22\x5c\x6b\x4e\x82" +
	"\x54\xd6\x65\x93\xce\x60\xb2\x1c\x73\x56\xc0\x14\xa7\x8c\xf1\xdc\x12\x75\xca\x1f\x3b\xbe\xe4\xd1\x42\x3d\xd4\x30\xa3\x3c\xb6\x26" +
	"\x6f\xbf\x0e\xda\x46\x69\x07\x57\x27\xf2\x1d\x9b\xbc\x94\x43\x03\xf8\x11\xc7\xf6\x90\xef\x3e\xe7\x06\xc3\xd5\x2f\xc8\x66\x1e\xd7" +
	"\x08\xe8\xea\xde\x80\x52\xee\xf7\x84\xaa\x72\xac\x35\x4d\x6a\x2a\x96\x1a\xd2\x71\x5a\x15\x49\x74\x4b\x9f\xd0\x5e\x04\x18\xa4\xec" +
	"\xc2\xe0\x41\x6e\x0f\x51\xcb\xcc\x24\x91\xaf\x50\xa1\xf4\x70\x39\x99\x7c\x3a\x85\x23\xb8\xb4\x7a\xfc\x02\x36\x5b\x25\x55\x97\x31" +
	"\x2d\x5d\xfa\x98\xe3\x8a\x92\xae\x05\xdf\x29\x10\x67\x6c\xba\xc9\xd3\x00\xe6\xcf\xe1\x9e\xa8\x2c\x63\x16\x01\x3f\x58\xe2\x89\xa9" +
	"\x0d\x38\x34\x1b\xab\x33\xff\xb0\xbb\x48\x0c\x5f\xb9\xb1\xcd\x2e\xc5\xf3\xdb\x47\xe5\xa5\x9c\x77\x0a\xa6\x20\x68\xfe\x7f\xc1\xad"

// rc2Bits is the effective length of keys, whatever their size.
const rc2Bits = 128

// newRC2 expands a key. RFC 2268, 2.
func newRC2(key []byte) (cipher.Block, error) {
	if len(key) == 0 || len(key) > 128 {
		return nil, errRC2Key
	}
	var l [128]byte
	n := copy(l[:], key)
	for i := n; i < 128; i++ {
		l[i] = rc2Pi[(l[i-1]+l[i-n])&0xff]
	}
	const size = rc2Bits / 8
	l[128-size] = rc2Pi[l[128-size]]
	for i := 127 - size; i >= 0; i-- {
		l[i] = rc2Pi[l[i+1]^l[i+size]]
	}
	c := new(rc2)
	for i := range c.words {
		c.words[i] = binary.LittleEndian.Uint16(l[2*i:])
	}
	return c, nil
}

func (c *rc2) BlockSize() int { return 8 }

var rc2Turn = [4]int{1, 2, 3, 5}

// Encrypt is RFC 2268, 3.
func (c *rc2) Encrypt(dst, src []byte) {
	r := loadRC2(src)
	k := 0
	for round := range 16 {
		for i := range r {
			r[i] += c.words[k] + r[(i+3)&3]&r[(i+2)&3] + ^r[(i+3)&3]&r[(i+1)&3]
			r[i] = bits.RotateLeft16(r[i], rc2Turn[i])
			k++
		}
		if round == 4 || round == 10 {
			for i := range r {
				r[i] += c.words[r[(i+3)&3]&63]
			}
		}
	}
	storeRC2(dst, r)
}

// Decrypt is RFC 2268, 4.
func (c *rc2) Decrypt(dst, src []byte) {
	r := loadRC2(src)
	k := 63
	for round := 15; round >= 0; round-- {
		if round == 4 || round == 10 {
			for i := 3; i >= 0; i-- {
				r[i] -= c.words[r[(i+3)&3]&63]
			}
		}
		for i := 3; i >= 0; i-- {
			r[i] = bits.RotateLeft16(r[i], -rc2Turn[i])
			r[i] -= c.words[k] + r[(i+3)&3]&r[(i+2)&3] + ^r[(i+3)&3]&r[(i+1)&3]
			k--
		}
	}
	storeRC2(dst, r)
}

func loadRC2(b []byte) (r [4]uint16) {
	for i := range r {
		r[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return r
}

func storeRC2(b []byte, r [4]uint16) {
	for i := range r {
		binary.LittleEndian.PutUint16(b[2*i:], r[i])
	}
}

// nodeRC4 takes a key, a state of 258 bytes or null, and data. It gives [output, state].
func nodeRC4(_ *Keys, a *ops.Reader) (any, error) {
	key := a.Bytes()
	var s [258]byte
	if a.IsNull() {
		if len(key) == 0 {
			return nil, errRC2Key
		}
		startRC4(&s, key)
	} else if copy(s[:], a.Bytes()) != len(s) {
		return nil, errCipherState
	}
	data := a.Bytes()
	out := make([]byte, len(data))
	i, j := s[256], s[257]
	for n, b := range data {
		i++
		j += s[i]
		s[i], s[j] = s[j], s[i]
		out[n] = b ^ s[s[i]+s[j]]
	}
	s[256], s[257] = i, j
	return [][]byte{out, s[:]}, nil
}

func startRC4(s *[258]byte, key []byte) {
	for i := range 256 {
		s[i] = byte(i)
	}
	var j byte
	for i := range 256 {
		j += s[i] + key[i%len(key)]
		s[i], s[j] = s[j], s[i]
	}
}

package hostops

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding"
	"encoding/binary"
	"errors"
	"hash"
	"math/bits"
)

var errDigestState = errors.New("malformed digest state")

// md4 is the digest of RFC 1320: long broken, and still part of what node:crypto has.
type md4 struct {
	state [4]uint32
	block [md4Block]byte // its first length%md4Block bytes wait for the rest
	total uint64
}

const md4Block = 64

var md4Start = [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}

func newMD4() hash.Hash { return &md4{state: md4Start} }

func (d *md4) Size() int      { return 16 }
func (d *md4) BlockSize() int { return md4Block }
func (d *md4) Reset()         { *d = md4{state: md4Start} }

func (d *md4) Write(p []byte) (int, error) {
	n := len(p)
	used := int(d.total % md4Block)
	d.total += uint64(n)
	if used > 0 {
		k := copy(d.block[used:], p)
		if used+k < md4Block {
			return n, nil
		}
		d.compress(d.block[:])
		p = p[k:]
	}
	for len(p) >= md4Block {
		d.compress(p[:md4Block])
		p = p[md4Block:]
	}
	copy(d.block[:], p)
	return n, nil
}

// Sum works on a copy, so that more may be written afterwards.
func (d *md4) Sum(in []byte) []byte {
	c := *d
	var pad [md4Block + 8]byte
	pad[0] = 0x80
	size := md4Block - int((c.total+8)%md4Block)
	binary.LittleEndian.PutUint64(pad[size:], c.total<<3)
	_, _ = c.Write(pad[:size+8])
	for _, word := range c.state {
		in = binary.LittleEndian.AppendUint32(in, word)
	}
	return in
}

// The three rounds: the order of the words, the rotations and the constants. RFC 1320, 3.4.
var (
	md4Order = [3][16]int{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
		{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
	}
	md4Turn = [3][4]int{{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}}
	md4Add  = [3]uint32{0, 0x5a827999, 0x6ed9eba1}
)

func (d *md4) compress(p []byte) {
	var x [16]uint32
	for i := range x {
		x[i] = binary.LittleEndian.Uint32(p[4*i:])
	}
	s := d.state
	for round := range 3 {
		for i, k := range md4Order[round] {
			var f uint32
			switch round {
			case 0:
				f = s[1]&s[2] | ^s[1]&s[3]
			case 1:
				f = s[1]&s[2] | s[1]&s[3] | s[2]&s[3]
			default:
				f = s[1] ^ s[2] ^ s[3]
			}
			v := bits.RotateLeft32(s[0]+f+x[k]+md4Add[round], md4Turn[round][i%4])
			s = [4]uint32{s[3], v, s[1], s[2]}
		}
	}
	for i := range s {
		d.state[i] += s[i]
	}
}

// MarshalBinary implements encoding.BinaryMarshaler.
func (d *md4) MarshalBinary() ([]byte, error) {
	out := binary.LittleEndian.AppendUint64(nil, d.total)
	for _, word := range d.state {
		out = binary.LittleEndian.AppendUint32(out, word)
	}
	return append(out, d.block[:]...), nil
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler.
func (d *md4) UnmarshalBinary(data []byte) error {
	if len(data) != 8+16+md4Block {
		return errDigestState
	}
	d.total = binary.LittleEndian.Uint64(data)
	for i := range d.state {
		d.state[i] = binary.LittleEndian.Uint32(data[8+4*i:])
	}
	copy(d.block[:], data[24:])
	return nil
}

// md5sha1 is the concatenation of both digests, which TLS 1.0 signs.
type md5sha1 struct{ first, second hash.Hash }

func newMD5SHA1() hash.Hash { return &md5sha1{md5.New(), sha1.New()} }

func (d *md5sha1) Size() int      { return md5.Size + sha1.Size }
func (d *md5sha1) BlockSize() int { return md5.BlockSize }

func (d *md5sha1) Reset() {
	d.first.Reset()
	d.second.Reset()
}

func (d *md5sha1) Write(p []byte) (int, error) {
	_, _ = d.first.Write(p)
	return d.second.Write(p)
}

func (d *md5sha1) Sum(in []byte) []byte { return d.second.Sum(d.first.Sum(in)) }

// MarshalBinary implements encoding.BinaryMarshaler: a byte of length, the first state, the second.
func (d *md5sha1) MarshalBinary() ([]byte, error) {
	first, err := d.first.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil, err
	}
	second, err := d.second.(encoding.BinaryMarshaler).MarshalBinary()
	return append(append([]byte{byte(len(first))}, first...), second...), err
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler.
func (d *md5sha1) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return errDigestState
	}
	n := 1 + int(data[0])
	if err := d.first.(encoding.BinaryUnmarshaler).UnmarshalBinary(data[1:n]); err != nil {
		return err
	}
	return d.second.(encoding.BinaryUnmarshaler).UnmarshalBinary(data[n:])
}

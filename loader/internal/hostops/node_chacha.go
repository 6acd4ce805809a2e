package hostops

import (
	"crypto/subtle"
	"encoding/binary"
	"math/bits"

	"github.com/dynos-run/dynos/isolate/ops"
)

// ChaCha20-Poly1305 and its form with a long nonce. RFC 8439.

type chachaState [16]uint32

func newChaCha(key, nonce []byte, counter uint32) *chachaState {
	s := &chachaState{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}
	for i := range 8 {
		s[4+i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	s[12] = counter
	for i := range 3 {
		s[13+i] = binary.LittleEndian.Uint32(nonce[4*i:])
	}
	return s
}

func chachaQuarter(a, b, c, d uint32) (uint32, uint32, uint32, uint32) {
	a += b
	d = bits.RotateLeft32(d^a, 16)
	c += d
	b = bits.RotateLeft32(b^c, 12)
	a += b
	d = bits.RotateLeft32(d^a, 8)
	c += d
	b = bits.RotateLeft32(b^c, 7)
	return a, b, c, d
}

// rounds applies the twenty rounds.
func (s *chachaState) rounds() {
	for range 10 {
		s[0], s[4], s[8], s[12] = chachaQuarter(s[0], s[4], s[8], s[12])
		s[1], s[5], s[9], s[13] = chachaQuarter(s[1], s[5], s[9], s[13])
		s[2], s[6], s[10], s[14] = chachaQuarter(s[2], s[6], s[10], s[14])
		s[3], s[7], s[11], s[15] = chachaQuarter(s[3], s[7], s[11], s[15])
		s[0], s[5], s[10], s[15] = chachaQuarter(s[0], s[5], s[10], s[15])
		s[1], s[6], s[11], s[12] = chachaQuarter(s[1], s[6], s[11], s[12])
		s[2], s[7], s[8], s[13] = chachaQuarter(s[2], s[7], s[8], s[13])
		s[3], s[4], s[9], s[14] = chachaQuarter(s[3], s[4], s[9], s[14])
	}
}

// block writes the next block of key stream.
func (s *chachaState) block(out *[64]byte) {
	x := *s
	x.rounds()
	for i := range x {
		binary.LittleEndian.PutUint32(out[4*i:], x[i]+s[i])
	}
	s[12]++
}

func (s *chachaState) xor(out, in []byte) {
	var stream [64]byte
	for len(in) > 0 {
		s.block(&stream)
		n := subtle.XORBytes(out, in, stream[:])
		out, in = out[n:], in[n:]
	}
}

// hchacha derives the key for a long nonce from its first 16 bytes. draft-irtf-cfrg-xchacha, 2.2.
func hchacha(key, nonce []byte) []byte {
	s := newChaCha(key, nonce[4:16], binary.LittleEndian.Uint32(nonce))
	s.rounds()
	out := make([]byte, 0, 32)
	for _, i := range []int{0, 1, 2, 3, 12, 13, 14, 15} {
		out = binary.LittleEndian.AppendUint32(out, s[i])
	}
	return out
}

// A poly1305 is the authenticator of RFC 8439, 2.5, with a sum of 130 bits in three words.
type poly1305 struct {
	r, s [2]uint64
	h    [3]uint64
}

func newPoly1305(key []byte) *poly1305 {
	return &poly1305{
		r: [2]uint64{binary.LittleEndian.Uint64(key) & 0x0ffffffc0fffffff, binary.LittleEndian.Uint64(key[8:]) & 0x0ffffffc0ffffffc},
		s: [2]uint64{binary.LittleEndian.Uint64(key[16:]), binary.LittleEndian.Uint64(key[24:])},
	}
}

// write takes data, filled up with zeros to whole blocks, as the AEAD does with each part.
func (p *poly1305) write(data []byte) {
	for len(data) > 0 {
		var block [16]byte
		data = data[copy(block[:], data):]
		var carry uint64
		p.h[0], carry = bits.Add64(p.h[0], binary.LittleEndian.Uint64(block[:]), 0)
		p.h[1], carry = bits.Add64(p.h[1], binary.LittleEndian.Uint64(block[8:]), carry)
		p.h[2] += carry + 1
		p.multiply()
	}
}

// multiply is h = h * r mod 2^130 - 5, partially reduced.
func (p *poly1305) multiply() {
	h, r := p.h, p.r
	h0r0, l0 := bits.Mul64(h[0], r[0])
	h1r0, l1 := bits.Mul64(h[1], r[0])
	h0r1, l2 := bits.Mul64(h[0], r[1])
	h1r1, l3 := bits.Mul64(h[1], r[1])
	// h[2] is below 8 and r has its upper bits clear, so these fit.
	m2, m3 := h[2]*r[0], h[2]*r[1]

	t0 := l0
	t1, c := bits.Add64(l1, l2, 0)
	t2, c2 := bits.Add64(h1r0, h0r1, c)
	t1, c = bits.Add64(t1, h0r0, 0)
	t2, c = bits.Add64(t2, l3, c)
	t3, _ := bits.Add64(h1r1, c2, c)
	t2, c = bits.Add64(t2, m2, 0)
	t3 += m3 + c

	// The part above 2^130 comes back five times: c*4 and c, where c*4 is what the mask leaves.
	h[0], h[1], h[2] = t0, t1, t2&3
	c0, c1 := t2&^3, t3
	h[0], c = bits.Add64(h[0], c0, 0)
	h[1], c = bits.Add64(h[1], c1, c)
	h[2] += c
	c0, c1 = c0>>2|c1<<62, c1>>2
	h[0], c = bits.Add64(h[0], c0, 0)
	h[1], c = bits.Add64(h[1], c1, c)
	h[2] += c
	p.h = h
}

func (p *poly1305) sum() []byte {
	h := p.h
	// h - (2^130 - 5), if that is not negative.
	g0, b := bits.Sub64(h[0], 0xfffffffffffffffb, 0)
	g1, b := bits.Sub64(h[1], 0xffffffffffffffff, b)
	_, b = bits.Sub64(h[2], 3, b)
	mask := b - 1
	h[0] = h[0]&^mask | g0&mask
	h[1] = h[1]&^mask | g1&mask
	lo, c := bits.Add64(h[0], p.s[0], 0)
	hi, _ := bits.Add64(h[1], p.s[1], c)
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, lo), hi)
}

// chachaTag authenticates extra data and ciphertext. RFC 8439, 2.8.
func chachaTag(key, nonce, extra, text []byte) []byte {
	var stream [64]byte
	newChaCha(key, nonce, 0).block(&stream)
	p := newPoly1305(stream[:32])
	p.write(extra)
	p.write(text)
	lengths := binary.LittleEndian.AppendUint64(nil, uint64(len(extra)))
	p.write(binary.LittleEndian.AppendUint64(lengths, uint64(len(text))))
	return p.sum()
}

// nodeChaCha takes direction, key, nonce of 12 or 24 bytes, extra data, the tag or null, and data. It gives [output, tag], or null if
// the tag is wrong.
func nodeChaCha(_ *Keys, a *ops.Reader) (any, error) {
	encrypt, key, nonce, extra, expected, data := a.Bool(), a.Bytes(), a.Bytes(), a.Bytes(), optionalBytes(a), a.Bytes()
	if len(key) != 32 || (len(nonce) != 12 && len(nonce) != 24) {
		return nil, errCipherState
	}
	if len(nonce) == 24 {
		key = hchacha(key, nonce[:16])
		nonce = append(make([]byte, 4, 12), nonce[16:]...)
	}
	out := make([]byte, len(data))
	if encrypt {
		newChaCha(key, nonce, 1).xor(out, data)
		return [][]byte{out, chachaTag(key, nonce, extra, out)}, nil
	}
	tag := chachaTag(key, nonce, extra, data)
	if len(expected) > len(tag) || subtle.ConstantTimeCompare(tag[:len(expected)], expected) != 1 {
		return nil, nil
	}
	newChaCha(key, nonce, 1).xor(out, data)
	return [][]byte{out, tag}, nil
}

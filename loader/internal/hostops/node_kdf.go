package hostops

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"github.com/dynos-run/dynos/isolate/ops"
)

// nodeHkdf takes digest, key, salt, info and a length in bytes. RFC 5869.
func nodeHkdf(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	key, salt, info, length := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int())
	if err != nil {
		return nil, err
	}
	if length < 0 || length > 255*h().Size() {
		return nil, NewOpError("RangeError", "Invalid Hkdf key length", nil)
	}
	out, err := hkdf.Key(h, key, salt, string(info), length)
	if err != nil {
		return nil, NewOpError("Error", "Hkdf failed", err)
	}
	return out, nil
}

// nodePbkdf2 takes digest, password, salt, iterations and a length in bytes. RFC 8018, 5.2.
func nodePbkdf2(k *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	password, salt, iterations, length := a.Bytes(), a.Bytes(), int(a.Int()), int(a.Int())
	if err != nil {
		return nil, err
	}
	if length < 0 || length > 255*h().Size() {
		return nil, NewOpError("RangeError", "Pbkdf2 failed: derived key length exceeds maximum for this hash", nil)
	}
	if length == 0 {
		return []byte{}, nil
	}
	if iterations < 1 {
		return nil, NewOpError("Error", "Pbkdf2 failed", nil)
	}
	return k.pbkdf2(h, password, salt, iterations, length)
}

// maxScryptCost is the largest N*r*p, as on the reference runtime.
const maxScryptCost = 1 << 20

// nodeScrypt takes password, salt, N, r, p, the most memory in bytes, and a length in bytes. RFC 7914.
func nodeScrypt(_ *Keys, a *ops.Reader) (any, error) {
	password, salt := a.Bytes(), a.Bytes()
	n, r, p, memory, length := uint64(a.Int()), uint64(a.Int()), uint64(a.Int()), uint64(a.Int()), int(a.Int())
	if tooCostly(n, r, p) {
		return nil, NewOpError("RangeError", "Scrypt failed: cost exceeds maximum (1048576).", nil)
	}
	if length < 0 || n < 2 || n&(n-1) != 0 || r == 0 || p == 0 || (r < 4 && n>>(16*r) != 0) || 128*r*(n+p+2) > memory {
		return nil, NewOpError("Error", "Scrypt failed", nil)
	}
	if length == 0 {
		return []byte{}, nil
	}
	out, err := scrypt(password, salt, int(n), int(r), int(p), length)
	if err != nil {
		return nil, NewOpError("Error", "Scrypt failed", err)
	}
	return out, nil
}

func tooCostly(n, r, p uint64) bool {
	high, low := bits.Mul64(n, r)
	if high != 0 || low > maxScryptCost {
		return true
	}
	high, low = bits.Mul64(low, p)
	return high != 0 || low > maxScryptCost
}

// scrypt is RFC 7914, 6.
func scrypt(password, salt []byte, n, r, p, length int) ([]byte, error) {
	blocks, err := pbkdf2.Key(sha256.New, string(password), salt, 1, 128*r*p)
	if err != nil {
		return nil, err
	}
	words := 32 * r
	x, y, v := make([]uint32, words), make([]uint32, words), make([]uint32, words*n)
	for ; p > 0; p-- {
		block := blocks[(p-1)*128*r:][:128*r]
		for i := range x {
			x[i] = binary.LittleEndian.Uint32(block[4*i:])
		}
		roMix(x, y, v, n)
		for i := range x {
			binary.LittleEndian.PutUint32(block[4*i:], x[i])
		}
	}
	return pbkdf2.Key(sha256.New, string(password), blocks, 1, length)
}

// roMix is scryptROMix on x, with y and v as memory. RFC 7914, 5.
func roMix(x, y, v []uint32, n int) {
	words := len(x)
	for i := range n {
		copy(v[i*words:], x)
		blockMix(x, y)
		x, y = y, x
	}
	for range n {
		j := int(x[words-16]) & (n - 1)
		for k, w := range v[j*words:][:words] {
			x[k] ^= w
		}
		blockMix(x, y)
		x, y = y, x
	}
	// n is even, so the result is where it began.
}

// blockMix is scryptBlockMix from in to out. RFC 7914, 4.
func blockMix(in, out []uint32) {
	var t [16]uint32
	copy(t[:], in[len(in)-16:])
	half := len(in) / 2
	for i := 0; i < len(in); i += 16 {
		salsa(&t, (*[16]uint32)(in[i:]))
		at := i / 2
		if i/16%2 == 1 {
			at = half + (i-16)/2
		}
		copy(out[at:], t[:])
	}
}

// salsa XORs block into t and applies Salsa20/8. RFC 7914, 3.
func salsa(t, block *[16]uint32) {
	for i := range t {
		t[i] ^= block[i]
	}
	x := *t
	for range 4 {
		quarter(&x[0], &x[4], &x[8], &x[12])
		quarter(&x[5], &x[9], &x[13], &x[1])
		quarter(&x[10], &x[14], &x[2], &x[6])
		quarter(&x[15], &x[3], &x[7], &x[11])
		quarter(&x[0], &x[1], &x[2], &x[3])
		quarter(&x[5], &x[6], &x[7], &x[4])
		quarter(&x[10], &x[11], &x[8], &x[9])
		quarter(&x[15], &x[12], &x[13], &x[14])
	}
	for i := range t {
		t[i] += x[i]
	}
}

func quarter(a, b, c, d *uint32) {
	*b ^= bits.RotateLeft32(*a+*d, 7)
	*c ^= bits.RotateLeft32(*b+*a, 9)
	*d ^= bits.RotateLeft32(*c+*b, 13)
	*a ^= bits.RotateLeft32(*d+*c, 18)
}

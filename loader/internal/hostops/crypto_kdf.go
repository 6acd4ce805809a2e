package hostops

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/subtle"
	"encoding/binary"
	"hash"

	"github.com/dynos-run/dynos/isolate/ops"
)

// maxDerived is the most bytes that either derivation gives: 255 blocks of the longest hash, which is HKDF's limit and, on the
// reference runtime, PBKDF2's too.
const maxDerived = 255 * 64

// hkdfDerive takes hash, key, salt, info and a length in bytes. https://w3c.github.io/webcrypto/#hkdf-operations-derive-bits
func hkdfDerive(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	key, salt, info, length := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int())
	if err != nil {
		return nil, err
	}
	if length < 0 || length > maxDerived {
		return nil, NewOpError(classOperation, "HKDF deriveBits failed.", nil)
	}
	out, err := hkdf.Key(h.New, key, salt, string(info), length)
	if err != nil {
		return nil, NewOpError(classOperation, "HKDF deriveBits failed.", err)
	}
	return out, nil
}

// pbkdf2Derive takes hash, key, salt, iterations and a length in bytes. https://w3c.github.io/webcrypto/#pbkdf2-operations-derive-bits
func pbkdf2Derive(k *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	key, salt, iterations, length := a.Bytes(), a.Bytes(), int(a.Int()), int(a.Int())
	if err != nil {
		return nil, err
	}
	if length < 0 || length > 255*h.Size() {
		return nil, NewOpError(classOperation, "Pbkdf2 failed: derived key length exceeds maximum for this hash", nil)
	}
	if length == 0 {
		return []byte{}, nil
	}
	if iterations < 1 {
		return nil, NewOpError("Error", "PBKDF2 deriveBits failed.", nil)
	}
	return k.pbkdf2(h.New, key, salt, iterations, length)
}

// manyIterations is from where on pbkdf2 looks whether it is to stop, and how often.
const manyIterations = 1 << 14

// pbkdf2 is PBKDF2, RFC 8018, section 5.2, that can be stopped if it takes long.
func (k *Keys) pbkdf2(newHash func() hash.Hash, password, salt []byte, iterations, length int) ([]byte, error) {
	if iterations <= manyIterations {
		out, err := pbkdf2.Key(newHash, string(password), salt, iterations, length)
		if err != nil {
			return nil, NewOpError("Error", "PBKDF2 deriveBits failed.", err)
		}
		return out, nil
	}
	prf := hmac.New(newHash, password)
	var out, u []byte
	for block := uint32(1); len(out) < length; block++ {
		prf.Reset()
		prf.Write(salt)
		prf.Write(binary.BigEndian.AppendUint32(nil, block))
		u = prf.Sum(u[:0])
		out = append(out, u...)
		t := out[len(out)-len(u):]
		for n := 1; n < iterations; n++ {
			if n%manyIterations == 0 && k.stopped() {
				return nil, ErrStopped
			}
			prf.Reset()
			prf.Write(u)
			u = prf.Sum(u[:0])
			subtle.XORBytes(t, t, u)
		}
	}
	return out[:length], nil
}

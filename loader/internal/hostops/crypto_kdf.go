package hostops

import (
	"crypto/hkdf"
	"crypto/pbkdf2"

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
func pbkdf2Derive(_ *Keys, a *ops.Reader) (any, error) {
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
	out, err := pbkdf2.Key(h.New, string(key), salt, iterations, length)
	if err != nil {
		return nil, NewOpError("Error", "PBKDF2 deriveBits failed.", err)
	}
	return out, nil
}

package hostops

import (
	"crypto/sha3"
	"crypto/subtle"
	"hash"

	"github.com/dynos-run/dynos/isolate/ops"
)

// maxOutputBits bounds what functions of any output length give.
const maxOutputBits = 1 << 26

// newCSHAKE returns cSHAKE128 or cSHAKE256, and its rate in bytes.
func newCSHAKE(bits int, function, customization []byte) (*sha3.SHAKE, int) {
	if bits == 128 {
		return sha3.NewCSHAKE128(function, customization), 168
	}
	return sha3.NewCSHAKE256(function, customization), 136
}

// sha3Digest takes the size, 256, 384 or 512, and data. FIPS 202, 6.1.
func sha3Digest(_ *Keys, a *ops.Reader) (any, error) {
	var h hash.Hash
	switch a.Int() {
	case 256:
		h = sha3.New256()
	case 384:
		h = sha3.New384()
	case 512:
		h = sha3.New512()
	default:
		return nil, errUnknownDigest
	}
	h.Write(a.Bytes())
	return h.Sum(nil), nil
}

// cshakeDigest takes the strength, 128 or 256, the function's name, the customization, the length of the output in bits, and data.
// NIST SP 800-185, 3.
func cshakeDigest(_ *Keys, a *ops.Reader) (any, error) {
	strength, function, customization, length := int(a.Int()), a.Bytes(), a.Bytes(), int(a.Int())
	if length < 0 || length > maxOutputBits || length%8 != 0 {
		return nil, NewOpError(classOperation, "The length of the digest is not supported.", nil)
	}
	h, _ := newCSHAKE(strength, function, customization)
	_, _ = h.Write(a.Bytes())
	out := make([]byte, length/8)
	_, _ = h.Read(out)
	return out, nil
}

// kmac takes the strength, 128 or 256, key, customization, the length of the output in bits, and data. NIST SP 800-185, 4.
func kmac(a *ops.Reader) ([]byte, error) {
	strength, key, customization, length := int(a.Int()), a.Bytes(), a.Bytes(), int(a.Int())
	if length < 0 || length > maxOutputBits || length%8 != 0 {
		return nil, NewOpError(classOperation, "The length of the KMAC output is not supported.", nil)
	}
	h, rate := newCSHAKE(strength, []byte("KMAC"), customization)
	// bytepad(encode_string(key), rate)
	head := leftEncode(rate)
	head = append(head, leftEncode(len(key)*8)...)
	head = append(head, key...)
	head = append(head, make([]byte, (rate-len(head)%rate)%rate)...)
	_, _ = h.Write(head)
	_, _ = h.Write(a.Bytes())
	encoded := leftEncode(length)
	_, _ = h.Write(append(encoded[1:], encoded[0])) // right_encode
	out := make([]byte, length/8)
	_, _ = h.Read(out)
	return out, nil
}

// leftEncode writes a number after how many bytes it has. NIST SP 800-185, 2.3.1.
func leftEncode(n int) []byte {
	digits := []byte{byte(n)}
	for n >>= 8; n > 0; n >>= 8 {
		digits = append([]byte{byte(n)}, digits...)
	}
	return append([]byte{byte(len(digits))}, digits...)
}

func kmacSign(_ *Keys, a *ops.Reader) (any, error) {
	return kmac(a)
}

// kmacVerify takes the signature, then what kmac does.
func kmacVerify(_ *Keys, a *ops.Reader) (any, error) {
	signature := a.Bytes()
	sum, err := kmac(a)
	if err != nil {
		return nil, err
	}
	return subtle.ConstantTimeCompare(sum, signature) == 1, nil
}

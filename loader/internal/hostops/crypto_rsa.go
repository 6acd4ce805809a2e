package hostops

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"errors"
	"math/big"

	"github.com/dynos-run/dynos/isolate/ops"
)

// maxRSABits is the largest modulus, as on the reference runtime: work grows with its third power.
const maxRSABits = 16384

var errRSAKey = errors.New("not an RSA key")

// packNumbers is the form in which keys are kept, see crypto_formats.go.
func packNumbers(numbers ...[]byte) []byte {
	var out []byte
	for _, n := range numbers {
		for len(n) > 0 && n[0] == 0 {
			n = n[1:]
		}
		out = binary.BigEndian.AppendUint16(out, uint16(len(n)))
		out = append(out, n...)
	}
	return out
}

// unpackNumbers is the inverse; nil if data has another form.
func unpackNumbers(data []byte) [][]byte {
	var out [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil
		}
		n := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; n > len(data) {
			return nil
		}
		out = append(out, data[:n:n])
		data = data[n:]
	}
	return out
}

// writeNumbers is the SEQUENCE of INTEGERs of PKCS #1, after a version if there is one. RFC 8017, A.1.
func writeNumbers(version []byte, numbers [][]byte) []byte {
	var body, out derWriter
	if version != nil {
		body.integer(version)
	}
	for _, n := range numbers {
		body.integer(n)
	}
	out.value(derSequence, body)
	return out
}

// parseRSAPublic reads an RSAPublicKey. RFC 8017, A.1.1.
func parseRSAPublic(data der) ([]byte, bool) {
	seq, ok := data.read(derSequence)
	n, okN := seq.number()
	e, okE := seq.number()
	if !ok || !okN || !okE || len(seq) != 0 || len(data) != 0 || !plausible(n, e) {
		return nil, false
	}
	return packNumbers(n, e), true
}

// plausible says whether n and e can be a public key.
func plausible(n, e []byte) bool {
	return len(n) > 0 && len(n) <= maxRSABits/8 && n[len(n)-1]&1 == 1 && len(e) > 0 && len(e) <= 5 && e[len(e)-1]&1 == 1 && (len(e) > 1 || e[0] > 1)
}

// parseRSAPrivate reads the body of an RSAPrivateKey of two primes. RFC 8017, A.1.2.
func parseRSAPrivate(body der) ([]byte, bool) {
	version, ok := body.small()
	if !ok || version != 0 {
		return nil, false
	}
	numbers := make([][]byte, 8)
	for i := range numbers {
		n, ok := body.number()
		if !ok || len(n) > maxRSABits/8 {
			return nil, false
		}
		numbers[i] = n
	}
	if len(body) != 0 || !plausible(numbers[0], numbers[1]) {
		return nil, false
	}
	data := packNumbers(numbers...)
	if _, err := parseRSAKey(data); err != nil {
		return nil, false
	}
	return data, true
}

// parseRSAKey makes the library's private key, checked.
func parseRSAKey(data []byte) (*rsa.PrivateKey, error) {
	numbers := unpackNumbers(data)
	if len(numbers) != 3 && len(numbers) != 8 {
		return nil, errRSAKey
	}
	public, err := rsaPublic(numbers)
	if err != nil {
		return nil, err
	}
	key := &rsa.PrivateKey{PublicKey: *public, D: new(big.Int).SetBytes(numbers[2])}
	if key.D.Sign() == 0 || key.D.Cmp(key.N) >= 0 {
		return nil, errRSAKey
	}
	if len(numbers) == 8 {
		key.Primes = []*big.Int{new(big.Int).SetBytes(numbers[3]), new(big.Int).SetBytes(numbers[4])}
		if err := key.Validate(); err != nil {
			return nil, err
		}
	}
	key.Precompute()
	if len(numbers) == 8 && !consistent(&key.Precomputed, numbers[5:]) {
		return nil, errRSAKey
	}
	return key, nil
}

// consistent says whether the numbers that follow from the others are those that were given.
func consistent(p *rsa.PrecomputedValues, given [][]byte) bool {
	for i, n := range []*big.Int{p.Dp, p.Dq, p.Qinv} {
		if n == nil || n.Cmp(new(big.Int).SetBytes(given[i])) != 0 {
			return false
		}
	}
	return true
}

func rsaPublic(numbers [][]byte) (*rsa.PublicKey, error) {
	n, e := new(big.Int).SetBytes(numbers[0]), new(big.Int).SetBytes(numbers[1])
	if n.BitLen() > maxRSABits || n.Bit(0) == 0 || e.BitLen() > 31 {
		return nil, errRSAKey
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

func parseRSAPublicKey(data []byte) (*rsa.PublicKey, error) {
	numbers := unpackNumbers(data)
	if len(numbers) < 2 {
		return nil, errRSAKey
	}
	return rsaPublic(numbers)
}

// rsaFromNumbers takes an array of the numbers of a JSON Web Key: n, e [, d [, p, q, dp, dq, qi]], and gives the key, not checked.
func rsaFromNumbers(_ *Keys, a *ops.Reader) (any, error) {
	count := a.Array()
	if count > 8 {
		return nil, NewOpError("DataError", "Input was not an RSA key.", nil)
	}
	numbers := make([][]byte, count)
	for i := range numbers {
		n := a.Bytes()
		for len(n) > 0 && n[0] == 0 {
			n = n[1:]
		}
		if len(n) > maxRSABits/8 {
			return nil, NewOpError(classOperation, "The modulus length must be a multiple of 8 and between 256 and 16k, but "+big.NewInt(int64(8*len(n))).String()+" was requested.", nil)
		}
		numbers[i] = n
	}
	return packNumbers(numbers...), nil
}

// rsaNumbers takes a key and gives its numbers.
func rsaNumbers(_ *Keys, a *ops.Reader) (any, error) { return unpackNumbers(a.Bytes()), nil }

// rsaGenerate takes a modulus length in bits and a public exponent, and gives the private key. It takes long.
func rsaGenerate(k *Keys, a *ops.Reader) (any, error) {
	bits, exponent := int(a.Int()), int(a.Int())
	if bits < 512 {
		return nil, NewOpError(classOperation, "RSA key size is too small.", nil)
	}
	if bits > maxRSABits || (exponent != 3 && exponent != 65537) {
		return nil, NewOpError(classOperation, "Error setting up RSA keygen.", nil)
	}
	key, err := k.generateRSA(bits, exponent)
	if err != nil {
		return nil, NewOpError(classOperation, "RSA operation failed.", err)
	}
	return packRSA(key), nil
}

// maxPlainRSA is the largest key that takes no longer than a second or two. The search for the primes of larger ones can be stopped.
const maxPlainRSA = 4096

func (k *Keys) generateRSA(bits, exponent int) (*rsa.PrivateKey, error) {
	if exponent == 65537 && bits <= maxPlainRSA {
		return rsa.GenerateKey(rand.Reader, bits)
	}
	return k.generateWith(bits, exponent)
}

func packRSA(key *rsa.PrivateKey) []byte {
	p := key.Precomputed
	return packNumbers(key.N.Bytes(), big.NewInt(int64(key.E)).Bytes(), key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes(),
		p.Dp.Bytes(), p.Dq.Bytes(), p.Qinv.Bytes())
}

// Schemes of signatures.
const schemePSS = "PSS"

// rsaSign takes scheme, hash, key, salt length (of PSS) and data. https://w3c.github.io/webcrypto/#rsassa-pkcs1-operations-sign
func rsaSign(k *Keys, a *ops.Reader) (any, error) {
	scheme := a.UTF8()
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyRSA, a.Bytes(), parseRSAKey)
	salt := int(a.Int())
	if err != nil {
		return nil, NewOpError(classOperation, "RSA operation failed.", err)
	}
	digest := sum(h, a.Bytes())
	var signature []byte
	switch {
	case string(scheme) != schemePSS:
		signature, err = rsa.SignPKCS1v15(nil, key, h, digest)
	case salt == 0:
		signature, err = signUnsalted(key, h, digest)
	default:
		signature, err = rsa.SignPSS(rand.Reader, key, h, digest, &rsa.PSSOptions{SaltLength: salt, Hash: h})
	}
	if err != nil {
		return nil, NewOpError(classOperation, "RSA operation failed.", err)
	}
	return signature, nil
}

// rsaVerify takes scheme, hash, public key, salt length (of PSS), signature and data.
func rsaVerify(k *Keys, a *ops.Reader) (any, error) {
	scheme := a.UTF8()
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyRSAPublic, a.Bytes(), parseRSAPublicKey)
	salt, signature := int(a.Int()), a.Bytes()
	if err != nil {
		return false, nil
	}
	digest := sum(h, a.Bytes())
	switch {
	case string(scheme) != schemePSS:
		err = rsa.VerifyPKCS1v15(key, h, digest, signature)
	case salt == 0:
		err = verifyUnsalted(key, h, digest, signature)
	default:
		err = rsa.VerifyPSS(key, h, digest, signature, &rsa.PSSOptions{SaltLength: salt, Hash: h})
	}
	return err == nil, nil
}

const failedOAEP = "RSA-OAEP failed encrypt/decrypt"

// rsaEncrypt takes hash, public key, label and data. https://w3c.github.io/webcrypto/#rsa-oaep-operations-encrypt
func rsaEncrypt(k *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyRSAPublic, a.Bytes(), parseRSAPublicKey)
	if err != nil {
		return nil, NewOpError(classOperation, failedOAEP+".", err)
	}
	if err := checfailedOAEP(key, h); err != nil {
		return nil, err
	}
	label, data := a.Bytes(), a.Bytes()
	out, err := rsa.EncryptOAEP(h.New(), rand.Reader, key, data, label)
	if err != nil {
		return nil, NewOpError(classOperation, failedOAEP+".", err)
	}
	return out, nil
}

// checfailedOAEP refuses a modulus that has no room for the padding.
func checfailedOAEP(key *rsa.PublicKey, h crypto.Hash) error {
	if key.Size() < 2*h.Size()+2 {
		return NewOpError(classOperation, failedOAEP+": RSA key size is too small..", nil)
	}
	return nil
}

// rsaDecrypt takes hash, key, label and data.
func rsaDecrypt(k *Keys, a *ops.Reader) (any, error) {
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyRSA, a.Bytes(), parseRSAKey)
	if err != nil {
		return nil, NewOpError(classOperation, failedOAEP+".", err)
	}
	label, data := a.Bytes(), a.Bytes()
	if len(data) != key.Size() {
		return nil, NewOpError(classOperation, failedOAEP+": Invalid RSA signature..", nil)
	}
	out, err := rsa.DecryptOAEP(h.New(), nil, key, data, label)
	if err != nil {
		return nil, NewOpError(classOperation, failedOAEP+".", err)
	}
	return out, nil
}

package hostops

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"math/big"

	"github.com/dynos-run/dynos/isolate/ops"
)

// nodeSignHashes are the digests that keys sign, as the library numbers them. ECDSA takes only the SHA family.
var nodeSignHashes = map[string]crypto.Hash{
	"md5":      crypto.MD5,
	"md5-sha1": crypto.MD5SHA1,
	"sha1":     crypto.SHA1,
	"sha224":   crypto.SHA224,
	"sha256":   crypto.SHA256,
	"sha384":   crypto.SHA384,
	"sha512":   crypto.SHA512,
}

// Paddings, as OpenSSL numbers them.
const (
	paddingPKCS1 = 1
	paddingNone  = 3
	paddingOAEP  = 4
	paddingPSS   = 6
)

// Lengths of the salt that are not numbers of bytes.
const (
	saltDigest = -1
	saltAuto   = -2
)

// A nodeSignature is what a signature is made or checked with.
type nodeSignature struct {
	kind    string
	key     []byte
	digest  string
	padding int
	salt    int
	p1363   bool // ECDSA: the two numbers at full width, not DER
	hashed  []byte
	data    []byte // instead of hashed, of Ed25519
}

// readSignature reads kind, key, digest or null, padding, length of the salt, whether the encoding is that of P1363, whether what
// follows is the digest already, and the data. Not ok: the key cannot be used so, and why says with which part of OpenSSL's work
// that shows: "init", "digest", or "padding".
func readSignature(a *ops.Reader) (s *nodeSignature, why string) {
	s = &nodeSignature{kind: a.String(), key: a.Bytes(), digest: optionalText(a), padding: int(a.Int()), salt: int(a.Int()), p1363: a.Bool()}
	hashed, data := a.Bool(), a.Bytes()
	switch s.kind {
	case "Ed25519":
		s.data = data
		if s.digest != "" {
			return s, "init"
		}
		return s, ""
	case "RSA":
		if s.digest == "" {
			return s, "init"
		}
		if s.padding == paddingNone {
			return s, "digest"
		}
		if s.padding != paddingPKCS1 && s.padding != paddingPSS {
			return s, "padding"
		}
	default:
		if s.digest == "" || curveNamed(s.kind) == nil {
			return s, "init"
		}
		switch s.digest {
		case "sha1", "sha224", "sha256", "sha384", "sha512":
		default:
			return s, "digest"
		}
	}
	if hashed {
		s.hashed = data
		return s, ""
	}
	h := nodeDigests[s.digest]
	if h == nil {
		return s, "init"
	}
	d := h()
	d.Write(data)
	s.hashed = d.Sum(nil)
	return s, ""
}

func curveNamed(name string) *curve {
	for _, c := range curves {
		if c.name == name {
			return c
		}
	}
	return nil
}

// nodeSign takes what readSignature reads. It gives the signature, a text that says why there can be none, or null if signing failed.
func nodeSign(k *Keys, a *ops.Reader) (any, error) {
	s, why := readSignature(a)
	if why != "" {
		return why, nil
	}
	var signature []byte
	var err error
	switch s.kind {
	case "Ed25519":
		if len(s.key) != ed25519.PrivateKeySize {
			return nil, nil
		}
		// A copy, since the library remembers keys by where they are.
		signature = ed25519.Sign(append(ed25519.PrivateKey{}, s.key...), s.data)
	case "RSA":
		signature, err = s.signRSA(k)
	default:
		signature, err = s.signEC(k)
	}
	if err != nil {
		return nil, nil
	}
	return signature, nil
}

func (s *nodeSignature) signRSA(k *Keys) ([]byte, error) {
	key, err := cachedKey(k, keyRSA, s.key, parseRSAKey)
	if err != nil {
		return nil, err
	}
	h, ok := nodeSignHashes[s.digest]
	if !ok {
		return nil, rsa.ErrVerification
	}
	if s.padding != paddingPSS {
		return rsa.SignPKCS1v15(nil, key, h, s.hashed)
	}
	salt := s.salt
	switch salt {
	case saltDigest:
		salt = h.Size()
	case saltAuto:
		salt = (key.N.BitLen()-1+7)/8 - 2 - h.Size()
	}
	switch {
	case salt < 0:
		return nil, rsa.ErrMessageTooLong
	case salt == 0:
		return signUnsalted(key, h, s.hashed)
	}
	return rsa.SignPSS(rand.Reader, key, h, s.hashed, &rsa.PSSOptions{SaltLength: salt, Hash: h})
}

func (s *nodeSignature) signEC(k *Keys) ([]byte, error) {
	c := curveNamed(s.kind)
	key, err := cachedKey(k, keyECDSA, s.key, func(data []byte) (*ecdsa.PrivateKey, error) {
		if len(data) != 3*c.size+1 {
			return nil, pointEncoding
		}
		return ecdsa.ParseRawPrivateKey(c.elliptic, data[:c.size])
	})
	if err != nil {
		return nil, err
	}
	signature, err := ecdsa.SignASN1(rand.Reader, key, s.hashed)
	if err != nil || !s.p1363 {
		return signature, err
	}
	raw, err := c.rawSignature(signature)
	if err != nil {
		return nil, err
	}
	return raw.([]byte), nil
}

// nodeVerify takes what readSignature reads, with a public key, and the signature. It says whether that is right; a text says why it
// cannot be checked.
func nodeVerify(k *Keys, a *ops.Reader) (any, error) {
	s, why := readSignature(a)
	signature := a.Bytes()
	if why != "" {
		return why, nil
	}
	return s.verify(k, signature), nil
}

func (s *nodeSignature) verify(k *Keys, signature []byte) bool {
	switch s.kind {
	case "Ed25519":
		return len(s.key) == ed25519.PublicKeySize && ed25519.Verify(s.key, s.data, signature)
	case "RSA":
		return s.verifyRSA(k, signature)
	}
	c := curveNamed(s.kind)
	key, err := cachedKey(k, keyECPublic, s.key, func(data []byte) (*ecdsa.PublicKey, error) {
		return ecdsa.ParseUncompressedPublicKey(c.elliptic, data)
	})
	if err != nil {
		return false
	}
	if s.p1363 {
		if len(signature) != 2*c.size {
			return false
		}
		var r, t derWriter
		r.integer(signature[:c.size])
		t.integer(signature[c.size:])
		signature = sequence(r, t)
	}
	return ecdsa.VerifyASN1(key, s.hashed, signature)
}

func (s *nodeSignature) verifyRSA(k *Keys, signature []byte) bool {
	key, err := cachedKey(k, keyRSAPublic, s.key, parseRSAPublicKey)
	h, ok := nodeSignHashes[s.digest]
	if err != nil || !ok {
		return false
	}
	if s.padding != paddingPSS {
		return rsa.VerifyPKCS1v15(key, h, s.hashed, signature) == nil
	}
	switch s.salt {
	case saltDigest:
		err = rsa.VerifyPSS(key, h, s.hashed, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h})
	case saltAuto:
		err = rsa.VerifyPSS(key, h, s.hashed, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: h})
	case 0:
		err = verifyUnsalted(key, h, s.hashed, signature)
	default:
		if s.salt < 0 {
			return false
		}
		err = rsa.VerifyPSS(key, h, s.hashed, signature, &rsa.PSSOptions{SaltLength: s.salt, Hash: h})
	}
	return err == nil
}

var (
	errCipher  = NewOpError("Error", "Failed to cipher/decipher", nil)
	errPadding = NewOpError("Error", "Failed to set the padding", nil)
)

// nodeRsaEncrypt takes a public key, a padding, the digest of OAEP, its label or null, and data. RFC 8017, 7.
func nodeRsaEncrypt(k *Keys, a *ops.Reader) (any, error) {
	key, err := cachedKey(k, keyRSAPublic, a.Bytes(), parseRSAPublicKey)
	padding, digest, label, data := int(a.Int()), a.String(), optionalBytes(a), a.Bytes()
	h := nodeDigests[digest]
	if err != nil || h == nil {
		return nil, errCipher
	}
	var out []byte
	switch padding {
	case paddingPKCS1:
		//lint:ignore SA1019 who asks for this padding gets it
		out, err = rsa.EncryptPKCS1v15(rand.Reader, key, data)
	case paddingNone:
		out, err = rawPublic(key, data)
	case paddingOAEP:
		if len(data) > key.Size()-2*h().Size()-2 {
			return nil, errCipher
		}
		out, err = rsa.EncryptOAEP(h(), rand.Reader, key, data, label)
	default:
		return nil, errPadding
	}
	if err != nil {
		return nil, errCipher
	}
	return out, nil
}

// nodeRsaDecrypt takes what nodeRsaEncrypt does, with the private key.
func nodeRsaDecrypt(k *Keys, a *ops.Reader) (any, error) {
	key, err := cachedKey(k, keyRSA, a.Bytes(), parseRSAKey)
	padding, digest, label, data := int(a.Int()), a.String(), optionalBytes(a), a.Bytes()
	h := nodeDigests[digest]
	if err != nil || h == nil || len(data) != key.Size() {
		return nil, errCipher
	}
	var out []byte
	switch padding {
	case paddingPKCS1:
		//lint:ignore SA1019 who asks for this padding gets it
		out, err = rsa.DecryptPKCS1v15(nil, key, data)
	case paddingNone:
		if new(big.Int).SetBytes(data).Cmp(key.N) >= 0 {
			return nil, errCipher
		}
		out, err = rawPrivate(key, data)
	case paddingOAEP:
		out, err = rsa.DecryptOAEP(h(), nil, key, data, label)
	default:
		return nil, errPadding
	}
	if err != nil {
		return nil, errCipher
	}
	return out, nil
}

// nodePrivateEncrypt takes a private key, a padding and data: a signature of what is no digest. RFC 8017, 8.2.1.
func nodePrivateEncrypt(k *Keys, a *ops.Reader) (any, error) {
	key, err := cachedKey(k, keyRSA, a.Bytes(), parseRSAKey)
	padding, data := int(a.Int()), a.Bytes()
	if err != nil {
		return nil, errCipher
	}
	var out []byte
	switch padding {
	case paddingPKCS1:
		out, err = rsa.SignPKCS1v15(nil, key, crypto.Hash(0), data)
	case paddingNone:
		if len(data) != key.Size() || new(big.Int).SetBytes(data).Cmp(key.N) >= 0 {
			return nil, errCipher
		}
		out, err = rawPrivate(key, data)
	case paddingPSS:
		return nil, errCipher
	default:
		return nil, errPadding
	}
	if err != nil {
		return nil, errCipher
	}
	return out, nil
}

// nodePublicDecrypt takes a public key, a padding and what nodePrivateEncrypt has given, and recovers the data. RFC 8017, 8.2.2.
func nodePublicDecrypt(k *Keys, a *ops.Reader) (any, error) {
	key, err := cachedKey(k, keyRSAPublic, a.Bytes(), parseRSAPublicKey)
	padding, data := int(a.Int()), a.Bytes()
	if err != nil || len(data) != key.Size() {
		return nil, errCipher
	}
	if padding == paddingPSS {
		return nil, errCipher
	}
	if padding != paddingPKCS1 && padding != paddingNone {
		return nil, errPadding
	}
	out, err := rawPublic(key, data)
	if err != nil {
		return nil, errCipher
	}
	if padding == paddingNone {
		return out, nil
	}
	end := 2
	for end < len(out) && out[end] == 0xff {
		end++
	}
	if out[0] != 0 || out[1] != 1 || end < 10 || end == len(out) || out[end] != 0 {
		return nil, errCipher
	}
	return out[end+1:], nil
}

// rawPublic computes data^e mod n, of a number as wide as the modulus.
func rawPublic(key *rsa.PublicKey, data []byte) ([]byte, error) {
	m := new(big.Int).SetBytes(data)
	if len(data) != key.Size() || m.Cmp(key.N) >= 0 {
		return nil, rsa.ErrMessageTooLong
	}
	return m.Exp(m, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size())), nil
}

package hostops

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"slices"

	"github.com/dynos-run/dynos/isolate/ops"
)

// okpSize is the size of a public key of either curve, and of the seed or scalar of a private one.
const okpSize = 32

// A private key is its seed and the public key, which is how crypto/ed25519 has it.

func edGenerate(_ *Keys, _ *ops.Reader) (any, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, NewOpError(classOperation, "Error constructing Ed25519 private key.", err)
	}
	return []byte(key), nil
}

// edPrivate takes a seed and gives the key.
func edPrivate(_ *Keys, a *ops.Reader) (any, error) {
	seed := a.Bytes()
	if len(seed) != okpSize {
		return nil, NewOpError(classOperation, "Failed to construct Ed25519 private key.", nil)
	}
	return []byte(ed25519.NewKeyFromSeed(seed)), nil
}

// edSign takes key and data. https://wicg.github.io/webcrypto-secure-curves/#ed25519-operations
func edSign(k *Keys, a *ops.Reader) (any, error) {
	// The library remembers keys by where they are in memory, which must be Go's: a.Bytes() may be the isolate's.
	key, err := cachedKey(k, keyEd25519, a.Bytes(), func(data []byte) (ed25519.PrivateKey, error) { return bytes.Clone(data), nil })
	if err != nil || len(key) != ed25519.PrivateKeySize {
		return nil, NewOpError(classOperation, "Failed to initialize Ed25519 signing digest.", err)
	}
	return ed25519.Sign(key, a.Bytes()), nil
}

// edVerify takes public key, signature and data.
func edVerify(_ *Keys, a *ops.Reader) (any, error) {
	key, signature := a.Bytes(), a.Bytes()
	if len(key) != ed25519.PublicKeySize {
		return nil, NewOpError(classOperation, "Failed to initialize Ed25519 verification digest.", nil)
	}
	data := a.Bytes()
	if isSmallOrder(key) || len(signature) == ed25519.SignatureSize && isSmallOrder(signature[:okpSize]) {
		return false, nil // such keys sign anything; the library follows RFC 8032, which lets them
	}
	return ed25519.Verify(key, data, signature), nil
}

// smallOrder has the y coordinates of the points whose order divides 8, also those that are not reduced.
var smallOrder = [][okpSize]byte{
	{},
	{0: 1},
	{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
	{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
	nearPrime(0xec),
	nearPrime(0xed),
	nearPrime(0xee),
}

// nearPrime is 2^255 - 256 + low.
func nearPrime(low byte) (y [okpSize]byte) {
	for i := range y {
		y[i] = 0xff
	}
	y[0], y[okpSize-1] = low, 0x7f
	return y
}

// isSmallOrder says whether an encoded point is one of them, whatever its sign. https://wicg.github.io/webcrypto-secure-curves/#ed25519-operations-verify
func isSmallOrder(point []byte) bool {
	y := [okpSize]byte(point)
	y[okpSize-1] &= 0x7f
	return slices.Contains(smallOrder, y)
}

func xPack(key *ecdh.PrivateKey) []byte { return append(key.Bytes(), key.PublicKey().Bytes()...) }

func xGenerate(_ *Keys, _ *ops.Reader) (any, error) {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, NewOpError(classOperation, "Error constructing X25519 private key.", err)
	}
	return xPack(key), nil
}

// xPrivate takes a scalar and gives the key.
func xPrivate(_ *Keys, a *ops.Reader) (any, error) {
	key, err := ecdh.X25519().NewPrivateKey(a.Bytes())
	if err != nil {
		return nil, NewOpError(classOperation, "Failed to construct X25519 private key.", err)
	}
	return xPack(key), nil
}

// xDerive takes key and the other's public key, and gives the shared secret; one of small order is refused.
func xDerive(_ *Keys, a *ops.Reader) (any, error) {
	failed := NewOpError(classOperation, "Failed to derive EDDH key: public key routines INVALID_PEER_KEY.", nil)
	data, other := a.Bytes(), a.Bytes()
	if len(data) != 2*okpSize {
		return nil, failed
	}
	key, err := ecdh.X25519().NewPrivateKey(data[:okpSize])
	if err != nil {
		return nil, failed
	}
	public, err := ecdh.X25519().NewPublicKey(other)
	if err != nil {
		return nil, failed
	}
	secret, err := key.ECDH(public)
	if err != nil {
		return nil, failed
	}
	return secret, nil
}

package hostops

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"

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
	return ed25519.Verify(key, a.Bytes(), signature), nil
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

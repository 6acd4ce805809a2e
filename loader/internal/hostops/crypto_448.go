package hostops

import (
	"crypto/rand"

	"github.com/cloudflare/circl/dh/x448"
	"github.com/cloudflare/circl/sign/ed448"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Ed448 and X448, which the standard library lacks. A private key is its seed or scalar and the public key, as with the smaller curves.

const (
	oidEd448 = "\x2b\x65\x71"
	oidX448  = "\x2b\x65\x6f"
)

// okpSizes are the sizes of public keys, and of seeds or scalars, by kind.
var okpSizes = map[string]int{"Ed25519": okpSize, "X25519": okpSize, "Ed448": ed448.SeedSize, "X448": x448.Size}

func ed448Generate(_ *Keys, _ *ops.Reader) (any, error) {
	_, key, err := ed448.GenerateKey(rand.Reader)
	if err != nil {
		return nil, NewOpError(classOperation, "Error constructing Ed448 private key.", err)
	}
	return []byte(key), nil
}

// ed448Private takes a seed and gives the key.
func ed448Private(_ *Keys, a *ops.Reader) (any, error) {
	seed := a.Bytes()
	if len(seed) != ed448.SeedSize {
		return nil, NewOpError(classOperation, "Failed to construct Ed448 private key.", nil)
	}
	return []byte(ed448.NewKeyFromSeed(seed)), nil
}

// ed448Sign takes key, context and data. https://wicg.github.io/webcrypto-secure-curves/#ed448-operations
func ed448Sign(_ *Keys, a *ops.Reader) (any, error) {
	key, context, data := a.Bytes(), a.Bytes(), a.Bytes()
	if len(key) != ed448.PrivateKeySize || len(context) > maxContext {
		return nil, NewOpError(classOperation, "Ed448 signing failed.", nil)
	}
	return ed448.Sign(key, data, string(context)), nil
}

// ed448Verify takes public key, context, signature and data.
func ed448Verify(_ *Keys, a *ops.Reader) (any, error) {
	key, context, signature, data := a.Bytes(), a.Bytes(), a.Bytes(), a.Bytes()
	if len(key) != ed448.PublicKeySize || len(context) > maxContext {
		return nil, NewOpError(classOperation, "Ed448 verification failed.", nil)
	}
	return ed448.Verify(key, data, signature, string(context)), nil
}

func x448Pack(scalar []byte) []byte {
	var public, secret x448.Key
	copy(secret[:], scalar)
	x448.KeyGen(&public, &secret)
	return append(secret[:], public[:]...)
}

func x448Generate(_ *Keys, _ *ops.Reader) (any, error) {
	scalar := make([]byte, x448.Size)
	_, _ = rand.Read(scalar)
	return x448Pack(scalar), nil
}

// x448Private takes a scalar and gives the key.
func x448Private(_ *Keys, a *ops.Reader) (any, error) {
	scalar := a.Bytes()
	if len(scalar) != x448.Size {
		return nil, NewOpError(classOperation, "Failed to construct X448 private key.", nil)
	}
	return x448Pack(scalar), nil
}

// x448Derive takes key and the other's public key, and gives the shared secret; one of small order is refused.
func x448Derive(_ *Keys, a *ops.Reader) (any, error) {
	data, other := a.Bytes(), a.Bytes()
	var shared, secret, public x448.Key
	if len(data) != 2*x448.Size || len(other) != x448.Size {
		return nil, NewOpError(classOperation, "Failed to derive X448 key.", nil)
	}
	copy(secret[:], data)
	copy(public[:], other)
	if !x448.Shared(&shared, &secret, &public) {
		return nil, NewOpError(classOperation, "Failed to derive X448 key: the other key is of small order.", nil)
	}
	return shared[:], nil
}

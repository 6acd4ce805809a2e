package hostops

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding"
	"hash"

	"github.com/dynos-run/dynos/isolate/ops"
)

// A nodeDigest is a digest of node:crypto by its plainest name; JavaScript knows the others.
var nodeDigests = map[string]func() hash.Hash{
	"md4":        newMD4,
	"md5":        md5.New,
	"md5-sha1":   newMD5SHA1,
	"sha1":       sha1.New,
	"sha224":     sha256.New224,
	"sha256":     sha256.New,
	"sha384":     sha512.New384,
	"sha512":     sha512.New,
	"sha512-256": sha512.New512_256,
}

var errNodeDigest = NewOpError("Error", "Digest method not supported", nil)

func readNodeDigest(a *ops.Reader) (func() hash.Hash, error) {
	if h := nodeDigests[string(a.UTF8())]; h != nil {
		return h, nil
	}
	return nil, errNodeDigest
}

// readData reads bytes, or a text as its UTF-8.
func readData(a *ops.Reader) []byte {
	if a.IsBytes() {
		return a.Bytes()
	}
	return a.UTF8()
}

// readState gives the digest that runs on from a state, or a new one if there is null instead.
func readState(a *ops.Reader, h func() hash.Hash) (hash.Hash, error) {
	d := h()
	if a.IsNull() {
		return d, nil
	}
	return d, restore(d, a.Bytes())
}

func restore(d hash.Hash, state []byte) error {
	if err := d.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return NewOpError("Error", "malformed digest state", err)
	}
	return nil
}

func stateOf(d hash.Hash) (any, error) {
	state, err := d.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil, NewOpError("Error", "malformed digest state", err)
	}
	return state, nil
}

// nodeUpdate takes digest, state or null, and data; it gives the state after them.
func nodeUpdate(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	if err != nil {
		return nil, err
	}
	d, err := readState(a, h)
	if err != nil {
		return nil, err
	}
	d.Write(readData(a))
	return stateOf(d)
}

// nodeDigest takes digest, state or null, and data; it gives the digest.
func nodeDigest(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	if err != nil {
		return nil, err
	}
	d, err := readState(a, h)
	if err != nil {
		return nil, err
	}
	d.Write(readData(a))
	return d.Sum(nil), nil
}

// The inner and the outer padding of RFC 2104.
const (
	innerPad = 0x36
	outerPad = 0x5c
)

// padded is the key as one block, XORed with a padding.
func padded(h func() hash.Hash, key []byte, pad byte) []byte {
	d := h()
	block := make([]byte, d.BlockSize())
	if len(key) > len(block) {
		d.Write(key)
		key = d.Sum(nil)
	}
	copy(block, key)
	for i := range block {
		block[i] ^= pad
	}
	return block
}

// nodeHmacStart takes digest and key; it gives the state of the inner digest, for node-update.
func nodeHmacStart(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	if err != nil {
		return nil, err
	}
	d := h()
	d.Write(padded(h, a.Bytes(), innerPad))
	return stateOf(d)
}

// nodeHmac takes digest, key, the inner digest's state or null, and data; it gives the code. RFC 2104.
func nodeHmac(_ *Keys, a *ops.Reader) (any, error) {
	h, err := readNodeDigest(a)
	if err != nil {
		return nil, err
	}
	key := a.Bytes()
	if a.IsNull() {
		mac := hmac.New(h, key)
		mac.Write(readData(a))
		return mac.Sum(nil), nil
	}
	d := h()
	if err := restore(d, a.Bytes()); err != nil {
		return nil, err
	}
	d.Write(readData(a))
	inner := d.Sum(nil)
	d.Reset()
	d.Write(padded(h, key, outerPad))
	d.Write(inner)
	return d.Sum(nil), nil
}

package hostops

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"

	"github.com/dynos-run/dynos/isolate/ops"
)

// A curve is a named curve with the size of its field in bytes.
type curve struct {
	name     string
	elliptic elliptic.Curve
	ecdh     ecdh.Curve
	size     int
	oid      string // the content of the DER object identifier
}

var curves = []*curve{
	{"P-256", elliptic.P256(), ecdh.P256(), 32, "\x2a\x86\x48\xce\x3d\x03\x01\x07"},
	{"P-384", elliptic.P384(), ecdh.P384(), 48, "\x2b\x81\x04\x00\x22"},
	{"P-521", elliptic.P521(), ecdh.P521(), 66, "\x2b\x81\x04\x00\x23"},
	{"P-224", elliptic.P224(), nil, 28, "\x2b\x81\x04\x00\x21"}, // keys of it can be read, but no algorithm takes them
}

func readCurve(a *ops.Reader) (*curve, error) {
	name := a.UTF8()
	for _, c := range curves {
		if c.name == string(name) {
			return c, nil
		}
	}
	return nil, NewOpError(ClassNotSupported, "Unrecognized or unimplemented EC curve \""+string(name)+"\" requested.", nil)
}

// A pointError says why bytes are no point of a curve, in the words of the reference runtime; "" if it has none.
type pointError string

func (e pointError) Error() string { return string(e) }

const (
	pointEncoding   pointError = "Invalid point encoding."
	pointCompressed pointError = "Invalid compressed point. Invalid compressed point."
	pointOffCurve   pointError = "Point is not on curve."
	pointUnknown    pointError = ""
)

// point checks an encoded point other than infinity and returns it uncompressed. SEC 1, 2.3.4.
func (c *curve) point(data []byte) ([]byte, error) {
	if len(data) == 0 {
		return nil, pointUnknown
	}
	switch data[0] {
	case 2, 3:
		if len(data) != 1+c.size {
			return nil, pointEncoding
		}
		if new(big.Int).SetBytes(data[1:]).Cmp(c.elliptic.Params().P) >= 0 {
			return nil, pointUnknown
		}
		x, y := elliptic.UnmarshalCompressed(c.elliptic, data)
		if x == nil {
			return nil, pointCompressed
		}
		return c.affine(x, y)
	case 4:
		if len(data) != 1+2*c.size {
			return nil, pointEncoding
		}
		x, y := new(big.Int).SetBytes(data[1:1+c.size]), new(big.Int).SetBytes(data[1+c.size:])
		return c.affine(x, y)
	}
	return nil, pointEncoding
}

// affine is the encoding of a point given by its coordinates.
func (c *curve) affine(x, y *big.Int) ([]byte, error) {
	if p := c.elliptic.Params().P; x.Cmp(p) >= 0 || y.Cmp(p) >= 0 {
		return nil, pointUnknown
	}
	out := make([]byte, 1+2*c.size)
	out[0] = 4
	x.FillBytes(out[1 : 1+c.size])
	y.FillBytes(out[1+c.size:])
	if _, err := ecdsa.ParseUncompressedPublicKey(c.elliptic, out); err != nil {
		return nil, pointOffCurve
	}
	return out, nil
}

// private is the key of a scalar, which may have leading zeros or lack them; nil if it is zero or too large.
func (c *curve) private(scalar []byte) *ecdsa.PrivateKey {
	d := new(big.Int).SetBytes(scalar)
	if d.Sign() == 0 || d.BitLen() > 8*c.size {
		return nil
	}
	key, err := ecdsa.ParseRawPrivateKey(c.elliptic, d.FillBytes(make([]byte, c.size)))
	if err != nil {
		return nil
	}
	return key
}

// pack is the form in which a private key is kept: scalar, point.
func (c *curve) pack(key *ecdsa.PrivateKey) ([]byte, error) {
	scalar, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	point, err := key.PublicKey.Bytes()
	return append(scalar, point...), err
}

func ecGenerate(_ *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(c.elliptic, rand.Reader)
	if err != nil {
		return nil, NewOpError(classOperation, "Error generating EC \""+c.name+"\" key.", err)
	}
	return c.pack(key)
}

// ecPoint takes a curve and an encoded point, and gives it uncompressed.
func ecPoint(_ *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	point, err := c.point(a.Bytes())
	if err != nil {
		return nil, NewOpError("DataError", "Failed to import raw EC key data"+describe(err), err)
	}
	return point, nil
}

// describe is how the reference runtime appends a detail, final stops and all.
func describe(err error) string {
	if detail := err.Error(); detail != "" {
		return ": " + detail + "."
	}
	return "."
}

// ecFromCoordinates takes a curve, x, y and null or d, each a big-endian number, and gives the key. RFC 7518, 6.2.
func ecFromCoordinates(_ *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	x, y := new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes())
	point, err := c.affine(x, y)
	if err != nil {
		return nil, NewOpError("DataError", "Invalid EC key; public key coordinates \"x\" and \"y\" are invalid"+describe(err), err)
	}
	if a.IsNull() {
		return point, nil
	}
	key := c.private(a.Bytes())
	if key == nil {
		return nil, NewOpError("DataError", "Invalid EC key; private key component \"d\" is invalid.", nil)
	}
	data, err := c.pack(key)
	if err != nil || string(data[c.size:]) != string(point) {
		return nil, NewOpError("DataError", "Invalid EC key in JSON Web Key.", err)
	}
	return data, nil
}

// ecdsaSign takes curve, hash, key and data. https://w3c.github.io/webcrypto/#ecdsa-operations-sign
func ecdsaSign(k *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyECDSA, a.Bytes(), func(data []byte) (*ecdsa.PrivateKey, error) {
		if len(data) != 3*c.size+1 { // so that no two curves share a key
			return nil, pointEncoding
		}
		return ecdsa.ParseRawPrivateKey(c.elliptic, data[:c.size])
	})
	if err != nil {
		return nil, NewOpError(classOperation, "Failed to sign.", err)
	}
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum(h, a.Bytes()))
	if err != nil {
		return nil, NewOpError(classOperation, "Failed to sign.", err)
	}
	return c.rawSignature(signature)
}

// rawSignature turns a DER signature into the two numbers at full width.
func (c *curve) rawSignature(signature []byte) (any, error) {
	body := der(signature)
	seq, ok := body.read(derSequence)
	r, okR := seq.read(derInteger)
	s, okS := seq.read(derInteger)
	if !ok || !okR || !okS {
		return nil, NewOpError(classOperation, "Failed to sign.", nil)
	}
	out := make([]byte, 2*c.size)
	new(big.Int).SetBytes(r).FillBytes(out[:c.size])
	new(big.Int).SetBytes(s).FillBytes(out[c.size:])
	return out, nil
}

// ecdsaVerify takes curve, hash, point, signature and data. https://w3c.github.io/webcrypto/#ecdsa-operations-verify
func ecdsaVerify(k *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	h, err := readHash(a)
	if err != nil {
		return nil, err
	}
	key, err := cachedKey(k, keyECPublic, a.Bytes(), func(data []byte) (*ecdsa.PublicKey, error) {
		return ecdsa.ParseUncompressedPublicKey(c.elliptic, data)
	})
	if err != nil {
		return nil, NewOpError(classOperation, "Failed to verify.", err)
	}
	signature := a.Bytes()
	if len(signature) != 2*c.size {
		return false, nil
	}
	var body derWriter
	body.integer(signature[:c.size])
	body.integer(signature[c.size:])
	var seq derWriter
	seq.value(derSequence, body)
	return ecdsa.VerifyASN1(key, sum(h, a.Bytes()), seq), nil
}

// ecdhDerive takes curve, key and the other's point, and gives the shared secret. https://w3c.github.io/webcrypto/#ecdh-operations-derive-bits
func ecdhDerive(_ *Keys, a *ops.Reader) (any, error) {
	c, err := readCurve(a)
	if err != nil {
		return nil, err
	}
	failed := NewOpError(classOperation, "Failed to generate shared ECDH secret.", nil)
	data, point := a.Bytes(), a.Bytes()
	if len(data) != 3*c.size+1 || c.ecdh == nil {
		return nil, failed
	}
	key, err := c.ecdh.NewPrivateKey(data[:c.size])
	if err != nil {
		return nil, failed
	}
	public, err := c.ecdh.NewPublicKey(point)
	if err != nil {
		return nil, failed
	}
	secret, err := key.ECDH(public)
	if err != nil {
		return nil, failed
	}
	return secret, nil
}

package hostops

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Keys of node:crypto have the forms of crypto_formats.go, and one more kind:
//
//	DH   numbers p, g, public key [, private key], as RSA's

const kindDH = "DH"

// nodePrivateKey takes data, "pem" or "der", the type of DER ("pkcs1", "pkcs8", "sec1" or null), and a passphrase or null. It gives
// [kind, key], or null.
func nodePrivateKey(_ *Keys, a *ops.Reader) (any, error) {
	data, format, form, passphrase := a.Bytes(), a.String(), optionalText(a), optionalBytes(a)
	kind, key, ok := readPrivateKey(data, format, form, passphrase)
	if !ok || !isNodeKind(kind) {
		return nil, nil
	}
	return []any{kind, key}, nil
}

// isNodeKind says whether BoringSSL reads such keys; Web Cryptography here has more of them.
func isNodeKind(kind string) bool {
	switch kind {
	case "Ed448", "X448":
		return false
	}
	return latticeNamed(kind) == nil
}

// nodePublicKey takes what nodePrivateKey does, with the types "pkcs1" and "spki"; what is a private key gives its public one.
func nodePublicKey(_ *Keys, a *ops.Reader) (any, error) {
	data, format, form, passphrase := a.Bytes(), a.String(), optionalText(a), optionalBytes(a)
	if kind, key, ok := readPublicKey(data, format, form); ok && isNodeKind(kind) {
		return []any{kind, key}, nil
	}
	kind, key, ok := readPrivateKey(data, format, form, passphrase)
	public := publicOf(kind, key)
	if !ok || !isNodeKind(kind) || public == nil {
		return nil, nil
	}
	return []any{kind, public}, nil
}

const kindDSA = "DSA"

func optionalText(a *ops.Reader) string {
	if a.IsNull() {
		return ""
	}
	return a.String()
}

func optionalBytes(a *ops.Reader) []byte {
	if a.IsNull() {
		return nil
	}
	if b := a.Bytes(); b != nil {
		return b
	}
	return []byte{}
}

// readPrivateKey reads a private key in any of its forms.
func readPrivateKey(data []byte, format, form string, passphrase []byte) (kind string, key []byte, ok bool) {
	if format != "pem" {
		return privateFromDER(data, form, passphrase)
	}
	for rest := data; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return "", nil, false
		}
		switch b.Type {
		case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY":
			content, ok := openPEM(b, passphrase)
			if !ok {
				return "", nil, false
			}
			return privateFromDER(content, b.Type, nil)
		case "ENCRYPTED PRIVATE KEY":
			return privateFromDER(b.Bytes, "pkcs8", passphrase)
		}
	}
}

func privateFromDER(data []byte, form string, passphrase []byte) (kind string, key []byte, ok bool) {
	rest := der(data)
	body, ok := rest.read(derSequence)
	if !ok || len(body) == 0 {
		return "", nil, false
	}
	if form == "DSA PRIVATE KEY" {
		key, ok = dsaTraditional(body)
		return kindDSA, key, ok
	}
	if body[0] == derSequence { // an EncryptedPrivateKeyInfo has no version
		plain, ok := openPKCS8(body, passphrase)
		if !ok {
			return "", nil, false
		}
		return privateFromDER(plain, form, nil)
	}
	if (form == "" || form == "pkcs8" || form == "PRIVATE KEY") && !hasAlgorithm(body) {
		return "", nil, false
	}
	return parsePrivate(body)
}

// hasAlgorithm says whether this may be a PrivateKeyInfo, not the bare key.
func hasAlgorithm(body der) bool {
	_, ok := body.small()
	return ok && len(body) > 0 && body[0] == derSequence
}

func readPublicKey(data []byte, format, form string) (kind string, key []byte, ok bool) {
	if format != "pem" {
		return publicFromDER(data, form != "spki")
	}
	for rest := data; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return "", nil, false
		}
		switch b.Type {
		case "PUBLIC KEY":
			return publicFromDER(b.Bytes, false)
		case "RSA PUBLIC KEY":
			return publicFromDER(b.Bytes, true)
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(b.Bytes)
			if err != nil {
				return "", nil, false
			}
			return publicFromDER(c.RawSubjectPublicKeyInfo, false)
		}
	}
}

// publicFromDER reads a SubjectPublicKeyInfo, or the bare RSAPublicKey.
func publicFromDER(data []byte, bare bool) (kind string, key []byte, ok bool) {
	if bare {
		key, ok = parseRSAPublic(data)
		return "RSA", key, ok
	}
	rest := der(data)
	body, ok := rest.read(derSequence)
	if !ok {
		return "", nil, false
	}
	return parseSPKI(body)
}

// publicOf is the public part of a private key, nil if there is none.
func publicOf(kind string, key []byte) []byte {
	switch kind {
	case "RSA":
		if n := unpackNumbers(key); len(n) >= 2 {
			return packNumbers(n[0], n[1])
		}
	case kindDH:
		if n := unpackNumbers(key); len(n) >= 3 {
			return packNumbers(n[0], n[1], n[2])
		}
	case kindDSA:
		if n := unpackNumbers(key); len(n) >= 4 {
			return packNumbers(n[:4]...)
		}
	case "Ed25519", "X25519", "Ed448", "X448":
		if size := okpSizes[kind]; len(key) == 2*size {
			return key[size:]
		}
	}
	if l := latticeNamed(kind); l != nil && len(key) > l.seed {
		return key[l.seed:]
	}
	for _, c := range curves {
		if c.name == kind && len(key) == 3*c.size+1 {
			return key[c.size:]
		}
	}
	return nil
}

// nodePublicOf takes kind and private key, and gives the public key, or null.
func nodePublicOf(_ *Keys, a *ops.Reader) (any, error) {
	if public := publicOf(a.String(), a.Bytes()); public != nil {
		return public, nil
	}
	return nil, nil
}

var errExport = NewOpError("Error", "Failed to export key", nil)

// nodeExport takes kind, key, whether it is a private one, "pem" or "der", the type, whether SEC 1 leaves the curve away, and cipher
// and passphrase or null. It gives the bytes; PEM is text.
func nodeExport(_ *Keys, a *ops.Reader) (any, error) {
	kind, key, private, format, form, bare := a.String(), a.Bytes(), a.Bool(), a.String(), a.String(), a.Bool()
	name, passphrase := optionalText(a), optionalBytes(a)
	var c *pemCipher
	if name != "" {
		if c = cipherNamed(name); c == nil {
			return nil, NewOpError("Error", "Unknown cipher: "+name, nil)
		}
	}
	b := &pem.Block{}
	if private {
		b.Type, b.Bytes = writePrivate(kind, key, form, bare)
	} else {
		b.Type, b.Bytes = writePublic(kind, key, form)
	}
	if b.Bytes == nil {
		return nil, errExport
	}
	if private && c != nil {
		sealed, err := sealKey(b, c, passphrase, format)
		if err != nil {
			return nil, errExport
		}
		b = sealed
	}
	if format == "pem" {
		return pem.EncodeToMemory(b), nil
	}
	return b.Bytes, nil
}

// sealKey encrypts a private key; DER has no way to but PKCS #8.
func sealKey(b *pem.Block, c *pemCipher, passphrase []byte, format string) (*pem.Block, error) {
	if b.Type != "PRIVATE KEY" {
		if format != "pem" {
			return b, nil
		}
		return sealPEM(b.Type, c, passphrase, b.Bytes)
	}
	sealed, err := sealPKCS8(c, passphrase, b.Bytes)
	return &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: sealed}, err
}

func writePrivate(kind string, key []byte, form string, bare bool) (label string, data []byte) {
	if kind == kindDSA && form == "pkcs8" {
		return "PRIVATE KEY", writeDSAPrivate(key)
	}
	inner := writeInner(kind, key)
	if inner == nil {
		return "", nil
	}
	switch form {
	case "pkcs8":
		head, ok := algorithmOf(kind)
		if !ok {
			return "", nil
		}
		var version derWriter
		version.integer(nil)
		return "PRIVATE KEY", sequence(version, head, octets(inner))
	case "pkcs1":
		return "RSA PRIVATE KEY", inner
	case "sec1":
		if bare {
			return "EC PRIVATE KEY", inner
		}
		return "EC PRIVATE KEY", withCurve(kind, key)
	}
	return "", nil
}

// withCurve is the ECPrivateKey that names its curve. RFC 5915, 3.
func withCurve(kind string, key []byte) []byte {
	for _, c := range curves {
		if c.name == kind && len(key) == 3*c.size+1 {
			var version, named, public, outer derWriter
			version.integer([]byte{1})
			named.value(0xa0, oid(c.oid))
			public.bits(key[c.size:])
			outer.value(0xa1, public)
			return sequence(version, octets(key[:c.size]), named, outer)
		}
	}
	return nil
}

func writePublic(kind string, key []byte, form string) (label string, data []byte) {
	if kind == kindDSA {
		return "PUBLIC KEY", writeDSAPublic(key)
	}
	head, ok := algorithmOf(kind)
	if kind == "RSA" {
		numbers := unpackNumbers(key)
		if len(numbers) != 2 {
			return "", nil
		}
		key = writeNumbers(nil, numbers)
		if form == "pkcs1" {
			return "RSA PUBLIC KEY", key
		}
	}
	if !ok || len(key) == 0 {
		return "", nil
	}
	var bits derWriter
	bits.bits(key)
	return "PUBLIC KEY", sequence(head, bits)
}

// nodeOkpKey takes "Ed25519" or "X25519", whether it is a private key, and its bytes; it gives the key, or null.
func nodeOkpKey(_ *Keys, a *ops.Reader) (any, error) {
	kind, private, data := a.String(), a.Bool(), a.Bytes()
	switch {
	case len(data) != okpSize:
		return nil, nil
	case !private:
		return append([]byte{}, data...), nil
	case kind == "Ed25519":
		return []byte(ed25519.NewKeyFromSeed(data)), nil
	}
	key, err := ecdh.X25519().NewPrivateKey(data)
	if err != nil {
		return nil, nil
	}
	return xPack(key), nil
}

// nodeRsaGenerate takes a modulus length in bits, rounded down as BoringSSL does, and a public exponent. It gives the private key, or null.
func nodeRsaGenerate(k *Keys, a *ops.Reader) (any, error) {
	bits, exponent := int(a.Int()), a.Int()
	bits -= bits % 128
	if bits < 256 || bits > maxRSABits || exponent < 3 || exponent > 1<<31-1 || exponent%2 == 0 {
		return nil, nil
	}
	key, err := k.generateRSA(bits, int(exponent))
	if err != nil {
		return nil, nil
	}
	return packRSA(key), nil
}

// nodeDHPair takes prime and generator, and gives a new private key.
func nodeDHPair(_ *Keys, a *ops.Reader) (any, error) {
	p, g := new(big.Int).SetBytes(a.Bytes()), big.NewInt(a.Int())
	if p.BitLen() < 2 || p.BitLen() > maxDHBits || p.Bit(0) == 0 {
		return nil, nil
	}
	x, err := rand.Int(rand.Reader, new(big.Int).Rsh(p, 1))
	if err != nil {
		return nil, nil
	}
	x.Add(x, big.NewInt(1))
	return packNumbers(p.Bytes(), g.Bytes(), new(big.Int).Exp(g, x, p).Bytes(), x.Bytes()), nil
}

package hostops

import (
	"crypto/ecdh"
	"crypto/ed25519"

	"github.com/cloudflare/circl/sign/ed448"

	"github.com/dynos-run/dynos/isolate/ops"
)

// Keys of public-key algorithms are kept as bytes, in the form of their kind:
//
//	P-256, P-384, P-521   public: the uncompressed point; private: the scalar, then the point
//	Ed25519, X25519       public: 32 bytes; private: the seed or scalar, then the public key
//	Ed448, X448           the same, of 57 and 56 bytes
//	ML-KEM-*, ML-DSA-*    public: as the standards encode it; private: the seed, then the public key
//	RSA                   numbers n, e [, d [, p, q, dp, dq, qi]], each as two bytes of length, then big-endian without leading zeros
//	DSA                   numbers p, q, g, y [, x], as RSA's
//	P-224                 nothing: they can be told apart, not used

// Contents of the object identifiers of algorithms.
const (
	oidRSA     = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
	oidEC      = "\x2a\x86\x48\xce\x3d\x02\x01"
	oidDSA     = "\x2a\x86\x48\xce\x38\x04\x01"
	oidEd25519 = "\x2b\x65\x70"
	oidX25519  = "\x2b\x65\x6e"
)

// spkiParse takes bytes that begin with a SubjectPublicKeyInfo, and gives [kind, key, number of bytes that it takes up], or null. RFC 5280, 4.1.
func spkiParse(_ *Keys, a *ops.Reader) (any, error) { return parsed(a.Bytes(), parseSPKI) }

// pkcs8Parse does so for a private key: a PrivateKeyInfo (RFC 5208, 5), or the bare RSAPrivateKey (RFC 8017, A.1.2) or ECPrivateKey (RFC 5915, 3).
func pkcs8Parse(_ *Keys, a *ops.Reader) (any, error) { return parsed(a.Bytes(), parsePrivate) }

func parsed(data []byte, parse func(der) (string, []byte, bool)) (any, error) {
	rest := der(data)
	body, ok := rest.read(derSequence)
	if !ok {
		return nil, nil
	}
	kind, key, ok := parse(body)
	if !ok {
		return nil, nil
	}
	return []any{kind, key, len(data) - len(rest)}, nil
}

// algorithm reads an AlgorithmIdentifier: its identifier and what is left, the parameters.
func (d *der) algorithm() (oid string, parameters der, ok bool) {
	seq, ok := d.read(derSequence)
	id, okID := seq.read(derOID)
	return string(id), seq, ok && okID
}

// namedCurve reads the parameters of an EC key.
func (d *der) namedCurve() *curve {
	id, ok := d.read(derOID)
	if !ok || len(*d) != 0 {
		return nil
	}
	for _, c := range curves {
		if c.oid == string(id) {
			return c
		}
	}
	return nil
}

// isNull says whether the parameters are NULL and nothing else.
func (d *der) isNull() bool {
	content, ok := d.read(derNull)
	return ok && len(content) == 0 && len(*d) == 0
}

func parseSPKI(body der) (kind string, key []byte, ok bool) {
	oid, parameters, okAlgorithm := body.algorithm()
	bits, okBits := body.bits()
	if !okAlgorithm || !okBits || len(body) != 0 {
		return "", nil, false
	}
	switch oid {
	case oidRSA:
		key, ok = parseRSAPublic(bits)
		return "RSA", key, ok && parameters.isNull()
	case oidEC:
		c := parameters.namedCurve()
		if c == nil {
			return "", nil, false
		}
		point, err := c.point(bits)
		return c.name, point, err == nil
	case oidDSA:
		key, ok = dsaPublic(parameters, bits)
		return kindDSA, key, ok
	}
	if l := latticeOf(func(l lattice) bool { return l.oid == oid }); l != nil {
		return l.name, bits, len(parameters) == 0 && l.isPublic(bits)
	}
	kind = okpKinds[oid]
	return kind, bits, kind != "" && len(bits) == okpSizes[kind] && len(parameters) == 0
}

// okpKinds are the kinds of keys by the identifiers of algorithms that have no parameters.
var okpKinds = map[string]string{oidEd25519: "Ed25519", oidX25519: "X25519", oidEd448: "Ed448", oidX448: "X448"}

// parsePrivate tells the three forms apart by what follows the version.
func parsePrivate(body der) (kind string, key []byte, ok bool) {
	whole := body
	version, ok := body.small()
	if !ok || len(body) == 0 {
		return "", nil, false
	}
	switch body[0] {
	case derInteger:
		key, ok = parseRSAPrivate(whole)
		return "RSA", key, ok
	case derOctetString:
		return parseEC(whole, nil)
	}
	oid, parameters, okAlgorithm := body.algorithm()
	inner, okInner := body.read(derOctetString)
	if version > 1 || !okAlgorithm || !okInner {
		return "", nil, false
	}
	return parseInner(oid, parameters, inner) // attributes may follow, and do not matter
}

// parseInner reads the key that a PrivateKeyInfo holds.
func parseInner(oid string, parameters, inner der) (kind string, key []byte, ok bool) {
	switch oid {
	case oidRSA:
		seq, okSeq := inner.read(derSequence)
		key, ok = parseRSAPrivate(seq)
		return "RSA", key, ok && okSeq && len(inner) == 0 && parameters.isNull()
	case oidEC:
		c := parameters.namedCurve()
		seq, okSeq := inner.read(derSequence)
		if c == nil || !okSeq || len(inner) != 0 {
			return "", nil, false
		}
		return parseEC(seq, c)
	case oidDSA:
		key, ok = dsaPrivate(parameters, inner)
		return kindDSA, key, ok
	}
	if len(parameters) != 0 {
		return "", nil, false
	}
	if l := latticeOf(func(l lattice) bool { return l.oid == oid }); l != nil {
		seed, okSeed := inner.read(derSeed)
		key = l.key(seed)
		return l.name, key, okSeed && key != nil && len(inner) == 0
	}
	seed, okSeed := inner.read(derOctetString)
	kind = okpKinds[oid]
	if !okSeed || len(inner) != 0 || kind == "" || len(seed) != okpSizes[kind] {
		return "", nil, false
	}
	key, ok = okpPrivate(kind, seed)
	return kind, key, ok
}

// derSeed tags the seed of a private key of ML-KEM or ML-DSA. RFC 9881, 6.
const derSeed = 0x80

func okpPrivate(kind string, seed []byte) ([]byte, bool) {
	switch kind {
	case "Ed25519":
		return ed25519.NewKeyFromSeed(seed), true
	case "Ed448":
		return ed448.NewKeyFromSeed(seed), true
	case "X448":
		return x448Pack(seed), true
	}
	scalar, err := ecdh.X25519().NewPrivateKey(seed)
	if err != nil {
		return nil, false
	}
	return xPack(scalar), true
}

// parseEC reads the body of an ECPrivateKey, on a curve that is known from outside or that it names itself. RFC 5915, 3.
func parseEC(body der, c *curve) (kind string, data []byte, ok bool) {
	version, okVersion := body.small()
	scalar, okScalar := body.read(derOctetString)
	named, okNamed := body.optional(0xa0)
	public, okPublic := body.optional(0xa1)
	if version != 1 || !okVersion || !okScalar || !okNamed || !okPublic {
		return "", nil, false
	}
	if named != nil {
		own := named.namedCurve()
		if own == nil || (c != nil && own != c) {
			return "", nil, false
		}
		c = own
	}
	if c == nil {
		return "", nil, false
	}
	key := c.private(scalar)
	if key == nil {
		return "", nil, false
	}
	data, err := c.pack(key)
	if err == nil && public != nil {
		bits, okBits := public.bits()
		point, err := c.point(bits)
		if !okBits || err != nil || string(point) != string(data[c.size:]) {
			return "", nil, false
		}
	}
	return c.name, data, err == nil
}

// spkiWrite takes kind and public key.
func spkiWrite(_ *Keys, a *ops.Reader) (any, error) {
	kind, key := a.String(), a.Bytes()
	head, ok := algorithmOf(kind)
	if kind == "RSA" {
		numbers := unpackNumbers(key)
		if ok = len(numbers) == 2; ok {
			key = writeNumbers(nil, numbers)
		}
	}
	if !ok || len(key) == 0 {
		return nil, NewOpError(classOperation, "Public key export failed.", nil)
	}
	body, out := head, derWriter{}
	body.bits(key)
	out.value(derSequence, body)
	return []byte(out), nil
}

// pkcs8Write takes kind and private key.
func pkcs8Write(_ *Keys, a *ops.Reader) (any, error) {
	kind, key := a.String(), a.Bytes()
	head, ok := algorithmOf(kind)
	inner := writeInner(kind, key)
	if !ok || inner == nil {
		return nil, NewOpError(classOperation, "Private key export failed.", nil)
	}
	var body, out derWriter
	body.integer(nil)
	body = append(body, head...)
	body.value(derOctetString, inner)
	out.value(derSequence, body)
	return []byte(out), nil
}

// writeInner is the key as a PrivateKeyInfo holds it, nil if it has no such form.
func writeInner(kind string, key []byte) []byte {
	var body, out derWriter
	switch kind {
	case "RSA":
		numbers := unpackNumbers(key)
		if len(numbers) != 8 {
			return nil
		}
		return writeNumbers([]byte{0}, numbers)
	case "Ed25519", "X25519", "Ed448", "X448":
		size := okpSizes[kind]
		if len(key) != 2*size {
			return nil
		}
		out.value(derOctetString, key[:size])
		return out
	}
	if l := latticeNamed(kind); l != nil && len(key) > l.seed {
		out.value(derSeed, key[:l.seed])
		return out
	}
	for _, c := range curves {
		if c.name == kind && len(key) == 3*c.size+1 {
			var public derWriter
			public.bits(key[c.size:])
			body.integer([]byte{1})
			body.value(derOctetString, key[:c.size])
			body.value(0xa1, public)
			out.value(derSequence, body)
			return out
		}
	}
	return nil
}

// algorithmOf writes the AlgorithmIdentifier of a kind of keys.
func algorithmOf(kind string) (derWriter, bool) {
	var body, out derWriter
	switch kind {
	case "RSA":
		body.value(derOID, []byte(oidRSA))
		body.value(derNull, nil)
	case "Ed25519":
		body.value(derOID, []byte(oidEd25519))
	case "X25519":
		body.value(derOID, []byte(oidX25519))
	case "Ed448":
		body.value(derOID, []byte(oidEd448))
	case "X448":
		body.value(derOID, []byte(oidX448))
	default:
		if l := latticeNamed(kind); l != nil {
			body.value(derOID, []byte(l.oid))
			break
		}
		i := 0
		for i < len(curves) && curves[i].name != kind {
			i++
		}
		if i == len(curves) {
			return nil, false
		}
		body.value(derOID, []byte(oidEC))
		body.value(derOID, []byte(curves[i].oid))
	}
	out.value(derSequence, body)
	return out, true
}

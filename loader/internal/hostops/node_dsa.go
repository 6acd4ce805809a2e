package hostops

import "math/big"

// Keys of DSA can be read, compared and written, not used. RFC 3279, 2.3.2; RFC 5958.

// maxDSABits bounds the modulus, as BoringSSL does.
const maxDSABits = 10000

// dsaPublic reads the numbers p, q, g from the parameters of an algorithm, and y.
func dsaPublic(parameters, inner der) ([]byte, bool) {
	numbers, ok := dsaNumbers(&parameters, 3)
	y, okY := inner.number()
	if !ok || !okY || len(parameters) != 0 || len(inner) != 0 {
		return nil, false
	}
	numbers = append(numbers, y)
	return packNumbers(numbers...), isDSA(numbers)
}

// dsaPrivate does so with the private number, of which y is made.
func dsaPrivate(parameters, inner der) ([]byte, bool) {
	numbers, ok := dsaNumbers(&parameters, 3)
	x, okX := inner.number()
	if !ok || !okX || len(parameters) != 0 || len(inner) != 0 || !isDSA(numbers) {
		return nil, false
	}
	p, q, g, secret := bigInt(numbers[0]), bigInt(numbers[1]), bigInt(numbers[2]), bigInt(x)
	if secret.Sign() == 0 || secret.Cmp(q) >= 0 {
		return nil, false
	}
	numbers = append(numbers, new(big.Int).Exp(g, secret, p).Bytes(), x)
	return packNumbers(numbers...), true
}

// dsaTraditional reads the body of a DSAPrivateKey, as OpenSSL wrote them: a version, p, q, g, y, x.
func dsaTraditional(body der) ([]byte, bool) {
	version, okVersion := body.small()
	content := []byte(body)
	rest := der(content)
	if !okVersion || version != 0 || len(content) == 0 {
		return nil, false
	}
	numbers := make([][]byte, 5)
	for i := range numbers {
		n, ok := rest.number()
		if !ok {
			return nil, false
		}
		numbers[i] = n
	}
	return packNumbers(numbers...), len(rest) == 0 && isDSA(numbers[:4])
}

// dsaNumbers takes a SEQUENCE of numbers.
func dsaNumbers(d *der, count int) ([][]byte, bool) {
	seq, ok := d.read(derSequence)
	numbers := make([][]byte, count)
	for i := range numbers {
		n, okNumber := seq.number()
		numbers[i], ok = n, ok && okNumber
	}
	return numbers, ok && len(seq) == 0
}

func bigInt(b []byte) *big.Int { return new(big.Int).SetBytes(b) }

// isDSA says whether p, q, g [, y] can be a public key.
func isDSA(numbers [][]byte) bool {
	p := bigInt(numbers[0])
	if p.BitLen() > maxDSABits || p.Bit(0) == 0 {
		return false
	}
	switch bigInt(numbers[1]).BitLen() {
	case 160, 224, 256:
	default:
		return false
	}
	for _, n := range numbers[2:] {
		if len(n) == 0 || bigInt(n).Cmp(p) >= 0 {
			return false
		}
	}
	return true
}

func dsaAlgorithm(numbers [][]byte) derWriter {
	return sequence(oid(oidDSA), writeNumbers(nil, numbers[:3]))
}

// writeDSAPublic makes a SubjectPublicKeyInfo, nil if the key is none.
func writeDSAPublic(key []byte) []byte {
	numbers := unpackNumbers(key)
	if len(numbers) < 4 {
		return nil
	}
	var y, bits derWriter
	y.integer(numbers[3])
	bits.bits(y)
	return sequence(dsaAlgorithm(numbers), bits)
}

// writeDSAPrivate makes a PrivateKeyInfo, nil if the key is none.
func writeDSAPrivate(key []byte) []byte {
	numbers := unpackNumbers(key)
	if len(numbers) < 5 {
		return nil
	}
	var version, x derWriter
	version.integer(nil)
	x.integer(numbers[4])
	return sequence(version, dsaAlgorithm(numbers), octets(x))
}

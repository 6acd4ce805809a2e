package hostops

import (
	"crypto/ecdh"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	"strings"

	"github.com/dynos-run/dynos/isolate/ops"
)

// maxDHBits is the largest modulus, as on the reference runtime.
const maxDHBits = 10000

// maxDHPrivateBits is the largest private key: longer ones only take longer.
const maxDHPrivateBits = 2 * maxDHBits

// A modpGroup is a prime of RFC 3526, which is 2^bits - 2^(bits-64) - 1 + 2^64 * (floor(2^(bits-130) * pi) + add).
type modpGroup struct {
	name string
	bits uint
	add  int64
}

var modpGroups = []modpGroup{
	{"modp5", 1536, 741804},
	{"modp14", 2048, 124476},
	{"modp15", 3072, 1690314},
	{"modp16", 4096, 240904},
	{"modp17", 6144, 929484},
	{"modp18", 8192, 4743158},
}

func (g modpGroup) prime() *big.Int {
	one := big.NewInt(1)
	p := new(big.Int).Lsh(one, g.bits)
	p.Sub(p, new(big.Int).Lsh(one, g.bits-64))
	p.Sub(p, one)
	middle := piTimes(g.bits - 130)
	middle.Add(middle, big.NewInt(g.add))
	return p.Add(p, middle.Lsh(middle, 64))
}

// piTimes is floor(2^bits * pi), by Machin's formula with bits to spare.
func piTimes(bits uint) *big.Int {
	const spare = 64
	arctan := func(n int64) *big.Int {
		square := big.NewInt(n * n)
		term := new(big.Int).Lsh(big.NewInt(1), bits+spare)
		term.Quo(term, big.NewInt(n))
		total, part := new(big.Int), new(big.Int)
		for i := int64(1); term.Sign() > 0; i += 2 {
			part.Quo(term, big.NewInt(i))
			if i%4 == 1 {
				total.Add(total, part)
			} else {
				total.Sub(total, part)
			}
			term.Quo(term, square)
		}
		return total
	}
	pi := arctan(5)
	pi.Lsh(pi, 2).Sub(pi, arctan(239)).Lsh(pi, 2)
	return pi.Rsh(pi, spare)
}

// nodeDHGroup takes a name and gives the prime, or null.
func nodeDHGroup(_ *Keys, a *ops.Reader) (any, error) {
	name := a.String()
	for _, g := range modpGroups {
		if strings.EqualFold(g.name, name) {
			return g.prime().Bytes(), nil
		}
	}
	return nil, nil
}

// Findings about parameters, as OpenSSL numbers them.
const (
	dhNotPrime     = 1
	dhNotSafePrime = 2
	dhUncheckable  = 4
	dhBadGenerator = 8
)

// dhRounds is how often a number is tried.
const dhRounds = 8

// dhMinBits is the smallest prime that is made.
const dhMinBits = 64

// nodeDHCheck takes prime and generator, and gives what is wrong with them.
func nodeDHCheck(_ *Keys, a *ops.Reader) (any, error) {
	p, g := new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes())
	codes := 0
	residue := func(modulus int64) int64 { return new(big.Int).Mod(p, big.NewInt(modulus)).Int64() }
	switch {
	case g.IsInt64() && g.Int64() == 2:
		if residue(24) != 11 {
			codes |= dhBadGenerator
		}
	case g.IsInt64() && g.Int64() == 5:
		if r := residue(10); r != 3 && r != 7 {
			codes |= dhBadGenerator
		}
	default:
		codes |= dhUncheckable
	}
	if !p.ProbablyPrime(dhRounds) {
		codes |= dhNotPrime
	} else if half := new(big.Int).Rsh(p, 1); !half.ProbablyPrime(dhRounds) {
		codes |= dhNotSafePrime
	}
	return codes, nil
}

var errDHParameters = NewOpError("Error", "DiffieHellman init failed: could not generate parameters", nil)

// nodeDHGenerate takes a size in bits and a generator, and gives a safe prime for them.
func nodeDHGenerate(k *Keys, a *ops.Reader) (any, error) {
	bits, g := int(a.Int()), a.Int()
	if bits > maxDHBits {
		return nil, NewOpError("RangeError", "DiffieHellman init failed: requested prime size too large", nil)
	}
	if bits < dhMinBits || g <= 1 {
		return nil, errDHParameters
	}
	// For which primes g generates the subgroup of the squares.
	modulus, want := int64(2), int64(1)
	switch g {
	case 2:
		modulus, want = 24, 11
	case 5:
		modulus, want = 10, 3
	}
	p, err := k.safePrime(bits, big.NewInt(modulus), big.NewInt(want))
	if err != nil {
		return nil, errDHParameters
	}
	return p.Bytes(), nil
}

// nodeDHKeys takes prime, generator and a private key or null; it gives [public key, private key].
func nodeDHKeys(_ *Keys, a *ops.Reader) (any, error) {
	p, g := new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes())
	if p.BitLen() < 2 || p.BitLen() > maxDHBits || p.Bit(0) == 0 {
		return nil, NewOpError("Error", "internal error", nil)
	}
	var x *big.Int
	if a.IsNull() {
		var err error
		limit := new(big.Int).Rsh(p, 1) // below the order of the subgroup
		if x, err = rand.Int(rand.Reader, limit); err != nil {
			return nil, NewOpError("Error", "internal error", err)
		}
		x.Add(x, big.NewInt(1))
	} else {
		x = new(big.Int).SetBytes(a.Bytes())
		if x.BitLen() > maxDHPrivateBits {
			return nil, NewOpError("Error", "internal error", nil)
		}
	}
	return [][]byte{new(big.Int).Exp(g, x, p).Bytes(), x.Bytes()}, nil
}

// nodeDHPublic takes prime and public key, and says what is wrong with that: "small", "large", or null.
func nodeDHPublic(_ *Keys, a *ops.Reader) (any, error) {
	p, y := new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes())
	if y.Cmp(big.NewInt(1)) <= 0 {
		return "small", nil
	}
	if y.Cmp(new(big.Int).Sub(p, big.NewInt(1))) >= 0 {
		return "large", nil
	}
	return nil, nil
}

// nodeDHSecret takes prime, private key and the other's public key, and gives the secret at the width of the prime.
func nodeDHSecret(_ *Keys, a *ops.Reader) (any, error) {
	p, x, y := new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes()), new(big.Int).SetBytes(a.Bytes())
	if p.BitLen() < 2 || p.BitLen() > maxDHBits || p.Bit(0) == 0 || x.BitLen() > maxDHPrivateBits {
		return nil, NewOpError("Error", "DiffieHellman computeSecret() failed: error computing shared secret", nil)
	}
	return y.Exp(y, x, p).FillBytes(make([]byte, (p.BitLen()+7)/8)), nil
}

// nodeNumbers takes an array of big-endian numbers, and gives them as the forms of keys have them.
func nodeNumbers(_ *Keys, a *ops.Reader) (any, error) {
	numbers := make([][]byte, min(a.Array(), 8))
	for i := range numbers {
		if numbers[i] = a.Bytes(); len(numbers[i]) > 1<<16-1 {
			return nil, NewOpError("Error", "number too large", nil)
		}
	}
	return packNumbers(numbers...), nil
}

// nodeECDH takes curve, private key and the other's point in any encoding, and gives the secret; null if the point is none.
func nodeECDH(_ *Keys, a *ops.Reader) (any, error) {
	c := curveNamed(a.String())
	key, encoded := a.Bytes(), a.Bytes()
	if c == nil || len(key) < c.size {
		return nil, nil
	}
	point := c.anyPoint(encoded)
	if point == nil {
		return nil, nil
	}
	if c.ecdh == nil {
		x, y := new(big.Int).SetBytes(point[1:1+c.size]), new(big.Int).SetBytes(point[1+c.size:])
		//lint:ignore SA1019 crypto/ecdh has no P-224
		x, _ = c.elliptic.ScalarMult(x, y, key[:c.size])
		return x.FillBytes(make([]byte, c.size)), nil
	}
	private, err := c.ecdh.NewPrivateKey(key[:c.size])
	if err != nil {
		return nil, nil
	}
	public, err := c.ecdh.NewPublicKey(point)
	if err != nil {
		return nil, nil
	}
	secret, err := private.ECDH(public)
	if err != nil {
		return nil, nil
	}
	return secret, nil
}

// anyPoint reads a point that may also be hybrid, nil if it is none.
func (c *curve) anyPoint(data []byte) []byte {
	if len(data) == 1+2*c.size && data[0]&^1 == 6 {
		if data[0]&1 != data[len(data)-1]&1 {
			return nil
		}
		data = append([]byte{4}, data[1:]...)
	}
	point, err := c.point(data)
	if err != nil {
		return nil
	}
	return point
}

// nodeECPoint takes curve, point and "compressed" or "uncompressed", and gives the point so, or null.
func nodeECPoint(_ *Keys, a *ops.Reader) (any, error) {
	c := curveNamed(a.String())
	data, form := a.Bytes(), a.String()
	if c == nil {
		return nil, nil
	}
	point := c.anyPoint(data)
	if point == nil {
		return nil, nil
	}
	if form == "compressed" {
		x, y := new(big.Int).SetBytes(point[1:1+c.size]), new(big.Int).SetBytes(point[1+c.size:])
		return elliptic.MarshalCompressed(c.elliptic, x, y), nil
	}
	return point, nil
}

// nodeECPrivate takes curve and scalar, and gives the key, or null.
func nodeECPrivate(_ *Keys, a *ops.Reader) (any, error) {
	c := curveNamed(a.String())
	scalar := a.Bytes()
	if c == nil {
		return nil, nil
	}
	key := c.private(scalar)
	if key == nil {
		return nil, nil
	}
	return c.pack(key)
}

// nodeDerive takes kind, private and public key, and gives their secret, or null.
func nodeDerive(k *Keys, a *ops.Reader) (any, error) {
	kind := a.String()
	switch kind {
	case kindDH:
		own, other := unpackNumbers(a.Bytes()), unpackNumbers(a.Bytes())
		if len(own) != 4 || len(other) < 3 || string(own[0]) != string(other[0]) {
			return nil, nil
		}
		p, x, y := new(big.Int).SetBytes(own[0]), new(big.Int).SetBytes(own[3]), new(big.Int).SetBytes(other[2])
		if p.Bit(0) == 0 || p.BitLen() > maxDHBits {
			return nil, nil
		}
		return y.Exp(y, x, p).FillBytes(make([]byte, (p.BitLen()+7)/8)), nil
	case "X25519":
		private, public := a.Bytes(), a.Bytes()
		if len(private) != 2*okpSize {
			return nil, nil
		}
		key, err := ecdh.X25519().NewPrivateKey(private[:okpSize])
		if err != nil {
			return nil, nil
		}
		peer, err := ecdh.X25519().NewPublicKey(public)
		if err != nil {
			return nil, nil
		}
		secret, err := key.ECDH(peer)
		if err != nil {
			return nil, nil
		}
		return secret, nil
	}
	return nil, nil
}

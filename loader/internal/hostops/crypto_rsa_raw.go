package hostops

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"

	"github.com/dynos-run/dynos/isolate/ops"
)

// What crypto/rsa does not offer: the bare private operation, PSS without salt (there 0 means "any"), and keys of exponent 3.

var errRSA = errors.New("RSA operation failed")

// rsaRaw takes key and data, a number below the modulus as many bytes long as it: a blind signature. RFC 9474, 4.3.
func rsaRaw(k *Keys, a *ops.Reader) (any, error) {
	key, err := cachedKey(k, keyRSA, a.Bytes(), parseRSAKey)
	if err != nil {
		return nil, NewOpError(classOperation, "RSA operation failed.", err)
	}
	data, size := a.Bytes(), key.Size()
	if len(data) > size {
		return nil, NewOpError("DataError", fmt.Sprintf("Blind Signing requires presigned data (%d bytes) to be smaller than the key (%d bytes).", len(data), size), nil)
	}
	if len(data) < size {
		return nil, NewOpError(classOperation, "Invalid RSA signature.", nil)
	}
	if new(big.Int).SetBytes(data).Cmp(key.N) >= 0 {
		return nil, NewOpError("DataError", "Blind Signing requires presigned data value to be strictly smaller than RSA keymodulus, consider using a larger key size.", nil)
	}
	out, err := rawPrivate(key, data)
	if err != nil {
		return nil, NewOpError(classOperation, "RSA operation failed.", err)
	}
	return out, nil
}

// rawPrivate computes data^d mod n, blinded, so that its time tells nothing of d; the result is checked, so that a fault tells
// nothing of the primes. RFC 8017, 5.1.2.
func rawPrivate(key *rsa.PrivateKey, data []byte) ([]byte, error) {
	c, e := new(big.Int).SetBytes(data), big.NewInt(int64(key.E))
	var r, inverse *big.Int
	for inverse == nil {
		var err error
		if r, err = rand.Int(rand.Reader, key.N); err != nil {
			return nil, err
		}
		inverse = new(big.Int).ModInverse(r, key.N)
	}
	blinded := new(big.Int).Exp(r, e, key.N)
	blinded.Mul(blinded, c).Mod(blinded, key.N)
	m := exponentiate(key, blinded)
	m.Mul(m, inverse).Mod(m, key.N)
	if new(big.Int).Exp(m, e, key.N).Cmp(c) != 0 {
		return nil, errRSA
	}
	return m.FillBytes(make([]byte, key.Size())), nil
}

func exponentiate(key *rsa.PrivateKey, c *big.Int) *big.Int {
	if len(key.Primes) != 2 {
		return new(big.Int).Exp(c, key.D, key.N)
	}
	p, q := key.Primes[0], key.Primes[1]
	m1 := new(big.Int).Exp(c, key.Precomputed.Dp, p)
	m2 := new(big.Int).Exp(c, key.Precomputed.Dq, q)
	m1.Sub(m1, m2).Mul(m1, key.Precomputed.Qinv).Mod(m1, p) // Euclidean, so never negative
	return m1.Mul(m1, q).Add(m1, m2)
}

// encodeUnsalted is EMSA-PSS-ENCODE with an empty salt, at the width of the modulus. RFC 8017, 9.1.1.
func encodeUnsalted(bits int, h crypto.Hash, digest []byte) ([]byte, error) {
	size := (bits + 6) / 8 // of the encoded message, which has one bit less than the modulus
	if size < len(digest)+2 {
		return nil, rsa.ErrMessageTooLong
	}
	hash := sum(h, append(make([]byte, 8), digest...))
	db := make([]byte, size-len(hash)-1)
	db[len(db)-1] = 1
	mask := mgf1(h, hash, len(db))
	subtle.XORBytes(db, db, mask)
	db[0] &= 0xff >> (8*size - (bits - 1))
	out := append(append(db, hash...), 0xbc)
	return append(make([]byte, (bits+7)/8-size), out...), nil
}

// mgf1 is the mask generation function of RFC 8017, B.2.1.
func mgf1(h crypto.Hash, seed []byte, length int) []byte {
	var out []byte
	for i := 0; len(out) < length; i++ {
		out = append(out, sum(h, append(bytes.Clone(seed), byte(i>>24), byte(i>>16), byte(i>>8), byte(i)))...)
	}
	return out[:length]
}

func signUnsalted(key *rsa.PrivateKey, h crypto.Hash, digest []byte) ([]byte, error) {
	encoded, err := encodeUnsalted(key.N.BitLen(), h, digest)
	if err != nil {
		return nil, err
	}
	return rawPrivate(key, encoded)
}

func verifyUnsalted(key *rsa.PublicKey, h crypto.Hash, digest, signature []byte) error {
	want, err := encodeUnsalted(key.N.BitLen(), h, digest)
	s := new(big.Int).SetBytes(signature)
	if err != nil || len(signature) != key.Size() || s.Cmp(key.N) >= 0 {
		return rsa.ErrVerification
	}
	got := s.Exp(s, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size()))
	if !bytes.Equal(got, want) {
		return rsa.ErrVerification
	}
	return nil
}

// generateWith makes a key of an exponent that rsa.GenerateKey does not use, or of a size for which that takes long. FIPS 186-5, A.1.3.
func (k *Keys) generateWith(bits int, exponent int) (*rsa.PrivateKey, error) {
	e := big.NewInt(int64(exponent))
	for {
		p, err := k.primeFor(bits-bits/2, e)
		if err != nil {
			return nil, err
		}
		q, err := k.primeFor(bits/2, e)
		if err != nil {
			return nil, err
		}
		n := new(big.Int).Mul(p, q)
		if p.Cmp(q) == 0 || n.BitLen() != bits {
			continue
		}
		one := big.NewInt(1)
		order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: exponent}, D: new(big.Int).ModInverse(e, order), Primes: []*big.Int{p, q}}
		key.Precompute()
		return key, key.Validate()
	}
}

// plainPrime is a prime with its two upper bits set.
func (k *Keys) plainPrime(bits int) (*big.Int, error) {
	if bits <= maxPlainRSA/2 {
		return rand.Prime(rand.Reader, bits)
	}
	for !k.stopped() {
		p, err := candidate(bits, nil, nil)
		if err != nil || fermat(p) && p.ProbablyPrime(20) {
			return p, err
		}
	}
	return nil, ErrStopped
}

// primeFor is a prime p with p-1 and e coprime.
func (k *Keys) primeFor(bits int, e *big.Int) (*big.Int, error) {
	one := big.NewInt(1)
	for {
		p, err := k.plainPrime(bits)
		if err != nil || new(big.Int).GCD(nil, nil, new(big.Int).Sub(p, one), e).Cmp(one) == 0 {
			return p, err
		}
	}
}

package hostops

import (
	"crypto/rand"
	"math/big"
	"sync"
	"time"

	"github.com/dynos-run/dynos/isolate/ops"
)

// maxPrimeBits is the largest prime, as on the reference runtime.
const maxPrimeBits = 8192

var errPrime = NewOpError("Error", "Error while generating prime", nil)

// nodePrime takes a size in bits, whether (p-1)/2 is to be prime too, and the bytes of add and of rem, or null: p % add is rem then.
func nodePrime(k *Keys, a *ops.Reader) (any, error) {
	size, safe := int(a.Int()), a.Bool()
	if size > maxPrimeBits {
		return nil, NewOpError("RangeError", "generatePrime size exceeds maximum (8192 bits)", nil)
	}
	add, rem, err := readCongruence(a, size)
	if err != nil {
		return nil, err
	}
	// BoringSSL has no smaller ones.
	if size < 2 || (safe && size < 3) {
		return nil, errPrime
	}
	p, err := k.randomPrime(size, safe, add, rem)
	if err != nil {
		return nil, err
	}
	return p.FillBytes(make([]byte, (p.BitLen()+7)/8)), nil
}

func readCongruence(a *ops.Reader, size int) (add, rem *big.Int, err error) {
	if !a.IsNull() {
		add = new(big.Int).SetBytes(a.Bytes())
	}
	if !a.IsNull() {
		rem = new(big.Int).SetBytes(a.Bytes())
	}
	if add == nil {
		return nil, nil, nil
	}
	known := rem != nil
	if known {
		known = false
		for _, n := range []int64{12, 24, 60} {
			known = known || (add.Cmp(big.NewInt(n)) == 0 && rem.Cmp(big.NewInt(n-1)) == 0)
		}
	}
	if !known {
		return nil, nil, NewOpError("RangeError", "Invalid values for add and rem", nil)
	}
	if add.BitLen() > size {
		return nil, nil, NewOpError("RangeError", "options.add must not be bigger than size of the requested prime", nil)
	}
	return add, rem, nil
}

// primePatience bounds the search: large safe primes are rare, and small ranges may hold none.
const primePatience = 20 * time.Second

// randomPrime finds a prime with its two upper bits set, if it has so many.
func (k *Keys) randomPrime(size int, safe bool, add, rem *big.Int) (*big.Int, error) {
	if safe {
		if add == nil {
			add, rem = big.NewInt(2), big.NewInt(1)
		}
		return k.safePrime(size, add, rem)
	}
	for start := time.Now(); time.Since(start) < primePatience && !k.stopped(); {
		p, err := candidate(size, add, rem)
		if err != nil {
			return nil, err
		}
		if p.BitLen() == size && p.ProbablyPrime(20) {
			return p, nil
		}
	}
	return nil, errPrime
}

// sieveWindow is how many candidates are sieved at once, sieveLimit up to which primes.
const (
	sieveWindow = 1 << 14
	sieveLimit  = 1 << 14
)

// safePrime finds a prime p with (p-1)/2 prime, and p % add = rem. Runs of candidates are sieved, since both are rarely prime at once.
func (k *Keys) safePrime(size int, add, rem *big.Int) (*big.Int, error) {
	step := add.Int64() // 12, 24, 60, or the small ones of Diffie-Hellman
	var window [sieveWindow]bool
	small := smallPrimes()
	half := new(big.Int)
	for start := time.Now(); time.Since(start) < primePatience && !k.stopped(); {
		first, err := candidate(size, add, rem)
		if err != nil {
			return nil, err
		}
		clear(window[:])
		if size > 40 { // below, the primes of the sieve are candidates themselves
			for _, q := range small {
				sieve(&window, q, new(big.Int).Mod(first, big.NewInt(q)).Int64(), step)
			}
		}
		for i := range window {
			if window[i] {
				continue
			}
			p := new(big.Int).Add(first, big.NewInt(int64(i)*step))
			if p.BitLen() != size || time.Since(start) > primePatience || k.stopped() {
				break
			}
			half.Rsh(p, 1)
			if fermat(half) && fermat(p) && half.ProbablyPrime(16) && p.ProbablyPrime(16) {
				return p, nil
			}
		}
	}
	return nil, errPrime
}

// sieve marks the i for which q divides first + i*step, or that less one; rest is first % q.
func sieve(window *[sieveWindow]bool, q, rest, step int64) {
	s := step % q
	for i, r := int64(0), rest; i < q && i < sieveWindow; i++ {
		if r == 0 || r == 1 {
			for j := i; j < sieveWindow; j += q {
				window[j] = true
			}
		}
		if r += s; r >= q {
			r -= q
		}
	}
}

// fermat is a quick test that finds nearly all composite numbers.
func fermat(n *big.Int) bool {
	two := big.NewInt(2)
	if n.Cmp(two) <= 0 {
		return n.Cmp(two) == 0
	}
	less := new(big.Int).Sub(n, big.NewInt(1))
	return n.Bit(0) == 1 && less.Exp(two, less, n).Cmp(big.NewInt(1)) == 0
}

// smallPrimes are the odd ones below sieveLimit.
var smallPrimes = sync.OnceValue(func() []int64 {
	var composite [sieveLimit]bool
	var primes []int64
	for i := 3; i < sieveLimit; i += 2 {
		if composite[i] {
			continue
		}
		primes = append(primes, int64(i))
		for j := i * i; j < sieveLimit; j += 2 * i {
			composite[j] = true
		}
	}
	return primes
})

func candidate(size int, add, rem *big.Int) (*big.Int, error) {
	p, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), uint(size)))
	if err != nil {
		return nil, NewOpError("Error", "Error while generating prime", err)
	}
	p.SetBit(p, size-1, 1)
	if add != nil {
		p.Sub(p, new(big.Int).Mod(p, add))
		return p.Add(p, rem), nil
	}
	if size > 2 {
		p.SetBit(p, size-2, 1)
		p.SetBit(p, 0, 1)
	}
	return p, nil
}

// nodeCheckPrime takes the bytes of a number and how many rounds to make, 0 for enough.
func nodeCheckPrime(_ *Keys, a *ops.Reader) (any, error) {
	data, checks := a.Bytes(), int(a.Int())
	if checks < 0 || checks > 64 {
		return nil, NewOpError("RangeError", "Invalid number of checks", nil)
	}
	if len(data) > maxPrimeBits/8 {
		return nil, NewOpError("RangeError", "checkPrime candidate exceeds maximum size", nil)
	}
	return new(big.Int).SetBytes(data).ProbablyPrime(max(checks, 20)), nil
}

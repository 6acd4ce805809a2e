package hostops

import (
	"crypto/rand"

	"github.com/cloudflare/circl/kem"
	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem512"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"

	"github.com/dynos-run/dynos/isolate/ops"
)

// ML-KEM and ML-DSA. The standard library has ML-KEM without its smallest size, and ML-DSA only for itself.

// A lattice is a size of either algorithm. Its keys are the public key, or the seed and the public key.
type lattice struct {
	name string
	oid  string
	seed int
	kem  func() kem.Scheme
	sign func() sign.Scheme
}

var lattices = []lattice{
	{"ML-KEM-512", "\x60\x86\x48\x01\x65\x03\x04\x04\x01", 64, mlkem512.Scheme, nil},
	{"ML-KEM-768", "\x60\x86\x48\x01\x65\x03\x04\x04\x02", 64, mlkem768.Scheme, nil},
	{"ML-KEM-1024", "\x60\x86\x48\x01\x65\x03\x04\x04\x03", 64, mlkem1024.Scheme, nil},
	{"ML-DSA-44", "\x60\x86\x48\x01\x65\x03\x04\x03\x11", 32, nil, mldsa44.Scheme},
	{"ML-DSA-65", "\x60\x86\x48\x01\x65\x03\x04\x03\x12", 32, nil, mldsa65.Scheme},
	{"ML-DSA-87", "\x60\x86\x48\x01\x65\x03\x04\x03\x13", 32, nil, mldsa87.Scheme},
}

func latticeOf(same func(lattice) bool) *lattice {
	for i := range lattices {
		if same(lattices[i]) {
			return &lattices[i]
		}
	}
	return nil
}

func latticeNamed(name string) *lattice {
	return latticeOf(func(l lattice) bool { return l.name == name })
}

// key makes a private key of a seed, nil if that has another size.
func (l *lattice) key(seed []byte) []byte {
	if len(seed) != l.seed {
		return nil
	}
	out := append([]byte{}, seed...)
	var public interface{ MarshalBinary() ([]byte, error) }
	if l.kem != nil {
		public, _ = l.kem().DeriveKeyPair(seed)
	} else {
		public, _ = l.sign().DeriveKey(seed)
	}
	data, err := public.MarshalBinary()
	if err != nil {
		return nil
	}
	return append(out, data...)
}

// isPublic says whether these bytes are a public key.
func (l *lattice) isPublic(key []byte) bool {
	var err error
	if l.kem != nil {
		_, err = l.kem().UnmarshalBinaryPublicKey(key)
	} else {
		_, err = l.sign().UnmarshalBinaryPublicKey(key)
	}
	return err == nil
}

// latticeGenerate takes the algorithm and gives a private key.
func latticeGenerate(_ *Keys, a *ops.Reader) (any, error) {
	l := latticeNamed(a.String())
	if l == nil {
		return nil, errLattice("")
	}
	seed := make([]byte, l.seed)
	_, _ = rand.Read(seed)
	return l.key(seed), nil
}

// latticeImport takes the algorithm, whether the key is public, and the public key or the seed. It gives the key, or null.
func latticeImport(_ *Keys, a *ops.Reader) (any, error) {
	l, public, data := latticeNamed(a.String()), a.Bool(), a.Bytes()
	switch {
	case l == nil:
		return nil, errLattice("")
	case !public:
		if key := l.key(data); key != nil {
			return key, nil
		}
	case l.isPublic(data):
		return append([]byte{}, data...), nil
	}
	return nil, nil
}

func errLattice(name string) error { return NewOpError(classOperation, name+" operation failed.", nil) }

// encapsulate takes the algorithm and a public key, and gives [shared key, ciphertext]. FIPS 203, 7.2.
func encapsulate(_ *Keys, a *ops.Reader) (any, error) {
	l, public := latticeNamed(a.String()), a.Bytes()
	if l == nil || l.kem == nil {
		return nil, errLattice("Encapsulation")
	}
	key, err := l.kem().UnmarshalBinaryPublicKey(public)
	if err != nil {
		return nil, errLattice(l.name)
	}
	ciphertext, shared, err := l.kem().Encapsulate(key)
	if err != nil {
		return nil, errLattice(l.name)
	}
	return [][]byte{shared, ciphertext}, nil
}

// decapsulate takes the algorithm, a private key and a ciphertext, and gives the shared key. FIPS 203, 7.3.
func decapsulate(_ *Keys, a *ops.Reader) (any, error) {
	l, private, ciphertext := latticeNamed(a.String()), a.Bytes(), a.Bytes()
	if l == nil || l.kem == nil || len(private) < l.seed || len(ciphertext) != l.kem().CiphertextSize() {
		return nil, errLattice("Decapsulation")
	}
	_, key := l.kem().DeriveKeyPair(private[:l.seed])
	shared, err := l.kem().Decapsulate(key, ciphertext)
	if err != nil {
		return nil, errLattice(l.name)
	}
	return shared, nil
}

// maxContext is the longest context of a signature, in bytes.
const maxContext = 255

// latticeSign takes the algorithm, a private key, the context and data. FIPS 204, 5.2.
func latticeSign(_ *Keys, a *ops.Reader) (any, error) {
	l, private, context, data := latticeNamed(a.String()), a.Bytes(), a.Bytes(), a.Bytes()
	if l == nil || l.sign == nil || len(private) < l.seed || len(context) > maxContext {
		return nil, errLattice("Signing")
	}
	_, key := l.sign().DeriveKey(private[:l.seed])
	return l.sign().Sign(key, data, &sign.SignatureOpts{Context: string(context)}), nil
}

// latticeVerify takes the algorithm, a public key, the context, a signature and data. FIPS 204, 5.3.
func latticeVerify(_ *Keys, a *ops.Reader) (any, error) {
	l, public, context, signature, data := latticeNamed(a.String()), a.Bytes(), a.Bytes(), a.Bytes(), a.Bytes()
	if l == nil || l.sign == nil || len(context) > maxContext {
		return nil, errLattice("Verification")
	}
	key, err := l.sign().UnmarshalBinaryPublicKey(public)
	if err != nil {
		return nil, errLattice(l.name)
	}
	return l.sign().Verify(key, data, signature, &sign.SignatureOpts{Context: string(context)}), nil
}

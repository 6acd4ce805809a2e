package hostops

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	require.NoError(t, err)
	return data
}

// Values of the standards: RFC 7253 A, FIPS 202, the samples of NIST SP 800-185, RFC 8032 7.4.
func TestModernAlgorithmsGiveTheValuesOfTheirStandards(t *testing.T) {
	k := &Keys{}
	text := unhex(t, "0001020304050607")
	sealed := mustCall[[]byte](t, k, "ocb-seal", unhex(t, "000102030405060708090a0b0c0d0e0f"), unhex(t, "bbaa99887766554433221101"), text, 16, text)
	assert.Equal(t, "6820b3657b6f615a5725bda0d3b4eb3a257c9af1f8f03009", hex.EncodeToString(sealed))

	assert.Equal(t, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
		hex.EncodeToString(mustCall[[]byte](t, k, "sha3", 256, []byte{})))

	key := unhex(t, "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f")
	assert.Equal(t, "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e",
		hex.EncodeToString(mustCall[[]byte](t, k, "kmac", 128, key, []byte{}, 256, unhex(t, "00010203"))))

	seed := unhex(t, "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b")
	assert.Equal(t, "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
		hex.EncodeToString(mustCall[[]byte](t, k, "ed448-private", seed)[len(seed):]))
}

// A key of small order verifies nothing.
func TestKeysOfSmallOrderSignNothing(t *testing.T) {
	for _, y := range smallOrder {
		for _, sign := range []byte{0, 0x80} {
			key := y
			key[okpSize-1] |= sign
			signature := append(append([]byte{}, key[:]...), make([]byte, okpSize)...)
			assert.False(t, mustCall[bool](t, &Keys{}, "ed-verify", key[:], signature, []byte("data")))
		}
	}
}

// What is encrypted or encapsulated comes back, and nothing comes back of what was changed.
func TestModernAlgorithmsRefuseWhatWasChanged(t *testing.T) {
	k := &Keys{}
	key, nonce := make([]byte, 32), make([]byte, 12)
	for _, size := range []int{0, 1, 15, 16, 17, 48, 100} {
		data := make([]byte, size)
		for _, name := range []string{"ocb", "chacha"} {
			arguments := []any{key, nonce, []byte("extra")}
			if name == "ocb" {
				arguments = append(arguments, 16)
			}
			sealed := mustCall[[]byte](t, k, name+"-seal", append(arguments, data)...)
			require.Equal(t, data, mustCall[[]byte](t, k, name+"-open", append(arguments, sealed)...), "%s of %d bytes", name, size)
			sealed[0] ^= 1
			_, err := call(t, k, name+"-open", append(arguments, sealed)...)
			require.Error(t, err)
		}
	}
	for _, l := range lattices {
		private := mustCall[[]byte](t, k, "lattice-generate", l.name)
		public := private[l.seed:]
		if l.kem != nil {
			found := mustCall[[][]byte](t, k, "encapsulate", l.name, public)
			assert.Equal(t, found[0], mustCall[[]byte](t, k, "decapsulate", l.name, private, found[1]))
			_, err := call(t, k, "decapsulate", l.name, private, found[1][1:])
			assert.Error(t, err)
			continue
		}
		signature := mustCall[[]byte](t, k, "lattice-sign", l.name, private, []byte("context"), []byte("data"))
		assert.True(t, mustCall[bool](t, k, "lattice-verify", l.name, public, []byte("context"), signature, []byte("data")))
		assert.False(t, mustCall[bool](t, k, "lattice-verify", l.name, public, []byte{}, signature, []byte("data")))
	}
}

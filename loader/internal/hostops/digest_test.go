package hostops

import (
	"encoding/hex"
	"errors"
	"testing"
)

func TestDigest(t *testing.T) {
	// Known answers for "abc": RFC 1321 A.5 and FIPS 180-4.
	want := map[string]string{
		"MD5":     "900150983cd24fb0d6963f7d28e17f72",
		"SHA-1":   "a9993e364706816aba3e25717850c26c9cd0d89d",
		"SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"SHA-384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		"SHA-512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	}
	for algorithm, sum := range want {
		got, err := Digest(algorithm, []byte("abc"))
		if err != nil || hex.EncodeToString(got) != sum {
			t.Errorf("Digest(%s) = %x, %v, want %s", algorithm, got, err, sum)
		}
	}
}

func TestDigestOfNothing(t *testing.T) {
	got, err := Digest("SHA-256", nil)
	if err != nil || hex.EncodeToString(got) != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("got %x, %v", got, err)
	}
}

func TestDigestUnknown(t *testing.T) {
	for _, algorithm := range []string{"", "sha-256", "SHA-224", "SHA-512/256", "SHA3-256"} {
		_, err := Digest(algorithm, nil)
		var op *OpError
		if !errors.As(err, &op) || op.Class != ClassNotSupported {
			t.Errorf("Digest(%q): got %v", algorithm, err)
		}
	}
}

func TestOpErrorWrapsItsCause(t *testing.T) {
	cause := errors.New("inner detail")
	err := error(NewOpError("TypeError", "Bad thing.", cause))
	if err.Error() != "TypeError: Bad thing." || !errors.Is(err, cause) {
		t.Errorf("got %q, unwraps to %v", err, errors.Unwrap(err))
	}
}

func BenchmarkDigest(b *testing.B) {
	data := make([]byte, 1024)
	b.SetBytes(1024)
	b.ReportAllocs()
	for b.Loop() {
		Digest("SHA-256", data)
	}
}

package hostops

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/dynos-run/dynos/isolate/ops"
)

// call runs an operation with strings, bytes and ints as arguments.
func call(t testing.TB, k *Keys, operation string, args ...any) (any, error) {
	t.Helper()
	var b ops.Batch
	b.String(operation)
	for _, arg := range args {
		if text, ok := arg.(string); ok {
			b.String(text)
			continue
		}
		EncodeValue(&b, arg)
	}
	reader := ops.NewReader(b.Bytes())
	return Crypto(k, &reader)
}

func mustCall[T any](t testing.TB, k *Keys, operation string, args ...any) T {
	t.Helper()
	value, err := call(t, k, operation, args...)
	if err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
	return value.(T)
}

func TestCryptoRefusesWhatItDoesNotKnow(t *testing.T) {
	var op *OpError
	for _, operation := range []string{"", "digest", "spki-pars"} {
		if _, err := call(t, new(Keys), operation); !errors.As(err, &op) {
			t.Errorf("%q: %v", operation, err)
		}
	}
	// Arguments that are missing are an error, not a panic.
	for operation := range cryptoOps {
		if strings.HasSuffix(operation, "-generate") && operation != "rsa-generate" && operation != "ec-generate" {
			continue
		}
		if value, err := call(t, new(Keys), operation); err == nil && value != nil {
			t.Errorf("%s without arguments: %v", operation, value)
		}
	}
}

// The library's encoders and ours write the same, and each reads what the other has written.
func TestFormatsAgreeWithTheLibrary(t *testing.T) {
	var keys []any
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cubic, err := new(Keys).generateWith(1024, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range append(keys, ed, cubic) {
		want, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		found := mustCall[[]any](t, new(Keys), "pkcs8-parse", append(want, 0, 0))
		if found[2] != len(want) {
			t.Errorf("%T: takes up %v of %d bytes", key, found[2], len(want))
		}
		if got := mustCall[[]byte](t, new(Keys), "pkcs8-write", found[0], found[1]); !bytes.Equal(got, want) {
			t.Errorf("%T: got %x, want %x", key, got, want)
		}
		public, err := x509.MarshalPKIXPublicKey(reflect.ValueOf(key).MethodByName("Public").Call(nil)[0].Interface())
		if err != nil {
			t.Fatal(err)
		}
		found = mustCall[[]any](t, new(Keys), "spki-parse", public)
		if got := mustCall[[]byte](t, new(Keys), "spki-write", found[0], found[1]); !bytes.Equal(got, public) {
			t.Errorf("%T: got %x, want %x", key, got, public)
		}
	}
}

func TestPrivateKeysAreChecked(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := x509.MarshalPKCS1PrivateKey(key)
	if value, _ := call(t, new(Keys), "pkcs8-parse", good); value == nil {
		t.Fatal("a good key is refused")
	}
	// The last byte of the modulus is at 4 + 3 + 4 + 129.
	bad := bytes.Clone(good)
	bad[4+3+4+128] ^= 2
	if value, _ := call(t, new(Keys), "pkcs8-parse", bad); value != nil {
		t.Error("a modulus that is not the product of the primes is accepted")
	}
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(elliptical)
	if err != nil {
		t.Fatal(err)
	}
	sec1[8] ^= 1 // of the scalar, so that the point is another's
	if value, _ := call(t, new(Keys), "pkcs8-parse", sec1); value != nil {
		t.Error("a scalar that does not belong to the point is accepted")
	}
}

func TestKeysForgetsWhenFull(t *testing.T) {
	var k Keys
	for i := range 3 * maxKeys {
		key := bytes.Repeat([]byte{byte(i)}, 16)
		mustCall[[]byte](t, &k, "gcm-seal", key, make([]byte, 12), []byte{}, 16, []byte("x"))
		if k.count > maxKeys {
			t.Fatalf("%d keys", k.count)
		}
	}
}

func TestDigestStateIsAll(t *testing.T) {
	for _, name := range []string{"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "CRC32", "CRC32C", "CRC64NVME"} {
		state := []byte{}
		for _, part := range []string{"12345", "", "6789"} {
			state = mustCall[[]byte](t, nil, "digest-update", name, state, []byte(part))
		}
		got := mustCall[[]byte](t, nil, "digest-final", name, state)
		whole := mustCall[[]byte](t, nil, "digest-update", name, []byte{}, []byte("123456789"))
		if want := mustCall[[]byte](t, nil, "digest-final", name, whole); !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, want %x", name, got, want)
		}
		if name == "CRC64NVME" && hex.EncodeToString(got) != "ae8b14860a799888" { // the catalogue's check value
			t.Errorf("%s: got %x", name, got)
		}
	}
}

// FuzzKeyFormats feeds the readers of key formats: what they accept can be written again, and reads as the same key.
func FuzzKeyFormats(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	sec1, _ := x509.MarshalECPrivateKey(key)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(key)
	spki, _ := x509.MarshalPKIXPublicKey(key.Public())
	small, err := rsa.GenerateKey(rand.Reader, 512)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{sec1, pkcs8, spki, x509.MarshalPKCS1PrivateKey(small), x509.MarshalPKCS1PublicKey(&small.PublicKey), {0x30, 0x83, 1, 0, 0}, {0x30, 0x80}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []string{"spki", "pkcs8"} {
			value, err := call(t, new(Keys), format+"-parse", data)
			if err != nil {
				t.Fatal(err)
			}
			found, ok := value.([]any)
			if !ok || found[0] == "DSA" {
				continue
			}
			if n := found[2].(int); n < 2 || n > len(data) {
				t.Fatalf("takes up %d of %d bytes", n, len(data))
			}
			written := mustCall[[]byte](t, new(Keys), format+"-write", found[0], found[1])
			again := mustCall[[]any](t, new(Keys), format+"-parse", written)
			if again[0] != found[0] || !bytes.Equal(again[1].([]byte), found[1].([]byte)) || again[2] != len(written) {
				t.Fatalf("%x reads as %v, %x as %v", data, found, written, again)
			}
		}
	})
}

// FuzzStates feeds what JavaScript hands back: digest states, keys in the form in which they are kept, points.
func FuzzStates(f *testing.F) {
	f.Add([]byte{4, 0, 0}, []byte{})
	f.Add(packNumbers([]byte{0x11}, []byte{3}), []byte("sha\x03"))
	f.Fuzz(func(t *testing.T, key, data []byte) {
		for _, name := range []string{"MD5", "SHA-1", "SHA-512", "CRC32", "CRC64NVME"} {
			call(t, nil, "digest-update", name, key, data)
		}
		k := new(Keys)
		for _, curve := range []string{"P-256", "P-521", "P-224"} {
			call(t, k, "ec-point", curve, key)
			call(t, k, "ec-jwk", curve, key, data, key)
			call(t, k, "ecdsa-sign", curve, "SHA-256", key, data)
			call(t, k, "ecdsa-verify", curve, "SHA-256", key, data, data)
			call(t, k, "ecdh", curve, key, data)
		}
		if len(key) > 300 { // arithmetic on huge numbers is slow, not wrong
			return
		}
		call(t, k, "rsa-sign", "PSS", "SHA-1", key, len(data)%40, data)
		call(t, k, "rsa-verify", "PSS", "SHA-1", key, len(data)%40, data, data)
		call(t, k, "rsa-encrypt", "SHA-1", key, data, data)
		call(t, k, "rsa-decrypt", "SHA-1", key, data, data)
		call(t, k, "rsa-raw", key, data)
		call(t, k, "spki-write", "RSA", key)
		call(t, k, "pkcs8-write", "P-256", key)
	})
}

func BenchmarkCrypto(b *testing.B) {
	data, key := make([]byte, 1024), make([]byte, 32)
	k := new(Keys)
	ec := mustCall[[]byte](b, k, "ec-generate", "P-256")
	ed := mustCall[[]byte](b, k, "ed-generate")
	number := mustCall[[]byte](b, k, "rsa-generate", 2048, 65537)
	for _, c := range []struct {
		name string
		args []any
	}{
		{"hmac", []any{"SHA-256", key, data}},
		{"gcm-seal", []any{key, make([]byte, 12), []byte{}, 16, data}},
		{"ecdsa-sign", []any{"P-256", "SHA-256", ec, data}},
		{"ed-sign", []any{ed, data}},
		{"rsa-sign", []any{"PKCS1", "SHA-256", number, 0, data}},
		{"digest-update", []any{"SHA-256", []byte{}, data}},
	} {
		b.Run("operation="+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustCall[[]byte](b, k, c.name, c.args...)
			}
		})
	}
}

// Many iterations are done by a loop that can be stopped, with the same result.
func TestPBKDF2(t *testing.T) {
	want, err := pbkdf2.Key(sha512.New, "password", []byte("salt"), manyIterations+7, 100)
	if err != nil {
		t.Fatal(err)
	}
	got, err := new(Keys).pbkdf2(sha512.New, []byte("password"), []byte("salt"), manyIterations+7, 100)
	if err != nil || !bytes.Equal(want, got) {
		t.Errorf("%x, %v; want %x", got, err, want)
	}
	_, err = (&Keys{Stop: func() bool { return true }}).pbkdf2(sha512.New, []byte("password"), []byte("salt"), manyIterations+7, 100)
	if err != error(ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
}

package hostops

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"testing"
)

func TestPoly1305AndChaCha(t *testing.T) {
	// RFC 8439, 2.5.2.
	key, _ := hex.DecodeString("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b")
	text := []byte("Cryptographic Forum Research Group")
	p := newPoly1305(key)
	p.write(text[:32])
	// The last block is shorter there, which the AEAD never has: its one bit follows the text.
	p.h[0] += uint64(text[32]) | uint64(text[33])<<8 | 1<<16
	p.multiply()
	if got := hex.EncodeToString(p.sum()); got != "a8061dc1305136c6c22b8baf0c0127a9" {
		t.Errorf("poly1305: %s", got)
	}
	// draft-irtf-cfrg-xchacha, 2.2.1.
	key, _ = hex.DecodeString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	nonce, _ := hex.DecodeString("000000090000004a0000000031415927")
	if got := hex.EncodeToString(hchacha(key, nonce)); got != "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc" {
		t.Errorf("hchacha: %s", got)
	}
}

func TestScryptVectors(t *testing.T) {
	// RFC 7914, 12.
	for _, v := range []struct {
		password, salt string
		n, r, p        int
		want           string
	}{
		{"", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
		{"password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
	} {
		got, err := scrypt([]byte(v.password), []byte(v.salt), v.n, v.r, v.p, 64)
		if err != nil || hex.EncodeToString(got) != v.want {
			t.Errorf("scrypt(%q): %x, %v", v.password, got, err)
		}
	}
}

func TestGCMInPiecesIsGCM(t *testing.T) {
	key := bytes.Repeat([]byte{3}, 32)
	text := bytes.Repeat([]byte("0123456789abcdefg"), 40)
	for _, size := range []int{1, 12, 16, 33} {
		iv := bytes.Repeat([]byte{0xff}, size)
		block, _ := aes.NewCipher(key)
		library, err := cipher.NewGCMWithNonceSize(block, size)
		if err != nil {
			t.Fatal(err)
		}
		want := library.Seal(nil, iv, text, text[:21])
		run := &cipherRun{streamCipher: &streamCipher{mode: "gcm"}, encrypt: true, block: block}
		run.startGCM(iv)
		run.state.Extra = 21
		run.hash(text[:5])
		run.hash(text[5:21])
		var got []byte
		for rest, n := text, 1; len(rest) > 0; n++ {
			piece := rest[:min(n, len(rest))]
			got = append(got, run.crypt(piece)...)
			rest = rest[len(piece):]
		}
		if got = append(got, run.tag()...); !bytes.Equal(got, want) {
			t.Errorf("IV of %d bytes: got %x, want %x", size, got, want)
		}
	}
}

func TestRunningDigests(t *testing.T) {
	data := bytes.Repeat([]byte("abcdefghi"), 50)
	for name, h := range nodeDigests {
		whole := h()
		whole.Write(data)
		var state any
		for i := 0; i < len(data); i += 37 {
			state = mustCall[[]byte](t, new(Keys), "node-update", name, state, data[i:min(i+37, len(data))])
		}
		if got := mustCall[[]byte](t, new(Keys), "node-digest", name, state, []byte{}); !bytes.Equal(got, whole.Sum(nil)) {
			t.Errorf("%s: got %x, want %x", name, got, whole.Sum(nil))
		}
	}
}

func TestSafePrimes(t *testing.T) {
	p, err := new(Keys).safePrime(256, big.NewInt(24), big.NewInt(11))
	if err != nil || p.BitLen() != 256 || !p.ProbablyPrime(20) || !new(big.Int).Rsh(p, 1).ProbablyPrime(20) {
		t.Fatalf("no safe prime: %v, %v", p, err)
	}
	if new(big.Int).Mod(p, big.NewInt(24)).Int64() != 11 {
		t.Errorf("%v is not 11 modulo 24", p)
	}
}

// FuzzNodeKeys reads bytes as keys of every form: none may crash, and what is read can be written and read again.
func FuzzNodeKeys(f *testing.F) {
	data, err := new(Keys).generateRSA(512, 65537)
	if err != nil {
		f.Fatal(err)
	}
	label, rsaKey := writePrivate("RSA", packRSA(data), "pkcs8", false)
	f.Add(rsaKey, false)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: rsaKey}), true)
	sealed, err := sealPKCS8(cipherNamed("aes-128-cbc"), []byte("x"), rsaKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, false)
	old, err := sealPEM("RSA PRIVATE KEY", cipherNamed("des-cbc"), []byte("x"), rsaKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pem.EncodeToMemory(old), true)
	f.Fuzz(func(t *testing.T, data []byte, text bool) {
		format := "der"
		if text {
			format = "pem"
		}
		for _, form := range []string{"", "pkcs1", "pkcs8", "sec1", "spki"} {
			readPublicKey(data, format, form)
			kind, key, ok := readPrivateKey(data, format, form, []byte("x"))
			if !ok || kind == kindDSA {
				continue
			}
			_, written := writePrivate(kind, key, "pkcs8", false)
			again, same, ok := readPrivateKey(written, "der", "pkcs8", nil)
			if !ok || again != kind || !bytes.Equal(same, key) {
				t.Errorf("%s key is not the same when it is written", kind)
			}
		}
	})
}

// FuzzCipherState gives ciphers states that nobody has made.
func FuzzCipherState(f *testing.F) {
	f.Add([]byte{}, []byte("text"))
	f.Add(make([]byte, 107), []byte("text"))
	f.Fuzz(func(t *testing.T, state, data []byte) {
		key := make([]byte, 16)
		for _, name := range []string{"aes/cbc", "aes/ctr", "aes/gcm", "rc2/ecb", "des3/cbc"} {
			iv := make([]byte, 16)
			if name != "aes/gcm" && name[:3] != "aes" {
				iv = iv[:8]
			}
			for _, encrypt := range []bool{false, true} {
				_, _ = call(t, new(Keys), "node-cipher-update", name, encrypt, key, state, iv, true, data)
				_, _ = call(t, new(Keys), "node-cipher-final", name, encrypt, key, state, iv, true, data)
			}
		}
		_, _ = call(t, new(Keys), "node-update", "md5-sha1", state, data)
		_, _ = call(t, new(Keys), "node-update", "md4", state, data)
	})
}

func TestMD5SHA1(t *testing.T) {
	d := newMD5SHA1()
	d.Write([]byte("abc"))
	want := sha1.Sum([]byte("abc"))
	if got := d.Sum(nil); len(got) != 36 || !bytes.Equal(got[16:], want[:]) {
		t.Errorf("got %x", got)
	}
}

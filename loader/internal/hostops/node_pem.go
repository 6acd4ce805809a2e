package hostops

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/pem"
	"hash"
	"strings"
)

// A pemCipher is a cipher that private keys are encrypted with, always in CBC mode.
type pemCipher struct {
	name string // in a DEK-Info header
	oid  string
	key  int
	make func([]byte) (cipher.Block, error)
}

var pemCiphers = []*pemCipher{
	{"AES-128-CBC", "\x60\x86\x48\x01\x65\x03\x04\x01\x02", 16, aes.NewCipher},
	{"AES-192-CBC", "\x60\x86\x48\x01\x65\x03\x04\x01\x16", 24, aes.NewCipher},
	{"AES-256-CBC", "\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 32, aes.NewCipher},
	{"DES-EDE3-CBC", "\x2a\x86\x48\x86\xf7\x0d\x03\x07", 24, des.NewTripleDESCipher},
	{"DES-CBC", "\x2b\x0e\x03\x02\x07", 8, des.NewCipher},
}

// cipherNamed finds a cipher by its name in any case, nil if there is none.
func cipherNamed(name string) *pemCipher {
	for _, c := range pemCiphers {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return nil
}

func (c *pemCipher) block() int {
	if strings.HasPrefix(c.name, "DES") {
		return des.BlockSize
	}
	return aes.BlockSize
}

// seal encrypts with padding. The key and the IV have the sizes that they must have.
func (c *pemCipher) seal(key, iv, data []byte) ([]byte, error) {
	block, err := c.make(key)
	if err != nil {
		return nil, err
	}
	n := block.BlockSize() - len(data)%block.BlockSize()
	out := make([]byte, len(data)+n)
	copy(out, data)
	for i := len(data); i < len(out); i++ {
		out[i] = byte(n)
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out, nil
}

// open is the inverse; ok says whether the padding is sound.
func (c *pemCipher) open(key, iv, data []byte) (out []byte, ok bool) {
	block, err := c.make(key)
	size := c.block()
	if err != nil || len(iv) != size || len(data) == 0 || len(data)%size != 0 {
		return nil, false
	}
	out = make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	n := int(out[len(out)-1])
	if n == 0 || n > size {
		return nil, false
	}
	for _, b := range out[len(out)-n:] {
		if int(b) != n {
			return nil, false
		}
	}
	return out[:len(out)-n], true
}

// legacyKey is the key of an encrypted PEM block of the old kind: a chain of MD5. The salt is the start of the IV.
func (c *pemCipher) legacyKey(passphrase, iv []byte) []byte {
	var key, last []byte
	for len(key) < c.key {
		d := md5.New()
		d.Write(last)
		d.Write(passphrase)
		d.Write(iv[:8])
		last = d.Sum(nil)
		key = append(key, last...)
	}
	return key[:c.key]
}

// openPEM gives the content of a block, decrypted if its header says that it is encrypted. RFC 1421, 4.6.
func openPEM(b *pem.Block, passphrase []byte) ([]byte, bool) {
	info, encrypted := b.Headers["DEK-Info"]
	if !encrypted {
		return b.Bytes, true
	}
	name, text, _ := strings.Cut(info, ",")
	c := cipherNamed(strings.TrimSpace(name))
	iv, err := hex.DecodeString(strings.TrimSpace(text))
	if c == nil || err != nil || len(iv) != c.block() || passphrase == nil {
		return nil, false
	}
	return c.open(c.legacyKey(passphrase, iv), iv, b.Bytes)
}

// sealPEM makes an encrypted block of the old kind.
func sealPEM(name string, c *pemCipher, passphrase, data []byte) (*pem.Block, error) {
	iv := make([]byte, c.block())
	_, _ = rand.Read(iv) // it never fails
	sealed, err := c.seal(c.legacyKey(passphrase, iv), iv, data)
	if err != nil {
		return nil, err
	}
	headers := map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": c.name + "," + strings.ToUpper(hex.EncodeToString(iv))}
	return &pem.Block{Type: name, Headers: headers, Bytes: sealed}, nil
}

// Object identifiers of encrypted PKCS #8. RFC 8018, A and B.
const (
	oidPBES2  = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"
	oidPBKDF2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"
	oidHMAC   = "\x2a\x86\x48\x86\xf7\x0d\x02" // and a byte for the digest
)

var pbkdf2Digests = map[byte]func() hash.Hash{7: sha1.New, 8: sha256.New224, 9: sha256.New, 10: sha512.New384, 11: sha512.New}

// maxIterations bounds what a key asks for before it opens.
const maxIterations = 2_000_000

// openPKCS8 decrypts an EncryptedPrivateKeyInfo. RFC 5208, 6; RFC 8018, 6.2.
func openPKCS8(body der, passphrase []byte) ([]byte, bool) {
	oid, parameters, ok := body.algorithm()
	sealed, okSealed := body.read(derOctetString)
	if !ok || !okSealed || oid != oidPBES2 || passphrase == nil {
		return nil, false
	}
	scheme, ok := parameters.read(derSequence)
	kdf, kdfParameters, okKDF := scheme.algorithm()
	name, iv, okCipher := scheme.algorithm()
	if !ok || !okKDF || !okCipher || kdf != oidPBKDF2 {
		return nil, false
	}
	vector, ok := iv.read(derOctetString)
	var found *pemCipher
	for _, c := range pemCiphers {
		if c.oid == name {
			found = c
		}
	}
	if !ok || found == nil {
		return nil, false
	}
	key, ok := derivePBKDF2(kdfParameters, passphrase, found.key)
	if !ok {
		return nil, false
	}
	return found.open(key, vector, sealed)
}

// derivePBKDF2 reads PBKDF2-params and derives a key. RFC 8018, A.2.
func derivePBKDF2(parameters der, passphrase []byte, size int) ([]byte, bool) {
	seq, ok := parameters.read(derSequence)
	salt, okSalt := seq.read(derOctetString)
	count, okCount := seq.number()
	if !ok || !okSalt || !okCount || len(count) > 4 {
		return nil, false
	}
	iterations := 0
	for _, b := range count {
		iterations = iterations<<8 | int(b)
	}
	if len(seq) > 0 && seq[0] == derInteger {
		if n, ok := seq.small(); !ok || n != size {
			return nil, false
		}
	}
	h := sha1.New
	if len(seq) > 0 {
		oid, _, ok := seq.algorithm()
		if !ok || len(oid) != len(oidHMAC)+1 || !strings.HasPrefix(oid, oidHMAC) {
			return nil, false
		}
		h = pbkdf2Digests[oid[len(oidHMAC)]]
	}
	if h == nil || iterations < 1 || iterations > maxIterations {
		return nil, false
	}
	key, err := pbkdf2.Key(h, string(passphrase), salt, iterations, size)
	return key, err == nil
}

// pkcs8Iterations are those with which BoringSSL encrypts.
const pkcs8Iterations = 2048

// sealPKCS8 encrypts a PrivateKeyInfo with a key derived by PBKDF2 with SHA-256.
func sealPKCS8(c *pemCipher, passphrase, data []byte) ([]byte, error) {
	random := make([]byte, 16+c.block())
	_, _ = rand.Read(random) // it never fails
	salt, iv := random[:16], random[16:]
	key, err := pbkdf2.Key(sha256.New, string(passphrase), salt, pkcs8Iterations, c.key)
	if err != nil {
		return nil, err
	}
	sealed, err := c.seal(key, iv, data)
	if err != nil {
		return nil, err
	}
	prf := sequence(oid(oidHMAC+"\x09"), derWriter{derNull, 0})
	var count derWriter
	count.integer([]byte{pkcs8Iterations >> 8, pkcs8Iterations & 0xff})
	kdf := sequence(oid(oidPBKDF2), sequence(octets(salt), count, prf))
	scheme := sequence(kdf, sequence(oid(c.oid), octets(iv)))
	return sequence(sequence(oid(oidPBES2), scheme), octets(sealed)), nil
}

func oid(id string) derWriter {
	var w derWriter
	w.value(derOID, []byte(id))
	return w
}

func octets(data []byte) derWriter {
	var w derWriter
	w.value(derOctetString, data)
	return w
}

func sequence(parts ...derWriter) derWriter {
	var body, w derWriter
	for _, p := range parts {
		body = append(body, p...)
	}
	w.value(derSequence, body)
	return w
}

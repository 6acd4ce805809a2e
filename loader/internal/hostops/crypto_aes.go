package hostops

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/dynos-run/dynos/isolate/ops"
)

// errDecrypt is the reference runtime's error for ciphertext that does not decrypt; out is how much its library would have given
// before it noticed.
func errDecrypt(name string, in, out int) error {
	return NewOpError(classOperation, fmt.Sprintf("Decryption failed. This could be due to a ciphertext authentication failure, bad padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was %d, output length expected to be %d for %s", in, out, name), nil)
}

func readBlock(k *Keys, a *ops.Reader) (cipher.Block, error) {
	return cachedKey(k, keyBlock, a.Bytes(), aes.NewCipher)
}

// gcmOf returns the AEAD of a key for nonces of the usual size or, not remembered, of another.
func gcmOf(k *Keys, key []byte, nonce int) (cipher.AEAD, error) {
	if nonce == 12 {
		return cachedKey(k, keyGCM, key, func(key []byte) (cipher.AEAD, error) {
			block, err := aes.NewCipher(key)
			if err != nil {
				return nil, err
			}
			return cipher.NewGCM(block)
		})
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithNonceSize(block, nonce)
}

const gcmTag = 16

// gcmSeal takes key, IV, additional data, the size of the tag in bytes, and data. https://w3c.github.io/webcrypto/#aes-gcm-operations-encrypt
func gcmSeal(k *Keys, a *ops.Reader) (any, error) {
	key, iv, extra, tag, data := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int()), a.Bytes()
	gcm, err := gcmOf(k, key, len(iv))
	if err != nil || tag < 0 || tag > gcmTag {
		return nil, NewOpError(classOperation, "AES-GCM encryption failed.", err)
	}
	out := gcm.Seal(make([]byte, 0, len(data)+gcmTag), iv, data, extra)
	return out[:len(data)+tag], nil // a shorter tag is a prefix of the whole one
}

// gcmOpen takes what gcmSeal does.
func gcmOpen(k *Keys, a *ops.Reader) (any, error) {
	key, iv, extra, tag, data := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int()), a.Bytes()
	gcm, err := gcmOf(k, key, len(iv))
	size := len(data) - tag
	if err != nil || tag < 0 || tag > gcmTag || size < 0 {
		return nil, NewOpError(classOperation, "AES-GCM decryption failed.", err)
	}
	if tag == gcmTag {
		plain, err := gcm.Open(make([]byte, 0, size), iv, data, extra)
		if err != nil {
			return nil, errDecrypt("AES-GCM", size, size)
		}
		return plain, nil
	}
	// The library wants whole tags. Encrypting the ciphertext once more gives the plaintext, and encrypting that the tag it should have.
	plain := gcm.Seal(nil, iv, data[:size], extra)[:size:size]
	again := gcm.Seal(nil, iv, plain, extra)
	if subtle.ConstantTimeCompare(again[size:size+tag], data[size:]) != 1 {
		return nil, errDecrypt("AES-GCM", size, size)
	}
	return plain, nil
}

// cbcEncrypt takes key, IV and data. https://w3c.github.io/webcrypto/#aes-cbc-operations-encrypt
func cbcEncrypt(k *Keys, a *ops.Reader) (any, error) {
	block, err := readBlock(k, a)
	iv, data := a.Bytes(), a.Bytes()
	if err != nil || len(iv) != aes.BlockSize {
		return nil, NewOpError(classOperation, "AES-CBC encryption failed.", err)
	}
	pad := aes.BlockSize - len(data)%aes.BlockSize
	out := append(make([]byte, 0, len(data)+pad), data...)
	out = append(out, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out, nil
}

// cbcDecrypt takes what cbcEncrypt does.
func cbcDecrypt(k *Keys, a *ops.Reader) (any, error) {
	block, err := readBlock(k, a)
	iv, data := a.Bytes(), a.Bytes()
	if err != nil || len(iv) != aes.BlockSize {
		return nil, NewOpError(classOperation, "AES-CBC decryption failed.", err)
	}
	n := len(data)
	failed := errDecrypt("AES-CBC", n, max(n-1, 0)/aes.BlockSize*aes.BlockSize)
	if n == 0 || n%aes.BlockSize != 0 {
		return nil, failed
	}
	out := make([]byte, n)
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	pad := int(out[n-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, failed
	}
	for _, c := range out[n-pad:] {
		if int(c) != pad {
			return nil, failed
		}
	}
	return out[: n-pad : n-pad], nil
}

// ctrXOR takes key, counter block, the number of its last bits that count, and data. https://w3c.github.io/webcrypto/#aes-ctr-operations-encrypt
func ctrXOR(k *Keys, a *ops.Reader) (any, error) {
	block, err := readBlock(k, a)
	counter, bits, data := a.Bytes(), int(a.Int()), a.Bytes()
	if err != nil || len(counter) != aes.BlockSize || bits < 1 || bits > 128 {
		return nil, NewOpError(classOperation, "Error doing AES-CTR encrypt/decrypt.", err)
	}
	blocks := (uint64(len(data)) + aes.BlockSize - 1) / aes.BlockSize
	if bits < 64 && blocks > 1<<bits {
		return nil, NewOpError(classOperation, "Counter block values will repeat.", nil)
	}
	out := make([]byte, len(data))
	first := len(data)
	if left := blocksUntilWrap(counter, bits); left < blocks {
		first = int(left) * aes.BlockSize
	}
	cipher.NewCTR(block, counter).XORKeyStream(out[:first], data[:first])
	if first < len(data) {
		cipher.NewCTR(block, wrapped(counter, bits)).XORKeyStream(out[first:], data[first:])
	}
	return out, nil
}

// blocksUntilWrap says how many blocks there are before the counting bits are all zero again, at most 2^64-1.
func blocksUntilWrap(counter []byte, bits int) uint64 {
	high, low := binary.BigEndian.Uint64(counter), binary.BigEndian.Uint64(counter[8:])
	if bits < 64 {
		return 1<<bits - low&(1<<bits-1)
	}
	// 2^bits - counter fits only if the counting bits of the upper word are all set.
	high |= math.MaxUint64 << (bits - 64)
	if high != math.MaxUint64 || low == 0 {
		return math.MaxUint64
	}
	return -low
}

// wrapped is a counter block with its counting bits zero.
func wrapped(counter []byte, bits int) []byte {
	out := append([]byte{}, counter...)
	whole := aes.BlockSize - bits/8
	clear(out[whole:])
	if rest := bits % 8; rest != 0 {
		out[whole-1] &= 0xff << rest
	}
	return out
}

// kwIV is the initial value of RFC 3394, 2.2.3.1.
const kwIV = 0xa6a6a6a6a6a6a6a6

// kwWrap takes key and data. RFC 3394, 2.2.1.
func kwWrap(k *Keys, a *ops.Reader) (any, error) {
	block, err := readBlock(k, a)
	data := a.Bytes()
	if err != nil || len(data) < 16 || len(data)%8 != 0 {
		return nil, NewOpError(classOperation, "AES-KW key wrapping failed.", err)
	}
	out := append(make([]byte, 8, 8+len(data)), data...)
	var buf [aes.BlockSize]byte
	binary.BigEndian.PutUint64(buf[:], kwIV)
	n := len(data) / 8
	for t := uint64(1); t <= uint64(6*n); t++ {
		r := out[8*((int(t)-1)%n+1):][:8]
		copy(buf[8:], r)
		block.Encrypt(buf[:], buf[:])
		binary.BigEndian.PutUint64(buf[:], binary.BigEndian.Uint64(buf[:])^t)
		copy(r, buf[8:])
	}
	copy(out, buf[:8])
	return out, nil
}

// kwUnwrap is the inverse of kwWrap. RFC 3394, 2.2.2.
func kwUnwrap(k *Keys, a *ops.Reader) (any, error) {
	block, err := readBlock(k, a)
	data := a.Bytes()
	if err != nil || len(data) < 24 || len(data)%8 != 0 {
		return nil, NewOpError(classOperation, "AES-KW key unwrapping failed.", err)
	}
	out := append([]byte{}, data[8:]...)
	var buf [aes.BlockSize]byte
	copy(buf[:8], data)
	n := len(out) / 8
	for t := uint64(6 * n); t > 0; t-- {
		r := out[8*((int(t)-1)%n):][:8]
		binary.BigEndian.PutUint64(buf[:], binary.BigEndian.Uint64(buf[:])^t)
		copy(buf[8:], r)
		block.Decrypt(buf[:], buf[:])
		copy(r, buf[8:])
	}
	if subtle.ConstantTimeCompare(buf[:8], binary.BigEndian.AppendUint64(nil, kwIV)) != 1 {
		return nil, NewOpError(classOperation, "AES-KW key unwrapping failed.", nil)
	}
	return out, nil
}

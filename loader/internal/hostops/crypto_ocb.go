package hostops

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"math/bits"

	"github.com/dynos-run/dynos/isolate/ops"
)

// An ocb is AES-OCB of a key, with the nonce-independent masks that it has made so far. RFC 7253.
type ocb struct {
	block  cipher.Block
	star   ocbBlock
	dollar ocbBlock
	masks  []ocbBlock // L_0, L_1, …
}

type ocbBlock [aes.BlockSize]byte

func newOCB(key []byte) (*ocb, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	o := &ocb{block: block}
	block.Encrypt(o.star[:], o.star[:])
	o.dollar = o.star.double()
	o.masks = []ocbBlock{o.dollar.double()}
	return o, nil
}

// double multiplies by x in GF(2^128). RFC 7253, 2.
func (b ocbBlock) double() (out ocbBlock) {
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	binary.BigEndian.PutUint64(out[:8], hi<<1|lo>>63)
	binary.BigEndian.PutUint64(out[8:], lo<<1^(hi>>63)*0x87)
	return out
}

func (b *ocbBlock) xor(other []byte) { subtle.XORBytes(b[:], b[:], other) }

// mask is the L of the i-th block, from 1.
func (o *ocb) mask(i int) []byte {
	n := bits.TrailingZeros(uint(i))
	for len(o.masks) <= n {
		o.masks = append(o.masks, o.masks[len(o.masks)-1].double())
	}
	return o.masks[n][:]
}

// start is the offset that a nonce of 1 to 15 bytes begins with. RFC 7253, 4.2.
func (o *ocb) start(nonce []byte, tag int) (offset ocbBlock) {
	var top ocbBlock
	copy(top[aes.BlockSize-len(nonce):], nonce)
	top[aes.BlockSize-len(nonce)-1] |= 1
	top[0] |= byte(tag*8%128) << 1
	bottom := int(top[15] & 63)
	top[15] &^= 63
	o.block.Encrypt(top[:], top[:])
	var stretch [24]byte
	copy(stretch[:], top[:])
	subtle.XORBytes(stretch[16:], top[:8], top[1:9])
	for i := range offset {
		from := i + bottom/8
		if bottom%8 == 0 {
			offset[i] = stretch[from]
		} else {
			offset[i] = stretch[from]<<(bottom%8) | stretch[from+1]>>(8-bottom%8)
		}
	}
	return offset
}

// hash authenticates additional data. RFC 7253, 4.1.
func (o *ocb) hash(data []byte) (sum ocbBlock) {
	var offset, block ocbBlock
	i := 1
	for ; len(data) >= aes.BlockSize; i++ {
		offset.xor(o.mask(i))
		block = offset
		block.xor(data[:aes.BlockSize])
		o.block.Encrypt(block[:], block[:])
		sum.xor(block[:])
		data = data[aes.BlockSize:]
	}
	if len(data) > 0 {
		offset.xor(o.star[:])
		block = ocbBlock{}
		copy(block[:], data)
		block[len(data)] = 0x80
		block.xor(offset[:])
		o.block.Encrypt(block[:], block[:])
		sum.xor(block[:])
	}
	return sum
}

// crypt encrypts or decrypts, and gives the output and the whole tag. RFC 7253, 4.2 and 4.3.
func (o *ocb) crypt(nonce, extra, data []byte, tag int, decrypt bool) ([]byte, ocbBlock) {
	offset := o.start(nonce, tag)
	var checksum, block ocbBlock
	out := make([]byte, 0, len(data)+aes.BlockSize)
	for i := 1; len(data) >= aes.BlockSize; i++ {
		offset.xor(o.mask(i))
		block = offset
		block.xor(data[:aes.BlockSize])
		if decrypt {
			o.block.Decrypt(block[:], block[:])
			block.xor(offset[:])
			checksum.xor(block[:])
		} else {
			o.block.Encrypt(block[:], block[:])
			block.xor(offset[:])
			checksum.xor(data[:aes.BlockSize])
		}
		out = append(out, block[:]...)
		data = data[aes.BlockSize:]
	}
	if len(data) > 0 {
		offset.xor(o.star[:])
		o.block.Encrypt(block[:], offset[:])
		block.xor(append(data[:len(data):len(data)], make([]byte, aes.BlockSize-len(data))...))
		out = append(out, block[:len(data)]...)
		plain := data
		if decrypt {
			plain = block[:len(data)]
		}
		last := ocbBlock{}
		copy(last[:], plain)
		last[len(plain)] = 0x80
		checksum.xor(last[:])
	}
	checksum.xor(offset[:])
	checksum.xor(o.dollar[:])
	o.block.Encrypt(checksum[:], checksum[:])
	sum := o.hash(extra)
	checksum.xor(sum[:])
	return out, checksum
}

// ocbSeal takes key, IV of 1 to 15 bytes, additional data, the size of the tag in bytes, and data.
// https://wicg.github.io/webcrypto-modern-algos/#aes-ocb-operations-encrypt
func ocbSeal(_ *Keys, a *ops.Reader) (any, error) {
	key, iv, extra, tag, data := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int()), a.Bytes()
	o, err := newOCB(key)
	if err != nil || len(iv) == 0 || len(iv) > 15 || tag < 0 || tag > aes.BlockSize {
		return nil, NewOpError(classOperation, "AES-OCB encryption failed.", err)
	}
	out, sum := o.crypt(iv, extra, data, tag, false)
	return append(out, sum[:tag]...), nil
}

// ocbOpen takes what ocbSeal does.
func ocbOpen(_ *Keys, a *ops.Reader) (any, error) {
	key, iv, extra, tag, data := a.Bytes(), a.Bytes(), a.Bytes(), int(a.Int()), a.Bytes()
	o, err := newOCB(key)
	if err != nil || len(iv) == 0 || len(iv) > 15 || tag < 0 || tag > aes.BlockSize || len(data) < tag {
		return nil, NewOpError(classOperation, "AES-OCB decryption failed.", err)
	}
	size := len(data) - tag
	out, sum := o.crypt(iv, extra, data[:size], tag, true)
	if subtle.ConstantTimeCompare(sum[:tag], data[size:]) != 1 {
		return nil, errDecrypt("AES-OCB", len(data), size)
	}
	return out, nil
}

// chachaSeal takes a key of 32 bytes, a nonce of 12, additional data and data. RFC 8439, 2.8.
func chachaSeal(_ *Keys, a *ops.Reader) (any, error) {
	key, nonce, extra, data := a.Bytes(), a.Bytes(), a.Bytes(), a.Bytes()
	if len(key) != 32 || len(nonce) != 12 {
		return nil, NewOpError(classOperation, "ChaCha20-Poly1305 encryption failed.", nil)
	}
	out := make([]byte, len(data), len(data)+aes.BlockSize)
	newChaCha(key, nonce, 1).xor(out, data)
	return append(out, chachaTag(key, nonce, extra, out)...), nil
}

// chachaOpen takes what chachaSeal does.
func chachaOpen(_ *Keys, a *ops.Reader) (any, error) {
	key, nonce, extra, data := a.Bytes(), a.Bytes(), a.Bytes(), a.Bytes()
	size := len(data) - aes.BlockSize
	if len(key) != 32 || len(nonce) != 12 || size < 0 {
		return nil, NewOpError(classOperation, "ChaCha20-Poly1305 decryption failed.", nil)
	}
	if subtle.ConstantTimeCompare(chachaTag(key, nonce, extra, data[:size]), data[size:]) != 1 {
		return nil, errDecrypt("ChaCha20-Poly1305", len(data), size)
	}
	out := make([]byte, size)
	newChaCha(key, nonce, 1).xor(out, data[:size])
	return out, nil
}

package hostops

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"encoding/binary"
	"strings"

	"github.com/dynos-run/dynos/isolate/ops"
)

// A streamCipher is a cipher of node:crypto that takes its data piece by piece. JavaScript keeps its state as bytes between calls.
type streamCipher struct {
	mode  string // "cbc", "ecb", "ctr", "ofb", "gcm"
	block func(k *Keys, key []byte) (cipher.Block, error)
}

func aesBlock(k *Keys, key []byte) (cipher.Block, error) {
	return cachedKey(k, keyBlock, key, aes.NewCipher)
}

func desBlock(_ *Keys, key []byte) (cipher.Block, error) { return des.NewCipher(key) }

func tripleDESBlock(_ *Keys, key []byte) (cipher.Block, error) {
	if len(key) == 16 { // two keys: the first comes again
		key = append(bytes.Clone(key), key[:8]...)
	}
	return des.NewTripleDESCipher(key)
}

func rc2Block(_ *Keys, key []byte) (cipher.Block, error) { return newRC2(key) }

// cipherOf finds a cipher by the name that JavaScript has checked, nil if there is none.
func cipherOf(name string) *streamCipher {
	family, mode, _ := strings.Cut(name, "/")
	c := &streamCipher{mode: mode}
	switch family {
	case "aes":
		c.block = aesBlock
	case "des":
		c.block = desBlock
	case "des3":
		c.block = tripleDESBlock
	case "rc2":
		c.block = rc2Block
	default:
		return nil
	}
	return c
}

// A cipherState is what a cipher under way has to remember.
type cipherState struct {
	Register [16]byte // CBC: the last block of ciphertext; CTR, GCM: the next counter; OFB: the last output
	Held     [16]byte // CBC, ECB: data that wait for a whole block; else the block of key stream in use
	Count    uint8    // of the bytes of Held: those that are there, or those that are used up
	Hash     [16]byte // GCM: the hash so far
	Part     [16]byte // GCM: bytes that wait for a whole block of the hash
	PartSize uint8
	First    [16]byte // GCM: the counter block that covers the tag
	Extra    uint64   // GCM: bytes of additional data
	Text     uint64   // GCM: bytes of ciphertext
}

var errCipherState = NewOpError("Error", "malformed cipher state", nil)

// A cipherRun is one call's view of a cipher.
type cipherRun struct {
	*streamCipher
	encrypt bool
	block   cipher.Block
	state   cipherState
}

// readCipher reads name, direction, key, state or null, and IV.
func readCipher(k *Keys, a *ops.Reader) (*cipherRun, error) {
	c := cipherOf(a.String())
	encrypt, key := a.Bool(), a.Bytes()
	var state []byte
	if !a.IsNull() {
		state = a.Bytes()
	}
	iv := a.Bytes()
	if c == nil {
		return nil, errCipherState
	}
	block, err := c.block(k, key)
	if err != nil {
		return nil, NewOpError("Error", "Invalid key length", err)
	}
	run := &cipherRun{streamCipher: c, encrypt: encrypt, block: block}
	if state != nil {
		if n, err := binary.Decode(state, binary.LittleEndian, &run.state); err != nil || n != len(state) || run.state.Count > 16 || run.state.PartSize > 15 {
			return nil, errCipherState
		}
		return run, nil
	}
	if c.mode == "gcm" {
		run.startGCM(iv)
		return run, nil
	}
	if c.mode != "ecb" && len(iv) != block.BlockSize() {
		return nil, errCipherState
	}
	copy(run.state.Register[:], iv)
	if c.mode == "ctr" || c.mode == "ofb" {
		run.state.Count = 16
	}
	return run, nil
}

func (c *cipherRun) encode() ([]byte, error) {
	return binary.Append(nil, binary.LittleEndian, &c.state)
}

// nodeCipherUpdate takes what readCipher reads, whether a padding is expected, and data. It gives [output, state].
func nodeCipherUpdate(k *Keys, a *ops.Reader) (any, error) {
	c, err := readCipher(k, a)
	if err != nil {
		return nil, err
	}
	padded, data := a.Bool(), a.Bytes()
	var out []byte
	switch c.mode {
	case "cbc", "ecb":
		if size := c.block.BlockSize(); int(c.state.Count) > size {
			return nil, errCipherState
		}
		out = c.blocks(data, padded && !c.encrypt)
	case "gcm":
		out = c.crypt(data)
	default:
		out = c.xor(data)
	}
	state, err := c.encode()
	if err != nil {
		return nil, errCipherState
	}
	return [][]byte{out, state}, nil
}

// nodeCipherExtra takes what readCipher reads, and additional data. It gives the state.
func nodeCipherExtra(k *Keys, a *ops.Reader) (any, error) {
	c, err := readCipher(k, a)
	if err != nil {
		return nil, err
	}
	data := a.Bytes()
	if c.state.Text != 0 || c.mode != "gcm" {
		return nil, NewOpError("Error", "Failed to set AAD", nil)
	}
	c.state.Extra += uint64(len(data))
	c.hash(data)
	return c.encode()
}

// nodeCipherFinal takes what readCipher reads, whether there is a padding, and the tag that is expected, or null. It gives
// [output, tag], or null if something is wrong.
func nodeCipherFinal(k *Keys, a *ops.Reader) (any, error) {
	c, err := readCipher(k, a)
	if err != nil {
		return nil, err
	}
	padded, expected := a.Bool(), optionalBytes(a)
	switch c.mode {
	case "gcm":
		tag := c.tag()
		if !c.encrypt && (len(expected) > len(tag) || subtle.ConstantTimeCompare(tag[:len(expected)], expected) != 1) {
			return nil, nil
		}
		return [][]byte{{}, tag}, nil
	case "cbc", "ecb":
		out, ok := c.last(padded)
		if !ok {
			return nil, nil
		}
		return [][]byte{out, {}}, nil
	}
	return [][]byte{{}, {}}, nil
}

// blocks works on the whole blocks that there are with data, and holds the rest back; hold means the last whole block, too.
func (c *cipherRun) blocks(data []byte, hold bool) []byte {
	size := c.block.BlockSize()
	all := append(append(make([]byte, 0, int(c.state.Count)+len(data)), c.state.Held[:c.state.Count]...), data...)
	n := len(all) / size * size
	if hold && n == len(all) && n > 0 {
		n -= size
	}
	c.state.Count = uint8(copy(c.state.Held[:], all[n:]))
	c.cryptBlocks(all[:n])
	return all[:n]
}

// cryptBlocks works in place on whole blocks.
func (c *cipherRun) cryptBlocks(data []byte) {
	size := c.block.BlockSize()
	if len(data) == 0 {
		return
	}
	if c.mode == "ecb" {
		for ; len(data) > 0; data = data[size:] {
			if c.encrypt {
				c.block.Encrypt(data, data)
			} else {
				c.block.Decrypt(data, data)
			}
		}
		return
	}
	register := c.state.Register[:size]
	if c.encrypt {
		cipher.NewCBCEncrypter(c.block, register).CryptBlocks(data, data)
		copy(register, data[len(data)-size:])
		return
	}
	next := bytes.Clone(data[len(data)-size:])
	cipher.NewCBCDecrypter(c.block, register).CryptBlocks(data, data)
	copy(register, next)
}

// last is the output of the end: the padding, or what it leaves.
func (c *cipherRun) last(padded bool) ([]byte, bool) {
	size := c.block.BlockSize()
	count := int(c.state.Count)
	if !padded {
		return []byte{}, count == 0
	}
	out := make([]byte, size)
	copy(out, c.state.Held[:count])
	if c.encrypt {
		if count >= size {
			return nil, false
		}
		for i := count; i < size; i++ {
			out[i] = byte(size - count)
		}
		c.cryptBlocks(out)
		return out, true
	}
	if count != size {
		return nil, false
	}
	c.cryptBlocks(out)
	pad := int(out[size-1])
	if pad == 0 || pad > size {
		return nil, false
	}
	for _, b := range out[size-pad:] {
		if int(b) != pad {
			return nil, false
		}
	}
	return out[:size-pad], true
}

// xor applies the key stream of CTR, OFB or GCM.
func (c *cipherRun) xor(data []byte) []byte {
	out := make([]byte, len(data))
	s := &c.state
	n := 0
	for ; n < len(data) && s.Count < 16; n++ {
		out[n] = data[n] ^ s.Held[s.Count]
		s.Count++
	}
	if c.mode != "ofb" {
		n += c.counterBlocks(out[n:], data[n:])
	}
	for n < len(data) {
		c.nextBlock()
		m := subtle.XORBytes(out[n:], data[n:], s.Held[:])
		s.Count = uint8(m)
		n += m
	}
	return out
}

// nextBlock makes the next block of key stream.
func (c *cipherRun) nextBlock() {
	s := &c.state
	c.block.Encrypt(s.Held[:], s.Register[:])
	if c.mode == "ofb" {
		s.Register = s.Held
		return
	}
	c.advance(1)
}

// counterBits is how many bits of the counter block count.
func (c *cipherRun) counterBits() int {
	if c.mode == "gcm" {
		return 32
	}
	return 128
}

// advance adds to the counter.
func (c *cipherRun) advance(blocks uint64) {
	r := c.state.Register[:]
	if c.mode == "gcm" {
		binary.BigEndian.PutUint32(r[12:], binary.BigEndian.Uint32(r[12:])+uint32(blocks))
		return
	}
	low := binary.BigEndian.Uint64(r[8:])
	binary.BigEndian.PutUint64(r[8:], low+blocks)
	if low+blocks < low {
		binary.BigEndian.PutUint64(r, binary.BigEndian.Uint64(r)+1)
	}
}

// counterBlocks does the whole blocks at once, and says how many bytes they were.
func (c *cipherRun) counterBlocks(out, in []byte) int {
	n := len(in) / 16 * 16
	for done := 0; done < n; {
		blocks := uint64(n-done) / 16
		blocks = min(blocks, blocksUntilWrap(c.state.Register[:], c.counterBits()))
		size := int(blocks) * 16
		cipher.NewCTR(c.block, c.state.Register[:]).XORKeyStream(out[done:done+size], in[done:done+size])
		c.advance(blocks)
		done += size
	}
	return n
}

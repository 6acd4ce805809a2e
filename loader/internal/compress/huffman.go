package compress

// An entry of a decoding table: value<<16 | kind<<8 | number of bits.
type entry uint32

// Kinds of entries. A length or distance has its number of extra bits in the low bits of the kind, a link the number of bits
// that index the table it leads to.
const (
	kindSymbol  = 0x00
	kindBase    = 0x10
	kindEnd     = 0x20
	kindInvalid = 0x40
	kindLink    = 0x80
)

func makeEntry(value, kind, bits int) entry { return entry(value<<16 | kind<<8 | bits) }

func (e entry) bits() uint { return uint(e & 0xff) }
func (e entry) kind() uint { return uint(e>>8) & 0xff }
func (e entry) value() int { return int(e >> 16) }

// alphabets, symbol by symbol, without bits.
var (
	lengthSymbols   = makeLengthSymbols()
	distanceSymbols = makeDistanceSymbols()
	codeSymbols     = makeCodeSymbols()
)

func makeCodeSymbols() (s [19]entry) {
	for k := range s {
		s[k] = makeEntry(k, kindSymbol, 0)
	}
	return s
}

func makeLengthSymbols() (s [288]entry) {
	for k := range 256 {
		s[k] = makeEntry(k, kindSymbol, 0)
	}
	s[256] = makeEntry(0, kindEnd, 0)
	base := 3
	for k := range 28 {
		extra := max(k/4-1, 0)
		s[257+k] = makeEntry(base, kindBase|extra, 0)
		base += 1 << extra
	}
	s[285] = makeEntry(258, kindBase, 0)
	s[286] = makeEntry(0, kindInvalid, 0)
	s[287] = makeEntry(0, kindInvalid, 0)
	return s
}

func makeDistanceSymbols() (s [32]entry) {
	base := 1
	for k := range 30 {
		extra := max(k/2-1, 0)
		s[k] = makeEntry(base, kindBase|extra, 0)
		base += 1 << extra
	}
	s[30] = makeEntry(0, kindInvalid, 0)
	s[31] = makeEntry(0, kindInvalid, 0)
	return s
}

const maxCodeBits = 15

// A table decodes one Huffman code. The first 1<<root entries are indexed by the next bits; links lead to the others.
type table struct {
	entries []entry
	root    uint
}

// build makes the table of a code given by the lengths of its symbols. It says false if those are no code: too many, or too few
// unless it is one symbol of one bit, which zlib takes for lengths and distances (loose).
func (t *table) build(lengths []uint8, symbols []entry, root int, loose bool) bool {
	var count [maxCodeBits + 1]int
	for _, l := range lengths {
		count[l]++
	}
	longest := maxCodeBits
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	if longest == 0 {
		t.root = 1
		t.entries = append(t.entries[:0], makeEntry(0, kindInvalid, 1), makeEntry(0, kindInvalid, 1))
		return true
	}
	left := 1
	for l := 1; l <= maxCodeBits; l++ {
		if left = left<<1 - count[l]; left < 0 {
			return false
		}
	}
	if left > 0 && !(loose && longest == 1) {
		return false
	}
	root = min(root, longest)
	t.root = uint(root)
	t.entries = t.entries[:0]
	for range 1 << root {
		t.entries = append(t.entries, makeEntry(0, kindInvalid, root))
	}
	t.fill(lengths, symbols, root, longest, &count)
	return true
}

// fill enters the symbols, shorter codes first.
func (t *table) fill(lengths []uint8, symbols []entry, root, longest int, count *[maxCodeBits + 1]int) {
	var first [maxCodeBits + 2]int
	for l := 1; l <= maxCodeBits; l++ {
		first[l+1] = first[l] + count[l]
	}
	var sorted [288]uint16
	for symbol, l := range lengths {
		if l != 0 {
			sorted[first[l]] = uint16(symbol)
			first[l]++
		}
	}
	code, at := 0, 0 // the code has its first bit lowest
	sub, subBits, linked := 0, 0, -1
	for length := 1; length <= longest; length++ {
		for left := count[length]; left > 0; left-- {
			e := symbols[sorted[at]]
			at++
			if length <= root {
				for k := code; k < 1<<root; k += 1 << length {
					t.entries[k] = e | entry(length)
				}
			} else {
				if low := code & (1<<root - 1); low != linked {
					linked = low
					subBits = subTableBits(length, root, longest, left, count)
					sub = len(t.entries)
					for range 1 << subBits {
						t.entries = append(t.entries, makeEntry(0, kindInvalid, 1))
					}
					t.entries[low] = makeEntry(sub, kindLink|subBits, root)
				}
				for k := code >> root; k < 1<<subBits; k += 1 << (length - root) {
					t.entries[sub+k] = e | entry(length-root)
				}
			}
			code = nextCode(code, length)
		}
	}
}

// subTableBits returns how many bits a table needs that begins with a code of this length, of which `left` are still to come.
func subTableBits(length, root, longest, left int, count *[maxCodeBits + 1]int) int {
	bits := length - root
	space := 1<<bits - left
	for bits+root < longest && space > 0 {
		bits++
		space = space<<1 - count[bits+root]
	}
	return bits
}

// nextCode adds one to a code whose first bit is the lowest.
func nextCode(code, length int) int {
	bit := 1 << (length - 1)
	for bit != 0 && code&bit != 0 {
		code ^= bit
		bit >>= 1
	}
	return code | bit
}

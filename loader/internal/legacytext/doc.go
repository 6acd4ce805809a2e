// Package legacytext has the decoders of the Encoding standard for all that is neither UTF-8 nor UTF-16. The tables are those of
// golang.org/x/text; the algorithms are the standard's, which says for each malformed sequence how many bytes make one error.
//
// Spec: https://encoding.spec.whatwg.org/
package legacytext

// A State is what a decoder keeps between two pieces of a text. The zero value is the beginning.
type State struct {
	// Lead, Second and Third are the bytes of a character that has begun; 0 for none.
	Lead, Second, Third byte
	// JIS0212 says that EUC-JP's lead byte is of three.
	JIS0212 bool
	// Mode and Output are the states of ISO-2022-JP, and Switched says that an escape sequence came last.
	Mode, Output mode
	Switched     bool
}

// Pack and Unpack make a number of a state, for who keeps it.
func (s State) Pack() uint64 {
	n := uint64(s.Lead) | uint64(s.Second)<<8 | uint64(s.Third)<<16 | uint64(s.Mode)<<24 | uint64(s.Output)<<28
	if s.JIS0212 {
		n |= 1 << 32
	}
	if s.Switched {
		n |= 1 << 33
	}
	return n
}

// Unpack is the inverse of [State.Pack]; any number gives a state that can be used.
func Unpack(n uint64) State {
	return State{
		Lead: byte(n), Second: byte(n >> 8), Third: byte(n >> 16), Mode: mode(n>>24) & 15, Output: mode(n>>28) & 15,
		JIS0212: n&(1<<32) != 0, Switched: n&(1<<33) != 0,
	}
}

// Decode decodes a piece of a text in the encoding of that name (in lower case), and says false if the name is none. It appends
// UTF-8 to out and changes the state; what is malformed becomes U+FFFD, and malformed then says so. The last piece is flushed.
func Decode(out []byte, name string, state *State, in []byte, flush bool) (text []byte, malformed, known bool) {
	if table := singleByte(name); table != nil {
		return table.decode(out, in)
	}
	start := multiByte[name]
	if start == nil {
		return out, false, false
	}
	d := &decoder{State: *state, out: out}
	step := start(d)
	for _, b := range in {
		step(int(b))
	}
	if flush {
		step(endOfText)
		d.State = State{}
	}
	*state = d.State
	return d.out, d.malformed, true
}

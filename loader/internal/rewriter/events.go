package rewriter

import "encoding/binary"

// An event begins with its kind. All numbers are 32 bits, ranges are of bytes of the input, lengths of text in UTF-16 units: texts
// stand one behind the other in the text of the batch.
const (
	// eventElement: start, end, length of the name, its length in bytes, flags, number of handlers and these, number of attributes
	// and the length of all their texts, and for each: length of the name, length of the value, start, end. Texts: the name, names and
	// values.
	eventElement = iota
	// eventEnd: start, end, length of the name, its length in bytes, how many of the elements that were given end here. Text: the name.
	eventEnd
	// eventText: start, end, flags, length, number of handlers and these.
	eventText
	// eventComment: start, end, length, number of handlers and these.
	eventComment
	// eventDoctype: start, end, three lengths, -1 for what is not there, number of handlers and these. Texts: name, public and system
	// identifier.
	eventDoctype
)

// Flags of an element.
const (
	flagContent     = 1 << iota // it can have content
	flagSelfClosing             // it is written so
	flagSVG
	flagMathML
)

// Flags of a text.
const (
	flagLast  = 1 << iota // the text node ends
	flagExact             // the text is what the bytes say
)

// A Batch is what a piece of a document holds for the handlers.
type Batch struct {
	// Events are little-endian numbers of 32 bits, see the kinds of events.
	Events []byte
	// Text is UTF-8, to which the events refer.
	Text []byte
	// Done is how many bytes of the input will not be looked at again.
	Done int
	// More says that there was too much for one batch: the same bytes, those done with left out, are to be given again.
	More bool
}

// maxKept bounds the memory that a batch keeps for the next.
const maxKept = 1 << 20

func (b *Batch) reset() {
	*b = Batch{Events: b.Events[:0], Text: b.Text[:0]}
	if cap(b.Events) > maxKept || cap(b.Text) > maxKept {
		*b = Batch{}
	}
}

func (b *Batch) put(numbers ...int) {
	for _, n := range numbers {
		b.Events = binary.LittleEndian.AppendUint32(b.Events, uint32(n))
	}
}

func (b *Batch) putHandlers(handlers []int32) {
	b.put(len(handlers))
	for _, h := range handlers {
		b.put(int(h))
	}
}

// putText appends a text and its length to the events.
func (b *Batch) putText(e encoding, src []byte) {
	start := len(b.Text)
	if isASCII(src) {
		b.Text = append(b.Text, src...)
		b.put(len(src))
		return
	}
	b.Text = e.appendText(b.Text, src)
	b.put(units(b.Text[start:]))
}

// putLower is putText with the letters of ASCII in lower case.
func (b *Batch) putLower(e encoding, src []byte) {
	start := len(b.Text)
	b.putText(e, src)
	for i := start; i < len(b.Text); i++ {
		b.Text[i] = lowerByte(b.Text[i])
	}
}

// units is the length of text in UTF-16.
func units(text []byte) int {
	n := 0
	for _, c := range text {
		if c < 0x80 || c >= 0xC0 {
			n++
		}
		if c >= 0xF0 {
			n++
		}
	}
	return n
}

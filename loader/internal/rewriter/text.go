package rewriter

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// pieceSize bounds the pieces, in UTF-8, of text that is not handed on as it is: behind the first piece of a text node, or with
// something malformed in it. That it is this size can be seen.
const pieceSize = 1024

// A textDecoder makes text of the pieces of a text node. A character may be spread over two of them.
type textDecoder struct {
	encoding encoding
	// open says whether a text node is under way, whose last piece has yet to be given.
	open bool
	// pending is the beginning of a character.
	pending []byte
	// stream decodes what is not UTF-8.
	stream transform.Transformer
	buffer []byte // of pieceSize, once it is needed
}

// A textSink takes the text of a range of the input. Exact says that the text is these very bytes; last that the node ends. Ranges with
// no text in them yet are given with nil.
type textSink func(text []byte, raw span, exact, last bool)

// feed takes a piece of a text node.
func (d *textDecoder) feed(in []byte, raw span, give textSink) {
	if !d.open {
		d.open = true
		src := raw.of(in)
		n := d.plainPrefix(src)
		if n == len(src) || n >= pieceSize {
			give(src[:n], span{raw.start, raw.start + n}, true, false)
			if raw.start += n; raw.start == raw.end {
				return
			}
		}
	}
	d.decode(in, raw, false, give)
}

// end ends the text node that is under way at a position, if there is one.
func (d *textDecoder) end(at int, give textSink) {
	if !d.open {
		return
	}
	d.decode(nil, span{at, at}, true, give)
	d.open, d.stream = false, nil
}

// plainPrefix is how much of src is the same in UTF-8.
func (d *textDecoder) plainPrefix(src []byte) int {
	if d.encoding.table == nil {
		return validPrefix(src)
	}
	n := 0
	for n < len(src) && src[n] < 0x80 {
		n++
	}
	return n
}

func (d *textDecoder) decode(in []byte, raw span, last bool, give textSink) {
	var src []byte
	if raw.end > raw.start {
		src = raw.of(in)
	}
	held := len(d.pending)
	if held > 0 {
		src = append(d.pending, src...)
		d.pending = nil
	}
	for at, start := 0, raw.start; ; {
		text, n, full := d.piece(src[at:], last)
		end := raw.start + at + n - held
		exact := d.encoding.table == nil && at >= held && bytes.Equal(text, src[at:at+n])
		at += n
		if !full {
			exact = exact && at == len(src)
			end = raw.end
		}
		end = max(end, start)
		switch {
		case len(text) > 0, last:
			give(text, span{start, end}, exact, last && !full)
		case end > start:
			give(nil, span{start, end}, false, false)
		}
		if !full {
			d.pending = append([]byte(nil), src[at:]...)
			return
		}
		start = end
	}
}

// piece decodes as much of src as a piece holds: full says that more is left, else only the beginning of a character is.
func (d *textDecoder) piece(src []byte, last bool) (text []byte, n int, full bool) {
	if d.encoding.table != nil {
		return d.pieceOfTable(src, last)
	}
	window := src[:min(len(src), pieceSize)]
	if n = validPrefix(window); n == len(src) || n > pieceSize-4 {
		return src[:n], n, n < len(src)
	}
	text = append(d.scratch()[:0], src[:n]...)
	for n < len(src) {
		if r, size := utf8.DecodeRune(src[n:]); r != utf8.RuneError || size > 1 {
			if len(text)+size > pieceSize {
				return text, n, true
			}
			text = append(text, src[n:n+size]...)
			n += size
			continue
		}
		if !last && incomplete(src[n:]) {
			return text, n, false
		}
		if len(text)+len(replacement) > pieceSize {
			return text, n, true
		}
		text = append(text, replacement...)
		n += malformed(src[n:])
	}
	return text, n, false
}

func (d *textDecoder) pieceOfTable(src []byte, last bool) (text []byte, n int, full bool) {
	if d.stream == nil {
		d.stream = d.encoding.table.NewDecoder()
	}
	written, n, err := d.stream.Transform(d.scratch(), src, last)
	return d.buffer[:written], n, err == transform.ErrShortDst
}

func (d *textDecoder) scratch() []byte {
	if d.buffer == nil {
		d.buffer = make([]byte, pieceSize)
	}
	return d.buffer
}

package rewriter

import "bytes"

// A span is a range of bytes of the input.
type span struct{ start, end int }

func (s span) of(in []byte) []byte { return in[s.start:s.end] }

// A textMode is a way to read text: what of it may be markup.
type textMode uint8

const (
	textData textMode = iota
	textPlain
	textRCDATA
	textRaw
	textScript
	textCDATA
)

// An attribute of a start tag; raw is all of it, with the quotes.
type attribute struct{ name, value, raw span }

// A tag is what the lexer knows of one.
type tag struct {
	isEnd       bool
	selfClosing bool
	name        span
	attributes  []attribute
}

// A doctype is what the lexer knows of one. Parts that are not there start at -1.
type doctype struct{ name, public, system span }

// A sink takes what the lexer finds. Tokens reach from start to pos of the lexer; the sink must not keep spans.
type sink interface {
	// someText takes text as it stands in the input, or a piece of it.
	someText(raw span)
	// tag takes a start or end tag. An error ends everything.
	tag(t *tag, raw span) error
	comment(text, raw span)
	doctype(d *doctype, raw span)
	// other takes markup that is no token, and the end of the input.
	other()
}

// A lexer is the tokenizer of the HTML standard over ranges of bytes, which it changes into nothing else. It stops at the end of the
// input, wherever that is, and goes on when it is given more.
//
// Spec: https://html.spec.whatwg.org/multipage/parsing.html#tokenization, which names the states. Text comes in pieces: it is cut at each
// character that might begin markup.
type lexer struct {
	sink sink
	in   []byte
	last bool
	// start is where the token begins that is being read, pos the next byte, part where the piece of a token begins.
	start, pos, part int
	state            func(*lexer) bool
	mode             textMode
	allowCDATA       bool
	quote            byte
	current          tag
	attribute        attribute
	commentEnd       int
	docType          doctype
	// lastStart is the name of the last start tag that changed the mode, the only one whose end tag ends it.
	lastStart []byte
	err       error
	// pause is set by a sink that has had enough for now.
	pause bool
}

// run reads in, which begins with what the last run left. It gives the number of bytes that are done with.
func (l *lexer) run(in []byte, last bool) int {
	l.in, l.last = in, last
	l.pause = false
	for l.state(l) && !l.pause && l.err == nil {
	}
	done := l.start
	l.rebase(done)
	l.in = nil
	return done
}

// rebase makes positions count from n on.
func (l *lexer) rebase(n int) {
	if n == 0 {
		return
	}
	l.start -= n
	l.pos -= n
	l.part -= n
	l.commentEnd -= n
	shift := func(s *span) {
		s.start -= n
		s.end -= n
	}
	shift(&l.current.name)
	shiftAttribute := func(a *attribute) {
		shift(&a.name)
		shift(&a.value)
		shift(&a.raw)
	}
	shiftAttribute(&l.attribute)
	for i := range l.current.attributes {
		shiftAttribute(&l.current.attributes[i])
	}
	for _, s := range []*span{&l.docType.name, &l.docType.public, &l.docType.system} {
		if s.start >= 0 {
			shift(s)
		}
	}
}

// to goes to a state; its result is for the state that returns it.
func (l *lexer) to(state func(*lexer) bool) bool {
	l.state = state
	return true
}

// done is the state behind the end.
func (l *lexer) done() bool { return false }

// finish goes to done after the end of the input.
func (l *lexer) finish() bool {
	l.state = (*lexer).done
	return false
}

// more says that there is a byte at pos.
func (l *lexer) more() bool { return l.pos < len(l.in) }

// emitText gives the text before pos.
func (l *lexer) emitText() {
	if l.pos > l.start {
		l.sink.someText(span{l.start, l.pos})
		l.start = l.pos
	}
}

// endText is the end of the input within text: a piece of it if flush, all if nothing follows.
func (l *lexer) endText(flush bool) bool {
	if flush || l.last {
		l.emitText()
	}
	return l.endOther()
}

// endOther is the end of the input within what is no token until it is complete.
func (l *lexer) endOther() bool {
	if !l.last {
		return false
	}
	l.sink.other()
	l.start = l.pos
	return l.finish()
}

// notMarkup goes back to text: what looked like markup, up to pos, is none.
func (l *lexer) notMarkup(state func(*lexer) bool) bool {
	l.emitText()
	return l.to(state)
}

// emitOther ends markup that is no token at pos.
func (l *lexer) emitOther() {
	l.sink.other()
	l.start = l.pos
}

// textState is that of the mode.
func (l *lexer) textState() bool {
	switch l.mode {
	case textPlain:
		return l.to((*lexer).plaintext)
	case textRCDATA, textRaw:
		return l.to((*lexer).rawText)
	case textScript:
		return l.to((*lexer).script)
	case textCDATA:
		return l.to((*lexer).cdata)
	}
	return l.to((*lexer).data)
}

// scan goes to the next c and says whether there is one.
func (l *lexer) scan(c byte) bool {
	i := bytes.IndexByte(l.in[l.pos:], c)
	if i < 0 {
		l.pos = len(l.in)
		return false
	}
	l.pos += i
	return true
}

// A match is the outcome of comparing the input with a word.
type match uint8

const (
	matchNo match = iota
	matchYes
	matchWait // the input ends first
)

// word compares what stands at pos with word, an upper-case one if fold is set, and goes behind it if it is that.
func (l *lexer) word(word string, fold bool) match {
	rest := l.in[l.pos:]
	for i := 0; i < len(word); i++ {
		if i == len(rest) {
			if l.last {
				return matchNo
			}
			return matchWait
		}
		if c := rest[i]; c != word[i] && (!fold || c != word[i]^0x20) {
			return matchNo
		}
	}
	l.pos += len(word)
	return matchYes
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' }

package rewriter

import "bytes"

// The states of tags and of what begins like one.

// startTag begins a tag whose name begins at pos.
func (l *lexer) startTag(isEnd bool) {
	l.current = tag{isEnd: isEnd, attributes: l.current.attributes[:0]}
	l.part = l.pos
}

func (l *lexer) tagOpen() bool {
	if !l.more() {
		return l.endText(false)
	}
	switch c := l.in[l.pos]; {
	case isAlpha(c):
		l.startTag(false)
		return l.to((*lexer).tagName)
	case c == '!':
		l.pos++
		l.part = l.pos
		return l.to((*lexer).markupDeclaration)
	case c == '/':
		l.pos++
		return l.to((*lexer).endTag)
	case c == '?':
		l.part = l.pos
		return l.to((*lexer).bogusComment)
	}
	return l.notMarkup((*lexer).data)
}

func (l *lexer) endTag() bool {
	if !l.more() {
		return l.endText(false)
	}
	switch c := l.in[l.pos]; {
	case isAlpha(c):
		l.startTag(true)
		return l.to((*lexer).tagName)
	case c == '>':
		l.pos++
		l.emitOther()
		return l.to((*lexer).data)
	}
	l.part = l.pos
	return l.to((*lexer).bogusComment)
}

func (l *lexer) tagName() bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; {
		case isSpace(c):
			l.current.name = span{l.part, l.pos}
			l.pos++
			return l.to((*lexer).beforeAttribute)
		case c == '/':
			l.current.name = span{l.part, l.pos}
			l.pos++
			return l.to((*lexer).selfClosing)
		case c == '>':
			l.current.name = span{l.part, l.pos}
			return l.emitTag()
		}
	}
	return l.endOther()
}

// emitTag ends the tag at the > at pos.
func (l *lexer) emitTag() bool {
	l.pos++
	raw := span{l.start, l.pos}
	l.mode = textData
	if err := l.sink.tag(&l.current, raw); err != nil {
		l.err = err
		return false
	}
	l.start = l.pos
	return l.textState()
}

func (l *lexer) selfClosing() bool {
	if !l.more() {
		return l.endOther()
	}
	if l.in[l.pos] != '>' {
		return l.to((*lexer).beforeAttribute)
	}
	l.current.selfClosing = true
	return l.emitTag()
}

func (l *lexer) beforeAttribute() bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; {
		case isSpace(c):
		case c == '/':
			l.pos++
			return l.to((*lexer).selfClosing)
		case c == '>':
			return l.emitTag()
		default:
			l.part = l.pos
			l.attribute = attribute{}
			l.pos++ // even if it is a =
			return l.to((*lexer).attributeName)
		}
	}
	return l.endOther()
}

// finishName ends the name of an attribute at pos; it has no value yet.
func (l *lexer) finishName() {
	name := span{l.part, l.pos}
	l.attribute = attribute{name: name, value: span{l.pos, l.pos}, raw: name}
}

// maxAttributes bounds the attributes of a tag, each of which takes more memory than its text.
const maxAttributes = 1 << 16

// finishAttribute adds it, unless the tag is an end tag, which has none.
func (l *lexer) finishAttribute() {
	if len(l.current.attributes) == maxAttributes {
		l.err = ErrMemory
		return
	}
	if !l.current.isEnd {
		l.current.attributes = append(l.current.attributes, l.attribute)
	}
}

func (l *lexer) attributeName() bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; {
		case isSpace(c):
			l.finishName()
			l.pos++
			return l.to((*lexer).afterAttributeName)
		case c == '=':
			l.finishName()
			l.pos++
			return l.to((*lexer).beforeValue)
		case c == '/':
			l.finishName()
			l.finishAttribute()
			l.pos++
			return l.to((*lexer).selfClosing)
		case c == '>':
			l.finishName()
			l.finishAttribute()
			return l.emitTag()
		}
	}
	return l.endOther()
}

func (l *lexer) afterAttributeName() bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; {
		case isSpace(c):
		case c == '=':
			l.pos++
			return l.to((*lexer).beforeValue)
		case c == '/':
			l.finishAttribute()
			l.pos++
			return l.to((*lexer).selfClosing)
		case c == '>':
			l.finishAttribute()
			return l.emitTag()
		default:
			l.finishAttribute()
			l.part = l.pos
			l.pos++
			return l.to((*lexer).attributeName)
		}
	}
	return l.endOther()
}

func (l *lexer) beforeValue() bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; {
		case isSpace(c):
		case c == '"', c == '\'':
			l.quote = c
			l.pos++
			l.part = l.pos
			return l.to((*lexer).quotedValue)
		case c == '>':
			l.finishAttribute()
			return l.emitTag()
		default:
			l.part = l.pos
			return l.to((*lexer).plainValue)
		}
	}
	return l.endOther()
}

func (l *lexer) quotedValue() bool {
	if !l.scan(l.quote) {
		return l.endOther()
	}
	l.attribute.value = span{l.part, l.pos}
	l.pos++
	l.attribute.raw.end = l.pos
	l.finishAttribute()
	return l.to((*lexer).beforeAttribute)
}

func (l *lexer) plainValue() bool {
	for ; l.more(); l.pos++ {
		c := l.in[l.pos]
		if !isSpace(c) && c != '>' {
			continue
		}
		l.attribute.value = span{l.part, l.pos}
		l.attribute.raw.end = l.pos
		l.finishAttribute()
		if c == '>' {
			return l.emitTag()
		}
		l.pos++
		return l.to((*lexer).beforeAttribute)
	}
	return l.endOther()
}

// markupDeclaration is behind <!.
func (l *lexer) markupDeclaration() bool {
	switch l.word("--", false) {
	case matchYes:
		l.part = l.pos
		return l.to((*lexer).commentStart)
	case matchWait:
		return false
	}
	switch l.word("DOCTYPE", true) {
	case matchYes:
		return l.to((*lexer).doctypeStart)
	case matchWait:
		return false
	}
	switch l.word("[CDATA[", false) {
	case matchYes:
		if l.allowCDATA {
			l.emitOther()
			l.mode = textCDATA
			return l.to((*lexer).cdata)
		}
	case matchWait:
		return false
	}
	return l.to((*lexer).bogusComment)
}

// setEndOf remembers the name of a start tag after which text goes to its end tag.
func (l *lexer) setEndOf(name []byte) {
	l.lastStart = append(l.lastStart[:0], name...)
	l.lastStart = bytes.ToLower(l.lastStart)
}

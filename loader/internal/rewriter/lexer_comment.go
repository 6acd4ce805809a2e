package rewriter

// The states of comments and doctypes.

// emitComment ends a comment at the > at pos, or at the end of the input.
func (l *lexer) emitComment() bool {
	if l.more() {
		l.pos++
	}
	l.sink.comment(span{l.part, l.commentEnd}, span{l.start, l.pos})
	l.start = l.pos
	return l.to((*lexer).data)
}

// endComment is the end of the input within a comment whose text is known.
func (l *lexer) endComment() bool {
	if !l.last {
		return false
	}
	l.emitComment()
	l.sink.other()
	return l.finish()
}

func (l *lexer) bogusComment() bool {
	found := l.scan('>')
	l.commentEnd = l.pos
	if !found {
		return l.endComment()
	}
	return l.emitComment()
}

func (l *lexer) commentStart() bool {
	if !l.more() {
		if l.last {
			return l.to((*lexer).comment)
		}
		return false
	}
	switch l.in[l.pos] {
	case '-':
		l.commentEnd = l.pos
		l.pos++
		return l.to((*lexer).commentStartDash)
	case '>':
		l.commentEnd = l.pos
		return l.emitComment()
	}
	return l.to((*lexer).comment)
}

func (l *lexer) comment() bool {
	for ; l.more(); l.pos++ {
		switch l.in[l.pos] {
		case '-':
			l.commentEnd = l.pos
			l.pos++
			return l.to((*lexer).commentEndDash)
		case '<':
			l.pos++
			return l.to((*lexer).commentLess)
		}
	}
	l.commentEnd = l.pos
	return l.endComment()
}

func (l *lexer) commentStartDash() bool {
	if !l.more() {
		return l.endComment()
	}
	switch l.in[l.pos] {
	case '-':
		l.pos++
		return l.to((*lexer).commentEndState)
	case '>':
		return l.emitComment()
	}
	return l.to((*lexer).comment)
}

func (l *lexer) commentEndDash() bool {
	if !l.more() {
		return l.endComment()
	}
	if l.in[l.pos] == '-' {
		l.pos++
		return l.to((*lexer).commentEndState)
	}
	return l.to((*lexer).comment)
}

func (l *lexer) commentEndState() bool {
	for l.more() {
		switch l.in[l.pos] {
		case '>':
			return l.emitComment()
		case '!':
			l.pos++
			return l.to((*lexer).commentEndBang)
		case '-':
			l.commentEnd++
			l.pos++
		default:
			return l.to((*lexer).comment)
		}
	}
	return l.endComment()
}

func (l *lexer) commentEndBang() bool {
	if !l.more() {
		return l.endComment()
	}
	switch l.in[l.pos] {
	case '-':
		l.commentEnd += 3
		l.pos++
		return l.to((*lexer).commentEndDash)
	case '>':
		return l.emitComment()
	}
	return l.to((*lexer).comment)
}

func (l *lexer) commentLess() bool {
	for l.more() && l.in[l.pos] == '<' {
		l.pos++
	}
	l.commentEnd = l.pos
	if !l.more() {
		return l.endComment()
	}
	if l.in[l.pos] != '!' {
		return l.to((*lexer).comment)
	}
	l.pos++
	return l.to((*lexer).commentLessBang)
}

func (l *lexer) commentLessBang() bool {
	l.commentEnd = l.pos
	if !l.more() {
		return l.endComment()
	}
	if l.in[l.pos] != '-' {
		return l.to((*lexer).comment)
	}
	l.pos++
	return l.to((*lexer).commentLessBangDash)
}

func (l *lexer) commentLessBangDash() bool {
	if !l.more() {
		return l.endComment()
	}
	if l.in[l.pos] == '-' {
		l.pos++
		return l.to((*lexer).commentEndState)
	}
	return l.to((*lexer).commentEndDash)
}

// A doctype.

// emitDoctype ends it at the > at pos, or at the end of the input.
func (l *lexer) emitDoctype() bool {
	if l.more() {
		l.pos++
	}
	l.sink.doctype(&l.docType, span{l.start, l.pos})
	l.start = l.pos
	return l.to((*lexer).data)
}

func (l *lexer) endDoctype() bool {
	if !l.last {
		return false
	}
	l.emitDoctype()
	l.sink.other()
	return l.finish()
}

func (l *lexer) doctypeStart() bool {
	none := span{-1, -1}
	l.docType = doctype{none, none, none}
	return l.to((*lexer).beforeDoctypeName)
}

// skipSpace goes to the next byte that is no white space and says whether there is one.
func (l *lexer) skipSpace() bool {
	for l.more() && isSpace(l.in[l.pos]) {
		l.pos++
	}
	return l.more()
}

func (l *lexer) beforeDoctypeName() bool {
	if !l.skipSpace() {
		return l.endDoctype()
	}
	if l.in[l.pos] == '>' {
		return l.emitDoctype()
	}
	l.part = l.pos
	l.pos++
	return l.to((*lexer).doctypeName)
}

func (l *lexer) doctypeName() bool {
	for ; l.more(); l.pos++ {
		if c := l.in[l.pos]; isSpace(c) || c == '>' {
			l.docType.name = span{l.part, l.pos}
			return l.to((*lexer).afterDoctypeName)
		}
	}
	if l.last {
		l.docType.name = span{l.part, l.pos}
	}
	return l.endDoctype()
}

func (l *lexer) afterDoctypeName() bool {
	if !l.skipSpace() {
		return l.endDoctype()
	}
	if l.in[l.pos] == '>' {
		return l.emitDoctype()
	}
	switch l.word("PUBLIC", true) {
	case matchYes:
		return l.to((*lexer).beforePublic)
	case matchWait:
		return false
	}
	switch l.word("SYSTEM", true) {
	case matchYes:
		return l.to((*lexer).beforeSystem)
	case matchWait:
		return false
	}
	return l.to((*lexer).bogusDoctype)
}

func (l *lexer) bogusDoctype() bool {
	if !l.scan('>') {
		return l.endDoctype()
	}
	return l.emitDoctype()
}

// beforeIdentifier goes on to a quoted identifier, in whose place there may be nothing.
func (l *lexer) beforeIdentifier(quoted func(*lexer) bool) bool {
	if !l.skipSpace() {
		return l.endDoctype()
	}
	switch c := l.in[l.pos]; c {
	case '"', '\'':
		l.quote = c
		l.pos++
		l.part = l.pos
		return l.to(quoted)
	case '>':
		return l.emitDoctype()
	}
	return l.to((*lexer).bogusDoctype)
}

func (l *lexer) beforePublic() bool { return l.beforeIdentifier((*lexer).publicID) }

func (l *lexer) beforeSystem() bool { return l.beforeIdentifier((*lexer).systemID) }

// identifier reads up to the quote, or to a > that ends everything.
func (l *lexer) identifier(into *span, after func(*lexer) bool) bool {
	for ; l.more(); l.pos++ {
		switch c := l.in[l.pos]; c {
		case l.quote:
			*into = span{l.part, l.pos}
			l.pos++
			return l.to(after)
		case '>':
			*into = span{l.part, l.pos}
			return l.emitDoctype()
		}
	}
	if l.last {
		*into = span{l.part, l.pos}
	}
	return l.endDoctype()
}

func (l *lexer) publicID() bool { return l.identifier(&l.docType.public, (*lexer).beforeSystem) }

func (l *lexer) systemID() bool { return l.identifier(&l.docType.system, (*lexer).afterSystem) }

func (l *lexer) afterSystem() bool {
	if !l.skipSpace() {
		return l.endDoctype()
	}
	if l.in[l.pos] == '>' {
		return l.emitDoctype()
	}
	return l.to((*lexer).bogusDoctype)
}

package rewriter

import "bytes"

// The states of text.

func (l *lexer) data() bool {
	if !l.scan('<') {
		return l.endText(true)
	}
	l.emitText()
	l.pos++
	return l.to((*lexer).tagOpen)
}

func (l *lexer) plaintext() bool {
	l.pos = len(l.in)
	return l.endText(true)
}

// rawText is RCDATA and RAWTEXT, which differ only for who decodes character references.
func (l *lexer) rawText() bool {
	if !l.scan('<') {
		return l.endText(true)
	}
	l.emitText()
	l.pos++
	return l.to((*lexer).rawTextLess)
}

func (l *lexer) rawTextLess() bool { return l.endTagOpen((*lexer).rawText, (*lexer).rawTextEndTagName) }

func (l *lexer) rawTextEndTagName() bool { return l.appropriateEndTag((*lexer).rawText) }

// endTagOpen is behind a < in text that only its end tag ends.
func (l *lexer) endTagOpen(text, name func(*lexer) bool) bool {
	if !l.more() {
		return l.endText(false)
	}
	if l.in[l.pos] != '/' {
		return l.notMarkup(text)
	}
	if l.pos+1 == len(l.in) {
		if l.last {
			l.pos++
		}
		return l.endText(false)
	}
	l.pos++
	if !isAlpha(l.in[l.pos]) {
		return l.notMarkup(text)
	}
	l.startTag(true)
	return l.to(name)
}

// appropriateEndTag is within the name of an end tag, which counts only if it is that of the element.
func (l *lexer) appropriateEndTag(text func(*lexer) bool) bool {
	for l.more() && isAlpha(l.in[l.pos]) {
		l.pos++
	}
	if !l.more() {
		return l.endText(false)
	}
	c := l.in[l.pos]
	name := span{l.part, l.pos}
	if !isSpace(c) && c != '/' && c != '>' || !bytes.EqualFold(name.of(l.in), l.lastStart) {
		return l.notMarkup(text)
	}
	return l.to((*lexer).tagName)
}

func (l *lexer) script() bool {
	if !l.scan('<') {
		return l.endText(true)
	}
	l.emitText()
	l.pos++
	return l.to((*lexer).scriptLess)
}

func (l *lexer) scriptLess() bool {
	if l.more() && l.in[l.pos] == '!' {
		l.pos++
		return l.to((*lexer).scriptEscapeStart)
	}
	return l.endTagOpen((*lexer).script, (*lexer).scriptEndTagName)
}

func (l *lexer) scriptEndTagName() bool { return l.appropriateEndTag((*lexer).script) }

func (l *lexer) scriptEscapeStart() bool {
	if !l.more() {
		return l.endText(false)
	}
	switch l.word("--", false) {
	case matchYes:
		return l.to((*lexer).scriptEscapedDashDash)
	case matchWait:
		return false
	}
	return l.notMarkup((*lexer).script)
}

func (l *lexer) scriptEscaped() bool {
	for l.more() {
		switch l.in[l.pos] {
		case '-':
			switch l.word("--", false) {
			case matchYes:
				return l.to((*lexer).scriptEscapedDashDash)
			case matchWait:
				return false
			}
		case '<':
			l.emitText()
			l.pos++
			return l.to((*lexer).scriptEscapedLess)
		}
		l.pos++
	}
	return l.endText(false)
}

func (l *lexer) scriptEscapedDashDash() bool {
	for l.more() && l.in[l.pos] == '-' {
		l.pos++
	}
	if !l.more() {
		return l.endText(false)
	}
	switch l.in[l.pos] {
	case '<':
		l.emitText()
		l.pos++
		return l.to((*lexer).scriptEscapedLess)
	case '>':
		return l.notMarkup((*lexer).script)
	}
	l.pos++
	return l.to((*lexer).scriptEscaped)
}

func (l *lexer) scriptEscapedLess() bool {
	if l.more() && l.in[l.pos] != '/' {
		switch l.word("SCRIPT", true) {
		case matchYes:
			return l.to((*lexer).scriptDoubleEscapeStart)
		case matchWait:
			return false
		}
	}
	return l.endTagOpen((*lexer).scriptEscaped, (*lexer).scriptEscapedEndTagName)
}

func (l *lexer) scriptEscapedEndTagName() bool { return l.appropriateEndTag((*lexer).scriptEscaped) }

func (l *lexer) scriptDoubleEscapeStart() bool {
	return l.afterScriptWord((*lexer).scriptDoubleEscaped, (*lexer).scriptEscaped)
}

// afterScriptWord is behind the word that begins or ends a script within an escaped one; it does if it ends here.
func (l *lexer) afterScriptWord(ended, not func(*lexer) bool) bool {
	if !l.more() {
		return l.endText(false)
	}
	if c := l.in[l.pos]; !isSpace(c) && c != '/' && c != '>' {
		return l.to(not)
	}
	l.pos++
	return l.to(ended)
}

func (l *lexer) scriptDoubleEscaped() bool {
	for l.more() {
		switch l.in[l.pos] {
		case '-':
			switch l.word("--", false) {
			case matchYes:
				return l.to((*lexer).scriptDoubleEscapedDashDash)
			case matchWait:
				return false
			}
		case '<':
			l.emitText()
			l.pos++
			return l.to((*lexer).scriptDoubleEscapedLess)
		}
		l.pos++
	}
	return l.endText(false)
}

func (l *lexer) scriptDoubleEscapedDashDash() bool {
	for l.more() && l.in[l.pos] == '-' {
		l.pos++
	}
	if !l.more() {
		return l.endText(false)
	}
	switch l.in[l.pos] {
	case '<':
		l.pos++
		return l.to((*lexer).scriptDoubleEscapedLess)
	case '>':
		return l.notMarkup((*lexer).script)
	}
	l.pos++
	return l.to((*lexer).scriptDoubleEscaped)
}

func (l *lexer) scriptDoubleEscapedLess() bool {
	if !l.more() {
		return l.endText(false)
	}
	if l.in[l.pos] != '/' {
		return l.to((*lexer).scriptDoubleEscaped)
	}
	l.pos++
	return l.to((*lexer).scriptDoubleEscapedEnd)
}

func (l *lexer) scriptDoubleEscapedEnd() bool {
	if !l.more() {
		return l.endText(false)
	}
	switch l.word("SCRIPT", true) {
	case matchYes:
		return l.to((*lexer).scriptDoubleEscapeEnd)
	case matchWait:
		return false
	}
	return l.to((*lexer).scriptDoubleEscaped)
}

func (l *lexer) scriptDoubleEscapeEnd() bool {
	return l.afterScriptWord((*lexer).scriptEscaped, (*lexer).scriptDoubleEscaped)
}

func (l *lexer) cdata() bool {
	if !l.scan(']') {
		return l.endText(true)
	}
	l.emitText()
	l.pos++
	return l.to((*lexer).cdataBracket)
}

func (l *lexer) cdataBracket() bool {
	if !l.more() {
		return l.endText(false)
	}
	switch l.word("]>", false) {
	case matchYes:
		l.emitOther()
		l.mode = textData
		return l.to((*lexer).data)
	case matchWait:
		return false
	}
	return l.notMarkup((*lexer).cdata)
}

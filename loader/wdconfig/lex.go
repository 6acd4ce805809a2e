package wdconfig

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// A tokenKind says what a token is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenText    // value is the text
	tokenBytes   // value is the bytes of 0x"…"
	tokenInteger // value is the spelling
	tokenFloat
	tokenOperator // a run of operator characters, which belong together: "=." is one
	tokenBracket  // one of ( ) [ ] { } , ;
)

// A token is a word of the language. Its value is text as written, or as meant for texts and bytes.
type token struct {
	kind  tokenKind
	value string
	pos   Position
}

func (t token) is(value string) bool {
	return (t.kind == tokenOperator || t.kind == tokenBracket || t.kind == tokenName) && t.value == value
}

// describe names a token in a message.
func (t token) describe() string {
	switch t.kind {
	case tokenEnd:
		return "the end of the file"
	case tokenText:
		return "a text"
	case tokenBytes:
		return "bytes"
	}
	return strconv.Quote(t.value)
}

// A syntaxError is the first thing that is wrong with the words or the grammar of a file.
type syntaxError struct {
	pos           Position
	message, hint string
}

func (e *syntaxError) Error() string { return e.message }

func syntaxf(pos Position, hint, format string, args ...any) error {
	return &syntaxError{pos, fmt.Sprintf(format, args...), hint}
}

const operatorCharacters = "!$%&*+-./:<=>?@^|~"

// A lexer splits a file into tokens.
type lexer struct {
	src       []byte
	i         int
	line      int
	lineStart int
}

func newLexer(src []byte) *lexer {
	return &lexer{src: bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")), line: 1}
}

func (l *lexer) pos() Position { return Position{Line: l.line, Column: l.i - l.lineStart + 1} }

// peek gives the byte at a distance, 0 beyond the end.
func (l *lexer) peek(distance int) byte {
	if l.i+distance < len(l.src) {
		return l.src[l.i+distance]
	}
	return 0
}

func (l *lexer) newline() {
	l.i++
	l.line++
	l.lineStart = l.i
}

// skip passes over space and comments.
func (l *lexer) skip() {
	for l.i < len(l.src) {
		switch l.src[l.i] {
		case '\n':
			l.newline()
		case ' ', '\t', '\r', '\v', '\f':
			l.i++
		case '#':
			for l.i < len(l.src) && l.src[l.i] != '\n' {
				l.i++
			}
		default:
			return
		}
	}
}

// next gives the next token.
func (l *lexer) next() (token, error) {
	l.skip()
	t := token{pos: l.pos()}
	if l.i >= len(l.src) {
		return t, nil
	}
	c := l.src[l.i]
	switch {
	case isNameStart(c):
		t.kind, t.value = tokenName, l.run(isNamePart)
	case isDigit(c):
		return l.number()
	case c == '"':
		return l.text()
	case c == '`':
		t.kind, t.value = tokenText, l.blockLine()
	case strings.IndexByte("()[]{},;", c) >= 0:
		t.kind, t.value = tokenBracket, string(c)
		l.i++
	case isOperator(c):
		t.kind, t.value = tokenOperator, l.run(isOperator)
	default:
		hint := ""
		if c == '\'' {
			hint = `write texts in double quotes`
		}
		r := bytes.Runes(l.src[l.i:min(len(l.src), l.i+4)])[0]
		return t, syntaxf(t.pos, hint, "unexpected character %q", r)
	}
	return t, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}
func isNamePart(c byte) bool { return isNameStart(c) || isDigit(c) }
func isOperator(c byte) bool { return strings.IndexByte(operatorCharacters, c) >= 0 }

func (l *lexer) run(belongs func(byte) bool) string {
	start := l.i
	for l.i < len(l.src) && belongs(l.src[l.i]) {
		l.i++
	}
	return string(l.src[start:l.i])
}

// number reads an integer (decimal, 0x hexadecimal, 0 octal), a float, or bytes: 0x"01 02".
func (l *lexer) number() (token, error) {
	t := token{kind: tokenInteger, pos: l.pos()}
	if l.peek(0) == '0' && l.peek(1) == 'x' && l.peek(2) == '"' {
		return l.bytes()
	}
	start := l.i
	l.run(isDigit)
	switch {
	case l.peek(0) == 'x' && l.i == start+1 && l.src[start] == '0':
		l.i++
		l.run(isNamePart)
	default:
		if l.peek(0) == '.' && isDigit(l.peek(1)) {
			t.kind = tokenFloat
			l.i++
			l.run(isDigit)
		}
		if c := l.peek(0); c == 'e' || c == 'E' {
			t.kind = tokenFloat
			l.i++
			if c := l.peek(0); c == '+' || c == '-' {
				l.i++
			}
			l.run(isDigit)
		}
	}
	if isNamePart(l.peek(0)) {
		l.run(isNamePart)
	}
	t.value = string(l.src[start:l.i])
	var err error
	if t.kind == tokenFloat {
		_, err = strconv.ParseFloat(t.value, 64)
	} else {
		_, err = strconv.ParseUint(integerOf(t.value), 0, 64)
	}
	if err != nil && !isRange(err) {
		return t, syntaxf(t.pos, "", "%q is not a number", t.value)
	}
	return t, nil
}

// integerOf spells an integer as strconv reads it, which also allows what the language does not: underscores, 0b and 0o.
func integerOf(text string) string {
	if len(text) > 1 && text[0] == '0' && text[1] != 'x' {
		return "0o" + text[1:]
	}
	return strings.ReplaceAll(text, "_", "?")
}

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

// bytes reads 0x"…": pairs of hexadecimal digits, with space between them.
func (l *lexer) bytes() (token, error) {
	t := token{kind: tokenBytes, pos: l.pos()}
	l.i += len(`0x"`)
	var out []byte
	for {
		c := l.peek(0)
		switch {
		case l.i >= len(l.src) || c == '\n':
			return t, syntaxf(t.pos, `end it with "`, "the bytes are not closed on their line")
		case c == '"':
			l.i++
			t.value = string(out)
			return t, nil
		case c == ' ' || c == '\t' || c == '\r':
			l.i++
			continue
		}
		b, err := strconv.ParseUint(string(l.src[l.i:min(len(l.src), l.i+2)]), 16, 8)
		if err != nil || l.i+2 > len(l.src) {
			return t, syntaxf(l.pos(), "", "bytes are pairs of hexadecimal digits")
		}
		out = append(out, byte(b))
		l.i += 2
	}
}

// blockLine reads one line of a text block: what follows the backtick, with its line break.
func (l *lexer) blockLine() string {
	start := l.i + 1
	for l.i < len(l.src) && l.src[l.i] != '\n' {
		l.i++
	}
	return string(bytes.TrimSuffix(l.src[start:l.i], []byte("\r"))) + "\n"
}

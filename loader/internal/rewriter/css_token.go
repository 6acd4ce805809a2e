package rewriter

import (
	"math"
	"strings"
	"unicode/utf8"
)

// A tokenKind is a kind of CSS token, as far as selectors can tell them apart.
type tokenKind uint8

const (
	tokenEOF tokenKind = iota
	tokenSpace
	tokenIdent
	tokenFunction // an identifier and the parenthesis after it
	tokenID       // a hash that is an identifier
	tokenString
	tokenNumber
	tokenDimension
	tokenDelim // a code point of its own, see cssToken.delim
	tokenColon
	tokenComma
	tokenMatch // ~= |= ^= $= *=, of which delim is the first character
	tokenOpenSquare
	tokenCloseSquare
	tokenCloseParen
	tokenOther // what no selector has
)

type cssToken struct {
	kind tokenKind
	// text is the value of an identifier, function, hash or string, and the unit of a dimension.
	text  string
	delim rune
	// number is the value of an integer; isInteger says that it is one, signed that it was written with a sign.
	number    int32
	isInteger bool
	signed    bool
}

// cssTokens splits a selector into tokens, without comments.
//
// Spec: CSS Syntax, "Tokenization", https://drafts.csswg.org/css-syntax/#tokenization
func cssTokens(text string) []cssToken {
	s := cssScanner{text: text}
	var tokens []cssToken
	for s.pos < len(s.text) {
		if strings.HasPrefix(s.text[s.pos:], "/*") {
			if end := strings.Index(s.text[s.pos+2:], "*/"); end >= 0 {
				s.pos += end + 4
			} else {
				s.pos = len(s.text)
			}
			continue
		}
		tokens = append(tokens, s.next())
	}
	return tokens
}

type cssScanner struct {
	text string
	pos  int
}

// at returns the byte at an offset from the position, 0xFF behind the end, which no UTF-8 has.
func (s *cssScanner) at(offset int) byte {
	if s.pos+offset < len(s.text) {
		return s.text[s.pos+offset]
	}
	return 0xFF
}

func (s *cssScanner) next() cssToken {
	c := s.at(0)
	switch {
	case isCSSSpace(c):
		for isCSSSpace(s.at(0)) {
			s.pos++
		}
		return cssToken{kind: tokenSpace}
	case c == '"' || c == '\'':
		return s.quoted(c)
	case c == '#':
		return s.hash()
	case s.startsNumber():
		return s.number()
	case strings.HasPrefix(s.text[s.pos:], "-->"):
		s.pos += 3
		return cssToken{kind: tokenOther}
	case strings.HasPrefix(s.text[s.pos:], "<!--"):
		s.pos += 4
		return cssToken{kind: tokenOther}
	case s.startsName(0):
		return s.identLike()
	case c == '@' && s.startsName(1):
		s.pos++
		s.name()
		return cssToken{kind: tokenOther}
	}
	return s.punctuation(c)
}

func (s *cssScanner) punctuation(c byte) cssToken {
	if strings.IndexByte("~|^$*", c) >= 0 && s.at(1) == '=' {
		s.pos += 2
		return cssToken{kind: tokenMatch, delim: rune(c)}
	}
	s.pos++
	switch c {
	case ':':
		return cssToken{kind: tokenColon}
	case ',':
		return cssToken{kind: tokenComma}
	case '[':
		return cssToken{kind: tokenOpenSquare}
	case ']':
		return cssToken{kind: tokenCloseSquare}
	case ')':
		return cssToken{kind: tokenCloseParen}
	case '(', '{', '}', ';':
		return cssToken{kind: tokenOther}
	}
	return cssToken{kind: tokenDelim, delim: rune(c)}
}

func (s *cssScanner) identLike() cssToken {
	name := s.name()
	if s.at(0) == '(' {
		s.pos++
		return cssToken{kind: tokenFunction, text: name}
	}
	return cssToken{kind: tokenIdent, text: name}
}

func (s *cssScanner) hash() cssToken {
	isID := s.startsName(1)
	s.pos++
	if !isID && !isNameByte(s.at(0)) && !s.startsEscape(0) {
		return cssToken{kind: tokenDelim, delim: '#'}
	}
	name := s.name()
	if !isID {
		return cssToken{kind: tokenOther}
	}
	return cssToken{kind: tokenID, text: name}
}

// quoted reads a string. The end of the input ends it too; the end of a line spoils it.
func (s *cssScanner) quoted(quote byte) cssToken {
	s.pos++
	var b strings.Builder
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == quote:
			s.pos++
			return cssToken{kind: tokenString, text: b.String()}
		case c == '\n' || c == '\r' || c == '\f':
			return cssToken{kind: tokenOther}
		case c == '\\':
			s.pos++
			switch {
			case s.pos == len(s.text):
			case s.newline():
			default:
				s.escape(&b)
			}
		case c == 0:
			b.WriteRune(utf8.RuneError)
			s.pos++
		default:
			b.WriteByte(c)
			s.pos++
		}
	}
	return cssToken{kind: tokenString, text: b.String()}
}

// newline consumes the end of a line, if it is there.
func (s *cssScanner) newline() bool {
	switch s.at(0) {
	case '\r':
		s.pos++
		if s.at(0) == '\n' {
			s.pos++
		}
		return true
	case '\n', '\f':
		s.pos++
		return true
	}
	return false
}

// escape consumes what follows a backslash.
func (s *cssScanner) escape(b *strings.Builder) {
	if s.pos >= len(s.text) {
		b.WriteRune(utf8.RuneError)
		return
	}
	value, digits := rune(0), 0
	for ; digits < 6 && isHex(s.at(0)); digits++ {
		value = value<<4 | rune(hexDigit(s.at(0)))
		s.pos++
	}
	if digits == 0 {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if r == 0 {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		s.pos += size
		return
	}
	if value == 0 || !utf8.ValidRune(value) {
		value = utf8.RuneError
	}
	b.WriteRune(value)
	if !s.newline() && isCSSSpace(s.at(0)) {
		s.pos++
	}
}

// name consumes as many name code points as there are.
func (s *cssScanner) name() string {
	start := s.pos
	for isNameByte(s.at(0)) && s.at(0) != 0 {
		s.pos++
	}
	if s.at(0) != 0 && !s.startsEscape(0) {
		return s.text[start:s.pos]
	}
	var b strings.Builder
	b.WriteString(s.text[start:s.pos])
	for {
		c := s.at(0)
		switch {
		case c == 0:
			b.WriteRune(utf8.RuneError)
			s.pos++
		case isNameByte(c):
			b.WriteByte(c)
			s.pos++
		case s.startsEscape(0):
			s.pos++
			s.escape(&b)
		default:
			return b.String()
		}
	}
}

// number consumes a number and the unit behind it.
func (s *cssScanner) number() cssToken {
	t := cssToken{kind: tokenNumber, isInteger: true}
	negative := s.at(0) == '-'
	if t.signed = negative || s.at(0) == '+'; t.signed {
		s.pos++
	}
	value := s.digits()
	if s.at(0) == '.' && isDigit(s.at(1)) {
		s.pos++
		s.digits()
		t.isInteger = false
	}
	if exponent := s.at(0); exponent == 'e' || exponent == 'E' {
		sign := 0
		if s.at(1) == '+' || s.at(1) == '-' {
			sign = 1
		}
		if isDigit(s.at(1 + sign)) {
			s.pos += 1 + sign
			s.digits()
			t.isInteger = false
		}
	}
	t.number = saturate(value, negative)
	switch {
	case s.at(0) == '%':
		s.pos++
		t.kind = tokenOther
	case s.startsName(0):
		t.kind, t.text = tokenDimension, s.name()
	}
	return t
}

// digits consumes decimal digits. Their value stops to grow where 32 bits are exceeded by far.
func (s *cssScanner) digits() int64 {
	value := int64(0)
	for ; isDigit(s.at(0)); s.pos++ {
		if value <= math.MaxInt32 {
			value = value*10 + int64(s.at(0)-'0')
		}
	}
	return value
}

func saturate(value int64, negative bool) int32 {
	if negative {
		value = -value
	}
	return int32(min(max(value, math.MinInt32), math.MaxInt32))
}

func (s *cssScanner) startsNumber() bool {
	i := 0
	if c := s.at(0); c == '+' || c == '-' {
		i = 1
	}
	return isDigit(s.at(i)) || s.at(i) == '.' && isDigit(s.at(i+1))
}

func (s *cssScanner) startsName(i int) bool {
	if s.at(i) == '-' {
		return s.at(i+1) == '-' || isNameStart(s.at(i+1)) || s.startsEscape(i+1)
	}
	return isNameStart(s.at(i)) || s.startsEscape(i)
}

// startsEscape says whether there is a backslash that a line does not end behind.
func (s *cssScanner) startsEscape(i int) bool {
	if s.at(i) != '\\' {
		return false
	}
	c := s.at(i + 1)
	return c != '\n' && c != '\r' && c != '\f'
}

func isCSSSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func hexDigit(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func isNameStart(c byte) bool {
	return isAlpha(c) || c == '_' || c == 0 || c >= utf8.RuneSelf && c != 0xFF
}

func isNameByte(c byte) bool { return isNameStart(c) || isDigit(c) || c == '-' }

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

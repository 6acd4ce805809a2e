package wrangler

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep values nest, so that a hostile file cannot exhaust the stack.
const maxDepth = 200

// parseJSONC reads JSON with comments and trailing commas, as both wrangler.json and wrangler.jsonc may hold. The first syntax error ends it: what
// follows one can only be guessed. A key given twice is a warning, the last one counts.
//
// Spec: RFC 8259, plus // and /* */ comments and a comma before ] or }.
func parseJSONC(r *report, source []byte) *node {
	p := &jsoncParser{report: r, src: bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")), line: 1}
	if !p.space() {
		return nil
	}
	if p.i == len(p.src) {
		return p.fail("", "the file is empty")
	}
	root := p.value(0)
	if root == nil || !p.space() {
		return nil
	}
	if p.i < len(p.src) {
		return p.fail("", "unexpected %s after the end of the configuration", p.here())
	}
	return root
}

type jsoncParser struct {
	report    *report
	src       []byte
	i         int
	line      int
	lineStart int
}

func (p *jsoncParser) pos() Position { return Position{Line: p.line, Column: p.i - p.lineStart + 1} }

func (p *jsoncParser) fail(hint, format string, args ...any) *node {
	p.report.errorf(p.pos(), hint, format, args...)
	return nil
}

// here names what stands at the current place.
func (p *jsoncParser) here() string {
	if p.i >= len(p.src) {
		return "end of file"
	}
	r, _ := utf8.DecodeRune(p.src[p.i:])
	return strconv.QuoteRune(r)
}

func (p *jsoncParser) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

// space skips white space and comments; false means a comment that does not end.
func (p *jsoncParser) space() bool {
	for p.i < len(p.src) {
		switch c := p.src[p.i]; {
		case c == '\n':
			p.i++
			p.line++
			p.lineStart = p.i
		case c == ' ' || c == '\t' || c == '\r':
			p.i++
		case bytes.HasPrefix(p.src[p.i:], []byte("//")):
			for p.i < len(p.src) && p.src[p.i] != '\n' {
				p.i++
			}
		case bytes.HasPrefix(p.src[p.i:], []byte("/*")):
			end := bytes.Index(p.src[p.i+2:], []byte("*/"))
			if end < 0 {
				p.fail("close it with */", "this comment does not end")
				return false
			}
			p.skip(end + 4)
		default:
			return true
		}
	}
	return true
}

// skip moves over n bytes, counting lines.
func (p *jsoncParser) skip(n int) {
	for end := p.i + n; p.i < end; p.i++ {
		if p.src[p.i] == '\n' {
			p.line++
			p.lineStart = p.i + 1
		}
	}
}

func (p *jsoncParser) value(depth int) *node {
	if depth > maxDepth {
		return p.fail("", "values are nested more than %d deep", maxDepth)
	}
	n := &node{pos: p.pos()}
	switch c := p.peek(); {
	case c == '{':
		return p.object(n, depth)
	case c == '[':
		return p.array(n, depth)
	case c == '"':
		text, ok := p.str()
		if !ok {
			return nil
		}
		n.kind, n.text = kindString, text
		return n
	case c == '-' || c >= '0' && c <= '9':
		return p.number(n)
	}
	return p.word(n)
}

// object reads from { to }; the current byte is the brace.
func (p *jsoncParser) object(n *node, depth int) *node {
	n.kind = kindObject
	p.i++
	for {
		if !p.space() {
			return nil
		}
		if p.peek() == '}' {
			p.i++
			return n
		}
		m := member{pos: p.pos()}
		if p.peek() != '"' {
			return p.fail(keyHint(p.peek()), "expected a key in double quotes, found %s", p.here())
		}
		var ok bool
		if m.name, ok = p.str(); !ok || !p.space() {
			return nil
		}
		if p.peek() != ':' {
			return p.fail("", "expected ':' after the key %q, found %s", m.name, p.here())
		}
		p.i++
		if !p.space() {
			return nil
		}
		if m.value = p.value(depth + 1); m.value == nil {
			return nil
		}
		if old := n.get(m.name); old != nil {
			p.report.warnf(m.pos, "the last one counts", "the key %q is given twice, first at line %d", m.name, old.pos.Line)
		}
		n.members = append(n.members, m)
		if !p.comma('}') {
			return nil
		}
	}
}

func keyHint(c byte) string {
	if c == '\'' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return `JSON writes keys as "key"`
	}
	return ""
}

// array reads from [ to ]; the current byte is the bracket.
func (p *jsoncParser) array(n *node, depth int) *node {
	n.kind = kindArray
	p.i++
	for {
		if !p.space() {
			return nil
		}
		if p.peek() == ']' {
			p.i++
			return n
		}
		item := p.value(depth + 1)
		if item == nil {
			return nil
		}
		n.items = append(n.items, item)
		if !p.comma(']') {
			return nil
		}
	}
}

// comma reads the comma after a value, or looks at the closing byte, which stays.
func (p *jsoncParser) comma(end byte) bool {
	if !p.space() {
		return false
	}
	switch p.peek() {
	case ',':
		p.i++
		return true
	case end:
		return true
	}
	hint := ""
	if p.i < len(p.src) {
		hint = "a comma may be missing before it"
	}
	p.fail(hint, "expected ',' or %q, found %s", end, p.here())
	return false
}

// str reads a string; the current byte is the opening quote.
func (p *jsoncParser) str() (string, bool) {
	start := p.i + 1
	for i := start; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '"':
			text := p.src[start:i]
			p.i = i + 1
			return validText(string(text)), true
		case c == '\\':
			return p.escaped(start, i)
		case c < 0x20:
			p.i = i
			p.fail(`write line breaks as \n`, "this string does not end on its line")
			return "", false
		}
	}
	p.fail("", "this string does not end")
	return "", false
}

// escaped reads on from the first backslash of a string, at i.
func (p *jsoncParser) escaped(start, i int) (string, bool) {
	var b strings.Builder
	b.Write(p.src[start:i])
	for i < len(p.src) {
		c := p.src[i]
		switch {
		case c == '"':
			p.i = i + 1
			return validText(b.String()), true
		case c < 0x20:
			p.i = i
			p.fail(`write line breaks as \n`, "this string does not end on its line")
			return "", false
		case c != '\\':
			b.WriteByte(c)
			i++
		default:
			r, size := unescape(p.src[i:])
			if size == 0 {
				p.i = i
				p.fail(`write a backslash as \\`, "unknown escape in a string")
				return "", false
			}
			b.WriteRune(r)
			i += size
		}
	}
	p.fail("", "this string does not end")
	return "", false
}

// validText replaces each byte that is not UTF-8 by U+FFFD.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// unescape reads one escape sequence and gives its length, 0 if it is none.
func unescape(s []byte) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	if at := strings.IndexByte(`"\/bfnrt`, s[1]); at >= 0 {
		return rune("\"\\/\b\f\n\r\t"[at]), 2
	}
	first, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := hex4(s[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 12
			}
		}
		return utf8.RuneError, 6
	}
	return first, 6
}

// hex4 reads \uXXXX.
func hex4(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(code), err == nil
}

func (p *jsoncParser) number(n *node) *node {
	start := p.i
	end := start
	for end < len(p.src) && strings.IndexByte("+-.eE0123456789", p.src[end]) >= 0 {
		end++
	}
	text := string(p.src[start:end])
	if !validNumber(text) {
		return p.fail("", "%q is not a number", text)
	}
	p.i = end
	n.kind, n.text = kindNumber, text
	return n
}

// validNumber checks the number grammar of RFC 8259 § 6.
func validNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if rest, ok := strings.CutPrefix(s, "."); ok {
		fraction := digits(rest)
		if fraction == 0 {
			return false
		}
		s = rest[fraction:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		return s != "" && digits(s) == len(s)
	}
	return s == ""
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// word reads true, false or null.
func (p *jsoncParser) word(n *node) *node {
	end := p.i
	for end < len(p.src) && (p.src[end] >= 'a' && p.src[end] <= 'z' || p.src[end] >= 'A' && p.src[end] <= 'Z') {
		end++
	}
	switch text := string(p.src[p.i:end]); text {
	case "true", "false":
		n.kind, n.text = kindBool, text
	case "null":
		n.kind = kindNull
	case "":
		hint := ""
		if p.peek() == '\'' {
			hint = "JSON writes strings in double quotes"
		}
		return p.fail(hint, "expected a value, found %s", p.here())
	default:
		return p.fail("strings need double quotes", "unknown value %s", text)
	}
	p.i = end
	return n
}

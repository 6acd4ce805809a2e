package wdconfig

import "strconv"

// escapes are the letters that may follow a backslash.
var escapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\'': '\'', '"': '"', '\\': '\\', '?': '?',
}

// text reads a text in double quotes, which ends on its line.
func (l *lexer) text() (token, error) {
	t := token{kind: tokenText, pos: l.pos()}
	l.i++
	var out []byte
	for {
		c := l.peek(0)
		switch {
		case l.i >= len(l.src) || c == '\n':
			return t, syntaxf(t.pos, `end it with ", or write a block: lines that begin with a backtick`, "the text is not closed on its line")
		case c == '"':
			l.i++
			t.value = string(out)
			return t, nil
		case c == '\\':
			b, err := l.escape()
			if err != nil {
				return t, err
			}
			out = append(out, b)
		default:
			out = append(out, c)
			l.i++
		}
	}
}

// escape reads a backslash and what belongs to it: a letter of escapes, xHH, or up to three octal digits.
func (l *lexer) escape() (byte, error) {
	pos := l.pos()
	c := l.peek(1)
	if b, ok := escapes[c]; ok {
		l.i += 2
		return b, nil
	}
	digits, base, skip := 0, 8, 1
	switch {
	case c == 'x':
		base, skip = 16, 2
		for digits < 2 && isHex(l.peek(skip+digits)) {
			digits++
		}
	default:
		for digits < 3 && '0' <= l.peek(skip+digits) && l.peek(skip+digits) <= '7' {
			digits++
		}
	}
	n, err := strconv.ParseUint(string(l.src[min(len(l.src), l.i+skip):min(len(l.src), l.i+skip+digits)]), base, 16)
	if err != nil || base == 16 && digits < 2 {
		return 0, syntaxf(pos, `write \\ for a backslash; characters beyond ASCII stand as they are`, "unknown escape in a text")
	}
	l.i += skip + digits
	return byte(n), nil
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

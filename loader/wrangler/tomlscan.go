package wrangler

import (
	"strings"

	"github.com/BurntSushi/toml"
)

// A tomlPlace says where a key and its value stand, and where those inside it do. Places mirror the decoded tree.
type tomlPlace struct {
	key, value Position
	children   map[string]*tomlPlace
	items      []*tomlPlace
}

// child gives the place of a key; one that was not found stands where its parent does.
func (t *tomlPlace) child(name string) *tomlPlace {
	if c := t.children[name]; c != nil {
		return c
	}
	return &tomlPlace{key: t.key, value: t.value}
}

func (t *tomlPlace) item(i int) *tomlPlace {
	if i < len(t.items) {
		return t.items[i]
	}
	return &tomlPlace{key: t.key, value: t.value}
}

// enter gives the place of a key, made at pos if it is new. In an array of tables the last table is meant.
func (t *tomlPlace) enter(name string, pos Position) *tomlPlace {
	c := t.children[name]
	if c == nil {
		c = &tomlPlace{key: pos, value: pos}
		if t.children == nil {
			t.children = map[string]*tomlPlace{}
		}
		t.children[name] = c
	}
	return c
}

func (t *tomlPlace) last() *tomlPlace {
	if len(t.items) > 0 {
		return t.items[len(t.items)-1]
	}
	return t
}

// scanTOML finds the places of a text that is known to be TOML. It follows the grammar just far enough to tell keys, values, tables and strings
// apart, and on text it does not understand it goes on with the next byte.
//
// Spec: TOML v1.0.0.
func scanTOML(source string) *tomlPlace {
	s := &tomlScanner{src: source, line: 1}
	root := &tomlPlace{key: Position{Line: 1, Column: 1}, value: Position{Line: 1, Column: 1}}
	table := root
	for s.space(true); s.i < len(s.src); s.space(true) {
		start := s.i
		if s.src[s.i] == '[' {
			table = s.header(root)
		} else {
			s.pair(table, 0)
		}
		if s.i == start {
			s.i++
		}
	}
	return root
}

type tomlScanner struct {
	src       string
	i         int
	line      int
	lineStart int
}

func (s *tomlScanner) pos() Position { return Position{Line: s.line, Column: s.i - s.lineStart + 1} }

func (s *tomlScanner) peek() byte {
	if s.i < len(s.src) {
		return s.src[s.i]
	}
	return 0
}

// advance moves over n bytes, counting lines.
func (s *tomlScanner) advance(n int) {
	for end := min(s.i+n, len(s.src)); s.i < end; s.i++ {
		if s.src[s.i] == '\n' {
			s.line++
			s.lineStart = s.i + 1
		}
	}
}

// space skips blanks, and with lines also line breaks and comments.
func (s *tomlScanner) space(lines bool) {
	for s.i < len(s.src) {
		switch c := s.src[s.i]; {
		case c == ' ' || c == '\t':
			s.i++
		case lines && (c == '\n' || c == '\r'):
			s.advance(1)
		case lines && c == '#':
			for s.i < len(s.src) && s.src[s.i] != '\n' {
				s.i++
			}
		default:
			return
		}
	}
}

// header reads [a.b] or [[a.b]] and gives the table that the following lines fill.
func (s *tomlScanner) header(root *tomlPlace) *tomlPlace {
	pos := s.pos()
	s.i++
	list := s.peek() == '['
	if list {
		s.i++
	}
	parts := s.keys()
	table := root
	for i, part := range parts {
		c := table.enter(part.name, part.pos)
		if list && i == len(parts)-1 {
			c.items = append(c.items, &tomlPlace{key: pos, value: pos})
		}
		table = c.last()
	}
	for s.peek() == ']' {
		s.i++
	}
	return table
}

// pair reads `a.b = value` into table.
func (s *tomlScanner) pair(table *tomlPlace, depth int) {
	parts := s.keys()
	if len(parts) == 0 || s.peek() != '=' {
		return
	}
	for _, part := range parts {
		table = table.enter(part.name, part.pos).last()
	}
	s.i++
	s.space(false)
	s.value(table, depth)
}

type tomlKey struct {
	name string
	pos  Position
}

// keys reads a dotted key and the blanks around it.
func (s *tomlScanner) keys() []tomlKey {
	var parts []tomlKey
	for {
		s.space(false)
		pos, start := s.pos(), s.i
		if c := s.peek(); c == '"' || c == '\'' {
			parts = append(parts, tomlKey{tomlString(s.text()), pos})
		} else {
			for s.i < len(s.src) && strings.IndexByte(" \t\r\n.=[]{},#\"'", s.src[s.i]) < 0 {
				s.i++
			}
			if s.i == start {
				return parts
			}
			parts = append(parts, tomlKey{s.src[start:s.i], pos})
		}
		s.space(false)
		if s.peek() != '.' {
			return parts
		}
		s.i++
	}
}

// value reads one value, with the keys and items inside it.
func (s *tomlScanner) value(at *tomlPlace, depth int) {
	at.value = s.pos()
	switch c := s.peek(); {
	case depth > maxDepth:
		s.i = len(s.src)
	case c == '"' || c == '\'':
		s.text()
	case c == '[':
		s.i++
		s.list(']', func() {
			item := &tomlPlace{key: s.pos(), value: s.pos()}
			at.items = append(at.items, item)
			s.value(item, depth+1)
		})
	case c == '{':
		s.i++
		s.list('}', func() { s.pair(at, depth+1) })
	default:
		for s.i < len(s.src) && strings.IndexByte("\r\n,]}#", s.src[s.i]) < 0 {
			s.i++
		}
	}
}

// list calls one for each element up to the closing byte.
func (s *tomlScanner) list(end byte, one func()) {
	for s.space(true); s.i < len(s.src); s.space(true) {
		switch s.src[s.i] {
		case end:
			s.i++
			return
		case ',':
			s.i++
		default:
			start := s.i
			one()
			if s.i == start {
				s.i++
			}
		}
	}
}

// text moves over a string of any of the four kinds and gives its spelling.
func (s *tomlScanner) text() string {
	start, quote := s.i, s.src[s.i]
	fence := string(quote)
	if strings.HasPrefix(s.src[s.i:], strings.Repeat(fence, 3)) {
		fence = strings.Repeat(fence, 3)
	}
	s.i += len(fence)
	for s.i < len(s.src) && !strings.HasPrefix(s.src[s.i:], fence) {
		if s.src[s.i] == '\\' && quote == '"' {
			s.advance(1)
		}
		s.advance(1)
	}
	s.advance(len(fence))
	// Up to two quotes may stand right before the closing fence; they belong to the string.
	for len(fence) == 3 && s.peek() == quote {
		s.i++
	}
	return s.src[start:s.i]
}

// tomlString gives the value of a string from its spelling.
func tomlString(spelling string) string {
	var v struct{ S string }
	if _, err := toml.Decode("S = "+spelling, &v); err != nil {
		return spelling
	}
	return v.S
}

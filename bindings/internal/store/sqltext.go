package store

import "strings"

// A token of SQL, by its place in the text. Space and comments are none.
type token struct {
	start, end int
	kind       tokenKind
}

type tokenKind uint8

const (
	tokenOther  tokenKind = iota // an operator, a number, a parameter
	tokenWord                    // a keyword or a name
	tokenQuoted                  // 'text', "name", `name` or [name]
	tokenSemicolon
)

// A scanner cuts a text into tokens as SQLite does, as far as it takes to know where statements end and names are.
type scanner struct {
	text string
	at   int
}

// next gives the next token; false at the end, which a NUL is, too.
func (s *scanner) next() (token, bool) {
	s.skip()
	if s.at >= len(s.text) || s.text[s.at] == 0 {
		return token{}, false
	}
	t := token{start: s.at}
	switch c := s.text[s.at]; {
	case c == ';':
		s.at++
		t.kind = tokenSemicolon
	case c == '\'' || c == '"' || c == '`' || c == '[':
		s.quoted(c)
		t.kind = tokenQuoted
	case isWord(c):
		for s.at < len(s.text) && isWord(s.text[s.at]) {
			s.at++
		}
		if c < '0' || c > '9' {
			t.kind = tokenWord
		}
	default:
		s.at++
	}
	t.end = s.at
	return t, true
}

// skip passes over space and comments.
func (s *scanner) skip() {
	for s.at < len(s.text) {
		switch rest := s.text[s.at:]; {
		case isSpace(rest[0]):
			s.at++
		case strings.HasPrefix(rest, "--"):
			s.past("\n")
		case strings.HasPrefix(rest, "/*") && len(rest) > 2: // at the very end it is an operator, and so a mistake
			s.at += 2
			s.past("*/")
		default:
			return
		}
	}
}

// past goes on behind the next end, or to the end of the text.
func (s *scanner) past(end string) {
	if n := strings.Index(s.text[s.at:], end); n >= 0 {
		s.at += n + len(end)
	} else {
		s.at = len(s.text)
	}
}

// quoted passes over a quoted token, in which a doubled quote stands for one.
func (s *scanner) quoted(quote byte) {
	if quote == '[' {
		quote = ']'
	}
	s.at++
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		if c != quote {
			continue
		}
		if quote == ']' || s.at == len(s.text) || s.text[s.at] != quote {
			return
		}
		s.at++
	}
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c >= 0x80
}

// tokens are all of a text.
func tokens(text string) []token {
	var list []token
	for s := (scanner{text: text}); ; {
		t, ok := s.next()
		if !ok {
			return list
		}
		list = append(list, t)
	}
}

func (t token) of(text string) string { return text[t.start:t.end] }

func (t token) is(text, word string) bool {
	return t.kind == tokenWord && strings.EqualFold(t.of(text), word)
}

// name is what a token names: quotes are taken away.
func (t token) name(text string) string {
	word := t.of(text)
	if t.kind != tokenQuoted || len(word) < 2 {
		return word
	}
	quote := word[len(word)-1:]
	return strings.ReplaceAll(word[1:len(word)-1], quote+quote, quote)
}

// statementEnd gives where the first statement of a text ends, behind its semicolon; false if no semicolon ends it. Those of a trigger's body end
// nothing. What comes before the first token belongs to it; with empty, so do semicolons.
func statementEnd(text string, empty bool) (int, bool) {
	s := scanner{text: text}
	var trigger triggerState
	for some := false; ; {
		t, ok := s.next()
		if !ok {
			return s.at, false
		}
		if t.kind == tokenSemicolon {
			if (some || !empty) && !trigger.inside() {
				return t.end, true
			}
			if some {
				trigger.semicolon()
			}
			continue
		}
		some = true
		trigger.token(text, t)
	}
}

// A triggerState follows a statement to know whether it is CREATE TRIGGER, whose end is END after a semicolon, as sqlite3_complete does.
type triggerState uint8

const (
	triggerStart   triggerState = iota // EXPLAIN may come
	triggerCreate                      // CREATE was there, TEMP may come
	triggerNone                        // an ordinary statement
	triggerBody                        // inside
	triggerBetween                     // inside, after a semicolon
	triggerEnd                         // END was there
)

func (s *triggerState) inside() bool { return *s == triggerBody || *s == triggerBetween }

func (s *triggerState) semicolon() { *s = triggerBetween }

func (s *triggerState) token(text string, t token) {
	switch *s {
	case triggerStart:
		switch {
		case t.is(text, "EXPLAIN"), t.is(text, "QUERY"), t.is(text, "PLAN"):
		case t.is(text, "CREATE"):
			*s = triggerCreate
		default:
			*s = triggerNone
		}
	case triggerCreate:
		switch {
		case t.is(text, "TEMP"), t.is(text, "TEMPORARY"):
		case t.is(text, "TRIGGER"):
			*s = triggerBody
		default:
			*s = triggerNone
		}
	case triggerBetween:
		*s = triggerBody
		if t.is(text, "END") {
			*s = triggerEnd
		}
	case triggerEnd: // not the end after all
		*s = triggerBody
	}
}

// splitSQL cuts a text into the statements before the last, and the last: what SQLite would leave unread after each, but for space.
func splitSQL(text string) (before []string, last string) {
	for {
		end, ok := statementEnd(text, true)
		rest := ""
		if ok {
			rest = strings.TrimLeft(text[end:], " \t\n\r\v\f")
		} else if n := strings.IndexByte(text[min(end, len(text)):], 0); n == 0 && end > 0 {
			rest = text[end:]
		}
		if rest == "" {
			return before, text
		}
		before = append(before, text[:end])
		text = rest
	}
}

// CompleteSQL gives the length of the first statement of a text with its semicolon, 0 if it is not complete.
func CompleteSQL(text string) int {
	if end, ok := statementEnd(text, false); ok {
		return end
	}
	return 0
}

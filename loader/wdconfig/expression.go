package wdconfig

import "strings"

// value reads an expression: something primary, then its members and arguments.
func (p *parser) value() (*expr, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, syntaxf(p.token.pos, "", "more than %d levels of brackets", maxNesting)
	}
	e, err := p.primary()
	if err != nil {
		return nil, err
	}
	for e.named() {
		switch {
		case p.token.is("."):
			if err := p.advance(); err != nil {
				return nil, err
			}
			e = &expr{kind: exprMember, pos: p.token.pos, of: e, members: e.members + 1}
			if e.members > maxNesting {
				return nil, syntaxf(e.pos, "", "more than %d members of members", maxNesting)
			}
			if e.text, err = p.name(); err != nil {
				return nil, err
			}
		case p.token.is("("):
			e = &expr{kind: exprApply, pos: p.token.pos, of: e, members: e.members + 1}
			if e.members > maxNesting {
				return nil, syntaxf(e.pos, "", "more than %d members of members", maxNesting)
			}
			if e.items, err = p.items(")"); err != nil {
				return nil, err
			}
		default:
			return e, nil
		}
	}
	return e, nil
}

// named says whether an expression names something, so that it may have members.
func (e *expr) named() bool {
	switch e.kind {
	case exprName, exprAbsolute, exprImport, exprMember, exprApply:
		return true
	}
	return false
}

func (p *parser) primary() (*expr, error) {
	t := p.token
	e := &expr{pos: t.pos, text: t.value}
	switch {
	case t.kind == tokenText:
		return e, p.texts(e)
	case t.kind == tokenBytes:
		e.kind = exprBytes
	case t.kind == tokenInteger:
		e.kind = exprInteger
	case t.kind == tokenFloat:
		e.kind = exprFloat
	case t.is("-"):
		return p.negative(e)
	case t.is("."):
		e.kind = exprAbsolute
		if err := p.advance(); err != nil {
			return nil, err
		}
		var err error
		e.text, err = p.name()
		return e, err
	case t.is("import"), t.is("embed"):
		return p.file(e)
	case t.kind == tokenName:
		e.kind = exprName
	case t.is("["):
		e.kind = exprList
		var err error
		e.items, err = p.items("]")
		return e, err
	case t.is("("):
		return p.tuple(e)
	case t.kind == tokenOperator && strings.HasSuffix(t.value, "."):
		return nil, p.expected("a value", `put a space before the "."`)
	default:
		return nil, p.expected("a value", "")
	}
	return e, p.advance()
}

// texts joins a text with those that follow it.
func (p *parser) texts(e *expr) error {
	var b strings.Builder
	for p.token.kind == tokenText {
		b.WriteString(p.token.value)
		if err := p.advance(); err != nil {
			return err
		}
	}
	e.text = b.String()
	return nil
}

func (p *parser) negative(e *expr) (*expr, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case p.token.kind == tokenInteger:
		e.kind = exprInteger
	case p.token.kind == tokenFloat, p.token.is("inf"):
		e.kind = exprFloat
	default:
		return nil, p.expected("a number", "")
	}
	e.text = "-" + p.token.value
	return e, p.advance()
}

// file reads `import "path"` or `embed "path"`.
func (p *parser) file(e *expr) (*expr, error) {
	e.kind = exprImport
	if e.text == "embed" {
		e.kind = exprEmbed
	}
	word := e.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.token.kind != tokenText {
		return nil, p.expected("a path", "write "+word+` "path"`)
	}
	e.pos, e.text = p.token.pos, p.token.value
	return e, p.advance()
}

func (p *parser) tuple(e *expr) (*expr, error) {
	items, err := p.items(")")
	if err != nil {
		return nil, err
	}
	if len(items) == 1 && items[0].name == "" {
		return items[0].value, nil
	}
	e.kind, e.items = exprTuple, items
	return e, nil
}

// items reads the elements of a list or tuple, from its first bracket to its last. A comma may stand behind the last element.
func (p *parser) items(end string) ([]item, error) {
	list := []item{}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for !p.token.is(end) {
		one := item{pos: p.token.pos}
		var err error
		if one.value, err = p.value(); err != nil {
			return nil, err
		}
		if end == ")" && one.value.kind == exprName && p.token.is("=") {
			one.name = one.value.text
			if err := p.advance(); err != nil {
				return nil, err
			}
			if one.value, err = p.value(); err != nil {
				return nil, err
			}
		}
		list = append(list, one)
		if p.token.is(end) {
			break
		}
		if err := p.take(",", p.hintWithin(end)); err != nil {
			return nil, err
		}
	}
	return list, p.advance()
}

// hintWithin guesses what has gone wrong where a comma or a closing bracket should be.
func (p *parser) hintWithin(end string) string {
	switch {
	case p.token.kind == tokenOperator && strings.HasPrefix(p.token.value, "=") && len(p.token.value) > 1:
		return `put a space after the "="`
	case p.token.kind == tokenName || p.token.kind == tokenText:
		return "is a comma missing?"
	case end == "]" && p.token.is("="):
		return "fields stand in ( )"
	case p.token.kind == tokenEnd || p.token.kind == tokenBracket:
		return `a bracket is not closed: "` + end + `" is missing`
	}
	return ""
}

package rewriter

import "strings"

// attribute reads what stands between square brackets.
func (p *selectorParser) attribute() (simple, error) {
	p.skipSpace()
	part, err := p.attributeName()
	if err != nil {
		return part, err
	}
	switch t := p.nextSolid(); {
	case t.kind == tokenEOF:
		return part, nil
	case t.kind == tokenDelim && t.delim == '=':
		part.operator = '='
	case t.kind == tokenMatch:
		part.operator = byte(t.delim)
	default:
		return part, errAttributeToken
	}
	if part.kind == simpleHas {
		part.kind = simpleCompare
	}
	switch t := p.nextSolid(); t.kind {
	case tokenIdent, tokenString:
		part.value = t.text
	case tokenEOF:
		return part, errUnexpectedEnd
	default:
		return part, errAttributeToken
	}
	part.fold, err = p.attributeFlag(part.name)
	return part, err
}

// attributeName reads a name. One in any namespace is refused, but only if nothing else is wrong.
func (p *selectorParser) attributeName() (simple, error) {
	t := p.next()
	switch {
	case t.kind == tokenEOF:
		return simple{}, errUnexpectedEnd
	case t.kind == tokenIdent:
		if p.bar() {
			return simple{}, errNamespace
		}
		return simple{kind: simpleHas, name: lowerASCII(t.text)}, nil
	case t.kind == tokenDelim && t.delim == '*':
		if p.peek().kind == tokenEOF {
			return simple{}, errUnexpectedEnd
		}
		if !p.bar() {
			return simple{}, errAttributeToken
		}
		part, err := p.attributeLocalName()
		part.kind, part.err = simpleRefused, errNamespace
		return part, err
	case t.kind == tokenDelim && t.delim == '|':
		return p.attributeLocalName()
	}
	return simple{}, errNoAttributeName
}

func (p *selectorParser) attributeLocalName() (simple, error) {
	switch t := p.next(); t.kind {
	case tokenIdent:
		return simple{kind: simpleHas, name: lowerASCII(t.text)}, nil
	case tokenEOF:
		return simple{}, errUnexpectedEnd
	}
	return simple{}, errAttributeToken
}

// attributeFlag reads the letter behind a value.
func (p *selectorParser) attributeFlag(name string) (folding, error) {
	t := p.nextSolid()
	switch {
	case t.kind == tokenEOF:
		if strings.Contains(foldedAttributes, " "+name+" ") {
			return foldInHTML, nil
		}
		return foldNever, nil
	case t.kind == tokenIdent && strings.EqualFold(t.text, "i"):
		return foldAlways, nil
	case t.kind == tokenIdent && strings.EqualFold(t.text, "s"):
		return foldNever, nil
	}
	return foldNever, errUnexpectedToken
}

// An nth is the positions step*n + offset, for n from zero on, counted from one.
type nth struct{ step, offset int32 }

func (n nth) has(index int32) bool {
	distance := index - n.offset
	switch {
	case n.step == 0:
		return distance == 0
	case distance < 0 && n.step > 0, distance > 0 && n.step < 0:
		return false
	}
	return distance%n.step == 0
}

// nth reads the notation for positions.
//
// Spec: CSS Syntax, "The An+B microsyntax", https://drafts.csswg.org/css-syntax/#anb-microsyntax
func (p *selectorParser) nth() (nth, error) {
	t := p.nextSolid()
	switch {
	case t.kind == tokenEOF:
		return nth{}, errUnexpectedEnd
	case t.kind == tokenNumber && t.isInteger:
		return nth{0, t.number}, nil
	case t.kind == tokenDimension && t.isInteger:
		return p.nthUnit(strings.ToLower(t.text), t.number)
	case t.kind == tokenIdent:
		switch name := strings.ToLower(t.text); {
		case name == "even":
			return nth{2, 0}, nil
		case name == "odd":
			return nth{2, 1}, nil
		case strings.HasPrefix(name, "-"):
			return p.nthUnit(name[1:], -1)
		default:
			return p.nthUnit(name, 1)
		}
	case t.kind == tokenDelim && t.delim == '+':
		switch t = p.next(); t.kind {
		case tokenIdent:
			return p.nthUnit(strings.ToLower(t.text), 1)
		case tokenEOF:
			return nth{}, errUnexpectedEnd
		}
	}
	return nth{}, errUnexpectedToken
}

// nthUnit goes on behind the step, with the identifier that ends it.
func (p *selectorParser) nthUnit(unit string, step int32) (nth, error) {
	switch {
	case unit == "n":
		return p.nthOffset(step)
	case unit == "n-":
		return p.nthUnsigned(step, true)
	case len(unit) > 2 && strings.HasPrefix(unit, "n-"):
		s := cssScanner{text: unit, pos: 2}
		if value := s.digits(); s.pos == len(unit) {
			return nth{step, saturate(value, true)}, nil
		}
	}
	return nth{}, errUnexpectedToken
}

func (p *selectorParser) nthOffset(step int32) (nth, error) {
	start := p.pos
	switch t := p.nextSolid(); {
	case t.kind == tokenDelim && (t.delim == '+' || t.delim == '-'):
		return p.nthUnsigned(step, t.delim == '-')
	case t.kind == tokenNumber && t.signed && t.isInteger:
		return nth{step, t.number}, nil
	}
	p.pos = start
	return nth{step, 0}, nil
}

func (p *selectorParser) nthUnsigned(step int32, negative bool) (nth, error) {
	switch t := p.nextSolid(); {
	case t.kind == tokenEOF:
		return nth{}, errUnexpectedEnd
	case t.kind == tokenNumber && !t.signed && t.isInteger:
		return nth{step, saturate(int64(t.number), negative)}, nil
	}
	return nth{}, errUnexpectedToken
}

package rewriter

import "strings"

// A SelectorError says why a selector was refused; its text is the platform's.
type SelectorError string

// Error implements error.
func (e SelectorError) Error() string { return string(e) }

// What can be wrong with a selector.
const (
	errUnexpectedToken  = SelectorError("Unexpected token in selector.")
	errUnexpectedEnd    = SelectorError("Unexpected end of selector.")
	errNoAttributeName  = SelectorError("Missing attribute name in attribute selector.")
	errEmptySelector    = SelectorError("The selector is empty.")
	errDangling         = SelectorError("Dangling combinator in selector.")
	errAttributeToken   = SelectorError("Unexpected token in the attribute selector.")
	errUnsupportedClass = SelectorError("Unsupported pseudo-class or pseudo-element in selector.")
	errNamespace        = SelectorError("Selectors with explicit namespaces are not supported.")
	errClassName        = SelectorError("Invalid or unescaped class name in selector.")
	errNextSibling      = SelectorError("Unsupported combinator `+` in selector.")
	errLaterSibling     = SelectorError("Unsupported combinator `~` in selector.")
	errSyntax           = SelectorError("Unsupported syntax in selector.")
)

// maxNesting bounds the depth of :not() within :not().
const maxNesting = 64

// A selector is a list of alternatives, each a chain of compounds from the outermost to the one that is matched.
type selector [][]compound

// A compound is what one element must be. It stands to the compound before it as the combinator says.
type compound struct {
	combinator byte // ' ', '>', '+' or '~'; 0 for the first
	parts      []simple
}

// A simple is one condition of a compound.
type simple struct {
	kind simpleKind
	// name is that of a type, an attribute (in lower case), a class or an ID.
	name string
	// value and operator are those of an attribute, operator '=' for equality; fold says how the value is compared.
	value    string
	operator byte
	fold     folding
	// nth is the position of kinds that count.
	nth nth
	// negated are the alternatives within :not().
	negated selector
	// err is why the condition cannot be served. It is told only if nothing else is wrong.
	err SelectorError
}

type simpleKind uint8

const (
	simpleAny simpleKind = iota
	simpleNone
	simpleType
	simpleNthChild
	simpleNthOfType
	simpleID
	simpleClass
	simpleHas
	simpleCompare
	simpleNot
	simpleRefused
)

// folding says whether letter case counts in the value of an attribute.
type folding uint8

const (
	foldNever folding = iota
	foldAlways
	foldInHTML // the attribute is one whose values HTML compares so
)

// foldedAttributes are the attributes whose values are compared without regard to ASCII case, if the element is HTML's.
//
// Spec: HTML, "Case-sensitivity of selectors", https://html.spec.whatwg.org/multipage/semantics-other.html#case-sensitivity-of-selectors
const foldedAttributes = " accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction disabled enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap readonly rel rev rules scope scrolling selected shape target text type valign valuetype vlink "

// CheckSelector says whether text is a selector that [New] takes. The error is a [SelectorError].
func CheckSelector(text string) error {
	_, err := parseSelector(text)
	return err
}

// parseSelector parses a selector list.
//
// Spec: Selectors, "Grammar", https://drafts.csswg.org/selectors/#grammar
func parseSelector(text string) (selector, error) {
	p := selectorParser{tokens: cssTokens(text)}
	list, err := p.list(0)
	if err == nil {
		err = list.check(false)
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// check returns the error of the first condition that cannot be served, in the order in which the platform looks.
func (s selector) check(negated bool) error {
	for _, chain := range s {
		for i := len(chain) - 1; i >= 0; i-- {
			for _, part := range chain[i].parts {
				if part.err != "" {
					return part.err
				}
				if err := part.negated.check(true); err != nil {
					return err
				}
			}
			switch c := chain[i].combinator; {
			case c != 0 && negated:
				return errUnsupportedClass
			case c == '+':
				return errNextSibling
			case c == '~':
				return errLaterSibling
			}
		}
	}
	return nil
}

// A selectorParser reads tokens. Where a block or an alternative ends, it sees the end of its input.
type selectorParser struct {
	tokens []cssToken
	pos    int
	// closer ends the block that is being read, tokenEOF for none; commas says whether a comma ends too.
	closer tokenKind
	commas bool
	depth  int
}

func (p *selectorParser) peek() cssToken {
	if p.pos >= len(p.tokens) {
		return cssToken{}
	}
	t := p.tokens[p.pos]
	if t.kind == p.closer || p.commas && t.kind == tokenComma {
		return cssToken{}
	}
	return t
}

// next consumes a token; tokenEOF is never consumed.
func (p *selectorParser) next() cssToken {
	t := p.peek()
	if t.kind != tokenEOF {
		p.pos++
	}
	return t
}

func (p *selectorParser) skipSpace() {
	for p.peek().kind == tokenSpace {
		p.pos++
	}
}

// nextSolid is next behind white space.
func (p *selectorParser) nextSolid() cssToken {
	p.skipSpace()
	return p.next()
}

// exhausted checks that nothing is left.
func (p *selectorParser) exhausted() error {
	if p.nextSolid().kind != tokenEOF {
		return errUnexpectedToken
	}
	return nil
}

// block runs read on what stands before closer, and then behind it.
func (p *selectorParser) block(closer tokenKind, read func() error) error {
	outer, commas := p.closer, p.commas
	p.closer, p.commas = closer, false
	err := read()
	if err == nil {
		err = p.exhausted()
	}
	p.closer, p.commas = outer, commas
	if err == nil && p.pos < len(p.tokens) {
		p.pos++ // the closer
	}
	return err
}

func (p *selectorParser) list(depth int) (selector, error) {
	if depth > maxNesting {
		return nil, errSyntax
	}
	outer := p.depth
	p.depth = depth
	defer func() { p.depth = outer }()
	var list selector
	for {
		p.commas = true
		chain, err := p.chain()
		if err == nil {
			err = p.exhausted()
		}
		p.commas = false
		if err != nil {
			return nil, err
		}
		list = append(list, chain)
		if p.next().kind == tokenEOF { // else it is the comma
			return list, nil
		}
	}
}

func (p *selectorParser) chain() ([]compound, error) {
	var chain []compound
	combinator := byte(0)
	for {
		p.skipSpace()
		c, err := p.compound()
		if err != nil {
			return nil, err
		}
		if len(c.parts) == 0 {
			if combinator != 0 {
				return nil, errDangling
			}
			return nil, errEmptySelector
		}
		c.combinator = combinator
		chain = append(chain, c)
		if combinator = p.combinator(); combinator == 0 {
			return chain, nil
		}
	}
}

// combinator reads what stands between two compounds, 0 at the end of the chain.
func (p *selectorParser) combinator() byte {
	space := p.peek().kind == tokenSpace
	p.skipSpace()
	t := p.peek()
	if t.kind == tokenDelim && (t.delim == '>' || t.delim == '+' || t.delim == '~') {
		p.pos++
		return byte(t.delim)
	}
	if t.kind == tokenEOF || !space {
		return 0
	}
	return ' '
}

func (p *selectorParser) compound() (compound, error) {
	var c compound
	parts, err := p.typeSelector()
	c.parts = parts
	for err == nil {
		var part simple
		var ok bool
		if part, ok, err = p.simple(); !ok {
			break
		}
		c.parts = append(c.parts, part)
	}
	return c, err
}

// typeSelector reads a name or an asterisk, perhaps behind a namespace. Nothing is nil.
func (p *selectorParser) typeSelector() ([]simple, error) {
	start := p.pos
	t := p.next()
	switch {
	case t.kind == tokenIdent:
		if p.bar() {
			return nil, errNamespace
		}
		return []simple{{kind: simpleType, name: lowerASCII(t.text)}}, nil
	case t.kind == tokenDelim && t.delim == '*':
		if p.bar() {
			return p.localName(nil)
		}
		return []simple{{kind: simpleAny}}, nil
	case t.kind == tokenDelim && t.delim == '|':
		return p.localName([]simple{{kind: simpleNone}})
	}
	p.pos = start
	return nil, nil
}

// bar consumes a vertical bar.
func (p *selectorParser) bar() bool {
	if t := p.peek(); t.kind == tokenDelim && t.delim == '|' {
		p.pos++
		return true
	}
	return false
}

func (p *selectorParser) localName(parts []simple) ([]simple, error) {
	switch t := p.next(); {
	case t.kind == tokenIdent:
		return append(parts, simple{kind: simpleType, name: lowerASCII(t.text)}), nil
	case t.kind == tokenDelim && t.delim == '*':
		return append(parts, simple{kind: simpleAny}), nil
	case t.kind == tokenEOF:
		// What is left of such a selector is nothing at all, and the platform says so.
		return nil, nil
	}
	return nil, errUnexpectedToken
}

// simple reads one condition; false if there is none.
func (p *selectorParser) simple() (simple, bool, error) {
	t := p.peek()
	switch {
	case t.kind == tokenID:
		p.pos++
		return simple{kind: simpleID, name: t.text}, true, nil
	case t.kind == tokenDelim && t.delim == '.':
		p.pos++
		switch name := p.next(); name.kind {
		case tokenIdent:
			return simple{kind: simpleClass, name: name.text}, true, nil
		case tokenEOF:
			return simple{}, false, errUnexpectedEnd
		}
		return simple{}, false, errClassName
	case t.kind == tokenOpenSquare:
		p.pos++
		var part simple
		err := p.block(tokenCloseSquare, func() (err error) { part, err = p.attribute(); return err })
		return part, err == nil, err
	case t.kind == tokenColon:
		p.pos++
		part, err := p.pseudo()
		return part, err == nil, err
	}
	return simple{}, false, nil
}

// pseudo reads what follows a colon.
func (p *selectorParser) pseudo() (simple, error) {
	t := p.next()
	element := t.kind == tokenColon
	if element {
		t = p.next()
	}
	if t.kind == tokenEOF {
		return simple{}, errUnexpectedEnd
	}
	if element {
		return simple{}, errUnsupportedClass
	}
	name := strings.ToLower(t.text)
	switch t.kind {
	case tokenIdent:
		return plainPseudo(name)
	case tokenFunction:
		var part simple
		err := p.block(tokenCloseParen, func() (err error) { part, err = p.function(name); return err })
		return part, err
	}
	return simple{}, errUnsupportedClass
}

func plainPseudo(name string) (simple, error) {
	switch name {
	case "first-child":
		return simple{kind: simpleNthChild, nth: nth{0, 1}}, nil
	case "first-of-type":
		return simple{kind: simpleNthOfType, nth: nth{0, 1}}, nil
	case "last-child", "only-child", "last-of-type", "only-of-type", "root", "empty", "scope":
		return simple{kind: simpleRefused, err: errUnsupportedClass}, nil
	}
	return simple{}, errUnsupportedClass
}

func (p *selectorParser) function(name string) (simple, error) {
	switch name {
	case "not":
		list, err := p.list(p.depth + 1)
		return simple{kind: simpleNot, negated: list}, err
	case "nth-child":
		n, err := p.nth()
		return simple{kind: simpleNthChild, nth: n}, err
	case "nth-of-type":
		n, err := p.nth()
		return simple{kind: simpleNthOfType, nth: n}, err
	case "nth-last-child", "nth-last-of-type":
		_, err := p.nth()
		return simple{kind: simpleRefused, err: errUnsupportedClass}, err
	}
	return simple{}, errUnsupportedClass
}

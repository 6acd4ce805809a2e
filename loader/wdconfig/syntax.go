package wdconfig

// maxNesting bounds brackets within brackets, and members of members.
const maxNesting = 64

// An exprKind says what an expression is.
type exprKind uint8

const (
	exprText exprKind = iota
	exprBytes
	exprInteger
	exprFloat
	exprName     // text, as found in the file or built in
	exprAbsolute // .text, as found in the file
	exprImport   // import "text"
	exprEmbed    // embed "text"
	exprMember   // of.text
	exprApply    // of(items)
	exprList     // [items]
	exprTuple    // (items), unless it is one without a name: that is its value
)

// An expr is a value or a type as written.
type expr struct {
	kind exprKind
	pos  Position
	// text is a name, a path, the spelling of a number, or the text or bytes themselves.
	text  string
	of    *expr
	items []item
	// members is how many exprMember are within.
	members int
}

// An item is an element of a list or a tuple; elements of tuples may have names.
type item struct {
	name  string
	pos   Position
	value *expr
}

// A declaration is a statement that gives something a name: `using NAME = VALUE;`, or with typ `const NAME :TYPE = VALUE;`.
type declaration struct {
	name       string
	pos        Position
	typ, value *expr
}

// A parser reads statements. It looks one token ahead.
type parser struct {
	lex   *lexer
	token token
	depth int
}

// parseFile gives the declarations of a file, as far as it can be read, and its first syntax error.
func parseFile(src []byte) ([]*declaration, error) {
	p := &parser{lex: newLexer(src)}
	var list []*declaration
	if err := p.advance(); err != nil {
		return nil, err
	}
	for p.token.kind != tokenEnd {
		d, err := p.statement()
		if err != nil {
			return list, err
		}
		if d != nil {
			list = append(list, d)
		}
	}
	return list, nil
}

func (p *parser) advance() (err error) {
	p.token, err = p.lex.next()
	return err
}

// take passes over a token that must be there.
func (p *parser) take(value, hint string) error {
	if !p.token.is(value) {
		return p.expected(`"`+value+`"`, hint)
	}
	return p.advance()
}

func (p *parser) expected(what, hint string) error {
	return syntaxf(p.token.pos, hint, "expected %s, not %s", what, p.token.describe())
}

// statement reads one statement with its semicolon; ids and annotations say nothing that matters here and give nil.
func (p *parser) statement() (d *declaration, err error) {
	hint := ""
	switch {
	case p.token.is("using"):
		d, err = p.using()
	case p.token.is("const"):
		d, err = p.constant()
	case p.token.is("@"):
		if err = p.advance(); err == nil {
			_, err = p.primary()
		}
	case p.token.is("$"):
		err = p.annotations()
	case p.token.is(";"):
	default:
		if p.token.is("struct") || p.token.is("enum") || p.token.is("interface") || p.token.is("annotation") {
			hint = "a configuration declares no types of its own"
		}
		err = p.expected(`"const" or "using"`, hint)
	}
	if err != nil {
		return nil, err
	}
	return d, p.take(";", "a statement ends with a semicolon")
}

func (p *parser) name() (string, error) {
	if p.token.kind != tokenName {
		return "", p.expected("a name", "")
	}
	name := p.token.value
	return name, p.advance()
}

// using reads `using NAME = VALUE` or `using VALUE`, which is named by its last member.
func (p *parser) using() (*declaration, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	d := &declaration{pos: p.token.pos}
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.token.is("=") {
		if value.kind != exprName {
			return nil, p.expected(`";"`, "")
		}
		d.name = value.text
		if err := p.advance(); err != nil {
			return nil, err
		}
		d.value, err = p.value()
		return d, err
	}
	if value.kind != exprMember {
		return nil, syntaxf(value.pos, "write using Name = …", "this using has no name")
	}
	d.name, d.value = value.text, value
	return d, nil
}

func (p *parser) constant() (*declaration, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	d := &declaration{pos: p.token.pos}
	var err error
	if d.name, err = p.name(); err != nil {
		return nil, err
	}
	if p.token.is("@") {
		if err = p.advance(); err == nil {
			_, err = p.primary()
		}
		if err != nil {
			return nil, err
		}
	}
	if err = p.take(":", "const NAME :TYPE = VALUE;"); err != nil {
		return nil, err
	}
	if d.typ, err = p.value(); err != nil {
		return nil, err
	}
	if err = p.take("=", "const NAME :TYPE = VALUE;"); err != nil {
		return nil, err
	}
	if d.value, err = p.value(); err != nil {
		return nil, err
	}
	return d, p.annotations()
}

// annotations passes over `$Name` and `$Name(value)`.
func (p *parser) annotations() error {
	for p.token.is("$") {
		if err := p.advance(); err != nil {
			return err
		}
		if _, err := p.value(); err != nil {
			return err
		}
	}
	return nil
}

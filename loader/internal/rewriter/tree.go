package rewriter

// A namespace is what kind of markup an element belongs to.
type namespace uint8

const (
	nsHTML namespace = iota
	nsSVG
	nsMathML
)

// An AmbiguityError is the refusal of a document in which a tag leaves open whether what follows it is text.
type AmbiguityError struct {
	// Tag is the name of the tag.
	Tag string
}

// Error implements error with the platform's text.
func (e *AmbiguityError) Error() string {
	return "The parser has encountered a text content tag (`<" + e.Tag + ">`) in the context where it is ambiguous whether this tag should be ignored or not. " +
		"And, thus, it is unclear whether consequent content should be parsed as raw text or HTML markup.\n\n" +
		"This error occurs due to the limited capabilities of the streaming parsing. However, almost all of the cases of this error are caused by a " +
		"non-conforming markup (e.g. a `<script>` element in `<select>` element)."
}

// A tree knows of the tree of the document what the tokenizer must: in which namespace it is, and whether it can still tell text from
// markup. In a select element and after a frameset a browser may ignore the very tags that turn markup into text, so that two readers
// of one document would see different scripts in it: there such a tag is an error. A document that conforms has none.
type tree struct {
	// stack are the namespaces around the current one.
	stack   []frame
	current namespace
	// inside are the open elements of HTML within foreign content; the last frame's begin at its base.
	inside []*tagName
	// of is the namespace of the last start tag, which may have gone over to another for its content.
	of    namespace
	guard guardState
	// templates counts those that are open within a select element.
	templates int
}

// A frame is a namespace that was left for another by an element, and how many elements were inside then.
type frame struct {
	ns   namespace
	name string
	base int
}

// maxInside bounds the elements of HTML that are tracked within foreign content.
const maxInside = 4096

type guardState uint8

const (
	guardNone guardState = iota
	guardSelect
	guardTemplateInSelect
	guardFrameset
)

// check follows a start tag and refuses it where it is ambiguous.
func (t *tree) check(name *tagName) error {
	refuse := false
	switch t.guard {
	case guardNone:
		switch name.text {
		case "select":
			t.guard = guardSelect
		case "frameset":
			t.guard = guardFrameset
		}
	case guardSelect:
		switch name.text {
		case "select", "textarea", "input", "keygen":
			t.guard = guardNone
		case "template":
			t.guard, t.templates = guardTemplateInSelect, 1
		case "script":
		default:
			refuse = name.is(kindText)
		}
	case guardTemplateInSelect:
		if name.text == "template" {
			t.templates++
		} else {
			refuse = name.is(kindText)
		}
	case guardFrameset:
		refuse = name.is(kindText) && name.text != "noframes"
	}
	if refuse {
		return &AmbiguityError{name.text}
	}
	return nil
}

// startTag follows a start tag and gives how text is read behind it.
func (t *tree) startTag(tag *tag, name *tagName, in []byte) (textMode, error) {
	if name.is(kindGuard | kindText) {
		if err := t.check(name); err != nil {
			return textData, err
		}
	}
	switch {
	case name.is(kindRoot):
		ns := nsSVG
		if name.text == "math" {
			ns = nsMathML
		}
		t.root(ns, name, tag.selfClosing)
	case t.current != nsHTML:
		t.of = t.current
		t.startForeign(tag, name, in)
	default:
		t.of = nsHTML
		t.open(name)
		return name.mode, nil
	}
	return textData, nil
}

// root follows the outermost element of a namespace.
func (t *tree) root(ns namespace, name *tagName, selfClosing bool) {
	t.of = ns
	if !selfClosing {
		t.enter(ns, name)
	}
}

func (t *tree) enter(ns namespace, name *tagName) {
	t.stack = append(t.stack, frame{t.current, name.text, len(t.inside)})
	t.current = ns
}

func (t *tree) leave() {
	if n := len(t.stack); n > 0 {
		t.current = t.stack[n-1].ns
		t.inside = t.inside[:t.stack[n-1].base]
		t.stack = t.stack[:n-1]
	}
}

// breakOut ends foreign content before the start tag.
func (t *tree) breakOut(name *tagName) {
	t.leaveForeign()
	t.of = nsHTML
	t.open(name)
}

// leaveForeign goes back to HTML.
func (t *tree) leaveForeign() {
	for t.current != nsHTML {
		t.leave()
	}
}

// open notes an element of HTML.
func (t *tree) open(name *tagName) {
	if len(t.stack) > 0 && len(t.inside) < maxInside && !name.is(kindVoid|kindIgnored) {
		t.inside = append(t.inside, name)
	}
}

func (t *tree) startForeign(tag *tag, name *tagName, in []byte) {
	switch {
	case name.is(kindBreakout):
		t.breakOut(name)
	case t.integrates(t.current, name):
		if !tag.selfClosing {
			t.enter(nsHTML, name)
		}
	case name.text == "font":
		for i := range tag.attributes {
			switch string(appendLower(nil, tag.attributes[i].name.of(in))) {
			case "color", "size", "face":
				t.breakOut(name)
				return
			}
		}
	case t.current == nsMathML && name.text == "annotation-xml" && !tag.selfClosing:
		for i := range tag.attributes {
			a := &tag.attributes[i]
			value := string(appendLower(nil, a.value.of(in)))
			if string(appendLower(nil, a.name.of(in))) == "encoding" && (value == "text/html" || value == "application/xhtml+xml") {
				t.enter(nsHTML, name)
				return
			}
		}
	}
}

// integrates says whether an element of ns has HTML as its content.
func (t *tree) integrates(ns namespace, name *tagName) bool {
	switch ns {
	case nsSVG:
		switch name.text {
		case "desc", "title", "foreignobject":
			return true
		}
	case nsMathML:
		switch name.text {
		case "mi", "mo", "mn", "ms", "mtext":
			return true
		}
	}
	return false
}

// endTag follows an end tag.
func (t *tree) endTag(name *tagName) {
	if name.is(kindGuard) {
		t.endGuard(name)
	}
	switch {
	case t.current == nsHTML:
		t.endInside(name)
	case t.current == nsSVG && name.text == "svg", t.current == nsMathML && name.text == "math":
		t.leave()
	case name.text == "p", name.text == "br":
		t.leaveForeign()
	}
}

func (t *tree) endGuard(name *tagName) {
	switch {
	case t.guard == guardSelect && name.text == "select":
		t.guard = guardNone
	case t.guard == guardTemplateInSelect && name.text == "template":
		if t.templates--; t.templates == 0 {
			t.guard = guardSelect
		}
	}
}

// endInside follows an end tag in HTML. It ends the foreign element around it only if nothing is open there.
func (t *tree) endInside(name *tagName) {
	n := len(t.stack)
	if n == 0 {
		return
	}
	outer := t.stack[n-1]
	bounds := kindSpecial
	if name.is(kindBlock) {
		bounds = kindScope
	}
	for i := len(t.inside) - 1; i >= outer.base; i-- {
		if open := t.inside[i]; open.text == name.text || open.is(kindHeading) && name.is(kindHeading) {
			t.inside = t.inside[:i]
			return
		} else if open.is(bounds) {
			return
		}
	}
	if len(t.inside) == outer.base && outer.name == name.text {
		t.leave()
	}
}

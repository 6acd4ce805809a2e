package rewriter

import "bytes"

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
	inside []string
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

// textModes are the elements whose content is text.
var textModes = map[string]textMode{
	"textarea": textRCDATA, "title": textRCDATA, "plaintext": textPlain, "script": textScript, "style": textRaw, "iframe": textRaw,
	"xmp": textRaw, "noembed": textRaw, "noframes": textRaw, "noscript": textRaw,
}

// breakouts are the start tags that end foreign content.
//
// Spec: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
var breakouts = names("b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var")

// Which end tags of HTML end an element depends on what is open within it: special elements keep most end tags from what is around
// them, and those of blocks end at the bounds of scopes only.
//
// Spec: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody
var (
	special = names("address applet article aside blockquote button caption center colgroup dd details dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup iframe li listing main marquee menu nav noembed noframes noscript object ol p plaintext pre script search section select style summary table tbody td template textarea tfoot th thead title tr ul xmp")
	blocks  = names("address article aside blockquote button center dd details dialog dir div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre search section summary ul")
	scopes  = names("applet caption table td th marquee object template")
	// ignored start tags have no element where there is one already.
	ignored = names("body head html")
)

// void are the elements without content.
var void = names("area base basefont bgsound br col embed hr img input keygen link meta param source track wbr")

func names(list string) map[string]bool {
	set := make(map[string]bool)
	for name := range bytes.FieldsSeq([]byte(list)) {
		set[string(name)] = true
	}
	return set
}

// check follows a start tag and refuses it where it is ambiguous.
func (t *tree) check(name []byte) error {
	_, isText := textModes[string(name)]
	refuse := false
	switch t.guard {
	case guardNone:
		switch string(name) {
		case "select":
			t.guard = guardSelect
		case "frameset":
			t.guard = guardFrameset
		}
	case guardSelect:
		switch string(name) {
		case "select", "textarea", "input", "keygen":
			t.guard = guardNone
		case "template":
			t.guard, t.templates = guardTemplateInSelect, 1
		case "script":
		default:
			refuse = isText
		}
	case guardTemplateInSelect:
		if string(name) == "template" {
			t.templates++
		} else {
			refuse = isText
		}
	case guardFrameset:
		refuse = isText && string(name) != "noframes"
	}
	if refuse {
		return &AmbiguityError{string(name)}
	}
	return nil
}

// startTag follows a start tag and gives how text is read behind it. Names are in lower case.
func (t *tree) startTag(tag *tag, name, in []byte) (textMode, error) {
	if err := t.check(name); err != nil {
		return textData, err
	}
	switch {
	case string(name) == "svg":
		t.root(nsSVG, name, tag.selfClosing)
	case string(name) == "math":
		t.root(nsMathML, name, tag.selfClosing)
	case t.current != nsHTML:
		t.of = t.current
		t.startForeign(tag, name, in)
	default:
		t.of = nsHTML
		t.open(name)
		return textModes[string(name)], nil
	}
	return textData, nil
}

// root follows the outermost element of a namespace.
func (t *tree) root(ns namespace, name []byte, selfClosing bool) {
	t.of = ns
	if !selfClosing {
		t.enter(ns, name)
	}
}

func (t *tree) enter(ns namespace, name []byte) {
	t.stack = append(t.stack, frame{t.current, string(name), len(t.inside)})
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
func (t *tree) breakOut(name []byte) {
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
func (t *tree) open(name []byte) {
	if len(t.stack) > 0 && len(t.inside) < maxInside && !void[string(name)] && !ignored[string(name)] {
		t.inside = append(t.inside, string(name))
	}
}

func (t *tree) startForeign(tag *tag, name, in []byte) {
	switch {
	case breakouts[string(name)]:
		t.breakOut(name)
	case t.integrates(t.current, name):
		if !tag.selfClosing {
			t.enter(nsHTML, name)
		}
	case string(name) == "font":
		for i := range tag.attributes {
			switch string(appendLower(nil, tag.attributes[i].name.of(in))) {
			case "color", "size", "face":
				t.breakOut(name)
				return
			}
		}
	case t.current == nsMathML && string(name) == "annotation-xml" && !tag.selfClosing:
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
func (t *tree) integrates(ns namespace, name []byte) bool {
	switch ns {
	case nsSVG:
		switch string(name) {
		case "desc", "title", "foreignobject":
			return true
		}
	case nsMathML:
		switch string(name) {
		case "mi", "mo", "mn", "ms", "mtext":
			return true
		}
	}
	return false
}

// endTag follows an end tag.
func (t *tree) endTag(name []byte) {
	switch {
	case t.guard == guardSelect && string(name) == "select":
		t.guard = guardNone
	case t.guard == guardTemplateInSelect && string(name) == "template":
		if t.templates--; t.templates == 0 {
			t.guard = guardSelect
		}
	}
	switch {
	case t.current == nsHTML:
		t.endInside(name)
	case t.current == nsSVG && string(name) == "svg", t.current == nsMathML && string(name) == "math":
		t.leave()
	case string(name) == "p", string(name) == "br":
		t.leaveForeign()
	}
}

// endInside follows an end tag in HTML. It ends the foreign element around it only if nothing is open there.
func (t *tree) endInside(name []byte) {
	n := len(t.stack)
	if n == 0 {
		return
	}
	outer := t.stack[n-1]
	bounds := special
	if blocks[string(name)] {
		bounds = scopes
	}
	for i := len(t.inside) - 1; i >= outer.base; i-- {
		if open := t.inside[i]; open == string(name) || isHeading(open) && isHeading(string(name)) {
			t.inside = t.inside[:i]
			return
		} else if bounds[open] {
			return
		}
	}
	if len(t.inside) == outer.base && outer.name == string(name) {
		t.leave()
	}
}

// isHeading says whether a name is one of h1 to h6, whose end tags end one another.
func isHeading(name string) bool {
	return len(name) == 2 && name[0] == 'h' && '1' <= name[1] && name[1] <= '6'
}

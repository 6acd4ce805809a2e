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
	stack   []namespace
	current namespace
	// of is the namespace of the last start tag, which may have gone over to another for its content.
	of namespace
	guard   guardState
	// templates counts those that are open within a select element.
	templates int
}

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
		t.enter(nsSVG)
		t.of = nsSVG
	case string(name) == "math":
		t.enter(nsMathML)
		t.of = nsMathML
	case t.current != nsHTML:
		t.of = t.current
		t.startForeign(tag, name, in)
	default:
		t.of = nsHTML
		return textModes[string(name)], nil
	}
	return textData, nil
}

func (t *tree) enter(ns namespace) {
	t.stack = append(t.stack, t.current)
	t.current = ns
}

func (t *tree) leave() {
	if n := len(t.stack); n > 0 {
		t.current = t.stack[n-1]
		t.stack = t.stack[:n-1]
	}
}

// breakOut ends foreign content before the start tag.
func (t *tree) breakOut() {
	t.leave()
	t.of = t.current
}

func (t *tree) startForeign(tag *tag, name, in []byte) {
	switch {
	case breakouts[string(name)]:
		t.breakOut()
	case t.integrates(t.current, name):
		if !tag.selfClosing {
			t.enter(nsHTML)
		}
	case string(name) == "font":
		for i := range tag.attributes {
			switch string(appendLower(nil, tag.attributes[i].name.of(in))) {
			case "color", "size", "face":
				t.breakOut()
				return
			}
		}
	case t.current == nsMathML && string(name) == "annotation-xml" && !tag.selfClosing:
		for i := range tag.attributes {
			a := &tag.attributes[i]
			value := string(appendLower(nil, a.value.of(in)))
			if string(appendLower(nil, a.name.of(in))) == "encoding" && (value == "text/html" || value == "application/xhtml+xml") {
				t.enter(nsHTML)
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
		if n := len(t.stack); n > 0 {
			outer := t.stack[n-1]
			if t.integrates(outer, name) || outer == nsMathML && string(name) == "annotation-xml" {
				t.leave()
			}
		}
	case t.current == nsSVG && string(name) == "svg", t.current == nsMathML && string(name) == "math", string(name) == "p", string(name) == "br":
		t.leave()
	}
}

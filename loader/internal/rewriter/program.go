package rewriter

import "bytes"

// Want says of which tokens a handler wants to hear.
type Want uint8

// The tokens: elements and their end tags, text, comments, doctypes.
const (
	WantElements Want = 1 << iota
	WantText
	WantComments
	WantDoctypes
)

// A Handler is one registration. Its index in the list given to [New] names it in events.
type Handler struct {
	// Selector says of which elements and their content it hears; empty for the whole document, of which it hears no elements.
	Selector string
	// Wants are the tokens it wants.
	Wants Want
}

// A node is a compound of a selector. Those that follow it are looked at in the children, or all descendants, of an element it matches.
type node struct {
	conditions            []condition
	children, descendants []int32
	// handlers are those of the selectors that end here.
	handlers []int32
}

// A condition is what an element must be, or not be.
type condition struct {
	simple
	negative bool
	// bytes of name and value in the encoding of the document.
	nameBytes, valueBytes []byte
}

// A program is the selectors of a rewriter.
type program struct {
	nodes []node
	// entries are the nodes that begin a selector.
	entries []int32
	// countTypes says whether some condition counts siblings of one type.
	countTypes bool
}

// add compiles a selector for a handler.
func (p *program) add(list selector, handler int32, e encoding) {
	for _, chain := range list {
		at := int32(-1)
		for i := range chain {
			n := int32(len(p.nodes))
			p.nodes = append(p.nodes, node{})
			switch {
			case i == 0:
				p.entries = append(p.entries, n)
			case chain[i].combinator == '>':
				p.nodes[at].children = append(p.nodes[at].children, n)
			default:
				p.nodes[at].descendants = append(p.nodes[at].descendants, n)
			}
			p.addConditions(n, chain[i].parts, false, e)
			at = n
		}
		p.nodes[at].handlers = []int32{handler}
	}
}

// addConditions adds the parts of a compound. What is within :not() must not hold, each part by itself: `:not(a.b)` is neither an a nor
// of class b. That is not what CSS says, but what the platform does.
func (p *program) addConditions(n int32, parts []simple, negative bool, e encoding) {
	for _, part := range parts {
		if part.kind == simpleNot {
			for _, chain := range part.negated {
				p.addConditions(n, chain[0].parts, !negative, e)
			}
			continue
		}
		c := condition{simple: part, negative: negative}
		if part.kind == simpleNthOfType {
			p.countTypes = true
		}
		var nameOK, valueOK bool
		c.nameBytes, nameOK = e.encode(part.name)
		c.valueBytes, valueOK = e.encode(part.value)
		if !nameOK || !valueOK { // no document of this encoding has it
			c.kind = simpleNone
		}
		p.nodes[n].conditions = append(p.nodes[n].conditions, c)
	}
}

// An element is a start tag that is being matched.
type element struct {
	name string // in lower case, in the encoding of the document
	tag  *tag
	in   []byte
	ns   namespace
	// index counts it among its siblings, from 1; typeIndex among those of its name.
	index, typeIndex int32
	// work is how much has been looked at for it so far: nodes, and attributes and text in portions that take about as long.
	work int
}

func (n *node) matches(e *element) bool {
	for i := range n.conditions {
		if c := &n.conditions[i]; c.holds(e) == c.negative {
			return false
		}
	}
	return true
}

func (c *condition) holds(e *element) bool {
	switch c.kind {
	case simpleAny:
		return true
	case simpleType:
		return e.name == string(c.nameBytes)
	case simpleNthChild:
		return c.nth.has(e.index)
	case simpleNthOfType:
		return c.nth.has(e.typeIndex)
	case simpleID:
		value, ok := e.attribute(idName)
		return ok && bytes.Equal(value, c.nameBytes)
	case simpleClass:
		value, ok := e.attribute(className)
		return ok && hasWord(value, c.nameBytes, false)
	case simpleHas:
		_, ok := e.attribute(c.nameBytes)
		return ok
	case simpleCompare:
		value, ok := e.attribute(c.nameBytes)
		return ok && c.compare(value, c.fold == foldAlways || c.fold == foldInHTML && e.ns == nsHTML)
	}
	return false
}

var (
	idName    = []byte("id")
	className = []byte("class")
)

// attribute gives the value of the first attribute of a name in lower case.
func (e *element) attribute(name []byte) ([]byte, bool) {
	e.work += len(e.tag.attributes) / 16
	for i := range e.tag.attributes {
		if a := &e.tag.attributes[i]; a.name.end-a.name.start == len(name) && equalFold(a.name.of(e.in), name) {
			e.work += (a.value.end - a.value.start) / 256
			return a.value.of(e.in), true
		}
	}
	return nil, false
}

func (c *condition) compare(value []byte, fold bool) bool {
	want := c.valueBytes
	switch c.operator {
	case '=':
		return same(value, want, fold)
	case '|':
		return same(value, want, fold) || len(value) > len(want) && value[len(want)] == '-' && same(value[:len(want)], want, fold)
	}
	if len(want) == 0 || len(value) < len(want) { // nothing begins with nothing
		return false
	}
	switch c.operator {
	case '~':
		return hasWord(value, want, fold)
	case '^':
		return same(value[:len(want)], want, fold)
	case '$':
		return same(value[len(value)-len(want):], want, fold)
	}
	return contains(value, want, fold)
}

func same(a, b []byte, fold bool) bool {
	if fold {
		return equalFold(a, b)
	}
	return bytes.Equal(a, b)
}

func contains(value, want []byte, fold bool) bool {
	if fold {
		return containsFold(value, want)
	}
	return bytes.Contains(value, want)
}

func hasWord(value, word []byte, fold bool) bool {
	for {
		i := bytes.IndexAny(value, " \n\r\t\f")
		if i < 0 {
			return same(value, word, fold)
		}
		if same(value[:i], word, fold) {
			return true
		}
		value = value[i+1:]
	}
}

package rewriter

import "strings"

// A tagName is a name of tags, in lower case, and what is known of it.
type tagName struct {
	text string
	kind kind
	mode textMode
	// open is how many elements of this name are.
	open int
}

// A kind says what the tree must know of a name.
type kind uint16

const (
	// kindVoid are elements without content.
	kindVoid kind = 1 << iota
	// kindText are elements whose content is text, in the mode of the name.
	kindText
	// kindRoot are svg and math.
	kindRoot
	// kindGuard are names by which a tree tells where tags are ambiguous.
	kindGuard
	// kindBreakout are start tags that end foreign content.
	//
	// Spec: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
	kindBreakout
	// kindSpecial are elements that keep most end tags from what is around them, kindScope those that keep those of kindBlock.
	//
	// Spec: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody
	kindSpecial
	kindScope
	kindBlock
	// kindIgnored are start tags that have no element where there is one already.
	kindIgnored
	kindHeading
)

// kinds are the names of each kind.
var kinds = map[kind]string{
	kindVoid:     "area base basefont bgsound br col embed hr img input keygen link meta param source track wbr",
	kindText:     "textarea title plaintext script style iframe xmp noembed noframes noscript",
	kindRoot:     "svg math",
	kindGuard:    "select frameset textarea input keygen template script noframes",
	kindBreakout: "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var",
	kindSpecial:  "address applet article aside blockquote button caption center colgroup dd details dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup iframe li listing main marquee menu nav noembed noframes noscript object ol p plaintext pre script search section select style summary table tbody td template textarea tfoot th thead title tr ul xmp",
	kindScope:    "applet caption table td th marquee object template",
	kindBlock:    "address article aside blockquote button center dd details dialog dir div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre search section summary ul",
	kindIgnored:  "body head html",
	kindHeading:  "h1 h2 h3 h4 h5 h6",
}

// kindOf is kinds by name.
var kindOf = func() map[string]kind {
	byName := make(map[string]kind)
	for k, list := range kinds {
		for name := range strings.FieldsSeq(list) {
			byName[name] |= k
		}
	}
	return byName
}()

func modeOf(name string) textMode {
	switch name {
	case "textarea", "title":
		return textRCDATA
	case "plaintext":
		return textPlain
	case "script":
		return textScript
	}
	return textRaw
}

func (n *tagName) is(k kind) bool { return n.kind&k != 0 }

const (
	// nameCost is what a name costs, in bytes, besides its text.
	nameCost = 96
	// maxNames are kept though nothing of that name is open.
	maxNames = 256
)

// name finds a name, which it remembers.
func (s *stack) name(text []byte) (*tagName, error) {
	if known := s.names[string(text)]; known != nil {
		return known, nil
	}
	if len(s.names) >= s.mostNames {
		s.forgetNames()
	}
	n := &tagName{text: string(text)}
	if n.kind = kindOf[n.text]; n.is(kindText) {
		n.mode = modeOf(n.text)
	}
	s.names[n.text] = n
	return n, s.charge(&s.root, nameCost+len(text))
}

// forgetNames lets go of names of which nothing is open. It is called when there are twice as many as were left the last time.
func (s *stack) forgetNames() {
	for text, n := range s.names {
		if n.open == 0 {
			delete(s.names, text)
			_ = s.charge(&s.root, -(nameCost + len(text)))
		}
	}
	s.mostNames = max(maxNames, 2*len(s.names))
}

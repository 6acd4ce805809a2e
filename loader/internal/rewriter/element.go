package rewriter

import (
	"encoding/binary"
	"slices"
)

// openElement matches a start tag, gives it to the handlers that want it, and puts it on the stack.
func (r *Rewriter) openElement(t *tag, name *tagName, raw span) error {
	content := !name.is(kindVoid) && !(r.esi && (name.text == "esi:include" || name.text == "esi:comment"))
	if r.tree.of != nsHTML {
		content = !t.selfClosing
	}
	index, typeIndex, err := r.stack.count(name, r.program.countTypes)
	if err != nil {
		return err
	}
	if err := r.match(&element{name: name.text, tag: t, in: r.lexer.in, ns: r.tree.of, index: index, typeIndex: typeIndex}); err != nil {
		return err
	}
	r.elementHandlers = r.elementHandlers[:0]
	for _, h := range r.matched {
		if content {
			r.listen(h, 1)
		}
		if r.wants[h]&WantElements != 0 {
			r.elementHandlers = append(r.elementHandlers, h)
		}
	}
	given := len(r.elementHandlers) > 0
	if content {
		r.stack.inherit(r.heirs)
		item := open{handlers: slices.Clone(r.matched), children: slices.Clone(r.children), given: given}
		if err := r.stack.push(name, item); err != nil {
			return err
		}
	}
	if given {
		r.giveElement(t, name, raw, content)
	}
	return nil
}

// maxTagWork bounds what is looked at for one tag, as nothing can stop a call within it.
const maxTagWork = 1 << 22

// match finds the handlers of an element, in their order, and the nodes to look at below it.
func (r *Rewriter) match(e *element) error {
	r.matched, r.children, r.heirs = r.matched[:0], r.children[:0], r.heirs[:0]
	defer func() { r.work += e.work }()
	for _, n := range r.program.entries {
		r.try(n, e)
	}
	for _, n := range r.stack.top().children {
		r.try(n, e)
	}
	for i := range r.stack.heirs {
		r.try(r.stack.heirs[i].node, e)
	}
	if e.work > maxTagWork {
		return ErrMemory
	}
	if len(r.matched) > 1 {
		slices.Sort(r.matched)
		r.matched = slices.Compact(r.matched)
	}
	return nil
}

func (r *Rewriter) try(n int32, e *element) {
	if e.work++; e.work > maxTagWork {
		return
	}
	node := &r.program.nodes[n]
	if !node.matches(e) {
		return
	}
	r.matched = append(r.matched, node.handlers...)
	r.children = append(r.children, node.children...)
	r.heirs = append(r.heirs, node.descendants...)
}

func (r *Rewriter) giveElement(t *tag, name *tagName, raw span, content bool) {
	flags := 0
	if content {
		flags |= flagContent
	}
	if t.selfClosing {
		flags |= flagSelfClosing
	}
	switch r.tree.of {
	case nsSVG:
		flags |= flagSVG
	case nsMathML:
		flags |= flagMathML
	}
	b := r.batch
	b.put(eventElement, raw.start, raw.end)
	b.putText(r.encoding, r.lower)
	b.put(t.name.end-t.name.start, flags)
	b.putHandlers(r.elementHandlers)
	b.put(len(t.attributes))
	total, texts := len(b.Events), len(b.Text)
	b.put(0)
	for i := range t.attributes {
		a := &t.attributes[i]
		b.putLower(r.encoding, a.name.of(r.lexer.in))
		b.putText(r.encoding, a.value.of(r.lexer.in))
		b.put(a.raw.start, a.raw.end)
	}
	binary.LittleEndian.PutUint32(b.Events[total:], uint32(units(b.Text[texts:])))
}

// closeElements ends the element of an end tag's name and all within it.
func (r *Rewriter) closeElements(t *tag, name *tagName, raw span) {
	at := r.stack.find(name)
	if at < 0 {
		return
	}
	given := 0
	for len(r.stack.items) > at {
		item := r.stack.pop()
		for _, h := range item.handlers {
			r.listen(h, -1)
		}
		if item.given {
			given++
		}
	}
	if given == 0 {
		return
	}
	r.batch.put(eventEnd, raw.start, raw.end)
	r.batch.putText(r.encoding, r.lower)
	r.batch.put(t.name.end-t.name.start, given)
}

package rewriter

// A Rewriter reads one document.
type Rewriter struct {
	lexer    lexer
	tree     tree
	encoding encoding
	program  program
	stack    stack
	decoder  textDecoder
	wants    []Want
	esi      bool
	// text and comments are the handlers that hear of those now.
	text, comments audience
	doctypes       []int32
	batch          *Batch
	// work is how much was looked at in this call, see element.
	work int
	// Scratch, reused by each tag.
	lower                    []byte
	matched, children, heirs []int32
	elementHandlers          []int32
}

// Options say how a document is read.
type Options struct {
	// Encoding is a label of the Encoding Standard, as Content-Type has it: "utf-8".
	Encoding string
	// ESI makes esi:include and esi:comment elements without content.
	ESI bool
	// Shared is what the Rewriter has in common with others of its realm; it must not be nil.
	Shared *Shared
}

// What a rewriter and its parts cost, in bytes, roughly.
const (
	baseCost    = 2 << 10
	handlerCost = 64
	nodeCost    = 256
)

// New makes a Rewriter for one document. Handlers of selectors hear a token before those of the document, each in the order given.
//
// Errors: a [SelectorError], or one that says what is wrong with the encoding; both texts are the platform's. [ErrMemory] if there is
// no room for another. Who makes a Rewriter closes it.
func New(handlers []Handler, options Options) (*Rewriter, error) {
	e, err := encodingOf(options.Encoding)
	if err != nil {
		return nil, err
	}
	r := &Rewriter{encoding: e, esi: options.ESI, wants: make([]Want, len(handlers))}
	r.decoder.encoding = e
	r.stack.names, r.stack.mostNames = make(map[string]*tagName), maxNames
	r.text = audience{counts: make([]int32, len(handlers))}
	r.comments = audience{counts: make([]int32, len(handlers))}
	for i, h := range handlers {
		r.wants[i] = h.Wants
		if h.Selector != "" {
			list, err := parseSelector(h.Selector)
			if err != nil {
				return nil, err
			}
			r.program.add(list, int32(i), e)
			continue
		}
		r.listen(int32(i), 1)
		if h.Wants&WantDoctypes != 0 {
			r.doctypes = append(r.doctypes, int32(i))
		}
	}
	r.stack.shared = options.Shared
	if err := r.stack.charge(&r.stack.root, baseCost+handlerCost*len(handlers)+nodeCost*len(r.program.nodes)); err != nil {
		r.Close()
		return nil, err
	}
	r.stack.depthOf = make([]int32, len(r.program.nodes))
	for i := range r.stack.depthOf {
		r.stack.depthOf[i] = -1
	}
	r.lexer.sink = r
	r.lexer.state = (*lexer).data
	return r, nil
}

// Close gives back what the Rewriter has of the shared memory. It must not be used any more.
func (r *Rewriter) Close() {
	r.stack.shared.take(-r.stack.used)
	r.stack.used = 0
}

// Write reads a piece of the document, which begins with the bytes that earlier calls have left, unchanged; last says that it is the
// end. The batch is valid until the next call of any rewriter that shares its memory, also if there is an error: its
// events come before.
//
// Errors: an *[AmbiguityError], or [ErrMemory]. The Rewriter cannot be used after one.
func (r *Rewriter) Write(in []byte, last bool) (*Batch, error) {
	r.batch = &r.stack.shared.batch
	r.batch.reset()
	r.work = 0
	if r.lexer.err == nil && len(in) < r.lexer.pos {
		r.lexer.err = ErrMemory // what was left is not there any more
	}
	if r.lexer.err != nil {
		return r.batch, r.lexer.err
	}
	r.batch.Done = r.lexer.run(in, last)
	r.batch.More = r.lexer.pause
	return r.batch, r.lexer.err
}

// An audience is the handlers that hear of a kind of token.
type audience struct {
	// counts is, by handler, how many open elements it hears of.
	counts []int32
	// now are those above zero, in order, unless stale.
	now   []int32
	stale bool
}

func (a *audience) add(handler, n int32) {
	before := a.counts[handler]
	a.counts[handler] += n
	if (before == 0) != (a.counts[handler] == 0) {
		a.stale = true
	}
}

func (a *audience) list() []int32 {
	if a.stale {
		a.stale = false
		a.now = a.now[:0]
		for i, n := range a.counts {
			if n > 0 {
				a.now = append(a.now, int32(i))
			}
		}
	}
	return a.now
}

// listen adds n to the count of a handler where it wants to hear something.
func (r *Rewriter) listen(handler, n int32) {
	if r.wants[handler]&WantText != 0 {
		r.text.add(handler, n)
	}
	if r.wants[handler]&WantComments != 0 {
		r.comments.add(handler, n)
	}
}

var _ sink = (*Rewriter)(nil)

// What one call of Write does at most, roughly: bytes of events, and what is looked at.
const (
	maxEvents = 1 << 20
	maxWork   = 1 << 21
)

// paceBatch pauses the lexer when the batch is full.
func (r *Rewriter) paceBatch() {
	r.lexer.pause = len(r.batch.Events) > maxEvents || r.work > maxWork
}

func (r *Rewriter) someText(raw span) {
	if len(r.text.list()) > 0 {
		r.decoder.feed(r.lexer.in, raw, r.giveText)
	}
}

func (r *Rewriter) giveText(text []byte, raw span, exact, last bool) {
	flags := 0
	if last {
		flags |= flagLast
	}
	if exact {
		flags |= flagExact
	}
	r.batch.put(eventText, raw.start, raw.end, flags, units(text))
	r.batch.Text = append(r.batch.Text, text...)
	if text == nil && !last {
		r.batch.put(0)
		return
	}
	r.batch.putHandlers(r.text.list())
	r.paceBatch()
}

// endText ends the text node before the token that is being read.
func (r *Rewriter) endText() { r.decoder.end(r.lexer.start, r.giveText) }

func (r *Rewriter) other() { r.endText() }

func (r *Rewriter) comment(text, raw span) {
	r.endText()
	handlers := r.comments.list()
	if len(handlers) == 0 {
		return
	}
	r.batch.put(eventComment, raw.start, raw.end)
	r.batch.putText(r.encoding, text.of(r.lexer.in))
	r.batch.putHandlers(handlers)
	r.paceBatch()
}

func (r *Rewriter) doctype(d *doctype, raw span) {
	r.endText()
	if len(r.doctypes) == 0 {
		return
	}
	r.batch.put(eventDoctype, raw.start, raw.end)
	for i, s := range []span{d.name, d.public, d.system} {
		switch {
		case s.start < 0:
			r.batch.put(-1)
		case i == 0:
			r.batch.putLower(r.encoding, s.of(r.lexer.in))
		default:
			r.batch.putText(r.encoding, s.of(r.lexer.in))
		}
	}
	r.batch.putHandlers(r.doctypes)
}

func (r *Rewriter) tag(t *tag, raw span) error {
	r.lower = appendLower(r.lower[:0], t.name.of(r.lexer.in))
	name, err := r.stack.name(r.lower)
	if err != nil {
		return err
	}
	if t.isEnd {
		r.tree.endTag(name)
		r.lexer.allowCDATA = r.tree.current != nsHTML
		r.endText()
		r.closeElements(t, name, raw)
		return nil
	}
	mode, err := r.tree.startTag(t, name, r.lexer.in)
	if err != nil {
		return err
	}
	r.lexer.allowCDATA = r.tree.current != nsHTML
	if r.lexer.mode = mode; mode != textData {
		r.lexer.setEndOf(r.lower)
	}
	r.endText()
	if len(r.program.nodes) == 0 {
		return nil
	}
	err = r.openElement(t, name, raw)
	r.paceBatch()
	return err
}

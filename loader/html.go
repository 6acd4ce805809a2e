package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/rewriter"
)

// htmlRewriters are the documents that a realm is rewriting. Only call ops use it, so on the isolate's thread.
type htmlRewriters struct {
	shared rewriter.Shared
	open   map[uint32]openRewriter
	last   uint32
}

// An openRewriter belongs to the context that has begun it. JavaScript closes it; those of contexts that ended before are swept away
// when another is opened.
type openRewriter struct {
	*rewriter.Rewriter
	ctx *requestContext
}

func (h *htmlRewriters) call(op ops.ID, a *ops.Reader, answer *ops.Batch, i *instance) {
	switch op {
	case ops.HTMLSelector:
		if err := rewriter.CheckSelector(a.String()); err != nil {
			parserError(answer, err)
			return
		}
		isolate.CallResult(answer)
		answer.Undefined()
	case ops.HTMLOpen:
		h.callOpen(a, answer, i)
	case ops.HTMLWrite:
		h.callWrite(a, answer)
	case ops.HTMLClose:
		h.close(uint32(a.Int()))
		isolate.CallResult(answer)
		answer.Undefined()
	case ops.HTMLEncode:
		callEncode(a, answer)
	}
}

func parserError(answer *ops.Batch, err error) {
	isolate.CallError(answer, "TypeError", "Parser error: "+err.Error())
}

func (h *htmlRewriters) callOpen(a *ops.Reader, answer *ops.Batch, i *instance) {
	ctx := uint32(a.Int())
	options := rewriter.Options{Encoding: a.String(), ESI: a.Bool(), Shared: &h.shared}
	handlers := make([]rewriter.Handler, 0, 8)
	for n := a.Array() / 2; n > 0 && a.Err == nil; n-- {
		handler := rewriter.Handler{}
		if !a.IsNull() {
			handler.Selector = a.String()
		}
		handler.Wants = rewriter.Want(a.Int())
		handlers = append(handlers, handler)
	}
	h.sweep()
	i.mu.Lock()
	c := i.contexts[ctx]
	i.mu.Unlock()
	if c == nil { // it has ended, and nobody will read the result
		isolate.CallError(answer, "Error", "The request context has ended.")
		return
	}
	r, err := rewriter.New(handlers, options)
	if err != nil {
		parserError(answer, err)
		return
	}
	if h.open == nil {
		h.open = make(map[uint32]openRewriter)
	}
	h.last++
	h.open[h.last] = openRewriter{r, c}
	isolate.CallResult(answer)
	answer.Int(int64(h.last))
}

// sweep closes what belongs to contexts that have ended.
func (h *htmlRewriters) sweep() {
	for rid, r := range h.open {
		if r.ctx.over.Load() {
			h.close(rid)
		}
	}
}

func (h *htmlRewriters) close(rid uint32) {
	if r, ok := h.open[rid]; ok {
		r.Close()
		delete(h.open, rid)
	}
}

func (h *htmlRewriters) callWrite(a *ops.Reader, answer *ops.Batch) {
	r, ok := h.open[uint32(a.Int())]
	if !ok {
		isolate.CallError(answer, "Error", "The request context has ended.")
		return
	}
	input, last := a.Bytes(), a.Bool()
	batch, err := r.Write(input, last)
	isolate.CallResult(answer)
	if len(batch.Events) == 0 && err == nil && !batch.More {
		answer.Int(int64(batch.Done))
		return
	}
	answer.Array(5)
	answer.Int(int64(batch.Done))
	answer.Data(batch.Events)
	answer.StringBytes(batch.Text)
	if err != nil {
		answer.String("Parser error: " + err.Error())
	} else {
		answer.Null()
	}
	answer.Bool(batch.More)
}

func callEncode(a *ops.Reader, answer *ops.Batch) {
	label, text, strict := a.String(), a.String(), a.Bool()
	data, err := rewriter.Encode(label, text, strict)
	isolate.CallResult(answer)
	if err != nil {
		answer.Null()
		return
	}
	answer.Data(data)
}

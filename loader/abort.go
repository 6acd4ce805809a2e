package loader

import (
	"slices"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// Events that end before their time: ctx.abort(), abortIsolate(), a caller that has gone, waitUntil promises that take too long.

// opAbort ends a context with an exception. The RPC that has opened the context sees it as its own, not as a remote one, like the
// reference runtime's.
func (i *instance) opAbort(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	f := i.readThrown(a)
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	c.trace.fail(f)
	owed := c.takeOwed()
	left := c.end()
	i.mu.Unlock()
	if left != nil {
		left.broken = f
	}
	own := *f
	if f.origin == fromWorker {
		own.origin = fromSelf
	}
	if owed.fetcher != nil {
		owed.fetcher.fail(r, f)
	}
	for _, s := range owed.served {
		switch {
		case s.to == nil:
		case s.top:
			s.to.fail(r, &own)
		default:
			s.to.fail(r, f)
		}
	}
	left.release(r)
}

// opAbortIsolate ends the instance. The worker starts anew with its next call; the id of a dynamic one is free again, so that the
// next get of it asks for the code.
func (i *instance) opAbortIsolate(r *isolate.Runner, a *ops.Reader) {
	_ = a.Int() // the context
	f := hostError("abortIsolate() called; reason = %s", a.String())
	f.stack = f.Error()
	i.mu.Lock()
	loaded := i.loaded
	i.mu.Unlock()
	if !loaded { // at module scope: starting again would end the same way
		i.worker.fail(i, f)
	} else if n := i.worker.namespace; n != nil {
		n.remove(i.worker)
	}
	i.shut(r, f)
}

// cancelContext tells a worker that the caller has gone. The context ends when the worker has heard it, unless waitUntil keeps it.
func (i *instance) cancelContext(r *isolate.Runner, c *requestContext, f *failure) {
	i.mu.Lock()
	if c.ended {
		i.mu.Unlock()
		return
	}
	c.fetcher, c.connecting, c.connector = nil, false, nil
	c.served = slices.DeleteFunc(c.served, func(s *servedCall) bool { return s.top }) // others may wait for the rest
	var left *leftovers
	if b := i.begin(); b != nil {
		encodeCancel(b, c, f)
		encodeEnd(b, c, endIfGone)
		i.commit(r)
	} else {
		left = c.end()
	}
	i.mu.Unlock()
	left.release(r)
}

// encodeCancel appends the message that the caller has gone.
func encodeCancel(b *ops.Batch, c *requestContext, f *failure) {
	b.Begin(ops.MessageCancel, c.id)
	b.String(f.class)
	b.String(f.message)
	b.End(2)
}

// What MessageEnd leaves of a context.
const (
	endIfUnused = iota // a stream of an answer is over
	endIfGone          // the caller has gone: what waitUntil keeps
	endNow             // nothing
)

// encodeEnd appends the message that may end a context.
func encodeEnd(b *ops.Batch, c *requestContext, how int64) {
	b.Begin(ops.MessageEnd, c.id)
	b.Int(how)
	b.End(1)
}

// opEnd answers MessageEnd.
func (i *instance) opEnd(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	gone := a.Bool()
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	if gone {
		c.gone = true
	} else {
		c.heldStreams--
	}
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

func (i *instance) opPassThrough(_ *isolate.Runner, ctx uint32, _ *ops.Reader) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil {
		c.passThrough = true
	}
}

// passThrough tells a worker that its event hangs, if it wants to answer it from its outbound then. Preconditions: mu is held.
func (i *instance) passThrough(r *isolate.Runner, c *requestContext, f *failure) bool {
	if !c.passThrough || c.answered {
		return false
	}
	c.passThrough = false
	b := i.begin()
	if b == nil {
		return false
	}
	b.Begin(ops.MessageHung, c.id)
	b.String(f.class)
	b.String(f.message)
	b.End(2)
	i.commit(r)
	return true
}

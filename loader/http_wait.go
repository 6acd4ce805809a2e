package loader

import (
	"bufio"
	"time"

	"github.com/dynos-run/dynos/isolate"
)

// States of an httpCall.
const (
	callRunning   = iota
	callAwaited   // the handler waits on ready
	callAnswered  // the response is there
	callStranded  // the handler is in a turn that lasts, perhaps for ever
	callDelivered // it was, when the response was there: somebody else writes that, and says on ready when it is done
)

// answered says that the response is there.
func (c *httpCall) answered() {
	c.done.Store(true)
	for {
		switch {
		case c.state.CompareAndSwap(callRunning, callAnswered):
			return
		case c.state.CompareAndSwap(callAwaited, callAnswered):
			c.ready <- struct{}{}
			return
		case c.state.CompareAndSwap(callStranded, callDelivered):
			go c.deliver()
			return
		}
	}
}

// strand says that the handler's goroutine does not come back for a while, or never: whoever answers the call also writes the response.
func (c *httpCall) strand() {
	switch {
	case c.state.CompareAndSwap(callRunning, callStranded):
		c.rt.stranded.Add(1)
	case c.state.CompareAndSwap(callAnswered, callDelivered):
		c.rt.stranded.Add(1)
		go c.deliver()
	}
}

// deliver writes the response in place of the server, whose goroutine is not there, and ends the connection.
func (c *httpCall) deliver() {
	conn := c.ctx.Conn()
	c.ctx.Response.SetConnectionClose()
	w := bufio.NewWriter(conn)
	if c.ctx.Response.Write(w) == nil {
		_ = w.Flush()
	}
	_ = conn.Close()
	c.ready <- struct{}{}
}

// settle returns when the response is there; false if the server must not write it. Its goroutine is back from all turns.
func (c *httpCall) settle(running inflight) bool {
	if c.state.CompareAndSwap(callRunning, callAwaited) {
		return c.wait(running)
	}
	if c.state.CompareAndSwap(callStranded, callAwaited) {
		c.rt.stranded.Add(-1)
		return c.wait(running)
	}
	if c.state.Load() == callAnswered {
		return true
	}
	<-c.ready
	c.rt.stranded.Add(-1)
	return false
}

// wait blocks until there is an answer. A client that has gone cancels the request; then it returns false.
func (c *httpCall) wait(running inflight) bool {
	timer := time.NewTimer(firstPeek)
	defer timer.Stop()
	for {
		select {
		case <-c.ready:
			return true
		case <-timer.C:
			if running != nil && disconnected(c.ctx.Conn()) && c.claim() {
				var r isolate.Runner
				running.cancel(&r)
				r.Run()
				c.closeUpload()
				return false
			}
			if q, ok := running.(*queuedFetch); ok && q.expired() {
				q.refuse(new(isolate.Runner))
			}
			timer.Reset(laterPeek)
		}
	}
}

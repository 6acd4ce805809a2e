package loader

// The timers of a realm, which count in their context.

import (
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/hostops"
)

func (i *instance) opTimerStart(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	id, delay, repeat := a.Int(), a.Float(), a.Bool()
	i.mu.Lock()
	c := i.contexts[ctx]
	tooMany := false
	if c != nil {
		c.pending++
		c.timers++
		tooMany = c.timers > maxTimers
	}
	i.mu.Unlock()
	if c == nil {
		return
	}
	if tooMany {
		i.exceed(r, c, i.limitFailure(textTimers, LimitTimers, maxTimers), outcomeExceededMemory)
		return
	}
	key := hostops.TimerKey{Context: i.timerContext(ctx), ID: uint64(id)}
	i.rt.timers.Start(key, time.Duration(delay*float64(time.Millisecond)), repeat, func() { i.fireTimer(c, id, repeat) })
}

func (i *instance) fireTimer(c *requestContext, id int64, repeat bool) {
	var r isolate.Runner
	i.mu.Lock()
	if !c.ended {
		if !repeat {
			c.pending--
			c.timers--
		}
		if b := i.begin(); b != nil {
			b.Begin(ops.MessageTimer, c.id)
			b.Int(id)
			b.End(1)
			i.commit(&r)
		}
		i.suspect(c)
	}
	i.mu.Unlock()
	r.Hand() // other timers wait behind this one
}

func (i *instance) opTimerClear(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	stopped := i.rt.timers.Stop(hostops.TimerKey{Context: i.timerContext(ctx), ID: uint64(a.Int())})
	i.mu.Lock()
	if c := i.contexts[ctx]; c != nil && stopped {
		c.pending--
		c.timers--
		i.suspect(c)
	}
	i.mu.Unlock()
}

package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// opIdle is answered once the context has nothing else to wait for: by findHung, for which it counts as nothing.
func (i *instance) opIdle(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	i.mu.Lock()
	c.pending--
	c.idle = append(c.idle, promise)
	i.suspect(c)
	i.mu.Unlock()
}

// answerIdle answers what waits for the context to be idle.
func (i *instance) answerIdle(r *isolate.Runner, c *requestContext) {
	i.mu.Lock()
	promises := c.idle
	c.idle = nil
	c.pending += len(promises)
	i.mu.Unlock()
	for _, promise := range promises {
		i.complete(r, c, promise, func(b *ops.Batch) int {
			b.Bool(true)
			b.Undefined()
			return 2
		})
	}
}

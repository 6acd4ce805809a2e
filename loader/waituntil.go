package loader

import (
	"time"

	"github.com/dynos-run/dynos/isolate"
)

// defaultWaitUntil is how long waitUntil promises may keep a context that has answered, on Cloudflare's platform and here.
const defaultWaitUntil = 30 * time.Second

const waitUntilExceeded = "waitUntil() tasks did not complete within the allowed time after invocation end and have been cancelled. " +
	"See: https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil"

// limitWaiting bounds the rest of a context that only waitUntil promises keep. Preconditions: mu is held.
func (c *requestContext) limitWaiting() {
	if c.deadline == nil {
		c.deadline = time.AfterFunc(c.inst.rt.config.WaitUntilTimeout, func() { c.inst.endWaiting(c) })
	}
}

// endWaiting ends a context whose waitUntil promises have had their time.
func (i *instance) endWaiting(c *requestContext) {
	var r isolate.Runner
	i.mu.Lock()
	if c.ended {
		i.mu.Unlock()
		return
	}
	c.test.uncaught(waitUntilExceeded)
	left := i.endNow(&r, c)
	i.mu.Unlock()
	i.rt.log(i.def, LevelWarn, waitUntilExceeded)
	left.release(&r)
	r.Run()
}

package loader

import (
	"context"
	"sync"
	"sync/atomic"
)

// maxWaitingExchanges is how many exchanges of a worker wait for others to end; more fail at once.
const maxWaitingExchanges = 1024

var errTooManyExchanges = hostError("Too many requests of this Worker wait for the network.")

// exchanges bounds the exchanges of a worker with the network: from when one begins to the end of its response's body. The zero value is
// ready.
type exchanges struct {
	once    sync.Once
	places  chan struct{}
	waiting atomic.Int32
}

// enter waits for a place among limit. If there is no failure, leave gives it back; calling it again does nothing.
func (o *exchanges) enter(ctx context.Context, limit int) (leave func(), f *failure) {
	o.once.Do(func() { o.places = make(chan struct{}, limit) })
	select {
	case o.places <- struct{}{}:
		return o.leave(), nil
	default:
	}
	if o.waiting.Add(1) > maxWaitingExchanges {
		o.waiting.Add(-1)
		return nil, errTooManyExchanges
	}
	defer o.waiting.Add(-1)
	select {
	case o.places <- struct{}{}:
		return o.leave(), nil
	case <-ctx.Done():
		return nil, networkFailure(context.Cause(ctx))
	}
}

func (o *exchanges) leave() func() { return sync.OnceFunc(func() { <-o.places }) }

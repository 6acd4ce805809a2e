package store

import (
	"context"
	"sync"
	"time"
)

// maxStatement is how long a step of a script's statement may take. Nobody else can use the object meanwhile, nor its isolate.
const maxStatement = 30 * time.Second

// A breaker is the context of a script's statements: it ends when one of them runs for too long, and another takes its place. It implements what
// context.AfterFunc looks for, so that no goroutine is needed for a statement.
type breaker struct {
	done  chan struct{}
	timer *time.Timer

	mu    sync.Mutex // guards the rest
	ended bool
	calls []*breakerCall

	onCall func() // for tests: a statement has begun
}

type breakerCall struct{ f func() }

var _ context.Context = (*breaker)(nil)

func newBreaker() *breaker {
	b := &breaker{done: make(chan struct{})}
	b.timer = time.AfterFunc(maxStatement, b.interrupt)
	b.timer.Stop()
	return b
}

// Deadline implements context.Context.
func (b *breaker) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (b *breaker) Done() <-chan struct{} { return b.done }

// Value implements context.Context.
func (b *breaker) Value(any) any { return nil }

// Err implements context.Context.
func (b *breaker) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return context.DeadlineExceeded
	}
	return nil
}

// AfterFunc registers a function that an interruption calls; stop takes it back.
func (b *breaker) AfterFunc(f func()) (stop func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	call := &breakerCall{f}
	b.calls = append(b.calls, call)
	if b.onCall != nil {
		b.onCall()
	}
	return func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for k, other := range b.calls {
			if other == call {
				b.calls = append(b.calls[:k], b.calls[k+1:]...)
				return true
			}
		}
		return false
	}
}

// interrupt ends what runs.
func (b *breaker) interrupt() {
	b.mu.Lock()
	if b.ended {
		b.mu.Unlock()
		return
	}
	b.ended = true
	calls := b.calls
	b.calls = nil
	close(b.done)
	b.mu.Unlock()
	for _, call := range calls {
		call.f()
	}
}

package outbound

import (
	"context"

	"github.com/dynos-run/dynos/bindings"
)

// Func is a Go function as the network of workers: what it answers is what their fetch gets.
type Func func(ctx context.Context, req *bindings.Request) (*bindings.Response, error)

var _ bindings.Fetcher = Func(nil)

// Fetch calls f.
func (f Func) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	return f(ctx, req)
}

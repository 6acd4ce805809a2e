package loader_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
)

// crowded is a network that counts the exchanges in it. Its bodies end when they are told to.
type crowded struct {
	mu        sync.Mutex
	now, most int
	arrived   chan struct{}
	proceed   chan struct{}
}

func (c *crowded) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	c.count(1)
	c.arrived <- struct{}{}
	if strings.HasSuffix(req.URL, "fail") {
		c.count(-1)
		return nil, errors.New("failed")
	}
	return &bindings.Response{Status: 200, Body: &crowdedBody{c: c, ctx: ctx}, ContentLength: -1}, nil
}

func (c *crowded) count(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += n
	c.most = max(c.most, c.now)
}

type crowdedBody struct {
	c    *crowded
	ctx  context.Context
	once sync.Once
}

func (b *crowdedBody) Read([]byte) (int, error) {
	select {
	case <-b.c.proceed:
		return 0, io.EOF
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}

func (b *crowdedBody) Close() error {
	b.once.Do(func() { b.c.count(-1) })
	return nil
}

// Exchanges beyond the limit wait; each end lets one in, whether it is a body's end, a failure or that nobody wants the body.
func TestExchangesOfAWorkerAreBounded(t *testing.T) {
	config := worker(`
export default {
  async fetch(request) {
    const path = new URL(request.url).pathname;
    const all = Array.from({ length: 40 }, async (_, n) => {
      const response = await fetch("http://x/" + (path === "/fail" ? "fail" : n)).catch((e) => null);
      if (response === null) return "failed";
      if (path === "/cancel") return await response.body.cancel(), "cancelled";
      return "read" + await response.text();
    });
    return new Response([...new Set(await Promise.all(all))].join());
  },
};`)
	network := &crowded{arrived: make(chan struct{}, 1000), proceed: make(chan struct{})}
	config.Outbound, config.MaxConnections = network, 4
	p, err := start(t, config)
	require.NoError(t, err)
	answer := make(chan string)
	go func() { answer <- string(p.get(t, "/")) }()
	for n := range 40 {
		<-network.arrived
		if n >= 3 {
			network.proceed <- struct{}{}
		}
	}
	close(network.proceed)
	require.Equal(t, "read", <-answer)
	require.Equal(t, 4, network.most)
	require.Equal(t, "failed", string(p.get(t, "/fail")))
	require.Equal(t, "cancelled", string(p.get(t, "/cancel")))
	require.Equal(t, 4, network.most)
	require.Zero(t, network.now)
}

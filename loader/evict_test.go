package loader_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

var loaderBinding = loader.Binding{Name: "LOADER", Loader: true}

const counting = `
let calls = 0;
const code = {
  compatibilityDate: "2026-01-01", mainModule: "m.js",
  modules: { "m.js": "let n = 0; export default { fetch: () => new Response(String(++n)) };" },
};
export default {
  async fetch(request, env) {
    const id = new URL(request.url).pathname.slice(1);
    if (id === "calls") return new Response(String(calls));
    const worker = id === "load" ? env.LOADER.load(code) : env.LOADER.get(id, () => (calls++, code));
    return worker.getEntrypoint().fetch("http://x/");
  },
};`

// Beyond the limit the least recently used worker goes; its id asks for the code again. Memory does not grow with the number of ids.
func TestEvictsTheLeastRecentlyUsed(t *testing.T) {
	config := worker(counting)
	config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
	config.MaxDynamicWorkers = 4
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "1", string(p.get(t, "/kept")))
	for i := range 40 {
		require.Equal(t, "1", string(p.get(t, fmt.Sprintf("/id%d", i))))
		require.Equal(t, fmt.Sprint(i+2), string(p.get(t, "/kept")), "what is used is not evicted")
	}
	require.Equal(t, "41", string(p.get(t, "/calls")))
	require.Equal(t, "1", string(p.get(t, "/id0")), "evicted, so it starts anew")
	require.Equal(t, "42", string(p.get(t, "/calls")))
	require.LessOrEqual(t, p.DynamicWorkers(), 4)
}

// A get of an id whose worker was evicted runs its callback again.
//
// Checklist: 23.
func TestEvictsTheIdle(t *testing.T) {
	config := worker(counting)
	config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
	config.IdleTimeout = 20 * time.Millisecond
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "1", string(p.get(t, "/a")))
	require.Eventually(t, func() bool { return p.DynamicWorkers() == 0 }, 5*time.Second, time.Millisecond)
	require.Equal(t, "1", string(p.get(t, "/a")))
}

// What load made ends with the request that held its stub.
func TestLoadedWorkersEndWithTheirStubs(t *testing.T) {
	config := worker(counting)
	config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
	p, err := start(t, config)
	require.NoError(t, err)
	for range 20 {
		require.Equal(t, "1", string(p.get(t, "/load")))
	}
	require.Eventually(t, func() bool { return p.DynamicWorkers() == 0 }, 5*time.Second, time.Millisecond)
}

// Closing while workers are being loaded ends; none of them is left behind.
func TestCloseWhileWorkersLoad(t *testing.T) {
	for range 10 {
		config := worker(counting)
		config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
		p, err := start(t, config)
		require.NoError(t, err)
		var clients sync.WaitGroup
		answered := make(chan struct{}, 64)
		for k := range 4 {
			clients.Go(func() {
				for n := range 16 {
					if res, err := p.client.Get(fmt.Sprintf("http://localhost/id%d-%d", k, n)); err == nil {
						_ = res.Body.Close()
					}
					answered <- struct{}{}
				}
			})
		}
		<-answered
		<-answered
		require.NoError(t, p.Close())
		require.Zero(t, p.DynamicWorkers())
		clients.Wait()
	}
}

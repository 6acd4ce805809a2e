package loader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

const twoChildren = `
const code = (fetch) => ({ compatibilityDate: "2026-01-01", mainModule: "m.js", modules: { "m.js": "export default { async fetch() { " + fetch + " } };" }, limits: { cpuMs: 5000 } });
const call = (env, fetch) => env.LOADER.get(fetch, () => code(fetch)).getEntrypoint().fetch("http://x/");
const both = "if (globalThis.warm) for (;;); globalThis.warm = true; return new Response('warm');";
export default {
  async fetch(request, env) {
    switch (new URL(request.url).pathname) {
      case "/loop": fetch("http://x/"); return call(env, both);
      case "/warm": return call(env, both);
      case "/both": call(env, both).catch(() => {});
    }
    return call(env, "return new Response('honest');");
  },
};`

func startTwoChildren(t *testing.T, network func()) *running {
	config := worker(twoChildren)
	config.Workers[0].Bindings = []loader.Binding{loaderBinding}
	config.Outbound = outboundFunc(network)
	p, err := start(t, config)
	require.NoError(t, err)
	return p
}

// While a worker that another one has called computes, the caller and its other workers go on.
func TestLongTurnHoldsUpNoCaller(t *testing.T) {
	looping := make(chan struct{})
	p := startTwoChildren(t, func() { close(looping) })
	require.Equal(t, "honest", string(p.get(t, "/")))
	require.Equal(t, "warm", string(p.get(t, "/warm")))
	go func() {
		if res, err := p.client.Get("http://localhost/loop"); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-looping
	for range 20 {
		require.Equal(t, "honest", string(p.get(t, "/")))
	}
	require.Empty(t, p.logged(loader.LevelError), "the other one still computes")
}

// A request whose goroutine is in a long turn of another one is answered by somebody else.
func TestLongTurnHoldsUpNoAnswer(t *testing.T) {
	p := startTwoChildren(t, func() {})
	require.Equal(t, "honest", string(p.get(t, "/")))
	require.Equal(t, "warm", string(p.get(t, "/warm")))
	require.Equal(t, "honest", string(p.get(t, "/both")))
	require.Empty(t, p.logged(loader.LevelError), "the other one still computes")
}

package loader_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

const looping = `
const code = {
  compatibilityDate: "2026-01-01", mainModule: "m.js",
  modules: { "m.js": "export default { fetch: (request) => { while (request.url.endsWith('loop')); return new Response('ran'); } };" },
};
export default {
  async fetch(request, env) {
    const path = new URL(request.url).pathname.slice(1);
    if (path === "own") while (true);
    if (path === "") return new Response("main");
    const [id, rest] = path.split("-");
    const worker = id === "none" ? env.LOADER.load(code) : env.LOADER.get(id, () => code);
    return worker.getEntrypoint().fetch("http://x/" + rest).catch((e) => new Response(String(e)));
  },
};`

func runningConfig() loader.Config {
	config := worker(looping)
	config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
	config.Witness = make([]byte, loader.Witnesses(64))
	return config
}

// The memory says who runs, which is what somebody else finds if the process dies now.
func TestWitnessOfWorkersThatRun(t *testing.T) {
	for path, want := range map[string]string{"/own": "test", "/a-loop": "dynamic:a", "/none-loop": "dynamic of test"} {
		config := runningConfig()
		p, err := start(t, config)
		require.NoError(t, err)
		require.Equal(t, "main", string(p.get(t, "/")))
		require.Equal(t, "ran", string(p.get(t, "/a-once")))
		require.Empty(t, loader.Running(config.Witness))
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			response, err := p.client.Get("http://localhost" + path)
			if err == nil {
				_ = response.Body.Close()
			}
		}()
		require.Eventually(t, func() bool {
			names := loader.Running(config.Witness)
			return len(names) == 1 && names[0] == want
		}, 10*time.Second, time.Millisecond, path)
		require.NoError(t, p.Kill())
		<-answered
		require.Empty(t, loader.Running(config.Witness))
	}
}

func TestHeldWorkers(t *testing.T) {
	p, err := start(t, runningConfig())
	require.NoError(t, err)
	require.Equal(t, "ran", string(p.get(t, "/a-once")))

	const text = "Error: The worker is held back for a while, because the process ended several times while it ran."
	p.Hold("dynamic:a", time.Now().Add(time.Hour))
	require.Equal(t, text, string(p.get(t, "/a-once")))
	require.Equal(t, "ran", string(p.get(t, "/b-once")))
	require.Equal(t, "ran", string(p.get(t, "/none-once")))
	p.Hold("dynamic of test", time.Now().Add(time.Hour))
	require.Equal(t, text, string(p.get(t, "/none-once")))

	p.Hold("test", time.Now().Add(90*time.Second))
	response, err := p.client.Get("http://localhost/")
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, 503, response.StatusCode)
	after, err := strconv.Atoi(response.Header.Get("Retry-After"))
	require.NoError(t, err)
	require.InDelta(t, 90, after, 5)

	for _, name := range []string{"test", "dynamic:a", "dynamic of test"} {
		p.Hold(name, time.Time{})
	}
	require.Equal(t, "main", string(p.get(t, "/")))
	require.Equal(t, "ran", string(p.get(t, "/a-once")))
	require.Equal(t, "ran", string(p.get(t, "/none-once")))
}

package loader_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/loader"
)

// A client that goes away ends its request, but not what was given to waitUntil.
func TestWaitUntilOutlivesTheClient(t *testing.T) {
	p, err := start(t, withSignal(worker(`
		let log = [], release;
		const released = new Promise((resolve) => (release = resolve));
		export default {
			async fetch(request, env, ctx) {
				const { pathname } = new URL(request.url);
				const has = (text) => log.includes(text);
				switch (pathname) {
					case "/seen":
						while (!has("started")) await scheduler.wait(1);
						return new Response("seen");
					case "/log":
						while (!has("signal")) await scheduler.wait(1);
						log.push("release");
						release();
						while (!has("waited")) await scheduler.wait(1);
						return Response.json(log);
				}
				request.signal.addEventListener("abort", () => log.push("signal"));
				const wait = async () => {
					while (!has("release")) await scheduler.wait(1);
					log.push("waited");
				};
				if (pathname === "/keep") ctx.waitUntil(wait());
				log.push("started");
				try {
					await scheduler.wait(60000);
				} finally {
					log.push("finally");
				}
			},
		};`)))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+listen(t, p)+"/keep", nil)
	require.NoError(t, err)
	failed := make(chan error, 1)
	go func() {
		_, err := http.DefaultClient.Do(req)
		failed <- err
	}()
	require.Equal(t, "seen", string(p.get(t, "/seen")))
	cancel()
	require.Error(t, <-failed)
	require.JSONEq(t, `["started", "signal", "release", "waited"]`, string(p.get(t, "/log")))
}

// Promises given to waitUntil have a time limit, which counts from the answer; what they keep ends with a record.
func TestWaitUntilHasALimit(t *testing.T) {
	config := worker(`
		let ticks = 0;
		export default {
			async fetch(request, env, ctx) {
				if (request.url.endsWith("/ticks")) return new Response(String(ticks));
				ctx.waitUntil(new Promise(() => {}));
				setInterval(() => ticks++, 1);
				return new Response("answer");
			},
		};`)
	config.WaitUntilTimeout = 20 * time.Millisecond
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "answer", string(p.get(t, "/")))
	require.Eventually(t, func() bool {
		return strings.Contains(p.logged(loader.LevelWarn), "waitUntil() tasks did not complete within the allowed time")
	},
		10*time.Second, time.Millisecond)
	before := string(p.get(t, "/ticks"))
	require.Equal(t, before, string(p.get(t, "/ticks")))
	require.NotEqual(t, "0", before)
}

// An exception of a configured worker passes its request on to the outbound of the runtime, with its body.
func TestPassThroughOnException(t *testing.T) {
	config := worker(`
		export default {
			fetch(request, env, ctx) {
				ctx.passThroughOnException();
				throw new Error("caught");
			},
		};`)
	config.Outbound = outbound.Func(func(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		return &bindings.Response{Status: 299, Body: io.NopCloser(strings.NewReader(req.Method + " " + req.URL + " " + string(data))), ContentLength: -1}, nil
	})
	p, err := start(t, config)
	require.NoError(t, err)
	for _, text := range []string{"short", strings.Repeat("long", 5000)} {
		res, err := p.client.Post("http://localhost/path?query", "text/plain", strings.NewReader(text))
		require.NoError(t, err)
		data, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, 299, res.StatusCode)
		require.Equal(t, "POST http://localhost/path?query "+text, string(data))
	}
	require.Empty(t, p.logged(loader.LevelError))
}

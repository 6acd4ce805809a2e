package loader_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
)

// web answers with what it was asked.
type web struct{}

func (web) Fetch(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
	return &bindings.Response{Status: 200, Body: io.NopCloser(strings.NewReader(req.Method + " " + req.URL)), ContentLength: -1}, nil
}

// A child without an outbound of its own has its parent's network, as has what a gateway of the parent fetches.
//
// Checklist: 93.
func TestChildrenInheritTheOutbound(t *testing.T) {
	config := worker(`
import { WorkerEntrypoint } from "cloudflare:workers";
export class Gateway extends WorkerEntrypoint {
  async fetch(request) {
    return new Response("gateway of " + (await (await fetch(request)).text()));
  }
}
const source = "export default { fetch: (request) => fetch('http://web.test' + new URL(request.url).pathname) };";
export default {
  async fetch(request, env, ctx) {
    const seen = [];
    for (const more of [{}, { globalOutbound: undefined }, { globalOutbound: ctx.exports.Gateway }]) {
      const child = env.LOADER.load({ compatibilityDate: "2026-10-01", mainModule: "m.js", modules: { "m.js": source }, ...more });
      seen.push(await (await child.getEntrypoint().fetch("http://x/path")).text());
    }
    return Response.json(seen);
  },
};`)
	config.Workers[0].Bindings = append(config.Workers[0].Bindings, loaderBinding)
	config.Outbound = web{}
	p, err := start(t, config)
	require.NoError(t, err)
	require.JSONEq(t, `["GET http://web.test/path", "GET http://web.test/path", "gateway of GET http://web.test/path"]`, string(p.get(t, "/")))
}

// endless answers with a body that has no end, and counts those that were closed.
type endless struct{ closed chan string }

func (e endless) Fetch(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
	r, w := io.Pipe()
	go func() {
		for {
			if _, err := w.Write([]byte("more")); err != nil {
				e.closed <- req.URL
				return
			}
		}
	}()
	return &bindings.Response{Status: 200, Body: slowly{r}, ContentLength: -1}, nil
}

// slowly keeps a body small.
type slowly struct{ *io.PipeReader }

func (s slowly) Read(p []byte) (int, error) { return s.PipeReader.Read(p[:1]) }

// An answer whose fetch is aborted is let go of at once, whoever reads its body: nobody yet, or all of it. So is one that is being read
// when the request ends.
func TestAbortLetsGoOfTheAnswer(t *testing.T) {
	config := worker(`
export default {
  async fetch(request) {
    const controller = new AbortController();
    const { pathname } = new URL(request.url);
    const response = await fetch("http://web.test" + pathname, { signal: pathname === "/ended" ? undefined : controller.signal });
    let failure = "none";
    let text;
    if (pathname !== "/unread") text = response.text().catch((e) => (failure = e.name));
    if (pathname === "/ended") return new Response("bye");
    controller.abort();
    await text;
    return new Response(failure);
  },
};`)
	web := endless{make(chan string, 8)}
	config.Outbound = web
	p, err := start(t, config)
	require.NoError(t, err)
	for path, answer := range map[string]string{"/unread": "none", "/text": "AbortError", "/ended": "bye"} {
		require.Equal(t, answer, string(p.get(t, path)))
		require.Equal(t, "http://web.test"+path, <-web.closed)
	}
}

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

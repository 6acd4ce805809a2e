package loader_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/loader"
)

// trap is a network that nobody may reach.
type trap struct {
	mu   sync.Mutex
	seen []string
}

func (n *trap) note(what string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, what)
	return errors.New("trapped")
}

func (n *trap) Fetch(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
	return nil, n.note("fetch " + req.URL)
}

func (n *trap) DialContext(_ context.Context, network, address string) (net.Conn, error) {
	return nil, n.note("dial " + network + " " + address)
}

// attempts are ways to the network that a script may think of. Each must end in an error, whether the API is there or not.
const attempts = `
	const url = "http://192.0.2.1/secret";
	const never = (name) => { throw new Error("there is no " + name); };
	const wait = (target) => new Promise((resolve, reject) => { target.onopen = resolve; target.onerror = (e) => reject(new Error(e.message ?? "error")); });
	export const attempts = {
		fetch: () => fetch(url),
		post: () => fetch(url, { method: "POST", body: new ReadableStream({ pull(c) { c.close(); } }), duplex: "half" }),
		request: () => fetch(new Request(url)),
		fetcher: () => new Request(url).fetcher?.fetch(url) ?? never("fetcher"),
		upgrade: () => fetch(url, { headers: { Upgrade: "websocket" } }),
		redirected: () => fetch("data:text/html,<meta http-equiv=refresh content=0;url=" + url + ">").then((r) => r.redirected || never("redirect")),
		importHTTP: () => import(url),
		importData: () => import("data:text/javascript,import '" + url + "'"),
		importFile: () => import("file:///etc/hostname"),
		node: () => import("node:net").then((m) => new Promise((_, reject) => m.connect(80, "192.0.2.1").on("error", reject))),
		wasmStreaming: () => WebAssembly.compileStreaming?.(fetch(url)) ?? never("compileStreaming"),
		webSocket: () => wait(new WebSocket("ws://192.0.2.1/")),
		eventSource: () => wait(new EventSource(url)),
		connect: async () => { const { connect } = await import("cloudflare:sockets"); await connect("192.0.2.1:80").opened; },
		cache: async () => { const c = await caches.open("x"); await c.put(url, new Response("x")); const hit = await c.match(url); if (hit) never("answer from elsewhere"); await c.add(url); },
		xhr: () => new XMLHttpRequest(),
		beacon: () => { navigator.sendBeacon(url, "x"); never("way to see what became of it"); },
		scripts: () => importScripts(url),
		worker: () => new Worker(url),
		deno: () => Deno.connect({ hostname: "192.0.2.1", port: 80 }),
		process: () => process.binding("tcp_wrap"),
		response: () => new Response(new URL(url)).text().then((t) => t === url ? never("fetch of a URL body") : t),
		stack: () => { Error.prepareStackTrace = (e, sites) => sites[0].getThis?.(); throw new Error("stack"); },
	};`

// A worker without an outbound reaches nothing, whatever it tries: neither its parent's network nor the host's.
func TestNothingReachesTheNetwork(t *testing.T) {
	network := &trap{}
	rt, err := loader.New(loader.Config{Outbound: network})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, rt.Close()) })
	for _, flags := range [][]string{nil, {"nodejs_compat"}, {"new_module_registry"}} {
		s := rt.Load(&loader.WorkerCode{CompatibilityFlags: flags, Modules: []loader.Module{loader.ESModule("main.js", `
			import { WorkerEntrypoint } from "cloudflare:workers";
			import { attempts } from "./attempts.js";
			export default class extends WorkerEntrypoint {
				async run() {
					const outcomes = {};
					for (const [name, attempt] of Object.entries(attempts)) {
						try { outcomes[name] = "done: " + await attempt(); } catch (e) { outcomes[name] = e?.name ?? String(e); }
					}
					return outcomes;
				}
			}`), loader.ESModule("attempts.js", attempts)}}).Entrypoint("")
		outcomes, err := loader.Call[map[string]string](t.Context(), s, "run")
		require.NoError(t, err)
		require.Len(t, outcomes, 23)
		for name, outcome := range outcomes {
			require.NotContains(t, outcome, "done: ", "%s with %v", name, flags)
		}
	}
	require.Empty(t, network.seen)
}

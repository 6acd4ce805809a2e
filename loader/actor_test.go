package loader_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// counter is a worker whose object counts in memory and in storage, which must agree if there is one of it at a time.
const counter = `
import { DurableObject } from "cloudflare:workers";
let alive = 0;
export class Counter extends DurableObject {
	constructor(ctx, env) {
		super(ctx, env);
		alive++;
		ctx.blockConcurrencyWhile(async () => { await scheduler.wait(1); this.n = (await ctx.storage.get("n")) ?? 0; });
	}
	async add() {
		const n = ++this.n;
		await this.ctx.storage.put("n", n);
		if ((await this.ctx.storage.get("n")) < n) throw new Error("lost");
		return n;
	}
	// Gives itself up after a write, which must not be seen.
	async fail() { await this.ctx.storage.put("n", 1e6); this.ctx.abort("given up"); }
	alive() { return alive; }
	alarm() { this.ctx.storage.put("rung", true); }
	async ringAt(ms) { await this.ctx.storage.setAlarm(Date.now() + ms); }
	rung() { return this.ctx.storage.get("rung"); }
	async fetch(request) {
		const { 0: client, 1: server } = new WebSocketPair();
		this.ctx.acceptWebSocket(server, ["tag"]);
		server.serializeAttachment(new URL(request.url).pathname);
		return new Response(null, { status: 101, webSocket: client });
	}
	webSocketMessage(ws, text) {
		ws.send([alive, text, ws.deserializeAttachment(), this.ctx.getTags(ws), this.ctx.getWebSockets("tag").length, ws === this.ctx.getWebSockets()[0]].join());
	}
}
// Speaks to an object until it has been evicted and has come back.
async function sleeper(env) {
	const { webSocket } = await env.COUNTER.getByName("sleeper").fetch("http://x/attached", { headers: { upgrade: "websocket" } });
	webSocket.accept();
	for (let k = 0; k < 500; k++) {
		await scheduler.wait(20);
		const answer = new Promise((resolve) => webSocket.addEventListener("message", (e) => resolve(e.data), { once: true }));
		webSocket.send("hello");
		const [alive, ...rest] = (await answer).split(",");
		if (alive !== "1") return rest.join();
	}
}
export default {
	async fetch(request, env) {
		if (request.url.endsWith("/sleeper")) return new Response(await sleeper(env));
		const [, name, method, argument] = new URL(request.url).pathname.split("/");
		try { return Response.json((await env.COUNTER.getByName(name)[method](Number(argument))) ?? null); }
		catch (e) { return new Response(e.message, { status: 500 }); }
	}
};`

// countingIn runs the worker over the state in a folder, "" for memory.
func countingIn(t testing.TB, dir string, idle time.Duration) (p *running, stop func()) {
	t.Helper()
	state := standard.InMemory()
	if dir != "" {
		var err error
		state, err = standard.Open(dir)
		require.NoError(t, err)
	}
	objects, err := state.Objects()
	require.NoError(t, err)
	p, err = start(t, loader.Config{
		ObjectStorage: objects, ObjectIdleTimeout: idle,
		Workers: []loader.Worker{{
			Name: "main", CompatibilityDate: "2026-01-01", Modules: []loader.Module{{Name: "main.js", Source: []byte(counter)}},
			Objects:  []loader.ObjectClass{{Name: "Counter", UniqueKey: "main-Counter"}},
			Bindings: []loader.Binding{{Name: "COUNTER", Objects: &loader.ObjectNamespace{Worker: "main", Class: "Counter"}}},
		}},
	})
	require.NoError(t, err)
	stop = func() {
		require.NoError(t, p.Close())
		require.NoError(t, state.Close())
	}
	return p, stop
}

// Whatever happens meanwhile, eviction or the end of the object, each number is given once and none is lost.
func TestObjectCountsOnce(t *testing.T) {
	p, stop := countingIn(t, t.TempDir(), 2*time.Millisecond)
	defer stop()
	const clients, each = 8, 40
	var mu sync.Mutex
	var all sync.WaitGroup
	seen, unknown := map[string]bool{}, 0
	for c := range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			for k := range each {
				if c == 0 && k%8 == 7 {
					assert.Equal(t, "given up", string(p.get(t, "/one/fail")))
				}
				n := string(p.get(t, "/one/add"))
				mu.Lock()
				switch {
				case n == "given up": // it was in the object when that ended, and may be stored
					unknown++
				case seen[n]:
					t.Errorf("%s twice", n)
				default:
					seen[n] = true
				}
				mu.Unlock()
			}
		}()
	}
	all.Wait()
	last, err := strconv.Atoi(string(p.get(t, "/one/add")))
	require.NoError(t, err)
	require.Greater(t, last, len(seen))
	require.LessOrEqual(t, last, len(seen)+unknown+1)
	for n := range seen {
		number, err := strconv.Atoi(n)
		require.NoError(t, err)
		require.Less(t, number, last)
	}
}

func TestObjectSurvivesRestart(t *testing.T) {
	dir := t.TempDir()
	p, stop := countingIn(t, dir, 0)
	require.Equal(t, "1", string(p.get(t, "/a/add")))
	require.Equal(t, "2", string(p.get(t, "/a/add")))
	require.Equal(t, "null", string(p.get(t, "/b/ringAt/50")))
	stop()
	p, stop = countingIn(t, dir, 0)
	defer stop()
	require.Equal(t, "3", string(p.get(t, "/a/add")))
	require.Eventually(t, func() bool { return string(p.get(t, "/b/rung")) == "true" }, 5*time.Second, time.Millisecond)
}

func TestObjectSleepsWithItsSockets(t *testing.T) {
	p, stop := countingIn(t, "", 5*time.Millisecond)
	defer stop()
	require.Equal(t, "hello,/attached,tag,1,true", string(p.get(t, "/sleeper")))
}

func TestObjectIsEvicted(t *testing.T) {
	p, stop := countingIn(t, "", 5*time.Millisecond)
	defer stop()
	require.Equal(t, "1", string(p.get(t, "/a/add")))
	require.Eventually(t, func() bool { return string(p.get(t, "/a/alive")) != "1" }, 5*time.Second, 20*time.Millisecond)
	require.Equal(t, "2", string(p.get(t, "/a/add")))
}

package loader_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// wasmLoop is (module (func (export "loop") (loop (br 0)))).
var wasmLoop = []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x07\x08\x01\x04loop\x00\x00\x0a\x09\x01\x07\x00\x03\x40\x0c\x00\x0b\x0b")

const honest = `export default { fetch() { let s = 0; for (let i = 0; i < 1e4; i++) s += i; return new Response("ok"); } };`

// Each source of testdata/hostile does something without end; its first line is a regular expression of what its caller gets. It is over in seconds, also the second
// time, and meanwhile another worker of the same runtime is answered.
func TestHostile(t *testing.T) {
	files, err := filepath.Glob("../testdata/hostile/*.js")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	config := worker(honest)
	config.MaxStartCPU = 200 * time.Millisecond
	p, err := start(t, config)
	require.NoError(t, err)
	stop := keepAsking(t, p)
	defer stop()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".js"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			first, _, _ := strings.Cut(string(source), "\n")
			cpu := 200.0
			if strings.HasPrefix(filepath.Base(file), "bomb_") {
				cpu = 5000 // it is not that limit which it is to reach
			}
			want := strings.TrimPrefix(first, "// ")
			hostile := p.Load(&loader.WorkerCode{
				Limits:  loader.Limits{CPUMillis: cpu},
				Modules: append(module(string(source)), loader.Module{Name: "loop.wasm", Kind: loader.Wasm, Source: wasmLoop}),
			})
			defer hostile.Close()
			rounds := 2
			if strings.HasPrefix(filepath.Base(file), "kill_") {
				rounds = 1 // some cost a thread and its memory for good
			}
			for range rounds {
				_, err = hostile.Entrypoint("").RoundTrip(httptest.NewRequest("GET", "http://x/", nil))
				require.Error(t, err)
				require.Regexp(t, want, err.Error())
				var limit *loader.LimitError
				require.Equal(t, strings.Contains(err.Error(), "limit.") || strings.Contains(err.Error(), "Too many"), errors.As(err, &limit))
				require.Equal(t, strings.Contains(err.Error(), "crashed"), errors.Is(err, loader.ErrCrashed))
			}
		})
	}
}

// keepAsking calls the worker all the time; the function that it returns ends that and fails the test if there was no answer.
func keepAsking(t *testing.T, p *running) func() {
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			res, err := p.client.Get("http://localhost/")
			if err == nil {
				err = res.Body.Close()
			}
			if err != nil || res.StatusCode != http.StatusOK {
				done <- errors.Join(err, errors.New("not answered"))
				return
			}
		}
	}()
	return func() {
		close(stop)
		require.NoError(t, <-done)
	}
}

// A limit of processor time ends the invocation that has reached it; the others of its isolate learn why, and the worker starts anew.
func TestCPULimit(t *testing.T) {
	config := worker(`
		let n = 0;
		export default { async fetch(request) {
			n++;
			if (request.url.endsWith("/loop")) for (;;);
			if (request.url.endsWith("/wait")) { await fetch("http://x/"); await scheduler.wait(1e8); }
			return new Response(String(n));
		} };`)
	config.Workers[0].Limits.CPUMillis = 100
	waiting := make(chan struct{})
	config.Outbound = outboundFunc(func() { close(waiting) })
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "1", string(p.get(t, "/")))
	other := make(chan int)
	go func() {
		res, err := p.client.Get("http://localhost/wait")
		if err != nil {
			other <- 0
			return
		}
		_ = res.Body.Close()
		other <- res.StatusCode
	}()
	<-waiting
	res := p.send(t, "GET /loop", nil)
	p.checkResponse(t, res, "503", []byte("error code: 1102"))
	require.Equal(t, 503, <-other)
	log := p.logged(loader.LevelError)
	require.Contains(t, log, `Worker exceeded CPU time limit. (worker "test" has reached its limit cpu of 100ms)`)
	require.Contains(t, log, "Worker was terminated because another request of it exceeded the CPU time limit.")
	require.Equal(t, "1", string(p.get(t, "/")), "a new isolate")
}

// A worker that does not end its start is stopped.
func TestStartCPULimit(t *testing.T) {
	config := worker(`for (;;); export default {};`)
	config.MaxStartCPU = 50 * time.Millisecond
	_, err := start(t, config)
	var limit *loader.LimitError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, loader.LimitError{Limit: loader.LimitStartCPU, Worker: "test", Value: int64(50 * time.Millisecond)}, *limit)
	require.ErrorContains(t, err, "Script startup exceeded CPU time limit.")
}

// Of the limits in a dynamic worker's code and those of its entrypoint the lower wins.
//
// Checklist: 164.
func TestLowerLimitWins(t *testing.T) {
	config := worker(`
		const source = "export default { async fetch(r, env) { let n = 0; try { for (;;) { await env.me.fetch('http://x/'); n++; } } catch (e) { return new Response(n + ' ' + e); } } };";
		export default { async fetch(request, env) {
			const [code, entry] = new URL(request.url).pathname.slice(1).split("/").map(Number);
			const stub = env.LOADER.load({
				compatibilityDate: "2026-01-01", mainModule: "m.js", modules: { "m.js": source }, env: { me: env.me }, limits: { subRequests: code },
			});
			return stub.getEntrypoint(null, { limits: { subRequests: entry } }).fetch("http://x/");
		} };
		export class other { }`)
	config.Workers[0].Bindings = []loader.Binding{loaderBinding, {Name: "me", Service: &loader.Service{Worker: "echo"}}}
	config.Workers = append(config.Workers, loader.Worker{Name: "echo", CompatibilityDate: "2026-10-01", Modules: module(honest)})
	p, err := start(t, config)
	require.NoError(t, err)
	require.Equal(t, "3 Error: Too many subrequests.", string(p.get(t, "/3/7")))
	require.Equal(t, "2 Error: Too many subrequests.", string(p.get(t, "/7/2")))
}

// outboundFunc calls itself for each request and answers with an empty response.
type outboundFunc func()

func (f outboundFunc) Fetch(context.Context, *bindings.Request) (*bindings.Response, error) {
	f()
	return &bindings.Response{Status: 204}, nil
}

// Workers that call each other without end are stopped, also through an outbound of their own.
func TestDepthLimit(t *testing.T) {
	config := worker(`export default { async fetch(request, env) {
		try { return await env.ME.fetch(request.url); } catch (e) { return new Response(e.message); }
	} };`)
	config.Workers[0].Bindings = []loader.Binding{{Name: "ME", Service: &loader.Service{Worker: "test"}}}
	p, err := start(t, config)
	require.NoError(t, err)
	require.Contains(t, string(p.get(t, "/")), "Subrequest depth limit exceeded.")
}

// A worker that logs without end is silenced, and its later requests are answered.
func TestLogLimit(t *testing.T) {
	p, err := start(t, worker(`const text = "x".repeat(1 << 20); export default { fetch() { for (let i = 0; i < 20; i++) console.log(text); return new Response("ok"); } };`))
	require.NoError(t, err)
	for range 2 {
		require.Equal(t, "ok", string(p.get(t, "/")))
	}
	log := p.logged(loader.LevelError)
	require.Equal(t, 1, strings.Count(log, `worker "test" has reached its limit log of 16 MB; what comes until the minute is over is dropped`), log)
}

// A statement of SQL is the invocation's time as its JavaScript is, and so is what the worker asks of its own objects when it is stopped.
func TestCPULimitOfObjects(t *testing.T) {
	state := standard.InMemory()
	objects, err := state.Objects()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, state.Close()) })
	config := worker(`
		import { DurableObject } from "cloudflare:workers";
		export class O extends DurableObject {
			endless() { return this.ctx.storage.sql.exec("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c").one(); }
			hello() { return this.ctx.storage.sql.exec("SELECT 'hello' AS text").one().text; }
		}
		export default { async fetch(request, env) {
			const o = env.O.getByName("o");
			switch (new URL(request.url).pathname) {
				case "/endless": return new Response(await o.endless());
				case "/flood": for (let k = 0; k < 100; k++) env.O.getByName("o" + k).hello().catch(() => {}); for (;;);
			}
			return new Response(await o.hello());
		} };`)
	config.ObjectStorage = objects
	w := &config.Workers[0]
	w.Limits.CPUMillis = 100
	w.Objects = []loader.ObjectClass{{Name: "O", UniqueKey: "O", SQL: true}}
	w.Bindings = append(w.Bindings, loader.Binding{Name: "O", Objects: &loader.ObjectNamespace{Worker: w.Name, Class: "O"}})
	p, err := start(t, config)
	require.NoError(t, err)
	for _, path := range []string{"/endless", "/flood"} {
		res, err := p.client.Get("http://localhost" + path)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.GreaterOrEqual(t, res.StatusCode, 500, path)
		require.Equal(t, "hello", string(p.get(t, "/")), path)
	}
}

// An invocation whose time is up ends, whatever it waits for; the others of its worker go on.
func TestWallLimit(t *testing.T) {
	config := worker(`export default { async fetch(request, env) {
		if (request.url.endsWith("/wait")) await scheduler.wait(1e8);
		if (request.url.endsWith("/body")) return new Response(new ReadableStream({ async pull(c) { c.enqueue(new Uint8Array(1)); await scheduler.wait(1e8); } }));
		return new Response("ok");
	} };`)
	config.Workers[0].Limits.WallMillis = 500
	p, err := start(t, config)
	require.NoError(t, err)
	res, err := p.client.Get("http://localhost/wait")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	require.Equal(t, "ok", string(p.get(t, "/")))
	res, err = p.client.Get("http://localhost/body")
	require.NoError(t, err)
	_, err = io.ReadAll(res.Body)
	require.Error(t, err, "the body breaks off")
	require.NoError(t, res.Body.Close())

	_, err = p.Entrypoint("", "").Call(t.Context(), "missing")
	require.Error(t, err)
	_, err = p.Load(&loader.WorkerCode{
		Limits:  loader.Limits{WallMillis: 20},
		Modules: module(`import { WorkerEntrypoint } from "cloudflare:workers"; export default class extends WorkerEntrypoint { wait() { return scheduler.wait(1e8); } }`),
	}).Entrypoint("").Call(t.Context(), "wait")
	var limit *loader.LimitError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, loader.LimitError{Limit: loader.LimitWall, Value: int64(20 * time.Millisecond)}, *limit)
}

// Beyond the bound on busy dynamic workers another one fails, and starts when one of them has ended.
func TestIsolatesLimit(t *testing.T) {
	for limit, config := range map[loader.Limit]loader.Config{
		loader.LimitIsolates: {MaxIsolates: 2},
		loader.LimitChildren: {MaxChildren: 2},
	} {
		p, err := start(t, config)
		require.NoError(t, err)
		source := &loader.WorkerCode{Modules: module(honest)}
		first, second := p.Load(source), p.Load(source)
		require.NoError(t, first.Ready(t.Context()))
		require.NoError(t, second.Ready(t.Context()))
		third := p.Load(source)
		_, err = third.Entrypoint("").RoundTrip(httptest.NewRequest("GET", "http://x/", nil))
		var reached *loader.LimitError
		require.ErrorAs(t, err, &reached)
		require.Equal(t, limit, reached.Limit)
		require.EqualValues(t, 2, reached.Value)
		require.NoError(t, first.Close())
		require.Eventually(t, func() bool {
			_, err = third.Entrypoint("").RoundTrip(httptest.NewRequest("GET", "http://x/", nil))
			return err == nil
		}, time.Minute, time.Millisecond)
	}
}

package loader

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twoWorkers runs a caller that has a service binding to a callee.
func twoWorkers(t testing.TB, caller, callee string) *Runtime {
	rt, err := New(Config{Workers: []Worker{
		{
			Name: "caller", CompatibilityDate: NewestCompatibilityDate, Modules: []Module{ESModule("caller.js", caller)},
			Bindings: []Binding{{Name: "callee", Service: &Service{Worker: "callee"}}},
		},
		{Name: "callee", CompatibilityDate: NewestCompatibilityDate, Modules: []Module{ESModule("callee.js", callee)}},
	}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, rt.Close()) })
	return rt
}

func (rt *Runtime) turns(worker int) int64 {
	w := rt.workers[worker]
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inst.iso.Turns()
}

// A chain of calls on results that are not there yet is one round of messages, however long it is: one turn of the caller that makes
// it, one of the callee (and one in which it lets go of the steps), one of the caller with the answer. Awaited one by one it is a round each.
func TestPipelineIsOneRound(t *testing.T) {
	rt := twoWorkers(t, `
		import { WorkerEntrypoint } from "cloudflare:workers";
		export default class extends WorkerEntrypoint {
			async chain(n) {
				let step = this.env.callee.start();
				for (let i = 0; i < n; i++) step = step.next();
				return await step.count();
			}
			async oneByOne(n) {
				let step = await this.env.callee.start();
				for (let i = 0; i < n; i++) step = await step.next();
				return await step.count();
			}
		}`, `
		import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
		class Step extends RpcTarget {
			#n;
			constructor(n) { super(); this.#n = n; }
			next() { return new Step(this.#n + 1); }
			count() { return this.#n; }
		}
		export default class extends WorkerEntrypoint { start() { return new Step(0); } }`)
	measure := func(method string, n int) (caller, callee int64) {
		rt.quiesce(t)
		caller, callee = rt.turns(0), rt.turns(1)
		got, err := Call[int](t.Context(), rt.Entrypoint("caller", ""), method, n)
		require.NoError(t, err)
		require.Equal(t, n, got)
		return rt.turns(0) - caller, rt.turns(1) - callee
	}
	for _, n := range []int{1, 10, 50} {
		caller, callee := measure("chain", n)
		require.EqualValues(t, 2, caller, "turns of the caller, chain of %d", n)
		require.LessOrEqual(t, callee, int64(2), "turns of the callee, chain of %d: the calls, and what is released", n)
	}
	caller, callee := measure("oneByOne", 10)
	require.GreaterOrEqual(t, caller, int64(12))
	require.GreaterOrEqual(t, callee, int64(12))
}

// quiesce waits until no instance of the configuration has anything to do.
func (rt *Runtime) quiesce(t testing.TB) {
	for {
		busy := 0
		for _, w := range rt.workers {
			i := w.inst
			i.mu.Lock()
			if _, resting := i.iso.Heap(); !resting || len(i.contexts) > 0 {
				busy++
			}
			i.mu.Unlock()
		}
		if busy == 0 {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("workers do not come to rest")
		}
		runtime.Gosched()
	}
}

// Ten thousand calls with functions, targets, streams and stubs both ways leave every table as it was.
func TestCallsLeaveNothing(t *testing.T) {
	rt := twoWorkers(t, `
		import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
		class Target extends RpcTarget { hi() { return "hi"; } }
		export default class extends WorkerEntrypoint {
			async many(n) {
				let done = 0;
				const { callee } = this.env;
				for (let i = 0; i < n; i++) {
					using made = await callee.make({ n: i });
					done += await made.add(1) - i;
					done += await callee.call((x) => x + 1, i) - i;
					done += await callee.hi(new Target()) === "hi" ? 1 : 0;
					done += await callee.make({ n: 0 }).add(1);
					try { await callee.fail(() => 1); } catch { done++; }
					if (i % 10 === 0) await new Response(await callee.stream()).text();
				}
				return done;
			}
		}`, `
		import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
		class Made extends RpcTarget {
			#n;
			constructor(n) { super(); this.#n = n; }
			add(k) { return this.#n + k; }
		}
		export default class extends WorkerEntrypoint {
			make({ n }) { return new Made(n); }
			call(f, x) { return f(x); }
			hi(target) { return target.hi(); }
			fail(f) { throw new Error("no"); }
			stream() { return new Response("text").body; }
		}`)
	stub := rt.Entrypoint("caller", "")
	const rounds, each = 20, 100
	for range rounds {
		n, err := Call[int](t.Context(), stub, "many", each)
		require.NoError(t, err)
		require.Equal(t, 5*each, n)
	}
	rt.quiesce(t)
	for k, w := range rt.workers {
		i := w.inst
		i.mu.Lock()
		require.Empty(t, i.contexts, "contexts of worker %d", k)
		require.Empty(t, i.channels, "channels of worker %d", k)
		require.Empty(t, i.bodies, "bodies of worker %d", k)
		require.Empty(t, i.streams, "streams of worker %d", k)
		i.mu.Unlock()
	}
}

// Loading, calling and dropping workers from Go leaves neither workers nor goroutines.
func TestLoadsLeaveNothing(t *testing.T) {
	rt, err := New(Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, rt.Close()) }()
	ctx := t.Context()
	run := func(k int) {
		w := rt.Load(&WorkerCode{
			Modules: []Module{ESModule("main.js", `
				import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
				class Thing extends RpcTarget { hi(name) { return "hi " + name; } }
				export default class extends WorkerEntrypoint {
					thing() { return new Thing(); }
					twice(f, x) { return f(x).then(f); }
				}`)},
			Env: map[string]any{"log": func(context.Context, string) {}},
		})
		s := w.Entrypoint("")
		thing, err := Call[*Stub](ctx, s, "thing")
		require.NoError(t, err)
		hi, err := Call[string](ctx, thing, "hi", "you")
		require.NoError(t, err)
		require.Equal(t, "hi you", hi)
		n, err := Call[int](ctx, s, "twice", func(n int) int { return 2 * n }, k)
		require.NoError(t, err)
		require.Equal(t, 4*k, n)
		require.NoError(t, thing.Close())
		require.NoError(t, w.Close())
	}
	run(0)
	before := runtime.NumGoroutine()
	for k := range 100 {
		run(k)
	}
	require.Zero(t, rt.DynamicWorkers())
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 10e9, 1e6, "goroutines: %s", stacks{})
}

// stacks prints all goroutines.
type stacks struct{}

func (stacks) String() string {
	buffer := make([]byte, 1<<20)
	return strings.TrimSpace(string(buffer[:runtime.Stack(buffer, true)]))
}

package loader_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

// embedded makes a runtime without configured workers; the test ends it.
func embedded(t testing.TB) *loader.Runtime {
	rt, err := loader.New(loader.Config{Log: func(r loader.Record) { t.Logf("%s %s", r.Level, r.Text) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, rt.Close()) })
	return rt
}

func module(source string) []loader.Module {
	return []loader.Module{loader.ESModule("main.js", source)}
}

const calculator = `
	import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
	class Counter extends RpcTarget {
		#n = 0;
		add(n) { return this.#n += n; }
		get value() { return this.#n; }
	}
	export default class extends WorkerEntrypoint {
		add(a, b) { return a + b; }
		describe(v) { return Object.prototype.toString.call(v) + JSON.stringify(v); }
		counter() { return new Counter(); }
		fail() { throw Object.assign(new RangeError("too far"), { code: "E_FAR" }); }
		props() { return this.ctx.props; }
		env(name, ...args) { return this.env[name](...args); }
		async nested(name) { try { return await this.env[name](); } catch (e) { throw e; } }
		apply(f, ...args) { return f(...args); }
		twice(f) { return async (x) => await (await f)(await (await f)(x)); }
		async text(stream) { return await new Response(stream).text(); }
		stream(text) { return new Response(text).body; }
		async write(sink) { const w = sink.getWriter(); await w.write("one "); await w.write("two"); await w.close(); }
		hang() { return new Promise(() => {}); }
		wait() { return scheduler.wait(1e9); }
		async get(url) { const r = await fetch(url); return r.status + " " + await r.text(); }
		async use(name, url) { const r = await this.env[name].fetch(url, { method: "POST", body: "hello" }); return r.status + " " + r.headers.get("x-a") + " " + await r.text(); }
		async fetch(request) {
			return new Response(request.method + " " + new URL(request.url).pathname + " " + await request.text(), { status: 201, headers: { "x-b": "c" } });
		}
	}
	export const plain = { async greet(name, env) { return "hi " + name; } };
`

func TestCallFromGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	w := rt.Load(&loader.WorkerCode{Modules: module(calculator)})
	require.NoError(t, w.Ready(ctx))
	s := w.Entrypoint("", loader.Props(map[string]any{"user": "Ada"}))

	sum, err := loader.Call[int](ctx, s, "add", 1, 2)
	require.NoError(t, err)
	require.Equal(t, 3, sum)

	type point struct {
		X, Y int
		Name string `json:"name,omitempty"`
	}
	text, err := loader.Call[string](ctx, s, "describe", point{X: 1, Y: 2})
	require.NoError(t, err)
	require.Equal(t, `[object Object]{"X":1,"Y":2}`, text)

	props, err := loader.Call[map[string]string](ctx, s, "props")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"user": "Ada"}, props)

	greeting, err := loader.Call[string](ctx, w.Entrypoint("plain"), "greet", "Bob")
	require.NoError(t, err)
	require.Equal(t, "hi Bob", greeting)
}

func TestObjectsFromGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{Modules: module(calculator)}).Entrypoint("")

	counter, err := loader.Call[*loader.Stub](ctx, s, "counter")
	require.NoError(t, err)
	for k := range 3 {
		n, err := loader.Call[int](ctx, counter, "add", 2)
		require.NoError(t, err)
		require.Equal(t, 2*k+2, n)
	}
	v, err := counter.Path("value").Get(ctx)
	require.NoError(t, err)
	value, err := v.Any()
	require.NoError(t, err)
	require.Equal(t, 6.0, value)
	require.NoError(t, counter.Close())
	_, err = counter.Call(ctx, "add", 1)
	require.ErrorIs(t, err, loader.ErrDisposed)

	// A call on what another call will return.
	pending := s.Start("counter")
	n, err := loader.Call[int](ctx, pending.Stub(), "add", 5)
	require.NoError(t, err)
	require.Equal(t, 5, n)
	made, err := pending.Wait(ctx)
	require.NoError(t, err)
	require.NoError(t, made.Close())

	var client struct {
		Add     func(ctx context.Context, a, b int) (int, error)
		Explain func(ctx context.Context, v any) (string, error) `rpc:"describe"`
		Fail    func(ctx context.Context) error
	}
	require.NoError(t, s.Bind(&client))
	sum, err := client.Add(ctx, 3, 4)
	require.NoError(t, err)
	require.Equal(t, 7, sum)
	text, err := client.Explain(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "[object Null]null", text)
	require.ErrorContains(t, client.Fail(ctx), "too far")
}

func TestExceptionsInGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	w := rt.Load(&loader.WorkerCode{Modules: module(calculator)})
	s := w.Entrypoint("")
	_, err := s.Call(ctx, "fail")
	var e *loader.Exception
	require.ErrorAs(t, err, &e)
	require.Equal(t, "RangeError", e.Name)
	require.Equal(t, "too far", e.Message)
	require.Contains(t, e.Stack, "main.js:12")
	require.Equal(t, "E_FAR", e.Properties["code"])

	_, err = s.Call(ctx, "nope")
	require.ErrorContains(t, err, `TypeError: The RPC receiver does not implement the method "nope".`)
	_, err = s.Call(ctx, "hang")
	require.ErrorIs(t, err, loader.ErrHung)
	_, err = w.Entrypoint("other").Call(ctx, "x")
	require.ErrorIs(t, err, loader.ErrNoEntrypoint)

	bad := rt.Load(&loader.WorkerCode{Modules: module(`export default {`)})
	var start *loader.StartError
	require.ErrorAs(t, bad.Ready(ctx), &start)
	require.Contains(t, start.Text, "SyntaxError")
	_, err = bad.Entrypoint("").Call(ctx, "x")
	require.ErrorAs(t, err, &start)

	short, cancel := context.WithCancelCause(ctx)
	reason := errors.New("changed my mind")
	pending := s.Start("wait")
	cancel(reason)
	_, err = pending.Wait(short)
	require.ErrorIs(t, err, reason)
}

type errNotFound struct{ key string }

func (e *errNotFound) Error() string { return "no " + e.key }

// store is a Go object for workers.
type store struct{ calls atomic.Int64 }

func (s *store) Get(ctx context.Context, key string) (string, error) {
	s.calls.Add(1)
	if caller, ok := loader.CallerFrom(ctx); !ok || !caller.Dynamic {
		return "", errors.New("who calls?")
	}
	if key == "missing" {
		return "", &errNotFound{key}
	}
	return "value of " + key, nil
}

func (s *store) Boom() { panic("secret") }

func (s *store) SumAll(numbers ...float64) (sum float64) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}

func TestGoValuesInEnv(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	objects := &store{}
	echo := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		w.Header().Set("X-A", "b")
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, "%s %s %s", req.Method, req.URL, body)
	})
	w := rt.Load(&loader.WorkerCode{
		Modules: module(calculator + `
			export class Use extends WorkerEntrypoint {
				async all() {
					const { store, upper, service, limit } = this.env;
					const seen = [await store.get("k"), await upper("abc"), await store.sumAll(1, 2, 3.5), limit.max, await store.sumAll()];
					for (const f of [() => store.get("missing"), () => store.boom(), () => store.nope(), () => store.get(5), () => upper.x()]) {
						try { seen.push(await f()); } catch (e) { seen.push(e.name + ": " + e.message + " " + e.remote); }
					}
					return seen;
				}
				get(key) { return this.env.store.get(key); }
			}`),
		Env: map[string]any{
			"store": loader.Methods(objects), "upper": strings.ToUpper, "service": echo,
			"limit": struct {
				Max int `json:"max"`
			}{7},
		},
	})
	seen, err := loader.Call[[]any](ctx, w.Entrypoint("Use"), "all")
	require.NoError(t, err)
	require.Equal(t, []any{
		"value of k", "ABC", 6.5, 7.0, 0.0,
		"Error: no missing true", "Error: a Go function panicked true", `TypeError: The RPC receiver does not implement the method "nope". true`,
		"TypeError: arguments: $[0]: cannot put the number 5 into a Go string true", `TypeError: The RPC receiver does not implement the method "x". true`,
	}, seen)

	_, err = w.Entrypoint("Use").Call(ctx, "get", "missing")
	var missing *errNotFound
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "missing", missing.key)

	answer, err := loader.Call[string](ctx, w.Entrypoint(""), "use", "service", "http://any.example/p?q")
	require.NoError(t, err)
	require.Equal(t, "202 b POST http://any.example/p?q hello", answer)
}

func TestFunctionsBothWays(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{Modules: module(calculator)}).Entrypoint("")
	n, err := loader.Call[int](ctx, s, "apply", func(a, b int) int { return a * b }, 6, 7)
	require.NoError(t, err)
	require.Equal(t, 42, n)

	failed := errors.New("mine")
	_, err = s.Call(ctx, "apply", func() error { return failed })
	require.ErrorIs(t, err, failed)

	stream, err := loader.Call[io.ReadCloser](ctx, s, "stream", "a stream")
	require.NoError(t, err)
	data, err := io.ReadAll(stream)
	require.NoError(t, err)
	require.Equal(t, "a stream", string(data))
	text, err := loader.Call[string](ctx, s, "text", strings.NewReader("from Go"))
	require.NoError(t, err)
	require.Equal(t, "from Go", text)
	var out strings.Builder
	_, err = s.Call(ctx, "write", struct{ io.Writer }{&out})
	require.NoError(t, err)
	require.Equal(t, "one two", out.String())
}

func TestOutboundOfGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	site := loader.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = fmt.Fprintf(w, "%s %s", req.URL.Host, req.Header.Get("Authorization"))
	}))
	withKey := loader.OutboundFunc(func(req *http.Request) (*http.Response, error) {
		req.Header.Set("Authorization", "Bearer key")
		return site.RoundTrip(req)
	})
	s := rt.Load(&loader.WorkerCode{Modules: module(calculator), Outbound: loader.Allow(withKey, "api.example.com", "*.example.org")}).Entrypoint("")
	for url, want := range map[string]string{"https://api.example.com/": "200 api.example.com Bearer key", "http://a.example.org/": "200 a.example.org Bearer key"} {
		got, err := loader.Call[string](ctx, s, "get", url)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := s.Call(ctx, "get", "http://example.org/")
	require.ErrorContains(t, err, "This worker is not permitted to access example.org.")

	closed := rt.Load(&loader.WorkerCode{Modules: module(calculator)}).Entrypoint("")
	_, err = closed.Call(ctx, "get", "https://api.example.com/")
	require.ErrorContains(t, err, "This worker is not permitted to access the internet via global functions like fetch().")
}

func TestStubAsHandler(t *testing.T) {
	rt := embedded(t)
	s := rt.Load(&loader.WorkerCode{Modules: module(calculator)}).Entrypoint("")
	server := httptest.NewServer(s)
	defer server.Close()
	for _, client := range []*http.Client{server.Client(), {Transport: s}} {
		res, err := client.Post(server.URL+"/a", "text/plain", strings.NewReader("body"))
		require.NoError(t, err)
		data, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, "POST /a body", string(data))
		require.Equal(t, http.StatusCreated, res.StatusCode)
		require.Equal(t, "c", res.Header.Get("X-B"))
	}
}

func TestGetLoadsOnce(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	var loads atomic.Int64
	code := func(context.Context) (*loader.WorkerCode, error) {
		loads.Add(1)
		return &loader.WorkerCode{Modules: module(`let n = 0; export default { count(by) { return n += by; } };`)}, nil
	}
	for k := range 3 {
		n, err := loader.Call[int](ctx, rt.Get("a", code).Entrypoint(""), "count", 1)
		require.NoError(t, err)
		require.Equal(t, k+1, n)
	}
	require.EqualValues(t, 1, loads.Load())
	var ids []string
	for info := range rt.Workers() {
		ids = append(ids, info.ID)
		require.True(t, info.Loaded)
		require.Positive(t, info.CPU)
	}
	stub := rt.Get("a", code)
	require.Eventually(t, func() bool { return stub.Info().HeapBytes > 0 }, 10*time.Second, time.Millisecond) // once it rests
	require.Equal(t, []string{"a"}, ids)

	rt.Get("a", code).Unload()
	n, err := loader.Call[int](ctx, rt.Get("a", code).Entrypoint(""), "count", 1)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.EqualValues(t, 2, loads.Load())

	failure := errors.New("no code today")
	_, err = rt.Get("b", func(context.Context) (*loader.WorkerCode, error) { return nil, failure }).Entrypoint("").Call(ctx, "x", 1)
	require.ErrorIs(t, err, failure)
	_, err = loader.Call[int](ctx, rt.Get("b", code).Entrypoint(""), "count", 1)
	require.NoError(t, err)
}

package loader_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/outbound"
	"github.com/dynos-run/dynos/loader"
)

// echoing answers with method, URL and cf of a request.
var echoing = outbound.Func(func(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
	text := req.Method + " " + req.URL + " " + string(req.Cf)
	return &bindings.Response{Status: 200, StatusText: "OK", Header: [][2]string{{"x-old", "old"}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text))}, nil
})

// code is a worker of one module.
func code(name, source string, bindings ...loader.Binding) loader.Worker {
	return loader.Worker{Name: name, CompatibilityDate: "2026-10-01", Modules: []loader.Module{{Name: "index.js", Source: []byte(source)}}, Bindings: bindings}
}

// askFor gives the body of an answer of a handler.
func askFor(t *testing.T, p *running, to loader.Service, o loader.HandlerOptions, header ...string) (string, *fasthttp.Response) {
	t.Helper()
	handler, err := p.HandlerFor(to, o)
	require.NoError(t, err)
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.DisableNormalizing()
	ctx.Request.Header.SetRequestURI("/path")
	ctx.Request.Header.SetHost("host")
	for i := 0; i < len(header); i += 2 {
		ctx.Request.Header.Add(header[i], header[i+1])
	}
	handler(&ctx)
	return string(ctx.Response.Body()), &ctx.Response
}

func TestFetchersAreServices(t *testing.T) {
	p, err := start(t, loader.Config{
		Workers: []loader.Worker{code("main", `export default {
			async fetch(request, env) {
				const bound = await (await env.ECHO.fetch("https://a.test/x", { cf: { a: 1 } })).text();
				const out = await (await fetch("http://b.test/y")).text();
				const call = await env.ECHO.anything().catch((error) => error.constructor.name + ": " + error.message);
				return new Response([bound, out, call].join("; "));
			}
		}`, loader.Binding{Name: "ECHO", Service: &loader.Service{Worker: "echo"}})},
		Fetchers: map[string]bindings.Fetcher{"echo": echoing},
		Outbound: echoing,
	})
	require.NoError(t, err)
	res := p.send(t, "GET /", nil)
	p.checkResponse(t, res, "200", []byte(`GET https://a.test/x {"a":1}; GET http://b.test/y ; Error: Network connection lost.`))
}

func TestOutboundOfOneWorker(t *testing.T) {
	main := code("main", `export default { fetch: () => fetch("http://a.test/x") };`)
	main.Outbound = &loader.Service{Worker: "gate", Entrypoint: "gate", Props: []byte(`{"n":1}`)}
	gate := code("gate", `
		import { WorkerEntrypoint } from "cloudflare:workers";
		export class gate extends WorkerEntrypoint {
			async fetch(request) { return new Response(JSON.stringify(this.ctx.props) + " " + await (await fetch(request)).text()) }
		}`)
	p, err := start(t, loader.Config{Workers: []loader.Worker{main, gate}, Outbound: echoing})
	require.NoError(t, err)
	p.checkResponse(t, p.send(t, "GET /", nil), "200", []byte(`{"n":1} GET http://a.test/x `))
}

func TestLoadersWithOneIDShare(t *testing.T) {
	const source = `
		const code = (text) => () => ({ compatibilityDate: "2026-01-01", mainModule: "m.js", modules: { "m.js": "export default { fetch: () => new Response('" + text + "') }" } });
		export default {
			async fetch(request, env) {
				let text = "";
				for (const loader of [env.SHARED, env.ALSO, env.OTHER, env.OWN]) text += await (await loader.get("x", code(env.NAME)).getEntrypoint().fetch(request)).text();
				return new Response(env.NEXT ? text + " " + await (await env.NEXT.fetch(request)).text() : text);
			}
		};`
	loaders := []loader.Binding{
		{Name: "SHARED", Loader: true, LoaderID: "shared"}, {Name: "ALSO", Loader: true, LoaderID: "shared"},
		{Name: "OTHER", Loader: true, LoaderID: "other"}, {Name: "OWN", Loader: true},
	}
	one := code("one", source, append(loaders, loader.Binding{Name: "NAME", Value: "1"}, loader.Binding{Name: "NEXT", Service: &loader.Service{Worker: "two"}})...)
	two := code("two", source, append(loaders, loader.Binding{Name: "NAME", Value: "2"})...)
	p, err := start(t, loader.Config{Workers: []loader.Worker{one, two}})
	require.NoError(t, err)
	p.checkResponse(t, p.send(t, "GET /", nil), "200", []byte("1111 1112"))
}

func TestDataAndScripts(t *testing.T) {
	script := loader.Worker{Name: "old", CompatibilityDate: "2026-10-01", Modules: []loader.Module{{Name: "old", Kind: loader.Script, Source: []byte(`
		var declared = 1;
		undeclared = 2;
		addEventListener("fetch", (event) => event.respondWith((async () => {
			const imported = await import("old").catch((error) => error.message);
			const data = Object.getOwnPropertyDescriptor(globalThis, "DATA");
			return new Response(JSON.stringify([globalThis.declared, undeclared, [...new Uint8Array(DATA)], EMPTY.byteLength, data.writable, data.enumerable, data.configurable,
				toString, new Error("x").stack.split("\n")[1].trim(), imported]));
		})()));`)}},
		Bindings: []loader.Binding{{Name: "DATA", Data: []byte{1, 255}}, {Name: "EMPTY", Data: []byte{}}, {Name: "toString", Value: "text"}}}
	p, err := start(t, loader.Config{Workers: []loader.Worker{script}})
	require.NoError(t, err)
	p.checkResponse(t, p.send(t, "GET /", nil), "200", []byte(`[1,2,[1,255],0,true,true,true,"text","at old:8:15","No such module \"old\"."]`))
}

func TestScriptsThatDoNotStart(t *testing.T) {
	for source, want := range map[string]string{
		"let x = ;":                   "Uncaught SyntaxError: Unexpected token ';'\n  at old:1:8",
		"export default {}":           "Uncaught SyntaxError: Unexpected token 'export'",
		"function f() { nope }\nf();": "Uncaught ReferenceError: nope is not defined\n  at old:1:16 in f\n  at old:2:1",
	} {
		_, err := start(t, loader.Config{Workers: []loader.Worker{{
			Name: "old", CompatibilityDate: "2026-10-01", Modules: []loader.Module{{Name: "old", Kind: loader.Script, Source: []byte(source)}},
		}}})
		require.ErrorContains(t, err, want, source)
	}
}

func TestHandlersForServices(t *testing.T) {
	p, err := start(t, loader.Config{
		Workers: []loader.Worker{code("main", `
			import { WorkerEntrypoint } from "cloudflare:workers";
			export default { fetch: (request) => Response.json([request.url, [...request.headers], request.cf ?? null], { headers: { "x-old": "old", "content-type": "x" } }) };
			export class Api extends WorkerEntrypoint { fetch() { return Response.json(this.ctx.props) } }`)},
		Fetchers: map[string]bindings.Fetcher{"echo": echoing},
	})
	require.NoError(t, err)
	text, _ := askFor(t, p, loader.Service{Worker: "main", Entrypoint: "Api", Props: []byte(`{"a":1}`)}, loader.HandlerOptions{})
	require.Equal(t, `{"a":1}`, text)
	text, _ = askFor(t, p, loader.Service{Worker: "echo"}, loader.HandlerOptions{Bare: true})
	require.Equal(t, `GET http://host/path {"clientIp":"0.0.0.0:0"}`, text)

	text, res := askFor(t, p, loader.Service{Worker: "main"}, loader.HandlerOptions{
		Bare: true, ForwardedProtoHeader: "X-Proto", CfHeader: "X-Cf",
		RequestHeaders:  []bindings.HeaderEdit{{Name: "X-Added", Value: "1"}, {Name: "X-Gone"}, {Name: "Content-Length", Value: "9"}},
		ResponseHeaders: []bindings.HeaderEdit{{Name: "X-New", Value: "new"}, {Name: "X-Old"}, {Name: "Content-Type", Value: "y"}, {Name: "Transfer-Encoding", Value: "z"}},
	}, "x-proto", "https", "X-CF", `{"b":2}`, "X-GONE", "1", "x-added", "0", "CF-Connecting-IP", "::1")
	require.Equal(t, `["https://host/path",[["cf-connecting-ip","::1"],["host","host"],["x-added","1"]],{"b":2}]`, text)
	require.Equal(t, "new", string(res.Header.Peek("X-New")))
	require.Equal(t, "y", string(res.Header.ContentType()))
	require.Nil(t, res.Header.Peek("x-old"))

	text, _ = askFor(t, p, loader.Service{Worker: "main"}, loader.HandlerOptions{ForwardedProtoHeader: "x-proto", CfHeader: "x-cf"}, "x-proto", "no scheme", "cf-connecting-ip", "::1")
	require.Equal(t, `["http://host/path",[["cf-connecting-ip","0.0.0.0"],["host","host"],["x-forwarded-for","0.0.0.0"],["x-forwarded-proto","http"],["x-real-ip","0.0.0.0"]],null]`, text)
	_, err = p.HandlerFor(loader.Service{Worker: "nobody"}, loader.HandlerOptions{})
	require.EqualError(t, err, `there is no worker "nobody"`)
	_, err = p.HandlerFor(loader.Service{Worker: "echo", Entrypoint: "Api"}, loader.HandlerOptions{})
	require.EqualError(t, err, `service "echo" is no worker, so that it has no entrypoints and no props`)
}

func TestFetchersAlone(t *testing.T) {
	p, err := start(t, loader.Config{Fetchers: map[string]bindings.Fetcher{"echo": echoing}})
	require.NoError(t, err)
	text, _ := askFor(t, p, loader.Service{Worker: "echo"}, loader.HandlerOptions{Bare: true})
	require.Equal(t, `GET http://host/path {"clientIp":"0.0.0.0:0"}`, text)
	require.Equal(t, 500, p.send(t, "GET /", nil).StatusCode)
}

func TestConfigRefusesReferences(t *testing.T) {
	main := code("main", "", loader.Binding{Name: "A", Service: &loader.Service{Worker: "nobody"}}, loader.Binding{Name: "B", Service: &loader.Service{Worker: "echo", Props: []byte("{}")}})
	main.Outbound = &loader.Service{Worker: "nowhere"}
	main.Modules = append(main.Modules, loader.Module{Name: "old", Kind: loader.Script})
	err := (&loader.Config{Workers: []loader.Worker{main, code("echo", "")}, Fetchers: map[string]bindings.Fetcher{"echo": echoing}}).Validate()
	require.EqualError(t, err, `worker "echo" is there twice
worker "main": module "old" is a script, and not the main module
outbound: there is no worker "nowhere"
binding "A": there is no worker "nobody"`)
	err = (&loader.Config{Workers: []loader.Worker{main}, Fetchers: map[string]bindings.Fetcher{"echo": echoing}}).Validate()
	require.ErrorContains(t, err, `binding "B": service "echo" is no worker, so that it has no entrypoints and no props`)
}

// A compressed body that no script reads goes out as it came, and is decoded where its coding is not named any more.
func TestCompressedBodiesPass(t *testing.T) {
	const text = "text text text text text text text text"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
	}))
	t.Cleanup(server.Close)
	far := outbound.NewExternal(outbound.ExternalOptions{Network: "tcp", Address: server.Listener.Addr().String()})
	t.Cleanup(func() { _ = far.Close() })
	p, err := start(t, loader.Config{
		Workers: []loader.Worker{code("main", `export default {
			async fetch(request, env) {
				const response = await env.FAR.fetch("http://far/");
				switch (new URL(request.url).pathname) {
					case "/same": return response;
					case "/again": return new Response(response.body, response);
					case "/plain": return new Response(response.body, { headers: { "content-length": "5" } });
					default: return new Response(await response.text());
				}
			}
		}`, loader.Binding{Name: "FAR", Service: &loader.Service{Worker: "far"}})},
		Fetchers: map[string]bindings.Fetcher{"far": far},
	})
	require.NoError(t, err)
	for path, coded := range map[string]bool{"/same": true, "/again": true, "/plain": false, "/read": false} {
		res := p.send(t, "GET "+path, []byte("accept-encoding: gzip\n"))
		require.Equal(t, coded, res.Header.Get("content-encoding") == "gzip", path)
		var body io.Reader = res.Body
		if coded {
			body, err = gzip.NewReader(res.Body)
			require.NoError(t, err, path)
		}
		got, err := io.ReadAll(body)
		require.NoError(t, err, path)
		require.Equal(t, text, string(got), path)
	}
}

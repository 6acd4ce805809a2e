package loader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// keeper is a worker whose object stores stubs of all kinds, and uses them.
const keeper = `
import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from "cloudflare:workers";
let disposed = 0;
class Adder extends RpcTarget {
	constructor(n) { super(); this.n = n; }
	add(n) { return (this.n += n); }
	[Symbol.dispose]() { disposed++; }
}
export class Greeter extends WorkerEntrypoint {
	greet(name) { return this.ctx.props.greeting + " " + name; }
	async fetch(request) { return new Response(this.ctx.props.greeting + " " + (await request.text())); }
	make(n) { return this.ctx.restore({ n, greeter: this.ctx.exports.Greeter({ props: { greeting: "made" } }) }); }
	async [restore]({ n, greeter }) {
		if (typeof n === "string") return greeter;
		return new Adder(n);
	}
}
export class Inner extends DurableObject {
	greet(name) { return this.ctx.props.greeting + " " + name; }
}
export class Keeper extends DurableObject {
	async store() {
		const { exports } = this.ctx;
		const made = exports.Greeter({ props: { greeting: "x" } });
		await this.ctx.storage.put({
			plain: { nested: [exports.Greeter({ props: { greeting: "hello", other: exports.Greeter({ props: { greeting: "inner" } }) } })] },
			object: exports.Keeper.getByName("other"),
			adder: await made.make(10),
			service: await made.make("s"),
			class: exports.Inner({ props: { greeting: "class" } }),
		});
		return "stored";
	}
	async use() {
		const get = (key) => this.ctx.storage.get(key);
		const { nested: [plain] } = await get("plain");
		const adder = await get("adder");
		const first = [await adder.add(1), await adder.add(1), await (await get("adder")).add(5)];
		const service = await get("service");
		const response = await service.fetch("http://x/", { method: "POST", body: "you" });
		const facet = this.ctx.facets.get("f", async () => ({ class: await get("class") }));
		return [await plain.greet("a"), await (await get("object")).whoAmI(), first, await service.greet("b"), await response.text(), await facet.greet("c")];
	}
	whoAmI() { return this.ctx.id.name; }
	disposed() { return disposed; }
	async refused() {
		const messages = [];
		for (const value of [new Adder(1), () => {}, this.env.KEEPER.getByName("x"), this.env.GREETER]) {
			try { await this.ctx.storage.put("no", value); messages.push("stored"); } catch (e) { messages.push(e.name + ": " + e.message); }
		}
		return messages;
	}
}
export default {
	async fetch(request, env) {
		const [, method] = new URL(request.url).pathname.split("/");
		try { return Response.json((await env.KEEPER.getByName("a")[method]()) ?? null); }
		catch (e) { return new Response(e.message, { status: 500 }); }
	}
};`

func keeping(t *testing.T, dir string, flags ...string) (p *running, stop func()) {
	t.Helper()
	state, err := standard.Open(dir)
	require.NoError(t, err)
	objects, err := state.Objects()
	require.NoError(t, err)
	p, err = start(t, loader.Config{
		ObjectStorage: objects,
		Workers: []loader.Worker{{
			Name: "main", CompatibilityDate: "2026-01-01", CompatibilityFlags: flags,
			Modules: []loader.Module{{Name: "main.js", Source: []byte(keeper)}},
			Objects: []loader.ObjectClass{{Name: "Keeper", UniqueKey: "main-Keeper", SQL: true}},
			Bindings: []loader.Binding{
				{Name: "KEEPER", Objects: &loader.ObjectNamespace{Worker: "main", Class: "Keeper"}},
				{Name: "GREETER", Service: &loader.Service{Worker: "main", Entrypoint: "Greeter"}},
			},
		}},
	})
	require.NoError(t, err)
	return p, func() {
		require.NoError(t, p.Close())
		require.NoError(t, state.Close())
	}
}

func TestStoredStubs(t *testing.T) {
	const used = `["hello a","other",[11,12,15],"made b","made you","class c"]`
	const notOwn = "DataCloneError: Cannot store this stub because the target worker does not have the allow_irrevocable_stub_storage compatibility flag enabled."
	dir := t.TempDir()
	p, stop := keeping(t, dir, "allow_irrevocable_stub_storage", "experimental")
	require.Equal(t, `"stored"`, string(p.get(t, "/store")))
	require.JSONEq(t, used, string(p.get(t, "/use")))
	require.JSONEq(t, `["DataCloneError: Remote RPC references can only be serialized for RPC.","DataCloneError: () => {} could not be cloned.","`+notOwn+`","`+notOwn+`"]`,
		string(p.get(t, "/refused")))
	stop()

	p, stop = keeping(t, dir, "allow_irrevocable_stub_storage", "experimental")
	require.JSONEq(t, used, string(p.get(t, "/use")))
	stop()

	p, stop = keeping(t, dir, "experimental")
	require.Contains(t, string(p.get(t, "/use")), "the target worker no longer has the allow_irrevocable_stub_storage compatibility flag enabled.")
	stop()
}

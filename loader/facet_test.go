package loader_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// nested is a worker whose object has facets of its own class and of a dynamic worker, each with one inside. Calls give what is stored, and how
// often the facet was asked since it is in memory.
const nested = `
import { DurableObject } from "cloudflare:workers";
const base = (base) => class extends base {
	asked = 0;
	add() { const { kv } = this.ctx.storage; kv.put("n", (kv.get("n") ?? 0) + 1); return kv.get("n") + "/" + ++this.asked; }
	inner() { return this.ctx.facets.get("inner", () => ({ class: this.ctx.exports.Inner })).add(); }
};
export const Inner = base(DurableObject);
const code = {
	compatibilityDate: "2026-01-01", mainModule: "m.js",
	modules: { "m.js": "import { DurableObject } from 'cloudflare:workers'; export const Inner = (" + base + ")(DurableObject);" },
};
export class Outer extends Inner {
	facet(name) {
		return this.ctx.facets.get(name, () => {
			if (name === "own") return { class: this.ctx.exports.Inner };
			return { class: this.env.LOADER.get("code", () => code).getDurableObjectClass("Inner") };
		});
	}
	ask(name, method) { return name === "" ? this[method]() : this.facet(name)[method](); }
	delete(name) { this.ctx.facets.delete(name); }
	wipe() { return this.ctx.storage.deleteAll(); }
}
export default {
	async fetch(request, env) {
		const [, name, method] = new URL(request.url).pathname.split("/");
		const outer = env.OUTER.getByName("one");
		return new Response(method.startsWith("-") ? await outer[method.slice(1)](name) : await outer.ask(name, method));
	}
};`

func nesting(t testing.TB, dir string, idle time.Duration) (p *running, stop func()) {
	t.Helper()
	state, err := standard.Open(dir)
	require.NoError(t, err)
	objects, err := state.Objects()
	require.NoError(t, err)
	p, err = start(t, loader.Config{
		ObjectStorage: objects, ObjectIdleTimeout: idle,
		Workers: []loader.Worker{{
			Name: "main", CompatibilityDate: "2026-01-01", Modules: []loader.Module{{Name: "main.js", Source: []byte(nested)}},
			Objects:  []loader.ObjectClass{{Name: "Outer", UniqueKey: "main-Outer", SQL: true}},
			Bindings: []loader.Binding{{Name: "OUTER", Objects: &loader.ObjectNamespace{Worker: "main", Class: "Outer"}}, loaderBinding},
		}},
	})
	require.NoError(t, err)
	stop = func() {
		require.NoError(t, p.Close())
		require.NoError(t, state.Close())
	}
	return p, stop
}

// What facets store outlives the process, and goes with their names and with their object.
func TestFacetsSurviveRestart(t *testing.T) {
	dir := t.TempDir()
	p, stop := nesting(t, dir, 0)
	for _, of := range []string{"/own/add", "/own/inner", "/dynamic/add", "/dynamic/inner", "//add"} {
		require.Equal(t, "1/1", string(p.get(t, of)), of)
	}
	require.Equal(t, "2/2", string(p.get(t, "/dynamic/inner")))
	stop()
	p, stop = nesting(t, dir, 0)
	require.Equal(t, "3/1", string(p.get(t, "/dynamic/inner")))
	require.Equal(t, "2/1", string(p.get(t, "/own/add")))
	p.get(t, "/own/-delete")
	stop()
	p, stop = nesting(t, dir, 0)
	require.Equal(t, "1/1", string(p.get(t, "/own/add")))
	require.Equal(t, "1/1", string(p.get(t, "/own/inner")))
	require.Equal(t, "2/1", string(p.get(t, "/dynamic/add")))
	p.get(t, "//-wipe")
	stop()
	p, stop = nesting(t, dir, 0)
	defer stop()
	require.Equal(t, "1/1", string(p.get(t, "/dynamic/add")))
	require.Equal(t, "1/1", string(p.get(t, "/dynamic/inner")))
}

// The idle ones go, the innermost first, and come back with what they have stored.
func TestFacetsAreEvicted(t *testing.T) {
	p, stop := nesting(t, t.TempDir(), 5*time.Millisecond)
	defer stop()
	for _, of := range []string{"/own/inner", "/dynamic/inner", "//add"} {
		stored := 0
		require.Eventually(t, func() bool {
			stored++
			return string(p.get(t, of)) == strconv.Itoa(stored)+"/1" && stored > 1
		}, 5*time.Second, 30*time.Millisecond, of)
	}
}

package bench

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/standard"
	"github.com/dynos-run/dynos/loader"
)

// newHandler serves the worker in workloads, whose modules are plain JavaScript and need no bundling.
func newHandler(b testing.TB) (handler fasthttp.RequestHandler, closeHandler func()) {
	files, err := filepath.Glob("workloads/src/*.js")
	if err != nil {
		b.Fatal(err)
	}
	worker := loader.Worker{
		Name:              "bench",
		CompatibilityDate: "2026-01-01",
		Main:              "index.js",
		Bindings: []loader.Binding{
			{Name: "LOADER", Loader: true},
			{Name: "KEEPER", Objects: &loader.ObjectNamespace{Worker: "bench", Class: "Keeper"}},
			{Name: "KV", KV: &loader.Service{Worker: "kv"}},
		},
		Objects: []loader.ObjectClass{{Name: "Keeper", UniqueKey: "bench-Keeper", SQL: true}},
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		worker.Modules = append(worker.Modules, loader.Module{Name: filepath.Base(file), Source: source})
	}
	state, err := standard.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	objects, err := state.Objects()
	if err != nil {
		b.Fatal(err)
	}
	kv, err := state.KV("bench")
	if err != nil {
		b.Fatal(err)
	}
	rt, err := loader.New(loader.Config{
		Workers: []loader.Worker{worker}, ObjectStorage: objects, Fetchers: map[string]bindings.Fetcher{"kv": kv},
	})
	if err != nil {
		b.Fatal(err)
	}
	return rt.Handler(), func() {
		if err := errors.Join(rt.Close(), state.Close()); err != nil {
			b.Error(err)
		}
	}
}

package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/valyala/fasthttp"

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
		Bindings:          []loader.Binding{{Name: "LOADER", Loader: true}},
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		worker.Modules = append(worker.Modules, loader.Module{Name: filepath.Base(file), Source: source})
	}
	rt, err := loader.New(loader.Config{Workers: []loader.Worker{worker}})
	if err != nil {
		b.Fatal(err)
	}
	return rt.Handler(), func() {
		if err := rt.Close(); err != nil {
			b.Error(err)
		}
	}
}

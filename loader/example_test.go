package loader_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/loader"
)

// A program that serves a worker. README.md shows this body.
func Example() {
	rt, err := loader.New(loader.Config{
		Workers: []loader.Worker{{
			Name:              "hello",
			CompatibilityDate: "2026-01-01",
			Modules: []loader.Module{{Name: "index.js", Source: []byte(`
				export default {
					fetch(request, env) {
						const { searchParams } = new URL(request.url);
						return new Response(env.GREETING + ", " + searchParams.get("name") + "!");
					},
				};
			`)}},
			Bindings: []loader.Binding{{Name: "GREETING", Value: "Hello"}},
		}},
		Log: func(r loader.Record) { log.Printf("%s %s: %s", r.Worker, r.Level, r.Text) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = rt.Close() }()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &fasthttp.Server{Handler: rt.Handler(), StreamRequestBody: true}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Shutdown() }()

	response, err := http.Get("http://" + listener.Addr().String() + "/?name=Go")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(text))
	// Output: 200 Hello, Go!
}

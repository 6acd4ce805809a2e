package loader_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/dynos-run/dynos/loader"
)

// A program with plugins: each is a worker that is loaded once, called through a typed client, and can call back.
func Example_plugins() {
	rt, err := loader.New(loader.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = rt.Close() }()

	plugins := map[string]string{"shout": `
		import { WorkerEntrypoint } from "cloudflare:workers";
		export default class extends WorkerEntrypoint {
			async render(doc) {
				await this.env.report("rendering " + doc.title);
				return { html: "<h1>" + doc.title.toUpperCase() + "</h1>", words: doc.body.split(" ").length };
			}
		}`}
	load := func(name string) *loader.Stub {
		worker := rt.Get(name, func(context.Context) (*loader.WorkerCode, error) {
			source, ok := plugins[name]
			if !ok {
				return nil, fmt.Errorf("no plugin %q", name)
			}
			return &loader.WorkerCode{
				Modules: []loader.Module{loader.ESModule("plugin.js", source)},
				Env:     map[string]any{"report": func(text string) { fmt.Println(name, "reports:", text) }},
			}, nil
		})
		return worker.Entrypoint("")
	}

	type document struct {
		Title string `json:"title"`
		Body  string `json:"body"`
	}
	type page struct{ HTML, Words any }
	var plugin struct {
		Render func(ctx context.Context, doc document) (page, error)
	}
	if err := load("shout").Bind(&plugin); err != nil {
		log.Fatal(err)
	}
	result, err := plugin.Render(context.Background(), document{"Hello", "three little words"})
	fmt.Println(result.HTML, result.Words, err)

	_, err = load("missing").Call(context.Background(), "render", document{})
	fmt.Println(err)
	// Output:
	// shout reports: rendering Hello
	// <h1>HELLO</h1> 3 <nil>
	// Error: no plugin "missing"
}

// tickets is what generated code may use: three functions, no network.
type tickets struct{}

func (tickets) Search(_ context.Context, words string) ([]string, error) {
	return []string{"T-1 " + words, "T-2 " + words}, nil
}
func (tickets) Close(_ context.Context, id string) error {
	if !strings.HasPrefix(id, "T-") {
		return fmt.Errorf("no ticket %s", id)
	}
	fmt.Println("closed", id)
	return nil
}
func (tickets) Count() int { return 2 }

// A sandbox for code that a model wrote: it sees three functions and nothing else, and has a second.
func Example_sandbox() {
	rt, err := loader.New(loader.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = rt.Close() }()

	run := func(code string) (any, error) {
		worker := rt.Load(&loader.WorkerCode{
			Modules: []loader.Module{
				loader.ESModule("main.js", `
					import { WorkerEntrypoint } from "cloudflare:workers";
					import main from "generated.js";
					export default class extends WorkerEntrypoint { run() { return main(this.env.tickets); } }`),
				loader.ESModule("generated.js", code),
			},
			Env: map[string]any{"tickets": loader.Methods(tickets{})},
		})
		defer func() { _ = worker.Close() }()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return loader.Call[any](ctx, worker.Entrypoint(""), "run")
	}

	fmt.Println(run(`
		export default async (tickets) => {
			const found = await tickets.search("printer");
			for (const line of found) await tickets.close(line.split(" ")[0]);
			return found.length + await tickets.count();
		};`))
	_, err = run(`export default async () => (await fetch("https://example.com/")).status;`)
	fmt.Println(err)
	_, err = run(`export default (tickets) => tickets.close("X");`)
	fmt.Println(err)
	_, err = run(`export default () => scheduler.wait(60_000);`)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output:
	// closed T-1
	// closed T-2
	// 4 <nil>
	// Error: This worker is not permitted to access the internet via global functions like fetch(). It must use capabilities (such as bindings in 'env') to talk to the outside world.
	// Error: no ticket X
	// true
}

// An outbound that knows a secret which the worker does not: it adds the credentials outside of the sandbox, for one host only.
func Example_credentials() {
	rt, err := loader.New(loader.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = rt.Close() }()

	api := loader.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = fmt.Fprintf(w, "%s sees %q", req.URL.Host, req.Header.Get("Authorization"))
	}))
	withToken := loader.OutboundFunc(func(req *http.Request) (*http.Response, error) {
		req.Header.Set("Authorization", "Bearer s3cret")
		return api.RoundTrip(req) // http.DefaultTransport in earnest
	})
	worker := rt.Load(&loader.WorkerCode{
		Modules:  []loader.Module{loader.ESModule("main.js", `export default { fetch: (request) => fetch(request) };`)},
		Outbound: loader.Allow(withToken, "api.example.com"),
	})

	client := &http.Client{Transport: worker.Entrypoint("")}
	for _, url := range []string{"https://api.example.com/", "https://elsewhere.example/"} {
		response, err := client.Get(url)
		if err != nil {
			fmt.Println(errors.Unwrap(err))
			continue
		}
		text, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		fmt.Println(string(text))
	}
	// Output:
	// api.example.com sees "Bearer s3cret"
	// Error: This worker is not permitted to access elsewhere.example.
}

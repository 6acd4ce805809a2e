// Package loader embeds dynos in a Go program: it runs workers and the workers that they load.
//
//	rt, err := loader.New(loader.Config{Workers: []loader.Worker{{
//		Name:              "hello",
//		CompatibilityDate: "2026-01-01",
//		Modules: []loader.Module{{
//			Name:   "index.js",
//			Source: []byte(`export default { fetch: () => new Response("Hello World") }`),
//		}},
//	}}})
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer rt.Close()
//	log.Fatal(fasthttp.ListenAndServe(":8787", rt.Handler()))
//
// # How it works
//
// A worker runs in an instance: an isolate with its request contexts. A request becomes a message to the isolate
// (instance.go), the turn leaves ops, and ops.go performs them. Whatever a worker calls, be it another worker, the network or
// nothing at all, is a service (service.go): calls and answers never wait, they go on the runner of the goroutine that is
// there anyway. dynamic.go is the Worker Loader.
//
// # Lock order
//
// worker.mu, then instance.mu, then the isolate's. namespace.mu and Runtime.mu are leaves. Services and callers are called
// without any of them.
package loader

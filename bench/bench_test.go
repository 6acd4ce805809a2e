// Package bench measures the worker in workloads: in process, without sockets, and over loopback HTTP.
//
// Names are key=value, for benchstat: benchstat -col /workload, -row /conns.
package bench

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/dynos-run/dynos/bench/internal/load"
	"github.com/dynos-run/dynos/bench/workloads"
)

// bareWorkload is a bare fasthttp handler in place of the runtime: the most that fasthttp and the load generator do here.
var bareWorkload = workloads.Workload{Name: "bare", Target: "/", Answer: "Hello World"}

func bareHandler(ctx *fasthttp.RequestCtx) { ctx.Response.SetBodyString(bareWorkload.Answer) }

// BenchmarkHandler calls the handler without sockets: what a request costs in the runtime itself.
func BenchmarkHandler(b *testing.B) {
	b.Run("workload=bare", func(b *testing.B) { benchmarkHandler(b, bareHandler, bareWorkload) })
	handler, closeHandler := newHandler(b)
	defer closeHandler()
	for _, w := range workloads.All {
		b.Run("workload="+w.Name, func(b *testing.B) { benchmarkHandler(b, handler, w) })
	}
}

func benchmarkHandler(b *testing.B, handler fasthttp.RequestHandler, w workloads.Workload) {
	var ctx fasthttp.RequestCtx
	var request fasthttp.Request
	request.Header.SetMethod(w.Method())
	request.SetRequestURI(w.Target)
	request.Header.SetHost("bench.example")
	for _, field := range workloads.Header {
		request.Header.Set(field[0], field[1])
	}
	if w.Body != "" {
		request.Header.SetContentType("application/json")
		request.SetBodyString(w.Body)
		request.Header.SetContentLength(len(w.Body))
	}
	remote := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	ask := func() {
		ctx.Init(&request, remote, nil)
		handler(&ctx)
		if err := w.Check(ctx.Response.StatusCode(), ctx.Response.Body()); err != nil {
			b.Fatal(err)
		}
	}
	ask() // the first request of a workload makes what the others find
	var latency load.Histogram
	b.ReportAllocs()
	start := time.Now()
	now := start
	for b.Loop() {
		ask()
		after := time.Now()
		latency.Add(after.Sub(now))
		now = after
	}
	report(b, &latency, float64(b.N)/now.Sub(start).Seconds())
}

// BenchmarkHTTP asks over loopback HTTP; allocations are those of server and load generator, and the latter makes none.
func BenchmarkHTTP(b *testing.B) {
	b.Run("workload=bare", func(b *testing.B) { benchmarkHTTP(b, bareHandler, bareWorkload) })
	handler, closeHandler := newHandler(b)
	defer closeHandler()
	for _, w := range workloads.All {
		b.Run("workload="+w.Name, func(b *testing.B) { benchmarkHTTP(b, handler, w) })
	}
}

func benchmarkHTTP(b *testing.B, handler fasthttp.RequestHandler, w workloads.Workload) {
	address := serve(b, handler)
	for _, conns := range []int{1, 32} {
		b.Run(fmt.Sprintf("conns=%d", conns), func(b *testing.B) {
			o := load.Options{Address: address, Request: w.Bytes(address), Check: w.Check, Conns: conns, Requests: int64(conns)}
			run(b, o)
			o.Requests = int64(b.N)
			b.ReportAllocs()
			b.ResetTimer()
			result := run(b, o)
			b.StopTimer()
			report(b, &result.Latency, result.PerSecond())
		})
	}
}

// serve listens on a free port of the loopback interface until the benchmark is over.
func serve(b *testing.B, handler fasthttp.RequestHandler) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &fasthttp.Server{Handler: handler, StreamRequestBody: true, DisableHeaderNamesNormalizing: true, NoDefaultContentType: true}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	b.Cleanup(func() {
		if err := server.Shutdown(); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
	return listener.Addr().String()
}

func run(b *testing.B, o load.Options) *load.Result {
	result, err := load.Run(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	if result.Failure != nil {
		b.Fatalf("%d of %d answers failed; the first: %v", result.Failures, o.Requests, result.Failure)
	}
	return result
}

func report(b *testing.B, latency *load.Histogram, perSecond float64) {
	b.ReportMetric(float64(latency.Quantile(0.50).Nanoseconds())/1000, "p50-us")
	b.ReportMetric(float64(latency.Quantile(0.99).Nanoseconds())/1000, "p99-us")
	b.ReportMetric(perSecond, "req/s")
}

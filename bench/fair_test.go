package bench

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/dynos-run/dynos/bench/internal/load"
	"github.com/dynos-run/dynos/loader"
)

// hogModule is a worker that computes for some twenty milliseconds a request.
const hogModule = `export default { fetch() { let s = 0; for (let i = 0; i < 2e7; i++) s += i % 7; return new Response(s); } };`

// BenchmarkFair measures what a worker's clients wait while other workers of the process compute all the time: p50-ms, p99-ms and p999-ms of the honest
// worker, hogs/s of the others.
func BenchmarkFair(b *testing.B) {
	for _, hogs := range []int{0, 1, 2, 8} {
		b.Run(fmt.Sprintf("hogs=%d", hogs), func(b *testing.B) { benchmarkFair(b, hogs) })
	}
}

func benchmarkFair(b *testing.B, hogs int) {
	rt, err := loader.New(loader.Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rt.Close() }()
	honest := rt.Load(&loader.WorkerCode{Modules: []loader.Module{loader.ESModule("main.js", `export default { fetch() { return new Response("ok"); } };`)}})
	ask(b, honest)
	var running sync.WaitGroup
	ctx, stop := context.WithCancel(b.Context())
	defer running.Wait()
	defer stop()
	var mu sync.Mutex
	computed := 0
	for range hogs {
		hog := rt.Load(&loader.WorkerCode{Modules: []loader.Module{loader.ESModule("main.js", hogModule)}})
		ask(b, hog)
		running.Go(func() {
			for ctx.Err() == nil {
				ask(b, hog)
				mu.Lock()
				computed++
				mu.Unlock()
			}
		})
	}
	var waits load.Histogram
	b.ResetTimer()
	begun := time.Now()
	for range b.N {
		start := time.Now()
		ask(b, honest)
		waits.Add(time.Since(start))
	}
	b.StopTimer()
	mu.Lock()
	defer mu.Unlock()
	b.ReportMetric(waits.Quantile(0.5).Seconds()*1e3, "p50-ms")
	b.ReportMetric(waits.Quantile(0.99).Seconds()*1e3, "p99-ms")
	b.ReportMetric(waits.Quantile(0.999).Seconds()*1e3, "p999-ms")
	b.ReportMetric(float64(computed)/time.Since(begun).Seconds(), "hogs/s")
}

func ask(b *testing.B, w *loader.WorkerStub) {
	res, err := w.Entrypoint("").RoundTrip(httptest.NewRequest("GET", "http://x/", nil))
	if err != nil {
		b.Error(err)
		return
	}
	if err := res.Body.Close(); err != nil {
		b.Error(err)
	}
}

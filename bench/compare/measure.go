package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dynos-run/dynos/bench/internal/load"
	"github.com/dynos-run/dynos/bench/workloads"
)

// A measurement is one workload on one runtime.
type measurement struct {
	PerSecond float64 `json:"requests_per_s"`
	P50       float64 `json:"p50_us"`
	P99       float64 `json:"p99_us"`
	Memory    int64   `json:"rss_bytes"`
	Requests  int64   `json:"requests"`
	Failures  int64   `json:"failures"`
	Failure   string  `json:"failure,omitempty"`
}

// measure starts the runtime, loads it with one workload and ends it.
func measure(ctx context.Context, o *options, runtime *runtimeUnderTest, w workloads.Workload) (*measurement, error) {
	p, err := start(ctx, runtime)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	result, err := load.Run(ctx, load.Options{
		Address:  p.address,
		Request:  w.Bytes(p.address),
		Check:    w.Check,
		Conns:    o.conns,
		Warmup:   seconds(min(1, o.seconds/4)),
		Duration: seconds(o.seconds),
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w\n%s", runtime.name, w.Name, err, p.output.Bytes())
	}
	m := &measurement{
		PerSecond: result.PerSecond(),
		P50:       microseconds(result.Latency.Quantile(0.50)),
		P99:       microseconds(result.Latency.Quantile(0.99)),
		Memory:    p.memory(),
		Requests:  result.Requests,
		Failures:  result.Failures,
	}
	if result.Failure != nil {
		m.Failure = result.Failure.Error()
	}
	return m, nil
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// A footprint is what a runtime costs while nobody asks anything.
type footprint struct {
	Name string `json:"runtime"`
	// FirstAnswer is the time from the start of the process to the first right answer.
	FirstAnswer float64 `json:"first_answer_ms"`
	// Memory is the resident size after that answer.
	Memory int64 `json:"rss_bytes"`
	// PerWorker is how much each idle dynamic worker adds to it.
	PerWorker int64 `json:"rss_bytes_per_idle_worker"`
}

func measureFootprint(ctx context.Context, o *options, runtime *runtimeUnderTest) (*footprint, error) {
	p, err := start(ctx, runtime)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	f := &footprint{Name: runtime.name}
	if err := once(ctx, p, workloads.All[0]); err != nil {
		return nil, err
	}
	f.FirstAnswer = microseconds(time.Since(p.started)) / 1000
	f.Memory = p.memory()
	// The first few pay for what all share, and for spares that are made ahead.
	const warm = 20
	before := int64(0)
	for n := range warm + o.idle {
		if n == warm {
			before = p.memory()
		}
		if err := once(ctx, p, workloads.Idle(n)); err != nil {
			return nil, err
		}
	}
	f.PerWorker = (p.memory() - before) / int64(o.idle)
	return f, nil
}

// once asks one time and fails if the answer is wrong.
func once(ctx context.Context, p *process, w workloads.Workload) error {
	result, err := load.Run(ctx, load.Options{Address: p.address, Request: w.Bytes(p.address), Check: w.Check, Conns: 1, Requests: 1})
	if err == nil {
		err = result.Failure
	}
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", p.name, err, p.output.Bytes())
	}
	return nil
}

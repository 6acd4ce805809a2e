package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dynos-run/dynos/cmd/dynos/internal/supervise"
	"github.com/dynos-run/dynos/loader"
)

// An admin serves the figures of the server to who operates it. It is part of the supervisor, which outlives engines.
type admin struct {
	listener net.Listener // nil if nobody wants one
	server   http.Server
	wanted   chan chan<- supervise.Report
}

// newAdmin listens, so that a wrong address is known at once.
func newAdmin(address string) (*admin, error) {
	a := &admin{wanted: make(chan chan<- supervise.Report)}
	if address == "" {
		return a, nil
	}
	var err error
	if a.listener, err = net.Listen("tcp", address); err != nil {
		var where *net.OpError
		if errors.As(err, &where) {
			err = where.Err
		}
		return nil, &inputError{fmt.Sprintf("dynos: --admin: %s: %v", address, err)}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(a)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	a.server = http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	return a, nil
}

// serve begins to answer.
func (a *admin) serve(s streams) {
	if a.listener == nil {
		return
	}
	fmt.Fprintf(s.out, "dynos serves metrics on http://%s\n", a.listener.Addr())
	go func() { _ = a.server.Serve(a.listener) }() // until close
}

func (a *admin) close() {
	if a.listener != nil {
		_ = a.listener.Close()
		_ = a.server.Close()
	}
}

// reportTime is more than the supervisor gives its engines. It does not answer when it is ending.
const reportTime = 5 * time.Second

// report asks the supervisor; false if that is ending.
func (a *admin) report() (r supervise.Report, ok bool) {
	to := make(chan supervise.Report, 1)
	late := time.After(reportTime)
	select {
	case a.wanted <- to:
	case <-late:
		return r, false
	}
	select {
	case r = <-to:
		return r, true
	case <-late:
		return r, false
	}
}

func metric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("dynos_"+name, help, labels, nil)
}

// The metrics.
var (
	metricRequests  = metric("requests_total", "Requests to handlers that were taken.")
	metricRefused   = metric("requests_refused_total", "Requests answered with 503 at once because too much was in progress.")
	metricProgress  = metric("requests_in_progress", "Requests that have no whole answer yet.")
	metricCPU       = metric("cpu_seconds_total", "Processor time of JavaScript.")
	metricStarts    = metric("worker_starts_total", "Starts of workers, dynamic ones and those that start anew.")
	metricDynamic   = metric("dynamic_workers", "Dynamic workers in memory, busy or idle.")
	metricIsolates  = metric("isolates", "Isolates that workers have, that are ready, and that are lost with their threads.", "state")
	metricEvictions = metric("evictions_total", "Dynamic workers that were evicted, by what would have been exceeded.", "reason")
	metricResident  = metric("resident_bytes", "Memory of the engines.")
	metricBudget    = metric("memory_budget_bytes", "Budget for the memory of the engines: --max-memory.")
	metricBuffered  = metric("buffered_bytes", "What long answers hold that their clients have not taken.")
	metricLimits    = metric("limits_reached_total", "How often workers have reached a limit.", "limit")
	metricEngines   = metric("engines", "Engines, by their stage.", "stage")
	metricStarted   = metric("engine_starts_total", "Engines that were started.")
	metricDied      = metric("engine_deaths_total", "Engines that died.")
)

// Describe implements prometheus.Collector.
func (a *admin) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		metricRequests, metricRefused, metricProgress, metricCPU, metricStarts, metricDynamic, metricIsolates, metricEvictions, metricResident,
		metricBudget, metricBuffered, metricLimits, metricEngines, metricStarted, metricDied,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector: the sums over all engines that serve.
func (a *admin) Collect(to chan<- prometheus.Metric) {
	report, ok := a.report()
	if !ok {
		to <- prometheus.NewInvalidMetric(metricEngines, errors.New("the server is ending"))
		return
	}
	var m loader.Metrics
	for _, text := range report.Measured {
		var one loader.Metrics
		if json.Unmarshal([]byte(text), &one) == nil { // it is of the same program
			m.Add(&one)
		}
	}
	collectEngines(to, &report)
	collectMetrics(to, &m)
}

func collectEngines(to chan<- prometheus.Metric, r *supervise.Report) {
	to <- gauge(metricEngines, r.Serving, "serving")
	to <- gauge(metricEngines, r.Spare, "spare")
	to <- gauge(metricEngines, r.Draining, "draining")
	to <- counter(metricStarted, r.Started)
	to <- counter(metricDied, r.Died)
}

func collectMetrics(to chan<- prometheus.Metric, m *loader.Metrics) {
	to <- counter(metricRequests, m.Requests)
	to <- counter(metricRefused, m.Refused)
	to <- gauge(metricProgress, m.InProgress)
	to <- counter(metricCPU, m.CPU.Seconds())
	to <- counter(metricStarts, m.Starts)
	to <- gauge(metricDynamic, m.DynamicWorkers)
	to <- gauge(metricIsolates, m.Isolates, "used")
	to <- gauge(metricIsolates, m.SpareIsolates, "spare")
	to <- gauge(metricIsolates, m.LostIsolates, "lost")
	to <- counter(metricEvictions, m.EvictedIdle, "idle")
	to <- counter(metricEvictions, m.EvictedCount, "count")
	to <- counter(metricEvictions, m.EvictedMemory, "memory")
	to <- gauge(metricResident, m.ResidentBytes)
	to <- gauge(metricBudget, m.MaxMemoryBytes)
	to <- gauge(metricBuffered, m.BufferedBytes)
	for limit, n := range m.Limits {
		to <- counter(metricLimits, n, string(limit))
	}
}

func gauge[N int | int64 | float64](d *prometheus.Desc, value N, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value), labels...)
}

func counter[N int | int64 | float64](d *prometheus.Desc, value N, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
}

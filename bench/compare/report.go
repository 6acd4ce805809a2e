package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"time"
)

// A report is everything that a run found.
type report struct {
	Date      string  `json:"date"`
	Machine   string  `json:"machine"`
	Dynos     string  `json:"dynos,omitempty"`
	Reference string  `json:"reference,omitempty"`
	Seconds   float64 `json:"seconds"`
	Conns     int     `json:"conns"`

	Notes      []string     `json:"notes,omitempty"`
	Rows       []row        `json:"workloads"`
	Footprints []*footprint `json:"footprints,omitempty"`
}

// A row is one workload on all runtimes; nil is one that was not there.
type row struct {
	Workload  string       `json:"workload"`
	Bare      *measurement `json:"bare"`
	Dynos     *measurement `json:"dynos"`
	Reference *measurement `json:"reference"`
}

func (r *row) of(name string) **measurement {
	switch name {
	case nameBare:
		return &r.Bare
	case nameDynos:
		return &r.Dynos
	}
	return &r.Reference
}

func newReport(o *options) *report {
	return &report{Date: time.Now().UTC().Format(time.DateOnly), Machine: machine(), Seconds: o.seconds, Conns: o.conns, Rows: []row{}}
}

func (r *report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

var modelName = regexp.MustCompile(`(?m)^model name\s*:\s*(.*)$`)

func machine() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	model := "unknown processor"
	if found := modelName.FindSubmatch(text); found != nil {
		model = string(found[1])
	}
	return fmt.Sprintf("%d × %s, %s/%s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// writeHead begins a table that is Markdown and can be read as it is.
func (r *report) writeHead(w io.Writer) {
	fmt.Fprintf(w, "%s; %s; %d connections, %g s each\n", r.Date, r.Machine, r.Conns, r.Seconds)
	for _, version := range []string{r.Dynos, r.Reference} {
		if version != "" {
			fmt.Fprintln(w, version)
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintln(w, note)
	}
	fmt.Fprint(w, `
| workload | bare req/s | dynos req/s | reference req/s | ratio | of bare | dynos p50 / p99 ms | reference p50 / p99 ms | dynos MB | reference MB |
| -------- | ---------: | ----------: | --------------: | ----: | ------: | -----------------: | ---------------------: | -------: | -----------: |
`)
}

func (r *row) write(w io.Writer) {
	fmt.Fprintf(w, "| %-8s | %10s | %11s | %15s | %5s | %7s | %18s | %22s | %8s | %12s |\n", r.Workload,
		r.Bare.rate(), r.Dynos.rate(), r.Reference.rate(), ratio(r.Dynos, r.Reference), ratio(r.Dynos, r.Bare),
		r.Dynos.latency(), r.Reference.latency(), r.Dynos.megabytes(), r.Reference.megabytes())
}

const absent = "-"

func (m *measurement) rate() string {
	if m == nil {
		return absent
	}
	return fmt.Sprintf("%.0f", m.PerSecond)
}

func (m *measurement) latency() string {
	if m == nil {
		return absent
	}
	return fmt.Sprintf("%.2f / %.2f", m.P50/1000, m.P99/1000)
}

func (m *measurement) megabytes() string {
	if m == nil || m.Memory == 0 {
		return absent
	}
	return fmt.Sprintf("%.0f", float64(m.Memory)/1e6)
}

func ratio(a, b *measurement) string {
	if a == nil || b == nil || b.PerSecond == 0 {
		return absent
	}
	return fmt.Sprintf("%.2f", a.PerSecond/b.PerSecond)
}

func (r *report) writeFootprints(w io.Writer) {
	fmt.Fprint(w, `
| runtime   | first answer ms | MB after it | KB per idle dynamic worker |
| --------- | --------------: | ----------: | -------------------------: |
`)
	for _, f := range r.Footprints {
		perWorker := absent
		if f.Name != nameBare {
			perWorker = fmt.Sprintf("%.0f", float64(f.PerWorker)/1e3)
		}
		fmt.Fprintf(w, "| %-9s | %15.0f | %11.0f | %26s |\n", f.Name, f.FirstAnswer, float64(f.Memory)/1e6, perWorker)
	}
}

// writeFailures lists what went wrong: a rate of wrong answers is none.
func (r *report) writeFailures(w io.Writer) {
	if r.failed() {
		fmt.Fprintln(w)
	}
	for i := range r.Rows {
		for _, name := range []string{nameBare, nameDynos, nameReference} {
			if m := *r.Rows[i].of(name); m != nil && m.Failures > 0 {
				fmt.Fprintf(w, "%s: %d of %d answers failed; the first: %s\n", name, m.Failures, m.Failures+m.Requests, m.Failure)
			}
		}
	}
}

func (r *report) failed() bool {
	for i := range r.Rows {
		for _, name := range []string{nameBare, nameDynos, nameReference} {
			if m := *r.Rows[i].of(name); m != nil && m.Failures > 0 {
				return true
			}
		}
	}
	return false
}

func (r *report) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

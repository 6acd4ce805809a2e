// Command compare loads the same worker on dynos and on a reference runtime and prints one table.
//
// Each workload runs on fresh processes, in turn: a bare fasthttp server that sends an answer of the same size (the most
// that the load generator can see on this machine), dynos, and the reference runtime, whose program or command is in the
// environment variable DYNOS_REFERENCE. bench/README.md says how to read the table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/dynos-run/dynos/bench/workloads"
)

const referenceVariable = "DYNOS_REFERENCE"

// Options are the flags.
type options struct {
	dynos     string
	worker    string
	reference []string
	seconds   float64
	conns     int
	workloads *regexp.Regexp
	idle      int
	json      bool
	snippets  bool
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		exitOn(serveBare(os.Args[2]))
		return
	}
	o, err := parse()
	exitOn(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.snippets {
		exitOn(compareSnippets(ctx, o))
		return
	}
	report, err := compare(ctx, o)
	if o.json {
		exitOn(errors.Join(report.writeJSON(os.Stdout), err))
	} else {
		report.writeFailures(os.Stdout)
		exitOn(err)
	}
	if report.failed() {
		os.Exit(1)
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func parse() (*options, error) {
	o := &options{reference: strings.Fields(os.Getenv(referenceVariable))}
	pattern := "."
	flag.StringVar(&o.dynos, "dynos", "bin/dynos", "the dynos `program`")
	flag.StringVar(&o.worker, "worker", "bench/workloads", "`folder` of the worker")
	flag.Float64Var(&o.seconds, "seconds", 5, "how long each measurement takes")
	flag.IntVar(&o.conns, "conns", 32, "keep-alive connections")
	flag.StringVar(&pattern, "workloads", pattern, "regular `expression` of the workloads to run")
	flag.IntVar(&o.idle, "idle", 200, "idle dynamic workers for the memory figure, 0 to leave it out")
	flag.BoolVar(&o.json, "json", false, "print JSON instead of a table")
	flag.BoolVar(&o.snippets, "snippets", false, "measure pieces of the Web platform instead; --worker is then bench/snippets, and DYNOS_NODE and DYNOS_DENO are commands of other runtimes")
	flag.Parse()
	if flag.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if o.seconds <= 0 || o.conns <= 0 {
		return nil, errors.New("--seconds and --conns must be above zero")
	}
	var err error
	o.workloads, err = regexp.Compile(pattern)
	return o, err
}

// compare measures everything, and prints rows as they come unless JSON is wanted.
func compare(ctx context.Context, o *options) (*report, error) {
	r := newReport(o)
	work, err := os.MkdirTemp("", "dynos-compare-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(work)
	runtimes, err := findRuntimes(o, work, r)
	if err != nil {
		return r, err
	}
	if !o.json {
		r.writeHead(os.Stdout)
	}
	for _, w := range workloads.All {
		if !o.workloads.MatchString(w.Name) {
			continue
		}
		row := row{Workload: w.Name}
		for _, runtime := range runtimes {
			if w.Alone && runtime.name == nameReference {
				continue
			}
			m, err := measure(ctx, o, runtime, w)
			if err != nil {
				return r, err
			}
			*row.of(runtime.name) = m
		}
		r.Rows = append(r.Rows, row)
		if !o.json {
			row.write(os.Stdout)
		}
	}
	if o.idle > 0 {
		for _, runtime := range runtimes {
			f, err := measureFootprint(ctx, o, runtime)
			if err != nil {
				return r, err
			}
			r.Footprints = append(r.Footprints, f)
		}
		if !o.json {
			r.writeFootprints(os.Stdout)
		}
	}
	return r, nil
}

// findRuntimes lists what there is to measure, and notes in the report what is missing.
func findRuntimes(o *options, work string, r *report) ([]*runtimeUnderTest, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	list := []*runtimeUnderTest{bare(self)}
	if _, err := os.Stat(o.dynos); err != nil {
		r.note("no %s: run make build, or give --dynos", o.dynos)
	} else {
		list = append(list, dynos(o.dynos, o.worker, filepath.Join(work, "state")))
		r.Dynos = version(o.dynos, "version")
	}
	if len(o.reference) == 0 {
		r.note("no reference runtime: set %s to its program or command", referenceVariable)
		return list, nil
	}
	reference, err := reference(o.reference, o.worker, work)
	if err != nil {
		return nil, err
	}
	r.Reference = version(o.reference[0], append(o.reference[1:], "--version")...)
	return append(list, reference), nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

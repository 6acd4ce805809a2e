package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/dynos-run/dynos/loader"
	"github.com/dynos-run/dynos/loader/loadertest"
)

type testCommand struct {
	Paths        []string      `arg:"" name:"path" help:"Fixtures (.wd-test), or project folders, wrangler files, .js or .ts files; projects run together, and may call each other."`
	Filter       string        `help:"Which tests to run: SERVICE, SERVICE:ENTRYPOINT or CONST:SERVICE:ENTRYPOINT, in which * stands for any text." placeholder:"FILTER"`
	Timeout      time.Duration `default:"30s" help:"How long one test may take."`
	Junit        string        `help:"Write the results as JUnit XML, too." placeholder:"FILE"`
	CompatDate   string        `help:"Compatibility date of workers in fixtures that have none." placeholder:"DATE"`
	Jobs         int           `short:"j" help:"How many files run at once. Default: the number of processors."`
	Env          string        `help:"Environment of projects: the section env.NAME of the configuration."`
	AllowNet     []string      `help:"Network beyond public addresses that workers of projects may reach: private, loopback, a CIDR or host:port." placeholder:"RULE"`
	Watch        bool          `short:"w" help:"Run the tests again whenever a file beside them changes, until interrupted."`
	Experimental bool          `help:"Accepted as the reference runtime's command does: experimental flags are always allowed."`
}

// Run runs the tests, prints how each has ended, and fails if one has failed.
func (c *testCommand) Run(s streams) error {
	filter, err := loadertest.ParseFilter(cmp.Or(c.Filter, "*"))
	if err != nil {
		return &inputError{"dynos: --filter: " + err.Error()}
	}
	options := loadertest.Options{Filter: filter, Timeout: c.Timeout, CompatibilityDate: c.CompatDate}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Watch {
		c.watch(ctx, options, s)
		return nil
	}
	return c.runOnce(ctx, options, s)
}

// watch runs the tests, and again after each change, until ctx ends. What is wrong with a project is printed, to be mended.
func (c *testCommand) watch(ctx context.Context, o loadertest.Options, s streams) {
	for ctx.Err() == nil {
		files := snapshot(c.Paths)
		if err := c.runOnce(ctx, o, s); err != nil && !errors.Is(err, errTestsFailed) {
			fmt.Fprintln(s.out, err)
		}
		fmt.Fprintln(s.out, "Waiting for a change …")
		if !waitForChange(ctx, c.Paths, files) {
			return
		}
	}
}

func (c *testCommand) runOnce(ctx context.Context, o loadertest.Options, s streams) error {
	runs, err := c.prepare(o, s)
	if err != nil {
		return err
	}
	results := c.runAll(ctx, runs, s)
	summarize(s.out, results)
	if c.Junit != "" {
		err = writeJUnit(c.Junit, results)
	}
	if slices.ContainsFunc(results, func(r *loadertest.Result) bool { return r.Outcome == loadertest.Failed }) {
		err = errors.Join(err, errTestsFailed)
	}
	return err
}

var errTestsFailed = errors.New("some tests have failed")

// A testRun runs one fixture, or the projects, and prints to w.
type testRun func(ctx context.Context, w io.Writer) *loadertest.Result

// prepare finds out what is to be run.
func (c *testCommand) prepare(o loadertest.Options, s streams) ([]testRun, error) {
	var runs []testRun
	var projects []string
	for _, path := range c.Paths {
		if !isWorkerdConfig(path) && !strings.HasSuffix(path, "-wd-test") {
			projects = append(projects, path)
			continue
		}
		runs = append(runs, func(ctx context.Context, w io.Writer) *loadertest.Result {
			return loadertest.Run(ctx, path, printing(o, w))
		})
	}
	if len(projects) == 0 {
		return runs, nil
	}
	config, err := c.projectTests(projects, s)
	if err != nil {
		return nil, err
	}
	name := strings.Join(projects, ", ")
	return append(runs, func(ctx context.Context, w io.Writer) *loadertest.Result {
		o.Fresh = true // what one test stores no other sees
		return loadertest.RunConfig(ctx, name, config, printing(o, w))
	}), nil
}

// printing lets a run print its tests in the reference runtime's form.
func printing(o loadertest.Options, w io.Writer) loadertest.Options {
	o.Started = func(name string) { fmt.Fprintf(w, "[ TEST ] %s\n", name) }
	o.Log = func(r loader.Record) { fmt.Fprintln(w, r.Text) }
	o.Ended = func(t loadertest.Test) {
		if t.Fault != "" {
			fmt.Fprintln(w, t.Fault)
		}
		fmt.Fprintf(w, "[ %s ] %s (%s)\n", t.Outcome, t.Name, t.Duration)
	}
	return o
}

// runAll runs several at once. What a run prints comes as a whole, and at once if it is alone.
func (c *testCommand) runAll(ctx context.Context, runs []testRun, s streams) []*loadertest.Result {
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	results := make([]*loadertest.Result, len(runs))
	slots := make(chan struct{}, jobs)
	var printer sync.Mutex
	var all sync.WaitGroup
	for k, run := range runs {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if len(runs) == 1 {
				results[k] = run(ctx, s.out)
				printReason(s.out, results[k])
				return
			}
			var text bytes.Buffer
			results[k] = run(ctx, &text)
			printReason(&text, results[k])
			printer.Lock()
			defer printer.Unlock()
			fmt.Fprintf(s.out, "%s\n%s", results[k].Name, text.Bytes())
		})
	}
	all.Wait()
	return results
}

// printReason says why a fixture has run no tests.
func printReason(w io.Writer, r *loadertest.Result) {
	if r.Reason != "" {
		fmt.Fprintf(w, "%s\n[ %s ] %s\n", r.Reason, r.Outcome, r.Name)
	}
}

func summarize(w io.Writer, results []*loadertest.Result) {
	var passed, failed, skipped, broken int
	for _, r := range results {
		passed += r.Count(loadertest.Passed)
		failed += r.Count(loadertest.Failed)
		switch {
		case r.Outcome == loadertest.Skipped:
			skipped++
		case r.Reason != "":
			broken++
		}
	}
	parts := []string{fmt.Sprintf("%d passed", passed), fmt.Sprintf("%d failed", failed)}
	if skipped > 0 {
		parts = append(parts, counted(skipped, "file")+" skipped")
	}
	if broken > 0 {
		parts = append(parts, counted(broken, "file")+" without tests that could run")
	}
	fmt.Fprintln(w, strings.Join(parts, ", "))
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

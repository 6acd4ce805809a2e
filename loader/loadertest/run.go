package loadertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/dynos-run/dynos/loader"
)

// defaultTimeout is how long one test may take.
const defaultTimeout = 30 * time.Second

// Options are what the caller decides. The zero value is good.
type Options struct {
	// Filter chooses tests.
	Filter Filter
	// Timeout is how long one test may take, and the modules of one worker. Default: 30 s.
	Timeout time.Duration
	// CompatibilityDate is that of workers without one, "yyyy-mm-dd". Default: they are an error.
	CompatibilityDate string
	// LookupEnv reads the environment, for bindings that come from there. Default: os.LookupEnv.
	LookupEnv func(name string) (string, bool)
	// Log gets console output as it comes, Started and Ended the tests. Nil drops them. They are called one at a time.
	Log     func(loader.Record)
	Started func(name string)
	Ended   func(Test)
}

// A runner runs the tests of one configuration.
type runner struct {
	options Options
	result  *Result

	mu  sync.Mutex // guards log, and one call of the options' functions at a time
	log strings.Builder
}

func newRunner(name string, o Options) *runner {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return &runner{options: o, result: &Result{Name: name}}
}

// RunConfig runs the tests of the workers of a configuration, whose Log and time limits are the runner's.
func RunConfig(ctx context.Context, name string, config loader.Config, o Options) *Result {
	r := newRunner(name, o)
	return r.timed(func() { r.config(ctx, config, nil) })
}

// timed measures what makes the result.
func (r *runner) timed(run func()) *Result {
	begun := time.Now()
	run()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Log += r.log.String()
	r.result.Duration = time.Since(begun)
	return r.result
}

// refuse ends the run before its tests.
func (r *runner) refuse(o Outcome, reason string) { r.result.Outcome, r.result.Reason = o, reason }

// config starts the workers, lets serve open what is to be open meanwhile, and runs the tests.
func (r *runner) config(ctx context.Context, config loader.Config, serve func(*loader.Runtime) (stop func(), err error)) {
	config.Log, config.StartTimeout, config.WaitUntilTimeout = r.record, r.options.Timeout, 2*r.options.Timeout
	config.SpareIsolates = cmp.Or(config.SpareIsolates, 2)
	rt, err := loader.New(config)
	if err != nil {
		r.refuseStart(err)
		return
	}
	defer func() { _ = rt.Kill() }()
	if serve != nil {
		stop, err := serve(rt)
		if err != nil {
			r.refuse(Failed, err.Error())
			return
		}
		defer stop()
	}
	r.tests(ctx, rt)
}

// missing matches what a worker says that imports a module which dynos does not have.
var missing = regexp.MustCompile(`(?:No such module "|Module not found: )((?:node|cloudflare|workerd)[-\w]*:[-\w/]+)`)

func (r *runner) refuseStart(err error) {
	if what := missing.FindStringSubmatch(err.Error()); what != nil {
		r.refuse(Skipped, "dynos has no "+what[1])
		return
	}
	r.refuse(Failed, err.Error())
}

// tests runs those that the filter chooses. After one that has not ended in time the workers are in an unknown state: the others fail with it.
func (r *runner) tests(ctx context.Context, rt *loader.Runtime) {
	r.takeLog(&r.result.Log)
	stuck := ""
	for _, t := range rt.Tests() {
		if !r.options.Filter.match(t) {
			continue
		}
		if ctx.Err() != nil {
			r.refuse(Failed, context.Cause(ctx).Error())
			return
		}
		if stuck != "" {
			r.end(Test{Name: t.String(), Outcome: Failed, Fault: "not run: " + stuck + " has not ended"})
			continue
		}
		if !r.test(ctx, rt, t) {
			stuck = t.String()
		}
	}
	switch {
	case len(r.result.Tests) == 0:
		r.refuse(Failed, "No tests found!")
	case r.result.Count(Failed) > 0:
		r.result.Outcome = Failed
	}
}

// test runs one test; false if it has not ended.
func (r *runner) test(ctx context.Context, rt *loader.Runtime, t loader.Test) bool {
	name := t.String()
	r.mu.Lock()
	if r.options.Started != nil {
		r.options.Started(name)
	}
	r.mu.Unlock()
	late := fmt.Errorf("has not ended after %s", r.options.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.Timeout, late)
	defer cancel()
	begun := time.Now()
	err := rt.RunTest(ctx, t)
	test := Test{Name: name, Duration: time.Since(begun)}
	if err != nil {
		test.Outcome, test.Fault = Failed, fault(err)
	}
	r.takeLog(&test.Log)
	r.end(test)
	return ctx.Err() == nil || err == nil
}

// fault is what a failed test has to say.
func fault(err error) string {
	var thrown *loader.Exception
	if errors.As(err, &thrown) && thrown.Stack != "" {
		return thrown.Stack
	}
	return err.Error()
}

func (r *runner) end(t Test) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Tests = append(r.result.Tests, t)
	if r.options.Ended != nil {
		r.options.Ended(t)
	}
}

// maxLog bounds what is kept of the output of one test.
const maxLog = 1 << 20

func (r *runner) record(record loader.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log.Len() < maxLog {
		r.log.WriteString(record.Text + "\n")
	}
	if r.options.Log != nil {
		r.options.Log(record)
	}
}

// takeLog moves what has been written so far.
func (r *runner) takeLog(to *string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*to += r.log.String()
	r.log.Reset()
}

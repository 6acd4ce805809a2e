package loadertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	// Fresh starts the workers anew for each test.
	Fresh bool
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

// A Source makes the configuration that workers start from, and what is to be called when they have ended. It is called for each start, of
// which there are several: see Options.Fresh, and there is one after a test that has not ended.
type Source func() (config loader.Config, done func(), err error)

// RunConfig runs the tests of the workers of a configuration, whose Log and time limits are the runner's.
func RunConfig(ctx context.Context, name string, config Source, o Options) *Result {
	r := newRunner(name, o)
	return r.timed(func() {
		r.all(ctx, func() *session {
			made, done, err := config()
			if err != nil {
				r.refuse(Failed, err.Error())
				return nil
			}
			return &session{config: made, close: done}
		})
	})
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

// A session is one start of the workers.
type session struct {
	config loader.Config
	// serve opens what is to be open meanwhile; nil for nothing.
	serve func(*loader.Runtime) (stop func(), err error)
	// close ends what the configuration holds; nil for nothing.
	close func()
}

// all runs the tests that the filter chooses, in as many sessions as it takes. A session that open cannot make is nil, and refused.
func (r *runner) all(ctx context.Context, open func() *session) {
	for next := 0; next >= 0; {
		s := open()
		if s == nil {
			return
		}
		next = r.session(ctx, s, next)
		if s.close != nil {
			s.close()
		}
	}
	switch {
	case r.result.Reason != "":
	case len(r.result.Tests) == 0:
		r.refuse(Failed, "No tests found!")
	case r.result.Count(Failed) > 0:
		r.result.Outcome = Failed
	}
}

// session starts the workers and runs the tests from the one with index first. It gives the first that another session is to run, or -1.
func (r *runner) session(ctx context.Context, s *session, first int) (next int) {
	config := s.config
	config.Log, config.StartTimeout, config.WaitUntilTimeout = r.record, r.options.Timeout, 2*r.options.Timeout
	config.SpareIsolates = cmp.Or(config.SpareIsolates, 2)
	rt, err := loader.New(config)
	if err != nil {
		r.refuseStart(err)
		return -1
	}
	defer func() { _ = rt.Kill() }()
	if s.serve != nil {
		stop, err := s.serve(rt)
		if err != nil {
			r.refuse(Failed, err.Error())
			return -1
		}
		defer stop()
	}
	return r.tests(ctx, rt, first)
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

// tests runs those from the one with index first. After one that has not ended in time the workers are in an unknown state: it gives the
// next, for other workers; -1 if there is none.
func (r *runner) tests(ctx context.Context, rt *loader.Runtime, first int) (next int) {
	r.takeLog(&r.result.Log)
	tests := slices.DeleteFunc(rt.Tests(), func(t loader.Test) bool { return !r.options.Filter.match(t) })
	for k := first; k < len(tests); k++ {
		if ctx.Err() != nil {
			r.refuse(Failed, context.Cause(ctx).Error())
			return -1
		}
		ended := r.test(ctx, rt, tests[k])
		if (!ended || r.options.Fresh) && k+1 < len(tests) {
			return k + 1
		}
	}
	return -1
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

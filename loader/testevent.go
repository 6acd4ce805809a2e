package loader

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// A Test is an entrypoint with a handler `test`.
type Test struct {
	// Worker is one of Config.Workers, Entrypoint the name of its export.
	Worker, Entrypoint string
}

// String gives "worker", or "worker:entrypoint" for one that is not the default.
func (t Test) String() string {
	if t.Entrypoint == "default" {
		return t.Worker
	}
	return t.Worker + ":" + t.Entrypoint
}

// Tests lists the tests of the workers of the configuration, in the order in which the open reference runtime runs them.
func (rt *Runtime) Tests() []Test {
	var list []Test
	for _, w := range rt.workers {
		w.mu.Lock()
		names := slices.Clone(w.tests)
		w.mu.Unlock()
		slices.SortStableFunc(names, func(a, b string) int {
			switch {
			case a != b && a == "default":
				return -1
			case a != b && b == "default":
				return 1
			}
			return 0
		})
		for _, name := range names {
			list = append(list, Test{w.name, name})
		}
	}
	return list
}

// RunTest runs one of Tests and waits until it has ended, with what it gave to waitUntil. Nil means that it has passed.
//
// Errors: *[Exception] if it throws; the cause of ctx if that ends first, in which case the worker may be caught in a loop: see Kill.
func (rt *Runtime) RunTest(ctx context.Context, t Test) error {
	w := rt.byName[t.Worker]
	if w == nil {
		return fmt.Errorf("there is no worker %q", t.Worker)
	}
	run := &testRun{answered: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		var r isolate.Runner
		run.start(&r, w, t.Entrypoint)
		r.Run()
	}()
	for _, step := range []chan struct{}{run.answered, run.ended} {
		select {
		case <-step:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if f := run.result(); f != nil {
		return rt.exception(f)
	}
	return nil
}

// A testRun is a test event: it takes the answer and waits for the end of the context. Methods may be called on nil, by contexts of other events.
type testRun struct {
	answered, ended chan struct{}

	mu      sync.Mutex // guards what follows; no other lock is taken under it
	failure *failure
}

func (t *testRun) start(r *isolate.Runner, w *worker, entrypoint string) {
	for {
		i, f := w.instance(r)
		if f != nil {
			t.over()
			t.fail(r, f)
			return
		}
		if i.startTest(r, entrypoint, t) {
			return
		}
	}
}

// startTest sends the event into the realm. False means that the instance is closed: nothing was done.
func (i *instance) startTest(r *isolate.Runner, entrypoint string, t *testRun) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.begin()
	if b == nil {
		return false
	}
	c := i.open()
	c.fetcher, c.test = t, t
	c.entry = &target{worker: i.worker, entrypoint: entrypoint}
	i.newTrace(c, c.entry).ofTest()
	i.suspect(c)
	b.Begin(ops.MessageTest, c.id)
	b.String(entrypoint)
	b.End(1)
	i.commit(r)
	return true
}

// respond implements fetchCaller: the handler has returned.
func (t *testRun) respond(*isolate.Runner, *response) { close(t.answered) }

// fail implements fetchCaller: the handler has thrown.
func (t *testRun) fail(_ *isolate.Runner, f *failure) {
	t.note(f)
	close(t.answered)
}

// note keeps the first failure.
func (t *testRun) note(f *failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failure == nil {
		t.failure = f
	}
}

// uncaught fails the test for something beside its handler; text begins with a stack or is all there is to say.
func (t *testRun) uncaught(text string) {
	if t == nil {
		return
	}
	first, _, _ := strings.Cut(text, "\n")
	class, message, ok := strings.Cut(first, ": ")
	if !ok || strings.Contains(class, " ") {
		class, message = "Error", first
	}
	t.note(&failure{class: class, message: message, stack: text})
}

// over says that the context has ended.
func (t *testRun) over() {
	if t == nil {
		return
	}
	close(t.ended)
}

func (t *testRun) result() *failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failure
}

// failTest fails the test that a context runs, if it runs one.
func (i *instance) failTest(ctx uint32, text string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.contexts[ctx]; c != nil {
		c.test.uncaught(text)
	}
}

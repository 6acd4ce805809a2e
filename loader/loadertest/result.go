package loadertest

import "time"

// An Outcome is how a test or a fixture has ended.
type Outcome uint8

// Outcomes.
const (
	// Passed says that nothing went wrong.
	Passed Outcome = iota
	// Failed says that something did.
	Failed
	// Skipped says that dynos does not have what is asked for.
	Skipped
)

// String gives "PASS", "FAIL" or "SKIP".
func (o Outcome) String() string { return [...]string{"PASS", "FAIL", "SKIP"}[o] }

// A Test is one test that has run.
type Test struct {
	// Name is "service", or "service:entrypoint" for one that is not the default.
	Name string
	// Outcome is Passed or Failed.
	Outcome Outcome
	// Fault says what went wrong: a stack with its places in the sources, or a sentence. Empty if nothing did.
	Fault string
	// Log is what was written to the console meanwhile.
	Log string
	// Duration of the test.
	Duration time.Duration
}

// A Result is how a fixture, or a project, has ended.
type Result struct {
	// Name is the path as it was given.
	Name string
	// Outcome is Passed if there are tests and all have passed.
	Outcome Outcome
	// Reason says why no tests have run: what is missing, or wrong with the configuration. Empty if they have.
	Reason string
	// Tests are those that have run, in order.
	Tests []Test
	// Log is what was written to the console while no test ran.
	Log string
	// Duration of everything.
	Duration time.Duration
}

// Count gives how many tests have an outcome.
func (r *Result) Count(o Outcome) int {
	n := 0
	for i := range r.Tests {
		if r.Tests[i].Outcome == o {
			n++
		}
	}
	return n
}

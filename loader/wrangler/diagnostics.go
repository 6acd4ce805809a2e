package wrangler

import (
	"fmt"

	"github.com/dynos-run/dynos/loader/internal/diagnostic"
)

// What is wrong with a project; other readers of configuration say it in the same way.
type (
	// A Diagnostic is one thing wrong with a project, at the place to mend it.
	Diagnostic = diagnostic.Diagnostic
	// An Error holds everything that is wrong with a project, errors and warnings in the order of the file. At least one is an error.
	Error = diagnostic.Error
	// A Position is a place in a file. Both numbers start at 1, the column counts bytes; the zero value means the whole file.
	Position = diagnostic.Position
	// A Severity says whether a diagnostic stops the project.
	Severity = diagnostic.Severity
)

// Severities.
const (
	// SeverityError stops the project: it cannot be served as written.
	SeverityError = diagnostic.SeverityError
	// SeverityWarning leaves it served, probably not as meant.
	SeverityWarning = diagnostic.SeverityWarning
)

// A report collects the diagnostics of one load or one build.
type report struct {
	diagnostic.Report
	file string
}

func (r *report) errorf(at Position, hint, format string, args ...any) {
	r.add(Diagnostic{File: r.file, Position: at, Severity: SeverityError, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *report) warnf(at Position, hint, format string, args ...any) {
	r.add(Diagnostic{File: r.file, Position: at, Severity: SeverityWarning, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *report) add(d Diagnostic) { r.Add(d) }

func (r *report) result() ([]Diagnostic, error) { return r.Result() }

func nearest(word string, candidates []string) string { return diagnostic.Nearest(word, candidates) }

func hintNearest(word string, candidates []string) string {
	return diagnostic.HintNearest(word, candidates)
}

// Package diagnostic is how readers of configuration say what is wrong: at a place, with a hint, all of it at once.
package diagnostic

import (
	"fmt"
	"sort"
	"strings"
)

// A Severity says whether a diagnostic stops the project.
type Severity uint8

// Severities.
const (
	// SeverityError stops the project: it cannot be served as written.
	SeverityError Severity = iota
	// SeverityWarning leaves it served, probably not as meant.
	SeverityWarning
)

// String gives "error" or "warning".
func (s Severity) String() string {
	if s == SeverityWarning {
		return "warning"
	}
	return "error"
}

// A Position is a place in a file. Both numbers start at 1, the column counts bytes; the zero value means the whole file.
type Position struct{ Line, Column int }

// A Diagnostic is one thing wrong with a project, at the place to mend it.
type Diagnostic struct {
	// File is the path as it follows from what the user gave, "" when no file is to blame.
	File string
	Position
	Severity Severity
	// Message says what is wrong: lower case, no full stop.
	Message string
	// Hint says how to mend it, "" when the message says so already.
	Hint string
}

// String gives one line, `wrangler.jsonc:4:3: message; hint`; a warning has "warning: " before its message.
func (d Diagnostic) String() string {
	var b strings.Builder
	if d.File != "" {
		b.WriteString(d.File)
		if d.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", d.Line, d.Column)
		}
		b.WriteString(": ")
	}
	if d.Severity == SeverityWarning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString("; ")
		b.WriteString(d.Hint)
	}
	return b.String()
}

// An Error holds everything that is wrong with a project, errors and warnings in the order of the file. At least one is an error.
type Error struct{ Diagnostics []Diagnostic }

// Error gives a line per diagnostic.
func (e *Error) Error() string {
	lines := make([]string, len(e.Diagnostics))
	for i, d := range e.Diagnostics {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// A Report collects the diagnostics of one load or one build. The zero value is empty.
type Report struct {
	// List has them in the order in which they were found.
	List []Diagnostic
}

// Add keeps a diagnostic once: a value that stands in two places of the result is checked twice.
func (r *Report) Add(d Diagnostic) {
	for _, old := range r.List {
		if old == d {
			return
		}
	}
	r.List = append(r.List, d)
}

// Failed says whether there is an error.
func (r *Report) Failed() bool {
	for _, d := range r.List {
		if d.Severity == SeverityError {
			return true
		}
	}
	return false
}

// Result gives the warnings, or the *Error that holds everything when there is at least one error. Within a file the order is that of the lines.
func (r *Report) Result() ([]Diagnostic, error) {
	sort.SliceStable(r.List, func(i, j int) bool {
		a, b := r.List[i], r.List[j]
		if a.File != b.File {
			return false
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	if r.Failed() {
		return nil, &Error{Diagnostics: r.List}
	}
	return r.List, nil
}

package wrangler

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
	// File is the path as it follows from the argument of Load, "" when no file is to blame.
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

// A report collects the diagnostics of one load or one build.
type report struct {
	file string
	list []Diagnostic
}

func (r *report) errorf(at Position, hint, format string, args ...any) {
	r.add(Diagnostic{File: r.file, Position: at, Severity: SeverityError, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *report) warnf(at Position, hint, format string, args ...any) {
	r.add(Diagnostic{File: r.file, Position: at, Severity: SeverityWarning, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// add keeps a diagnostic once: a value that two environments share is checked twice.
func (r *report) add(d Diagnostic) {
	for _, old := range r.list {
		if old == d {
			return
		}
	}
	r.list = append(r.list, d)
}

// result gives the warnings, or the error that holds everything when there is at least one error.
func (r *report) result() ([]Diagnostic, error) {
	sort.SliceStable(r.list, func(i, j int) bool {
		a, b := r.list[i], r.list[j]
		if a.File != b.File {
			return false
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	for _, d := range r.list {
		if d.Severity == SeverityError {
			return nil, &Error{Diagnostics: r.list}
		}
	}
	return r.list, nil
}

// nearest gives the candidate a typing mistake away from word, "" if none is near enough.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", len(word)/3+1
	for _, candidate := range candidates {
		if distance := editDistance(word, candidate); distance < bestDistance {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours, case ignored
// (Damerau–Levenshtein, optimal string alignment).
func editDistance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

// hintNearest makes a hint of the nearest candidate.
func hintNearest(word string, candidates []string) string {
	if near := nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

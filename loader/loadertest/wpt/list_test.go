package wpt

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A list has what is expected to fail in a suite: by reason, by file, an expected.
type list map[string]map[string]expected

// An expected is which subtests of a file fail for a reason: their names, or only how many if they are many. Status is what
// the harness itself says.
type expected struct {
	Status string   `json:"status,omitempty"`
	Count  int      `json:"count,omitempty"`
	Names  []string `json:"names,omitempty"`
}

// maxListed is how many failures of a file are listed by name.
const maxListed = 40

func data(name string) string { return filepath.Join("..", "..", "..", "testdata", "wpt", name) }

func listPath(suite string) string { return data(strings.ReplaceAll(suite, "/", "-") + ".jsonc") }

// readJSONC reads a file whose comments are lines at its head.
func readJSONC(t *testing.T, path string, v any) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	start := regexp.MustCompile(`(?m)^[{\[]`).FindIndex(text)
	require.NotNil(t, start, path)
	require.NoError(t, json.Unmarshal(text[start[0]:], v), path)
}

// A reason says why subtests fail: the first one applies of which all expressions match.
type reason struct {
	Files string // of a name with its variant
	Names string // of a subtest
	Says  string // of its message, or of the harness
	Why   string
}

func (r reason) is(file, name, says string) bool {
	for expression, text := range map[string]string{r.Files: file, r.Names: name, r.Says: says} {
		if expression != "" && !regexp.MustCompile(expression).MatchString(text) {
			return false
		}
	}
	return true
}

func readReasons(t *testing.T) func(file, name, says string) string {
	var reasons []reason
	readJSONC(t, data("reasons.jsonc"), &reasons)
	return func(file, name, says string) string {
		for _, r := range reasons {
			if r.is(file, name, says) {
				return r.Why
			}
		}
		t.Errorf("%s: no reason of testdata/wpt/reasons.jsonc applies to %q: %s", file, name, says)
		return ""
	}
}

const listHead = "// What fails in the suite %s of the Web Platform Tests: by reason, by file, the subtests, or their number where they are many, or\n" +
	"// what the harness itself says. `make wpt WPT=DIR ARGS=-update` writes this list; the reasons come from reasons.jsonc.\n"

func writeList(t *testing.T, suite string, got map[string]outcome) {
	why := readReasons(t)
	l := list{}
	add := func(reason, file string, change func(*expected)) {
		if l[reason] == nil {
			l[reason] = map[string]expected{}
		}
		e := l[reason][file]
		change(&e)
		l[reason][file] = e
	}
	for file, o := range got {
		if o.status != "" {
			add(why(file, "", o.status), file, func(e *expected) { e.Status = o.status })
		}
		for _, name := range slices.Sorted(maps.Keys(o.fail)) {
			add(why(file, name, o.fail[name]), file, func(e *expected) { e.Names = append(e.Names, name) })
		}
	}
	for _, files := range l {
		for file, e := range files {
			if len(e.Names) > maxListed {
				files[file] = expected{Status: e.Status, Count: len(e.Names)}
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, listHead, suite)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(l))
	require.NoError(t, os.WriteFile(listPath(suite), []byte(b.String()), 0o644))
}

// compare fails for each file that does not do as listed. How many subtests pass depends on the checkout, so that only failures count.
func compare(t *testing.T, suite string, got map[string]outcome) {
	var l list
	readJSONC(t, listPath(suite), &l)
	for file, o := range got {
		status, count, names := l.of(file)
		if o.status != status {
			t.Errorf("%s: the harness says %q, listed is %q", file, o.status, status)
		}
		var more []string
		for name := range o.fail {
			if !names[name] {
				more = append(more, name)
			}
			delete(names, name)
		}
		for name := range names {
			t.Errorf("%s: %q is listed and does not fail", file, name)
		}
		if len(more) == count {
			continue
		}
		t.Errorf("%s: %d subtests fail beside those that are listed by name, listed are %d", file, len(more), count)
		for _, name := range more {
			t.Errorf("%s: %q fails: %s", file, name, o.fail[name])
		}
	}
}

// of returns what is expected of a file: the words of the harness, how many subtests fail that have no names here, and those that have.
func (l list) of(file string) (status string, count int, names map[string]bool) {
	names = map[string]bool{}
	for _, files := range l {
		status += files[file].Status
		count += files[file].Count
		for _, name := range files[file].Names {
			names[name] = true
		}
	}
	return status, count, names
}

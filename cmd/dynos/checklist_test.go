package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// checklist is the list of conformance of dynamic workers and RPC, by parts; last is the number of a part's last line.
var checklist = []struct {
	part string
	last int
}{
	{"loader", 28},
	{"WorkerCode and modules", 53},
	{"startup", 63},
	{"entrypoints", 82},
	{"env and props", 92},
	{"globalOutbound", 109},
	{"RPC: looking up", 120},
	{"RPC: values", 129},
	{"RPC: behaviour", 152},
	{"ctx, exports", 158},
	{"tails, limits, facets", 175},
}

var (
	checklistMark = regexp.MustCompile(`(?m)^(?:# |// )?Checklist: ([0-9]+(?:, [0-9]+)*)\.$`)
	testName      = regexp.MustCompile(`(?m)^func (Test\w+)`)
)

// writeChecklist says which lines of the checklist hold: those that a fixture, or a test of the loader, names in its comment.
func writeChecklist(t *testing.T, b *bytes.Buffer) {
	held := map[int][]string{}
	markFixtures(t, held)
	markTests(t, held)
	b.WriteString("\n### Dynamic workers and RPC\n\nThe behaviour is a list of conformance of 175 lines. A line holds if a fixture says so whose expectation the reference\nruntime has given too.\n\n" +
		"| part | lines | hold | by | open |\n| --- | --- | --- | --- | --- |\n")
	first := 1
	for _, group := range checklist {
		var hold, open []int
		var by []string
		for line := first; line <= group.last; line++ {
			if names := held[line]; len(names) > 0 {
				hold, by = append(hold, line), append(by, names...)
			} else {
				open = append(open, line)
			}
		}
		slices.Sort(by)
		by = slices.Compact(by)
		fmt.Fprintf(b, "| %s | %d–%d | %s | %s | %s |\n", group.part, first, group.last, ranges(hold), strings.Join(by, " "), ranges(open))
		first = group.last + 1
	}
	for line := range held {
		if line < 1 || line >= first {
			t.Errorf("%s: the checklist has no line %d", held[line][0], line)
		}
	}
}

func markFixtures(t *testing.T, held map[int][]string) {
	files, err := filepath.Glob("../../testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures (%v)", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		mark(held, archive.Comment, "`"+name+"`")
	}
}

// markTests finds the marks in the comments of test functions.
func markTests(t *testing.T, held map[int][]string) {
	files, err := filepath.Glob("../../loader/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests (%v)", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, function := range testName.FindAllSubmatchIndex(text, -1) {
			comment := text[at:function[0]]
			if end := bytes.LastIndex(comment, []byte("\n}\n")); end >= 0 {
				comment = comment[end:]
			}
			mark(held, comment, "`"+string(text[function[2]:function[3]])+"`")
			at = function[1]
		}
	}
}

func mark(held map[int][]string, comment []byte, name string) {
	for _, match := range checklistMark.FindAllSubmatch(comment, -1) {
		for _, number := range strings.Split(string(match[1]), ", ") {
			line, _ := strconv.Atoi(number)
			held[line] = append(held[line], name)
		}
	}
}

// ranges writes ascending numbers as "1–3, 5".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		part := strconv.Itoa(numbers[i])
		if end > i {
			part += "–" + strconv.Itoa(numbers[end])
		}
		parts = append(parts, part)
		i = end + 1
	}
	return strings.Join(parts, ", ")
}

func TestRanges(t *testing.T) {
	for want, numbers := range map[string][]int{"": nil, "7": {7}, "1–3, 5, 8–9": {1, 2, 3, 5, 8, 9}} {
		if got := ranges(numbers); got != want {
			t.Errorf("ranges(%v) = %q, want %q", numbers, got, want)
		}
	}
}

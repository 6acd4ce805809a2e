package loadertest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader"
)

var (
	update = flag.Bool("update", false, "write testdata/wd/expected.jsonc")
	only   = flag.String("fixtures", "", "run only the fixtures that match this regular expression")
)

const (
	expectedPath = "../../testdata/wd/expected.jsonc"
	expectedHead = "// How the reference runtime's own fixtures do here, by path below its folder src: \"pass\", \"skip: \" and what they need to be run at all, or how many\n" +
		"// of their tests pass and how the first of the others fails. A fixture that changes sides, or of which fewer or more tests pass, fails\n" +
		"// `make wd WORKERD_SRC=DIR`; with ARGS=-update that writes this list. What is written by hand is a cause, as the end of an entry: \"; because …\". It\n" +
		"// stays as long as what stands before it is what a run says.\n"
	pass = "pass"
	// because begins what is written by hand.
	because = "; because "
	// suiteTimeout is how long one test of the suite may take.
	suiteTimeout = 15 * time.Second
)

// All fixtures of a checkout of the reference runtime, named by WORKERD_SRC, do as testdata/wd/expected.jsonc says.
func TestWorkerd(t *testing.T) {
	root := os.Getenv("WORKERD_SRC")
	if root == "" {
		t.Skip("WORKERD_SRC does not name a checkout of the reference runtime")
	}
	chosen := regexp.MustCompile(*only)
	fixtures := findFixtures(t, filepath.Join(root, "src"), chosen)
	require.NotEmpty(t, fixtures)
	expected := readExpected(t)
	got := map[string]string{}
	var mu sync.Mutex
	t.Run("fixtures", func(t *testing.T) {
		for _, f := range fixtures {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				text := f.run(t)
				mu.Lock()
				got[f.name] = text
				mu.Unlock()
				want, known := expected[f.name]
				switch {
				case *update:
				case !known:
					t.Errorf("%s is not listed: %s", f.name, text)
				case side(want) != side(text):
					t.Errorf("listed as %q, and now: %s", want, text)
				case passing(want) > passing(text):
					t.Errorf("fewer tests pass: listed as %q, and now: %s", want, text)
				case passing(want) < passing(text):
					t.Errorf("more tests pass: listed as %q, and now: %s", want, text)
				}
			})
		}
	})
	t.Logf("\n%s", areaTable(got))
	if *update {
		writeExpected(t, expected, got, chosen)
	}
}

// side is what an entry counts as.
func side(entry string) (c Counts) {
	c.Add(entry)
	return c
}

var tally = regexp.MustCompile(`^(\d+) of \d+; `)

// passing is how many tests an entry says that pass of a fixture that fails; -1 if it does not say.
func passing(entry string) int {
	found := tally.FindStringSubmatch(entry)
	if found == nil {
		return -1
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// A suiteFixture is a fixture of the suite, with what its build says of it.
type suiteFixture struct {
	name, path string
	date       string
	sidecar    string
}

// run gives "pass", or why it has not passed.
func (f *suiteFixture) run(t *testing.T) string {
	if f.sidecar != "" {
		return "skip: needs a program beside it, " + f.sidecar
	}
	if text, err := os.ReadFile(f.path); err == nil && bytes.Contains(text, []byte("%PYTHON")) {
		return "skip: dynos has no Python modules"
	} else if bytes.Contains(text, []byte(`"%`)) {
		return "skip: is what a script of the checkout makes a fixture of"
	}
	r := Run(context.Background(), f.path, Options{CompatibilityDate: f.date, Timeout: suiteTimeout})
	switch {
	case r.Outcome == Passed:
		return pass
	case r.Outcome == Skipped:
		return "skip: " + oneLine(withoutPlaces(r.Reason))
	case r.Reason != "":
		return oneLine(withoutPlaces(r.Reason))
	}
	var failed []string
	for _, one := range r.Tests {
		if one.Outcome == Failed {
			failed = append(failed, one.Name+": "+oneLine(one.Fault))
		}
	}
	t.Log(strings.Join(failed, "\n"))
	return fmt.Sprintf("%d of %d; %s", r.Count(Passed), len(r.Tests), failed[0])
}

var place = regexp.MustCompile(`(?m)^[^\s:]+:\d+:\d+: `)

// withoutPlaces lists what diagnostics say, once each, without where they stand and without stacks.
func withoutPlaces(text string) string {
	lines := strings.Split(strings.TrimSpace(place.ReplaceAllString(text, "")), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, " ") })
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), ", ")
}

// oneLine is the first line of a text that says something, cut off where it gets long.
func oneLine(text string) string {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.HasSuffix(first, ":") {
		next, _, _ := strings.Cut(strings.TrimLeft(rest, "\n"), "\n")
		first += " " + strings.TrimSpace(next)
	}
	if r := []rune(first); len(r) > 160 {
		first = string(r[:160]) + "…"
	}
	return strings.ToValidUTF8(first, "?")
}

var (
	buildRule = regexp.MustCompile(`(?s)\b\w*wd_test\((.*?)\n\)`)
	buildText = regexp.MustCompile(`(\w+) = "([^"]*)"`)
)

// findFixtures lists the fixtures with the variant that is to run: the newest date, unless the build says that it must not be.
func findFixtures(t *testing.T, src string, chosen *regexp.Regexp) (list []*suiteFixture) {
	newest := min(loader.NewestCompatibilityDate, time.Now().UTC().Format(time.DateOnly))
	require.NoError(t, filepath.WalkDir(src, func(path string, entry fs.DirEntry, err error) error {
		extension := filepath.Ext(path)
		if err != nil || entry.IsDir() || !strings.HasSuffix(extension, "wd-test") {
			return err
		}
		name, err := filepath.Rel(src, strings.TrimSuffix(path, extension))
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if !chosen.MatchString(name) {
			return nil
		}
		f := &suiteFixture{name: name, path: path, date: newest}
		f.readBuild()
		list = append(list, f)
		return nil
	}))
	return list
}

// readBuild finds what the build beside the fixture says of it.
func (f *suiteFixture) readBuild() {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(f.path), "BUILD.bazel"))
	if err != nil {
		return
	}
	for _, rule := range buildRule.FindAllStringSubmatch(string(text), -1) {
		values := map[string]string{}
		for _, pair := range buildText.FindAllStringSubmatch(rule[1], -1) {
			values[pair[1]] = pair[2]
		}
		if values["src"] != filepath.Base(f.path) {
			continue
		}
		f.sidecar = values["sidecar"]
		if strings.Contains(rule[1], "generate_all_compat_flags_variant = False") {
			f.date = "2000-01-01"
			if values["compat_date"] != "" {
				f.date = values["compat_date"]
			}
		}
		return
	}
}

// readExpected reads the list: JSON whose lines may be comments.
func readExpected(t *testing.T) map[string]string {
	text, err := os.ReadFile(expectedPath)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	list, err := ParseExpected(text)
	require.NoError(t, err)
	return list
}

// writeExpected writes the list with what is new in it.
func writeExpected(t *testing.T, expected, got map[string]string, chosen *regexp.Regexp) {
	list := map[string]string{}
	for name, text := range expected {
		if !chosen.MatchString(name) { // not run, so that nothing is known
			list[name] = text
		}
	}
	for name, text := range got {
		if old := expected[name]; strings.HasPrefix(old, text+because) {
			text = old
		}
		list[name] = text
	}
	var b bytes.Buffer
	b.WriteString(expectedHead)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(list))
	require.NoError(t, os.WriteFile(expectedPath, b.Bytes(), 0o644))
}

// areaTable counts by area.
func areaTable(results map[string]string) string {
	var b strings.Builder
	rows := ByArea(results)
	fmt.Fprintf(&b, "%-12s %8s %6s %6s %8s\n", "area", "fixtures", "pass", "fail", "skipped")
	for _, area := range slices.Sorted(maps.Keys(rows)) {
		c := rows[area]
		fmt.Fprintf(&b, "%-12s %8d %6d %6d %8d\n", area, c.Pass+c.Fail+c.Skip, c.Pass, c.Fail, c.Skip)
	}
	return b.String()
}

package wpt

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	update = flag.Bool("update", false, "write testdata/wpt")
	only   = flag.String("files", "", "run only the files that match this regular expression; the lists are not compared then")
	suite  = flag.String("suite", "", "run only the suites that match this regular expression")
	at     = flag.String("at", "", "run the suites on the runtime that serves the folder runner at this URL, to compare with; the lists are not compared then")
)

// suites are the folders of a checkout that are run, each with a list in testdata/wpt.
var suites = []string{
	"url", "urlpattern", "encoding", "streams", "compression", "FileAPI", "fetch/api", "fetch/data-urls", "WebCryptoAPI", "dom/abort", "dom/events",
	"html/webappapis", "hr-time", "user-timing", "webidl", "webmessaging", "wasm/jsapi", "console", "eventsource", "websockets",
}

// The suites of a checkout, named by WPT, do as the lists say.
func TestWPT(t *testing.T) {
	root := os.Getenv("WPT")
	if root == "" {
		t.Skip("WPT does not name a checkout of the Web Platform Tests")
	}
	site := newSite(root)
	defer site.close()
	runner := newRunner(t, *at)
	defer runner.close()
	chosen := regexp.MustCompile(*only)
	var table strings.Builder
	var all tally
	wanted := regexp.MustCompile(*suite)
	for _, suite := range suites {
		if !wanted.MatchString(suite) {
			continue
		}
		files := site.findFiles(t, suite, chosen)
		if len(files) == 0 {
			continue
		}
		got := runSuite(t, runner, suite, files)
		sum := tallyOf(got)
		all.add(sum)
		fmt.Fprintf(&table, "%-20s %4d files %s\n", suite, len(files), sum)
		switch {
		case *only != "" || *at != "":
		case *update:
			writeList(t, suite, got)
		default:
			compare(t, suite, got)
		}
	}
	fmt.Fprintf(&table, "%-20s            %s\n", "together", all)
	t.Logf("\n%s", table.String())
}

// A tally counts subtests.
type tally struct{ pass, fail int }

func tallyOf(outcomes map[string]outcome) (t tally) {
	for _, o := range outcomes {
		t.add(tally{o.pass, len(o.fail)})
	}
	return t
}

func (t *tally) add(other tally) { t.pass, t.fail = t.pass+other.pass, t.fail+other.fail }

func (t tally) String() string {
	return fmt.Sprintf("%6d pass %6d fail %6.1f %%", t.pass, t.fail, 100*float64(t.pass)/max(1, float64(t.pass+t.fail)))
}

func (s *site) findFiles(t *testing.T, suite string, chosen *regexp.Regexp) (list []file) {
	dir := filepath.Join(s.root, filepath.FromSlash(suite))
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !testSuffix.MatchString(path) {
			return err
		}
		name, err := filepath.Rel(s.root, path)
		if err != nil {
			return err
		}
		variants, err := s.variantsOf(filepath.ToSlash(name))
		for _, f := range variants {
			if chosen.MatchString(f.name()) {
				list = append(list, f)
			}
		}
		return err
	}))
	return list
}

func runSuite(t *testing.T, runner *runner, suite string, files []file) map[string]outcome {
	got := map[string]outcome{}
	var mu sync.Mutex
	t.Run(suite, func(t *testing.T) {
		for _, f := range files {
			t.Run(f.name(), func(t *testing.T) {
				t.Parallel()
				o := runner.run(f)
				if *only != "" {
					for name, message := range o.fail {
						t.Logf("%s: %s", name, message)
					}
					t.Logf("%d pass, %d fail %s", o.pass, len(o.fail), o.status)
				}
				mu.Lock()
				got[f.name()] = o
				mu.Unlock()
			})
		}
	})
	return got
}

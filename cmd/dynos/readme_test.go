package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"golang.org/x/tools/txtar"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The files of testdata/cli/readme.txtar, which TestScripts serves, are shown word for word.
func TestReadmeShowsWorkersThatWork(t *testing.T) {
	page := readme(t)
	archive, err := txtar.ParseFile("../../testdata/cli/readme.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if !strings.Contains(page, "\n"+string(file.Data)+"```\n") {
			t.Errorf("README.md does not show %s as testdata/cli/readme.txtar has it", file.Name)
		}
	}
}

// The Go program is the body of the example of package loader, one tab less deep.
func TestReadmeShowsTheExample(t *testing.T) {
	source, err := os.ReadFile("../../loader/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok := strings.Cut(string(source), "func Example() {\n")
	if !ok {
		t.Fatal("loader/example_test.go has no Example")
	}
	body, _, _ = strings.Cut(body, "\n}\n")
	body = strings.ReplaceAll("\n"+body, "\n\t", "\n")
	if !strings.Contains(readme(t), "```go"+body+"\n```\n") {
		t.Error("README.md does not show the example of loader/example_test.go")
	}
}

// The table of flags has those that exist, and all of them.
func TestReadmeListsTheFlags(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Name("dynos"), kong.Bind(streams{io.Discard, io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"--help": true}
	for _, command := range parser.Model.Children {
		if command.Hidden {
			continue
		}
		for _, flag := range command.Flags {
			want["--"+flag.Name] = true
		}
	}
	_, table, _ := strings.Cut(readme(t), "## The command")
	table, _, _ = strings.Cut(table, "\n## ")
	got := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| `(--[a-z-]+)`").FindAllStringSubmatch(table, -1) {
		got[match[1]] = true
	}
	for name := range want {
		if !got[name] {
			t.Errorf("README.md does not list %s", name)
		}
	}
	for name := range got {
		if !want[name] {
			t.Errorf("README.md lists %s, which does not exist", name)
		}
	}
}

// Links within the tree lead somewhere.
func TestLinksOfThePapersLead(t *testing.T) {
	for _, paper := range []string{"README.md", "ARCHITECTURE.md", "RATIONALE.md", "COMPATIBILITY.md", "CHANGELOG.md"} {
		text, err := os.ReadFile("../../" + paper)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, match := range regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllSubmatch(text, -1) {
			if _, err := os.Stat("../../" + string(match[1])); err != nil {
				t.Errorf("%s links %s, which is not there", paper, match[1])
			}
		}
	}
}

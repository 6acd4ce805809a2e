package wrangler

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/config from what the code does")

const fixtures = "../../testdata/config/*.txtar"

// A fixture is a project as a txtar file: its comment tells the story and may hold lines `> option value` (path, env, var, define, newest, serves,
// bundle). Sections whose names begin with "want." are expectations, all others are files of the project:
//
//	want.project      what Describe prints
//	want.bundle       the modules, exports and files of the bundle
//	want.diagnostics  the warnings, or everything that is wrong
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob(fixtures)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := runFixture(t, archive)
			if *update {
				updateFixture(t, file, archive, got)
				return
			}
			want := map[string]string{}
			for _, f := range archive.Files {
				if strings.HasPrefix(f.Name, "want.") {
					want[f.Name] = string(f.Data)
				}
			}
			require.Equal(t, want, got)
		})
	}
}

// runFixture gives the want sections as they turn out.
func runFixture(t *testing.T, archive *txtar.Archive) map[string]string {
	dir := filepath.Join(t.TempDir(), "project")
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want.") {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, f.Data, 0o644))
	}
	path, opts, bundled := fixtureOptions(t, string(archive.Comment))
	got := map[string]string{}
	project, err := Load(filepath.Join(dir, path), opts)
	var diagnostics []Diagnostic
	if err == nil {
		var text strings.Builder
		require.NoError(t, project.Describe(&text))
		got["want.project"] = text.String()
		diagnostics = project.Warnings
		if bundled {
			var bundle *Bundle
			bundle, err = project.Bundle()
			diagnostics = append(diagnostics, bundle.Warnings...)
			if err == nil {
				got["want.bundle"] = bundleText(project, bundle)
			}
		}
	}
	if err != nil {
		var failed *Error
		require.True(t, errors.As(err, &failed), "%T: %v", err, err)
		diagnostics = append(diagnostics, failed.Diagnostics...)
	}
	var text strings.Builder
	for _, d := range diagnostics {
		text.WriteString(strings.ReplaceAll(d.String(), dir+string(filepath.Separator), "") + "\n")
	}
	if text.Len() > 0 {
		got["want.diagnostics"] = strings.ReplaceAll(text.String(), dir, ".")
	}
	return got
}

// fixtureOptions reads the `> option value` lines of a comment.
func fixtureOptions(t *testing.T, comment string) (path string, opts Options, bundled bool) {
	opts = Options{NewestDate: "2026-01-01", Vars: map[string]string{}, Define: map[string]string{}}
	for _, line := range strings.Split(comment, "\n") {
		line, ok := strings.CutPrefix(line, "> ")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(line, " ")
		pairName, pairValue, _ := strings.Cut(value, "=")
		switch name {
		case "path":
			path = value
		case "env":
			opts.Env = value
		case "newest":
			opts.NewestDate = value
		case "var":
			opts.Vars[pairName] = pairValue
		case "define":
			opts.Define[pairName] = pairValue
		case "serves":
			opts.Serves = func(key string) bool { return strings.Contains(" "+value+" ", " "+key+" ") }
		case "bundle":
			bundled = true
		default:
			t.Fatalf("unknown option %q", line)
		}
	}
	return path, opts, bundled
}

// bundleText lists what is in a bundle, short texts as they are.
func bundleText(p *Project, b *Bundle) string {
	var text strings.Builder
	fmt.Fprintf(&text, "main %s\nexports %s\n", b.Main, strings.Join(b.Exports, " "))
	if b.ServiceWorker {
		text.WriteString("service worker\n")
	}
	for i, m := range b.Modules {
		fmt.Fprintf(&text, "module %s %s", m.Kind, m.Name)
		if i > 0 && len(m.Source) <= 40 {
			fmt.Fprintf(&text, " %q", m.Source)
		}
		if b.Maps[m.Name] != nil {
			text.WriteString(" mapped")
		}
		text.WriteByte('\n')
	}
	for _, input := range b.Inputs {
		text.WriteString("input " + p.relative(input) + "\n")
	}
	for _, folder := range b.Folders {
		text.WriteString("folder " + p.relative(folder) + "\n")
	}
	for _, line := range strings.Split(string(sourceOf(b)), "\n") {
		if strings.Contains(line, "from \"") || strings.HasPrefix(line, "import ") || strings.Contains(line, "//! ") {
			text.WriteString("| " + strings.TrimSpace(line) + "\n")
		}
	}
	return text.String()
}

func sourceOf(b *Bundle) []byte {
	if len(b.Modules) == 0 {
		return nil
	}
	return b.Modules[0].Source
}

// updateFixture writes a fixture anew with what came out.
func updateFixture(t *testing.T, file string, archive *txtar.Archive, got map[string]string) {
	var kept []txtar.File
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			kept = append(kept, f)
		}
	}
	for _, name := range []string{"want.project", "want.bundle", "want.diagnostics"} {
		if text, ok := got[name]; ok {
			kept = append(kept, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	archive.Files = kept
	require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
}

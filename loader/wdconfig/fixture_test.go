package wdconfig

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/wdconfig from what the code does")

// A fixture is a configuration, config.capnp, as a txtar file: its comment tells the story and may hold lines `> option value` (const, env, listen,
// date). Sections whose names begin with "want." are expectations, all others are files; $DIR in them is their folder:
//
//	want.plan         what Describe prints
//	want.diagnostics  the warnings, or everything that is wrong
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("../../testdata/wdconfig/*.txtar")
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
	dir := t.TempDir()
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want.") {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(f.Data), "$DIR", dir)), 0o644))
	}
	load, plan := fixtureOptions(t, string(archive.Comment))
	config, diagnostics, err := Load(filepath.Join(dir, "config.capnp"), load)
	got := map[string]string{}
	var text strings.Builder
	if err == nil {
		var p *Plan
		if p, err = config.Plan(plan); err == nil {
			require.NoError(t, p.Describe(&text))
			require.NoError(t, p.Close())
			got["want.plan"] = strings.ReplaceAll(strings.ReplaceAll(text.String(), dir+"/", ""), dir, ".")
		}
	}
	if err != nil {
		var failed *Error
		require.True(t, errors.As(err, &failed), "%T: %v", err, err)
		diagnostics = append(diagnostics, failed.Diagnostics...)
	}
	text.Reset()
	for _, d := range diagnostics {
		text.WriteString(strings.ReplaceAll(d.String(), dir+"/", "") + "\n")
	}
	if text.Len() > 0 {
		got["want.diagnostics"] = text.String()
	}
	return got
}

// fixtureOptions reads the `> option value` lines of a comment.
func fixtureOptions(t *testing.T, comment string) (load Options, plan PlanOptions) {
	environment := map[string]string{}
	plan.LookupEnv = func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	}
	for _, line := range strings.Split(comment, "\n") {
		line, ok := strings.CutPrefix(line, "> ")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(line, " ")
		switch name {
		case "const":
			load.Const = value
		case "listen":
			plan.Listen = value
		case "date":
			plan.CompatibilityDate = value
		case "env":
			key, text, _ := strings.Cut(value, "=")
			environment[key] = text
		default:
			t.Fatalf("unknown option %q", line)
		}
	}
	return load, plan
}

// updateFixture writes a fixture anew with what came out.
func updateFixture(t *testing.T, file string, archive *txtar.Archive, got map[string]string) {
	var kept []txtar.File
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			kept = append(kept, f)
		}
	}
	for _, name := range []string{"want.plan", "want.diagnostics"} {
		if text, ok := got[name]; ok {
			kept = append(kept, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	archive.Files = kept
	require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
}

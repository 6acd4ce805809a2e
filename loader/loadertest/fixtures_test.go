package loadertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader/wrangler"
)

// Our own fixtures, testdata/wd/*.wd-test, one behaviour each. All of their tests pass, but for those of failures.wd-test, of which none does.
func TestOwnFixtures(t *testing.T) {
	t.Chdir("../../testdata/wd") // where paths of disk services begin
	files, err := filepath.Glob("*.wd-test")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".wd-test"), func(t *testing.T) {
			r := Run(context.Background(), file, Options{Timeout: 20 * time.Second})
			require.Empty(t, r.Reason)
			require.NotEmpty(t, r.Tests)
			want := Passed
			if file == "failures.wd-test" {
				want = Failed
			}
			for _, one := range r.Tests {
				require.Equal(t, want, one.Outcome, "%s: %s\n%s", one.Name, one.Fault, one.Log)
			}
			agreeWithReference(t, file, r)
		})
	}
}

var referenceLine = regexp.MustCompile(`\[ (PASS|FAIL) \] (.*) \(`)

// agreeWithReference runs the fixture on the reference runtime, if its binary is given: the same tests in the same order must have the same outcomes.
func agreeWithReference(t *testing.T, file string, r *Result) {
	binary := os.Getenv("WORKERD")
	if binary == "" {
		return
	}
	command := exec.Command(binary, "test", "--experimental", "-dTEST_TMPDIR="+t.TempDir(), file)
	command.Dir = withoutTypes(t)
	out, _ := command.CombinedOutput() // it fails if a test does
	var want, got []string
	for _, match := range referenceLine.FindAllStringSubmatch(string(out), -1) {
		want = append(want, match[1]+" "+match[2])
	}
	for _, one := range r.Tests {
		got = append(got, fmt.Sprintf("%s %s", one.Outcome, one.Name))
	}
	require.Equal(t, want, got, "%s", out)
}

// withoutTypes copies the current folder, with JavaScript beside its TypeScript, which the reference runtime does not read.
func withoutTypes(t *testing.T) string {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(".")))
	files, err := filepath.Glob(filepath.Join(dir, "*.ts"))
	require.NoError(t, err)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		code, _, err := wrangler.StripTypes(file, source)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(strings.TrimSuffix(file, ".ts")+".js", code, 0o644))
	}
	return dir
}

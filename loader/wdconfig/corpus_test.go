package wdconfig

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every configuration of a checkout of the reference runtime, named by WORKERD_SRC, can be read. Its build makes some of the
// embedded files, and fills in what stands as %NAME; neither is in a checkout, and the content does not matter here.
func TestCorpus(t *testing.T) {
	root := os.Getenv("WORKERD_SRC")
	if root == "" {
		t.Skip("WORKERD_SRC does not name a checkout of the reference runtime")
	}
	filled := strings.NewReplacer("%PYTHON_FEATURE_FLAGS", `"flag"`, "%PYTHON_VENDORED_MODULES%", `(name = "module", text = "")`)
	read := func(path string) ([]byte, error) {
		text, err := ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && filepath.Ext(path) != ".capnp" {
			return nil, nil
		}
		return []byte(filled.Replace(string(text))), err
	}
	files := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".wd-test", ".capnp":
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte("/workerd/workerd.capnp")) || !bytes.Contains(text, []byte(".Config =")) {
			return err // the schemas of its own parts, and pieces that others import
		}
		files++
		_, warnings, err := Load(path, Options{ReadFile: read})
		if err != nil {
			t.Errorf("%v", err)
		}
		for _, w := range warnings {
			t.Log(w)
		}
		return nil
	}))
	require.Greater(t, files, 300)
	t.Log(files, "files")
}

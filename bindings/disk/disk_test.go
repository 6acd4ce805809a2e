package disk

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
)

var when = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const modified = "last-modified: Fri, 02 Jan 2026 03:04:05 GMT"

// makeFolder makes what the tests ask for; beside the folder there is a file that nobody may read through it.
func makeFolder(t *testing.T) string {
	t.Helper()
	base := t.TempDir()
	root := filepath.Join(base, "root")
	for name, text := range map[string]string{
		"secret": "secret", "root/a.txt": "hello\n", "root/empty": "", "root/sub/b.txt": "inner", "root/sp ace": "space", "root/a%zz": "odd",
		"root/.dot": "dot", "root/.git/config": "git", "rooted": "a name that begins as the folder's",
	} {
		file := filepath.Join(base, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		require.NoError(t, os.Chtimes(file, when, when))
	}
	for link, to := range map[string]string{
		"in": "a.txt", "folder": "sub", "out": "../secret", "outside": "..", "absolute": filepath.Join(base, "secret"), "round": "round", "nowhere": "gone",
		"hop": "outside/secret",
	} {
		require.NoError(t, os.Symlink(to, filepath.Join(root, link)))
	}
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644))
	for _, folder := range []string{root, filepath.Join(root, "sub")} {
		require.NoError(t, os.Chtimes(folder, when, when))
	}
	return root
}

// ask gives status, headers and body of an answer, a line each.
func ask(t *testing.T, d *Directory, method, path string, header ...[2]string) string {
	t.Helper()
	res, err := d.Fetch(t.Context(), &bindings.Request{Method: method, URL: "http://any.host" + path, Header: header})
	require.NoError(t, err)
	lines := []string{res.StatusText}
	for _, h := range res.Header {
		lines = append(lines, h[0]+": "+h[1])
	}
	if res.Body != nil {
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		if res.ContentLength >= 0 {
			require.EqualValues(t, res.ContentLength, len(text))
		}
		lines = append(lines, string(text))
	}
	return strings.Join(lines, "\n")
}

func open(t *testing.T, o Options) *Directory {
	t.Helper()
	d, err := Open(makeFolder(t), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// What the reference runtime answers, but for the links that lead out.
func TestAnswers(t *testing.T) {
	d := open(t, Options{})
	file := func(text string) string {
		return "OK\ncontent-length: " + map[string]string{"hello\n": "6", "inner": "5", "space": "5", "odd": "3", "": "0"}[text] +
			"\ncontent-type: application/octet-stream\n" + modified + "\n" + text
	}
	sub := "OK\ncontent-type: application/json\n" + modified + "\n" + `[{"name":"b.txt","type":"file"}]`
	for path, want := range map[string]string{
		"/a.txt": file("hello\n"), "/a.txt?x=1": file("hello\n"), "/a.txt#x": file("hello\n"), "/./a.txt": file("hello\n"), "/a.txt/": file("hello\n"),
		"/sub/../a.txt": file("hello\n"), "/../a.txt": file("hello\n"), "/sub/b.txt": file("inner"), "/sp%20ace": file("space"), "/a%zz": file("odd"),
		"/a%25zz": file("odd"), "/empty": file(""), "/in": file("hello\n"), "/folder/b.txt": file("inner"),
		"/sub": sub, "/sub/": sub, "/sub/.": sub, "/folder": sub,
		"/": "OK\ncontent-type: application/json\n" + modified + "\n" + `[{"name":"a%zz","type":"file"},{"name":"a.txt","type":"file"},{"name":"absolute","type":"symlink"},` +
			`{"name":"empty","type":"file"},{"name":"folder","type":"symlink"},{"name":"hop","type":"symlink"},{"name":"in","type":"symlink"},{"name":"nowhere","type":"symlink"},` +
			`{"name":"out","type":"symlink"},{"name":"outside","type":"symlink"},{"name":"pipe","type":"namedPipe"},{"name":"round","type":"symlink"},` +
			`{"name":"sp ace","type":"file"},{"name":"sub","type":"directory"}]`,
		"/pipe": "Not Acceptable\nNot Acceptable",
	} {
		require.Equal(t, want, ask(t, d, "GET", path), path)
	}
	require.Equal(t, "OK\ncontent-length: 6\ncontent-type: application/octet-stream\n"+modified, ask(t, d, "HEAD", "/a.txt"))
	require.Equal(t, "OK\ncontent-type: application/json\n"+modified, ask(t, d, "HEAD", "/sub"))
	require.Equal(t, "Not Found\ncontent-length: 9", ask(t, d, "HEAD", "/gone"))
	require.Equal(t, "Method Not Allowed\nMethod Not Allowed", ask(t, d, "PUT", "/new"))
	require.Equal(t, "Method Not Allowed\nMethod Not Allowed", ask(t, d, "DELETE", "/a.txt"))
	require.Equal(t, "Not Implemented\nNot Implemented", ask(t, d, "POST", "/a.txt"))
}

// Nothing outside of the folder can be seen, nor what begins with a dot.
func TestNothingElse(t *testing.T) {
	d := open(t, Options{})
	for _, path := range []string{
		"/gone", "/gone/x", "/a.txt/b", "//a.txt", "/sub//b.txt", "/sub//", "/a%00.txt", "/sub%2fb.txt",
		"/../secret", "/sub/../../secret", "/%2e%2e/secret", "/sub/..%2f..%2fsecret", "/..%2fsecret", "/.%2e/.%2e/secret", "/../rooted", "/%2fetc/passwd", "/..\\secret",
		"/out", "/outside", "/outside/secret", "/absolute", "/hop", "/round", "/nowhere",
		"/.dot", "/.git", "/.git/config", "/%2edot", "/...",
	} {
		require.Equal(t, "Not Found\nNot Found", ask(t, d, "GET", path), path)
	}
}

func TestDotfiles(t *testing.T) {
	d := open(t, Options{AllowDotfiles: true})
	require.Contains(t, ask(t, d, "GET", "/.git/config"), "\ngit")
	require.Contains(t, ask(t, d, "GET", "/"), `[{"name":".dot","type":"file"},{"name":".git","type":"directory"},`)
	require.Equal(t, "Not Found\nNot Found", ask(t, d, "GET", "/../secret"))
}

func TestRanges(t *testing.T) {
	d := open(t, Options{})
	part := func(span, text string) string {
		return "Partial Content\ncontent-length: " + map[int]string{1: "1", 2: "2", 3: "3"}[len(text)] + "\ncontent-type: application/octet-stream\ncontent-range: bytes " + span + "/6\n" + modified + "\n" + text
	}
	whole := ask(t, d, "GET", "/a.txt")
	const bad = "Range Not Satisfiable\ncontent-range: bytes */6\nRange Not Satisfiable"
	for spec, want := range map[string]string{
		"bytes=1-2": part("1-2", "el"), "bytes=3-": part("3-5", "lo\n"), "bytes=-2": part("4-5", "o\n"), " BYTES = 1 - 2": part("1-2", "el"), "bytes=5-99999999999999999999": part("5-5", "\n"),
		"bytes=0-": whole, "bytes=0-5": whole, "bytes=-100": whole, "bytes=0-0,2-2": whole, "bytes=7-9,9-10": whole,
		"bytes=9-": bad, "bytes=-0": bad, "bytes=5-2": bad, "bytes=abc": bad, "lines=0-1": bad, "bytes=--1": bad, "bytes": bad, "bytes=+1-2": bad,
	} {
		require.Equal(t, want, ask(t, d, "GET", "/a.txt", [2]string{"range", spec}), spec)
	}
	require.Equal(t, "Range Not Satisfiable\ncontent-range: bytes */0\nRange Not Satisfiable", ask(t, d, "GET", "/empty", [2]string{"range", "bytes=0-"}))
	require.Contains(t, ask(t, d, "HEAD", "/a.txt", [2]string{"range", "bytes=1-2"}), "content-length: 6\n")
	require.Contains(t, ask(t, d, "GET", "/sub", [2]string{"range", "bytes=1-2"}), "b.txt")
}

func TestOpenWantsAFolder(t *testing.T) {
	root := makeFolder(t)
	_, err := Open(filepath.Join(root, "gone"), Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Open(filepath.Join(root, "a.txt"), Options{})
	require.Error(t, err)
}

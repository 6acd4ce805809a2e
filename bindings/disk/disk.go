// Package disk serves the files of a folder, for reading.
//
// It answers as the open reference runtime's disk services do: bytes of application/octet-stream, and for a folder what is in it, as
// JSON. Links are followed within the folder. One that leads out of it is not there, however it is spelled; this is stricter than
// the reference, whose operator has to know every link.
package disk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/dynos-run/dynos/bindings"
)

// A Directory is a folder whose files can be fetched. It is safe for concurrent use.
type Directory struct {
	root     *os.Root
	dotfiles bool
}

var _ bindings.Fetcher = (*Directory)(nil)

// Options are the settings of a Directory.
type Options struct {
	// AllowDotfiles shows files and folders whose names begin with a dot.
	AllowDotfiles bool
}

// Open returns the Directory at a path of the system. Close it after use.
//
// Errors: *fs.PathError if there is no folder.
func Open(path string, o Options) (*Directory, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Directory{root: root, dotfiles: o.AllowDotfiles}, nil
}

// Close lets go of the folder.
func (d *Directory) Close() error { return d.root.Close() }

// Fetch answers GET and HEAD; host, query and fragment of the URL do not matter. What is there but not to be seen is not found.
func (d *Directory) Fetch(_ context.Context, req *bindings.Request) (*bindings.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPut, http.MethodDelete:
		return refuse(req, http.StatusMethodNotAllowed), nil
	default:
		return refuse(req, http.StatusNotImplemented), nil
	}
	name, ok := fileName(req.URL)
	if !ok || !d.dotfiles && hidden(name) {
		return refuse(req, http.StatusNotFound), nil
	}
	info, err := d.root.Stat(name)
	switch {
	case err != nil:
		return refuse(req, http.StatusNotFound), nil
	case !info.IsDir() && !info.Mode().IsRegular():
		return refuse(req, http.StatusNotAcceptable), nil
	}
	return d.open(req, name)
}

// open answers with a file or a folder.
func (d *Directory) open(req *bindings.Request, name string) (*bindings.Response, error) {
	// Should the file have become a pipe by now, opening it does not wait for a writer.
	file, err := d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return refuse(req, http.StatusNotFound), nil
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		defer func() { _ = file.Close() }()
		return d.list(req, file, info)
	}
	if err != nil || !info.Mode().IsRegular() {
		_ = file.Close()
		return refuse(req, http.StatusNotAcceptable), nil
	}
	return content(req, file, info), nil
}

// content answers with a file, or the part of it that is asked for. The file is closed with the body.
func content(req *bindings.Request, file *os.File, info fs.FileInfo) *bindings.Response {
	size := info.Size()
	res := &bindings.Response{Status: http.StatusOK, StatusText: "OK"}
	if req.Method == http.MethodHead {
		_ = file.Close()
		res.Header = header(size, "application/octet-stream", "", info)
		return res
	}
	from, to, kind := parseRange(rangeOf(req), size)
	contentRange := ""
	switch kind {
	case rangeBad:
		_ = file.Close()
		res = refuse(req, http.StatusRequestedRangeNotSatisfiable)
		res.Header = append(res.Header, [2]string{"content-range", "bytes */" + strconv.FormatInt(size, 10)})
		return res
	case rangePart:
		res.Status, res.StatusText = http.StatusPartialContent, "Partial Content"
		contentRange = "bytes " + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to-1, 10) + "/" + strconv.FormatInt(size, 10)
	}
	res.ContentLength = to - from
	res.Header = header(res.ContentLength, "application/octet-stream", contentRange, info)
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(file, from, to-from), file}
	return res
}

// An entry is what the list of a folder says of one thing in it.
type entry struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// list answers with what is in a folder, sorted by name.
func (d *Directory) list(req *bindings.Request, folder *os.File, info fs.FileInfo) (*bindings.Response, error) {
	res := &bindings.Response{Status: http.StatusOK, StatusText: "OK", Header: header(-1, "application/json", "", info), ContentLength: -1}
	if req.Method == http.MethodHead {
		res.ContentLength = 0
		return res, nil
	}
	found, err := folder.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	sortByName(found)
	entries := make([]entry, 0, len(found))
	for _, one := range found {
		if d.dotfiles || !hidden(one.Name()) {
			entries = append(entries, entry{one.Name(), typeOf(one.Type())})
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(entries); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(bytes.TrimSuffix(b.Bytes(), []byte("\n"))))
	return res, nil
}

// refuse answers with a status and its text.
func refuse(req *bindings.Request, status int) *bindings.Response {
	text := http.StatusText(status)
	if status == http.StatusRequestedRangeNotSatisfiable {
		text = "Range Not Satisfiable" // as RFC 9110 words it, unlike net/http
	}
	res := &bindings.Response{Status: status, StatusText: text}
	if req.Method == http.MethodHead {
		res.Header = [][2]string{{"content-length", strconv.Itoa(len(text))}}
		return res
	}
	res.ContentLength = int64(len(text))
	res.Body = io.NopCloser(strings.NewReader(text))
	return res
}

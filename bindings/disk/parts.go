package disk

import (
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dynos-run/dynos/bindings"
)

// fileName gives the path, within the folder, that a URL means; false if it cannot be one.
func fileName(text string) (string, bool) {
	_, rest, _ := strings.Cut(text, "://")
	path := ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		path = rest[i:]
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var names []string
	for i, part := range parts {
		switch strings.ReplaceAll(strings.ToLower(part), "%2e", ".") {
		case ".":
			continue
		case "..":
			if len(names) > 0 {
				names = names[:len(names)-1]
			}
			continue
		case "":
			if i < len(parts)-1 {
				return "", false
			}
			continue
		}
		name := unescape(part)
		if strings.ContainsAny(name, "/\x00") {
			return "", false
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return ".", true
	}
	return strings.Join(names, "/"), true
}

// unescape decodes percent-encoding; what only looks like it stays.
func unescape(part string) string {
	if name, err := url.PathUnescape(part); err == nil {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		if part[i] == '%' && i+2 < len(part) {
			if n, err := strconv.ParseUint(part[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(part[i])
	}
	return b.String()
}

// hidden says whether a name on the path begins with a dot.
func hidden(path string) bool {
	return path != "." && (strings.HasPrefix(path, ".") || strings.Contains(path, "/."))
}

// header gives what a file or folder is answered with; a length below zero is not said.
func header(length int64, mime, contentRange string, info fs.FileInfo) [][2]string {
	var list [][2]string
	if length >= 0 {
		list = append(list, [2]string{"content-length", strconv.FormatInt(length, 10)})
	}
	list = append(list, [2]string{"content-type", mime})
	if contentRange != "" {
		list = append(list, [2]string{"content-range", contentRange})
	}
	return append(list, [2]string{"last-modified", info.ModTime().UTC().Format(http.TimeFormat)})
}

// typeOf names the kind of a thing in a folder.
func typeOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	case mode&fs.ModeCharDevice != 0:
		return "characterDevice"
	case mode&fs.ModeDevice != 0:
		return "blockDevice"
	case mode&fs.ModeNamedPipe != 0:
		return "namedPipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	}
	return "other"
}

func sortByName(list []fs.DirEntry) {
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
}

func rangeOf(req *bindings.Request) string {
	for _, h := range req.Header {
		if h[0] == "range" {
			return h[1]
		}
	}
	return ""
}

// A rangeKind says what is to be sent.
type rangeKind uint8

const (
	rangeAll rangeKind = iota
	rangePart
	rangeBad // nothing that is there
)

// parseRange reads a Range header: bytes from (included) to (excluded). Several ranges at once are answered with the whole file, as
// RFC 9110 allows, section 14.2.
func parseRange(text string, size int64) (from, to int64, kind rangeKind) {
	if text == "" {
		return 0, size, rangeAll
	}
	unit, spec, _ := strings.Cut(text, "=")
	if !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return 0, 0, rangeBad
	}
	if strings.Contains(spec, ",") {
		return 0, size, rangeAll
	}
	first, last, dash := strings.Cut(spec, "-")
	a, okA := parseOffset(first)
	b, okB := parseOffset(last)
	switch {
	case !dash || size == 0 || !okA && !okB:
		return 0, 0, rangeBad
	case okA && strings.TrimSpace(last) == "":
		from, to = a, size
	case okB && strings.TrimSpace(first) == "":
		from, to = max(size-b, 0), size
	case okA && okB && a <= b:
		from, to = a, min(b, size-1)+1
	default:
		return 0, 0, rangeBad
	}
	switch {
	case from >= to:
		return 0, 0, rangeBad
	case to-from == size:
		return from, to, rangeAll
	}
	return from, to, rangePart
}

func parseOffset(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return math.MaxInt64, true // beyond every file
	}
	return n, true
}

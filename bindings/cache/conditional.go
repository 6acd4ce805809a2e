package cache

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/dynos-run/dynos/bindings"
)

// notModified says whether a conditional request has what a stored response would give.
//
// Spec: RFC 9110, "If-None-Match" and "If-Modified-Since", https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
func notModified(request, stored [][2]string) bool {
	if wanted, ok := field(request, "if-none-match"); ok {
		if tag := opaqueTag(value(stored, "etag")); tag != "" {
			if strings.TrimSpace(wanted) == "*" {
				return true
			}
			for part := range strings.SplitSeq(wanted, ",") {
				if opaqueTag(part) == tag {
					return true
				}
			}
		}
	}
	since, err := http.ParseTime(value(request, "if-modified-since"))
	if err != nil {
		return false
	}
	modified, err := http.ParseTime(value(stored, "last-modified"))
	return err == nil && !modified.After(since)
}

func value(header [][2]string, name string) string {
	v, _ := field(header, name)
	return v
}

// opaqueTag gives what stands between the quotes of an entity tag, weak or not; empty if it is none.
func opaqueTag(text string) string {
	tag := strings.TrimPrefix(strings.TrimSpace(text), "W/")
	if len(tag) < 3 || tag[0] != '"' || tag[len(tag)-1] != '"' {
		return ""
	}
	return tag[1 : len(tag)-1]
}

// A byteRange is from start to end, which is not part of it.
type byteRange struct{ start, end int64 }

// maxRanges bounds the parts of one answer.
const maxRanges = 64

// parseRanges reads the ranges that a request wants of size bytes: none means everything, false that they cannot be had.
//
// Spec: RFC 9110, "Range", https://www.rfc-editor.org/rfc/rfc9110#section-14.2
func parseRanges(text string, size int64) (ranges []byteRange, ok bool) {
	unit, list, found := strings.Cut(text, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return nil, false
	}
	if strings.TrimSpace(list) == "" {
		return nil, true
	}
	for part := range strings.SplitSeq(list, ",") {
		first, last, found := strings.Cut(strings.TrimSpace(part), "-")
		first, last = strings.TrimSpace(first), strings.TrimSpace(last)
		if !found || first == "" && last == "" || !isNumber(first) || !isNumber(last) || len(ranges) == maxRanges {
			return nil, false
		}
		from, fromErr := strconv.ParseInt(first, 10, 64)
		to, toErr := strconv.ParseInt(last, 10, 64)
		switch {
		case first == "":
			if toErr != nil || to >= size {
				return nil, true // all of it
			}
			if to > 0 {
				ranges = append(ranges, byteRange{size - to, size})
			}
		case fromErr != nil || from >= size || last != "" && toErr == nil && to < from:
			return nil, false
		case last == "" || toErr != nil || to >= size:
			ranges = append(ranges, byteRange{from, size})
		default:
			ranges = append(ranges, byteRange{from, to + 1})
		}
	}
	return ranges, true
}

func isNumber(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// partial makes of res the answer to a request for ranges.
func partial(res *bindings.Response, e *entry, ranges []byteRange) {
	res.Status, res.StatusText = http.StatusPartialContent, http.StatusText(http.StatusPartialContent)
	if len(ranges) == 1 {
		r := ranges[0]
		res.ContentLength = r.end - r.start
		res.Header = append(res.Header,
			[2]string{"content-range", fmt.Sprintf("bytes %d-%d/%d", r.start, r.end-1, e.body.size)},
			[2]string{"content-length", strconv.FormatInt(res.ContentLength, 10)})
		res.Body = io.NopCloser(e.body.reader(r.start, r.end))
		return
	}
	boundary := "dynos-" + rand.Text()
	kind := value(e.header, "content-type")
	var parts []io.Reader
	text := func(s string) {
		res.ContentLength += int64(len(s))
		parts = append(parts, strings.NewReader(s))
	}
	for _, r := range ranges {
		text("--" + boundary + "\r\n")
		if kind != "" {
			text("Content-Type: " + kind + "\r\n")
		}
		text(fmt.Sprintf("Content-Range: bytes %d-%d/%d\r\n\r\n", r.start, r.end-1, e.body.size))
		res.ContentLength += r.end - r.start
		parts = append(parts, e.body.reader(r.start, r.end))
		text("\r\n")
	}
	text("--" + boundary + "--")
	res.Header = append(without(res.Header, "content-type"), [2]string{"content-type", "multipart/byteranges; boundary=" + boundary},
		[2]string{"content-length", strconv.FormatInt(res.ContentLength, 10)})
	res.Body = io.NopCloser(io.MultiReader(parts...))
}

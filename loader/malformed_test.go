package loader

import (
	"io"
	"net/http/httputil"
	"strings"
	"testing"
)

// A body that another parser reads to its end is not broken, and neither is any beginning of it; one that is broken is so for the other as well.
func FuzzBrokenChunks(f *testing.F) {
	for _, seed := range []string{
		"", "0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", "3\r\nabcd", "x\r\n", "-1\r\n",
		"ffffffffffffffffff\r\n", "3\nabc", "\r\n", "3\r\nabc\r\nz",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(strings.ReplaceAll(body, "\r\n", ""), "\n") {
			return // the other takes a bare line feed for the end of a line
		}
		broken := brokenChunks([]byte(body))
		_, err := io.Copy(io.Discard, httputil.NewChunkedReader(strings.NewReader(body)))
		switch {
		case broken && err == nil:
			t.Errorf("%q is taken for broken", body)
		case !broken && err == nil:
			for k := range body {
				if brokenChunks([]byte(body[:k])) {
					t.Errorf("%q is taken for broken", body[:k])
				}
			}
		}
	})
}

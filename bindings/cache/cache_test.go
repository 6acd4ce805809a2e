package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
)

// A clock that a test moves.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) tell() time.Time { return c.now }

func put(t testing.TB, f bindings.Fetcher, url, head, body string) int {
	message := "HTTP/1.1 200 OK\r\n" + head + "\r\n" + body
	res, err := f.Fetch(context.Background(), &bindings.Request{Method: "PUT", URL: url, Body: io.NopCloser(strings.NewReader(message))})
	require.NoError(t, err)
	return res.Status
}

func get(t testing.TB, f bindings.Fetcher, url string, header ...[2]string) (*bindings.Response, string) {
	res, err := f.Fetch(context.Background(), &bindings.Request{Method: "GET", URL: url, Header: header})
	require.NoError(t, err)
	if res.Body == nil {
		return res, ""
	}
	data, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(data)
}

func status(t testing.TB, f bindings.Fetcher, url string) string {
	res, _ := get(t, f, url)
	return value(res.Header, "cf-cache-status")
}

const fresh = "Cache-Control: max-age=10\r\n"

func TestLifetimes(t *testing.T) {
	for head, seconds := range map[string]int{
		"Cache-Control: max-age=10\r\n":                                                     10,
		"Cache-Control: s-maxage=5, max-age=10\r\n":                                         5,
		"Cache-Control: max-age=10\r\nAge: 4\r\n":                                           6,
		"Cache-Control: max-age=1, stale-while-revalidate=7\r\n":                            8,
		"Cache-Control: immutable\r\n":                                                      24 * 3600,
		"Expires: Fri, 02 Jan 2026 03:05:05 GMT\r\n":                                        60,
		"Date: Fri, 02 Jan 2026 03:03:05 GMT\r\nExpires: Fri, 02 Jan 2026 03:05:05 GMT\r\n": 120,
		"Last-Modified: Fri, 02 Jan 2026 03:02:25 GMT\r\n":                                  10,
		"":                            0,
		"Cache-Control: no-cache\r\n": 0,
		"Expires: 0\r\n":              0,
		"Set-Cookie: a=b\r\nCache-Control: max-age=10, private=Set-Cookie\r\n": 10,
		"Cache-Control: max-age=99999999999999999999\r\n":                      maxSeconds,
	} {
		t.Run(head, func(t *testing.T) {
			c := newClock()
			f := New(Options{Now: c.tell}).For("w")
			put(t, f, "http://x/", head, "body")
			c.now = c.now.Add(time.Duration(seconds)*time.Second - time.Millisecond)
			want := "HIT"
			if seconds == 0 {
				want = "MISS"
			}
			require.Equal(t, want, status(t, f, "http://x/"))
			c.now = c.now.Add(time.Millisecond)
			require.Equal(t, "MISS", status(t, f, "http://x/"))
		})
	}
}

func TestAgeGrows(t *testing.T) {
	c := newClock()
	f := New(Options{Now: c.tell}).For("w")
	put(t, f, "http://x/", fresh+"Age: 2\r\n", "body")
	c.now = c.now.Add(3500 * time.Millisecond)
	res, _ := get(t, f, "http://x/")
	require.Equal(t, "5", value(res.Header, "age"))
	require.Equal(t, "Fri, 02 Jan 2026 03:04:05 GMT", value(res.Header, "date"))
}

func TestWorkersAreApart(t *testing.T) {
	c := New(Options{})
	put(t, c.For("a"), "http://x/", fresh, "body")
	require.Equal(t, "HIT", status(t, c.For("a"), "http://x/"))
	require.Equal(t, "MISS", status(t, c.For("b"), "http://x/"))
}

// What is used least goes first, and memory stays within the bound.
func TestEvictsTheLeastRecentlyUsed(t *testing.T) {
	c := New(Options{MaxBytes: 64 << 10})
	f := c.For("w")
	body := strings.Repeat("x", 10<<10)
	for i := range 5 {
		require.Equal(t, 204, put(t, f, fmt.Sprint("http://x/", i), fresh, body))
	}
	require.Equal(t, "HIT", status(t, f, "http://x/0"))
	put(t, f, "http://x/5", fresh, body)
	put(t, f, "http://x/6", fresh, body)
	require.Equal(t, "MISS", status(t, f, "http://x/1"))
	require.Equal(t, "HIT", status(t, f, "http://x/0"))
	m := c.store.(*memory)
	require.LessOrEqual(t, m.used, m.max)
	require.Zero(t, m.reading)
}

func TestTooLargeIsRefused(t *testing.T) {
	c := New(Options{MaxBytes: 32 << 10})
	f := c.For("w")
	put(t, f, "http://x/", fresh, "small")
	require.Equal(t, 413, put(t, f, "http://x/large", fresh, strings.Repeat("x", 33<<10)))
	require.Equal(t, "MISS", status(t, f, "http://x/large"))
	require.Zero(t, c.store.(*memory).reading)
}

// A body that breaks off, or is not as long as it says, is not stored.
func TestIncompleteBodiesAreNotStored(t *testing.T) {
	c := New(Options{})
	f := c.For("w")
	broken := io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"+fresh+"\r\nhalf"), failing{})
	_, err := f.Fetch(context.Background(), &bindings.Request{Method: "PUT", URL: "http://x/", Body: io.NopCloser(broken)})
	require.ErrorIs(t, err, errBroken)
	require.Equal(t, 413, put(t, f, "http://x/", fresh+"Content-Length: 5\r\n", "half"))
	require.Equal(t, "MISS", status(t, f, "http://x/"))
	require.Zero(t, c.store.(*memory).reading)
}

var errBroken = errors.New("broken")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

// Bodies of any size, however they arrive, come out as they went in, and in ranges.
func TestBodies(t *testing.T) {
	f := New(Options{}).For("w")
	for _, size := range []int{0, 1, firstPiece - 1, firstPiece, firstPiece + 1, 3*firstPiece + 5, 3 << 20} {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(i * 7 >> 3)
		}
		put(t, f, "http://x/", fresh, string(body))
		res, got := get(t, f, "http://x/")
		require.Equal(t, int64(size), res.ContentLength)
		require.True(t, bytes.Equal(body, []byte(got)), "%d bytes", size)
		if size > 5 {
			res, got = get(t, f, "http://x/", [2]string{"range", fmt.Sprintf("bytes=%d-%d", size/2, size-2)})
			require.Equal(t, 206, res.Status)
			require.True(t, string(body[size/2:size-1]) == got)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	c := New(Options{MaxBytes: 100 << 10})
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			f := c.For(fmt.Sprint(g % 2))
			for i := range 200 {
				url := fmt.Sprint("http://x/", i%7)
				switch i % 3 {
				case 0:
					put(t, f, url, fresh, strings.Repeat("y", i*50))
				case 1:
					get(t, f, url)
				default:
					_, err := f.Fetch(context.Background(), &bindings.Request{Method: "PURGE", URL: url})
					require.NoError(t, err)
				}
			}
		})
	}
	group.Wait()
	m := c.store.(*memory)
	require.LessOrEqual(t, m.used, m.max)
	require.Zero(t, m.reading)
	require.Equal(t, len(m.entries), m.order.Len())
}

func FuzzMessage(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")
	f.Add("HTTP/1.1 200\r\n\r\n")
	f.Add("HTTP/1.0 404 Not\r\nContent-Length: x\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readMessage(strings.NewReader(text))
		if err != nil {
			return
		}
		require.True(t, m.status >= 100 && m.status <= 999)
		_ = planOf(nil, m, time.Now())
	})
}

func FuzzRanges(f *testing.F) {
	for _, s := range []string{"bytes=0-1", "bytes=-5", "bytes=5-", "bytes=1-2,3-4", "bytes=99999999999999999999-", "x"} {
		f.Add(s, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		ranges, _ := parseRanges(text, size)
		for _, r := range ranges {
			require.True(t, 0 <= r.start && r.start < r.end && r.end <= size, "%q of %d: %v", text, size, r)
		}
	})
}

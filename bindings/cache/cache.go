// Package cache is what stands behind the Cache API of workers: a shared HTTP cache that is asked and filled by requests.
//
//	GET     looks for the response of a URL; the answer has CF-Cache-Status: HIT or MISS
//	PUT     stores the response that the body is, written out as an HTTP/1.1 message without transfer coding; 204, or 413 if it is not stored
//	PURGE   forgets a response; 200, or 404 if there was none
//
// A request with CF-Cache-Namespace is about the cache of that name. The key is the URL without its fragment, or cacheKey of the request's cf.
//
// What is stored and for how long follows RFC 9111 for shared caches, as the platform's local mode reads it: what has no lifetime is not
// found again, and nothing with Set-Cookie is stored unless Cache-Control says private=set-cookie. A hit answers conditional requests with
// 304 and ranges with 206. Vary is not looked at.
package cache

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dynos-run/dynos/bindings"
)

// Options of a [Cache]. The zero value is the defaults.
type Options struct {
	// MaxBytes bounds all entries of all workers together; the least recently used go first. Default 128 MiB.
	MaxBytes int64
	// Now tells the time. Default time.Now.
	Now func() time.Time
}

const defaultMaxBytes = 128 << 20

// A Cache keeps responses for workers, each of which sees its own only. It is safe for concurrent use.
type Cache struct {
	store store
	now   func() time.Time
}

// New makes an empty cache in memory.
func New(o Options) *Cache {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Cache{store: newMemory(o.MaxBytes), now: o.Now}
}

// For gives what answers the requests of a worker. Its responses live in c.
func (c *Cache) For(worker string) bindings.Fetcher { return &view{c, worker} }

// A view is a cache as one worker sees it.
type view struct {
	cache  *Cache
	worker string
}

// Fetch implements bindings.Fetcher.
func (v *view) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	key := v.key(req)
	switch req.Method {
	case http.MethodGet:
		return v.cache.match(key, req), nil
	case http.MethodPut:
		return v.cache.put(ctx, key, req)
	case "PURGE":
		if v.cache.store.remove(key, v.cache.now()) {
			return empty(http.StatusOK), nil
		}
		return empty(http.StatusNotFound), nil
	}
	return empty(http.StatusMethodNotAllowed), nil
}

// An entryKey says whose response it is, in which cache, and of what.
type entryKey struct{ worker, name, url string }

func (v *view) key(req *bindings.Request) entryKey {
	url, _, _ := strings.Cut(req.URL, "#")
	k := entryKey{v.worker, "default", url}
	if name, ok := field(req.Header, "cf-cache-namespace"); ok {
		k.name = "named:" + name
	}
	var cf struct {
		CacheKey any `json:"cacheKey"`
	}
	if req.Cf != nil && json.Unmarshal(req.Cf, &cf) == nil && cf.CacheKey != nil && cf.CacheKey != "" {
		k.url = fmt.Sprint(cf.CacheKey)
	}
	return k
}

// field gives the values of a header, joined by commas.
func field(header [][2]string, name string) (string, bool) {
	value, found := "", false
	for _, h := range header {
		if h[0] == name {
			if found {
				value += ", "
			}
			value, found = value+h[1], true
		}
	}
	return value, found
}

func empty(status int, header ...[2]string) *bindings.Response {
	return &bindings.Response{Status: status, StatusText: http.StatusText(status), Header: header}
}

// An entry is a stored response. It is not changed once it is in a store.
type entry struct {
	status     int
	statusText string
	header     [][2]string
	body       blob
	// stored is when, age what its age was then.
	stored time.Time
	age    time.Duration
	until  time.Time
}

// size is what an entry takes, roughly.
func (e *entry) size() int64 {
	n := int64(512) + e.body.size
	for _, h := range e.header {
		n += int64(len(h[0]) + len(h[1]) + 64)
	}
	return n
}

// match answers a GET.
func (c *Cache) match(key entryKey, req *bindings.Request) *bindings.Response {
	now := c.now()
	e := c.store.get(key, now)
	if e == nil {
		return empty(http.StatusGatewayTimeout, [2]string{"cf-cache-status", "MISS"})
	}
	header := append(make([][2]string, 0, len(e.header)+4), e.header...)
	header = append(header, [2]string{"age", strconv.FormatInt(int64((e.age+now.Sub(e.stored))/time.Second), 10)}, [2]string{"cf-cache-status", "HIT"})
	var ranges []byteRange
	if wanted, ok := field(req.Header, "range"); ok && e.status == http.StatusOK {
		if ranges, ok = parseRanges(wanted, e.body.size); !ok {
			return empty(http.StatusRequestedRangeNotSatisfiable, [2]string{"content-range", fmt.Sprintf("bytes */%d", e.body.size)}, [2]string{"cf-cache-status", "HIT"})
		}
	}
	if notModified(req.Header, e.header) {
		return empty(http.StatusNotModified, header...)
	}
	res := &bindings.Response{Status: e.status, StatusText: e.statusText, Header: header}
	if len(ranges) > 0 {
		partial(res, e, ranges)
		return res
	}
	res.Header = append(res.Header, [2]string{"content-length", strconv.FormatInt(e.body.size, 10)})
	res.ContentLength = e.body.size
	if !bodyless(e.status) {
		res.Body = io.NopCloser(e.body.reader(0, e.body.size))
	}
	return res
}

func bodyless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusNotModified
}

// put answers a PUT. What is not stored is read all the same, as its sender may wait for that.
func (c *Cache) put(ctx context.Context, key entryKey, req *bindings.Request) (*bindings.Response, error) {
	if req.Body == nil {
		return empty(http.StatusBadRequest), nil
	}
	defer func() { _ = req.Body.Close() }()
	m, err := readMessage(req.Body)
	if err != nil {
		return nil, err
	}
	now := c.now()
	plan := planOf(req.Header, m, now)
	if !plan.storable {
		return refuse(m.body) // what was there stays
	}
	if plan.lifetime <= 0 {
		c.store.remove(key, now)
		return refuse(m.body)
	}
	body, err := c.store.read(m.body)
	if err != nil {
		if err == errTooLarge {
			return refuse(m.body)
		}
		return nil, err
	}
	if m.length >= 0 && body.size != m.length || ctx.Err() != nil {
		c.store.drop(body)
		return empty(http.StatusRequestEntityTooLarge), nil
	}
	e := &entry{status: m.status, statusText: m.statusText, header: storedHeader(plan.header, body, now), body: body, stored: now, age: plan.age, until: now.Add(plan.lifetime)}
	c.store.put(key, e)
	return empty(http.StatusNoContent), nil
}

func refuse(body io.Reader) (*bindings.Response, error) {
	if _, err := io.Copy(io.Discard, body); err != nil {
		return nil, err
	}
	return empty(http.StatusRequestEntityTooLarge), nil
}

// storedHeader is the header with which an entry is found again: without what is about the connection, and with the time at which it was
// stored. Scripts see bodies decoded, so that Content-Encoding goes, unless the bytes are really coded.
func storedHeader(header [][2]string, body blob, now time.Time) [][2]string {
	connection, _ := field(header, "connection")
	list := make([][2]string, 0, len(header)+1)
	for _, h := range header {
		switch h[0] {
		case "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "date", "age", "content-length", "cf-cache-status":
			continue
		case "content-encoding":
			if !body.isCoded() {
				continue
			}
		}
		if connection == "" || !hasToken(connection, h[0]) {
			list = append(list, h)
		}
	}
	return append(list, [2]string{"date", now.UTC().Format(http.TimeFormat)})
}

func hasToken(list, name string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(part), name) {
			return true
		}
	}
	return false
}

// isCoded says whether the bytes are those of gzip or Zstandard.
func (b blob) isCoded() bool {
	head := make([]byte, 4)
	n, _ := io.ReadFull(b.reader(0, b.size), head)
	return bytes.HasPrefix(head[:n], []byte{0x1f, 0x8b}) || bytes.HasPrefix(head[:n], []byte{0x28, 0xb5, 0x2f, 0xfd})
}

package kv

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

func open(t *testing.T, s *store.Store) *Namespace {
	t.Helper()
	n, err := Open(s, "id")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, n.Close()) })
	return n
}

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// ask makes an exchange and gives status and body.
func ask(t testing.TB, n *Namespace, method, path, query, body string) (int, string) {
	req := &bindings.Request{Method: method, URL: "https://fake-host/" + url.PathEscape(path) + "?urlencoded=true" + query, ContentLength: -1}
	if body != "" {
		req.Body = &bindings.Bytes{Data: []byte(body)}
	}
	if path == "" {
		req.URL = "https://fake-host" + query
	}
	res, err := n.Fetch(context.Background(), req)
	require.NoError(t, err)
	if res.Body == nil {
		return res.Status, ""
	}
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.Status, string(text)
}

func put(t testing.TB, n *Namespace, key, value string) {
	status, text := ask(t, n, "PUT", key, "", value)
	require.Equal(t, 200, status, text)
}

func get(t testing.TB, n *Namespace, key string) string {
	status, text := ask(t, n, "GET", key, "", "")
	if status == 404 {
		return "absent"
	}
	require.Equal(t, 200, status, text)
	return text
}

func TestExpiration(t *testing.T) {
	n := open(t, openStore(t, t.TempDir()))
	now := time.Unix(1_000_000, 0)
	n.now = func() time.Time { return now }
	status, _ := ask(t, n, "PUT", "short", "&expiration_ttl=60", "x")
	require.Equal(t, 200, status)
	status, _ = ask(t, n, "PUT", "long", "&expiration=1000100", strings.Repeat("x", 3*maxChunk))
	require.Equal(t, 200, status)
	put(t, n, "ever", "x")

	now = now.Add(59 * time.Second)
	assert.Equal(t, "x", get(t, n, "short"))
	now = now.Add(time.Second)
	assert.Equal(t, "absent", get(t, n, "short"))
	_, text := ask(t, n, "GET", "", "", "")
	assert.Equal(t, `{"keys":[{"name":"ever"},{"name":"long","expiration":1000100}],"list_complete":true,"cacheStatus":null}`+"\n", text)
	assert.Len(t, get(t, n, "long"), 3*maxChunk)

	now = now.Add(time.Hour)
	put(t, n, "other", "x") // sweeps
	for table, want := range map[string]int64{"kv_pairs": 2, "kv_chunks": 0} {
		var count int64
		require.NoError(t, n.object.Query("SELECT count(*) FROM "+table, nil, func(row []driver.Value) error { count = row[0].(int64); return nil }))
		assert.Equal(t, want, count, table)
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	n := open(t, s)
	assert.Equal(t, "absent", get(t, n, "a"))
	require.False(t, s.Exists(Space, "id"), "reading makes no file")
	status, _ := ask(t, n, "DELETE", "a", "", "")
	require.Equal(t, 200, status)
	require.False(t, s.Exists(Space, "id"), "nor does deleting")
	put(t, n, "a", "1")
	put(t, n, "large", strings.Repeat("x", 2*maxChunk+5))
	require.NoError(t, n.Close())
	require.NoError(t, s.Close())
	status, _ = ask(t, n, "GET", "a", "", "")
	require.Equal(t, 500, status)

	n = open(t, openStore(t, dir))
	assert.Equal(t, "1", get(t, n, "a"))
	assert.Equal(t, strings.Repeat("x", 2*maxChunk+5), get(t, n, "large"))
	put(t, n, "large", "small")
	assert.Equal(t, "small", get(t, n, "large"))
}

// A value that is not what was stored is an error, never an answer.
func TestDamage(t *testing.T) {
	n := open(t, openStore(t, t.TempDir()))
	for key, value := range map[string]string{"small": "value", "large": strings.Repeat("x", 2*maxChunk)} {
		put(t, n, key, value)
	}
	for _, text := range []string{"UPDATE kv_pairs SET value = 'valuE' WHERE key = 'small'", "UPDATE kv_chunks SET data = zeroblob(1048576) WHERE number = 1"} {
		_, err := n.object.Exec(text)
		require.NoError(t, err)
	}
	require.NoError(t, n.object.Commit())
	for _, key := range []string{"small", "large"} {
		status, text := ask(t, n, "GET", key, "", "")
		assert.Equal(t, 500, status)
		assert.Equal(t, "Internal Server Error", text)
	}
	put(t, n, "large", "again")
	assert.Equal(t, "again", get(t, n, "large"))
}

// Readers of a large value that is replaced meanwhile see one of the values, whole.
func TestReplacedWhileRead(t *testing.T) {
	n := open(t, openStore(t, t.TempDir()))
	values := []string{strings.Repeat("a", 2*maxChunk), strings.Repeat("b", 2*maxChunk+1), "small"}
	put(t, n, "k", values[0])
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				_, text := ask(t, n, "GET", "k", "", "")
				assert.True(t, slices.Contains(values, text), "a value of %d bytes", len(text))
			}
		})
	}
	all.Go(func() {
		for i := range 30 {
			put(t, n, "k", values[i%3])
		}
	})
	all.Wait()
}

func TestCursor(t *testing.T) {
	for text, want := range map[string]string{"": "", "YWI=": "ab", "YWI": "ab", "Y WI": "ab", "YWI=YWI=": "ab", "Y": "", "__8": "\xff\xff", "é!": ""} {
		assert.Equal(t, want, decodeCursor(text), text)
	}
}

func TestOtherMethods(t *testing.T) {
	n := open(t, openStore(t, t.TempDir()))
	for _, method := range []string{"POST", "PATCH", "HEAD"} {
		status, _ := ask(t, n, method, "k", "", "body")
		assert.Equal(t, 405, status, method)
	}
	status, text := ask(t, n, "GET", "%", "", "")
	assert.Equal(t, 404, status, text)
	res, err := n.Fetch(context.Background(), &bindings.Request{Method: "GET", URL: "https://fake-host/%?urlencoded=TRUE"})
	require.NoError(t, err)
	assert.Equal(t, "Could not URL-decode key name", res.StatusText)
}

func BenchmarkGet(b *testing.B) {
	n := benchNamespace(b)
	req := &bindings.Request{Method: "GET", URL: "https://fake-host/key7?urlencoded=true"}
	for b.Loop() {
		n.FetchDirect(req, func(res *bindings.Response, err error) {
			if err != nil || res.Status != 200 {
				b.Fatal(res, err)
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	n := benchNamespace(b)
	done := make(chan bool, 1)
	for i := 0; b.Loop(); i++ {
		req := &bindings.Request{Method: "PUT", URL: "https://fake-host/key7?urlencoded=true", Body: &bindings.Bytes{Data: fmt.Append(nil, i)}}
		n.FetchDirect(req, func(res *bindings.Response, err error) { done <- err == nil && res.Status == 200 })
		if !<-done {
			b.Fatal("not stored")
		}
	}
}

func benchNamespace(b *testing.B) *Namespace {
	s, err := store.Open(b.TempDir(), store.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = s.Close() })
	n, err := Open(s, "id")
	require.NoError(b, err)
	for i := range 100 {
		put(b, n, fmt.Sprint("key", i), "value")
	}
	return n
}

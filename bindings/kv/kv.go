// Package kv keeps KV namespaces on a local disk, each in a SQLite file of its own, and speaks the HTTP of the reference runtime's KV bindings,
// with the limits and the messages of the platform's local mode.
package kv

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/internal/store"
)

// Space is the space of a store in which namespaces are, by their ids.
const Space = "kv"

// A Namespace is one KV namespace. It is safe for concurrent use.
type Namespace struct {
	object *store.Object
	exists func() bool
	now    func() time.Time

	// mu is held from the first statement of a change until its commit, and for reading while something is read: what reads must not see half
	// of a change.
	mu     sync.RWMutex
	ready  atomic.Bool // the tables are there
	swept  time.Time
	closed bool
}

var _ bindings.Direct = (*Namespace)(nil)

// Open returns the namespace of an id, which may be any text. Nothing is written before the first put. Close it after use.
//
// Errors: store.ErrClosed.
func Open(s *store.Store, id string) (*Namespace, error) {
	object, err := s.Object(Space, id)
	if err != nil {
		return nil, err
	}
	return &Namespace{object: object, exists: func() bool { return s.Exists(Space, id) }, now: time.Now}, nil
}

// Close lets go of the namespace. What was acknowledged is on disk.
func (n *Namespace) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.closed = true
		n.object.Release()
	}
	return nil
}

// Fetch implements bindings.Fetcher.
func (n *Namespace) Fetch(ctx context.Context, req *bindings.Request) (*bindings.Response, error) {
	type answer struct {
		res *bindings.Response
		err error
	}
	answers := make(chan answer, 1)
	n.FetchDirect(req, func(res *bindings.Response, err error) {
		if body, ok := bodyOf(res); ok {
			body.Data = append([]byte{}, body.Data...)
		}
		answers <- answer{res, err}
	})
	select {
	case a := <-answers:
		return a.res, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func bodyOf(res *bindings.Response) (*bindings.Bytes, bool) {
	if res == nil {
		return nil, false
	}
	body, ok := res.Body.(*bindings.Bytes)
	return body, ok
}

// FetchDirect implements bindings.Direct. What takes long, a large value or one that comes as a stream, goes on elsewhere.
func (n *Namespace) FetchDirect(req *bindings.Request, done func(*bindings.Response, error)) {
	path, query, _ := strings.Cut(withoutHost(req.URL), "?")
	q := parseQuery(query)
	switch {
	case req.Method == http.MethodPost && path == "/bulk/get":
		n.bulk(req, done)
		return
	case req.Method == http.MethodPut:
		n.put(path, q, req, done)
		return
	}
	discard(req.Body)
	switch {
	case req.Method == http.MethodGet && strings.Trim(path, "/") == "":
		answer(done, func() (*bindings.Response, error) { return n.list(q) })
	case req.Method == http.MethodGet:
		n.get(path, q, done)
	case req.Method == http.MethodDelete:
		n.delete(path, q, done)
	default:
		fail(done, &refusal{http.StatusMethodNotAllowed, ""})
	}
}

// answer gives what f answers.
func answer(done func(*bindings.Response, error), f func() (*bindings.Response, error)) {
	res, err := f()
	if err != nil {
		fail(done, err)
		return
	}
	done(res, nil)
}

// fail answers with what is wrong: a refusal as it says, anything else without its details, which are for the operator.
func fail(done func(*bindings.Response, error), err error) {
	r, ok := err.(*refusal)
	if !ok {
		r = &refusal{http.StatusInternalServerError, http.StatusText(http.StatusInternalServerError)}
	}
	done(&bindings.Response{
		Status: r.status, StatusText: r.message[:min(len(r.message), 512)], Body: &bindings.Bytes{Data: []byte(r.message)}, ContentLength: int64(len(r.message)),
	}, nil)
}

func ok(data []byte, header ...[2]string) *bindings.Response {
	res := &bindings.Response{Status: http.StatusOK, StatusText: "OK", Header: header, ContentLength: int64(len(data))}
	if len(data) > 0 {
		res.Body = &bindings.Bytes{Data: data}
	}
	return res
}

// get answers with a value, at once unless it is large.
func (n *Namespace) get(path string, q query, done func(*bindings.Response, error)) {
	key, err := decodeKey(path, q)
	if err == nil {
		err = checkGet(key, q.text("cache_ttl"))
	}
	if err != nil {
		fail(done, err)
		return
	}
	e, err := n.entry(key)
	if err == nil && e.large() {
		go func() {
			e, err := n.whole(key)
			give(e, err, done)
		}()
		return
	}
	give(e, err, done)
}

func give(e *entry, err error, done func(*bindings.Response, error)) {
	switch {
	case err != nil:
		fail(done, err)
	case e == nil:
		fail(done, &refusal{http.StatusNotFound, "Not Found"})
	default:
		var header [][2]string
		if e.expires != 0 {
			header = append(header, [2]string{"cf-expiration", strconv.FormatInt(e.expires, 10)})
		}
		if e.metadata != "" {
			header = append(header, [2]string{"cf-kv-metadata", e.metadata})
		}
		done(ok(e.value, header...), nil)
	}
}

func (n *Namespace) delete(path string, q query, done func(*bindings.Response, error)) {
	key, err := decodeKey(path, q)
	if err == nil {
		err = checkKey(key)
	}
	if err == nil {
		err = n.remove(key)
	}
	n.acknowledge(err, done)
}

// acknowledge answers a change when it is durable.
func (n *Namespace) acknowledge(err error, done func(*bindings.Response, error)) {
	if err != nil {
		fail(done, err)
		return
	}
	n.object.Flush(func(err error) {
		if err != nil {
			n.recover()
			fail(done, err)
			return
		}
		done(ok(nil), nil)
	})
}

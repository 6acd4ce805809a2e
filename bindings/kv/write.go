package kv

import (
	"io"

	"github.com/dynos-run/dynos/bindings"
)

// put stores a value: at once if it is there and small, else elsewhere.
func (n *Namespace) put(path string, q query, req *bindings.Request, done func(*bindings.Response, error)) {
	key, e, err := n.pair(path, q, req)
	if err != nil {
		discard(req.Body)
		fail(done, err)
		return
	}
	body, there := req.Body.(*bindings.Bytes)
	switch {
	case req.Body == nil:
		n.acknowledge(n.store(key, e, nil), done)
	case there && len(body.Data) <= maxChunk:
		n.acknowledge(n.store(key, e, body.Data), done)
	case there:
		value := append([]byte{}, body.Data...)
		go func() { n.acknowledge(n.store(key, e, value), done) }()
	default:
		go func() {
			value, long, err := readValue(req.Body)
			if err != nil {
				done(nil, err) // the sender's own
				return
			}
			if long > 0 {
				fail(done, tooLarge(long))
				return
			}
			n.acknowledge(n.store(key, e, value), done)
		}()
	}
}

// pair reads all of a pair but its value.
func (n *Namespace) pair(path string, q query, req *bindings.Request) (key string, e *entry, err error) {
	if key, err = decodeKey(path, q); err != nil {
		return "", nil, err
	}
	if err := checkKey(key); err != nil {
		return "", nil, err
	}
	e = &entry{}
	if e.expires, err = expiration(q, n.now()); err != nil {
		return "", nil, err
	}
	for _, h := range req.Header {
		if h[0] == "cf-kv-metadata" {
			e.metadata = h[1]
		}
	}
	if err := checkMetadata(e.metadata); err != nil {
		return "", nil, err
	}
	if req.ContentLength > maxValue {
		return "", nil, tooLarge(req.ContentLength)
	}
	return key, e, nil
}

// readValue reads a stream. Of one that is too long it gives the length, for which it is read to its end.
func readValue(body io.ReadCloser) (value []byte, long int64, err error) {
	defer body.Close()
	value, err = io.ReadAll(io.LimitReader(body, maxValue+1))
	if err != nil || len(value) <= maxValue {
		return value, 0, err
	}
	rest, err := io.Copy(io.Discard, body)
	return nil, int64(len(value)) + rest, err
}

func discard(body io.ReadCloser) {
	if body != nil {
		_ = body.Close()
	}
}

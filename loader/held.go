package loader

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// maxSmallResponse is the length from which a response in memory counts as long. Below, the number of connections bounds them.
const maxSmallResponse = 64 << 10

// hold makes the answer a long one, which stays in memory until the client has taken it. If clients hold too much already, the answer is
// 503 instead, and the result is false.
func (c *httpCall) hold(data []byte) bool {
	n := int64(len(data))
	if rt := c.rt; rt.buffered.Add(n) > rt.config.MaxBufferedBytes {
		rt.buffered.Add(-n)
		c.ctx.Response.Reset()
		unavailable(c.ctx, time.Second)
		c.answered()
		return false
	}
	body := &heldBody{rt: c.rt, size: n, upload: c.upload}
	body.Reader.Reset(bytes.Clone(data))
	c.ctx.Response.SetBodyStream(body, len(data))
	return true
}

// A heldBody is such a response's body.
type heldBody struct {
	bytes.Reader
	rt     *Runtime
	size   int64
	upload *uploadBody // the request's, which ends with it
	once   sync.Once
}

var _ io.WriterTo = (*heldBody)(nil) // in large pieces

// Close implements io.Closer.
func (b *heldBody) Close() error {
	b.once.Do(func() {
		b.rt.buffered.Add(-b.size)
		if b.upload != nil {
			b.upload.end()
		}
	})
	return nil
}

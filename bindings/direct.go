package bindings

import "io"

// A Direct is a Fetcher that lives in this process and makes nobody wait: what it answers from memory or a local disk it answers at once.
type Direct interface {
	Fetcher
	// FetchDirect is Fetch without waiting. done is called once, on any goroutine, perhaps before FetchDirect returns. A body of the request
	// that is Bytes is valid until FetchDirect returns; any other one may wait when it is read. A response's body that is Bytes is valid until
	// done returns, and nobody closes it.
	FetchDirect(req *Request, done func(*Response, error))
}

// Bytes is a body that is in memory.
type Bytes struct {
	// Data is all of it.
	Data []byte
	read int
}

var _ io.ReadCloser = (*Bytes)(nil)

// Read implements io.Reader.
func (b *Bytes) Read(p []byte) (int, error) {
	if b.read == len(b.Data) {
		return 0, io.EOF
	}
	n := copy(p, b.Data[b.read:])
	b.read += n
	return n, nil
}

// Close does nothing.
func (b *Bytes) Close() error { return nil }

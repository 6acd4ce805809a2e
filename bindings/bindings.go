// Package bindings is the contract between the loader and what a worker may reach.
package bindings

import (
	"context"
	"io"
)

// A Fetcher answers HTTP requests of workers: the network, or a Go function.
type Fetcher interface {
	// Fetch performs one exchange without following redirects. It may wait; ctx is cancelled when nobody wants the answer any
	// more. The caller closes the response's body. An error that has the method ErrorClass() string becomes an exception of
	// that class, any other one an Error.
	Fetch(ctx context.Context, req *Request) (*Response, error)
}

// A Request is one HTTP request of a worker.
type Request struct {
	Method string
	// URL is absolute.
	URL string
	// Header holds names in lower case and values, in order; values are bytes.
	Header [][2]string
	// Body is nil for none.
	Body io.ReadCloser
	// ContentLength in bytes, -1 if unknown.
	ContentLength int64
	// Cf is the request's cf as JSON, nil for none.
	Cf []byte
}

// A HeaderEdit sets a header, in the place of all with its name, or removes it if Value is empty.
type HeaderEdit struct{ Name, Value string }

// An Encoded body is decoded as it is read, while the response's headers still name its content coding.
type Encoded interface {
	io.ReadCloser
	// Undecoded returns the bytes as they came, for who passes them on with those headers; nil if the body has been read from.
	// Either of the two is to be closed.
	Undecoded() io.ReadCloser
}

// A Response is the answer to a Request.
type Response struct {
	Status     int
	StatusText string
	// Header holds names in lower case and values, in order; values are bytes.
	Header [][2]string
	// Body is nil for none, and may be Encoded.
	Body io.ReadCloser
	// ContentLength in bytes, -1 if unknown.
	ContentLength int64
}

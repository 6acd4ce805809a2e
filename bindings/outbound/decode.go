package outbound

import (
	"errors"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"github.com/dynos-run/dynos/bindings"
)

// decode returns a body without its content coding, or nil if it has none that the platform decodes: "gzip" and "br", alone and
// spelled so.
func decode(body *responseBody, codings []string) *decodedBody {
	if len(codings) != 1 {
		return nil
	}
	switch codings[0] {
	case "gzip":
		return &decodedBody{encoded: body, coding: "Gzip"}
	case "br":
		return &decodedBody{encoded: body, coding: "Brotli"}
	}
	return nil
}

var _ bindings.Encoded = (*decodedBody)(nil)

// Undecoded implements bindings.Encoded.
func (b *decodedBody) Undecoded() io.ReadCloser {
	if b.decoder == nil {
		return b.encoded
	}
	return nil
}

// decodedBody starts to decode at the first read: who never reads pays nothing.
type decodedBody struct {
	encoded *responseBody
	coding  string
	decoder io.Reader
	err     error
}

func (b *decodedBody) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if b.decoder == nil {
		b.decoder, err = b.start()
	}
	if err == nil {
		n, err = b.decoder.Read(p)
	}
	b.err = b.worded(err)
	return n, b.err
}

func (b *decodedBody) start() (io.Reader, error) {
	if b.coding == "Brotli" {
		return brotli.NewReader(b.encoded), nil
	}
	decoder, err := gzip.NewReader(b.encoded)
	if err != nil {
		return failedReader{}, noEOF(err)
	}
	return decoder, nil
}

// worded keeps errors of the connection and words those of the coding.
func (b *decodedBody) worded(err error) error {
	var network *Error
	switch {
	case err == nil, err == io.EOF:
		return err
	case errors.As(err, &network), b.encoded.ctx.Err() != nil:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return typeError(b.coding+textEndedEarly, err)
	}
	return typeError(b.coding+textFailed, err)
}

func (b *decodedBody) Close() error { return b.encoded.Close() }

// failedReader stands for a decoder that could not start, so that the body counts as read from.
type failedReader struct{}

func (failedReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// noEOF says that a stream without even a head is no stream.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

package loader

// Requests, responses and signals as arguments and results of calls between Go and workers: *http.Request, *http.Response and
// context.Context on the Go side.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dynos-run/dynos/bindings/rpc"
)

var errMalformedReference = errors.New("malformed reference")

// writeRequest gives the data of a Request: [method, url, headers, cf, redirect, cache, body, signal].
func (f *references) writeRequest(req *http.Request) ([]any, error) {
	u := *req.URL
	if !u.IsAbs() {
		absolute(&u, req)
	}
	method := req.Method
	if method == "" {
		method = http.MethodGet
	}
	var body any
	length := req.ContentLength
	if req.Body != nil && req.Body != http.NoBody {
		if length == 0 {
			length = -1
		}
		body = f.writeBody(req.Body, length)
	}
	var signal any
	if ctx := req.Context(); ctx.Done() != nil {
		signal = ctx
	}
	header, err := flatHeader(req.Header)
	return []any{method, u.String(), header, nil, "follow", rpc.Undefined{}, body, signal}, err
}

// absolute completes the URL of a request that a server has read.
func absolute(u *url.URL, req *http.Request) {
	u.Scheme, u.Host = "http", req.Host
	if req.TLS != nil {
		u.Scheme = "https"
	}
}

// writeResponse gives the data of a Response: [status, statusText, headers, cf, body, type].
func (f *references) writeResponse(res *http.Response) ([]any, error) {
	if res.StatusCode < 200 || res.StatusCode > 599 {
		return nil, fmt.Errorf("a response of status %d cannot be sent", res.StatusCode)
	}
	var body any
	switch {
	case res.Body == nil || res.Body == http.NoBody:
	case res.StatusCode == 204 || res.StatusCode == 205 || res.StatusCode == 304: // https://fetch.spec.whatwg.org/#null-body-status
		_ = res.Body.Close()
	default:
		body = f.writeBody(res.Body, res.ContentLength)
	}
	_, text, _ := strings.Cut(res.Status, " ")
	header, err := flatHeader(res.Header)
	return []any{res.StatusCode, text, header, nil, body, "default"}, err
}

func (f *references) writeBody(source io.ReadCloser, length int64) any {
	return []any{f.add(capability{stream: &readerBody{source: source}, length: length})}
}

// flatHeader is a header as names and values in turn.
func flatHeader(h http.Header) ([]any, error) {
	list := make([]any, 0, 2*len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if strings.ContainsAny(value, "\x00\r\n") {
				return nil, fmt.Errorf("%q is no value of a header", value)
			}
			list = append(list, strings.ToLower(name), value)
		}
	}
	return list, nil
}

// readHTTP makes a request or a response of its data.
func (f *references) readHTTP(tag uint32, data any) (any, error) {
	list, ok := data.([]any)
	switch {
	case ok && tag == tagRequest && len(list) == 8:
		return f.readRequest(list)
	case ok && tag == tagResponse && len(list) == 6:
		return f.readResponse(list)
	}
	return nil, errMalformedReference
}

func (f *references) readRequest(list []any) (*http.Request, error) {
	method, ok1 := list[0].(string)
	url, ok2 := list[1].(string)
	header, ok3 := headerFrom(list[2])
	if !ok1 || !ok2 || !ok3 {
		return nil, errMalformedReference
	}
	ctx, is := list[7].(context.Context)
	if !is {
		ctx = context.Background()
	}
	body, length, err := f.readMessageBody(list[6])
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	req.Header, req.ContentLength = header, length
	if host := header.Get("Host"); host != "" {
		req.Host = host
		header.Del("Host")
	}
	return req, nil
}

func (f *references) readResponse(list []any) (*http.Response, error) {
	status, ok1 := list[0].(float64)
	text, ok2 := list[1].(string)
	header, ok3 := headerFrom(list[2])
	if !ok1 || !ok2 || !ok3 {
		return nil, errMalformedReference
	}
	body, length, err := f.readMessageBody(list[4])
	if err != nil {
		return nil, err
	}
	code := int(status)
	return &http.Response{
		StatusCode: code, Status: strconv.Itoa(code) + " " + text, Header: header, Body: body, ContentLength: length,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

func headerFrom(data any) (http.Header, bool) {
	list, ok := data.([]any)
	if !ok || len(list)%2 != 0 {
		return nil, false
	}
	h := make(http.Header, len(list)/2)
	for k := 0; k < len(list); k += 2 {
		name, ok1 := list[k].(string)
		value, ok2 := list[k+1].(string)
		if !ok1 || !ok2 {
			return nil, false
		}
		h.Add(name, value)
	}
	return h, true
}

// readMessageBody takes a body: null, text, bytes, or [index] of a capability.
func (f *references) readMessageBody(data any) (io.ReadCloser, int64, error) {
	switch data := data.(type) {
	case nil:
		return http.NoBody, 0, nil
	case string:
		return io.NopCloser(strings.NewReader(data)), int64(len(data)), nil
	case []byte:
		return io.NopCloser(bytes.NewReader(data)), int64(len(data)), nil
	case []any:
		if len(data) != 1 {
			break
		}
		k, ok := f.index(data[0])
		if !ok || f.caps[k].stream == nil {
			break
		}
		f.take(k)
		return newGoBodyReader(f.caps[k].stream), f.caps[k].length, nil
	}
	return nil, 0, errMalformedReference
}

// writeSignal gives the data of the AbortSignal that aborts when a context ends: [aborted, reason, index of a function whose result comes
// then].
func (f *references) writeSignal(ctx context.Context) []any {
	if ctx.Err() != nil {
		return []any{true, abortReason(ctx), -1}
	}
	wait := func(caller context.Context) ([]any, error) {
		select {
		case <-ctx.Done():
			return []any{abortReason(ctx)}, nil
		case <-caller.Done():
			return nil, caller.Err()
		}
	}
	_, index, _, _ := f.function(wait)
	return []any{false, rpc.Undefined{}, index}
}

// abortReason is why a context has ended, as AbortSignal has it.
func abortReason(ctx context.Context) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.DeadlineExceeded):
		return &rpc.Error{Name: "TimeoutError", Message: "The operation was aborted due to timeout", DOMException: true}
	case errors.Is(cause, context.Canceled):
		return &rpc.Error{Name: "AbortError", Message: "The operation was aborted", DOMException: true}
	default:
		return cause
	}
}

// An abortError is the reason of a signal that is no error.
type abortError struct{ reason any }

func (e *abortError) Error() string { return fmt.Sprintf("aborted: %v", e.reason) }

func asError(reason any) error {
	if err, is := reason.(error); is {
		return err
	}
	return &abortError{reason}
}

// readSignal makes the context of an AbortSignal: it is cancelled when that aborts, with the reason as its cause. Of an argument, that ends
// with the Go function, of a result with the context of the call.
func (f *references) readSignal(data any) (context.Context, error) {
	list, ok := data.([]any)
	if !ok || len(list) != 3 {
		return nil, errMalformedReference
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	if aborted, _ := list[0].(bool); aborted {
		cancel(asError(list[1]))
		return ctx, nil
	}
	k, ok := f.index(list[2])
	if !ok || f.caps[k].service == nil {
		cancel(errMalformedReference)
		return nil, errMalformedReference
	}
	f.take(k)
	sender := newStub(f.rt, f.caps[k].service, true)
	go awaitAbort(f.life, sender, sender.Start(""), cancel)
	return ctx, nil
}

// awaitAbort passes on the reason of a signal. When the sender has gone nobody can abort it any more.
func awaitAbort(life context.Context, sender *Stub, pending *Pending, cancel context.CancelCauseFunc) {
	defer func() { _ = sender.Close() }()
	value, err := pending.Wait(life)
	var reason [1]any
	if err == nil && value.Decode(&reason) == nil {
		cancel(asError(reason[0]))
	}
}

package loader_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/bindings/rpc"
	"github.com/dynos-run/dynos/loader"
)

const messenger = `
	import { WorkerEntrypoint } from "cloudflare:workers";
	export default class extends WorkerEntrypoint {
		async describe(r) { return [r instanceof Request, r.method, r.url, r.headers.get("x-a"), await r.text(), r.signal.aborted].join(" "); }
		async read(r) { return [r instanceof Response, r.status, r.statusText, r.headers.get("x-a"), r.body === null, await r.text()].join(" "); }
		request(url, streams) {
			const body = streams ? new Blob(["a body"]).stream() : "a body";
			return new Request(url, { method: "PUT", body, headers: { "X-A": "b" } });
		}
		response(status, body) { return new Response(body, { status, headers: { "x-a": "c" } }); }
		async stream() {
			const { readable, writable } = new TransformStream();
			const w = writable.getWriter();
			this.ctx.waitUntil((async () => { for (const part of ["one ", "two ", "three"]) await w.write(new TextEncoder().encode(part)); await w.close(); })());
			return new Response(readable);
		}
		async pass(name, r) { return this.env[name](r); }
		async abort(name, reason) {
			const c = new AbortController();
			const p = this.env[name](c.signal);
			await Promise.race([this.env.began(), p]);
			c.abort(reason);
			return p;
		}
		send(name) { return this.env[name](new AbortController().signal); }
		async aborted(signal) {
			if (!signal.aborted) await new Promise((done) => signal.addEventListener("abort", done));
			return signal.reason.name + ": " + signal.reason.message;
		}
		burn() { const end = Date.now(); for (;;); }
	}
`

func TestRequestsFromGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{Modules: module(messenger)}).Entrypoint("")

	req, err := http.NewRequestWithContext(ctx, "POST", "http://example.com/a?b", strings.NewReader("hello"))
	require.NoError(t, err)
	req.Header.Set("X-A", "b")
	text, err := loader.Call[string](ctx, s, "describe", req)
	require.NoError(t, err)
	require.Equal(t, "true POST http://example.com/a?b b hello false", text)

	text, err = loader.Call[string](ctx, s, "describe", httptest.NewRequest("GET", "/path", nil))
	require.NoError(t, err)
	require.Equal(t, "true GET http://example.com/path   false", text)

	body := io.NopCloser(strings.NewReader("hello"))
	res := &http.Response{StatusCode: 404, Status: "404 Nowhere", Header: http.Header{"X-A": {"b"}}, Body: body, ContentLength: -1}
	text, err = loader.Call[string](ctx, s, "read", res)
	require.NoError(t, err)
	require.Equal(t, "true 404 Nowhere b false hello", text)

	text, err = loader.Call[string](ctx, s, "read", &http.Response{StatusCode: 204, Body: http.NoBody})
	require.NoError(t, err)
	require.Equal(t, "true 204   true ", text)

	_, err = s.Call(ctx, "read", &http.Response{StatusCode: 101})
	require.ErrorContains(t, err, "a response of status 101 cannot be sent")
	_, err = s.Call(ctx, "read", &http.Response{StatusCode: 200, Header: http.Header{"A": {"b\nc"}}})
	require.ErrorContains(t, err, `"b\nc" is no value of a header`)
}

func TestRequestsToGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{Modules: module(messenger)}).Entrypoint("")

	for _, streams := range []bool{false, true} {
		req, err := loader.Call[*http.Request](ctx, s, "request", "http://example.com/", streams)
		require.NoError(t, err)
		data, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		require.Equal(t, "PUT http://example.com/ b a body", strings.Join([]string{req.Method, req.URL.String(), req.Header.Get("X-A"), string(data)}, " "))
	}
	res, err := loader.Call[*http.Response](ctx, s, "response", 201, "created")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, res.Write(&out))
	require.Contains(t, out.String(), "HTTP/1.1 201 \r\n")
	require.Contains(t, out.String(), "X-A: c")
	require.Contains(t, out.String(), "\r\n\r\ncreated")

	plain, err := loader.Call[any](ctx, s, "response", 204, nil)
	require.NoError(t, err)
	require.Equal(t, http.NoBody, plain.(*http.Response).Body)

	res, err = loader.Call[*http.Response](ctx, s, "stream")
	require.NoError(t, err)
	data, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "one two three", string(data))
}

func TestRequestThroughGoFunction(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	answer := func(req *http.Request) (*http.Response, error) {
		data, err := io.ReadAll(req.Body)
		body := io.NopCloser(strings.NewReader(req.Method + " " + string(data)))
		return &http.Response{StatusCode: 202, Status: "202 Taken", Body: body, ContentLength: -1}, err
	}
	s := rt.Load(&loader.WorkerCode{Modules: module(messenger), Env: map[string]any{"answer": answer}}).Entrypoint("")
	req, err := http.NewRequest("POST", "http://x/", strings.NewReader("hello"))
	require.NoError(t, err)
	res, err := loader.Call[*http.Response](ctx, s, "pass", "answer", req)
	require.NoError(t, err)
	data, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "202 Taken POST hello", res.Status+" "+string(data))
}

func TestSignalsToGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	began := make(chan struct{})
	wait := func(_ context.Context, signal context.Context) string {
		close(began)
		<-signal.Done()
		var e *rpc.Error
		if errors.As(context.Cause(signal), &e) {
			return e.Error()
		}
		return context.Cause(signal).Error()
	}
	s := rt.Load(&loader.WorkerCode{CompatibilityFlags: []string{"enable_abortsignal_rpc"}, Modules: module(messenger), Env: map[string]any{
		"wait": wait, "began": func() { <-began },
	}}).Entrypoint("")
	for _, c := range []struct {
		reason any
		want   string
	}{
		{rpc.Undefined{}, "AbortError: The operation was aborted"},
		{&rpc.Error{Name: "RangeError", Message: "far"}, "RangeError: far"},
		{"enough", "aborted: enough"},
	} {
		began = make(chan struct{})
		text, err := loader.Call[string](ctx, s, "abort", "wait", c.reason)
		require.NoError(t, err)
		require.Equal(t, c.want, text)
	}
}

func TestSignalsLeaveNothing(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{
		CompatibilityFlags: []string{"enable_abortsignal_rpc"},
		Modules:            module(messenger),
		Env:                map[string]any{"take": func(_, _ context.Context) {}},
	}).Entrypoint("")
	send := func() {
		v, err := s.Call(ctx, "send", "take")
		require.NoError(t, err)
		require.NoError(t, v.Close())
	}
	send()
	before := runtime.NumGoroutine()
	for range 50 {
		send()
	}
	require.Eventually(t, func() bool { return runtime.NumGoroutine() < before+10 }, 10*time.Second, 10*time.Millisecond)
}

func TestSignalsFromGo(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	s := rt.Load(&loader.WorkerCode{Modules: module(messenger)}).Entrypoint("")

	signal, cancel := context.WithCancelCause(ctx)
	pending := s.Start("aborted", signal)
	cancel(errors.New("no more"))
	value, err := pending.Wait(ctx)
	require.NoError(t, err)
	text, err := value.Any()
	require.NoError(t, err)
	require.Equal(t, "Error: no more", text)

	signal, end := context.WithDeadline(ctx, time.Unix(0, 0))
	defer end()
	text, err = loader.Call[string](ctx, s, "aborted", signal)
	require.NoError(t, err)
	require.Equal(t, "TimeoutError: The operation was aborted due to timeout", text)
}

func TestCallLimits(t *testing.T) {
	rt, ctx := embedded(t), t.Context()
	w := rt.Load(&loader.WorkerCode{Modules: module(messenger)})
	_, err := w.Entrypoint("", loader.CallLimits(loader.Limits{CPUMillis: 50})).Call(ctx, "burn")
	var limit *loader.LimitError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, loader.LimitCPU, limit.Limit)
	require.Equal(t, int64(50*time.Millisecond), limit.Value)

	_, err = w.Entrypoint("", loader.CallLimits(loader.Limits{CPUMillis: -1})).Call(ctx, "burn")
	require.ErrorContains(t, err, "limits: -1 ms")
}

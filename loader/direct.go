package loader

import (
	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/isolate"
)

// direct is a service behind which a Go fetcher stands that answers without waiting: no goroutine is needed, and bodies that are in memory stay
// what they are.
type direct struct{ fetcher bindings.Direct }

func (d *direct) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	drop(r, c.caps)
	to.fail(r, errDisconnected)
	return nil
}

func (d *direct) fetch(_ *isolate.Runner, req *request, to fetchCaller) inflight {
	out := &bindings.Request{Method: string(req.method), URL: string(req.url), ContentLength: req.body.length, Cf: req.cf}
	eachHeader(req.header, func(name, value []byte) {
		out.Header = append(out.Header, [2]string{string(name), string(value)})
	})
	switch {
	case req.body.stream != nil:
		out.Body = newBodyReader(req.body.stream)
		req.body.stream = nil
	case req.body.data != nil:
		out.Body = &bindings.Bytes{Data: req.body.data}
	}
	d.fetcher.FetchDirect(out, func(res *bindings.Response, err error) { answerDirect(to, res, err) })
	return nil
}

func answerDirect(to fetchCaller, res *bindings.Response, err error) {
	var r isolate.Runner
	defer r.Run()
	if f, ok := err.(*failure); ok { // of a body that a worker has sent
		to.fail(&r, f)
		return
	}
	if err != nil {
		to.fail(&r, networkFailure(err))
		return
	}
	in := response{status: res.Status, statusText: []byte(res.StatusText), body: payload{length: res.ContentLength}}
	for _, h := range res.Header {
		in.header = append(append(append(append(in.header, h[0]...), 0), h[1]...), 0)
	}
	switch body := res.Body.(type) {
	case nil:
	case *bindings.Bytes:
		in.body.data, in.body.length = body.Data, int64(len(body.Data))
	default:
		in.body.stream = &readerBody{source: body}
	}
	to.respond(&r, &in)
}

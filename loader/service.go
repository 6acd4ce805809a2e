package loader

import (
	"github.com/dynos-run/dynos/isolate"
)

// A service is whatever can be called: another worker's entrypoint, the network, nothing. Calls never wait: the answer comes
// through the caller's interface, exactly once, on any goroutine, perhaps before the call returns. No lock of an instance may
// be held by who calls or answers.
type service interface {
	// fetch sends a request. Its slices are valid during the call.
	fetch(r *isolate.Runner, req *request, to fetchCaller) inflight
	// call makes an RPC. The call's slices are valid during the call.
	call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight
}

// An inflight is a call that has no answer yet.
type inflight interface {
	// cancel says that nobody wants the answer any more; a later one is ignored by the caller.
	cancel(r *isolate.Runner)
}

// A pipeliner is an inflight RPC on whose answer calls can be made before it is there.
type pipeliner interface {
	inflight
	pipeline() service
}

// A fetchCaller takes the answer of a fetch.
type fetchCaller interface {
	// respond gives the response, whose slices are valid during the call.
	respond(r *isolate.Runner, res *response)
	fail(r *isolate.Runner, f *failure)
}

// An rpcCaller takes the answer of an RPC.
type rpcCaller interface {
	// result gives the serialised value, valid during the call.
	result(r *isolate.Runner, a *rpcAnswer)
	// bounce says that the call was addressed to an answer which has been given already: the caller makes it on the value. With
	// taken, the capabilities that went with it have been taken, and are released afterwards.
	bounce(r *isolate.Runner, taken bool)
	fail(r *isolate.Runner, f *failure)
}

// An rpcAnswer is the result of an RPC. The caller owns the capabilities.
type rpcAnswer struct {
	value []byte
	caps  []capability
	// disposer is the index of the capability whose release runs the value's disposer, -1 for none.
	disposer int
}

// A request is one HTTP request on its way to a service.
type request struct {
	// from is the worker that sends it; nil if it comes from outside.
	from *worker
	// depth is how many invocations have led to it, each called by the one before.
	depth int
	// parent is what it is part of.
	parent spanRef
	// method and url are ASCII; url is absolute.
	method, url []byte
	// header is packed: name, NUL, value, NUL, ... with lower-case names; values are bytes.
	header []byte
	// framed is the number of bytes at the end of header that frame has added.
	framed int
	body   payload
	// cf is JSON, nil for none.
	cf []byte
	// by is the stub of ctx.restore by which it came, nil for none.
	by *recipe
}

// A response is one HTTP response on its way back.
type response struct {
	status     int
	statusText []byte
	header     []byte // packed as in request
	body       payload
	// webSocket is what the connection becomes, with status 101; nil for none. It is owned by whoever holds the response.
	webSocket *socketEnd
}

// cancel drops a response that nobody takes.
func (res *response) cancel(r *isolate.Runner) {
	res.body.cancel(r)
	if res.webSocket != nil {
		res.webSocket.abort(r, nil)
		res.webSocket = nil
	}
}

// An rpcCall is one RPC on its way to a service.
type rpcCall struct {
	// from is the worker that makes it; nil for a Go program.
	from *worker
	// depth is as in request.
	depth int
	// parent is what it is part of.
	parent spanRef
	// path is the encoded array of property names.
	path []byte
	// args are the serialised arguments, nil to read a property.
	args []byte
	// caps belong to who takes the call, also if it fails.
	caps []capability
	// by is as in request.
	by *recipe
}

// target is an entrypoint of a worker with the props that its ctx shows.
type target struct {
	worker     *worker
	entrypoint string
	props      []byte // serialised, or JSON text; nil for none
	propsJSON  bool
	caps       []service
	limits     Limits
	storable   bool // a Durable Object may store it
}

func (t *target) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	for {
		i, f := t.worker.instance(r)
		if f != nil {
			req.body.cancel(r)
			to.fail(r, f)
			return nil
		}
		if c := i.startFetch(r, t, req, to); c != nil {
			return c
		}
	}
}

func (t *target) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	for {
		i, f := t.worker.instance(r)
		if f != nil {
			drop(r, c.caps)
			to.fail(r, f)
			return nil
		}
		if running := i.startRPC(r, t, c, to); running != nil {
			return running
		}
	}
}

// permits says whether a worker with this outbound can reach anything.
func permits(outbound service) bool {
	_, refused := outbound.(refusal)
	return !refused
}

// refusal is a service that answers everything with one failure.
type refusal struct{ f *failure }

func (s refusal) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	req.body.cancel(r)
	to.fail(r, s.f)
	return nil
}

func (s refusal) call(r *isolate.Runner, c *rpcCall, to rpcCaller) inflight {
	drop(r, c.caps)
	to.fail(r, s.f)
	return nil
}

package loader

import (
	"io"
	"strings"
	"time"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
	"github.com/dynos-run/dynos/loader/internal/hostops"
)

// maxBuffered bounds a body that JavaScript wants as a whole.
const maxBuffered = 128 << 20

// opHandlers performs what a turn leaves: one function per op of kind async or send, see ops.Table. Each reads its arguments
// after the first, the context's number.
var opHandlers = [ops.Count]func(i *instance, r *isolate.Runner, ctx uint32, a *ops.Reader){
	ops.Uncaught:       (*instance).opUncaught,
	ops.Respond:        (*instance).opRespond,
	ops.Fail:           (*instance).opFail,
	ops.WaitUntil:      (*instance).opWaitUntil,
	ops.Abort:          (*instance).opAbort,
	ops.End:            (*instance).opEnd,
	ops.PassThrough:    (*instance).opPassThrough,
	ops.RPCReturn:      (*instance).opRPCReturn,
	ops.RPCThrow:       (*instance).opRPCThrow,
	ops.RPCBounce:      (*instance).opRPCBounce,
	ops.RPCCall:        (*instance).opRPCCall,
	ops.StubRestored:   (*instance).opStubRestored,
	ops.Event:          (*instance).opEvent,
	ops.CapRelease:     (*instance).opCapRelease,
	ops.ExportDropped:  (*instance).opExportDropped,
	ops.LoaderGet:      (*instance).opLoaderGet,
	ops.LoaderCode:     (*instance).opLoaderCode,
	ops.LoaderFail:     (*instance).opLoaderFail,
	ops.TraceLog:       (*instance).opTraceLog,
	ops.TraceException: (*instance).opTraceException,
	ops.TailDone:       (*instance).opTailDone,
	ops.CryptoAsync:    (*instance).opCryptoAsync,
	ops.DigestAsync:    (*instance).opDigestAsync,
	ops.Console:        (*instance).opConsole,
	ops.TimerStart:     (*instance).opTimerStart,
	ops.TimerClear:     (*instance).opTimerClear,
	ops.BodyRead:       (*instance).opBodyRead,
	ops.BodyReadAll:    (*instance).opBodyReadAll,
	ops.BodyCancel:     (*instance).opBodyCancel,
	ops.Fetch:          (*instance).opFetch,
	ops.FetchAbort:     (*instance).opFetchAbort,
	ops.Idle:           (*instance).opIdle,

	ops.WebSocketPair:   (*instance).opWebSocketPair,
	ops.WebSocketAccept: (*instance).opWebSocketAccept,
	ops.WebSocketSend:   (*instance).opWebSocketSend,
	ops.WebSocketClose:  (*instance).opWebSocketClose,
	ops.WebSocketAbort:  (*instance).opWebSocketAbort,
	ops.WebSocketRead:   (*instance).opWebSocketRead,
	ops.WebSocketHold:   (*instance).opWebSocketHold,

	ops.SocketConnect:  (*instance).opSocketConnect,
	ops.SocketStartTLS: (*instance).opSocketStartTLS,
	ops.SocketAccept:   (*instance).opSocketAccept,
	ops.SocketRefuse:   (*instance).opSocketRefuse,
	ops.SocketDone:     (*instance).opSocketDone,

	ops.ObjectRespond: (*instance).opObjectRespond,
	ops.ObjectFail:    (*instance).opObjectFail,
	ops.ObjectResume:  (*instance).opObjectResume,
	ops.ObjectSync:    (*instance).opObjectSync,

	ops.FacetClass:  (*instance).opFacetClass,
	ops.FacetFail:   (*instance).opFacetFail,
	ops.FacetEnd:    (*instance).opFacetEnd,
	ops.FacetForget: (*instance).opFacetForget,

	ops.ObjectAlarmDone: (*instance).opObjectAlarmDone,

	ops.ObjectSocketAccept:  (*instance).opObjectSocketAccept,
	ops.ObjectSocketAttach:  (*instance).opObjectSocketAttach,
	ops.ObjectSocketDone:    (*instance).opObjectSocketDone,
	ops.ObjectAutoResponse:  (*instance).opObjectAutoResponse,
	ops.ObjectSocketTimeout: (*instance).opObjectSocketTimeout,
}

// HandleOps implements isolate.Handler.
func (i *instance) HandleOps(r *isolate.Runner, out *ops.Reader) {
	if !i.def.traced() {
		i.handleOps(r, out)
		return
	}
	i.holdTraces()
	i.handleOps(r, out)
	i.giveTraces()
}

func (i *instance) handleOps(r *isolate.Runner, out *ops.Reader) {
	objects := i.hosts.Load()
	if objects {
		i.commitActors(r)
		i.openGates(r)
	}
	for {
		op, ok := out.Next()
		if !ok {
			break
		}
		switch op.ID {
		case ops.Loaded:
			i.opLoaded(&op.Args)
		case ops.LoadFailed:
			i.opLoadFailed(r, op.Args.String())
			return
		case ops.AbortIsolate:
			i.opAbortIsolate(r, &op.Args)
			return
		default:
			if !objects || !i.holdBack(&op) {
				i.perform(r, op.ID, &op.Args)
			}
		}
	}
	if objects {
		i.settleActors(r)
	}
	if len(i.wanted) > 0 {
		i.askForCode(r)
	}
	i.admit(r)
	i.findHung(r)
}

// perform performs one op of a turn.
func (i *instance) perform(r *isolate.Runner, op ops.ID, a *ops.Reader) {
	switch op {
	case ops.StreamChunk:
		i.answerPull(r, a.Int(), a.Bytes(), nil)
	case ops.StreamEnd:
		i.answerPull(r, a.Int(), nil, io.EOF)
	case ops.StreamError:
		id := a.Int()
		i.answerPull(r, id, nil, &failure{origin: fromWorker, class: a.String(), message: a.String()})
	default:
		if h := opHandlers[op]; h != nil {
			h(i, r, uint32(a.Int()), a)
		}
	}
}

// Call implements isolate.Handler.
func (i *instance) Call(op ops.ID, a *ops.Reader, answer *ops.Batch) {
	switch op {
	case ops.Digest:
		sum, err := hostops.Digest(a.String(), a.Bytes())
		if err != nil {
			answerOpError(answer, err)
			return
		}
		isolate.CallResult(answer)
		answer.Data(sum)
	case ops.Crypto:
		value, err := hostops.Crypto(&i.keys, a)
		if err != nil {
			answerOpError(answer, err)
			return
		}
		isolate.CallResult(answer)
		hostops.EncodeValue(answer, value)
	case ops.DomainToASCII:
		ascii, ok := hostops.DomainToASCII(a.String(), a.Bool())
		isolate.CallResult(answer)
		if ok {
			answer.String(ascii)
		} else {
			answer.Null()
		}
	case ops.DomainToUnicode:
		isolate.CallResult(answer)
		answer.String(hostops.DomainToUnicode(a.String()))
	case ops.CheckCompat:
		i.checkCompat(a, answer)
	case ops.CompatFlags:
		i.compatFlags(answer)
	case ops.SocketCheck:
		i.socketCheck(a, answer)
	case ops.TextDecode:
		textDecode(a, answer)
	case ops.CodecOpen:
		i.codecOpen(a, answer)
	case ops.BundleList:
		i.bundleList(answer)
	case ops.BundleRead:
		i.bundleRead(int(a.Int()), answer)
	case ops.Zlib:
		zlibOnce(a, answer, i.stopping.Load)
	case ops.Crc32:
		zlibChecksum(a, answer)
	case ops.CodecStep:
		i.codecStep(a, answer)
	case ops.CodecClose:
		i.codecClose(uint32(a.Int()))
		isolate.CallResult(answer)
		answer.Undefined()
	case ops.WebSocketTaken:
		isolate.CallResult(answer)
		answer.Int(i.socketTaken(a))
	case ops.HTMLSelector, ops.HTMLOpen, ops.HTMLWrite, ops.HTMLClose, ops.HTMLEncode:
		i.html.call(op, a, answer, i)
	case ops.ObjectID:
		i.callObjectID(a, answer)
	case ops.StubStore:
		i.callStubStore(a, answer)
	case ops.StubLoad:
		i.callStubLoad(a, answer)
	case ops.StubPersistent:
		i.callStubPersistent(a, answer)
	case ops.ObjectBind:
		i.callBind(a, answer)
	case ops.ObjectAbort:
		i.callAbort(a, answer)
	case ops.ObjectSockets:
		i.callObjectSockets(a, answer)
	case ops.ObjectSocketAnswered:
		i.callSocketAnswered(a, answer)
	default:
		if ops.Table[op].Owner == "durable" {
			i.callStorage(op, a, answer)
			return
		}
		isolate.CallError(answer, "Error", "unknown op")
	}
}

func answerOpError(answer *ops.Batch, err error) {
	if e, ok := err.(*hostops.OpError); ok {
		isolate.CallError(answer, e.Class, e.Message)
		return
	}
	isolate.CallError(answer, "Error", err.Error())
}

// opBegin registers the promise that the op's next argument names, for an async op. Nil: the context has ended, nobody waits.
func (i *instance) opBegin(ctx uint32, a *ops.Reader) (*requestContext, uint32) {
	promise := uint32(a.Int())
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.contexts[ctx]
	if c != nil {
		c.begin(promise)
	}
	return c, promise
}

// Life.

func (i *instance) opLoaded(a *ops.Reader) {
	i.worker.noteExports(a)
	i.mu.Lock()
	if !i.loaded {
		i.loaded = true
		close(i.started)
	}
	i.mu.Unlock()
}

func (i *instance) opLoadFailed(r *isolate.Runner, text string) {
	if mapStack := i.def.mapStack; mapStack != nil {
		text = mapStack(text)
	}
	f := hostError("Failed to start Worker:\n%s", text)
	f.stack, f.start = text, true
	i.worker.fail(i, f)
	i.shut(r, f)
}

func (i *instance) opUncaught(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	what, text := a.String(), a.String()
	if what == "waitUntil" {
		i.failTest(ctx, text)
	}
	i.rt.log(i.def, LevelError, "Uncaught ("+what+") "+text)
}

func (i *instance) opConsole(_ *isolate.Runner, _ uint32, a *ops.Reader) {
	level, text := Level(a.String()), a.String()
	switch i.volume.add(time.Now(), len(text)) {
	case volumeFits:
		i.rt.log(i.def, level, text)
	case volumeReached:
		i.rt.reached(LimitLog)
		i.rt.log(i.def, LevelError, (&LimitError{LimitLog, i.worker.name, maxLogBytes}).Error()+"; what comes until the minute is over is dropped")
	}
}

// Answers.

func (i *instance) opRespond(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	res, f := i.readResponse(c, a)
	c.trace.respond(res.status)
	fetcher := c.takeFetcher()
	left := c.endIfDone()
	i.mu.Unlock()
	if res.webSocket != nil {
		res.webSocket.attach(r, nil)
	}
	switch {
	case fetcher == nil:
		res.cancel(r)
	case f != nil:
		res.cancel(r)
		fetcher.fail(r, f)
	default:
		fetcher.respond(r, &res)
	}
	left.release(r)
}

// readResponse reads a response: its body, if that is a stream, and its WebSocket keep the context. Preconditions: mu is held.
func (i *instance) readResponse(c *requestContext, a *ops.Reader) (response, *failure) {
	res := response{status: int(a.Int()), statusText: a.ByteString(), header: readHeader(a)}
	f := i.readBody(c, a, &res.body)
	if s, ok := res.body.stream.(*streamBody); ok && s.owner == i {
		i.streams[s.id].held = true
		c.heldStreams++
	}
	if id := a.Int(); id != 0 {
		res.webSocket = c.takeSocket(id)
	}
	return res, f
}

func (i *instance) opFail(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	f := i.readThrown(a)
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	c.trace.fail(f)
	fetcher := c.takeFetcher()
	left := c.endIfDone()
	i.mu.Unlock()
	if fetcher != nil {
		fetcher.fail(r, f)
	}
	left.release(r)
}

// readThrown reads class, message, stack and detail of an exception.
func (i *instance) readThrown(a *ops.Reader) *failure {
	f := &failure{origin: fromWorker, class: a.String(), message: a.String(), stack: a.String()}
	if a.IsUndefined() {
		f.origin = fromHost
		f.noEntrypoint = strings.HasPrefix(f.message, "Worker has no ")
	} else if !a.IsNull() {
		f.detail = append([]byte{}, a.Bytes()...)
	}
	if mapStack := i.def.mapStack; mapStack != nil {
		f.stack = mapStack(f.stack)
	}
	return f
}

func (i *instance) opRPCThrow(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	call := uint32(a.Int())
	f := i.readThrown(a)
	if f.noEntrypoint {
		i.refuseTrace(ctx)
	}
	i.mu.Lock()
	c := i.contexts[ctx]
	if c != nil {
		c.traceAnswer(call, false)
	}
	i.mu.Unlock()
	if c != nil && f.origin == fromHost && c.actor.isAborted() {
		return // it has ended in this turn, and settleActors tells the callers why
	}
	i.answerCall(r, ctx, call, func(to rpcCaller) { to.fail(r, f) })
}

func (i *instance) opRPCBounce(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.answerCall(r, ctx, uint32(a.Int()), func(to rpcCaller) { to.bounce(r, true) })
}

// answerCall gives the caller of a served RPC its answer.
func (i *instance) answerCall(r *isolate.Runner, ctx, call uint32, give func(to rpcCaller)) {
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	to := c.answer(call)
	left := c.endIfDone()
	i.mu.Unlock()
	if to != nil {
		give(to)
	}
	left.release(r)
}

func (i *instance) opRPCReturn(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	call := uint32(a.Int())
	answer := rpcAnswer{value: a.Bytes()}
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	answer.caps = i.readCaps(c, a, true)
	answer.disposer = int(a.Int())
	c.traceAnswer(call, true)
	to := c.answer(call)
	left := c.endIfDone()
	i.mu.Unlock()
	if to != nil {
		to.result(r, &answer)
	} else {
		drop(r, answer.caps)
	}
	left.release(r)
}

func (i *instance) opWaitUntil(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		return
	}
	c.waiting += int(a.Int())
	left := c.endIfDone()
	i.mu.Unlock()
	left.release(r)
}

// answerPull gives an answer of the realm to whoever reads the exported stream; err is nil while it goes on.
func (i *instance) answerPull(r *isolate.Runner, id int64, data []byte, err error) {
	i.mu.Lock()
	s := i.streams[id]
	if s == nil {
		i.mu.Unlock()
		return
	}
	done := s.done
	s.done = nil
	var left *leftovers
	if done != nil {
		s.ctx.pending--
		i.suspect(s.ctx)
	}
	if err != nil {
		delete(i.streams, id)
		left = s.over()
	}
	i.mu.Unlock()
	if done != nil {
		done(r, data, err)
	}
	left.release(r)
}

// Calls.

func (i *instance) opFetch(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	i.mu.Lock()
	s := i.readTarget(c, a)
	req := request{from: i.worker, depth: c.depth + 1, method: a.ByteString(), url: a.ByteString(), header: readHeader(a)}
	f := i.readBody(c, a, &req.body)
	if f == nil {
		f = c.countSubrequest()
	}
	to := &workerCaller{inst: i, ctx: c, promise: promise, head: string(req.method) == "HEAD"}
	if f == nil {
		to.spans = c.fetchSpans(&req)
		req.parent = to.spans.parent()
	}
	i.mu.Unlock()
	if !a.IsNull() {
		req.cf = a.UTF8()
	}
	if f != nil {
		req.body.cancel(r)
		i.reject(r, c, promise, f)
		return
	}
	if _, ok := s.(*target); ok {
		req.frame()
	}
	running := s.fetch(r, &req, to)
	i.mu.Lock()
	c.attach(promise, running)
	i.mu.Unlock()
}

func (i *instance) opFetchAbort(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	promise := uint32(a.Int())
	i.mu.Lock()
	c := i.contexts[ctx]
	var running inflight
	if c != nil {
		running = c.running(promise)
	}
	i.mu.Unlock()
	if c == nil {
		return
	}
	// The other side hears of it first: what it does about it is done when its caller goes on.
	if running != nil {
		running.cancel(r)
	}
	i.reject(r, c, promise, errAborted)
}

func (i *instance) opRPCCall(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	to := &workerCaller{inst: i, ctx: c, promise: promise}
	i.mu.Lock()
	s := i.readCallee(c, a)
	if s == nil { // nothing is read, so that what goes with the call stays the realm's
		i.mu.Unlock()
		to.bounce(r, false)
		return
	}
	call := rpcCall{from: i.worker, depth: c.depth + 1, path: a.Raw(1)}
	if !a.IsNull() {
		call.args = a.Bytes()
		if call.args == nil {
			call.args = []byte{}
		}
	}
	call.caps = i.readCaps(c, a, false)
	to.spans = c.rpcSpans(&call)
	call.parent = to.spans.parent()
	f := c.countSubrequest()
	i.mu.Unlock()
	if f != nil {
		drop(r, call.caps)
		to.fail(r, f)
		return
	}
	running := s.call(r, &call, to)
	i.mu.Lock()
	c.attach(promise, running)
	i.mu.Unlock()
}

// readCallee reads the target of a call: that of a stub, an object of the realm itself, or the answer of a call that is under way.
// Nil says that this answer has been given. Preconditions: mu is held.
func (i *instance) readCallee(c *requestContext, a *ops.Reader) service {
	switch a.PeekKind() {
	case "promise":
		a.Array()
		_ = a.String()
		if running, ok := c.running(uint32(a.Int())).(pipeliner); ok {
			return running.pipeline()
		}
		return nil
	case "export":
		a.Array()
		_ = a.String()
		return ownObject{c, a.Int()}
	}
	return i.readTarget(c, a)
}

// ownObject is an object that a context exports to itself, by a stub of its own.
type ownObject struct {
	ctx *requestContext
	id  int64
}

func (o ownObject) call(r *isolate.Runner, call *rpcCall, to rpcCaller) inflight {
	return o.ctx.inst.callObject(r, o.ctx, o.id, call, to)
}

func (o ownObject) fetch(r *isolate.Runner, req *request, to fetchCaller) inflight {
	return refusal{errNoCapability}.fetch(r, req, to)
}

// workerCaller is a promise of a realm that waits for a call's answer.
type workerCaller struct {
	inst    *instance
	ctx     *requestContext
	promise uint32
	spans   *callSpans
	head    bool // of a HEAD request, whose answer has no body whatever the callee gives
}

func (w *workerCaller) respond(r *isolate.Runner, res *response) {
	w.spans.respond(res)
	if w.head {
		res.body.cancel(r)
		res.body = payload{}
	}
	taken := w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Array(6)
		b.Int(int64(res.status))
		b.ByteString(res.statusText)
		b.ByteString(res.header)
		switch {
		case res.body.stream != nil:
			b.Int(int64(w.inst.addBody(w.ctx, res.body.stream)))
		case res.body.data != nil:
			b.Data(res.body.data)
		default:
			b.Null()
		}
		b.Int(res.body.length)
		b.Int(w.inst.adoptSocket(w.ctx, res.webSocket))
		return 2
	})
	if !taken {
		res.cancel(r)
	}
}

func (w *workerCaller) result(r *isolate.Runner, a *rpcAnswer) {
	w.spans.end()
	taken := w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Array(3)
		b.Blob(a.value)
		w.inst.encodeCaps(b, w.ctx, a.caps, false)
		b.Int(int64(a.disposer))
		return 2
	})
	if !taken {
		drop(r, a.caps)
	}
}

func (w *workerCaller) bounce(r *isolate.Runner, taken bool) {
	w.spans.end()
	w.inst.complete(r, w.ctx, w.promise, func(b *ops.Batch) int {
		b.Bool(true)
		b.Bool(taken)
		return 2
	})
}

func (w *workerCaller) fail(r *isolate.Runner, f *failure) {
	w.spans.end()
	w.inst.reject(r, w.ctx, w.promise, f)
}

// Bodies and cryptography.

// takeBody finds a body for an op of its context. With gone, the realm has no further use for the handle.
func (i *instance) takeBody(rid uint32, gone bool) body {
	i.mu.Lock()
	defer i.mu.Unlock()
	b := i.bodies[rid]
	if gone {
		delete(i.bodies, rid)
	}
	return b
}

func (i *instance) opBodyRead(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	rid := uint32(a.Int())
	b := i.takeBody(rid, false)
	if b == nil {
		i.reject(r, c, promise, errBodyGone)
		return
	}
	b.read(r, int(a.Int()), func(r *isolate.Runner, data []byte, err error) {
		if err != nil {
			i.takeBody(rid, true)
		}
		i.completeRead(r, c, promise, data, err)
	})
}

func (i *instance) opBodyReadAll(r *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	rid := uint32(a.Int())
	b := i.takeBody(rid, false)
	if b == nil {
		i.reject(r, c, promise, errBodyGone)
		return
	}
	readAll(r, b, maxBuffered, func(r *isolate.Runner, data []byte, err error) {
		i.takeBody(rid, true) // until now the context's end, or an abort, would have cancelled it
		i.completeRead(r, c, promise, data, err)
	})
}

func (i *instance) completeRead(r *isolate.Runner, c *requestContext, promise uint32, data []byte, err error) {
	f, ok := err.(*failure)
	switch {
	case ok:
		i.reject(r, c, promise, f)
	case err != nil && err != io.EOF:
		i.reject(r, c, promise, errDisconnected)
	default:
		i.complete(r, c, promise, func(b *ops.Batch) int {
			b.Bool(true)
			if err == io.EOF {
				b.Null()
			} else {
				b.Data(data)
			}
			return 2
		})
	}
}

func (i *instance) opBodyCancel(r *isolate.Runner, _ uint32, a *ops.Reader) {
	b := i.takeBody(uint32(a.Int()), true)
	if b == nil {
		return
	}
	f := *errAborted
	if !a.IsNull() {
		f.detail = append([]byte{}, a.Bytes()...)
	}
	b.cancel(r, &f)
}

func (i *instance) opDigestAsync(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	algorithm, data := a.String(), append([]byte{}, a.Bytes()...)
	go func() {
		var r isolate.Runner
		work := i.beginWork(c)
		defer work.end(&r)
		sum, err := hostops.Digest(algorithm, data)
		if err != nil {
			e := err.(*hostops.OpError)
			i.reject(&r, c, promise, &failure{class: e.Class, message: e.Message})
		} else {
			i.completeRead(&r, c, promise, sum, nil)
		}
		r.Run()
	}()
}

func (i *instance) opCryptoAsync(_ *isolate.Runner, ctx uint32, a *ops.Reader) {
	c, promise := i.opBegin(ctx, a)
	if c == nil {
		return
	}
	var args []byte
	for a.More() {
		args = append(args, a.Raw(1)...)
	}
	go func() {
		var r isolate.Runner
		defer r.Run()
		// One at a time: what a worker asks for is its own to wait for.
		i.keys.Slow.Lock()
		defer i.keys.Slow.Unlock()
		work := i.beginWork(c)
		defer work.end(&r)
		if work.over() {
			return
		}
		reader := ops.NewReader(args)
		value, err := hostops.Crypto(i.keys.Until(work.over), &reader)
		if work.over() {
			return
		}
		if e, ok := err.(*hostops.OpError); ok {
			i.reject(&r, c, promise, &failure{class: e.Class, message: e.Message})
			return
		}
		i.complete(&r, c, promise, func(b *ops.Batch) int {
			b.Bool(true)
			hostops.EncodeValue(b, value)
			return 2
		})
	}()
}

"use strict";
// The core of writable streams: stream, writer, controller. https://streams.spec.whatwg.org/#ws-model

const { FunctionPrototypeCall, PromisePrototypeThen, PromiseReject, PromiseResolve, TypeError } = primordials;
const { Chain, ChunkQueue, Deferred, LazyPromise, kDone, kFulfilled, kPending, kRejected, promised, setHandled } = require("web/streams_queue");
const { callbackMember, sizeOf } = require("web/streams_strategy");

const kWritable = 0;
const kErroring = 1;
const kClosed = 2;
const kErrored = 3;

const kStreamClosed = "This WritableStream has been closed.";
const kWriterReleased = "This WritableStream writer has been released.";

// What ends the queue of a stream that is being closed.
const kCloseMark = { __proto__: null };

/** A write that waits, whose outcome is a promise. */
class WritePromise extends Deferred {
  next;
}

/** The abort that a stream has been asked for. */
class PendingAbort extends Deferred {
  reason;
  wasErroring;
  constructor(reason, wasErroring) {
    super();
    this.reason = reason;
    this.wasErroring = wasErroring;
  }
}

/** Rejects the writes of a chain. */
function rejectAll(first, reason) {
  let request = first;
  while (request !== undefined) {
    const next = request.next;
    request.reject(reason);
    request = next;
  }
}

/** A writable stream's internal slots. */
class Writable {
  state = kWritable;
  stored = undefined;
  /** @type {Writer | undefined} */
  writer = undefined;
  /** @type {WritableController} */
  controller = undefined;
  backpressure = false;
  /** Prepares a chunk that a script writes, if not every value will do. @type {Function | undefined} */
  convertChunk = undefined;
  #writes = new Chain();
  #writing;
  #closeRequest;
  #closing;
  #abort;
  /** The promise of the abort whose sink has failed at it: what later ones get, too, as on the reference runtime. */
  #failedAbort;

  get closeQueuedOrInFlight() {
    return this.#closeRequest !== undefined || this.#closing !== undefined;
  }
  get operationInFlight() {
    return this.#writing !== undefined || this.#closing !== undefined;
  }

  /** https://streams.spec.whatwg.org/#writable-stream-abort */
  abort(reason) {
    if (this.#failedAbort !== undefined) return this.#failedAbort;
    if (this.state === kClosed || this.state === kErrored) return PromiseResolve(undefined);
    this.controller.signalAbort(reason);
    if (this.state === kClosed || this.state === kErrored) return PromiseResolve(undefined);
    if (this.#abort !== undefined) return this.#abort.promise;
    const wasErroring = this.state === kErroring;
    this.#abort = new PendingAbort(wasErroring ? undefined : reason, wasErroring);
    const { promise } = this.#abort;
    if (!wasErroring) this.startErroring(reason);
    return promise;
  }

  /** The caller has checked that the stream is not being closed. https://streams.spec.whatwg.org/#writable-stream-close */
  close() {
    if (this.state === kClosed) return PromiseReject(new TypeError(kStreamClosed));
    if (this.state === kErrored) return PromiseReject(this.stored);
    this.#closeRequest = new Deferred();
    const { promise } = this.#closeRequest;
    const writer = this.writer;
    if (writer !== undefined && this.backpressure && this.state === kWritable) writer.ready.resolve();
    this.controller.close();
    return promise;
  }

  addWrite(request) {
    this.#writes.push(request);
  }
  markWriting() {
    this.#writing = this.#writes.shift();
  }
  /** Gives up the writes that have not begun. The first one of all has, even if the sink has not started. */
  dropWrites(reason) {
    const writes = this.#writes;
    if (writes.length === 0) return;
    const { started } = this.controller;
    this.controller.dropChunks(!started || this.#writing !== undefined);
    const first = started ? undefined : writes.shift();
    for (let request = writes.first; request !== undefined; request = request.next) setHandled(request.promise);
    rejectAll(writes.take(), reason);
    if (first !== undefined) writes.push(first);
  }
  markClosing() {
    this.#closing = this.#closeRequest;
    this.#closeRequest = undefined;
  }

  finishWrite() {
    const request = this.#writing;
    this.#writing = undefined;
    request.resolve(undefined);
  }
  failWrite(reason) {
    const request = this.#writing;
    this.#writing = undefined;
    request.reject(reason);
    this.dealWithRejection(reason);
  }
  finishClose() {
    const request = this.#closing;
    this.#closing = undefined;
    request.resolve(undefined);
    if (this.state === kErroring) {
      this.stored = undefined;
      if (this.#abort !== undefined) this.#abort.resolve(undefined);
      this.#abort = undefined;
    }
    this.state = kClosed;
    if (this.writer !== undefined) this.writer.closed.resolve();
  }
  failClose(reason) {
    const request = this.#closing;
    this.#closing = undefined;
    request.reject(reason);
    if (this.#abort !== undefined) this.#abort.reject(reason);
    this.#abort = undefined;
    this.dealWithRejection(reason);
  }

  dealWithRejection(reason) {
    if (this.state === kWritable) this.startErroring(reason);
    else this.finishErroring();
  }

  /** https://streams.spec.whatwg.org/#writable-stream-start-erroring */
  startErroring(reason) {
    this.state = kErroring;
    this.stored = reason;
    if (this.writer !== undefined) this.writer.ready.reject(reason);
    if (!this.operationInFlight && this.controller.started) this.finishErroring();
  }

  /** https://streams.spec.whatwg.org/#writable-stream-finish-erroring */
  finishErroring() {
    this.state = kErrored;
    this.controller.errorSteps();
    const reason = this.stored;
    rejectAll(this.#writes.take(), reason);
    const abort = this.#abort;
    this.#abort = undefined;
    if (abort === undefined) {
      this.#rejectClosed();
      return;
    }
    if (abort.wasErroring) {
      abort.reject(reason);
      this.#rejectClosed();
      return;
    }
    PromisePrototypeThen(
      this.controller.abortSteps(abort.reason),
      () => {
        abort.resolve(undefined);
        this.#rejectClosed();
      },
      (error) => {
        this.#failedAbort = abort.promise;
        abort.reject(error);
        this.#rejectClosed();
      },
    );
  }

  #rejectClosed() {
    if (this.#closeRequest !== undefined) this.#closeRequest.reject(this.stored);
    this.#closeRequest = undefined;
    if (this.writer !== undefined) this.writer.closed.reject(this.stored);
  }

  updateBackpressure(backpressure) {
    const writer = this.writer;
    if (writer !== undefined && backpressure !== this.backpressure) {
      if (backpressure) writer.ready.renew();
      else writer.ready.resolve();
    }
    this.backpressure = backpressure;
  }
}

/** The core of a writer. Making one locks the stream; the caller has checked that it may. */
class Writer {
  /** @type {Writable | undefined} undefined once it is released */
  stream;
  ready;
  closed;
  constructor(stream) {
    this.stream = stream;
    stream.writer = this;
    const { state, stored } = stream;
    if (state === kWritable) {
      this.ready = new LazyPromise(!stream.closeQueuedOrInFlight && stream.backpressure ? kPending : kFulfilled, undefined);
      this.closed = new LazyPromise(kPending, undefined);
    } else if (state === kErroring) {
      this.ready = new LazyPromise(kRejected, stored);
      this.closed = new LazyPromise(kPending, undefined);
    } else {
      const settled = state === kClosed ? kFulfilled : kRejected;
      this.ready = new LazyPromise(settled, stored);
      this.closed = new LazyPromise(settled, stored);
    }
  }

  desiredSize() {
    const stream = this.stream;
    if (stream.state === kErrored || stream.state === kErroring) return null;
    return stream.state === kClosed ? 0 : stream.controller.desiredSize();
  }

  abort(reason) {
    if (this.stream === undefined) return PromiseReject(new TypeError(kWriterReleased));
    return this.stream.abort(reason);
  }

  close() {
    const stream = this.stream;
    if (stream === undefined) return PromiseReject(new TypeError(kWriterReleased));
    if (stream.closeQueuedOrInFlight) {
      // A byte stream's second close() is no error on the reference runtime.
      return stream.convertChunk === undefined ? PromiseReject(new TypeError(kStreamClosed)) : PromiseResolve(undefined);
    }
    return stream.close();
  }

  /** https://streams.spec.whatwg.org/#writable-stream-default-writer-write */
  write(chunk) {
    const stream = this.stream;
    if (stream === undefined) return PromiseReject(new TypeError(kWriterReleased));
    const size = stream.controller.sizeOf(chunk);
    if (stream !== this.stream) return PromiseReject(new TypeError(kWriterReleased));
    if (stream.state === kErrored) return PromiseReject(stream.stored);
    if (stream.closeQueuedOrInFlight || stream.state === kClosed) return PromiseReject(new TypeError(kStreamClosed));
    if (stream.state === kErroring) return PromiseReject(stream.stored);
    const request = new WritePromise();
    this.writeWith(chunk, size, request);
    return request.promise;
  }

  /** Queues a write; `request` is told its outcome by resolve(undefined) or reject(reason). The stream is writable. */
  writeWith(chunk, size, request) {
    this.stream.addWrite(request);
    this.stream.controller.write(chunk, size);
  }

  /** https://streams.spec.whatwg.org/#writable-stream-default-writer-release */
  releaseLock() {
    const stream = this.stream;
    if (stream === undefined) return;
    this.#release(stream, new TypeError(kWriterReleased));
  }

  /** As a script does it: writes that have not begun are given up, as on the reference runtime. */
  releaseWithWrites() {
    const stream = this.stream;
    if (stream === undefined) return;
    const reason = new TypeError(kWriterReleased);
    this.#release(stream, reason);
    stream.dropWrites(reason);
  }

  #release(stream, reason) {
    this.ready.reject(reason);
    this.closed.reject(reason);
    stream.writer = undefined;
    this.stream = undefined;
  }
}

/** What a controller writes into; scripts' sinks and transforms are kinds of it. All methods may throw or give a promise. */
class Sink {
  start() {}
  write(_chunk) {}
  close() {}
  abort(_reason) {}
  /** Told as soon as the stream is aborted, also while a write is under way. */
  aborting(_reason) {}
  /** Told if a write that is under way shall not be waited for. */
  interrupt() {}
}

/** An underlying sink that scripts gave. */
class UserSink extends Sink {
  #object;
  #abort;
  #close;
  #start;
  #write;
  /** The controller as scripts see it. */
  wrapper;
  constructor(object, abort, close, start, write) {
    super();
    this.#object = object;
    this.#abort = abort;
    this.#close = close;
    this.#start = start;
    this.#write = write;
  }
  start() {
    return this.#start === undefined ? undefined : FunctionPrototypeCall(this.#start, this.#object, this.wrapper);
  }
  write(chunk) {
    return this.#write === undefined ? undefined : FunctionPrototypeCall(this.#write, this.#object, chunk, this.wrapper);
  }
  close() {
    return this.#close === undefined ? undefined : FunctionPrototypeCall(this.#close, this.#object);
  }
  abort(reason) {
    return this.#abort === undefined ? undefined : FunctionPrototypeCall(this.#abort, this.#object, reason);
  }
}

/** Reads the callbacks of an UnderlyingSink, in the order of the reference runtime. */
function convertSink(object) {
  const start = callbackMember(object, "start", "UnderlyingSink");
  const write = callbackMember(object, "write", "UnderlyingSink");
  const abort = callbackMember(object, "abort", "UnderlyingSink");
  const close = callbackMember(object, "close", "UnderlyingSink");
  return new UserSink(object, abort, close, start, write);
}

/** https://streams.spec.whatwg.org/#ws-default-controller-class */
class WritableController {
  stream;
  started = false;
  #queue = new ChunkQueue();
  #sink;
  #highWaterMark;
  #size;
  #onWritten;
  #onFailed;
  #signal;
  #aborted = false;
  #abortReason;

  constructor(stream, sink, strategy) {
    this.stream = stream;
    this.#sink = sink;
    this.#highWaterMark = strategy.highWaterMark;
    this.#size = strategy.size;
    stream.controller = this;
  }

  /** Calls the sink's start. An exception from it errors the stream, as on the reference runtime; the standard rethrows it. */
  start() {
    const stream = this.stream;
    stream.updateBackpressure(this.desiredSize() <= 0);
    let result;
    try {
      result = promised(this.#sink.start());
    } catch (error) {
      result = PromiseReject(error);
    }
    PromisePrototypeThen(
      result,
      () => {
        this.started = true;
        this.#advance();
      },
      (error) => {
        this.started = true;
        stream.dealWithRejection(error);
      },
    );
  }

  /** For a sink that is ready at once. */
  startNow() {
    this.started = true;
    this.stream.updateBackpressure(this.desiredSize() <= 0);
  }

  desiredSize() {
    return this.#highWaterMark - this.#queue.total;
  }

  /** Size of a chunk; if the strategy fails, the stream is errored and the size does not matter. */
  sizeOf(chunk) {
    if (this.#size === undefined) return 1;
    try {
      return sizeOf(this.#size, chunk);
    } catch (error) {
      this.errorIfNeeded(error);
      return 1;
    }
  }

  write(chunk, size) {
    this.#queue.push(chunk, size);
    this.#updateBackpressure();
    this.#advance();
  }

  /** Empties the queue but for its first chunk, if it is being written, and the end. */
  dropChunks(writing) {
    const queue = this.#queue;
    const kept = new ChunkQueue();
    if (writing) kept.push(queue.peek(), queue.peekSize());
    if (this.stream.closeQueuedOrInFlight) kept.push(kCloseMark, 0);
    this.#queue = kept;
    this.#updateBackpressure();
  }

  #updateBackpressure() {
    const stream = this.stream;
    if (stream.state === kWritable && !stream.closeQueuedOrInFlight) stream.updateBackpressure(this.desiredSize() <= 0);
  }

  close() {
    this.#queue.push(kCloseMark, 0);
    this.#advance();
  }

  /** https://streams.spec.whatwg.org/#writable-stream-default-controller-advance-queue-if-needed */
  #advance() {
    const stream = this.stream;
    if (!this.started || stream.operationInFlight) return;
    if (stream.state === kErroring) {
      stream.finishErroring();
      return;
    }
    if (this.#queue.length === 0) return;
    const chunk = this.#queue.peek();
    if (chunk === kCloseMark) this.#processClose();
    else this.#processWrite(chunk);
  }

  #processWrite(chunk) {
    this.stream.markWriting();
    if (this.#onWritten === undefined) {
      this.#onWritten = () => this.#written();
      this.#onFailed = (error) => this.#writeFailed(error);
    }
    let result;
    try {
      result = promised(this.#sink.write(chunk));
    } catch (error) {
      result = PromiseReject(error);
    }
    PromisePrototypeThen(result, this.#onWritten, this.#onFailed);
  }

  #written() {
    this.stream.finishWrite();
    this.#queue.shift();
    this.#updateBackpressure();
    this.#advance();
  }

  #writeFailed(error) {
    if (this.stream.state === kWritable) this.#forgetSink();
    this.stream.failWrite(error);
  }

  #processClose() {
    const stream = this.stream;
    stream.markClosing();
    this.#queue.shift();
    let result;
    try {
      result = promised(this.#sink.close());
    } catch (error) {
      result = PromiseReject(error);
    }
    this.#forgetSink();
    PromisePrototypeThen(
      result,
      () => stream.finishClose(),
      (error) => stream.failClose(error),
    );
  }

  /** Nobody waits for the write that is under way any more. */
  interrupt() {
    if (this.#sink !== undefined) this.#sink.interrupt();
  }

  errorIfNeeded(reason) {
    if (this.stream.state === kWritable) this.error(reason);
  }
  /** The stream is writable. */
  error(reason) {
    this.#forgetSink();
    this.stream.startErroring(reason);
  }
  errorSteps() {
    this.#queue.clear();
  }
  abortSteps(reason) {
    const sink = this.#sink;
    this.#forgetSink();
    if (sink === undefined) return kDone;
    try {
      return promised(sink.abort(reason));
    } catch (error) {
      return PromiseReject(error);
    }
  }

  #forgetSink() {
    this.#sink = undefined;
    this.#size = undefined;
  }

  /** The AbortSignal; made when it is first asked for. */
  signal() {
    if (this.#signal === undefined) {
      const abort = require("web/abort").internals;
      this.#signal = abort.createSignal();
      if (this.#aborted) abort.signalAbort(this.#signal, this.#abortReason);
    }
    return this.#signal;
  }
  signalAbort(reason) {
    if (this.#sink !== undefined) this.#sink.aborting(reason);
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    if (this.#signal !== undefined) require("web/abort").internals.signalAbort(this.#signal, reason);
  }
}

module.exports = { Sink, Writable, WritableController, Writer, convertSink, kClosed, kErrored, kErroring, kStreamClosed, kWritable, kWriterReleased };

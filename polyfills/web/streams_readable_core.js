"use strict";
// The core of readable streams: stream, reader, and the controller of streams whose chunks are any values.
// https://streams.spec.whatwg.org/#rs-model

const { FunctionPrototypeCall, PromisePrototypeThen, PromiseReject, PromiseResolve, TypeError } = primordials;
const { Chain, ChunkQueue, LazyPromise, ReadPromise, kDone, kFulfilled, kPending, kRejected, noop, promised } = require("web/streams_queue");
const { callbackMember, sizeOf } = require("web/streams_strategy");

const kReadable = 0;
const kClosed = 1;
const kErrored = 2;

const kReaderReleased = "This ReadableStream reader has been released.";

/** A readable stream's internal slots. Its controller answers reads: pullSteps, pullInto, cancelSteps, releaseSteps. */
class Readable {
  state = kReadable;
  /** The reason of the error, in state kErrored. */
  stored = undefined;
  /** Whether it has been read from or cancelled. */
  disturbed = false;
  /** @type {Reader | undefined} */
  reader = undefined;
  controller = undefined;
  /** Number of bytes it gives in all, or -1. */
  length = -1;

  get bytes() {
    return this.controller.bytes;
  }

  /** Why a script may not release the reader now, or undefined. */
  get releaseError() {
    return undefined;
  }

  /** Number of bytes it will give, or -1. */
  knownLength() {
    return this.disturbed ? -1 : this.length;
  }

  /** Number of bytes that are still to come, or -1: for inspection. */
  remaining() {
    return this.knownLength();
  }

  /** Whether there are chunks that a read would get at once. */
  get waits() {
    return this.controller.queue.length > 0;
  }

  /** The host's handle of a body that nobody has touched, which is thereby used up; or 0. */
  takeHandle() {
    return 0;
  }

  /** The promise of all bytes if there is a quicker way than to read chunk by chunk; the stream is not locked. */
  readAllAtOnce() {
    return undefined;
  }

  /** Number of default reads that wait. */
  get pendingReads() {
    const reader = this.reader;
    return reader === undefined || reader.byob ? 0 : reader.requests.length;
  }

  /** https://streams.spec.whatwg.org/#readable-stream-close */
  close() {
    this.state = kClosed;
    const reader = this.reader;
    if (reader === undefined) return;
    reader.onClose();
    if (reader.byob) return;
    let request = reader.requests.take();
    while (request !== undefined) {
      const next = request.next;
      request.close(undefined);
      request = next;
    }
  }

  /** https://streams.spec.whatwg.org/#readable-stream-error */
  error(reason) {
    this.state = kErrored;
    this.stored = reason;
    const reader = this.reader;
    if (reader === undefined) return;
    reader.onError(reason);
    reader.failRequests(reason);
  }

  /** https://streams.spec.whatwg.org/#readable-stream-cancel */
  cancel(reason) {
    this.disturbed = true;
    if (this.state === kClosed) return PromiseResolve(undefined);
    if (this.state === kErrored) return PromiseReject(this.stored);
    this.close();
    const reader = this.reader;
    if (reader !== undefined && reader.byob) {
      let request = reader.requests.take();
      while (request !== undefined) {
        const next = request.next;
        request.close(this.controller.cancelledView());
        request = next;
      }
    }
    return PromisePrototypeThen(this.controller.cancelSteps(reason), noop);
  }
}

/** The core of both kinds of reader. Making one locks the stream; the caller has checked that it may. */
class Reader {
  /** @type {Readable | undefined} undefined once it is released */
  stream;
  byob;
  requests = new Chain();
  #closed;
  constructor(stream, byob) {
    this.stream = stream;
    this.byob = byob;
    stream.reader = this;
  }

  closed() {
    if (this.#closed === undefined) {
      const stream = this.stream;
      if (stream === undefined) this.#closed = new LazyPromise(kRejected, new TypeError(kReaderReleased));
      else if (stream.state === kReadable) this.#closed = new LazyPromise(kPending, undefined);
      else this.#closed = new LazyPromise(stream.state === kClosed ? kFulfilled : kRejected, stream.stored);
    }
    return this.#closed.get();
  }
  onClose() {
    if (this.#closed !== undefined) this.#closed.resolve();
  }
  onError(reason) {
    if (this.#closed !== undefined) this.#closed.reject(reason);
  }
  failRequests(reason) {
    let request = this.requests.take();
    while (request !== undefined) {
      const next = request.next;
      request.error(reason);
      request = next;
    }
  }

  /** Promise of { value, done }. */
  read(request = new ReadPromise()) {
    if (this.stream === undefined) return PromiseReject(new TypeError(kReaderReleased));
    this.readWith(request);
    return request.promise();
  }

  /** https://streams.spec.whatwg.org/#readable-stream-default-reader-read */
  readWith(request) {
    const stream = this.stream;
    stream.disturbed = true;
    if (stream.state === kReadable) stream.controller.pullSteps(request);
    else if (stream.state === kClosed) request.close(undefined);
    else request.error(stream.stored);
  }

  /** https://streams.spec.whatwg.org/#readable-stream-byob-reader-read; `min` is in elements. */
  readInto(view, min, request) {
    const stream = this.stream;
    stream.disturbed = true;
    if (stream.state === kErrored) request.error(stream.stored);
    else stream.controller.pullInto(view, min, request);
  }

  cancel(reason) {
    if (this.stream === undefined) return PromiseReject(new TypeError(kReaderReleased));
    return this.stream.cancel(reason);
  }

  /** https://streams.spec.whatwg.org/#readable-stream-reader-generic-release */
  releaseLock() {
    const stream = this.stream;
    if (stream === undefined) return;
    const waiting = this.requests.length > 0;
    const reason = waiting || this.#closed !== undefined ? new TypeError(kReaderReleased) : undefined;
    if (this.#closed !== undefined) this.#closed.reject(reason);
    stream.controller.releaseSteps();
    stream.reader = undefined;
    this.stream = undefined;
    if (waiting) this.failRequests(reason);
  }
}

/** An underlying source that scripts gave: its callbacks, called on it as WebIDL says. */
class UserSource {
  #object;
  #pull;
  #cancel;
  #start;
  /** The controller as scripts see it. */
  wrapper;
  constructor(object, cancel, pull, start) {
    this.#object = object;
    this.#cancel = cancel;
    this.#pull = pull;
    this.#start = start;
  }
  get pulls() {
    return this.#pull !== undefined;
  }
  start() {
    return this.#start === undefined ? undefined : FunctionPrototypeCall(this.#start, this.#object, this.wrapper);
  }
  pull() {
    return FunctionPrototypeCall(this.#pull, this.#object, this.wrapper);
  }
  cancel(reason) {
    return this.#cancel === undefined ? undefined : FunctionPrototypeCall(this.#cancel, this.#object, reason);
  }
}

/** What the controllers of default and byte streams share: starting, pulling, and the end of the source. */
class PullController {
  stream;
  queue = new ChunkQueue();
  highWaterMark;
  closeRequested = false;
  #source;
  #started = false;
  #pulling = false;
  #pullAgain = false;
  #onPulled;
  #onFailed;

  /**
   * @param {Readable} stream
   * @param {object} source with `pulls`, start(), pull(controller) and cancel(reason), which may throw or give a promise
   * @param {number} highWaterMark
   */
  constructor(stream, source, highWaterMark) {
    this.stream = stream;
    this.#source = source;
    this.highWaterMark = highWaterMark;
    stream.controller = this;
  }

  /** Calls the source's start. An exception from it errors the stream, as on the reference runtime; the standard rethrows it. */
  start() {
    let result;
    try {
      result = this.#source.start();
    } catch (error) {
      this.error(error);
      return;
    }
    PromisePrototypeThen(promised(result), () => this.started(), (error) => this.error(error));
  }

  started() {
    this.#started = true;
    this.pullIfNeeded();
  }

  /** https://streams.spec.whatwg.org/#readable-stream-default-controller-call-pull-if-needed */
  pullIfNeeded() {
    const source = this.#source;
    if (source === undefined || !source.pulls || !this.#started || !this.shouldPull()) return;
    if (this.#pulling) {
      this.#pullAgain = true;
      return;
    }
    this.#pulling = true;
    if (this.#onPulled === undefined) {
      this.#onPulled = () => this.#pulled();
      this.#onFailed = (error) => this.error(error);
    }
    let result;
    try {
      result = promised(source.pull(this));
    } catch (error) {
      result = PromiseReject(error);
    }
    PromisePrototypeThen(result, this.#onPulled, this.#onFailed);
  }

  #pulled() {
    this.#pulling = false;
    if (!this.#pullAgain) return;
    this.#pullAgain = false;
    this.pullIfNeeded();
  }

  /** Whether the stream wants more. https://streams.spec.whatwg.org/#readable-stream-default-controller-should-call-pull */
  shouldPull() {
    const stream = this.stream;
    if (this.closeRequested || stream.state !== kReadable) return false;
    return this.readerWaits(stream) || this.highWaterMark - this.queue.total > 0;
  }
  readerWaits(stream) {
    return stream.pendingReads > 0;
  }

  canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === kReadable;
  }

  desiredSize() {
    const state = this.stream.state;
    if (state === kErrored) return null;
    return state === kClosed ? 0 : this.highWaterMark - this.queue.total;
  }

  error(reason) {
    if (this.stream.state !== kReadable) return;
    this.queue.clear();
    this.forgetSource();
    this.stream.error(reason);
  }

  forgetSource() {
    this.#source = undefined;
  }

  cancelSteps(reason) {
    this.queue.clear();
    const source = this.#source;
    this.forgetSource();
    // A stream that has an exhausted or failed source is not open any more; only start() can leave one without.
    if (source === undefined) return kDone;
    try {
      return promised(source.cancel(reason));
    } catch (error) {
      return PromiseReject(error);
    }
  }
}

/** The controller of a stream of any values. https://streams.spec.whatwg.org/#rs-default-controller-class */
class DefaultController extends PullController {
  bytes = false;
  #size;
  constructor(stream, source, strategy) {
    super(stream, source, strategy.highWaterMark);
    this.#size = strategy.size;
  }

  pullSteps(request) {
    const queue = this.queue;
    if (queue.length === 0) {
      this.stream.reader.requests.push(request);
      this.pullIfNeeded();
      return;
    }
    const chunk = queue.shift();
    if (this.closeRequested && queue.length === 0) {
      this.forgetSource();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
    request.chunk(chunk);
  }

  releaseSteps() {}

  close() {
    if (!this.canCloseOrEnqueue()) return;
    this.closeRequested = true;
    if (this.queue.length > 0) return;
    this.forgetSource();
    this.stream.close();
  }

  /** Throws what the size function throws, after it has errored the stream. */
  enqueue(chunk) {
    if (!this.canCloseOrEnqueue()) return;
    const stream = this.stream;
    const awaited = stream.pendingReads > 0;
    // As on the reference runtime the size function is asked even if a read waits, for which the standard has no use. A read that waits
    // beside chunks was made by the size function itself.
    const size = this.#size === undefined || (awaited && this.queue.length > 0) ? 1 : this.#measure(chunk);
    if (!awaited) this.queue.push(chunk, size);
    else if (stream.pendingReads > 0) stream.reader.requests.shift().chunk(chunk);
    this.pullIfNeeded();
  }

  /** The size of a chunk; whatever is wrong with it errors the stream. */
  #measure(chunk) {
    try {
      return sizeOf(this.#size, chunk);
    } catch (error) {
      this.error(error);
      throw error;
    }
  }

  forgetSource() {
    super.forgetSource();
    this.#size = undefined;
  }
}

/** Reads the callbacks of an UnderlyingSource, in the order of the reference runtime. */
function convertSource(object) {
  const start = callbackMember(object, "start", "UnderlyingSource");
  const pull = callbackMember(object, "pull", "UnderlyingSource");
  const cancel = callbackMember(object, "cancel", "UnderlyingSource");
  return new UserSource(object, cancel, pull, start);
}

module.exports = { DefaultController, PullController, Readable, Reader, UserSource, convertSource, kClosed, kErrored, kReadable, kReaderReleased };

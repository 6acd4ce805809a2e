"use strict";
// stream.finished(): when is a stream of any kind over? https://nodejs.org/docs/latest-v22.x/api/stream.html#streamfinishedstream-options-callback

const { FunctionPrototypeCall, Promise, ReflectApply, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const kinds = require("node/internal_stream_kinds");
const { nop } = require("node/internal_stream_state");
const { nextTick } = require("node/internal_process");
const { validateAbortSignal, validateBoolean, validateFunction, validateObject } = require("node/internal_validators");

/** A function that calls `callback` the first time only. */
function once(callback) {
  let called = false;
  return function (...args) {
    if (called) return;
    called = true;
    ReflectApply(callback, this, args);
  };
}

function isRequest(stream) {
  return "setHeader" in stream && typeof stream.abort === "function";
}

// Watches one stream. The members that are arrow functions are its listeners.
class Watch {
  #stream;
  #callback;
  // Which sides are waited for, which of them are through.
  #readable;
  #writable;
  #readableDone;
  #writableDone;
  // Whether "close" is certain to come, so that the callback waits for it.
  #closes;
  #closed;

  constructor(stream, options, callback) {
    this.#stream = stream;
    this.#callback = callback;
    const readable = kinds.isReadableNodeStream(stream);
    const writable = kinds.isWritableNodeStream(stream);
    // The exchange of an outgoing message is over when the response is, which its "close" says.
    this.#readable = options.readable ?? (readable || kinds.isOutgoingMessage(stream));
    this.#writable = options.writable ?? writable;
    this.#closes = kinds.willEmitClose(stream) && readable === this.#readable && writable === this.#writable;
    this.#writableDone = kinds.isWritableFinished(stream, false);
    this.#readableDone = kinds.isReadableFinished(stream, false);
    this.#closed = kinds.isClosed(stream);
  }

  #call(...args) {
    ReflectApply(this.#callback, this.#stream, args);
  }

  #onLegacyFinish = () => {
    if (!this.#stream.writable) this.#onFinish();
  };

  #onFinish = () => {
    this.#writableDone = true;
    // One that is destroyed before it has closed does not behave as it said it would.
    if (this.#stream.destroyed) this.#closes = false;
    if (this.#closes && (!this.#stream.readable || this.#readable)) return;
    if (!this.#readable || this.#readableDone) this.#call();
  };

  #onEnd = () => {
    this.#readableDone = true;
    if (this.#stream.destroyed) this.#closes = false;
    if (this.#closes && (!this.#stream.writable || this.#writable)) return;
    if (!this.#writable || this.#writableDone) this.#call();
  };

  #onError = (error) => this.#call(error);

  #onClose = () => {
    const stream = this.#stream;
    this.#closed = true;
    const error = this.#error();
    if (error) {
      this.#call(error);
      return;
    }
    const cut =
      (this.#readable && !this.#readableDone && kinds.isReadableNodeStream(stream, true) && !kinds.isReadableFinished(stream, false)) ||
      (this.#writable && !this.#writableDone && !kinds.isWritableFinished(stream, false));
    if (cut) this.#call(new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
    else this.#call();
  };

  // It was over before it was watched.
  #onOver = () => {
    this.#closed = true;
    const error = this.#error();
    if (error) this.#call(error);
    else this.#call();
  };

  #onRequest = () => {
    this.#stream.req.on("finish", this.#onFinish);
  };

  #error() {
    const error = kinds.writableError(this.#stream) || kinds.readableError(this.#stream);
    return typeof error === "boolean" ? undefined : error;
  }

  listen(withErrors) {
    const stream = this.#stream;
    if (isRequest(stream)) {
      stream.on("complete", this.#onFinish);
      if (!this.#closes) stream.on("abort", this.#onClose);
      if (stream.req) this.#onRequest();
      else stream.on("request", this.#onRequest);
    } else if (this.#writable && !stream._writableState) {
      stream.on("end", this.#onLegacyFinish);
      stream.on("close", this.#onLegacyFinish);
    }
    if (!this.#closes && typeof stream.aborted === "boolean") stream.on("aborted", this.#onClose);
    stream.on("end", this.#onEnd);
    stream.on("finish", this.#onFinish);
    if (withErrors) stream.on("error", this.#onError);
    stream.on("close", this.#onClose);
    this.#checkNow();
  }

  // Calls back soon if no event is to come.
  #checkNow() {
    const stream = this.#stream;
    const { _readableState: r, _writableState: w } = stream;
    if (this.#closed) {
      nextTick(this.#onClose);
    } else if (w?.errorEmitted || r?.errorEmitted) {
      if (!this.#closes) nextTick(this.#onOver);
    } else if (
      (!this.#readable && this.#isWritableOver() && (w?.pendingcb ?? 0) === 0) ||
      (!this.#writable && this.#isReadableOver()) ||
      (r && stream.req && stream.aborted)
    ) {
      nextTick(this.#onOver);
    }
  }

  #isWritableOver() {
    const stream = this.#stream;
    return (!this.#closes || kinds.isReadable(stream)) && (this.#writableDone || kinds.isWritable(stream) === false);
  }

  #isReadableOver() {
    const stream = this.#stream;
    return (!this.#closes || kinds.isWritable(stream)) && (this.#readableDone || kinds.isReadable(stream) === false);
  }

  stop = () => {
    const stream = this.#stream;
    this.#callback = nop;
    stream.removeListener("aborted", this.#onClose);
    stream.removeListener("complete", this.#onFinish);
    stream.removeListener("abort", this.#onClose);
    stream.removeListener("request", this.#onRequest);
    if (stream.req) stream.req.removeListener("finish", this.#onFinish);
    stream.removeListener("end", this.#onLegacyFinish);
    stream.removeListener("close", this.#onLegacyFinish);
    stream.removeListener("finish", this.#onFinish);
    stream.removeListener("end", this.#onEnd);
    stream.removeListener("error", this.#onError);
    stream.removeListener("close", this.#onClose);
  };

  watchSignal(signal) {
    if (this.#closed) return;
    const abort = () => {
      const callback = this.#callback;
      this.stop();
      FunctionPrototypeCall(callback, this.#stream, new (errors().AbortError)(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) {
      nextTick(abort);
      return;
    }
    const listening = require("node/events").addAbortListener(signal, abort);
    const callback = this.#callback;
    this.#callback = once(function (...args) {
      listening[Symbol.dispose]();
      ReflectApply(callback, this, args);
    });
  }
}

/**
 * Calls `callback` when `stream` has ended, finished, failed or closed before its time.
 * @returns {() => void} what stops it from watching
 */
function eos(stream, options, callback) {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  } else if (options === undefined || options === null) {
    options = {};
  } else {
    validateObject(options, "options");
  }
  validateFunction(callback, "callback");
  const { signal } = options;
  if (signal !== undefined) validateAbortSignal(signal, "options.signal");
  if (kinds.isReadableStream(stream) || kinds.isWritableStream(stream)) {
    throw new (streamErrors().ERR_WEB_STREAM_INTEROP_UNSUPPORTED)("finished()");
  }
  if (!kinds.isNodeStream(stream)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("stream", ["ReadableStream", "WritableStream", "Stream"], stream);
  }
  const watch = new Watch(stream, options, once(callback));
  watch.listen(options.error !== false);
  if (signal) watch.watchSignal(signal);
  return watch.stop;
}

/** The same as a promise. */
function finished(stream, opts = {}) {
  let cleanup = false;
  if (opts.cleanup) {
    validateBoolean(opts.cleanup, "cleanup");
    cleanup = opts.cleanup;
  }
  return new Promise((resolve, reject) => {
    const stop = eos(stream, opts, (error) => {
      if (cleanup) stop();
      if (error) reject(error);
      else resolve();
    });
  });
}

eos.finished = finished;

module.exports = { eos, finished, once };

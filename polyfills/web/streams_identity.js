"use strict";
// IdentityTransformStream and FixedLengthStream: a pipe for bytes without a buffer. A write is done when its bytes are read.
// https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/

const { ArrayBufferIsView, Error, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, RangeError, TypeError, TypedArrayPrototypeSlice } = primordials;
const { bytesOf, constructorError, define, isAnyArrayBuffer, isObject, kConstruct, toUnsignedLongLong } = require("core/webidl");
const worker = require("core/worker");
const { Deferred } = require("web/streams_queue");
const { NativeReadable } = require("web/streams_native");
const { Strategy } = require("web/streams_strategy");
const { Sink, Writable, WritableController } = require("web/streams_writable_core");

const kNotBytes = "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.";
const kNotBytesPiped = "This WritableStream only supports writing byte types.";
const kTooMany = "Attempt to write too many bytes through a FixedLengthStream.";
const kTooFew = "FixedLengthStream did not see all expected bytes before close().";

/** A script may use its buffer again after write(), so the bytes are copied then; a pipe hands chunks on as they are. */
function copyChunk(chunk) {
  if (typeof chunk === "string") return ops.op_utf8_encode(chunk);
  if (!ArrayBufferIsView(chunk) && !isAnyArrayBuffer(chunk)) throw new TypeError(kNotBytes);
  return TypedArrayPrototypeSlice(bytesOf(chunk));
}

/** An error that crosses to the other side: anything but an object becomes an Error. */
function asError(reason) {
  return isObject(reason) ? reason : new Error(`${reason}`);
}

/** What a write or a read that waits at a cancel is told. */
function cancelError(reason) {
  return reason === undefined ? new Error("Stream was cancelled.") : asError(reason);
}

/** The readable side. It asks the sink for bytes, or waits for it. */
class IdentityReadable extends NativeReadable {
  /** @type {IdentitySink} */
  #sink;
  /** Whether a read waits for a write. */
  asked = false;
  constructor(sink, length) {
    super();
    this.#sink = sink;
    this.length = length;
  }
  demand() {
    this.asked = true;
    this.#sink.give();
  }
  drained() {
    this.#sink.drained();
  }
  cancelSource(reason) {
    this.#sink.cancelled(cancelError(reason));
  }
  cancelRead(request, fill, reason) {
    request.error(cancelError(reason));
  }
}

/** The writable side's sink. */
class IdentitySink extends Sink {
  readable;
  writable = new Writable();
  /** How many bytes may still come; Infinity if any number. */
  #remaining;
  #chunk;
  /** The write that is not done. */
  #waiting;
  #ended = false;
  constructor(length, strategy) {
    super();
    this.#remaining = length < 0 ? Infinity : length;
    this.readable = new IdentityReadable(this, length);
    this.writable.convertChunk = copyChunk;
    new WritableController(this.writable, this, strategy).startNow();
  }

  write(chunk) {
    const bytes = this.#convert(chunk);
    if (bytes.length === 0) return undefined;
    if (bytes.length > this.#remaining) return this.#failLength(kTooMany);
    this.#remaining -= bytes.length;
    this.#chunk = bytes;
    this.give();
    if (this.#chunk === undefined && this.readable.rest === undefined) return undefined;
    this.#waiting = new Deferred();
    return this.#waiting.promise;
  }

  #convert(chunk) {
    if (ArrayBufferIsView(chunk) || isAnyArrayBuffer(chunk)) return bytesOf(chunk);
    if (typeof chunk === "string") return ops.op_utf8_encode(chunk);
    const error = new TypeError(kNotBytesPiped);
    this.readable.fail(error);
    throw error;
  }

  /** Serves the read that waits, if there is something for it. */
  give() {
    const readable = this.readable;
    if (!readable.asked) return;
    const chunk = this.#chunk;
    if (chunk !== undefined) {
      this.#chunk = undefined;
      readable.asked = false;
      readable.supply(chunk);
      if (readable.rest === undefined) this.drained();
    } else if (this.#ended) {
      readable.asked = false;
      readable.finish();
    }
  }

  /** The reader has got all that was given. */
  drained() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting.resolve(undefined);
  }

  close() {
    if (this.#remaining > 0 && this.#remaining !== Infinity) return this.#failLength(kTooFew);
    this.#ended = true;
    this.give();
    return undefined;
  }

  /** What was written is not of the length that was promised. Who writes hears of it only by a flag, as on the reference runtime. */
  #failLength(text) {
    const typed = worker.state.flags.typescript_implemented_streams;
    const error = typed ? new RangeError(text) : new TypeError(text);
    this.#fail(error);
    if (typed) throw error;
    return undefined;
  }

  aborting(reason) {
    this.#chunk = undefined;
    this.readable.fail(asError(reason));
    this.#rejectWrite(reason);
  }

  interrupt() {
    if (this.#waiting === undefined) return;
    this.#chunk = undefined;
    this.readable.fail(new Error("Network connection lost."));
    this.drained();
  }

  cancelled(error) {
    this.#chunk = undefined;
    this.#rejectWrite(error);
    this.writable.controller.errorIfNeeded(error);
  }

  #rejectWrite(reason) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting.reject(reason);
  }

  #fail(error) {
    this.readable.fail(error);
    this.writable.controller.errorIfNeeded(error);
  }
}

const kUnbuffered = new Strategy(1, () => 0);

function byteLength(chunk) {
  return typeof chunk === "string" ? chunk.length : chunk.byteLength;
}

/** Without a high water mark there is no backpressure but that of write()'s promise. */
function identityStrategy(options, iface, index) {
  if (options === undefined || options === null) return kUnbuffered;
  if (!isObject(options)) throw constructorError(iface, index, "QueuingStrategy");
  const mark = options.highWaterMark;
  return byteStrategy(mark === undefined ? undefined : toUnsignedLongLong(mark));
}

/** The strategy of a mark in bytes; undefined for none. */
function byteStrategy(mark) {
  return mark === undefined ? kUnbuffered : new Strategy(mark, byteLength);
}

/** A mark beyond the number of bytes that may come is that number. */
function capMark(strategy, length) {
  return strategy === kUnbuffered || strategy.highWaterMark <= length ? strategy : byteStrategy(length);
}

/** The two interfaces, which inherit from TransformStream. */
function defineIdentity(TransformStream) {
  class IdentityTransformStream extends TransformStream {
    constructor(strategy = undefined, token = undefined) {
      super(kConstruct, token === kConstruct ? strategy : new IdentitySink(-1, identityStrategy(strategy, "IdentityTransformStream", 1)));
    }
  }
  define(IdentityTransformStream, "IdentityTransformStream");

  class FixedLengthStream extends IdentityTransformStream {
    constructor(expectedLength, strategy = undefined) {
      if (expectedLength === undefined) throw constructorError("FixedLengthStream", 1, "bigint");
      const length = toUnsignedLongLong(expectedLength);
      if (length >= 9007199254740992) throw new TypeError("FixedLengthStream requires an integer expected length less than 2^53.");
      super(new IdentitySink(length, capMark(identityStrategy(strategy, "FixedLengthStream", 2), length)), kConstruct);
    }
  }
  define(FixedLengthStream, "FixedLengthStream");

  /** Under the flag typescript_implemented_streams the sides are properties of IdentityTransformStream itself. */
  const ownSides = () => {
    const sides = ["readable", "writable"];
    for (let i = 0; i < sides.length; i++) ObjectDefineProperty(IdentityTransformStream.prototype, sides[i], ObjectGetOwnPropertyDescriptor(TransformStream.prototype, sides[i]));
  };
  return { FixedLengthStream, IdentityTransformStream, ownSides };
}

module.exports = { defineIdentity, internals: { __proto__: null, IdentitySink, asError, byteStrategy, cancelError, copyChunk, kNotBytesPiped } };

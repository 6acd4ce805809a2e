"use strict";
// ReadableStreamDrainingReader: a reader that takes all chunks that are there at once. It is not part of any standard; the reference
// runtime has it under the flag expose_draining_reader, for tests.

const { ArrayBufferIsView, BigInt, NumberIsNaN, PromiseReject, TypeError } = primordials;
const { bytesOf, constructorError, define, isAnyArrayBuffer, isObject } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { Deferred } = require("web/streams_queue");
const { Reader, kClosed, kReadable } = require("web/streams_readable_core");
const { coreOf, isReadableStream } = require("web/streams_readable").internals;

/** One read: the first chunk, which it waits for, and those that wait behind it. It is the request of its own reads. */
class Draining {
  next;
  done = new Deferred();
  #stream;
  #reader;
  #left;
  #chunks = [];
  #inLoop = false;
  constructor(reader, maxSize) {
    this.#reader = reader;
    this.#stream = reader.stream;
    this.#left = maxSize;
  }

  start() {
    this.#reader.readWith(this);
  }

  chunk(value) {
    this.#chunks[this.#chunks.length] = value;
    this.#left -= sizeOf(this.#stream, value);
    if (this.#inLoop) return;
    this.#inLoop = true;
    while (this.#left > 0 && this.#stream.state === kReadable && this.#stream.waits) this.#reader.readWith(this);
    this.#finish(this.#stream.state === kClosed);
  }
  close() {
    this.#finish(true);
  }
  error(reason) {
    this.done.reject(reason);
  }

  #finish(done) {
    this.done.resolve({ __proto__: null, chunks: this.#chunks, done });
  }
}

/** How much of `maxSize` a chunk uses up: its bytes in a stream of bytes, otherwise 1. */
function sizeOf(stream, chunk) {
  return stream.bytes && (ArrayBufferIsView(chunk) || isAnyArrayBuffer(chunk)) ? bytesOf(chunk).length : 1;
}

function maxSizeOf(options) {
  const value = isObject(options) ? options.maxSize : undefined;
  if (value === undefined) return Infinity;
  const size = +value;
  if (NumberIsNaN(size) || size <= 0) throw new TypeError("options.maxSize must be a positive number");
  return size;
}

class ReadableStreamDrainingReader {
  /** @type {Reader} */
  #core;
  constructor(stream) {
    if (!isReadableStream(stream)) throw constructorError("ReadableStreamDrainingReader", 1, "ReadableStream");
    const core = coreOf(stream);
    if (core.reader !== undefined) throw new TypeError("Cannot get a reader for a stream that is locked");
    this.#core = new Reader(core, false);
  }

  get closed() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.closed();
  }

  /** How many bytes the source has said it will give in all, as a bigint; undefined if it has not. */
  get expectedLength() {
    if (!(#core in this)) throw illegalInvocation();
    const stream = this.#core.stream;
    return stream === undefined || stream.length < 0 ? undefined : BigInt(stream.length);
  }

  cancel(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.cancel(reason);
  }

  /** Promise of { chunks, done }. */
  read(options = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    try {
      if (this.#core.stream === undefined) throw new TypeError("This reader has been released");
      const draining = new Draining(this.#core, maxSizeOf(options));
      draining.start();
      return draining.done.promise;
    } catch (error) {
      return PromiseReject(error);
    }
  }

  releaseLock() {
    if (!(#core in this)) throw illegalInvocation();
    this.#core.releaseLock();
  }
}
define(ReadableStreamDrainingReader, "ReadableStreamDrainingReader");

module.exports = { ReadableStreamDrainingReader };

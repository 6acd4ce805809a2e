"use strict";
// Readable streams that are not driven by a script: over a body of the host, over bytes we have, behind an identity transform.
// Each is its own controller, so that a stream that nobody touches is one small object. As on the reference runtime they take
// one read at a time, and a read that waits keeps its reader's lock.

const { ArrayBuffer, ArrayBufferPrototypeGetByteLength, Error, MathMin, MathTrunc, PromisePrototypeThen, PromiseReject, PromiseResolve, TypeError, TypedArrayPrototypeSet, TypedArrayPrototypeSlice, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const { Readable, kClosed, kReadable } = require("web/streams_readable_core");
const { ViewParts, isDetached, transfer } = require("web/streams_readable_byte");
const { current } = require("core/context");
const { asyncIn, send } = require("core/ops");
const { kDone } = require("web/streams_queue");

const kOneRead = "This ReadableStream only supports a single pending read request at a time.";
const kReadWaits = "Cannot call releaseLock() on a reader with outstanding read promises.";

// What a read asks the host for at most.
const kChunkSize = 65536;

/** The buffer of a BYOB read that is being filled. */
class Fill {
  buffer;
  byteOffset;
  byteLength;
  filled = 0;
  /** Number of bytes that are enough. */
  min;
  elementSize;
  Constructor;
  /** @param {boolean} borrowed whether the buffer stays with the script, which may resize or detach it meanwhile */
  constructor(view, min, borrowed) {
    const parts = new ViewParts(view);
    this.byteOffset = parts.byteOffset;
    this.byteLength = parts.byteLength;
    this.elementSize = parts.elementSize;
    this.Constructor = parts.Constructor;
    this.min = min * parts.elementSize;
    this.buffer = borrowed ? parts.buffer : transfer(parts.buffer);
  }
  /** Adds bytes, of which those get lost that the buffer has no room for any more. */
  add(bytes) {
    const at = this.byteOffset + this.filled;
    const room = ArrayBufferPrototypeGetByteLength(this.buffer) - at;
    this.filled += bytes.length;
    if (room <= 0) return;
    const fitting = bytes.length <= room ? bytes : TypedArrayPrototypeSubarray(bytes, 0, room);
    TypedArrayPrototypeSet(new Uint8Array(this.buffer, at, fitting.length), fitting);
  }
  view() {
    const end = ArrayBufferPrototypeGetByteLength(this.buffer);
    if (isDetached(this.buffer)) return new this.Constructor(new ArrayBuffer(0));
    if (this.byteOffset > end) return new this.Constructor(this.buffer, 0, 0);
    const length = MathMin(this.filled, end - this.byteOffset);
    return new this.Constructor(this.buffer, this.byteOffset, MathTrunc(length / this.elementSize));
  }
  /** What was filled in, as bytes. */
  bytes() {
    const parts = new ViewParts(this.view());
    return new Uint8Array(parts.buffer, parts.byteOffset, parts.byteLength);
  }
}

/**
 * Subclasses implement demand(max): call, now or later, exactly one of supply(bytes), finish() and fail(error).
 * cancelSource(reason) ends the source.
 */
class NativeReadable extends Readable {
  controller = this;
  /** Bytes that came but were not asked for. @type {Uint8Array | undefined} */
  rest = undefined;
  /** The read that waits. */
  #request;
  /** Its buffer, if it is a BYOB read. @type {Fill | undefined} */
  #fill;
  #demanding = false;

  get bytes() {
    return true;
  }
  remaining() {
    return this.state === kClosed ? 0 : this.knownLength();
  }
  get waits() {
    return this.rest !== undefined;
  }
  get pendingReads() {
    return this.#request === undefined ? 0 : 1;
  }
  /** Whether a reader may not be released now. */
  get releaseError() {
    return this.#request === undefined ? undefined : new TypeError(kReadWaits);
  }
  pullSteps(request) {
    if (this.#request !== undefined) {
      request.error(new TypeError(kOneRead));
      return;
    }
    const rest = this.rest;
    if (rest !== undefined) {
      this.rest = undefined;
      this.drained();
      request.chunk(rest);
      return;
    }
    this.#request = request;
    this.#demand(kChunkSize);
  }

  pullInto(view, min, request) {
    if (this.#request !== undefined) {
      request.error(new TypeError(kOneRead));
      return;
    }
    let fill;
    try {
      fill = new Fill(view, min, request.borrows === true);
    } catch (error) {
      request.error(error);
      return;
    }
    if (this.state === kClosed) {
      request.close(fill.view());
      return;
    }
    this.#request = request;
    this.#fill = fill;
    const rest = this.rest;
    this.rest = undefined;
    if (rest === undefined) this.#demand(fill.byteLength);
    else this.#fillFrom(rest);
  }

  #demand(max) {
    if (this.#demanding) return;
    this.#demanding = true;
    this.demand(max);
  }

  /** The source's next bytes, at least one. */
  supply(bytes) {
    this.#demanding = false;
    if (this.state !== kReadable) return;
    const request = this.#request;
    if (request === undefined) {
      this.rest = bytes;
    } else if (this.#fill !== undefined) {
      this.#fillFrom(bytes);
    } else {
      this.#request = undefined;
      request.chunk(bytes);
    }
  }

  #fillFrom(bytes) {
    const fill = this.#fill;
    const total = fill.filled + MathMin(bytes.length, fill.byteLength - fill.filled);
    const aligned = total - (total % fill.elementSize);
    const enough = aligned >= fill.min;
    const n = (enough ? aligned : total) - fill.filled;
    const taken = n === bytes.length ? bytes : TypedArrayPrototypeSubarray(bytes, 0, n);
    fill.add(taken);
    if (n < bytes.length) this.rest = TypedArrayPrototypeSubarray(bytes, n);
    else this.drained();
    if (!enough) {
      this.#demand(fill.byteLength - fill.filled);
      return;
    }
    const request = this.#request;
    this.#request = undefined;
    this.#fill = undefined;
    request.chunk(fill.view());
  }

  /** The source is at its end. */
  finish() {
    this.#demanding = false;
    if (this.state !== kReadable) return;
    const request = this.#request;
    const fill = this.#fill;
    this.#request = undefined;
    this.#fill = undefined;
    if (fill !== undefined && fill.filled % fill.elementSize !== 0) {
      const error = new TypeError("This ReadableStream was closed with a partial read pending.");
      this.error(error);
      request.error(error);
      return;
    }
    this.close();
    if (request === undefined) return;
    if (fill === undefined) request.close(undefined);
    else if (fill.filled === 0) request.close(fill.view());
    else request.chunk(fill.view());
  }

  /** The source has failed. */
  fail(reason) {
    this.#demanding = false;
    if (this.state !== kReadable) return;
    const request = this.#request;
    this.#request = undefined;
    this.#fill = undefined;
    this.rest = undefined;
    this.error(reason);
    if (request !== undefined) request.error(reason);
  }

  cancelSteps(reason) {
    this.rest = undefined;
    const request = this.#request;
    const fill = this.#fill;
    this.#request = undefined;
    this.#fill = undefined;
    this.cancelSource(reason);
    if (request !== undefined) this.cancelRead(request, fill, reason);
    return kDone;
  }

  /** All that was supplied has been read; for a source that cares. */
  drained() {}

  /** What a read that waits gets if the stream is cancelled. */
  cancelRead(request, fill) {
    request.close(fill === undefined ? undefined : fill.view());
  }

  /** Our own readers (a pipe, a tee) may be released while they wait: their read is forgotten, its bytes are kept. */
  releaseSteps() {
    const request = this.#request;
    const fill = this.#fill;
    this.#request = undefined;
    this.#fill = undefined;
    if (fill !== undefined && fill.filled > 0) this.rest = fill.bytes();
    if (request !== undefined) request.error(new TypeError("This ReadableStream reader has been released."));
  }
}

function otherRequest() {
  return require("cloudflare/service_stub").crossRequest("ReadableStreamSource>");
}

// Stands for a reader where the host reads: the stream is locked for ever.
const kTaken = { __proto__: null, byob: false };

/** A body of the host. Its handle belongs to the request context in which it came. */
class HostReadable extends NativeReadable {
  #rid;
  #context;
  #failure;
  #onRead;
  #onFailed;
  /**
   * @param {number} rid handle of the body
   * @param {number} length in bytes, -1 if unknown
   * @param {object} [context] whose body it is; the one in force if left out
   * @param {string} [failure] the text of the error in the place of any that the body has
   */
  constructor(rid, length, context = current(), failure = undefined) {
    super();
    this.#rid = rid;
    this.length = length;
    this.#context = context;
    this.#failure = failure;
  }

  takeHandle() {
    if (this.disturbed || this.reader !== undefined || this.state !== kReadable) return 0;
    this.disturbed = true;
    this.state = kClosed;
    this.reader = kTaken;
    return this.#rid;
  }

  demand(max) {
    if (this.#onRead === undefined) {
      this.#onRead = (bytes) => (bytes === null ? this.finish() : this.supply(bytes));
      this.#onFailed = (error) => this.fail(this.#failure === undefined ? error : new Error(this.#failure));
    }
    const ctx = this.#context;
    if (current() !== ctx) {
      this.fail(otherRequest());
      return;
    }
    PromisePrototypeThen(asyncIn(ctx, ops.op_body_read, this.#rid, max), this.#onRead, this.#onFailed);
  }

  cancelSource(reason) {
    let bytes = null;
    if (this.#failure !== undefined) {
      try {
        bytes = require("cloudflare/rpc_streams").writeReason(reason);
      } catch {
        // A reason that cannot be sent: the source gets the platform's.
      }
    }
    send(ops.op_body_cancel, this.#rid, bytes);
  }

  readAllAtOnce() {
    if (this.#failure !== undefined) return undefined;
    if (this.rest !== undefined || this.state !== kReadable) return undefined;
    if (current() !== this.#context) return PromiseReject(otherRequest());
    this.disturbed = true;
    this.state = kClosed;
    this.reader = kTaken;
    return asyncIn(this.#context, ops.op_body_read_all, this.#rid);
  }
}

/** Bytes that are there already, given in one chunk. */
class BytesReadable extends NativeReadable {
  #bytes;
  #shared;
  #origin;
  /**
   * @param {boolean} shared whether others hold the bytes, so that the chunk must be a copy
   * @param {object} [origin] the only context that may read them
   */
  constructor(bytes, shared, origin) {
    super();
    this.#origin = origin;
    this.#bytes = bytes;
    this.length = bytes.length;
    this.#shared = shared;
  }
  demand() {
    if (this.#origin !== undefined && this.#origin !== current()) {
      this.fail(otherRequest());
      return;
    }
    const bytes = this.#take();
    if (bytes.length === 0) this.finish();
    else this.supply(bytes);
  }
  #take() {
    const bytes = this.#bytes;
    this.#bytes = kNoBytes;
    return this.#shared && bytes.length > 0 ? TypedArrayPrototypeSlice(bytes) : bytes;
  }
  cancelSource() {
    this.#bytes = kNoBytes;
  }
  readAllAtOnce() {
    if (this.#origin !== undefined && this.#origin !== current()) return PromiseReject(otherRequest());
    if (this.rest !== undefined || this.state !== kReadable) return undefined;
    this.disturbed = true;
    this.state = kClosed;
    this.reader = kTaken;
    return PromiseResolve(new (require("web/streams_collect").Whole)(this.#take()));
  }
  /** Two streams of the same bytes; this one must not have been read from. */
  split() {
    const bytes = this.#bytes;
    this.#bytes = kNoBytes;
    return [new BytesReadable(bytes, true), new BytesReadable(bytes, true)];
  }
  get untouched() {
    return !this.disturbed && this.reader === undefined && this.state === kReadable;
  }
}

const kNoBytes = new Uint8Array(0);

module.exports = { BytesReadable, HostReadable, NativeReadable };

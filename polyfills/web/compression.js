"use strict";
// CompressionStream and DecompressionStream. https://compression.spec.whatwg.org/
//
// As on the reference runtime they are byte streams whose writes do not wait for reads. Output is made in pieces, and once a good
// deal of it waits to be read, writes do wait: a small file that unfolds to a huge one takes no more memory than that.

const { ArrayBufferIsView, MathMin, TypeError, TypedArrayPrototypeSet, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const { current } = require("core/context");
const { bytesOf, constructorError, define, isAnyArrayBuffer, kConstruct, toDOMString } = require("core/webidl");
const { state } = require("core/worker");
const { NativeReadable } = require("web/streams_native");
const { ChunkQueue, Deferred } = require("web/streams_queue");
const { TransformStream } = require("web/streams_transform");
const { asError, byteStrategy, cancelError, copyChunk, kNotBytesPiped } = require("web/streams_identity").internals;
const { Sink, Writable, WritableController } = require("web/streams_writable_core");

const kFailed = "Decompression failed.";
const kIncomplete = "Called close() on a decompression stream with incomplete data";
const kTrailing = "Trailing bytes after end of compressed data";

// Flush arguments of op_codec_step.
const kNoFlush = 0;
const kFinish = 2;

// How much input one step gets, and how much output may wait before writes do.
const kInput = 65536;
const kMaxWaiting = 16777216;

// Quality 5 and a window of 4 MiB, see loader/codec.go.
const kBrotli = 5 | (22 << 8);

const kNoBytes = new Uint8Array(0);

/** The readable side: a queue. */
class CodecReadable extends NativeReadable {
  /** @type {CodecSink} */
  #sink;
  #queue = new ChunkQueue();
  #asked = false;
  #ended = false;
  constructor(sink) {
    super();
    this.#sink = sink;
  }
  /** Number of bytes that wait to be read. */
  get waiting() {
    return this.#queue.total;
  }
  demand(max) {
    if (this.#queue.length > 0) {
      this.supply(this.#take(max));
      if (this.#queue.total < kMaxWaiting) this.#sink.goOn();
    } else if (this.#ended) {
      this.finish();
    } else {
      this.#asked = true;
    }
  }
  /** The next chunk, or several small ones together. */
  #take(max) {
    const queue = this.#queue;
    const first = queue.shift();
    if (queue.length === 0 || first.length + queue.peek().length > max) return first;
    const all = new Uint8Array(MathMin(max, first.length + queue.total));
    TypedArrayPrototypeSet(all, first);
    let at = first.length;
    while (queue.length > 0 && at + queue.peek().length <= max) {
      const next = queue.shift();
      TypedArrayPrototypeSet(all, next, at);
      at += next.length;
    }
    return at === all.length ? all : TypedArrayPrototypeSubarray(all, 0, at);
  }
  give(bytes) {
    if (this.#asked) {
      this.#asked = false;
      this.supply(bytes);
    } else {
      this.#queue.push(bytes, bytes.length);
    }
  }
  end() {
    this.#ended = true;
    if (!this.#asked) return;
    this.#asked = false;
    this.finish();
  }
  fail(reason) {
    this.#queue.clear();
    super.fail(reason);
  }
  cancelSource(reason) {
    this.#queue.clear();
    this.#sink.cancelled(cancelError(reason));
  }
  cancelRead(request, fill, reason) {
    request.error(cancelError(reason));
  }
}

/** The writable side's sink. */
class CodecSink extends Sink {
  readable = new CodecReadable(this);
  writable = new Writable();
  #format;
  #decode;
  /** The codec's number once it is open, 0 before; what has ended needs none. */
  #codec = 0;
  #ended = false;
  /** The write that waits for a reader. */
  #waiting;
  constructor(format, decode) {
    super();
    this.#format = format;
    this.#decode = decode;
    this.writable.convertChunk = copyChunk;
    new WritableController(this.writable, this, byteStrategy(undefined)).startNow();
  }

  write(chunk) {
    return this.#run(this.#convert(chunk), kNoFlush);
  }

  #convert(chunk) {
    if (ArrayBufferIsView(chunk) || isAnyArrayBuffer(chunk)) return bytesOf(chunk);
    if (typeof chunk === "string") return ops.op_utf8_encode(chunk);
    throw this.#failed(new TypeError(kNotBytesPiped));
  }

  close() {
    return this.#run(kNoBytes, kFinish);
  }

  /** Passes bytes through the codec, all at once or with pauses in which the reader catches up. */
  #run(bytes, flush) {
    let at = 0;
    while (!this.#step(bytes, at, flush)) {
      at += this.#read;
      if (this.readable.waiting >= kMaxWaiting) return this.#runSlowly(bytes, at, flush);
    }
    return undefined;
  }

  async #runSlowly(bytes, from, flush) {
    let at = from;
    do {
      if (this.readable.waiting >= kMaxWaiting) {
        this.#waiting = new Deferred();
        await this.#waiting.promise;
        this.#waiting = undefined;
      }
      const done = this.#step(bytes, at, flush);
      at += this.#read;
      if (done) return;
    } while (true);
  }

  // How much of its input the last step has taken.
  #read = 0;

  /** One step; says whether it was the last one. */
  #step(bytes, at, flush) {
    this.#read = 0;
    if (this.#ended) return this.#afterEnd(bytes.length - at, flush);
    const end = MathMin(bytes.length, at + kInput);
    let result;
    try {
      if (this.#codec === 0) this.#codec = ops.op_codec_open(current()?.id ?? 0, this.#format, this.#decode, this.#format === "brotli" ? kBrotli : -1, null);
      result = ops.op_codec_step(this.#codec, TypedArrayPrototypeSubarray(bytes, at, end), end === bytes.length ? flush : kNoFlush);
    } catch (error) {
      throw this.#failed(this.#decode && this.#codec !== 0 ? new TypeError(kFailed) : error);
    }
    const output = result[0];
    this.#read = result[1];
    if (output.length > 0) this.readable.give(output);
    if (result[2]) {
      this.#ended = true;
      this.#release();
      return this.#afterEnd(bytes.length - at - this.#read, flush);
    }
    if (at + this.#read < bytes.length || output.length === kInput) return false;
    if (flush !== kFinish) return true;
    // Only compressed data can end too early.
    if (state.flags.strict_compression_checks) throw this.#failed(new TypeError(kIncomplete));
    this.#release();
    this.readable.end();
    return true;
  }

  #afterEnd(left, flush) {
    if (left > 0 && state.flags.strict_compression_checks) throw this.#failed(new TypeError(kTrailing));
    if (flush === kFinish) this.readable.end();
    return true;
  }

  /** The reader has taken something. */
  goOn() {
    const waiting = this.#waiting;
    if (waiting !== undefined) waiting.resolve(undefined);
  }

  aborting(reason) {
    this.#release();
    this.readable.fail(asError(reason));
    if (this.#waiting !== undefined) this.#waiting.reject(reason);
  }

  cancelled(error) {
    this.#release();
    this.writable.controller.errorIfNeeded(error);
    if (this.#waiting !== undefined) this.#waiting.reject(error);
  }

  #failed(error) {
    this.#release();
    this.readable.fail(error);
    this.writable.controller.errorIfNeeded(error);
    return error;
  }

  #release() {
    this.#ended = true;
    const codec = this.#codec;
    this.#codec = 0;
    if (codec !== 0) ops.op_codec_close(codec);
  }
}

/** The sink of a stream of that interface, for the constructor's argument. */
function makeSink(args, iface, decode) {
  if (args.length === 0) throw constructorError(iface, 1, "string");
  const format = toDOMString(args[0]);
  // The reference runtime has no brotli here, which the standard has since.
  if (format !== "gzip" && format !== "deflate" && format !== "deflate-raw" && format !== "brotli") {
    throw new TypeError("The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.");
  }
  return new CodecSink(format, decode);
}

class CompressionStream extends TransformStream {
  constructor(...args) {
    super(kConstruct, makeSink(args, "CompressionStream", false));
  }
}
define(CompressionStream, "CompressionStream");

class DecompressionStream extends TransformStream {
  constructor(...args) {
    super(kConstruct, makeSink(args, "DecompressionStream", true));
  }
}
define(DecompressionStream, "DecompressionStream");

module.exports = { CompressionStream, DecompressionStream };

"use strict";
// Between streams of Node and those of the Web. https://nodejs.org/docs/latest-v22.x/api/stream.html#streamreadablefromwebreadablestream-options
// The functions of Web streams are called as a script would call them: the stream may be an object of the program.

const { Array, FunctionPrototypeSymbolHasInstance, Promise, PromisePrototypeThen, PromiseResolve, TypeError, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { Buffer } = require("node/internal_buffer");
const { nextTick } = require("node/internal_process");
const { eos } = require("node/internal_stream_finished");
const kinds = require("node/internal_stream_kinds");
const { nop } = require("node/internal_stream_state");
const { validateBoolean, validateObject } = require("node/internal_validators");
const { ReadableStream } = require("web/streams_readable");
const { WritableStream } = require("web/streams_writable");
const { ByteLengthQueuingStrategy, CountQueuingStrategy } = require("web/streams_strategy");

function rethrow(error) {
  throw error;
}

// Calls a callback of a stream from a promise's reaction: what it throws must not become a rejection.
function callBack(callback, error, onThrow) {
  try {
    callback(error);
  } catch (thrown) {
    nextTick(onThrow, thrown);
  }
}

// The error for the Web side.
function toWebError(error) {
  const code = error?.code;
  if (code === "ERR_STREAM_PREMATURE_CLOSE") return new (errors().AbortError)(undefined, { cause: error });
  // Failures of zlib are TypeErrors there, as with a DecompressionStream.
  if (typeof code === "string" && kZlibFailures[code] === true) {
    const failure = new TypeError(undefined, { cause: error });
    failure.code = code;
    return failure;
  }
  return error;
}

const kZlibFailures = {
  __proto__: null,
  Z_ERRNO: true,
  Z_STREAM_ERROR: true,
  Z_DATA_ERROR: true,
  Z_MEM_ERROR: true,
  Z_BUF_ERROR: true,
  Z_VERSION_ERROR: true,
  Z_NEED_DICT: true,
};

// Readable.

/** A ReadableStream over a Readable; with `bytes` a byte stream. */
function readableToWeb(streamReadable, options = {}, bytes = false) {
  if (typeof streamReadable?._readableState !== "object") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("streamReadable", "stream.Readable", streamReadable);
  }
  if (kinds.isDestroyed(streamReadable) || !kinds.isReadable(streamReadable)) {
    const closed = new ReadableStream();
    closed.cancel();
    return closed;
  }
  const objectMode = streamReadable.readableObjectMode;
  const highWaterMark = streamReadable.readableHighWaterMark;
  const Strategy = objectMode ? CountQueuingStrategy : ByteLengthQueuingStrategy;
  const strategy = options?.strategy || new Strategy({ highWaterMark });
  let controller;
  let cancelled = false;
  streamReadable.pause();
  const stop = eos(streamReadable, (error) => {
    stop();
    // Streams of old style may emit another one.
    streamReadable.on("error", nop);
    if (error) controller.error(toWebError(error));
    else if (!cancelled) controller.close();
  });
  streamReadable.on("data", (chunk) => {
    // A copy, as the bytes may be part of a pool.
    if (!objectMode && FunctionPrototypeSymbolHasInstance(Buffer, chunk)) chunk = new Uint8Array(chunk);
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) streamReadable.pause();
  });
  const source = {
    start(given) {
      controller = given;
    },
    pull() {
      streamReadable.resume();
    },
    cancel(reason) {
      cancelled = true;
      streamReadable.destroy(reason);
    },
  };
  if (bytes) source.type = "bytes";
  return new ReadableStream(source, strategy);
}

/** Reads the reader for a Node stream. */
function readInto(reader, stream) {
  PromisePrototypeThen(
    PromiseResolve(reader.read()),
    ({ done, value }) => {
      stream.push(done ? null : value);
    },
    (error) => stream.destroy(error),
  );
}

/** A Readable over a ReadableStream. */
function readableFromWeb(readableStream, options = {}) {
  if (!kinds.isReadableStream(readableStream)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("readableStream", "ReadableStream", readableStream);
  }
  validateObject(options, "options");
  const { highWaterMark, encoding, objectMode = false, signal } = options;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) throw new (errors().ERR_INVALID_ARG_VALUE)("options.encoding", encoding);
  validateBoolean(objectMode, "options.objectMode");
  const { Readable } = require("node/internal_stream_readable");
  const reader = readableStream.getReader();
  let closed = false;
  const readable = new Readable({
    objectMode,
    highWaterMark,
    encoding,
    signal,
    read() {
      readInto(reader, readable);
    },
    destroy(error, callback) {
      const done = () => callBack(callback, error, rethrow);
      if (closed) done();
      else PromisePrototypeThen(PromiseResolve(reader.cancel(error)), done, done);
    },
  });
  PromisePrototypeThen(
    PromiseResolve(reader.closed),
    () => {
      closed = true;
    },
    (error) => {
      closed = true;
      readable.destroy(error);
    },
  );
  return readable;
}

// Writable.

// One promise that the program waits for, with its functions.
function deferred() {
  const result = { promise: undefined, resolve: undefined, reject: undefined };
  result.promise = new Promise((resolve, reject) => {
    result.resolve = resolve;
    result.reject = reject;
  });
  return result;
}

// The sink over a Writable.
class WritableSink {
  #stream;
  #controller;
  #drain;
  #closing;

  constructor(stream) {
    this.#stream = stream;
    const stop = eos(stream, (error) => {
      stop();
      // Streams of old style may emit another one.
      stream.on("error", nop);
      this.#onOver(toWebError(error));
    });
    stream.on("drain", () => this.#drain?.resolve());
  }

  #onOver(error) {
    const closing = this.#closing;
    this.#closing = undefined;
    if (error !== undefined && error !== null) {
      this.#drain?.reject(error);
      closing?.reject(error);
      this.#controller.error(error);
    } else if (closing !== undefined) {
      closing.resolve();
    } else {
      this.#controller.error(new (errors().AbortError)());
    }
  }

  underlying() {
    return {
      start: (controller) => {
        this.#controller = controller;
      },
      write: (chunk) => this.#write(chunk),
      abort: (reason) => {
        this.#stream.destroy(reason);
      },
      close: () => this.#close(),
    };
  }

  #write(chunk) {
    if (!this.#stream.writableNeedDrain && this.#stream.write(chunk)) return undefined;
    const drain = deferred();
    this.#drain = drain;
    const over = () => {
      this.#drain = undefined;
    };
    return PromisePrototypeThen(drain.promise, over, (error) => {
      over();
      throw error;
    });
  }

  #close() {
    if (this.#closing !== undefined || kinds.isWritableEnded(this.#stream)) return undefined;
    this.#closing = deferred();
    this.#stream.end();
    return this.#closing.promise;
  }
}

/** A WritableStream over a Writable. */
function writableToWeb(streamWritable) {
  if (typeof streamWritable?.write !== "function" || typeof streamWritable.on !== "function") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("streamWritable", "stream.Writable", streamWritable);
  }
  if (kinds.isDestroyed(streamWritable) || !kinds.isWritable(streamWritable)) {
    const closed = new WritableStream();
    closed.close();
    return closed;
  }
  const highWaterMark = streamWritable.writableHighWaterMark;
  const strategy = streamWritable.writableObjectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark };
  return new WritableStream(new WritableSink(streamWritable).underlying(), strategy);
}

// The bytes of text for a Web stream that was not asked to take text.
function encode(chunk, encoding) {
  return TypedArrayPrototypeSlice(new Uint8Array(Buffer.from(chunk, encoding)));
}

/** Resolves when all of the promises have, rejects when one does. */
function allOf(promises) {
  return new Promise((resolve, reject) => {
    let left = promises.length;
    const one = () => {
      if (--left === 0) resolve();
    };
    for (let i = 0; i < promises.length; i++) PromisePrototypeThen(PromiseResolve(promises[i]), one, reject);
  });
}

/** What a Node stream does to a writer: its options `write`, `writev` and `final`. `isClosed` says whether the writer is. */
function writerMethods(writer, decodes, self, isClosed) {
  const fail = (error) => self().destroy(error);
  const onReady = (write, callback) => {
    const failed = (error) => callBack(callback, error, fail);
    const done = () => callBack(callback, undefined, fail);
    PromisePrototypeThen(PromiseResolve(writer.ready), () => PromisePrototypeThen(PromiseResolve(write()), done, failed), failed);
  };
  return {
    __proto__: null,
    writev(chunks, callback) {
      onReady(() => {
        const all = new Array(chunks.length);
        for (let i = 0; i < chunks.length; i++) all[i] = writer.write(chunks[i].chunk);
        return allOf(all);
      }, callback);
    },
    write(chunk, encoding, callback) {
      if (typeof chunk === "string" && decodes) chunk = encode(chunk, encoding);
      onReady(() => writer.write(chunk), callback);
    },
    final(callback) {
      if (isClosed()) return;
      const failed = (error) => callBack(callback, error, fail);
      PromisePrototypeThen(PromiseResolve(writer.close()), () => callBack(callback, undefined, fail), failed);
    },
  };
}

/** A Writable over a WritableStream. */
function writableFromWeb(writableStream, options = {}) {
  if (!kinds.isWritableStream(writableStream)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("writableStream", "WritableStream", writableStream);
  }
  validateObject(options, "options");
  const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
  validateBoolean(objectMode, "options.objectMode");
  validateBoolean(decodeStrings, "options.decodeStrings");
  const { Writable } = require("node/internal_stream_writable");
  const writer = writableStream.getWriter();
  let closed = false;
  const methods = writerMethods(writer, decodeStrings && !objectMode, () => writable, () => closed);
  const writable = new Writable({
    highWaterMark,
    objectMode,
    decodeStrings,
    signal,
    writev: methods.writev,
    write: methods.write,
    final: methods.final,
    destroy(error, callback) {
      const done = () => callBack(callback, error, rethrow);
      if (closed) done();
      else PromisePrototypeThen(PromiseResolve(error !== undefined && error !== null ? writer.abort(error) : writer.close()), done, done);
    },
  });
  PromisePrototypeThen(
    PromiseResolve(writer.closed),
    () => {
      closed = true;
      if (!kinds.isWritableEnded(writable)) writable.destroy(new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
    },
    (error) => {
      closed = true;
      writable.destroy(error);
    },
  );
  return writable;
}

module.exports = { allOf, callBack, readInto, readableFromWeb, readableToWeb, rethrow, writableFromWeb, writableToWeb, writerMethods };

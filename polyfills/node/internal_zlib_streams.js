"use strict";
// The stream classes of node:zlib. https://nodejs.org/docs/latest-v22.x/api/zlib.html#class-zlibzlibbase

const {
  ArrayBufferIsView,
  ArrayPrototypePush,
  Error,
  Int32Array,
  NumberIsFinite,
  NumberIsNaN,
  ObjectKeys,
  Symbol,
  TypedArrayPrototypeFill,
  TypedArrayPrototypeSubarray,
  Uint32Array,
} = primordials;
const { Buffer, kMaxLength } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, defineError } = require("node/internal_errors");
const { bytesOf } = require("node/internal_crypto_util");
const { validateNumber } = require("node/internal_validators");
const { isAnyArrayBuffer } = require("core/webidl");
const { queueMicrotask } = require("web/timers");
const { constants } = require("node/internal_zlib_constants");
const handles = require("node/internal_zlib_handle");
const { Transform } = require("node/internal_crypto_streams");
const { RangeError } = primordials;

const ERR_BUFFER_TOO_LARGE = defineError("ERR_BUFFER_TOO_LARGE", RangeError, (size) => `Cannot create a Buffer larger than ${size} bytes`);
const ERR_BROTLI_INVALID_PARAM = defineError("ERR_BROTLI_INVALID_PARAM", RangeError, (key) => `${key} is not a valid Brotli parameter`);
const ERR_ZLIB_INITIALIZATION_FAILED = defineError("ERR_ZLIB_INITIALIZATION_FAILED", Error, () => "Initialization failed");
const ERR_ZSTD_INVALID_PARAM = defineError("ERR_ZSTD_INVALID_PARAM", RangeError, (key) => `${key} is not a valid Zstd parameter`);

const {
  Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_BLOCK,
  DEFLATE, INFLATE, GZIP, GUNZIP, DEFLATERAW, INFLATERAW, UNZIP, BROTLI_DECODE, BROTLI_ENCODE, ZSTD_ENCODE, ZSTD_DECODE,
} = constants;

// Options.

function isFinite(value, name) {
  if (value === undefined || NumberIsNaN(value)) return false;
  if (NumberIsFinite(value)) return true;
  validateNumber(value, name);
  throw new ERR_OUT_OF_RANGE(name, "a finite number", value);
}

function inRange(value, name, min, max, fallback) {
  if (!isFinite(value, name)) return fallback;
  if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} and <= ${max}`, value);
  return value;
}

const kFlushFlag = Symbol("kFlushFlag");
const kError = Symbol("kError");
// Whether what was written is told in a microtask of its own; brotli tells it at once.
const kCallsLater = Symbol("kCallsLater");
const kOrder = [Z_NO_FLUSH, Z_BLOCK, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH];

// The stronger of two flushes.
function maxFlush(a, b) {
  return kOrder.indexOf(a) > kOrder.indexOf(b) ? a : b;
}

const flushBuffers = [];

function flushBuffer(kind) {
  if (flushBuffers[kind] === undefined) {
    flushBuffers[kind] = Buffer.alloc(0);
    flushBuffers[kind][kFlushFlag] = kind;
  }
  return flushBuffers[kind];
}

const kZlibFlushes = { max: Z_BLOCK, flush: Z_NO_FLUSH, finishFlush: Z_FINISH, fullFlush: Z_FULL_FLUSH };
const kBrotliFlushes = { max: 3, flush: 0, finishFlush: 2, fullFlush: 1 };
const kZstdFlushes = { max: 2, flush: 0, finishFlush: 2, fullFlush: 1 };

function chunkSizeOf(options) {
  const size = options.chunkSize ?? constants.Z_DEFAULT_CHUNK;
  if (!isFinite(size, "options.chunkSize")) return constants.Z_DEFAULT_CHUNK;
  if (size < constants.Z_MIN_CHUNK) throw new ERR_OUT_OF_RANGE("options.chunkSize", `>= ${constants.Z_MIN_CHUNK}`, size);
  return size;
}

// Members that a stream would take for itself.
function streamOptions(options) {
  const result = { autoDestroy: true, ...options };
  if (options.encoding || options.objectMode || options.writableObjectMode) {
    result.encoding = undefined;
    result.objectMode = false;
    result.writableObjectMode = false;
  }
  return result;
}

class ZlibBase extends Transform {
  bytesWritten = 0;

  constructor(options, handle, writeState, flushes) {
    const chunkSize = chunkSizeOf(options);
    const flush = inRange(options.flush, "options.flush", 0, flushes.max, flushes.flush);
    const finishFlush = inRange(options.finishFlush, "options.finishFlush", 0, flushes.max, flushes.finishFlush);
    const maxOutputLength = inRange(options.maxOutputLength, "options.maxOutputLength", 1, kMaxLength, kMaxLength);
    super(streamOptions(options));
    this._maxOutputLength = maxOutputLength;
    this._outBuffer = Buffer.allocUnsafe(chunkSize);
    this._outOffset = 0;
    this._chunkSize = chunkSize;
    this._defaultFlushFlag = flush;
    this._finishFlushFlag = finishFlush;
    this._defaultFullFlushFlag = flushes.fullFlush;
    this._info = !!options.info;
    this._handle = handle;
    this._writeState = writeState;
    handle.setErrorHandler((errno, code, message) => fail(this, handles.failure(message, code, errno)));
    this._writesInProgress = 0;
    this._hadWrites = false;
  }

  get _closed() {
    return this._handle === null;
  }

  get bytesRead() {
    return this.bytesWritten;
  }

  set bytesRead(value) {
    this.bytesWritten = value;
  }

  reset() {
    if (this._handle === null) throw new Error("zlib binding closed");
    this._handle.reset();
  }

  _flush(callback) {
    // What is being written comes first.
    if (this._writesInProgress > 0) {
      queueMicrotask(() => this._flush(callback));
      return;
    }
    const finish = () => {
      const chunk = Buffer.alloc(0);
      chunk[kFlushFlag] = this._finishFlushFlag;
      this._transform(chunk, "utf8", callback);
    };
    if (this._hadWrites) queueMicrotask(finish);
    else finish();
  }

  _final(callback) {
    callback();
  }

  flush(kind, callback) {
    if (typeof kind === "function" || (kind === undefined && !callback)) {
      callback = kind;
      kind = this._defaultFullFlushFlag;
    }
    if (this.writableFinished) {
      if (callback) queueMicrotask(callback);
    } else if (this.writableEnded) {
      if (callback) this.once("end", callback);
    } else {
      this.write(flushBuffer(kind), "utf8", callback);
    }
  }

  close(callback) {
    if (callback) require("node/stream").finished(this, callback);
    this.destroy();
  }

  _destroy(error, callback) {
    closeHandle(this);
    callback(error);
  }

  _transform(chunk, _encoding, callback) {
    let flush = this._defaultFlushFlag;
    // A chunk without bytes may carry a flush.
    if (typeof chunk[kFlushFlag] === "number") flush = chunk[kFlushFlag];
    if (this.writableEnded && this.writableLength === chunk.byteLength) flush = maxFlush(flush, this._finishFlushFlag);
    process(this, chunk, flush, callback);
  }

  _processChunk(chunk, flush, callback) {
    if (typeof callback !== "function") return processNow(this, bytesOf(chunk), flush);
    process(this, chunk, flush, callback);
    return undefined;
  }
}

function closeHandle(stream) {
  stream._handle?.close();
  stream._handle = null;
}

function fail(stream, error) {
  stream.destroy(error);
  stream[kError] = error;
}

// The next piece of output: a view of what is left of the buffer.
function nextOutput(stream) {
  if (stream._outOffset >= stream._chunkSize) {
    stream._outOffset = 0;
    stream._outBuffer = Buffer.allocUnsafe(stream._chunkSize);
  }
  return TypedArrayPrototypeSubarray(stream._outBuffer, stream._outOffset);
}

// Works on one chunk, a buffer of output at a time; waits while nobody reads.
function process(stream, chunk, flush, callback) {
  if (!stream._handle) {
    queueMicrotask(callback);
    return;
  }
  if (chunk.byteLength > 0) stream._hadWrites = true;
  stream._writesInProgress++;
  new Job(stream, bytesOf(chunk), flush, () => {
    stream._writesInProgress--;
    callback();
  }).step();
}

class Job {
  #stream;
  #input;
  #flush;
  #done;

  constructor(stream, input, flush, done) {
    this.#stream = stream;
    this.#input = input;
    this.#flush = flush;
    this.#done = done;
  }

  step() {
    while (this.#once());
  }

  // Whether there is more to do now.
  #once() {
    const stream = this.#stream;
    const output = nextOutput(stream);
    let left;
    try {
      left = handles.run(stream._handle, this.#flush, this.#input, output);
    } catch (error) {
      fail(stream, handles.describe(stream._handle, error));
      return false;
    }
    if (stream[kCallsLater]) {
      queueMicrotask(() => {
        if (this.#finish(output, left[0], left[1])) this.step();
      });
      return false;
    }
    return this.#finish(output, left[0], left[1]);
  }

  #finish(output, outLeft, inLeft) {
    const stream = this.#stream;
    if (stream.destroyed) {
      this.#done();
      return false;
    }
    stream.bytesWritten += this.#input.length - inLeft;
    const have = output.length - outLeft;
    let full = false;
    if (have > 0) {
      stream._outOffset += have;
      full = !stream.push(TypedArrayPrototypeSubarray(output, 0, have));
    }
    if (stream.destroyed) {
      this.#done();
      return false;
    }
    if (outLeft === 0) {
      this.#input = TypedArrayPrototypeSubarray(this.#input, this.#input.length - inLeft);
      if (full) this.#whenRead();
      return !full;
    }
    // The data ends before the input does.
    if (inLeft > 0) stream.push(null);
    this.#done();
    return false;
  }

  #whenRead() {
    const stream = this.#stream;
    const read = stream._read;
    stream._read = (n) => {
      stream._read = read;
      this.step();
      stream._read(n);
    };
  }
}

function processNow(stream, input, flush) {
  const parts = [];
  let total = 0;
  let rest = input;
  let failed;
  stream.on("error", (error) => {
    failed = error;
  });
  for (;;) {
    const output = nextOutput(stream);
    let left;
    try {
      left = handles.run(stream._handle, flush, rest, output);
    } catch (error) {
      failed = handles.describe(stream._handle, error);
      stream.destroy(failed);
      throw failed;
    }
    if (failed !== undefined) throw failed;
    const have = output.length - left[0];
    if (have > 0) {
      stream._outOffset += have;
      ArrayPrototypePush(parts, TypedArrayPrototypeSubarray(output, 0, have));
      total += have;
      if (total > stream._maxOutputLength) {
        closeHandle(stream);
        throw new ERR_BUFFER_TOO_LARGE(stream._maxOutputLength);
      }
    }
    rest = TypedArrayPrototypeSubarray(rest, rest.length - left[1]);
    if (left[0] > 0) break;
  }
  stream.bytesWritten = input.length - rest.length;
  closeHandle(stream);
  return Buffer.concat(parts, total);
}

// zlib

function dictionaryOf({ dictionary }) {
  if (dictionary === undefined || ArrayBufferIsView(dictionary) || isAnyArrayBuffer(dictionary)) return dictionary;
  throw new ERR_INVALID_ARG_TYPE("options.dictionary", ["Buffer", "TypedArray", "DataView", "ArrayBuffer"], dictionary);
}

function checkWindow({ windowBits }, mode) {
  if ((windowBits === undefined || windowBits === null || windowBits === 0) && (mode === INFLATE || mode === GUNZIP || mode === UNZIP)) return;
  inRange(windowBits, "options.windowBits", mode === GZIP ? 9 : 8, 15, 15);
}

class Zlib extends ZlibBase {
  constructor(options, mode) {
    const given = options ?? {};
    checkWindow(given, mode);
    const level = inRange(given.level, "options.level", -1, 9, -1);
    inRange(given.memLevel, "options.memLevel", 1, 9, 8);
    const strategy = inRange(given.strategy, "options.strategy", 0, 4, 0);
    const handle = new handles.ZlibStream(mode);
    const writeState = new Uint32Array(2);
    handle.initialize(given.windowBits, level, given.memLevel, strategy, writeState, () => {}, dictionaryOf(given));
    super(given, handle, writeState, kZlibFlushes);
    this[kCallsLater] = true;
    this._level = level;
    this._strategy = strategy;
  }

  params(level, strategy, callback) {
    inRange(level, "level", -1, 9);
    inRange(strategy, "strategy", 0, 4);
    if (this._level === level && this._strategy === strategy) {
      queueMicrotask(callback);
      return;
    }
    this.flush(Z_SYNC_FLUSH, () => {
      if (this._handle === null) throw new Error("zlib binding closed");
      this._handle.params(level, strategy);
      if (this.destroyed) return;
      this._level = level;
      this._strategy = strategy;
      callback?.();
    });
  }
}

// brotli and zstd

// The parameters in their array; those that are not given are -1.
function setParams(options, array, Invalid) {
  TypedArrayPrototypeFill(array, -1);
  const { params } = options;
  if (!params) return array;
  const seen = { __proto__: null };
  const names = ObjectKeys(params);
  for (let i = 0; i < names.length; i++) {
    const key = +names[i];
    const value = params[names[i]];
    if (NumberIsNaN(key) || key < 0 || key >= array.length || seen[key]) throw new Invalid(names[i]);
    if (typeof value !== "number" && typeof value !== "boolean") throw new ERR_INVALID_ARG_TYPE("options.params[key]", "number", value);
    array[key] = value;
    seen[key] = true;
  }
  return array;
}

const kBrotliParams = 9;

class Brotli extends ZlibBase {
  constructor(options, mode) {
    const given = options ?? {};
    const params = setParams(given, new Uint32Array(kBrotliParams), ERR_BROTLI_INVALID_PARAM);
    const handle = new (mode === BROTLI_DECODE ? handles.BrotliDecoder : handles.BrotliEncoder)(mode);
    const writeState = new Uint32Array(2);
    if (!handle.initialize(params, writeState, () => {})) throw new ERR_ZLIB_INITIALIZATION_FAILED();
    super(given, handle, writeState, kBrotliFlushes);
    this[kCallsLater] = false;
  }
}

class Zstd extends ZlibBase {
  constructor(options, mode) {
    const given = options ?? {};
    const max = mode === ZSTD_ENCODE ? constants.ZSTD_c_overlapLog : constants.ZSTD_d_windowLogMax;
    const params = setParams(given, new Int32Array(max + 1), ERR_ZSTD_INVALID_PARAM);
    const handle = new (mode === ZSTD_DECODE ? handles.ZstdDecoder : handles.ZstdEncoder)(mode);
    const writeState = new Uint32Array(2);
    handle.initialize(params, writeState, () => {});
    super(given, handle, writeState, kZstdFlushes);
    this[kCallsLater] = true;
  }
}

class Gzip extends Zlib {
  constructor(options) {
    super(options, GZIP);
  }
}

class Gunzip extends Zlib {
  constructor(options) {
    super(options, GUNZIP);
  }
}

class Deflate extends Zlib {
  constructor(options) {
    super(options, DEFLATE);
  }
}

class DeflateRaw extends Zlib {
  constructor(options) {
    super(options, DEFLATERAW);
  }
}

class Inflate extends Zlib {
  constructor(options) {
    super(options, INFLATE);
  }
}

class InflateRaw extends Zlib {
  constructor(options) {
    super(options, INFLATERAW);
  }
}

class Unzip extends Zlib {
  constructor(options) {
    super(options, UNZIP);
  }
}

class BrotliCompress extends Brotli {
  constructor(options) {
    super(options, BROTLI_ENCODE);
  }
}

class BrotliDecompress extends Brotli {
  constructor(options) {
    super(options, BROTLI_DECODE);
  }
}

class ZstdCompress extends Zstd {
  constructor(options) {
    super(options, ZSTD_ENCODE);
  }
}

class ZstdDecompress extends Zstd {
  constructor(options) {
    super(options, ZSTD_DECODE);
  }
}

const kClasses = [
  undefined, Deflate, Inflate, Gzip, Gunzip, DeflateRaw, InflateRaw, Unzip, BrotliDecompress, BrotliCompress, ZstdCompress, ZstdDecompress,
];

/** An engine of a mode of zlib. */
function make(mode, options) {
  return new kClasses[mode](options);
}

module.exports = {
  make,
  classes: {
    Gzip, Gunzip, Deflate, DeflateRaw, Inflate, InflateRaw, Unzip, BrotliCompress, BrotliDecompress, ZstdCompress, ZstdDecompress,
  },
};

"use strict";
// What does the work for the streams of node:zlib, as the reference runtime's handles do: it takes input, fills output, and says how much
// of both is left. Behind it is a codec of the host, which gives its output in pieces of its own size.

const {
  ArrayBufferIsView,
  Error,
  MathMin,
  Symbol,
  TypeError,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray,
  Uint32Array,
  Uint8Array,
} = primordials;
const { defineError } = require("node/internal_errors");
const { bytesOf, copyOf } = require("node/internal_crypto_util");
const { isAnyArrayBuffer } = require("core/webidl");
const { current } = require("core/context");
const { constants } = require("node/internal_zlib_constants");

const {
  Z_NO_FLUSH, Z_FINISH, Z_BLOCK,
  DEFLATE, INFLATE, GUNZIP, UNZIP, BROTLI_DECODE, BROTLI_ENCODE, ZSTD_ENCODE, ZSTD_DECODE,
} = constants;
const kBegin = Symbol("kBegin");
const kSetLevel = Symbol("kSetLevel");

const kFormats = ["", "deflate", "deflate", "gzip", "gzip", "deflate-raw", "deflate-raw", "", "brotli", "brotli", "zstd", "zstd"];
const kDecodes = [false, false, true, false, true, false, true, true, true, false, false, true];
const kNoBytes = new Uint8Array(0);

// How the host flushes.
const kKeep = 0;
const kSync = 1;
const kEnd = 2;

// How a stream works with its handle.
let run;
let describe;

class CompressionStream {
  #mode;
  #level = -1;
  #dictionary = null;
  #codec = 0;
  #pending = kNoBytes;
  #ended = false;
  // UNZIP: how much of the number that begins a gzip file has come.
  #seen = 0;

  #writeResult;
  #writeCallback;
  #errorHandler;
  #closed = false;

  static {
    run = (handle, flush, input, output) => handle.#run(flush, input, output);
    describe = (handle, error) => handle.#describe(error);
  }

  constructor(mode) {
    this.#mode = mode;
  }

  // What initialize() does, whatever its arguments are.
  [kBegin](level, dictionary, writeResult, writeCallback) {
    if (!ArrayBufferIsView(writeResult)) throw new TypeError("The write result is no ArrayBufferView");
    if (typeof writeCallback !== "function") throw new TypeError("The write callback is no function");
    this.#level = level;
    this.#dictionary = dictionary;
    this.#writeResult = writeResult;
    this.#writeCallback = writeCallback;
  }

  [kSetLevel](level) {
    this.#level = level;
  }

  get #isBrotli() {
    return this.#mode === BROTLI_DECODE || this.#mode === BROTLI_ENCODE;
  }

  get #isZstd() {
    return this.#mode === ZSTD_DECODE || this.#mode === ZSTD_ENCODE;
  }

  #hostFlush(flush) {
    if (this.#isBrotli) return flush === 0 ? kKeep : flush === 2 ? kEnd : kSync;
    if (this.#isZstd) return flush === 2 ? kEnd : flush === 1 ? kSync : kKeep;
    return flush === Z_FINISH ? kEnd : flush === Z_NO_FLUSH ? kKeep : kSync;
  }

  #open() {
    if (this.#codec === 0) {
      const context = current();
      const { id } = context ?? { id: 0 };
      this.#codec = ops.op_codec_open(id, kFormats[this.#mode], kDecodes[this.#mode], this.#level, this.#dictionary);
    }
    return this.#codec;
  }

  // Finds out what UNZIP gets. False: it takes more to know.
  #detect(input) {
    if (this.#mode !== UNZIP) return true;
    if (input.length === 0) return false;
    if (this.#seen === 0 && input[0] === 0x1f) {
      if (input.length === 1) {
        this.#seen = 1;
        return false;
      }
      this.#mode = input[1] === 0x8b ? GUNZIP : INFLATE;
    } else {
      this.#mode = this.#seen === 1 && input[0] === 0x8b ? GUNZIP : INFLATE;
    }
    if (this.#seen === 1) this.#step(new Uint8Array([0x1f]), kKeep);
    return true;
  }

  #step(input, flush) {
    const result = ops.op_codec_step(this.#open(), input, flush);
    this.#pending = result[0];
    this.#ended = result[2];
    return result[1];
  }

  #take(output) {
    const n = MathMin(this.#pending.length, output.length);
    TypedArrayPrototypeSet(output, n === this.#pending.length ? this.#pending : TypedArrayPrototypeSubarray(this.#pending, 0, n));
    this.#pending = n === this.#pending.length ? kNoBytes : TypedArrayPrototypeSubarray(this.#pending, n);
    return n;
  }

  // Works until the input is used up or the output is full; gives [what is left of the output, of the input]. Errors are thrown.
  #run(flush, input, output) {
    let written = 0;
    let read = 0;
    if (!this.#detect(input)) {
      if (flush === Z_FINISH) throw this.#early();
      return [output.length, 0];
    }
    for (;;) {
      written += this.#take(TypedArrayPrototypeSubarray(output, written));
      if (written === output.length) break;
      if (this.#ended) {
        // The members of a gzip file follow one another.
        if (this.#mode !== GUNZIP || read >= input.length || input[read] === 0) break;
        this.#drop();
      }
      const before = read;
      read += this.#step(TypedArrayPrototypeSubarray(input, read), this.#hostFlush(flush));
      if (this.#pending.length === 0 && (read === input.length || read === before) && !(this.#ended && read < input.length)) break;
    }
    if (written < output.length && !this.#ended && kDecodes[this.#mode] && this.#hostFlush(flush) === kEnd) throw this.#early();
    return [output.length - written, input.length - read];
  }

  // The data ends before it should.
  #early() {
    if (this.#mode === ZSTD_DECODE) return failure("unexpected end of file", "ERR_ZSTD_DECOMPRESSION_FAILED", -1);
    return failure(this.#isBrotli ? "Unexpected end of file" : "unexpected end of file", "Z_BUF_ERROR", -5);
  }

  // The error of data that the host has refused, as Node has it.
  #describe(error) {
    if (error.errno !== undefined) return error;
    const { message } = error;
    if (this.#isBrotli) return failure(message, "ERR__ERROR_FORMAT_CL_SPACE", -1);
    if (this.#isZstd) return failure(`Zstd decompression failed: ${message}`, "ERR_ZSTD_DECOMPRESSION_FAILED", -1);
    if (message === "Missing dictionary" || message === "Bad dictionary") return failure(message, "Z_NEED_DICT", 2);
    return failure(message, "Z_DATA_ERROR", -3);
  }

  #drop() {
    if (this.#codec !== 0) ops.op_codec_close(this.#codec);
    this.#codec = 0;
    this.#pending = kNoBytes;
    this.#ended = false;
  }

  reset() {
    this.#drop();
  }

  close() {
    this.#drop();
    this.#closed = true;
    this.#errorHandler = undefined;
  }

  /** What is called with the number, the code and the text of an error. */
  setErrorHandler(handler) {
    this.#errorHandler = handler;
  }

  /** Works on a part of the input, tells how much is left, and calls back. */
  write(flush, input, inputOffset, inputLength, output, outputOffset, outputLength) {
    if (!this.#write(flush, input, inputOffset, inputLength, output, outputOffset, outputLength)) return;
    (0, this.#writeCallback)();
  }

  /** The same, without the call. */
  writeSync(flush, input, inputOffset, inputLength, output, outputOffset, outputLength) {
    this.#write(flush, input, inputOffset, inputLength, output, outputOffset, outputLength);
  }

  // The numbers may run code that changes the buffers.
  #write(flush, input, inputOffset, inputLength, output, outputOffset, outputLength) {
    const kind = flush | 0;
    const from = inputOffset >>> 0;
    const size = inputLength >>> 0;
    const to = outputOffset >>> 0;
    const room = outputLength >>> 0;
    if (kind < Z_NO_FLUSH || kind > Z_BLOCK) throw new Error("Invalid flush value");
    const source = input === undefined ? kNoBytes : part(input, from, size, "Input");
    const target = part(output, to, room, "Output");
    if (this.#writeResult === undefined) throw new Error("Writing before initializing");
    if (this.#closed) throw new Error("Already finalized");
    let left;
    try {
      left = this.#run(kind, source, target);
    } catch (error) {
      const { errno, code, message } = this.#describe(error);
      if (this.#errorHandler !== undefined) (0, this.#errorHandler)(errno, code, message);
      return false;
    }
    setNumbers(this.#writeResult, left);
    return true;
  }
}

function part(source, offset, length, name) {
  if (!ArrayBufferIsView(source) && !isAnyArrayBuffer(source)) throw new TypeError(`${name} is no BufferSource`);
  const bytes = bytesOf(source);
  if (offset + length > bytes.length) throw new Error(`${name} access is not within bounds`);
  return TypedArrayPrototypeSubarray(bytes, offset, offset + length);
}

// Two numbers of 32 bits, as the machine has them.
function setNumbers(view, numbers) {
  const bytes = bytesOf(view);
  if (bytes.length < 8) throw new Error("Invalid write result buffer");
  const source = new Uint32Array(2);
  source[0] = numbers[0];
  source[1] = numbers[1];
  TypedArrayPrototypeSet(bytes, bytesOf(source));
}

class ZlibStream extends CompressionStream {
  constructor(mode) {
    const known = +mode;
    if (!(known >= DEFLATE && known <= UNZIP)) throw new TypeError("Invalid zlib mode");
    super(known);
  }

  initialize(_windowBits, level, _memLevel, _strategy, writeState, writeCallback, dictionary) {
    // A copy, since memory of the script may change before the first write.
    this[kBegin](level | 0, dictionary === undefined || dictionary === null ? null : copyOf(dictionary), writeState, writeCallback);
  }

  params(level, _strategy) {
    this[kSetLevel](level | 0);
  }
}

// Parameters that were not given.
const kUnset = 0xffffffff;

// What the library takes for a parameter of the encoder. A window and a quality that are out of range are brought into it.
function isEncoderParameter(key, value) {
  if (key === constants.BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING) return value <= 1;
  return key <= constants.BROTLI_PARAM_NDIRECT;
}

/** The level for the host's codec of brotli parameters; undefined if they cannot be. */
function brotliLevel(params, isParameter) {
  for (let i = 0; i < params.length; i++) if (params[i] !== kUnset && !isParameter(i, params[i])) return undefined;
  const quality = params[constants.BROTLI_PARAM_QUALITY] ?? kUnset;
  const window = params[constants.BROTLI_PARAM_LGWIN] ?? kUnset;
  return ((window === kUnset ? 22 : MathMin(window, 30)) << 8) | (quality === kUnset ? 11 : MathMin(quality, 11));
}

class BrotliEncoder extends CompressionStream {
  initialize(params, writeResult, writeCallback) {
    const level = brotliLevel(params, isEncoderParameter);
    if (level === undefined) return false;
    this[kBegin](level, null, writeResult, writeCallback);
    return true;
  }

  params() {}
}

class BrotliDecoder extends CompressionStream {
  initialize(params, writeResult, writeCallback) {
    const level = brotliLevel(params, (key) => key <= constants.BROTLI_DECODER_PARAM_LARGE_WINDOW);
    if (level === undefined) return false;
    this[kBegin](level, null, writeResult, writeCallback);
    return true;
  }

  params() {}
}

class ZstdEncoder extends CompressionStream {
  initialize(params, writeResult, writeCallback) {
    const level = params[constants.ZSTD_c_compressionLevel];
    const chosen = level === undefined || level === 0 || level === -1 ? constants.ZSTD_CLEVEL_DEFAULT : level;
    this[kBegin]((chosen << 1) | (params[constants.ZSTD_c_checksumFlag] === 1 ? 1 : 0), null, writeResult, writeCallback);
    return true;
  }

  params() {}
}

class ZstdDecoder extends CompressionStream {
  initialize(_params, writeResult, writeCallback) {
    this[kBegin](0, null, writeResult, writeCallback);
    return true;
  }

  params() {}
}

const codedErrors = { __proto__: null };

function failure(message, code, errno) {
  const Class = (codedErrors[code] ??= defineError(code, Error, (text) => text));
  const error = new Class(message);
  error.errno = errno;
  return error;
}

module.exports = {
  BrotliDecoder, BrotliEncoder, ZlibStream, ZstdDecoder, ZstdEncoder, isEncoderParameter,
  describe: (handle, error) => describe(handle, error),
  failure,
  run: (handle, flush, input, output) => run(handle, flush, input, output),
};

"use strict";
// The functions of node:zlib that do all their work at once. https://nodejs.org/docs/latest-v22.x/api/zlib.html#convenience-methods
// As on the reference runtime they check their options in a way of their own, and those with a callback work at once, too.

const { Error, ObjectDefineProperty, ObjectKeys, RangeError, TypeError } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { bytesOf, isSource, toBuffer } = require("node/internal_crypto_util");
const { validateUint32 } = require("node/internal_validators");
const { parameterError } = require("core/webidl");
const { queueMicrotask } = require("web/timers");
const { constants } = require("node/internal_zlib_constants");
const { isEncoderParameter } = require("node/internal_zlib_handle");
const streams = require.lazy("node/internal_zlib_streams");

const kFinish = constants.Z_FINISH;
const kMaxChunk = constants.Z_MAX_CHUNK;

function dataOf(data, method) {
  if (typeof data === "string") return data;
  if (isSource(data)) return bytesOf(data);
  throw parameterError(method, "ZlibUtil", 1, "string or ArrayBuffer or ArrayBufferView");
}

function crc32(data, value = 0) {
  validateUint32(value, "value");
  return ops.op_crc32(dataOf(data, "crc32"), value);
}

// A member as the number that it converts to.
function number(options, name, fallback) {
  const value = options[name];
  return value === undefined ? fallback : +value | 0;
}

function checked(options, name, min, max, fallback) {
  const value = number(options, name, fallback);
  if (value < min || value > max) {
    throw new RangeError(`The value of "options.${name}" is out of range. It must be >= ${min} and <= ${max}. Received ${value}`);
  }
  return value;
}

const kNeedsNoWindow = [false, false, true, false, true, false, false, true];

function dictionaryOf({ dictionary }) {
  return dictionary === undefined || !isSource(dictionary) ? null : bytesOf(dictionary);
}

function zlibNow(mode, data, options, method) {
  const input = dataOf(data, method);
  checked(options, "chunkSize", constants.Z_MIN_CHUNK, kMaxChunk, 65536);
  const max = checked(options, "maxOutputLength", 1, kMaxChunk, kMaxChunk);
  const given = number(options, "windowBits", 15);
  const window = given === 0 && kNeedsNoWindow[mode] ? 0 : checked(options, "windowBits", 8, 15, 15);
  const level = checked(options, "level", -1, 9, -1);
  checked(options, "memLevel", 1, 9, 8);
  const strategy = number(options, "strategy", 0);
  if (strategy < 0 || strategy > 4) throw new Error("invalid strategy");
  checked(options, "flush", 0, 6, 0);
  const flush = checked(options, "finishFlush", 0, 6, kFinish);
  if (mode === constants.GZIP && window === 8) throw new Error("Zlib error");
  return toBuffer(ops.op_zlib(mode, input, level, window, strategy, flush, max, dictionaryOf(options)));
}

// Parameters of brotli and zstd are by number.
function paramsOf(options, known) {
  const result = { __proto__: null };
  const { params } = options;
  if (params === undefined || params === null) return result;
  const names = ObjectKeys(params);
  for (let i = 0; i < names.length; i++) {
    const key = +names[i];
    const value = +params[names[i]] | 0;
    if (!known(key, value)) return key;
    result[key] = value;
  }
  return result;
}

function brotliNow(mode, data, options, method) {
  const input = dataOf(data, method);
  checked(options, "chunkSize", constants.Z_MIN_CHUNK, kMaxChunk, 65536);
  const max = checked(options, "maxOutputLength", 1, kMaxChunk, kMaxChunk);
  const decode = mode === constants.BROTLI_DECODE;
  const params = paramsOf(options, (key, value) => key >= 0 && (decode ? key <= 1 : isEncoderParameter(key, value >>> 0)));
  if (typeof params === "number") throw new Error("Setting parameter failed");
  checked(options, "flush", 0, 3, 0);
  const quality = params[constants.BROTLI_PARAM_QUALITY] ?? 11;
  const flush = checked(options, "finishFlush", 0, 3, 2) === 2 ? kFinish : 2;
  const window = params[constants.BROTLI_PARAM_LGWIN] ?? 22;
  return toBuffer(ops.op_zlib(mode, input, quality < 0 || quality > 11 ? 11 : quality, window, 0, flush, max, null));
}

function isCompressionParameter(key) {
  return (key >= 100 && key <= 107) || (key >= 160 && key <= 164) || (key >= 200 && key <= 202) || (key >= 400 && key <= 402);
}

function zstdNow(mode, data, options, method) {
  const input = dataOf(data, method);
  checked(options, "chunkSize", constants.Z_MIN_CHUNK, kMaxChunk, 65536);
  const max = checked(options, "maxOutputLength", 1, kMaxChunk, kMaxChunk);
  const compress = mode === constants.ZSTD_ENCODE;
  const params = paramsOf(options, compress ? isCompressionParameter : (key) => key === 100);
  if (typeof params === "number") throw new Error(`Unsupported Zstd ${compress ? "" : "de"}compression parameter: ${params}`);
  const level = params[constants.ZSTD_c_compressionLevel] || constants.ZSTD_CLEVEL_DEFAULT;
  return toBuffer(ops.op_zlib(mode, input, level, 0, params[constants.ZSTD_c_checksumFlag] ?? 0, kFinish, max, null));
}

// [name, mode, what does it, the reference runtime's names of that, with a result and with a callback]
const kFunctions = [
  "inflate", constants.INFLATE, zlibNow, "zlibSync", "zlib",
  "deflate", constants.DEFLATE, zlibNow, "zlibSync", "zlib",
  "inflateRaw", constants.INFLATERAW, zlibNow, "zlibSync", "zlib",
  "deflateRaw", constants.DEFLATERAW, zlibNow, "zlibSync", "zlib",
  "gzip", constants.GZIP, zlibNow, "zlibSync", "zlib",
  "gunzip", constants.GUNZIP, zlibNow, "zlibSync", "zlib",
  "unzip", constants.UNZIP, zlibNow, "zlibSync", "zlib",
  "brotliDecompress", constants.BROTLI_DECODE, brotliNow, "brotliDecompressSync", "brotliDecompress",
  "brotliCompress", constants.BROTLI_ENCODE, brotliNow, "brotliCompressSync", "brotliCompress",
  "zstdCompress", constants.ZSTD_ENCODE, zstdNow, "zstdCompressSync", "zstdCompress",
  "zstdDecompress", constants.ZSTD_DECODE, zstdNow, "zstdDecompressSync", "zstdDecompress",
];

// With { info: true } there is an engine to show, which does the work.
function withEngine(mode, data, options) {
  const engine = streams().make(mode, options);
  return { engine, buffer: engine._processChunk(typeof data === "string" ? Buffer.from(data) : data, engine._finishFlushFlag) };
}

function makeSync(mode, work, method) {
  return (data, options = {}) => (options.info ? withEngine(mode, data, options) : work(mode, data, options, method));
}

function isArgumentError(error) {
  return error instanceof TypeError && error.code === undefined;
}

function makeAsync(mode, work, method) {
  return (data, options, callback) => {
    if (typeof options === "function") {
      callback = options;
      options = {};
    } else if (typeof callback !== "function") {
      throw new ERR_INVALID_ARG_TYPE("callback", "Function", callback);
    }
    let result;
    try {
      result = options.info ? withEngine(mode, data, options) : work(mode, data, options, method);
    } catch (error) {
      if (isArgumentError(error)) throw error;
      queueMicrotask(() => callback(error));
      return;
    }
    queueMicrotask(() => callback(null, result));
  };
}

function named(fn, name, length) {
  ObjectDefineProperty(fn, "name", { __proto__: null, value: name, configurable: true });
  return ObjectDefineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
}

module.exports = { crc32 };
for (let i = 0; i < kFunctions.length; i += 5) {
  const name = kFunctions[i];
  module.exports[name] = named(makeAsync(kFunctions[i + 1], kFunctions[i + 2], kFunctions[i + 4]), name, 3);
  module.exports[`${name}Sync`] = named(makeSync(kFunctions[i + 1], kFunctions[i + 2], kFunctions[i + 3]), `${name}Sync`, 1);
}

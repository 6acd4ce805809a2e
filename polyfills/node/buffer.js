"use strict";
// node:buffer, https://nodejs.org/docs/latest-v22.x/api/buffer.html

const { ArrayBufferIsView, Error, FunctionPrototypeBind } = primordials;
const errors = require.lazy("node/internal_errors");
const { parameterError } = require("core/webidl");
const { isUint8Array } = require("node/util_types");
const { Buffer, SlowBuffer, kMaxLength, kStringMaxLength } = require("node/internal_buffer");
const { INSPECT_MAX_BYTES } = require("node/internal_buffer_methods");
const { kUtf16, normalizeEncoding } = require("node/internal_encodings");
const base64 = require("web/base64");
const { Blob, File } = require("web/blob");

function checkAttached(value, what) {
  if (value?.detached || value?.buffer?.detached) throw new Error(`Unable to determine if buffer is ${what} when it is detached`);
}

function isAscii(value) {
  checkAttached(value, "ASCII");
  if (!isUint8Array(value)) throw parameterError("isAscii", "BufferUtil", 1, "Uint8Array");
  return ops.op_buffer_is_ascii(value);
}

function isUtf8(value) {
  checkAttached(value, "UTF8");
  if (!isUint8Array(value)) throw parameterError("isUtf8", "BufferUtil", 1, "Uint8Array");
  return ops.op_utf8_decode(value, true) !== undefined;
}

function known(name) {
  const encoding = normalizeEncoding(name);
  if (encoding === undefined) throw new (errors().ERR_UNKNOWN_ENCODING)(name);
  return encoding;
}

function transcode(source, fromEncoding, toEncoding) {
  if (!ArrayBufferIsView(source)) throw new (errors().ERR_INVALID_ARG_TYPE)("source", "ArrayBufferView", typeof source);
  const from = known(fromEncoding);
  const to = known(toEncoding);
  if (from > kUtf16 || to > kUtf16) throw new Error("Unable to transcode buffer due to unsupported encoding");
  return require("node/internal_transcode").transcode(source, from, to);
}

function resolveObjectURL(_id) {
  throw new Error("resolveObjectURL is not implemented");
}

module.exports = {
  atob: FunctionPrototypeBind(base64.atob, globalThis),
  btoa: FunctionPrototypeBind(base64.btoa, globalThis),
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
  kMaxLength,
  kStringMaxLength,
  Blob,
  Buffer,
  File,
  SlowBuffer,
  isAscii,
  isUtf8,
  transcode,
  INSPECT_MAX_BYTES,
  resolveObjectURL,
};

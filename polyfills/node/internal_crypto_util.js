"use strict";
// What the parts of node:crypto share: conversions of arguments, and callbacks.

const {
  ArrayBufferIsView,
  BigInt,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  PromisePrototypeThen,
  PromiseReject,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSlice,
  Uint8Array,
} = primordials;
const { isAnyArrayBuffer } = require("core/webidl");
const { Buffer, wrap } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { validateString } = require("node/internal_validators");
const { run } = require("web/crypto_run");

/** Whether a value is an ArrayBuffer, a SharedArrayBuffer or a view. */
function isSource(value) {
  return ArrayBufferIsView(value) || isAnyArrayBuffer(value);
}

/** A Uint8Array over the memory of a buffer or view. */
function bytesOf(source) {
  if (!ArrayBufferIsView(source)) return new Uint8Array(source);
  const tag = TypedArrayPrototypeGetSymbolToStringTag(source);
  if (tag === "Uint8Array") return source;
  if (tag === undefined) {
    return new Uint8Array(DataViewPrototypeGetBuffer(source), DataViewPrototypeGetByteOffset(source), DataViewPrototypeGetByteLength(source));
  }
  return new Uint8Array(TypedArrayPrototypeGetBuffer(source), TypedArrayPrototypeGetByteOffset(source), TypedArrayPrototypeGetByteLength(source));
}

/** The same, in memory that nobody else has. */
function copyOf(source) {
  return new Uint8Array(bytesOf(source));
}

/** The bytes of an argument that is a text, a buffer or a view. @throws ERR_INVALID_ARG_TYPE */
function toBytes(value, name, encoding = undefined) {
  if (typeof value === "string") return Buffer.from(value, encoding === undefined || encoding === "buffer" ? "utf8" : encoding);
  if (isSource(value)) return bytesOf(value);
  throw new ERR_INVALID_ARG_TYPE(name, ["string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"], value);
}

/** The bytes of data that is a text or a view, but no ArrayBuffer. @throws ERR_INVALID_ARG_TYPE */
function toData(value, name, encoding) {
  if (typeof value === "string") return Buffer.from(value, encoding);
  if (ArrayBufferIsView(value)) return bytesOf(value);
  throw new ERR_INVALID_ARG_TYPE(name, ["string", "Buffer", "TypedArray", "DataView"], value);
}

/** A Buffer over bytes that an op has given. */
function toBuffer(bytes) {
  return wrap(TypedArrayPrototypeGetBuffer(bytes), TypedArrayPrototypeGetByteOffset(bytes), TypedArrayPrototypeGetByteLength(bytes));
}

/** Bytes that an op has given as a script asked for them: a Buffer, or a text. */
function encode(bytes, encoding) {
  const buffer = toBuffer(bytes);
  return encoding && encoding !== "buffer" ? buffer.toString(encoding) : buffer;
}

function stringOption(options, name) {
  if (!options) return undefined;
  const value = options[name];
  if (value !== undefined && value !== null) validateString(value, `options.${name}`);
  return value;
}

/** The number that big-endian bytes are. */
function toBigInt(bytes) {
  const text = toBuffer(bytes).toString("hex");
  return text === "" ? 0n : BigInt(`0x${text}`);
}

/** Gives an operation's outcome to a callback, later. `args` are those of op_crypto, which `check` may still refuse. */
function runLater(args, finish, callback, check = undefined) {
  let promise;
  try {
    if (check !== undefined) check(args);
    for (let i = 1; i < args.length; i++) if (ArrayBufferIsView(args[i])) args[i] = TypedArrayPrototypeSlice(args[i]);
    promise = run(true, finish, args);
  } catch (error) {
    promise = PromiseReject(error);
  }
  PromisePrototypeThen(promise, (value) => callback(null, value), (error) => callback(error));
}

module.exports = { bytesOf, copyOf, encode, isSource, runLater, stringOption, toBigInt, toBuffer, toBytes, toData };

"use strict";
// The class Buffer: making buffers, and what is about them as a whole. https://nodejs.org/docs/latest-v22.x/api/buffer.html#class-buffer
// There is no pool: every buffer has memory of its own, so that none shows what another request has left.

const {
  ArrayIsArray,
  ArrayBufferIsView,
  FunctionPrototypeSymbolHasInstance,
  NumberIsNaN,
  ObjectDefineProperties,
  ObjectSetPrototypeOf,
  RangeError,
  Symbol,
  SymbolIterator,
  SymbolToPrimitive,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  Uint8Array,
} = primordials;
const errors = require.lazy("node/internal_errors");
const { validateInteger, validateNumber, validateString } = require("node/internal_validators");
const { isAnyArrayBuffer } = require("core/webidl");
const { isUint8Array } = require("node/util_types");
const { kASCII, kBase64, kBase64URL, kHex, kLatin1, kUtf16, kUtf8, encodingOf, normalizeEncoding } = require("node/internal_encodings");

const kMaxLength = 2147483647;
const kStringMaxLength = 536870888;

// What buffers really are: a class makes them faster than a change of prototype does.
class FastBuffer extends Uint8Array {
  constructor(a, b, c) {
    super(a, b, c);
  }
}

function Buffer(value, encodingOrOffset, length) {
  if (typeof value !== "number") return from(value, encodingOrOffset, length);
  if (typeof encodingOrOffset === "string") throw new (errors().ERR_INVALID_ARG_TYPE)("string", "string", value);
  return alloc(value);
}
Buffer.prototype = FastBuffer.prototype;
ObjectDefineProperties(FastBuffer.prototype, {
  __proto__: null,
  constructor: { __proto__: null, value: Buffer, writable: true, configurable: true },
  parent: {
    __proto__: null,
    enumerable: true,
    get() {
      return isBuffer(this) ? this.buffer : undefined;
    },
  },
  offset: {
    __proto__: null,
    enumerable: true,
    get() {
      return isBuffer(this) ? this.byteOffset : undefined;
    },
  },
  [Symbol("kIsBuffer")]: { __proto__: null, value: true },
});
ObjectSetPrototypeOf(Buffer, Uint8Array);
ObjectDefineProperties(Buffer, { __proto__: null, poolSize: { __proto__: null, value: 0, enumerable: true } });

function isBuffer(b) {
  return FunctionPrototypeSymbolHasInstance(Buffer, b);
}

// Buffer.from

/** The bytes of a text. @throws ERR_UNKNOWN_ENCODING */
function fromString(text, encoding) {
  if (typeof encoding !== "string" || encoding === "") return new FastBuffer(ops.op_buffer_from(text, kUtf8));
  const normalized = encodingOf(encoding);
  if (normalized === undefined) throw new (errors().ERR_UNKNOWN_ENCODING)(encoding);
  return new FastBuffer(ops.op_buffer_from(text, normalized));
}

function fromArrayBuffer(source, byteOffset, length) {
  byteOffset = byteOffset === undefined || NumberIsNaN((byteOffset = +byteOffset)) ? 0 : byteOffset;
  const max = source.byteLength - byteOffset;
  if (max < 0) throw new (errors().ERR_BUFFER_OUT_OF_BOUNDS)("offset");
  if (length === undefined) return new FastBuffer(source, byteOffset, max);
  length = +length;
  if (length > max) throw new (errors().ERR_BUFFER_OUT_OF_BOUNDS)("length");
  return new FastBuffer(source, byteOffset, length > 0 ? length : 0);
}

function fromArrayLike(source) {
  if (ArrayBufferIsView(source)) {
    const copy = new FastBuffer(TypedArrayPrototypeGetLength(source));
    TypedArrayPrototypeSet(copy, source);
    return copy;
  }
  if (!ArrayIsArray(source) && typeof source[SymbolIterator] === "function") {
    const list = [];
    for (const item of source) list[list.length] = item;
    source = list;
  }
  const length = source.length > 0 ? source.length : 0;
  const copy = new FastBuffer(length);
  for (let i = 0; i < copy.length; i++) copy[i] = source[i];
  return copy;
}

const kSources = ["string", "Buffer", "TypedArray", "ArrayBuffer", "SharedArrayBuffer", "Array", "Array-like Object"];

function from(value, encodingOrOffset, length) {
  if (typeof value === "string") return fromString(value, encodingOrOffset);
  if (typeof value !== "object" || value === null) throw new (errors().ERR_INVALID_ARG_TYPE)("first argument", kSources, value);
  if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
  const primitive = value.valueOf?.();
  if (primitive !== value && primitive !== null && (typeof primitive === "string" || typeof primitive === "object")) {
    return from(primitive, encodingOrOffset, length);
  }
  if (value.length !== undefined || isAnyArrayBuffer(value.buffer)) {
    return typeof value.length === "number" ? fromArrayLike(value) : new FastBuffer(0);
  }
  if (value.type === "Buffer" && ArrayIsArray(value.data)) return fromArrayLike(value.data);
  const toPrimitive = value[SymbolToPrimitive];
  if (typeof toPrimitive === "function") {
    const text = toPrimitive("string");
    if (typeof text === "string") return fromString(text, encodingOrOffset);
  }
  throw new (errors().ERR_INVALID_ARG_TYPE)("first argument", kSources, value);
}

// Other buffers.

function alloc(size, fill, encoding) {
  validateNumber(size, "size");
  if (NumberIsNaN(size)) throw new (errors().ERR_INVALID_ARG_VALUE_RANGE)("size", size);
  if (size >= kMaxLength) throw new (errors().ERR_OUT_OF_RANGE)("size", `0 to ${kMaxLength}`, size);
  const buffer = new FastBuffer(size);
  if (fill === undefined) return buffer;
  if (encoding !== undefined) validateString(encoding, "encoding");
  return buffer.fill(fill, encoding);
}

function allocUnsafe(size) {
  return alloc(size);
}

function SlowBuffer(length) {
  return alloc(+length);
}
ObjectSetPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
ObjectSetPrototypeOf(SlowBuffer, Uint8Array);

function of(...args) {
  const buffer = new FastBuffer(args.length);
  for (let i = 0; i < args.length; i++) buffer[i] = args[i];
  return buffer;
}

function compare(a, b) {
  if (!isUint8Array(a)) throw new (errors().ERR_INVALID_ARG_TYPE)("a", ["Buffer", "Uint8Array"], typeof a);
  if (!isUint8Array(b)) throw new (errors().ERR_INVALID_ARG_TYPE)("b", ["Buffer", "Uint8Array"], typeof b);
  return a === b ? 0 : ops.op_buffer_compare(a, 0, kMaxLength, b, 0, kMaxLength);
}

function isEncoding(encoding) {
  return typeof encoding === "string" && encodingOf(encoding) !== undefined;
}

const kList = "(Buffer|Uint8Array)[]";

function notBytes(index) {
  return new TypeError(`Incorrect type for array element ${index}: the provided value is not of type 'Uint8Array'.`);
}

function totalLength(list) {
  let length = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i].length === undefined) throw new (errors().ERR_INVALID_ARG_TYPE)("list", kList, list[i]);
    length += list[i].length;
  }
  return length;
}

function concat(list, length) {
  if (!ArrayIsArray(list)) throw new (errors().ERR_INVALID_ARG_TYPE)("list", kList, list);
  if (list.length === 0) return new FastBuffer(0);
  if (length === undefined) length = totalLength(list);
  validateInteger(length, "length", 0);
  for (let i = 0; i < list.length; i++) if (!isUint8Array(list[i])) throw notBytes(i);
  const result = new FastBuffer(length);
  let at = 0;
  for (let i = 0; i < list.length && at < length; i++) {
    let part = list[i];
    let size = TypedArrayPrototypeGetLength(part);
    if (size > length - at) {
      size = length - at;
      part = new Uint8Array(TypedArrayPrototypeGetBuffer(part), TypedArrayPrototypeGetByteOffset(part), size);
    }
    TypedArrayPrototypeSet(result, part, at);
    at += size;
  }
  return result;
}

function base64Size(text) {
  let n = text.length;
  if (text[n - 1] === "=") n--;
  if (n > 1 && text[n - 1] === "=") n--;
  return (n * 3) >>> 2;
}

function byteLength(string, encoding) {
  if (typeof string !== "string") {
    if (ArrayBufferIsView(string) || isAnyArrayBuffer(string)) return string.byteLength;
    throw new (errors().ERR_INVALID_ARG_TYPE)("string", ["string", "Buffer", "ArrayBuffer"], string);
  }
  switch (normalizeEncoding(encoding)) {
    case kASCII:
    case kLatin1:
      return string.length;
    case kUtf16:
      return string.length * 2;
    case kBase64:
    case kBase64URL:
      return base64Size(string);
    case kHex:
      return string.length >>> 1;
    default:
      return ops.op_utf8_length(string);
  }
}

// In the order in which the reference runtime has them.
Buffer.from = from;
Buffer.of = of;
Buffer.alloc = alloc;
Buffer.allocUnsafe = allocUnsafe;
Buffer.allocUnsafeSlow = allocUnsafe;
Buffer.isBuffer = isBuffer;
Buffer.compare = compare;
Buffer.isEncoding = isEncoding;
Buffer.concat = concat;
Buffer.byteLength = byteLength;
require("node/internal_buffer_methods").install(FastBuffer);
require("node/internal_buffer_numbers").install(FastBuffer.prototype);

/** A Buffer over memory that exists. */
function wrap(arrayBuffer, byteOffset, length) {
  return new FastBuffer(arrayBuffer, byteOffset, length);
}

module.exports = { Buffer, SlowBuffer, kMaxLength, kStringMaxLength, isBuffer, wrap };

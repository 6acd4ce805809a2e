"use strict";
// Methods of buffers: text, searching, filling, copying. https://nodejs.org/docs/latest-v22.x/api/buffer.html#class-buffer

const {
  ArrayBufferIsView,
  MathFloor,
  MathMin,
  Number,
  NumberIsNaN,
  ObjectKeys,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  SymbolFor,
  TypeError,
  TypedArrayPrototypeCopyWithin,
  TypedArrayPrototypeFill,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeIndexOf,
  TypedArrayPrototypeLastIndexOf,
  TypedArrayPrototypeSet,
  Uint8Array,
} = primordials;
const errors = require.lazy("node/internal_errors");
const { validateInteger, validateNumber } = require("node/internal_validators");
const { isUint8Array } = require("node/util_types");
const { kASCII, kBase64, kBase64URL, kHex, kLatin1, kUtf16, kUtf8, encodingOf, normalizeEncoding } = require("node/internal_encodings");

const kMaxLength = 2147483647;
const kMaxUint32 = 2 ** 32;
// How many bytes inspection shows.
const INSPECT_MAX_BYTES = 50;

// The class that makes buffers.
let FastBuffer;

function knownEncoding(name) {
  const encoding = normalizeEncoding(name);
  if (encoding === undefined) throw new (errors().ERR_UNKNOWN_ENCODING)(name);
  return encoding;
}

function checkMultiple(buffer, size) {
  if (buffer.length % (size / 8) !== 0) throw new (errors().ERR_INVALID_BUFFER_SIZE)(size);
}

function slice(buffer, start, end, encoding) {
  validateInteger(start, "start", 0, buffer.length);
  validateInteger(end, "end", 0, buffer.length);
  return ops.op_buffer_to_string(buffer, start, end, encoding);
}

function write(buffer, string, offset, length, encoding) {
  offset ??= 0;
  length ??= buffer.length;
  validateInteger(offset, "offset", 0, buffer.length);
  validateInteger(length, "length", 0, buffer.length - offset);
  return ops.op_buffer_write(buffer, `${string}`, offset, length, encoding);
}

// Searching.

function clampOffset(offset) {
  if (offset > 0x7fffffff) return 0x7fffffff;
  return offset < -0x80000000 ? -0x80000000 : +offset;
}

function search(buffer, value, byteOffset, encoding, forward) {
  if (typeof byteOffset === "string") {
    encoding = byteOffset;
    byteOffset = undefined;
  }
  byteOffset = clampOffset(byteOffset);
  if (NumberIsNaN(byteOffset)) byteOffset = forward ? 0 : buffer.length;
  if (typeof value === "number") {
    const byte = (value >>> 0) & 0xff;
    return forward ? TypedArrayPrototypeIndexOf(buffer, byte, byteOffset) : TypedArrayPrototypeLastIndexOf(buffer, byte, byteOffset);
  }
  if (typeof value !== "string" && !isUint8Array(value)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("value", ["number", "string", "Buffer", "Uint8Array"], value);
  }
  return ops.op_buffer_index_of(buffer, value, byteOffset, knownEncoding(encoding), forward);
}

// Filling.

// One byte that repeated is the text, or undefined.
function byteOf(text, encoding) {
  if (text.length !== 1 || encoding > kUtf8) return undefined;
  const code = StringPrototypeCharCodeAt(text, 0);
  return code < 0x80 ? code : undefined;
}

function patternOf(text, encoding) {
  const pattern = ops.op_buffer_from(text, encoding, true);
  if (pattern === undefined) throw new TypeError("The text is not valid hex");
  return pattern;
}

function checkFillRange(buffer, start, end) {
  if (start !== undefined) validateNumber(start, "start");
  if (end !== undefined) validateNumber(end, "end");
  const { length } = buffer;
  if (end < 0 || end > length) throw new (errors().ERR_OUT_OF_RANGE)("end", `0 to ${length}`, end);
  if (start < 0 || length < start) throw new (errors().ERR_OUT_OF_RANGE)("start", "0 to end", start);
}

function fillRange(buffer, value, start, end) {
  if (typeof value === "number") value &= 255;
  else if (typeof value === "boolean") value = Number(value);
  TypedArrayPrototypeFill(buffer, value ?? 0, start, end);
}

// Copying.

function toInteger(value) {
  const n = +(value ?? 0);
  return n >= -9007199254740991 && n <= 9007199254740991 ? MathFloor(n) : 0;
}

function checkIndex(value, name) {
  if (value < 0) throw new (errors().ERR_OUT_OF_RANGE)(name, ">= 0", value);
  if (value >= kMaxUint32) throw new (errors().ERR_OUT_OF_RANGE)(name, `< ${kMaxUint32}`, value);
}

const methods = {
  swap16() {
    checkMultiple(this, 16);
    ops.op_buffer_swap(this, 2);
    return this;
  },
  swap32() {
    checkMultiple(this, 32);
    ops.op_buffer_swap(this, 4);
    return this;
  },
  swap64() {
    checkMultiple(this, 64);
    ops.op_buffer_swap(this, 8);
    return this;
  },
  toString(encoding, start, end) {
    const { length } = this;
    if (arguments.length === 0) return ops.op_buffer_to_string(this, 0, length, kUtf8);
    if (start === undefined || start <= 0) start = 0;
    else if (start >= length) return "";
    else start |= 0;
    if (end === undefined || end > length) end = length;
    else end |= 0;
    if (end <= start) return "";
    const normalized = encodingOf(encoding);
    if (normalized === undefined) throw new (errors().ERR_UNKNOWN_ENCODING)(encoding);
    return ops.op_buffer_to_string(this, start, end, normalized);
  },
  toLocaleString: undefined,
  equals(b) {
    return this.constructor.compare(this, b) === 0;
  },
  inspect(recurseTimes, ctx) {
    const shown = MathMin(this.byteLength, INSPECT_MAX_BYTES);
    const hex = ops.op_buffer_to_string(this, 0, shown, kHex);
    let text = StringPrototypeSlice(hex, 0, 2);
    for (let i = 2; i < hex.length; i += 2) text += ` ${StringPrototypeSlice(hex, i, i + 2)}`;
    const rest = this.byteLength - shown;
    if (rest > 0) text += ` ... ${rest} more byte${rest > 1 ? "s" : ""}`;
    if (ctx) text += inspectProperties(this, ctx);
    return `<Buffer ${text}>`;
  },
  compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
    if (!isUint8Array(target)) throw new (errors().ERR_INVALID_ARG_TYPE)("target", ["Buffer", "Uint8Array"], target);
    if (targetStart === undefined) targetStart = 0;
    else validateInteger(targetStart, "targetStart", 0, kMaxLength);
    if (targetEnd === undefined) targetEnd = target.length;
    else validateInteger(targetEnd, "targetEnd", 0, target.length);
    if (sourceStart === undefined) sourceStart = 0;
    else validateInteger(sourceStart, "sourceStart", 0, kMaxLength);
    if (sourceEnd === undefined) sourceEnd = this.length;
    else validateInteger(sourceEnd, "sourceEnd", 0, this.length);
    return ops.op_buffer_compare(this, sourceStart, sourceEnd, target, targetStart, targetEnd);
  },
  includes(value, byteOffset, encoding) {
    return this.indexOf(value, byteOffset, encoding) !== -1;
  },
  indexOf(value, byteOffset, encoding) {
    return search(this, value, byteOffset, encoding, true);
  },
  lastIndexOf(value, byteOffset, encoding) {
    return search(this, value, byteOffset, encoding, false);
  },
  asciiSlice(start, end) {
    return slice(this, start, end, kASCII);
  },
  base64Slice(start, end) {
    return slice(this, start, end, kBase64);
  },
  base64urlSlice(start, end) {
    return slice(this, start, end, kBase64URL);
  },
  hexSlice(start, end) {
    return slice(this, start, end, kHex);
  },
  latin1Slice(start, end) {
    return slice(this, start, end, kLatin1);
  },
  ucs2Slice(start, end) {
    return slice(this, start, end, kUtf16);
  },
  utf8Slice(start, end) {
    return slice(this, start, end, kUtf8);
  },
  asciiWrite(string, offset, length) {
    return write(this, string, offset, length, kASCII);
  },
  base64Write(string, offset, length) {
    return write(this, string, offset, length, kBase64);
  },
  base64urlWrite(string, offset, length) {
    return write(this, string, offset, length, kBase64URL);
  },
  hexWrite(string, offset, length) {
    return write(this, string, offset, length, kHex);
  },
  latin1Write(string, offset, length) {
    return write(this, string, offset, length, kLatin1);
  },
  ucs2Write(string, offset, length) {
    return write(this, string, offset, length, kUtf16);
  },
  utf8Write(string, offset, length) {
    return write(this, string, offset, length, kUtf8);
  },
  write(string, offset, length, encoding) {
    string = `${string}`;
    if (offset === undefined) return ops.op_buffer_write(this, string, 0, this.length, kUtf8);
    if (length === undefined && typeof offset === "string") {
      encoding = offset;
      length = this.length;
      offset = 0;
    } else {
      validateInteger(offset, "offset", 0, this.length);
      const remaining = this.length - offset;
      if (typeof length === "string") encoding = length;
      else if (length !== undefined) validateInteger(length, "length", 0, this.length);
      if (typeof length !== "number" || length > remaining) length = remaining;
    }
    return ops.op_buffer_write(this, string, offset, length, encoding ? knownEncoding(encoding) : kUtf8);
  },
  toJSON() {
    const data = [];
    for (let i = 0; i < this.length; i++) data[i] = this[i];
    return { type: "Buffer", data };
  },
  slice(start, end) {
    const { length } = this;
    start = ~~start;
    end = end === undefined ? length : ~~end;
    if (start < 0) start = start + length > 0 ? start + length : 0;
    else if (start > length) start = length;
    if (end < 0) end = end + length > 0 ? end + length : 0;
    else if (end > length) end = length;
    return new FastBuffer(TypedArrayPrototypeGetBuffer(this), TypedArrayPrototypeGetByteOffset(this) + start, end > start ? end - start : 0);
  },
  copy(target, targetStart, sourceStart, sourceEnd) {
    if (!isUint8Array(target)) throw new (errors().ERR_INVALID_ARG_TYPE)("target", ["Buffer", "Uint8Array"], target);
    targetStart = toInteger(targetStart);
    if (targetStart < 0) throw new (errors().ERR_OUT_OF_RANGE)("targetStart", ">= 0", targetStart);
    sourceStart = toInteger(sourceStart);
    checkIndex(sourceStart, "sourceStart");
    sourceEnd = toInteger(sourceEnd ?? this.length);
    checkIndex(sourceEnd, "sourceEnd");
    sourceEnd = MathMin(sourceEnd, this.length, sourceStart + target.length - targetStart);
    if (sourceEnd <= sourceStart) return 0;
    if (this === target) {
      TypedArrayPrototypeCopyWithin(this, targetStart, sourceStart, sourceEnd);
    } else {
      const part = new Uint8Array(TypedArrayPrototypeGetBuffer(this), TypedArrayPrototypeGetByteOffset(this) + sourceStart, sourceEnd - sourceStart);
      TypedArrayPrototypeSet(target, part, targetStart);
    }
    return sourceEnd - sourceStart;
  },
  fill(value, start, end, encoding) {
    let normalized;
    if (typeof value === "string") {
      if (typeof start === "string") {
        encoding = start;
        start = 0;
        end = this.length;
      } else if (typeof end === "string") {
        encoding = end;
        end = this.length;
      }
      normalized = knownEncoding(encoding);
    }
    checkFillRange(this, start, end);
    if (end <= start) return this;
    start >>>= 0;
    end = end === undefined ? this.length : end >>> 0;
    if (typeof value === "string") {
      const byte = byteOf(value, normalized);
      if (byte === undefined) ops.op_buffer_fill(this, start, end, patternOf(value, normalized));
      else TypedArrayPrototypeFill(this, byte, start, end);
    } else if (ArrayBufferIsView(value)) {
      if (value.byteLength === 0) throw new (errors().ERR_INVALID_ARG_VALUE)("value", "zero-length");
      // The reference runtime knows other views as texts only.
      ops.op_buffer_fill(this, start, end, isUint8Array(value) ? value : patternOf(`${value}`, kUtf8));
    } else {
      fillRange(this, value, start, end);
    }
    return this;
  },
};

// What scripts have put on a buffer, after its bytes.
function inspectProperties(buffer, ctx) {
  const keys = ops.op_own_non_index_properties(buffer, !ctx.showHidden);
  if (keys.length === 0) return "";
  const object = { __proto__: null };
  for (let i = 0; i < keys.length; i++) object[keys[i]] = buffer[keys[i]];
  const text = require("node/internal_inspect").inspect(object, { ...ctx, breakLength: Infinity, compact: true });
  // Without "[Object: null prototype] { " and " }".
  return (buffer.length !== 0 ? ", " : "") + StringPrototypeSlice(text, 27, -2);
}

/** Puts the methods on the prototype of the class that makes buffers. */
function install(Class) {
  FastBuffer = Class;
  const proto = Class.prototype;
  methods.toLocaleString = methods.toString;
  const names = ObjectKeys(methods);
  for (let i = 0; i < names.length; i++) proto[names[i]] = methods[names[i]];
  proto[SymbolFor("nodejs.util.inspect.custom")] = methods.inspect;
}

module.exports = { INSPECT_MAX_BYTES, install };

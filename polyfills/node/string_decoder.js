"use strict";
// node:string_decoder, https://nodejs.org/docs/latest-v22.x/api/string_decoder.html

const { ArrayBufferIsView, Error, MathMin, ObjectDefineProperties, Symbol, TypeError } = primordials;
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_UNKNOWN_ENCODING } = require("node/internal_errors");
const { bytesOf } = require("core/webidl");
const { kBase64, kBase64URL, kHex, kUtf16, kUtf8, normalizeEncoding } = require("node/internal_encodings");
const { Buffer } = require("node/internal_buffer");
const { isUint8Array } = require("node/util_types");

// The state is seven bytes: up to four of a character that has not come whole, how many it lacks, how many there are, the encoding.
const kState = Symbol("kNativeDecoder");
const kMissing = 4;
const kHeld = 5;
const kEncoding = 6;
const kSize = 7;

// By their numbers.
const kNames = ["ascii", "latin1", "utf8", "utf16le", "base64", "base64url", "hex"];

function StringDecoder(encoding = "utf8") {
  const normalized = normalizeEncoding(encoding);
  if (normalized === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  this[kState] = Buffer.alloc(kSize);
  this[kState][kEncoding] = normalized;
  this.encoding = kNames[normalized];
  return this;
}

function stateOf(decoder) {
  const state = decoder[kState];
  if (state === undefined) throw new ERR_INVALID_THIS("StringDecoder");
  return state;
}

// Scripts can get at the state.
function checkState(state) {
  if (!isUint8Array(state) || state.length !== kSize) throw new TypeError("Invalid StringDecoder");
  if (state[kEncoding] > kHex) throw new Error("Invalid StringDecoder state");
  if (state[kMissing] > kMissing) throw new Error("Missing bytes cannot exceed 4");
  if (state[kHeld] > kMissing) throw new Error("Buffered bytes cannot exceed 4");
  if (state[kMissing] + state[kHeld] > kMissing) throw new Error("Invalid StringDecoder state");
}

function takeHeld(state) {
  const text = ops.op_buffer_to_string(state, 0, state[kHeld], state[kEncoding]);
  state[kHeld] = 0;
  return text;
}

function isContinuation(byte) {
  return (byte & 0xc0) === 0x80;
}

// Length of the character that a byte begins; 0 if it begins none.
function characterSize(lead) {
  if ((lead & 0xe0) === 0xc0) return 2;
  if ((lead & 0xf0) === 0xe0) return 3;
  return (lead & 0xf8) === 0xf0 ? 4 : 0;
}

// Number of bytes that begin a character at the end of bytes[from...], without ending it; sets how many it lacks.
function cutUtf8(bytes, from, state) {
  const end = bytes.length;
  if (bytes[end - 1] < 0x80) return 0;
  for (let count = 1; count <= 4 && end - count >= from; count++) {
    const byte = bytes[end - count];
    if (isContinuation(byte)) continue;
    const size = characterSize(byte);
    if (size <= count) return 0;
    state[kMissing] = size - count;
    return count;
  }
  return 0;
}

function cutUtf16(bytes, from, state) {
  const odd = (bytes.length - from) % 2 === 1;
  // A whole unit is held if it is the first half of a pair.
  const count = odd ? 1 : (bytes[bytes.length - 1] & 0xfc) === 0xd8 ? 2 : 0;
  if (count > 0) state[kMissing] = count;
  return count;
}

function cutBase64(bytes, from, state) {
  const count = (bytes.length - from) % 3;
  if (count > 0) state[kMissing] = 3 - count;
  return count;
}

function cut(bytes, from, state) {
  switch (state[kEncoding]) {
    case kUtf8:
      return cutUtf8(bytes, from, state);
    case kUtf16:
      return cutUtf16(bytes, from, state);
    default:
      return cutBase64(bytes, from, state);
  }
}

// Moves bytes that continue the held character to it; returns how many.
function complete(bytes, state) {
  let count = MathMin(state[kMissing], bytes.length);
  if (state[kEncoding] === kUtf8) {
    for (let i = 0; i < count; i++) {
      if (isContinuation(bytes[i])) continue;
      // It will never be whole: what there is of it is decoded as it is.
      count = i;
      state[kMissing] = i;
    }
  }
  for (let i = 0; i < count; i++) state[state[kHeld] + i] = bytes[i];
  state[kHeld] += count;
  state[kMissing] -= count;
  return count;
}

function decode(bytes, state) {
  const encoding = state[kEncoding];
  const { length } = bytes;
  checkState(state);
  if (encoding !== kUtf8 && encoding !== kUtf16 && encoding !== kBase64 && encoding !== kBase64URL) return ops.op_buffer_to_string(bytes, 0, length, encoding);
  if (length === 0) return "";
  let text = "";
  let from = 0;
  if (state[kMissing] > 0) {
    from = complete(bytes, state);
    if (state[kMissing] === 0) text = takeHeld(state);
    if (from === length) return text;
  }
  const held = cut(bytes, from, state);
  for (let i = 0; i < held; i++) state[i] = bytes[length - held + i];
  state[kHeld] = held;
  return text + ops.op_buffer_to_string(bytes, from, length - held, encoding);
}

function flush(state) {
  if (state[kEncoding] === kUtf16 && state[kHeld] % 2 === 1) {
    state[kMissing]--;
    state[kHeld]--;
  }
  if (state[kHeld] === 0) return "";
  state[kMissing] = 0;
  return takeHeld(state);
}

const kKinds = ["Buffer", "TypedArray", "DataView", "string"];

function write(buf) {
  const state = stateOf(this);
  if (typeof buf === "string") return buf;
  if (!ArrayBufferIsView(buf)) throw new ERR_INVALID_ARG_TYPE("buf", kKinds, buf);
  return decode(bytesOf(buf), state);
}

function end(buf) {
  const state = stateOf(this);
  const text = buf === undefined ? "" : this.write(buf);
  return state[kHeld] > 0 ? text + flush(state) : text;
}

function text(buf, offset) {
  const state = stateOf(this);
  state[kMissing] = 0;
  state[kHeld] = 0;
  return this.write(buf.slice(offset));
}

StringDecoder.prototype.write = write;
StringDecoder.prototype.end = end;
StringDecoder.prototype.text = text;

ObjectDefineProperties(StringDecoder.prototype, {
  __proto__: null,
  lastChar: {
    __proto__: null,
    enumerable: true,
    get() {
      return stateOf(this).subarray(0, kMissing);
    },
  },
  lastNeed: {
    __proto__: null,
    enumerable: true,
    get() {
      return stateOf(this)[kMissing];
    },
  },
  lastTotal: {
    __proto__: null,
    enumerable: true,
    get() {
      const state = stateOf(this);
      return state[kHeld] + state[kMissing];
    },
  },
});

module.exports = { StringDecoder };

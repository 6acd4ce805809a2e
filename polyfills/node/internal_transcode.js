"use strict";
// buffer.transcode, https://nodejs.org/docs/latest-v22.x/api/buffer.html#buffertranscodesource-fromenc-toenc
// In the reference runtime both ASCII and Latin-1 are windows-1252 here, save on the way to UTF-16.

const {
  Error,
  RegExpPrototypeExec,
  StringFromCodePoint,
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeToWellFormed,
} = primordials;
const { parameterError } = require("core/webidl");
const { kLatin1, kUtf16, kUtf8 } = require("node/internal_encodings");
const { wrap } = require("node/internal_buffer");
const { isUint8Array } = require("node/util_types");

// The characters of the bytes 0x80 to 0x9F. https://encoding.spec.whatwg.org/index-windows-1252.txt
const kUpper =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

// Characters without a look of their own are left out where they cannot be encoded.
const kIgnorable = /[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/u;

const kQuestionMark = 0x3f;

// As much as the reference runtime lets an isolate have.
const kLimit = 134217728;

function checkSize(size, what) {
  if (size > kLimit) throw new Error(`${what} is too large to transcode`);
}

function decodeBytes(bytes) {
  const all = ops.op_buffer_to_string(bytes, 0, bytes.length, kLatin1);
  let text = "";
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80 || bytes[i] > 0x9f) continue;
    text += StringPrototypeSlice(all, from, i) + kUpper[bytes[i] - 0x80];
    from = i + 1;
  }
  return text + StringPrototypeSlice(all, from);
}

function decode(bytes, from, to) {
  const { length } = bytes;
  if (from === kUtf8) {
    checkSize(to === kUtf8 ? 3 * length : length, "Source buffer");
    if (to === kUtf16 && ops.op_utf8_decode(bytes, true) === undefined) throw new Error("Unable to transcode buffer");
    return ops.op_utf8_decode(bytes);
  }
  if (from !== kUtf16) {
    checkSize(to === kUtf16 ? 2 * length : to === kUtf8 ? 3 * length : length, "Source buffer");
    return to === kUtf16 ? ops.op_buffer_to_string(bytes, 0, length, kLatin1) : decodeBytes(bytes);
  }
  if (to !== kUtf16 && length % 2 !== 0) throw new Error("UTF-16le input size should be multiple of 2");
  const text = ops.op_buffer_to_string(bytes, 0, length, kUtf16);
  if (to === kUtf8) checkSize(ops.op_utf8_length(text), "Expected UTF-8 length");
  const wellFormed = StringPrototypeToWellFormed(text);
  if (to === kUtf8 && wellFormed !== text) throw new Error("Expected UTF8 length mismatch");
  return wellFormed;
}

// The byte of a character; -1 if it is left out.
function byteOf(code) {
  if (code < 0x80 || (code > 0x9f && code < 0x100)) return code;
  const character = StringFromCodePoint(code);
  const index = code < 0x10000 ? StringPrototypeIndexOf(kUpper, character) : -1;
  if (index >= 0) return 0x80 + index;
  return RegExpPrototypeExec(kIgnorable, character) !== null ? -1 : kQuestionMark;
}

function encodeBytes(text) {
  const result = wrap(text.length);
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    let code = StringPrototypeCharCodeAt(text, i);
    if (code >= 0x80) {
      code = StringPrototypeCodePointAt(text, i);
      if (code > 0xffff) i++;
      code = byteOf(code);
    }
    if (code >= 0) result[size++] = code;
  }
  return size === text.length ? result : result.slice(0, size);
}

/** A new buffer with the text of `source` in another encoding. @throws Error where the source is malformed */
function transcode(source, from, to) {
  if (!isUint8Array(source)) throw parameterError("transcode", "BufferUtil", 1, "Uint8Array");
  if (source.length === 0) return wrap(0);
  const text = decode(source, from, to);
  return to === kUtf8 || to === kUtf16 ? wrap(ops.op_buffer_from(text, to)) : encodeBytes(text);
}

module.exports = { transcode };

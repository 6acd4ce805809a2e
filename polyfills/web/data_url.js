"use strict";
// data: URLs, https://fetch.spec.whatwg.org/#data-url-processor

const {
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypedArrayPrototypeSubarray,
} = primordials;
const mime = require("web/mime");

const kBase64 = /;[ ]*base64[ ]*$/i;

/**
 * @param {string} href a serialised URL whose scheme is data
 * @returns {{ type: string, bytes: Uint8Array } | undefined} undefined on failure
 */
function parse(href) {
  const hash = StringPrototypeIndexOf(href, "#");
  const input = StringPrototypeSlice(href, 5, hash < 0 ? href.length : hash);
  const comma = StringPrototypeIndexOf(input, ",");
  if (comma < 0) return undefined;
  let type = trimSpace(StringPrototypeSlice(input, 0, comma));
  let bytes = percentDecode(StringPrototypeSlice(input, comma + 1));
  const base64 = RegExpPrototypeExec(kBase64, type);
  if (base64 !== null) {
    bytes = decodeBase64(bytes);
    if (bytes === undefined) return undefined;
    type = StringPrototypeSlice(type, 0, base64.index);
  }
  if (StringPrototypeStartsWith(type, ";")) type = `text/plain${type}`;
  const parsed = mime.parse(type);
  return { type: parsed === undefined ? "text/plain;charset=US-ASCII" : mime.serialize(parsed), bytes };
}

function trimSpace(text) {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(StringPrototypeCharCodeAt(text, start))) start++;
  while (end > start && isSpace(StringPrototypeCharCodeAt(text, end - 1))) end--;
  return StringPrototypeSlice(text, start, end);
}

function isSpace(unit) {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}

function hexValue(unit) {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function percentDecode(text) {
  const bytes = ops.op_utf8_encode(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i];
    if (byte === 0x25 && i + 2 < bytes.length) {
      const high = hexValue(bytes[i + 1]);
      const low = hexValue(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[length++] = byte;
  }
  return TypedArrayPrototypeSubarray(bytes, 0, length);
}

// https://infra.spec.whatwg.org/#forgiving-base64-decode; undefined if it fails, of which the reference runtime decodes what it can.
function decodeBase64(bytes) {
  return ops.op_base64_decode(ops.op_utf8_decode(bytes, false));
}

module.exports = { parse };

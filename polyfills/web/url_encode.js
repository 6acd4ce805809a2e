"use strict";
// Percent-encoding and its sets. https://url.spec.whatwg.org/#percent-encoded-bytes

const {
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

// Bits of the percent-encode sets; each set is one bit, so that a test is one load.
const kC0 = 1;
const kFragment = 2;
const kQuery = 4;
const kSpecialQuery = 8;
const kPath = 16;
const kUserinfo = 32;
const kForm = 64;
// Not of the standard: what one segment of a path, here the name of a KV pair, does not hold.
const kSegment = 128;

const kSets = makeSets();

function addAll(table, characters, bits) {
  for (let i = 0; i < characters.length; i++) table[StringPrototypeCharCodeAt(characters, i)] |= bits;
}

function makeSets() {
  const table = new Uint8Array(128);
  for (let unit = 0; unit < 0x20; unit++) table[unit] = 0xff;
  table[0x7f] = 0xff;
  addAll(table, ' "<>', kFragment | kQuery | kSpecialQuery | kPath | kUserinfo);
  addAll(table, "`", kFragment);
  addAll(table, "#", kQuery | kSpecialQuery | kPath | kUserinfo);
  addAll(table, "'", kSpecialQuery);
  addAll(table, "?^`{}", kPath | kUserinfo);
  addAll(table, "/:;=@[\\]|", kUserinfo);
  addAll(table, ' "#%/<>?\\`{}', kSegment);
  for (let unit = 0x20; unit < 0x7f; unit++) if (!isFormSafe(unit)) table[unit] |= kForm;
  return table;
}

// ASCII alphanumerics and * - . _
function isFormSafe(unit) {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x2a || unit === 0x2d || unit === 0x2e || unit === 0x5f
  );
}

const kHex = "0123456789ABCDEF";

function percentByte(byte) {
  return "%" + kHex[byte >> 4] + kHex[byte & 15];
}

/** The UTF-8 bytes of a code point, percent-encoded. */
function percentCodePoint(point) {
  if (point < 0x80) return percentByte(point);
  if (point < 0x800) return percentByte(0xc0 | (point >> 6)) + percentByte(0x80 | (point & 63));
  const tail = percentByte(0x80 | ((point >> 6) & 63)) + percentByte(0x80 | (point & 63));
  if (point < 0x10000) return percentByte(0xe0 | (point >> 12)) + tail;
  return percentByte(0xf0 | (point >> 18)) + percentByte(0x80 | ((point >> 12) & 63)) + tail;
}

// The code point at `index`; a lone surrogate is U+FFFD.
function codePointAt(text, index) {
  const unit = StringPrototypeCharCodeAt(text, index);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const next = unit < 0xdc00 && index + 1 < text.length ? StringPrototypeCharCodeAt(text, index + 1) : 0;
  return next >= 0xdc00 && next <= 0xdfff ? ((unit - 0xd800) << 10) + (next - 0xdc00) + 0x10000 : 0xfffd;
}

function encodeFrom(text, index, set, space) {
  let out = "";
  let from = 0;
  while (index < text.length) {
    const unit = StringPrototypeCharCodeAt(text, index);
    if (unit < 0x80 && (kSets[unit] & set) === 0) {
      index++;
      continue;
    }
    const point = codePointAt(text, index);
    out += StringPrototypeSlice(text, from, index) + (unit === 0x20 ? space : percentCodePoint(point));
    index += point > 0xffff ? 2 : 1;
    from = index;
  }
  return out + StringPrototypeSlice(text, from);
}

/**
 * UTF-8 percent-encodes a string; one that needs nothing comes back as it is.
 * https://url.spec.whatwg.org/#string-utf-8-percent-encode
 * @param {string} text
 * @param {number} set one of the k... bits
 * @param {string} [space] what a space becomes
 */
function percentEncode(text, set, space = "%20") {
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit > 0x7f || (kSets[unit] & set) !== 0) return encodeFrom(text, i, set, space);
  }
  return text;
}

/** The value of a hex digit, -1 of another unit. */
function hexValue(unit) {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

// The byte of a percent-encoded one at `index`, -1 if there is none.
function byteAt(text, index) {
  if (index + 2 >= text.length) return -1;
  const high = hexValue(StringPrototypeCharCodeAt(text, index + 1));
  const low = hexValue(StringPrototypeCharCodeAt(text, index + 2));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/**
 * Percent-decodes a well-formed string to UTF-8 and decodes that, keeping a BOM.
 * https://url.spec.whatwg.org/#string-percent-decode
 */
function percentDecode(text) {
  let out = "";
  let from = 0;
  for (let at = StringPrototypeIndexOf(text, "%"); at >= 0; at = StringPrototypeIndexOf(text, "%", at + 1)) {
    const byte = byteAt(text, at);
    if (byte < 0) continue;
    // Bytes of a longer sequence: the rest goes through the decoder.
    if (byte > 0x7f) return out + decodeBytes(StringPrototypeSlice(text, from));
    out += StringPrototypeSlice(text, from, at) + StringFromCharCode(byte);
    from = at + 3;
    at += 2;
  }
  return from === 0 ? text : out + StringPrototypeSlice(text, from);
}

function decodeBytes(text) {
  const bytes = ops.op_utf8_encode(text);
  const length = TypedArrayPrototypeGetLength(bytes);
  let size = 0;
  for (let i = 0; i < length; i++) {
    let byte = bytes[i];
    if (byte === 0x25 && i + 2 < length) {
      const high = hexValue(bytes[i + 1]);
      const low = hexValue(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = (high << 4) | low;
        i += 2;
      }
    }
    bytes[size++] = byte;
  }
  return ops.op_utf8_decode(TypedArrayPrototypeSubarray(bytes, 0, size), false);
}

module.exports = { kC0, kFragment, kQuery, kSpecialQuery, kPath, kUserinfo, kForm, kSegment, kSets, percentEncode, percentDecode, hexValue };

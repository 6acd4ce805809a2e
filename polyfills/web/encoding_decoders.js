"use strict";
// Decoders: bytes to text, chunk by chunk. Each has decode(bytes, fatal, flush), which answers undefined if it is fatal and the
// bytes are malformed; what cannot be decoded before the next chunk is kept. None strips a BOM.
// https://encoding.spec.whatwg.org/#interface-textdecoder

const {
  MathMax,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  StringPrototypeToWellFormed,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSlice,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

function concat(a, b) {
  const first = TypedArrayPrototypeGetLength(a);
  const out = new Uint8Array(first + TypedArrayPrototypeGetLength(b));
  TypedArrayPrototypeSet(out, a, 0);
  TypedArrayPrototypeSet(out, b, first);
  return out;
}

/** Number of bytes at the end that may still become a code point, 0 to 3. https://encoding.spec.whatwg.org/#utf-8-decoder */
function incompleteUtf8(bytes) {
  const length = TypedArrayPrototypeGetLength(bytes);
  for (let at = length - 1; at >= MathMax(0, length - 3); at--) {
    const byte = bytes[at];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const have = length - at;
    const need = byte >= 0xf5 || byte < 0xc2 ? 0 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return have < need && (have === 1 || isSecondByte(byte, bytes[at + 1])) ? have : 0;
  }
  return 0;
}

// Some lead bytes take fewer second bytes: overlong forms, surrogates and code points that do not exist are out.
function isSecondByte(lead, byte) {
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}

class Utf8Decoder {
  /** Bytes that wait for the next chunk. @type {Uint8Array | undefined} */
  pending;
  decode(bytes, fatal, flush) {
    let input = bytes;
    if (this.pending !== undefined) {
      input = concat(this.pending, bytes);
      this.pending = undefined;
    }
    if (flush) return ops.op_utf8_decode(input, fatal);
    const keep = incompleteUtf8(input);
    if (keep === 0) return ops.op_utf8_decode(input, fatal);
    const cut = TypedArrayPrototypeGetLength(input) - keep;
    this.pending = TypedArrayPrototypeSlice(input, cut);
    return ops.op_utf8_decode(TypedArrayPrototypeSubarray(input, 0, cut), fatal);
  }
}

function swapBytes(bytes) {
  const length = TypedArrayPrototypeGetLength(bytes);
  const out = new Uint8Array(length);
  for (let i = 0; i + 1 < length; i += 2) {
    out[i] = bytes[i + 1];
    out[i + 1] = bytes[i];
  }
  if ((length & 1) !== 0) out[length - 1] = bytes[length - 1];
  return out;
}

// https://encoding.spec.whatwg.org/#shared-utf-16-decoder
class Utf16Decoder {
  /** @type {Uint8Array | undefined} */
  pending;
  #bigEndian;
  constructor(bigEndian) {
    this.#bigEndian = bigEndian;
  }

  decode(bytes, fatal, flush) {
    let input = bytes;
    if (this.pending !== undefined) {
      input = concat(this.pending, bytes);
      this.pending = undefined;
    }
    const length = TypedArrayPrototypeGetLength(input);
    const odd = length & 1;
    let text = ops.op_utf16le_decode(this.#bigEndian ? swapBytes(input) : input);
    const last = text.length > 0 ? StringPrototypeCharCodeAt(text, text.length - 1) : 0;
    const lead = last >= 0xd800 && last <= 0xdbff;
    if (odd !== 0 || lead) {
      if (lead) text = StringPrototypeSlice(text, 0, -1);
      if (!flush) this.pending = TypedArrayPrototypeSlice(input, length - odd - (lead ? 2 : 0));
      else if (fatal) return undefined;
      // A lead surrogate and an odd byte at the end are one error.
      else text += "\ufffd";
    }
    const formed = StringPrototypeToWellFormed(text);
    return fatal && formed !== text ? undefined : formed;
  }
}

// Code points of the bytes 0x80 to 0x9F; the others are their own. https://encoding.spec.whatwg.org/#index-windows-1252
const kWindows1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

class Windows1252Decoder {
  decode(bytes) {
    const text = ops.op_latin1_decode(bytes);
    let out = "";
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = StringPrototypeCharCodeAt(text, i);
      if (unit < 0x80 || unit > 0x9f) continue;
      out += StringPrototypeSlice(text, from, i) + kWindows1252[unit - 0x80];
      from = i + 1;
    }
    return from === 0 ? text : out + StringPrototypeSlice(text, from);
  }
}

/** All other encodings, which Go has the tables of. */
class LegacyDecoder {
  #encoding;
  #state = 0;
  constructor(encoding) {
    this.#encoding = encoding;
  }
  decode(bytes, fatal, flush) {
    const result = ops.op_text_decode(this.#encoding, this.#state, bytes, flush);
    this.#state = result[1];
    return fatal && result[2] ? undefined : result[0];
  }
}

/** A decoder for an encoding by its name. */
function makeDecoder(encoding) {
  switch (encoding) {
    case "utf-8":
      return new Utf8Decoder();
    case "windows-1252":
      return new Windows1252Decoder();
    case "utf-16le":
    case "utf-16be":
      return new Utf16Decoder(encoding === "utf-16be");
    default:
      return new LegacyDecoder(encoding);
  }
}

module.exports = { makeDecoder };

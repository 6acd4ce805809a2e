"use strict";
// Uint8Array to and from base64 and hexadecimal. https://tc39.es/proposal-arraybuffer-base64/
// This V8 has two of the six methods, which take an array for its whole buffer and bytes from 128 on for other digits.

const {
  ArrayPrototypePush,
  ObjectDefineProperty,
  ObjectPrototypeToString,
  RegExpPrototypeExec,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeReplaceAll,
  SyntaxError,
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSet,
  Uint8Array,
} = primordials;

const kNothing = [];
const kHex = 6; // of op_buffer_from and op_buffer_to_string
const kWide = /[^\0-\x7f]/; // which the host would take for the character of its lower byte
const kBadHex = "Input string must contain hex characters in even length";
const kBadCharacter = "Found a character that cannot be part of a valid base64 string.";
const kBadEnd = "The base64 input terminates with a single character, excluding padding (=).";
const kExtraBits = "The base64 input terminates with non-zero padding bits.";

function isObject(value) {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/** ValidateUint8Array, and that its bytes are there. */
function validate(array, name, message) {
  if (!isObject(array) || TypedArrayPrototypeGetSymbolToStringTag(array) !== "Uint8Array") {
    throw new TypeError(message ?? `Method Uint8Array.prototype.${name} called on incompatible receiver ${isObject(array) ? ObjectPrototypeToString(array) : String(array)}`);
  }
}

function checkBytes(array, name) {
  try {
    TypedArrayPrototypeSet(array, kNothing); // checks that, and does no more
  } catch {
    throw new TypeError(`Cannot perform Uint8Array.prototype.${name} on a detached or out-of-bounds ArrayBuffer`);
  }
}

function validateText(text) {
  if (typeof text !== "string") throw new TypeError("input argument must be a string");
}

/** A member of an options object, which is one of two or three words. */
function option(options, name, words) {
  if (options === undefined) return words[0];
  if (!isObject(options)) throw new TypeError("invalid_argument");
  const value = options[name];
  if (value === undefined) return words[0];
  for (let i = 0; i < words.length; i++) if (value === words[i]) return value;
  throw new TypeError(`invalid option ${typeof value === "symbol" ? "symbol" : value}`);
}

const kAlphabets = ["base64", "base64url"];
const kLastChunks = ["loose", "strict", "stop-before-partial"];

// Base64.

/** The six bits of a character; -1 of one that has none. */
function bitsOf(code, url) {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === (url ? 45 : 43)) return 62;
  return code === (url ? 95 : 47) ? 63 : -1;
}

function isSpace(code) {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}

/** Reads text as FromBase64 of the proposal does. */
class Base64Reader {
  bytes = [];
  read = 0;
  error;
  #text;
  #url;
  #lastChunk;
  #index = 0;
  #chunk = 0;
  #length = 0;
  constructor(text, alphabet, lastChunk) {
    this.#text = text;
    this.#url = alphabet === "base64url";
    this.#lastChunk = lastChunk;
  }

  #skip() {
    while (this.#index < this.#text.length && isSpace(StringPrototypeCharCodeAt(this.#text, this.#index))) this.#index++;
    return this.#index === this.#text.length;
  }

  #fail(message) {
    this.error = new SyntaxError(message);
  }

  /** The end of the text, or what comes before its padding. */
  #finish(strict) {
    const n = this.#length;
    if (n === 1) return this.#fail(kBadEnd);
    if (n > 1) {
      const bits = this.#chunk << (6 * (4 - n));
      if (strict && (bits & (n === 2 ? 0xffff : 0xff)) !== 0) return this.#fail(kExtraBits);
      ArrayPrototypePush(this.bytes, (bits >> 16) & 255);
      if (n === 3) ArrayPrototypePush(this.bytes, (bits >> 8) & 255);
    }
    this.read = this.#text.length;
    return undefined;
  }

  #padding() {
    const partial = this.#lastChunk === "stop-before-partial";
    if (this.#length < 2) return this.#fail(kBadCharacter);
    let ended = this.#skip();
    if (this.#length === 2) {
      if (ended) return partial ? undefined : this.#fail(kBadCharacter);
      if (StringPrototypeCharCodeAt(this.#text, this.#index) === 61) {
        this.#index++;
        ended = this.#skip();
      }
    }
    return ended ? this.#finish(this.#lastChunk === "strict") : this.#fail(kBadCharacter);
  }

  /** Reads until there are `most` bytes. */
  run(most) {
    if (most === 0) return;
    for (;;) {
      if (this.#skip()) {
        if (this.#length > 0 && this.#lastChunk === "stop-before-partial") return;
        if (this.#length > 0 && this.#lastChunk === "strict") this.#fail(kBadEnd);
        else this.#finish(false);
        return;
      }
      const code = StringPrototypeCharCodeAt(this.#text, this.#index++);
      if (code === 61) {
        this.#padding();
        return;
      }
      const bits = bitsOf(code, this.#url);
      if (bits < 0) {
        this.#fail(kBadCharacter);
        return;
      }
      const room = most - this.bytes.length;
      if ((room === 1 && this.#length === 2) || (room === 2 && this.#length === 3)) return;
      this.#chunk = (this.#chunk << 6) | bits;
      if (++this.#length < 4) continue;
      ArrayPrototypePush(this.bytes, (this.#chunk >> 16) & 255, (this.#chunk >> 8) & 255, this.#chunk & 255);
      this.#chunk = this.#length = 0;
      this.read = this.#index;
      if (this.bytes.length === most) return;
    }
  }
}

/** The bytes of text that the host can read at once; undefined if it cannot. */
function decodeAtOnce(text, alphabet) {
  if (alphabet === "base64") return ops.op_base64_decode(text);
  if (RegExpPrototypeExec(/[+/]/, text) !== null) return undefined;
  return ops.op_base64_decode(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "-", "+"), "_", "/"));
}

// Hexadecimal.

function digitOf(code) {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

const statics = {
  __proto__: null,
  fromBase64(text, options = undefined) {
    validateText(text);
    const alphabet = option(options, "alphabet", kAlphabets);
    const lastChunk = option(options, "lastChunkHandling", kLastChunks);
    const all = lastChunk === "loose" ? decodeAtOnce(text, alphabet) : undefined;
    if (all !== undefined) return all;
    const reader = new Base64Reader(text, alphabet, lastChunk);
    reader.run(Infinity);
    if (reader.error !== undefined) throw reader.error;
    return new Uint8Array(reader.bytes);
  },
  fromHex(text) {
    validateText(text);
    const possible = text.length % 2 === 0 && RegExpPrototypeExec(kWide, text) === null;
    const buffer = possible ? ops.op_buffer_from(text, kHex, true) : undefined;
    if (buffer === undefined) throw new SyntaxError(kBadHex);
    return new Uint8Array(buffer);
  },
};

const methods = {
  __proto__: null,
  setFromBase64(text, options = undefined) {
    validate(this, "setFromBase64", "this is not a typed array.");
    validateText(text);
    const reader = new Base64Reader(text, option(options, "alphabet", kAlphabets), option(options, "lastChunkHandling", kLastChunks));
    checkBytes(this, "setFromBase64");
    reader.run(TypedArrayPrototypeGetByteLength(this));
    TypedArrayPrototypeSet(this, reader.bytes);
    if (reader.error !== undefined) throw reader.error;
    return { read: reader.read, written: reader.bytes.length };
  },
  setFromHex(text) {
    validate(this, "setFromHex", "this is not a typed array.");
    validateText(text);
    checkBytes(this, "setFromHex");
    if (text.length % 2 !== 0) throw new SyntaxError(kBadHex);
    const most = TypedArrayPrototypeGetByteLength(this);
    let written = 0;
    for (; written < most && 2 * written < text.length; written++) {
      const high = digitOf(StringPrototypeCharCodeAt(text, 2 * written));
      const low = digitOf(StringPrototypeCharCodeAt(text, 2 * written + 1));
      if (high < 0 || low < 0) throw new SyntaxError(kBadHex);
      this[written] = high * 16 + low;
    }
    return { read: 2 * written, written };
  },
  toBase64(options = undefined) {
    validate(this, "toBase64");
    const alphabet = option(options, "alphabet", kAlphabets);
    const bare = options !== undefined && !!options.omitPadding;
    checkBytes(this, "toBase64");
    let text = ops.op_base64_encode(this);
    if (alphabet === "base64url") text = StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "+", "-"), "/", "_");
    return bare ? StringPrototypeReplaceAll(text, "=", "") : text;
  },
  toHex() {
    validate(this, "toHex");
    checkBytes(this, "toHex");
    return ops.op_buffer_to_string(this, 0, TypedArrayPrototypeGetByteLength(this), kHex);
  },
};

function addAll(object, functions) {
  for (const name in functions) {
    const value = functions[name];
    const length = name === "toHex" || name === "toBase64" ? 0 : 1;
    ObjectDefineProperty(value, "length", { __proto__: null, value: length, configurable: true });
    ObjectDefineProperty(object, name, { __proto__: null, value, writable: true, configurable: true });
  }
}

/** Puts the methods where they belong, in the place of the engine's, before any code of the program runs. A realm that goes into the snapshot has none: V8 adds its own later. */
function install() {
  if (typeof Uint8Array.prototype.toHex !== "function") return;
  addAll(Uint8Array, statics);
  addAll(Uint8Array.prototype, methods);
}

module.exports = { install };

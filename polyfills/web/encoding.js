"use strict";
// TextEncoder and TextDecoder, https://encoding.spec.whatwg.org/#api

const {
  RangeError,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypeError,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint32Array,
  Uint8Array,
} = primordials;
const { illegalInvocation } = require("core/errors");
const { bytesOf, constructorError, define, isBufferSource, isObject, parameterError } = require("core/webidl");
// UTF-8 in one piece, which is nearly all that is decoded, needs neither.
const getMakeDecoder = require.lazy("web/encoding_decoders", "makeDecoder");
const getEncodingOf = require.lazy("web/encoding_labels", "encodingOf");

// Where op_utf8_encode_into leaves what it has read and written.
let counts;

class TextEncoder {
  #brand;

  static #check(v) {
    if (typeof v !== "object" || v === null || !(#brand in v)) throw illegalInvocation();
  }

  get encoding() {
    TextEncoder.#check(this);
    return "utf-8";
  }

  encode(input = "") {
    TextEncoder.#check(this);
    return ops.op_utf8_encode(typeof input === "string" ? input : `${input}`);
  }

  encodeInto(source, destination) {
    TextEncoder.#check(this);
    if (arguments.length < 1) throw parameterError("encodeInto", "TextEncoder", 1, "String");
    const text = typeof source === "string" ? source : `${source}`;
    if (TypedArrayPrototypeGetSymbolToStringTag(destination) !== "Uint8Array") throw parameterError("encodeInto", "TextEncoder", 2, "Uint8Array");
    counts ??= new Uint32Array(2);
    ops.op_utf8_encode_into(text, destination, counts);
    return { read: counts[0], written: counts[1] };
  }
}
define(TextEncoder, "TextEncoder");

// A dictionary argument that is null: the reference runtime names its C++ struct.
function nullDictionary(struct) {
  return new TypeError(`Cannot initialize N7workerd3api11TextDecoder${struct}E with required members from an undefined or null value.`);
}

class TextDecoder {
  #encoding;
  #fatal = false;
  #ignoreBOM = false;
  // Made for the first call that has to keep bytes, or for an encoding other than UTF-8.
  #decoder;
  // Whether text has come out since the last flush, so that a BOM is no BOM any more.
  #started = false;

  constructor(label, options) {
    const text = label === undefined ? "utf-8" : `${label}`;
    if (options !== undefined) {
      if (options === null) throw nullDictionary("18ConstructorOptions");
      if (!isObject(options)) throw constructorError("TextDecoder", 2, "ConstructorOptions");
      this.#fatal = !!options.fatal;
      this.#ignoreBOM = !!options.ignoreBOM;
    }
    this.#encoding = text === "utf-8" || text === "utf8" ? "utf-8" : getEncodingOf()(text);
    if (this.#encoding === undefined) throw new RangeError(`"${text}" is not a valid encoding.`);
  }

  static #check(v) {
    if (typeof v !== "object" || v === null || !(#encoding in v)) throw illegalInvocation();
  }

  get encoding() {
    TextDecoder.#check(this);
    return this.#encoding;
  }

  get fatal() {
    TextDecoder.#check(this);
    return this.#fatal;
  }

  get ignoreBOM() {
    TextDecoder.#check(this);
    return this.#ignoreBOM;
  }

  // https://encoding.spec.whatwg.org/#dom-textdecoder-decode
  decode(input, options) {
    TextDecoder.#check(this);
    if (input !== undefined && !isBufferSource(input)) throw parameterError("decode", "TextDecoder", 1, "Array");
    let stream = false;
    if (options !== undefined) {
      if (options === null) throw nullDictionary("13DecodeOptions");
      if (!isObject(options)) throw parameterError("decode", "TextDecoder", 2, "DecodeOptions");
      stream = !!options.stream;
    }
    if (!stream && this.#decoder === undefined && this.#encoding === "utf-8") {
      return input === undefined ? "" : this.#finish(ops.op_utf8_decode(input, this.#fatal), false);
    }
    if (this.#decoder === undefined) this.#decoder = getMakeDecoder()(this.#encoding);
    const bytes = input === undefined ? new Uint8Array(0) : bytesOf(input);
    return this.#finish(this.#decoder.decode(bytes, this.#fatal, !stream), stream);
  }

  #finish(text, stream) {
    if (text === undefined) {
      this.#decoder = undefined;
      this.#started = false;
      throw new TypeError("Failed to decode input.");
    }
    const started = this.#started;
    this.#started = stream && (started || text.length > 0);
    if (started || this.#ignoreBOM || text.length === 0 || StringPrototypeCharCodeAt(text, 0) !== 0xfeff) return text;
    // Only of the encodings of Unicode it is a mark.
    return StringPrototypeStartsWith(this.#encoding, "utf-") ? StringPrototypeSlice(text, 1) : text;
  }
}
define(TextDecoder, "TextDecoder");

module.exports = { TextEncoder, TextDecoder };

"use strict";
// TextEncoderStream and TextDecoderStream. https://encoding.spec.whatwg.org/#interface-textdecoderstream

const { ArrayBufferIsView, RangeError, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeStartsWith, TypeError, Uint8Array } = primordials;
const { illegalInvocation } = require("core/errors");
const { bytesOf, constructorError, define, isAnyArrayBuffer, isObject, kConstruct, toBoolean, toDOMString } = require("core/webidl");
const { makeDecoder } = require("web/encoding_decoders");
const { encodingOf } = require("web/encoding_labels");
const { TransformStream, internals } = require("web/streams_transform");
const { Strategy } = require("web/streams_strategy");

/** A started transform with the default strategies. */
function transform(transformer) {
  const core = new internals.Transform(transformer, new Strategy(1, undefined), new Strategy(0, undefined));
  core.begin();
  return core;
}

/** Encodes strings; a high surrogate waits for the next chunk. https://encoding.spec.whatwg.org/#encode-and-enqueue-a-chunk */
class Encoder {
  #high = "";
  start() {}
  cancel() {}
  transform(chunk, stream) {
    let text = this.#high + toDOMString(chunk);
    this.#high = "";
    if (text.length === 0) return;
    const last = StringPrototypeCharCodeAt(text, text.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#high = StringPrototypeSlice(text, text.length - 1);
      text = StringPrototypeSlice(text, 0, text.length - 1);
    }
    if (text.length > 0) stream.enqueue(ops.op_utf8_encode(text));
  }
  flush(stream) {
    if (this.#high !== "") stream.enqueue(ops.op_utf8_encode(this.#high));
  }
}

class TextEncoderStream extends TransformStream {
  #brand;
  constructor() {
    super(kConstruct, transform(new Encoder()));
  }
  get encoding() {
    if (!(#brand in this)) throw illegalInvocation();
    return "utf-8";
  }
}
define(TextEncoderStream, "TextEncoderStream");

const kNotBytes = "This TransformStream is being used as a byte stream, but received a value that is not a BufferSource.";
const kEmpty = new Uint8Array(0);

/** Decodes bytes; characters that are cut wait for the next chunk. https://encoding.spec.whatwg.org/#decode-and-enqueue-a-chunk */
class Decoder {
  #decoder;
  #fatal;
  // Whether a byte order mark may still come, to be dropped.
  #mayHaveBOM;
  constructor(encoding, fatal, ignoreBOM) {
    this.#decoder = makeDecoder(encoding);
    this.#fatal = fatal;
    this.#mayHaveBOM = !ignoreBOM && StringPrototypeStartsWith(encoding, "utf-");
  }
  start() {}
  cancel() {}
  transform(chunk, stream) {
    if (!ArrayBufferIsView(chunk) && !isAnyArrayBuffer(chunk)) throw new TypeError(kNotBytes);
    let bytes;
    try {
      bytes = bytesOf(chunk);
    } catch {
      return; // A detached ArrayBuffer is an empty one.
    }
    if (bytes.length > 0) this.#decode(bytes, false, stream);
  }
  flush(stream) {
    this.#decode(kEmpty, true, stream);
  }
  #decode(bytes, last, stream) {
    let text = this.#decoder.decode(bytes, this.#fatal, last);
    if (text === undefined) throw new TypeError("Failed to decode input.");
    if (text.length === 0) return;
    if (this.#mayHaveBOM) {
      this.#mayHaveBOM = false;
      if (StringPrototypeCharCodeAt(text, 0) === 0xfeff) text = StringPrototypeSlice(text, 1);
      if (text.length === 0) return;
    }
    stream.enqueue(text);
  }
}

class TextDecoderStream extends TransformStream {
  #encoding;
  #fatal;
  #ignoreBOM;
  constructor(label = "utf-8", options = undefined) {
    const text = toDOMString(label);
    if (options !== undefined && options !== null && !isObject(options)) throw constructorError("TextDecoderStream", 2, "TextDecoderStreamInit");
    // Options that do not say so are fatal on the reference runtime; no options are not.
    const given = options?.fatal;
    const fatal = given === undefined ? options !== undefined : toBoolean(given);
    const ignoreBOM = toBoolean(options?.ignoreBOM);
    const encoding = encodingOf(text);
    if (encoding === undefined) throw new RangeError(`"${text}" is not a valid encoding.`);
    super(kConstruct, transform(new Decoder(encoding, fatal, ignoreBOM)));
    this.#encoding = encoding;
    this.#fatal = fatal;
    this.#ignoreBOM = ignoreBOM;
  }
  get encoding() {
    if (!(#encoding in this)) throw illegalInvocation();
    return this.#encoding;
  }
  get fatal() {
    if (!(#encoding in this)) throw illegalInvocation();
    return this.#fatal;
  }
  get ignoreBOM() {
    if (!(#encoding in this)) throw illegalInvocation();
    return this.#ignoreBOM;
  }
}
define(TextDecoderStream, "TextDecoderStream");

module.exports = { TextDecoderStream, TextEncoderStream };

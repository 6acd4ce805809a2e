"use strict";
// The bytes that an HTMLRewriter reads and writes.

const {
  MathMax,
  MathMin,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSlice,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;
const { parserError } = require("web/html_units");

// How much of the document Go reads at once.
const kPiece = 65536;
// What a tag or comment may take that is spread over chunks.
const kMaxKept = 3 * 1024 * 1024;

const kNoBytes = new Uint8Array(0);

/** What has come of the document and is not done with. */
class InputBuffer {
  #bytes = kNoBytes;
  #from = 0;
  /** End of what Go has read. */
  #given = 0;
  #size = 0;
  /** Whether the memory is ours, and will be written to again. */
  #own = false;

  /** Whether there is something that Go has not read. */
  get hasNew() {
    return this.#given < this.#size;
  }

  /** Adds a chunk, once everything before it has been read. */
  append(chunk) {
    const kept = this.#given - this.#from;
    const length = TypedArrayPrototypeGetLength(chunk);
    if (kept === 0) {
      this.#bytes = chunk;
      this.#from = 0;
      this.#given = 0;
      this.#size = length;
      this.#own = false;
      return;
    }
    if (kept + length > kMaxKept) throw parserError("The memory limit has been exceeded.");
    this.#makeRoom(kept, length);
    TypedArrayPrototypeSet(this.#bytes, chunk, this.#given);
    this.#size = this.#given + length;
  }

  /** Has what is kept in memory of ours, with room behind it. The memory doubles, so that a tag of many chunks is not copied with each. */
  #makeRoom(kept, length) {
    if (this.#own && this.#given + length <= TypedArrayPrototypeGetLength(this.#bytes)) return;
    const bytes = new Uint8Array(MathMax(kept + length, 2 * kept));
    TypedArrayPrototypeSet(bytes, TypedArrayPrototypeSubarray(this.#bytes, this.#from, this.#given), 0);
    this.#bytes = bytes;
    this.#from = 0;
    this.#given = kept;
    this.#own = true;
  }

  /** What Go reads next: what it has left, and some more unless `again`. */
  piece(again) {
    if (!again) this.#given = MathMin(this.#given + kPiece, this.#size);
    return TypedArrayPrototypeSubarray(this.#bytes, this.#from, this.#given);
  }

  /** A range of the piece, which will not change. */
  range(start, end) {
    if (this.#own) return TypedArrayPrototypeSlice(this.#bytes, this.#from + start, this.#from + end);
    return TypedArrayPrototypeSubarray(this.#bytes, this.#from + start, this.#from + end);
  }

  /** The first bytes of the piece are done with. */
  done(count) {
    this.#from += count;
  }
}

/** Output that gathers: text, which is encoded, and bytes. */
class Output {
  /** Number of bytes, roughly. */
  size = 0;
  #encoding;
  #parts = [];
  #text = "";
  constructor(encoding) {
    this.#encoding = encoding;
  }

  text(text) {
    this.#text += text;
    this.size += text.length;
  }

  bytes(bytes) {
    this.#endText();
    this.#parts[this.#parts.length] = bytes;
    this.size += TypedArrayPrototypeGetLength(bytes);
  }

  #endText() {
    const text = this.#text;
    if (text === "") return;
    this.#text = "";
    this.#parts[this.#parts.length] = this.#encoding === undefined ? ops.op_utf8_encode(text) : ops.op_html_encode(this.#encoding, text, false);
  }

  /** All of it as one chunk. */
  take() {
    this.#endText();
    const parts = this.#parts;
    this.#parts = [];
    this.size = 0;
    if (parts.length === 1) return parts[0];
    let length = 0;
    for (let i = 0; i < parts.length; i++) length += TypedArrayPrototypeGetLength(parts[i]);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < parts.length; i++) {
      TypedArrayPrototypeSet(bytes, parts[i], at);
      at += TypedArrayPrototypeGetLength(parts[i]);
    }
    return bytes;
  }
}

module.exports = { InputBuffer, Output, kPiece };

"use strict";
// The bytes that an HTMLRewriter reads and writes.

const {
  MathMax,
  MathMin,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSlice,
  TypedArrayPrototypeSubarray,
  Uint32Array,
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

const kFirstRoom = 4096;
// What is kept for the next chunk.
const kMostRoom = 262144;

// Where op_utf8_encode_into leaves what it has read and written.
let counts;

/** Output that gathers: text, which is encoded, and bytes. */
class Output {
  /** Number of bytes. */
  size = 0;
  #encoding;
  /** Bytes that are all there is, so that they need not be copied. */
  #only;
  /** Memory for what is more. */
  #buffer;
  constructor(encoding) {
    this.#encoding = encoding;
  }

  text(text) {
    if (text === "") return;
    if (this.#encoding !== undefined) {
      this.bytes(ops.op_html_encode(this.#encoding, text, false));
      return;
    }
    const at = this.size;
    this.#reserve(3 * text.length);
    counts ??= new Uint32Array(2);
    ops.op_utf8_encode_into(text, TypedArrayPrototypeSubarray(this.#buffer, at), counts);
    this.size = at + counts[1];
  }

  bytes(bytes) {
    const length = TypedArrayPrototypeGetLength(bytes);
    if (length === 0) return;
    const at = this.size;
    if (at === 0) {
      this.#only = bytes;
    } else {
      this.#reserve(length);
      TypedArrayPrototypeSet(this.#buffer, bytes, at);
    }
    this.size = at + length;
  }

  /** Has memory for everything and so many bytes more. */
  #reserve(length) {
    const needed = this.size + length;
    const old = this.#only ?? this.#buffer;
    this.#only = undefined;
    if (this.#buffer !== undefined && needed <= TypedArrayPrototypeGetLength(this.#buffer)) {
      if (old !== this.#buffer) TypedArrayPrototypeSet(this.#buffer, old, 0);
      return;
    }
    const buffer = new Uint8Array(MathMax(kFirstRoom, needed + (needed >> 1)));
    if (this.size > 0) TypedArrayPrototypeSet(buffer, this.size === TypedArrayPrototypeGetLength(old) ? old : TypedArrayPrototypeSubarray(old, 0, this.size), 0);
    this.#buffer = buffer;
  }

  /** All of it as one chunk, with memory of its own. */
  take() {
    const bytes = TypedArrayPrototypeSlice(this.#only ?? this.#buffer, 0, this.size);
    if (this.#buffer !== undefined && TypedArrayPrototypeGetLength(this.#buffer) > kMostRoom) this.#buffer = undefined;
    this.#only = undefined;
    this.size = 0;
    return bytes;
  }
}

module.exports = { InputBuffer, Output, kPiece };

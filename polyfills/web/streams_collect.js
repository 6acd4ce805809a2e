"use strict";
// Reading a whole stream. https://streams.spec.whatwg.org/#readablestreamdefaultreader-read-all-bytes

const { ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, PromisePrototypeThen, TypeError, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeSet, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const { bytesOf, isAnyArrayBuffer } = require("core/webidl");
const { Deferred, noop } = require("web/streams_queue");
const { Reader } = require("web/streams_readable_core");

const kNotBytes = "This ReadableStream did not return bytes.";

/** Whether the bytes are all of their buffer. */
function isWhole(bytes) {
  return bytes.length === ArrayBufferPrototypeGetByteLength(TypedArrayPrototypeGetBuffer(bytes));
}

/** All bytes as a promise may have them: what a script has made of Object.prototype.then is not asked. */
class Whole {
  then = undefined;
  #bytes;
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** The bytes of a value that a promise had; itself, if it is no Whole. */
  static bytesOf(value) {
    return #bytes in value ? value.#bytes : value;
  }
}

/** Reads to the end; it is the read request of its own reads. */
class Collector {
  next;
  done = new Deferred();
  #reader;
  #owned;
  #chunks = [];
  #total = 0;
  #ended = false;
  #inLoop = false;
  #answered = false;
  constructor(core) {
    this.#reader = new Reader(core, false);
    // The chunks of a byte stream are nobody else's.
    this.#owned = core.bytes;
  }

  /** Reads as long as chunks are there at once. */
  run() {
    this.#inLoop = true;
    do {
      this.#answered = false;
      this.#reader.readWith(this);
    } while (this.#answered && !this.#ended);
    this.#inLoop = false;
  }

  chunk(value) {
    this.#answered = true;
    if (!ArrayBufferIsView(value) && !isAnyArrayBuffer(value)) {
      const error = new TypeError(kNotBytes);
      this.#ended = true;
      PromisePrototypeThen(this.#reader.cancel(error), noop, noop);
      this.done.reject(error);
      return;
    }
    const bytes = bytesOf(value);
    this.#chunks[this.#chunks.length] = bytes;
    this.#total += bytes.length;
    if (!this.#inLoop) this.run();
  }

  close() {
    this.#ended = true;
    this.done.resolve(new Whole(this.#join()));
  }

  error(reason) {
    this.#ended = true;
    this.done.reject(reason);
  }

  #join() {
    const chunks = this.#chunks;
    if (chunks.length === 1) return this.#owned && isWhole(chunks[0]) ? chunks[0] : TypedArrayPrototypeSlice(chunks[0]);
    const all = new Uint8Array(this.#total);
    let at = 0;
    for (let i = 0; i < chunks.length; i++) {
      TypedArrayPrototypeSet(all, chunks[i], at);
      at += chunks[i].length;
    }
    return all;
  }
}

/**
 * All bytes of a core that is not locked, which it locks.
 * @returns {Promise<Uint8Array | Whole>} the caller's own; see Whole.bytesOf
 */
function readAllBytes(core) {
  if (!core.disturbed) {
    const quick = core.readAllAtOnce();
    if (quick !== undefined) return quick;
  }
  const collector = new Collector(core);
  collector.run();
  return collector.done.promise;
}

module.exports = { Whole, readAllBytes };

"use strict";
// What stands around the transformation of an HTMLRewriter: the handlers that scripts register, and the streams that it reads.

const { Error } = primordials;
const { isObject } = require("core/webidl");
const { kComment, kElement, kText } = require("web/html_units");
const { toBytes } = require("web/streams_bytes");

// Kinds of events of package rewriter, and flags of a text.
const kEventElement = 0;
const kEventEnd = 1;
const kEventText = 2;
const kEventComment = 3;
const kLast = 1;
const kExact = 2;

/** What a script has registered with one call of on() or onDocument(). */
class Registration {
  /** null for the whole document. */
  selector;
  /** The object that handlers are called on. */
  object;
  element;
  comments;
  text;
  doctype;
  end;
  constructor(selector, object) {
    this.selector = selector;
    this.object = object;
  }
  get wants() {
    return (
      (this.element === undefined ? 0 : 1) | (this.text === undefined ? 0 : 2) | (this.comments === undefined ? 0 : 4) | (this.doctype === undefined ? 0 : 8)
    );
  }
  handler(kind) {
    if (kind === kElement) return this.element;
    if (kind === kText) return this.text;
    return kind === kComment ? this.comments : this.doctype;
  }
}

/** An error as readers of the body get it: anything but an object becomes an Error. */
function asError(reason) {
  return isObject(reason) ? reason : new Error(`${reason}`);
}

/** The reads of a stream, one at a time: `onChunk` and `onEnd` are methods of the transform. */
class ReadRequest {
  next;
  #transform;
  #onChunk;
  #onEnd;
  constructor(transform, onChunk, onEnd) {
    this.#transform = transform;
    this.#onChunk = onChunk;
    this.#onEnd = onEnd;
  }
  chunk(value) {
    try {
      this.#transform[this.#onChunk](toBytes(value));
    } catch (error) {
      this.#transform.abort(error);
    }
    this.#transform.resume();
  }
  close() {
    this.#transform[this.#onEnd]();
    this.#transform.resume();
  }
  error(reason) {
    this.#transform.abort(reason);
    this.#transform.resume();
  }
}

module.exports = { ReadRequest, Registration, asError, kEventComment, kEventElement, kEventEnd, kEventText, kExact, kLast };

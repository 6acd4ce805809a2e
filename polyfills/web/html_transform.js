"use strict";
// The body of a response that an HTMLRewriter transforms. Go reads the document and says what is in it (loader/internal/rewriter, whose
// numbers are below); here handlers run, and the output is put together: what they have changed, and the bytes between as they came.

const {
  ArrayBufferIsView,
  ArrayPrototypePop,
  FunctionPrototypeCall,
  Int32Array,
  PromisePrototypeThen,
  PromiseResolve,
  StringPrototypeSlice,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetLength,
} = primordials;
const { isObject } = require("core/webidl");
const { current } = require("core/context");
const { InputBuffer, Output, kPiece } = require("web/html_buffers");
const { ReadRequest, asError, kEventComment, kEventElement, kEventEnd, kEventText, kExact, kLast } = require("web/html_handlers");
const { expire, makeToken } = require("web/html_tokens");
const { CommentUnit, DoctypeUnit, DocumentEndUnit, ElementUnit, EndTagUnit, TextUnit, escapeText, kDocumentEnd, kElement, parserError } =
  require("web/html_units");
const { NativeReadable } = require("web/streams_native");
const { setHandled } = require("web/streams_queue");
const { kReadable } = require("web/streams_readable_core");
const streams = require("web/streams_readable").internals;

const kLocked = "The ReadableStream has been locked to a reader.";

/**
 * The readable side. It works ahead until it has a good deal of output that nobody has asked for, or has to wait for its source, a handler
 * or content: #step() does the next thing, #waiting says that there is none now.
 */
class Transform extends NativeReadable {
  #encoding;
  #context;
  #frame = ops.op_get_frame();
  /** @type {Registration[]} by the numbers that Go has for them */
  #handlers = [];
  #rid = 0;
  #running = false;
  #waiting = false;
  #onSettled;
  #onRejected;

  // The source, and the events of a piece of it, up to #cursor of which all is written.
  #reader;
  #read = new ReadRequest(this, "sourceChunk", "sourceEnd");
  #input = new InputBuffer();
  #reading = false;
  #stopReason;
  #ended = false;
  #lastGiven = false;
  #cursor = 0;
  #done = 0;
  #isLast = false;
  #more = false;
  #error = null;
  #events;
  #count = 0;
  #at = 0;
  #text = "";
  #textAt = 0;

  // The unit whose handlers run, and where the next of them is.
  #unit;
  #end = 0;
  #handlerAt = 0;
  #left = 0;
  #token;
  /** @type {ElementUnit[]} whose end tags are still to come */
  #open = [];
  /** @type {ElementUnit[]} that end with the end tag whose handlers run, innermost last */
  #closing = [];
  /** Number of open elements whose content is not written. */
  #removed = 0;
  /** Number of registrations whose handler of the end has not run. */
  #endsLeft;

  // The output: what is to be written, the stream that is being written, what is written.
  #queue = [];
  #queueAt = 0;
  #content;
  #contentRead;
  #contentIsHtml = false;
  #decoder;
  #output;
  #asked = false;
  /** Whether only the reader is waited for. */
  #idle = false;
  #failed = false;
  #failure;

  /**
   * @param {object} context the request that transforms
   * @param {string | undefined} encoding label of an encoding; undefined for UTF-8
   * @param {Registration[]} elements those of selectors
   * @param {Registration[]} documents those of the document
   */
  constructor(context, encoding, elements, documents) {
    super();
    this.#context = context;
    this.#encoding = encoding;
    this.#output = new Output(encoding);
    const handlers = this.#handlers;
    for (let i = 0; i < elements.length; i++) handlers[i] = elements[i];
    for (let i = 0; i < documents.length; i++) handlers[handlers.length] = documents[i];
    this.#endsLeft = handlers.length;
  }

  /** Begins the document; throws if its encoding is none that is served. */
  open(isEsi) {
    const list = [];
    for (let i = 0; i < this.#handlers.length; i++) {
      list[2 * i] = this.#handlers[i].selector;
      list[2 * i + 1] = this.#handlers[i].wants;
    }
    this.#rid = ops.op_html_open(this.#context.id, this.#encoding ?? "utf-8", isEsi, list);
  }

  /** Lets Go forget the document. */
  closeDocument() {
    if (this.#rid !== 0) ops.op_html_close(this.#rid);
    this.#rid = 0;
  }

  /** Begins to read. */
  start(reader) {
    this.#reader = reader;
    this.#run();
  }

  #run() {
    if (this.#running || this.#waiting) return;
    this.#running = true;
    const outer = ops.op_get_frame();
    ops.op_set_frame(this.#frame);
    while (!this.#waiting && this.state === kReadable) {
      try {
        this.#step();
      } catch (error) {
        this.abort(error);
      }
    }
    ops.op_set_frame(outer);
    this.#running = false;
  }

  /** Goes on after waiting. */
  resume() {
    this.#waiting = false;
    this.#run();
  }

  #step() {
    if (this.#failed) this.#stepFailed();
    else if (this.#output.size >= kPiece) this.#deliver();
    else if (this.#content !== undefined) this.#readContent();
    else if (this.#queueAt < this.#queue.length) this.#writeQueued();
    else if (this.#unit !== undefined) this.#stepUnit();
    else if (this.#events !== undefined) this.#stepEvents();
    else if (this.#more || this.#input.hasNew) this.#readPiece();
    else if (this.#asked && this.#output.size > 0) this.#deliver();
    else if (!this.#ended) this.#readSource();
    else if (!this.#lastGiven) this.#readPiece();
    else if (this.#endsLeft > 0) this.#stepEnds();
    else this.#stepFinish();
  }

  // The source.

  #readSource() {
    this.#waiting = true;
    this.#reading = true;
    this.#reader.readWith(this.#read);
  }

  sourceChunk(bytes) {
    this.#reading = false;
    if (this.state === kReadable) this.#input.append(bytes);
    else this.#cancelReader();
  }

  sourceEnd() {
    this.#ended = true;
  }

  #readPiece() {
    const piece = this.#input.piece(this.#more);
    this.#isLast = this.#ended && !this.#input.hasNew;
    const found = ops.op_html_write(this.#rid, piece, this.#isLast);
    this.#cursor = 0;
    if (typeof found === "number") {
      this.#done = found;
      this.#more = false;
      this.#endPiece();
      return;
    }
    const { 0: done, 1: events, 2: text, 3: error, 4: more } = found;
    this.#done = done;
    this.#events = new Int32Array(TypedArrayPrototypeGetBuffer(events));
    this.#count = TypedArrayPrototypeGetLength(this.#events);
    this.#at = 0;
    this.#text = text;
    this.#textAt = 0;
    this.#error = error;
    this.#more = more;
  }

  #endPiece() {
    this.#events = undefined;
    if (this.#error !== null) throw new TypeError(this.#error);
    this.#writeRange(this.#done);
    this.#input.done(this.#done);
    if (!this.#more) this.#lastGiven = this.#isLast;
  }

  /** Writes the bytes up to `end` as they are, unless they are within an element whose content is removed. */
  #writeRange(end) {
    if (this.#removed === 0 && end > this.#cursor) this.#output.bytes(this.#input.range(this.#cursor, end));
    this.#cursor = end;
  }

  // Events.

  #stepEvents() {
    const events = this.#events;
    const at = this.#at;
    if (at >= this.#count) {
      this.#endPiece();
      return;
    }
    this.#writeRange(events[at + 1]);
    this.#end = events[at + 2];
    this.#at = at + 3;
    const kind = events[at];
    if (kind === kEventElement) this.#element(events);
    else if (kind === kEventEnd) this.#endTag(events);
    else if (kind === kEventText) this.#textChunk(events);
    else if (kind === kEventComment) this.#comment(events);
    else this.#doctype(events);
  }

  /** The next number. */
  #number() {
    return this.#events[this.#at++];
  }

  /** The next text, of which the next number is the length. */
  #string() {
    const start = this.#textAt;
    this.#textAt += this.#number();
    return StringPrototypeSlice(this.#text, start, this.#textAt);
  }

  /** The next numbers are handlers. */
  #begin(unit) {
    this.#unit = unit;
    this.#skipHandlers();
  }

  #skipHandlers() {
    this.#left = this.#number();
    this.#handlerAt = this.#at;
    this.#at += this.#left;
  }

  #element(events) {
    const name = this.#string();
    const nameLength = this.#number();
    const flags = this.#number();
    this.#skipHandlers();
    const unit = new ElementUnit(this.#encoding, this.#input, this.#cursor, this.#end, name, nameLength, flags, events, this.#at, this.#text, this.#textAt);
    unit.removed = this.#removed > 0;
    this.#unit = unit;
    const attributes = this.#number();
    this.#textAt += this.#number();
    this.#at += 4 * attributes;
  }

  /** All elements that end here are told so, and what they want of an end tag is done to this one. */
  #endTag() {
    const name = this.#string();
    this.#at++;
    const open = this.#open;
    const closing = [];
    const n = this.#number();
    for (let i = open.length - n; i < open.length; i++) {
      const unit = open[i];
      if (unit.removesContent) this.#removed--;
      if (unit.wantsEnd) closing[closing.length] = unit;
    }
    open.length -= n;
    this.#closing = closing;
    if (closing.length > 0) this.#unit = new EndTagUnit(name, this.#input, this.#cursor, this.#end);
    this.#left = 0;
  }

  #textChunk() {
    const flags = this.#number();
    const text = this.#string();
    this.#begin(new TextUnit(text, (flags & kLast) !== 0, (flags & kExact) !== 0));
    if (this.#left > 0) return;
    // The beginning of a character: it comes with the next text.
    this.#unit = undefined;
    this.#cursor = this.#end;
  }

  #comment() {
    this.#begin(new CommentUnit(this.#encoding, this.#string(), this.#input, this.#cursor, this.#end));
  }

  #doctype() {
    const name = this.#optionalString();
    const publicId = this.#optionalString();
    this.#begin(new DoctypeUnit(name, publicId, this.#optionalString()));
  }

  #optionalString() {
    if (this.#events[this.#at] >= 0) return this.#string();
    this.#at++;
    return null;
  }

  // Handlers.

  #stepUnit() {
    this.#expireToken();
    const unit = this.#unit;
    if (this.#closing.length > 0) {
      const element = ArrayPrototypePop(this.#closing);
      unit.adopt(element);
      if (element.endHandler !== undefined) this.#call(element.endHandler, undefined);
    } else if (this.#left > 0) {
      this.#left--;
      const registration = this.#handlers[this.#events[this.#handlerAt++]];
      this.#call(registration.handler(unit.kind), registration.object);
    } else {
      this.#finishUnit(unit);
    }
  }

  #call(handler, object) {
    this.#token = makeToken(this.#unit);
    const result = FunctionPrototypeCall(handler, object, this.#token);
    if (isObject(result) && typeof result.then === "function") this.#wait(result);
  }

  #wait(promise) {
    if (this.#asked && this.#output.size > 0) this.#deliver();
    this.#onSettled ??= () => this.resume();
    this.#onRejected ??= (error) => {
      this.abort(error);
      this.resume();
    };
    this.#waiting = true;
    PromisePrototypeThen(PromiseResolve(promise), this.#onSettled, this.#onRejected);
  }

  #expireToken() {
    if (this.#token !== undefined) expire(this.#token);
    this.#token = undefined;
  }

  #finishUnit(unit) {
    this.#unit = undefined;
    if (unit.touched) {
      if (this.#removed === 0 || unit.kind === kDocumentEnd) {
        this.#queue = [];
        this.#queueAt = 0;
        unit.write(this.#queue);
      }
      this.#cursor = this.#end;
    }
    if (unit.kind !== kElement || !unit.hasContent) return;
    this.#open[this.#open.length] = unit;
    if (unit.removesContent) this.#removed++;
  }

  /** Handlers of the end run in the reverse order. */
  #stepEnds() {
    const registration = this.#handlers[--this.#endsLeft];
    if (registration.end === undefined) return;
    this.#unit = new DocumentEndUnit();
    this.#call(registration.end, registration.object);
  }

  // Output.

  #writeQueued() {
    const item = this.#queue[this.#queueAt++];
    if (typeof item === "string") {
      this.#output.text(item);
    } else if (ArrayBufferIsView(item)) {
      this.#output.bytes(item);
    } else {
      if (streams.isLocked(item.stream)) throw new TypeError(kLocked);
      this.#content = streams.acquireReader(item.stream);
      this.#contentIsHtml = item.isHtml;
      this.#decoder = require("web/encoding_decoders").makeDecoder("utf-8");
      this.#contentRead ??= new ReadRequest(this, "contentChunk", "contentEnd");
    }
  }

  #readContent() {
    if (this.#asked && this.#output.size > 0) this.#deliver();
    this.#waiting = true;
    this.#content.readWith(this.#contentRead);
  }

  contentChunk(bytes) {
    const text = this.#decoder.decode(bytes, true, false);
    if (text === undefined) throw parserError("Invalid UTF-8");
    this.#output.text(this.#contentIsHtml ? text : escapeText(text));
  }

  contentEnd() {
    this.#content = undefined;
  }

  /** Hands the output on, or waits until it is asked for. */
  #deliver() {
    if (!this.#asked) {
      this.#waitForReader();
      return;
    }
    this.#asked = false;
    this.supply(this.#output.take());
  }

  #waitForReader() {
    this.#waiting = true;
    this.#idle = true;
  }

  #stepFinish() {
    this.closeDocument();
    if (this.#output.size > 0) this.#deliver();
    else if (this.#asked) this.finish();
    else this.#waitForReader();
  }

  /** What was written before an error is read before it. */
  #stepFailed() {
    if (this.#output.size > 0) {
      this.#deliver();
      return;
    }
    this.fail(this.#failure);
    this.#stop(this.#failure);
  }

  // NativeReadable.

  demand() {
    if (current() !== this.#context) {
      this.fail(require("cloudflare/service_stub").crossRequest("ReadableStreamSource>"));
      return;
    }
    this.#asked = true;
    if (this.#running) return;
    if (this.#output.size > 0) this.#deliver();
    if (!this.#idle) return;
    this.#idle = false;
    this.resume();
  }

  cancelSource(reason) {
    this.#stop(reason);
  }

  /** Ends it with an error. */
  abort(reason) {
    if (this.#failed || this.state !== kReadable) return;
    this.#failed = true;
    this.#failure = asError(reason);
    this.closeDocument();
    this.#expireToken();
  }

  /** Ends everything else. A read of the source that waits is let end first: who writes into it hears of the end with the next write. */
  #stop(reason) {
    this.closeDocument();
    this.#expireToken();
    if (this.#content !== undefined) setHandled(this.#content.cancel(reason));
    this.#content = undefined;
    this.#stopReason = reason;
    if (!this.#reading) this.#cancelReader();
  }

  #cancelReader() {
    if (this.#reader !== undefined) setHandled(this.#reader.cancel(this.#stopReason));
  }
}

module.exports = { Transform };

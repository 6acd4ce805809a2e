"use strict";
// The two streams of a TCP socket. What is written waits until the host pulls it; what is read is a body of the host, whose handle is
// known once the connection is there.

const { Error, PromisePrototypeThen, TypeError, Uint8Array } = primordials;
const { current } = require("core/context");
const { asyncIn, send } = require("core/ops");
const { exportStream } = require("core/stream_export");
const { Deferred, kDone } = require("web/streams_queue");
const { NativeReadable } = require("web/streams_native");
const { IdentitySink, byteStrategy } = require("web/streams_identity").internals;
const { Reader, kClosed, kErrored, kReadable } = require("web/streams_readable_core");
const { kWritable, Writer } = require("web/streams_writable_core");
const { createReadableStream } = require("web/streams_readable").internals;

const kClosingReadable = "This ReadableStream belongs to an object that is closing.";
const kClosingWritable = "This WritableStream belongs to an object that is closing.";
const kSocketClosed = "This socket has been closed.";
const kLost = "Network connection lost.";

const kNoBytes = new Uint8Array(0);

/** The readable side. `socket` is told by onEnd() that all has been read. */
class SocketReadable extends NativeReadable {
  #context;
  #socket;
  #rid = 0;
  // What a read that came before the connection asks for, 0 for none.
  #wanted = 0;
  #closing = false;
  constructor(context, socket) {
    super();
    this.#context = context;
    this.#socket = socket;
  }

  get rid() {
    return this.#rid;
  }

  /** The connection is there. */
  open(rid) {
    if (this.state !== kReadable) {
      send(ops.op_body_cancel, rid, null);
      return;
    }
    this.#rid = rid;
    if (this.#wanted !== 0) this.#read(this.#wanted);
  }

  demand(max) {
    if (current() !== this.#context) this.fail(require("cloudflare/service_stub").crossRequest("ReadableStreamSource"));
    else if (this.#rid === 0) this.#wanted = max;
    else this.#read(max);
  }

  #read(max) {
    PromisePrototypeThen(
      asyncIn(this.#context, ops.op_body_read, this.#rid, max),
      (bytes) => (bytes === null ? this.end() : this.supply(bytes)),
      (error) => this.fail(error),
    );
  }

  end() {
    this.finish();
    this.#socket.onEnd();
  }

  pullSteps(request) {
    if (this.#closing) request.error(new TypeError(kClosingReadable));
    else super.pullSteps(request);
  }

  cancelSource() {
    if (this.#rid !== 0) send(ops.op_body_cancel, this.#rid, null);
  }

  cancelRead(request, fill, reason) {
    if (this.#closing) request.error(reason);
    else super.cancelRead(request, fill, reason);
  }

  /** Close has been asked for: nothing more can be read. */
  setClosing() {
    this.#closing = true;
  }

  /** Ends it with the socket. Reads get `reason`; without one, those that wait learn that it is closed, later ones that it was closing. */
  shutDown(reason) {
    if (this.state !== kReadable) return;
    const { reader } = this;
    if (reader !== undefined) {
      reader.closed(); // is there from now on, resolved
      reader.onClose();
    }
    this.#closing = true;
    this.cancelSteps(reason ?? new TypeError(kSocketClosed));
    this.state = kErrored;
    this.stored = reason ?? new TypeError(kClosingReadable);
  }

  /** There is no connection: it ends empty, and a read that waits fails. */
  refuse() {
    if (this.state !== kReadable) return;
    this.#closing = true;
    this.cancelSteps(new Error("Stream was cancelled."));
    this.close();
  }

  /** Takes the connection away for TLS: the stream is locked for ever. */
  detach() {
    if (this.reader !== undefined) throw new TypeError("The ReadableStream has been locked to a reader.");
    new Reader(this, false);
    this.disturbed = true;
    this.state = kClosed;
  }
}

class WriteRequest extends Deferred {
  next;
}

/** The sink of the writable side. `socket` is told by onGone() that nobody takes what is written any more. */
class SocketSink extends IdentitySink {
  #socket;
  #closing = false;
  #lost = false;
  constructor(highWaterMark, socket) {
    super(-1, byteStrategy(highWaterMark));
    this.#socket = socket;
    const convert = this.writable.convertChunk;
    this.writable.convertChunk = (chunk) => {
      if (this.#closing) throw new TypeError(kClosingWritable);
      return convert(chunk);
    };
  }

  /** Gives what is written to the host; returns the number of the stream. */
  export() {
    return exportStream(createReadableStream(this.readable));
  }

  /** The host has lost the connection: the write that waits fails, or the next one. */
  cancelled() {
    this.#lost = true;
    if (this.writable.operationInFlight) super.cancelled(new Error(kLost));
    this.#socket.onGone();
  }

  write(chunk) {
    if (this.#lost && chunk !== kNoBytes) throw new Error(kLost);
    return super.write(chunk);
  }

  setClosing() {
    this.#closing = true;
  }

  get #open() {
    return this.writable.state === kWritable && !this.writable.closeQueuedOrInFlight;
  }

  /** A promise for when all that was written has been taken. */
  flush() {
    if (!this.#open) return undefined;
    const request = new WriteRequest();
    this.writable.addWrite(request);
    this.writable.controller.write(kNoBytes, 0);
    return request.promise;
  }

  /** Closes the stream once all is written, whether it is locked or not; gives a promise. */
  closeAfterWrites() {
    return this.#open ? this.writable.close() : kDone;
  }

  /** Ends it with the socket: the other side reads to the end of what was written. */
  shutDown(reason) {
    super.cancelled(reason ?? new TypeError(kSocketClosed));
    this.close();
  }

  /** There is no connection. */
  refuse(error) {
    super.cancelled(error);
  }

  checkLock() {
    if (this.writable.writer !== undefined) throw new TypeError("This WritableStream is currently locked to a writer.");
  }

  /** Ends what was sent in the clear: the stream is locked for ever. */
  detach() {
    new Writer(this.writable);
    this.close();
  }
}

module.exports = { SocketReadable, SocketSink };

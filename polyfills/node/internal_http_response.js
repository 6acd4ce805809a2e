"use strict";
// http.ServerResponse: it becomes the Response of a fetch handler. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpserverresponse

const { ArrayIsArray, ArrayPrototypePush, NumberParseInt, ObjectKeys, RegExpPrototypeExec, StringPrototypeToLowerCase, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const errors = require.lazy("node/internal_errors");
const httpErrors = require.lazy("node/internal_http_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { Buffer } = require("node/internal_buffer");
const { _checkInvalidHeaderChar, chunkExpression } = require("node/internal_http_checks");
const { STATUS_CODES } = require("node/internal_http_constants");
const { OutgoingMessage, headersOf, kErrored, kOnData, kOnHeaders, kOutHeaders } = require("node/internal_http_outgoing");
const { fail } = require("node/internal_stubs");
const { state } = require("core/worker");
const { ReadableStream } = require("web/streams_readable");
const { Response } = require("web/response");
const { Deferred, setHandled } = require("web/streams_queue");
const { queueMicrotask } = require("web/timers");

/** The body of a Response, which has what was written before somebody read. */
class Body {
  #controller;
  #settled = false;
  stream;

  constructor(chunks, onCancel) {
    this.stream = new ReadableStream({
      type: "bytes",
      start: (controller) => {
        this.#controller = controller;
        for (let i = 0; i < chunks.length; i++) controller.enqueue(chunks[i]);
      },
      cancel: onCancel,
    });
  }

  write(chunk) {
    if (!this.#settled) this.#controller.enqueue(chunk);
  }

  close() {
    if (this.#settled) return;
    this.#settled = true;
    this.#controller.close();
  }

  error(reason) {
    if (this.#settled) return;
    this.#settled = true;
    this.#controller.error(reason);
  }
}

// Set by the class, which alone knows the private field.
let responseOf;

class ServerResponse extends OutgoingMessage {
  #response = new Deferred();
  #body;
  // What was written before the headers, and how much may be.
  #chunks = [];
  #written = 0;
  #limit = Infinity;

  statusCode = 200;
  statusMessage = "unknown";

  static {
    responseOf = (response) => response.#response.promise;
  }

  constructor(req, options = {}) {
    if (!state.flags.enable_nodejs_http_server_modules) fail("ServerResponse");
    super(req, options);
    if (req.httpVersionMajor < 1 || req.httpVersionMinor < 1) {
      this.useChunkedEncodingByDefault = RegExpPrototypeExec(chunkExpression, req.headers.te ?? "") !== null;
      this.shouldKeepAlive = false;
    }
    setHandled(this.#response.promise);
    this.once("error", (error) => this.#response.reject(error));
    this.once("close", () => this.#onClose());
    this.once("finish", () => {
      this.#body?.close();
      queueMicrotask(() => this.#emitClose());
    });
  }

  #onClose() {
    this.#response.reject(new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
    this.#body?.error(this.errored ?? new (streamErrors().ERR_STREAM_PREMATURE_CLOSE)());
  }

  #emitClose() {
    if (this._closed) return;
    this.destroyed = true;
    this._closed = true;
    this.emit("close");
  }

  [kOnHeaders](status, statusText, list) {
    for (let i = 0; i < list.length; i += 2) {
      if (StringPrototypeToLowerCase(list[i]) === "content-length") this.#limit = NumberParseInt(list[i + 1], 10);
    }
    let body = null;
    if (this._hasBody) {
      this.#body = new Body(this.#chunks, (reason) => {
        this.destroy(reason);
      });
      this.on("error", (error) => this.#body.error(error));
      body = this.#body.stream;
    }
    this.#chunks = [];
    this.#response.resolve(new Response(body, { status, statusText, headers: headersOf(list) }));
  }

  [kOnData](data, encoding) {
    if (this.destroyed) return;
    let bytes = typeof data === "string" ? Buffer.from(data, encoding ?? undefined) : data;
    if (this.#written + bytes.length > this.#limit) bytes = TypedArrayPrototypeSubarray(bytes, 0, this.#limit - this.#written);
    if (bytes.length === 0) return;
    this.#written += bytes.length;
    // The stream takes the memory, which is the program's or a pool's.
    const copy = new Uint8Array(bytes);
    if (this.#body !== undefined) this.#body.write(copy);
    else ArrayPrototypePush(this.#chunks, copy);
  }

  destroy(err) {
    if (this.destroyed) return this;
    if (this.writableEnded) {
      this.destroyed = true;
      this[kErrored] = err;
      return this;
    }
    super.destroy(err);
    queueMicrotask(() => this.#emitClose());
    return this;
  }

  assignSocket(socket) {
    fail("assignSocket");
  }

  detachSocket(socket) {
    fail("detachSocket");
  }

  writeContinue(cb) {
    fail("writeContinue");
  }

  writeProcessing(cb) {
    fail("writeProcessing");
  }

  writeEarlyHints(hints, cb) {
    fail("writeEarlyHints");
  }

  _implicitHeader() {
    this.writeHead(this.statusCode);
  }

  writeHead(statusCode, reason, obj) {
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("write");
    const status = statusCode | 0;
    if (status < 200 || status > 999) throw new (httpErrors().ERR_HTTP_INVALID_STATUS_CODE)(statusCode);
    if (typeof reason === "string") {
      this.statusMessage = reason;
    } else {
      this.statusMessage ||= STATUS_CODES[status] || "unknown";
      obj ??= reason;
    }
    this.statusCode = status;
    const headers = this[kOutHeaders] === null ? obj : this.#merge(obj);
    if (_checkInvalidHeaderChar(this.statusMessage)) throw new (httpErrors().ERR_INVALID_CHAR)("statusMessage");
    if (status === 204 || status === 304) this._hasBody = false;
    this._storeHeader(`HTTP/1.1 ${status} ${this.statusMessage}\r\n`, headers ?? null);
    return this;
  }

  // Headers of writeHead() take the place of those that were set.
  #merge(obj) {
    if (ArrayIsArray(obj)) {
      if (obj.length % 2 !== 0) throw new (errors().ERR_INVALID_ARG_VALUE)("headers", obj);
      for (let i = 0; i < obj.length; i += 2) this.removeHeader(`${obj[i]}`);
      for (let i = 0; i < obj.length; i += 2) this.appendHeader(`${obj[i]}`, obj[i + 1]);
    } else if (obj) {
      const names = ObjectKeys(obj);
      for (let i = 0; i < names.length; i++) if (obj[names[i]]) this.setHeader(names[i], obj[names[i]]);
    }
    return this[kOutHeaders];
  }

  writeHeader(statusCode, reason, obj) {
    return this.writeHead(statusCode, reason, obj);
  }
}

module.exports = { ServerResponse, responseOf };

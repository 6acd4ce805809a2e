"use strict";
// http.OutgoingMessage: what is sent, with headers first. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpoutgoingmessage
// What is written in one turn goes out together, in a microtask; subclasses get it by kOnHeaders and kOnData.

const {
  ArrayIsArray,
  ArrayPrototypePush,
  Boolean,
  ObjectKeys,
  RegExpPrototypeExec,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeToLowerCase,
  Symbol,
  SymbolIterator,
  TypedArrayPrototypeGetByteLength,
} = primordials;
const errors = require.lazy("node/internal_errors");
const httpErrors = require.lazy("node/internal_http_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { EventEmitter } = require("node/events");
const { Buffer } = require("node/internal_buffer");
const { kUniqueHeaders, parseUniqueHeadersOption, validateHeaderName, validateHeaderValue } = require("node/internal_http_checks");
const { writeHeaders } = require("node/internal_http_header");
const { Writable } = require("node/internal_stream_writable");
const { validateString } = require("node/internal_validators");
const { isUint8Array } = require("node/util_types");
const { appendRaw, fromList } = require("web/headers").internals;
const { queueMicrotask } = require("web/timers");
const { getDefaultHighWaterMark } = require("node/stream");

const kCorked = Symbol("corked");
const kHighWaterMark = Symbol("kHighWaterMark");
const kNeedDrain = Symbol("kNeedDrain");
const kOutHeaders = Symbol("kOutHeaders");
const kErrored = Symbol("kErrored");
const kRejectNonStandardBodyWrites = Symbol("kRejectNonStandardBodyWrites");
/** Method: the headers go out: (status, message, [name, value, ...]). */
const kOnHeaders = Symbol("onHeaders");
/** Method: a chunk goes out, bytes or text with its encoding. */
const kOnData = Symbol("onData");

const nop = () => {};
const byteLength = (chunk, encoding) => (typeof chunk === "string" ? Buffer.byteLength(chunk, encoding ?? undefined) : TypedArrayPrototypeGetByteLength(chunk));

const kStatusLine = /^HTTP\/\d+\.\d+ (\d+) (.*)\r\n/;

// Of a header that somebody has written by hand.
function parseHeaders(text) {
  const list = [];
  const lines = StringPrototypeSplit(text, "\r\n");
  for (let i = 1; i < lines.length; i++) {
    const colon = StringPrototypeIndexOf(lines[i], ": ");
    if (colon !== -1) ArrayPrototypePush(list, StringPrototypeSlice(lines[i], 0, colon), StringPrototypeSlice(lines[i], colon + 2));
  }
  return list;
}

/** A Headers of names and values in turn. */
function headersOf(list) {
  const headers = [];
  for (let i = 0; i < list.length; i += 2) appendRaw(headers, list[i], `${list[i + 1]}`);
  return fromList(headers);
}

class OutgoingMessage extends Writable {
  // What was written while corked: { data, encoding, size }.
  #buffered = [];
  #bufferedSize = 0;
  #bufferCorked = 0;
  #bytesWritten = 0;
  // Names and values of the headers, once they are written.
  #list;
  // The size of headers that count with the next write.
  #headerSize = 0;

  [kOutHeaders] = null;
  [kErrored] = null;
  [kCorked] = 0;
  [kNeedDrain] = false;
  outputData = [];
  outputSize = 0;
  writtenHeaderBytes = 0;
  strictContentLength = false;
  chunkedEncoding = false;
  sendDate = false;
  shouldKeepAlive = true;
  writable = true;
  finished = false;
  destroyed = false;
  useChunkedEncodingByDefault = true;
  maxRequestsOnConnectionReached = false;
  _closed = false;
  _headerSent = false;
  _onPendingData = nop;
  _header = null;
  _contentLength = null;
  _hasBody = true;
  _removedContLen = false;
  _removedConnection = false;
  _removedTE = false;
  _last = false;
  _defaultKeepAlive = true;
  _maxRequestsPerSocket = undefined;
  _keepAliveTimeout = 0;

  constructor(req = undefined, options = undefined) {
    super({ autoDestroy: false });
    this.req = req;
    this[kHighWaterMark] = options?.highWaterMark ?? getDefaultHighWaterMark(false);
    this[kRejectNonStandardBodyWrites] = options?.rejectNonStandardBodyWrites ?? false;
  }

  [kOnHeaders](statusCode, statusMessage, list) {
    if (this.listenerCount("_headersSent") === 0) return;
    this.emit("_headersSent", { statusCode, statusMessage, headers: headersOf(list) });
  }

  [kOnData](data, encoding) {}

  // Corking.

  cork() {
    this[kCorked]++;
    this.#bufferCorked++;
  }

  uncork() {
    if (this[kCorked] > 0) this[kCorked]--;
    this.#uncorkBuffer();
  }

  #uncorkBuffer() {
    if (this.#bufferCorked > 0) this.#bufferCorked--;
    if (this.#bufferCorked === 0) this.#flushBuffer();
  }

  #flushBuffer() {
    const list = this.#buffered;
    if (list.length === 0) return;
    this.#buffered = [];
    this.#bufferedSize = 0;
    for (let i = 0; i < list.length; i++) this[kOnData](list[i].data, list[i].encoding);
  }

  // Headers.

  _storeHeader(firstLine, headers) {
    const own = headers !== null && headers !== undefined && headers === this[kOutHeaders] ? headers : null;
    const writer = writeHeaders(this, firstLine, own, headers);
    this.#list = writer.list;
    this._header = writer.text;
    this._headerSent = false;
    if (writer.expect) this._send("");
  }

  setHeader(name, value) {
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("set");
    validateHeaderName(name);
    validateHeaderValue(name, value);
    this[kOutHeaders] ??= { __proto__: null };
    this[kOutHeaders][StringPrototypeToLowerCase(name)] = [name, value];
    return this;
  }

  setHeaders(headers) {
    if (this.headersSent) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("set");
    if (typeof headers !== "object" || headers === null || ArrayIsArray(headers) || typeof headers.keys !== "function" || typeof headers.get !== "function") {
      throw new (errors().ERR_INVALID_ARG_TYPE)("headers", ["Headers", "Map"], headers);
    }
    const cookies = [];
    const iterator = headers[SymbolIterator]();
    for (let step = iterator.next(); !step.done; step = iterator.next()) {
      const { 0: name, 1: value } = step.value;
      if (name !== "set-cookie") this.setHeader(name, value);
      else if (!ArrayIsArray(value)) ArrayPrototypePush(cookies, value);
      else for (let i = 0; i < value.length; i++) ArrayPrototypePush(cookies, value[i]);
    }
    if (cookies.length > 0) this.setHeader("set-cookie", cookies);
    return this;
  }

  appendHeader(name, value) {
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("append");
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const entry = this[kOutHeaders]?.[StringPrototypeToLowerCase(name)];
    if (entry === undefined) return this.setHeader(name, value);
    if (!ArrayIsArray(entry[1])) entry[1] = [entry[1]];
    if (!ArrayIsArray(value)) ArrayPrototypePush(entry[1], value);
    else for (let i = 0; i < value.length; i++) ArrayPrototypePush(entry[1], value[i]);
    return this;
  }

  getHeader(name) {
    validateString(name, "name");
    return this[kOutHeaders]?.[StringPrototypeToLowerCase(name)]?.[1];
  }

  hasHeader(name) {
    validateString(name, "name");
    return Boolean(this[kOutHeaders]?.[StringPrototypeToLowerCase(name)]);
  }

  removeHeader(name) {
    validateString(name, "name");
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("remove");
    const key = StringPrototypeToLowerCase(name);
    if (key === "connection") this._removedConnection = true;
    else if (key === "content-length") this._removedContLen = true;
    else if (key === "transfer-encoding") this._removedTE = true;
    else if (key === "date") this.sendDate = false;
    if (this[kOutHeaders] !== null) delete this[kOutHeaders][key];
  }

  getHeaderNames() {
    return this[kOutHeaders] === null ? [] : ObjectKeys(this[kOutHeaders]);
  }

  getRawHeaderNames() {
    const names = this.getHeaderNames();
    for (let i = 0; i < names.length; i++) names[i] = this[kOutHeaders][names[i]][0];
    return names;
  }

  getHeaders() {
    const result = {};
    const names = this.getHeaderNames();
    for (let i = 0; i < names.length; i++) result[names[i]] = this[kOutHeaders][names[i]][1];
    return result;
  }

  _renderHeaders() {
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("render");
    const result = {};
    const names = this.getHeaderNames();
    for (let i = 0; i < names.length; i++) result[this[kOutHeaders][names[i]][0]] = this[kOutHeaders][names[i]][1];
    return result;
  }

  flushHeaders() {
    if (!this._header) this._implicitHeader();
    this._send("");
  }

  get headersSent() {
    return !!this._header;
  }

  _implicitHeader() {
    throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_implicitHeader()");
  }

  // Writing.

  /** Sends data, after the headers if they have not gone out. */
  _send(data, encoding, callback, size) {
    if (!this._headerSent && this._header !== null) {
      this._headerSent = true;
      this.writtenHeaderBytes = this.#headerSize = this._header.length;
      const match = RegExpPrototypeExec(kStatusLine, this._header);
      if (match !== null) this[kOnHeaders](+match[1], match[2], this.#list ?? parseHeaders(this._header));
    }
    return this._writeRaw(data, encoding, callback, size);
  }

  _writeRaw(data, encoding, callback, size) {
    if (this.destroyed) return false;
    if (typeof encoding === "function") {
      callback = encoding;
      encoding = null;
    }
    if (this._header === null && !this._headerSent) {
      ArrayPrototypePush(this.outputData, { data, encoding, callback });
      this.outputSize += data.length;
      this._onPendingData(data.length);
      return this.outputSize < this[kHighWaterMark];
    }
    if (this.outputData.length > 0) this._flushOutput();
    this.#put(data, encoding, callback);
    return this.#bufferCorked > 0 || this.#bufferedSize < this[kHighWaterMark];
  }

  #put(data, encoding, callback) {
    if (this.#bufferCorked === 0) {
      this[kOnData](data, encoding);
    } else {
      ArrayPrototypePush(this.#buffered, { data, encoding });
      this.#bufferedSize += data.length + this.#headerSize;
    }
    this.#headerSize = 0;
    if (callback) queueMicrotask(() => callback());
  }

  _flushOutput() {
    const list = this.outputData;
    if (list.length === 0) return undefined;
    this.outputData = [];
    for (let i = 0; i < list.length; i++) this.#put(list[i].data, list[i].encoding, list[i].callback);
    this._onPendingData(-this.outputSize);
    this.outputSize = 0;
    return true;
  }

  _flush() {
    const flushed = this._flushOutput();
    if (this.finished) {
      this._finish();
    } else if (flushed && this[kNeedDrain]) {
      this[kNeedDrain] = false;
      this.emit("drain");
    }
  }

  _finish() {
    this.emit("prefinish");
  }

  write(chunk, encoding, callback) {
    if (typeof encoding === "function") {
      callback = encoding;
      encoding = null;
    }
    const more = this.#write(chunk, encoding, callback, false);
    if (!more) this[kNeedDrain] = true;
    return more;
  }

  #write(chunk, encoding, callback, last) {
    const done = typeof callback === "function" ? callback : nop;
    if (chunk === null) throw new (streamErrors().ERR_STREAM_NULL_VALUES)();
    if (typeof chunk !== "string" && !isUint8Array(chunk)) {
      throw new (errors().ERR_INVALID_ARG_TYPE)("chunk", ["string", "Buffer", "Uint8Array"], chunk);
    }
    if (this.finished || this.destroyed) {
      this.#refuse(this.finished ? new (streamErrors().ERR_STREAM_WRITE_AFTER_END)() : new (streamErrors().ERR_STREAM_DESTROYED)("write"), done);
      return false;
    }
    if (this.strictContentLength) this.#count(byteLength(chunk, encoding), last);
    if (!this._header) {
      if (last) this._contentLength = byteLength(chunk, encoding);
      this._implicitHeader();
    }
    if (!this._hasBody) {
      if (this[kRejectNonStandardBodyWrites]) throw new (httpErrors().ERR_HTTP_BODY_NOT_ALLOWED)();
      queueMicrotask(() => done());
      return true;
    }
    if (!last && this.#bufferCorked === 0) {
      this.#bufferCorked++;
      queueMicrotask(() => this.#uncorkBuffer());
    }
    return this._send(chunk, encoding, done);
  }

  #refuse(error, callback) {
    const { destroyed } = this;
    queueMicrotask(() => {
      callback(error);
      if (!destroyed && !this.destroyed) this.emit("error", error);
    });
  }

  // Counts what is written against the length that was promised.
  #count(size, last) {
    const expected = this._contentLength ?? 0;
    const total = this.#bytesWritten + size;
    if (this.#isStrict() && (last ? total !== this._contentLength : total > expected)) {
      throw new (httpErrors().ERR_HTTP_CONTENT_LENGTH_MISMATCH)(total, expected);
    }
    this.#bytesWritten = total;
  }

  #isStrict() {
    const known = this._contentLength !== null && this._contentLength !== undefined;
    return this.strictContentLength && known && this._hasBody && !this._removedContLen && !this.chunkedEncoding && !this.hasHeader("transfer-encoding");
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === "function") {
      callback = chunk;
      chunk = null;
      encoding = null;
    } else if (typeof encoding === "function") {
      callback = encoding;
      encoding = null;
    }
    if (this.finished) {
      this.#endAgain(chunk, callback);
      return this;
    }
    if (chunk) {
      this.#bufferCorked++;
      this.#write(chunk, encoding, null, true);
    } else if (!this._header) {
      this.#bufferCorked++;
      this._contentLength = 0;
      this._implicitHeader();
    }
    if (typeof callback === "function") this.once("finish", callback);
    if (this.#isStrict() && this.#bytesWritten !== this._contentLength) {
      throw new (httpErrors().ERR_HTTP_CONTENT_LENGTH_MISMATCH)(this.#bytesWritten, this._contentLength ?? 0);
    }
    this.#finish(chunk);
    return this;
  }

  #endAgain(chunk, callback) {
    if (chunk) {
      if (!this.destroyed) this.#refuse(new (streamErrors().ERR_STREAM_WRITE_AFTER_END)(), typeof callback === "function" ? callback : nop);
    } else if (typeof callback !== "function") {
      return;
    } else if (!this.writableFinished) {
      this.on("finish", callback);
    } else {
      callback(new (streamErrors().ERR_STREAM_ALREADY_FINISHED)("end"));
    }
  }

  // Sends what is left, and tells of the end in a microtask.
  #finish(chunk) {
    const finish = () => this.emit("finish");
    if ((this._hasBody && this.chunkedEncoding) || !this._headerSent || this.writableLength || chunk) this._send("", "latin1", finish);
    else queueMicrotask(finish);
    this[kCorked] = 0;
    this.#bufferCorked = 0;
    this.#flushBuffer();
    this.finished = true;
    this._writableState.finished = true;
    this._writableState.corked = 1;
    if (this.outputData.length === 0) this._finish();
  }

  destroy(err, cb) {
    if (this.destroyed) return this;
    if (err !== undefined && err !== null) this.emit("error", err);
    this.destroyed = true;
    this[kErrored] = err;
    return this;
  }

  pipe(destination) {
    this.emit("error", new (streamErrors().ERR_STREAM_CANNOT_PIPE)());
    return destination;
  }

  [EventEmitter.captureRejectionSymbol](error) {
    this.destroy(error);
  }

  get errored() {
    return this[kErrored];
  }

  get closed() {
    return this._closed;
  }

  get writableEnded() {
    return this.finished;
  }

  get writableLength() {
    return this.outputSize + (this._header !== null || this._headerSent ? this.#bufferedSize : 0);
  }

  get writableCorked() {
    return this[kCorked];
  }

  get writableNeedDrain() {
    return !this.destroyed && !this.finished && this[kNeedDrain];
  }

  get writableHighWaterMark() {
    return this[kHighWaterMark];
  }

  get writableObjectMode() {
    return false;
  }
}

module.exports = {
  OutgoingMessage,
  headersOf,
  kErrored,
  kHighWaterMark,
  kOnData,
  kOnHeaders,
  kOutHeaders,
  kUniqueHeaders,
  parseUniqueHeadersOption,
  validateHeaderName,
  validateHeaderValue,
};

"use strict";
// How an OutgoingMessage writes its headers. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpoutgoingmessage

const {
  ArrayIsArray,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  Date,
  MathFloor,
  ObjectHasOwn,
  ObjectKeys,
  RegExpPrototypeExec,
  SetPrototypeHas,
  String,
  StringPrototypeToLowerCase,
  uncurryThis,
} = primordials;
const errors = require.lazy("node/internal_errors");
const { Buffer } = require("node/internal_buffer");
const { chunkExpression, kUniqueHeaders, validateHeaderName, validateHeaderValue } = require("node/internal_http_checks");

const toUTCString = uncurryThis(Date.prototype.toUTCString);
const kClose = /(?:^|\W)close(?:$|\W)/i;

/** The lines of a message's headers, and which of them are there. */
class HeaderWriter {
  #message;
  #validate;
  /** Names and values in turn. */
  list = [];
  text;
  connection = false;
  contentLength = false;
  transferEncoding = false;
  date = false;
  expect = false;
  trailer = false;

  constructor(message, firstLine, validate) {
    this.#message = message;
    this.text = firstLine;
    this.#validate = validate;
  }

  /** A line of its own making. */
  line(name, value) {
    ArrayPrototypePush(this.list, name, value);
    this.text += `${name}: ${value}\r\n`;
  }

  /** A header of the program: several values are several lines, but for those that are to be one. */
  add(name, value) {
    if (this.#validate) validateHeaderName(name);
    if (this.#message._contentLength && StringPrototypeToLowerCase(name) === "content-disposition") value = fromLatin1(value);
    if (!ArrayIsArray(value)) {
      this.#store(name, String(value));
    } else if (this.#isOne(name, value)) {
      this.#store(name, ArrayPrototypeJoin(value, "; "));
    } else {
      for (let i = 0; i < value.length; i++) this.#store(name, value[i]);
    }
  }

  #isOne(name, values) {
    const lower = StringPrototypeToLowerCase(name);
    if (lower === "cookie" && values.length >= 2) return true;
    const unique = this.#message[kUniqueHeaders];
    return unique !== undefined && unique !== null && SetPrototypeHas(unique, lower);
  }

  #store(name, value) {
    if (this.#validate) validateHeaderValue(name, value);
    this.line(name, value);
    this.#note(StringPrototypeToLowerCase(name), value);
  }

  // What a header says about the message.
  #note(name, value) {
    const message = this.#message;
    switch (name) {
      case "connection":
        this.connection = true;
        message._removedConnection = false;
        if (RegExpPrototypeExec(kClose, value) !== null) message._last = true;
        else message.shouldKeepAlive = true;
        break;
      case "transfer-encoding":
        this.transferEncoding = true;
        message._removedTE = false;
        if (RegExpPrototypeExec(chunkExpression, value) !== null) message.chunkedEncoding = true;
        break;
      case "content-length":
        this.contentLength = true;
        message._contentLength = +value;
        message._removedContLen = false;
        break;
      case "date":
      case "expect":
      case "trailer":
        this[name] = true;
        break;
      case "keep-alive":
        message._defaultKeepAlive = false;
        break;
    }
  }
}

// Text that was given as bytes.
function fromLatin1(value) {
  if (!ArrayIsArray(value)) return String(Buffer.from(String(value), "latin1"));
  for (let i = 0; i < value.length; i++) value[i] = String(Buffer.from(String(value[i]), "latin1"));
  return value;
}

// { name: value }, [name, value, ...] or [[name, value], ...]
function addAll(writer, headers) {
  if (!ArrayIsArray(headers)) {
    for (const name in headers) if (ObjectHasOwn(headers, name)) writer.add(name, headers[name]);
  } else if (headers.length > 0 && ArrayIsArray(headers[0])) {
    for (let i = 0; i < headers.length; i++) writer.add(headers[i][0], headers[i][1]);
  } else {
    if (headers.length % 2 !== 0) throw new (errors().ERR_INVALID_ARG_VALUE)("headers", headers);
    for (let i = 0; i < headers.length; i += 2) writer.add(headers[i], headers[i + 1]);
  }
}

function addConnection(message, writer) {
  if (message._removedConnection) {
    message._last = !message.shouldKeepAlive;
    return;
  }
  if (writer.connection) return;
  const keep = message.shouldKeepAlive && (writer.contentLength || message.useChunkedEncodingByDefault || message.agent);
  if (!keep) message._last = true;
  if (!keep || message.maxRequestsOnConnectionReached) {
    writer.line("Connection", "close");
    return;
  }
  writer.line("Connection", "keep-alive");
  if (!message._keepAliveTimeout || !message._defaultKeepAlive) return;
  const max = message._maxRequestsPerSocket > 0 ? `, max=${message._maxRequestsPerSocket}` : "";
  writer.line("Keep-Alive", `timeout=${MathFloor(message._keepAliveTimeout / 1000)}${max}`);
}

function addLength(message, writer) {
  if (writer.contentLength || writer.transferEncoding) return;
  if (!message._hasBody) {
    message.chunkedEncoding = false;
  } else if (!message.useChunkedEncodingByDefault) {
    message._last = true;
  } else if (!writer.trailer && !message._removedContLen && typeof message._contentLength === "number") {
    writer.line("Content-Length", `${message._contentLength}`);
  } else if (!message._removedTE) {
    writer.line("Transfer-Encoding", "chunked");
    message.chunkedEncoding = true;
  } else {
    message._last = true;
  }
}

/**
 * Writes the headers of a message, and settles by them how it is sent.
 * @param {object | null} own those set by setHeader(): { lower case name: [name, value] }
 * @param {object | any[] | null} headers others instead
 */
function writeHeaders(message, firstLine, own, headers) {
  const writer = new HeaderWriter(message, firstLine, own === null);
  if (own !== null) {
    const names = ObjectKeys(own);
    for (let i = 0; i < names.length; i++) writer.add(own[names[i]][0], own[names[i]][1]);
  } else if (headers !== null && headers !== undefined) {
    addAll(writer, headers);
  }
  if (message.sendDate && !writer.date) writer.line("Date", toUTCString(new Date()));
  if (message.chunkedEncoding && (message.statusCode === 204 || message.statusCode === 304)) {
    message.chunkedEncoding = false;
    message.shouldKeepAlive = false;
  }
  addConnection(message, writer);
  addLength(message, writer);
  writer.text += "\r\n";
  return writer;
}

module.exports = { writeHeaders };

"use strict";
// http.IncomingMessage: a response that came, or a request. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpincomingmessage

const {
  ArrayIsArray,
  ArrayPrototypePush,
  PromisePrototypeThen,
  StringPrototypeToLowerCase,
  Symbol,
  TypedArrayPrototypeSubarray,
} = primordials;
const { timerDuration } = require("node/internal_net_args");
const { Readable } = require("node/internal_stream_readable");
const { queueMicrotask } = require("web/timers");
require("node/stream");

const kHeaders = Symbol("kHeaders");
const kHeadersDistinct = Symbol("kHeadersDistinct");
const kHeadersCount = Symbol("kHeadersCount");

// Those of which the first counts.
const kSingle = {
  __proto__: null,
  age: true,
  authorization: true,
  "content-length": true,
  "content-type": true,
  etag: true,
  expires: true,
  from: true,
  host: true,
  "if-modified-since": true,
  "if-unmodified-since": true,
  "last-modified": true,
  location: true,
  "max-forwards": true,
  "proxy-authorization": true,
  referer: true,
  "retry-after": true,
  server: true,
  "user-agent": true,
};

// Events are not to be longer than those of a connection.
const kMaxChunk = 65536;

function pushAll(stream, bytes) {
  let more = true;
  for (let at = 0; at < bytes.length; at += kMaxChunk) {
    more = stream.push(bytes.length <= kMaxChunk ? bytes : TypedArrayPrototypeSubarray(bytes, at, at + kMaxChunk));
  }
  return more;
}

// Set by the class, which alone knows the private fields.
let takeResponse;
let takeRequest;

class IncomingMessage extends Readable {
  #stream = null;
  #reader;
  #reading = false;
  #socket;
  // Makes the socket when somebody asks for it.
  #makeSocket;
  // Of the request whose response this is: { set(msecs), touch() }.
  #idleTimer;

  aborted = false;
  url = "";
  method = null;
  statusCode = null;
  statusMessage = null;
  httpVersionMajor = 1;
  httpVersionMinor = 1;
  httpVersion = "1.1";
  complete = false;
  rawHeaders = [];
  joinDuplicateHeaders = false;
  cloudflare = { cf: undefined, env: undefined, ctx: undefined };
  [kHeaders] = null;
  [kHeadersDistinct] = null;
  [kHeadersCount] = 0;
  _dumped = false;
  _consuming = false;
  _paused = false;

  static {
    takeResponse = (incoming, response, headers, idleTimer) => {
      incoming.#idleTimer = idleTimer;
      incoming.#setHeaders(headers);
      incoming.url = response.url;
      incoming.statusCode = response.status;
      incoming.statusMessage = response.statusText;
      incoming.#stream = response.body;
    };
    takeRequest = (incoming, body, makeSocket) => {
      incoming.#stream = body;
      incoming.#makeSocket = makeSocket;
    };
  }

  constructor() {
    super({});
  }

  // Those of a fetch, which has joined them.
  #setHeaders(list) {
    const headers = {};
    const distinct = {};
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i];
      if (headers[name] === undefined) this[kHeadersCount]++;
      headers[name] = headers[name] === undefined ? list[i + 1] : `${headers[name]}, ${list[i + 1]}`;
      distinct[name] = [headers[name]];
    }
    this[kHeaders] = headers;
    this[kHeadersDistinct] = distinct;
  }

  async #pump() {
    if (this.#reading) return;
    this.#reading = true;
    try {
      this.#reader ??= this.#stream.getReader();
      while (!this.destroyed) {
        const { done, value } = await this.#reader.read();
        if (this.destroyed) break;
        if (done) {
          this.complete = true;
          this.push(null);
          break;
        }
        this.#idleTimer?.touch();
        if (!pushAll(this, value)) break;
      }
    } catch (error) {
      this.destroy(error);
    } finally {
      this.#reading = false;
    }
  }

  _read(n) {
    this._consuming = true;
    if (this.#stream !== null) {
      this.#pump();
      return;
    }
    this.complete = true;
    this.push(null);
  }

  _destroy(error, callback) {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit("aborted");
    }
    if (!this.complete && this.#stream !== null) {
      const source = this.#reader ?? this.#stream;
      PromisePrototypeThen(source.cancel(error ?? undefined), undefined, () => {});
    }
    // Nobody has to listen to errors.
    queueMicrotask(() => {
      if (this.listenerCount("error") === 0) callback();
      else callback(error);
    });
  }

  _addHeaderLine(field, value, dest) {
    const name = StringPrototypeToLowerCase(field);
    const there = dest[name];
    if (name === "set-cookie") {
      if (there === undefined) dest[name] = [value];
      else ArrayPrototypePush(there, value);
    } else if (typeof there !== "string") {
      if (there === undefined || !kSingle[name]) dest[name] = value;
    } else if (!kSingle[name]) {
      dest[name] = there + (name === "cookie" ? "; " : ", ") + value;
    } else if (this.joinDuplicateHeaders) {
      dest[name] = `${there}, ${value}`;
    }
  }

  _addHeaderLineDistinct(field, value, dest) {
    const name = StringPrototypeToLowerCase(field);
    if (!dest[name]) dest[name] = [value];
    else ArrayPrototypePush(dest[name], value);
  }

  _addHeaderLines(headers, n) {
    if (!ArrayIsArray(headers) || this.complete) return;
    this.rawHeaders = headers;
    this[kHeadersCount] = n;
    if (this[kHeaders] === null) return;
    for (let i = 0; i < n; i += 2) this._addHeaderLine(headers[i], headers[i + 1], this[kHeaders]);
  }

  get headers() {
    if (this[kHeaders] === null) {
      const headers = {};
      this[kHeaders] = headers;
      const raw = this.rawHeaders;
      for (let i = 0; i < this[kHeadersCount]; i += 2) this._addHeaderLine(raw[i], raw[i + 1], headers);
    }
    return this[kHeaders];
  }

  set headers(value) {
    this[kHeaders] = value;
  }

  get headersDistinct() {
    if (this[kHeadersDistinct] === null) {
      const headers = {};
      this[kHeadersDistinct] = headers;
      const raw = this.rawHeaders;
      for (let i = 0; i < this[kHeadersCount]; i += 2) this._addHeaderLineDistinct(raw[i], raw[i + 1], headers);
    }
    return this[kHeadersDistinct];
  }

  set headersDistinct(value) {
    this[kHeadersDistinct] = value;
  }

  // The platform passes none on.
  get trailers() {
    return {};
  }

  set trailers(value) {}

  get trailersDistinct() {
    return {};
  }

  set trailersDistinct(value) {}

  _dump() {
    if (this._dumped) return;
    this._dumped = true;
    this.removeAllListeners("data");
    this.resume();
  }

  setTimeout(msecs, callback) {
    const duration = timerDuration(msecs, "msecs");
    if (callback) this.on("timeout", callback);
    this.#idleTimer?.set(duration);
    return this;
  }

  get socket() {
    if (this.#makeSocket !== undefined) {
      this.#socket = this.#makeSocket(this);
      this.#makeSocket = undefined;
    }
    return this.#socket;
  }

  get connection() {
    return this.socket;
  }

  set connection(value) {
    this.#makeSocket = undefined;
    this.#socket = value;
  }
}

module.exports = { IncomingMessage, takeRequest, takeResponse };

"use strict";
// http.ClientRequest: a fetch. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpclientrequest
// The body is collected and sent when it has ended.

const {
  ArrayIsArray,
  ArrayPrototypePush,
  Boolean,
  FunctionPrototypeCall,
  ObjectAssign,
  ObjectKeys,
  PromisePrototypeThen,
  PromiseResolve,
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeToUpperCase,
  Uint8Array,
} = primordials;
const { requireContext } = require("core/context");
const errors = require.lazy("node/internal_errors");
const httpErrors = require.lazy("node/internal_http_errors");
const netErrors = require.lazy("node/internal_net_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { Buffer } = require("node/internal_buffer");
const { globalAgent } = require("node/internal_http_agent");
const { _checkIsHttpToken, kUniqueHeaders, parseUniqueHeadersOption } = require("node/internal_http_checks");
const { IncomingMessage, takeResponse } = require("node/internal_http_incoming");
const { OutgoingMessage, kErrored, kOutHeaders } = require("node/internal_http_outgoing");
const { timerDuration } = require("node/internal_net_args");
const { fail } = require("node/internal_stubs");
const { Writable } = require("node/internal_stream_writable");
const { urlToHttpOptions } = require("node/internal_url_file");
const { validateBoolean, validateFunction, validateInteger, validateNumber, validateString } = require("node/internal_validators");
const { isUint8Array } = require("node/util_types");
const { AbortController } = require("web/abort");
const headersInternals = require("web/headers").internals;
const { Response } = require("web/response");
const { start, stop } = require("web/timers").internals;
const { queueMicrotask } = require("web/timers");
const { URL } = require("web/url");

const kInvalidPath = /[^\u0021-\u00ff]/;
// What a URL parser would take for another host.
const kAuthority = /^(?:[/\\]{2}|[^/\\]*:)/;

const given = (value) => value !== undefined && value !== null;
const isURL = (value) => Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);

/** [options, callback] of (url, options, callback), where one of the first two may be missing. */
function requestArguments(input, options, cb) {
  let base = {};
  if (typeof input === "string") base = urlToHttpOptions(new URL(input));
  else if (isURL(input)) base = urlToHttpOptions(input);
  else {
    cb = options;
    options = input;
  }
  if (typeof options === "function") {
    cb = options;
    options = undefined;
  }
  return [ObjectAssign(base, options), cb];
}

function checkPath(path) {
  if (!path) return;
  if (RegExpPrototypeExec(kInvalidPath, path) !== null) throw new (httpErrors().ERR_UNESCAPED_CHARACTERS)("Request path");
  if (RegExpPrototypeExec(kAuthority, path) !== null) throw authorityError(path);
}

const authorityError = (path) => new (errors().ERR_INVALID_ARG_VALUE)("options.path", path, "must be a path-only request target");

function agentOf(options, defaultAgent) {
  const { agent } = options;
  if (agent === false) return new defaultAgent.constructor();
  if (!given(agent)) return typeof options.createConnection === "function" ? agent : defaultAgent;
  if (typeof agent === "object" && typeof agent.addRequest !== "function") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("options.agent", ["Agent-like Object", "undefined", "false"], agent);
  }
  return agent;
}

function checkHost(host, name) {
  if (given(host) && typeof host !== "string") throw new (errors().ERR_INVALID_ARG_TYPE)(`options.${name}`, ["string", "undefined", "null"], host);
  return host;
}

function methodOf(method) {
  if (given(method) && typeof method !== "string") throw new (errors().ERR_INVALID_ARG_TYPE)("options.method", "string", method);
  if (!method) return "GET";
  if (!_checkIsHttpToken(method)) throw new (httpErrors().ERR_INVALID_HTTP_TOKEN)("Method", method);
  return StringPrototypeToUpperCase(method);
}

// Options that are checked, and those that the platform has no use for.
function checkOptions(options) {
  const refuse = (name, validate, ...more) => {
    if (options[name] === undefined) return;
    validate(options[name], more.length > 0 ? name : `options.${name}`, ...more);
    throw new (netErrors().ERR_OPTION_NOT_IMPLEMENTED)(`options.${name}`);
  };
  refuse("maxHeaderSize", validateInteger, 0);
  if (options.insecureHTTPParser !== undefined) validateBoolean(options.insecureHTTPParser, "options.insecureHTTPParser");
  refuse("createConnection", validateFunction);
  refuse("lookup", validateFunction);
  refuse("socketPath", validateString);
  if (options.joinDuplicateHeaders !== undefined) validateBoolean(options.joinDuplicateHeaders, "options.joinDuplicateHeaders");
}

// "[::1]:81" of what the header Host says.
function hostHeader(host, port, defaultPort) {
  const colon = StringPrototypeIndexOf(host, ":");
  const v6 = colon !== -1 && StringPrototypeIndexOf(host, ":", colon + 1) !== -1 && StringPrototypeCharCodeAt(host, 0) !== 91;
  const name = v6 ? `[${host}]` : host;
  return port && +port !== defaultPort ? `${name}:${port}` : name;
}

class ClientRequest extends OutgoingMessage {
  #controller = new AbortController();
  #body = [];
  #incoming;
  #timer = 0;
  #sent = false;

  _ended = false;
  timeout = undefined;
  method = "GET";
  path = "/";
  host = undefined;
  protocol = "http:";
  port = "80";
  joinDuplicateHeaders = undefined;
  agent = undefined;
  aborted = false;
  reusedSocket = false;
  maxHeadersCount = Infinity;
  connection = null;
  socket = null;
  [kUniqueHeaders] = null;

  constructor(input, options = undefined, cb = undefined) {
    super();
    [options, cb] = requestArguments(input, options, cb);
    checkPath(options.path);
    const defaultAgent = options._defaultAgent || globalAgent;
    this.agent = agentOf(options, defaultAgent);
    const defaultPort = options.defaultPort || this.agent?.defaultPort || 80;
    const expected = this.agent?.protocol || defaultAgent.protocol;
    this.protocol = options.protocol || defaultAgent.protocol;
    if (this.protocol !== expected) throw new (httpErrors().ERR_INVALID_PROTOCOL)(this.protocol, expected);
    const port = options.port || defaultPort || 80;
    options.port = port;
    this.port = `${port}`;
    const host = checkHost(options.hostname, "hostname") || checkHost(options.host, "host") || "localhost";
    options.host = host;
    if (options.timeout !== undefined) this.timeout = timerDuration(options.timeout, "timeout");
    if (options.signal) require("node/internal_stream_abort").addAbortSignal(options.signal, this);
    this.method = methodOf(options.method);
    checkOptions(options);
    this.joinDuplicateHeaders = options.joinDuplicateHeaders;
    this.path = options.path || "/";
    if (cb) this.once("response", cb);
    this.host = host;
    this.#takeHeaders(options, defaultPort);
    this.on("finish", () => this.#onFinish());
    this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  }

  #takeHeaders({ headers, host, port, auth, setHost, setDefaultHeaders }, defaultPort) {
    if (ArrayIsArray(headers)) {
      if (headers.length % 2 !== 0) throw new (errors().ERR_INVALID_ARG_VALUE)("headers", headers);
      for (let i = 0; i < headers.length; i += 2) this.setHeader(headers[i], headers[i + 1]);
      return;
    }
    if (given(headers)) {
      if ("host" in headers) validateString(headers.host, "host");
      const names = ObjectKeys(headers);
      for (let i = 0; i < names.length; i++) this.setHeader(names[i], headers[names[i]]);
    }
    const wanted = setHost !== undefined ? setHost : setDefaultHeaders !== false;
    if (host && !this.getHeader("host") && wanted) this.setHeader("Host", hostHeader(host, port, defaultPort));
    if (auth && !this.getHeader("Authorization")) this.setHeader("Authorization", `Basic ${Buffer.from(auth).toString("base64")}`);
  }

  // Sending.

  #onFinish() {
    if (this.destroyed) return;
    try {
      this.#send();
    } catch (error) {
      this.destroy(error);
    }
  }

  #send() {
    this.#sent = true;
    this.#armTimer();
    const names = this.getHeaderNames();
    if (this.host && names.length === 0) {
      // What a server would say.
      queueMicrotask(() => this.#onResponse(new Response(null, { status: 400, statusText: "Bad Request", headers: { connection: "close" } })));
      return;
    }
    if (this.path !== "/" && RegExpPrototypeExec(kAuthority, this.path) !== null) {
      this.destroy(authorityError(this.path));
      return;
    }
    const init = {
      method: this.method,
      headers: this.#fetchHeaders(names),
      body: this.method === "GET" || this.method === "HEAD" || this.#body.length === 0 ? null : Buffer.concat(this.#body),
      signal: this.#controller.signal,
      redirect: "manual",
      encodeResponseBody: "manual",
    };
    // The program's, if it has put one of its own there.
    PromisePrototypeThen(
      PromiseResolve(globalThis.fetch(this.#url(), init)),
      (response) => this.#onResponse(response),
      (error) => {
        if (!this.destroyed) this.destroy(error);
      },
    );
  }

  #url() {
    const url = new URL(`http://${this.host}`);
    url.protocol = this.protocol;
    url.port = this.port;
    return this.path.length > 0 && this.path !== "/" ? new URL(this.path, url) : url;
  }

  #fetchHeaders(names) {
    const pairs = [];
    for (let i = 0; i < names.length; i++) {
      const [name, value] = this[kOutHeaders][names[i]];
      if (!ArrayIsArray(value)) ArrayPrototypePush(pairs, [name, `${value}`]);
      else if (this.joinDuplicateHeaders) ArrayPrototypePush(pairs, [name, value.join(", ")]);
      else for (let j = 0; j < value.length; j++) ArrayPrototypePush(pairs, [name, `${value[j]}`]);
    }
    return pairs;
  }

  // Receiving.

  #onResponse(response) {
    if (this.destroyed) {
      const { body } = response;
      if (body !== null) PromisePrototypeThen(body.cancel(), undefined, () => {});
      return;
    }
    const list = headersInternals.sorted(response.headers);
    this._header = "";
    for (let i = 0; i < list.length; i += 2) this._header += `${i === 0 ? "" : "\r\n"}${list[i]}=${list[i + 1]}`;
    this._header ||= "\r\n";
    const incoming = new IncomingMessage();
    const idle = { __proto__: null, set: (msecs) => this.#setIdleTimeout(msecs), touch: () => this.#armTimer() };
    takeResponse(incoming, response, list, idle);
    this.#armTimer();
    incoming.on("error", (error) => {
      if (!this.destroyed) this.emit("error", error);
    });
    incoming.once("close", () => this.#emitClose());
    this.#incoming = incoming;
    this.res = incoming;
    if (!this.emit("response", incoming)) incoming._dump();
  }

  #emitClose() {
    if (this._closed) return;
    this._closed = true;
    this.destroyed = true;
    this.#clearTimer();
    this.emit("close");
  }

  // A response that is there learns that its connection is gone, whatever the reason; it is the request that reports it.
  destroy(err, cb) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this[kErrored] = err ?? null;
    this.#clearTimer();
    const incoming = this.#incoming;
    const { ConnResetException } = netErrors();
    const reason = !given(err) && incoming === undefined && !this.aborted ? new ConnResetException("socket hang up") : err;
    if (given(reason)) queueMicrotask(() => this.emit("error", reason));
    if (incoming === undefined) this.#controller.abort();
    else if (!incoming.complete) incoming.destroy(new ConnResetException("aborted"));
    queueMicrotask(() => this.#emitClose());
    return this;
  }

  abort() {
    if (this.aborted) return;
    this.aborted = true;
    queueMicrotask(() => this.emit("abort"));
    this.destroy();
  }

  onSocket(socket) {}

  addTrailers(headers) {
    fail("addTrailers");
  }

  setNoDelay(noDelay) {
    validateBoolean(noDelay, "noDelay");
  }

  setSocketKeepAlive(enable, initialDelay) {
    validateBoolean(enable, "enable");
    validateNumber(initialDelay, "initialDelay");
  }

  // Writing.

  _write(chunk, encoding, callback) {
    ArrayPrototypePush(this.#body, chunk);
    callback();
    return true;
  }

  write(chunk, encoding, callback) {
    if (this.method !== "GET" && this.method !== "HEAD" && chunk && !this.writableEnded) {
      if (typeof chunk === "string") ArrayPrototypePush(this.#body, Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8"));
      else if (isUint8Array(chunk) && chunk.byteLength > 0) ArrayPrototypePush(this.#body, new Uint8Array(chunk));
    }
    return super.write(chunk, encoding, callback);
  }

  end(data, encoding, callback) {
    if (typeof data === "function") {
      callback = data;
      data = undefined;
    } else if (typeof encoding === "function") {
      callback = encoding;
      encoding = undefined;
    }
    if (this.writableEnded) {
      this.#endAgain(data, encoding, callback);
      return this;
    }
    if (this.destroyed) return this;
    this._ended = true;
    FunctionPrototypeCall(Writable.prototype.end, this, data, encoding, callback);
    this.finished = true;
    return this;
  }

  #endAgain(data, encoding, callback) {
    if (data) this.write(data, encoding, callback);
    else if (typeof callback !== "function") return;
    else if (this.writableFinished) callback(new (streamErrors().ERR_STREAM_ALREADY_FINISHED)("end"));
    else this.once("finish", () => callback());
  }

  // Timeouts: one that runs from when the request was sent, and anew with each sign of life.

  setTimeout(msecs, callback) {
    this.#setIdleTimeout(timerDuration(msecs, "msecs"));
    if (callback) this.once("timeout", callback);
    return this;
  }

  clearTimeout(cb) {
    this.setTimeout(0, cb);
  }

  #setIdleTimeout(msecs) {
    this.timeout = msecs;
    this.#armTimer();
  }

  #clearTimer() {
    if (this.#timer !== 0) stop(this.#timer);
    this.#timer = 0;
  }

  #armTimer() {
    this.#clearTimer();
    if (!this.timeout || !this.#sent || this.destroyed) return;
    const onTimeout = () => {
      this.#timer = 0;
      this.emit("timeout");
      this.#incoming?.emit("timeout");
      this.destroy(new (errors().AbortError)());
    };
    this.#timer = start(requireContext(), onTimeout, undefined, this.timeout, false);
  }

  _implicitHeader() {
    if (this._header) throw new (httpErrors().ERR_HTTP_HEADERS_SENT)("render");
    this._storeHeader(`${this.method} ${this.path} HTTP/1.1\r\n`, this[kOutHeaders]);
  }
}

module.exports = { ClientRequest, isURL };

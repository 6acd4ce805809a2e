"use strict";
// http.Server: requests come to it by the module cloudflare:node. https://nodejs.org/docs/latest-v22.x/api/http.html#class-httpserver

const {
  FunctionPrototypeCall,
  MathMin,
  ObjectDefineProperty,
  Promise,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  Symbol,
} = primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const { EventEmitter } = require("node/events");
const { kIncomingMessage, kServerResponse, kUniqueHeaders, parseUniqueHeadersOption } = require("node/internal_http_checks");
const { IncomingMessage, takeRequest } = require("node/internal_http_incoming");
const ports = require("node/internal_http_ports");
const { ServerResponse, responseOf } = require("node/internal_http_response");
const { isIPv4 } = require("node/internal_net_address");
const { normalizeArgs } = require("node/internal_net_args");
const { fail } = require("node/internal_stubs");
const { validateBoolean, validateFunction, validateInteger, validateNumber, validateObject } = require("node/internal_validators");
const { getDefaultHighWaterMark } = require("node/stream");
const { queueMicrotask } = require("web/timers");
const headers = require("web/headers").internals;
const { state } = require("core/worker");

const kConnectionsCheckingInterval = Symbol("http.server.connectionsCheckingInterval");
const { random } = Math;

// Those that a client may send once; of several the first counts.
const kSingle = {
  __proto__: null,
  host: true,
  "content-type": true,
  "user-agent": true,
  referer: true,
  authorization: true,
  "proxy-authorization": true,
  "if-modified-since": true,
  "if-unmodified-since": true,
  from: true,
  location: true,
  "max-forwards": true,
};

// Up to the first comma outside of quotes.
function firstValue(text) {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (char === "\\" && quoted) i++;
    else if (char === "," && !quoted) return StringPrototypeSlice(text, 0, i);
  }
  return text;
}

// Path and query of a URL.
function targetOf(url) {
  const start = StringPrototypeIndexOf(url, "/", StringPrototypeIndexOf(url, "//") + 2);
  const hash = StringPrototypeIndexOf(url, "#");
  return start === -1 ? "/" : StringPrototypeSlice(url, start, hash === -1 ? undefined : hash);
}

/** What stands for the connection of a request. */
function makeSocket(incoming, list, localPort) {
  const value = (name) => {
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1];
    return undefined;
  };
  const address = value("cf-connecting-ip");
  const v4 = address ? isIPv4(address) : true;
  const remotePort = (random() * 0x8000) | 0x8000;
  const unlessDestroyed = (result) => () => (incoming.destroyed ? undefined : result);
  const socket = new EventEmitter();
  const constant = (name, value) => ObjectDefineProperty(socket, name, { __proto__: null, value, configurable: true });
  const getter = (name, get) => ObjectDefineProperty(socket, name, { __proto__: null, get, configurable: true });
  constant("encrypted", value("x-forwarded-proto") === "https");
  getter("readable", () => incoming.readable);
  getter("remoteFamily", unlessDestroyed(v4 ? "IPv4" : "IPv6"));
  getter("remoteAddress", unlessDestroyed(address ?? "127.0.0.1"));
  getter("remotePort", unlessDestroyed(remotePort));
  constant("localAddress", value("host") ?? "127.0.0.1");
  constant("localPort", localPort);
  constant("destroy", (error) => incoming.destroy(error));
  return socket;
}

class Server extends EventEmitter {
  #port = null;
  [kIncomingMessage] = IncomingMessage;
  [kServerResponse] = ServerResponse;
  [kConnectionsCheckingInterval] = undefined;
  [kUniqueHeaders] = null;
  httpAllowHalfOpen = false;
  timeout = 0;
  maxHeadersCount = null;
  maxRequestsPerSocket = 0;
  connectionsCheckingInterval = 30_000;
  requestTimeout = 300_000;
  headersTimeout = 60_000;
  requireHostHeader = false;
  joinDuplicateHeaders = false;
  rejectNonStandardBodyWrites = false;
  keepAliveTimeout = 5_000;
  keepAliveTimeoutBuffer = 1_000;
  highWaterMark = getDefaultHighWaterMark(false);

  constructor(options = undefined, requestListener = undefined) {
    if (!state.flags.enable_nodejs_http_server_modules) fail("Server");
    super({ captureRejections: true });
    if (options !== undefined && options !== null) FunctionPrototypeCall(storeHTTPOptions, this, options);
    if (options?.highWaterMark !== undefined) {
      validateNumber(options.highWaterMark, "options.highWaterMark");
      if (options.highWaterMark > 0) this.highWaterMark = options.highWaterMark;
    }
    if (typeof options === "function") {
      requestListener = options;
      options = undefined;
    } else if (options !== undefined && options !== null) {
      validateObject(options, "options");
    }
    if (requestListener) this.on("request", requestListener);
    this[kUniqueHeaders] = parseUniqueHeadersOption(options?.uniqueHeaders);
  }

  listen(...args) {
    const [options, callback] = normalizeArgs(args);
    const given = typeof options.port === "number" || typeof options.port === "string";
    const port = given ? netErrors().validatePort(options.port, "options.port") : 0;
    if (this.#port !== null) throw new (netErrors().ERR_SERVER_ALREADY_LISTEN)();
    if (callback !== null) this.once("listening", callback);
    const host = typeof options.host === "string" ? options.host : "127.0.0.1";
    this.#port = ports.bind(host, port, { fetch: (request, env, ctx) => this.#onRequest(request, env, ctx) });
    queueMicrotask(() => this.emit("listening"));
    return this;
  }

  async #onRequest(request, env, ctx) {
    const incoming = this.#incomingOf(request, env, ctx);
    const response = new this[kServerResponse](incoming, {
      highWaterMark: this.highWaterMark,
      rejectNonStandardBodyWrites: this.rejectNonStandardBodyWrites,
    });
    if (incoming.method === "HEAD") response._hasBody = false;
    try {
      this.emit("connection", this, incoming);
      this.emit("request", incoming, response);
      return await responseOf(response);
    } catch (error) {
      response.destroy(error);
      throw error;
    }
  }

  #incomingOf(request, env, ctx) {
    const incoming = new this[kIncomingMessage]();
    const list = headers.sorted(request.headers);
    for (let i = 0; i < list.length; i += 2) if (kSingle[list[i]]) list[i + 1] = firstValue(list[i + 1]);
    incoming.url = targetOf(request.url);
    incoming.method = request.method;
    incoming._addHeaderLines(list, list.length);
    const port = this.#port;
    takeRequest(incoming, request.body, (message) => makeSocket(message, list, port));
    incoming.cloudflare = { env, ctx };
    if ("cf" in request) incoming.cloudflare.cf = request.cf;
    return incoming;
  }

  close(callback) {
    httpServerPreClose(this);
    if (this.#port !== null) {
      ports.release(this.#port);
      this.#port = null;
    }
    if (typeof callback === "function") this.once("close", callback);
    queueMicrotask(() => this.emit("close"));
    return this;
  }

  closeAllConnections() {}

  closeIdleConnections() {}

  setTimeout(msecs, callback) {
    if (typeof msecs === "function") callback = msecs;
    else if (typeof msecs === "number") this.timeout = msecs;
    if (typeof callback === "function") this.once("timeout", callback);
    return this;
  }

  [EventEmitter.captureRejectionSymbol](err, event, ...args) {
    if (event === "request") {
      args[1].destroy(err);
    } else if (event === "error") {
      queueMicrotask(() => {
        throw err;
      });
    } else {
      this.emit("error", err);
    }
  }

  getConnections(callback) {
    if (callback) {
      validateFunction(callback, "callback");
      queueMicrotask(() => callback(null, 0));
    }
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  get listening() {
    return this.#port !== null;
  }

  address() {
    return this.#port === null ? null : { port: this.#port, family: "IPv4", address: "127.0.0.1" };
  }

  get maxConnections() {
    return Infinity;
  }

  get connections() {
    return 0;
  }

  async [Symbol.asyncDispose]() {
    await new Promise((resolve) => this.close(resolve));
  }
}

// What the platform decides.
const kRefused = ["keepAliveTimeout", "keepAliveTimeoutBuffer", "connectionsCheckingInterval"];

function refuse(value, name, min) {
  if (value === undefined) return;
  validateInteger(value, name, min);
  throw new (netErrors().ERR_OPTION_NOT_IMPLEMENTED)(name);
}

function takeInteger(value, name, otherwise) {
  if (value === undefined) return otherwise;
  validateInteger(value, name, 0);
  return value;
}

function takeBoolean(value, name, otherwise) {
  if (value === undefined) return otherwise;
  validateBoolean(value, `options.${name}`);
  return value;
}

/** Checks the options of a server, `this`, and sets them. */
function storeHTTPOptions(options) {
  this[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  this[kServerResponse] = options.ServerResponse || ServerResponse;
  refuse(options.maxHeaderSize, "maxHeaderSize", 0);
  takeBoolean(options.insecureHTTPParser, "insecureHTTPParser", false);
  this.requestTimeout = takeInteger(options.requestTimeout, "requestTimeout", 300_000);
  this.headersTimeout = takeInteger(options.headersTimeout, "headersTimeout", MathMin(60_000, this.requestTimeout));
  if (this.requestTimeout > 0 && this.headersTimeout > this.requestTimeout) {
    throw new (errors().ERR_OUT_OF_RANGE)("headersTimeout", "<= requestTimeout", options.headersTimeout);
  }
  for (let i = 0; i < kRefused.length; i++) refuse(options[kRefused[i]], kRefused[i], kRefused[i] === "keepAliveTimeoutBuffer" ? undefined : 0);
  this.requireHostHeader = takeBoolean(options.requireHostHeader, "requireHostHeader", true);
  this.joinDuplicateHeaders = takeBoolean(options.joinDuplicateHeaders, "joinDuplicateHeaders", false);
  this.rejectNonStandardBodyWrites = takeBoolean(options.rejectNonStandardBodyWrites, "rejectNonStandardBodyWrites", false);
}

function setupConnectionsTracking() {
  fail("setupConnectionsTracking");
}

function _connectionListener() {
  fail("_connectionListener");
}

function httpServerPreClose(server) {
  server.closeIdleConnections();
}

module.exports = { Server, _connectionListener, httpServerPreClose, kConnectionsCheckingInterval, setupConnectionsTracking, storeHTTPOptions };

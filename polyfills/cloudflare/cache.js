"use strict";
// The Cache API: caches.default and caches.open(). A cache is a service that speaks HTTP: GET with only-if-cached looks for a response, PUT
// brings one, written out as a message, PURGE removes it. What may be stored and for how long is the service's affair.
// https://developers.cloudflare.com/workers/runtime-apis/cache/

const {
  ArrayPrototypeSlice,
  Error,
  ObjectDefineProperty,
  PromisePrototypeThen,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  Uint8Array,
  encodeURIComponent,
} = primordials;
const { illegalInvocation } = require("core/errors");
const { define, illegalConstructor, isObject, kConstruct, parameterError, toUSVString } = require("core/webidl");
const { requireContext } = require("core/context");
const { async, send } = require("core/ops");
const { exportStream } = require("core/stream_export");
const { getFrom, listForHost, setIn, toBytes, unpack } = require("web/headers").internals;
const { headerListOf, headersForHost, isStream, isUsed, kUsed, streamOf, takeBody } = require("web/body_state");
const requests = require("web/request").internals;
const responses = require("web/response").internals;
const { reasonOf } = require("web/status_text");
const { parseHref } = require("web/url").internals;
const streams = require.lazy("web/streams_readable", "internals");

const kTarget = ["cache"];
// In bytes.
const kMaxName = 1024;
const kLocked = "The ReadableStream has been locked to a reader.";

function notImplemented(method, iface) {
  return new Error(`Failed to execute '${method}' on '${iface}': the method is not implemented.`);
}

// Keys.

/** What a request or URL names: its method, URL, headers as the host takes them, and cf as JSON. */
class Key {
  method = "GET";
  url;
  headers = "";
  cf = null;
  constructor(input) {
    if (isObject(input) && requests.isRequest(input)) {
      const state = requests.stateOf(input);
      this.method = state.method;
      this.url = state.url;
      this.headers = headersForHost(state);
      this.cf = requests.cfTextOf(state);
    } else {
      const text = toUSVString(input);
      this.url = parseHref(text);
      if (this.url === undefined) throw new TypeError(`Invalid URL: ${text}`);
    }
    if (hasCredentials(this.url)) throw new TypeError("Invalid URL. Cache API keys must be fully-qualified, valid URLs.");
  }

  /** The headers and one more. */
  with(name, value) {
    const list = ArrayPrototypeSlice(typeof this.headers === "string" ? unpack(this.headers) : this.headers);
    setIn(list, name, value);
    return list;
  }
}

function hasCredentials(url) {
  const start = StringPrototypeIndexOf(url, "//") + 2;
  if (start < 2) return false;
  const at = StringPrototypeIndexOf(url, "@", start);
  if (at < 0) return false;
  const path = StringPrototypeIndexOf(url, "/", start);
  return path < 0 || at < path;
}

/** The request named by the first argument of a method. */
function keyOf(args, method) {
  if (args.length === 0) throw parameterError(method, "Cache", 1, "Request or string");
  return new Key(args[0]);
}

/** Whether the options let any method pass for GET. */
function ignoresMethod(args, method) {
  const options = args[1];
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw parameterError(method, "Cache", 2, "CacheQueryOptions");
  return !!options.ignoreMethod;
}

// Responses as messages.

/** Status line and headers of a response with a body of that length, -1 if it is not known. */
function headOf(state, length) {
  const text = state.statusText === "" ? reasonOf(state.status) : toBytes(state.statusText);
  const headers = listForHost(headerListOf(state));
  let lines = "";
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== "content-length" && headers[i] !== "transfer-encoding") lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  }
  const framing = length < 0 ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return ops.op_latin1_encode(`HTTP/1.1 ${state.status} ${text}\r\n${framing}\r\n${lines}\r\n`);
}

/** A body that is being written out; `failure` is the error that ended it. */
class Message {
  /** As op_fetch takes it. */
  body;
  length = -1;
  failed = false;
  failure;

  /** The body of `response` is used afterwards. */
  constructor(response) {
    const state = responses.stateOf(response);
    if (state.body === null || (!isStream(state.body) && typeof state.body !== "number")) this.#whole(state);
    else this.#streamed(state);
  }

  #whole(state) {
    const taken = takeBody(state);
    const body = typeof taken === "string" ? ops.op_utf8_encode(taken) : taken;
    const size = body === null ? 0 : TypedArrayPrototypeGetByteLength(body);
    const head = headOf(state, size);
    const start = TypedArrayPrototypeGetByteLength(head);
    this.body = head;
    this.length = start + size;
    if (size === 0) return;
    this.body = new Uint8Array(start + size);
    TypedArrayPrototypeSet(this.body, head, 0);
    TypedArrayPrototypeSet(this.body, body, start);
  }

  #streamed(state) {
    if (isUsed(state)) throw new TypeError(kUsed);
    const stream = streamOf(state);
    if (streams().isLocked(stream)) throw new TypeError(kLocked);
    const length = streams().hostLength(stream) ?? -1;
    const reader = streams().acquireReader(stream);
    state.used = true;
    streams().coreOf(stream).disturbed = true;
    let head = headOf(state, length);
    if (length >= 0) this.length = TypedArrayPrototypeGetByteLength(head) + length;
    const source = {
      __proto__: null,
      pull: (controller) => {
        if (head !== undefined) {
          controller.enqueue(head);
          head = undefined;
          return undefined;
        }
        return PromisePrototypeThen(reader.read(), ({ done, value }) => (done ? controller.close() : controller.enqueue(value)), (error) => this.#fail(error));
      },
      cancel: (reason) => reader.cancel(reason),
    };
    const { ReadableStream } = require("web/streams_readable");
    this.body = exportStream(new ReadableStream(source, { __proto__: null, highWaterMark: 0 }), true);
  }

  #fail(error) {
    this.failed = true;
    this.failure = error;
    throw error;
  }
}

/** One exchange with the cache of a name, undefined for the default one: [status, status text, headers, body, length]. */
function exchange(name, method, key, headers, body, length) {
  if (name !== undefined) {
    headers = ArrayPrototypeSlice(typeof headers === "string" ? unpack(headers) : headers);
    setIn(headers, "cf-cache-namespace", encodeURIComponent(name));
  }
  return async(ops.op_fetch, kTarget, method, key.url, headers, body, length, key.cf);
}

function dropBody(answer) {
  if (typeof answer[3] === "number") send(ops.op_body_cancel, answer[3]);
}

class Cache {
  /** undefined for the default cache */
  #name;
  constructor(token = undefined, name = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#name = name;
  }

  static #nameOf(cache) {
    if (!isObject(cache) || !(#name in cache)) throw illegalInvocation();
    return cache.#name;
  }

  add() {
    throw notImplemented("add", "Cache");
  }
  addAll() {
    throw notImplemented("addAll", "Cache");
  }

  async delete() {
    const name = Cache.#nameOf(this);
    const key = keyOf(arguments, "delete");
    if (!ignoresMethod(arguments, "delete") && key.method !== "GET") return false;
    const answer = await exchange(name, "PURGE", key, key.with("x-real-ip", "127.0.0.1"), null, -1);
    dropBody(answer);
    const status = answer[0];
    if (status === 200) return true;
    if (status === 404) return false;
    throw new Error(`Unable to delete cached response.${status === 429 ? " Subrequests are being rate-limited." : ""}`);
  }

  async match() {
    const name = Cache.#nameOf(this);
    const key = keyOf(arguments, "match");
    if (!ignoresMethod(arguments, "match") && key.method !== "GET") return undefined;
    const answer = await exchange(name, "GET", key, key.with("cache-control", "only-if-cached"), null, -1);
    const { 0: status, 1: text, 2: headers, 3: body, 4: length } = answer;
    if (getFrom(typeof headers === "string" ? unpack(headers) : headers, "cf-cache-status") !== "HIT") {
      dropBody(answer);
      return undefined;
    }
    return responses.responseFromHost(status, text === "" ? reasonOf(status) : text, headers, body, length, "", false);
  }

  async put() {
    const name = Cache.#nameOf(this);
    if (arguments.length === 0) throw parameterError("put", "Cache", 1, "Request or string");
    const response = arguments[1];
    if (!isObject(response) || !responses.isResponse(response)) throw parameterError("put", "Cache", 2, "Response");
    const state = responses.stateOf(response);
    if (state.type === "error") throw new TypeError("Cache is unable to store an error response");
    const key = new Key(arguments[0]);
    if (key.method !== "GET") throw new TypeError("Cannot cache response to non-GET request.");
    if (state.status === 206) throw new TypeError("Cannot cache response to a range request (206 Partial Content).");
    const vary = getFrom(headerListOf(state), "vary");
    if (vary !== null && StringPrototypeIncludes(vary, "*")) throw new TypeError("Cannot cache response with 'Vary: *' header.");
    // A 304 means nothing without the request that it answers.
    if (state.status === 304) return;
    requireContext();
    const message = new Message(response);
    try {
      // Whether it was stored is the cache's secret.
      dropBody(await exchange(name, "PUT", key, key.headers, message.body, message.length));
    } catch (error) {
      throw message.failed ? message.failure : error;
    }
  }

  matchAll() {
    throw notImplemented("matchAll", "Cache");
  }
  keys() {
    throw notImplemented("keys", "Cache");
  }
}
define(Cache, "Cache");

class CacheStorage {
  #brand;
  constructor(token = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    ObjectDefineProperty(this, "default", { __proto__: null, value: new Cache(kConstruct), writable: false, enumerable: true, configurable: true });
  }

  async open() {
    if (!isObject(this) || !(#brand in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("open", "CacheStorage", 1, "string");
    const name = toUSVString(arguments[0]);
    if (ops.op_utf8_length(name) >= kMaxName) throw new TypeError("Cache name is too long.");
    return new Cache(kConstruct, name);
  }
  delete() {
    throw notImplemented("delete", "CacheStorage");
  }
  match() {
    throw notImplemented("match", "CacheStorage");
  }
  has() {
    throw notImplemented("has", "CacheStorage");
  }
  keys() {
    throw notImplemented("keys", "CacheStorage");
  }
}
define(CacheStorage, "CacheStorage");

module.exports = { Cache, CacheStorage, caches: new CacheStorage(kConstruct) };

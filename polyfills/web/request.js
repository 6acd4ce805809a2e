"use strict";
// Request, https://fetch.spec.whatwg.org/#request-class. A request of the host stays as it came, packed headers, unparsed cf and unread
// body, until a script asks.

const { ArrayPrototypeSlice, Error, JSONParse, JSONStringify, ObjectSetPrototypeOf, StringPrototypeIncludes, StringPrototypeToUpperCase, TypeError } = primordials;
const { constructorError, define, fieldError, isObject, toDOMString, toUSVString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { registerCloneable } = require("core/clone");
const worker = require("core/worker");
const { convertInit, hasIn, listForHost, received, setIn } = require("web/headers").internals;
const { Body, internals: bodies } = require("web/body");
const { addContentType, cloneBody, copyHeaders, extract, headerListOf, headersForHost, headersOf, moveBody, streamOf, takeBody } = require("web/body_state");
const { parseHref } = require("web/url").internals;
const aborts = require.lazy("web/abort", "internals");

const kDict = "RequestInitializerDict";
const kUsedRequest = "Cannot reconstruct a Request with a used body.";
const kBodyOfGet = "Request with a GET or HEAD method cannot have a body.";
const kRedirect =
  'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be implemented since it does not make sense at the edge; ' +
  'use "manual" and check the response status code).';
const kIntegrity = "Subrequest integrity checking is not implemented. The integrity option must be either undefined or an empty string.";

/** See web/body_state.js for the part that is shared with responses. */
function makeState(method, url) {
  return {
    body: null,
    length: -1,
    used: false,
    headers: null,
    list: null,
    packed: null,
    contentType: null,
    immutable: false,
    signal: null,
    origin: undefined,
    method,
    url,
    redirect: "follow",
    cache: undefined,
    // The object, once it is asked for; before that its JSON, or null.
    cf: undefined,
    cfText: null,
    fetcher: null,
    // The AbortSignal that the constructor was given, or null.
    given: null,
    // Else the one that request.signal has made.
    made: null,
    // The context of a request that came from the host.
    context: null,
  };
}

// Members.

// What the reference runtime's HTTP parser knows, except CONNECT.
const methods = { __proto__: null };
for (const name of "GET HEAD POST PUT DELETE PATCH OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK ACL REPORT MKACTIVITY CHECKOUT MERGE MSEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PURGE QUERY".split(" ")) {
  methods[name] = name;
}

function toMethod(text) {
  const method = methods[text] ?? methods[StringPrototypeToUpperCase(text)];
  if (method === undefined) throw new TypeError(`Invalid HTTP method string: ${text}`);
  return method;
}

/** The serialised URL of a string argument; under the flag fetch_legacy_url the argument, whatever it is. */
function toURL(text) {
  if (!worker.state.flags.fetch_standard_url) return text;
  const href = parseHref(text);
  if (href === undefined) throw new TypeError(`Invalid URL: ${text}`);
  return href;
}

/** The JSON text of request.cf as it is now, or null. */
function cfTextOf(state) {
  return state.cf === undefined ? state.cfText : `${JSONStringify(state.cf)}`;
}

/** The cf with which a request is sent, as JSON, or null. */
function outgoingCf(state) {
  const text = cfTextOf(state);
  if (state.cache === undefined && (text === null || !StringPrototypeIncludes(text, '"cacheTtl"'))) return text;
  return require("web/request_cf").outgoingCf(text, state.cache);
}

/** The Fetcher through which a request goes, or null for the global one. */
function toFetcher(value) {
  if (value === null) return null;
  if (require("cloudflare/service_stub").fetcherTarget(value) === undefined) throw fieldError("fetcher", kDict, "Fetcher");
  return value;
}

// Construction, https://fetch.spec.whatwg.org/#dom-request

/** Members in the reference runtime's order, converted; absent ones are undefined. */
function convertDict(init) {
  const dict = { method: undefined, list: undefined, body: undefined, redirect: undefined, fetcher: undefined, cf: undefined, cfText: undefined, cache: undefined, integrity: undefined, signal: undefined };
  const { method } = init;
  if (method !== undefined) dict.method = toDOMString(method);
  const { headers } = init;
  if (headers !== undefined) {
    dict.list = convertInit(headers);
    if (dict.list === undefined) throw fieldError("headers", kDict, "Headers or Sequence or object");
  }
  dict.body = init.body;
  const { redirect } = init;
  if (redirect !== undefined) dict.redirect = toDOMString(redirect);
  const { fetcher } = init;
  if (fetcher !== undefined) dict.fetcher = toFetcher(fetcher);
  const { cf } = init;
  if (cf !== undefined) {
    if (!isObject(cf)) throw fieldError("cf", kDict, "Object");
    dict.cf = cf;
    dict.cfText = `${JSONStringify(cf)}`;
    // Whatever JSON has no form for is an error now, not when it is read.
    if (dict.cfText === "undefined") JSONParse(dict.cfText);
  }
  convertRest(init, dict);
  return dict;
}

function convertRest(init, dict) {
  const { cache } = init;
  if (cache !== undefined) dict.cache = toDOMString(cache);
  const { integrity } = init;
  if (integrity !== undefined) dict.integrity = toDOMString(integrity);
  const { signal } = init;
  if (signal !== undefined) {
    if (signal !== null && !aborts.peek()?.isAbortSignal(signal)) throw fieldError("signal", kDict, "AbortSignal");
    dict.signal = signal;
  }
  if (dict.cache !== undefined) checkCacheMode(dict.cache);
  if (dict.cf !== undefined) require("web/request_cf").checkCf(dict.cf, dict.cache);
  const { encodeResponseBody } = init;
  if (encodeResponseBody !== undefined) {
    const mode = toDOMString(encodeResponseBody);
    if (mode !== "automatic" && mode !== "manual") throw new TypeError(`encodeResponseBody: unexpected value: ${mode}`);
  }
}

function checkCacheMode(mode) {
  if (!worker.state.flags.cache_option_enabled) throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.");
  if (mode !== "no-store" && (mode !== "no-cache" || !worker.state.flags.cache_no_cache_enabled)) throw new TypeError(`Unsupported cache mode: ${mode}`);
}

// In the reference runtime's order, which decides about errors.
function applyDict(state, dict) {
  if (dict.cache !== undefined) state.cache = dict.cache;
  if (dict.integrity !== undefined && dict.integrity !== "") throw new TypeError(kIntegrity);
  if (dict.method !== undefined) state.method = toMethod(dict.method);
  if (dict.list !== undefined) {
    state.list = dict.list;
    state.packed = null;
    state.contentType = null;
  }
  if (dict.fetcher !== undefined) state.fetcher = dict.fetcher;
  if (dict.cfText !== undefined) state.cfText = dict.cfText;
  if (dict.signal !== undefined) state.given = dict.signal;
  if (dict.body !== undefined) {
    state.body = null;
    if (dict.body !== null) addContentType(state, extract(dict.body, state));
  }
  checkBody(state);
  if (dict.redirect === undefined) return;
  if (dict.redirect !== "follow" && dict.redirect !== "manual") throw new TypeError(kRedirect);
  state.redirect = dict.redirect;
}

/** Copies everything but the body of a request. */
function copyFrom(from, to) {
  to.method = from.method;
  copyHeaders(from, to);
  to.redirect = from.redirect;
  to.cache = from.cache;
  to.cfText = cfTextOf(from);
  to.fetcher = from.fetcher;
  // A signal that was made here is not passed on, but by a flag: that of a request which came in ends no other.
  to.given = from.given === null && from.context !== null && worker.state.flags.request_signal_passthrough ? signalOf(from) : from.given;
}

/** A Request as `init`: its body is shared, as if it were given as `body`. */
function initFromRequest(state, other) {
  copyFrom(other, state);
  if (other.body === null) return;
  if (typeof other.body === "number" || other.used) extract(streamOf(other), state);
  else if (typeof other.body === "string") state.body = other.body;
  else extract(other.body, state);
  checkBody(state);
}

/**
 * The state of `new Request(input, init)`.
 * @param {() => Error} reject the error of a wrong init
 */
function construct(input, init, reject) {
  const from = isObject(input) ? stateOf(input) : undefined;
  const text = from === undefined ? toUSVString(input) : "";
  const absent = init === undefined || init === null;
  if (!absent && !isObject(init)) throw reject();
  const other = absent ? undefined : stateOf(init);
  const dict = absent || other !== undefined ? undefined : convertDict(init);
  const state = makeState("GET", from === undefined ? toURL(text) : from.url);
  if (from !== undefined) {
    copyFrom(from, state);
    // A body of its own leaves the other's untouched.
    if (dict === undefined ? absent : dict.body === undefined) moveBody(from, state, kUsedRequest);
  }
  if (dict !== undefined) applyDict(state, dict);
  else if (other !== undefined) initFromRequest(state, other);
  else checkBody(state);
  return state;
}

function checkBody(state) {
  if (state.body !== null && (state.method === "GET" || state.method === "HEAD")) throw new TypeError(kBodyOfGet);
}

function notInit() {
  return constructorError("Request", 2, "RequestInitializerDict or Request");
}

/** request.signal. Without its flag that of a request which came in never fires. */
function signalOf(state) {
  const known = state.given ?? state.made;
  if (known !== null) return known;
  const signal = aborts().createSignal();
  state.made = signal;
  const { context } = state;
  if (context !== null && !context.ended && worker.state.flags.enable_request_signal) {
    const list = (context.onCancel ??= []);
    list[list.length] = (reason) => aborts().signalAbort(signal, reason);
  }
  return signal;
}

const kInternal = { __proto__: null };
let stateOf;

class Request {
  #state;

  constructor(input = undefined, init = undefined) {
    if (input === kInternal) {
      this.#state = init;
      return;
    }
    if (arguments.length === 0) throw constructorError("Request", 1, "Request or string");
    this.#state = construct(input, init, notInit);
  }

  clone() {
    const state = mustBeRequest(this);
    const copy = makeState(state.method, state.url);
    cloneBody(state, copy);
    copyFrom(state, copy);
    copy.immutable = state.immutable;
    return new Request(kInternal, copy);
  }

  get method() {
    return mustBeRequest(this).method;
  }

  get url() {
    return mustBeRequest(this).url;
  }

  get headers() {
    return headersOf(mustBeRequest(this));
  }

  get redirect() {
    return mustBeRequest(this).redirect;
  }

  get fetcher() {
    const state = mustBeRequest(this);
    if (state.fetcher === null && state.context !== null) state.fetcher = require("cloudflare/service_stub").makeFetcher(0);
    return state.fetcher;
  }

  get signal() {
    return signalOf(mustBeRequest(this));
  }

  get cf() {
    const state = mustBeRequest(this);
    if (state.cf === undefined && state.cfText !== null) state.cf = JSONParse(state.cfText);
    return state.cf;
  }

  get integrity() {
    mustBeRequest(this);
    return "";
  }

  get keepalive() {
    mustBeRequest(this);
    return false;
  }

  get cache() {
    return mustBeRequest(this).cache;
  }

  static {
    stateOf = (value) => (#state in value ? value.#state : undefined);
  }
}
define(Request, "Request");
ObjectSetPrototypeOf(Request.prototype, Body.prototype);
bodies.registerRequest(stateOf);

const isRequest = (value) => typeof value === "object" && value !== null && stateOf(value) !== undefined;

function mustBeRequest(value) {
  if (!isRequest(value)) throw illegalInvocation();
  return stateOf(value);
}

/**
 * A request that came from the host, with immutable headers.
 * @param {string} method
 * @param {string} url absolute and serialised
 * @param {string | string[]} headers packed or a list, which it then owns
 * @param {null | number | string | Uint8Array} body 0 is none
 * @param {number} length of the body, -1 if unknown
 * @param {string | null} cf JSON
 * @param {object} ctx the request context
 */
function requestFromHost(method, url, headers, body, length, cf, ctx) {
  const state = makeState(method, url);
  if (typeof headers === "string") state.packed = headers;
  else state.list = headers;
  state.immutable = true;
  state.body = body === 0 ? null : body;
  state.length = length;
  state.redirect = "manual";
  state.cfText = cf;
  state.context = ctx;
  return new Request(kInternal, state);
}

/** The state of a request that is to be sent and that nobody else has: [method, url, ...] as op_fetch takes them. */
function partsOfState(state) {
  const cf = outgoingCf(state);
  const body = takeBody(state, kUsedRequest);
  return [state.method, state.url, outgoingHeaders(state), body, state.length, cf, state.given ?? undefined, state.redirect];
}

// Both cache modes of the reference runtime ask caches on the way to step aside.
function outgoingHeaders(state) {
  if (state.cache === undefined) return headersForHost(state);
  const list = listForHost(headerListOf(state));
  const own = ArrayPrototypeSlice(list);
  if (!hasIn(list, "cache-control")) setIn(own, "cache-control", "no-cache");
  if (!hasIn(list, "pragma")) setIn(own, "pragma", "no-cache");
  return own;
}

/**
 * A request as op_fetch takes it; its body is used afterwards.
 * @returns {[string, string, string | string[], null | string | Uint8Array | number, number, string | null, AbortSignal | undefined, string]}
 *   method, url, headers, body, length, cf as JSON, signal, redirect mode
 */
function partsOf(request) {
  return partsOfState(stateOf(request));
}

registerCloneable(
  5,
  "Request",
  isRequest,
  (request) => {
    const state = stateOf(request);
    const body = state.body === null ? null : require("cloudflare/rpc_streams").writeBody(state);
    return [state.method, state.url, headerListOf(state), cfTextOf(state), state.redirect, state.cache, body, state.given ?? null];
  },
  (data) => {
    const state = makeState(data[0], data[1]);
    state.list = received(data[2]);
    state.cfText = data[3];
    state.redirect = data[4];
    state.cache = data[5];
    if (data[6] !== null) require("cloudflare/rpc_streams").readBody(data[6], state);
    if (data[7] !== null) state.given = data[7];
    return new Request(kInternal, state);
  },
);

module.exports = { Request, internals: { __proto__: null, isRequest, stateOf, construct, cfTextOf, partsOf, partsOfState, requestFromHost } };

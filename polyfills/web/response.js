"use strict";
// Response, https://fetch.spec.whatwg.org/#response-class. `new Response(text)` makes the object and its state, nothing else: headers and
// streams come to be when they are asked for.

const { JSONStringify, ObjectSetPrototypeOf, RangeError, RegExpPrototypeExec, TypeError, JSONParse } = primordials;
const { constructorError, define, fieldError, isObject, parameterError, toDOMString, toLong, toUSVString } = require("core/webidl");
const { requireContext } = require("core/context");
const { illegalInvocation, makeError } = require("core/errors");
const { registerCloneable } = require("core/clone");
const { current } = require("core/context");
const { convertInit, received, toBytes } = require("web/headers").internals;
const { Body, internals: bodies } = require("web/body");
const { addContentType, cloneBody, copyHeaders, dropOnAbort, extract, headerListOf, headersForHost, headersOf, takeBody } = require("web/body_state");
const { parseHref } = require("web/url").internals;
const sockets = require.lazy("web/websocket", "internals");

const kStatusRange = "Responses may only be constructed with status codes in the range 200 to 599, inclusive.";
const kNullBody = "Response with null body status (101, 204, 205, or 304) cannot have a body.";
const kErrorResponse = "Return value from serve handler must not be an error response (like Response.error())";
const kBadStatusText = /[\0-\x1f]/;

/** See web/body_state.js for the part that is shared with requests. */
function makeState() {
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
    status: 200,
    statusText: "",
    url: "",
    redirected: false,
    type: "default",
    cf: undefined,
    webSocket: null,
  };
}

// Conversion of a ResponseInit, https://fetch.spec.whatwg.org/#responseinit, member by member in the reference runtime's order.

/** A copy of an object as JSON makes it. */
function cloneJSON(object) {
  return JSONParse(`${JSONStringify(object)}`);
}

function convertHeaders(value) {
  const list = convertInit(value);
  if (list === undefined) throw fieldError("headers", "InitializerDict", "Headers or Sequence or object");
  return list;
}

function initFrom(state, init) {
  if (!isObject(init)) throw notInit();
  const other = stateOf(init);
  if (other !== undefined) {
    initFromResponse(state, other);
    return;
  }
  const { status, statusText, headers } = init;
  // Conversions first: their errors come before those of the values.
  const code = status === undefined ? 200 : toLong(status);
  const text = statusText === undefined ? "" : toDOMString(statusText);
  if (headers !== undefined) state.list = convertHeaders(headers);
  initRest(state, init);
  checkStatus(state, code);
  if (text !== "" && RegExpPrototypeExec(kBadStatusText, text) !== null) throw new TypeError("Invalid statusText");
  state.status = code;
  state.statusText = text;
}

function initRest(state, init) {
  const { cf, webSocket, encodeBody } = init;
  if (cf !== undefined) {
    if (!isObject(cf)) throw fieldError("cf", "InitializerDict", "Object");
    state.cf = cloneJSON(cf);
  }
  if (webSocket !== undefined && webSocket !== null) {
    if (sockets.peek()?.stateOf(webSocket) === undefined) throw fieldError("webSocket", "InitializerDict", "WebSocket");
    state.webSocket = webSocket;
  }
  if (encodeBody !== undefined) {
    const mode = toDOMString(encodeBody);
    if (mode !== "automatic" && mode !== "manual") throw new TypeError(`encodeBody: unexpected value: ${mode}`);
  }
}

function checkStatus(state, code) {
  if (state.webSocket !== null) {
    if (code !== 101) throw new RangeError("Responses with a WebSocket must have status code 101.");
  } else if (code < 200 || code > 599) {
    throw new RangeError(kStatusRange);
  }
}

function initFromResponse(state, other) {
  copyHeaders(other, state);
  state.webSocket = other.webSocket;
  checkStatus(state, other.status);
  state.status = other.status;
  state.statusText = other.statusText;
  if (other.cf !== undefined) state.cf = cloneJSON(other.cf);
}

function notInit() {
  return constructorError("Response", 2, "InitializerDict or Response");
}

const isNullBodyStatus = (status) => status === 204 || status === 205 || status === 304 || status === 101;

/** Gives a state the content type of its body. A null-body status admits an empty body, which becomes none. */
function finishBody(state, contentType) {
  if (!isNullBodyStatus(state.status)) {
    addContentType(state, contentType);
    return;
  }
  if (state.body.length !== 0) throw new TypeError(kNullBody);
  state.body = null;
}

const kInternal = { __proto__: null };
let stateOf;

class Response {
  #state;

  constructor(body = undefined, init = undefined, state = undefined) {
    if (body === kInternal) {
      this.#state = state;
      return;
    }
    const own = makeState();
    this.#state = own;
    // Body first: its conversion comes before that of the rest.
    const contentType = body === undefined || body === null ? null : extract(body, own);
    if (init !== undefined && init !== null) initFrom(own, init);
    if (own.body !== null) finishBody(own, contentType);
  }

  static error() {
    const state = makeState();
    state.status = 0;
    state.type = "error";
    return wrap(state);
  }

  // https://fetch.spec.whatwg.org/#dom-response-redirect
  static redirect(url, status = undefined) {
    if (arguments.length === 0) throw parameterError("redirect", "Response", 1, "string");
    const text = toUSVString(url);
    const code = status === undefined ? 302 : toLong(status);
    if (code !== 301 && code !== 302 && code !== 303 && code !== 307 && code !== 308) {
      throw new RangeError(`${code} is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.`);
    }
    const href = parseHref(text);
    if (href === undefined) throw new TypeError(`Unable to parse URL: ${text}`);
    const state = makeState();
    state.status = code;
    state.list = ["location", href];
    state.immutable = true;
    return wrap(state);
  }

  // https://fetch.spec.whatwg.org/#dom-response-json
  static json(data, init = undefined) {
    if (arguments.length === 0) throw parameterError("json", "Response", 1, "Value");
    if (init !== undefined && init !== null && !isObject(init)) throw parameterError("json", "Response", 2, "InitializerDict or Response");
    // What JSON has no form for becomes "undefined", as on the reference runtime.
    const text = `${JSONStringify(data)}`;
    requireContext();
    const state = makeState();
    if (init !== undefined && init !== null) initFrom(state, init);
    state.body = text;
    finishBody(state, "application/json");
    return wrap(state);
  }

  clone() {
    const state = mustBeResponse(this);
    if (state.webSocket !== null) throw new TypeError("Cannot clone a response to a WebSocket handshake.");
    const copy = makeState();
    cloneBody(state, copy);
    copyHeaders(state, copy);
    copy.immutable = state.immutable;
    copy.signal = state.signal;
    copy.status = state.status;
    copy.statusText = state.statusText;
    copy.url = state.url;
    copy.redirected = state.redirected;
    copy.type = state.type;
    if (state.cf !== undefined) copy.cf = cloneJSON(state.cf);
    return wrap(copy);
  }

  get status() {
    return mustBeResponse(this).status;
  }

  get statusText() {
    return mustBeResponse(this).statusText;
  }

  get headers() {
    return headersOf(mustBeResponse(this));
  }

  get ok() {
    const { status } = mustBeResponse(this);
    return status >= 200 && status <= 299;
  }

  get redirected() {
    return mustBeResponse(this).redirected;
  }

  get url() {
    return mustBeResponse(this).url;
  }

  get webSocket() {
    return mustBeResponse(this).webSocket;
  }

  get cf() {
    return mustBeResponse(this).cf;
  }

  get type() {
    return mustBeResponse(this).type;
  }

  static {
    stateOf = (value) => (#state in value ? value.#state : undefined);
  }
}
define(Response, "Response");
// Statics are not inherited.
ObjectSetPrototypeOf(Response.prototype, Body.prototype);
bodies.registerResponse(stateOf);

const wrap = (state) => new Response(kInternal, undefined, state);
const isResponse = (value) => typeof value === "object" && value !== null && stateOf(value) !== undefined;

function mustBeResponse(value) {
  if (!isResponse(value)) throw illegalInvocation();
  return stateOf(value);
}

/**
 * A response as the host takes it; its body is used afterwards.
 * @returns {[number, string, string | string[], null | string | Uint8Array | number, number, object | null]} status, statusText, headers,
 *   body, length, state of the WebSocket
 */
function partsOf(response) {
  const state = stateOf(response);
  if (state.type === "error") throw new TypeError(kErrorResponse);
  const body = takeBody(state);
  const socket = state.webSocket === null ? null : sockets().stateOf(state.webSocket);
  return [state.status, toBytes(state.statusText), headersForHost(state), body, state.length, socket];
}

/**
 * A response that came from the host, with immutable headers.
 * @param {number} status
 * @param {string} statusText
 * @param {string | string[]} headers packed or a list, which it then owns
 * @param {null | Uint8Array | number} body
 * @param {number} length of the body, -1 if unknown
 * @param {string} url without fragment
 * @param {boolean} redirected
 * @param {AbortSignal | null} [signal] aborts the reading of the body
 * @param {number} [socket] the end of a WebSocket, 0 for none
 */
function responseFromHost(status, statusText, headers, body, length, url, redirected, signal = null, socket = 0) {
  const state = makeState();
  state.status = status;
  state.statusText = statusText;
  if (typeof headers === "string") state.packed = headers;
  else state.list = headers;
  state.immutable = true;
  state.body = body;
  state.length = length;
  state.url = url;
  state.redirected = redirected;
  state.signal = signal;
  if (signal !== null && typeof body === "number") dropOnAbort(state);
  state.origin = current();
  if (socket !== 0) state.webSocket = sockets().socketFromHost(socket, signal);
  return wrap(state);
}

registerCloneable(
  6,
  "Response",
  isResponse,
  (response) => {
    const state = stateOf(response);
    if (state.webSocket !== null) throw makeError("DataCloneError", 'Could not serialize object of type "WebSocket". This type does not support serialization.');
    const body = state.body === null ? null : require("cloudflare/rpc_streams").writeBody(state);
    return [state.status, state.statusText, headerListOf(state), state.cf === undefined ? null : JSONStringify(state.cf), body, state.type];
  },
  (data) => {
    const state = makeState();
    state.status = data[0];
    state.statusText = data[1];
    state.list = received(data[2]);
    if (data[3] !== null) state.cf = JSONParse(data[3]);
    state.type = data[5];
    if (data[4] !== null) require("cloudflare/rpc_streams").readBody(data[4], state);
    return wrap(state);
  },
);

module.exports = { Response, internals: { __proto__: null, isResponse, stateOf, partsOf, responseFromHost } };

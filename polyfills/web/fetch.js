"use strict";
// fetch, https://fetch.spec.whatwg.org/#fetch-method. The host makes one HTTP exchange; redirects are followed here.

const { ArrayPrototypeIndexOf, ArrayPrototypeJoin, ArrayPrototypeSlice, Error, PromiseReject, RegExpPrototypeExec, String, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, TypeError } = primordials;
const { functionError, isObject, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { abortable, async, giveUp, send } = require("core/ops");
const { getFrom, removeFrom, unpack } = require("web/headers").internals;
const { construct, partsOfState } = require("web/request").internals;
const { Response, internals: responses } = require("web/response");
const { parseHref } = require("web/url").internals;
const worker = require("core/worker");
const aborts = require.lazy("web/abort", "internals");

const kMaxRedirects = 20;
const kOneTimeBody =
  "A request with a one-time-use body (it was initialized from a stream, not a buffer) encountered a redirect requiring the body to be " +
  "retransmitted. To avoid this error in the future, construct this request from a buffer-like body initializer.";
const kInitType = "RequestInitializerDict or Request";

const notGlobalInit = () => functionError("fetch", 2, kInitType);
const notFetcherInit = () => parameterError("fetch", "Fetcher", 2, kInitType);

/**
 * fetch() on a service.
 * @param {number | any[]} target as op_fetch takes it
 * @returns {Promise<Response>}
 */
function fetchOn(target, input, init) {
  return start(target, input, init, notFetcherInit);
}

// Async, so that what is wrong with the arguments rejects.
async function start(target, input, init, reject) {
  if (typeof input === "string" && init === undefined) {
    const url = parseHref(input);
    if (url === undefined) throw isLegacy() ? cannotLoad(input) : new TypeError(`Invalid URL: ${input}`);
    return perform(target, "GET", url, "", null, -1, null, null, "follow");
  }
  const state = construct(input, init, reject);
  if (state.fetcher !== null && target === 0) target = require("cloudflare/service_stub").fetcherTarget(state.fetcher);
  const parts = partsOfState(state);
  // A request keeps its URL as it was given under the legacy flag.
  const url = isLegacy() ? (parseHref(parts[1]) ?? parts[1]) : parts[1];
  return perform(target, parts[0], url, parts[2], parts[3], parts[4], parts[5], parts[6] ?? null, parts[7]);
}

const isLegacy = () => !worker.state.flags.fetch_standard_url;

const isHTTP = (url) => StringPrototypeStartsWith(url, "http://") || StringPrototypeStartsWith(url, "https://");

// https://fetch.spec.whatwg.org/#http-redirect-fetch, with the reference runtime's limits.
async function perform(target, method, url, headers, body, length, cf, signal, redirect) {
  if (signal !== null && aborts().isAborted(signal)) throw aborts().reasonOf(signal);
  if (!isHTTP(url)) return fetchOther(url, method);
  const upgrade = mayUpgrade(headers) ? require("web/websocket_state").upgradeHeaders(headers) : undefined;
  if (upgrade !== undefined) {
    if (typeof body === "number") dropBody(body);
    method = "GET";
    headers = upgrade;
    body = null;
    length = -1;
  }
  let visited;
  for (;;) {
    const sent = withoutCredentials(withoutFragment(url));
    let result;
    try {
      result = await (signal === null
        ? async(ops.op_fetch, target, method, sent, headers, body, length, cf)
        : exchange(signal, target, method, sent, headers, body, length, cf));
    } catch (error) {
      throw signal !== null && aborts().isAborted(signal) ? error : withStack(error);
    }
    const status = result[0];
    const location = redirect === "follow" && isRedirect(status) ? locationOf(result[2]) : null;
    if (location === null) {
      return made(method, result, withoutFragment(url), visited !== undefined, signal);
    }
    if (typeof result[3] === "number") send(ops.op_body_cancel, result[3]);
    visited ??= [];
    visited[visited.length] = url;
    if (visited.length > kMaxRedirects) throw new TypeError(`Too many redirects.${ArrayPrototypeJoin(visited, ", ")}`);
    if (typeof body === "number" && status !== 303) throw new TypeError(kOneTimeBody);
    const next = redirectTarget(location, url);
    if (becomesGet(status, method)) {
      method = "GET";
      body = null;
    }
    if (originOf(next) !== originOf(url)) headers = withoutAuthorization(headers);
    url = next;
  }
}

/** An exception that was made when the answer came, with the stack of whoever waits for that. */
function withStack(error) {
  require("cloudflare/rpc_codec").restack(error, perform);
  return error;
}

/** Whether the next request of a redirect is a GET without a body. */
function becomesGet(status, method) {
  return status === 303 ? method !== "HEAD" : method === "POST" && (status === 301 || status === 302);
}

/** The answer of op_fetch as a Response. */
function made(method, result, url, redirected, signal) {
  const status = result[0];
  const text = result[1] !== "" ? result[1] : status === 200 ? "OK" : require("web/status_text").reasonOf(status);
  if (method !== "HEAD") return responses.responseFromHost(status, text, result[2], result[3], result[4], url, redirected, signal, result[5]);
  if (typeof result[3] === "number") send(ops.op_body_cancel, result[3]);
  return responses.responseFromHost(status, text, result[2], null, -1, url, redirected, signal);
}

/** Whether a request may be one for a WebSocket. */
function mayUpgrade(headers) {
  return typeof headers === "string" ? StringPrototypeIndexOf(headers, "upgrade\0") >= 0 : ArrayPrototypeIndexOf(headers, "upgrade") >= 0;
}

/** Lets go of a body that will not be sent. */
function dropBody(body) {
  if (body > 0) send(ops.op_body_cancel, body, null);
  else require("core/stream_export").cancel(body, "AbortError", "The operation was aborted", null);
}

/** One exchange that the signal can end. */
async function exchange(signal, target, method, url, headers, body, length, cf) {
  const call = abortable(ops.op_fetch, target, method, url, headers, body, length, cf);
  // As on the reference runtime a reason that is no object arrives as an Error.
  const abort = (reason) => giveUp(call, ops.op_fetch_abort, isObject(reason) ? reason : new Error(String(reason)));
  aborts().addAlgorithm(signal, abort);
  try {
    return await call.promise;
  } finally {
    aborts().removeAlgorithm(signal, abort);
  }
}

// https://fetch.spec.whatwg.org/#redirect-status
function isRedirect(status) {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The Location of a redirect to follow, or null: an empty one is as good as none. */
function locationOf(headers) {
  const location = getFrom(typeof headers === "string" ? unpack(headers) : headers, "location");
  return location === "" ? null : location;
}

/** The URL that a Location means. It need not be HTTP: a service may answer whatever it likes to. */
function redirectTarget(location, base) {
  const url = parseHref(location, base);
  if (url === undefined || StringPrototypeIndexOf(url, "://") < 0) throw new TypeError("Invalid Location header; unable to follow redirect.");
  return url;
}

function withoutAuthorization(headers) {
  const list = typeof headers === "string" ? unpack(headers) : ArrayPrototypeSlice(headers);
  removeFrom(list, "authorization", 0);
  return list;
}

function withoutFragment(url) {
  const hash = StringPrototypeIndexOf(url, "#");
  return hash < 0 ? url : StringPrototypeSlice(url, 0, hash);
}

/** A serialised URL without user and password, which nobody is sent. */
function withoutCredentials(url) {
  const start = StringPrototypeIndexOf(url, "//") + 2;
  const at = StringPrototypeIndexOf(url, "@", start);
  if (at < 0 || at > StringPrototypeIndexOf(url, "/", start)) return url;
  return StringPrototypeSlice(url, 0, start) + StringPrototypeSlice(url, at + 1);
}

const kOrigin = /^([^:/?#]*:\/\/)(?:[^/?#@]*@)?([^/?#]*)/;

/** Scheme and host of a serialised URL. */
function originOf(url) {
  const match = RegExpPrototypeExec(kOrigin, url);
  return match === null ? url : match[1] + match[2];
}

function cannotLoad(url) {
  return new TypeError(`Fetch API cannot load: ${url}`);
}

// https://fetch.spec.whatwg.org/#scheme-fetch
function fetchOther(url, method) {
  const data = StringPrototypeStartsWith(url, "data:") ? require("web/data_url").parse(url) : undefined;
  if (data === undefined) throw cannotLoad(url);
  const body = method === "GET" ? data.bytes : null;
  return new Response(body, { __proto__: null, status: 200, statusText: "OK", headers: { __proto__: null, "content-type": data.type } });
}

module.exports = {
  // A method without formal parameters: no constructor, length 0.
  fetch(...args) {
    if (this !== undefined && this !== null && this !== globalThis) throw illegalInvocation();
    if (args.length === 0) return PromiseReject(functionError("fetch", 1, "Request or string"));
    return start(0, args[0], args[1], notGlobalInit);
  },
  internals: { __proto__: null, fetchOn, originOf, withoutCredentials },
};

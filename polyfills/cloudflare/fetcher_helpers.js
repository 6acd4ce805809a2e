"use strict";
// get, put and delete of service stubs, as they were before the compatibility flag fetcher_no_get_put_delete.

const { Error, ReflectApply, TypeError } = primordials;
const { isObject, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { isFetcher, targetOf } = require("cloudflare/service_stub");
const { fetchOn } = require("web/fetch").internals;
const { ReadableStream } = require("web/streams_readable");
const { Response } = require("web/response");
const { URL } = require("web/url");

const { text, arrayBuffer, json } = Response.prototype;
const kUnknownType = 'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".';

async function request(stub, method, count, url, body) {
  if (!isFetcher(stub)) throw illegalInvocation();
  if (count === 0) throw parameterError(method === "DELETE" ? "delete" : method === "GET" ? "get" : "put", "Fetcher", 1, "string");
  return fetchOn(targetOf(stub), toDOMString(url), { __proto__: null, method, body });
}

function failed(method, response) {
  return new Error(`HTTP ${method} request failed: ${response.status} ${response.statusText}`);
}

function mustSucceed(method, response) {
  if (!response.ok) throw failed(method, response);
}

function read(response, type) {
  switch (type) {
    case "text":
      return ReflectApply(text, response, []);
    case "arrayBuffer":
      return ReflectApply(arrayBuffer, response, []);
    case "json":
      return ReflectApply(json, response, []);
    case "stream":
      return response.body ?? new ReadableStream({ __proto__: null, start: (controller) => controller.close() });
  }
  throw new TypeError(kUnknownType);
}

/** The URL with the options of put in its query. */
function withOptions(url, options) {
  if (!isObject(options)) return url;
  const { expiration, expirationTtl } = options;
  if (expiration === undefined && expirationTtl === undefined) return url;
  const parsed = new URL(url);
  if (expiration !== undefined) parsed.searchParams.append("expiration", `${expiration}`);
  if (expirationTtl !== undefined) parsed.searchParams.append("expiration_ttl", `${expirationTtl}`);
  return parsed.href;
}

module.exports = {
  __proto__: null,
  async get(url, type) {
    const response = await request(this, "GET", arguments.length, url, undefined);
    if (response.status === 404 || response.status === 410) return null;
    mustSucceed("GET", response);
    return read(response, type === undefined ? "text" : toDOMString(type));
  },
  async put(url, body, options) {
    mustSucceed("PUT", await request(this, "PUT", arguments.length, withOptions(url, options), body));
  },
  async delete(url) {
    mustSucceed("DELETE", await request(this, "DELETE", arguments.length, url, undefined));
  },
};

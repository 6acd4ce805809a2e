"use strict";
// KV namespaces, https://developers.cloudflare.com/kv/api/. A namespace is a service that speaks HTTP: each method is one exchange with it. The
// names of a request's parts are those of the reference runtime, so that a worker can be the service.

const { ArrayBufferIsView, ArrayIsArray, JSONParse, JSONStringify, Map, MapPrototypeSet, ReflectApply, ReflectOwnKeys, String, StringPrototypeToWellFormed, TypeError, TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteLength, Uint8Array, encodeURIComponent } =
  primordials;
const { bytesOf, define, illegalConstructor, isAnyArrayBuffer, isObject, parameterError, toDOMString, toLong, toUSVString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { async } = require("core/ops");
const { requireContext } = require("core/context");
const { state } = require("core/worker");
const { fromBytes, getFrom, toBytes, unpack } = require("web/headers").internals;
const { kForm, kSegment, percentEncode } = require("web/url_encode");
const { restack } = require("cloudflare/rpc_codec");
const streams = require.lazy("web/streams_readable", "internals");

const kMaxKey = 512;
const kHost = "https://fake-host";
const kNoValue = "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.";
const kNoType = 'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".';

let next;

class KvNamespace {
  #channel;

  constructor() {
    if (next === undefined) throw illegalConstructor();
    this.#channel = next;
    next = undefined;
  }

  get(name, options) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("get", "KvNamespace", 1, "string or Array");
    const keys = convertKeys(name);
    const settings = convertGet(options);
    requireContext();
    return typeof keys === "string" ? getValue(this.#channel, keys, settings) : getBulk(this.#channel, keys, settings, false);
  }

  list(options) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    return list(this.#channel, options);
  }

  put(...args) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    return put(this.#channel, args);
  }

  getWithMetadata(name, options) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("getWithMetadata", "KvNamespace", 1, "Array or string");
    const keys = convertKeys(name);
    const settings = convertGet(options);
    requireContext();
    if (typeof keys !== "string") return getBulk(this.#channel, keys, settings, true);
    checkKey("GET", keys);
    return getEntry(this.#channel, keys, settings);
  }

  delete(...args) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    return remove(this.#channel, args);
  }

  deleteBulk(...args) {
    if (!isObject(this) || !(#channel in this)) throw illegalInvocation();
    const fetcher = require("cloudflare/service_stub").makeFetcher(this.#channel);
    return ReflectApply(require("cloudflare/rpc_stub").property(fetcher, ["delete"]), undefined, args);
  }

  static isNamespace(value) {
    return #channel in value;
  }
}
const { isNamespace } = KvNamespace;
delete KvNamespace.isNamespace;
if (!state.flags.experimental) delete KvNamespace.prototype.deleteBulk;
define(KvNamespace, "KvNamespace");

/** The namespace behind a channel. */
function makeNamespace(channel) {
  next = channel;
  return new KvNamespace();
}

require("core/clone").registerCloneable(
  70,
  "KvNamespace",
  isNamespace,
  () => {
    throw makeError("DataCloneError", "A KV namespace binding cannot be serialized.");
  },
  () => {
    throw makeError("DataCloneError", "Unable to deserialize cloned data.");
  },
);

// Arguments.

function convertKeys(name) {
  if (!ArrayIsArray(name)) return toDOMString(name);
  const keys = [];
  for (let i = 0; i < name.length; i++) keys[i] = toUSVString(name[i]);
  return keys;
}

function convertGet(options) {
  if (options === undefined || options === null) return { __proto__: null, type: undefined, cacheTtl: undefined };
  if (!isObject(options)) return { __proto__: null, type: toDOMString(options), cacheTtl: undefined };
  const { type } = options;
  const named = type === undefined ? undefined : toDOMString(type);
  const { cacheTtl } = options;
  return { __proto__: null, type: named, cacheTtl: cacheTtl === undefined ? undefined : toLong(cacheTtl) };
}

function checkKey(method, key) {
  if (key === "") throw new TypeError("Key name cannot be empty.");
  if (key === "." || key === "..") throw new TypeError(`"${key}" is not allowed as a key name.`);
  if (key.length * 3 <= kMaxKey) return;
  const length = ops.op_utf8_length(key);
  if (length > kMaxKey) throw new primordials.Error(`KV ${method} failed: 414 UTF-8 encoded length of ${length} exceeds key length limit of ${kMaxKey}.`);
}

// Exchanges.

/**
 * One exchange.
 * @returns {Promise<any[]>} what op_fetch answers
 */
async function exchange(channel, method, url, headers, body, length) {
  try {
    return await async(ops.op_fetch, channel, method, url, `cf-kv-flprod-405\0${url}\0${headers}`, body, length, null);
  } catch (error) {
    restack(error, exchange);
    throw error;
  }
}

/** Throws what a status means that is none of success. */
function checkStatus(operation, result) {
  const status = result[0];
  if (status >= 200 && status < 300) return;
  dropBody(result);
  const text = result[1] !== "" ? fromBytes(result[1]) : require("web/status_text").reasonOf(status);
  throw new primordials.Error(`KV ${operation} failed: ${status} ${text}`);
}

function dropBody(result) {
  if (typeof result[3] === "number") ops.op_body_cancel(requireContext().id, result[3], null);
}

/** The bytes of an answer. */
async function readBytes(result) {
  const body = result[3];
  if (body === null) return new Uint8Array(0);
  return typeof body === "number" ? await async(ops.op_body_read_all, body) : body;
}

async function readText(result) {
  return ops.op_utf8_decode(await readBytes(result), false);
}

// Reading.

async function getValue(channel, key, settings) {
  checkKey("GET", key);
  return (await getEntry(channel, key, settings)).value;
}

async function getEntry(channel, key, settings) {
  const { type, cacheTtl } = settings;
  let url = `${kHost}/${percentEncode(key, kSegment)}?urlencoded=true`;
  if (cacheTtl !== undefined) url += `&cache_ttl=${cacheTtl}`;
  const result = await exchange(channel, "GET", url, "", null, -1);
  const headers = unpack(result[2]);
  const cacheStatus = getFrom(headers, "cf-cache-status");
  if (result[0] === 404 || result[0] === 410) {
    dropBody(result);
    return { value: null, metadata: null, cacheStatus };
  }
  checkStatus("GET", result);
  const value = await readAs(result, type);
  const metadata = getFrom(headers, "cf-kv-metadata");
  return { value, metadata: metadata === null ? null : JSONParse(metadata), cacheStatus };
}

async function readAs(result, type) {
  switch (type) {
    case undefined:
    case "text":
      return readText(result);
    case "json":
      return JSONParse(await readText(result));
    case "arrayBuffer":
      return TypedArrayPrototypeGetBuffer(await readBytes(result));
    case "stream": {
      const body = result[3];
      return typeof body === "number" ? streams().createHostStream(body, result[4]) : streams().createBytesStream(await readBytes(result));
    }
  }
  dropBody(result);
  throw new TypeError(kNoType);
}

async function getBulk(channel, keys, settings, withMetadata) {
  const { type, cacheTtl } = settings;
  const question = { __proto__: null, keys };
  if (type !== undefined && type !== "") question.type = type;
  if (withMetadata) question.withMetadata = true;
  if (cacheTtl !== undefined) question.cacheTtl = `${cacheTtl}`;
  const body = plainJSON(question);
  const result = await exchange(channel, "POST", `${kHost}/bulk/get`, "content-type\0application/json\0", body, -1);
  checkStatus("GET_BULK", result);
  return toMap(JSONParse(await readText(result)));
}

/** JSON.stringify of our own object, whatever toJSON a script has put on a prototype. */
function plainJSON(question) {
  let keys = "";
  for (let i = 0; i < question.keys.length; i++) keys += (i === 0 ? "" : ",") + JSONStringify(question.keys[i]);
  let text = `{"keys":[${keys}]`;
  if (question.type !== undefined) text += `,"type":${JSONStringify(question.type)}`;
  if (question.withMetadata) text += `,"withMetadata":true`;
  if (question.cacheTtl !== undefined) text += `,"cacheTtl":"${question.cacheTtl}"`;
  return text + "}";
}

/** The properties of an object as a Map; those whose names are indices of arrays are lost, as they are on the reference runtime. */
function toMap(object) {
  const map = new Map();
  if (!isObject(object)) return map;
  const names = ReflectOwnKeys(object);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (String(name >>> 0) !== name || name >>> 0 === 4294967295) MapPrototypeSet(map, name, object[name]);
  }
  return map;
}

async function list(channel, options) {
  if (options !== undefined && options !== null && !isObject(options)) throw parameterError("list", "KvNamespace", 1, "ListOptions");
  const query = options === undefined || options === null ? "" : listQuery(options);
  requireContext();
  const result = await exchange(channel, "GET", kHost + query, "", null, -1);
  checkStatus("GET", result);
  const answer = JSONParse(await readText(result));
  if (!isObject(answer)) throw new primordials.Error("internal error");
  if (ArrayIsArray(answer.keys)) {
    for (let i = 0; i < answer.keys.length; i++) {
      const key = answer.keys[i];
      if (isObject(key) && typeof key.metadata === "string") key.metadata = JSONParse(key.metadata);
    }
  }
  answer.cacheStatus = getFrom(unpack(result[2]), "cf-cache-status");
  return answer;
}

function listQuery(options) {
  const { limit } = options;
  const most = limit === undefined ? 0 : toLong(limit);
  const { prefix } = options;
  const start = prefix === undefined || prefix === null ? undefined : toUSVString(prefix);
  const { cursor } = options;
  let query = most > 0 ? `?key_count_limit=${most}` : "";
  if (start !== undefined) query += `${query === "" ? "?" : "&"}prefix=${percentEncode(start, kForm, "+")}`;
  if (cursor !== undefined && cursor !== null) query += `${query === "" ? "?" : "&"}cursor=${percentEncode(toUSVString(cursor), kForm, "+")}`;
  return query;
}

// Writing.

async function put(channel, args) {
  if (args.length === 0) throw parameterError("put", "KvNamespace", 1, "string");
  const key = toDOMString(args[0]);
  if (args.length === 1) throw parameterError("put", "KvNamespace", 2, "string or Object");
  const value = isObject(args[1]) ? args[1] : toUSVString(args[1]);
  const { query, headers } = putOptions(args[2]);
  checkKey("PUT", key);
  requireContext();
  const metadata = headers === undefined ? "" : `cf-kv-metadata\0${toBytes(`${JSONStringify(headers.value)}`)}\0`;
  const { body, type, length } = takeValue(value);
  const url = `${kHost}/${percentEncode(key, kSegment)}?urlencoded=true${query}`;
  const result = await exchange(channel, "PUT", url, metadata + type, body, length);
  checkStatus("PUT", result);
  if (typeof result[3] === "number") await readBytes(result);
}

function putOptions(options) {
  if (options === undefined || options === null) return { query: "", headers: undefined };
  if (!isObject(options)) throw parameterError("put", "KvNamespace", 3, "PutOptions");
  const { expiration } = options;
  let query = expiration === undefined ? "" : `&expiration=${toLong(expiration)}`;
  const { expirationTtl } = options;
  if (expirationTtl !== undefined) query += `&expiration_ttl=${toLong(expirationTtl)}`;
  const { metadata } = options;
  return { query, headers: metadata === undefined || metadata === null ? undefined : { value: metadata } };
}

const kPlainText = "content-type\0text/plain;charset=UTF-8\0";

/** A value as body, content type and length of a request. */
function takeValue(value) {
  if (typeof value === "string") return { body: value === "" ? null : value, type: kPlainText, length: -1 };
  if (ArrayBufferIsView(value) || isAnyArrayBuffer(value)) {
    const bytes = bytesOf(value);
    return { body: TypedArrayPrototypeGetByteLength(bytes) === 0 ? null : bytes, type: "", length: -1 };
  }
  if (streams.peek()?.isReadableStream(value) !== true) throw new TypeError(kNoValue);
  if (streams().isLocked(value)) throw new TypeError("The ReadableStream has been locked to a reader.");
  const length = streams().hostLength(value) ?? -1;
  const rid = streams().takeHostBody(value);
  return { body: rid > 0 ? rid : require("core/stream_export").exportStream(value, true), type: "", length };
}

async function remove(channel, args) {
  if (args.length === 0) throw parameterError("delete", "KvNamespace", 1, "string");
  const key = toDOMString(args[0]);
  checkKey("DELETE", key);
  requireContext();
  const url = `${kHost}/${encodeURIComponent(StringPrototypeToWellFormed(key))}?urlencoded=true`;
  const result = await exchange(channel, "DELETE", url, "", null, -1);
  checkStatus("DELETE", result);
  dropBody(result);
}

module.exports = { KvNamespace, makeNamespace };

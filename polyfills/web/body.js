"use strict";
// Body, https://fetch.spec.whatwg.org/#body-mixin: on the reference runtime a class, from whose prototype those of Request and
// Response inherit.

const {
  ArrayBufferIsView,
  JSONParse,
  Promise,
  PromisePrototypeThen,
  PromiseReject,
  PromiseResolve,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  StringPrototypeToWellFormed,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  Uint8Array,
} = primordials;
const { define, illegalConstructor, isObject } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { current } = require("core/context");
const { async, send } = require("core/ops");
const { contentTypeOf, isStream, isUsed, kUsed, markUsed, streamOf } = require("web/body_state");
const blobs = require.lazy("web/blob", "internals");
const aborts = require.lazy("web/abort", "internals");
const streams = require.lazy("web/streams_readable", "internals");

const kLocked = "This ReadableStream is currently locked to a reader.";

// The state behind an object: Request and Response register how theirs is found.

const none = () => undefined;
let responseState = none;
let requestState = none;

/** @param {(value: object) => object | undefined} find the state of a Response, undefined for other objects */
function registerResponse(find) {
  responseState = find;
}

/** The same of a Request. */
function registerRequest(find) {
  requestState = find;
}

function stateOf(value) {
  if (isObject(value)) {
    const state = responseState(value) ?? requestState(value);
    if (state !== undefined) return state;
  }
  throw illegalInvocation();
}

// Consuming, https://fetch.spec.whatwg.org/#concept-body-consume-body

function otherRequest() {
  return require("cloudflare/service_stub").crossRequest("ReadableStreamSource>");
}

/** A promise of read(bytes, state); the bytes are the reader's own. */
function consumeBytes(state, read) {
  const body = state.body;
  if (body === null) return settle(read, new Uint8Array(0), state);
  if (isUsed(state)) return PromiseReject(new TypeError(kUsed));
  if (typeof body === "string" || ArrayBufferIsView(body)) {
    if (state.origin !== undefined && state.origin !== current()) return PromiseReject(otherRequest());
    markUsed(state);
    return settle(read, typeof body === "string" ? ops.op_utf8_encode(body) : new Uint8Array(body), state);
  }
  return PromisePrototypeThen(readAll(state), (all) => read(streams().bytesOfWhole(all), state));
}

/** A promise of read(text, state). */
function consumeText(state, read) {
  const body = state.body;
  if (body === null) return settle(read, "", state);
  if (isUsed(state)) return PromiseReject(new TypeError(kUsed));
  if (typeof body === "string" || ArrayBufferIsView(body)) {
    if (state.origin !== undefined && state.origin !== current()) return PromiseReject(otherRequest());
    markUsed(state);
    return settle(read, typeof body === "string" ? withoutMark(StringPrototypeToWellFormed(body)) : decode(body), state);
  }
  return PromisePrototypeThen(readAll(state), (all) => read(decode(streams().bytesOfWhole(all)), state));
}

function settle(read, value, state) {
  try {
    return PromiseResolve(read(value, state));
  } catch (error) {
    return PromiseReject(error);
  }
}

/** A promise of the bytes of a stream, perhaps as a Whole, or of a body of the host. */
function readAll(state) {
  const { body, signal } = state;
  if (isStream(body)) {
    if (streams().isLocked(body)) return PromiseReject(new TypeError(kLocked));
    const all = streams().readAllBytes(body);
    return signal === null ? all : unlessAborted(all, signal, 0);
  }
  markUsed(state);
  if (signal === null) return async(ops.op_body_read_all, body);
  if (!aborts().isAborted(signal)) return unlessAborted(async(ops.op_body_read_all, body), signal, body);
  send(ops.op_body_cancel, body);
  return PromiseReject(aborts().reasonOf(signal));
}

/** `promise`, or the signal's reason if that comes first; then body `rid` of the host is given up, unless it is 0. */
function unlessAborted(promise, signal, rid) {
  return new Promise((resolve, reject) => {
    const abort = (reason) => {
      if (rid > 0) send(ops.op_body_cancel, rid);
      reject(reason);
    };
    aborts().addAlgorithm(signal, abort);
    const finish = (end) => (value) => {
      aborts().removeAlgorithm(signal, abort);
      end(value);
    };
    PromisePrototypeThen(promise, finish(resolve), finish(reject));
  });
}

// UTF-8 decode of the Encoding Standard, which takes a byte order mark away.
function decode(bytes) {
  return withoutMark(ops.op_utf8_decode(bytes, false));
}

function withoutMark(text) {
  return text.length > 0 && StringPrototypeCharCodeAt(text, 0) === 0xfeff ? StringPrototypeSlice(text, 1) : text;
}

const identity = (value) => value;
const toBuffer = (bytes) => TypedArrayPrototypeGetBuffer(bytes);
const toJSON = (text) => JSONParse(text);

function toBlob(bytes, state) {
  const header = contentTypeOf(state);
  if (header === null) return blobs().createBlob(bytes, "");
  const mime = require("web/mime");
  const type = mime.extract(header);
  return blobs().createBlob(bytes, type === undefined ? "" : mime.serialize(type));
}

// https://fetch.spec.whatwg.org/#dom-body-formdata

const kNoType = "Parsing a Body as FormData requires a Content-Type header.";
const kOtherType =
  "Unrecognized Content-Type header value. FormData can only parse the following MIME types: " + "multipart/form-data, application/x-www-form-urlencoded";
const kNoBoundary =
  "No boundary string in Content-Type header. The multipart/form-data MIME type requires a boundary parameter, " +
  "e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC 7578, section 4.";

function toFormData(bytes, state) {
  const header = contentTypeOf(state);
  if (header === null) throw new TypeError(kNoType);
  const { extract, parameter } = require("web/mime");
  const type = extract(header);
  const { fromEntries } = require("web/form_data").internals;
  if (type?.essence === "multipart/form-data") {
    const boundary = parameter(type.parameters, "boundary");
    if (boundary === undefined || boundary === "") throw new TypeError(kNoBoundary);
    return fromEntries(require("web/multipart").parse(bytes, boundary));
  }
  if (type?.essence === "application/x-www-form-urlencoded") {
    const charset = parameter(type.parameters, "charset");
    if (charset !== undefined && StringPrototypeToLowerCase(charset) !== "utf-8") throw new TypeError("Non-utf-8 application/x-www-form-urlencoded body.");
    return fromEntries(require("web/url").internals.parseFormUrlencoded(decode(bytes)));
  }
  throw new TypeError(kOtherType);
}

class Body {
  constructor() {
    throw illegalConstructor();
  }

  get body() {
    return streamOf(stateOf(this));
  }

  get bodyUsed() {
    return isUsed(stateOf(this));
  }

  arrayBuffer() {
    return consumeBytes(stateOf(this), toBuffer);
  }

  bytes() {
    return consumeBytes(stateOf(this), identity);
  }

  text() {
    return consumeText(stateOf(this), identity);
  }

  json() {
    return consumeText(stateOf(this), toJSON);
  }

  formData() {
    return consumeBytes(stateOf(this), toFormData);
  }

  blob() {
    return consumeBytes(stateOf(this), toBlob);
  }
}
define(Body, "Body");

module.exports = { Body, internals: { __proto__: null, registerResponse, registerRequest } };

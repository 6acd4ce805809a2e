"use strict";
// What Request and Response have in common: headers and body. Each object keeps one state in a private field, with these fields:
//
//   body         null | string | Uint8Array (never changed) | number (a body of the host) | ReadableStream
//   length       in bytes of a body of the host or of a stream that is on its way out, -1 if unknown
//   used         whether the body has been consumed or given away; streams also know themselves
//   headers      a Headers, once a script has asked for it, or null; before that the headers are the first of
//   list         a header list, or null
//   packed       the host's, or null
//   contentType  the only header, or null
//   immutable    guard of the headers
//   signal       aborts the reading of an answer's body; null if nothing does
//   origin       context of the request that got it from another worker or the network, and which alone may read it; undefined if any may
//
// A body stays text, bytes or a handle until a script asks for its stream.

const {
  ArrayBufferIsView,
  ArrayIsArray,
  ArrayPrototypeSlice,
  Object,
  PromisePrototypeThen,
  SymbolAsyncIterator,
  SymbolIterator,
  SymbolToPrimitive,
  TypeError,
  Uint8Array,
} = primordials;
const { bytesOf, isObject } = require("core/webidl");
const { requireContext } = require("core/context");
const { send } = require("core/ops");
const { exportStream } = require("core/stream_export");
const headers = require("web/headers").internals;
const blobs = require.lazy("web/blob", "internals");
const urls = require("web/url").internals;
const aborts = require.lazy("web/abort", "internals");
const streams = require.lazy("web/streams_readable", "internals");

const kUsed = "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.";
const kLockedOut = "The ReadableStream has been locked to a reader.";
// The reference runtime's text does end so.
const kCloneLocked = "This ReadableStream is currently locked to a reader,";

// Headers of a state.

const kContentType = "content-type";

/** The Headers object of a state. */
function headersOf(state) {
  const known = state.headers;
  if (known !== null) return known;
  const { list, packed, contentType } = state;
  if (packed !== null) state.headers = headers.fromPacked(packed, state.immutable);
  else state.headers = headers.fromList(list ?? (contentType === null ? [] : [kContentType, contentType]), state.immutable);
  return state.headers;
}

/** The header list of a state, not to be changed. */
function headerListOf(state) {
  if (state.headers !== null) return headers.listOf(state.headers);
  if (state.list !== null) return state.list;
  if (state.packed !== null) return headers.listOf(headersOf(state));
  return state.contentType === null ? [] : [kContentType, state.contentType];
}

/** The headers of a state as the host takes them. */
function headersForHost(state) {
  const object = state.headers;
  if (object !== null) return headers.packedOf(object) ?? headers.listForHost(headers.listOf(object));
  if (state.list !== null) return headers.listForHost(state.list);
  if (state.packed !== null) return state.packed;
  return state.contentType === null ? "" : packContentType(state.contentType);
}

const kPlainText = "text/plain;charset=UTF-8";
const kPackedPlainText = `content-type\0${kPlainText}\0`;

function packContentType(type) {
  return type === kPlainText ? kPackedPlainText : `content-type\0${headers.toBytes(type)}\0`;
}

/** Copies the headers of a state into another. */
function copyHeaders(from, to) {
  to.packed = from.headers === null ? from.packed : headers.packedOf(from.headers);
  to.contentType = null;
  to.list = null;
  if (to.packed !== null) return;
  if (from.headers === null && from.list === null) to.contentType = from.contentType;
  else to.list = ArrayPrototypeSlice(headerListOf(from));
}

/** Sets the content type that a body brings, unless there is one. */
function addContentType(state, type) {
  if (type === null) return;
  if (state.packed !== null) {
    state.list = headers.unpack(state.packed);
    state.packed = null;
  }
  const list = state.list;
  if (list === null) {
    state.contentType ??= type;
  } else if (!headers.hasIn(list, kContentType)) {
    list[list.length] = kContentType;
    list[list.length] = type;
  }
}

function contentTypeOf(state) {
  if (state.headers === null && state.list === null && state.packed === null) return state.contentType;
  return headers.getFrom(headerListOf(state), kContentType);
}

// Extraction, https://fetch.spec.whatwg.org/#concept-bodyinit-extract

/**
 * Puts a BodyInit into `state`. Bodies are I/O, which module scope has none of; as on the reference runtime a script's own stream is not.
 * @returns {string | null} the content type that it brings
 */
function extract(value, state) {
  if (isObject(value)) return extractObject(value, state);
  requireContext();
  state.body = `${value}`;
  return kPlainText;
}

function extractObject(value, state) {
  if (streams.peek()?.isReadableStream(value)) {
    if (streams().isDisturbed(value)) throw new TypeError("This ReadableStream is disturbed (has already been read from), and cannot be used as a body.");
    if (streams().isLocked(value)) throw new TypeError("This ReadableStream is locked to a reader, and cannot be used as a body.");
    state.body = value;
    return null;
  }
  requireContext();
  if (ArrayBufferIsView(value) || ops.op_value_kind(value) === "ArrayBuffer") {
    state.body = new Uint8Array(bytesOf(value));
    return null;
  }
  if (blobs.peek()?.isBlob(value)) {
    const { bytes, type } = blobs().dataOf(value);
    state.body = bytes;
    return type === "" ? null : type;
  }
  if (urls.isURLSearchParams(value)) {
    state.body = urls.serializeParams(value);
    return "application/x-www-form-urlencoded;charset=UTF-8";
  }
  const forms = require("web/form_data").internals;
  if (forms.isFormData(value)) {
    const { body, boundary } = require("web/multipart").encode(forms.entriesOf(value));
    state.body = body;
    return `multipart/form-data; boundary=${boundary}`;
  }
  return extractOther(value, state);
}

function extractOther(value, state) {
  if (isIterable(value) && !isText(value)) {
    const { fromIterable } = require("web/streams_iteration");
    state.body = streams().createReadableStream(fromIterable(value));
    return null;
  }
  state.body = `${value}`;
  return kPlainText;
}

function isIterable(value) {
  return typeof value[SymbolAsyncIterator] === "function" || typeof value[SymbolIterator] === "function";
}

const { toString: objectToString } = Object.prototype;

// An iterable that says how it is written as text (a String object, a class with a toString) is text; arrays and what is iterated
// asynchronously are not.
function isText(value) {
  if (ArrayIsArray(value) || typeof value[SymbolAsyncIterator] === "function") return false;
  const { toString } = value;
  return (typeof toString === "function" && toString !== objectToString) || value[SymbolToPrimitive] !== undefined;
}

// Bodies of a state.

/** Whether the body has been consumed. */
function isUsed(state) {
  return state.used || (isStream(state.body) && streams().isDisturbed(state.body));
}

function isStream(body) {
  return typeof body === "object" && body !== null && !ArrayBufferIsView(body);
}

/** The stream of a state's body, made now if need be; null if there is no body. */
function streamOf(state) {
  const body = state.body;
  if (body === null || isStream(body)) return body;
  let stream;
  if (state.used) {
    stream = streams().closeEmpty();
    streams().acquireReader(stream);
  } else if (typeof body === "number") {
    stream = streams().createHostStream(body, state.length);
    if (state.signal !== null) failOnAbort(stream, body, state.signal);
  } else {
    stream = streams().createBytesStream(typeof body === "string" ? ops.op_utf8_encode(body) : new Uint8Array(body), state.origin);
  }
  state.body = stream;
  return stream;
}

/** Gives up the body of an answer that nobody has begun to read when the signal aborts. */
function dropOnAbort(state) {
  const rid = state.body;
  aborts().addAlgorithm(state.signal, () => {
    if (state.body === rid) send(ops.op_body_cancel, rid, null);
  });
}

/** Fails a stream over body `rid` when the signal aborts. */
function failOnAbort(stream, rid, signal) {
  const fail = (reason) => {
    send(ops.op_body_cancel, rid, null);
    streams().coreOf(stream).fail(reason);
  };
  if (aborts().isAborted(signal)) fail(aborts().reasonOf(signal));
  else aborts().addAlgorithm(signal, fail);
}

/** Marks a body that is not a stream as consumed and lets its memory go. */
function markUsed(state) {
  state.used = true;
  state.body = "";
}

/**
 * What the host gets as body; the state's is used afterwards.
 * @param {string} usedText the error if it is already
 * @returns {null | string | Uint8Array | number}
 */
function takeBody(state, usedText = kUsed) {
  const body = state.body;
  if (body === null) return null;
  if (isUsed(state)) throw new TypeError(usedText);
  if (!isStream(body)) {
    markUsed(state);
    return body;
  }
  if (streams().isLocked(body)) throw new TypeError(kLockedOut);
  state.length = streams().hostLength(body) ?? -1;
  const rid = streams().takeHostBody(body);
  state.used = true;
  return rid > 0 ? rid : exportStream(body);
}

/** Moves the body of one state to another; the first is used afterwards. */
function moveBody(from, to, usedText) {
  const body = from.body;
  if (body === null) return;
  if (isUsed(from)) throw new TypeError(usedText);
  to.length = from.length;
  if (!isStream(body)) {
    to.body = body;
    markUsed(from);
    return;
  }
  if (streams().isLocked(body)) throw new TypeError(kLockedOut);
  from.used = true;
  const rid = streams().takeHostBody(body);
  to.body = rid > 0 ? rid : passOn(body);
}

/** A new stream with what `stream`, which it locks, still has to give. */
function passOn(stream) {
  const reader = streams().acquireReader(stream);
  const source = {
    __proto__: null,
    pull: (controller) =>
      PromisePrototypeThen(reader.read(), ({ done, value }) => {
        if (done) controller.close();
        else controller.enqueue(value);
      }),
    cancel: (reason) => reader.cancel(reason),
  };
  const length = streams().hostLength(stream);
  if (length >= 0) source.expectedLength = length;
  const { ReadableStream } = require("web/streams_readable");
  return new ReadableStream(source, { __proto__: null, highWaterMark: 0 });
}

/** Gives two states a body each. https://fetch.spec.whatwg.org/#concept-body-clone */
function cloneBody(from, to) {
  const body = from.body;
  if (body === null) return;
  if (isStream(body) ? streams().isLocked(body) : from.used) throw new TypeError(kCloneLocked);
  if (typeof body === "string" || ArrayBufferIsView(body)) {
    to.body = body;
    return;
  }
  const branches = streams().tee(streamOf(from));
  from.body = branches[0];
  to.body = branches[1];
}

module.exports = {
  headersOf,
  headerListOf,
  headersForHost,
  copyHeaders,
  addContentType,
  contentTypeOf,
  extract,
  isUsed,
  isStream,
  streamOf,
  markUsed,
  takeBody,
  moveBody,
  cloneBody,
  dropOnAbort,
  kUsed,
};

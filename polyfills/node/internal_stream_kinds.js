"use strict";
// What a value is to the functions of node:stream: a stream of Node, perhaps of old style, one of the Web, or neither; and how far it
// is. Answers are true, false, or null where the question does not apply. Only public members are read, so that streams of packages count.

const { SymbolAsyncIterator, SymbolIterator } = primordials;
const { kIsDestroyed, kIsDisturbed, kIsErrored, kIsReadable, kIsWritable } = require("node/internal_stream_state");

function has(value, name) {
  return typeof value[name] === "function";
}

// Kinds.

function isReadableNodeStream(value, strict) {
  if (!value || !has(value, "pipe") || !has(value, "on")) return false;
  if (strict && !(has(value, "pause") && has(value, "resume"))) return false;
  if (!value._writableState) return true;
  // A Writable has a pipe() too, and a Duplex may lack its readable side.
  return Boolean(value._readableState) && value._readableState.readable !== false;
}

function isWritableNodeStream(value) {
  return Boolean(value) && has(value, "write") && has(value, "on") && (!value._readableState || value._writableState?.writable !== false);
}

function isDuplexNodeStream(value) {
  return Boolean(value && has(value, "pipe") && value._readableState && has(value, "on") && has(value, "write"));
}

function isNodeStream(value) {
  if (!value) return false;
  const state = (value._readableState ?? value._writableState ?? null) !== null;
  return state || (has(value, "on") && (has(value, "write") || has(value, "pipe")));
}

function isReadableStream(value) {
  return Boolean(value) && !isNodeStream(value) && has(value, "pipeThrough") && has(value, "getReader") && has(value, "cancel");
}

function isWritableStream(value) {
  return Boolean(value) && !isNodeStream(value) && has(value, "getWriter") && has(value, "abort");
}

function isTransformStream(value) {
  return Boolean(value) && !isNodeStream(value) && typeof value.readable === "object" && typeof value.writable === "object";
}

function isWebStream(value) {
  return isReadableStream(value) || isWritableStream(value) || isTransformStream(value);
}

/** Whether it can be iterated: at all, only asynchronously (true), only synchronously (false). */
function isIterable(value, async) {
  if (value === null || value === undefined) return false;
  if (async === true) return has(value, SymbolAsyncIterator);
  if (async === false) return has(value, SymbolIterator);
  return has(value, SymbolAsyncIterator) || has(value, SymbolIterator);
}

// How far a stream is.

function isDestroyed(stream) {
  if (!isNodeStream(stream)) return null;
  const state = stream._writableState || stream._readableState;
  return Boolean(stream.destroyed || stream[kIsDestroyed] || state?.destroyed);
}

// end() has been called.
function isWritableEnded(stream) {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableEnded === true) return true;
  const state = stream._writableState;
  if (state?.errored) return false;
  return typeof state?.ended === "boolean" ? state.ended : null;
}

// "finish" has been emitted; with strict === false, or nothing but that is left to do.
function isWritableFinished(stream, strict) {
  if (!isWritableNodeStream(stream)) return null;
  if (stream.writableFinished === true) return true;
  const state = stream._writableState;
  if (state?.errored) return false;
  if (typeof state?.finished !== "boolean") return null;
  return state.finished || (strict === false && state.ended === true && state.length === 0);
}

// "end" has been emitted; with strict === false, or nothing but that is left to do.
function isReadableFinished(stream, strict) {
  if (!isReadableNodeStream(stream)) return null;
  const state = stream._readableState;
  if (state?.errored) return false;
  if (typeof state?.endEmitted !== "boolean") return null;
  return state.endEmitted || (strict === false && state.ended === true && state.length === 0);
}

function isReadable(stream) {
  const own = stream ? stream[kIsReadable] : undefined;
  if (own !== undefined && own !== null) return own;
  if (typeof stream?.readable !== "boolean") return null;
  if (isDestroyed(stream)) return false;
  return isReadableNodeStream(stream) && stream.readable && !isReadableFinished(stream);
}

function isWritable(stream) {
  const own = stream ? stream[kIsWritable] : undefined;
  if (own !== undefined && own !== null) return own;
  if (typeof stream?.writable !== "boolean") return null;
  if (isDestroyed(stream)) return false;
  return isWritableNodeStream(stream) && stream.writable && !isWritableEnded(stream);
}

function isFinished(stream, sides) {
  if (!isNodeStream(stream)) return null;
  if (isDestroyed(stream)) return true;
  if (sides?.readable !== false && isReadable(stream)) return false;
  return !(sides?.writable !== false && isWritable(stream));
}

// The error of a side, if any.
function writableError(stream) {
  if (!isNodeStream(stream)) return null;
  return stream.writableErrored || (stream._writableState?.errored ?? null);
}

function readableError(stream) {
  if (!isNodeStream(stream)) return null;
  return stream.readableErrored || (stream._readableState?.errored ?? null);
}

// An outgoing message of node:http, or of a package that looks like one.
function isOutgoingMessage(stream) {
  return (
    typeof stream._closed === "boolean" &&
    typeof stream._defaultKeepAlive === "boolean" &&
    typeof stream._removedConnection === "boolean" &&
    typeof stream._removedContLen === "boolean"
  );
}

function isServerRequest(stream) {
  return typeof stream._consuming === "boolean" && typeof stream._dumped === "boolean" && stream.req?.upgradeOrConnect === undefined;
}

function isClosed(stream) {
  if (!isNodeStream(stream)) return null;
  if (typeof stream.closed === "boolean") return stream.closed;
  const writable = stream._writableState?.closed;
  const readable = stream._readableState?.closed;
  if (typeof writable === "boolean" || typeof readable === "boolean") return writable || readable;
  return isOutgoingMessage(stream) ? stream._closed : null;
}

function willEmitClose(stream) {
  if (!isNodeStream(stream)) return null;
  const state = stream._writableState || stream._readableState;
  if (!state) return isOutgoingMessage(stream);
  return Boolean(state.autoDestroy && state.emitClose && state.closed === false);
}

/** Whether something has been read from it, or it ended before its time. */
function isDisturbed(stream) {
  return Boolean(stream && (stream[kIsDisturbed] ?? (stream.readableDidRead || stream.readableAborted)));
}

/** Whether it has failed. */
function isErrored(stream) {
  if (!stream) return false;
  const { _readableState: readable, _writableState: writable } = stream;
  return Boolean(
    stream[kIsErrored] ??
      stream.readableErrored ??
      stream.writableErrored ??
      readable?.errorEmitted ??
      writable?.errorEmitted ??
      readable?.errored ??
      writable?.errored,
  );
}

module.exports = {
  isClosed,
  isDestroyed,
  isDisturbed,
  isDuplexNodeStream,
  isErrored,
  isFinished,
  isIterable,
  isNodeStream,
  isOutgoingMessage,
  isReadable,
  isReadableFinished,
  isReadableNodeStream,
  isReadableStream,
  isServerRequest,
  isTransformStream,
  isWebStream,
  isWritable,
  isWritableEnded,
  isWritableFinished,
  isWritableNodeStream,
  isWritableStream,
  readableError,
  willEmitClose,
  writableError,
};

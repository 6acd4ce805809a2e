"use strict";
// How a stream is constructed late, fails and is destroyed. https://nodejs.org/docs/latest-v22.x/api/stream.html#writabledestroyerror
// A Duplex has both states; the bits of both always change together.

const { AggregateError, ArrayIsArray, ArrayPrototypePush, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { nextTick } = require("node/internal_process");
const { isDestroyed, isFinished, isServerRequest } = require("node/internal_stream_kinds");
const { kAutoDestroy, kCloseEmitted, kClosed, kConstructed, kDestroyed, kEmitClose, kErrorEmitted, kErrored, kIsDestroyed, kState } =
  require("node/internal_stream_state");

// Events by which construct() and destroy() wait for each other.
const kConstruct = Symbol("kConstruct");
const kDestroy = Symbol("kDestroy");

function anyHas(stream, bit) {
  const { _readableState: r, _writableState: w } = stream;
  return Boolean((w && (w[kState] & bit) !== 0) || (r && (r[kState] & bit) !== 0));
}

function setBoth(stream, bit) {
  const { _readableState: r, _writableState: w } = stream;
  if (w) w[kState] |= bit;
  if (r) r[kState] |= bit;
}

// The first error is the one that stays.
function keepError(stream, error) {
  if (!error) return;
  const { _readableState: r, _writableState: w } = stream;
  // V8 holds what an error's stack refers to until the text is made.
  error.stack;
  if (w && !w.errored) w.errored = error;
  if (r && !r.errored) r.errored = error;
}

/** One error of two: the one there is, or `outer` beside `inner`. */
function joinErrors(inner, outer) {
  if (!inner || !outer || inner === outer) return inner || outer;
  if (ArrayIsArray(outer.errors)) {
    ArrayPrototypePush(outer.errors, inner);
    return outer;
  }
  const both = new AggregateError([outer, inner], outer.message);
  both.code = outer.code;
  return both;
}

/** The method `destroy` of streams; the callback is an undocumented habit of packages. */
function destroy(err, cb) {
  if (anyHas(this, kDestroyed)) {
    if (typeof cb === "function") cb();
    return this;
  }
  keepError(this, err);
  setBoth(this, kDestroyed);
  const state = this._writableState || this._readableState;
  if ((state[kState] & kConstructed) !== 0) {
    callDestroy(this, err, cb);
  } else {
    this.once(kDestroy, function (constructError) {
      callDestroy(this, joinErrors(constructError, err), cb);
    });
  }
  return this;
}

function callDestroy(stream, err, cb) {
  let called = false;
  function onDestroy(error) {
    if (called) return;
    called = true;
    keepError(stream, error);
    setBoth(stream, kClosed);
    if (typeof cb === "function") cb(error);
    if (error) nextTick(emitErrorAndClose, stream, error);
    else nextTick(emitClose, stream);
  }
  try {
    stream._destroy(err || null, onDestroy);
  } catch (error) {
    onDestroy(error);
  }
}

function emitErrorAndClose(stream, error) {
  emitError(stream, error);
  emitClose(stream);
}

function emitClose(stream) {
  setBoth(stream, kCloseEmitted);
  if (anyHas(stream, kEmitClose)) stream.emit("close");
}

function emitError(stream, error) {
  if (anyHas(stream, kErrorEmitted)) return;
  setBoth(stream, kErrorEmitted);
  stream.emit("error", error);
}

/** The method `_undestroy`: as if it had just been made. */
function undestroy() {
  const { _readableState: r, _writableState: w } = this;
  if (r) {
    r.constructed = true;
    r.closed = r.closeEmitted = r.destroyed = r.errorEmitted = r.reading = false;
    r.errored = null;
    r.ended = r.endEmitted = r.readable === false;
  }
  if (w) {
    w.constructed = true;
    w.destroyed = w.closed = w.closeEmitted = w.errorEmitted = w.finalCalled = w.prefinished = false;
    w.errored = null;
    w.ended = w.ending = w.finished = w.writable === false;
  }
}

// Also for states of packages that have no bits.
function hasBeenDestroyed(state) {
  if (!state) return false;
  return state[kState] ? (state[kState] & kDestroyed) !== 0 : state.destroyed;
}

/**
 * What a failing operation of a stream does: destroys it, or only emits the error if it must not destroy itself.
 * @param {boolean} [sync] the error must wait for the operation to return
 */
function errorOrDestroy(stream, error, sync) {
  const { _readableState: r, _writableState: w } = stream;
  if (hasBeenDestroyed(w) || hasBeenDestroyed(r)) return;
  if (anyHas(stream, kAutoDestroy)) {
    stream.destroy(error);
  } else if (error) {
    error.stack;
    if (w && (w[kState] & kErrored) === 0) w.errored = error;
    if (r && (r[kState] & kErrored) === 0) r.errored = error;
    if (sync) nextTick(emitError, stream, error);
    else emitError(stream, error);
  }
}

/** Calls `_construct` before anything else; `ready` runs when it is done. Both sides of a Duplex may ask. */
function construct(stream, ready) {
  if (typeof stream._construct !== "function") return;
  const { _readableState: r, _writableState: w } = stream;
  if (r) r[kState] &= ~kConstructed;
  if (w) w[kState] &= ~kConstructed;
  stream.once(kConstruct, ready);
  if (stream.listenerCount(kConstruct) === 1) nextTick(callConstruct, stream);
}

function callConstruct(stream) {
  let called = false;
  function onConstruct(error) {
    if (called) {
      errorOrDestroy(stream, error ?? new (streamErrors().ERR_MULTIPLE_CALLBACK)());
      return;
    }
    called = true;
    setBoth(stream, kConstructed);
    if ((stream._writableState || stream._readableState)?.destroyed) stream.emit(kDestroy, error);
    else if (error) errorOrDestroy(stream, error, true);
    else stream.emit(kConstruct);
  }
  try {
    stream._construct?.((error) => nextTick(onConstruct, error));
  } catch (error) {
    nextTick(onConstruct, error);
  }
}

function isRequest(stream) {
  return typeof stream === "object" && stream !== null && "setHeader" in stream && typeof stream.abort === "function";
}

function emitLegacyClose(stream) {
  stream.emit("close");
}

function emitLegacyError(stream, error) {
  stream.emit("error", error);
  nextTick(emitLegacyClose, stream);
}

/** Destroys any stream, also one of old style, by whatever method it has. Without an error one that is not finished gets an AbortError. */
function destroyer(stream, err) {
  if (!stream || isDestroyed(stream)) return;
  if (!err && !isFinished(stream)) err = new (errors().AbortError)();
  if (isServerRequest(stream)) {
    stream.socket = null;
    stream.destroy(err);
  } else if (isRequest(stream)) {
    stream.abort();
  } else if (isRequest(stream.req)) {
    stream.req.abort();
  } else if (typeof stream.destroy === "function") {
    stream.destroy(err);
  } else if (typeof stream.close === "function") {
    stream.close();
  } else {
    nextTick(err ? emitLegacyError : emitLegacyClose, stream, err);
  }
  if (!stream.destroyed) stream[kIsDestroyed] = true;
}

module.exports = { construct, destroy, destroyer, errorOrDestroy, joinErrors, undestroy };

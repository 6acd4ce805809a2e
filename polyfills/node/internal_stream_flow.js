"use strict";
// How a Readable moves on its own: "readable", flowing mode, "end", and the listeners that start it.
// https://nodejs.org/docs/latest-v22.x/api/stream.html#two-reading-modes

const { FunctionPrototypeCall, ReflectApply } = primordials;
const { nextTick } = require("node/internal_process");
const { Stream } = require("node/internal_stream_legacy");
const { kCloseEmitted, kConstructed, kDestroyed, kErrored, kState } = require("node/internal_stream_state");
const {
  kDataListening,
  kEmittedReadable,
  kEndEmitted,
  kEnded,
  kFlowing,
  kHasFlowing,
  kHasPaused,
  kNeedReadable,
  kPaused,
  kReadableListening,
  kReading,
  kReadingMore,
  kResumeScheduled,
} = require("node/internal_stream_readable_state");

/** Emits "readable" in the next tick; at once it could call read() inside of read(). */
function emitReadable(stream) {
  const state = stream._readableState;
  state[kState] &= ~kNeedReadable;
  if ((state[kState] & kEmittedReadable) !== 0) return;
  state[kState] |= kEmittedReadable;
  nextTick(emitReadableNow, stream);
}

function emitReadableNow(stream) {
  const state = stream._readableState;
  if ((state[kState] & (kDestroyed | kErrored)) === 0 && (state.length || (state[kState] & kEnded) !== 0)) {
    stream.emit("readable");
    state[kState] &= ~kEmittedReadable;
  }
  // Another is due when there is more, unless the stream flows or is full.
  if ((state[kState] & (kFlowing | kEnded)) === 0 && state.length <= state.highWaterMark) state[kState] |= kNeedReadable;
  flow(stream);
}

/** Fills the buffer in the next tick. */
function maybeReadMore(stream, state) {
  if ((state[kState] & (kReadingMore | kConstructed)) !== kConstructed) return;
  state[kState] |= kReadingMore;
  nextTick(readMore, stream, state);
}

// Also for a stream that flows with nothing buffered: no one else would call _read for it.
function readMore(stream, state) {
  while (
    (state[kState] & (kReading | kEnded)) === 0 &&
    (state.length < state.highWaterMark || ((state[kState] & kFlowing) !== 0 && state.length === 0))
  ) {
    const before = state.length;
    stream.read(0);
    if (state.length === before) break;
  }
  state[kState] &= ~kReadingMore;
}

function flow(stream) {
  const state = stream._readableState;
  while ((state[kState] & kFlowing) !== 0 && stream.read() !== null);
}

/** Emits "end" in the next tick. */
function endReadable(stream) {
  const state = stream._readableState;
  if ((state[kState] & kEndEmitted) !== 0) return;
  state[kState] |= kEnded;
  nextTick(emitEnd, state, stream);
}

function emitEnd(state, stream) {
  // Something may have been unshifted meanwhile.
  if ((state[kState] & (kErrored | kCloseEmitted | kEndEmitted)) !== 0 || state.length !== 0) return;
  state[kState] |= kEndEmitted;
  stream.emit("end");
  if (stream.writable && stream.allowHalfOpen === false) {
    nextTick(endWritable, stream);
  } else if (state.autoDestroy) {
    const other = stream._writableState;
    if (!other || (other.autoDestroy && (other.finished || other.writable === false))) stream.destroy();
  }
}

function endWritable(stream) {
  if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

function readNothing(stream) {
  stream.read(0);
}

function resumeLater(stream, state) {
  if ((state[kState] & kResumeScheduled) !== 0) return;
  state[kState] |= kResumeScheduled;
  nextTick(resumeNow, stream, state);
}

function resumeNow(stream, state) {
  if ((state[kState] & kReading) === 0) stream.read(0);
  state[kState] &= ~kResumeScheduled;
  stream.emit("resume");
  flow(stream);
  if ((state[kState] & (kFlowing | kReading)) === kFlowing) stream.read(0);
}

function resume() {
  const state = this._readableState;
  if ((state[kState] & kFlowing) === 0) {
    // With a listener of "readable" it does not flow, but counts as resumed.
    state[kState] |= kHasFlowing;
    if ((state[kState] & kReadableListening) === 0) state[kState] |= kFlowing;
    resumeLater(this, state);
  }
  state[kState] |= kHasPaused;
  state[kState] &= ~kPaused;
  return this;
}

function pause() {
  const state = this._readableState;
  if ((state[kState] & (kHasFlowing | kFlowing)) !== kHasFlowing) {
    state[kState] |= kHasFlowing;
    state[kState] &= ~kFlowing;
    this.emit("pause");
  }
  state[kState] |= kHasPaused | kPaused;
  return this;
}

function onDataListener(stream, state) {
  state[kState] |= kDataListening;
  // So that resume() does not make it flow beside once("readable").
  if (stream.listenerCount("readable") > 0) state[kState] |= kReadableListening;
  if ((state[kState] & (kHasFlowing | kFlowing)) !== kHasFlowing) stream.resume();
}

function onReadableListener(stream, state) {
  if ((state[kState] & (kEndEmitted | kReadableListening)) !== 0) return;
  state[kState] |= kReadableListening | kNeedReadable | kHasFlowing;
  state[kState] &= ~(kFlowing | kEmittedReadable);
  if (state.length) emitReadable(stream);
  else if ((state[kState] & kReading) === 0) nextTick(readNothing, stream);
}

function on(ev, fn) {
  const result = FunctionPrototypeCall(Stream.prototype.on, this, ev, fn);
  if (ev === "data") onDataListener(this, this._readableState);
  else if (ev === "readable") onReadableListener(this, this._readableState);
  return result;
}

function removeListener(ev, fn) {
  const result = FunctionPrototypeCall(Stream.prototype.removeListener, this, ev, fn);
  // In the next tick, so that once("readable") in a loop goes on.
  if (ev === "readable") nextTick(updateListening, this);
  else if (ev === "data" && this.listenerCount("data") === 0) this._readableState[kState] &= ~kDataListening;
  return result;
}

function removeAllListeners(ev) {
  const result = ReflectApply(Stream.prototype.removeAllListeners, this, arguments);
  if (ev === "readable" || ev === undefined) nextTick(updateListening, this);
  return result;
}

function updateListening(stream) {
  const state = stream._readableState;
  if (stream.listenerCount("readable") > 0) state[kState] |= kReadableListening;
  else state[kState] &= ~kReadableListening;
  if ((state[kState] & (kHasPaused | kPaused | kResumeScheduled)) === (kHasPaused | kResumeScheduled)) {
    // Or the resume() that is on its way would do nothing.
    state[kState] |= kHasFlowing | kFlowing;
  } else if ((state[kState] & kDataListening) !== 0) {
    stream.resume();
  } else if ((state[kState] & kReadableListening) === 0) {
    state[kState] &= ~(kHasFlowing | kFlowing);
  }
}

/** Defines the methods of this file. */
function install(Readable) {
  const proto = Readable.prototype;
  const pipes = require("node/internal_stream_pipe");
  proto.pipe = pipes.pipe;
  proto.unpipe = pipes.unpipe;
  proto.on = on;
  proto.addListener = on;
  proto.removeListener = removeListener;
  proto.off = removeListener;
  proto.removeAllListeners = removeAllListeners;
  proto.resume = resume;
  proto.pause = pause;
}

module.exports = { emitReadable, emitReadableNow, endReadable, install, maybeReadMore };

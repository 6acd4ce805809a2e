"use strict";
// The inside of a Writable: one write at a time, what waits for it, and how it finishes.
// https://nodejs.org/docs/latest-v22.x/api/stream.html#implementing-a-writable-stream

const { ArrayPrototypeSlice, ArrayPrototypeSplice } = primordials;
const streamErrors = require.lazy("node/internal_stream_errors");
const { nextTick } = require("node/internal_process");
const { errorOrDestroy } = require("node/internal_stream_destroy");
const { isNode24, kAutoDestroy, kCloseEmitted, kConstructed, kDestroyed, kErrorEmitted, kErrored, kObjectMode, kState, nop } =
  require("node/internal_stream_state");
const {
  kAfterWritePending,
  kAfterWriteTickInfo,
  kAfterWriteTickInfoValue,
  kAllBuffers,
  kAllNoop,
  kBufferProcessing,
  kBuffered,
  kBufferedValue,
  kCorked,
  kEnding,
  kErroredValue,
  kExpectWriteCb,
  kFinalCalled,
  kFinished,
  kNeedDrain,
  kOnFinished,
  kOnFinishedValue,
  kPrefinished,
  kSync,
  kWriteCb,
  kWriteCbValue,
  kWriting,
  resetBuffer,
} = require("node/internal_stream_writable_state");

// Slots of writes that are done before the list is cut.
const kMaxDoneSlots = 256;
const node24 = isNode24();
// What a callback gets if there is no error.
const noError = node24 ? null : undefined;

function sizeOf(state, chunk) {
  return (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length;
}

// Whether more may be written; if not, "drain" is due.
function hasRoom(state) {
  if (state.length < state.highWaterMark || state.length === 0) return true;
  state[kState] |= kNeedDrain;
  return false;
}

/** Writes a chunk, or keeps it for later. @returns whether more may be written */
function writeOrBuffer(stream, state, chunk, encoding, callback) {
  const size = sizeOf(state, chunk);
  state.length += size;
  // Node 24 asks after the write, which may have been done at once.
  let room = node24 || hasRoom(state);
  if ((state[kState] & (kWriting | kErrored | kCorked | kConstructed)) === kConstructed) {
    startWrite(state, size, callback);
    stream._write(chunk, encoding, state.onwrite);
    state[kState] &= ~kSync;
  } else {
    keep(state, chunk, encoding, callback);
  }
  if (node24) room = hasRoom(state);
  // Ends loops that write for as long as they may.
  return room && (state[kState] & (kDestroyed | kErrored)) === 0;
}

function keep(state, chunk, encoding, callback) {
  if ((state[kState] & kBuffered) === 0) {
    state[kState] |= kBuffered;
    state[kBufferedValue] = [];
  }
  const list = state[kBufferedValue];
  list[list.length] = { chunk, encoding, callback };
  if (encoding !== "buffer") state[kState] &= ~kAllBuffers;
  if (callback !== nop) state[kState] &= ~kAllNoop;
}

function startWrite(state, size, callback) {
  state.writelen = size;
  if (callback !== nop) state.writecb = callback;
  state[kState] |= kWriting | kSync | kExpectWriteCb;
}

// A write of what was kept.
function doWrite(stream, state, size, chunk, encoding, callback) {
  startWrite(state, size, callback);
  if ((state[kState] & kDestroyed) !== 0) state.onwrite(new (streamErrors().ERR_STREAM_DESTROYED)("write"));
  else stream._write(chunk, encoding, state.onwrite);
  state[kState] &= ~kSync;
}

/** What _write() and _writev() call back. */
function onwrite(stream, error) {
  const state = stream._writableState;
  if ((state[kState] & kExpectWriteCb) === 0) {
    errorOrDestroy(stream, new (streamErrors().ERR_MULTIPLE_CALLBACK)());
    return;
  }
  const sync = (state[kState] & kSync) !== 0;
  const callback = (state[kState] & kWriteCb) !== 0 ? state[kWriteCbValue] : nop;
  state.writecb = null;
  state[kState] &= ~(kWriting | kExpectWriteCb);
  state.length -= state.writelen;
  state.writelen = 0;
  if (error) {
    noteError(stream, state, error);
    if (sync) nextTick(failWrite, stream, state, error, callback);
    else failWrite(stream, state, error, callback);
    return;
  }
  if ((state[kState] & kBuffered) !== 0) clearBuffer(stream, state);
  if (sync) afterSyncWrite(stream, state, callback);
  else afterWrite(stream, state, 1, callback);
}

function noteError(stream, state, error) {
  // V8 holds what an error's stack refers to until the text is made.
  error.stack;
  if ((state[kState] & kErrored) === 0) {
    state[kErroredValue] = error;
    state[kState] |= kErrored;
  }
  const other = stream._readableState;
  if (other && !other.errored) other.errored = error;
}

function failWrite(stream, state, error, callback) {
  --state.pendingcb;
  callback(error);
  // The others learn of it even if the stream does not destroy itself.
  errorBuffer(state);
  errorOrDestroy(stream, error);
}

// The callback of a write that was done at once comes in the next tick, together with those of the writes after it if it is the same.
function afterSyncWrite(stream, state, callback) {
  // Object mode counts here as in Node, where it is an accident that decides about the order of events.
  const needsTick = ((state[kState] & kNeedDrain) !== 0 && state.length === 0) || (state[kState] & kObjectMode) !== 0 || callback !== nop;
  if (callback !== nop && (state[kState] & kAfterWriteTickInfo) !== 0 && state[kAfterWriteTickInfoValue].cb === callback) {
    state[kAfterWriteTickInfoValue].count++;
  } else if (callback !== nop) {
    const info = { count: 1, cb: callback, stream, state };
    state[kAfterWriteTickInfoValue] = info;
    nextTick(afterWriteTick, info);
    state[kState] |= kAfterWritePending | kAfterWriteTickInfo;
  } else if (needsTick && (state[kState] & kAfterWritePending) === 0) {
    nextTick(afterWrite, stream, state, 1, callback);
    state[kState] |= kAfterWritePending;
  } else {
    state.pendingcb--;
    if ((state[kState] & kEnding) !== 0) finishMaybe(stream, state, true);
  }
}

function afterWriteTick(info) {
  const { stream, state, count, cb } = info;
  state[kState] &= ~kAfterWriteTickInfo;
  state[kAfterWriteTickInfoValue] = null;
  afterWrite(stream, state, count, cb);
}

function afterWrite(stream, state, count, callback) {
  state[kState] &= ~kAfterWritePending;
  if ((state[kState] & (kEnding | kNeedDrain | kDestroyed)) === kNeedDrain && state.length === 0) {
    state[kState] &= ~kNeedDrain;
    stream.emit("drain");
  }
  while (count-- > 0) {
    state.pendingcb--;
    callback(noError);
  }
  if ((state[kState] & kDestroyed) !== 0) errorBuffer(state);
  if ((state[kState] & kEnding) !== 0) finishMaybe(stream, state, true);
}

/** Calls back for all that waits, with the error. */
function errorBuffer(state) {
  if ((state[kState] & kWriting) !== 0) return;
  if ((state[kState] & kBuffered) !== 0) {
    // The list may grow while its callbacks run.
    for (let i = state.bufferedIndex; i < state.buffered.length; i++) {
      const { chunk, callback } = state[kBufferedValue][i];
      state.length -= sizeOf(state, chunk);
      callback(state.errored ?? new (streamErrors().ERR_STREAM_DESTROYED)("write"));
    }
  }
  callFinishedCallbacks(state, state.errored ?? new (streamErrors().ERR_STREAM_DESTROYED)("end"));
  resetBuffer(state);
}

/** Writes what was kept, if it may. */
function clearBuffer(stream, state) {
  if ((state[kState] & (kDestroyed | kBufferProcessing | kCorked | kBuffered | kConstructed)) !== (kBuffered | kConstructed)) return;
  const count = state[kBufferedValue].length - state.bufferedIndex;
  if (count === 0) return;
  state[kState] |= kBufferProcessing;
  if (count > 1 && stream._writev) writeAll(stream, state, count);
  else writeEach(stream, state);
  state[kState] &= ~kBufferProcessing;
}

function writeAll(stream, state, count) {
  const list = state[kBufferedValue];
  const first = state.bufferedIndex;
  const quiet = (state[kState] & kAllNoop) !== 0;
  const callback = quiet
    ? nop
    : (error) => {
        for (let i = first; i < list.length; i++) list[i].callback(error);
      };
  // The program may keep the array; that of the callback must stay as it is.
  const chunks = quiet && first === 0 ? list : ArrayPrototypeSlice(list, first);
  chunks.allBuffers = (state[kState] & kAllBuffers) !== 0;
  state.pendingcb -= count - 1;
  startWrite(state, state.length, callback);
  stream._writev(chunks, state.onwrite);
  state[kState] &= ~kSync;
  resetBuffer(state);
}

function writeEach(stream, state) {
  const list = state[kBufferedValue];
  let i = state.bufferedIndex;
  do {
    const { chunk, encoding, callback } = list[i];
    list[i++] = null;
    doWrite(stream, state, sizeOf(state, chunk), chunk, encoding, callback);
  } while (i < list.length && (state[kState] & kWriting) === 0);
  if (i === list.length) {
    resetBuffer(state);
  } else if (i > kMaxDoneSlots) {
    ArrayPrototypeSplice(list, 0, i);
    state.bufferedIndex = 0;
  } else {
    state.bufferedIndex = i;
  }
}

// Finishing.

const kMayFinish = kEnding | kDestroyed | kConstructed | kFinished | kWriting | kErrorEmitted | kCloseEmitted | kErrored | kBuffered;

function needFinish(state) {
  return (state[kState] & kMayFinish) === (kEnding | kConstructed) && state.length === 0;
}

function onFinal(stream, state, error) {
  if ((state[kState] & kPrefinished) !== 0) {
    errorOrDestroy(stream, error ?? new (streamErrors().ERR_MULTIPLE_CALLBACK)());
    return;
  }
  state.pendingcb--;
  if (error) {
    callFinishedCallbacks(state, error);
    errorOrDestroy(stream, error, (state[kState] & kSync) !== 0);
  } else if (needFinish(state)) {
    state[kState] |= kPrefinished;
    stream.emit("prefinish");
    // "finish" never comes inside of the callback of _final.
    state.pendingcb++;
    nextTick(finish, stream, state);
  }
}

function prefinish(stream, state) {
  if ((state[kState] & (kPrefinished | kFinalCalled)) !== 0) return;
  if (typeof stream._final !== "function" || (state[kState] & kDestroyed) !== 0) {
    state[kState] |= kFinalCalled | kPrefinished;
    stream.emit("prefinish");
    return;
  }
  state[kState] |= kFinalCalled | kSync;
  state.pendingcb++;
  try {
    stream._final((error) => onFinal(stream, state, error));
  } catch (error) {
    onFinal(stream, state, error);
  }
  state[kState] &= ~kSync;
}

/** Finishes if all is written; with `sync` in the next tick. */
function finishMaybe(stream, state, sync) {
  if (!needFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb !== 0) return;
  if (sync) {
    state.pendingcb++;
    nextTick(finishLater, stream, state);
  } else if (needFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finishLater(stream, state) {
  if (needFinish(state)) finish(stream, state);
  else state.pendingcb--;
}

function finish(stream, state) {
  state.pendingcb--;
  state[kState] |= kFinished;
  callFinishedCallbacks(state, null);
  stream.emit("finish");
  if ((state[kState] & kAutoDestroy) === 0) return;
  const other = stream._readableState;
  if (!other || (other.autoDestroy && (other.endEmitted || other.readable === false))) stream.destroy();
}

function callFinishedCallbacks(state, error) {
  if ((state[kState] & kOnFinished) === 0) return;
  const callbacks = state[kOnFinishedValue];
  state[kOnFinishedValue] = noError;
  state[kState] &= ~kOnFinished;
  for (let i = 0; i < callbacks.length; i++) callbacks[i](error);
}

module.exports = { clearBuffer, errorBuffer, finishMaybe, onwrite, writeOrBuffer };

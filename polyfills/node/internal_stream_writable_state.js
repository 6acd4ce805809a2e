"use strict";
// The state of a writable side. Packages look into it, therefore its members are those of Node.

const { ArrayPrototypeSlice, FunctionPrototypeBind, ObjectDefineProperty, Symbol } = primordials;
const {
  defineBits,
  defineEncoding,
  defineOptional,
  getDefaultHighWaterMark,
  getHighWaterMark,
  isNode24,
  kAutoDestroy,
  kCloseEmitted,
  kClosed,
  kConstructed,
  kDestroyed,
  kEmitClose,
  kErrorEmitted,
  kErrored,
  kObjectMode,
  kState,
  nop,
  setEncoding,
} = require("node/internal_stream_state");
const write = require.lazy("node/internal_stream_write");

const kErroredValue = Symbol("kErroredValue");
const kDefaultEncodingValue = Symbol("kDefaultEncodingValue");
const kWriteCbValue = Symbol("kWriteCbValue");
const kAfterWriteTickInfoValue = Symbol("kAfterWriteTickInfoValue");
const kBufferedValue = Symbol("kBufferedValue");
const kOnFinishedValue = Symbol("kOnFinishedValue");

// _write() or _final() has not returned yet (also before the first call).
const kSync = 1 << 9;
const kFinalCalled = 1 << 10;
const kNeedDrain = 1 << 11;
// end() has been called; it has returned; "finish" has been emitted.
const kEnding = 1 << 12;
const kFinished = 1 << 13;
const kDecodeStrings = 1 << 14;
const kWriting = 1 << 15;
const kBufferProcessing = 1 << 16;
const kPrefinished = 1 << 17;
// What is buffered are only bytes; only writes without a callback.
const kAllBuffers = 1 << 18;
const kAllNoop = 1 << 19;
// Callbacks of end() wait.
const kOnFinished = 1 << 20;
const kHasWritable = 1 << 21;
const kWritable = 1 << 22;
const kCorked = 1 << 23;
const kDefaultUTF8Encoding = 1 << 24;
const kWriteCb = 1 << 25;
const kExpectWriteCb = 1 << 26;
const kAfterWriteTickInfo = 1 << 27;
const kAfterWritePending = 1 << 28;
const kBuffered = 1 << 29;
const kEnded = 1 << 30;

function WritableState(options, stream, isDuplex) {
  let bits = kSync | kConstructed | kEmitClose | kAutoDestroy;
  if (options?.objectMode || (isDuplex && options?.writableObjectMode)) bits |= kObjectMode;
  if (options?.decodeStrings !== false) bits |= kDecodeStrings;
  if (options?.emitClose === false) bits &= ~kEmitClose;
  if (options?.autoDestroy === false) bits &= ~kAutoDestroy;
  this[kState] = bits;
  this.highWaterMark = options ? getHighWaterMark(this, options, "writableHighWaterMark", isDuplex) : getDefaultHighWaterMark(false);
  setEncoding(this, kDefaultUTF8Encoding, options?.defaultEncoding);
  // Of all that has been written and not been called back for.
  this.length = 0;
  this.corked = 0;
  // What _write() calls back.
  this.onwrite = FunctionPrototypeBind(write().onwrite, undefined, stream);
  // Of what _write() is working on.
  this.writelen = 0;
  resetBuffer(this);
  // Callbacks of writes, and steps of end(), that are due before "finish".
  this.pendingcb = 0;
}

function resetBuffer(state) {
  state[kBufferedValue] = null;
  state.bufferedIndex = 0;
  state[kState] |= kAllBuffers | kAllNoop;
  state[kState] &= ~kBuffered;
}

const proto = WritableState.prototype;
// Not enumerable since Node 24.
defineBits(
  proto,
  [
    "objectMode", kObjectMode, "finalCalled", kFinalCalled, "needDrain", kNeedDrain, "ending", kEnding, "ended", kEnded,
    "finished", kFinished, "destroyed", kDestroyed, "decodeStrings", kDecodeStrings, "writing", kWriting, "sync", kSync,
    "bufferProcessing", kBufferProcessing, "constructed", kConstructed, "prefinished", kPrefinished, "errorEmitted", kErrorEmitted,
    "emitClose", kEmitClose, "autoDestroy", kAutoDestroy, "closed", kClosed, "closeEmitted", kCloseEmitted,
    "allBuffers", kAllBuffers, "allNoop", kAllNoop,
  ],
  !isNode24(),
);
defineOptional(proto, "errored", kErrored, kErroredValue, () => null);
ObjectDefineProperty(proto, "writable", {
  __proto__: null,
  get() {
    return (this[kState] & kHasWritable) === 0 ? undefined : (this[kState] & kWritable) !== 0;
  },
  set(value) {
    this[kState] &= ~(kHasWritable | kWritable);
    if (value !== null && value !== undefined) this[kState] |= value ? kHasWritable | kWritable : kHasWritable;
  },
});
defineEncoding(proto, kDefaultUTF8Encoding, kDefaultEncodingValue);
defineOptional(proto, "writecb", kWriteCb, kWriteCbValue, () => nop, true);
defineOptional(proto, "afterWriteTickInfo", kAfterWriteTickInfo, kAfterWriteTickInfoValue, () => null, true);
defineOptional(proto, "buffered", kBuffered, kBufferedValue, () => [], true);
proto.getBuffer = function getBuffer() {
  return (this[kState] & kBuffered) === 0 ? [] : ArrayPrototypeSlice(this[kBufferedValue], this.bufferedIndex);
};
ObjectDefineProperty(proto, "bufferedRequestCount", {
  __proto__: null,
  get() {
    return (this[kState] & kBuffered) === 0 ? 0 : this[kBufferedValue].length - this.bufferedIndex;
  },
});

module.exports = {
  WritableState,
  resetBuffer,
  kErroredValue,
  kWriteCbValue,
  kAfterWriteTickInfoValue,
  kBufferedValue,
  kOnFinishedValue,
  kSync,
  kFinalCalled,
  kNeedDrain,
  kEnding,
  kFinished,
  kDecodeStrings,
  kWriting,
  kBufferProcessing,
  kPrefinished,
  kAllBuffers,
  kAllNoop,
  kOnFinished,
  kHasWritable,
  kWritable,
  kCorked,
  kDefaultUTF8Encoding,
  kWriteCb,
  kExpectWriteCb,
  kAfterWriteTickInfo,
  kAfterWritePending,
  kBuffered,
  kEnded,
};

"use strict";
// The state of a readable side. Packages look into it, therefore its members are those of Node.

const { ObjectDefineProperty, Symbol } = primordials;
const {
  defineBits,
  defineEncoding,
  defineOptional,
  getDefaultHighWaterMark,
  getHighWaterMark,
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
  setEncoding,
} = require("node/internal_stream_state");

const kErroredValue = Symbol("kErroredValue");
const kDefaultEncodingValue = Symbol("kDefaultEncodingValue");
const kDecoderValue = Symbol("kDecoderValue");
const kEncodingValue = Symbol("kEncodingValue");

// push(null) has been called; "end" has been emitted.
const kEnded = 1 << 9;
const kEndEmitted = 1 << 10;
// _read() has been called and has not pushed anything yet; it has not returned yet (also before the first call).
const kReading = 1 << 11;
const kSync = 1 << 12;
// Somebody waits for "readable"; it is on its way; somebody listens for it.
const kNeedReadable = 1 << 13;
const kEmittedReadable = 1 << 14;
const kReadableListening = 1 << 15;
const kResumeScheduled = 1 << 16;
// awaitDrainWriters is a Set.
const kMultiAwaitDrain = 1 << 17;
const kReadingMore = 1 << 18;
const kDataEmitted = 1 << 19;
const kDefaultUTF8Encoding = 1 << 20;
const kDecoder = 1 << 21;
const kEncoding = 1 << 22;
// `flowing` and `paused` are null until something sets them.
const kHasFlowing = 1 << 23;
const kFlowing = 1 << 24;
const kHasPaused = 1 << 25;
const kPaused = 1 << 26;
const kDataListening = 1 << 27;

function ReadableState(options, stream, isDuplex) {
  let bits = kEmitClose | kAutoDestroy | kConstructed | kSync;
  if (options) {
    if (options.objectMode || (isDuplex && options.readableObjectMode)) bits |= kObjectMode;
    if (options.emitClose === false) bits &= ~kEmitClose;
    if (options.autoDestroy === false) bits &= ~kAutoDestroy;
  }
  this[kState] = bits;
  this.highWaterMark = options ? getHighWaterMark(this, options, "readableHighWaterMark", isDuplex) : getDefaultHighWaterMark(false);
  // Chunks; those before bufferIndex have been read.
  this.buffer = [];
  this.bufferIndex = 0;
  this.length = 0;
  this.pipes = [];
  setEncoding(this, kDefaultUTF8Encoding, options?.defaultEncoding);
  // The destination whose "drain" is waited for, or a Set of them.
  this.awaitDrainWriters = null;
  if (options?.encoding) {
    const { StringDecoder } = require("node/string_decoder");
    this.decoder = new StringDecoder(options.encoding);
    this.encoding = options.encoding;
  }
}

const proto = ReadableState.prototype;
defineBits(proto, [
  "objectMode", kObjectMode, "ended", kEnded, "endEmitted", kEndEmitted, "reading", kReading, "constructed", kConstructed,
  "sync", kSync, "needReadable", kNeedReadable, "emittedReadable", kEmittedReadable, "readableListening", kReadableListening,
  "resumeScheduled", kResumeScheduled, "errorEmitted", kErrorEmitted, "emitClose", kEmitClose, "autoDestroy", kAutoDestroy,
  "destroyed", kDestroyed, "closed", kClosed, "closeEmitted", kCloseEmitted, "multiAwaitDrain", kMultiAwaitDrain,
  "readingMore", kReadingMore, "dataEmitted", kDataEmitted,
]);
defineOptional(proto, "errored", kErrored, kErroredValue, () => null);
defineEncoding(proto, kDefaultUTF8Encoding, kDefaultEncodingValue);
defineOptional(proto, "decoder", kDecoder, kDecoderValue, () => null);
defineOptional(proto, "encoding", kEncoding, kEncodingValue, () => null);
ObjectDefineProperty(proto, "flowing", {
  __proto__: null,
  get() {
    return (this[kState] & kHasFlowing) === 0 ? null : (this[kState] & kFlowing) !== 0;
  },
  set(value) {
    this[kState] &= ~(kHasFlowing | kFlowing);
    if (value !== null && value !== undefined) this[kState] |= value ? kHasFlowing | kFlowing : kHasFlowing;
  },
});
ObjectDefineProperty(proto, "pipesCount", {
  __proto__: null,
  get() {
    return this.pipes.length;
  },
});
ObjectDefineProperty(proto, "paused", {
  __proto__: null,
  get() {
    return (this[kState] & kPaused) !== 0;
  },
  set(value) {
    this[kState] |= kHasPaused;
    if (value) this[kState] |= kPaused;
    else this[kState] &= ~kPaused;
  },
});

module.exports = {
  ReadableState,
  kDecoderValue,
  kEnded,
  kEndEmitted,
  kReading,
  kSync,
  kNeedReadable,
  kEmittedReadable,
  kReadableListening,
  kResumeScheduled,
  kMultiAwaitDrain,
  kReadingMore,
  kDataEmitted,
  kDecoder,
  kHasFlowing,
  kFlowing,
  kHasPaused,
  kPaused,
  kDataListening,
};

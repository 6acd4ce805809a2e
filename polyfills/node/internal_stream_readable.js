"use strict";
// stream.Readable: what is pushed, read and emitted. https://nodejs.org/docs/latest-v22.x/api/stream.html#readable-streams
// Which event comes in which tick is what programs depend on, and is Node's.

const {
  ArrayBufferIsView,
  ArrayPrototypeUnshift,
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  NumberIsInteger,
  NumberIsNaN,
  NumberParseInt,
  ObjectDefineProperties,
  ObjectSetPrototypeOf,
  Promise,
  SetPrototypeClear,
  Symbol,
} = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { EventEmitter } = require("node/events");
const { Buffer } = require("node/internal_buffer");
const { nextTick } = require("node/internal_process");
const { construct, destroy, errorOrDestroy, undestroy } = require("node/internal_stream_destroy");
const { Stream } = require("node/internal_stream_legacy");
const { fromList } = require("node/internal_stream_list");
const flow = require("node/internal_stream_flow");
const { kCloseEmitted, kConstructed, kDestroyed, kErrorEmitted, kErrored, kObjectMode, kOnConstructed, kState } = require("node/internal_stream_state");
const {
  ReadableState,
  kDataEmitted,
  kDataListening,
  kDecoder,
  kDecoderValue,
  kEmittedReadable,
  kEndEmitted,
  kEnded,
  kFlowing,
  kHasFlowing,
  kMultiAwaitDrain,
  kNeedReadable,
  kPaused,
  kReading,
  kSync,
} = require("node/internal_stream_readable_state");

const { emitReadable, emitReadableNow, endReadable, maybeReadMore } = flow;
const kMaxHighWaterMark = 0x40000000;

function isBuffer(value) {
  return FunctionPrototypeSymbolHasInstance(Buffer, value);
}

ReadableState.prototype[kOnConstructed] = function onConstructed(stream) {
  if ((this[kState] & kNeedReadable) !== 0) maybeReadMore(stream, this);
};

function Readable(options) {
  if (!FunctionPrototypeSymbolHasInstance(Readable, this)) return new Readable(options);
  // Slots for the listeners that nearly every stream gets, so that the table keeps its shape.
  this._events ??= { close: undefined, error: undefined, data: undefined, end: undefined, readable: undefined };
  this._readableState = new ReadableState(options, this, false);
  if (options) {
    if (typeof options.read === "function") this._read = options.read;
    if (typeof options.destroy === "function") this._destroy = options.destroy;
    if (typeof options.construct === "function") this._construct = options.construct;
    if (options.signal) require("node/internal_stream_abort").addAbortSignal(options.signal, this);
  }
  FunctionPrototypeCall(Stream, this, options);
  if (this._construct !== undefined && this._construct !== null) {
    construct(this, () => this._readableState[kOnConstructed](this));
  }
}
ObjectSetPrototypeOf(Readable.prototype, Stream.prototype);
ObjectSetPrototypeOf(Readable, Stream);
Readable.ReadableState = ReadableState;
Readable._fromList = fromList;

const proto = Readable.prototype;
proto.destroy = destroy;
proto._undestroy = undestroy;
proto._destroy = function (err, cb) {
  if (cb) cb(err);
};
proto[EventEmitter.captureRejectionSymbol] = function (err) {
  this.destroy(err);
};
proto[Symbol.asyncDispose] = async function () {
  let error;
  if (!this.destroyed) {
    error = this.readableEnded ? null : new (errors().AbortError)();
    this.destroy(error);
  }
  const { eos } = require("node/internal_stream_finished");
  await new Promise((resolve, reject) => {
    eos(this, (reason) => (reason && reason !== error ? reject(reason) : resolve(null)));
  });
};

// Pushing.

proto.push = function push(chunk, encoding) {
  const state = this._readableState;
  return (state[kState] & kObjectMode) === 0 ? pushBytes(this, state, chunk, encoding) : pushObject(this, state, chunk, encoding);
};

proto.unshift = function unshift(chunk, encoding) {
  const state = this._readableState;
  if (chunk === null) return pushEnd(this, state);
  if ((state[kState] & kObjectMode) === 0) {
    chunk = toUnshift(this, state, chunk, encoding);
    if (chunk === kRefused) return false;
    if (!chunk || !(chunk.length > 0)) return canPushMore(state);
  }
  if ((state[kState] & kEndEmitted) !== 0) errorOrDestroy(this, new (streamErrors().ERR_STREAM_UNSHIFT_AFTER_END_EVENT)());
  else if ((state[kState] & (kDestroyed | kErrored)) !== 0) return false;
  else addChunk(this, state, chunk, true);
  return canPushMore(state);
};

// Stands for a chunk of a wrong type.
const kRefused = Symbol("refused");

function refuse(stream, chunk) {
  errorOrDestroy(stream, new (errors().ERR_INVALID_ARG_TYPE)("chunk", ["string", "Buffer", "TypedArray", "DataView"], chunk));
  return kRefused;
}

function pushEnd(stream, state) {
  state[kState] &= ~kReading;
  onEof(stream, state);
  return false;
}

function toUnshift(stream, state, chunk, encoding) {
  if (typeof chunk === "string") {
    encoding ||= state.defaultEncoding;
    if (state.encoding === encoding) return chunk;
    const bytes = Buffer.from(chunk, encoding);
    // What lies in the buffer of a stream with an encoding is text in that encoding.
    return state.encoding ? bytes.toString(state.encoding) : bytes;
  }
  if (ArrayBufferIsView(chunk)) return Stream._uint8ArrayToBuffer(chunk);
  return chunk === undefined || isBuffer(chunk) ? chunk : refuse(stream, chunk);
}

function pushBytes(stream, state, chunk, encoding) {
  if (chunk === null) return pushEnd(stream, state);
  if (typeof chunk === "string") {
    encoding ||= state.defaultEncoding;
    if (state.encoding !== encoding) {
      chunk = Buffer.from(chunk, encoding);
      encoding = "";
    }
  } else {
    if (!isBuffer(chunk)) {
      if (ArrayBufferIsView(chunk)) chunk = Stream._uint8ArrayToBuffer(chunk);
      else if (chunk !== undefined) return refuse(stream, chunk) !== kRefused;
    }
    encoding = "";
  }
  if (!chunk || chunk.length <= 0) {
    state[kState] &= ~kReading;
    maybeReadMore(stream, state);
    return canPushMore(state);
  }
  if (!mayPush(stream, state)) return false;
  if ((state[kState] & kDecoder) !== 0 && !encoding) {
    chunk = state[kDecoderValue].write(chunk);
    if (chunk.length === 0) {
      maybeReadMore(stream, state);
      return canPushMore(state);
    }
  }
  addChunk(stream, state, chunk, false);
  return canPushMore(state);
}

function pushObject(stream, state, chunk, encoding) {
  if (chunk === null) return pushEnd(stream, state);
  if (!mayPush(stream, state)) return false;
  if ((state[kState] & kDecoder) !== 0 && !encoding) chunk = state[kDecoderValue].write(chunk);
  addChunk(stream, state, chunk, false);
  return canPushMore(state);
}

function mayPush(stream, state) {
  if ((state[kState] & kEnded) !== 0) {
    errorOrDestroy(stream, new (streamErrors().ERR_STREAM_PUSH_AFTER_EOF)());
    return false;
  }
  if ((state[kState] & (kDestroyed | kErrored)) !== 0) return false;
  state[kState] &= ~kReading;
  return true;
}

// An empty buffer always takes a chunk, or nothing would ever come with a mark of 0.
function canPushMore(state) {
  return (state[kState] & kEnded) === 0 && (state.length < state.highWaterMark || state.length === 0);
}

function nobodyWaits(state) {
  if ((state[kState] & kMultiAwaitDrain) !== 0) SetPrototypeClear(state.awaitDrainWriters);
  else state.awaitDrainWriters = null;
}

function addChunk(stream, state, chunk, first) {
  if ((state[kState] & (kFlowing | kSync | kDataListening)) === (kFlowing | kDataListening) && state.length === 0) {
    nobodyWaits(state);
    state[kState] |= kDataEmitted;
    stream.emit("data", chunk);
  } else {
    const list = state.buffer;
    state.length += (state[kState] & kObjectMode) !== 0 ? 1 : chunk.length;
    if (!first) list[list.length] = chunk;
    else if (state.bufferIndex > 0) list[--state.bufferIndex] = chunk;
    else ArrayPrototypeUnshift(list, chunk);
    if ((state[kState] & kNeedReadable) !== 0) emitReadable(stream);
  }
  maybeReadMore(stream, state);
}

function onEof(stream, state) {
  if ((state[kState] & kEnded) !== 0) return;
  if ((state[kState] & kDecoder) !== 0) {
    const rest = state[kDecoderValue].end();
    if (rest?.length) {
      state.buffer[state.buffer.length] = rest;
      state.length += (state[kState] & kObjectMode) !== 0 ? 1 : rest.length;
    }
  }
  state[kState] |= kEnded;
  if ((state[kState] & kSync) !== 0) {
    emitReadable(stream);
  } else {
    // At once: parsers such as dicer rely on it.
    state[kState] &= ~kNeedReadable;
    state[kState] |= kEmittedReadable;
    emitReadableNow(stream);
  }
}

// Reading.

proto.isPaused = function isPaused() {
  const bits = this._readableState[kState];
  return (bits & kPaused) !== 0 || (bits & (kHasFlowing | kFlowing)) === kHasFlowing;
};

proto.setEncoding = function setEncoding(enc) {
  const { StringDecoder } = require("node/string_decoder");
  const state = this._readableState;
  const decoder = new StringDecoder(enc);
  state.decoder = decoder;
  state.encoding = decoder.encoding;
  const list = state.buffer;
  let text = "";
  for (let i = state.bufferIndex; i < list.length; i++) text += decoder.write(list[i]);
  list.length = 0;
  state.bufferIndex = 0;
  if (text !== "") list[0] = text;
  state.length = text.length;
  return this;
};

// The next power of two: a mark that is raised for every byte would be raised without end.
function raisedHighWaterMark(n) {
  if (n > kMaxHighWaterMark) throw new (errors().ERR_OUT_OF_RANGE)("size", "<= 1GiB", n);
  let mark = n - 1;
  for (let shift = 1; shift <= 16; shift *= 2) mark |= mark >>> shift;
  return mark + 1;
}

// How much a read(n) gets of what is buffered; n is NaN for "all".
function available(n, state) {
  const bits = state[kState];
  if (n <= 0 || (state.length === 0 && (bits & kEnded) !== 0)) return 0;
  if ((bits & kObjectMode) !== 0) return 1;
  if (NumberIsNaN(n)) return (bits & kFlowing) !== 0 && state.length ? state.buffer[state.bufferIndex].length : state.length;
  if (n <= state.length) return n;
  return (bits & kEnded) !== 0 ? state.length : 0;
}

// Whether what is buffered is enough for "readable", or it has ended.
function isFilled(state) {
  return (state.highWaterMark === 0 ? state.length > 0 : state.length >= state.highWaterMark) || (state[kState] & kEnded) !== 0;
}

proto.read = function read(n) {
  if (n === undefined) n = NaN;
  else if (!NumberIsInteger(n)) n = NumberParseInt(n, 10);
  const state = this._readableState;
  const wanted = n;
  if (n > state.highWaterMark) state.highWaterMark = raisedHighWaterMark(n);
  if (n !== 0) state[kState] &= ~kEmittedReadable;
  // read(0) asks for an event, not for data.
  if (n === 0 && (state[kState] & kNeedReadable) !== 0 && isFilled(state)) {
    if (state.length === 0 && (state[kState] & kEnded) !== 0) endReadable(this);
    else emitReadable(this);
    return null;
  }
  n = available(n, state);
  if (n === 0 && (state[kState] & kEnded) !== 0) {
    if (state.length === 0) endReadable(this);
    return null;
  }
  // Before anything is taken, as _read may push at once what is missing.
  if (callRead(this, state, n)) n = available(wanted, state);
  const result = n > 0 ? fromList(n, state) : null;
  if (result === null) {
    if (state.length <= state.highWaterMark) state[kState] |= kNeedReadable;
    n = 0;
  } else {
    state.length -= n;
    nobodyWaits(state);
  }
  if (state.length === 0) {
    if ((state[kState] & kEnded) === 0) state[kState] |= kNeedReadable;
    // More was asked for than there ever will be.
    else if (wanted !== n) endReadable(this);
  }
  if (result !== null && (state[kState] & (kErrorEmitted | kCloseEmitted)) === 0) {
    state[kState] |= kDataEmitted;
    this.emit("data", result);
  }
  return result;
};

// Calls _read if taking n leaves less than the mark. @returns whether it has pushed something at once
function callRead(stream, state, n) {
  const wants = (state[kState] & kNeedReadable) !== 0 || state.length === 0 || state.length - n < state.highWaterMark;
  const may = (state[kState] & (kReading | kEnded | kDestroyed | kErrored | kConstructed)) === kConstructed;
  if (!wants || !may) return false;
  state[kState] |= kReading | kSync;
  if (state.length === 0) state[kState] |= kNeedReadable;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    errorOrDestroy(stream, error);
  }
  state[kState] &= ~kSync;
  return (state[kState] & kReading) === 0;
}

proto._read = function (size) {
  throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_read()");
};

flow.install(Readable);

// Properties.

function stateGetter(name, fallback) {
  return {
    __proto__: null,
    get() {
      return this._readableState ? this._readableState[name] : fallback;
    },
  };
}

function requiredGetter(name) {
  return {
    __proto__: null,
    get() {
      return this._readableState[name];
    },
  };
}

ObjectDefineProperties(proto, {
  __proto__: null,
  readable: {
    __proto__: null,
    get() {
      const state = this._readableState;
      // `readable` of the state is false for a Duplex without this side, and where somebody has set it.
      return Boolean(state) && state.readable !== false && !state.destroyed && !state.errorEmitted && !state.endEmitted;
    },
    set(value) {
      if (this._readableState) this._readableState.readable = Boolean(value);
    },
  },
  readableDidRead: requiredGetter("dataEmitted"),
  readableAborted: {
    __proto__: null,
    get() {
      const state = this._readableState;
      return state.readable !== false && Boolean(state.destroyed || state.errored) && !state.endEmitted;
    },
  },
  readableHighWaterMark: requiredGetter("highWaterMark"),
  readableBuffer: stateGetter("buffer", undefined),
  readableFlowing: {
    __proto__: null,
    get() {
      return this._readableState.flowing;
    },
    set(value) {
      if (this._readableState) this._readableState.flowing = value;
    },
  },
  readableLength: requiredGetter("length"),
  readableObjectMode: stateGetter("objectMode", false),
  readableEncoding: stateGetter("encoding", null),
  errored: stateGetter("errored", null),
  closed: stateGetter("closed", false),
  destroyed: {
    __proto__: null,
    get() {
      return this._readableState ? this._readableState.destroyed : false;
    },
    set(value) {
      if (this._readableState) this._readableState.destroyed = value;
    },
  },
  readableEnded: stateGetter("endEmitted", false),
});

module.exports = { Readable, ReadableState };

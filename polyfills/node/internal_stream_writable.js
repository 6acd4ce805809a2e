"use strict";
// stream.Writable. https://nodejs.org/docs/latest-v22.x/api/stream.html#writable-streams

const {
  ArrayBufferIsView,
  Error,
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  ObjectDefineProperties,
  ObjectDefineProperty,
  ObjectSetPrototypeOf,
  Promise,
  StringPrototypeToLowerCase,
  Symbol,
  SymbolHasInstance,
} = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const web = require.lazy("node/internal_stream_web");
const { EventEmitter } = require("node/events");
const { Buffer } = require("node/internal_buffer");
const { nextTick } = require("node/internal_process");
const { construct, destroy, errorOrDestroy, undestroy } = require("node/internal_stream_destroy");
const { Stream } = require("node/internal_stream_legacy");
const { isNode24, kClosed, kDestroyed, kErrored, kObjectMode, kOnConstructed, kState, nop } = require("node/internal_stream_state");
const { clearBuffer, errorBuffer, finishMaybe, writeOrBuffer } = require("node/internal_stream_write");
const {
  WritableState,
  kBuffered,
  kCorked,
  kDecodeStrings,
  kDefaultUTF8Encoding,
  kEnded,
  kEnding,
  kErroredValue,
  kFinished,
  kHasWritable,
  kNeedDrain,
  kOnFinished,
  kOnFinishedValue,
  kWritable,
  kWriting,
} = require("node/internal_stream_writable_state");

WritableState.prototype[kOnConstructed] = function onConstructed(stream) {
  if ((this[kState] & kWriting) === 0) clearBuffer(stream, this);
  if ((this[kState] & kEnding) !== 0) finishMaybe(stream, this);
};

function Writable(options) {
  // Scripts cannot replace the check.
  if (!(this instanceof Writable)) return new Writable(options);
  this._events ??= { close: undefined, error: undefined, prefinish: undefined, finish: undefined, drain: undefined };
  this._writableState = new WritableState(options, this, false);
  if (options) {
    if (typeof options.write === "function") this._write = options.write;
    if (typeof options.writev === "function") this._writev = options.writev;
    if (typeof options.destroy === "function") this._destroy = options.destroy;
    if (typeof options.final === "function") this._final = options.final;
    if (typeof options.construct === "function") this._construct = options.construct;
    if (options.signal) require("node/internal_stream_abort").addAbortSignal(options.signal, this);
  }
  FunctionPrototypeCall(Stream, this, options);
  if (this._construct !== undefined && this._construct !== null) {
    construct(this, () => this._writableState[kOnConstructed](this));
  }
}
ObjectSetPrototypeOf(Writable.prototype, Stream.prototype);
ObjectSetPrototypeOf(Writable, Stream);
Writable.WritableState = WritableState;
// A Duplex is a Writable too, though it inherits from Readable.
ObjectDefineProperty(Writable, SymbolHasInstance, {
  __proto__: null,
  value(object) {
    if (FunctionPrototypeSymbolHasInstance(this, object)) return true;
    if (this !== Writable) return false;
    return object && FunctionPrototypeSymbolHasInstance(WritableState, object._writableState);
  },
});

const proto = Writable.prototype;
proto.pipe = function () {
  errorOrDestroy(this, new (streamErrors().ERR_STREAM_CANNOT_PIPE)());
};

// The bytes of a chunk; text stays what it is for streams that want it so.
function toBytes(state, chunk, encoding) {
  if (typeof chunk === "string") return (state[kState] & kDecodeStrings) === 0 ? chunk : Buffer.from(chunk, encoding);
  if (FunctionPrototypeSymbolHasInstance(Buffer, chunk)) return chunk;
  if (ArrayBufferIsView(chunk)) return Stream._uint8ArrayToBuffer(chunk);
  throw new (errors().ERR_INVALID_ARG_TYPE)("chunk", ["string", "Buffer", "TypedArray", "DataView"], chunk);
}

// Whether more may be written, or the error.
function writeChunk(stream, chunk, encoding, cb) {
  const state = stream._writableState;
  if (typeof cb !== "function") cb = nop;
  if (chunk === null) throw new (streamErrors().ERR_STREAM_NULL_VALUES)();
  if ((state[kState] & kObjectMode) === 0) {
    if (!encoding) encoding = (state[kState] & kDefaultUTF8Encoding) !== 0 ? "utf8" : state.defaultEncoding;
    else if (encoding !== "buffer" && !Buffer.isEncoding(encoding)) throw new (errors().ERR_UNKNOWN_ENCODING)(encoding);
    chunk = toBytes(state, chunk, encoding);
    if (typeof chunk !== "string") encoding = "buffer";
  }
  let error;
  if ((state[kState] & kEnding) !== 0) error = new (streamErrors().ERR_STREAM_WRITE_AFTER_END)();
  else if ((state[kState] & kDestroyed) !== 0) error = new (streamErrors().ERR_STREAM_DESTROYED)("write");
  if (error) {
    nextTick(cb, error);
    errorOrDestroy(stream, error, true);
    return error;
  }
  state.pendingcb++;
  return writeOrBuffer(stream, state, chunk, encoding, cb);
}

proto.write = function write(chunk, encoding, cb) {
  if (typeof encoding === "function") return writeChunk(this, chunk, null, encoding) === true;
  return writeChunk(this, chunk, encoding, cb) === true;
};
proto.cork = function cork() {
  const state = this._writableState;
  state[kState] |= kCorked;
  state.corked++;
};
proto.uncork = function uncork() {
  const state = this._writableState;
  if (!state.corked) return;
  state.corked--;
  if (!state.corked) state[kState] &= ~kCorked;
  if ((state[kState] & kWriting) === 0) clearBuffer(this, state);
};
proto.setDefaultEncoding = function setDefaultEncoding(encoding) {
  if (typeof encoding === "string") encoding = StringPrototypeToLowerCase(encoding);
  if (!Buffer.isEncoding(encoding)) throw new (errors().ERR_UNKNOWN_ENCODING)(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};
proto._write = function (chunk, encoding, cb) {
  if (!this._writev) throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_write()");
  this._writev([{ chunk, encoding }], cb);
};
proto._writev = null;
proto.end = function end(chunk, encoding, cb) {
  if (typeof chunk === "function") {
    cb = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === "function") {
    cb = encoding;
    encoding = null;
  }
  const state = this._writableState;
  let error;
  if (chunk !== undefined && chunk !== null) {
    const result = writeChunk(this, chunk, encoding);
    if (FunctionPrototypeSymbolHasInstance(Error, result)) error = result;
  }
  if ((state[kState] & kCorked) !== 0) {
    state.corked = 1;
    this.uncork();
  }
  if (!error) error = startEnd(this, state);
  if (typeof cb === "function") callWhenFinished(state, error, cb);
  return this;
};

// Marks it as ended; a second end() is forgiven unless it can have no effect any more.
function startEnd(stream, state) {
  if ((state[kState] & (kEnding | kErrored)) === 0) {
    state[kState] |= kEnding;
    finishMaybe(stream, state, true);
    state[kState] |= kEnded;
    return undefined;
  }
  if ((state[kState] & kFinished) !== 0) return new (streamErrors().ERR_STREAM_ALREADY_FINISHED)("end");
  return (state[kState] & kDestroyed) !== 0 ? new (streamErrors().ERR_STREAM_DESTROYED)("end") : undefined;
}

function callWhenFinished(state, error, cb) {
  const finished = (state[kState] & kFinished) !== 0;
  const errored = (state[kState] & kErrored) !== 0;
  if (error || (finished && !isNode24())) {
    nextTick(cb, error);
  } else if (errored) {
    nextTick(cb, state[kErroredValue]);
  } else if (finished) {
    nextTick(cb, null);
  } else {
    state[kState] |= kOnFinished;
    const list = (state[kOnFinishedValue] ??= []);
    list[list.length] = cb;
  }
}

proto.destroy = function (err, cb) {
  const state = this._writableState;
  if ((state[kState] & (kBuffered | kOnFinished)) !== 0 && (state[kState] & kDestroyed) === 0) nextTick(errorBuffer, state);
  FunctionPrototypeCall(destroy, this, err, cb);
  return this;
};
proto._undestroy = undestroy;
proto._destroy = function (err, cb) {
  cb(err);
};
proto[EventEmitter.captureRejectionSymbol] = function (err) {
  this.destroy(err);
};
proto[Symbol.asyncDispose] = async function () {
  if (!this.destroyed) this.destroy(this.writableFinished ? null : new (errors().AbortError)());
  const { eos } = require("node/internal_stream_finished");
  await new Promise((resolve, reject) => {
    eos(this, (reason) => (reason && reason.name !== "AbortError" ? reject(reason) : resolve(null)));
  });
};

// Properties. Those of bits are there for every kind of `this`.

function bitGetter(mask, value) {
  return {
    __proto__: null,
    get() {
      const state = this._writableState;
      return state ? (state[kState] & mask) === value : false;
    },
  };
}

ObjectDefineProperties(proto, {
  __proto__: null,
  closed: bitGetter(kClosed, kClosed),
  destroyed: {
    __proto__: null,
    get() {
      return this._writableState ? (this._writableState[kState] & kDestroyed) !== 0 : false;
    },
    set(value) {
      const state = this._writableState;
      if (!state) return;
      if (value) state[kState] |= kDestroyed;
      else state[kState] &= ~kDestroyed;
    },
  },
  writable: {
    __proto__: null,
    get() {
      const state = this._writableState;
      // `writable` of the state is false for a Duplex without this side, and where somebody has set it.
      return Boolean(state) && state.writable !== false && (state[kState] & (kEnding | kEnded | kDestroyed | kErrored)) === 0;
    },
    set(value) {
      if (this._writableState) this._writableState.writable = Boolean(value);
    },
  },
  writableFinished: bitGetter(kFinished, kFinished),
  writableObjectMode: bitGetter(kObjectMode, kObjectMode),
  writableBuffer: {
    __proto__: null,
    get() {
      return this._writableState && this._writableState.getBuffer();
    },
  },
  writableEnded: bitGetter(kEnding, kEnding),
  writableNeedDrain: bitGetter(kDestroyed | kEnding | kNeedDrain, kNeedDrain),
  writableHighWaterMark: {
    __proto__: null,
    get() {
      return this._writableState?.highWaterMark;
    },
  },
  writableCorked: {
    __proto__: null,
    get() {
      return this._writableState ? this._writableState.corked : 0;
    },
  },
  writableLength: {
    __proto__: null,
    get() {
      return this._writableState?.length;
    },
  },
  errored: {
    __proto__: null,
    get() {
      return this._writableState ? this._writableState.errored : null;
    },
  },
  writableAborted: {
    __proto__: null,
    get() {
      const bits = this._writableState[kState];
      return (bits & (kHasWritable | kWritable)) !== kHasWritable && (bits & (kDestroyed | kErrored)) !== 0 && (bits & kFinished) === 0;
    },
  },
});

function fromWeb(writableStream, options) {
  return web().writableFromWeb(writableStream, options);
}

function toWeb(streamWritable) {
  return web().writableToWeb(streamWritable);
}

Writable.fromWeb = fromWeb;
Writable.toWeb = toWeb;

module.exports = { Writable, WritableState, fromWeb, toWeb };

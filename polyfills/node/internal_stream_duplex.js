"use strict";
// stream.Duplex: a Readable that is a Writable as well. https://nodejs.org/docs/latest-v22.x/api/stream.html#class-streamduplex

const { Error, FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectKeys, ObjectSetPrototypeOf } =
  primordials;
const { nextTick } = require("node/internal_process");
const { construct } = require("node/internal_stream_destroy");
const { Stream } = require("node/internal_stream_legacy");
const { Readable, ReadableState } = require("node/internal_stream_readable");
const { kOnConstructed } = require("node/internal_stream_state");
const { Writable, WritableState } = require("node/internal_stream_writable");

function Duplex(options) {
  if (!FunctionPrototypeSymbolHasInstance(Duplex, this)) return new Duplex(options);
  // Slots for the listeners that nearly every stream gets, so that the table keeps its shape.
  this._events ??= {
    close: undefined,
    error: undefined,
    prefinish: undefined,
    finish: undefined,
    drain: undefined,
    data: undefined,
    end: undefined,
    readable: undefined,
  };
  this._readableState = new ReadableState(options, this, true);
  this._writableState = new WritableState(options, this, true);
  if (options) {
    this.allowHalfOpen = options.allowHalfOpen !== false;
    closeSides(this, options);
    takeMethods(this, options);
    if (options.signal) require("node/internal_stream_abort").addAbortSignal(options.signal, this);
  } else {
    this.allowHalfOpen = true;
  }
  FunctionPrototypeCall(Stream, this, options);
  if (this._construct !== undefined && this._construct !== null) {
    construct(this, () => {
      this._readableState[kOnConstructed](this);
      this._writableState[kOnConstructed](this);
    });
  }
}

// A side that the options take away counts as over.
function closeSides(stream, options) {
  if (options.readable === false) {
    const state = stream._readableState;
    state.readable = false;
    state.ended = state.endEmitted = true;
  }
  if (options.writable === false) {
    const state = stream._writableState;
    state.writable = false;
    state.ending = state.ended = state.finished = true;
  }
}

function takeMethods(stream, options) {
  if (typeof options.read === "function") stream._read = options.read;
  if (typeof options.write === "function") stream._write = options.write;
  if (typeof options.writev === "function") stream._writev = options.writev;
  if (typeof options.destroy === "function") stream._destroy = options.destroy;
  if (typeof options.final === "function") stream._final = options.final;
  if (typeof options.construct === "function") stream._construct = options.construct;
}

ObjectSetPrototypeOf(Duplex.prototype, Readable.prototype);
ObjectSetPrototypeOf(Duplex, Readable);

const proto = Duplex.prototype;
const methods = ObjectKeys(Writable.prototype);
for (let i = 0; i < methods.length; i++) proto[methods[i]] ||= Writable.prototype[methods[i]];
proto.destroy = Writable.prototype.destroy;

const properties = [
  "writable",
  "writableHighWaterMark",
  "writableObjectMode",
  "writableBuffer",
  "writableLength",
  "writableFinished",
  "writableCorked",
  "writableEnded",
  "writableNeedDrain",
];
for (let i = 0; i < properties.length; i++) {
  const { get, set } = ObjectGetOwnPropertyDescriptor(Writable.prototype, properties[i]);
  ObjectDefineProperty(proto, properties[i], { __proto__: null, get, set });
}
ObjectDefineProperty(proto, "destroyed", {
  __proto__: null,
  get() {
    const { _readableState: r, _writableState: w } = this;
    return r !== undefined && w !== undefined && r.destroyed && w.destroyed;
  },
  set(value) {
    const { _readableState: r, _writableState: w } = this;
    if (r && w) r.destroyed = w.destroyed = value;
  },
});

function fromWeb(pair, options) {
  return require("node/internal_stream_web_duplex").duplexFromWeb(pair, options);
}

function toWeb(duplex) {
  return require("node/internal_stream_web_duplex").duplexToWeb(duplex);
}

function from(body) {
  return require("node/internal_stream_duplexify").duplexify(body, "body");
}

Duplex.fromWeb = fromWeb;
Duplex.toWeb = toWeb;
Duplex.from = from;

// Set by the class, which alone knows the private fields.
let join;

// One end of a duplexPair(): what is written comes out of the other.
class DuplexSide extends Duplex {
  #other;
  #written;

  static {
    join = (one, other) => {
      one.#other = other;
      other.#other = one;
    };
  }

  _read() {
    const callback = this.#written;
    this.#written = undefined;
    if (callback) callback();
  }

  _write(chunk, encoding, callback) {
    const other = this.#other;
    if (other.#written !== undefined) throw new Error("A write of the pair is still pending");
    if (chunk.length === 0) {
      nextTick(callback);
    } else {
      other.push(chunk);
      other.#written = callback;
    }
  }

  _final(callback) {
    this.#other.on("end", callback);
    this.#other.push(null);
  }
}

function duplexPair(options) {
  const one = new DuplexSide(options);
  const other = new DuplexSide(options);
  join(one, other);
  return [one, other];
}

module.exports = { Duplex, duplexPair, from, fromWeb, toWeb };

"use strict";
// stream.Transform and PassThrough. https://nodejs.org/docs/latest-v22.x/api/stream.html#class-streamtransform

const { FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, ObjectSetPrototypeOf, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const { nextTick } = require("node/internal_process");
const { Duplex } = require("node/internal_stream_duplex");
const { getHighWaterMark, isNode24 } = require("node/internal_stream_state");

// The callback of the write whose result nobody has read yet.
const kCallback = Symbol("kCallback");
const node24 = isNode24();

function Transform(options) {
  if (!FunctionPrototypeSymbolHasInstance(Transform, this)) return new Transform(options);
  const readableHighWaterMark = options ? getHighWaterMark(this, options, "readableHighWaterMark", true) : null;
  if (readableHighWaterMark === 0) {
    // Else the writable side would buffer all the same.
    const writableHighWaterMark = options.writableHighWaterMark || 0;
    options = { ...options, highWaterMark: null, readableHighWaterMark, writableHighWaterMark };
  }
  FunctionPrototypeCall(Duplex, this, options);
  // Nothing is read before the first write, so that there is nothing to guard.
  this._readableState.sync = false;
  this[kCallback] = null;
  if (options) {
    if (typeof options.transform === "function") this._transform = options.transform;
    if (typeof options.flush === "function") this._flush = options.flush;
  }
  // An event, as packages define a _final of their own.
  this.on("prefinish", prefinish);
}
ObjectSetPrototypeOf(Transform.prototype, Duplex.prototype);
ObjectSetPrototypeOf(Transform, Duplex);

function final(cb) {
  if (typeof this._flush !== "function" || this.destroyed) {
    this.push(null);
    if (cb) cb();
    return;
  }
  this._flush((error, data) => {
    if (error) {
      if (cb) cb(error);
      else this.destroy(error);
      return;
    }
    if (data !== undefined && data !== null) this.push(data);
    this.push(null);
    if (cb) cb();
  });
}

function prefinish() {
  if (this._final !== final) FunctionPrototypeCall(final, this);
}

Transform.prototype._final = final;
Transform.prototype._transform = function () {
  throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_transform()");
};
Transform.prototype._write = function (chunk, encoding, callback) {
  const readable = this._readableState;
  const before = readable.length;
  this._transform(chunk, encoding, (error, value) => {
    if (error) {
      callback(error);
      return;
    }
    if (value !== undefined && value !== null) this.push(value);
    if (node24 && readable.ended) nextTick(callback);
    else if (this._writableState.ended || before === readable.length || readable.length < readable.highWaterMark) callback();
    else this[kCallback] = callback;
  });
};
Transform.prototype._read = function (size) {
  const callback = this[kCallback];
  if (!callback) return;
  this[kCallback] = null;
  callback();
};

function PassThrough(options) {
  if (!FunctionPrototypeSymbolHasInstance(PassThrough, this)) return new PassThrough(options);
  FunctionPrototypeCall(Transform, this, { ...options, transform: undefined, flush: undefined });
}
ObjectSetPrototypeOf(PassThrough.prototype, Transform.prototype);
ObjectSetPrototypeOf(PassThrough, Transform);
PassThrough.prototype._transform = function (chunk, _, cb) {
  cb(null, chunk);
};

module.exports = { PassThrough, Transform };

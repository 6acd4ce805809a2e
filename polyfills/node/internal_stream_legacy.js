"use strict";
// The base of all streams, and the pipe() of those that are no more than it. https://nodejs.org/docs/latest-v22.x/api/stream.html

const { ArrayBufferIsView, FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, ObjectSetPrototypeOf, Uint8Array } = primordials;
const { EventEmitter } = require("node/events");
const { Buffer } = require("node/internal_buffer");

function Stream(opts) {
  FunctionPrototypeCall(EventEmitter, this, opts || {});
}
ObjectSetPrototypeOf(Stream.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Stream, EventEmitter);

Stream.prototype.pipe = function pipe(dest, options) {
  const source = this;
  let ended = false;

  function ondata(chunk) {
    if (dest.writable && dest.write(chunk) === false && source.pause) source.pause();
  }
  function ondrain() {
    if (source.readable && source.resume) source.resume();
  }
  function onend() {
    if (ended) return;
    ended = true;
    dest.end();
  }
  function onclose() {
    if (ended) return;
    ended = true;
    if (typeof dest.destroy === "function") dest.destroy();
  }
  // With the pipe gone an error that nobody hears is thrown, as it is without a pipe.
  function onerror(error) {
    cleanup();
    if (EventEmitter.listenerCount(this, "error") === 0) this.emit("error", error);
  }
  function cleanup() {
    source.removeListener("data", ondata);
    dest.removeListener("drain", ondrain);
    source.removeListener("end", onend);
    source.removeListener("close", onclose);
    source.removeListener("error", onerror);
    dest.removeListener("error", onerror);
    source.removeListener("end", cleanup);
    source.removeListener("close", cleanup);
    dest.removeListener("close", cleanup);
  }

  source.on("data", ondata);
  dest.on("drain", ondrain);
  // Standard output is never ended by a pipe.
  if (!dest._isStdio && (!options || options.end !== false)) {
    source.on("end", onend);
    source.on("close", onclose);
  }
  source.prependListener("error", onerror);
  dest.prependListener("error", onerror);
  source.on("end", cleanup);
  source.on("close", cleanup);
  dest.on("close", cleanup);
  dest.emit("pipe", source);
  return dest;
};

Stream.Stream = Stream;
Stream._isUint8Array = function isUint8Array(value) {
  return FunctionPrototypeSymbolHasInstance(Uint8Array, value);
};
Stream._isArrayBufferView = function isArrayBufferView(value) {
  return ArrayBufferIsView(value);
};
Stream._uint8ArrayToBuffer = function _uint8ArrayToBuffer(chunk) {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
};

module.exports = { Stream };

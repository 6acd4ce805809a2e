"use strict";
// What a Readable has beyond reading: conversions and operators. The files behind them are loaded when they are called.

const { ReflectApply, SymbolAsyncIterator } = primordials;
const { Readable } = require("node/internal_stream_readable");
const iterate = require.lazy("node/internal_stream_iterate");
const operators = require.lazy("node/internal_stream_operators");
const web = require.lazy("node/internal_stream_web");

const proto = Readable.prototype;

function fromWeb(readableStream, options) {
  return web().readableFromWeb(readableStream, options);
}

function toWeb(streamReadable, options) {
  return web().readableToWeb(streamReadable, options);
}

function wrap(src, options) {
  return iterate().wrap(src, options);
}

function from(iterable, opts) {
  return iterate().from(Readable, iterable, opts);
}

Readable.toWeb = toWeb;
Readable.fromWeb = fromWeb;
Readable.wrap = wrap;
Readable.from = from;

proto.wrap = function (stream) {
  return ReflectApply(iterate().wrapInto, this, [stream]);
};
proto[SymbolAsyncIterator] = function () {
  return iterate().toIterator(this);
};
proto.iterator = function (options) {
  return ReflectApply(iterate().iterator, this, [options]);
};

// Operators that give a stream.
proto.map = function (fn, options) {
  return from(operators().map(this, fn, options));
};
proto.asIndexedPairs = function (options) {
  return from(operators().asIndexedPairs(this, options));
};
proto.drop = function (number, options) {
  return from(operators().drop(this, number, options));
};
proto.filter = function (fn, options) {
  return from(operators().filter(this, fn, options));
};
proto.flatMap = function (fn, options) {
  return from(operators().flatMap(this, fn, options));
};
proto.take = function (number, options) {
  return from(operators().take(this, number, options));
};

// Operators that give a promise.
proto.every = function every(fn, options) {
  return operators().every(this, fn, options);
};
proto.forEach = function forEach(fn, options) {
  return operators().forEach(this, fn, options);
};
proto.reduce = function reduce(reducer, initialValue, options) {
  return operators().reduce(this, reducer, arguments.length > 1, initialValue, options);
};
proto.toArray = function toArray(options) {
  return operators().toArray(this, options);
};
proto.some = function some(fn, options) {
  return operators().some(this, fn, options);
};
proto.find = function find(fn, options) {
  return operators().find(this, fn, options);
};
proto.compose = function (...streams) {
  const all = [this];
  for (let i = 0; i < streams.length; i++) all[i + 1] = streams[i];
  return ReflectApply(require("node/internal_stream_compose").compose, undefined, all);
};

module.exports = { from, fromWeb, toWeb, wrap };

"use strict";
// node:stream, https://nodejs.org/docs/latest-v22.x/api/stream.html

const { addAbortSignal } = require("node/internal_stream_abort");
const { compose } = require("node/internal_stream_compose");
const { destroyer } = require("node/internal_stream_destroy");
const { Duplex, duplexPair } = require("node/internal_stream_duplex");
const { eos } = require("node/internal_stream_finished");
const { isDestroyed, isDisturbed, isErrored, isReadable, isWritable } = require("node/internal_stream_kinds");
const { Stream } = require("node/internal_stream_legacy");
const { pipeline } = require("node/internal_stream_pipeline");
const { promises } = require("node/stream_promises");
const { getDefaultHighWaterMark, setDefaultHighWaterMark } = require("node/internal_stream_state");
const { PassThrough, Transform } = require("node/internal_stream_transform");
const { Readable } = require("node/internal_stream_readable");
const { Writable } = require("node/internal_stream_writable");
require("node/internal_stream_methods");

Stream.addAbortSignal = addAbortSignal;
Stream.compose = compose;
Stream.destroy = destroyer;
Stream.finished = eos;
Stream.isReadable = isReadable;
Stream.isWritable = isWritable;
Stream.isErrored = isErrored;
Stream.isDisturbed = isDisturbed;
Stream.pipeline = pipeline;
Stream.Writable = Writable;
Stream.Readable = Readable;
Stream.Duplex = Duplex;
Stream.Transform = Transform;
Stream.PassThrough = PassThrough;
Stream.promises = promises;
Stream.getDefaultHighWaterMark = getDefaultHighWaterMark;
Stream.setDefaultHighWaterMark = setDefaultHighWaterMark;
Stream.isDestroyed = isDestroyed;
Stream.duplexPair = duplexPair;

module.exports = {
  Duplex,
  PassThrough,
  Readable,
  Stream,
  Transform,
  Writable,
  _isArrayBufferView: Stream._isArrayBufferView,
  _isUint8Array: Stream._isUint8Array,
  _uint8ArrayToBuffer: Stream._uint8ArrayToBuffer,
  addAbortSignal,
  compose,
  default: Stream,
  destroy: destroyer,
  duplexPair,
  finished: eos,
  getDefaultHighWaterMark,
  isDestroyed,
  isDisturbed,
  isErrored,
  isReadable,
  isWritable,
  pipeline,
  promises,
  setDefaultHighWaterMark,
};

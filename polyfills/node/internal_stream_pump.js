"use strict";
// Writes what is iterated to a stream, with back-pressure; a part of stream.pipeline().

const { Promise } = primordials;
const errors = require.lazy("node/internal_errors");
const { joinErrors } = require("node/internal_stream_destroy");
const { eos } = require("node/internal_stream_finished");
const kinds = require("node/internal_stream_kinds");

/** What can be iterated of a stage; streams of old style cannot by themselves. */
function toIterable(value) {
  if (kinds.isIterable(value)) return value;
  if (kinds.isReadableNodeStream(value)) return require("node/internal_stream_iterate").toIterator(value);
  throw new (errors().ERR_INVALID_ARG_TYPE)("val", ["Readable", "Iterable", "AsyncIterable"], value);
}

/** Writes to a stream of Node, and calls `finish` when that has finished. */
async function pumpToNode(iterable, writable, finish, end) {
  let error;
  let wake;
  const resume = (reason) => {
    if (reason) error = reason;
    const call = wake;
    wake = undefined;
    if (call) call();
  };
  const wait = () =>
    new Promise((resolve, reject) => {
      const settle = () => (error ? reject(error) : resolve());
      if (error) settle();
      else wake = settle;
    });
  writable.on("drain", resume);
  const release = eos(writable, { readable: false }, resume);
  try {
    if (writable.writableNeedDrain) await wait();
    for await (const chunk of iterable) if (!writable.write(chunk)) await wait();
    if (end) {
      writable.end();
      await wait();
    }
    finish();
  } catch (reason) {
    finish(error === reason ? reason : joinErrors(error, reason));
  } finally {
    release();
    writable.off("drain", resume);
  }
}

/** Writes to a stream of the Web, and calls `finish` when that is closed; `fail` as soon as a write fails. */
async function pumpToWeb(readable, stream, finish, fail, end) {
  const writer = (kinds.isTransformStream(stream) ? stream.writable : stream).getWriter();
  try {
    for await (const chunk of readable) {
      await writer.ready;
      // At once, so that the source is destroyed with this error, and not because nobody reads it any more.
      writer.write(chunk).catch(fail);
    }
    await writer.ready;
    if (end) await writer.close();
    finish();
  } catch (error) {
    let reason = error;
    try {
      await writer.abort(error);
    } catch (failure) {
      reason = failure;
    }
    finish(reason);
  }
}

module.exports = { pumpToNode, pumpToWeb, toIterable };

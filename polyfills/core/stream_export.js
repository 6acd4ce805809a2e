"use strict";
// Streams made in JavaScript that leave it: each gets a number below zero; Go pulls one chunk at a time, so that a slow
// reader slows the worker. The stream is locked by its export.

const { ArrayBufferIsView, ArrayBuffer, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, PromisePrototypeThen, TypeError, Uint8Array } = primordials;
const context = require("core/context");

const exported = new Map();
let last = 0;

/**
 * Locks `stream` and returns the number under which the host reads it.
 * @param {ReadableStream} stream neither locked nor disturbed
 * @returns {number} below zero
 */
function exportStream(stream) {
  const { acquireReader } = require("web/streams_readable").internals;
  const id = --last;
  MapPrototypeSet(exported, id, { reader: acquireReader(stream), frame: ops.op_get_frame() });
  return id;
}

/** Forgets a stream; if it was its context's answer, the context may be over. */
function finish(id, entry) {
  MapPrototypeDelete(exported, id);
  const ctx = entry.frame === undefined ? undefined : entry.frame.context;
  if (ctx !== undefined && ctx.streaming === id) {
    ctx.streaming = 0;
    require("core/dispatch").endIfDone(ctx);
  }
}

function asBytes(chunk) {
  if (typeof chunk === "string") throw new TypeError("This TransformStream is being used as a byte stream, but received a string on its writable side. If you wish to write a string, you'll probably want to explicitly UTF-8-encode it with TextEncoder.");
  if (ArrayBufferIsView(chunk)) return chunk;
  if (ops.op_value_kind(chunk) === "ArrayBuffer") return new Uint8Array(chunk);
  throw new TypeError("This ReadableStream did not return bytes.");
}

/** Host: read the next chunk of stream `id`; answers with one of op_stream_chunk, op_stream_end, op_stream_error. */
function pull(id) {
  const entry = MapPrototypeGet(exported, id);
  if (entry === undefined) return;
  ops.op_set_frame(entry.frame);
  const fail = (error) => {
    ops.op_stream_error(id, `${error?.name ?? "Error"}`, `${error?.message ?? error}`);
    finish(id, entry);
  };
  PromisePrototypeThen(
    entry.reader.read(),
    (result) => {
      if (result.done) {
        ops.op_stream_end(id);
        finish(id, entry);
        return;
      }
      let bytes;
      try {
        bytes = asBytes(result.value);
      } catch (error) {
        PromisePrototypeThen(entry.reader.cancel(error), undefined, () => {});
        fail(error);
        return;
      }
      ops.op_stream_chunk(id, bytes);
    },
    fail,
  );
}

/** Host: nobody reads stream `id` any more. */
function cancel(id, name, message) {
  const entry = MapPrototypeGet(exported, id);
  if (entry === undefined) return;
  ops.op_set_frame(entry.frame);
  const { makeError } = require("core/errors");
  PromisePrototypeThen(entry.reader.cancel(makeError(name, message)), undefined, () => {});
  finish(id, entry);
}

module.exports = { exportStream, pull, cancel };

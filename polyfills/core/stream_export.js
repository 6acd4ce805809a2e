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
 * @param {boolean} [overRPC] whether it is a value of an RPC: then a chunk may be text, which is encoded, and one chunk is read before
 *   anybody asks for it, as the reference runtime does
 * @returns {number} below zero
 */
function exportStream(stream, overRPC = false) {
  const { acquireReader } = require("web/streams_readable").internals;
  const id = --last;
  const entry = { reader: acquireReader(stream), frame: ops.op_get_frame(), held: false, overRPC, ahead: undefined };
  MapPrototypeSet(exported, id, entry);
  if (overRPC) readAhead(entry);
  return id;
}

function readAhead(entry) {
  entry.ahead = entry.reader.read();
  PromisePrototypeThen(entry.ahead, undefined, () => {}); // who pulls will see it
}

/** The next chunk of a stream. */
function next(entry) {
  const { ahead } = entry;
  if (ahead === undefined) return entry.reader.read();
  entry.ahead = undefined;
  return ahead;
}

/** Stream `id` is part of an answer: its context goes on until the stream has been read. */
function holdContext(id) {
  const entry = MapPrototypeGet(exported, id);
  entry.held = true;
  entry.frame.context.held++;
}

/** Forgets a stream; if it was part of its context's answer, the context may be over. */
function finish(id, entry) {
  MapPrototypeDelete(exported, id);
  if (!entry.held) return;
  const ctx = entry.frame.context;
  ctx.held--;
  require("core/dispatch").endIfDone(ctx);
}

function asBytes(chunk, withText) {
  if (typeof chunk === "string" && withText) return ops.op_utf8_encode(chunk);
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
    next(entry),
    (result) => {
      if (result.done) {
        ops.op_stream_end(id);
        finish(id, entry);
        return;
      }
      let bytes;
      try {
        bytes = asBytes(result.value, entry.overRPC);
      } catch (error) {
        PromisePrototypeThen(entry.reader.cancel(error), undefined, () => {});
        fail(error);
        return;
      }
      ops.op_stream_chunk(id, bytes);
      if (entry.overRPC) readAhead(entry);
    },
    fail,
  );
}

/**
 * Host: nobody reads stream `id` any more; `detail` is the serialised reason if a worker has given one, else null. If the stream is part
 * of an answer, MessageEnd follows.
 */
function cancel(id, name, message, detail) {
  const entry = MapPrototypeGet(exported, id);
  if (entry === undefined) return;
  MapPrototypeDelete(exported, id);
  if (entry.held) entry.frame.context.held--;
  ops.op_set_frame(entry.frame);
  const reason = detail === null ? require("core/errors").makeError(name, message) : require("cloudflare/rpc_codec").deserialize(detail, [], undefined).value;
  PromisePrototypeThen(entry.reader.cancel(reason), undefined, () => {});
}

module.exports = { exportStream, holdContext, pull, cancel };

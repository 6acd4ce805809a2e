"use strict";
// Streams and signals over RPC. A ReadableStream goes as a body of the host, which the receiver reads; of a WritableStream the
// receiver gets a stub of its sink, of an AbortSignal a stub that tells when it aborts.

const { ArrayBufferIsView, Error, Promise, PromisePrototypeThen, Symbol, TypeError, Uint8Array } = primordials;
const { bytesOf, isObject } = require("core/webidl");
const { requireContext } = require("core/context");
const { exportStream, holdContext } = require("core/stream_export");
const codec = require("cloudflare/rpc_codec");
const exported = require("cloudflare/rpc_exports");
const { Handle, makeStub, start, stubHandlerOf } = require("cloudflare/rpc_stub");

const SymbolDispose = Symbol.dispose;
const kDisconnected = "ReadableStream received over RPC disconnected prematurely.";
const kReleased = "ReadableStream sent over RPC was canceled or released by the remote execution context.";
const kGone = "WritableStream received over RPC was disconnected because the remote execution context has ended.";

const kNoBytes = "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.";

// Readable.

/** Data of a ReadableStream, which it locks. */
function writeReadable(stream) {
  const w = codec.writingForRPC("ReadableStream");
  const streams = require("web/streams_readable").internals;
  if (streams.isLocked(stream)) throw new TypeError("The ReadableStream has been locked to a reader.");
  return codec.addLater(
    w,
    () => streamCap(stream, w.purpose === "answer"),
    () => PromisePrototypeThen(streams.acquireReader(stream).cancel(new Error(kReleased)), undefined, () => {}),
  );
}

/** The capability of a stream, which it locks. */
function streamCap(stream, inAnswer) {
  const streams = require("web/streams_readable").internals;
  const length = streams.hostLength(stream) ?? -1;
  const rid = streams.takeHostBody(stream);
  if (rid > 0) return ["stream", rid, length];
  const sid = exportStream(stream, true);
  if (inAnswer) holdContext(sid);
  return ["stream", sid, length];
}

function readReadable(index) {
  const { caps, context } = codec.current();
  const streams = require("web/streams_readable").internals;
  return streams.createHostStream(caps[index][0], caps[index][1], context, kDisconnected);
}

/** The bytes of the reason with which a stream is cancelled. */
function writeReason(reason) {
  return codec.serialize(reason === undefined ? new Error(kReleased) : reason, "error").bytes;
}

// Bodies of requests and responses.

/**
 * Adds the body of a Request or Response to the value being written; it is used afterwards.
 * @param {object} state see web/body_state
 * @returns {null | string | Uint8Array | [number, number]} what readBody takes
 */
function writeBody(state, what) {
  if (state.body === null) return null;
  const w = codec.writingForRPC("ReadableStream");
  const { takeBody, isStream, isUsed } = require("web/body_state");
  if (isUsed(state)) throw new TypeError("The ReadableStream has been locked to a reader.");
  const streams = require("web/streams_readable").internals;
  const { body } = state;
  if (isStream(body) && streams.isLocked(body)) throw new TypeError("The ReadableStream has been locked to a reader.");
  if (!isStream(body) && typeof body !== "number") return takeBody(state);
  return [
    codec.addLater(w, () => {
      const { length } = state;
      if (typeof body === "number") return ["stream", takeBody(state), length];
      state.used = true;
      return streamCap(body, w.purpose === "answer");
    }),
  ];
}

/** Puts a body that writeBody has written into a state. */
function readBody(data, state) {
  if (data === null || typeof data === "string" || ArrayBufferIsView(data)) {
    state.body = data;
    state.origin = codec.current().context;
    return;
  }
  const [rid, length] = codec.current().caps[data[0]];
  state.length = length;
  state.body = require("web/streams_readable").internals.createHostStream(rid, length, codec.current().context, kDisconnected);
}

// Writable.

/** What the receiver of a WritableStream calls. */
class Sink {
  #writer;
  #over = false;
  constructor(writer) {
    this.#writer = writer;
  }
  /** As an object of own functions, each of which RPC can reach. */
  target() {
    return {
      write: (chunk) => this.#writer.write(chunk),
      close: () => {
        this.#over = true;
        return this.#writer.close();
      },
      abort: () => this.#abort(),
      [SymbolDispose]: () => this.#abort(),
    };
  }
  #abort() {
    if (this.#over) return undefined;
    this.#over = true;
    return PromisePrototypeThen(this.#writer.abort(new Error(kGone)), undefined, () => {});
  }
}

/** Data of a WritableStream, which it locks. */
function writeWritable(stream) {
  const w = codec.writingForRPC("WritableStream");
  const streams = require("web/streams_writable").internals;
  if (streams.isLocked(stream)) throw new TypeError("This WritableStream is currently locked to a writer.");
  return codec.addLater(
    w,
    () => {
      const sink = new Sink(streams.acquireWriter(stream));
      return ["export", exported.addSent(requireContext(), sink.target(), w.purpose === "answer"), true];
    },
    () => void new Sink(streams.acquireWriter(stream)).target().abort(),
  );
}

/** A chunk as an ArrayBuffer of its own. */
function toBuffer(chunk) {
  if (typeof chunk === "string") return ops.op_utf8_encode(chunk).buffer;
  if (ArrayBufferIsView(chunk)) return new Uint8Array(bytesOf(chunk)).buffer;
  if (ops.op_value_kind(chunk) === "ArrayBuffer") return chunk;
  throw new TypeError(kNoBytes);
}

/** An error of the sink, which the platform does not mark as remote. */
function unmarked(error) {
  if (isObject(error)) delete error.remote;
  throw error;
}

function readWritable(index) {
  const { caps, context } = codec.current();
  const handler = stubHandlerOf(makeStub(new Handle(caps[index], context)));
  const callSink = (name, args) => PromisePrototypeThen(start(handler, [name], args).promise(), undefined, unmarked);
  const end = () => handler.dispose();
  const { WritableStream } = require("web/streams_writable");
  return new WritableStream({
    __proto__: null,
    write(chunk) {
      const buffer = toBuffer(chunk);
      return buffer.byteLength === 0 ? undefined : callSink("write", [buffer]);
    },
    close: () => PromisePrototypeThen(callSink("close", []), end),
    abort: () => PromisePrototypeThen(callSink("abort", []), end),
  });
}

// Signals.

/** Data of an AbortSignal: [state, reason, index]. */
function writeSignal(signal) {
  const w = codec.writingForRPC("AbortSignal");
  const aborts = require("web/abort").internals;
  if (aborts.isAborted(signal)) return [true, aborts.reasonOf(signal), -1];
  const index = codec.addLater(w, () => {
    const aborted = new Promise((resolve) => aborts.addAlgorithm(signal, (reason) => resolve([reason])));
    return ["export", exported.addSent(requireContext(), () => aborted, w.purpose === "answer"), true];
  });
  return [false, undefined, index];
}

function readSignal(data) {
  const [aborted, reason, index] = data;
  const { AbortController } = require("web/abort");
  const controller = new AbortController();
  if (aborted) {
    controller.abort(reason);
    return controller.signal;
  }
  const { caps, context } = codec.current();
  const handler = stubHandlerOf(makeStub(new Handle(caps[index], context)));
  const frame = ops.op_get_frame();
  ops.op_set_frame(context.frame);
  const wait = start(handler, [], []).promise();
  ops.op_set_frame(frame);
  PromisePrototypeThen(
    wait,
    (list) => controller.abort(list[0]),
    () => {}, // the sender has gone: nobody can abort it any more
  );
  return controller.signal;
}

module.exports = { writeReason, writeReadable, readReadable, writeBody, readBody, writeWritable, readWritable, writeSignal, readSignal };

"use strict";
// WritableStream, its writer and controller, as scripts see them. https://streams.spec.whatwg.org/#ws

const { PromiseReject, PromiseResolve, TypeError } = primordials;
const { constructorError, define, illegalConstructor, kConstruct } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { checkDictionary, convertStrategy, kNothing } = require("web/streams_strategy");
const { Writable, WritableController, Writer, convertSink, kClosed, kErrored, kErroring, kStreamClosed, kWritable, kWriterReleased } = require("web/streams_writable_core");

const kLocked = "This WritableStream is currently locked to a writer.";

let isWritableStream;
let coreOf;

class WritableStream {
  /** @type {Writable} */
  #core;
  constructor(underlyingSink = undefined, strategy = undefined) {
    if (underlyingSink === kConstruct) {
      this.#core = strategy;
      return;
    }
    checkDictionary(underlyingSink, "WritableStream", 1, "UnderlyingSink");
    const sink = convertSink(underlyingSink ?? kNothing);
    const options = convertStrategy(strategy, 1, "WritableStream", 2);
    const core = new Writable();
    this.#core = core;
    const controller = new WritableController(core, sink, options);
    sink.wrapper = new WritableStreamDefaultController(kConstruct, controller);
    controller.start();
  }

  get locked() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.writer !== undefined;
  }

  abort(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    const core = this.#core;
    if (core.writer !== undefined) return PromiseReject(new TypeError(kLocked));
    return core.abort(reason);
  }

  close() {
    if (!(#core in this)) throw illegalInvocation();
    const core = this.#core;
    if (core.writer !== undefined) return PromiseReject(new TypeError(kLocked));
    if (core.closeQueuedOrInFlight) return PromiseReject(new TypeError(kStreamClosed));
    return core.close();
  }

  getWriter() {
    if (!(#core in this)) throw illegalInvocation();
    return new WritableStreamDefaultWriter(this);
  }

  static {
    isWritableStream = (v) => typeof v === "object" && v !== null && #core in v;
    coreOf = (stream) => stream.#core;
  }
}
define(WritableStream, "WritableStream");

class WritableStreamDefaultWriter {
  /** @type {Writer} */
  #core;
  constructor(stream) {
    if (!isWritableStream(stream)) throw constructorError("WritableStreamDefaultWriter", 1, "WritableStream");
    const core = coreOf(stream);
    if (core.writer !== undefined) throw new TypeError(kLocked);
    this.#core = new Writer(core);
  }

  get closed() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.closed.get();
  }

  get desiredSize() {
    if (!(#core in this)) throw illegalInvocation();
    if (this.#core.stream === undefined) throw new TypeError(kWriterReleased);
    return this.#core.desiredSize();
  }

  get ready() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.ready.get();
  }

  abort(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.abort(reason);
  }

  close() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.close();
  }

  releaseLock() {
    if (!(#core in this)) throw illegalInvocation();
    this.#core.releaseWithWrites();
  }

  write(chunk = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    const stream = this.#core.stream;
    if (stream !== undefined && stream.convertChunk !== undefined && stream.state !== kClosed) {
      if (chunk === undefined) return PromiseResolve(undefined);
      try {
        chunk = stream.convertChunk(chunk);
      } catch (error) {
        return PromiseReject(error);
      }
      if (chunk.length === 0 && stream.state === kWritable && !stream.closeQueuedOrInFlight) return PromiseResolve(undefined);
    }
    return this.#core.write(chunk);
  }
}
define(WritableStreamDefaultWriter, "WritableStreamDefaultWriter");

class WritableStreamDefaultController {
  /** @type {WritableController} */
  #core;
  constructor(token = undefined, core = undefined) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#core = core;
  }

  get signal() {
    if (!(#core in this)) throw illegalInvocation();
    return this.#core.signal();
  }

  error(reason = undefined) {
    if (!(#core in this)) throw illegalInvocation();
    this.#core.errorIfNeeded(reason);
  }
}
define(WritableStreamDefaultController, "WritableStreamDefaultController");

/** A WritableStream over a core, as an internal caller makes one. */
function createWritableStream(core) {
  return new WritableStream(kConstruct, core);
}

require("core/clone").registerCloneable(
  67,
  "WritableStream",
  isWritableStream,
  (stream) => require("cloudflare/rpc_streams").writeWritable(stream),
  (data) => require("cloudflare/rpc_streams").readWritable(data),
);

/** The state of a stream as inspection shows it. */
function inspectState(core) {
  if (core.state === kErrored) return "errored";
  if (core.state === kErroring) return "erroring";
  return core.state === kClosed || core.closeQueuedOrInFlight ? "closed" : "writable";
}

module.exports = {
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  internals: {
    __proto__: null,
    inspect: {
      __proto__: null,
      WritableStream: { __proto__: null, state: (stream) => inspectState(coreOf(stream)), expectsBytes: (stream) => coreOf(stream).convertChunk !== undefined },
    },
    isWritableStream,
    isLocked: (stream) => coreOf(stream).writer !== undefined,
    acquireWriter: (stream) => new Writer(coreOf(stream)),
    coreOf,
    createWritableStream,
  },
};

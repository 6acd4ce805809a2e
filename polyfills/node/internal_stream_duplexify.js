"use strict";
// Duplex.from(): a Duplex out of nearly anything. https://nodejs.org/docs/latest-v22.x/api/stream.html#streamduplexfromsrc

const { FunctionPrototypeCall, FunctionPrototypeSymbolHasInstance, Promise, PromisePrototypeThen, PromiseResolve } = primordials;
const errors = require.lazy("node/internal_errors");
const { AbortController } = require("web/abort");
const { nextTick } = require("node/internal_process");
const { destroyer } = require("node/internal_stream_destroy");
const { Duplex } = require("node/internal_stream_duplex");
const { eos } = require("node/internal_stream_finished");
const kinds = require("node/internal_stream_kinds");
const iterate = require.lazy("node/internal_stream_iterate");
const web = require.lazy("node/internal_stream_web");

class Duplexify extends Duplex {}

const kAccepted = [
  "Blob",
  "ReadableStream",
  "WritableStream",
  "Stream",
  "Iterable",
  "AsyncIterable",
  "Function",
  "{ readable, writable } pair",
  "Promise",
];

function isInstance(Class, value) {
  return FunctionPrototypeSymbolHasInstance(Class, value);
}

function duplexify(body, name) {
  if (kinds.isDuplexNodeStream(body)) return body;
  if (kinds.isReadableNodeStream(body)) return join(body, undefined);
  if (kinds.isWritableNodeStream(body)) return join(undefined, body);
  if (kinds.isNodeStream(body)) return join(undefined, undefined);
  const { ReadableStream } = require("web/streams_readable");
  const { WritableStream } = require("web/streams_writable");
  if (isInstance(ReadableStream, body)) return join(web().readableFromWeb(body), undefined);
  if (isInstance(WritableStream, body)) return join(undefined, web().writableFromWeb(body));
  if (typeof body === "function") return fromFunction(body, name);
  if (isInstance(require("web/blob").Blob, body)) return duplexify(body.arrayBuffer(), name);
  if (kinds.isIterable(body)) return iterate().from(Duplexify, body, { objectMode: true, writable: false });
  if (isInstance(ReadableStream, body?.readable) && isInstance(WritableStream, body?.writable)) {
    return require("node/internal_stream_web_duplex").duplexFromWeb(body);
  }
  if (typeof body?.writable === "object" || typeof body?.readable === "object") return fromPair(body, name);
  if (typeof body?.then === "function") return fromPromise(body, body.then);
  throw new (errors().ERR_INVALID_ARG_TYPE)(name, kAccepted, body);
}

function fromPair(body, name) {
  const { readable, writable } = body;
  const source = readable ? (kinds.isReadableNodeStream(readable) ? readable : duplexify(readable, name)) : undefined;
  const sink = writable ? (kinds.isWritableNodeStream(writable) ? writable : duplexify(writable, name)) : undefined;
  return join(source, sink);
}

function fromPromise(promise, then) {
  const duplex = new Duplexify({ objectMode: true, writable: false, read() {} });
  const resolved = (value) => {
    if (value !== undefined && value !== null) duplex.push(value);
    duplex.push(null);
  };
  FunctionPrototypeCall(then, promise, resolved, (error) => destroyer(duplex, error));
  return duplex;
}

// What a function reads: an asynchronous iterable of what is written, one chunk at a time.
class Written {
  #waiting;
  #resolve;
  #controller = new AbortController();

  constructor() {
    this.#next();
  }

  get signal() {
    return this.#controller.signal;
  }

  #next() {
    this.#waiting = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  async *chunks() {
    const { signal } = this.#controller;
    while (true) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      const { chunk, done, callback } = await waiting;
      nextTick(callback);
      if (done) return;
      if (signal.aborted) throw new (errors().AbortError)(undefined, { cause: signal.reason });
      this.#next();
      yield chunk;
    }
  }

  #put(chunk, done, callback) {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve({ chunk, done, callback });
  }

  methods() {
    return {
      write: (chunk, encoding, callback) => this.#put(chunk, false, callback),
      final: (callback) => this.#put(undefined, true, callback),
      destroy: (error, callback) => {
        this.#controller.abort();
        callback(error);
      },
    };
  }
}

function fromFunction(body, name) {
  const written = new Written();
  const value = body(written.chunks(), { signal: written.signal });
  const { write, final, destroy } = written.methods();
  if (kinds.isIterable(value)) {
    const duplex = iterate().from(Duplexify, value, { objectMode: true, write, final });
    const close = duplex._destroy;
    // The source learns of the abort first, or its iterator would wait for a chunk for ever.
    duplex._destroy = (error, callback) => destroy(error, () => close(error, callback));
    return duplex;
  }
  const then = value?.then;
  if (typeof then !== "function") {
    throw new (errors().ERR_INVALID_RETURN_VALUE)("Iterable, AsyncIterable or AsyncFunction", name, value);
  }
  return fromSink(value, then, { write, final, destroy });
}

// A function that only reads: it is over when its promise is.
function fromSink(value, then, { write, final, destroy }) {
  const resolved = (result) => {
    if (result !== undefined && result !== null) throw new (errors().ERR_INVALID_RETURN_VALUE)("nully", "body", result);
  };
  const over = FunctionPrototypeCall(then, value, resolved, (error) => destroyer(duplex, error));
  const duplex = new Duplexify({
    objectMode: true,
    readable: false,
    write,
    final(callback) {
      final(() => {
        PromisePrototypeThen(
          PromiseResolve(over),
          () => nextTick(callback, null),
          (error) => nextTick(callback, error),
        );
      });
    },
    destroy,
  });
  return duplex;
}

// A Duplex over a readable and a writable stream.
class Joint {
  #source;
  #sink;
  #reads;
  #writes;
  #duplex;
  #onDrain;
  #onFinish;
  // Whether a read waits for "readable".
  #waits = false;
  // The callback of destroy(); null once both streams are over.
  #onClose;

  constructor(source, sink) {
    this.#source = source && typeof source.read !== "function" ? iterate().wrap(source) : source;
    this.#sink = sink;
    this.#reads = Boolean(kinds.isReadable(this.#source));
    this.#writes = Boolean(kinds.isWritable(sink));
  }

  build() {
    this.#duplex = new Duplexify({
      readableObjectMode: Boolean(this.#source?.readableObjectMode),
      writableObjectMode: Boolean(this.#sink?.writableObjectMode),
      readable: this.#reads,
      writable: this.#writes,
    });
    if (this.#writes) this.#joinSink(this.#sink);
    if (this.#reads) this.#joinSource(this.#source);
    this.#duplex._destroy = (error, callback) => this.#destroy(error, callback);
    return this.#duplex;
  }

  #onOver(error) {
    const callback = this.#onClose;
    this.#onClose = null;
    if (callback) callback(error);
    else if (error) this.#duplex.destroy(error);
    else if (!this.#reads && !this.#writes) this.#duplex.destroy();
  }

  #joinSink(sink) {
    eos(sink, (error) => {
      this.#writes = false;
      if (error) destroyer(this.#source, error);
      this.#onOver(error);
    });
    this.#duplex._write = (chunk, encoding, callback) => {
      if (sink.write(chunk, encoding)) callback();
      else this.#onDrain = callback;
    };
    this.#duplex._final = (callback) => {
      sink.end();
      this.#onFinish = callback;
    };
    sink.on("drain", () => {
      const callback = this.#onDrain;
      this.#onDrain = undefined;
      if (callback) callback();
    });
    sink.on("finish", () => {
      const callback = this.#onFinish;
      this.#onFinish = undefined;
      if (callback) callback();
    });
  }

  #joinSource(source) {
    eos(source, (error) => {
      this.#reads = false;
      if (error) destroyer(source, error);
      this.#onOver(error);
    });
    const read = () => {
      while (true) {
        const chunk = source.read();
        if (chunk === null) {
          this.#waits = true;
          return;
        }
        if (!this.#duplex.push(chunk)) return;
      }
    };
    this.#duplex._read = read;
    source.on("readable", () => {
      if (!this.#waits) return;
      this.#waits = false;
      read();
    });
    source.on("end", () => this.#duplex.push(null));
  }

  #destroy(error, callback) {
    if (!error && this.#onClose !== null) error = new (errors().AbortError)();
    this.#waits = false;
    this.#onDrain = undefined;
    this.#onFinish = undefined;
    if (this.#onClose === null) {
      callback(error);
    } else {
      this.#onClose = callback;
      destroyer(this.#sink, error);
      destroyer(this.#source, error);
    }
  }
}

function join(source, sink) {
  return new Joint(source, sink).build();
}

module.exports = { duplexify };

"use strict";
// Readable streams and iterables: asynchronous iteration, Readable.from(), and wrap() for streams of old style.
// https://nodejs.org/docs/latest-v22.x/api/stream.html#readablesymbolasynciterator

const { FunctionPrototypeBind, FunctionPrototypeSymbolHasInstance, ObjectKeys, Promise, PromisePrototypeThen, SymbolAsyncIterator, SymbolIterator } = primordials;
const errors = require.lazy("node/internal_errors");
const streamErrors = require.lazy("node/internal_stream_errors");
const { Buffer } = require("node/internal_buffer");
const { nextTick } = require("node/internal_process");
const { destroyer, errorOrDestroy, joinErrors } = require("node/internal_stream_destroy");
const { eos } = require("node/internal_stream_finished");
const { nop } = require("node/internal_stream_state");
const { validateObject } = require("node/internal_validators");
const { Readable } = require("node/internal_stream_readable");

/** The iterator of a stream; without destroyOnReturn: false, leaving the loop destroys the stream. */
function toIterator(stream, options) {
  if (typeof stream.read !== "function") stream = wrap(stream, { objectMode: true });
  const iterator = iterate(stream, options);
  iterator.stream = stream;
  return iterator;
}

async function* iterate(stream, options) {
  let wake = nop;
  // Executor of a promise, and listener of "readable".
  function next(resolve) {
    if (this === stream) {
      wake();
      wake = nop;
    } else {
      wake = resolve;
    }
  }
  stream.on("readable", next);
  // Undefined while it goes on, null once it is over.
  let error;
  const stop = eos(stream, { writable: false }, (reason) => {
    error = reason ? joinErrors(error, reason) : null;
    wake();
    wake = nop;
  });
  try {
    while (true) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (error) throw error;
      else if (error === null) return;
      else await new Promise(next);
    }
  } catch (reason) {
    error = joinErrors(error, reason);
    throw error;
  } finally {
    if ((error || options?.destroyOnReturn !== false) && (error === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off("readable", next);
      stop();
    }
  }
}

/** The method `iterator`. */
function iterator(options) {
  if (options !== undefined) validateObject(options, "options");
  return toIterator(this, options);
}

// What reads an iterator for a stream.
class Source {
  #iterator;
  #async;
  #reading = false;

  constructor(iterator, async) {
    this.#iterator = iterator;
    this.#async = async;
  }

  read(readable) {
    if (this.#reading) return;
    this.#reading = true;
    this.#pump(readable);
  }

  async #pump(readable) {
    const source = this.#iterator;
    while (true) {
      try {
        const { value, done } = this.#async ? await source.next() : source.next();
        if (done) {
          readable.push(null);
          return;
        }
        const chunk = value && typeof value.then === "function" ? await value : value;
        if (chunk === null) {
          this.#reading = false;
          throw new (streamErrors().ERR_STREAM_NULL_VALUES)();
        }
        if (readable.push(chunk)) continue;
        this.#reading = false;
      } catch (error) {
        readable.destroy(error);
      }
      return;
    }
  }

  destroy(error, callback) {
    PromisePrototypeThen(
      this.#close(error),
      () => nextTick(callback, error),
      (reason) => nextTick(callback, reason || error),
    );
  }

  async #close(error) {
    const source = this.#iterator;
    if (error !== undefined && error !== null && typeof source.throw === "function") {
      const { value, done } = await source.throw(error);
      await value;
      if (done) return;
    }
    if (typeof source.return === "function") {
      const { value } = await source.return();
      await value;
    }
  }
}

/** Makes a stream of class `Class` out of an iterable. */
function from(Class, iterable, opts) {
  if (typeof iterable === "string" || FunctionPrototypeSymbolHasInstance(Buffer, iterable)) {
    return new Class({
      objectMode: true,
      ...opts,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }
  const async = Boolean(iterable?.[SymbolAsyncIterator]);
  if (!async && !iterable?.[SymbolIterator]) throw new (errors().ERR_INVALID_ARG_TYPE)("iterable", ["Iterable"], iterable);
  const source = new Source(async ? iterable[SymbolAsyncIterator]() : iterable[SymbolIterator](), async);
  const readable = new Class({ objectMode: true, highWaterMark: 1, ...opts });
  readable._read = () => source.read(readable);
  readable._destroy = (error, callback) => source.destroy(error, callback);
  return readable;
}

/** The method `wrap`: reads a stream of old style. */
function wrapInto(stream) {
  let paused = false;
  stream.on("data", (chunk) => {
    if (this.push(chunk) || !stream.pause) return;
    paused = true;
    stream.pause();
  });
  stream.on("end", () => this.push(null));
  stream.on("error", (error) => errorOrDestroy(this, error));
  stream.on("close", () => this.destroy());
  stream.on("destroy", () => this.destroy());
  this._read = () => {
    if (!paused || !stream.resume) return;
    paused = false;
    stream.resume();
  };
  // The first own key is not looked at, as in Node, where it is the table of listeners.
  const keys = ObjectKeys(stream);
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i];
    if (this[key] === undefined && typeof stream[key] === "function") this[key] = FunctionPrototypeBind(stream[key], stream);
  }
  return this;
}

/** Readable.wrap(): a Readable over a stream of old style. */
function wrap(src, options) {
  return new Readable({
    objectMode: src.readableObjectMode ?? src.objectMode ?? true,
    ...options,
    destroy(err, callback) {
      destroyer(src, err);
      callback(err);
    },
  }).wrap(src);
}

module.exports = { from, iterator, toIterator, wrap, wrapInto };

"use strict";
// Streams and iterators: async iteration of a stream, and ReadableStream.from.
// https://streams.spec.whatwg.org/#rs-asynciterator, https://streams.spec.whatwg.org/#abstract-opdef-readablestreamfromiterable

const { AsyncIteratorPrototype, FunctionPrototypeCall, ObjectSetPrototypeOf, PromisePrototypeThen, PromiseResolve, SymbolAsyncIterator, SymbolIterator, TypeError } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { ReadPromise, kDone, noop } = require("web/streams_queue");
const { DefaultController, Readable, Reader } = require("web/streams_readable_core");
const { Strategy } = require("web/streams_strategy");

/** One step of an iteration. At the end of the stream the lock is given up before the step is answered. */
class Step extends ReadPromise {
  #end;
  constructor(end) {
    super();
    this.#end = end;
  }
  close() {
    this.#end();
    super.close(undefined);
  }
  error(reason) {
    this.#end();
    super.error(reason);
  }
}

class ReadableStreamAsyncIterator {
  #reader;
  #preventCancel;
  #finished = false;
  /** The step or return that has not been answered yet. */
  #ongoing;
  #end = () => {
    this.#finished = true;
    this.#reader.releaseLock();
  };
  constructor(token, core, preventCancel) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#reader = new Reader(core, false);
    this.#preventCancel = preventCancel;
  }

  next() {
    if (!(#ongoing in this)) throw illegalInvocation();
    return this.#inTurn(() => this.#step());
  }

  return(value = undefined) {
    if (!(#ongoing in this)) throw illegalInvocation();
    return this.#inTurn(() => this.#return(value));
  }

  /** Runs `steps` when the earlier calls are answered. */
  #inTurn(steps) {
    const before = this.#ongoing;
    const outcome = before === undefined ? steps() : PromisePrototypeThen(before, steps, steps);
    const promise = PromisePrototypeThen(
      outcome,
      (value) => {
        if (this.#ongoing === promise) this.#ongoing = undefined;
        return value;
      },
      (error) => {
        if (this.#ongoing === promise) this.#ongoing = undefined;
        throw error;
      },
    );
    this.#ongoing = promise;
    return promise;
  }

  #step() {
    if (this.#finished) return PromiseResolve({ done: true, value: undefined });
    const step = new Step(this.#end);
    this.#reader.readWith(step);
    return step.promise();
  }

  #return(value) {
    if (this.#finished) return PromiseResolve({ done: true, value });
    this.#finished = true;
    const reader = this.#reader;
    const cancelled = this.#preventCancel ? kDone : reader.cancel(value);
    reader.releaseLock();
    return PromisePrototypeThen(cancelled, () => ({ done: true, value }));
  }
}
define(ReadableStreamAsyncIterator, "ReadableStreamAsyncIterator");
ObjectSetPrototypeOf(ReadableStreamAsyncIterator.prototype, AsyncIteratorPrototype);

/** An async iterator over a core that is not locked. */
function iterator(core, preventCancel) {
  return new ReadableStreamAsyncIterator(kConstruct, core, preventCancel);
}

// ReadableStream.from.

const kBadResult = "Callback returned incorrect type; expected 'Promise'";

/** Pulls an iterator of the user's; `sync` iterators give values that may be promises. */
class IteratorSource {
  pulls = true;
  #iterator;
  #next;
  #sync;
  constructor(iterator, sync) {
    this.#iterator = iterator;
    this.#next = iterator.next;
    this.#sync = sync;
  }
  start() {}

  pull(controller) {
    const result = FunctionPrototypeCall(this.#next, this.#iterator);
    if (this.#sync) return this.#pullSync(controller, result);
    return PromisePrototypeThen(PromiseResolve(result), (step) => {
      if (!isObject(step)) throw new TypeError(kBadResult);
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    });
  }

  #pullSync(controller, step) {
    if (!isObject(step)) throw new TypeError(kBadResult);
    const done = step.done;
    return PromisePrototypeThen(
      PromiseResolve(step.value),
      (value) => {
        if (done) controller.close();
        else controller.enqueue(value);
      },
      (error) => {
        // As for await (... of ...) does: a value that fails ends the iterator.
        if (!done) this.#closeQuietly();
        throw error;
      },
    );
  }

  #closeQuietly() {
    try {
      const close = this.#iterator.return;
      if (close !== undefined && close !== null) FunctionPrototypeCall(close, this.#iterator);
    } catch {
      // The first error is the one that counts.
    }
  }

  cancel(reason) {
    const close = this.#iterator.return;
    if (close === undefined || close === null) return undefined;
    if (typeof close !== "function") throw new TypeError("Property 'return' is not a function");
    const result = FunctionPrototypeCall(close, this.#iterator, reason);
    if (this.#sync) {
      if (!isObject(result)) throw new TypeError(kBadResult);
      return PromisePrototypeThen(PromiseResolve(result.value), noop);
    }
    return PromisePrototypeThen(PromiseResolve(result), (value) => {
      if (!isObject(value)) throw new TypeError(kBadResult);
    });
  }
}

function notIterable() {
  return parameterError("from", "ReadableStream", 1, "AsyncGenerator");
}

/** The core of ReadableStream.from(iterable). */
function fromIterable(iterable) {
  if (iterable === undefined || iterable === null) throw notIterable();
  let method = iterable[SymbolAsyncIterator];
  const sync = method === undefined || method === null;
  if (sync) method = iterable[SymbolIterator];
  if (typeof method !== "function") throw notIterable();
  const iterator = FunctionPrototypeCall(method, iterable);
  if (!isObject(iterator)) throw notIterable();
  const core = new Readable();
  new DefaultController(core, new IteratorSource(iterator, sync), new Strategy(0, undefined)).start();
  return core;
}

module.exports = { fromIterable, iterator };

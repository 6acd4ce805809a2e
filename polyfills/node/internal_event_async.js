"use strict";
// events.once and events.on: events as promises. https://nodejs.org/docs/latest-v22.x/api/events.html#eventsonceemitter-name-options

const { ArrayPrototypeShift, AsyncIteratorPrototype, Error, FunctionPrototypeSymbolHasInstance, ObjectSetPrototypeOf, Promise, PromiseReject, PromiseResolve, SymbolAsyncIterator } = primordials;
const { AbortError, ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { validateAbortSignal } = require("node/internal_validators");

function isError(value) {
  return FunctionPrototypeSymbolHasInstance(Error, value);
}

// An emitter of either kind.
function add(emitter, name, listener, once) {
  if (typeof emitter.on === "function") {
    if (once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === "function") {
    emitter.addEventListener(name, listener, once ? { once } : undefined);
  } else {
    throw new ERR_INVALID_ARG_TYPE("emitter", "EventEmitter", emitter);
  }
}

function remove(emitter, name, listener) {
  if (typeof emitter.removeListener === "function") emitter.removeListener(name, listener);
  else if (typeof emitter.removeEventListener === "function") emitter.removeEventListener(name, listener);
  else throw new ERR_INVALID_ARG_TYPE("emitter", "EventEmitter", emitter);
}

function signalOf(options) {
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, "options.signal");
  return signal;
}

/**
 * A promise of the arguments of the next event `name`; "error" rejects it, unless it is the one waited for.
 * @throws through the promise: ERR_INVALID_ARG_TYPE, AbortError
 */
async function once(emitter, name, options = {}) {
  const signal = signalOf(options);
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const done = () => {
      if (typeof emitter.removeListener === "function") {
        remove(emitter, name, onEvent);
        emitter.removeListener("error", onError);
      }
      if (signal !== undefined) signal.removeEventListener("abort", onAbort);
    };
    const onEvent = (...args) => {
      done();
      resolve(args);
    };
    const onError = (error) => {
      done();
      reject(error);
    };
    const onAbort = () => {
      remove(emitter, name, onEvent);
      remove(emitter, "error", onError);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    add(emitter, name, onEvent, true);
    // An EventTarget has no event that stands for all failures.
    if (name !== "error" && typeof emitter.once === "function") emitter.once("error", onError);
    if (signal !== undefined) signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** What an iterator of events has received and what its readers wait for; one of the two lists is empty. */
class EventQueue {
  events = [];
  waiting = [];
  error = null;
  finished = false;
  /** @param {() => void} stop removes the listeners */
  constructor(stop) {
    this.stop = stop;
  }

  push(args) {
    if (this.waiting.length > 0) ArrayPrototypeShift(this.waiting).resolve({ value: args, done: false });
    else this.events[this.events.length] = args;
  }

  fail(error) {
    if (this.waiting.length > 0) ArrayPrototypeShift(this.waiting).reject(error);
    else this.error = error;
    this.close();
  }

  next() {
    if (this.events.length > 0) return PromiseResolve({ value: ArrayPrototypeShift(this.events), done: false });
    if (this.error !== null) {
      const failure = PromiseReject(this.error);
      this.error = null;
      return failure;
    }
    if (this.finished) return PromiseResolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.waiting[this.waiting.length] = { resolve, reject };
    });
  }

  close() {
    this.stop();
    this.finished = true;
    for (let i = 0; i < this.waiting.length; i++) this.waiting[i].resolve({ value: undefined, done: true });
    this.waiting.length = 0;
    return PromiseResolve({ value: undefined, done: true });
  }
}

function iterator(queue) {
  const methods = {
    next() {
      return queue.next();
    },
    return() {
      return queue.close();
    },
    throw(error) {
      if (!isError(error)) throw new ERR_INVALID_ARG_TYPE("EventEmitter.AsyncIterator", "Error", error);
      queue.error = error;
      queue.stop();
    },
    [SymbolAsyncIterator]() {
      return this;
    },
  };
  return ObjectSetPrototypeOf(methods, AsyncIteratorPrototype);
}

/**
 * An async iterator of the arguments of every event `event` from now on.
 * @param {object} [options] signal: ends it with an AbortError; close: names of events that end it
 * @throws ERR_INVALID_ARG_TYPE, AbortError
 */
function on(emitter, event, options = {}) {
  const signal = signalOf(options);
  if (signal?.aborted) throw new AbortError();
  const close = options?.close;
  const queue = new EventQueue(() => {
    remove(emitter, event, onEvent);
    remove(emitter, "error", onError);
    for (let i = 0; close !== undefined && i < close.length; i++) remove(emitter, close[i], onClose);
    if (signal !== undefined) signal.removeEventListener("abort", onAbort);
  });
  const onEvent = (...args) => queue.push(args);
  const onError = (error) => queue.fail(error);
  const onClose = () => queue.close();
  const onAbort = () => queue.fail(new AbortError());
  add(emitter, event, onEvent, false);
  if (event !== "error" && typeof emitter.on === "function") emitter.on("error", onError);
  for (let i = 0; close !== undefined && i < close.length; i++) add(emitter, close[i], onClose, false);
  if (signal !== undefined) signal.addEventListener("abort", onAbort, { once: true });
  return iterator(queue);
}

module.exports = { on, once };

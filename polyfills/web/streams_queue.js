"use strict";
// What all streams are made of: queues that never shift an array, promises that exist only once somebody asks for them,
// and read requests. https://streams.spec.whatwg.org/#queue-with-sizes
//
// Streams are two layers. The core objects (Readable, Writable, Reader, ...) carry the standard's internal slots as plain
// properties and never reach scripts; the interface objects hold one in a private field and convert arguments.

const { Array, Object, ObjectSetPrototypeOf, Promise, PromisePrototypeThen, PromiseReject, PromiseResolve } = primordials;

const noop = () => {};

/** A promise fulfilled with undefined that nobody but us ever holds: reactions to it run in the next microtask. */
const kDone = PromiseResolve(undefined);

let resolveSlot;
let rejectSlot;
const capture = (resolve, reject) => {
  resolveSlot = resolve;
  rejectSlot = reject;
};

/** A promise with the functions that settle it. */
class Deferred {
  promise = new Promise(capture);
  resolve = resolveSlot;
  reject = rejectSlot;
}

/** Marks a promise as handled, so that its rejection is not reported. */
function setHandled(promise) {
  PromisePrototypeThen(promise, undefined, noop);
}

/** A rejected promise that is not reported. */
function handledRejection(reason) {
  const promise = PromiseReject(reason);
  setHandled(promise);
  return promise;
}

const kPending = 0;
const kFulfilled = 1;
const kRejected = 2;

/** The `closed` or `ready` of a reader or writer. Its rejection counts as handled. */
class LazyPromise {
  #state;
  #reason;
  #promise;
  #resolve;
  #reject;
  constructor(state, reason) {
    this.#state = state;
    this.#reason = reason;
  }
  get pending() {
    return this.#state === kPending;
  }
  get() {
    if (this.#promise !== undefined) return this.#promise;
    if (this.#state === kFulfilled) return (this.#promise = PromiseResolve(undefined));
    if (this.#state === kRejected) return (this.#promise = handledRejection(this.#reason));
    this.#promise = new Promise(capture);
    this.#resolve = resolveSlot;
    this.#reject = rejectSlot;
    return this.#promise;
  }
  /** Fulfils it if it is pending. */
  resolve() {
    if (this.#state !== kPending) return;
    this.#state = kFulfilled;
    if (this.#promise !== undefined) this.#resolve(undefined);
  }
  /** Rejects it if it is pending; otherwise it is replaced by a rejected one. */
  reject(reason) {
    const pending = this.#state === kPending;
    this.#state = kRejected;
    this.#reason = reason;
    if (!pending) {
      this.#promise = undefined;
    } else if (this.#promise !== undefined) {
      setHandled(this.#promise);
      this.#reject(reason);
    }
  }
  /** Replaces it by a pending one. */
  renew() {
    this.#state = kPending;
    this.#promise = undefined;
  }
}

/** Chunks with their sizes, in a ring that grows: slot 2i holds a chunk, slot 2i + 1 its size. */
class ChunkQueue {
  /** Sum of the sizes. */
  total = 0;
  length = 0;
  #ring;
  #head = 0;
  #mask = 0;

  push(chunk, size) {
    if (this.#ring === undefined) {
      this.#ring = new Array(8);
      this.#mask = 7;
    } else if (this.length * 2 > this.#mask) {
      this.#grow();
    }
    const at = (this.#head + this.length * 2) & this.#mask;
    this.#ring[at] = chunk;
    this.#ring[at + 1] = size;
    this.length++;
    this.total += size;
  }
  #grow() {
    const old = this.#ring;
    const ring = new Array(old.length * 2);
    for (let i = 0; i < old.length; i++) ring[i] = old[(this.#head + i) & this.#mask];
    this.#ring = ring;
    this.#head = 0;
    this.#mask = ring.length - 1;
  }
  peek() {
    return this.#ring[this.#head];
  }
  peekSize() {
    return this.#ring[this.#head + 1];
  }
  shift() {
    const at = this.#head;
    const chunk = this.#ring[at];
    this.#ring[at] = undefined;
    this.total -= this.#ring[at + 1];
    // Sizes may be fractions, whose sum is not exact.
    if (this.total < 0) this.total = 0;
    this.#head = (at + 2) & this.#mask;
    this.length--;
    return chunk;
  }
  clear() {
    this.total = 0;
    this.length = 0;
    this.#ring = undefined;
    this.#head = 0;
  }
}

/** A first-in, first-out list through the `next` property of its items; an item is in one list at a time. */
class Chain {
  first;
  last;
  length = 0;
  push(item) {
    if (this.first === undefined) this.first = item;
    else this.last.next = item;
    this.last = item;
    this.length++;
  }
  shift() {
    const item = this.first;
    this.first = item.next;
    item.next = undefined;
    if (this.first === undefined) this.last = undefined;
    this.length--;
    return item;
  }
  /** Empties the list and returns its first item; the others follow by `next`. */
  take() {
    const item = this.first;
    this.first = undefined;
    this.last = undefined;
    this.length = 0;
    return item;
  }
}

const ObjectPrototype = Object.prototype;

/** Fulfils a promise with a plain object of ours. A `then` that a script has given to all objects is not asked: it would run amid a stream's steps. */
function fulfil(resolve, result) {
  if (!("then" in ObjectPrototype)) {
    resolve(result);
    return;
  }
  ObjectSetPrototypeOf(result, null);
  resolve(result);
  ObjectSetPrototypeOf(result, ObjectPrototype);
}

/**
 * A read request whose outcome is a promise of { value, done }; also a read-into request.
 * https://streams.spec.whatwg.org/#read-request
 */
class ReadPromise {
  next;
  #state = kPending;
  #value;
  #resolve;
  #reject;
  /** Whether small chunks of bytes that wait are to come as one. */
  get joins() {
    return false;
  }
  /** How many bytes whoever asks for one would like in all. */
  get wanted() {
    return 0;
  }
  /** Whether the buffer of a BYOB read stays with the script. */
  get borrows() {
    return false;
  }
  chunk(value) {
    this.#settle({ value, done: false });
  }
  /** `view` is what a BYOB read gives back. */
  close(view) {
    this.#settle({ value: view, done: true });
  }
  error(reason) {
    if (this.#reject !== undefined) {
      this.#reject(reason);
      return;
    }
    this.#state = kRejected;
    this.#value = reason;
  }
  #settle(result) {
    if (this.#resolve !== undefined) {
      fulfil(this.#resolve, result);
      return;
    }
    this.#state = kFulfilled;
    this.#value = result;
  }
  /** The promise; made after the read was started, so that one that is answered at once needs no resolvers. */
  promise() {
    if (this.#state === kFulfilled) return fulfilled(this.#value);
    if (this.#state === kRejected) return PromiseReject(this.#value);
    const promise = new Promise(capture);
    this.#resolve = resolveSlot;
    this.#reject = rejectSlot;
    return promise;
  }
}

/** A promise that is fulfilled with a plain object of ours. */
function fulfilled(result) {
  if (!("then" in ObjectPrototype)) return PromiseResolve(result);
  const promise = new Promise(capture);
  fulfil(resolveSlot, result);
  return promise;
}

/** A promise of the outcome of a callback: https://webidl.spec.whatwg.org/#js-promise */
function promised(value) {
  return value === undefined ? kDone : PromiseResolve(value);
}

module.exports = { Chain, ChunkQueue, Deferred, LazyPromise, ReadPromise, handledRejection, kDone, kFulfilled, kPending, kRejected, noop, promised, setHandled };

"use strict";
// The methods of Readable that are like those of arrays. https://nodejs.org/docs/latest-v22.x/api/stream.html#readablemapfn-options
// Those that give streams are iterators here; the Readable around them is made by internal_stream_methods.

const { ArrayPrototypeShift, FunctionPrototypeCall, MathFloor, Number, NumberIsNaN, Promise, PromisePrototypeThen, PromiseReject } = primordials;
const errors = require.lazy("node/internal_errors");
const { AbortController } = require("web/abort");
const { finished } = require("node/internal_stream_finished");
const { nop } = require("node/internal_stream_state");
const { validateAbortSignal, validateInteger, validateObject } = require("node/internal_validators");

const kEmpty = {};
const kEof = {};

function checkFunction(fn, name) {
  if (typeof fn !== "function") throw new (errors().ERR_INVALID_ARG_TYPE)(name, ["Function", "AsyncFunction"], fn);
}

function checkOptions(options) {
  if (options === undefined || options === null) return;
  validateObject(options, "options");
  if (options.signal !== undefined && options.signal !== null) validateAbortSignal(options.signal, "options.signal");
}

function throwIfAborted(options, message, withCause) {
  const signal = options?.signal;
  if (!signal?.aborted) return;
  throw new (errors().AbortError)(message, withCause ? { cause: signal.reason } : undefined);
}

// Runs up to `concurrency` calls of the function ahead of the consumer, and gives their results in order.
class Mapping {
  #queue = [];
  #concurrency;
  #controller = new AbortController();
  #options;
  // Resolve functions of the two sides that may wait for each other.
  #wakeReader;
  #wakeWriter;
  #done = false;

  constructor(options, concurrency) {
    this.#options = options;
    this.#concurrency = concurrency;
  }

  #abort = () => this.#controller.abort();
  #onFailed = () => {
    this.#done = true;
  };

  #add(value) {
    this.#queue[this.#queue.length] = value;
  }

  #wakeUpReader() {
    if (!this.#wakeReader) return;
    this.#wakeReader();
    this.#wakeReader = undefined;
  }

  #wakeUpWriter() {
    if (!this.#wakeWriter) return;
    this.#wakeWriter();
    this.#wakeWriter = undefined;
  }

  #call(fn, value, given) {
    try {
      return fn(value, given);
    } catch (error) {
      return PromiseReject(error);
    }
  }

  async #pump(stream, fn) {
    const { signal } = this.#controller;
    const given = { signal };
    try {
      for await (const value of stream) {
        if (this.#done) return;
        if (signal.aborted) throw new (errors().AbortError)();
        const result = this.#call(fn, value, given);
        if (result === kEmpty) continue;
        if (typeof result?.catch === "function") result.catch(this.#onFailed);
        this.#add(result);
        this.#wakeUpReader();
        if (!this.#done && this.#queue.length >= this.#concurrency) {
          await new Promise((resolve) => {
            this.#wakeWriter = resolve;
          });
        }
      }
      this.#add(kEof);
    } catch (error) {
      const failed = PromiseReject(error);
      PromisePrototypeThen(failed, undefined, this.#onFailed);
      this.#add(failed);
    } finally {
      this.#done = true;
      this.#wakeUpReader();
      this.#options?.signal?.removeEventListener("abort", this.#abort);
    }
  }

  async *run(stream, fn) {
    const given = this.#options?.signal;
    if (given?.aborted) this.#abort();
    if (given) given.addEventListener("abort", this.#abort);
    const { signal } = this.#controller;
    this.#pump(stream, fn);
    try {
      while (true) {
        while (this.#queue.length > 0) {
          const value = await this.#queue[0];
          if (value === kEof) return;
          if (signal.aborted) throw new (errors().AbortError)();
          if (value !== kEmpty) yield value;
          ArrayPrototypeShift(this.#queue);
          this.#wakeUpWriter();
        }
        await new Promise((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    } finally {
      this.#controller.abort();
      this.#done = true;
      this.#wakeUpWriter();
    }
  }
}

function map(stream, fn, options) {
  checkFunction(fn, "fn");
  checkOptions(options);
  const given = options?.concurrency;
  const concurrency = given === undefined || given === null ? 1 : MathFloor(given);
  validateInteger(concurrency, "concurrency", 1);
  return new Mapping(options, concurrency).run(stream, fn);
}

function filter(stream, fn, options) {
  checkFunction(fn, "fn");
  return map(stream, async (value, given) => ((await fn(value, given)) ? value : kEmpty), options);
}

function flatMap(stream, fn, options) {
  return flatten(map(stream, fn, options));
}

async function* flatten(values) {
  for await (const value of values) yield* value;
}

function asIndexedPairs(stream, options) {
  checkOptions(options);
  return runPairs(stream, options);
}

async function* runPairs(stream, options) {
  let index = 0;
  for await (const value of stream) {
    throwIfAborted(options, "Aborted", true);
    yield [index++, value];
  }
}

function toCount(number) {
  number = Number(number);
  if (NumberIsNaN(number)) return 0;
  if (number < 0) throw new (errors().ERR_OUT_OF_RANGE)("number", ">= 0", number);
  return number;
}

function drop(stream, number, options) {
  checkOptions(options);
  return runDrop(stream, toCount(number), options);
}

async function* runDrop(stream, number, options) {
  throwIfAborted(options);
  for await (const value of stream) {
    throwIfAborted(options);
    if (number-- <= 0) yield value;
  }
}

function take(stream, number, options) {
  checkOptions(options);
  return runTake(stream, toCount(number), options);
}

async function* runTake(stream, number, options) {
  throwIfAborted(options);
  for await (const value of stream) {
    throwIfAborted(options);
    if (number-- <= 0) return;
    yield value;
  }
}

async function some(stream, fn, options) {
  checkFunction(fn, "fn");
  // Leaving the loop destroys the stream.
  for await (const value of filter(stream, fn, options)) return true;
  return false;
}

async function every(stream, fn, options) {
  checkFunction(fn, "fn");
  return !(await some(stream, async (value, given) => !(await fn(value, given)), options));
}

async function find(stream, fn, options) {
  for await (const value of filter(stream, fn, options)) return value;
  return undefined;
}

async function forEach(stream, fn, options) {
  checkFunction(fn, "fn");
  const call = async (value, given) => {
    await fn(value, given);
    return kEmpty;
  };
  for await (const value of map(stream, call, options));
}

async function toArray(stream, options) {
  checkOptions(options);
  const result = [];
  for await (const value of stream) {
    throwIfAborted(options, undefined, true);
    result[result.length] = value;
  }
  return result;
}

async function reduce(stream, reducer, hasValue, value, options) {
  checkFunction(reducer, "reducer");
  checkOptions(options);
  if (options?.signal?.aborted) {
    const error = new (errors().AbortError)(undefined, { cause: options.signal.reason });
    // Who called has it; as an event it would be reported twice.
    stream.once("error", nop);
    await finished(stream.destroy(error));
    throw error;
  }
  const controller = new AbortController();
  const { signal } = controller;
  if (options?.signal) options.signal.addEventListener("abort", () => controller.abort(), { once: true });
  try {
    for await (const item of stream) {
      throwIfAborted(options);
      value = hasValue ? await FunctionPrototypeCall(reducer, undefined, value, item, { signal }) : item;
      hasValue = true;
    }
    if (!hasValue) throw emptyReduce();
  } finally {
    controller.abort();
  }
  return value;
}

function emptyReduce() {
  const error = new (errors().ERR_MISSING_ARGS)("reduce");
  error.message = "Reduce of an empty stream requires an initial value";
  return error;
}

module.exports = { asIndexedPairs, drop, every, filter, find, flatMap, forEach, map, reduce, some, take, toArray };

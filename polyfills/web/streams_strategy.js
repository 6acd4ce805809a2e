"use strict";
// Queuing strategies. https://streams.spec.whatwg.org/#qs

const { RangeError, TypeError } = primordials;
const { constructorError, define, fieldError, isObject, toDouble, toUnsignedLongLong } = require("core/webidl");
const { illegalInvocation } = require("core/errors");

function highWaterMarkOf(init, name) {
  if (init === undefined || init === null) {
    throw new TypeError("Cannot initialize N7workerd3api19QueuingStrategyInitE with required members from an undefined or null value.");
  }
  if (!isObject(init)) throw constructorError(name, 1, "QueuingStrategyInit");
  const mark = init.highWaterMark;
  if (mark === undefined) throw fieldError("highWaterMark", "QueuingStrategyInit", "number");
  return toDouble(mark);
}

class ByteLengthQueuingStrategy {
  #highWaterMark;
  constructor(init) {
    this.#highWaterMark = highWaterMarkOf(init, "ByteLengthQueuingStrategy");
  }
  get highWaterMark() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return this.#highWaterMark;
  }
  get size() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return byteLengthSize;
  }
}
define(ByteLengthQueuingStrategy, "ByteLengthQueuingStrategy");

class CountQueuingStrategy {
  #highWaterMark;
  constructor(init) {
    this.#highWaterMark = highWaterMarkOf(init, "CountQueuingStrategy");
  }
  get highWaterMark() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return this.#highWaterMark;
  }
  get size() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return countSize;
  }
}
define(CountQueuingStrategy, "CountQueuingStrategy");

// Arrow functions: no prototype and not constructible. One of each for all strategies, as the standard has it.
const { size: byteLengthSize } = { size: (chunk) => chunk?.byteLength };
const { size: countSize } = { size: () => 1 };

/** A queuing strategy as a stream keeps it: the mark, and the size function or undefined for "each chunk counts 1". */
class Strategy {
  highWaterMark;
  size;
  constructor(highWaterMark, size) {
    this.highWaterMark = highWaterMark;
    this.size = size;
  }
}

/**
 * Converts a strategy argument.
 * @param {any} value argument of a stream constructor
 * @param {number} standard high water mark if it has none
 * @param {string} iface constructor's name and `index` of the parameter, for the error
 */
function convertStrategy(value, standard, iface, index) {
  if (value === undefined || value === null) return new Strategy(standard, undefined);
  if (!isObject(value)) throw constructorError(iface, index, "StreamQueuingStrategy");
  const mark = value.highWaterMark;
  const size = value.size;
  if (size !== undefined && typeof size !== "function") throw fieldError("size", "StreamQueuingStrategy", "function");
  return new Strategy(mark === undefined ? standard : toMark(mark), size === countSize ? undefined : size);
}

// The reference runtime takes integers only, of both.

/** https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark */
function toMark(value) {
  const mark = toDouble(value);
  if (mark >= 0) return mark;
  throw new RangeError("A queue's highWaterMark must be a number from 0.");
}

/**
 * Size of a chunk by a strategy's function. Throws what the function throws, and a RangeError if it is no finite number from 0.
 * https://streams.spec.whatwg.org/#enqueue-value-with-size
 */
function sizeOf(size, chunk) {
  if (size === undefined) return 1;
  const found = toDouble(size(chunk));
  if (found >= 0 && found !== Infinity) return found;
  throw new RangeError("The size of a chunk must be a finite number from 0.");
}

/** A callback member of a dictionary: a function or undefined. */
function callbackMember(dictionary, field, type) {
  const value = dictionary[field];
  if (value !== undefined && typeof value !== "function") throw fieldError(field, type, "function");
  return value;
}

/** The empty dictionary. */
const kNothing = { __proto__: null };

/** `expectedLength` of a source or transformer: how many bytes the stream will give, -1 if it does not say. */
function lengthMember(dictionary) {
  const length = dictionary.expectedLength;
  return length === undefined ? -1 : toUnsignedLongLong(length);
}

/** The error of a constructor argument that is to be a dictionary but is a primitive; undefined and null are empty ones. */
function checkDictionary(value, iface, index, type) {
  if (value !== undefined && value !== null && !isObject(value)) throw constructorError(iface, index, type);
}

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy, Strategy, callbackMember, checkDictionary, convertStrategy, kNothing, lengthMember, sizeOf };

"use strict";
// Random bytes, numbers and primes of node:crypto. https://nodejs.org/docs/latest-v22.x/api/crypto.html

const {
  ArrayBufferIsView,
  BigIntPrototypeToString,
  PromisePrototypeThen,
  PromiseReject,
  PromiseResolve,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;
const { Buffer, kMaxLength } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = require("node/internal_errors");
const { bytesOf, isSource, runLater, toBigInt } = require("node/internal_crypto_util");
const { validateBoolean, validateFunction, validateInt32, validateInteger, validateObject } = require("node/internal_validators");
const { requireContext } = require("core/context");
const { crypto } = require("web/crypto");
const { bufferOf } = require("web/crypto_run");
const kSources = ["TypedArray", "DataView", "ArrayBuffer", "SharedArrayBuffer"];

function checkSource(buffer) {
  if (!isSource(buffer)) throw new ERR_INVALID_ARG_TYPE("buffer", kSources, buffer);
  return bytesOf(buffer);
}

// The part of a buffer or view that offset and size, in its elements, name. Only views of integers can be filled, 64 KB at most.
function fillPart(buffer, offset, size) {
  let view = buffer;
  if (!ArrayBufferIsView(buffer)) view = Buffer.from(buffer);
  else if (TypedArrayPrototypeGetSymbolToStringTag(buffer) === undefined) view = bytesOf(buffer);
  return crypto.getRandomValues(TypedArrayPrototypeSubarray(view, offset, offset + size));
}

function fill(bytes) {
  requireContext();
  ops.op_random_fill(bytes);
}

function randomFillSync(buffer, offset = 0, size = undefined) {
  const length = TypedArrayPrototypeGetByteLength(checkSource(buffer));
  validateInteger(offset, "offset", 0, kMaxLength);
  if (size !== undefined) validateInteger(size, "size", 0, length - offset);
  else size = length - offset;
  return fillPart(buffer, offset, size);
}

// What fails later is told later.
function deliver(promise, callback) {
  PromisePrototypeThen(promise, (value) => callback(null, value), (error) => callback(error));
}

function randomFill(buffer, offset, size, callback) {
  const bytes = checkSource(buffer);
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let start = 0;
  let count = length;
  if (typeof callback === "function") {
    validateInteger(offset, "offset", 0, length);
    start = offset;
    validateInteger(size, "size", 0, length - start);
    count = size;
  } else if (typeof size === "function") {
    validateInteger(offset, "offset", 0, length);
    start = offset;
    count = length - start;
    callback = size;
  } else if (typeof offset === "function") {
    callback = offset;
  }
  validateFunction(callback, "callback");
  let filled;
  try {
    fillPart(buffer, start, count);
    filled = PromiseResolve(buffer);
  } catch (error) {
    filled = PromiseReject(error);
  }
  deliver(filled, callback);
}

function randomBytes(size, callback) {
  validateInteger(size, "size", 0, kMaxLength);
  const buffer = Buffer.alloc(size);
  if (callback !== undefined) {
    randomFill(buffer, callback);
    return undefined;
  }
  return fillPart(buffer, 0, size);
}

// The most values that a draw of six bytes has.
const kMaxRange = 0xffffffffffff;
const kDrawBytes = 6;
let draws;
let drawn = 0;

// Six random bytes; they are taken in batches.
function draw() {
  if (draws === undefined || drawn === draws.length) {
    draws ??= new Uint8Array(kDrawBytes * 256);
    fill(draws);
    drawn = 0;
  }
  let value = 0;
  for (const end = drawn + kDrawBytes; drawn < end; drawn++) {
    value = value * 256 + draws[drawn];
    draws[drawn] = 0;
  }
  return value;
}

function intBetween(min, max) {
  const range = max - min;
  if (!(range <= kMaxRange)) throw new ERR_OUT_OF_RANGE(`max${max ? "" : " - min"}`, `<= ${kMaxRange}`, range);
  // Values beyond the last multiple would make the first ones likelier.
  const limit = kMaxRange - (kMaxRange % range);
  let value;
  do value = draw();
  while (value >= limit);
  return (value % range) + min;
}

function randomInt(min, max, callback) {
  if (typeof max === "function") {
    callback = max;
    max = undefined;
  }
  if (max === undefined && (typeof callback === "function" || arguments.length !== 2)) {
    max = min;
    min = 0;
  } else {
    validateInteger(min, "min");
  }
  validateInteger(max, "max");
  if (min >= max) throw new ERR_OUT_OF_RANGE("min", "min < max", min);
  if (callback === undefined || callback === null) return intBetween(min, max);
  let value;
  try {
    value = PromiseResolve(intBetween(min, max));
  } catch (error) {
    value = PromiseReject(error);
  }
  deliver(value, callback);
  return undefined;
}

function randomUUID(options) {
  if (options !== undefined) {
    validateObject(options, "options");
    if (options.disableEntropyCache !== undefined) validateBoolean(options.disableEntropyCache, "options.disableEntropyCache");
  }
  return crypto.randomUUID();
}

// Primes.

function numberBytes(value, name, label) {
  if (typeof value === "bigint") {
    if (value < 0n) throw new ERR_OUT_OF_RANGE(name, ">= 0", value);
    const digits = BigIntPrototypeToString(value, 16);
    return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  }
  if (isSource(value)) return bytesOf(value);
  throw new ERR_INVALID_ARG_TYPE(label, ["ArrayBuffer", "TypedArray", "Buffer", "DataView", "bigint"], value);
}

function primeRequest(size, options) {
  validateObject(options, "options");
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, "options.safe");
  validateBoolean(bigint, "options.bigint");
  const addBytes = add === undefined ? null : numberBytes(add, "options.add", "options.add");
  const remBytes = rem === undefined ? null : numberBytes(rem, "options.rem", "options.rem");
  return { args: ["node-prime", size, safe, addBytes, remBytes], finish: bigint ? toBigInt : bufferOf };
}

function generatePrimeSync(size, options = {}) {
  validateInt32(size, "size", 1);
  const { args, finish } = primeRequest(size, options);
  return finish(ops.op_crypto(args[0], args[1], args[2], args[3], args[4]));
}

function generatePrime(size, options, callback) {
  validateInt32(size, "size", 1);
  if (typeof options === "function") {
    callback = options;
    options = {};
  }
  validateFunction(callback, "callback");
  const { args, finish } = primeRequest(size, options);
  runLater(args, finish, callback);
}

function checksOf(options) {
  const { checks = 0 } = options;
  validateInt32(checks, "options.checks", 0);
  return checks;
}

function checkPrimeSync(candidate, options = {}) {
  const bytes = numberBytes(candidate, "candidate", "candidate");
  validateObject(options, "options");
  return ops.op_crypto("node-check-prime", bytes, checksOf(options));
}

function checkPrime(candidate, options, callback) {
  const bytes = numberBytes(candidate, "candidate", "candidate");
  if (typeof options === "function") {
    callback = options;
    options = {};
  }
  validateObject(options, "options");
  validateFunction(callback, "callback");
  runLater(["node-check-prime", bytes, checksOf(options)], (result) => result, callback);
}

module.exports = {
  checkPrime,
  checkPrimeSync,
  generatePrime,
  generatePrimeSync,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
};

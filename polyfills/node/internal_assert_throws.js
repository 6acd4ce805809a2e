"use strict";
// assert.throws, rejects, doesNotThrow, doesNotReject: what a function threw, and whether it was expected.
// https://nodejs.org/docs/latest-v22.x/api/assert.html#assertthrowsfn-error-message

const {
  ArrayPrototypePush,
  Error,
  ObjectKeys,
  ObjectPrototypeIsPrototypeOf,
  ReflectApply,
  RegExpPrototypeExec,
  String,
  Symbol,
} = primordials;
const { inspect } = require("node/internal_inspect");
const { isError } = require("node/internal_inspect_names");
const { AssertionError } = require("node/internal_assertion_error");
const { validateFunction } = require("node/internal_validators");
const comparisons = require.lazy("node/internal_comparisons");
const errors = require.lazy("node/internal_errors");

/** What stands for the exception of a function that threw none. */
const kNothing = Symbol("no exception");

function isRegExp(value) {
  return ops.op_value_kind(value) === "RegExp";
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** Throws the failure, or the caller's error if that is its message. */
function fail(options) {
  if (isObject(options.message) && isError(options.message)) throw options.message;
  throw new AssertionError(options);
}

/** Throws a failure whose message is ours unless the caller gave one. */
function failGenerated(options, generated) {
  const error = new AssertionError(options);
  error.generatedMessage = generated;
  throw error;
}

/** What `fn` throws, or kNothing. */
function thrownBy(fn) {
  validateFunction(fn, "fn");
  try {
    fn();
  } catch (error) {
    return error;
  }
  return kNothing;
}

// Unlike in Node, `then` is enough, and functions count: what a call over RPC returns is one.
function isPromiseLike(value) {
  if (ops.op_value_kind(value) === "Promise") return true;
  return ((typeof value === "object" && value !== null) || typeof value === "function") && typeof value.then === "function";
}

/** With what a promise, or the one that a function returns, is rejected, or kNothing. */
async function rejectionOf(promiseFn) {
  let promise = promiseFn;
  if (typeof promiseFn === "function") {
    promise = promiseFn();
    if (!isPromiseLike(promise)) throw new (errors().ERR_INVALID_RETURN_VALUE)("instance of Promise", "promiseFn", promise);
  } else if (!isPromiseLike(promiseFn)) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("promiseFn", ["Function", "Promise"], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return kNothing;
}

// What is compared of an error: the keys of what was expected. Expected patterns that match become what they match.
class Comparison {
  constructor(source, keys, actual) {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (key in source) this[key] = actual !== undefined && matches(actual[key], source[key]) ? actual[key] : source[key];
    }
  }
}

function matches(text, pattern) {
  return typeof text === "string" && isRegExp(pattern) && RegExpPrototypeExec(pattern, text) !== null;
}

function compareKey(actual, expected, key, message, keys, fn) {
  if (key in actual && comparisons().isDeepStrictEqual(actual[key], expected[key])) return;
  if (message) fail({ actual, expected, message, operator: fn.name, stackStartFn: fn });
  const error = new AssertionError({
    actual: new Comparison(actual, keys),
    expected: new Comparison(expected, keys, actual),
    operator: "deepStrictEqual",
    stackStartFn: fn,
  });
  error.actual = actual;
  error.expected = expected;
  error.operator = fn.name;
  throw error;
}

function compareKeys(actual, expected, message, fn) {
  if (!isObject(actual)) {
    const error = new AssertionError({ actual, expected, message, operator: "deepStrictEqual", stackStartFn: fn });
    error.operator = fn.name;
    throw error;
  }
  const keys = ObjectKeys(expected);
  if (expected instanceof Error) ArrayPrototypePush(keys, "name", "message");
  else if (keys.length === 0) throw new (errors().ERR_INVALID_ARG_VALUE)("error", expected, "may not be an empty object");
  for (let i = 0; i < keys.length; i++) {
    if (!matches(actual[keys[i]], expected[keys[i]])) compareKey(actual, expected, keys[i], message, keys, fn);
  }
}

function wrongClass(actual, expected) {
  const received = isObject(actual) && isError(actual) ? actual.constructor?.name || actual.name : inspect(actual, { depth: -1 });
  const detail = isObject(actual) && isError(actual) ? `\n\nError message:\n\n${actual.message}` : "";
  return `The error is expected to be an instance of "${expected.name}". Received "${received}"${detail}`;
}

function wrongResult(result, actual, expected) {
  const name = expected.name ? `"${expected.name}" ` : "";
  const caught = isObject(actual) && isError(actual) ? `\n\nCaught error:\n\n${actual}` : "";
  return `The ${name}validation function is expected to return "true". Received ${inspect(result)}${caught}`;
}

function check(actual, expected, message, fn) {
  let generated;
  if (typeof expected !== "function") {
    if (!isRegExp(expected)) {
      compareKeys(actual, expected, message, fn);
      return;
    }
    const text = String(actual);
    if (RegExpPrototypeExec(expected, text) !== null) return;
    generated = `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`;
  } else {
    if (expected.prototype !== undefined && actual instanceof expected) return;
    if (ObjectPrototypeIsPrototypeOf(Error, expected)) {
      generated = wrongClass(actual, expected);
    } else {
      const result = ReflectApply(expected, {}, [actual]);
      if (result === true) return;
      generated = wrongResult(result, actual, expected);
    }
  }
  if (isObject(message) && isError(message)) throw message;
  failGenerated({ actual, expected, message: message || generated, operator: fn.name, stackStartFn: fn }, !message);
}

/**
 * throws and rejects.
 * @param {Function} fn the assertion, whose name is the operator
 * @param {string} what was expected: "exception" or "rejection"
 * @param {any} actual the exception, or kNothing
 * @param {any[]} args of the assertion after its first: error and message
 */
function expectError(fn, what, actual, args) {
  let { 0: error, 1: message } = args;
  if (typeof error === "string") {
    if (args.length > 1) throw new (errors().ERR_INVALID_ARG_TYPE)("error", ["Object", "Error", "Function", "RegExp"], error);
    // A message that is the error's own was surely meant to be compared.
    if (isObject(actual)) {
      if (actual.message === error) {
        throw new (errors().ERR_AMBIGUOUS_ARGUMENT)("error/message", `The error message "${actual.message}" is identical to the message.`);
      }
    } else if (actual === error) {
      throw new (errors().ERR_AMBIGUOUS_ARGUMENT)("error/message", `The error "${actual}" is identical to the message.`);
    }
    message = error;
    error = undefined;
  } else if (error !== null && error !== undefined && typeof error !== "object" && typeof error !== "function") {
    throw new (errors().ERR_INVALID_ARG_TYPE)("error", ["Object", "Error", "Function", "RegExp"], error);
  }
  if (actual === kNothing) {
    const name = error?.name ? ` (${error.name})` : "";
    const text = `Missing expected ${what}${name}${message ? `: ${message}` : "."}`;
    fail({ actual: undefined, expected: error, operator: fn.name, message: text, stackStartFn: fn });
  }
  if (error) check(actual, error, message, fn);
}

function isUnwanted(actual, expected) {
  if (typeof expected !== "function") {
    if (isRegExp(expected)) return RegExpPrototypeExec(expected, String(actual)) !== null;
    throw new (errors().ERR_INVALID_ARG_TYPE)("expected", ["Function", "RegExp"], expected);
  }
  if (expected.prototype !== undefined && actual instanceof expected) return true;
  return !ObjectPrototypeIsPrototypeOf(Error, expected) && ReflectApply(expected, {}, [actual]) === true;
}

/** doesNotThrow and doesNotReject; see expectError(). */
function expectNoError(fn, what, actual, args) {
  if (actual === kNothing) return;
  let { 0: error, 1: message } = args;
  if (typeof error === "string") {
    message = error;
    error = undefined;
  }
  if (error && !isUnwanted(actual, error)) throw actual;
  const text = `Got unwanted ${what}${message ? `: ${message}` : "."}\nActual message: "${actual?.message}"`;
  fail({ actual, expected: error, operator: fn.name, message: text, stackStartFn: fn });
}

module.exports = { fail, failGenerated, thrownBy, rejectionOf, expectError, expectNoError };

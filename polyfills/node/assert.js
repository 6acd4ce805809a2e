"use strict";
// node:assert, https://nodejs.org/docs/latest-v22.x/api/assert.html
// The methods of class Assert are functions that also work without an instance: those of the module are the same ones.

const {
  ArrayPrototypeIndexOf,
  ArrayPrototypeJoin,
  ArrayPrototypeSlice,
  ObjectAssign,
  ObjectIs,
  RegExpPrototypeExec,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  WeakMap,
  WeakMapPrototypeGet,
  WeakMapPrototypeSet,
} = primordials;
const { inspect } = require("node/internal_inspect");
const { isError } = require("node/internal_inspect_names");
const { isDeepEqual, isDeepStrictEqual, isDeepStrictEqualWithoutPrototypes, isPartialStrictEqual } = require("node/internal_comparisons");
const { AssertionError } = require("node/internal_assertion_error");
const { isRegExp, fail: innerFail, failGenerated, thrownBy, rejectionOf, expectError, expectNoError } = require("node/internal_assert_throws");
const { validateOneOf } = require("node/internal_validators");
const { ERR_CONSTRUCT_CALL_REQUIRED, ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } = require("node/internal_errors");

// Options of the instances.
const instances = new WeakMap();

function optionsOf(self) {
  return (typeof self === "object" && self !== null) || typeof self === "function" ? WeakMapPrototypeGet(instances, self) : undefined;
}

function isMessageError(message) {
  return typeof message === "object" && message !== null && isError(message);
}

/**
 * Assertions with options of their own.
 * @param {{ diff?: "simple" | "full", strict?: boolean, skipPrototype?: boolean }} [options]
 */
function Assert(options) {
  if (new.target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED("Assert");
  options = { __proto__: null, strict: true, skipPrototype: false, ...options };
  if (options.diff !== undefined) validateOneOf(options.diff, "options.diff", ["simple", "full"]);
  this.AssertionError = AssertionError;
  WeakMapPrototypeSet(instances, this, options);
  if (options.strict) makeStrict(this);
}

function makeStrict(target) {
  const { strictEqual, deepStrictEqual, notStrictEqual, notDeepStrictEqual } = Assert.prototype;
  target.equal = strictEqual;
  target.deepEqual = deepStrictEqual;
  target.notEqual = notStrictEqual;
  target.notDeepEqual = notDeepStrictEqual;
  return target;
}

// Fails a comparison of two values.
function failComparison(self, actual, expected, message, operator, stackStartFn) {
  innerFail({ actual, expected, message, operator, stackStartFn, diff: optionsOf(self)?.diff });
}

function needBoth(args) {
  if (args.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
}

function bothNaN(actual, expected) {
  return actual !== actual && expected !== expected;
}

function deepStrict(self, actual, expected) {
  return optionsOf(self)?.skipPrototype ? isDeepStrictEqualWithoutPrototypes(actual, expected) : isDeepStrictEqual(actual, expected);
}

function innerOk(fn, args) {
  const { 0: value, 1: message } = args;
  if (value) return;
  if (isMessageError(message)) throw message;
  let text = message;
  if (args.length === 0) text = "No value argument passed to `assert.ok()`";
  failGenerated({ actual: value, expected: true, message: text, operator: "==", stackStartFn: fn }, message === undefined || message === null);
}

function innerMatch(string, regexp, message, fn, wanted) {
  if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE("regexp", "RegExp", regexp);
  if (typeof string === "string" && (RegExpPrototypeExec(regexp, string) !== null) === wanted) return;
  if (isMessageError(message)) throw message;
  let text = message;
  if (!message) {
    const head = wanted ? "The input did not match the regular expression " : "The input was expected to not match the regular expression ";
    text =
      typeof string === "string"
        ? `${head}${inspect(regexp)}. Input:\n\n${inspect(string)}\n`
        : `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})`;
  }
  failGenerated({ actual: string, expected: regexp, message: text, operator: fn.name, stackStartFn: fn }, !message);
}

// The frames of `error` below those that both have.
function joinStacks(failure, error) {
  const { stack } = error;
  if (typeof stack !== "string") return;
  const start = StringPrototypeIndexOf(stack, "\n    at");
  if (start === -1) return;
  const frames = StringPrototypeSplit(StringPrototypeSlice(stack, start + 1), "\n");
  let own = StringPrototypeSplit(failure.stack, "\n");
  for (let i = 0; i < frames.length; i++) {
    const at = ArrayPrototypeIndexOf(own, frames[i]);
    if (at === -1) continue;
    own = ArrayPrototypeSlice(own, 0, at);
    break;
  }
  failure.stack = `${ArrayPrototypeJoin(own, "\n")}\n${ArrayPrototypeJoin(frames, "\n")}`;
}

const methods = {
  fail: function fail(message) {
    if (isMessageError(message)) throw message;
    const generated = message === undefined;
    failGenerated({ message: generated ? "Failed" : message, operator: "fail", stackStartFn: fail }, generated);
  },

  ok: function ok(...args) {
    innerOk(ok, args);
  },

  equal: function equal(actual, expected, message) {
    needBoth(arguments);
    // eslint-disable-next-line eqeqeq
    if (actual != expected && !bothNaN(actual, expected)) failComparison(this, actual, expected, message, "==", equal);
  },

  notEqual: function notEqual(actual, expected, message) {
    needBoth(arguments);
    // eslint-disable-next-line eqeqeq
    if (actual == expected || bothNaN(actual, expected)) failComparison(this, actual, expected, message, "!=", notEqual);
  },

  strictEqual: function strictEqual(actual, expected, message) {
    needBoth(arguments);
    if (!ObjectIs(actual, expected)) failComparison(this, actual, expected, message, "strictEqual", strictEqual);
  },

  notStrictEqual: function notStrictEqual(actual, expected, message) {
    needBoth(arguments);
    if (ObjectIs(actual, expected)) failComparison(this, actual, expected, message, "notStrictEqual", notStrictEqual);
  },

  deepEqual: function deepEqual(actual, expected, message) {
    needBoth(arguments);
    if (!isDeepEqual(actual, expected)) failComparison(this, actual, expected, message, "deepEqual", deepEqual);
  },

  notDeepEqual: function notDeepEqual(actual, expected, message) {
    needBoth(arguments);
    if (isDeepEqual(actual, expected)) failComparison(this, actual, expected, message, "notDeepEqual", notDeepEqual);
  },

  deepStrictEqual: function deepStrictEqual(actual, expected, message) {
    needBoth(arguments);
    if (!deepStrict(this, actual, expected)) failComparison(this, actual, expected, message, "deepStrictEqual", deepStrictEqual);
  },

  notDeepStrictEqual: function notDeepStrictEqual(actual, expected, message) {
    needBoth(arguments);
    if (deepStrict(this, actual, expected)) failComparison(this, actual, expected, message, "notDeepStrictEqual", notDeepStrictEqual);
  },

  partialDeepStrictEqual: function partialDeepStrictEqual(actual, expected, message) {
    needBoth(arguments);
    if (!isPartialStrictEqual(actual, expected)) failComparison(this, actual, expected, message, "partialDeepStrictEqual", partialDeepStrictEqual);
  },

  match: function match(string, regexp, message) {
    innerMatch(string, regexp, message, match, true);
  },

  doesNotMatch: function doesNotMatch(string, regexp, message) {
    innerMatch(string, regexp, message, doesNotMatch, false);
  },

  throws: function throws(fn, ...args) {
    expectError(throws, "exception", thrownBy(fn), args);
  },

  rejects: async function rejects(promiseFn, ...args) {
    expectError(rejects, "rejection", await rejectionOf(promiseFn), args);
  },

  doesNotThrow: function doesNotThrow(fn, ...args) {
    expectNoError(doesNotThrow, "exception", thrownBy(fn), args);
  },

  doesNotReject: async function doesNotReject(fn, ...args) {
    expectNoError(doesNotReject, "rejection", await rejectionOf(fn), args);
  },

  ifError: function ifError(error) {
    if (error === null || error === undefined) return;
    let text;
    if (typeof error === "object" && typeof error.message === "string") {
      text = error.message.length === 0 && error.constructor ? error.constructor.name : error.message;
    } else {
      text = inspect(error);
    }
    const failure = new AssertionError({
      actual: error,
      expected: null,
      operator: "ifError",
      message: `ifError got unwanted exception: ${text}`,
      stackStartFn: ifError,
    });
    failure.generatedMessage = true;
    joinStacks(failure, error);
    throw failure;
  },
};

ObjectAssign(Assert.prototype, methods);

/** assert(value[, message]). */
function assert(...args) {
  innerOk(assert, args);
}

/** assert.strict(value[, message]): the comparisons are the strict ones. */
function strict(...args) {
  innerOk(strict, args);
}

ObjectAssign(assert, methods, { ok: assert, Assert, AssertionError });
ObjectAssign(strict, assert);
makeStrict(strict);
assert.strict = strict;
strict.strict = strict;

module.exports = assert;

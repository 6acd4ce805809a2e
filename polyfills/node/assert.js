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
const { AssertionError } = require("node/internal_assertion_error");

// What only some assertions, or those that fail, need.
const comparisons = require.lazy("node/internal_comparisons");
const throwing = require.lazy("node/internal_assert_throws");
const errors = require.lazy("node/internal_errors");

// Options of the instances.
const instances = new WeakMap();

function optionsOf(self) {
  return (typeof self === "object" && self !== null) || typeof self === "function" ? WeakMapPrototypeGet(instances, self) : undefined;
}

function isMessageError(message) {
  return typeof message === "object" && message !== null && require("node/internal_inspect_names").isError(message);
}

/**
 * Assertions with options of their own.
 * @param {{ diff?: "simple" | "full", strict?: boolean, skipPrototype?: boolean }} [options]
 */
function Assert(options) {
  if (new.target === undefined) throw new (errors().ERR_CONSTRUCT_CALL_REQUIRED)("Assert");
  options = { __proto__: null, strict: true, skipPrototype: false, ...options };
  if (options.diff !== undefined) require("node/internal_validators").validateOneOf(options.diff, "options.diff", ["simple", "full"]);
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
  throwing().fail({ actual, expected, message, operator, stackStartFn, diff: optionsOf(self)?.diff });
}

function needBoth(args) {
  if (args.length < 2) throw new (errors().ERR_MISSING_ARGS)("actual", "expected");
}

function bothNaN(actual, expected) {
  return actual !== actual && expected !== expected;
}

function deepStrict(self, actual, expected) {
  const { isDeepStrictEqual, isDeepStrictEqualWithoutPrototypes } = comparisons();
  return optionsOf(self)?.skipPrototype ? isDeepStrictEqualWithoutPrototypes(actual, expected) : isDeepStrictEqual(actual, expected);
}

function innerOk(fn, args) {
  const { 0: value, 1: message } = args;
  if (value) return;
  if (isMessageError(message)) throw message;
  let text = message;
  if (args.length === 0) text = "No value argument passed to `assert.ok()`";
  throwing().failGenerated({ actual: value, expected: true, message: text, operator: "==", stackStartFn: fn }, message === undefined || message === null);
}

function innerMatch(string, regexp, message, fn, wanted) {
  if (ops.op_value_kind(regexp) !== "RegExp") throw new (errors().ERR_INVALID_ARG_TYPE)("regexp", "RegExp", regexp);
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
  throwing().failGenerated({ actual: string, expected: regexp, message: text, operator: fn.name, stackStartFn: fn }, !message);
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
    throwing().failGenerated({ message: generated ? "Failed" : message, operator: "fail", stackStartFn: fail }, generated);
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
    if (!comparisons().isDeepEqual(actual, expected)) failComparison(this, actual, expected, message, "deepEqual", deepEqual);
  },

  notDeepEqual: function notDeepEqual(actual, expected, message) {
    needBoth(arguments);
    if (comparisons().isDeepEqual(actual, expected)) failComparison(this, actual, expected, message, "notDeepEqual", notDeepEqual);
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
    if (comparisons().isPartialStrictEqual(actual, expected)) return;
    failComparison(this, actual, expected, message, "partialDeepStrictEqual", partialDeepStrictEqual);
  },

  match: function match(string, regexp, message) {
    innerMatch(string, regexp, message, match, true);
  },

  doesNotMatch: function doesNotMatch(string, regexp, message) {
    innerMatch(string, regexp, message, doesNotMatch, false);
  },

  throws: function throws(fn, ...args) {
    throwing().expectError(throws, "exception", throwing().thrownBy(fn), args);
  },

  rejects: async function rejects(promiseFn, ...args) {
    throwing().expectError(rejects, "rejection", await throwing().rejectionOf(promiseFn), args);
  },

  doesNotThrow: function doesNotThrow(fn, ...args) {
    throwing().expectNoError(doesNotThrow, "exception", throwing().thrownBy(fn), args);
  },

  doesNotReject: async function doesNotReject(fn, ...args) {
    throwing().expectNoError(doesNotReject, "rejection", await throwing().rejectionOf(fn), args);
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

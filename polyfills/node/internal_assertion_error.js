"use strict";
// assert.AssertionError, https://nodejs.org/docs/latest-v22.x/api/assert.html#class-assertassertionerror

const {
  ArrayPrototypeJoin,
  ArrayPrototypeSlice,
  Error,
  ErrorCaptureStackTrace,
  ObjectAssign,
  ObjectDefineProperty,
  ObjectGetPrototypeOf,
  String,
  StringPrototypeSlice,
  StringPrototypeSplit,
} = primordials;
const { inspect } = require("node/internal_inspect");
// Only failures need these.
const getGenerateMessage = require.lazy("node/internal_assert_message", "generateMessage");
const getValidateObject = require.lazy("node/internal_validators", "validateObject");

function hasStack(value) {
  return typeof value === "object" && value !== null && "stack" in value && value instanceof Error;
}

// An error without frames, which say nothing of its difference from another one.
function withoutStack(source) {
  const target = ObjectAssign({ __proto__: ObjectGetPrototypeOf(source) }, source);
  ObjectDefineProperty(target, "message", { __proto__: null, value: source.message });
  if ("cause" in source) {
    const { cause } = source;
    ObjectDefineProperty(target, "cause", { __proto__: null, value: cause instanceof Error ? withoutStack(cause) : cause });
  }
  return target;
}

function messageFor({ message, operator, actual, expected, diff }) {
  if (message !== undefined && message !== null) return String(message);
  if (hasStack(actual) && hasStack(expected)) {
    actual = withoutStack(actual);
    expected = withoutStack(expected);
  }
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return getGenerateMessage()(actual, expected, operator, diff === "full");
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

// Long texts are cut, when the error itself is printed.
function ellipsis(text) {
  const lines = StringPrototypeSplit(text, "\n", 11);
  if (lines.length > 10) return `${ArrayPrototypeJoin(ArrayPrototypeSlice(lines, 0, 10), "\n")}\n...`;
  return text.length > 512 ? `${StringPrototypeSlice(text, 512)}...` : text;
}

class AssertionError extends Error {
  constructor(options) {
    getValidateObject()(options, "options");
    super(messageFor(options));
    const { message, operator, stackStartFn, stackStartFunction, details } = options;
    this.generatedMessage = !message;
    ObjectDefineProperty(this, "name", {
      __proto__: null,
      value: "AssertionError [ERR_ASSERTION]",
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.code = "ERR_ASSERTION";
    if (details) {
      this.actual = undefined;
      this.expected = undefined;
      this.operator = undefined;
      for (let i = 0; i < details.length; i++) {
        this[`message ${i}`] = details[i].message;
        this[`actual ${i}`] = details[i].actual;
        this[`expected ${i}`] = details[i].expected;
        this[`operator ${i}`] = details[i].operator;
        this[`stack trace ${i}`] = details[i].stack;
      }
    } else {
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = operator;
    }
    ErrorCaptureStackTrace(this, stackStartFn || stackStartFunction);
    void this.stack; // some engines print the name when it is first read
    this.name = "AssertionError";
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [inspect.custom](recurseTimes, ctx) {
    const { actual, expected } = this;
    if (typeof actual === "string") this.actual = ellipsis(actual);
    if (typeof expected === "string") this.expected = ellipsis(expected);
    // Actual and expected are named only: the message shows them.
    const text = inspect(this, { ...ctx, customInspect: false, depth: 0 });
    this.actual = actual;
    this.expected = expected;
    return text;
  }
}

module.exports = { AssertionError };

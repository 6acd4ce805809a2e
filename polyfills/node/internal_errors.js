"use strict";
// Node's errors: a class per code. https://nodejs.org/docs/latest-v22.x/api/errors.html#nodejs-error-codes
// How they look is the reference runtime's way: those of TypeError are plain TypeErrors with a `toString` of their own,
// some of RangeError likewise, other RangeErrors have the code in their stack, the rest inherits a `toString` that shows it.

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  Error,
  ErrorCaptureStackTrace,
  ObjectDefineProperty,
  RangeError,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  TypeError,
  URIError,
} = primordials;

function withCode() {
  return `${this.name} [${this.code}]: ${this.message}`;
}

class NodeErrorAbstraction extends Error {
  toString() {
    return withCode.call(this);
  }
}

class NodeError extends NodeErrorAbstraction {}

function named(Class, code) {
  ObjectDefineProperty(Class, "name", { __proto__: null, value: code, configurable: true });
  return Class;
}

// Instances are those of the built-in class.
function plainClass(code, Base, text) {
  return named(function (...args) {
    const error = new Base(text(...args));
    error.code = code;
    error.name = Base === TypeError ? "TypeError" : "RangeError";
    error.toString = function () {
      return withCode.call(this);
    };
    ErrorCaptureStackTrace(error, new.target);
    return error;
  }, code);
}

function subclass(code, Base, name, text) {
  const Class = class extends Base {
    constructor(...args) {
      super(text(...args));
      this.code = code;
      this.name = `${name} [${code}]`;
      ErrorCaptureStackTrace(this, new.target);
      this.name = name;
    }
  };
  return named(Class, code);
}

function errorClass(code, text, fields) {
  const Class = class extends NodeError {
    constructor(...args) {
      super(text(...args));
      this.code = code;
      this.name = "Error";
      if (fields !== undefined) for (let i = 0; i < fields.length; i++) this[fields[i]] = args[i];
      ErrorCaptureStackTrace(this, new.target);
    }
  };
  return named(Class, code);
}

/**
 * Makes the class of a code.
 * @param {string} code such as "ERR_INVALID_ARG_TYPE"
 * @param {Function} Base TypeError, RangeError, URIError or Error
 * @param {(...args: any[]) => string} text the message, of the constructor's arguments
 * @param {string[]} [fields] properties that get the first arguments (Base Error only)
 */
function defineError(code, Base, text, fields) {
  if (Base === TypeError) return plainClass(code, Base, text);
  if (Base === RangeError) return subclass(code, Base, "RangeError", text);
  return Base === URIError ? subclass(code, Base, "URIError", text) : errorClass(code, text, fields);
}

// Words.

function inspect(value, options) {
  return require("node/internal_inspect").inspect(value, options);
}

/** What was received, at the end of a message: "type number (1)", "an instance of Foo", ... */
function describeReceived(value) {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === "function" && value.name) return `function ${value.name}`;
  if (typeof value === "object") {
    return value.constructor?.name ? `an instance of ${value.constructor.name}` : inspect(value, { depth: -1 });
  }
  let text = inspect(value, { colors: false });
  if (text.length > 28) text = `${StringPrototypeSlice(text, 0, 25)}...`;
  return `type ${typeof value} (${text})`;
}

// "a, b, or c"
function oneOf(list) {
  if (list.length === 1) return list[0];
  if (list.length === 2) return `${list[0]} or ${list[1]}`;
  return `${ArrayPrototypeJoin(ArrayPrototypeSlice(list, 0, -1), ", ")}, or ${list[list.length - 1]}`;
}

const kTypes = ["string", "function", "number", "object", "Function", "Object", "boolean", "bigint", "symbol"];
const kClassName = /^([A-Z][a-z0-9]*)+$/;

// "must be of type string or an instance of Buffer"
function mustBe(expected) {
  const types = [];
  const classes = [];
  const others = [];
  const list = ArrayIsArray(expected) ? expected : [expected];
  for (let i = 0; i < list.length; i++) {
    if (ArrayPrototypeIncludes(kTypes, list[i])) ArrayPrototypePush(types, StringPrototypeToLowerCase(list[i]));
    else if (RegExpPrototypeExec(kClassName, list[i]) !== null) ArrayPrototypePush(classes, list[i]);
    else ArrayPrototypePush(others, list[i]);
  }
  // Beside classes "object" means that any instance will do.
  const object = classes.length === 0 ? -1 : types.indexOf("object");
  if (object !== -1) {
    types.splice(object, 1);
    ArrayPrototypePush(classes, "Object");
  }
  const parts = [];
  if (types.length > 0) ArrayPrototypePush(parts, `${types.length > 1 ? "one of type" : "of type"} ${oneOf(types)}`);
  if (classes.length > 0) ArrayPrototypePush(parts, `an instance of ${oneOf(classes)}`);
  if (others.length > 1) ArrayPrototypePush(parts, `one of ${oneOf(others)}`);
  else if (others.length === 1) ArrayPrototypePush(parts, StringPrototypeToLowerCase(others[0]) === others[0] ? others[0] : `an ${others[0]}`);
  return `must be ${ArrayPrototypeJoin(parts, " or ")}`;
}

function subject(name) {
  if (StringPrototypeEndsWith(name, " argument")) return `The ${name}`;
  return `The "${name}" ${StringPrototypeIncludes(name, ".") ? "property" : "argument"}`;
}

function invalidValue(name, value, reason = "is invalid") {
  return `The ${StringPrototypeIncludes(name, ".") ? "property" : "argument"} '${name}' ${reason}. Received ${inspect(value)}`;
}

// Thousands with underscores.
function groupDigits(digits) {
  const first = digits[0] === "-" ? 1 : 0;
  let result = "";
  let end = digits.length;
  for (; end >= first + 4; end -= 3) result = `_${StringPrototypeSlice(digits, end - 3, end)}${result}`;
  return StringPrototypeSlice(digits, 0, end) + result;
}

function outOfRange(name, range, received) {
  let text;
  if (typeof received === "number" && received % 1 === 0 && (received > 4294967296 || received < -4294967296)) text = groupDigits(`${received}`);
  else if (typeof received === "bigint") text = `${received > 4294967296n || received < -4294967296n ? groupDigits(`${received}`) : received}n`;
  else text = inspect(received);
  return `The value of "${name}" is out of range. It must be ${range}. Received ${text}`;
}

function missing(...names) {
  const quoted = [];
  for (let i = 0; i < names.length; i++) {
    quoted[i] = ArrayIsArray(names[i]) ? ArrayPrototypeJoin(names[i].map((name) => `"${name}"`), " or ") : `"${names[i]}"`;
  }
  const last = quoted.length - 1;
  if (last === 0) return `The ${quoted[0]} argument must be specified`;
  if (last === 1) return `The ${quoted[0]} and ${quoted[1]} arguments must be specified`;
  return `The ${ArrayPrototypeJoin(ArrayPrototypeSlice(quoted, 0, last), ", ")}, and ${quoted[last]} arguments must be specified`;
}

/** What an operation fails with that an AbortSignal has ended. Its code is Node's, not that of a DOMException. */
class AbortError extends Error {
  constructor(message = "The operation was aborted", options = undefined) {
    if (options !== undefined && typeof options !== "object") throw new module.exports.ERR_INVALID_ARG_TYPE("options", "Object", options);
    super(message, options);
    this.code = "ABORT_ERR";
    this.name = "AbortError";
  }
}

module.exports = {
  AbortError,
  defineError,
  describeReceived,
  oneOf,
  ERR_AMBIGUOUS_ARGUMENT: defineError("ERR_AMBIGUOUS_ARGUMENT", TypeError, (name, text) => `The "${name}" argument is ambiguous. ${text}`),
  ERR_BUFFER_OUT_OF_BOUNDS: plainClass("ERR_BUFFER_OUT_OF_BOUNDS", RangeError, (name) =>
    name === undefined ? "Attempt to access memory outside buffer bounds" : `"${name}" is outside of buffer bounds`,
  ),
  ERR_CONSTRUCT_CALL_REQUIRED: defineError(
    "ERR_CONSTRUCT_CALL_REQUIRED",
    TypeError,
    (name) => `Class constructor ${name} cannot be invoked without \`new\``,
  ),
  // What the operating system would refuse.
  ERR_EPERM: class extends NodeError {
    static name = "ERR_EPERM";
    constructor(syscall) {
      super("operation not permitted");
      this.code = "EPERM";
      this.name = "Error";
      this.syscall = syscall;
      this.errno = 1;
      this.path = "";
    }
  },
  ERR_FALSY_VALUE_REJECTION: defineError("ERR_FALSY_VALUE_REJECTION", Error, () => "Promise was rejected with falsy value", ["reason"]),
  ERR_INVALID_ARG_TYPE: defineError(
    "ERR_INVALID_ARG_TYPE",
    TypeError,
    (name, expected, actual) => `${subject(name)} ${mustBe(expected)}. Received ${describeReceived(actual)}`,
  ),
  ERR_INVALID_ARG_VALUE: defineError("ERR_INVALID_ARG_VALUE", TypeError, invalidValue),
  // The same code, as a RangeError.
  ERR_INVALID_ARG_VALUE_RANGE: plainClass("ERR_INVALID_ARG_VALUE", RangeError, invalidValue),
  ERR_INVALID_BUFFER_SIZE: plainClass("ERR_INVALID_BUFFER_SIZE", RangeError, (bits) => `Buffer size must be a multiple of ${bits}-bits`),
  ERR_INVALID_RETURN_VALUE: defineError(
    "ERR_INVALID_RETURN_VALUE",
    TypeError,
    (expected, name, value) => `Expected ${expected} to be returned from the "${name}" function but got ${describeReceived(value)}.`,
  ),
  ERR_INVALID_THIS: defineError("ERR_INVALID_THIS", TypeError, (type) => `Value of "this" must be of type ${type}`),
  ERR_INVALID_URI: defineError("ERR_INVALID_URI", URIError, () => "URI malformed"),
  ERR_METHOD_NOT_IMPLEMENTED: defineError("ERR_METHOD_NOT_IMPLEMENTED", Error, (name) => `The ${name} method is not implemented`),
  ERR_MISSING_ARGS: defineError("ERR_MISSING_ARGS", TypeError, missing),
  ERR_OUT_OF_RANGE: defineError("ERR_OUT_OF_RANGE", RangeError, outOfRange),
  ERR_UNKNOWN_ENCODING: defineError("ERR_UNKNOWN_ENCODING", TypeError, (name) => `Unknown encoding: ${name}`),
  ERR_UNHANDLED_ERROR: defineError("ERR_UNHANDLED_ERROR", Error, (text) => (text === undefined ? "Unhandled error." : `Unhandled error. (${text})`)),
};

"use strict";
// node:util, https://nodejs.org/docs/latest-v22.x/api/util.html

const {
  ArrayIsArray,
  Date,
  DatePrototypeGetDate,
  DatePrototypeGetMonth,
  DatePrototypeToTimeString,
  ObjectDefineProperty,
  ObjectKeys,
  ObjectPrototypeToString,
  ObjectSetPrototypeOf,
  Promise,
  StringPrototypePadStart,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeToUpperCase,
  StringPrototypeToWellFormed,
  SymbolFor,
  WeakRef,
  WeakRefPrototypeDeref,
} = primordials;
const { inspect, format, formatWithOptions } = require("node/internal_inspect");
const types = require("node/util_types");
const { TextDecoder, TextEncoder } = require("web/encoding");
const { MIMEParams, MIMEType } = require("node/internal_mime");

// An import reads every export, but few programs use more than two or three: all functions that need a file of their own load it when
// they are called.
const errors = require.lazy("node/internal_errors");
const validators = require.lazy("node/internal_validators");
const comparisons = require.lazy("node/internal_comparisons");
const promises = require.lazy("node/internal_promisify");
const buffers = require.lazy("node/internal_buffer");
const system = require.lazy("node/internal_system");

// Output.

function print(level, text) {
  require("web/console").console[level](text);
}

/**
 * A function that prints on behalf of a part of a program. Every part is enabled, as there is no NODE_DEBUG.
 * @param {string} set name of the part
 * @param {(logger: Function) => void} [callback] gets the logger at its first use
 */
function debuglog(set, callback) {
  set = StringPrototypeToUpperCase(`${set}`);
  let used = false;
  const logger = (...args) => {
    if (!used) {
      used = true;
      if (typeof callback === "function") callback(logger);
    }
    print("log", `${set}: ${format(...args)}\n`);
  };
  ObjectDefineProperty(logger, "enabled", { __proto__: null, get: () => true, enumerable: true, configurable: true });
  return logger;
}

/** Prints with the time, "26 Feb 16:19:34 - text". */
function log(...args) {
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const now = new Date();
  const day = StringPrototypePadStart(`${DatePrototypeGetDate(now)}`, 2, " ");
  const time = StringPrototypeSlice(DatePrototypeToTimeString(now), 0, 8);
  require("web/console").console.log("%s - %s", `${day} ${months[DatePrototypeGetMonth(now)]} ${time}`, format(...args));
}

function stripVTControlCharacters(str) {
  validators().validateString(str, "str");
  return require("node/internal_inspect_text").stripControls(str);
}

// Functions and classes.

function callbackify(original) {
  return promises().callbackify(original);
}

function promisify(original) {
  return promises().promisify(original);
}
promisify.custom = SymbolFor("nodejs.util.promisify.custom");

function inherits(ctor, superCtor) {
  if (ctor === undefined || ctor === null) throw new (errors().ERR_INVALID_ARG_TYPE)("ctor", "Function", ctor);
  if (superCtor === undefined || superCtor === null) throw new (errors().ERR_INVALID_ARG_TYPE)("superCtor", "Function", superCtor);
  if (superCtor.prototype === undefined) throw new (errors().ERR_INVALID_ARG_TYPE)("superCtor.prototype", "Object", superCtor.prototype);
  ObjectDefineProperty(ctor, "super_", { __proto__: null, value: superCtor, writable: true, configurable: true });
  ObjectSetPrototypeOf(ctor.prototype, superCtor.prototype);
}

function _extend(target, source) {
  if (source === null || typeof source !== "object") return target;
  const keys = ObjectKeys(source);
  for (let i = 0; i < keys.length; i++) target[keys[i]] = source[keys[i]];
  return target;
}

function _errnoException() {
  throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_errnoException");
}

function _exceptionWithHostPort() {
  throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)("_exceptionWithHostPort");
}

// There is no process on which a warning could be emitted: the function is its own.
function deprecate(fn, message, code, options) {
  return fn;
}

// Signals.

/** Resolves when `signal` is aborted, unless `resource` is collected before. */
async function aborted(signal, resource) {
  validators().validateAbortSignal(signal, "signal");
  validators().validateObject(resource, "resource");
  if (signal.aborted) return;
  const held = new WeakRef(resource);
  await new Promise((resolve) => {
    const done = () => {
      if (WeakRefPrototypeDeref(held) !== undefined) resolve();
    };
    signal.addEventListener("abort", done, { once: true });
  });
}

function transferableAbortController() {
  const { AbortController } = require("web/abort");
  return new AbortController();
}

function transferableAbortSignal(signal) {
  validators().validateAbortSignal(signal, "signal");
  return signal;
}

// Text.

function toUSVString(input) {
  return StringPrototypeToWellFormed(`${input}`);
}

function parseEnv(content) {
  validators().validateString(content, "content");
  return require("node/internal_parse_env").parse(content);
}

function parseArgs(config) {
  return require("node/internal_parse_args").parseArgs(config);
}

function validateLines(value, name) {
  if (typeof value === "string") return;
  if (!ArrayIsArray(value)) throw new (errors().ERR_INVALID_ARG_TYPE)(name, "string", value);
  for (let i = 0; i < value.length; i++) validators().validateString(value[i], `${name}[${i}]`);
}

/**
 * The edits between two texts, by character, or two lists of texts.
 * @returns {[number, string][]} 0 in both, 1 in `actual` only, -1 in `expected` only
 */
function diff(actual, expected) {
  if (actual === expected) return [];
  validateLines(actual, "actual");
  validateLines(expected, "expected");
  const list = (value) => (typeof value === "string" ? StringPrototypeSplit(value, "") : value);
  return require("node/internal_diff").diff(list(actual), list(expected));
}

function styleText(format, text, options) {
  return require("node/internal_style_text").styleText(format, text, options);
}

// The system.

function getSystemErrorMap() {
  return system().getSystemErrorMap();
}

function getSystemErrorMessage(err) {
  return system().getSystemErrorMessage(err);
}

function getSystemErrorName(err) {
  return system().getSystemErrorName(err);
}

function convertProcessSignalToExitCode(signalCode) {
  return system().convertProcessSignalToExitCode(signalCode);
}

function getCallSites(frameCount = 8) {
  return require("node/internal_call_sites").getCallSites(frameCount, getCallSites);
}

// Signals do not reach a worker.
function setTraceSigInt() {}

// What values are.

function isDeepStrictEqual(actual, expected) {
  return comparisons().isDeepStrictEqual(actual, expected);
}

function isError(value) {
  return ObjectPrototypeToString(value) === "[object Error]" || types.isNativeError(value);
}

function isBuffer(value) {
  // Before the class exists there is no instance.
  const classes = buffers.peek();
  return classes !== undefined && classes.isBuffer(value);
}

module.exports = {
  types,
  callbackify,
  promisify,
  inspect,
  format,
  formatWithOptions,
  stripVTControlCharacters,
  inherits,
  _errnoException,
  _exceptionWithHostPort,
  _extend,
  MIMEParams,
  MIMEType,
  toUSVString,
  log,
  aborted,
  debuglog,
  debug: debuglog,
  deprecate,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  TextEncoder,
  TextDecoder,
  parseArgs,
  parseEnv,
  styleText,
  transferableAbortController,
  transferableAbortSignal,
  getCallSite: getCallSites,
  getCallSites,
  isDeepStrictEqual,
  convertProcessSignalToExitCode,
  setTraceSigInt,
  diff,
  isArray: (value) => ArrayIsArray(value),
  isBoolean: (value) => typeof value === "boolean",
  isBuffer,
  isDate: types.isDate,
  isError,
  isFunction: (value) => typeof value === "function",
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === "number",
  isObject: (value) => value !== null && typeof value === "object",
  isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"),
  isRegExp: types.isRegExp,
  isString: (value) => typeof value === "string",
  isSymbol: (value) => typeof value === "symbol",
  isUndefined: (value) => value === undefined,
};

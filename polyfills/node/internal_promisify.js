"use strict";
// util.promisify and util.callbackify: between callbacks and promises.
// https://nodejs.org/docs/latest-v22.x/api/util.html#utilpromisifyoriginal

const {
  ArrayPrototypePop,
  ArrayPrototypePush,
  ObjectDefineProperties,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptors,
  ObjectGetPrototypeOf,
  ObjectSetPrototypeOf,
  Promise,
  ReflectApply,
  ReflectOwnKeys,
  SymbolFor,
} = primordials;
const { validateFunction } = require("node/internal_validators");
const { ERR_FALSY_VALUE_REJECTION } = require("node/internal_errors");

const kCustom = SymbolFor("nodejs.util.promisify.custom");
// Names of a callback's values, of which the promise's is an object then.
const kCustomArgs = SymbolFor("nodejs.util.promisify.custom.args");

// Descriptors without a prototype that a script could have given a `get`.
function copyProperties(target, source) {
  const descriptors = ObjectGetOwnPropertyDescriptors(source);
  const keys = ReflectOwnKeys(descriptors);
  for (let i = 0; i < keys.length; i++) ObjectSetPrototypeOf(descriptors[keys[i]], null);
  ObjectDefineProperties(target, descriptors);
  return descriptors;
}

function markCustom(fn) {
  return ObjectDefineProperty(fn, kCustom, { __proto__: null, value: fn, enumerable: false, writable: false, configurable: true });
}

function named(names, values) {
  const object = {};
  for (let i = 0; i < names.length; i++) object[names[i]] = values[i];
  return object;
}

/** The function whose last argument is a callback `(error, value)`, as one that returns a promise. */
function promisify(original) {
  validateFunction(original, "original");
  const custom = original[kCustom];
  if (custom) {
    validateFunction(custom, "util.promisify.custom");
    return markCustom(custom);
  }
  const names = original[kCustomArgs];
  function fn(...args) {
    return new Promise((resolve, reject) => {
      ArrayPrototypePush(args, (error, ...values) => {
        if (error) reject(error);
        else resolve(names === undefined || values.length < 2 ? values[0] : named(names, values));
      });
      ReflectApply(original, this, args);
    });
  }
  ObjectSetPrototypeOf(fn, ObjectGetPrototypeOf(original));
  markCustom(fn);
  copyProperties(fn, original);
  return fn;
}
promisify.custom = kCustom;

/** The function that returns a promise, as one whose last argument is a callback. What that throws is uncaught. */
function callbackify(original) {
  validateFunction(original, "original");
  function callbackified(...args) {
    const callback = ArrayPrototypePop(args);
    validateFunction(callback, "last argument");
    const later = (...results) => ops.op_enqueue_microtask(() => ReflectApply(callback, this, results));
    // Any thenable will do.
    ReflectApply(original, this, args).then(
      (value) => later(null, value),
      (reason) => later(reason || new ERR_FALSY_VALUE_REJECTION(reason)),
    );
  }
  const { name, length } = copyProperties(callbackified, original);
  if (typeof length?.value === "number") define(callbackified, "length", length.value + 1);
  if (typeof name?.value === "string") define(callbackified, "name", `${name.value}Callbackified`);
  return callbackified;
}

function define(fn, key, value) {
  ObjectDefineProperty(fn, key, { __proto__: null, value, configurable: true });
}

module.exports = { promisify, callbackify };

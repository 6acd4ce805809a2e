"use strict";
// Checks of arguments, with Node's errors. Each throws or returns nothing.

const { ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypeJoin, ArrayPrototypeMap, NumberIsInteger } = primordials;
const errors = require.lazy("node/internal_errors");

// What validateObject() lets pass beside objects.
const kAllowNullable = 1;
const kAllowArray = 2;
const kAllowFunction = 4;

function validateObject(value, name, allowed = 0) {
  if (value === null ? allowed & kAllowNullable : ArrayIsArray(value) ? allowed & kAllowArray : typeof value === "object") return;
  if (typeof value === "function" && allowed & kAllowFunction) return;
  throw new (errors().ERR_INVALID_ARG_TYPE)(name, "Object", value);
}

function validateString(value, name) {
  if (typeof value !== "string") throw new (errors().ERR_INVALID_ARG_TYPE)(name, "string", value);
}

function validateBoolean(value, name) {
  if (typeof value !== "boolean") throw new (errors().ERR_INVALID_ARG_TYPE)(name, "boolean", value);
}

function validateFunction(value, name) {
  if (typeof value !== "function") throw new (errors().ERR_INVALID_ARG_TYPE)(name, "Function", value);
}

function validateNumber(value, name) {
  if (typeof value !== "number") throw new (errors().ERR_INVALID_ARG_TYPE)(name, "number", value);
}

function validateInteger(value, name, min = -9007199254740991, max = 9007199254740991) {
  validateNumber(value, name);
  if (!NumberIsInteger(value)) throw new (errors().ERR_OUT_OF_RANGE)(name, "an integer", value);
  if (value < min || value > max) throw new (errors().ERR_OUT_OF_RANGE)(name, `>= ${min} && <= ${max}`, value);
}

function validateInt32(value, name, min = -2147483648, max = 2147483647) {
  validateInteger(value, name, min, max);
}

function validateUint32(value, name, positive = false) {
  validateNumber(value, name);
  if (!NumberIsInteger(value)) throw new (errors().ERR_OUT_OF_RANGE)(name, "an integer", value);
  const min = positive ? 1 : 0;
  if (value < min || value > 4294967295) throw new (errors().ERR_OUT_OF_RANGE)(name, `>= ${min} && < 4294967296`, value);
}

function validateArray(value, name) {
  if (!ArrayIsArray(value)) throw new (errors().ERR_INVALID_ARG_TYPE)(name, "Array", value);
}

function validateOneOf(value, name, choices) {
  if (ArrayPrototypeIncludes(choices, value)) return;
  const list = ArrayPrototypeMap(choices, (choice) => (typeof choice === "string" ? `'${choice}'` : `${choice}`));
  throw new (errors().ERR_INVALID_ARG_VALUE)(name, value, `must be one of: ${ArrayPrototypeJoin(list, ", ")}`);
}

function validateAbortSignal(value, name) {
  if (typeof value !== "object" || value === null || !("aborted" in value)) throw new (errors().ERR_INVALID_ARG_TYPE)(name, "AbortSignal", value);
}

module.exports = {
  kAllowNullable,
  kAllowArray,
  kAllowFunction,
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateInteger,
  validateNumber,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
};

"use strict";
// process.env, https://nodejs.org/docs/latest-v22.x/api/process.html#processenv
// It begins as a copy of the worker's env: texts as they are, other values that JSON can carry as JSON, the rest not at all.

const {
  Array,
  JSONStringify,
  Object,
  ObjectGetPrototypeOf,
  ObjectKeys,
  Proxy,
  ReflectDefineProperty,
  ReflectHas,
  ReflectSet,
  Set,
  SetPrototypeAdd,
  SetPrototypeHas,
  TypeError,
} = primordials;
const { state } = require("core/worker");
const errors = require.lazy("node/internal_errors");

// Only plain objects and arrays, in which nothing occurs twice: a binding is not meant to become "{}".
function isJSON(value, seen) {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object" || SetPrototypeHas(seen, value)) return false;
  const proto = ObjectGetPrototypeOf(value);
  if (proto !== Object.prototype && proto !== Array.prototype) return false;
  SetPrototypeAdd(seen, value);
  const keys = ObjectKeys(value);
  for (let i = 0; i < keys.length; i++) if (!isJSON(value[keys[i]], seen)) return false;
  return true;
}

function initial() {
  const env = {};
  if (!state.flags.nodejs_compat_populate_process_env || state.env === undefined) return env;
  const names = ObjectKeys(state.env);
  for (let i = 0; i < names.length; i++) {
    const value = state.env[names[i]];
    if (typeof value === "string") env[names[i]] = value;
    else if (isJSON(value, new Set())) env[names[i]] = JSONStringify(value);
  }
  return env;
}

function refuseSymbol(value) {
  if (typeof value === "symbol") throw new TypeError("Cannot convert a symbol value to a string");
}

function checkDescriptor(descriptor) {
  const { ERR_INVALID_ARG_VALUE } = errors();
  require("node/internal_validators").validateObject(descriptor, "descriptor");
  if (ReflectHas(descriptor, "get") || ReflectHas(descriptor, "set")) {
    throw new ERR_INVALID_ARG_VALUE("descriptor", descriptor, "process.env value must not have getter/setter");
  }
  const wanted = ["configurable", "enumerable", "writable"];
  for (let i = 0; i < wanted.length; i++) {
    if (!descriptor[wanted[i]]) throw new ERR_INVALID_ARG_VALUE(`descriptor.${wanted[i]}`, descriptor, `process.env value must be ${wanted[i]}`);
  }
  if (!ReflectHas(descriptor, "value")) throw new ERR_INVALID_ARG_VALUE("descriptor.value", descriptor, "process.env value must be specified explicitly");
}

const env = new Proxy(initial(), {
  __proto__: null,
  set(target, key, value) {
    refuseSymbol(key);
    refuseSymbol(value);
    return ReflectSet(target, key, `${value}`);
  },
  defineProperty(target, key, descriptor) {
    checkDescriptor(descriptor);
    refuseSymbol(key);
    refuseSymbol(descriptor.value);
    return ReflectDefineProperty(target, key, { __proto__: null, value: `${descriptor.value}`, writable: true, enumerable: true, configurable: true });
  },
});

module.exports = { env };

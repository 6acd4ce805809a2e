"use strict";
// util.inspect, what an object is called: constructor names, prefixes, and which of its keys are shown.

const {
  Array,
  ArrayBuffer,
  Boolean,
  DataView,
  Date,
  Error,
  Function,
  Map,
  MapPrototypeGet,
  MapPrototypeSet,
  Number,
  Object,
  ObjectGetOwnPropertyNames,
  ObjectKeys,
  ObjectPrototypePropertyIsEnumerable,
  Promise,
  RegExp,
  ReflectOwnKeys,
  Set,
  String,
  TypedArray,
  WeakMap,
  WeakSet,
} = primordials;

/**
 * Names of ECMAScript's classes and of the other capitalised own properties of the global object.
 * A fixed list, because scripts may have added their own by the time this runs. Interfaces of the platform are not among them.
 */
const builtInObjects = {
  __proto__: null,
  Object: true, Function: true, Array: true, Number: true, Infinity: true, NaN: true, Boolean: true, String: true,
  Symbol: true, Date: true, Promise: true, RegExp: true, Error: true, AggregateError: true, EvalError: true,
  RangeError: true, ReferenceError: true, SyntaxError: true, TypeError: true, URIError: true, SuppressedError: true,
  JSON: true, Math: true, Intl: true, ArrayBuffer: true, Atomics: true, Uint8Array: true, Int8Array: true,
  Uint16Array: true, Int16Array: true, Uint32Array: true, Int32Array: true, BigUint64Array: true, BigInt64Array: true,
  Uint8ClampedArray: true, Float32Array: true, Float64Array: true, Float16Array: true, DataView: true, Map: true,
  BigInt: true, Set: true, Iterator: true, WeakMap: true, WeakSet: true, Proxy: true, Reflect: true,
  FinalizationRegistry: true, WeakRef: true, DisposableStack: true, AsyncDisposableStack: true, Buffer: true,
  Cloudflare: true, SharedArrayBuffer: true, WebAssembly: true, ServiceWorkerGlobalScope: true,
};

// Prototypes whose `constructor` may have been tampered with.
const wellKnown = new Map();
function addWellKnown(name, constructor) {
  MapPrototypeSet(wellKnown, constructor.prototype, { __proto__: null, name, constructor });
}
addWellKnown("Array", Array);
addWellKnown("ArrayBuffer", ArrayBuffer);
addWellKnown("Function", Function);
addWellKnown("Map", Map);
addWellKnown("Set", Set);
addWellKnown("Object", Object);
addWellKnown("TypedArray", TypedArray);
addWellKnown("RegExp", RegExp);
addWellKnown("Date", Date);
addWellKnown("DataView", DataView);
addWellKnown("Error", Error);
addWellKnown("Boolean", Boolean);
addWellKnown("Number", Number);
addWellKnown("String", String);
addWellKnown("Promise", Promise);
addWellKnown("WeakMap", WeakMap);
addWellKnown("WeakSet", WeakSet);

/** `{ name, constructor }` if `object` is the prototype of a class whose objects are told by it; else undefined. */
function wellKnownPrototype(object) {
  return MapPrototypeGet(wellKnown, object);
}

/** An error of this realm or another, or an object that inherits from Error.prototype. */
function isError(value) {
  return ops.op_value_kind(value) === "NativeError" || value instanceof Error;
}

/** "Class(size) [tag] "; without a constructor "[Fallback(size): null prototype] [tag] ". */
function prefixOf(constructor, tag, fallback, size = "") {
  if (constructor === null) {
    const head = `[${fallback}${size}: null prototype] `;
    return tag !== "" && fallback !== tag ? `${head}[${tag}] ` : head;
  }
  return tag !== "" && constructor !== tag ? `${constructor}${size} [${tag}] ` : `${constructor}${size} `;
}

/** prefixOf() for a value of no particular kind: the engine knows what made it. */
function plainPrefix(value, constructor, tag) {
  let fallback = "";
  if (constructor === null) {
    fallback = ops.op_constructor_name(value);
    if (fallback === tag) fallback = "Object";
  }
  return prefixOf(constructor, tag, fallback);
}

/** Own keys that are shown: strings, then symbols. */
function keysOf(value, showHidden) {
  if (showHidden) return ReflectOwnKeys(value);
  const all = ReflectOwnKeys(value);
  let keys;
  try {
    keys = ObjectKeys(value);
  } catch {
    keys = ObjectGetOwnPropertyNames(value); // a module namespace with bindings that have no value yet
  }
  for (let i = 0; i < all.length; i++) {
    if (typeof all[i] === "symbol" && ObjectPrototypePropertyIsEnumerable(value, all[i])) keys[keys.length] = all[i];
  }
  return keys;
}

module.exports = { builtInObjects, wellKnownPrototype, isError, prefixOf, plainPrefix, keysOf };

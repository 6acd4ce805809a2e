"use strict";
// WebIDL: argument conversion, the look of interface objects, pair iterators. https://webidl.spec.whatwg.org/
// Conversions are those of the reference runtime where it differs from the standard: integers out of range throw instead of wrapping,
// records ignore symbol keys and read all keys before the first value, every function has length 0. Each converter is one comparison
// for a value that is right already.

const {
  Array,
  ArrayBufferIsView,
  ArrayIteratorPrototype,
  ArrayIteratorPrototypeNext,
  ArrayPrototypeSymbolIterator,
  ArrayIsArray,
  Boolean,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  FunctionPrototypeCall,
  IteratorPrototype,
  MathTrunc,
  Number,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectKeys,
  ObjectSetPrototypeOf,
  ReflectOwnKeys,
  StringPrototypeCharCodeAt,
  StringPrototypeToWellFormed,
  Symbol,
  SymbolFor,
  SymbolIterator,
  SymbolToStringTag,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;
const { illegalInvocation } = require("core/errors");

// Errors.

/** The error of `new` on an interface that scripts cannot construct. */
function illegalConstructor() {
  return new TypeError("Illegal constructor");
}

/** The error of a bad method argument; `index` counts from 1. */
function parameterError(method, iface, index, type) {
  return new TypeError(`Failed to execute '${method}' on '${iface}': parameter ${index} is not of type '${type}'.`);
}

/** The error of a bad argument of a plain function (fetch, setTimeout, ...); `index` counts from 1. */
function functionError(name, index, type) {
  return new TypeError(`Failed to execute '${name}' on 'ServiceWorkerGlobalScope': parameter ${index} is not of type '${type}'.`);
}

/** The error of a bad constructor argument; `index` counts from 1. */
function constructorError(iface, index, type) {
  return new TypeError(`Failed to construct '${iface}': constructor parameter ${index} is not of type '${type}'.`);
}

/** The error of a bad dictionary member. */
function fieldError(field, dict, type) {
  return new TypeError(`Incorrect type for the '${field}' field on '${dict}': the provided value is not of type '${type}'.`);
}

/** The error of a bad value within an argument (an item of a sequence, a value of a record). */
function incorrectType(type) {
  return new TypeError(`Incorrect type: the provided value is not of type '${type}'.`);
}

// Converters, https://webidl.spec.whatwg.org/#es-type-mapping

function isObject(v) {
  return (typeof v === "object" && v !== null) || typeof v === "function";
}

function toDOMString(v) {
  return typeof v === "string" ? v : `${v}`;
}

function toUSVString(v) {
  return StringPrototypeToWellFormed(typeof v === "string" ? v : `${v}`);
}

/** Strict ByteString: a unit above 0xFF throws. */
function toByteString(v) {
  const text = typeof v === "string" ? v : `${v}`;
  for (let i = 0; i < text.length; i++) {
    const unit = StringPrototypeCharCodeAt(text, i);
    if (unit > 0xff) throw new TypeError(`Cannot convert string to ByteString: the unit at index ${i} has a value of ${unit}, which is greater than 255.`);
  }
  return text;
}

function toBoolean(v) {
  return typeof v === "boolean" ? v : Boolean(v);
}

/** unrestricted double. BigInt and Symbol throw the engine's TypeError. */
function toDouble(v) {
  return typeof v === "number" ? v : +v;
}

function rangeError(min, max) {
  return new TypeError(`Value out of range. Must be between ${min} and ${max} (inclusive).`);
}

function toInteger(v, min, max) {
  const number = +v;
  // NaN and the infinities become 0. The sum turns -0 into 0.
  if (number - number !== 0) return 0;
  const integer = MathTrunc(number) + 0;
  if (integer < min || integer > max) throw rangeError(min, max);
  return integer;
}

/** long: -2^31 to 2^31 - 1. */
function toLong(v) {
  return typeof v === "number" && (v | 0) === v ? v + 0 : toInteger(v, -2147483648, 2147483647);
}

/** unsigned long: 0 to 2^32 - 1. */
function toUnsignedLong(v) {
  return typeof v === "number" && v >>> 0 === v ? v + 0 : toInteger(v, 0, 4294967295);
}

/** unsigned short: 0 to 65535. */
function toUnsignedShort(v) {
  return typeof v === "number" && (v & 0xffff) === v ? v + 0 : toInteger(v, 0, 65535);
}

/** A port: an unsigned short that is not read leniently, as of a SocketAddress. */
function toPort(v) {
  const number = +v;
  if (number - number !== 0) throw new TypeError(kNotInteger);
  if (number < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
  if (number > 65535) throw new TypeError("Value out of range. Must be less than or equal to 65535.");
  return number - (number % 1);
}

const kNotInteger = "The value cannot be converted because it is not an integer.";

/** long long, as a number; what is not finite throws. A BigInt in range is accepted. */
function toLongLong(v) {
  if (typeof v === "number" && (v | 0) === v) return v + 0;
  const number = typeof v === "bigint" ? Number(v) : +v;
  if (number - number !== 0) throw new TypeError(kNotInteger);
  if (number < -9223372036854775808 || number >= 9223372036854775808) throw rangeError("-9223372036854775808", "9223372036854775807");
  return MathTrunc(number) + 0;
}

/** unsigned long long, as a number; what is not finite or below zero throws. A BigInt in range is accepted. */
function toUnsignedLongLong(v) {
  if (typeof v === "number" && v >>> 0 === v) return v + 0;
  const number = typeof v === "bigint" ? Number(v) : +v;
  if (number - number !== 0) throw new TypeError(kNotInteger);
  if (number < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive bigint.");
  if (number >= 18446744073709551616) throw new TypeError("Value out of range. Must be less than or equal to 18446744073709551615.");
  return MathTrunc(number) + 0;
}

// Sequences and records.

/**
 * The iterator of a value that is a sequence, undefined of one that is none (a union then tries its next type).
 * https://webidl.spec.whatwg.org/#js-sequence
 */
function iteratorOf(v) {
  return isObject(v) ? callIterator(v, v[SymbolIterator]) : undefined;
}

function callIterator(v, method) {
  if (typeof method !== "function") return undefined;
  const iterator = FunctionPrototypeCall(method, v);
  return isObject(iterator) ? iterator : undefined;
}

/** Everything that `iterator` yields, converted. `convert` may be undefined. */
function drain(iterator, convert) {
  const list = [];
  const next = iterator.next;
  for (;;) {
    const result = FunctionPrototypeCall(next, iterator);
    if (!isObject(result)) throw new TypeError("Callback returned incorrect type; expected 'GeneratorNext'");
    if (result.done) return list;
    const value = result.value;
    list[list.length] = convert === undefined ? value : convert(value);
  }
}

/** True if iterating `v` with this method runs no code but the engine's. */
function iteratesPlainly(v, method) {
  return method === ArrayPrototypeSymbolIterator && ArrayIteratorPrototype.next === ArrayIteratorPrototypeNext && ArrayIsArray(v);
}

/**
 * sequence<T>.
 * @param {any} iterable
 * @param {Function} [convert] of one item; identity if left out
 * @returns {any[]} a fresh array
 */
function sequence(iterable, convert) {
  const method = isObject(iterable) ? iterable[SymbolIterator] : undefined;
  if (iteratesPlainly(iterable, method)) {
    const list = [];
    for (let i = 0; i < iterable.length; i++) list[i] = convert === undefined ? iterable[i] : convert(iterable[i]);
    return list;
  }
  const iterator = callIterator(iterable, method);
  if (iterator === undefined) throw incorrectType("Sequence");
  return drain(iterator, convert);
}

/**
 * record<K, V>: own enumerable string keys. https://webidl.spec.whatwg.org/#js-record
 * @returns {any[]} key, value, key, value...
 */
function recordEntries(object, toKey, toValue) {
  const keys = ObjectKeys(object);
  const list = new Array(keys.length * 2);
  let length = 0;
  let converted = false;
  for (let i = 0; i < keys.length; i++) {
    const key = toKey(keys[i]);
    const value = toValue(object[keys[i]]);
    converted = converted || key !== keys[i];
    const at = converted ? indexOfKey(list, length, key) : length;
    list[at] = key;
    list[at + 1] = value;
    if (at === length) length += 2;
  }
  list.length = length;
  return list;
}

/** Where a key is among the first entries of a list, or the place after them: two keys can become the same. */
function indexOfKey(list, length, key) {
  for (let at = 0; at < length; at += 2) if (list[at] === key) return at;
  return length;
}

// Buffers.

/** ArrayBuffer or SharedArrayBuffer. */
function isAnyArrayBuffer(v) {
  if (typeof v !== "object" || v === null) return false;
  const kind = ops.op_value_kind(v);
  return kind === "ArrayBuffer" || kind === "SharedArrayBuffer";
}

/** ArrayBuffer, SharedArrayBuffer or a view. */
function isBufferSource(v) {
  return ArrayBufferIsView(v) || isAnyArrayBuffer(v);
}

/** A Uint8Array over the memory of a buffer source; the same object if it is a plain one already. */
function bytesOf(source) {
  if (!ArrayBufferIsView(source)) return new Uint8Array(source);
  const tag = TypedArrayPrototypeGetSymbolToStringTag(source);
  if (tag === "Uint8Array") return source;
  if (tag === undefined) {
    return new Uint8Array(DataViewPrototypeGetBuffer(source), DataViewPrototypeGetByteOffset(source), DataViewPrototypeGetByteLength(source));
  }
  return new Uint8Array(TypedArrayPrototypeGetBuffer(source), TypedArrayPrototypeGetByteOffset(source), TypedArrayPrototypeGetByteLength(source));
}

// Interface objects, https://webidl.spec.whatwg.org/#interface-object

function setLength0(fn) {
  if (fn.length !== 0) ObjectDefineProperty(fn, "length", { __proto__: null, value: 0, writable: false, enumerable: false, configurable: true });
}

function defineMember(target, key) {
  const descriptor = ObjectGetOwnPropertyDescriptor(target, key);
  descriptor.__proto__ = null;
  const enumerable = typeof key === "string";
  if (descriptor.get !== undefined || descriptor.set !== undefined) {
    if (descriptor.get !== undefined) nameAccessor(descriptor.get);
    if (descriptor.set !== undefined) nameAccessor(descriptor.set);
  } else if (typeof descriptor.value === "function") {
    setLength0(descriptor.value);
  }
  if (descriptor.enumerable !== enumerable) {
    descriptor.enumerable = enumerable;
    ObjectDefineProperty(target, key, descriptor);
  }
}

// Accessor functions have an empty name and length 0.
function nameAccessor(fn) {
  ObjectDefineProperty(fn, "name", { __proto__: null, value: "", writable: false, enumerable: false, configurable: true });
  setLength0(fn);
}

/** Key on the prototype of every platform interface; how core/clone knows platform objects from plain ones. */
const kInternalClass = SymbolFor("cloudflare:internal-class");

// The prototypes that have a Symbol.toStringTag; undefined if none may have one.
let tagged = [];

/** Takes the tags away, of classes that are yet to come as well: the flag do_not_set_tostring_tag. */
function dropTags() {
  for (let i = 0; i < tagged.length; i++) delete tagged[i][SymbolToStringTag];
  tagged = undefined;
}

/**
 * Gives a class the look of a platform interface: members and statics are enumerable, functions have length 0, accessors no name,
 * and its prototype has a Symbol.toStringTag. Call it once, after the class is complete.
 * @param {Function} Class
 * @param {string} name of the interface
 */
function define(Class, name) {
  const proto = Class.prototype;
  const members = ReflectOwnKeys(proto);
  for (let i = 0; i < members.length; i++) if (members[i] !== "constructor") defineMember(proto, members[i]);
  const statics = ReflectOwnKeys(Class);
  for (let i = 0; i < statics.length; i++) {
    const key = statics[i];
    if (key !== "length" && key !== "name" && key !== "prototype") defineMember(Class, key);
  }
  setLength0(Class);
  if (tagged !== undefined) {
    ObjectDefineProperty(proto, SymbolToStringTag, { __proto__: null, value: name, writable: true, enumerable: false, configurable: true });
    tagged[tagged.length] = proto;
  }
  ObjectDefineProperty(proto, kInternalClass, { __proto__: null, value: kInternalClass, writable: false, enumerable: false, configurable: false });
}

/**
 * Defines constants on an interface object and its prototype. https://webidl.spec.whatwg.org/#define-the-constants
 * @param {Function} Class
 * @param {object} values names to numbers
 */
function defineConstants(Class, values) {
  const names = ObjectKeys(values);
  for (let i = 0; i < names.length; i++) {
    const descriptor = { __proto__: null, value: values[names[i]], writable: false, enumerable: true, configurable: false };
    ObjectDefineProperty(Class, names[i], descriptor);
    ObjectDefineProperty(Class.prototype, names[i], descriptor);
  }
}

/**
 * What an internal caller passes as first argument to a constructor that is illegal for scripts:
 * `constructor(token, ...) { if (token !== kConstruct) throw illegalConstructor(); }`.
 */
const kConstruct = Symbol("construct");

// Pair iterators, https://webidl.spec.whatwg.org/#dfn-value-iterator; the class names are the reference runtime's.

function iteratorClass(name, sizeOf, itemAt) {
  const Class = {
    [name]: class {
      #source;
      #index = 0;
      constructor(token, source) {
        if (token !== kConstruct) throw illegalConstructor();
        this.#source = source;
      }
      next() {
        if (typeof this !== "object" || this === null || !(#source in this)) throw illegalInvocation();
        const index = this.#index;
        if (index >= sizeOf(this.#source)) return { done: true, value: undefined };
        this.#index = index + 1;
        return { done: false, value: itemAt(this.#source, index) };
      }
      [SymbolIterator]() {
        return this;
      }
    },
  }[name];
  define(Class, name);
  ObjectSetPrototypeOf(Class.prototype, IteratorPrototype);
  return Class;
}

/**
 * Makes the iterators of one pair iterable. An iterator is live: it asks `sizeOf` before each step. For a snapshot give it one as source.
 *
 *     const iterators = pairIterators((list) => list.length / 2, (list, i) => list[2 * i], (list, i) => list[2 * i + 1]);
 *     entries() { return iterators.entries(this.#list); }
 *
 * @param {(source: any) => number} sizeOf
 * @param {(source: any, index: number) => any} keyAt
 * @param {(source: any, index: number) => any} valueAt
 * @returns {{ entries(source: any): object, keys(source: any): object, values(source: any): object }}
 */
function pairIterators(sizeOf, keyAt, valueAt) {
  const Entry = iteratorClass("EntryIterator", sizeOf, (source, index) => [keyAt(source, index), valueAt(source, index)]);
  const Key = iteratorClass("KeyIterator", sizeOf, keyAt);
  const Value = iteratorClass("ValueIterator", sizeOf, valueAt);
  return {
    __proto__: null,
    entries: (source) => new Entry(kConstruct, source),
    keys: (source) => new Key(kConstruct, source),
    values: (source) => new Value(kConstruct, source),
  };
}

module.exports = {
  illegalConstructor,
  parameterError,
  functionError,
  constructorError,
  fieldError,
  incorrectType,
  isObject,
  toDOMString,
  toUSVString,
  toByteString,
  toBoolean,
  toDouble,
  toLong,
  toUnsignedLong,
  toUnsignedShort,
  toPort,
  toLongLong,
  toUnsignedLongLong,
  iteratorOf,
  drain,
  sequence,
  recordEntries,
  isAnyArrayBuffer,
  isBufferSource,
  bytesOf,
  define,
  dropTags,
  defineConstants,
  kInternalClass,
  kConstruct,
  pairIterators,
};

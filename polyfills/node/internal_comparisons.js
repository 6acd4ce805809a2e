"use strict";
// Deep equality of assert and util. https://nodejs.org/docs/latest-v22.x/api/assert.html#comparison-details
// Strict, loose (primitives by ==, prototypes and symbol keys do not matter) and partial (the actual value may hold more).

const {
  ArrayBufferIsView,
  ArrayIsArray,
  BigIntPrototypeValueOf,
  BooleanPrototypeValueOf,
  DatePrototypeGetTime,
  Error,
  Map,
  MapIteratorPrototypeNext,
  MapPrototypeDelete,
  MapPrototypeEntries,
  MapPrototypeGet,
  MapPrototypeGetSize,
  MapPrototypeHas,
  MapPrototypeSet,
  NumberPrototypeValueOf,
  ObjectGetOwnPropertySymbols,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectIs,
  ObjectKeys,
  ObjectPrototypePropertyIsEnumerable,
  ObjectPrototypeToString,
  RegExpPrototypeGetFlags,
  RegExpPrototypeGetSource,
  SetIteratorPrototypeNext,
  SetPrototypeGetSize,
  SetPrototypeHas,
  SetPrototypeValues,
  StringPrototypeValueOf,
  SymbolPrototypeValueOf,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;
const { bytesOf } = require("core/webidl");

const kLoose = 0;
const kStrict = 1;
const kPartial = 2;
/** Strict, but for prototypes. */
const kStrictWithoutPrototypes = 3;

function isObject(value) {
  return typeof value === "object" && value !== null;
}

function isError(value, kind) {
  return kind === "NativeError" || value instanceof Error;
}

const kUnbox = {
  __proto__: null,
  NumberObject: NumberPrototypeValueOf,
  StringObject: StringPrototypeValueOf,
  BooleanObject: BooleanPrototypeValueOf,
  BigIntObject: BigIntPrototypeValueOf,
  SymbolObject: SymbolPrototypeValueOf,
};

/** One comparison: its mode and the pairs of objects that are being compared, for cycles. */
class Comparison {
  mode;
  // Actual and expected objects on the way to the current pair, to their depth.
  actuals = new Map();
  expecteds = new Map();

  constructor(mode) {
    this.mode = mode;
  }

  equal(a, b) {
    if (a === b) return a !== 0 || this.mode === kLoose || ObjectIs(a, b);
    if (this.mode === kLoose) {
      if (!isObject(a)) return !isObject(b) && (a == b || (a !== a && b !== b)); // eslint-disable-line eqeqeq
      if (!isObject(b)) return false;
    } else {
      if (!isObject(a)) return typeof a === "number" && a !== a && b !== b;
      if (!isObject(b)) return false;
      if (this.mode === kStrict && ObjectGetPrototypeOf(a) !== ObjectGetPrototypeOf(b)) return false;
    }
    if (ObjectPrototypeToString(a) !== ObjectPrototypeToString(b)) return false;
    return this.objects(a, b);
  }

  // By what the objects are, then by their entries and properties.
  objects(a, b) {
    if (ArrayIsArray(a) !== ArrayIsArray(b)) return false;
    if (ArrayIsArray(a)) return this.arrays(a, b);
    const kind = ops.op_value_kind(a);
    if (ops.op_value_kind(b) !== kind && !(isError(a, kind) && isError(b, ops.op_value_kind(b)))) return false;
    switch (kind) {
      case "Date":
        return ObjectIs(DatePrototypeGetTime(a), DatePrototypeGetTime(b)) && this.properties(a, b);
      case "RegExp":
        return sameRegExps(a, b) && this.properties(a, b);
      case "TypedArray":
      case "DataView":
        return this.sameBytes(a, b) && this.properties(a, b, ops.op_own_non_index_properties(b, true));
      case "ArrayBuffer":
      case "SharedArrayBuffer":
        return this.sameBytes(a, b) && this.properties(a, b);
      case "Set":
        if (this.tooSmall(SetPrototypeGetSize(a), SetPrototypeGetSize(b))) return false;
        return this.properties(a, b, undefined, kind);
      case "Map":
        if (this.tooSmall(MapPrototypeGetSize(a), MapPrototypeGetSize(b))) return false;
        return this.properties(a, b, undefined, kind);
      case "NumberObject":
      case "StringObject":
      case "BooleanObject":
      case "BigIntObject":
      case "SymbolObject":
        return ObjectIs(kUnbox[kind](a), kUnbox[kind](b)) && this.properties(a, b);
      case "WeakMap":
      case "WeakSet":
      case "Promise":
        return false; // what they hold cannot be known
      default:
        if (isError(a, kind)) return this.errors(a, b) && this.properties(a, b);
        return sameUrls(a, b) && this.properties(a, b);
    }
  }

  tooSmall(actual, expected) {
    return this.mode === kPartial ? actual < expected : actual !== expected;
  }

  arrays(a, b) {
    if (this.tooSmall(a.length, b.length)) return false;
    return this.properties(a, b, ops.op_own_non_index_properties(b, true), "Array");
  }

  // What is not enumerable, and so no matter for properties().
  errors(a, b) {
    return this.hidden(a, b, "message") && this.hidden(a, b, "name") && this.hidden(a, b, "cause") && this.hidden(a, b, "errors");
  }

  hidden(a, b, key) {
    if (this.mode === kPartial && key !== "name" && !ObjectHasOwn(b, key)) return true;
    if (ObjectPrototypePropertyIsEnumerable(a, key)) return true;
    if (ObjectHasOwn(a, key) !== ObjectHasOwn(b, key)) return false;
    return this.equal(a[key], b[key]);
  }

  sameBytes(a, b) {
    if (ArrayBufferIsView(a)) {
      const tag = TypedArrayPrototypeGetSymbolToStringTag(a);
      if (tag !== TypedArrayPrototypeGetSymbolToStringTag(b)) return false;
      if (this.mode === kPartial && tag !== undefined) return containsRun(a, b);
      // Loosely 0 is -0, so that bytes are not enough.
      if (this.mode === kLoose && (tag === "Float32Array" || tag === "Float64Array" || tag === "Float16Array")) return sameElements(a, b);
      return sameElements(bytesOf(a), bytesOf(b));
    }
    if (this.mode === kPartial) return containsRun(new Uint8Array(a), new Uint8Array(b));
    return sameElements(new Uint8Array(a), new Uint8Array(b));
  }

  // Own enumerable properties, then entries. `keys` are those of `b`, without symbols unless the caller has them.
  properties(a, b, keys, kind) {
    const given = keys !== undefined;
    keys = given ? stringsOf(keys) : ObjectKeys(b);
    if (this.mode !== kPartial) {
      const own = given ? stringsOf(ops.op_own_non_index_properties(a, true)) : ObjectKeys(a);
      if (own.length !== keys.length) return false;
    }
    for (let i = 0; i < keys.length; i++) if (!ObjectPrototypePropertyIsEnumerable(a, keys[i])) return false;
    const symbols = this.mode === kLoose ? [] : enumerableSymbols(b);
    if (this.mode !== kLoose) {
      for (let i = 0; i < symbols.length; i++) if (!ObjectPrototypePropertyIsEnumerable(a, symbols[i])) return false;
      if (this.mode !== kPartial && enumerableSymbols(a).length !== symbols.length) return false;
    }
    if (keys.length === 0 && symbols.length === 0 && isEmpty(b, kind)) return true;
    // In a cycle both must come back to the same place.
    const depth = MapPrototypeGet(this.actuals, a);
    if (depth !== MapPrototypeGet(this.expecteds, b)) return false;
    return depth !== undefined || this.within(a, b, keys, symbols, kind);
  }

  within(a, b, keys, symbols, kind) {
    const depth = MapPrototypeGetSize(this.actuals);
    MapPrototypeSet(this.actuals, a, depth);
    MapPrototypeSet(this.expecteds, b, depth);
    const same = this.values(a, b, keys) && this.values(a, b, symbols) && this.entries(a, b, kind);
    MapPrototypeDelete(this.actuals, a);
    MapPrototypeDelete(this.expecteds, b);
    return same;
  }

  values(a, b, keys) {
    for (let i = 0; i < keys.length; i++) if (!this.equal(a[keys[i]], b[keys[i]])) return false;
    return true;
  }

  entries(a, b, kind) {
    switch (kind) {
      case "Array":
        return this.mode === kPartial ? this.containsInOrder(a, b) : this.elements(a, b);
      case "Set":
        return this.sets(a, b);
      case "Map":
        return this.maps(a, b);
      default:
        return true;
    }
  }

  elements(a, b) {
    for (let i = 0; i < a.length; i++) {
      if (!ObjectHasOwn(a, i)) {
        // The rest by its indices: the array may be huge and nearly empty.
        return this.sparse(a, b, i);
      }
      if (!ObjectHasOwn(b, i) || !this.equal(a[i], b[i])) return false;
    }
    return true;
  }

  sparse(a, b, from) {
    const keys = ObjectKeys(a);
    const others = ObjectKeys(b);
    if (keys.length !== others.length) return false;
    for (let i = from; i < keys.length; i++) {
      if (!ObjectHasOwn(b, keys[i]) || !this.equal(a[keys[i]], b[keys[i]])) return false;
    }
    return true;
  }

  // Partial: the elements of `b`, without its holes, stand in `a` in the same order, perhaps with others between.
  containsInOrder(a, b) {
    let at = 0;
    for (let i = 0; i < b.length; i++) {
      if (!ObjectHasOwn(b, i)) continue;
      while (at < a.length && !(ObjectHasOwn(a, at) && this.equal(a[at], b[i]))) at++;
      if (at++ >= a.length) return false;
    }
    return true;
  }

  // Values of `b` that are not in `a` itself must each equal another one of `a`.
  sets(a, b) {
    const rest = [];
    const iterator = SetPrototypeValues(b);
    for (let step; !(step = SetIteratorPrototypeNext(iterator)).done; ) {
      const { value } = step;
      if (SetPrototypeHas(a, value)) continue;
      if (!isObject(value) && !(this.mode === kLoose && mayLooselyEqual(value))) return false;
      rest[rest.length] = value;
    }
    if (rest.length === 0) return true;
    const candidates = SetPrototypeValues(a);
    for (let step; !(step = SetIteratorPrototypeNext(candidates)).done; ) {
      const { value } = step;
      if (SetPrototypeHas(b, value) || (!isObject(value) && this.mode !== kLoose)) continue;
      const index = this.find(rest, value);
      if (index !== -1) {
        rest.splice(index, 1);
        if (rest.length === 0) return true;
      } else if (this.mode !== kPartial) {
        return false;
      }
    }
    return false;
  }

  find(list, value) {
    for (let i = 0; i < list.length; i++) if (this.equal(value, list[i])) return i;
    return -1;
  }

  maps(a, b) {
    const keys = [];
    const iterator = MapPrototypeEntries(b);
    for (let step; !(step = MapIteratorPrototypeNext(iterator)).done; ) {
      const key = step.value[0];
      if (MapPrototypeHas(a, key) && this.equal(MapPrototypeGet(a, key), step.value[1])) continue;
      if (!isObject(key) && !(this.mode === kLoose && mayLooselyEqual(key))) return false;
      keys[keys.length] = key;
    }
    if (keys.length === 0) return true;
    const candidates = MapPrototypeEntries(a);
    for (let step; !(step = MapIteratorPrototypeNext(candidates)).done; ) {
      const key = step.value[0];
      if (!isObject(key) && this.mode !== kLoose) continue;
      if (MapPrototypeHas(b, key) && this.equal(step.value[1], MapPrototypeGet(b, key))) continue;
      const index = this.findEntry(keys, key, step.value[1], b);
      if (index !== -1) {
        keys.splice(index, 1);
        if (keys.length === 0) return true;
      } else if (this.mode !== kPartial) {
        return false;
      }
    }
    return false;
  }

  findEntry(keys, key, value, b) {
    for (let i = 0; i < keys.length; i++) {
      if (this.equal(key, keys[i]) && this.equal(value, MapPrototypeGet(b, keys[i]))) return i;
    }
    return -1;
  }
}

// A primitive that == can find equal to another one.
function mayLooselyEqual(value) {
  switch (typeof value) {
    case "symbol":
    case "function":
      return false;
    case "string":
    case "number":
      return +value === +value;
    default:
      return true;
  }
}

function isEmpty(value, kind) {
  switch (kind) {
    case "Array":
      return value.length === 0;
    case "Set":
      return SetPrototypeGetSize(value) === 0;
    case "Map":
      return MapPrototypeGetSize(value) === 0;
    default:
      return true;
  }
}

// Keys without the symbols among them.
function stringsOf(keys) {
  let count = 0;
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === "string") keys[count++] = keys[i];
  keys.length = count;
  return keys;
}

function enumerableSymbols(object) {
  const symbols = ObjectGetOwnPropertySymbols(object);
  let count = 0;
  for (let i = 0; i < symbols.length; i++) if (ObjectPrototypePropertyIsEnumerable(object, symbols[i])) symbols[count++] = symbols[i];
  symbols.length = count;
  return symbols;
}

function sameRegExps(a, b) {
  return (
    RegExpPrototypeGetSource(a) === RegExpPrototypeGetSource(b) &&
    RegExpPrototypeGetFlags(a) === RegExpPrototypeGetFlags(b) &&
    a.lastIndex === b.lastIndex
  );
}

// URLs have no properties of their own.
function sameUrls(a, b) {
  if (ObjectPrototypeToString(a) !== "[object URL]") return true;
  const { URL } = require("web/url");
  return a instanceof URL && b instanceof URL ? a.href === b.href : !(a instanceof URL) && !(b instanceof URL);
}

function sameElements(a, b) {
  const length = TypedArrayPrototypeGetLength(a);
  if (length !== TypedArrayPrototypeGetLength(b)) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i] && (a[i] === a[i] || b[i] === b[i])) return false;
  return true;
}

// True if the elements of `b` stand in `a` in the same order, perhaps with others between.
function containsRun(a, b) {
  const length = TypedArrayPrototypeGetLength(a);
  const wanted = TypedArrayPrototypeGetLength(b);
  let at = 0;
  for (let i = 0; i < wanted; i++, at++) {
    while (at < length && !ObjectIs(a[at], b[i])) at++;
    if (at >= length) return false;
  }
  return true;
}

/** Loose deep equality, assert.deepEqual(). */
function isDeepEqual(actual, expected) {
  return new Comparison(kLoose).equal(actual, expected);
}

/** Deep equality, assert.deepStrictEqual(). */
function isDeepStrictEqual(actual, expected) {
  return new Comparison(kStrict).equal(actual, expected);
}

/** isDeepStrictEqual() for which prototypes do not matter. */
function isDeepStrictEqualWithoutPrototypes(actual, expected) {
  return new Comparison(kStrictWithoutPrototypes).equal(actual, expected);
}

/** True if all of `expected` is in `actual`, assert.partialDeepStrictEqual(). */
function isPartialStrictEqual(actual, expected) {
  return new Comparison(kPartial).equal(actual, expected);
}

module.exports = { isDeepEqual, isDeepStrictEqual, isDeepStrictEqualWithoutPrototypes, isPartialStrictEqual };

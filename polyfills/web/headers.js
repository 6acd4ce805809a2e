"use strict";
// Headers, https://fetch.spec.whatwg.org/#headers-class, as the reference runtime has it: no forbidden names, and a guard that is
// either none or immutable. Names are tokens or anything beyond ASCII, even empty; values are any text without NUL, CR and LF.
//
// A header list is a flat array [name, value, ...] with lower-case names, in the order in which they came. The host's lists are
// one string "name\0value\0...", each unit a byte, that is split when somebody looks.

const {
  ArrayPrototypeSlice,
  ArrayPrototypeSort,
  FunctionPrototypeCall,
  RegExpPrototypeExec,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  SymbolIterator,
  TypeError,
} = primordials;
const { constructorError, define, drain, incorrectType, isObject, iteratorOf, pairIterators, parameterError, recordEntries, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { registerCloneable } = require("core/clone");

const kSetCookie = "set-cookie";
const kInnerSequence = "To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.";

// Names.

// Names that have been seen, to their lower-case form. Most programs use a few, so that checking one is a lookup.
let known = { __proto__: null };
let knownCount = 0;

const kBadName = /[\0-\x20"(),/:;<=>?@[\\\]{}\x7f]/;

/** The lower-case form of a header name; throws if it is none. */
function toName(name) {
  const found = known[name];
  return found === undefined ? checkName(name) : found;
}

function checkName(name) {
  if (RegExpPrototypeExec(kBadName, name) !== null) throw new TypeError("Invalid header name.");
  const lower = StringPrototypeToLowerCase(name);
  // Names may come from outside: what is remembered is bounded.
  if (name.length <= 64) {
    if (knownCount === 512) {
      known = { __proto__: null };
      knownCount = 0;
    }
    knownCount++;
    known[name] = lower;
  }
  return lower;
}

// Values.

const kSpecial = /[\0\r\n\u0080-\uffff]/;

// Set once a value beyond ASCII was seen: until then nothing that leaves needs encoding.
let wide = false;

function isSpace(unit) {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}

/** https://fetch.spec.whatwg.org/#concept-header-value-normalize, then the check. */
function toValue(value) {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(StringPrototypeCharCodeAt(value, start))) start++;
  while (end > start && isSpace(StringPrototypeCharCodeAt(value, end - 1))) end--;
  const text = end - start === value.length ? value : StringPrototypeSlice(value, start, end);
  if (RegExpPrototypeExec(kSpecial, text) !== null) checkValue(text);
  return text;
}

const kForbidden = /[\0\r\n]/;

function checkValue(text) {
  if (RegExpPrototypeExec(kForbidden, text) !== null) throw new TypeError("Invalid header value.");
  wide = true;
}

const kBeyondASCII = /[^\0-\x7f]/;

/** Text as the bytes that the host sends, one unit each: UTF-8. */
function toBytes(text) {
  return RegExpPrototypeExec(kBeyondASCII, text) === null ? text : ops.op_latin1_decode(ops.op_utf8_encode(text));
}

function fromBytes(text) {
  return RegExpPrototypeExec(kBeyondASCII, text) === null ? text : ops.op_utf8_decode(ops.op_latin1_encode(text), false);
}

// Lists.

/** The list of a packed string of the host. */
function unpack(packed) {
  if (packed === "") return [];
  const list = StringPrototypeSplit(packed, "\0");
  // It ends with a terminator.
  list.length--;
  if (RegExpPrototypeExec(kBeyondASCII, packed) !== null) {
    wide = true;
    for (let i = 1; i < list.length; i += 2) list[i] = fromBytes(list[i]);
  }
  return list;
}

/** A list that came from another realm, where it was checked: if it holds text beyond ASCII, this realm's have to be encoded too. */
function received(list) {
  for (let i = 0; i < list.length && !wide; i++) wide = RegExpPrototypeExec(kBeyondASCII, list[i]) !== null;
  return list;
}

/** A list as the host takes it. */
function listForHost(list) {
  if (!wide) return list;
  const out = ArrayPrototypeSlice(list);
  for (let i = 0; i < out.length; i++) out[i] = toBytes(out[i]);
  return out;
}

/** The combined value of a name, or null. https://fetch.spec.whatwg.org/#concept-header-list-get */
function getFrom(list, name) {
  let value = null;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === name) value = value === null ? list[i + 1] : `${value}, ${list[i + 1]}`;
  }
  return value;
}

function hasIn(list, name) {
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) return true;
  return false;
}

function allFrom(list, name) {
  const values = [];
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) values[values.length] = list[i + 1];
  return values;
}

function removeFrom(list, name, from) {
  let kept = from;
  for (let i = from; i < list.length; i += 2) {
    if (list[i] === name) continue;
    list[kept] = list[i];
    list[kept + 1] = list[i + 1];
    kept += 2;
  }
  list.length = kept;
}

/** https://fetch.spec.whatwg.org/#concept-header-list-set */
function setIn(list, name, value) {
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] !== name) continue;
    list[i + 1] = value;
    removeFrom(list, name, i + 2);
    return;
  }
  list[list.length] = name;
  list[list.length] = value;
}

/** https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine, flat. */
function sortAndCombine(list) {
  const order = [];
  for (let i = 0; i < list.length; i += 2) order[i >> 1] = i;
  ArrayPrototypeSort(order, (a, b) => (list[a] < list[b] ? -1 : list[a] > list[b] ? 1 : a - b));
  const out = [];
  for (let i = 0; i < order.length; i++) {
    const name = list[order[i]];
    const value = list[order[i] + 1];
    const last = out.length - 2;
    if (last >= 0 && out[last] === name && name !== kSetCookie) {
      out[last + 1] += `, ${value}`;
    } else {
      out[last + 2] = name;
      out[last + 3] = value;
    }
  }
  return out;
}

// Conversion of HeadersInit.

function appendRaw(list, name, value) {
  const at = list.length;
  list[at] = toName(name);
  list[at + 1] = toValue(value);
}

function toPair(item) {
  const iterator = iteratorOf(item);
  if (iterator === undefined) throw incorrectType("Sequence");
  return drain(iterator, toDOMString);
}

/**
 * The list of a HeadersInit, a fresh array. https://fetch.spec.whatwg.org/#concept-headers-fill
 * @returns {string[] | undefined} undefined if `init` is none of the union's types
 */
function convertInit(init) {
  if (!isObject(init)) return undefined;
  if (isHeaders(init)) return ArrayPrototypeSlice(listOf(init));
  const list = [];
  const iterator = iteratorOf(init);
  if (iterator === undefined) {
    const entries = recordEntries(init, toDOMString, toDOMString);
    for (let i = 0; i < entries.length; i += 2) appendRaw(list, entries[i], entries[i + 1]);
    return list;
  }
  const pairs = drain(iterator, toPair);
  for (let i = 0; i < pairs.length; i++) if (pairs[i].length !== 2) throw new TypeError(kInnerSequence);
  for (let i = 0; i < pairs.length; i++) appendRaw(list, pairs[i][0], pairs[i][1]);
  return list;
}

const iterators = pairIterators(
  (list) => list.length / 2,
  (list, i) => list[2 * i],
  (list, i) => list[2 * i + 1],
);

let isHeaders;
let isImmutable;
let listOf;
let fromList;
let fromPacked;
let packedOf;

const kInternal = { __proto__: null };

class Headers {
  // The list, or null while it is still packed.
  #list;
  #packed;
  #immutable;

  constructor(init = undefined, list = undefined, packed = undefined, immutable = false) {
    if (init === kInternal) {
      this.#list = list;
      this.#packed = packed;
      this.#immutable = immutable;
      return;
    }
    this.#packed = null;
    this.#immutable = false;
    if (init === undefined) {
      this.#list = [];
      return;
    }
    const converted = convertInit(init);
    if (converted === undefined) throw constructorError("Headers", 1, "Headers or Sequence or object");
    this.#list = converted;
  }

  get(name) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("get", "Headers", 1, "string");
    name = toName(toDOMString(name));
    return this.#list === null ? this.#getPacked(name) : getFrom(this.#list, name);
  }

  // One lookup in a packed list does not split it.
  #getPacked(name) {
    const packed = this.#packed;
    const key = `${name}\0`;
    let at = StringPrototypeStartsWith(packed, key) ? 0 : -1;
    if (at < 0) {
      at = Headers.#find(packed, key, 0);
      if (at < 0) return null;
    }
    const start = at + key.length;
    const end = StringPrototypeIndexOf(packed, "\0", start);
    if (Headers.#find(packed, key, start) >= 0) return getFrom(listOf(this), name);
    return fromBytes(StringPrototypeSlice(packed, start, end));
  }

  // The next name that equals `key`: a name has an even number of terminators before it.
  static #find(packed, key, from) {
    const wanted = `\0${key}`;
    for (let at = StringPrototypeIndexOf(packed, wanted, from); at >= 0; at = StringPrototypeIndexOf(packed, wanted, at + 1)) {
      let terminators = 1;
      for (let i = StringPrototypeIndexOf(packed, "\0", 0); i < at; i = StringPrototypeIndexOf(packed, "\0", i + 1)) terminators++;
      if (terminators % 2 === 0) return at + 1;
    }
    return -1;
  }

  getAll(name) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("getAll", "Headers", 1, "string");
    if (StringPrototypeToLowerCase(toDOMString(name)) !== kSetCookie) {
      throw new TypeError('getAll() can only be used with the header name "Set-Cookie".');
    }
    return allFrom(listOf(this), kSetCookie);
  }

  getSetCookie() {
    if (!isHeaders(this)) throw illegalInvocation();
    return allFrom(listOf(this), kSetCookie);
  }

  has(name) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("has", "Headers", 1, "string");
    return hasIn(listOf(this), toName(toDOMString(name)));
  }

  set(name, value) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length < 2) throw parameterError("set", "Headers", arguments.length + 1, "string");
    name = toDOMString(name);
    value = toDOMString(value);
    this.#guard();
    setIn(this.#list, toName(name), toValue(value));
  }

  append(name, value) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length < 2) throw parameterError("append", "Headers", arguments.length + 1, "string");
    name = toDOMString(name);
    value = toDOMString(value);
    this.#guard();
    appendRaw(this.#list, name, value);
  }

  delete(name) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("delete", "Headers", 1, "string");
    name = toDOMString(name);
    this.#guard();
    removeFrom(this.#list, toName(name), 0);
  }

  // Throws if the list may not change; afterwards it is split.
  #guard() {
    if (this.#immutable) throw new TypeError("Can't modify immutable headers.");
    listOf(this);
  }

  forEach(callback, thisArg = undefined) {
    if (!isHeaders(this)) throw illegalInvocation();
    if (typeof callback !== "function") throw parameterError("forEach", "Headers", 1, "function");
    const list = sortAndCombine(listOf(this));
    for (let i = 0; i < list.length; i += 2) FunctionPrototypeCall(callback, thisArg, list[i + 1], list[i], this);
  }

  entries() {
    if (!isHeaders(this)) throw illegalInvocation();
    return iterators.entries(sortAndCombine(listOf(this)));
  }

  keys() {
    if (!isHeaders(this)) throw illegalInvocation();
    return iterators.keys(sortAndCombine(listOf(this)));
  }

  values() {
    if (!isHeaders(this)) throw illegalInvocation();
    return iterators.values(sortAndCombine(listOf(this)));
  }

  [SymbolIterator]() {
    if (!isHeaders(this)) throw illegalInvocation();
    return iterators.entries(sortAndCombine(listOf(this)));
  }

  static {
    isHeaders = (value) => typeof value === "object" && value !== null && #list in value;
    listOf = (headers) => {
      if (headers.#list === null) {
        headers.#list = unpack(headers.#packed);
        headers.#packed = null;
      }
      return headers.#list;
    };
    packedOf = (headers) => (headers.#list === null ? headers.#packed : null);
    fromList = (list, immutable = false) => new Headers(kInternal, list, null, immutable);
    isImmutable = (headers) => headers.#immutable;
    fromPacked = (packed, immutable = false) => new Headers(kInternal, null, packed, immutable);
  }
}
define(Headers, "Headers");

registerCloneable(
  4,
  "Headers",
  isHeaders,
  listOf,
  (list) => fromList(received(list)),
);

module.exports = {
  Headers,
  internals: {
    __proto__: null,
    unpack,
    isHeaders,
    /** The list itself; it changes with the object. */
    listOf,
    /** The host's packed string if nobody has split it, or null. */
    packedOf,
    /** A Headers over `list`, which it owns from now on. */
    fromList,
    fromPacked,
    convertInit,
    unpack,
    received,
    listForHost,
    toBytes,
    fromBytes,
    getFrom,
    hasIn,
    setIn,
    removeFrom,
    inspect: { __proto__: null, Headers: { __proto__: null, immutable: (headers) => isImmutable(headers) } },
    appendRaw,
    /** Names and values in turn as scripts see them, in a list of the caller's own. */
    sorted: (headers) => sortAndCombine(listOf(headers)),
  },
};

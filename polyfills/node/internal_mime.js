"use strict";
// util.MIMEType and util.MIMEParams. https://nodejs.org/docs/latest-v22.x/api/util.html#class-utilmimetype
// Parsing: MIME Sniffing 4.4, https://mimesniff.spec.whatwg.org/#parsing-a-mime-type

const {
  Map,
  MapIteratorPrototypeNext,
  MapPrototypeDelete,
  MapPrototypeEntries,
  MapPrototypeGet,
  MapPrototypeGetSize,
  MapPrototypeHas,
  MapPrototypeSet,
  ObjectDefineProperty,
  RegExpPrototypeExec,
  StringPrototypeIndexOf,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  SymbolIterator,
  SymbolToStringTag,
  TypeError,
} = primordials;
const { constructorError, pairIterators, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");

function isToken(text) {
  return RegExpPrototypeExec(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, text) !== null;
}

function isQuotable(text) {
  return RegExpPrototypeExec(/[^\t -~\x80-\uffff]/, text) === null;
}

function isSpace(unit) {
  return unit === "\t" || unit === "\n" || unit === "\r" || unit === " ";
}

function trimEnd(text) {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  return StringPrototypeSlice(text, 0, end);
}

function trim(text) {
  let start = 0;
  while (start < text.length && isSpace(text[start])) start++;
  return trimEnd(StringPrototypeSlice(text, start));
}

function indexOfOrEnd(text, mark, from) {
  const index = StringPrototypeIndexOf(text, mark, from);
  return index === -1 ? text.length : index;
}

// A quoted string from its opening quote: value and position after it. A backslash at the very end is kept.
function quotedString(text, at) {
  let value = "";
  for (at++; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === "\\" && at + 1 < text.length) at++;
    value += text[at];
  }
  return { value, end: at + 1 };
}

// "a=b;c=d" into `map`; what is malformed is left out, the first of equal names counts.
function parseParameters(text, at, map) {
  while (at < text.length) {
    while (at < text.length && isSpace(text[at])) at++;
    let start = at;
    while (at < text.length && text[at] !== ";" && text[at] !== "=") at++;
    const name = StringPrototypeToLowerCase(StringPrototypeSlice(text, start, at));
    if (at >= text.length) break;
    if (text[at++] === ";") continue;
    let value;
    if (text[at] === '"') {
      const quoted = quotedString(text, at);
      value = quoted.value;
      at = indexOfOrEnd(text, ";", quoted.end);
    } else {
      start = at;
      at = indexOfOrEnd(text, ";", at);
      value = trimEnd(StringPrototypeSlice(text, start, at));
      if (value === "") {
        at++;
        continue;
      }
    }
    at++;
    if (isToken(name) && isQuotable(value) && !MapPrototypeHas(map, name)) MapPrototypeSet(map, name, value);
  }
}

function quoteIfNeeded(value) {
  if (isToken(value)) return value;
  return `"${StringPrototypeReplaceAll(StringPrototypeReplaceAll(value, "\\", "\\\\"), '"', '\\"')}"`;
}

// Key, value, key, value...
function flatten(map) {
  const list = [];
  const iterator = MapPrototypeEntries(map);
  for (let step; !(step = MapIteratorPrototypeNext(iterator)).done; ) {
    list[list.length] = step.value[0];
    list[list.length] = step.value[1];
  }
  return list;
}

let iteratorMakers;

function iterators() {
  iteratorMakers ??= pairIterators(
    (list) => list.length / 2,
    (list, i) => list[2 * i],
    (list, i) => list[2 * i + 1],
  );
  return iteratorMakers;
}

function needs(args, count, method) {
  if (args.length < count) throw parameterError(method, "MIMEParams", args.length + 1, "string");
}

// Fills the parameters of a type from its text, and counts them.
let parse;
let size;

// The members of both classes are not enumerable and their lengths are 0, so that they name no parameters.
class MIMEParams {
  #map = new Map();

  static #mapOf(object) {
    if (typeof object !== "object" || object === null || !(#map in object)) throw illegalInvocation();
    return object.#map;
  }

  delete() {
    const map = MIMEParams.#mapOf(this);
    needs(arguments, 1, "delete");
    MapPrototypeDelete(map, toDOMString(arguments[0]));
  }

  get() {
    const map = MIMEParams.#mapOf(this);
    needs(arguments, 1, "get");
    return MapPrototypeGet(map, toDOMString(arguments[0])) ?? null;
  }

  has() {
    const map = MIMEParams.#mapOf(this);
    needs(arguments, 1, "has");
    return MapPrototypeHas(map, toDOMString(arguments[0]));
  }

  set() {
    const map = MIMEParams.#mapOf(this);
    needs(arguments, 2, "set");
    const name = toDOMString(arguments[0]);
    const value = toDOMString(arguments[1]);
    if (!isToken(name)) throw new TypeError("Not a valid MIME parameter");
    if (!isQuotable(value)) throw new TypeError("Not a valid MIME parameter");
    MapPrototypeSet(map, name, value);
  }

  entries() {
    return iterators().entries(flatten(MIMEParams.#mapOf(this)));
  }

  keys() {
    return iterators().keys(flatten(MIMEParams.#mapOf(this)));
  }

  values() {
    return iterators().values(flatten(MIMEParams.#mapOf(this)));
  }

  toString() {
    const list = flatten(MIMEParams.#mapOf(this));
    let text = "";
    for (let i = 0; i < list.length; i += 2) text += `${i === 0 ? "" : "; "}${list[i]}=${quoteIfNeeded(list[i + 1])}`;
    return text;
  }

  toJSON() {
    return this.toString();
  }

  [SymbolIterator]() {
    return iterators().entries(flatten(MIMEParams.#mapOf(this)));
  }

  static {
    parse = (text, at) => {
      const params = new MIMEParams();
      parseParameters(text, at, params.#map);
      return params;
    };
    size = (params) => MapPrototypeGetSize(params.#map);
  }
}

class MIMEType {
  #type;
  #subtype;
  #params;

  static #check(object) {
    if (typeof object !== "object" || object === null || !(#params in object)) throw illegalInvocation();
  }

  constructor() {
    if (arguments.length === 0) throw constructorError("MIMEType", 1, "string");
    const input = toDOMString(arguments[0]);
    const text = trim(input);
    const slash = StringPrototypeIndexOf(text, "/");
    const end = indexOfOrEnd(text, ";", slash + 1);
    const type = StringPrototypeSlice(text, 0, slash === -1 ? 0 : slash);
    const subtype = trimEnd(StringPrototypeSlice(text, slash + 1, end));
    if (!isToken(type) || !isToken(subtype)) throw new TypeError(`Not a valid MIME type: ${input}`);
    this.#type = StringPrototypeToLowerCase(type);
    this.#subtype = StringPrototypeToLowerCase(subtype);
    this.#params = parse(text, end + 1);
  }

  get type() {
    MIMEType.#check(this);
    return this.#type;
  }

  set type(value) {
    MIMEType.#check(this);
    value = toDOMString(value);
    if (!isToken(value)) throw new TypeError("Not a valid MIME type");
    this.#type = StringPrototypeToLowerCase(value);
  }

  get subtype() {
    MIMEType.#check(this);
    return this.#subtype;
  }

  set subtype(value) {
    MIMEType.#check(this);
    value = toDOMString(value);
    if (!isToken(value)) throw new TypeError("Not a valid MIME subtype");
    this.#subtype = StringPrototypeToLowerCase(value);
  }

  get essence() {
    MIMEType.#check(this);
    return `${this.#type}/${this.#subtype}`;
  }

  get params() {
    MIMEType.#check(this);
    return this.#params;
  }

  toString() {
    MIMEType.#check(this);
    const essence = `${this.#type}/${this.#subtype}`;
    return size(this.#params) === 0 ? essence : `${essence};${this.#params.toString()}`;
  }

  toJSON() {
    return this.toString();
  }
}

function tag(Class, name) {
  ObjectDefineProperty(Class.prototype, SymbolToStringTag, { __proto__: null, value: name, writable: true, enumerable: false, configurable: true });
}
tag(MIMEParams, "MIMEParams");
tag(MIMEType, "MIMEType");

module.exports = { MIMEType, MIMEParams };

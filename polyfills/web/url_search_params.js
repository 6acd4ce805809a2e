"use strict";
// URLSearchParams, https://url.spec.whatwg.org/#interface-urlsearchparams

const {
  ArrayPrototypeSort,
  ArrayPrototypeSplice,
  FunctionPrototypeCall,
  ObjectDefineProperty,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  SymbolIterator,
  TypeError,
} = primordials;
const { illegalInvocation } = require("core/errors");
const { define, drain, isObject, iteratorOf, pairIterators, parameterError, recordEntries, sequence, toUSVString } = require("core/webidl");
const { parseFormUrlencoded, serializeForm } = require("web/url_form");

let iterators;
let isURLSearchParams;
let createFor;
let setQuery;
let serializeParams;

// What url.js does when the parameters of a URL change: updateOwner(url, query).
let updateOwner;

/** An init that is no string, as a flat list. */
function listOf(init) {
  const iterator = iteratorOf(init);
  if (iterator === undefined) return recordEntries(init, toUSVString, toUSVString);
  const list = [];
  drain(iterator, (item) => {
    const pair = sequence(item, toUSVString);
    if (pair.length !== 2) throw new TypeError("Invalid URL search params sequence.");
    list[list.length] = pair[0];
    list[list.length] = pair[1];
  });
  return list;
}

function withoutMark(text) {
  return StringPrototypeCharCodeAt(text, 0) === 0x3f ? StringPrototypeSlice(text, 1) : text;
}

// Argument `index` of a method is missing.
function missing(method, index) {
  return parameterError(method, "URLSearchParams", index, "USVString");
}

class URLSearchParams {
  // The query as text until somebody looks at the list; then undefined.
  #query;
  #list;
  #url;

  constructor(init) {
    if (init === undefined) this.#list = [];
    else if (isObject(init)) this.#list = listOf(init);
    else this.#query = withoutMark(toUSVString(init));
  }

  #own() {
    if (this.#query !== undefined) {
      this.#list = parseFormUrlencoded(this.#query);
      this.#query = undefined;
    }
    return this.#list;
  }

  // https://url.spec.whatwg.org/#concept-urlsearchparams-update
  #update() {
    if (this.#url !== undefined) updateOwner(this.#url, serializeForm(this.#list));
  }

  get size() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    return this.#own().length / 2;
  }

  append(name, value) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("append", 1);
    const key = toUSVString(name);
    if (arguments.length < 2) throw missing("append", 2);
    const text = toUSVString(value);
    const list = this.#own();
    list[list.length] = key;
    list[list.length] = text;
    this.#update();
  }

  delete(name, value) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("delete", 1);
    const key = toUSVString(name);
    const text = value === undefined ? undefined : toUSVString(value);
    const list = this.#own();
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === key && (text === undefined || list[i + 1] === text)) continue;
      list[kept] = list[i];
      list[kept + 1] = list[i + 1];
      kept += 2;
    }
    list.length = kept;
    this.#update();
  }

  get(name) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("get", 1);
    const key = toUSVString(name);
    const list = this.#own();
    for (let i = 0; i < list.length; i += 2) if (list[i] === key) return list[i + 1];
    return null;
  }

  getAll(name) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("getAll", 1);
    const key = toUSVString(name);
    const list = this.#own();
    const values = [];
    for (let i = 0; i < list.length; i += 2) if (list[i] === key) values[values.length] = list[i + 1];
    return values;
  }

  has(name, value) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("has", 1);
    const key = toUSVString(name);
    const text = value === undefined ? undefined : toUSVString(value);
    const list = this.#own();
    for (let i = 0; i < list.length; i += 2) if (list[i] === key && (text === undefined || list[i + 1] === text)) return true;
    return false;
  }

  set(name, value) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (arguments.length < 1) throw missing("set", 1);
    const key = toUSVString(name);
    if (arguments.length < 2) throw missing("set", 2);
    const text = toUSVString(value);
    const list = this.#own();
    let found = false;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] !== key) continue;
      if (!found) {
        list[i + 1] = text;
        found = true;
      } else {
        ArrayPrototypeSplice(list, i, 2);
        i -= 2;
      }
    }
    if (!found) {
      list[list.length] = key;
      list[list.length] = text;
    }
    this.#update();
  }

  // Stable, by code units of the names.
  sort() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    const list = this.#own();
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs[i / 2] = { name: list[i], value: list[i + 1] };
    ArrayPrototypeSort(pairs, (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (let i = 0; i < pairs.length; i++) {
      list[2 * i] = pairs[i].name;
      list[2 * i + 1] = pairs[i].value;
    }
    this.#update();
  }

  entries() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    return iterators.entries(this);
  }

  keys() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    return iterators.keys(this);
  }

  values() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    return iterators.values(this);
  }

  forEach(callback, thisArg) {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    if (typeof callback !== "function") throw parameterError("forEach", "URLSearchParams", 1, "function");
    for (let i = 0; i < this.#own().length; i += 2) {
      const list = this.#list;
      FunctionPrototypeCall(callback, thisArg, list[i + 1], list[i], this);
    }
  }

  toString() {
    if (!isURLSearchParams(this)) throw illegalInvocation();
    return serializeForm(this.#own());
  }

  static {
    iterators = pairIterators(
      (params) => params.#own().length / 2,
      (params, index) => params.#own()[2 * index],
      (params, index) => params.#own()[2 * index + 1],
    );
    isURLSearchParams = (v) => typeof v === "object" && v !== null && #list in v;
    createFor = (url, query) => {
      const params = new URLSearchParams();
      params.#query = query;
      params.#url = url;
      return params;
    };
    setQuery = (params, query) => {
      params.#query = query;
    };
    serializeParams = (params) => serializeForm(params.#own());
  }
}
define(URLSearchParams, "URLSearchParams");
ObjectDefineProperty(URLSearchParams.prototype, SymbolIterator, {
  __proto__: null,
  value: URLSearchParams.prototype.entries,
  writable: true,
  enumerable: false,
  configurable: true,
});

module.exports = {
  URLSearchParams,
  internals: {
    __proto__: null,
    /** The parameters of a URL object, from its query. */
    createFor,
    /** Replaces the whole list by that of a query. */
    setQuery,
    serializeParams,
    isURLSearchParams,
    /** Says what to do when the parameters of a URL change. */
    setUpdateOwner(fn) {
      updateOwner = fn;
    },
  },
};

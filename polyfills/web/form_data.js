"use strict";
// FormData, https://xhr.spec.whatwg.org/#interface-formdata. The entry list is a flat array: name, value, ...

const { DateNow, FunctionPrototypeCall, SymbolIterator } = primordials;
const { define, pairIterators, parameterError, toUSVString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { createFile, dataOf, isBlob, isFile } = require("web/blob").internals;

const iterators = pairIterators(
  (list) => list.length / 2,
  (list, i) => list[2 * i],
  (list, i) => list[2 * i + 1],
);

/** https://html.spec.whatwg.org/#create-an-entry, the value: text or a File. `args` are name, value, file name. */
function toEntryValue(name, args) {
  const value = args[1];
  if (!isBlob(value)) return toUSVString(value);
  const renamed = args[2] !== undefined;
  if (isFile(value) && !renamed) return value;
  const { bytes, type } = dataOf(value);
  return createFile(bytes, renamed ? toUSVString(args[2]) : name, type, DateNow());
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

function checkEntry(method, args) {
  if (args.length === 0) throw parameterError(method, "FormData", 1, "string");
  if (args.length === 1) throw parameterError(method, "FormData", 2, "File or Blob or string");
}

let isFormData;
let entriesOf;

class FormData {
  #list = [];

  append(...args) {
    if (!isFormData(this)) throw illegalInvocation();
    checkEntry("append", args);
    const name = toUSVString(args[0]);
    const value = toEntryValue(name, args);
    const list = this.#list;
    list[list.length] = name;
    list[list.length] = value;
  }

  // https://xhr.spec.whatwg.org/#dom-formdata-set
  set(...args) {
    if (!isFormData(this)) throw illegalInvocation();
    checkEntry("set", args);
    const name = toUSVString(args[0]);
    const value = toEntryValue(name, args);
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] !== name) continue;
      list[i + 1] = value;
      removeFrom(list, name, i + 2);
      return;
    }
    list[list.length] = name;
    list[list.length] = value;
  }

  delete(name) {
    if (!isFormData(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("delete", "FormData", 1, "string");
    removeFrom(this.#list, toUSVString(name), 0);
  }

  get(name) {
    if (!isFormData(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("get", "FormData", 1, "string");
    name = toUSVString(name);
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1];
    return null;
  }

  getAll(name) {
    if (!isFormData(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("getAll", "FormData", 1, "string");
    name = toUSVString(name);
    const list = this.#list;
    const values = [];
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) values[values.length] = list[i + 1];
    return values;
  }

  has(name) {
    if (!isFormData(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("has", "FormData", 1, "string");
    name = toUSVString(name);
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) return true;
    return false;
  }

  forEach(callback, thisArg = undefined) {
    if (!isFormData(this)) throw illegalInvocation();
    if (typeof callback !== "function") throw parameterError("forEach", "FormData", 1, "function");
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) FunctionPrototypeCall(callback, thisArg, list[i + 1], list[i], this);
  }

  entries() {
    if (!isFormData(this)) throw illegalInvocation();
    return iterators.entries(this.#list);
  }

  keys() {
    if (!isFormData(this)) throw illegalInvocation();
    return iterators.keys(this.#list);
  }

  values() {
    if (!isFormData(this)) throw illegalInvocation();
    return iterators.values(this.#list);
  }

  [SymbolIterator]() {
    if (!isFormData(this)) throw illegalInvocation();
    return iterators.entries(this.#list);
  }

  static {
    isFormData = (value) => typeof value === "object" && value !== null && #list in value;
    entriesOf = (form) => form.#list;
  }
}
define(FormData, "FormData");

/** A FormData over an entry list, which it owns from now on. */
function fromEntries(list) {
  const form = new FormData();
  const entries = entriesOf(form);
  for (let i = 0; i < list.length; i++) entries[i] = list[i];
  return form;
}

module.exports = { FormData, internals: { __proto__: null, isFormData, entriesOf, fromEntries } };

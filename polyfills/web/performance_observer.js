"use strict";
// PerformanceObserver. https://w3c.github.io/performance-timeline/#the-performanceobserver-interface
// The reference runtime has the class, whose observers never hear of anything; here they do. Like it, observe() takes what has nothing to observe.

const { ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypeSlice, ArrayPrototypeSplice, FunctionPrototypeCall, ObjectDefineProperty, PromisePrototypeThen, PromiseResolve } = primordials;
const { constructorError, define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toBoolean, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { current } = require("core/context");
const { fieldsOf, find, onEntry, select } = require("web/performance_timeline").internals;
const timers = require("web/timers").internals;

const kTypes = ["measure", "mark"];

/** The types that an ObserveOptions names and that there are, whether they are observed besides those of before, and entries of before, too. */
function convertOptions(options) {
  const wanted = { __proto__: null, types: [], isMore: false, buffered: false };
  if (options === undefined || options === null) return wanted;
  if (!isObject(options)) throw parameterError("observe", "PerformanceObserver", 1, "ObserveOptions");
  const { buffered, entryTypes, type } = options;
  wanted.isMore = type !== undefined;
  wanted.buffered = wanted.isMore && buffered !== undefined && toBoolean(buffered);
  if (entryTypes !== undefined && !ArrayIsArray(entryTypes)) throw fieldError("entryTypes", "ObserveOptions", "Array");
  const length = entryTypes === undefined ? 0 : entryTypes.length;
  for (let i = 0; i < length; i++) addType(wanted.types, toDOMString(entryTypes[i]));
  if (type !== undefined) addType(wanted.types, toDOMString(type));
  return wanted;
}

function addType(types, type) {
  if (ArrayPrototypeIncludes(kTypes, type) && !ArrayPrototypeIncludes(types, type)) types[types.length] = type;
}

class PerformanceObserverEntryList {
  #entries;

  constructor(token, entries) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#entries = entries;
  }

  static #of(value) {
    if (!isObject(value) || !(#entries in value)) throw illegalInvocation();
    return value.#entries;
  }

  getEntries() {
    return select(PerformanceObserverEntryList.#of(this), undefined, undefined);
  }

  getEntriesByType(type) {
    const entries = PerformanceObserverEntryList.#of(this);
    if (arguments.length === 0) throw parameterError("getEntriesByType", "PerformanceObserverEntryList", 1, "string");
    return select(entries, undefined, toDOMString(type));
  }

  getEntriesByName(name, type) {
    const entries = PerformanceObserverEntryList.#of(this);
    if (arguments.length === 0) throw parameterError("getEntriesByName", "PerformanceObserverEntryList", 1, "string");
    return select(entries, toDOMString(name), type === undefined ? undefined : toDOMString(type));
  }
}
define(PerformanceObserverEntryList, "PerformanceObserverEntryList");

/** @type {PerformanceObserver[]} those that observe something */
const observers = [];
let isPlanned = false;

/** Calls the observers in a task of its own. Without a request there are no tasks. */
function plan() {
  if (isPlanned) return;
  isPlanned = true;
  const context = current();
  if (context === undefined || context.ended) PromisePrototypeThen(PromiseResolve(undefined), deliver);
  else timers.start(context, deliver, undefined, 0, false);
}

let deliverTo;

function deliver() {
  isPlanned = false;
  const list = ArrayPrototypeSlice(observers);
  for (let i = 0; i < list.length; i++) deliverTo(list[i]);
}

class PerformanceObserver {
  #callback;
  /** @type {string[]} */
  #types = [];
  #queue = [];

  constructor(callback) {
    if (arguments.length === 0) throw constructorError("PerformanceObserver", 1, "Value");
    this.#callback = callback;
  }

  static #check(value) {
    if (!isObject(value) || !(#queue in value)) throw illegalInvocation();
    return value;
  }

  static {
    onEntry((entry) => {
      const type = fieldsOf(entry).entryType;
      for (let i = 0; i < observers.length; i++) {
        if (ArrayPrototypeIncludes(observers[i].#types, type)) observers[i].#add(entry);
      }
    });
    deliverTo = (observer) => {
      const entries = observer.#queue;
      if (entries.length === 0) return;
      observer.#queue = [];
      if (typeof observer.#callback !== "function") return;
      try {
        FunctionPrototypeCall(observer.#callback, observer, new PerformanceObserverEntryList(kConstruct, entries), observer);
      } catch (error) {
        require("web/event").internals.reportException(error);
      }
    };
  }

  #add(entry) {
    this.#queue[this.#queue.length] = entry;
    plan();
  }

  observe(options) {
    const observer = PerformanceObserver.#check(this);
    const { types, isMore, buffered } = convertOptions(options);
    if (types.length === 0) return;
    if (!isMore) observer.#types = [];
    for (let i = 0; i < types.length; i++) addType(observer.#types, types[i]);
    if (ArrayPrototypeIndexOf(observers, observer) < 0) observers[observers.length] = observer;
    if (!buffered) return;
    for (let i = 0; i < types.length; i++) {
      const before = find(undefined, types[i]);
      for (let j = 0; j < before.length; j++) observer.#add(before[j]);
    }
  }

  disconnect() {
    const observer = PerformanceObserver.#check(this);
    observer.#types = [];
    observer.#queue = [];
    const index = ArrayPrototypeIndexOf(observers, observer);
    if (index >= 0) ArrayPrototypeSplice(observers, index, 1);
  }

  takeRecords() {
    const observer = PerformanceObserver.#check(this);
    const entries = observer.#queue;
    observer.#queue = [];
    return entries;
  }
}
define(PerformanceObserver, "PerformanceObserver");
ObjectDefineProperty(PerformanceObserver, "supportedEntryTypes", { __proto__: null, value: ArrayPrototypeSlice(kTypes), writable: false, enumerable: true, configurable: true });

module.exports = { PerformanceObserver, PerformanceObserverEntryList };

"use strict";
// High Resolution Time and User Timing. https://w3c.github.io/hr-time/#sec-performance, https://w3c.github.io/user-timing/
// As in the reference runtime the time origin is the epoch, and there is no time in global scope.

const { define, illegalConstructor, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { current } = require("core/context");
const { EventTarget } = require("web/event");

/** Milliseconds since the time origin. */
function now() {
  return current() === undefined ? 0 : ops.op_now();
}

/** The entries; compiled when the first one is made or asked for. */
function timeline() {
  return require("web/performance_timeline");
}

function nameOf(method, list) {
  if (list.length === 0) throw parameterError(method, "Performance", 1, "string");
  return toDOMString(list[0]);
}

function optionalName(list) {
  return list[0] === undefined ? undefined : toDOMString(list[0]);
}

class Performance extends EventTarget {
  // Only the brand.
  #performance;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    super();
  }

  static #check(value) {
    if (typeof value !== "object" || value === null || !(#performance in value)) throw illegalInvocation();
  }

  get timeOrigin() {
    Performance.#check(this);
    return 0;
  }

  now() {
    Performance.#check(this);
    return now();
  }

  clearMarks(...args) {
    Performance.#check(this);
    timeline().clear("mark", optionalName(args));
  }

  clearMeasures(...args) {
    Performance.#check(this);
    timeline().clear("measure", optionalName(args));
  }

  // Fetches leave no entries, so that there is nothing to clear and no buffer to size.
  clearResourceTimings() {
    Performance.#check(this);
  }

  getEntries() {
    Performance.#check(this);
    return timeline().find(undefined, undefined);
  }

  getEntriesByName(...args) {
    Performance.#check(this);
    const name = nameOf("getEntriesByName", args);
    return timeline().find(name, args[1] === undefined ? undefined : toDOMString(args[1]));
  }

  getEntriesByType(...args) {
    Performance.#check(this);
    return timeline().find(undefined, nameOf("getEntriesByType", args));
  }

  mark(...args) {
    Performance.#check(this);
    return timeline().mark(nameOf("mark", args), args[1]);
  }

  measure(...args) {
    Performance.#check(this);
    return timeline().measure(nameOf("measure", args), args[1], args[2]);
  }

  setResourceTimingBufferSize() {
    Performance.#check(this);
  }

  toJSON() {
    Performance.#check(this);
    return { __proto__: null, timeOrigin: 0 };
  }
}
define(Performance, "Performance");

module.exports = { Performance, performance: new Performance(kConstruct), internals: { now } };

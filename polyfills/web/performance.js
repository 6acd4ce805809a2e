"use strict";
// High Resolution Time and User Timing. https://w3c.github.io/hr-time/#sec-performance, https://w3c.github.io/user-timing/
// As in the reference runtime the time origin is the epoch, and there is no time in global scope.

const { ArrayPrototypeIncludes, Object, ObjectSetPrototypeOf, ReflectOwnKeys } = primordials;
const { define, illegalConstructor, kConstruct, parameterError, toDOMString, toUnsignedLongLong } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { current } = require("core/context");
const { state } = require("core/worker");
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

  setResourceTimingBufferSize(...args) {
    Performance.#check(this);
    if (args.length === 0) throw parameterError("setResourceTimingBufferSize", "Performance", 1, "unsigned integer");
    toUnsignedLongLong(args[0]);
  }

  get eventCounts() {
    Performance.#check(this);
    return require("web/performance_node").eventCounts();
  }

  // Of Node: without nodejs_compat they are not there.

  get nodeTiming() {
    Performance.#check(this);
    return require("web/performance_node").nodeTiming();
  }

  eventLoopUtilization() {
    Performance.#check(this);
    return { idle: 0, active: 0, utilization: 0 };
  }

  timerify(fn) {
    Performance.#check(this);
    if (typeof fn !== "function") throw parameterError("timerify", "Performance", 1, "function");
    return fn;
  }

  markResourceTiming() {
    Performance.#check(this);
  }

  toJSON() {
    Performance.#check(this);
    return { __proto__: null, timeOrigin: 0 };
  }
}

// Without their flags all but the clock is gone.
const kClock = ["constructor", "timeOrigin", "now"];
const kNode = ["nodeTiming", "eventLoopUtilization", "timerify", "markResourceTiming"];

if (!state.flags.enable_global_performance_classes) {
  const names = ReflectOwnKeys(Performance.prototype);
  for (let i = 0; i < names.length; i++) if (!ArrayPrototypeIncludes(kClock, names[i])) delete Performance.prototype[names[i]];
  ObjectSetPrototypeOf(Performance.prototype, Object.prototype);
} else if (!state.flags.nodejs_compat) {
  for (let i = 0; i < kNode.length; i++) delete Performance.prototype[kNode[i]];
}
define(Performance, "Performance");

module.exports = { Performance, performance: new Performance(kConstruct), internals: { now } };

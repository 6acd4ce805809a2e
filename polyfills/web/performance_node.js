"use strict";
// What `performance` has that nobody uses: counts of events, of which there are none, and the times of Node's start, which are all zero.
// https://w3c.github.io/event-timing/#eventcounts, https://nodejs.org/docs/latest-v22.x/api/perf_hooks.html#performancenodetiming

const { ObjectDefineProperty, SymbolIterator } = primordials;
const { define, illegalConstructor, isObject, kConstruct, pairIterators, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { PerformanceEntry } = require("web/performance_timeline");

const iterators = pairIterators(
  () => 0,
  () => undefined,
  () => undefined,
);

let check;

class EventCounts {
  #counts;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  static {
    check = (value) => {
      if (!isObject(value) || !(#counts in value)) throw illegalInvocation();
    };
  }

  get size() {
    check(this);
    return 0;
  }

  get() {
    check(this);
    if (arguments.length === 0) throw parameterError("get", "EventCounts", 1, "string");
    return undefined;
  }

  has() {
    check(this);
    if (arguments.length === 0) throw parameterError("has", "EventCounts", 1, "string");
    return false;
  }

  entries() {
    check(this);
    return iterators.entries(this);
  }

  keys() {
    check(this);
    return iterators.keys(this);
  }

  values() {
    check(this);
    return iterators.values(this);
  }

  forEach(callback) {
    check(this);
    if (typeof callback !== "function") throw parameterError("forEach", "EventCounts", 1, "function");
  }

  [SymbolIterator]() {
    check(this);
    return iterators.entries(this);
  }
}
define(EventCounts, "EventCounts");

const counts = new EventCounts(kConstruct);

// In the order that their properties have in the reference runtime.
const kTimes = ["idleTime", "loopExit", "loopStart", "environment", "bootstrapComplete", "v8Start", "nodeStart"];

function addConstant(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

class PerformanceNodeTiming extends PerformanceEntry {
  constructor(token) {
    super(token, "node", "node", 0, 0);
    addConstant(this, "uvMetricsInfo", { loopCount: 0, events: 0, eventsWaiting: 0 });
    for (let i = 0; i < kTimes.length; i++) addConstant(this, kTimes[i], 0);
  }

  toJSON() {
    const json = { name: this.name, entryType: this.entryType, startTime: this.startTime, duration: this.duration };
    for (let i = kTimes.length - 1; i >= 0; i--) json[kTimes[i]] = this[kTimes[i]];
    json.uvMetricsInfo = this.uvMetricsInfo;
    return json;
  }
}
define(PerformanceNodeTiming, "PerformanceNodeTiming");

function nodeTiming() {
  return new PerformanceNodeTiming(kConstruct);
}

module.exports = { eventCounts: () => counts, nodeTiming };

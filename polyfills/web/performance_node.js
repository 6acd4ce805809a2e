"use strict";
// What `performance` has that nobody uses: counts of events, of which there are none, and the times of Node's start, which are all zero.
// https://w3c.github.io/event-timing/#eventcounts, https://nodejs.org/docs/latest-v22.x/api/perf_hooks.html#performancenodetiming

const { SymbolIterator } = primordials;
const { define, illegalConstructor, isObject, kConstruct, pairIterators, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");

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

function nodeTiming() {
  return {
    name: "node",
    entryType: "node",
    startTime: 0,
    duration: 0,
    nodeStart: 0,
    v8Start: 0,
    bootstrapComplete: 0,
    environment: 0,
    loopStart: 0,
    loopExit: 0,
    idleTime: 0,
    uvMetricsInfo: { loopCount: 0, events: 0, eventsWaiting: 0 },
  };
}

module.exports = { eventCounts: () => counts, nodeTiming };

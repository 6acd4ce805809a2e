"use strict";
// Performance Timeline and User Timing. https://w3c.github.io/performance-timeline/, https://w3c.github.io/user-timing/
// Leniency is the reference runtime's: entries keep the order in which they were made, details are not cloned, an unknown mark is the
// time origin, and no duration is below 0.

const { MathMax, ObjectDefineProperty } = primordials;
const { constructorError, define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toDOMString, toDouble } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { now } = require("web/performance").internals;

let entries = [];
/** Is called with each new entry once there is a PerformanceObserver. */
let watcher;

/** What toJSON shows of an entry, without running user code. */
let fieldsOf;

class PerformanceEntry {
  #name;
  #entryType;
  #startTime;
  #duration;

  constructor(token, name, entryType, startTime, duration) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#name = name;
    this.#entryType = entryType;
    this.#startTime = startTime;
    this.#duration = duration;
  }

  static #of(value) {
    if (!isObject(value) || !(#name in value)) throw illegalInvocation();
    return value;
  }

  static {
    fieldsOf = (value) => {
      const entry = PerformanceEntry.#of(value);
      return { __proto__: null, name: entry.#name, entryType: entry.#entryType, startTime: entry.#startTime, duration: entry.#duration };
    };
  }

  get name() {
    return PerformanceEntry.#of(this).#name;
  }

  get entryType() {
    return PerformanceEntry.#of(this).#entryType;
  }

  get startTime() {
    return PerformanceEntry.#of(this).#startTime;
  }

  get duration() {
    return PerformanceEntry.#of(this).#duration;
  }

  toJSON() {
    return fieldsOf(this);
  }
}
define(PerformanceEntry, "PerformanceEntry");

function jsonOf(entry, detail) {
  const json = fieldsOf(entry);
  if (detail !== null) json.detail = detail;
  return json;
}

function detailOf(options) {
  const { detail } = options;
  if (detail === undefined) return null;
  if (!isObject(detail)) throw fieldError("detail", "Options", "Object");
  return detail;
}

function checkOptions(options, error) {
  if (options === undefined || options === null) return {};
  if (!isObject(options)) throw error();
  return options;
}

/** https://w3c.github.io/user-timing/#performancemark */
class PerformanceMark extends PerformanceEntry {
  #detail;

  constructor(name, options) {
    if (arguments.length === 0) throw constructorError("PerformanceMark", 1, "string");
    name = toDOMString(name);
    const init = checkOptions(options, () => constructorError("PerformanceMark", 2, "Options"));
    const detail = detailOf(init);
    const { startTime } = init;
    super(kConstruct, name, "mark", startTime === undefined ? now() : toDouble(startTime), 0);
    this.#detail = detail;
  }

  get detail() {
    if (!isObject(this) || !(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }

  toJSON() {
    if (!isObject(this) || !(#detail in this)) throw illegalInvocation();
    return jsonOf(this, this.#detail);
  }
}
define(PerformanceMark, "PerformanceMark");

/** https://w3c.github.io/user-timing/#performancemeasure */
class PerformanceMeasure extends PerformanceEntry {
  #detail;

  constructor(token, name, startTime, duration, detail) {
    if (token !== kConstruct) throw illegalConstructor();
    super(kConstruct, name, "measure", startTime, duration);
    this.#detail = detail;
  }

  get detail() {
    if (!isObject(this) || !(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }

  toJSON() {
    if (!isObject(this) || !(#detail in this)) throw illegalInvocation();
    return jsonOf(this, this.#detail);
  }
}
define(PerformanceMeasure, "PerformanceMeasure");

function add(entry) {
  entries[entries.length] = entry;
  if (watcher !== undefined) watcher(entry);
  return entry;
}

/** performance.mark */
function mark(name, options) {
  const init = checkOptions(options, () => parameterError("mark", "Performance", 2, "Options"));
  return add(new PerformanceMark(name, init));
}

/** The time of the latest mark of that name, `otherwise` if there is none. */
function timeOfMark(name, otherwise) {
  for (let i = entries.length - 1; i >= 0; i--) {
    const fields = fieldsOf(entries[i]);
    if (fields.name === name && fields.entryType === "mark") return fields.startTime;
  }
  return otherwise;
}

function measureBetween(name, options) {
  const detail = detailOf(options);
  const { duration, end, start } = options;
  const from = start === undefined ? 0 : toDouble(start);
  let length;
  if (end !== undefined) length = toDouble(end) - from;
  else length = duration === undefined ? now() - from : toDouble(duration);
  return add(new PerformanceMeasure(kConstruct, name, from, length > 0 ? length : 0, detail));
}

/** performance.measure; with options the end mark is ignored. */
function measure(name, startOrOptions, endMark) {
  if (isObject(startOrOptions)) return measureBetween(name, startOrOptions);
  const from = startOrOptions === undefined ? 0 : timeOfMark(toDOMString(startOrOptions), 0);
  const to = endMark === undefined ? now() : timeOfMark(toDOMString(endMark), now());
  return add(new PerformanceMeasure(kConstruct, name, from, MathMax(0, to - from), null));
}

/** The entries of that name and type; undefined stands for all. */
function find(name, type) {
  return select(entries, name, type);
}

/** Those of a list of entries that have that name and type. */
function select(list, name, type) {
  const found = [];
  for (let i = 0; i < list.length; i++) {
    const fields = fieldsOf(list[i]);
    if ((name === undefined || fields.name === name) && (type === undefined || fields.entryType === type)) found[found.length] = list[i];
  }
  return found;
}

/** Removes the entries of a type, or of a type and name. */
function clear(type, name) {
  const kept = [];
  for (let i = 0; i < entries.length; i++) {
    const fields = fieldsOf(entries[i]);
    if (fields.entryType !== type || (name !== undefined && fields.name !== name)) kept[kept.length] = entries[i];
  }
  entries = kept;
}

// What a PerformanceResourceTiming tells; there are none, as fetches leave no entries.
const kTimings = [
  "connectEnd", "connectStart", "decodedBodySize", "domainLookupEnd", "domainLookupStart", "encodedBodySize", "fetchStart", "initiatorType", "nextHopProtocol", "redirectEnd", "redirectStart",
  "requestStart", "responseEnd", "responseStart", "responseStatus", "secureConnectionStart", "transferSize", "workerStart",
];

/** https://w3c.github.io/resource-timing/#sec-performanceresourcetiming */
class PerformanceResourceTiming extends PerformanceEntry {
  constructor() {
    throw illegalConstructor();
  }
}
for (let i = 0; i < kTimings.length; i++) {
  const accessor = {
    get() {
      throw illegalInvocation();
    },
  };
  ObjectDefineProperty(PerformanceResourceTiming.prototype, kTimings[i], { __proto__: null, get: accessor.get, enumerable: true, configurable: true });
}
define(PerformanceResourceTiming, "PerformanceResourceTiming");

module.exports = {
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceResourceTiming,
  mark,
  measure,
  find,
  clear,
  internals: {
    __proto__: null,
    fieldsOf,
    find,
    select,
    onEntry(fn) {
      watcher = fn;
    },
  },
};

"use strict";
// `tracing`, by which a worker marks spans of its work. Nobody collects them here, so that no span is traced; which span is active is
// kept, through awaits too, since scripts can see it.

const { ArrayIsArray, ObjectKeys, TypeError } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const context = require("core/context");

const kStatusCodes = { __proto__: null, unset: true, ok: true, error: true };

/** Attributes are booleans, numbers and strings; what is none becomes a string, and what cannot is an error. */
function checkAttribute(value) {
  if (typeof value === "bigint") void +value;
  else if (typeof value === "symbol" || isObject(value)) toDOMString(value);
}

/** `count` is that of the arguments, of which the first is to be a string. */
function checkName(iface, method, count, name) {
  if (count === 0) throw parameterError(method, iface, 1, "string");
  toDOMString(name);
}

let isSpan;

class Span {
  #brand;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  static #check(value) {
    if (!isSpan(value)) throw illegalInvocation();
    return value;
  }

  static {
    isSpan = (value) => isObject(value) && #brand in value;
  }

  get isTraced() {
    Span.#check(this);
    return false;
  }

  spanContext() {
    Span.#check(this);
    return { traceId: "00000000000000000000000000000000", spanId: "0000000000000000", traceFlags: 0 };
  }

  setAttribute(name, value) {
    Span.#check(this);
    checkName("Span", "setAttribute", arguments.length, name);
    checkAttribute(value);
    return this;
  }

  setAttributes(attributes) {
    Span.#check(this);
    if (!isObject(attributes) || ArrayIsArray(attributes)) throw parameterError("setAttributes", "Span", 1, "object");
    const names = ObjectKeys(attributes);
    for (let i = 0; i < names.length; i++) checkAttribute(attributes[names[i]]);
    return this;
  }

  recordException() {
    Span.#check(this);
    if (arguments.length === 0) throw parameterError("recordException", "Span", 1, "Value");
  }

  updateName(name) {
    Span.#check(this);
    checkName("Span", "updateName", arguments.length, name);
    return this;
  }

  setStatus(status) {
    Span.#check(this);
    if (!isObject(status)) throw parameterError("setStatus", "Span", 1, "TracingSpanStatus");
    const code = toDOMString(status.code);
    const { message } = status;
    if (message !== undefined) toDOMString(message);
    if (kStatusCodes[code] === undefined) throw new TypeError("Span status code must be 'unset', 'ok', or 'error'.");
    return this;
  }

  end() {
    Span.#check(this);
  }
}
define(Span, "Span");

function runActive(span, callback, args) {
  return context.runInScope({ __proto__: null, ...context.scope(), span }, callback, args);
}

class Tracing {
  #brand;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  // Calls args[1] with the rest of the arguments, a new span being active and, first, given to it.
  static #inSpan(tracing, method, args) {
    Tracing.#check(tracing);
    checkName("Tracing", method, args.length, args[0]);
    const callback = args[1];
    if (typeof callback !== "function") throw parameterError(method, "Tracing", 2, "Function");
    const span = new Span(kConstruct);
    const rest = [span];
    for (let i = 2; i < args.length; i++) rest[i - 1] = args[i];
    return runActive(span, callback, rest);
  }

  static #check(value) {
    if (!isObject(value) || !(#brand in value)) throw illegalInvocation();
  }

  enterSpan(...args) {
    return Tracing.#inSpan(this, "enterSpan", args);
  }

  startActiveSpan(...args) {
    return Tracing.#inSpan(this, "startActiveSpan", args);
  }

  startSpan(name) {
    Tracing.#check(this);
    checkName("Tracing", "startSpan", arguments.length, name);
    return new Span(kConstruct);
  }

  getActiveSpan() {
    Tracing.#check(this);
    const active = context.scope().span;
    if (active !== undefined) return active;
    // That of the request itself.
    return context.current() === undefined ? undefined : new Span(kConstruct);
  }

  withActiveSpan(span, callback, ...args) {
    Tracing.#check(this);
    if (!isSpan(span)) throw parameterError("withActiveSpan", "Tracing", 1, "Span");
    if (typeof callback !== "function") throw parameterError("withActiveSpan", "Tracing", 2, "Function");
    return runActive(span, callback, args);
  }
}
Tracing.prototype.Span = Span;
define(Tracing, "Tracing");

/** The `tracing` of one context, or of the module. */
function makeTracing() {
  return new Tracing(kConstruct);
}

module.exports = { makeTracing };

"use strict";
// The kinds of events, and the errors that become one. Event and EventTarget are in web/event_target.

const { ArrayIsArray, ErrorCaptureStackTrace, Number, ObjectDefineProperty, RegExpPrototypeExec, StringPrototypeSplit, StringPrototypeStartsWith, TypeError } = primordials;
const { constructorError, define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toBoolean, toDOMString, toLong, toUSVString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { Event, EventTarget, checkInit, isDispatching, stop, internals } = require("web/event_target");

const kNoInit = { __proto__: null };

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

/** https://dom.spec.whatwg.org/#interface-customevent */
class CustomEvent extends Event {
  #detail;

  constructor(type, init) {
    if (arguments.length === 0) throw constructorError("CustomEvent", 1, "string");
    checkInit(init, "CustomEvent", "CustomEventInit");
    super(type, init);
    if (init !== undefined && init !== null) this.#detail = init.detail;
  }

  get detail() {
    if (!isObject(this) || !(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }
}
define(CustomEvent, "CustomEvent");

/** https://html.spec.whatwg.org/#errorevent */
class ErrorEvent extends Event {
  #message = "";
  #filename = "";
  #lineno = 0;
  #colno = 0;
  #error;

  constructor(type, init, token) {
    if (arguments.length === 0) throw constructorError("ErrorEvent", 1, "string");
    checkInit(init, "ErrorEvent", "ErrorEventInit");
    super(type, init, token);
    const { message, filename, lineno, colno, error } = init ?? kNoInit;
    if (message !== undefined) this.#message = toUSVString(message);
    if (filename !== undefined) this.#filename = toUSVString(filename);
    if (lineno !== undefined) this.#lineno = toLong(lineno);
    if (colno !== undefined) this.#colno = toLong(colno);
    this.#error = error;
  }

  static #check(value) {
    if (!isObject(value) || !(#error in value)) throw illegalInvocation();
    return value;
  }

  get filename() {
    return ErrorEvent.#check(this).#filename;
  }

  get message() {
    return ErrorEvent.#check(this).#message;
  }

  get lineno() {
    return ErrorEvent.#check(this).#lineno;
  }

  get colno() {
    return ErrorEvent.#check(this).#colno;
  }

  get error() {
    return ErrorEvent.#check(this).#error;
  }
}
define(ErrorEvent, "ErrorEvent");

/** https://websockets.spec.whatwg.org/#the-closeevent-interface; any integer is a code, as in the reference runtime. */
class CloseEvent extends Event {
  constructor(type, init, token) {
    if (arguments.length === 0) throw constructorError("CloseEvent", 1, "string");
    checkInit(init, "CloseEvent", "Initializer");
    super(type, init, token);
    const { code, reason, wasClean } = init ?? kNoInit;
    readonly(this, "wasClean", toBoolean(wasClean));
    readonly(this, "reason", reason === undefined ? "" : toUSVString(reason));
    readonly(this, "code", code === undefined ? 0 : toLong(code));
  }
}
define(CloseEvent, "CloseEvent");

const messagePorts = require.lazy("web/message_channel", "internals");
const isPort = (value) => messagePorts.peek()?.isPort(value) === true;

function toPorts(value) {
  if (!ArrayIsArray(value)) throw fieldError("ports", "Initializer", "Array");
  const ports = [];
  for (let i = 0; i < value.length; i++) {
    if (!isPort(value[i])) throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'MessagePort'.`);
    ports[i] = value[i];
  }
  return ports;
}

function toSource(value) {
  if (value === undefined || value === null) return null;
  if (!isPort(value)) throw fieldError("source", "Initializer", "MessagePort");
  return value;
}

/** https://html.spec.whatwg.org/#messageevent */
class MessageEvent extends Event {
  constructor(type, init, token) {
    if (arguments.length === 0) throw constructorError("MessageEvent", 1, "string");
    checkInit(init, "MessageEvent", "Initializer");
    super(type, init, token);
    const { data, origin, lastEventId, source, ports } = init ?? kNoInit;
    readonly(this, "ports", ports === undefined ? [] : toPorts(ports));
    readonly(this, "source", toSource(source));
    readonly(this, "lastEventId", lastEventId === undefined ? "" : toDOMString(lastEventId));
    if (token === kConstruct) {
      // The platform says no origin unless there is one, and a port gives whatever was posted.
      readonly(this, "origin", origin === undefined ? null : origin);
      readonly(this, "data", data);
      return;
    }
    readonly(this, "origin", origin === undefined ? "" : toUSVString(origin));
    readonly(this, "data", data === undefined ? null : data);
  }
}
define(MessageEvent, "MessageEvent");

/** What an EventSource fires when it is connected. */
class OpenEvent extends Event {
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    super("open", undefined, kConstruct);
  }
}
define(OpenEvent, "OpenEvent");

/** https://html.spec.whatwg.org/#promiserejectionevent */
class PromiseRejectionEvent extends Event {
  constructor(token, type, promise, reason) {
    if (token !== kConstruct) throw illegalConstructor();
    super(type, undefined, kConstruct);
    readonly(this, "reason", reason);
    readonly(this, "promise", promise);
  }
}
define(PromiseRejectionEvent, "PromiseRejectionEvent");

/** https://w3c.github.io/ServiceWorker/#extendableevent */
class ExtendableEvent extends Event {
  #host;

  // `host.waitUntil(promise)` keeps the event's context alive.
  constructor(token, type, host) {
    if (token !== kConstruct) throw illegalConstructor();
    super(type, undefined, kConstruct);
    this.#host = host;
  }

  waitUntil(promise) {
    if (!isObject(this) || !(#host in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("waitUntil", "ExtendableEvent", 1, "Promise");
    this.#host.waitUntil(promise);
  }
}
define(ExtendableEvent, "ExtendableEvent");

/** What a worker in the service-worker format is told with of the events of others; scripts cannot make one. */
class TailEvent extends ExtendableEvent {
  constructor() {
    throw illegalConstructor();
  }
}
define(TailEvent, "TailEvent");

function isPromiseOrResponse(value) {
  if (!isObject(value)) return false;
  return ops.op_value_kind(value) === "Promise" || require("web/response").internals.isResponse(value) || typeof value.then === "function";
}

/** https://w3c.github.io/ServiceWorker/#fetchevent */
class FetchEvent extends ExtendableEvent {
  #host;
  #responded = false;

  // `host` has respondWith, waitUntil and passThroughOnException.
  constructor(token, request, host) {
    if (token !== kConstruct) throw illegalConstructor();
    super(kConstruct, "fetch", host);
    this.#host = host;
    readonly(this, "request", request);
    readonly(this, "actorState", undefined);
  }

  respondWith(response) {
    if (!isObject(this) || !(#host in this)) throw illegalInvocation();
    if (!isPromiseOrResponse(response)) throw parameterError("respondWith", "FetchEvent", 1, "Promise");
    if (!isDispatching(this)) {
      throw makeError("InvalidStateError", "Too late to call FetchEvent.respondWith(). It must be called synchronously in the event handler.");
    }
    if (this.#responded) throw makeError("InvalidStateError", "FetchEvent.respondWith() has already been called; it can only be called once.");
    this.#responded = true;
    stop(this);
    this.#host.respondWith(response);
  }

  passThroughOnException() {
    if (!isObject(this) || !(#host in this)) throw illegalInvocation();
    this.#host.passThroughOnException();
  }
}
define(FetchEvent, "FetchEvent");

// Errors that become events. https://html.spec.whatwg.org/#report-an-exception

/** Whether an event of this type would call anything on the global object. */
function isHeard(type) {
  return internals.listenerCount(globalThis, type) !== 0 || typeof globalThis[`on${type}`] === "function";
}

const kFrame = /^ +at (?:.*? \(|async )?(.*):(\d+):(\d+)\)?$/;

/** Where the user's code was: [file, line, column]. */
function placeOf(error) {
  let holder = error;
  if (!require("core/report").isErrorLike(error)) {
    holder = {};
    ErrorCaptureStackTrace(holder);
  }
  const { stack } = holder;
  const lines = typeof stack === "string" ? StringPrototypeSplit(stack, "\n") : [];
  for (let i = 0; i < lines.length; i++) {
    const match = RegExpPrototypeExec(kFrame, lines[i]);
    if (match !== null && !StringPrototypeStartsWith(match[1], "dynos:")) return [match[1], Number(match[2]), Number(match[3])];
  }
  return ["", 0, 0];
}

/** What an error event says of an error. */
function uncaughtText(error) {
  const { wordsOf, isErrorLike } = require("core/report");
  const { name, message } = wordsOf(error);
  return `Uncaught ${isErrorLike(error) && name !== "" ? (message === "" ? name : `${name}: ${message}`) : message}`;
}

function errorEvent(error) {
  const place = placeOf(error);
  const init = { __proto__: null, message: uncaughtText(error), filename: place[0], lineno: place[1], colno: place[2], error };
  return new ErrorEvent("error", init, kConstruct);
}

let reporting = false;

/** Tells the worker's "error" listeners of an exception that nobody caught, then the log, unless one of them called preventDefault. */
function reportException(error) {
  if (!reporting && isHeard("error")) {
    reporting = true;
    try {
      if (!internals.fireEvent(globalThis, errorEvent(error))) return;
    } finally {
      reporting = false;
    }
  }
  ops.op_report_uncaught(error);
}

/**
 * Fires "unhandledrejection" or "rejectionhandled".
 * @returns {{ event: PromiseRejectionEvent, defaultPrevented: boolean } | undefined} undefined if nobody listens. The event itself is not
 *   cancelable and so would not say whether its default was prevented.
 */
function firePromiseRejection(type, promise, reason) {
  if (!isHeard(type)) return undefined;
  const event = new PromiseRejectionEvent(kConstruct, type, promise, reason);
  const proceed = internals.reportingDispatch(globalThis, event);
  return { __proto__: null, event, defaultPrevented: !proceed };
}

/** The event of a request; `host` has respondWith(value), waitUntil(promise) and passThroughOnException(). */
function createFetchEvent(request, host) {
  return new FetchEvent(kConstruct, request, host);
}

module.exports = {
  CloseEvent,
  CustomEvent,
  ErrorEvent,
  Event,
  EventTarget,
  ExtendableEvent,
  FetchEvent,
  MessageEvent,
  PromiseRejectionEvent,
  TailEvent,
  TraceEvent: TailEvent,
  internals: { __proto__: null, ...internals, OpenEvent, createFetchEvent, firePromiseRejection, reportException, uncaughtText },
};

"use strict";
// Request contexts: what everything asynchronous belongs to. Go numbers them; JavaScript carries the one in force through
// promises in V8's continuation-preserved data, together with the values of AsyncLocalStorage and what cloudflare:workers overrides:
// the frame is { context, store, scope }, immutable, and replaced as a whole. In global scope there is none, or one without a context.

const { Error, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, ReflectApply } = primordials;

const kGlobalScope =
  "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, " +
  "and generating random values are not allowed within global scope. To fix this error, perform this operation within a " +
  "handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/";

/** One event being handled. Fields are internal; user code never holds one. */
class RequestContext {
  /** @type {number} the number by which Go knows it */
  id;
  /** Frame that makes this context current, without async-local values. */
  frame;
  /** Functions to run when the context is cancelled; each gets the reason. @type {Function[] | undefined} */
  onCancel;
  /** Dynamic workers that this context has asked for, by their number. @type {Map<number, object> | undefined} */
  workers;
  /** First of its timers, see web/timers. @type {object | undefined} */
  timers;
  /** Whether the answer of the event has been given. */
  answered = false;
  /** Number of waitUntil promises that are pending. */
  waiting = 0;
  /** What is to be done once there are none, of an event that waits for that: { failed, done }. @type {object | undefined} */
  ending;
  /** Number of things in answers that others still use: a body's stream, objects that can be called. */
  held = 0;
  /** Whether it serves RPC; the fields below are about that. */
  isSession = false;
  /** Number of calls that are being served. */
  serving = 0;
  /** Number of stubs that came as arguments and are kept. */
  imported = 0;
  /** Whether the caller has gone, and with it what came from it. */
  disconnected = false;
  /** Objects that others can call, see cloudflare/rpc_exports. @type {Map<number, object> | undefined} */
  exports;
  /** Calls whose answers others can address, see cloudflare/rpc. @type {object | undefined} */
  answers;
  /** Whether the caller has gone, so that only waitUntil keeps it. */
  gone = false;
  /** The Durable Object that it is of, which it lives as long as. @type {Actor | undefined} */
  actor;
  /** WebSockets by the number of their end, see web/websocket_state. @type {Map<number, object> | undefined} */
  sockets;
  /** The packed headers of the request, of a fetch event. */
  headers = "";
  /** Set once it has ended. */
  ended = false;
  /** The request of a fetch event. @type {Request | undefined} */
  request;
  /** The entrypoint that handles the event: an instance of its class, or the plain object. @type {object | undefined} */
  receiver;
  /** Whether passThroughOnException() was called. */
  passThrough = false;
  constructor(id) {
    this.id = id;
    this.frame = { context: this, store: undefined, scope: undefined };
  }

  /** The host has cancelled the event: tells what listens, for example the request's signal. */
  cancelled(name, message) {
    const list = this.onCancel;
    if (list === undefined) return;
    this.onCancel = undefined;
    const { makeError } = require("core/errors");
    const reason = makeError(name, message);
    for (let i = 0; i < list.length; i++) list[i](reason);
  }
}

const contexts = new Map();

/** Makes context `id`, or returns the living one. */
function create(id) {
  let context = MapPrototypeGet(contexts, id);
  if (context === undefined) {
    context = new RequestContext(id);
    MapPrototypeSet(contexts, id, context);
  }
  return context;
}

/** The living context `id`, or undefined. */
function get(id) {
  return MapPrototypeGet(contexts, id);
}

/** Forgets a context whose end Go has announced. */
function end(context) {
  context.ended = true;
  MapPrototypeDelete(contexts, context.id);
}

/** Makes a context current for the code that runs next. */
function enter(context) {
  ops.op_set_frame(context.frame);
}

/** The context in force, or undefined in global scope. */
function current() {
  const frame = ops.op_get_frame();
  return frame === undefined ? undefined : frame.context;
}

/** The context in force; in global scope the platform's error. */
function requireContext() {
  const frame = ops.op_get_frame();
  if (frame === undefined || frame.context === undefined) throw new Error(kGlobalScope);
  return frame.context;
}

const kNoScope = { __proto__: null, env: undefined, exports: undefined, span: undefined };

/** What cloudflare:workers has overridden for the code that runs: env, exports (undefined: nothing, null: by nothing) and the active span. */
function scope() {
  return ops.op_get_frame()?.scope ?? kNoScope;
}

/** Calls `fn` under another scope, which holds for what it awaits as well. */
function runInScope(scope, fn, args) {
  const outer = ops.op_get_frame();
  ops.op_set_frame({ context: outer?.context, store: outer?.store, scope });
  try {
    return ReflectApply(fn, globalThis, args);
  } finally {
    ops.op_set_frame(outer);
  }
}

module.exports = { RequestContext, create, get, end, enter, current, requireContext, scope, runInScope };

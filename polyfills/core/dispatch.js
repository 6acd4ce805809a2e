"use strict";
// The host's messages arrive here: one function per kind, ordered as MessageKind in isolate/ops/message.go. The first
// argument is always the number of the request context.

const { JSONStringify, PromisePrototypeThen, PromiseResolve, TypeError, Uint8Array } = primordials;
const context = require("core/context");
const { complete, release } = require("core/ops");
const streams = require("core/stream_export");
const worker = require("core/worker");
const { describeError, reportUncaught } = require("core/report");
const { isResponse, partsOf } = require("web/response").internals;
const { requestFromHost } = require("web/request").internals;
const timers = require("web/timers");
const { gates } = require("core/gate");

const rpc = require.lazy("cloudflare/rpc");
const durable = require.lazy("cloudflare/durable");
const sockets = require.lazy("web/websocket_state");

const kNotPromise = "Callback returned incorrect type; expected 'Promise'";
const kNotResponse = "Incorrect type for Promise: the Promise did not resolve to 'Response'.";

// A context ends on both sides by one rule, so that no message says so: all answers have been given, nothing in them is in use any
// more (a body that is a stream, an object that can be called), no waitUntil promise is pending, and of what the caller sent along
// nothing is kept. Once the caller has gone, only waitUntil keeps it.
function endIfDone(ctx) {
  if (ctx.ended || ctx.waiting > 0 || ctx.actor !== undefined) return;
  if (!ctx.gone) {
    if (ctx.held > 0) return;
    if (ctx.isSession ? ctx.serving > 0 || (ctx.imported > 0 && !ctx.disconnected) : !ctx.answered) return;
  }
  timers.dropContext(ctx);
  context.end(ctx);
}

function respond(ctx, value) {
  if (ctx.answered || ctx.ended) return;
  if (!isResponse(value)) {
    fail(ctx, new TypeError(kNotResponse));
    return;
  }
  let parts;
  let socket = 0;
  try {
    parts = partsOf(value);
    if (parts[5] !== null) socket = require("web/websocket_state").respondWith(parts[5], parts, ctx.headers);
  } catch (error) {
    fail(ctx, error);
    return;
  }
  ctx.answered = true;
  if (typeof parts[3] === "number" && parts[3] < 0) streams.holdContext(parts[3]);
  if (ctx.event === undefined) ops.op_respond(ctx.id, parts[0], parts[1], parts[2], parts[3], parts[4], socket);
  else ops.op_object_respond(ctx.id, ctx.event, parts[0], parts[1], parts[2], parts[3], parts[4], socket);
  endIfDone(ctx);
}

function fail(ctx, error) {
  if (ctx.answered || ctx.ended) return;
  if (ctx.passThrough && require("cloudflare/pass_through").passThrough(ctx, respond)) return;
  ctx.answered = true;
  if (worker.state.tails) require("cloudflare/trace").exception(error, ctx);
  const { name, message, stack, detail } = describeError(error);
  if (ctx.event === undefined) ops.op_fail(ctx.id, name, message, stack, detail);
  else ops.op_object_fail(ctx.id, ctx.event, name, message, stack, detail);
  endIfDone(ctx);
}

function isThenable(value) {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && typeof value.then === "function";
}

/** Settles the context's answer with `value`, which may be a promise. */
function answerWith(ctx, value, give) {
  if (isResponse(value)) {
    give(ctx, value);
    return;
  }
  if (!isThenable(value)) {
    fail(ctx, new TypeError(kNotPromise));
    return;
  }
  PromisePrototypeThen(
    PromiseResolve(value),
    (v) => give(ctx, v),
    (error) => fail(ctx, error),
  );
}

function begin(id) {
  const ctx = context.create(id);
  context.enter(ctx);
  return ctx;
}

function onFetch(id, entrypoint, props, caps, method, url, headers, rid, length, cf) {
  const ctx = begin(id);
  ctx.headers = headers;
  let result;
  try {
    const request = (ctx.request = requestFromHost(method, url, headers, rid, length, cf, ctx));
    result = worker.callFetch(ctx, entrypoint, props, caps, request);
  } catch (error) {
    fail(ctx, error);
    return;
  }
  answerWith(ctx, result, respond);
}

function onComplete(id, promise, ok, value, message, detail, reset) {
  if (gates.shut !== 0 && kept(kComplete, id, promise, ok, value, message, detail, reset)) return;
  const ctx = context.get(id);
  if (ctx === undefined) release(promise);
  else complete(promise, ok, ok ? [value] : [value, message, detail, reset]);
}

// The caller has gone. MessageEnd follows.
function onCancel(id, name, message) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  ctx.cancelled(name, message);
}

// What MessageEnd leaves of a context.
const kGone = 1;
const kNothing = 2;

function onEnd(id, left) {
  const ctx = context.get(id);
  if (left !== kNothing) ops.op_end(id, left === kGone);
  if (ctx === undefined) return;
  if (left === kNothing) {
    if (ctx.actor !== undefined) {
      ctx.actor.end();
      return;
    }
    timers.dropContext(ctx);
    context.end(ctx);
    return;
  }
  ctx.gone ||= left === kGone;
  endIfDone(ctx);
}

function onLoaderCode(id, number) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  require("cloudflare/worker_loader").runCallback(ctx, number);
}

// Messages that are kept while a Durable Object does not want any, see cloudflare/durable_gate.
const kComplete = 2;
const kTimer = 3;
const kRPC = 5;
const kStreamPull = 7;
const kMessage = 18;
const kMessageClose = 19;
const kMessageEnd = 20;
const kMessageGone = 21;
const kObjectFetch = 24;
const kObjectAlarm = 27;
const kObjectSocket = 28;
const kObjectTail = 33;

/** Whether a message of a kind is kept. */
function kept(kind, ...args) {
  return gates.keep(kind, args);
}

const handlers = [
  undefined, // load: the engine's
  (id, config, env, caps) => worker.configure(config, env, caps),
  onComplete,
  (id, timer) => {
    if (gates.shut === 0 || !kept(kTimer, id, timer)) timers.fire(timer);
  },
  onFetch,
  (id, call, target, props, caps, path, args, argCaps) => {
    if (gates.shut === 0 || !kept(kRPC, id, call, target, props, caps, path, args, argCaps)) rpc().onCall(id, call, target, props, caps, path, args, argCaps);
  },
  onCancel,
  (id, sid) => {
    if (gates.shut === 0 || !kept(kStreamPull, id, sid)) streams.pull(sid);
  },
  (id, sid, name, message, detail) => streams.cancel(sid, name, message, detail),
  undefined, // wake: nothing to do but to enter
  onLoaderCode,
  (id, number, count) => require("cloudflare/rpc").onRelease(id, number, count),
  (id) => require("cloudflare/rpc_exports").sessionEnded(id),
  (id, callId) => require("cloudflare/rpc").onCallGone(id, callId),
  onEnd,
  (id, name, message) => require("cloudflare/pass_through").onHung(id, name, message),
  (...args) => require("cloudflare/tail").onTail(...args),
  (id, entrypoint) => require("cloudflare/test_event").onTest(begin(id), entrypoint),
  (id, socket, data) => {
    if (gates.shut === 0 || !kept(kMessage, id, socket, data)) sockets().onHost(id, socket, "onMessage", data);
  },
  (id, socket, code, reason) => {
    if (gates.shut === 0 || !kept(kMessageClose, id, socket, code, reason)) sockets().onHost(id, socket, "onClose", code, reason);
  },
  (id, socket, lost, name, message) => {
    if (gates.shut === 0 || !kept(kMessageEnd, id, socket, lost, name, message)) sockets().onHost(id, socket, "onEnd", lost, name, message);
  },
  (id, socket) => {
    if (gates.shut === 0 || !kept(kMessageGone, id, socket)) sockets().onHost(id, socket, "onGone");
  },
  (...args) => require("cloudflare/socket").onConnect(...args),
  (...args) => durable().onStart(...args),
  (id, event, method, url, headers, rid, length, cf) => {
    if (gates.shut === 0 || !kept(kObjectFetch, id, event, method, url, headers, rid, length, cf)) durable().onFetch(id, event, method, url, headers, rid, length, cf);
  },
  (id, event, name, message) => durable().onCancel(id, event, name, message),
  (id) => durable().onResume(id),
  (id, event, at, retries, last) => {
    if (gates.shut === 0 || !kept(kObjectAlarm, id, event, at, retries, last)) require("cloudflare/durable_alarm").onAlarm(id, event, at, retries, last);
  },
  (id, event, socket, kind, a, b, c) => {
    if (gates.shut === 0 || !kept(kObjectSocket, id, event, socket, kind, a, b, c)) require("cloudflare/durable_sockets").onSocket(id, event, socket, kind, a, b, c);
  },
  (...args) => require("cloudflare/handler_event").onEvent(...args),
  (...args) => require("cloudflare/tail_stream").onOnset(...args),
  (...args) => require("cloudflare/tail_stream").onEvent(...args),
  (id, number, name, message, detail, reset) => durable().onFacetBroken(id, number, name, message, detail, reset),
  (id, ...args) => {
    if (gates.shut === 0 || !kept(kObjectTail, id, ...args)) durable().onTail(id, ...args);
  },
];

// What the engine asks about modules.
const modules = {
  __proto__: null,
  builtin: (specifier) => require("core/modules").builtin(specifier),
  bareBuiltin: (specifier) => require("core/modules").bareBuiltin(specifier),
  moduleURL: (specifier, base) => require("core/modules").moduleURL(specifier, base),
  commonJS: (key, path) => require("core/modules").commonJS(key, path),
};

/**
 * Engine: an unhandled rejection, after the checkpoint that left it so; or, with `handled`, one that was and has a handler now.
 * @returns whether anybody listened
 */
function unhandledRejection(promise, reason, handled) {
  const heard = require("web/event").internals.firePromiseRejection?.(handled ? "rejectionhandled" : "unhandledrejection", promise, handled ? undefined : reason);
  if (!handled && !heard?.defaultPrevented) reportUncaught("unhandledrejection", reason);
  return heard !== undefined;
}

function uncaught(error) {
  reportUncaught("exception", error);
}

// Objects of the warm-up that stay: V8 drops the shapes of classes that have no instance when the snapshot is made, and building one
// costs more than an object.
const shapes = [];

/** Runs what nearly every request runs, so that its bytecode and its shapes are in the snapshot. */
function warmUp() {
  const { Response } = require("web/response");
  const { fetch } = require("web/fetch");
  const { URL } = require("web/url");
  const { makeExecutionContext } = require("cloudflare/execution_context");
  const ctx = context.create(1);
  context.enter(ctx);
  const request = requestFromHost("POST", "http://localhost:8787/", "host\0localhost\0", new Uint8Array(1), 1, null, ctx);
  void request.method;
  void request.headers.get("host");
  const url = new URL(request.url);
  void url.pathname;
  const text = request.text();
  const call = fetch("https://example.com/?q#f", { method: "POST", body: "x", headers: { a: "b" } });
  complete(1, true, [[200, "", "content-type\0text/plain\0", new Uint8Array(1), 1]]);
  const answer = PromisePrototypeThen(PromisePrototypeThen(call, (response) => (keep(response), response.text())), () => text);
  const made = Response.json({}, { headers: { a: "b" } });
  answerWith(ctx, PromisePrototypeThen(answer, () => made), respond);
  // With the flags of all globals, none of which may go, and of what nearly every worker has.
  const flags = JSONStringify(["rpc", "set_tostring_tag", "fetch_standard_url", "cache_option_enabled", ...worker.globalFlags()]);
  handlers[1](1, `{"name":"","date":"","flags":${flags},"bindings":[{"name":"A","type":"value","value":1}],"dynamic":false}`, null, []);
  worker.loaded({ default: { fetch: () => new Response("Hello World") } });
  onFetch(1, "default", null, [], "GET", "http://localhost/", "", 0, 0, null);
  worker.forget();
  keep(ctx, request, request.headers, url, made, made.headers, makeExecutionContext({}));
  ops.op_set_frame(undefined);
}

function keep(...objects) {
  for (let i = 0; i < objects.length; i++) shapes[shapes.length] = objects[i];
}

module.exports = { answerWith, begin, handlers, modules, loaded: worker.loaded, unhandledRejection, uncaught, warmUp, endIfDone, fail, respond };

"use strict";
// Events of a schedule or a queue, which a handler is called for and whose answer says how they have ended. Each kind is a polyfill that exports
//
//   handler, missing, missingListener         its name, and what is said if there is none: [a warning, an error]
//   begin(ctx, payload)                       what the event is about; it may throw
//   controller(about), event(about, host)     what a handler, or a listener of a worker in service-worker format, gets
//   unheard(about)                            there is neither
//   answer(about, outcome)                    what the caller gets; outcome is "ok" or "exception"
//   waits()                                   whether the event lasts until no waitUntil promise is pending

const { Error, FunctionPrototypeCall, PromisePrototypeThen, PromiseReject, PromiseResolve } = primordials;
const { begin, endIfDone, fail } = require("core/dispatch");
const worker = require("core/worker");

const kinds = {
  __proto__: null,
  scheduled: require.lazy("cloudflare/scheduled"),
  queue: require.lazy("cloudflare/queue_event"),
};

const warned = { __proto__: null };

function warnOnce(ctx, text) {
  if (warned[text]) return;
  warned[text] = true;
  if (worker.state.tails) require("cloudflare/trace").log("warn", [text]);
  ops.op_console(ctx.id, "warn", text);
}

function nobody(ctx, kind, about, [warning, error]) {
  warnOnce(ctx, warning);
  kind.unheard(about);
  throw new Error(error);
}

/** Calls the handler. @returns what it returned */
function call(ctx, kind, name, props, caps, about) {
  const found = worker.entrypoint(name);
  if (found.kind === worker.kEntrypoint) {
    const instance = worker.construct(found, ctx, props, caps);
    const handler = instance[kind.handler];
    if (typeof handler !== "function") nobody(ctx, kind, about, kind.missing);
    return FunctionPrototypeCall(handler, instance, kind.controller(about), undefined, undefined);
  }
  const handler = found.handlers[kind.handler];
  if (handler === undefined) nobody(ctx, kind, about, kind.missing);
  return FunctionPrototypeCall(handler, found.value, kind.controller(about), worker.state.env, worker.contextOfObject(name, ctx, props, caps));
}

/** Fires an event at a worker in service-worker format. */
function dispatch(ctx, kind, about) {
  const { dispatchEvent, listenerCount } = require("web/event").internals;
  if (listenerCount(globalThis, kind.handler) === 0) nobody(ctx, kind, about, kind.missingListener);
  dispatchEvent(globalThis, kind.event(about, { __proto__: null, waitUntil: (promise) => require("cloudflare/execution_context").waitUntil(ctx, promise) }));
}

/** Gives the answer. The status tells the host the outcome, for the event's trace. */
function answer(ctx, kind, about, failed) {
  if (ctx.answered || ctx.ended) return;
  ctx.answered = true;
  const bytes = ops.op_serialize(kind.answer(about, failed ? "exception" : "ok"), false);
  ops.op_respond(ctx.id, failed ? 500 : 200, "", "", typeof bytes === "string" ? ops.op_latin1_encode(bytes) : bytes, 0, 0);
  endIfDone(ctx);
}

/** Host: an event for an entrypoint. */
function onEvent(id, name, props, caps, type, payload) {
  const ctx = begin(id);
  const kind = kinds[type]();
  const isModule = worker.hasDefault() || name !== "default";
  try {
    if (isModule) worker.entrypoint(name);
  } catch (error) {
    fail(ctx, error);
    return;
  }
  let about = kind.nothing;
  let result;
  try {
    about = kind.begin(ctx, payload);
    result = isModule ? PromiseResolve(call(ctx, kind, name, props, caps, about)) : PromiseResolve(dispatch(ctx, kind, about));
  } catch (error) {
    result = PromiseReject(error);
  }
  if (isModule && !kind.waits()) {
    PromisePrototypeThen(
      result,
      () => answer(ctx, kind, about, false),
      (error) => {
        require("core/report").reportUncaught("waitUntil", error);
        if (worker.state.tails) require("cloudflare/trace").exception(error, ctx);
        answer(ctx, kind, about, true);
      },
    );
    return;
  }
  ctx.ending = { __proto__: null, failed: false, done: (failed) => answer(ctx, kind, about, failed) };
  require("cloudflare/execution_context").waitUntil(ctx, result);
}

module.exports = { onEvent };

"use strict";
// `ctx`, the execution context that a handler gets. https://developers.cloudflare.com/workers/runtime-apis/context/
// Its methods are about the request in force, whichever request the object was made for, as on the reference runtime.

const { Error, PromisePrototypeThen, PromiseResolve } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toPort } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const context = require("core/context");
const { state } = require("core/worker");
const { makeTracing } = require("cloudflare/tracing");

/** Keeps the context `ctx` alive until `promise` has settled; a rejection is reported, not thrown. */
function waitUntil(ctx, promise) {
  if (ctx.ended) return;
  const { endIfDone } = require("core/dispatch");
  const { reportUncaught } = require("core/report");
  ctx.waiting++;
  ops.op_wait_until(ctx.id, 1);
  const settled = () => {
    if (ctx.ended) return;
    ctx.waiting--;
    ops.op_wait_until(ctx.id, -1);
    if (ctx.waiting === 0 && ctx.ending !== undefined) ctx.ending.done(ctx.ending.failed);
    endIfDone(ctx);
  };
  PromisePrototypeThen(PromiseResolve(promise), settled, (error) => {
    if (state.tails) require("cloudflare/trace").exception(error, ctx);
    reportUncaught("waitUntil", error);
    if (ctx.ending !== undefined) ctx.ending.failed = true;
    settled();
  });
}

/** Lets an exception of the event of `ctx`, or its hanging, send the request to the worker's global outbound. */
function passThroughOnException(ctx) {
  if (ctx.passThrough) return;
  ctx.passThrough = true;
  ops.op_pass_through(ctx.id);
}

const kAborted = "Worker execution was aborted due to call to ctx.abort().";

/** Ends the event of `ctx` with `reason` as its exception, at once: no JavaScript of this turn runs on. */
function abort(ctx, reason) {
  if (reason === undefined) reason = new Error(kAborted);
  if (state.tails) require("cloudflare/trace").exception(reason, ctx);
  const { name, message, stack, detail } = require("core/report").describeError(reason);
  ops.op_abort(ctx.id, name, message, stack, detail);
  require("web/timers").dropContext(ctx);
  context.end(ctx);
  stop();
}

/** Stops the JavaScript that is running. */
function stop() {
  ops.op_stop();
  for (;;) {
    // V8 notices here.
  }
}

class ExecutionContext {
  #brand;

  constructor(token, props) {
    if (token !== kConstruct) throw illegalConstructor();
    this.tracing = makeTracing();
    this.access = undefined;
    this.cache = undefined;
    this.props = props;
    if (state.flags.enable_ctx_exports) this.exports = require("cloudflare/loopback").exportsObject();
  }

  // The request in force, if the receiver is right.
  static #contextOf(receiver) {
    if (!isExecutionContext(receiver)) throw illegalInvocation();
    return context.requireContext();
  }

  waitUntil(promise) {
    const ctx = ExecutionContext.#contextOf(this);
    if (arguments.length === 0) throw parameterError("waitUntil", "ExecutionContext", 1, "Promise");
    waitUntil(ctx, promise);
  }

  passThroughOnException() {
    passThroughOnException(ExecutionContext.#contextOf(this));
  }

  mapVirtualHost(fetcher, port) {
    if (!isExecutionContext(this)) throw illegalInvocation();
    const { isFetcher } = require("cloudflare/service_stub");
    if (!isFetcher(fetcher)) throw parameterError("mapVirtualHost", "ExecutionContext", 1, "Fetcher");
    if (port === undefined) throw parameterError("mapVirtualHost", "ExecutionContext", 2, "unsigned short integer");
    return require("cloudflare/virtual_hosts").addressOf(fetcher, toPort(port));
  }

  abort(reason) {
    abort(ExecutionContext.#contextOf(this), reason);
  }

  static isExecutionContext(value) {
    return isObject(value) && #brand in value;
  }
}
const { isExecutionContext } = ExecutionContext;
delete ExecutionContext.isExecutionContext;
define(ExecutionContext, "ExecutionContext");

function makeExecutionContext(props) {
  return new ExecutionContext(kConstruct, props);
}

module.exports = { ExecutionContext, abort, isExecutionContext, makeExecutionContext, waitUntil, passThroughOnException, stop };

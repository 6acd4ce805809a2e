"use strict";
// `ctx`, the execution context that a handler gets. https://developers.cloudflare.com/workers/runtime-apis/context/

const { PromisePrototypeThen, PromiseResolve } = primordials;
const { define, illegalConstructor } = require("core/webidl");
const { state } = require("core/worker");

/** Keeps the context of `ctx` alive until `promise` has settled; a rejection is reported, not thrown. */
function waitUntil(ctx, promise) {
  const { endIfDone } = require("core/dispatch");
  const { reportUncaught } = require("core/report");
  ctx.waiting++;
  ops.op_wait_until(ctx.id, 1);
  const settled = () => {
    if (ctx.ended) return;
    ctx.waiting--;
    ops.op_wait_until(ctx.id, -1);
    endIfDone(ctx);
  };
  PromisePrototypeThen(PromiseResolve(promise), settled, (error) => {
    reportUncaught("waitUntil", error);
    settled();
  });
}

let allowed = false;

class ExecutionContext {
  #ctx;

  constructor(ctx, props) {
    if (!allowed) throw illegalConstructor();
    this.#ctx = ctx;
    this.props = props;
    if (state.flags.enable_ctx_exports) this.exports = require("cloudflare/loopback").exportsObject();
  }

  waitUntil(promise) {
    waitUntil(this.#ctx, promise);
  }

  passThroughOnException() {
    this.#ctx.passThrough = true;
  }
}
define(ExecutionContext, "ExecutionContext");

function makeExecutionContext(ctx, props) {
  allowed = true;
  try {
    return new ExecutionContext(ctx, props);
  } finally {
    allowed = false;
  }
}

module.exports = { ExecutionContext, makeExecutionContext, waitUntil };

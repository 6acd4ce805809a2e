"use strict";
// Timers, microtasks and reportError. https://html.spec.whatwg.org/#timers
// The host counts the time; it knows a timer by a number that is unique in the realm. A context holds its timers as a linked list.

const { FunctionPrototypeCall, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, MathTrunc, ReflectApply } = primordials;
const context = require("core/context");
const { functionError, toDouble } = require("core/webidl");
const { illegalInvocation } = require("core/errors");

// A hundred years: longer delays than the host's clock can count.
const kMaxDelay = 3155760000000;

class Timer {
  constructor(ctx, id, callback, args, repeat) {
    this.ctx = ctx;
    this.id = id;
    this.callback = callback;
    this.args = args;
    this.repeat = repeat;
    this.frame = ops.op_get_frame();
    this.previous = undefined;
    this.next = ctx.timers;
  }
}

const timers = new Map();
let last = 0;

/**
 * Starts a timer of a context.
 * @param {RequestContext} ctx
 * @param {Function} callback called with globalThis as receiver
 * @param {any[] | undefined} args
 * @param {number} delay in milliseconds; what is below 0 or NaN is 0
 * @returns {number} its id
 */
function start(ctx, callback, args, delay, repeat) {
  const timer = new Timer(ctx, ++last, callback, args, repeat);
  if (timer.next !== undefined) timer.next.previous = timer;
  ctx.timers = timer;
  MapPrototypeSet(timers, timer.id, timer);
  ops.op_timer_start(ctx.id, timer.id, delay > 0 ? (delay < kMaxDelay ? MathTrunc(delay) : kMaxDelay) : 0, repeat);
  return timer.id;
}

function unlink(timer) {
  MapPrototypeDelete(timers, timer.id);
  if (timer.previous === undefined) timer.ctx.timers = timer.next;
  else timer.previous.next = timer.next;
  if (timer.next !== undefined) timer.next.previous = timer.previous;
}

/** Stops timer `id` if it is running. */
function stop(id) {
  const timer = MapPrototypeGet(timers, id);
  if (timer === undefined) return;
  unlink(timer);
  ops.op_timer_clear(timer.ctx.id, id);
}

/** Host: timer `id` is due. */
function fire(id) {
  const timer = MapPrototypeGet(timers, id);
  // Cleared after the host had sent the message.
  if (timer === undefined) return;
  if (!timer.repeat) unlink(timer);
  ops.op_set_frame(timer.frame);
  try {
    if (timer.args === undefined) FunctionPrototypeCall(timer.callback, globalThis);
    else ReflectApply(timer.callback, globalThis, timer.args);
  } catch (error) {
    if (require("core/worker").state.tails) require("cloudflare/trace").exception(error);
    ops.op_report_uncaught(error);
  }
}

/** The frame in which timer `id` was started, undefined if it was cleared. */
function frameOf(id) {
  return MapPrototypeGet(timers, id)?.frame;
}

/** Forgets the timers of a context that is over; the host has forgotten them, too. */
function dropContext(ctx) {
  for (let timer = ctx.timers; timer !== undefined; timer = timer.next) MapPrototypeDelete(timers, timer.id);
  ctx.timers = undefined;
}

function checkReceiver(receiver) {
  if (receiver !== undefined && receiver !== null && receiver !== globalThis) throw illegalInvocation();
}

function startFrom(name, list, repeat) {
  const callback = list[0];
  if (typeof callback !== "function") throw functionError(name, 1, "function");
  const delay = list.length > 1 && list[1] !== undefined ? toDouble(list[1]) : 0;
  let args;
  if (list.length > 2) {
    args = [];
    for (let i = 2; i < list.length; i++) args[i - 2] = list[i];
  }
  return start(context.requireContext(), callback, args, delay, repeat);
}

function clear(name, count, id) {
  if (count === 0) throw functionError(name, 1, "Number");
  stop(toDouble(id));
}

// Methods, so that they are no constructors; without formal parameters, so that their length is 0.
module.exports = {
  setTimeout(...args) {
    checkReceiver(this);
    return startFrom("setTimeout", args, false);
  },

  setInterval(...args) {
    checkReceiver(this);
    return startFrom("setInterval", args, true);
  },

  clearTimeout(...args) {
    checkReceiver(this);
    clear("clearTimeout", args.length, args[0]);
  },

  clearInterval(...args) {
    checkReceiver(this);
    clear("clearInterval", args.length, args[0]);
  },

  queueMicrotask(...args) {
    checkReceiver(this);
    const callback = args[0];
    if (typeof callback !== "function") throw functionError("queueMicrotask", 1, "function");
    const frame = ops.op_get_frame();
    ops.op_enqueue_microtask(() => {
      ops.op_set_frame(frame);
      try {
        FunctionPrototypeCall(callback, globalThis);
      } catch (error) {
        require("web/event").internals.reportException(error);
      }
    });
  },

  reportError(...args) {
    checkReceiver(this);
    if (args.length === 0) throw functionError("reportError", 1, "Value");
    require("web/event").internals.reportException(args[0]);
  },

  fire,
  dropContext,
  frameOf,
  internals: { start, stop },
};

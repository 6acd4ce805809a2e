"use strict";
// process.nextTick. There is no queue of its own: a tick is a microtask of the request that asked for it.

const { FunctionPrototypeCall, ReflectApply } = primordials;
const { reportException } = require("web/event").internals;

/** Calls `callback` with `args` (undefined: none) after the code that runs; what it throws is reported. */
function tick(callback, args) {
  const frame = ops.op_get_frame();
  ops.op_enqueue_microtask(() => {
    ops.op_set_frame(frame);
    try {
      if (args === undefined) FunctionPrototypeCall(callback, globalThis);
      else ReflectApply(callback, globalThis, args);
    } catch (error) {
      reportException(error);
    }
  });
}

module.exports = { tick };

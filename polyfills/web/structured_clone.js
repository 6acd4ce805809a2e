"use strict";
// structuredClone, https://html.spec.whatwg.org/#dom-structuredclone. Only array buffers can be transferred; a view stands for its buffer.

const { ArrayBufferIsView, ArrayIsArray, ArrayPrototypeIncludes, TypeError, TypedArrayPrototypeGetBuffer } = primordials;
const { bytesOf, fieldError, functionError, isObject } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { onRefusal } = require("core/clone");
const { state } = require("core/worker");

function bufferOf(item) {
  if (!ArrayBufferIsView(item)) {
    if (!isObject(item) || ops.op_value_kind(item) !== "ArrayBuffer") throw new TypeError("Object is not transferable");
    return item;
  }
  const buffer = TypedArrayPrototypeGetBuffer(bytesOf(item));
  if (ops.op_value_kind(buffer) !== "ArrayBuffer") throw makeError("DataCloneError", "Object is not transferable.");
  return buffer;
}

function transferOf(options) {
  if (options === undefined || options === null) return undefined;
  if (!isObject(options)) throw functionError("structuredClone", 2, "StructuredCloneOptions");
  const { transfer } = options;
  if (transfer === undefined) return undefined;
  if (!ArrayIsArray(transfer)) throw fieldError("transfer", "StructuredCloneOptions", "Array");
  const buffers = [];
  for (let i = 0; i < transfer.length; i++) {
    const buffer = bufferOf(transfer[i]);
    if (!ArrayPrototypeIncludes(buffers, buffer)) buffers[buffers.length] = buffer;
  }
  return buffers;
}

/** Errors are cloned with all of their properties, which V8 does not write: a value in which it meets one is copied first. */
function cloneWithErrors(value, transfer) {
  let refused = false;
  const before = onRefusal(() => {
    refused = true;
  });
  try {
    return ops.op_structured_clone(value, transfer, false, true);
  } catch (error) {
    if (!refused) throw error;
  } finally {
    onRefusal(before);
  }
  return ops.op_structured_clone(require("cloudflare/rpc_copy").copy(value, "env"), transfer, false, false);
}

module.exports = {
  // A method without formal parameters: no constructor, length 0.
  structuredClone(...args) {
    if (this !== undefined && this !== null && this !== globalThis) throw illegalInvocation();
    if (args.length === 0) throw functionError("structuredClone", 1, "Value");
    const transfer = transferOf(args[1]);
    return state.flags.enhanced_error_serialization ? cloneWithErrors(args[0], transfer) : ops.op_structured_clone(args[0], transfer, false, false);
  },
};

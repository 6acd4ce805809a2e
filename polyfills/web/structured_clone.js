"use strict";
// structuredClone, https://html.spec.whatwg.org/#dom-structuredclone. Only array buffers can be transferred; a view stands for its buffer.

const { ArrayBufferIsView, ArrayIsArray, ArrayPrototypeIncludes, TypeError, TypedArrayPrototypeGetBuffer } = primordials;
const { bytesOf, fieldError, functionError, isObject } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");

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

module.exports = {
  // A method without formal parameters: no constructor, length 0.
  structuredClone(...args) {
    if (this !== undefined && this !== null && this !== globalThis) throw illegalInvocation();
    if (args.length === 0) throw functionError("structuredClone", 1, "Value");
    return ops.op_structured_clone(args[0], transferOf(args[1]), false);
  },
};

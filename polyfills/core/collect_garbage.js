"use strict";
// The global function `gc` of V8's flag --expose-gc, with which tests look at what is collected.

const { ObjectDefineProperty } = primordials;

function gc() {
  ops.op_collect_garbage();
}

/** Puts it on the global scope. */
function install() {
  ObjectDefineProperty(globalThis, "gc", { __proto__: null, value: gc, writable: true, enumerable: false, configurable: true });
}

module.exports = { install };

"use strict";
// What modules of Node have whose work the platform does not do: functions that fail with ERR_METHOD_NOT_IMPLEMENTED.

const { ObjectDefineProperty, ObjectKeys } = primordials;
const errors = require.lazy("node/internal_errors");

function fail(what) {
  throw new (errors().ERR_METHOD_NOT_IMPLEMENTED)(what);
}

/** A function that fails; `what` is its name in the message. */
function stub(name, what, length = 0) {
  const result = function () {
    fail(what);
  };
  ObjectDefineProperty(result, "name", { __proto__: null, value: name, configurable: true });
  ObjectDefineProperty(result, "length", { __proto__: null, value: length, configurable: true });
  return result;
}

/** Defines methods that fail on a prototype: `lengths` is { name: number of parameters }. */
function stubMethods(proto, prefix, lengths) {
  const names = ObjectKeys(lengths);
  for (let i = 0; i < names.length; i++) {
    // No constructors, as methods are not.
    const { method } = {
      method() {
        fail(prefix + names[i]);
      },
    };
    ObjectDefineProperty(method, "name", { __proto__: null, value: names[i], configurable: true });
    ObjectDefineProperty(method, "length", { __proto__: null, value: lengths[names[i]], configurable: true });
    ObjectDefineProperty(proto, names[i], { __proto__: null, value: method, writable: true, configurable: true });
  }
}

module.exports = { fail, stub, stubMethods };

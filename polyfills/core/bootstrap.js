"use strict";
// Runs first, while the startup snapshot is made: builds `require`, the global scope and the table of functions through
// which the engine calls JavaScript. Its result, an array ordered as Hook in isolate/internal/engine/realm.h, stays in the snapshot.

const loaded = { __proto__: null };

/** Another polyfill's exports; its file is compiled when it is first asked for. */
function require(id) {
  const known = loaded[id];
  if (known !== undefined) return known.exports;
  const run = ops.op_compile_polyfill(id);
  if (run === undefined) throw new Error(`No polyfill ${id}`);
  const module = { __proto__: null, exports: {} };
  loaded[id] = module;
  run(module.exports, require, module, primordials, ops);
  return module.exports;
}

/**
 * A function that gives the exports of a polyfill, or one of them, without loading it before it is called; its `peek` gives
 * undefined instead of loading, for questions such as "is this a Blob?".
 */
require.lazy = (id, member) => {
  let value;
  const pick = (exports) => (value = member === undefined ? exports : exports[member]);
  const get = () => (value === undefined ? pick(require(id)) : value);
  get.peek = () => (value === undefined && loaded[id] !== undefined ? pick(loaded[id].exports) : value);
  return get;
};

// The parameter of that name is undefined here: this file is what fills it.
primordials = require("core/primordials");
const { ObjectDefineProperty, ObjectSetPrototypeOf } = primordials;
const { ServiceWorkerGlobalScope, initGlobalScope } = require("web/global_scope");

ObjectSetPrototypeOf(globalThis, ServiceWorkerGlobalScope.prototype);
initGlobalScope(globalThis);

function defineGlobal(name, file, lazy, own) {
  const target = own ? globalThis : ServiceWorkerGlobalScope.prototype;
  // All are enumerable, as on the reference runtime; of those on the global object itself, console is not.
  const enumerable = name !== "console";
  const value = (v) => ({ __proto__: null, value: v, writable: true, configurable: true, enumerable });
  if (!lazy) {
    ObjectDefineProperty(target, name, value(require(file)[name]));
    return;
  }
  ObjectDefineProperty(target, name, {
    __proto__: null,
    configurable: true,
    enumerable,
    get() {
      const v = require(file)[name];
      ObjectDefineProperty(target, name, value(v));
      return v;
    },
    set(v) {
      // An assignment makes an own property of the global object, as it does over an inherited data property.
      ObjectDefineProperty(globalThis, name, { __proto__: null, value: v, writable: true, configurable: true, enumerable: true });
    },
  });
}

// `core/globals` is the manifest as rows [name, file, lazy, own, flag]; core/worker takes away what the flags do not give.
const rows = require("core/globals");
for (let i = 0; i < rows.length; i++) defineGlobal(rows[i][0], rows[i][1], rows[i][2], rows[i][3]);

const dispatch = require("core/dispatch");
const clone = require("core/clone");
const { makeError } = require("core/errors");

module.exports = [
  dispatch.handlers,
  dispatch.modules.builtin,
  dispatch.loaded,
  dispatch.unhandledRejection,
  dispatch.uncaught,
  clone.isHostObject,
  clone.writeHostObject,
  clone.readHostObject,
  clone.throwDataCloneError,
  makeError,
  dispatch.modules.commonJS,
  require("core/stack").prepareStackTrace,
  dispatch.modules.bareBuiltin,
  dispatch.modules.moduleURL,
  require("core/report").describeDOMException,
  require("core/worker").installed,
];

dispatch.warmUp();

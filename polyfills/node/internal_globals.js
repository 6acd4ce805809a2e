"use strict";
// What nodejs_compat_v2 makes global. Each is defined when it is first read, so that a worker that does not use it pays nothing.

const { ObjectDefineProperty } = primordials;

function set(name, value) {
  ObjectDefineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

function define(name, read) {
  ObjectDefineProperty(globalThis, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = read();
      set(name, value);
      return value;
    },
    set: (value) => set(name, value),
  });
}

/** Puts the names on the global object. */
function install() {
  define("Buffer", () => require("node/internal_buffer").Buffer);
  define("process", () => require("node/process").default);
  set("global", globalThis);
}

module.exports = { install };

"use strict";
// What nodejs_compat_v2 makes global. Each is defined when it is first read, so that a worker that does not use it pays nothing.

const { ObjectDefineProperty } = primordials;
const { state } = require("core/worker");

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

const kTimers = ["setTimeout", "setInterval", "clearTimeout", "clearInterval"];

/** Puts the names on the global object. */
function install() {
  define("setImmediate", () => require("node/internal_timers").setImmediate);
  define("clearImmediate", () => require("node/internal_timers").clearImmediate);
  if (state.flags.enable_nodejs_global_timers) for (let i = 0; i < kTimers.length; i++) define(kTimers[i], () => require("node/internal_timers")[kTimers[i]]);
  define("Buffer", () => require("node/internal_buffer").Buffer);
  define("process", () => require("node/process").default);
  set("global", globalThis);
}

module.exports = { install };

"use strict";
// node:timers, https://nodejs.org/docs/latest-v22.x/api/timers.html

const { Error, FunctionPrototypeBind, FunctionPrototypeSymbolHasInstance } = primordials;
const timers = require("node/internal_timers");
const { Timeout, clearInterval, clearTimeout, setInterval, setTimeout } = timers;

const setImmediate = FunctionPrototypeBind(timers.setImmediate, undefined);
const clearImmediate = FunctionPrototypeBind(timers.clearImmediate, undefined);
const promises = { __proto__: null, ...require("node/timers_promises") };

// Deprecated in favour of timeout.refresh().
function active(timer) {
  if (FunctionPrototypeSymbolHasInstance(Timeout, timer)) timer.refresh();
}

// Deprecated in favour of clearTimeout().
function unenroll(timer) {
  clearTimeout(timer);
}

function enroll(_item, _msecs) {
  throw new Error("Not implemented. Please use setTimeout() instead.");
}

const exported = { promises, setTimeout, clearTimeout, setImmediate, clearImmediate, setInterval, clearInterval, active, unenroll, enroll };

module.exports = { ...exported, Timeout, default: exported };

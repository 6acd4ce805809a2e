"use strict";
// Built-in modules as user code imports them, and CommonJS require(). Rows are polyfills/manifest.go.

const { ObjectKeys, StringPrototypeStartsWith, StringPrototypeSlice } = primordials;
const { state } = require("core/worker");
// Specifier -> [file, needs nodejs_compat].
const table = require("core/module_table");

function find(specifier) {
  let row = table[specifier];
  if (row === undefined && state.flags.nodejs_compat) row = table[`node:${specifier}`];
  if (row === undefined || (row[1] && !state.flags.nodejs_compat)) return undefined;
  return row[0];
}

/** The exports of a built-in; undefined if there is none, or its flag is off. Those of node have them as `default`, too. */
function builtin(specifier) {
  const file = find(specifier);
  if (file === undefined) return undefined;
  const exports = require(file);
  const namespace = { __proto__: null };
  const names = ObjectKeys(exports);
  for (let i = 0; i < names.length; i++) namespace[names[i]] = exports[names[i]];
  if (!("default" in namespace) && !StringPrototypeStartsWith(specifier, "cloudflare:")) namespace.default = exports;
  return namespace;
}

/** The `require` of one CommonJS module. */
function requireFor(referrer) {
  return function require(specifier) {
    const preferDefault = find(`${specifier}`) !== undefined || state.flags.require_returns_default_export === true;
    return ops.op_require(referrer, `${specifier}`, preferDefault);
  };
}

module.exports = { builtin, requireFor };

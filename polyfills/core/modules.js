"use strict";
// Built-in modules as user code imports them, and what CommonJS modules get. Rows are polyfills/manifest.go.

const { ObjectDefineProperty, ObjectKeys, StringPrototypeStartsWith } = primordials;
const { define, parameterError } = require("core/webidl");
const { state } = require("core/worker");
// Specifier -> [file, needs nodejs_compat, flag that it needs besides or ""].
const table = require("core/module_table");

// Whether the flags of this worker let it have a built-in.
function isThere(specifier, row) {
  if (row[1] && !state.flags.nodejs_compat && !state.flags.nodejs_compat_v2) return specifier === "node:async_hooks" && state.flags.nodejs_als === true;
  return row[2] === "" || state.flags[row[2]] === true;
}

/**
 * Engine: the exports of a built-in by its full specifier; undefined if there is none, or its flag is off.
 * Those of Node have their exports as `default` too.
 */
function builtin(specifier) {
  const row = table[specifier];
  if (row === undefined || !isThere(specifier, row)) return undefined;
  const exports = require(row[0]);
  const namespace = { __proto__: null };
  const names = ObjectKeys(exports);
  for (let i = 0; i < names.length; i++) namespace[names[i]] = exports[names[i]];
  if (!("default" in namespace) && !StringPrototypeStartsWith(specifier, "cloudflare:")) namespace.default = exports;
  return namespace;
}

// Modules of Node that have no name without the scheme. https://nodejs.org/api/modules.html#built-in-modules-with-mandatory-node-prefix
const prefixOnly = { __proto__: null, sea: true, sqlite: true, test: true, "test/reporters": true };

/** Engine: "node:fs" for "fs" under nodejs_compat_v2; undefined if it is not the bare name of a built-in. */
function bareBuiltin(specifier) {
  if (!state.flags.nodejs_compat_v2 || prefixOnly[specifier]) return undefined;
  const name = specifier === "sys" ? "node:util" : `node:${specifier}`;
  const row = table[name];
  return row === undefined || !isThere(name, row) ? undefined : name;
}

/** Engine: an absolute URL, or undefined. */
function moduleURL(specifier, base) {
  return require("web/url").internals.parseHref(specifier, base);
}

/** `module` of a CommonJS module. */
class CommonJsModuleObject {
  constructor(path) {
    ObjectDefineProperty(this, "path", { __proto__: null, value: path, writable: false, enumerable: true, configurable: true });
    this.exports = {};
  }
}
define(CommonJsModuleObject, "CommonJsModuleObject");

/** Engine: `module` and `require` of the CommonJS module `key`. */
function commonJS(key, path) {
  // A method, so that it is no constructor; without formal parameters, so that its length is 0.
  const { require } = {
    require(...args) {
      if (args.length === 0) throw parameterError("require", "CommonJsModuleContext", 1, "string");
      return ops.op_require(key, `${args[0]}`);
    },
  };
  return [new CommonJsModuleObject(path), require];
}

module.exports = { builtin, bareBuiltin, moduleURL, commonJS };

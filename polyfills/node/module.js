"use strict";
// node:module: createRequire, and what there is no loader for. https://nodejs.org/docs/latest-v22.x/api/module.html

const { ArrayPrototypeIncludes, Error, ObjectDefineProperty, ObjectFreeze, ObjectKeys, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;
const builtinModules = require("node/internal_builtin_modules");
const errors = require.lazy("node/internal_errors");
const { state } = require("core/worker");
const { stub } = require("node/internal_stubs");
const { URL } = require("web/url");

const _extensions = {
  ".js": stub(".js", "module._extensions.js"),
  ".json": stub(".json", "module._extensions.json"),
  ".node": stub(".node", "module._extensions.node"),
};

const kNotAPath = "The argument must be a file URL object, a file URL string, or an absolute path string.";

// The name of a module, as the loader has it: a URL, or a path without the slash before it.
function moduleKey(path) {
  const url = new URL(path, "file:///");
  if (state.flags.new_module_registry) return url.href;
  if (url.search !== "" || url.hash !== "") throw new Error("The specifier must not have query string parameters or hash fragments.");
  return StringPrototypeSlice(url.pathname, 1);
}

/** A `require` for modules as seen from a path. */
function createRequire(path) {
  const text = `${path}`;
  if (!StringPrototypeStartsWith(text, "/") && !StringPrototypeStartsWith(text, "file:")) {
    throw new (errors().ERR_INVALID_ARG_VALUE)("path", text, kNotAPath);
  }
  const key = moduleKey(text);
  const { require: result } = {
    require(...args) {
      return ops.op_require(key, `${args[0]}`);
    },
  };
  ObjectDefineProperty(result, "name", { __proto__: null, value: "", configurable: true });
  return result;
}

/** Defines members that can be set but not deleted. */
function defineAll(target, members) {
  const names = ObjectKeys(members);
  for (let i = 0; i < names.length; i++) {
    ObjectDefineProperty(target, names[i], { __proto__: null, value: members[names[i]], writable: true, enumerable: true });
  }
}

defineAll(createRequire, {
  resolve: stub("value", "module.createRequire.resolve"),
  paths: stub("value", "module.createRequire.resolve.paths"),
  cache: { __proto__: null },
  extensions: _extensions,
  main: undefined,
});

function isBuiltin(specifier) {
  const name = `${specifier}`;
  return StringPrototypeStartsWith(name, "node:") || name === "sqlite" || ArrayPrototypeIncludes(builtinModules, name);
}

function enableCompileCache() {}

function flushCompileCache() {}

function getCompileCacheDir() {
  return undefined;
}

function getSourceMapsSupport() {
  return ObjectFreeze({ __proto__: null, enabled: false, nodeModules: false, generatedCode: false });
}

const Module = stub("Module", "module.Module");
Module.prototype.load = function load() {};
Module.prototype.require = function require() {};
Module.prototype._compile = function _compile() {};
ObjectDefineProperty(Module.prototype, "isPreloading", {
  __proto__: null,
  get() {
    return false;
  },
});

const compileCacheStatus = ObjectFreeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 });

const members = {
  Module,
  _cache: { __proto__: null },
  _extensions,
  _pathCache: { __proto__: null },
  builtinModules,
  constants: ObjectFreeze({ __proto__: null, compileCacheStatus }),
  createRequire,
  enableCompileCache,
  flushCompileCache,
  getCompileCacheDir,
  getSourceMapsSupport,
  globalPaths: [],
  isBuiltin,
};
const failing = [
  "SourceMap",
  "_debug",
  "_findPath",
  "_initPaths",
  "_load",
  "_nodeModulePaths",
  "_preloadModules",
  "_resolveFilename",
  "_resolveLookupPaths",
  "findPackageJSON",
  "findSourceMap",
  "register",
  "registerHooks",
  "runMain",
  "setSourceMapsSupport",
  "stripTypeScriptTypes",
  "syncBuiltinESMExports",
  "wrap",
];
for (let i = 0; i < failing.length; i++) members[failing[i]] = stub(failing[i], `module.${failing[i]}`);
defineAll(Module, members);

module.exports = { ...members, default: Module };

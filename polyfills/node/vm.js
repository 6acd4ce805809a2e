"use strict";
// node:vm: arguments are checked, and nothing is run. https://nodejs.org/docs/latest-v22.x/api/vm.html

const { ArrayBufferIsView, ObjectCreate, ObjectFreeze, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const { Buffer } = require("node/internal_buffer");
const { fail } = require("node/internal_stubs");
const { kAllowArray, kAllowNullable, validateArray, validateBoolean, validateInteger, validateObject, validateOneOf, validateString } =
  require("node/internal_validators");

const kMinInt32 = -2147483648;
const kMaxInt32 = 2147483647;
const kMaxUint32 = 4294967295;
const kContext = Symbol("vm_context_symbol");

const constants = ObjectFreeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol("vm_dynamic_import_main_context_default"),
  DONT_CONTEXTIFY: Symbol("vm_context_no_contextify"),
});

function isContext(object) {
  validateObject(object, "object", kAllowArray);
  return object[kContext] === true;
}

function checkContext(object) {
  if (!isContext(object)) throw new (errors().ERR_INVALID_ARG_TYPE)("contextifiedObject", "vm.Context", object);
}

function checkBuffer(value, name) {
  if (!ArrayBufferIsView(value)) throw new (errors().ERR_INVALID_ARG_TYPE)(name, ["Buffer", "TypedArray", "DataView"], value);
}

function checkSource({ filename, lineOffset = 0, columnOffset = 0, cachedData, produceCachedData = false }) {
  validateString(filename, "options.filename");
  validateInteger(lineOffset, "options.lineOffset", kMinInt32, kMaxInt32);
  validateInteger(columnOffset, "options.columnOffset", kMinInt32, kMaxInt32);
  if (cachedData !== undefined) checkBuffer(cachedData, "options.cachedData");
  validateBoolean(produceCachedData, "options.produceCachedData");
}

function checkRun(options) {
  validateObject(options, "options");
  const { breakOnSigint = false, displayErrors = true, timeout } = options;
  validateBoolean(breakOnSigint, "options.breakOnSigint");
  validateBoolean(displayErrors, "options.displayErrors");
  if (timeout !== undefined) validateInteger(timeout, "options.timeout", 1, kMaxUint32);
  fail("runInThisContext");
}

class Script {
  cachedDataRejected = undefined;
  cachedDataProduced = undefined;
  cachedData = undefined;
  sourceMapURL = undefined;

  constructor(code, options = {}) {
    code = `${code}`;
    if (typeof options === "string") options = { filename: options };
    else validateObject(options, "options");
    const { filename = "evalmachine.<anonymous>", importModuleDynamically = false } = options;
    validateBoolean(importModuleDynamically, "options.importModuleDynamically");
    checkSource({ ...options, filename });
  }

  createCachedData() {
    return Buffer.alloc(0);
  }

  runInThisContext(options = {}) {
    checkRun(options);
  }

  runInContext(contextifiedObject, options = {}) {
    checkContext(contextifiedObject);
    checkRun(options);
  }

  runInNewContext(contextObject, options = {}) {
    return this.runInContext(createContext(contextObject, contextOptions(options)), options);
  }
}

function contextOptions(options) {
  const { contextName: name, contextOrigin: origin, contextCodeGeneration: codeGeneration, microtaskMode } = options;
  if (name !== undefined) validateString(name, "options.contextName");
  if (origin !== undefined) validateString(origin, "options.contextOrigin");
  if (codeGeneration !== undefined) {
    validateObject(codeGeneration, "options.contextCodeGeneration");
    const { strings, wasm } = codeGeneration;
    if (strings !== undefined) validateBoolean(strings, "options.contextCodeGeneration.strings");
    if (wasm !== undefined) validateBoolean(wasm, "options.contextCodeGeneration.wasm");
  }
  if (microtaskMode !== undefined) validateString(microtaskMode, "options.microtaskMode");
  return { name, origin, codeGeneration, microtaskMode };
}

function createContext(contextObject = {}, options = {}) {
  if (contextObject !== constants.DONT_CONTEXTIFY && isContext(contextObject)) return contextObject;
  validateObject(options, "options");
  const { name = "VM Context", origin, codeGeneration, microtaskMode, importModuleDynamically = false } = options;
  validateString(name, "options.name");
  if (origin !== undefined) validateString(origin, "options.origin");
  if (codeGeneration !== undefined) validateObject(codeGeneration, "options.codeGeneration");
  validateBoolean(importModuleDynamically, "options.importModuleDynamically");
  if (codeGeneration !== undefined) {
    const { strings = true, wasm = true } = codeGeneration;
    validateBoolean(strings, "options.codeGeneration.strings");
    validateBoolean(wasm, "options.codeGeneration.wasm");
  }
  validateOneOf(microtaskMode, "options.microtaskMode", ["afterEvaluate", undefined]);
  return ObjectCreate(null, { [kContext]: { __proto__: null, value: true } });
}

function createScript(code, options = {}) {
  return new Script(code, options);
}

function runInContext(code, contextifiedObject, options = {}) {
  checkContext(contextifiedObject);
  if (typeof options === "string") options = { filename: options };
  return createScript(code, options).runInContext(contextifiedObject, options);
}

function runInNewContext(code, contextObject, options) {
  options = typeof options === "string" ? { filename: options } : { ...options };
  return createScript(code, options).runInNewContext(createContext(contextObject, contextOptions(options)), options);
}

function runInThisContext(code, options = {}) {
  if (typeof options === "string") options = { filename: options };
  return createScript(code, options).runInThisContext(options);
}

function compileFunction(code, params = [], options = {}) {
  validateString(code, "code");
  validateObject(options, "options");
  validateArray(params, "params");
  for (let i = 0; i < params.length; i++) validateString(params[i], `params[${i}]`);
  const { filename = "", parsingContext, contextExtensions = [], importModuleDynamically = false } = options;
  checkSource({ ...options, filename });
  validateBoolean(importModuleDynamically, "options.importModuleDynamically");
  if (parsingContext !== undefined && (typeof parsingContext !== "object" || parsingContext === null || !isContext(parsingContext))) {
    throw new (errors().ERR_INVALID_ARG_TYPE)("options.parsingContext", "Context", parsingContext);
  }
  validateArray(contextExtensions, "options.contextExtensions");
  for (let i = 0; i < contextExtensions.length; i++) validateObject(contextExtensions[i], `options.contextExtensions[${i}]`, kAllowNullable);
  fail("compileFunction");
}

function measureMemory(options = {}) {
  validateObject(options, "options");
  const { mode = "summary", execution = "default" } = options;
  validateOneOf(mode, "options.mode", ["summary", "detailed"]);
  validateOneOf(execution, "options.execution", ["default", "eager"]);
  fail("measureMemory");
}

module.exports = {
  Script,
  compileFunction,
  constants,
  createContext,
  createScript,
  isContext,
  measureMemory,
  runInContext,
  runInNewContext,
  runInThisContext,
};

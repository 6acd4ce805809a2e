"use strict";
// What both forms of `process` have. https://nodejs.org/docs/latest-v22.x/api/process.html

const { ArrayIsArray, Error, ErrorCaptureStackTrace, FunctionPrototypeSymbolHasInstance, ObjectFreeze, ReflectApply, StringPrototypeStartsWith } = primordials;
const { current: currentContext } = require("core/context");
const errors = require.lazy("node/internal_errors");
const { queueMicrotask } = require("web/timers");

/** Calls `callback` with the arguments when what runs now is over: here a tick is a microtask. */
function nextTick(callback, ...args) {
  queueMicrotask(() => ReflectApply(callback, undefined, args));
}

/** Cancels the request that is current; none of the worker's code runs on. Nothing in global scope. */
function exit(code) {
  const context = currentContext();
  if (context === undefined) return;
  const reason = new Error(`The Node.js process.exit(${code | 0}) API was called. Canceling the request.`);
  const { abort, stop } = require("cloudflare/execution_context");
  if (context.actor === undefined) abort(context, reason);
  // A Durable Object has one context for all its events: it is the object that ends.
  context.actor.reset(reason);
  stop();
}

/** A built-in by its name, with or without "node:"; undefined if the worker does not have it. */
function getBuiltinModule(id) {
  const modules = require("core/modules");
  const bare = modules.bareBuiltin(`${id}`);
  const specifier = bare ?? `${id}`;
  const namespace = modules.builtin(specifier);
  return namespace !== undefined && StringPrototypeStartsWith(specifier, "node:") ? namespace.default : namespace;
}

const features = ObjectFreeze({
  cached_builtins: true,
  debug: false,
  inspector: false,
  ipv6: true,
  openssl_is_boringssl: true,
  require_module: false,
  tls: true,
  tls_alpn: true,
  tls_ocsp: true,
  tls_sni: true,
  typescript: false,
  uv: true,
});

function checkConstructor(value) {
  if (value !== undefined && typeof value !== "function") throw new (errors().ERR_INVALID_ARG_TYPE)("ctor", "function", value);
  return value;
}

// The overloads of emitWarning as { type, code, detail, ctor }.
function warningOptions(options, codeOrCtor, ctor) {
  if (typeof options === "object" && !ArrayIsArray(options)) return options;
  if (typeof options === "function") return { ctor: options };
  if (typeof options === "string") {
    if (typeof codeOrCtor === "string") return { type: options, code: codeOrCtor, ctor: checkConstructor(ctor) };
    return { type: options, ctor: checkConstructor(codeOrCtor) };
  }
  if (options !== undefined) throw new (errors().ERR_INVALID_ARG_TYPE)("options", "object", options);
  return {};
}

function makeWarning(warning, type, ctor) {
  if (typeof warning === "string") {
    const error = new (ctor || Error)(warning);
    error.name = type || "Warning";
    return error;
  }
  if (!FunctionPrototypeSymbolHasInstance(Error, warning)) throw new (errors().ERR_INVALID_ARG_TYPE)("warning", "string or Error", warning);
  if (type && type !== "Warning") warning.name = type;
  return warning;
}

/** Emits a "warning" on the process, later. */
function emitWarning(warning, options, codeOrCtor, maybeCtor) {
  const given = warningOptions(options, codeOrCtor, maybeCtor);
  // As null has no type, it is refused here.
  const type = given.type;
  const { code, detail, ctor } = given;
  const error = makeWarning(warning, type, ctor);
  if (code) error.code = code;
  if (detail && typeof detail === "string") error.detail = detail;
  ErrorCaptureStackTrace(error, ctor || emitWarning);
  queueMicrotask(() => require("node/process").default.emit("warning", error));
}

module.exports = { nextTick, exit, getBuiltinModule, features, emitWarning };

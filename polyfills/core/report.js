"use strict";
// Exceptions on their way out of the realm: to the log, or to whoever called.

const context = require("core/context");
const { isPlatformError } = require("core/errors");

function text(value) {
  try {
    return `${value}`;
  } catch {
    return "[object]";
  }
}

function property(object, name) {
  try {
    return object[name];
  } catch {
    return undefined;
  }
}

function isErrorLike(value) {
  if (typeof value !== "object" || value === null) return false;
  return ops.op_value_kind(value) === "NativeError" || require("web/dom_exception").internals.isDOMException(value);
}

/**
 * What the host needs to know of an exception. `detail` is undefined for an error of the platform; otherwise it is the exception itself, serialised, if it can be; a caller that is
 * a worker gets that.
 * @returns {{ name: string, message: string, stack: string, detail: Uint8Array | null | undefined }}
 */
function describeError(error) {
  const detail = detailOf(error);
  const { name, message } = wordsOf(error);
  const stack = isErrorLike(error) ? property(error, "stack") : undefined;
  return { name, message, stack: typeof stack === "string" ? stack : `${name}: ${message}`, detail };
}

/** Name and message of an exception. Of one that is no error nothing is read. */
function wordsOf(error) {
  if (!isErrorLike(error)) return { name: "Error", message: require("cloudflare/rpc_codec").displayText(error) };
  const message = property(error, "message");
  return { name: text(property(error, "name")), message: typeof message === "string" ? message : "" };
}

function detailOf(error) {
  if (isPlatformError(error)) return undefined;
  try {
    return require("cloudflare/rpc_codec").serializeError(error);
  } catch {
    return null; // It has no serialised form: the caller gets class and message.
  }
}

/** Engine: how a DOMException is shown that kept the worker from starting; undefined for any other value. */
function describeDOMException(value) {
  const dom = require("web/dom_exception").internals;
  return dom.isDOMException(value) ? `DOMException(${text(property(value, "name"))}): ${text(property(value, "message"))}` : undefined;
}

/** Tells the host about an exception that nobody caught; `what` is "exception" or "unhandledrejection". */
function reportUncaught(what, error) {
  const ctx = context.current();
  let shown;
  if (isErrorLike(error)) {
    const stack = property(error, "stack");
    shown = typeof stack === "string" ? stack : text(error);
  } else {
    shown = require("cloudflare/rpc_codec").displayText(error);
  }
  ops.op_uncaught(ctx === undefined ? 0 : ctx.id, what, shown);
}

module.exports = { wordsOf, describeError, describeDOMException, reportUncaught, isErrorLike };

"use strict";
// Errors by name: Go and C++ say which class and message, this makes the object.

const { AggregateError, Error, RangeError, ReferenceError, SyntaxError, TypeError, EvalError, URIError, WeakSet, WeakSetPrototypeAdd, WeakSetPrototypeHas } = primordials;

const classes = { __proto__: null, Error, RangeError, ReferenceError, SyntaxError, TypeError, EvalError, URIError };

/** Whether `name` is that of a built-in error class. */
function isStandard(name) {
  return classes[name] !== undefined || name === "AggregateError" || name === "SuppressedError";
}

/** An error of a built-in class, or a DOMException of that name. */
function makeError(name, message) {
  const Class = classes[name];
  if (Class !== undefined) return new Class(message);
  // V8 adds this class when a realm begins, after the snapshot.
  if (name === "SuppressedError") return new globalThis.SuppressedError(undefined, undefined, message);
  if (name === "AggregateError") return new AggregateError([], message);
  const { DOMException } = require("web/dom_exception");
  return new DOMException(message, name);
}

const kIllegalInvocation =
  "Illegal invocation: function called with incorrect `this` reference. " +
  "See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.";

/** The error of a method called on a wrong receiver. */
function illegalInvocation() {
  return new TypeError(kIllegalInvocation);
}

// Errors that a realm reports but the platform has raised: their caller sees them as its own, not as remote.
const ofPlatform = new WeakSet();

/** Marks an error as the platform's. */
function platformError(error) {
  WeakSetPrototypeAdd(ofPlatform, error);
  return error;
}

function isPlatformError(value) {
  return typeof value === "object" && value !== null && WeakSetPrototypeHas(ofPlatform, value);
}

module.exports = { makeError, isStandard, illegalInvocation, platformError, isPlatformError };

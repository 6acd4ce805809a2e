"use strict";
// The module cloudflare:workflows: the error that says that a step is not to be tried again. https://developers.cloudflare.com/workflows/build/workers-api/#nonretryableerror

const { Error, ObjectDefineProperty } = primordials;

class NonRetryableError extends Error {
  constructor(message, name = "NonRetryableError") {
    super(message);
    ObjectDefineProperty(this, "name", { __proto__: null, value: name, writable: true, enumerable: true, configurable: true });
  }
}

module.exports = { NonRetryableError };

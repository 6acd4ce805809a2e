"use strict";
// node:wasi: not provided. https://nodejs.org/docs/latest-v22.x/api/wasi.html

const { fail, stubMethods } = require("node/internal_stubs");
const { validateArray, validateBoolean, validateInteger, validateObject, validateOneOf } = require("node/internal_validators");

const kMaxInt32 = 2147483647;

class WASI {
  constructor(options = { version: "unstable" }) {
    validateObject(options, "options");
    validateOneOf(options.version, "options.version", ["unstable", "preview1"]);
    if (options.args !== undefined) validateArray(options.args, "options.args");
    if (options.env !== undefined) validateObject(options.env, "options.env");
    if (options.preopens !== undefined) validateObject(options.preopens, "options.preopens");
    const { stdin = 0, stdout = 1, stderr = 2, returnOnExit } = options;
    validateInteger(stdin, "options.stdin", 0, kMaxInt32);
    validateInteger(stdout, "options.stdout", 0, kMaxInt32);
    validateInteger(stderr, "options.stderr", 0, kMaxInt32);
    if (returnOnExit !== undefined) validateBoolean(returnOnExit, "options.returnOnExit");
    fail("WASI");
  }

  getImportObject() {
    return {};
  }
}
stubMethods(WASI.prototype, "WASI.", { finalizeBindings: 1, start: 1, initialize: 1 });

module.exports = { WASI };

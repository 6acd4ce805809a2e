"use strict";
// atob and btoa, https://html.spec.whatwg.org/#atob

const { makeError } = require("core/errors");
const { functionError } = require("core/webidl");

const kMalformed =
  "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric ASCII, " +
  "and up to two terminal '=' signs when the input data length is divisible by 4 are allowed.)";

// They are made as methods, so that `new atob()` throws.
const { atob, btoa } = {
  atob(...args) {
    if (args.length < 1) throw functionError("atob", 1, "string");
    const text = ops.op_atob(`${args[0]}`);
    if (text === undefined) throw makeError("InvalidCharacterError", kMalformed);
    return text;
  },
  btoa(...args) {
    if (args.length < 1) throw functionError("btoa", 1, "String");
    const text = ops.op_btoa(`${args[0]}`);
    if (text === undefined) throw makeError("InvalidCharacterError", "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.");
    return text;
  },
};

module.exports = { atob, btoa };

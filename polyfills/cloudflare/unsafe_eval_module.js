"use strict";
// The module internal:unsafe-eval, of extensions, and workerd:unsafe-eval.

module.exports = { default: require("cloudflare/unsafe_eval").makeUnsafeEval() };

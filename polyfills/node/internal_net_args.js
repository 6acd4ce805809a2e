"use strict";
// The arguments of connect() and listen(), and the durations of timers. https://nodejs.org/docs/latest-v22.x/api/net.html

const { ArrayIsArray, Number, NumberIsFinite, Symbol } = primordials;
const errors = require.lazy("node/internal_errors");
const { validateNumber } = require("node/internal_validators");

const kNormalized = Symbol("normalizedArgs");
const kMaxTimeout = 2147483647;

const isPipeName = (value) => typeof value === "string" && !(Number(value) >= 0);

/** [options, callback or null] of (options), (path) or (port, host), each with or without a callback. */
function normalizeArgs(args) {
  const [first, second] = args;
  let options = {};
  if (typeof first === "object" && first !== null) options = first;
  else if (isPipeName(first)) options.path = first;
  else if (args.length > 0) {
    options.port = first;
    if (typeof second === "string") options.host = second;
  }
  const last = args[args.length - 1];
  const result = [options, typeof last === "function" ? last : null];
  result[kNormalized] = true;
  return result;
}

const isNormalized = (value) => ArrayIsArray(value) && value[kNormalized] === true;

/** Milliseconds for a timer, no longer than one can run. */
function timerDuration(msecs, name) {
  validateNumber(msecs, name);
  if (msecs < 0 || !NumberIsFinite(msecs)) throw new (errors().ERR_OUT_OF_RANGE)(name, "a non-negative finite number", msecs);
  return msecs > kMaxTimeout ? kMaxTimeout : msecs;
}

module.exports = { isNormalized, normalizeArgs, timerDuration };

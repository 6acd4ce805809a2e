"use strict";
// scheduler.wait, https://developers.cloudflare.com/workers/runtime-apis/scheduler/

const { Error, Promise, PromiseReject, String } = primordials;
const { define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toDouble } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const timers = require("web/timers").internals;
const abort = require("web/abort").internals;

function signalOf(options) {
  if (options === undefined || options === null) return undefined;
  if (!isObject(options)) throw parameterError("wait", "Scheduler", 2, "WaitOptions");
  const { signal } = options;
  if (signal !== undefined && !abort.isAbortSignal(signal)) throw fieldError("signal", "WaitOptions", "AbortSignal");
  return signal;
}

// Only objects come through the platform's abort unchanged; of any other reason it makes an Error.
function errorOf(reason) {
  return typeof reason === "object" && reason !== null ? reason : new Error(String(reason));
}

function wait(delay, signal) {
  const ctx = requireContext();
  if (signal === undefined) return new Promise((resolve) => timers.start(ctx, () => resolve(), undefined, delay, false));
  if (abort.isAborted(signal)) return PromiseReject(errorOf(abort.reasonOf(signal)));
  return new Promise((resolve, reject) => {
    const onAbort = (reason) => {
      timers.stop(id);
      reject(errorOf(reason));
    };
    const onTime = () => {
      abort.removeAlgorithm(signal, onAbort);
      resolve();
    };
    const id = timers.start(ctx, onTime, undefined, delay, false);
    abort.addAlgorithm(signal, onAbort);
  });
}

class Scheduler {
  // Only the brand.
  #scheduler;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  // A wrong argument rejects, a wrong receiver throws.
  wait(...args) {
    if (!isObject(this) || !(#scheduler in this)) throw illegalInvocation();
    try {
      if (args.length === 0) throw parameterError("wait", "Scheduler", 1, "number");
      return wait(toDouble(args[0]), signalOf(args[1]));
    } catch (error) {
      return PromiseReject(error);
    }
  }
}
define(Scheduler, "Scheduler");

module.exports = { Scheduler, scheduler: new Scheduler(kConstruct) };

"use strict";
// node:timers/promises, https://nodejs.org/docs/latest-v22.x/api/timers.html#timers-promises-api

const { Promise, PromiseReject, SymbolFor } = primordials;
const { AbortError, ERR_INVALID_THIS } = require("node/internal_errors");
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require("node/internal_validators");
const timers = require("node/internal_timers");

function checkOptions(options) {
  validateObject(options, "options");
  const { signal, ref } = options;
  if (signal !== undefined) validateAbortSignal(signal, "options.signal");
  if (ref !== undefined) validateBoolean(ref, "options.ref");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return signal;
}

// A promise of what `begin` starts; `stop` gets what that returned when the signal is aborted.
function abortable(signal, value, begin, stop) {
  return new Promise((resolve, reject) => {
    let onAbort;
    const timer = begin(() => {
      resolve(value);
      if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
    });
    if (signal === undefined) return;
    onAbort = () => {
      stop(timer);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Resolves with `value` after `delay` milliseconds. @throws through the promise: AbortError */
async function setTimeout(delay, value, options = {}) {
  if (delay !== undefined) validateNumber(delay, "delay");
  return abortable(checkOptions(options), value, (done) => timers.setTimeout(done, delay ?? 1), timers.clearTimeout);
}

/** Resolves with `value` as soon as what runs now is over. */
async function setImmediate(value, options = {}) {
  return abortable(checkOptions(options), value, timers.setImmediate, timers.clearImmediate);
}

/** Gives `value` every `delay` milliseconds, also for those at which nobody was waiting. */
async function* setInterval(delay, value, options = {}) {
  if (delay !== undefined) validateNumber(delay, "delay");
  const signal = checkOptions(options);
  let due = 0;
  let wake;
  const interval = new timers.Timeout(
    () => {
      due++;
      wake?.();
      wake = undefined;
    },
    delay,
    undefined,
    true,
    options.ref,
  );
  const onAbort = () => {
    timers.clearInterval(interval);
    wake?.(PromiseReject(new AbortError(undefined, { cause: signal.reason })));
    wake = undefined;
  };
  try {
    signal?.addEventListener("abort", onAbort, { once: true });
    while (!signal?.aborted) {
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
    }
    throw new AbortError(undefined, { cause: signal.reason });
  } finally {
    timers.clearInterval(interval);
    signal?.removeEventListener("abort", onAbort);
  }
}

const kScheduler = SymbolFor("kScheduler");

class Scheduler {
  [kScheduler] = true;

  yield() {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS("Scheduler");
    return setImmediate();
  }

  wait(delay, options) {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS("Scheduler");
    return require("web/scheduler").scheduler.wait(delay, options);
  }
}

module.exports = { setTimeout, setImmediate, setInterval, scheduler: new Scheduler() };

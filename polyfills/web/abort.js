"use strict";
// AbortController and AbortSignal, https://dom.spec.whatwg.org/#aborting-ongoing-activities

const { ArrayIsArray, ArrayPrototypeIndexOf, ArrayPrototypeSplice, Set, SetPrototypeAdd, SetPrototypeDelete, TypeError, WeakRef, WeakRefPrototypeDeref } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toDouble } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { registerCloneable } = require("core/clone");
const { Event, EventTarget, internals: events } = require("web/event");

let internals;
let controllerSignal;

function abortError() {
  return makeError("AbortError", "The operation was aborted");
}

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason;
  // Functions to run with the reason.
  #algorithms;
  // For a signal made by any(): the signals it depends on, none of which depends on others.
  #sources;
  // The other direction. It is weak, so that a signal that lives long does not collect the dead; those that somebody listens to are kept.
  #dependents;
  #kept;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    super();
  }

  get aborted() {
    return AbortSignal.#of(this).#aborted;
  }

  get reason() {
    return AbortSignal.#of(this).#reason;
  }

  get onabort() {
    return events.getHandler(AbortSignal.#of(this), "abort");
  }

  set onabort(handler) {
    events.setHandler(AbortSignal.#of(this), "abort", handler);
  }

  throwIfAborted() {
    const signal = AbortSignal.#of(this);
    if (signal.#aborted) throw signal.#reason;
  }

  static abort(reason) {
    const signal = new AbortSignal(kConstruct);
    signal.#aborted = true;
    signal.#reason = reason === undefined ? abortError() : reason;
    return signal;
  }

  static timeout(delay) {
    if (arguments.length === 0) throw parameterError("timeout", "AbortSignal", 1, "number");
    delay = toDouble(delay);
    const signal = new AbortSignal(kConstruct);
    const abort = () => AbortSignal.#abort(signal, makeError("TimeoutError", "The operation was aborted due to timeout"));
    require("web/timers").internals.start(require("core/context").requireContext(), abort, undefined, delay, false);
    return signal;
  }

  // https://dom.spec.whatwg.org/#create-a-dependent-abort-signal
  static any(signals) {
    if (!ArrayIsArray(signals)) throw parameterError("any", "AbortSignal", 1, "Array");
    const list = [];
    for (let i = 0; i < signals.length; i++) {
      const signal = signals[i];
      if (!isSignal(signal)) throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'AbortSignal'.`);
      list[i] = signal;
    }
    const result = new AbortSignal(kConstruct);
    for (let i = 0; i < list.length; i++) {
      if (!list[i].#aborted) continue;
      result.#aborted = true;
      result.#reason = list[i].#reason;
      return result;
    }
    result.#sources = [];
    for (let i = 0; i < list.length; i++) AbortSignal.#follow(result, list[i]);
    return result;
  }

  static #of(value) {
    if (!isSignal(value)) throw illegalInvocation();
    return value;
  }

  static #follow(dependent, signal) {
    const roots = signal.#sources ?? [signal];
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i];
      if (ArrayPrototypeIndexOf(dependent.#sources, root) >= 0) continue;
      dependent.#sources[dependent.#sources.length] = root;
      AbortSignal.#addDependent(root, dependent);
    }
  }

  static #addDependent(root, dependent) {
    const list = (root.#dependents ??= []);
    // Every doubling the dead ones go.
    if (list.length > 8 && (list.length & (list.length - 1)) === 0) {
      let alive = 0;
      for (let i = 0; i < list.length; i++) if (WeakRefPrototypeDeref(list[i]) !== undefined) list[alive++] = list[i];
      list.length = alive;
    }
    list[list.length] = new WeakRef(dependent);
  }

  // Somebody waits for a dependent signal (or nobody does any more), so that its sources have to keep it.
  static #keep(dependent, wanted) {
    const sources = dependent.#sources;
    for (let i = 0; i < sources.length; i++) {
      if (wanted) SetPrototypeAdd((sources[i].#kept ??= new Set()), dependent);
      else if (sources[i].#kept !== undefined) SetPrototypeDelete(sources[i].#kept, dependent);
    }
  }

  static #isWanted(signal) {
    return (signal.#algorithms !== undefined && signal.#algorithms.length !== 0) || events.hasListeners(signal);
  }

  // https://dom.spec.whatwg.org/#abortsignal-signal-abort
  static #abort(signal, reason) {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason = reason === undefined ? abortError() : reason;
    const dependents = signal.#dependents;
    const aborted = [];
    if (dependents !== undefined) {
      for (let i = 0; i < dependents.length; i++) {
        const dependent = WeakRefPrototypeDeref(dependents[i]);
        if (dependent === undefined || dependent.#aborted) continue;
        dependent.#aborted = true;
        dependent.#reason = signal.#reason;
        aborted[aborted.length] = dependent;
      }
      signal.#dependents = undefined;
      signal.#kept = undefined;
    }
    AbortSignal.#run(signal);
    for (let i = 0; i < aborted.length; i++) AbortSignal.#run(aborted[i]);
  }

  static #run(signal) {
    if (signal.#sources !== undefined) AbortSignal.#keep(signal, false);
    const algorithms = signal.#algorithms;
    if (algorithms !== undefined) {
      signal.#algorithms = undefined;
      for (let i = 0; i < algorithms.length; i++) algorithms[i](signal.#reason);
    }
    events.fireEvent(signal, new Event("abort", undefined, kConstruct));
  }

  static {
    internals = {
      createSignal: () => new AbortSignal(kConstruct),
      signalAbort: (signal, reason) => AbortSignal.#abort(signal, reason),
      addAlgorithm(signal, fn) {
        if (signal.#aborted) return;
        const list = (signal.#algorithms ??= []);
        list[list.length] = fn;
        if (list.length === 1 && signal.#sources !== undefined) AbortSignal.#keep(signal, true);
      },
      removeAlgorithm(signal, fn) {
        const list = signal.#algorithms;
        const index = list === undefined ? -1 : ArrayPrototypeIndexOf(list, fn);
        if (index < 0) return;
        ArrayPrototypeSplice(list, index, 1);
        if (signal.#sources !== undefined && !AbortSignal.#isWanted(signal)) AbortSignal.#keep(signal, false);
      },
      isAbortSignal: (value) => isObject(value) && #aborted in value,
      isAborted: (signal) => signal.#aborted,
      reasonOf: (signal) => signal.#reason,
    };
    events.watchListeners((target) => {
      if (#sources in target && target.#sources !== undefined && !target.#aborted) AbortSignal.#keep(target, AbortSignal.#isWanted(target));
    });
  }
}
const isSignal = internals.isAbortSignal;
define(AbortSignal, "AbortSignal");

class AbortController {
  // Made when it is first asked for, or aborted.
  #signal;

  get signal() {
    return controllerSignal(this);
  }

  abort(reason) {
    internals.signalAbort(controllerSignal(this), reason);
  }

  static {
    controllerSignal = (value) => {
      if (!isObject(value) || !(#signal in value)) throw illegalInvocation();
      return (value.#signal ??= internals.createSignal());
    };
  }
}
define(AbortController, "AbortController");

registerCloneable(
  2,
  "AbortSignal",
  isSignal,
  (signal) => {
    if (!require("core/worker").state.flags.enable_abortsignal_rpc) throw makeError("DataCloneError", "AbortSignal serialization is not enabled.");
    return require("cloudflare/rpc_streams").writeSignal(signal);
  },
  (data) => require("cloudflare/rpc_streams").readSignal(data),
);

module.exports = { AbortController, AbortSignal, internals };

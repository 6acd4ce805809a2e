"use strict";
// Timers as Node has them: objects instead of numbers. https://nodejs.org/docs/latest-v22.x/api/timers.html

const { FunctionPrototypeSymbolHasInstance, ObjectDefineProperty, Symbol } = primordials;
const { current, requireContext } = require("core/context");
const { define, functionError, illegalConstructor, isObject, kConstruct } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { validateFunction } = require("node/internal_validators");
const { start, stop } = require("web/timers").internals;

let stopTimeout;

class Timeout {
  #id;
  #callback;
  #delay;
  #args;
  #repeat;
  #referenced;

  constructor(callback, delay = 1, args = [], repeat = false, referenced = false) {
    if (typeof callback !== "function") throw functionError("setTimeout", 1, "function");
    this.#callback = callback;
    this.#delay = delay * 1;
    this.#args = args.length === 0 ? undefined : args;
    this.#repeat = repeat;
    this.#referenced = referenced;
    this.#start();
  }

  #start() {
    this.#id = start(requireContext(), this.#callback, this.#args, this.#delay, this.#repeat);
  }

  refresh() {
    stop(this.#id);
    this.#start();
    return this;
  }

  // Nothing keeps the platform alive, or lets it go, but the request.
  unref() {
    this.#referenced = false;
    return this;
  }

  ref() {
    this.#referenced = true;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  close() {
    stop(this.#id);
    return this;
  }

  [Symbol.dispose]() {
    stop(this.#id);
  }

  [Symbol.toPrimitive]() {
    return this.#id;
  }

  static {
    stopTimeout = (timeout) => stop(timeout.#id);
  }
}

function clear(timer) {
  if (FunctionPrototypeSymbolHasInstance(Timeout, timer)) stopTimeout(timer);
  else if (typeof timer === "number") stop(timer);
}

let stopImmediate;

class Immediate {
  #id;
  #context = requireContext();

  constructor(token, callback, args) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#id = start(this.#context, callback, args, 0, false);
  }

  ref() {
    Immediate.#check(this);
  }

  unref() {
    Immediate.#check(this);
  }

  hasRef() {
    Immediate.#check(this);
    return false;
  }

  static #check(value) {
    if (!isObject(value) || !(#id in value)) throw illegalInvocation();
  }

  static {
    stopImmediate = (value) => {
      if (!isObject(value) || !(#id in value)) return false;
      if (value.#context !== current()) throw require("cloudflare/service_stub").crossRequest("IoContext");
      stop(value.#id);
      return true;
    };
  }
}
define(Immediate, "Immediate");
ObjectDefineProperty(Immediate.prototype, Symbol.dispose, {
  __proto__: null,
  value: function () {
    if (!stopImmediate(this)) throw illegalInvocation();
  },
  writable: true,
  configurable: true,
});

// Methods, so that they are no constructors; the platform's functions have no length.
const { setImmediate, clearImmediate } = {
  setImmediate(...args) {
    if (typeof args[0] !== "function") throw functionError("setImmediate", 1, "function");
    let rest;
    if (args.length > 1) {
      rest = [];
      for (let i = 1; i < args.length; i++) rest[i - 1] = args[i];
    }
    return new Immediate(kConstruct, args[0], rest);
  },
  clearImmediate(...args) {
    if (args[0] === undefined || args[0] === null) return;
    if (!stopImmediate(args[0])) throw functionError("clearImmediate", 1, "Immediate");
  },
};

function setTimeout(callback, delay, ...args) {
  validateFunction(callback, "callback");
  return new Timeout(callback, delay, args, false, true);
}

function setInterval(callback, repeat, ...args) {
  validateFunction(callback, "callback");
  return new Timeout(callback, repeat, args, true, true);
}

function clearTimeout(timer) {
  clear(timer);
}

function clearInterval(timer) {
  clear(timer);
}

module.exports = { Timeout, setTimeout, setInterval, clearTimeout, clearInterval, setImmediate, clearImmediate };

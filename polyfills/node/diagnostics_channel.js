"use strict";
// node:diagnostics_channel, https://nodejs.org/docs/latest-v22.x/api/diagnostics_channel.html
// What a subscriber throws reaches who publishes, as in the reference runtime.

const {
  ArrayPrototypeIndexOf,
  ArrayPrototypeSlice,
  ArrayPrototypeSplice,
  FunctionPrototypeSymbolHasInstance,
  Map,
  MapPrototypeGet,
  MapPrototypeSet,
  ObjectDefineProperty,
  ReflectApply,
  Symbol,
  SymbolToStringTag,
  TypeError,
} = primordials;
const { illegalInvocation } = require("core/errors");
const { state } = require("core/worker");

const kConstruct = Symbol("construct");
// Channels by name; they live for as long as the worker.
const channels = new Map();
const hasGetter = state.flags.diagnostics_channel_has_subscribers_getter === true;

function wrongType(interfaceName, method, parameter, type) {
  return new TypeError(`Failed to execute '${method}' on '${interfaceName}': parameter ${parameter} is not of type '${type}'.`);
}

function checkFunction(value, method, interfaceName, parameter) {
  if (typeof value !== "function") throw wrongType(interfaceName, method, parameter, "function");
}

function checkStore(value, method) {
  const { AsyncLocalStorage } = require("node/async_hooks");
  if (!FunctionPrototypeSymbolHasInstance(AsyncLocalStorage, value)) throw wrongType("Channel", method, 1, "AsyncLocalStorage");
}

// Set by the class, which alone knows its fields.
let isActive;

class Channel {
  #name;
  #subscribers = [];
  // Pairs of AsyncLocalStorage and transform, in the order in which they were bound.
  #stores = [];

  constructor(key, name) {
    if (key !== kConstruct) throw new TypeError("Illegal constructor");
    this.#name = name;
  }

  static {
    isActive = (channel) => {
      Channel.#check(channel);
      return channel.#subscribers.length > 0;
    };
  }

  static #check(channel) {
    if (typeof channel !== "object" || channel === null || !(#subscribers in channel)) throw illegalInvocation();
  }

  publish(...args) {
    Channel.#check(this);
    if (args.length === 0) throw wrongType("Channel", "publish", 1, "Value");
    const list = ArrayPrototypeSlice(this.#subscribers);
    for (let i = 0; i < list.length; i++) {
      const subscriber = list[i];
      subscriber(args[0], this.#name);
    }
  }

  subscribe(callback) {
    Channel.#check(this);
    checkFunction(callback, "subscribe", "Channel", 1);
    if (ArrayPrototypeIndexOf(this.#subscribers, callback) === -1) this.#subscribers[this.#subscribers.length] = callback;
  }

  unsubscribe(callback) {
    Channel.#check(this);
    checkFunction(callback, "unsubscribe", "Channel", 1);
    const index = ArrayPrototypeIndexOf(this.#subscribers, callback);
    if (index !== -1) ArrayPrototypeSplice(this.#subscribers, index, 1);
  }

  #find(store) {
    for (let i = 0; i < this.#stores.length; i++) if (this.#stores[i].store === store) return i;
    return -1;
  }

  bindStore(store, transform) {
    Channel.#check(this);
    checkStore(store, "bindStore");
    if (transform !== undefined) checkFunction(transform, "bindStore", "Channel", 2);
    const index = this.#find(store);
    this.#stores[index === -1 ? this.#stores.length : index] = { store, transform };
  }

  unbindStore(store) {
    Channel.#check(this);
    checkStore(store, "unbindStore");
    const index = this.#find(store);
    if (index !== -1) ArrayPrototypeSplice(this.#stores, index, 1);
  }

  runStores(...args) {
    Channel.#check(this);
    if (args.length === 0) throw wrongType("Channel", "runStores", 1, "Value");
    const message = args[0];
    const callback = args[1];
    checkFunction(callback, "runStores", "Channel", 2);
    const receiver = args[2] === undefined ? globalThis : args[2];
    const stores = ArrayPrototypeSlice(this.#stores);
    const rest = ArrayPrototypeSlice(args, 3);
    const run = (index) => {
      if (index === stores.length) {
        this.publish(message);
        return ReflectApply(callback, receiver, rest);
      }
      const { store, transform } = stores[index];
      return store.run(transform === undefined ? message : transform(message), () => run(index + 1));
    };
    return run(0);
  }
}
ObjectDefineProperty(Channel.prototype, SymbolToStringTag, { __proto__: null, value: "Channel", writable: true, configurable: true });

/** Defines hasSubscribers: an accessor, or before the flag a method. */
function defineHasSubscribers(proto, ask) {
  const { hasSubscribers } = {
    hasSubscribers() {
      return ask(this);
    },
  };
  const shape = hasGetter ? { get: hasSubscribers } : { value: hasSubscribers, writable: true };
  ObjectDefineProperty(proto, "hasSubscribers", { __proto__: null, ...shape, configurable: true });
}
defineHasSubscribers(Channel.prototype, isActive);

/** The channel of a name, made at its first use. */
function channel(name) {
  const key = typeof name === "symbol" ? name : `${name}`;
  let found = MapPrototypeGet(channels, key);
  if (found === undefined) MapPrototypeSet(channels, key, (found = new Channel(kConstruct, key)));
  return found;
}

function hasSubscribers(name) {
  const found = MapPrototypeGet(channels, typeof name === "symbol" ? name : `${name}`);
  return found !== undefined && isActive(found);
}

function subscribe(name, callback) {
  checkFunction(callback, "subscribe", "DiagnosticsChannelModule", 2);
  channel(name).subscribe(callback);
}

function unsubscribe(name, callback) {
  checkFunction(callback, "unsubscribe", "DiagnosticsChannelModule", 2);
  channel(name).unsubscribe(callback);
}

const { TracingChannel, tracingChannel } = require("node/internal_tracing_channel").define({ Channel, channel, defineHasSubscribers, isActive });

module.exports = {
  Channel,
  TracingChannel,
  channel,
  default: { hasSubscribers, channel, subscribe, unsubscribe, tracingChannel, Channel },
  hasSubscribers,
  subscribe,
  tracingChannel,
  unsubscribe,
};

"use strict";
// TracingChannel: five channels that tell of one operation. https://nodejs.org/docs/latest-v22.x/api/diagnostics_channel.html#class-tracingchannel

const { ArrayPrototypeSplice, Error, FunctionPrototypeSymbolHasInstance, Promise, PromisePrototypeThen, PromiseResolve, ReflectApply } = primordials;
const errors = require.lazy("node/internal_errors");
const { validateObject } = require("node/internal_validators");

const kParts = ["start", "end", "asyncStart", "asyncEnd", "error"];

function publish(channel, context) {
  if (channel !== undefined) channel.publish(context);
}

// Calls the function inside of "start" and tells of its end.
function run(tracing, context, thisArg, call) {
  const body = () => {
    try {
      return call();
    } catch (error) {
      context.error = error;
      publish(tracing.error, context);
      throw error;
    } finally {
      publish(tracing.end, context);
    }
  };
  return tracing.start?.runStores(context, body, thisArg);
}

/** Makes the class, and the function that makes its instances. */
function define({ Channel, channel, defineHasSubscribers, isActive }) {
  // What TracingChannel's constructor takes from tracingChannel() only.
  let making;

  class TracingChannel {
    #channels;

    constructor() {
      if (making === undefined) throw new Error("Use diagnostic_channel.tracingChannels() to create TracingChannel");
      this.#channels = making;
    }

    get start() {
      return this.#channels.start;
    }

    get end() {
      return this.#channels.end;
    }

    get asyncStart() {
      return this.#channels.asyncStart;
    }

    get asyncEnd() {
      return this.#channels.asyncEnd;
    }

    get error() {
      return this.#channels.error;
    }

    subscribe(subscriptions) {
      for (let i = 0; i < kParts.length; i++) {
        const listener = subscriptions[kParts[i]];
        if (listener !== undefined) this.#channels[kParts[i]].subscribe(listener);
      }
    }

    unsubscribe(subscriptions) {
      for (let i = 0; i < kParts.length; i++) {
        const listener = subscriptions[kParts[i]];
        if (listener !== undefined) this.#channels[kParts[i]].unsubscribe(listener);
      }
    }

    traceSync(fn, context = {}, thisArg = globalThis, ...args) {
      return run(this, context, thisArg, () => {
        const result = ReflectApply(fn, thisArg, args);
        context.result = result;
        return result;
      });
    }

    tracePromise(fn, context = {}, thisArg = globalThis, ...args) {
      const settled = () => {
        publish(this.asyncStart, context);
        publish(this.asyncEnd, context);
      };
      const resolved = (result) => {
        context.result = result;
        settled();
        return result;
      };
      const rejected = (error) => {
        context.error = error;
        publish(this.error, context);
        settled();
        throw error;
      };
      return run(this, context, thisArg, () => {
        const result = ReflectApply(fn, thisArg, args);
        const promise = FunctionPrototypeSymbolHasInstance(Promise, result) ? result : PromiseResolve(result);
        return PromisePrototypeThen(promise, resolved, rejected);
      });
    }

    traceCallback(fn, position = -1, context = {}, thisArg = globalThis, ...args) {
      // It is not counted from the end, so that the default finds none.
      const callback = args[position];
      if (typeof callback !== "function") throw new (errors().ERR_INVALID_ARG_TYPE)("callback", ["function"], callback);
      const tracing = this;
      ArrayPrototypeSplice(args, position, 1, function (error, result) {
        if (error) {
          context.error = error;
          publish(tracing.error, context);
        } else {
          context.result = result;
        }
        const body = () => {
          try {
            ReflectApply(callback, this, arguments);
          } finally {
            publish(tracing.asyncEnd, context);
          }
        };
        tracing.asyncStart?.runStores(context, body, thisArg);
      });
      return run(this, context, thisArg, () => ReflectApply(fn, thisArg, args));
    }
  }

  defineHasSubscribers(TracingChannel.prototype, (tracing) => {
    for (let i = 0; i < kParts.length; i++) if (isActive(tracing[kParts[i]])) return true;
    return false;
  });

  function tracingChannel(nameOrChannels) {
    const given = typeof nameOrChannels !== "string";
    if (given) validateObject(nameOrChannels, "channels");
    const parts = { __proto__: null };
    for (let i = 0; i < kParts.length; i++) {
      const part = kParts[i];
      parts[part] = given ? nameOrChannels[part] : channel(`tracing:${nameOrChannels}:${part}`);
      if (!FunctionPrototypeSymbolHasInstance(Channel, parts[part])) throw new (errors().ERR_INVALID_ARG_TYPE)(`channels.${part}`, "Channel", parts[part]);
    }
    making = parts;
    try {
      return new TracingChannel();
    } finally {
      making = undefined;
    }
  }

  return { TracingChannel, tracingChannel };
}

module.exports = { define };

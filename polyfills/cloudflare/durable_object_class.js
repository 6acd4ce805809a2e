"use strict";
// A Durable Object class with its props, as a value, and the stubs in ctx.exports that make such values.
// https://developers.cloudflare.com/durable-objects/

const { define, illegalConstructor, isObject, kConstruct } = require("core/webidl");
const { makeError } = require("core/errors");
const { requireContext } = require("core/context");
const { state } = require("core/worker");
const clone = require("core/clone");
const codec = require("cloudflare/rpc_codec");
const { crossRequest } = require("cloudflare/service_stub");

/** What the host starts for a class, undefined of what is none. */
let targetOf;

class DurableObjectClass {
  #target;
  // The context whose class this is; undefined if it may be used anywhere.
  #context;

  // target is the number of a channel, ["class", export, props, capabilities], or ["worker_class", worker, export, props, capabilities, limits].
  constructor(token, target, context) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#target = target;
    this.#context = context;
  }

  static {
    targetOf = (value) => {
      if (!(#target in value)) return undefined;
      if (value.#context !== undefined && value.#context !== requireContext()) throw crossRequest("ActorClassChannel");
      return value.#target;
    };
  }
}
define(DurableObjectClass, "DurableObjectClass");

/** What an uncalled stub looks like; it is a function, see cloudflare/loopback. */
class LoopbackDurableObjectClass extends DurableObjectClass {
  constructor() {
    throw illegalConstructor();
  }
}
define(LoopbackDurableObjectClass, "LoopbackDurableObjectClass");

clone.registerCloneable(
  68,
  "DurableObjectClass",
  (object) => isObject(object) && targetOf(object) !== undefined,
  (object) => {
    const target = targetOf(object);
    if (typeof target === "object" && (target[0] === "worker_class" || state.dynamic)) throw makeError("DataCloneError", codec.kTransfer);
    return codec.writeReference("DurableObjectClass", target);
  },
  (data) => makeClass(codec.readReference(data)),
);

/** A class; with `context`, one that only this request may use. */
function makeClass(target, context) {
  return new DurableObjectClass(kConstruct, target, context);
}

/** The target of what can be the class of a facet: a class, or a stub in ctx.exports that makes such. Undefined of anything else. */
function startable(value) {
  return targetOf(value) ?? require("cloudflare/loopback").classTarget(value);
}

module.exports = { LoopbackDurableObjectClass, makeClass, startable };

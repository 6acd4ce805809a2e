"use strict";
// ctx.facets of a Durable Object: objects inside it, each with a class, a memory and a storage of its own, which live no longer than it does.
// https://developers.cloudflare.com/dynamic-workers/usage/durable-object-facets/
//
// A facet has a number among those of its object. A stub is bound to the one that has its name when it is first used. Once a facet has broken,
// the name is free again, and the number stands for what all stubs that are bound to it get: the target becomes ["broken", ...].

const { ArrayPrototypePush, Error, Map, MapPrototypeDelete, MapPrototypeForEach, MapPrototypeGet, MapPrototypeSet, PromisePrototypeThen, PromiseResolve, ReflectApply, TypeError } = primordials;
const { define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { makeFetcher } = require("cloudflare/service_stub");
const { isId, textOf } = require("cloudflare/durable_namespace");
const gate = require.lazy("cloudflare/durable_gate");

const kMaxNameBytes = 256;
const kMaxDepth = 4;
const kDeleted = "Facet was deleted.";
const kClonedOver = "Facet was cloned-over.";
const kTooDeep = `Facet nesting depth limit exceeded. The maximum depth including the root Durable Object is ${kMaxDepth}.`;
const kNotPromise = "Callback returned incorrect type; expected 'Promise'";
const kNoOptions = "Cannot initialize StartupOptions with required members from an undefined or null value.";
const kNotOptions = "Incorrect type for Promise: the Promise did not resolve to 'StartupOptions'.";
const kClass = "DurableObjectClass or LoopbackDurableObjectNamespace or LoopbackColoLocalActorNamespace";

// What op_facet_end does beside ending the facet.
const kAbort = 0;
const kDelete = 1;
const kClone = 2;

// Whose `id` a facet has, for op_facet_class.
const kParents = 0;
const kOwn = 1;
const kText = 2;

/** A facet that is there, or the failure that is left of it. */
class Facet {
  over = false;
  constructor(number, name) {
    this.name = name;
    this.target = ["facet", number, name];
    this.number = number;
  }
}

/** The facets of one object. */
class Facets {
  #last = 0;
  #byName = new Map();
  #byNumber = new Map();

  /** The facet of a name; `make` is called with one that is new. */
  get(name, make) {
    let facet = MapPrototypeGet(this.#byName, name);
    if (facet !== undefined) return facet;
    facet = new Facet(++this.#last, name);
    MapPrototypeSet(this.#byName, name, facet);
    MapPrototypeSet(this.#byNumber, facet.number, facet);
    make(facet);
    return facet;
  }

  /** Takes a facet out; from now on its stubs get a failure. Gives its number, 0 if there is none of that name. */
  end(name, failure) {
    const facet = MapPrototypeGet(this.#byName, name);
    if (facet === undefined) return 0;
    this.drop(facet.number, failure);
    return facet.number;
  }

  /** The names of all. */
  names() {
    const names = [];
    MapPrototypeForEach(this.#byName, (_, name) => ArrayPrototypePush(names, name));
    return names;
  }

  drop(number, failure) {
    const facet = MapPrototypeGet(this.#byNumber, number);
    if (facet === undefined) return;
    MapPrototypeDelete(this.#byName, facet.name);
    MapPrototypeDelete(this.#byNumber, number);
    facet.over = true;
    facet.target = failure;
  }
}

/** What stands in a stub for its target; see Fetcher.targetOf. */
class Link {
  #actor;
  #name;
  #callback;
  #facet;
  constructor(actor, name, callback) {
    this.#actor = actor;
    this.#name = name;
    this.#callback = callback;
  }

  get target() {
    if (this.#facet === undefined) {
      const actor = this.#actor;
      const callback = this.#callback;
      this.#facet = facetsOf(actor).get(this.#name, (facet) => {
        actor.gate ??= new (gate().Gate)(actor.ctx);
        actor.gate.defer(() => start(actor, facet, callback));
      });
      this.#callback = undefined;
    }
    return this.#facet.target;
  }
}

function facetsOf(actor) {
  return (actor.facets ??= new Facets());
}

function isThenable(value) {
  return "then" in value && typeof value.then === "function";
}

/** Asks the script for the class of a facet. */
function start(actor, facet, callback) {
  const fail = (error) => {
    if (facet.over) return;
    const { name, message, detail } = describe(error);
    ops.op_facet_fail(actor.ctx.id, facet.number, facet.name, name, message, detail);
  };
  const give = (options) => {
    if (facet.over) return;
    const target = classTarget(options.class);
    const { id } = options;
    let kind = id === undefined ? kParents : kOwn;
    let text = null;
    let name = null;
    if (isId(id)) {
      text = textOf(id);
      name = id.name ?? null;
    } else if (kind === kOwn) {
      kind = kText;
      text = toDOMString(id);
    }
    ops.op_facet_class(actor.ctx.id, facet.number, facet.name, target, kind, text, name);
  };
  try {
    const result = ReflectApply(callback, globalThis, []);
    if (result === undefined || result === null) throw new TypeError(kNoOptions);
    if (!isObject(result)) throw new TypeError(kNotPromise);
    if (!isThenable(result)) {
      give(result);
      return;
    }
    const taken = PromisePrototypeThen(PromiseResolve(result), (options) => {
      if (!isObject(options)) throw new TypeError(kNotOptions);
      give(options);
    });
    PromisePrototypeThen(taken, undefined, fail);
  } catch (error) {
    fail(error);
  }
}

/** What the host starts for the class of StartupOptions. */
function classTarget(value) {
  const target = isObject(value) ? require("cloudflare/durable_object_class").startable(value) : undefined;
  if (target === undefined) throw fieldError("class", "StartupOptions", kClass);
  return target;
}

/** What the host needs to know of an exception that stays in this realm. */
function describe(error) {
  const { describeError, isErrorLike } = require("core/report");
  const { name, message } = describeError(error);
  return { name, message, detail: isErrorLike(error) ? require("cloudflare/worker_loader").failureDetail(error) : null };
}

/** The argument that is the name of a facet. */
function toName(args, index, method) {
  if (args.length <= index) throw parameterError(method, "DurableObjectFacets", index + 1, "string");
  const name = toDOMString(args[index]);
  if (name.length * 3 > kMaxNameBytes && ops.op_utf8_length(name) > kMaxNameBytes) throw new TypeError(`Facet name is too long (max ${kMaxNameBytes} characters).`);
  return name;
}

/** Ends a facet, if it is there, and does to its storage what is to be done. */
function end(actor, name, error, step, source) {
  const { name: kind, message, detail } = describe(error);
  const number = facetsOf(actor).end(name, ["broken", kind, message, [detail], false]);
  ops.op_facet_end(actor.ctx.id, number, name, step, source, kind, message, detail);
}

let actorOf;

class DurableObjectFacets {
  #actor;

  constructor(token, actor) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#actor = actor;
  }

  get(...args) {
    const actor = actorOf(this);
    const name = toName(args, 0, "get");
    const callback = args[1];
    if (typeof callback !== "function") throw parameterError("get", "DurableObjectFacets", 2, "function");
    if (actor.depth + 1 >= kMaxDepth) throw new Error(kTooDeep);
    return makeFetcher(["facet", new Link(actor, name, callback)], actor.ctx);
  }

  abort(...args) {
    const actor = actorOf(this);
    const name = toName(args, 0, "abort");
    if (args.length < 2) throw parameterError("abort", "DurableObjectFacets", 2, "Value");
    end(actor, name, args[1], kAbort, null);
  }

  delete(...args) {
    const actor = actorOf(this);
    end(actor, toName(args, 0, "delete"), new Error(kDeleted), kDelete, null);
  }

  clone(...args) {
    const actor = actorOf(this);
    const source = toName(args, 0, "clone");
    const name = toName(args, 1, "clone");
    end(actor, name, new Error(kClonedOver), source === name ? kAbort : kClone, source);
  }

  static {
    /** The object whose facets these are, whose context must be in force. */
    actorOf = (facets) => {
      if (!isObject(facets) || !(#actor in facets)) throw illegalInvocation();
      const actor = facets.#actor;
      if (requireContext() !== actor.ctx) throw require("cloudflare/service_stub").crossRequest("FacetManager");
      return actor;
    };
  }
}
define(DurableObjectFacets, "DurableObjectFacets");

function makeFacets(actor) {
  return new DurableObjectFacets(kConstruct, actor);
}

/** The storage of the object goes, and with it that of its facets. */
function endAll(actor) {
  const names = actor.facets.names();
  for (let i = 0; i < names.length; i++) end(actor, names[i], new Error(kDeleted), kAbort, null);
}

/** Host: a facet has broken by itself. Its stubs keep the failure; its name is free. */
function onBroken(ctx, number, name, message, detail, reset) {
  const { facets } = ctx.actor;
  if (facets === undefined) return;
  facets.drop(number, ["broken", name, message, detail, reset === true]);
  ops.op_facet_forget(ctx.id, number);
}

module.exports = { endAll, makeFacets, onBroken };

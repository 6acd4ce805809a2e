"use strict";
// Service stubs: the objects behind service bindings, loopback stubs and entrypoints of dynamic workers. `fetch` is theirs;
// every other name is an RPC method of whatever they point to.
//
// A target is what Go understands: the number of a channel that the realm was given, or a descriptor array
// ["loopback", export, props, capabilities], ["worker", number, entrypoint, props, capabilities, limits] ["object", space, id, name | null, bound, stored],
// where `stored` says whether it can be stored, and `bound` is how often that Durable Object had broken when the stub was first used, below 0 before, or ["facet", link], whose `link.target` is what
// Go understands.

const { ObjectCreate, ObjectDefineProperty, ObjectSetPrototypeOf, PromiseReject, Proxy, Symbol, TypeError, ReflectGet, Object } = primordials;
const { define, illegalConstructor, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { current, requireContext } = require("core/context");
const { state } = require("core/worker");

const ObjectPrototype = Object.prototype;
let next;

class Fetcher {
  #target;
  // The context whose stub this is; undefined if it may be used anywhere.
  #context;

  constructor() {
    if (next === undefined) throw illegalConstructor();
    this.#target = next.target;
    this.#context = next.context;
    next = undefined;
  }

  fetch(input, init) {
    if (!(#target in this)) throw illegalInvocation();
    if (arguments.length === 0) return PromiseReject(parameterError("fetch", "Fetcher", 1, "Request or string"));
    return require("web/fetch").internals.fetchOn(targetOf(this), input, init);
  }

  connect(address, options) {
    if (!(#target in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("connect", "Fetcher", 1, "SocketAddress or string");
    return require("cloudflare/socket").connectOn(targetOf(this), address, options, "Fetcher");
  }

  /** The target, if the stub may be used in the context in force. */
  static targetOf(stub) {
    const target = stub.#target;
    const kind = typeof target === "object" ? target[0] : undefined;
    if (stub.#context !== undefined && stub.#context !== requireContext()) throw crossRequest(kind === "object" || kind === "facet" ? "OutgoingFactory" : "SubrequestChannel");
    if (kind === "facet") return target[1].target;
    if (kind === "object" && target[4] < 0) target[4] = ops.op_object_bind(target[1], target[2]);
    return target;
  }

  static isFetcher(value) {
    return typeof value === "object" && value !== null && #target in value;
  }
}
const { targetOf, isFetcher } = Fetcher;
delete Fetcher.targetOf;
delete Fetcher.isFetcher;
define(Fetcher, "Fetcher");
ObjectDefineProperty(Fetcher, "name", { __proto__: null, value: "ServiceStub", configurable: true });

function hasRPC() {
  return state.flags.rpc === true || state.flags.experimental === true;
}

// Methods that were never documented, and end with the flag fetcher_no_get_put_delete.
const kHelpers = { __proto__: null, get: true, put: true, delete: true };

// Names that no prototype has are remote: a proxy at the end of the chain sees them, with the stub as receiver.
const remoteNames = new Proxy(ObjectCreate(ObjectPrototype), {
  __proto__: null,
  get(target, name, receiver) {
    if (typeof name === "symbol" || name in ObjectPrototype) return ReflectGet(ObjectPrototype, name, receiver);
    if (name === "then" || !isFetcher(receiver)) return undefined;
    if (kHelpers[name] && !state.flags.fetcher_no_get_put_delete) return require("cloudflare/fetcher_helpers")[name];
    if (!hasRPC()) return undefined;
    const rpc = require("cloudflare/rpc_stub");
    if (name === "getRpcMethodForTestOnly" && state.flags.experimental) return (method) => rpc.property(receiver, [`${method}`]);
    return rpc.isIndex(name) ? undefined : rpc.property(receiver, [name]);
  },
  has(target, name) {
    if (name in ObjectPrototype || (kHelpers[name] && !state.flags.fetcher_no_get_put_delete)) return true;
    return hasRPC() && typeof name === "string" && name !== "then" && !require("cloudflare/rpc_stub").isIndex(name);
  },
});
ObjectSetPrototypeOf(Fetcher.prototype, remoteNames);

/** The error of using an I/O object of another request. */
function crossRequest(type) {
  if (current()?.actor !== undefined) {
    return new primordials.Error(
      "Cannot perform I/O on behalf of a different Durable Object. I/O objects (such as streams, request/response bodies, and others) created in the context " +
        "of one Durable Object cannot be accessed from a different Durable Object in the same isolate. This is a limitation of Cloudflare Workers which allows us to " +
        `improve overall performance. (I/O type: ${type})`,
    );
  }
  return new primordials.Error(
    "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context " +
      "of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to " +
      `improve overall performance. (I/O type: ${type})`,
  );
}

/** A stub for `target`; with `context`, one that only this request may use. */
function makeFetcher(target, context) {
  next = { target, context };
  return new Fetcher();
}

/** The same of a class that extends Fetcher. */
function makeOf(Class, target, context) {
  next = { target, context };
  return new Class();
}

/** The target of whatever scripts take for a Fetcher: a stub, or a member of ctx.exports that was not called; undefined of anything else. */
function fetcherTarget(value) {
  return isFetcher(value) ? targetOf(value) : require("cloudflare/loopback").loopbackTarget(value);
}

module.exports = { Fetcher, makeFetcher, makeOf, targetOf, isFetcher, fetcherTarget, crossRequest };

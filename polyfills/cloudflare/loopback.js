"use strict";
// ctx.exports: loopback stubs, by which a worker hands out its own entrypoints. Each is a service stub with empty props, and a
// function that makes one with given props. https://developers.cloudflare.com/workers/runtime-apis/context/#exports

const { Proxy, ReflectGet, TypeError } = primordials;
const { define, illegalConstructor, isObject, fieldError } = require("core/webidl");
const { state, kObject, kEntrypoint } = require("core/worker");
const { current } = require("core/context");
const { makeFetcher } = require("cloudflare/service_stub");

let exportsCache;

class LoopbackServiceStub {
  constructor() {
    throw illegalConstructor();
  }
}
define(LoopbackServiceStub, "LoopbackServiceStub");

// Descriptor targets of uncalled stubs, by the proxy that scripts hold.
const targets = new primordials.WeakMap();

/** ["loopback", ...] of an uncalled stub, or undefined. */
function loopbackTarget(value) {
  return isObject(value) ? primordials.WeakMapPrototypeGet(targets, value) : undefined;
}

/** The class of an uncalled stub, or undefined if it is none. */
function loopbackName(value) {
  return loopbackTarget(value) === undefined ? undefined : "LoopbackServiceStub";
}

/** Serialised props of a call's options; null for none. */
function propsOf(options, where) {
  if (options === undefined || options === null) return { bytes: null, caps: [] };
  if (!isObject(options)) {
    throw new TypeError(`Failed to execute '(called as function)' on '${where}': parameter 1 is not of type 'Options'.`);
  }
  const props = options.props;
  if (props === undefined) return { bytes: null, caps: [] };
  if (!isObject(props)) throw fieldError("props", "Options", "Object");
  return require("cloudflare/rpc_codec").serialize(props, "env");
}

function makeLoopback(name) {
  const plain = makeFetcher(["loopback", name, null, []]);
  const stub = new Proxy(() => {}, {
    __proto__: null,
    apply(target, receiver, args) {
      const { bytes, caps } = propsOf(args[0], "LoopbackServiceStub");
      return makeFetcher(["loopback", name, bytes, caps], current());
    },
    get(target, key) {
      if (key === primordials.SymbolToStringTag) return "LoopbackServiceStub";
      const value = ReflectGet(plain, key, plain);
      return key === "fetch" ? (input, init) => plain.fetch(input, init) : value;
    },
    has: () => true,
    getPrototypeOf: () => LoopbackServiceStub.prototype,
    ownKeys: () => [],
    construct() {
      throw illegalConstructor();
    },
  });
  primordials.WeakMapPrototypeSet(targets, stub, ["loopback", name, null, []]);
  return stub;
}

/** The object `ctx.exports`: one per realm, a stub for each entrypoint. */
function exportsObject() {
  if (exportsCache !== undefined) return exportsCache;
  const object = {};
  const names = state.exportNames;
  for (let i = 0; i < names.length; i++) {
    const { kind } = state.entrypoints[names[i]];
    if (kind === kObject || kind === kEntrypoint) object[names[i]] = makeLoopback(names[i]);
  }
  return (exportsCache = object);
}

module.exports = { exportsObject, loopbackName, loopbackTarget, LoopbackServiceStub };

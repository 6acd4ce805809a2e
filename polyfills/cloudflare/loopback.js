"use strict";
// ctx.exports: loopback stubs, by which a worker hands out its own entrypoints. One of an entrypoint is a service stub with empty
// props, and a function that makes one with given props; one of any other class makes Durable Object classes, and is a namespace if the
// configuration says so.
// https://developers.cloudflare.com/workers/runtime-apis/context/#exports

const { FunctionPrototypeBind, ObjectDefineProperty, ObjectHasOwn, ObjectSetPrototypeOf, Proxy, ReflectApply, ReflectGet, WeakMap, WeakMapPrototypeGet, WeakMapPrototypeSet } = primordials;
const { define, fieldError, illegalConstructor, isObject, parameterError } = require("core/webidl");
const { state, kObject, kEntrypoint, kWorkflow } = require("core/worker");
const { current } = require("core/context");
const { Fetcher, makeFetcher } = require("cloudflare/service_stub");
const classes = require.lazy("cloudflare/durable_object_class");
const namespaces = require.lazy("cloudflare/durable_namespace");

class LoopbackServiceStub extends Fetcher {
  constructor() {
    throw illegalConstructor();
  }
}
define(LoopbackServiceStub, "LoopbackServiceStub");

// Uncalled stubs by the objects that scripts hold: [class name, descriptor of an entrypoint or undefined, export of a class].
const uncalled = new WeakMap();

/** ["loopback", ...] of an uncalled stub of an entrypoint, or undefined. */
function loopbackTarget(value) {
  return isObject(value) ? WeakMapPrototypeGet(uncalled, value)?.[1] : undefined;
}

/** ["class", ...] of an uncalled stub of a class, or undefined. */
function classTarget(value) {
  const entry = WeakMapPrototypeGet(uncalled, value);
  return entry === undefined || entry[1] !== undefined ? undefined : ["class", entry[2], null, []];
}

/** The class of an uncalled stub, or undefined if it is none. */
function loopbackName(value) {
  return isObject(value) ? WeakMapPrototypeGet(uncalled, value)?.[0] : undefined;
}

/** The descriptor of export `name` with the props of a call's options; `iface` is whose call it is, `kind` "loopback" or "class". */
function describe(name, options, iface, kind = "loopback") {
  if (options === undefined || options === null) return [kind, name, null, []];
  if (!isObject(options)) throw parameterError("(called as function)", iface, 1, "Options");
  const { props } = options;
  if (props === undefined) return [kind, name, null, []];
  if (!isObject(props)) throw fieldError("props", "Options", "Object");
  const { bytes, caps } = require("cloudflare/rpc_codec").serialize(props, "env");
  return [kind, name, bytes, caps];
}

/** A function without properties of its own that can be called with `new`, too. */
function bareFunction(fn, name, proto) {
  const bare = FunctionPrototypeBind(fn, undefined, name);
  delete bare.name;
  delete bare.length;
  return ObjectSetPrototypeOf(bare, proto);
}

function callService(name, options) {
  return makeFetcher(describe(name, options, "LoopbackServiceStub"), current());
}

function callClass(name, options) {
  return classes().makeClass(describe(name, options, "LoopbackDurableObjectClass", "class"));
}

function callNamespace(name, options) {
  return classes().makeClass(describe(name, options, "LoopbackDurableObjectNamespace", "class"));
}

// Reads what the stub with empty props has; properties that a script sets are the function's.
class ServiceHandler {
  constructor(plain) {
    this.plain = plain;
    this.methods = { __proto__: null };
  }
  get(target, key) {
    if (ObjectHasOwn(target, key)) return target[key];
    if (typeof key === "symbol" || key === "constructor") return LoopbackServiceStub.prototype[key];
    if (key === "toJSON") return undefined; // for JSON.stringify, which leaves functions out
    return ObjectHasOwn(Fetcher.prototype, key) ? this.method(key) : ReflectGet(this.plain, key, this.plain);
  }
  method(key) {
    const { plain } = this;
    return (this.methods[key] ??= (...args) => ReflectApply(plain[key], plain, args));
  }
  has() {
    return true;
  }
}

// What a script puts on Object.prototype is no trap.
ObjectSetPrototypeOf(ServiceHandler.prototype, null);

function makeService(name) {
  const target = ["loopback", name, null, []];
  const stub = new Proxy(bareFunction(callService, name, LoopbackServiceStub.prototype), new ServiceHandler(makeFetcher(target)));
  WeakMapPrototypeSet(uncalled, stub, ["LoopbackServiceStub", target]);
  return stub;
}

function makeClassStub(name) {
  const space = state.objects[name];
  const stub =
    space === undefined
      ? bareFunction(callClass, name, classes().LoopbackDurableObjectClass.prototype)
      : namespaces().asNamespace(bareFunction(callNamespace, name, namespaces().LoopbackDurableObjectNamespace.prototype), space);
  WeakMapPrototypeSet(uncalled, stub, [space === undefined ? "LoopbackDurableObjectClass" : "LoopbackDurableObjectNamespace", undefined, name]);
  return stub;
}

let exportsCache;

function addStub(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
}

// Adds the stubs of the exports whose kinds are between `from` and `to`.
function addStubs(object, from, to, make) {
  const names = state.exportNames;
  for (let i = 0; i < names.length; i++) {
    const { kind } = state.entrypoints[names[i]];
    if (kind >= from && kind <= to && !ObjectHasOwn(object, names[i])) addStub(object, names[i], make(names[i]));
  }
}

/** The object `ctx.exports`: one per realm, with a stub for each export, in the reference runtime's order. */
function exportsObject() {
  if (exportsCache !== undefined) return exportsCache;
  const object = {};
  const main = state.entrypoints.default;
  if (main !== undefined && main.kind <= kEntrypoint) addStub(object, "default", makeService("default"));
  addStubs(object, kObject, kObject, makeService);
  addStubs(object, kEntrypoint, kEntrypoint, makeService);
  addStubs(object, kEntrypoint + 1, kWorkflow - 1, makeClassStub);
  return (exportsCache = object);
}

module.exports = { classTarget, exportsObject, loopbackName, loopbackTarget };

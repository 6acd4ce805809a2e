"use strict";
// JS RPC: properties of service stubs on the calling side, the look-up of a method on the called one.
// https://developers.cloudflare.com/workers/runtime-apis/rpc/

const { ObjectGetPrototypeOf, ObjectHasOwn, PromisePrototypeThen, Proxy, ReflectApply, Symbol, TypeError, Object, ObjectGetOwnPropertyDescriptor, PromiseReject } =
  primordials;
const { asyncIn } = require("core/ops");
const { requireContext } = require("core/context");
const codec = require("cloudflare/rpc_codec");
const { entrypoint, construct, makeExecutionContext, state, kEntrypoint } = require("core/worker");

const ObjectPrototype = Object.prototype;
const kMaxPath = 64;

// Calling side.

/** Sends one call (`args` an array) or property read (`args` undefined) and gives its result. */
function invoke(stub, path, args) {
  let sent;
  let target;
  let context;
  try {
    context = requireContext();
    target = require("cloudflare/service_stub").targetOf(stub);
    sent = args === undefined ? { bytes: null, caps: [] } : codec.serialize(args, "rpc");
  } catch (error) {
    return PromiseReject(error);
  }
  return PromisePrototypeThen(asyncIn(context, ops.op_rpc_call, target, path, sent.bytes, sent.caps), receive);
}

function receive(result) {
  return codec.deserialize(result[0], result[1]);
}

/** What a property of a stub does: being called, awaited, or followed by another name. One per access. */
class PropertyHandler {
  constructor(stub, path) {
    this.stub = stub;
    this.path = path;
  }
  get(target, name, receiver) {
    if (typeof name === "symbol") return name === Symbol.toStringTag ? "JsRpcProperty" : undefined;
    if (name === "then" || name === "catch" || name === "finally") {
      const read = invoke(this.stub, this.path, undefined);
      return (...args) => ReflectApply(read[name], read, args);
    }
    if (name in ObjectPrototype) return ObjectPrototype[name];
    if (this.path.length >= kMaxPath) throw new TypeError("RPC pipelined property path is too deep (max 64).");
    return property(this.stub, [...this.path, name]);
  }
  has() {
    return true;
  }
  apply(target, receiver, args) {
    return invoke(this.stub, this.path, args);
  }
  ownKeys() {
    return [];
  }
  getPrototypeOf() {
    return ObjectPrototype;
  }
  construct() {
    throw new TypeError("Illegal constructor");
  }
}

/** The property of `stub` at `path`, which is remote. */
function property(stub, path) {
  const target = () => {};
  delete target.name;
  delete target.length;
  return new Proxy(target, new PropertyHandler(stub, path));
}

// Called side.

const kReserved = {
  __proto__: null,
  alarm: true,
  webSocketMessage: true,
  webSocketClose: true,
  webSocketError: true,
  dup: true,
  constructor: true,
  fetch: true,
  connect: true,
};

function notImplemented(name) {
  return new TypeError(`The RPC receiver does not implement the method "${name}".`);
}

/** A member of an instance: its class's and inherited members, never own properties or those of Object.prototype. */
function classMember(target, name) {
  for (let p = ObjectGetPrototypeOf(target); p !== null && p !== ObjectPrototype; p = ObjectGetPrototypeOf(p)) {
    const descriptor = ObjectGetOwnPropertyDescriptor(p, name);
    if (descriptor === undefined) continue;
    if (ObjectHasOwn(descriptor, "value")) return descriptor.value;
    return descriptor.get === undefined ? undefined : ReflectApply(descriptor.get, target, []);
  }
  return undefined;
}

/** A step of a path on a value that is no entrypoint; undefined if it is not reachable. */
function member(target, name) {
  const { isTarget } = require("cloudflare/workers_classes");
  if (typeof target === "function") return ObjectHasOwn(target, name) ? target[name] : undefined;
  if (typeof target !== "object" || target === null) return undefined;
  if (isTarget(target)) {
    return name === "constructor" || name === "dup" ? undefined : classMember(target, name);
  }
  const proto = ObjectGetPrototypeOf(target);
  if (proto !== ObjectPrototype && proto !== null) return undefined;
  return ObjectHasOwn(target, name) ? target[name] : undefined;
}

async function follow(start, receiver, path) {
  let owner = receiver;
  let value = start;
  for (let i = 1; i < path.length; i++) {
    owner = await value;
    value = member(owner, path[i]);
    if (value === undefined) throw notImplemented(path[i]);
  }
  return { owner, value };
}

/** Serves one call of the host: the result, serialised. */
async function serve(ctx, name, props, caps, path, args, argCaps) {
  const found = entrypoint(name);
  const isClass = found.kind === kEntrypoint;
  const first = path[0];
  const receiver = isClass ? construct(found, ctx, props, caps) : found.value;
  if (isClass && kReserved[first]) throw new TypeError(`'${first}' is a reserved method and cannot be called over RPC.`);
  if (!isClass && (first === "dup" || first === "constructor")) throw new TypeError(`'${first}' is a reserved method and cannot be called over RPC.`);
  const start = isClass ? classMember(receiver, first) : ObjectHasOwn(receiver, first) ? receiver[first] : undefined;
  if (start === undefined) throw notImplemented(first);
  const { owner, value } = path.length === 1 ? { owner: receiver, value: start } : await follow(start, receiver, path);
  if (args === null) return give(await value);
  if (typeof value !== "function") throw new TypeError(`"${path[path.length - 1]}" is not a function.`);
  const list = codec.deserialize(args, argCaps);
  if (!isClass && path.length === 1) return give(await callHandler(ctx, owner, first, value, list, props, caps));
  return give(await ReflectApply(value, owner, list));
}

function give(result) {
  const { bytes, caps } = codec.serialize(result, "rpc");
  return { bytes, caps };
}

/** A method of a plain-object entrypoint: (arg, env, ctx). */
function callHandler(ctx, owner, name, method, list, props, caps) {
  if (list.length !== 1) {
    throw new TypeError(
      `Attempted to call RPC function "${name}" with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, ` +
        "you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.",
    );
  }
  if (method.length > 3) {
    throw new TypeError(
      `Cannot call handler function "${name}" over RPC because it has the wrong number of arguments. A simple function handler can only be called over RPC if it has exactly the ` +
        "arguments (arg, env, ctx), where only the first argument comes from the client. To support multi-argument RPC functions, use class-based syntax (extending WorkerEntrypoint) instead.",
    );
  }
  return ReflectApply(method, owner, [list[0], state.env, makeExecutionContext(ctx, props, caps)]);
}

module.exports = { property, serve };

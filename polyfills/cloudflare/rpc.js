"use strict";
// JS RPC, the called side: which object a call is for, what its path leads to, and the answer.
// https://developers.cloudflare.com/workers/runtime-apis/rpc/

const { ArrayPrototypeJoin, ArrayPrototypeSlice, ArrayPrototypeSplice, Error, Object, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, ObjectHasOwn, PromisePrototypeThen, PromiseResolve, ReflectApply, TypeError } =
  primordials;
const { isObject } = require("core/webidl");
const { platformError } = require("core/errors");
const context = require("core/context");
const codec = require("cloudflare/rpc_codec");
const exported = require("cloudflare/rpc_exports");
const { handlerOf, ownerOf, notFunction, notImplemented, start } = require("cloudflare/rpc_stub");
const { isFetcher } = require("cloudflare/service_stub");
const { isTargetLike } = require("cloudflare/workers_classes");
const { entrypoint, construct, makeExecutionContext, state, kEntrypoint } = require("core/worker");

const ObjectPrototype = Object.prototype;
const kGone = "The execution context which hosts this callback is no longer running.";

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

/** A call that this realm serves. */
class ServedCall {
  constructor(ctx, id, args, caps) {
    this.ctx = ctx;
    this.id = id;
    this.bytes = args;
    this.caps = caps;
    this.stubs = undefined;
    // Whether it is addressed to the answer of another call.
    this.onAnswer = false;
    // Whether it is over, answered or not.
    this.over = false;
    // Whether what it is for has been called.
    this.begun = false;
    // Whether the arguments have been read; otherwise their capabilities are still the host's.
    this.read = false;
    // Whether it makes a stub again that was stored; then the answer may have one that can go nowhere else.
    this.restores = false;
  }

  /** Whether a property is read rather than something called. */
  get isRead() {
    return this.bytes === null;
  }

  /** The arguments. */
  list() {
    this.read = true;
    const { value, resources } = codec.deserialize(this.bytes, this.caps, this.ctx, true);
    this.stubs = resources;
    return value;
  }

  /** Lets go of what came with the arguments and was not kept. */
  release() {
    const { stubs } = this;
    if (stubs !== undefined) codec.disposeAll(stubs);
    if (this.read) return;
    for (let i = 0; i < this.caps.length; i++) if (typeof this.caps[i] === "number") ops.op_cap_release(this.ctx.id, this.caps[i]);
  }
}

// Look-up.

// Says that a name is not reachable, which an object's own member whose value is undefined is.
const kMissing = { __proto__: null };

/** A member of an instance, or kMissing: its class's and inherited members, never own properties or those of Object.prototype. */
function classMember(target, name) {
  for (let p = ObjectGetPrototypeOf(target); p !== null && p !== ObjectPrototype; p = ObjectGetPrototypeOf(p)) {
    const descriptor = ObjectGetOwnPropertyDescriptor(p, name);
    if (descriptor === undefined) continue;
    const value = descriptor.get === undefined ? descriptor.value : ReflectApply(descriptor.get, target, []);
    return value === undefined ? kMissing : value;
  }
  return kMissing;
}

/** Whether names below a value can be reachable at all. */
function hasMembers(value) {
  if (!isObject(value)) return false;
  return typeof value === "function" || isTargetLike(value) || ObjectGetPrototypeOf(value) === ObjectPrototype;
}

/** A step of a path on a value that is no entrypoint, or kMissing. */
function member(target, name) {
  if (name === "dup" || name === "constructor") throw new TypeError(`'${name}' is a reserved method and cannot be called over RPC.`);
  if (isTargetLike(target)) {
    if (ops.op_proxy_details(target) === undefined) return classMember(target, name);
    // Of a proxy, nothing but its own traps says what its class has; own properties of a function behind it are none of that.
    if (typeof target === "function" && ObjectHasOwn(target, name)) return kMissing;
    const value = target[name];
    return value === undefined ? kMissing : value;
  }
  return ObjectHasOwn(target, name) ? target[name] : kMissing;
}

/** The value at path[i...] below `value`, or the call of it. */
function follow(call, receiver, value, path, i) {
  const owner = ownerOf(value);
  if (owner !== undefined && (i < path.length || !call.isRead)) return forward(call, owner, ArrayPrototypeSlice(path, i));
  if (i === path.length) return finish(call, receiver, value, path);
  if (i > 0 && handlerOf(value) !== undefined) throw notImplemented(path[i - 1]); // an RpcPromise or RpcProperty
  if (isThenable(value)) return followLater(call, receiver, value, path, i);
  if (!hasMembers(value)) throw notImplemented(path[i === 0 ? 0 : i - 1]);
  const next = member(value, path[i]);
  if (next === kMissing) throw notImplemented(path[i]);
  return follow(call, value, next, path, i + 1);
}

async function followLater(call, receiver, promise, path, i) {
  return follow(call, receiver, await promise, path, i);
}

function isThenable(value) {
  return isObject(value) && ownerOf(value) === undefined && typeof value.then === "function";
}

/** The end of a path. */
function finish(call, receiver, value, path) {
  if (call.isRead) return value;
  if (typeof value !== "function") throw notFunction(path);
  const list = call.list();
  call.begun = true;
  return ReflectApply(value, receiver, list);
}

/** Passes a call on to the stub that its path has led to. */
function forward(call, owner, path) {
  const args = call.isRead ? undefined : call.list();
  if (!isFetcher(owner)) return start(call.onAnswer ? owner.again() : owner, path, args).promise();
  if (path.length === 1 && path[0] === "fetch" && args !== undefined) return ReflectApply(owner.fetch, owner, args);
  return start(owner, path, args).promise();
}

// Entrypoints.

function callEntrypoint(call, name, props, caps, path) {
  const found = entrypoint(name);
  const first = path[0];
  const isClass = found.kind === kEntrypoint;
  const receiver = isClass ? construct(found, call.ctx, props, caps) : found.value;
  if (typeof first === "number") return restoreOn(call, receiver, first);
  if (kReserved[first]) throw new TypeError(`'${first}' is a reserved method and cannot be called over RPC.`);
  if (!isClass) return callObject(call, receiver, path, props, caps);
  const value = classMember(receiver, first);
  if (value === kMissing) throw notImplemented(first);
  return follow(call, receiver, value, path, 1);
}

/** A call of a plain-object entrypoint, whose functions get (arg, env, ctx). */
function callObject(call, object, path, props, caps) {
  call.ctx.receiver = object;
  let receiver = object;
  let value = object;
  for (let i = 0; i < path.length; i++) {
    if (i > 0 && !hasMembers(value)) throw notImplemented(path[i - 1]);
    const next = member(value, path[i]);
    if (next === kMissing) throw notImplemented(path[i]);
    receiver = value;
    value = next;
    if (ownerOf(value) !== undefined || (i + 1 < path.length && isThenable(value))) return follow(call, receiver, value, path, i + 1);
  }
  if (call.isRead) return value;
  if (typeof value !== "function") throw notFunction(path);
  const list = call.list();
  checkHandler(ArrayPrototypeJoin(path, "."), value, list);
  return ReflectApply(value, receiver, [list[0], state.env, makeExecutionContext(call.ctx, props, caps)]);
}

/** The host wants a stub that was stored, of what `receiver` has made. */
function restoreOn(call, receiver, kind) {
  call.restores = true;
  call.ctx.receiver = receiver;
  call.read = true;
  return require("cloudflare/restore").again(receiver, codec.deserialize(call.bytes, call.caps, call.ctx).value, kind);
}

function checkHandler(name, method, list) {
  if (method.length > 3) {
    throw new TypeError(
      `Cannot call handler function "${name}" over RPC because it has the wrong number of arguments. A simple function handler can only be called over RPC if it has exactly the ` +
        "arguments (arg, env, ctx), where only the first argument comes from the client. To support multi-argument RPC functions, use class-based syntax (extending WorkerEntrypoint) instead.",
    );
  }
  if (list.length !== 1) {
    throw new TypeError(
      `Attempted to call RPC function "${name}" with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, ` +
        "you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.",
    );
  }
}

const kNoRPC =
  "The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the " +
  'special class `DurableObject`, which can be imported from the module "cloudflare:workers".';

/** A call of the Durable Object whose context it is. */
function callActor(call, path) {
  const { instance, hasRPC } = call.ctx.actor;
  if (typeof path[0] === "number") return restoreOn(call, instance, path[0]);
  if (!hasRPC) throw new TypeError(kNoRPC);
  const first = path[0];
  if (kReserved[first]) throw new TypeError(`'${first}' is a reserved method and cannot be called over RPC.`);
  const value = classMember(instance, first);
  if (value === kMissing) throw notImplemented(first);
  return follow(call, instance, value, path, 1);
}

// Objects of a context, and answers that others already call.

function callExport(call, number, path) {
  const entry = exported.find(call.ctx, number);
  if (entry === undefined) throw platformError(new Error(kGone));
  const { value } = entry;
  return follow(call, value, value, path, 0);
}

// ctx.answers is a list of { call, id, result, next }: calls that others may address calls to. Most contexts have one.

function addAnswer(call, result) {
  call.ctx.answers = { call, id: call.id, result, next: call.ctx.answers };
}

function hasAnswer(ctx, id) {
  for (let entry = ctx.answers; entry !== undefined; entry = entry.next) if (entry.id === id) return true;
  return false;
}

function dropAnswer(ctx, id) {
  let before;
  for (let entry = ctx.answers; entry !== undefined; before = entry, entry = entry.next) {
    if (entry.id !== id) continue;
    if (before === undefined) ctx.answers = entry.next;
    else before.next = entry.next;
    return;
  }
}

/** A call on the answer of call `id`; undefined if that is not here any more. */
function callAnswer(call, id, path) {
  call.onAnswer = true;
  for (let entry = call.ctx.answers; entry !== undefined; entry = entry.next) {
    if (entry.id === id) return PromisePrototypeThen(entry.result, (value) => follow(call, value, value, path, 0));
  }
  return undefined;
}

// Answers that have left with capabilities in them are kept until every call that was addressed to them before the host knew is
// here: to the end of the turn after.
const kept = [];

/** `given` are the handlers of stubs in the answer, which are the caller's now. */
function keepAnswer(call, value, given) {
  const { ctx, id } = call;
  if (!hasAnswer(ctx, id)) addAnswer(call, PromiseResolve(value));
  const handles = [];
  if (given !== undefined) {
    for (let i = 0; i < given.length; i++) {
      const handle = given[i].retire();
      if (handle !== undefined) handles[handles.length] = handle;
    }
  }
  kept[kept.length] = { ctx, id, handles, turn: ops.op_turn() };
}

/** Lets go of the answers of `age` turns ago and before. */
function dropAnswers(age) {
  const last = ops.op_turn() - age;
  let over = 0;
  while (over < kept.length && kept[over].turn <= last) over++;
  if (over === 0) return;
  const dropped = ArrayPrototypeSplice(kept, 0, over);
  for (let i = 0; i < over; i++) {
    const { ctx, id, handles } = dropped[i];
    dropAnswer(ctx, id);
    for (let k = 0; k < handles.length; k++) handles[k].release();
  }
}

/** Host: see cloudflare/rpc_exports. What is released was in an answer, so calls that were addressed to that are here. */
function onRelease(id, number, count) {
  if (kept.length > 0) dropAnswers(1);
  exported.released(id, number, count);
}

// The host's side.

/**
 * Host: a call.
 * @param {number} id of the context
 * @param {number} callId within it
 * @param {string | number} target an entrypoint, for which the context is new; the number of an export; -id of another call; 0 for the
 *   Durable Object whose context it is
 * @param {Uint8Array | string | null} props of an entrypoint
 * @param {number[]} caps of the props
 * @param {string[]} path
 * @param {Uint8Array | null} args null reads a property
 * @param {Array} argCaps
 */
function onCall(id, callId, target, props, caps, path, args, argCaps) {
  const ctx = typeof target === "string" ? context.create(id) : context.get(id);
  if (ctx === undefined) {
    if (target === 0) return; // the object has just ended, and the host tells its callers
    if (target < 0) ops.op_rpc_bounce(id, callId);
    else ops.op_rpc_throw(id, callId, "Error", kGone, "", undefined);
    return;
  }
  context.enter(ctx);
  ctx.isSession ||= typeof target === "string";
  ctx.serving++;
  if (kept.length > 0) dropAnswers(2);
  const call = new ServedCall(ctx, callId, args, argCaps);
  let result;
  let later;
  try {
    result =
      typeof target === "string"
        ? callEntrypoint(call, target, props, caps, path)
        : target > 0
          ? callExport(call, target, path)
          : target === 0
            ? callActor(call, path)
            : callAnswer(call, -target, path);
    later = isThenable(result);
  } catch (error) {
    fail(call, error);
    return;
  }
  if (result === undefined && target < 0) {
    ops.op_rpc_bounce(id, callId);
    done(call);
  } else if (later) {
    answerLater(call, PromiseResolve(result));
  } else {
    answer(call, result); // nobody but the host waits: a promise would only take time
  }
}

function answerLater(call, promise) {
  addAnswer(call, promise);
  PromisePrototypeThen(
    promise,
    (value) => answer(call, value),
    (error) => fail(call, error),
  );
}

function answer(call, value) {
  const { ctx } = call;
  if (ctx.ended || call.over) return;
  let sent;
  try {
    sent = call.restores ? codec.serializeRestored(value) : codec.serializeAnswer(value);
  } catch (error) {
    fail(call, error);
    return;
  }
  ops.op_rpc_return(ctx.id, call.id, sent.bytes, sent.caps, sent.disposer);
  if (sent.caps.length === 0) dropAnswer(ctx, call.id);
  else keepAnswer(call, value, sent.given);
  done(call);
}

function fail(call, error) {
  const { ctx } = call;
  if (ctx.ended || call.over) return;
  if (call.begun && ctx.actor !== undefined) ctx.actor.mark(error);
  const { name, message, stack, detail } = require("core/report").describeError(error);
  ops.op_rpc_throw(ctx.id, call.id, name, message, stack, detail);
  dropAnswer(ctx, call.id);
  done(call);
}

/** Host: nobody waits for the answer of a call any more; what it does goes on. */
function onCallGone(id, callId) {
  const ctx = context.get(id);
  for (let entry = ctx?.answers; entry !== undefined; entry = entry.next) {
    if (entry.id !== callId) continue;
    context.enter(ctx);
    dropAnswer(ctx, callId);
    done(entry.call);
    return;
  }
}

function done(call) {
  call.over = true;
  call.release();
  call.ctx.serving--;
  require("core/dispatch").endIfDone(call.ctx);
}

module.exports = { onCall, onCallGone, onRelease };

"use strict";
// Stubs that can be stored, under the flag allow_irrevocable_stub_storage. ctx.restore(params) calls the entrypoint's own method
// [restore](params) and gives a stub of what that returns; the host keeps how the entrypoint is reached, and the params with it. A stub that
// comes from storage is made by the same method when it is first used.
// https://developers.cloudflare.com/workers/configuration/compatibility-flags/

const { ObjectDefineProperty, ReflectApply, Symbol, TypeError } = primordials;
const { isObject, parameterError } = require("core/webidl");
const { async } = require("core/ops");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { state } = require("core/worker");

/** The name of the method. */
const restore = Symbol("cloudflare:workers:restore");

const kNoMethod = "The WorkerEntrypoint or DurableObject class does not implement a [restore]() method.";
const kNoStub = "The [restore]() method must return a ServiceStub or RpcStub.";
const kDropped = "Invoked a Worker from a stored stub, but the target worker no longer has the allow_irrevocable_stub_storage compatibility flag enabled.";

// What the host puts into the place of a path to have a stub made again: no script can name it.
const kService = 1;

/** What [restore](params) of an entrypoint gives: a service stub, or what an RpcStub can be of. */
async function make(receiver, params) {
  const method = receiver?.[restore];
  if (typeof method !== "function") throw new TypeError(kNoMethod);
  const value = await ReflectApply(method, receiver, [params]);
  if (!isService(value) && !isExportable(value)) throw new TypeError(kNoStub);
  return value;
}

function isService(value) {
  return isObject(value) && require("cloudflare/service_stub").isFetcher(value);
}

/** Whether a value is an RpcStub, or becomes one by itself. */
function isExportable(value) {
  if (!isObject(value)) return false;
  if (require("cloudflare/rpc_stub").stubHandlerOf(value) !== undefined) return true;
  return require("cloudflare/loopback").loopbackName(value) === undefined && (typeof value === "function" || require("cloudflare/workers_classes").isTargetLike(value));
}

/** What the host takes for it: a target, or what this realm exports. */
function capabilityOf(value, ctx) {
  const { targetOf } = require("cloudflare/service_stub");
  if (isService(value)) return targetOf(value);
  const exported = require("cloudflare/rpc_exports");
  const handler = require("cloudflare/rpc_stub").stubHandlerOf(value);
  if (handler === undefined) return ["export", exported.addSent(ctx, value, false)];
  const { target } = handler.handle(ctx);
  if (typeof target !== "number") exported.sendAgain(ctx, target[1], false);
  return target;
}

/** ctx.restore(): the stub is ready, and knows how to be made again. */
async function restoreNow(params) {
  const ctx = requireContext();
  const { bytes, caps } = require("cloudflare/rpc_codec").serialize(params, "env");
  const value = await make(ctx.actor === undefined ? ctx.receiver : ctx.actor.instance, params);
  const service = isService(value);
  const channel = await async(ops.op_stub_restored, !service, capabilityOf(value, ctx), bytes, caps);
  if (service) return require("cloudflare/service_stub").makeFetcher(channel, ctx);
  const { Handle, makeStub, stubHandlerOf } = require("cloudflare/rpc_stub");
  stubHandlerOf(value)?.dispose();
  return makeStub(new Handle(channel, ctx));
}

/** Host, by way of an RPC: makes a stub again that was of `kind`. */
async function again(receiver, params, kind) {
  if (!state.flags.allow_irrevocable_stub_storage) throw new primordials.Error(kDropped);
  const value = await make(receiver, params);
  const [was, is] = kind === kService ? ["a ServiceStub", "an RpcStub"] : ["an RpcStub", "a ServiceStub"];
  if (isService(value) !== (kind === kService)) {
    throw new TypeError(`The [restore]() method originally returned ${was}, but on replay it returned ${is} instead. It must always return the same type.`);
  }
  return value;
}

function addMethod(Class, name) {
  const { restore } = {
    restore(params) {
      if (!isObject(this) || !(this instanceof Class)) throw illegalInvocation();
      if (!isObject(params)) throw parameterError("restore", name, 1, "Object");
      return restoreNow(params);
    },
  };
  ObjectDefineProperty(Class.prototype, "restore", { __proto__: null, value: restore, writable: true, enumerable: true, configurable: true });
}

/** Adds the method to what entrypoints and Durable Objects get as ctx. */
function install() {
  addMethod(require("cloudflare/execution_context").ExecutionContext, "ExecutionContext");
  addMethod(require("cloudflare/durable").DurableObjectState, "DurableObjectState");
}

module.exports = { again, install, restore };

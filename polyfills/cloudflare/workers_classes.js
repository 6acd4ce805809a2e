"use strict";
// The classes that a worker extends. https://developers.cloudflare.com/workers/runtime-apis/rpc/
// Those that are constructed with `ctx` and `env` are functions, so that calling one without `new` has the platform's text.

const { ObjectGetPrototypeOf, TypeError } = primordials;
const { constructorError, define, isObject } = require("core/webidl");

function notCalled(name) {
  return new TypeError(`Failed to construct '${name}': Please use the 'new' operator, this object constructor cannot be called as a function.`);
}

function WorkerEntrypoint(ctx, env) {
  if (new.target === undefined) throw notCalled("WorkerEntrypoint");
  if (!isObject(ctx)) throw constructorError("WorkerEntrypoint", 1, "Object");
  if (!isObject(env)) throw constructorError("WorkerEntrypoint", 2, "Object");
  this.ctx = ctx;
  this.env = env;
}
define(WorkerEntrypoint, "WorkerEntrypoint");

// Whether a value is what a Durable Object is constructed with. Nothing is, before the file that makes such objects has said so.
let isState = () => false;

function DurableObject(ctx, env) {
  if (new.target === undefined) throw notCalled("DurableObjectBase");
  if (!isState(ctx)) throw constructorError("DurableObjectBase", 1, "DurableObjectState");
  if (!isObject(env)) throw constructorError("DurableObjectBase", 2, "Object");
  this.ctx = ctx;
  this.env = env;
}
define(DurableObject, "DurableObject");

/** Sets the test for the first argument of DurableObject's constructor. */
function acceptState(test) {
  isState = test;
}

function WorkflowEntrypoint(ctx, env) {
  if (new.target === undefined) throw notCalled("WorkflowEntrypoint");
  if (!require("cloudflare/execution_context").isExecutionContext(ctx)) throw constructorError("WorkflowEntrypoint", 1, "ExecutionContext");
  if (!isObject(env)) throw constructorError("WorkflowEntrypoint", 2, "Object");
  this.ctx = ctx;
  this.env = env;
}
define(WorkflowEntrypoint, "WorkflowEntrypoint");

/** Marks an object that exists: the constructor gives back what it is given. */
class TargetBrand extends function (object) {
  return object;
} {
  #brand;
  static isIn(value) {
    return #brand in value;
  }
}
const { isIn: isTarget } = TargetBrand;

function RpcTarget() {
  if (new.target === undefined) throw notCalled("JsRpcTarget");
  new TargetBrand(this);
}
define(RpcTarget, "JsRpcTarget");

/** Whether a value is an RpcTarget, or a proxy that looks like one. */
function isTargetLike(value) {
  if (isTarget(value)) return true;
  if (ops.op_proxy_details(value) === undefined) return false;
  for (let p = ObjectGetPrototypeOf(value); p !== null; p = ObjectGetPrototypeOf(p)) if (p === RpcTarget.prototype) return true;
  return false;
}

module.exports = { WorkerEntrypoint, DurableObject, WorkflowEntrypoint, RpcTarget, isTarget, isTargetLike, acceptState };

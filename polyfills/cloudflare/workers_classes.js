"use strict";
// The classes that a worker extends. https://developers.cloudflare.com/workers/runtime-apis/rpc/

const { TypeError } = primordials;
const { define, isObject } = require("core/webidl");

class WorkerEntrypoint {
  constructor(ctx, env) {
    if (!isObject(ctx)) throw new TypeError("Failed to construct 'WorkerEntrypoint': constructor parameter 1 is not of type 'ExecutionContext'.");
    this.ctx = ctx;
    this.env = env;
  }
}
define(WorkerEntrypoint, "WorkerEntrypoint");

class DurableObject {
  constructor(ctx, env) {
    if (!isObject(ctx)) throw new TypeError("Failed to construct 'DurableObject': constructor parameter 1 is not of type 'DurableObjectState'.");
    this.ctx = ctx;
    this.env = env;
  }
}
define(DurableObject, "DurableObject");

class RpcTarget {
  #brand = true;
  static isTarget(value) {
    return #brand in value;
  }
}
const { isTarget } = RpcTarget;
delete RpcTarget.isTarget;
define(RpcTarget, "RpcTarget");

module.exports = { WorkerEntrypoint, DurableObject, RpcTarget, isTarget };

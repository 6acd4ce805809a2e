"use strict";
// The module cloudflare:workers. https://developers.cloudflare.com/workers/runtime-apis/

const { Proxy, ReflectDefineProperty, ReflectDeleteProperty, ReflectGet, ReflectGetOwnPropertyDescriptor, ReflectHas, ReflectOwnKeys, ReflectSet } = primordials;
const { WorkerEntrypoint, DurableObject, RpcTarget } = require("cloudflare/workers_classes");
const { RpcPromise, RpcProperty, RpcStub } = require("cloudflare/rpc_stub");
const { Fetcher } = require("cloudflare/service_stub");
const { state } = require("core/worker");
const { requireContext } = require("core/context");

/** An object that is whatever `current()` gives at each access. */
function live(current) {
  return new Proxy(
    {},
    {
      __proto__: null,
      get: (target, key) => ReflectGet(current(), key),
      set: (target, key, value) => ReflectSet(current(), key, value),
      has: (target, key) => ReflectHas(current(), key),
      deleteProperty: (target, key) => ReflectDeleteProperty(current(), key),
      ownKeys: () => ReflectOwnKeys(current()),
      getOwnPropertyDescriptor(target, key) {
        const descriptor = ReflectGetOwnPropertyDescriptor(current(), key);
        if (descriptor !== undefined) descriptor.configurable = true;
        return descriptor;
      },
      defineProperty: (target, key, descriptor) => ReflectDefineProperty(current(), key, descriptor),
    },
  );
}

const nothing = { __proto__: null };
const env = live(() => (state.flags.disallow_importable_env ? nothing : state.env));
const exports_ = live(() => (state.flags.disallow_importable_env || state.exportNames.length === 0 ? nothing : require("cloudflare/loopback").exportsObject()));

/** waitUntil of the request in force. */
function waitUntil(promise) {
  require("cloudflare/execution_context").waitUntil(requireContext(), promise);
}

module.exports = { WorkerEntrypoint, DurableObject, RpcTarget, RpcStub, RpcPromise, RpcProperty, ServiceStub: Fetcher, env, exports: exports_, waitUntil };

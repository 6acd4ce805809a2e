"use strict";
// The module cloudflare:workers. https://developers.cloudflare.com/workers/runtime-apis/

const { ObjectDefineProperty, Proxy, ReflectDefineProperty, ReflectDeleteProperty, ReflectGet, ReflectGetOwnPropertyDescriptor, ReflectHas, ReflectOwnKeys, ReflectSet } = primordials;
const { WorkerEntrypoint, DurableObject, WorkflowEntrypoint, RpcTarget } = require("cloudflare/workers_classes");
const { Fetcher } = require("cloudflare/service_stub");
const { RpcPromise, RpcProperty, RpcStub } = require("cloudflare/rpc_stub");
const { isObject, parameterError } = require("core/webidl");
const { state } = require("core/worker");
const { restore } = require("cloudflare/restore");
const context = require("core/context");

// What the modules' objects show when they show nothing. Writes to it are lost without a word.
const nothing = null;

/** The traps by which an object is whatever `current()` gives at each access, as far as it can be read. */
function reading(current) {
  return {
    __proto__: null,
    get(target, key) {
      const object = current();
      return object === nothing ? undefined : ReflectGet(object, key);
    },
    has(target, key) {
      const object = current();
      return object !== nothing && ReflectHas(object, key);
    },
    ownKeys() {
      const object = current();
      return object === nothing ? [] : ReflectOwnKeys(object);
    },
    getOwnPropertyDescriptor(target, key) {
      const object = current();
      return object === nothing ? undefined : ReflectGetOwnPropertyDescriptor(object, key);
    },
    set: () => true,
    deleteProperty: () => true,
    defineProperty: () => true,
  };
}

/** The same for an object that can be written, too. */
function writing(current) {
  const traps = reading(current);
  traps.set = (target, key, value) => {
    const object = current();
    return object === nothing || ReflectSet(object, key, value);
  };
  traps.deleteProperty = (target, key) => {
    const object = current();
    return object === nothing || ReflectDeleteProperty(object, key);
  };
  traps.defineProperty = (target, key, descriptor) => {
    const object = current();
    return object === nothing || ReflectDefineProperty(object, key, descriptor);
  };
  return traps;
}

function currentEnv() {
  const { env } = context.scope();
  return env !== undefined ? env : state.flags.disallow_importable_env ? nothing : state.env;
}

function currentExports() {
  const { exports } = context.scope();
  if (exports !== undefined) return exports;
  return state.flags.disallow_importable_env || !state.loaded ? nothing : require("cloudflare/loopback").exportsObject();
}

const env = new Proxy({}, writing(currentEnv));
const exports_ = new Proxy({}, reading(currentExports));
// The cache of the worker itself, which only the platform's configuration switches on.
const cache = new Proxy({}, reading(() => nothing));

/** What an override shows. What is no object overrides nothing, except that nothing itself may be meant. */
function override(value) {
  if (isObject(value)) return value;
  return (value === undefined || value === null) && state.flags.env_module_nullable_support ? nothing : undefined;
}

function checkFunction(name, index, fn) {
  if (typeof fn !== "function") throw parameterError(name, "EnvModule", index, "function");
}

/** Calls `fn` with `newEnv` as the imported env, for what it awaits as well. */
function withEnv(newEnv, fn) {
  checkFunction("withEnv", 2, fn);
  return context.runInScope({ __proto__: null, ...context.scope(), env: override(newEnv) }, fn, []);
}

/** The same for the imported exports. */
function withExports(newExports, fn) {
  checkFunction("withExports", 2, fn);
  return context.runInScope({ __proto__: null, ...context.scope(), exports: override(newExports) }, fn, []);
}

/** Both at once. */
function withEnvAndExports(newEnv, newExports, fn) {
  checkFunction("withEnvAndExports", 3, fn);
  return context.runInScope({ __proto__: null, ...context.scope(), env: override(newEnv), exports: override(newExports) }, fn, []);
}

const { waitUntil } = {
  /** waitUntil of the request in force. */
  waitUntil(...args) {
    const ctx = context.requireContext();
    if (args.length === 0) throw parameterError("waitUntil", "EntrypointsModule", 1, "Promise");
    require("cloudflare/execution_context").waitUntil(ctx, args[0]);
  },
};
ObjectDefineProperty(waitUntil, "name", { __proto__: null, value: "bound waitUntil", configurable: true });

/** Ends this isolate and all that runs in it; the next call of the worker starts another. */
function abortIsolate(reason) {
  ops.op_abort_isolate(context.current()?.id ?? 0, `${reason}`);
  require("cloudflare/execution_context").stop();
}

const tracing = require("cloudflare/tracing").makeTracing();

module.exports = {
  DurableObject,
  RpcPromise,
  RpcProperty,
  RpcStub,
  RpcTarget,
  ServiceStub: Fetcher,
  WorkerEntrypoint,
  WorkflowEntrypoint,
  abortIsolate,
  cache,
  env,
  exports: exports_,
  restore,
  tracing,
  waitUntil,
  withEnv,
  withEnvAndExports,
  withExports,
};

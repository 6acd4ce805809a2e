"use strict";
// The worker that lives in this realm: its configuration, env, exports, and how an entrypoint is called.

const { Error, JSONParse, ObjectKeys, ObjectGetPrototypeOf, TypeError, FunctionPrototypeCall, ReflectConstruct } = primordials;

const { platformError } = require("core/errors");

/** What is one per realm; filled by configure() and loaded(). */
const state = {
  __proto__: null,
  name: "",
  flags: { __proto__: null },
  date: "",
  // Whether it was made by a Worker Loader.
  dynamic: false,
  env: undefined,
  // Entrypoints by export name: { kind, value }.
  entrypoints: { __proto__: null },
  // Names that ctx.exports shows.
  exportNames: [],
};

// Kinds of exports, as op_loaded reports them.
const kObject = 0;
const kEntrypoint = 1;
const kDurableObject = 2;
const kOtherClass = 3;

/** Host: sets configuration and env, before any module runs. */
function configure(config, envBytes, caps) {
  const settings = JSONParse(config);
  state.name = settings.name;
  state.date = settings.date;
  state.dynamic = settings.dynamic;
  for (let i = 0; i < settings.flags.length; i++) state.flags[settings.flags[i]] = true;
  state.env = envBytes === null ? {} : require("cloudflare/rpc_codec").deserialize(envBytes, caps, undefined).value;
  const bindings = settings.bindings;
  for (let i = 0; i < bindings.length; i++) state.env[bindings[i].name] = bindingValue(bindings[i]);
}

function bindingValue(binding) {
  switch (binding.type) {
    case "service": {
      const { makeFetcher } = require("cloudflare/service_stub");
      return makeFetcher(binding.channel);
    }
    case "worker_loader": {
      const { makeLoader } = require("cloudflare/worker_loader");
      return makeLoader(binding.index);
    }
    default:
      return binding.value;
  }
}

function classify(name, value) {
  if (typeof value === "function") {
    const { WorkerEntrypoint, DurableObject } = require("cloudflare/workers_classes");
    for (let p = value.prototype; p !== null && p !== undefined; p = ObjectGetPrototypeOf(p)) {
      if (p === WorkerEntrypoint.prototype) return kEntrypoint;
      if (p === DurableObject.prototype) return kDurableObject;
    }
    return kOtherClass;
  }
  if (typeof value === "object" && value !== null) return kObject;
  throw new TypeError(`Incorrect type for map entry '${name}': the provided value is not of type 'function or ExportedHandler'.`);
}

/** Engine: the main module has been evaluated. */
function loaded(namespace) {
  const names = ObjectKeys(namespace);
  const report = [];
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const value = namespace[name];
    const kind = classify(name, value);
    state.entrypoints[name] = { __proto__: null, kind, value };
    state.exportNames[state.exportNames.length] = name;
    report[report.length] = name;
    report[report.length] = kind;
  }
  ops.op_loaded(report);
}

/** Undoes loaded(), for the warm-up. */
function forget() {
  state.entrypoints = { __proto__: null };
  state.exportNames.length = 0;
}

/** The exported entrypoint `name`, or the platform's error. */
function entrypoint(name) {
  const found = state.entrypoints[name];
  if (found === undefined || found.kind > kEntrypoint) {
    throw platformError(new Error(name === "default" ? "Worker has no default entrypoint." : `Worker has no such entrypoint: ${name}`));
  }
  return found;
}

/** The props of a call: none, JSON text from the configuration, or serialised by another worker. */
function readProps(props, caps) {
  if (props === null) return {};
  return typeof props === "string" ? JSONParse(props) : require("cloudflare/rpc_codec").deserialize(props, caps, undefined).value;
}

/** `ctx` of a handler. */
function makeExecutionContext(ctx, props, caps) {
  return require("cloudflare/execution_context").makeExecutionContext(ctx, readProps(props, caps));
}

/** An instance of an entrypoint class for one call. */
function construct(found, ctx, props, caps) {
  return ReflectConstruct(found.value, [makeExecutionContext(ctx, props, caps), state.env]);
}

/**
 * Calls an entrypoint's fetch handler.
 * @returns what it returned
 */
function callFetch(ctx, name, props, caps, request) {
  const listeners = state.entrypoints[name] === undefined && name === "default" ? require("web/global_scope").fetchListeners() : 0;
  if (listeners > 0) return require("cloudflare/service_worker").dispatchFetch(ctx, request);
  const found = entrypoint(name);
  if (found.kind === kEntrypoint) {
    const instance = construct(found, ctx, props, caps);
    return fetchMethod(instance)(instance, request);
  }
  const handler = found.value;
  return fetchMethod(handler)(handler, request, state.env, makeExecutionContext(ctx, props, caps));
}

function fetchMethod(target) {
  const method = target.fetch;
  if (typeof method !== "function") throw new Error("Handler does not export a fetch() function.");
  return (receiver, ...args) => primordials.ReflectApply(method, receiver, args);
}

module.exports = { state, configure, loaded, forget, entrypoint, construct, callFetch, makeExecutionContext, kObject, kEntrypoint, kDurableObject };

"use strict";
// The worker that lives in this realm: its configuration, env, exports, and how an entrypoint is called.

const { ArrayPrototypeMap, Error, FunctionPrototypeCall, JSONParse, Object, ObjectDefineProperty, ObjectGetPrototypeOf, ObjectHasOwn, ObjectKeys, ReflectConstruct, TypeError } = primordials;

const { platformError } = require("core/errors");

/** What is one per realm; filled by configure() and loaded(). */
const state = {
  name: "",
  flags: { __proto__: null },
  date: "",
  // Whether it was made by a Worker Loader.
  dynamic: false,
  env: undefined,
  // Entrypoints by export name: { kind, value, handlers }; handlers are the functions of a plain object.
  entrypoints: { __proto__: null },
  // Names of all exports, in the order of the module.
  exportNames: [],
  // Whether the main module has been evaluated.
  loaded: false,
  // Whether it has a way to the network.
  outbound: true,
  // Whether somebody is told what it does, see cloudflare/trace.
  tails: false,
  // Spaces of its own Durable Object classes, by export name.
  objects: { __proto__: null },
};

// Kinds of exports, as op_loaded reports them.
const kObject = 0;
const kEntrypoint = 1;
const kDurableObject = 2;
const kOtherClass = 3;
const kWorkflow = 4;

// Globals that need a flag, as [name, flag].
const flagged = [];
const globals = require("core/globals");
for (let i = 0; i < globals.length; i++) if (globals[i][4] !== "") flagged[flagged.length] = [globals[i][0], globals[i][4]];

/** The flags that globals need. */
function globalFlags() {
  return ArrayPrototypeMap(flagged, (row) => row[1]);
}

function removeFlaggedGlobals() {
  const { prototype } = require("web/global_scope").ServiceWorkerGlobalScope;
  for (let i = 0; i < flagged.length; i++) if (state.flags[flagged[i][1]] !== true) delete prototype[flagged[i][0]];
}

/** Host: sets configuration and env, before any module runs. */
function configure(config, envBytes, caps) {
  const settings = JSONParse(config);
  state.name = settings.name;
  state.date = settings.date;
  state.dynamic = settings.dynamic;
  state.outbound = settings.outbound;
  state.tails = settings.tails;
  state.objects = { __proto__: null, ...settings.objects };
  for (let i = 0; i < settings.flags.length; i++) state.flags[settings.flags[i]] = true;
  removeFlaggedGlobals();
  if (state.flags.typescript_implemented_streams) require("web/streams_transform").internals.ownSides();
  if (!state.flags.set_tostring_tag) require("core/webidl").dropTags();
  if (!state.flags.cache_option_enabled) delete require("web/request").Request.prototype.cache;
  if (settings.gc) require("core/collect_garbage").install();
  if (state.flags.service_binding_extra_handlers) require("cloudflare/extra_handlers").install();
  if (state.flags.allow_irrevocable_stub_storage) require("cloudflare/restore").install();
  require("core/uint8array_text").install();
  if (state.flags.nodejs_compat_v2) require("node/internal_globals").install();
  state.env = envBytes === null ? {} : asEnv(require("cloudflare/rpc_codec").deserialize(envBytes, caps, undefined).value);
  const bindings = settings.bindings;
  const target = settings.globals ? globalThis : state.env;
  for (let i = 0; i < bindings.length; i++) {
    bind(target, bindings[i]);
    if (bindings[i].type === "wrapped") wrapped[wrapped.length] = bindings[i];
  }
  holder = target;
}

// Bindings that are made by modules, and whose members they are to be: they wait for the modules.
let wrapped = [];
let holder;

/** Engine: the modules are there, and none of the worker's has run. */
function installed() {
  const list = wrapped;
  wrapped = [];
  for (let i = 0; i < list.length; i++) holder[list[i].name] = wrap(list[i]);
}

/** What a module makes of other bindings. */
function wrap(binding) {
  const env = {};
  for (let i = 0; i < binding.inner?.length; i++) bind(env, binding.inner[i]);
  const name = binding.entrypoint ?? "default";
  const make = ops.op_import_internal(binding.module)[name];
  if (typeof make !== "function") throw new Error(`Wrapped binding "${binding.name}": module "${binding.module}" has no function "${name}".`);
  return make(env);
}

/** Makes a binding a member of env, or a global of a worker in the service-worker format, whatever else has its name. */
function bind(target, binding) {
  ObjectDefineProperty(target, binding.name, { __proto__: null, value: bindingValue(binding), writable: true, configurable: true, enumerable: true });
}

/** A plain object with the members of what a parent gave as env, which may be any object. */
function asEnv(value) {
  if (ObjectGetPrototypeOf(value) === Object.prototype) return value;
  const env = {};
  const names = ObjectKeys(value);
  for (let i = 0; i < names.length; i++) env[names[i]] = value[names[i]];
  return env;
}

function bindingValue(binding) {
  switch (binding.type) {
    case "service": {
      const { makeFetcher } = require("cloudflare/service_stub");
      return makeFetcher(binding.channel);
    }
    case "kv":
      return require("cloudflare/kv").makeNamespace(binding.channel);
    case "worker_loader": {
      const { makeLoader } = require("cloudflare/worker_loader");
      return makeLoader(binding.index);
    }
    case "objects": {
      const { makeNamespace } = require("cloudflare/durable_namespace");
      return makeNamespace(binding.index);
    }
    case "wrapped":
      return holder === undefined ? undefined : wrap(binding);
    case "unsafe_eval":
      return require("cloudflare/unsafe_eval").makeUnsafeEval();
    case "data":
      return ops.op_base64_decode(binding.value).buffer;
    default:
      return binding.value;
  }
}

function classify(name, value) {
  if (typeof value === "function") {
    const { WorkerEntrypoint, DurableObject, WorkflowEntrypoint } = require("cloudflare/workers_classes");
    for (let p = value.prototype; p !== null && p !== undefined; p = ObjectGetPrototypeOf(p)) {
      if (p === WorkerEntrypoint.prototype) return kEntrypoint;
      if (p === DurableObject.prototype) return kDurableObject;
      if (p === WorkflowEntrypoint.prototype) return kWorkflow;
    }
    return kOtherClass;
  }
  if (typeof value === "object" && value !== null) return kObject;
  throw new TypeError(`Incorrect type for map entry '${name}': the provided value is not of type 'function or ExportedHandler'.`);
}

// In the order in which they are read.
const kHandlers = ["fetch", "connect", "tail", "trace", "tailStream", "scheduled", "alarm", "queue", "test", "webSocketMessage", "webSocketClose", "webSocketError"];

/** The handlers of a plain object. They are read once, when the worker starts. A test that is no function counts, so that it fails. */
function handlersOf(object) {
  const handlers = { __proto__: null };
  for (let i = 0; i < kHandlers.length; i++) {
    const handler = object[kHandlers[i]];
    if (typeof handler === "function" || (handler !== undefined && kHandlers[i] === "test")) handlers[kHandlers[i]] = handler;
  }
  return handlers;
}

/** Whether a class or one that it extends has a method `test`. */
function classHasTest(value) {
  for (let p = value.prototype; p !== null && p !== Object.prototype; p = ObjectGetPrototypeOf(p)) if (ObjectHasOwn(p, "test")) return true;
  return false;
}

/** Engine: the main module has been evaluated. */
function loaded(namespace) {
  const names = ObjectKeys(namespace);
  const report = [];
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const value = namespace[name];
    const kind = classify(name, value);
    const handlers = kind === kObject ? handlersOf(value) : undefined;
    state.entrypoints[name] = { kind, value, handlers };
    state.exportNames[state.exportNames.length] = name;
    report[report.length] = name;
    report[report.length] = kind;
    report[report.length] = kind === kObject ? handlers.test !== undefined : kind === kEntrypoint && classHasTest(value);
  }
  state.loaded = true;
  ops.op_loaded(report);
}

/** Undoes configure() and loaded(), for the warm-up. */
function forget() {
  state.flags = { __proto__: null };
  state.env = undefined;
  state.entrypoints = { __proto__: null };
  wrapped = [];
  holder = undefined;
  state.exportNames.length = 0;
  state.loaded = false;
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

let executionContext;

/** `ctx` of a handler. */
function makeExecutionContext(ctx, props, caps) {
  executionContext ??= require("cloudflare/execution_context");
  return executionContext.makeExecutionContext(readProps(props, caps));
}

// The `ctx` that all calls of one plain object share, by export name, under the flag that wants it so.
const shared = { __proto__: null };

/** `ctx` of a handler of the plain object `name`. */
function contextOfObject(name, ctx, props, caps) {
  ctx.receiver = state.entrypoints[name]?.value;
  if (!state.flags.nonclass_entrypoint_reuses_ctx_across_invocations) return makeExecutionContext(ctx, props, caps);
  return (shared[name] ??= makeExecutionContext(ctx, props, caps));
}

/** An instance of an entrypoint class for one call. */
function construct(found, ctx, props, caps) {
  return (ctx.receiver = ReflectConstruct(found.value, [makeExecutionContext(ctx, props, caps), state.env]));
}

/**
 * Calls an entrypoint's fetch handler. Without a default entrypoint the request goes to the listeners of "fetch" events.
 * @returns what it returned
 */
function callFetch(ctx, name, props, caps, request) {
  if (name === "default" && !hasDefault()) return require("cloudflare/service_worker").dispatchFetch(ctx, request);
  const found = entrypoint(name);
  if (found.kind === kEntrypoint) {
    // A method of a class has env and ctx from its instance; like the reference runtime this one passes it two arguments all the same.
    const instance = construct(found, ctx, props, caps);
    return callHandler(ctx, instance.fetch, instance, request, undefined, undefined);
  }
  return callHandler(ctx, found.handlers.fetch, found.value, request, state.env, contextOfObject(name, ctx, props, caps));
}

/** Calls the tail handler of an entrypoint, or the one under its old name. @returns what it returned */
function callTail(ctx, name, props, caps, events) {
  const found = entrypoint(name);
  if (found.kind === kEntrypoint) {
    const instance = construct(found, ctx, props, caps);
    const tail = instance.tail ?? instance.trace;
    if (typeof tail === "function") return FunctionPrototypeCall(tail, instance, events, undefined, undefined);
  } else {
    const tail = found.handlers.tail ?? found.handlers.trace;
    if (tail !== undefined) return FunctionPrototypeCall(tail, found.value, events, state.env, contextOfObject(name, ctx, props, caps));
  }
  throw new Error("Handler does not export a tail() function.");
}

function hasDefault() {
  const found = state.entrypoints.default;
  return found !== undefined && found.kind <= kEntrypoint;
}

const kNoFetch = "Received a FetchEvent but we lack a handler for FetchEvents. Did you remember to export a fetch() function?";
let warned = false;

function callHandler(ctx, fetch, target, request, env, executionContext) {
  if (typeof fetch === "function") return FunctionPrototypeCall(fetch, target, request, env, executionContext);
  if (state.tails && !warned) require("cloudflare/trace").log("warn", [kNoFetch]);
  if (!warned) ops.op_console(ctx.id, "warn", kNoFetch);
  warned = true;
  throw new Error("Handler does not export a fetch() function.");
}

module.exports = { state, globalFlags, configure, installed, loaded, forget, entrypoint, construct, callFetch, callTail, hasDefault, makeExecutionContext, contextOfObject, callHandler, readProps, kObject, kEntrypoint, kDurableObject, kOtherClass, kWorkflow };

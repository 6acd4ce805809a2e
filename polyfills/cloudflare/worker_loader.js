"use strict";
// The Worker Loader binding: LOADER.get(id, callback), LOADER.load(code), and the stubs they give.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/worker-loader/

const {
  ArrayIsArray,
  Error,
  JSONStringify,
  Map,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeSet,
  NumberIsNaN,
  ObjectKeys,
  PromisePrototypeThen,
  PromiseResolve,
  String,
  StringPrototypeEndsWith,
  TypeError,
} = primordials;
const { define, illegalConstructor, isObject, isBufferSource, bytesOf, fieldError, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { makeFetcher, isFetcher, targetOf, crossRequest } = require("cloudflare/service_stub");
const codec = require("cloudflare/rpc_codec");

const kMaxCodeBytes = 64 << 20;
const kMaxEnvBytes = 1 << 20;

// Kinds of modules, as in isolate/ops.
const kinds = { __proto__: null, js: 0, cjs: 1, text: 2, data: 3, json: 4, wasm: 5 };

let lastWorker = 0;
let constructing = false;

function construct(Class, ...args) {
  constructing = true;
  try {
    return new Class(...args);
  } finally {
    constructing = false;
  }
}

// WorkerCode.

function moduleError(name, count) {
  return new TypeError(
    `Each module must contain exactly one of 'js', 'cjs', 'text', 'data', 'json', 'py', or 'wasm'. Module '${name}' contained ${count} properties.`,
  );
}

const kExtension = "Module name must end with '.js' or '.py' (or the content must be an object indicating the type explicitly). Got: ";
const kTypeScript =
  " If you're trying to load TypeScript, bundle it first with '@cloudflare/worker-bundler' and pass the generated JavaScript modules.";

function textModule(name, source) {
  if (StringPrototypeEndsWith(name, ".js")) return [kinds.js, source];
  if (StringPrototypeEndsWith(name, ".py")) {
    throw new TypeError(`Module "${name}" is a Python module, but the main module isn't a Python module.`);
  }
  const typescript = StringPrototypeEndsWith(name, ".ts") || StringPrototypeEndsWith(name, ".tsx") || StringPrototypeEndsWith(name, ".jsx");
  throw new TypeError(`${kExtension}${name}${typescript ? `.${kTypeScript}` : ""}`);
}

/** [kind, source] of one member of `modules`. */
function readModule(name, value) {
  if (typeof value === "function" || typeof value !== "object" || value === null) {
    if (value === null) throw moduleError(name, 0);
    return textModule(name, String(value));
  }
  const { js, cjs, text, data, json, py, wasm } = value;
  const fields = [js, cjs, text, data, json, py, wasm];
  const names = ["js", "cjs", "text", "data", "json", "py", "wasm"];
  let found = -1;
  let count = 0;
  for (let i = 0; i < fields.length; i++) {
    if (fields[i] === undefined) continue;
    found = i;
    count++;
  }
  if (count !== 1) throw moduleError(name, count);
  return explicitModule(name, names[found], fields[found]);
}

function explicitModule(name, kind, value) {
  switch (kind) {
    case "js":
    case "cjs":
    case "text":
      return [kinds[kind], `${value}`];
    case "json":
      return [kinds.json, JSONStringify(value) ?? "null"];
    case "data":
      if (!isBufferSource(value)) throw fieldError("data", "Module", "Array");
      return [kinds.data, bytesOf(value)];
    case "wasm":
      if (!isBufferSource(value)) throw fieldError("wasm", "Module", "Array or WasmModuleObject");
      return [kinds.wasm, bytesOf(value)];
    default:
      throw new TypeError(`Module "${name}" is a Python module, but the main module isn't a Python module.`);
  }
}

function byteLength(source) {
  return typeof source === "string" ? ops.op_utf8_length(source) : source.length;
}

/** Flattens `modules` to [name, kind, source, ...]. */
function readModules(modules) {
  if (!isObject(modules) || ArrayIsArray(modules)) throw fieldError("modules", "WorkerCode", "object");
  const names = ObjectKeys(modules);
  if (names.length === 0) throw new TypeError("Dynamic Worker code must contain at least one module.");
  const flat = [];
  let size = 0;
  for (let i = 0; i < names.length; i++) {
    const [kind, source] = readModule(names[i], modules[names[i]]);
    size += byteLength(source);
    flat[i * 3] = names[i];
    flat[i * 3 + 1] = kind;
    flat[i * 3 + 2] = source;
  }
  if (size > kMaxCodeBytes) {
    throw new Error(`Dynamic Worker code size (${size} bytes) exceeds the maximum allowed size of ${kMaxCodeBytes} bytes.`);
  }
  return flat;
}

function limit(value) {
  if (value === undefined) return -1;
  const number = +value;
  if (NumberIsNaN(number)) throw new TypeError("The value cannot be converted because it is not an integer.");
  if (number < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
  if (number > 4294967295) throw new TypeError("Value out of range. Must be less than or equal to 4294967295.");
  return number;
}

/** [cpuMs, subRequests], -1 for none. */
function readLimits(limits, dictionary) {
  if (limits === undefined) return [-1, -1];
  if (!isObject(limits)) throw fieldError("limits", dictionary, "ResourceLimits");
  return [limit(limits.cpuMs), limit(limits.subRequests)];
}

function readFlags(flags) {
  if (flags === undefined) return [];
  if (!ArrayIsArray(flags)) throw fieldError("compatibilityFlags", "WorkerCode", "Array");
  const list = [];
  for (let i = 0; i < flags.length; i++) list[i] = `${flags[i]}`;
  return list;
}

function readEnv(env) {
  if (env === undefined) return { bytes: null, caps: [] };
  if (!isObject(env)) throw fieldError("env", "WorkerCode", "Object");
  const copy = {};
  const names = ObjectKeys(env);
  for (let i = 0; i < names.length; i++) copy[names[i]] = env[names[i]];
  const sent = codec.serialize(copy, "env");
  if (sent.bytes.length > kMaxEnvBytes) {
    throw new Error(`Dynamic Worker env size (${sent.bytes.length} bytes) exceeds the maximum allowed size of ${kMaxEnvBytes} bytes.`);
  }
  return sent;
}

/** The target of a service stub, called loopback stubs and uncalled ones included; undefined if it is none. */
function serviceTarget(value) {
  const { loopbackTarget } = require("cloudflare/loopback");
  const target = isFetcher(value) ? targetOf(value) : loopbackTarget(value);
  if (target !== undefined && typeof target === "object" && target[0] === "worker") {
    const { makeError } = require("core/errors");
    throw makeError("DataCloneError", codec.kTransfer);
  }
  return target;
}

/** [0] inherit, [1] none, [2, target]. */
function readOutbound(value) {
  if (value === undefined) return [0];
  if (value === null) return [1];
  const target = serviceTarget(value);
  if (target === undefined) throw fieldError("globalOutbound", "WorkerCode", "Fetcher");
  return [2, target];
}

function readTails(value) {
  if (value === undefined) return [];
  if (!ArrayIsArray(value)) throw fieldError("tails", "WorkerCode", "Array");
  const list = [];
  for (let i = 0; i < value.length; i++) {
    const target = serviceTarget(value[i]);
    if (target === undefined) {
      throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'Fetcher'.`);
    }
    list[i] = target;
  }
  return list;
}

/** Reads a WorkerCode, each field once and in the documented order, into what op_loader_code sends. */
function readCode(code) {
  const date = code.compatibilityDate;
  const flags = readFlags(code.compatibilityFlags);
  const experimental = code.allowExperimental;
  const limits = readLimits(code.limits, "WorkerCode");
  const main = `${code.mainModule}`;
  const modules = readModules(code.modules);
  const env = readEnv(code.env);
  const outbound = readOutbound(code.globalOutbound);
  const tails = readTails(code.tails);
  if (code.streamingTails !== undefined && !experimental) {
    throw new Error("Streaming tail workers are experimental. You must pass the option 'allowExperimental: true' to the worker loader to use them");
  }
  ops.op_check_compat(`${date}`, flags, !!experimental);
  return [`${date}`, flags, main, modules, env.bytes, env.caps, outbound, limits, tails];
}

// The binding and its stubs.

class WorkerLoader {
  #binding;

  constructor(binding) {
    if (!constructing) throw illegalConstructor();
    this.#binding = binding;
  }

  get(id, callback) {
    if (!(#binding in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("get", "WorkerLoader", 1, "string");
    if (typeof callback !== "function") throw parameterError("get", "WorkerLoader", 2, "function");
    const name = id === null || id === undefined ? null : `${id}`;
    const ctx = requireContext();
    const number = ++lastWorker;
    remember(ctx, number, { callback, frame: ops.op_get_frame() });
    ops.op_loader_get(ctx.id, number, this.#binding, name);
    return construct(WorkerStub, number, ctx);
  }

  load(code) {
    if (!(#binding in this)) throw illegalInvocation();
    if (!isObject(code)) throw parameterError("load", "WorkerLoader", 1, "WorkerCode");
    const ctx = requireContext();
    const flat = readCode(code);
    const number = ++lastWorker;
    ops.op_loader_get(ctx.id, number, this.#binding, null);
    ops.op_loader_code(ctx.id, number, flat);
    return construct(WorkerStub, number, ctx);
  }
}
define(WorkerLoader, "WorkerLoader");

function remember(ctx, number, entry) {
  if (ctx.workers === undefined) ctx.workers = new Map();
  MapPrototypeSet(ctx.workers, number, entry);
}

class WorkerStub {
  #number;
  #context;

  constructor(number, ctx) {
    if (!constructing) throw illegalConstructor();
    this.#number = number;
    this.#context = ctx;
  }

  getEntrypoint(name, options) {
    if (!(#number in this)) throw illegalInvocation();
    if (this.#context !== requireContext()) throw crossRequest("WorkerStubChannel");
    const entrypoint = name === undefined || name === null ? "default" : `${name}`;
    let sent = { bytes: null, caps: [] };
    let limits = [-1, -1];
    if (options !== undefined && options !== null) {
      if (!isObject(options)) throw parameterError("getEntrypoint", "WorkerStub", 2, "EntrypointOptions");
      const { limits: wanted, props } = options;
      if (props !== undefined) {
        if (!isObject(props)) throw fieldError("props", "EntrypointOptions", "Object");
        sent = codec.serialize(props, "env");
      }
      limits = readLimits(wanted, "EntrypointOptions");
    }
    return makeFetcher(["worker", this.#number, entrypoint, sent.bytes, sent.caps, limits], this.#context);
  }
}
define(WorkerStub, "WorkerStub");

/** Host: worker `number` needs its code. Runs the callback that `get` was given, in that request. */
function runCallback(ctx, number) {
  const entry = ctx.workers === undefined ? undefined : MapPrototypeGet(ctx.workers, number);
  if (entry === undefined) return;
  MapPrototypeDelete(ctx.workers, number);
  ops.op_set_frame(entry.frame);
  const give = (code) => {
    if (!isObject(code)) throw new TypeError("Callback returned incorrect type; expected 'Promise'");
    ops.op_loader_code(ctx.id, number, readCode(code));
  };
  const fail = (error) => {
    const { describeError } = require("core/report");
    const { name, message } = describeError(error);
    ops.op_loader_fail(ctx.id, number, name, message, failureDetail(error));
  };
  let result;
  try {
    const { callback } = entry;
    result = callback();
  } catch (error) {
    fail(error);
    return;
  }
  PromisePrototypeThen(PromisePrototypeThen(PromiseResolve(result), give), undefined, fail);
}

/** A callback's error stays in this realm, so it is kept whole, whatever the flags say. */
function failureDetail(error) {
  try {
    return codec.serialize(error, "error").bytes;
  } catch {
    return null;
  }
}

/** The binding that the worker's configuration has at `index`. */
function makeLoader(index) {
  return construct(WorkerLoader, index);
}

module.exports = { WorkerLoader, WorkerStub, makeLoader, runCallback };

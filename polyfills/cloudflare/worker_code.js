"use strict";
// WorkerCode: what a load callback gives, or LOADER.load gets.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/worker-loader/
//
// It is read in two passes, as a script can tell by getters and by which of two errors it gets: first every field is read, once and in
// a fixed order, and must be of its type; then the values are checked.

const { ArrayIsArray, Error, JSONStringify, MathTrunc, ObjectKeys, StringPrototypeEndsWith, TypeError } = primordials;
const { isObject, isBufferSource, bytesOf, fieldError } = require("core/webidl");
const { makeError } = require("core/errors");
const { isFetcher, targetOf } = require("cloudflare/service_stub");
const codec = require("cloudflare/rpc_codec");

const kMaxCodeBytes = 64 << 20;
const kMaxEnvBytes = 1 << 20;
const kMaxLimit = 4294967295;

// Kinds of modules by their field, with their number in isolate/ops; in the order in which the fields are read.
const kKinds = ["js", "cjs", "text", "data", "json", "py", "wasm"];
const kNumbers = { __proto__: null, js: 0, cjs: 1, text: 2, data: 3, json: 4, wasm: 5 };

/** What the platform takes for an array: a Proxy of one is none. */
function isArray(value) {
  return ArrayIsArray(value) && ops.op_value_kind(value) !== "Proxy";
}

// First pass: types.

function toBytes(value, field, types) {
  if (!isBufferSource(value)) throw fieldError(field, "Module", types);
  return bytesOf(value);
}

function toWasm(value) {
  return ops.op_wasm_bytes(value) ?? toBytes(value, "wasm", "Array or WasmModuleObject");
}

function convertField(kind, value) {
  switch (kind) {
    case "data":
      return toBytes(value, "data", "Array");
    case "wasm":
      return toWasm(value);
    case "json":
      return value;
    default:
      return `${value}`;
  }
}

/** A member of `modules`: { name, count, kind, value }, where count is how many kinds it says it is; a plain string has none. */
function convertModule(name, value) {
  const module = { __proto__: null, name, count: 0, kind: undefined, value: undefined };
  if (value === null || value === undefined) return module;
  if (!isObject(value)) {
    module.count = 1;
    module.value = `${value}`;
    return module;
  }
  const wasm = ops.op_wasm_bytes(value);
  if (wasm !== undefined) return { __proto__: null, name, count: 1, kind: "wasm", value: wasm };
  for (let i = 0; i < kKinds.length; i++) {
    const field = value[kKinds[i]];
    if (field === undefined) continue;
    module.count++;
    module.kind = kKinds[i];
    module.value = convertField(kKinds[i], field);
  }
  return module;
}

function convertModules(modules) {
  if (!isObject(modules) || ArrayIsArray(modules)) throw fieldError("modules", "WorkerCode", "object");
  const names = ObjectKeys(modules);
  const list = [];
  for (let i = 0; i < names.length; i++) list[i] = convertModule(names[i], modules[names[i]]);
  return list;
}

function convertFlags(flags) {
  if (flags === undefined) return [];
  if (!isArray(flags)) throw fieldError("compatibilityFlags", "WorkerCode", "Array");
  const list = [];
  for (let i = 0; i < flags.length; i++) list[i] = `${flags[i]}`;
  return list;
}

function convertLimit(value) {
  if (value === undefined) return -1;
  const number = +value;
  if (number - number !== 0) throw new TypeError("The value cannot be converted because it is not an integer.");
  const integer = MathTrunc(number);
  if (integer < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
  if (integer > kMaxLimit) throw new TypeError(`Value out of range. Must be less than or equal to ${kMaxLimit}.`);
  return integer;
}

/** [cpuMs, subRequests] of a ResourceLimits, -1 for none; `dictionary` is where it stands. */
function convertLimits(limits, dictionary) {
  if (limits === undefined || limits === null) return [-1, -1];
  if (!isObject(limits)) throw fieldError("limits", dictionary, "ResourceLimits");
  return [convertLimit(limits.cpuMs), convertLimit(limits.subRequests)];
}

function convertEnv(env) {
  if (env !== undefined && !isObject(env)) throw fieldError("env", "WorkerCode", "Object");
  return env;
}

/** Whether a value is a service stub; a loopback stub need not have been called. */
function isService(value) {
  return isFetcher(value) || require("cloudflare/loopback").loopbackTarget(value) !== undefined;
}

function convertOutbound(value) {
  if (value !== undefined && value !== null && !isService(value)) throw fieldError("globalOutbound", "WorkerCode", "Fetcher");
  return value;
}

/** The services of `tails` or `streamingTails`; undefined if there is no such field. */
function convertTails(value, field) {
  if (value === undefined) return undefined;
  if (!isArray(value)) throw fieldError(field, "WorkerCode", "Array");
  const list = [];
  for (let i = 0; i < value.length; i++) {
    list[i] = value[i];
    if (!isService(list[i])) throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'Fetcher'.`);
  }
  return list;
}

/** Every field with its type, in the order in which they are read. */
function convertCode(code) {
  return {
    __proto__: null,
    date: `${code.compatibilityDate}`,
    flags: convertFlags(code.compatibilityFlags),
    experimental: !!code.allowExperimental,
    limits: convertLimits(code.limits, "WorkerCode"),
    main: `${code.mainModule}`,
    modules: convertModules(code.modules),
    env: convertEnv(code.env),
    outbound: convertOutbound(code.globalOutbound),
    tails: convertTails(code.tails, "tails"),
    streamingTails: convertTails(code.streamingTails, "streamingTails"),
  };
}

// Second pass: values.

const kExtension = "Module name must end with '.js' or '.py' (or the content must be an object indicating the type explicitly). Got: ";
const kTypeScript =
  ". If you're trying to load TypeScript, bundle it first with '@cloudflare/worker-bundler' and pass the generated JavaScript modules.";

/** The kind of a module that is a plain string: its name says it. */
function kindOfName(name) {
  if (StringPrototypeEndsWith(name, ".js")) return "js";
  if (StringPrototypeEndsWith(name, ".py")) return "py";
  const typescript = StringPrototypeEndsWith(name, ".ts") || StringPrototypeEndsWith(name, ".tsx") || StringPrototypeEndsWith(name, ".jsx");
  throw new TypeError(`${kExtension}${name}${typescript ? kTypeScript : ""}`);
}

/** Settles kind and value of a module that was read. */
function checkModule(module) {
  if (module.count !== 1) {
    throw new TypeError(
      `Each module must contain exactly one of 'js', 'cjs', 'text', 'data', 'json', 'py', or 'wasm'. Module '${module.name}' contained ${module.count} properties.`,
    );
  }
  module.kind ??= kindOfName(module.name);
  // What JSON has no text for is found out when the worker starts.
  if (module.kind === "json") module.value = JSONStringify(module.value) ?? "undefined";
}

function refusePython(modules, main) {
  for (let i = 0; i < modules.length; i++) {
    if (modules[i].kind !== "py") continue;
    if (StringPrototypeEndsWith(main, ".py")) throw new Error("Python Workers are not supported.");
    throw new TypeError(`Module "${modules[i].name}" is a Python module, but the main module isn't a Python module.`);
  }
}

function byteLength(source) {
  return typeof source === "string" ? ops.op_utf8_length(source) : source.length;
}

/** Checks the modules and flattens them to [name, kind, source, ...]. */
function checkModules(modules, main) {
  if (modules.length === 0) throw new TypeError("Dynamic Worker code must contain at least one module.");
  for (let i = 0; i < modules.length; i++) checkModule(modules[i]);
  refusePython(modules, main);
  const flat = [];
  let size = 0;
  for (let i = 0; i < modules.length; i++) {
    const { name, kind, value } = modules[i];
    size += byteLength(value);
    flat[i * 3] = name;
    flat[i * 3 + 1] = kNumbers[kind];
    flat[i * 3 + 2] = value;
  }
  if (size > kMaxCodeBytes) {
    throw new Error(`Dynamic Worker code size (${size} bytes) exceeds the maximum allowed size of ${kMaxCodeBytes} bytes.`);
  }
  return flat;
}

function serializeEnv(env) {
  if (env === undefined) return { bytes: null, caps: [] };
  const sent = codec.serialize(env, "env");
  if (sent.bytes.length > kMaxEnvBytes) {
    throw new Error(`Dynamic Worker env size (${sent.bytes.length} bytes) exceeds the maximum allowed size of ${kMaxEnvBytes} bytes.`);
  }
  return sent;
}

/** The target of a service, which may not be a dynamic worker. */
function serviceTarget(value) {
  const target = isFetcher(value) ? targetOf(value) : require("cloudflare/loopback").loopbackTarget(value);
  if (typeof target === "object" && target[0] === "worker") throw makeError("DataCloneError", codec.kTransfer);
  if (typeof target === "object" && (target[0] === "facet" || target[0] === "broken")) throw makeError("DataCloneError", codec.kFacet);
  return target;
}

/** [0] inherit, [1] none, [2, target]. */
function outboundTarget(value) {
  if (value === undefined) return [0];
  return value === null ? [1] : [2, serviceTarget(value)];
}

function targetsOf(services) {
  const list = [];
  for (let i = 0; services !== undefined && i < services.length; i++) list[i] = serviceTarget(services[i]);
  return list;
}

/**
 * Reads a WorkerCode into what op_loader_code sends.
 * @param {object} code its fields may be inherited
 * @throws {Error} what is wrong with it, in the platform's words
 */
function readCode(code) {
  const { date, flags, experimental, limits, main, modules, env, outbound, tails, streamingTails } = convertCode(code);
  const flat = checkModules(modules, main);
  ops.op_check_compat(date, flags, experimental);
  const { bytes, caps } = serializeEnv(env);
  const out = outboundTarget(outbound);
  const tailTargets = targetsOf(tails);
  if (streamingTails !== undefined && !experimental) {
    throw new Error("Streaming tail workers are experimental. You must pass the option 'allowExperimental: true' to the worker loader to use them");
  }
  return [date, flags, main, flat, bytes, caps, out, limits, tailTargets];
}

module.exports = { readCode, convertLimits };

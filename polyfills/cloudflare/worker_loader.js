"use strict";
// The Worker Loader binding: LOADER.get(id, callback), LOADER.load(code), and the stubs they give.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/worker-loader/

const { Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, PromisePrototypeThen, PromiseResolve, ReflectApply, TypeError } = primordials;
const { define, illegalConstructor, isObject, fieldError, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { makeFetcher, crossRequest } = require("cloudflare/service_stub");
const codec = require("cloudflare/rpc_codec");
const { readCode, convertLimits } = require("cloudflare/worker_code");

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

// The binding and its stubs.

class WorkerLoader {
  #binding;

  constructor(binding) {
    if (!constructing) throw illegalConstructor();
    this.#binding = binding;
  }

  get(id, callback) {
    if (!isObject(this) || !(#binding in this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("get", "WorkerLoader", 1, "string");
    const name = id === null || id === undefined ? null : `${id}`;
    if (typeof callback !== "function") throw parameterError("get", "WorkerLoader", 2, "function");
    const ctx = requireContext();
    const number = ++lastWorker;
    remember(ctx, number, { callback, frame: ops.op_get_frame() });
    ops.op_loader_get(ctx.id, number, this.#binding, name);
    return construct(WorkerStub, number, ctx);
  }

  load(code) {
    if (!isObject(this) || !(#binding in this)) throw illegalInvocation();
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
    if (!isObject(this) || !(#number in this)) throw illegalInvocation();
    const entrypoint = name === undefined || name === null ? "default" : `${name}`;
    return makeFetcher(this.#target("worker", entrypoint, convertOptions(options, "getEntrypoint")), this.#context);
  }

  getDurableObjectClass(...args) {
    if (!isObject(this) || !(#number in this)) throw illegalInvocation();
    const name = args[0];
    const entrypoint = name === undefined || name === null ? "default" : `${name}`;
    const target = this.#target("worker_class", entrypoint, convertOptions(args[1], "getDurableObjectClass"));
    return require("cloudflare/durable_object_class").makeClass(target, this.#context);
  }

  #target(kind, entrypoint, { props, limits }) {
    if (this.#context !== requireContext()) throw crossRequest("WorkerStubChannel");
    const { bytes, caps } = props === undefined ? { bytes: null, caps: [] } : codec.serialize(props, "env");
    return [kind, this.#number, entrypoint, bytes, caps, limits];
  }
}
define(WorkerStub, "WorkerStub");

/** EntrypointOptions with their types. */
function convertOptions(options, method) {
  if (options === undefined || options === null) return { props: undefined, limits: convertLimits(undefined) };
  if (!isObject(options)) throw parameterError(method, "WorkerStub", 2, "EntrypointOptions");
  const props = options.props;
  if (props !== undefined && !isObject(props)) throw fieldError("props", "EntrypointOptions", "Object");
  return { props, limits: convertLimits(options.limits, "EntrypointOptions") };
}

const kNotPromise = "Callback returned incorrect type; expected 'Promise'";
const kNotCode = "Incorrect type for Promise: the Promise did not resolve to 'WorkerCode'.";

function isThenable(value) {
  return "then" in value && typeof value.then === "function";
}

/** Host: worker `number` needs its code. Runs the callback that `get` was given, in that request. */
function runCallback(ctx, number) {
  const entry = ctx.workers === undefined ? undefined : MapPrototypeGet(ctx.workers, number);
  if (entry === undefined) return;
  MapPrototypeDelete(ctx.workers, number);
  ops.op_set_frame(entry.frame);
  const fail = (error) => {
    const { describeError } = require("core/report");
    const { name, message } = describeError(error);
    ops.op_loader_fail(ctx.id, number, name, message, failureDetail(error));
  };
  const give = (code, wrong) => {
    if (!isObject(code)) throw new TypeError(wrong);
    ops.op_loader_code(ctx.id, number, readCode(code));
  };
  try {
    const result = ReflectApply(entry.callback, globalThis, []);
    if (!isObject(result) || !isThenable(result)) {
      give(result, kNotPromise);
      return;
    }
    const taken = PromisePrototypeThen(PromiseResolve(result), (code) => give(code, kNotCode));
    PromisePrototypeThen(taken, undefined, fail);
  } catch (error) {
    fail(error);
  }
}

/** A callback's error stays in this realm, so it is kept whole, whatever the flags say; what is no object becomes an Error. */
function failureDetail(error) {
  if (!isObject(error)) return null;
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

module.exports = { failureDetail, WorkerLoader, WorkerStub, makeLoader, runCallback };

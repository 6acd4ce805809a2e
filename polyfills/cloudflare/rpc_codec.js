"use strict";
// Values on their way to another worker: V8's serialisation, with capabilities by reference. What cannot be copied (stubs, functions,
// RpcTargets, streams) is in the bytes as an index into a list that travels beside them. On its way out an item of the list is what
// the host understands (see op_rpc_call); on its way in it is a channel number, or [rid, length] for a stream.
//
// V8 itself refuses functions and proxies, and copies errors without their properties. A value that holds such is copied by
// rpc_copy.js first, with stand-ins in their places; only then, so that most messages do without.

const { ArrayIsArray, Error, ErrorCaptureStackTrace, FunctionPrototypeToString, Object, ObjectDefineProperty, ObjectGetPrototypeOf, ObjectPrototypeToString, ReflectApply, String, Symbol } = primordials;
const clone = require("core/clone");
const { isStandard, makeError } = require("core/errors");
const { isObject } = require("core/webidl");
const { requireContext } = require("core/context");
const { state } = require("core/worker");

const SymbolDispose = Symbol.dispose;
const { WebAssembly } = globalThis;
const { toString: ObjectPrototypeToStringMethod } = Object.prototype;
const kMaxBytes = 32 << 20;
const kTransfer =
  "Entrypoints to dynamically-loaded workers cannot be transferred to other Workers, because the system does not know how to reload this Worker from scratch. " +
  "Instead, have the parent Worker expose an entrypoint which constructs the dynamic worker and forwards to it.";
const kOnlyRPC = "can only be serialized for RPC.";
const kFacet = "Stubs pointing to Durable Object facets are not serializable.";
const kNotPersistent = "RpcStub cannot be serialized in this context because it is not a persistent stub.";

/** A value being written: what goes beside the bytes, and what is to be done once it is certain that the bytes go. */
class Writing {
  caps = [];
  // Objects behind the capabilities that are still to be exported, by index.
  exports = undefined;
  // Handlers of stubs that the receiver gets instead of the sender.
  given = undefined;
  // Whether V8 has refused a value by itself.
  refused = false;
  constructor(purpose) {
    this.purpose = purpose;
  }
}

// The value being written or read; undefined outside of both, so that structuredClone refuses capabilities.
let writing;
let reading;

// What is being read when that is what a Durable Object has stored: its capabilities are in the bytes.
const kStored = { caps: [], context: undefined, inArguments: false, resources: undefined };

function dataCloneError(message) {
  return makeError("DataCloneError", message);
}

/** What is being written, if that is for RPC; a DataCloneError about `what` if it is for anything else. */
function writingForRPC(what) {
  if (writing === undefined || writing.purpose === "env" || writing.purpose === "error" || writing.purpose === "storage") throw dataCloneError(`${what} ${kOnlyRPC}`);
  return writing;
}

/** Whether what is written leaves in an answer. */
function isAnswer(w) {
  return w.purpose === "answer" || w.purpose === "restored";
}

/** Adds a capability and gives its index. */
function addCap(w, cap) {
  return (w.caps[w.caps.length] = cap), w.caps.length - 1;
}

/** Adds a capability of what can be in any message to the one being written; there must be one. */
function addReference(what, cap) {
  if (writing === undefined) throw dataCloneError(`${what} cannot be serialized in this context.`);
  return addCap(writing, cap);
}

/** Data of what can be in any message, and stored if the flag is set. */
function writeReference(what, target) {
  return writing?.purpose === "storage" ? store(what, target) : addReference(what, target);
}

/** What is stored of a capability: how to find what it is of. */
function store(what, target) {
  if (!state.flags.allow_irrevocable_stub_storage) throw dataCloneError(`${what} cannot be serialized in this context.`);
  return ops.op_stub_store(requireContext().id, target);
}

/** The target that was written as `data`. */
function readReference(data) {
  return reading === kStored ? ops.op_stub_load(requireContext().id, data) : reading.caps[data];
}

/** Throws if a stub with that target may not leave its context. */
function checkTransfer(target) {
  if (typeof target !== "object" || writing?.purpose === "restored") return;
  if (target[0] === "facet" || target[0] === "broken") throw dataCloneError(kFacet);
  if (target[0] === "worker" || (target[0] === "loopback" && state.dynamic)) throw dataCloneError(kTransfer);
}

/** Adds one that `make` gives once the value is known to be good; otherwise `abandon` runs. */
function addLater(w, make, abandon) {
  const index = addCap(w, null);
  w.exports ??= [];
  w.exports[w.exports.length] = { index, make, abandon };
  return index;
}

/** A value cannot be sent: what would have gone with it is let go of. */
function abandon(w) {
  if (w.given !== undefined) disposeAll(w.given);
  if (w.exports === undefined) return;
  for (let i = 0; i < w.exports.length; i++) w.exports[i].abandon?.();
}

clone.onRefusal(() => {
  if (writing !== undefined) writing.refused = true;
});

clone.registerCloneable(
  64,
  "Fetcher",
  (object) => require("cloudflare/service_stub").isFetcher(object),
  (stub) => {
    const target = require("cloudflare/service_stub").targetOf(stub);
    checkTransfer(target);
    return writeReference("ServiceStub", target);
  },
  (data) => require("cloudflare/service_stub").makeFetcher(readReference(data), reading === kStored ? requireContext() : undefined),
);

clone.registerCloneable(
  65,
  "RpcTarget",
  (object) => require("cloudflare/workers_classes").isTarget(object),
  (target) => writeExport(writingForRPC("Remote RPC references"), target),
  readStub,
);

/** Data of an object that the receiver gets a stub of. */
function writeExport(w, value) {
  const dup = w.purpose === "arguments" && state.flags.rpc_params_dup_stubs ? value.dup : undefined;
  const sent = typeof dup === "function" ? duplicate(value, dup) : value;
  return addLater(
    w,
    () => ["export", require("cloudflare/rpc_exports").addSent(requireContext(), sent, isAnswer(w))],
    () => require("cloudflare/rpc_exports").runDisposer(sent, sent[SymbolDispose]),
  );
}

/** An object with a dup() method is sent as what that gives, which must be of its kind. */
function duplicate(value, dup) {
  const copy = ReflectApply(dup, value, []);
  const isFunction = typeof value === "function";
  if (isFunction ? typeof copy === "function" && require("cloudflare/rpc_stub").handlerOf(copy) === undefined : isObject(copy) && require("cloudflare/workers_classes").isTarget(copy)) return copy;
  let what = ["RcpTarget", "another RpcTarget", "an RpcTarget"];
  if (isFunction) what = ["function", "another function", "a function"];
  if (ops.op_proxy_details(value) !== undefined) what = ["Proxy", "the same underlying type (RpcTarget or Function) as the Proxy itself represents", "an RpcTarget"];
  throw dataCloneError(`Couldn't create a stub for the ${what[0]} because it has a dup() method which did not return ${what[1]}. Either remove the dup() method or make sure it returns ${what[2]}.`);
}

/** Data of an RpcStub, by its handler. */
function writeStub(handler) {
  const w = writing;
  if (w === undefined || w.purpose === "error") throw dataCloneError(kNotPersistent);
  if (w.purpose === "env" || w.purpose === "storage") return writePersistent(w, handler.handle(requireContext()).target);
  if (handler.disposed) return addCap(w, ["gone"]);
  const handle = handler.handle(requireContext());
  if (isAnswer(w) || !state.flags.rpc_params_dup_stubs) {
    w.given ??= [];
    w.given[w.given.length] = handler;
  }
  const { target } = handle;
  if (typeof target === "number") return addCap(w, target);
  return addLater(w, () => {
    require("cloudflare/rpc_exports").sendAgain(handle.context, target[1], isAnswer(w));
    return target;
  });
}

/** The same of one that lives on elsewhere than in a call. */
function writePersistent(w, target) {
  if (typeof target !== "number" || !ops.op_stub_persistent(target)) throw dataCloneError(kNotPersistent);
  return w.purpose === "storage" ? store("RpcStub", target) : addCap(w, target);
}

function readStub(data) {
  const { Handle, makeStub, stubHandlerOf } = require("cloudflare/rpc_stub");
  if (reading === kStored) return makeStub(new Handle(readReference(data), requireContext()));
  const handle = new Handle(reading.caps[data], reading.context);
  if (reading.inArguments) {
    handle.held = true;
    reading.context.imported++;
  }
  const stub = makeStub(handle);
  reading.resources ??= [];
  reading.resources[reading.resources.length] = stubHandlerOf(stub);
  return stub;
}

/** Counts once more that what `caps` name is sent. */
function sendAgain(context, caps) {
  for (let i = 0; i < caps.length; i++) {
    if (ArrayIsArray(caps[i]) && caps[i][0] === "export") require("cloudflare/rpc_exports").sendAgain(context, caps[i][1], false);
  }
}

/** Runs what writing has put off. */
function settleExports(w) {
  const list = w.exports;
  if (list === undefined) return;
  for (let i = 0; i < list.length; i++) w.caps[list[i].index] = list[i].make();
}

/**
 * Serialises a value for another worker.
 * @param {any} value
 * @param {"arguments" | "answer" | "restored" | "env" | "error" | "storage"} purpose
 * @returns {{ bytes: Uint8Array, caps: Array, given: object[] | undefined }} `given` are handlers to dispose of once it is sent
 */
function serialize(value, purpose) {
  const outer = writing;
  const strict = clone.setStrict(purpose !== "error" && purpose !== "storage");
  try {
    return write(value, purpose);
  } finally {
    writing = outer;
    clone.setStrict(strict);
  }
}

function write(value, purpose) {
  let w = (writing = new Writing(purpose));
  let bytes;
  try {
    try {
      bytes = ops.op_serialize(value, state.flags.enhanced_error_serialization === true);
    } catch (error) {
      if (!w.refused) throw error;
      const copy = require("cloudflare/rpc_copy").copy(value, purpose);
      w = writing = new Writing(purpose);
      bytes = ops.op_serialize(copy, false);
    }
  } catch (error) {
    abandon(w);
    throw error;
  }
  if (purpose !== "env" && purpose !== "storage" && bytes.length > kMaxBytes) {
    throw new Error(`Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: ${bytes.length} bytes.`);
  }
  settleExports(w);
  return { bytes, caps: w.caps, given: w.given };
}

// What goes beside values without capabilities; nobody adds to it.
const kNoCaps = [];
const kRead = { bytes: null, caps: kNoCaps, given: undefined };

/** The arguments of a call; undefined stands for reading a property. */
function serializeArgs(args) {
  if (args === undefined) return kRead;
  const bytes = ops.op_serialize_list(args);
  return bytes === undefined ? serialize(args, "arguments") : { bytes, caps: kNoCaps, given: undefined };
}

/**
 * The inverse of serialize.
 * @param {Uint8Array} bytes
 * @param {Array} caps as the host gave them
 * @param {object | undefined} context whose stubs are in it; undefined if any may use them
 * @param {boolean} [inArguments] of a call that the context serves
 * @returns {{ value: any, resources: object[] | undefined }} `resources` can be given to disposeAll
 */
function deserialize(bytes, caps, context, inArguments = false) {
  const outer = reading;
  const r = (reading = { caps, context, inArguments, resources: undefined });
  try {
    return { value: ops.op_deserialize(bytes), resources: r.resources };
  } finally {
    reading = outer;
  }
}

/** The bytes of a value that a Durable Object stores. */
function serializeStored(value) {
  return state.flags.allow_irrevocable_stub_storage ? serialize(value, "storage").bytes : ops.op_serialize(value, false);
}

/** The inverse. */
function deserializeStored(bytes) {
  const outer = reading;
  reading = kStored;
  try {
    return ops.op_deserialize(bytes);
  } finally {
    reading = outer;
  }
}

/** Disposes of each resource. */
function disposeAll(resources) {
  for (let i = 0; i < resources.length; i++) resources[i].dispose();
}

/** A channel whose release runs the disposer of a result. */
class Disposer {
  constructor(channel, context) {
    this.channel = channel;
    this.context = context;
  }
  dispose() {
    if (!this.context.ended) ops.op_cap_release(this.context.id, this.channel);
  }
}

/** A function without a name that disposes of a list, once. */
function disposerOf(list) {
  let rest = list;
  return (
    0,
    () => {
      const all = rest;
      rest = undefined;
      if (all !== undefined) disposeAll(all);
    }
  );
}

/**
 * The result of a call. An object gets a disposer for all that is in it.
 * @param {[Uint8Array, Array, number]} answer bytes, capabilities, index of the one that is the result's own disposer (-1 for none)
 */
function deserializeResult(answer, context) {
  const { value, resources } = deserialize(answer[0], answer[1], context);
  if (!isObject(value)) return { value, resources };
  let list = resources;
  if (answer[2] >= 0) {
    list ??= [];
    list[list.length] = new Disposer(answer[1][answer[2]], context);
  }
  if (typeof value !== "function") {
    ObjectDefineProperty(value, SymbolDispose, { __proto__: null, value: disposerOf(list), writable: true, configurable: true, enumerable: false });
  }
  return { value, resources: list };
}

// Is exported for nothing but to keep a context.
const kKeeper = { __proto__: null };

// Longer strings are left to write(), which counts bytes.
const kShort = 1 << 20;

/** Whether a value is one that nothing has to be found in. */
function isPlain(value) {
  switch (typeof value) {
    case "undefined":
    case "number":
    case "boolean":
      return true;
    case "string":
      return value.length < kShort;
    default:
      return value === null;
  }
}

/** An answer: `disposer` is the index of the capability that runs the value's own disposer, or -1. */
function serializeAnswer(value) {
  if (isPlain(value)) return { bytes: ops.op_serialize(value, false), caps: kNoCaps, given: undefined, disposer: -1 };
  const sent = serialize(value, "answer");
  let disposer = -1;
  if (isObject(value) && typeof value !== "function" && ObjectGetPrototypeOf(value) === Object.prototype && typeof value[SymbolDispose] === "function") {
    const exported = require("cloudflare/rpc_exports");
    disposer = sent.caps.length;
    sent.caps[disposer] = ["export", exported.addSent(requireContext(), value, true)];
  }
  return { bytes: sent.bytes, caps: sent.caps, given: sent.given, disposer };
}

/** The answer to who wants a stub that was stored; what has made it lives as long as that is in use. */
function serializeRestored(value) {
  const sent = serialize(value, "restored");
  sent.caps[sent.caps.length] = ["export", require("cloudflare/rpc_exports").addSent(requireContext(), kKeeper, true)];
  return { bytes: sent.bytes, caps: sent.caps, given: sent.given, disposer: -1 };
}

/** Whether RpcStub can wrap a value. */
function isExportable(value) {
  if (typeof value === "function") return true;
  if (!isObject(value)) return false;
  return require("cloudflare/workers_classes").isTargetLike(value) || ObjectGetPrototypeOf(value) === Object.prototype;
}

// Exceptions.

/** The bytes of an exception, for a caller that can read them; null under legacy_error_serialization. */
function serializeError(error) {
  if (!isObject(error) || typeof error === "function") return null;
  if (!state.flags.enhanced_error_serialization && !isDOMException(error)) return null;
  return serialize(error, "error").bytes;
}

function isDOMException(error) {
  return require("web/dom_exception").internals.isDOMException(error);
}

/** The exception of a callee as its caller sees it. Class and message always arrive; `detail` is serializeError's, or null. */
function remoteError(name, message, detail) {
  if (detail !== null) {
    const error = deserialize(detail, [], undefined).value;
    if (state.flags.enhanced_error_serialization || isDOMException(error)) return markRemote(error);
  }
  return markRemote(legacyError(name, message));
}

/** Under legacy_error_serialization the name of an error that is none of the standard ones is put before the message. */
function legacyError(name, message) {
  if (isStandard(name)) return makeError(name, message);
  if (name === "CompileError" || name === "LinkError" || name === "RuntimeError") return new WebAssembly[name](message);
  return new Error(message === "" ? name : `${name}: ${message}`);
}

/** Gives an error that was made anew, and those that it names as causes, the stack of whoever waits for it, as seen from below `f`. */
function restack(error, f) {
  for (let depth = 0; depth < 8 && isObject(error) && ops.op_value_kind(error) === "NativeError"; depth++) {
    ErrorCaptureStackTrace(error, f);
    error = error.cause;
  }
}

/** Marks an exception as another worker's. */
function markRemote(error) {
  if (isObject(error)) ObjectDefineProperty(error, "remote", { __proto__: null, value: true, writable: true, configurable: true, enumerable: true });
  return error;
}

/** The exception of a failed call: another worker's as remoteError has it, or this worker's own (detail in an array), unchanged. */
function receiveError(name, message, detail) {
  if (!ArrayIsArray(detail)) return remoteError(name, message, detail);
  return detail[0] === null ? makeError(name, message) : deserialize(detail[0], [], undefined).value;
}

/** The same of a failure that has reset a Durable Object. */
function receiveReset(name, message, detail) {
  const error = detail === undefined ? makeError(name, message) : receiveError(name, message, detail);
  if (isObject(error)) ObjectDefineProperty(error, "durableObjectReset", { __proto__: null, value: true, writable: true, configurable: true, enumerable: true });
  return error;
}

/** How the platform shows a thrown value that is no error. */
function displayText(value) {
  if (typeof value === "function") return FunctionPrototypeToString(value);
  if (!isObject(value)) return String(value);
  try {
    if (value.toString === ObjectPrototypeToStringMethod) return `#<${ops.op_constructor_name(value)}>`;
    return ObjectPrototypeToString(value);
  } catch {
    return "[object Object]";
  }
}

module.exports = {
  addCap,
  addLater,
  deserialize,
  deserializeResult,
  deserializeStored,
  displayText,
  disposeAll,
  isExportable,
  markRemote,
  readStub,
  receiveError,
  receiveReset,
  restack,
  /** The value being read. */
  current: () => reading,
  sendAgain,
  serialize,
  serializeAnswer,
  serializeArgs,
  serializeError,
  serializeRestored,
  serializeStored,
  readReference,
  writeExport,
  writeReference,
  writeStub,
  writingForRPC,
  kFacet,
  kTransfer,
};

"use strict";
// Values on their way to another worker: V8's serialisation, with service stubs by reference. A stub in the bytes is an index
// into a list of capabilities (targets on the way out, channel numbers on the way in) that travels beside them.

const { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, ObjectDefineProperty, String } = primordials;
const clone = require("core/clone");
const { makeError } = require("core/errors");
const { state } = require("core/worker");

const kMaxBytes = 32 << 20;
const kTransfer =
  "Entrypoints to dynamically-loaded workers cannot be transferred to other Workers, because the system does not know how to reload this Worker from scratch. " +
  "Instead, have the parent Worker expose an entrypoint which constructs the dynamic worker and forwards to it.";

// Capabilities of the value being written or read; undefined outside of both, so that structuredClone refuses stubs.
let writing;
let reading;

function dataCloneError(message) {
  return makeError("DataCloneError", message);
}

clone.registerCloneable(
  64,
  "Fetcher",
  (object) => require("cloudflare/service_stub").isFetcher(object),
  (stub) => {
    if (writing === undefined) throw dataCloneError("ServiceStub can only be serialized for RPC.");
    const target = require("cloudflare/service_stub").targetOf(stub);
    if (typeof target === "object" && target[0] === "worker") throw dataCloneError(kTransfer);
    return (writing[writing.length] = target), writing.length - 1;
  },
  (index) => require("cloudflare/service_stub").makeFetcher(reading[index]),
);

/**
 * Serialises a value for another worker.
 * @param {any} value
 * @param {"rpc" | "env"} purpose
 * @returns {{ bytes: Uint8Array, caps: Array }}
 */
function serialize(value, purpose) {
  const outer = writing;
  const caps = (writing = []);
  try {
    const bytes = ops.op_serialize(value);
    if (purpose === "rpc" && bytes.length > kMaxBytes) {
      throw new Error(`Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: ${bytes.length} bytes.`);
    }
    return { bytes, caps };
  } finally {
    writing = outer;
  }
}

/** The inverse; `caps` are the channel numbers that the host gave for the stubs. */
function deserialize(bytes, caps) {
  const outer = reading;
  reading = caps;
  try {
    return ops.op_deserialize(bytes);
  } finally {
    reading = outer;
  }
}

const standard = { __proto__: null, Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };

/** The bytes of an exception, for a caller that can read them; null under legacy_error_serialization. */
function serializeError(error) {
  if (!state.flags.enhanced_error_serialization) return null;
  return serialize(error, "rpc").bytes;
}

/** The exception of a callee as its caller sees it. Class and message always arrive; `detail` is serializeError's, or null. */
function remoteError(name, message, detail) {
  let error;
  if (detail !== null && state.flags.enhanced_error_serialization) {
    error = deserialize(detail, []);
  } else {
    error = standard[name] === undefined ? new Error(`${name}: ${message}`) : makeError(name, message);
  }
  if (typeof error === "object" && error !== null) {
    ObjectDefineProperty(error, "remote", { __proto__: null, value: true, writable: true, configurable: true, enumerable: true });
  }
  return error;
}

/** The exception of a failed call: another worker's as remoteError has it, or this worker's own (detail in an array), unchanged. */
function receiveError(name, message, detail) {
  if (!primordials.ArrayIsArray(detail)) return remoteError(name, message, detail);
  return detail[0] === null ? makeError(name, message) : deserialize(detail[0], []);
}

/** How the platform shows a thrown value that is no error. */
function displayText(value) {
  switch (typeof value) {
    case "object":
    case "function":
      if (value === null) return "null";
      return `#<${ops.op_constructor_name(value)}>`;
    default:
      return String(value);
  }
}

module.exports = { serialize, deserialize, serializeError, receiveError, displayText, kTransfer };

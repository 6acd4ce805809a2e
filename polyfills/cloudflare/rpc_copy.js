"use strict";
// Copies a value that V8's serializer would refuse, or copy without what belongs to it: functions and proxies, stubs among them, and
// errors become stand-ins, which rpc_codec writes as capabilities and errors. All else stays as it is, so that V8 judges it.

const {
  Array,
  ArrayIsArray,
  Map,
  MapIteratorPrototypeNext,
  MapPrototypeEntries,
  MapPrototypeGet,
  MapPrototypeSet,
  Object,
  ObjectDefineProperty,
  ObjectGetOwnPropertyNames,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
  Set,
  SetPrototypeAdd,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypeError,
} = primordials;
const { define, isObject } = require("core/webidl");
const { makeError, isStandard } = require("core/errors");
const { isPlatformObject, registerCloneable } = require("core/clone");
const { handlerOf, stubHandlerOf, typeNameOf } = require("cloudflare/rpc_stub");
const { loopbackName } = require("cloudflare/loopback");
const codec = require("cloudflare/rpc_codec");
const { RpcTarget } = require("cloudflare/workers_classes");

const ObjectPrototype = Object.prototype;
// Stands for an error whose properties are being copied.
const kOpen = { __proto__: null };
const kBadProxy =
  "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain.";

/** In the place of what is sent as a stub. */
class StubStandIn {
  #value;
  constructor(value) {
    this.#value = value;
  }
  static valueOf(standIn) {
    return standIn.#value;
  }
  static is(object) {
    return #value in object;
  }
}
const { valueOf: stubValueOf, is: isStubStandIn } = StubStandIn;
define(StubStandIn, "StubStandIn");

/** In the place of an error: [class, message, own properties or null]. */
class ErrorStandIn {
  #data;
  constructor(data) {
    this.#data = data;
  }
  static dataOf(standIn) {
    return standIn.#data;
  }
  static fill(standIn, data) {
    standIn.#data = data;
  }
  static is(object) {
    return #data in object;
  }
}
const { dataOf: errorDataOf, fill: fillError, is: isErrorStandIn } = ErrorStandIn;
define(ErrorStandIn, "ErrorStandIn");

registerCloneable(
  65,
  "RpcStub",
  isStubStandIn,
  (standIn) => {
    const value = stubValueOf(standIn);
    const handler = stubHandlerOf(value);
    return handler !== undefined ? codec.writeStub(handler) : codec.writeExport(codec.writingForRPC("Remote RPC references"), value);
  },
  codec.readStub,
);
registerCloneable(8, "Error", isErrorStandIn, errorDataOf, readError);

function notSerializable(name) {
  return makeError("DataCloneError", `Could not serialize object of type "${name}". This type does not support serialization.`);
}

/**
 * A copy of `value` with stand-ins.
 * @param {string} purpose see rpc_codec
 */
function copy(value, purpose) {
  return new Copier(purpose).copy(value);
}

class Copier {
  #seen = new Map();
  #inError = false;
  constructor(purpose) {
    this.purpose = purpose;
  }

  copy(value) {
    if (!isObject(value)) return value;
    const known = MapPrototypeGet(this.#seen, value);
    if (known === kOpen) throw new TypeError("An error refers to itself.");
    if (known !== undefined) return known;
    if (typeof value === "function" || ops.op_proxy_details(value) !== undefined) return this.#keep(value, this.#callable(value));
    if (ArrayIsArray(value)) return this.#array(value);
    switch (ops.op_value_kind(value)) {
      case "Map":
        return this.#map(value);
      case "Set":
        return this.#set(value);
      case "NativeError":
        return this.#error(value);
      case undefined:
        return ObjectGetPrototypeOf(value) === ObjectPrototype || (this.#inError && !isPlatformObject(value)) ? this.#object(value) : value;
      default:
        return value;
    }
  }

  #keep(value, copied) {
    MapPrototypeSet(this.#seen, value, copied);
    return copied;
  }

  /** A function or a proxy. */
  #callable(value) {
    const handler = handlerOf(value);
    if (handler !== undefined) {
      if (stubHandlerOf(value) === undefined) throw notSerializable(typeNameOf(handler));
      return new StubStandIn(value);
    }
    const loopback = loopbackName(value);
    if (loopback !== undefined) throw notSerializable(loopback);
    if (this.purpose === "env" || this.purpose === "error" || this.purpose === "storage") return value; // V8 refuses it
    if (typeof value === "function" || isReceiver(value)) return new StubStandIn(value);
    throw makeError("DataCloneError", kBadProxy);
  }

  #properties(from, to) {
    const keys = ObjectKeys(from);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      ObjectDefineProperty(to, key, { __proto__: null, value: this.copy(from[key]), writable: true, configurable: true, enumerable: true });
    }
    return to;
  }

  #object(value) {
    return this.#properties(value, this.#keep(value, {}));
  }

  #array(value) {
    return this.#properties(value, this.#keep(value, new Array(value.length)));
  }

  #map(value) {
    const copied = this.#keep(value, new Map());
    const entries = MapPrototypeEntries(value);
    for (let step = MapIteratorPrototypeNext(entries); !step.done; step = MapIteratorPrototypeNext(entries)) {
      MapPrototypeSet(copied, this.copy(step.value[0]), this.copy(step.value[1]));
    }
    return copied;
  }

  #set(value) {
    const copied = this.#keep(value, new Set());
    const items = ops.op_preview_entries(value)[0];
    for (let i = 0; i < items.length; i++) SetPrototypeAdd(copied, this.copy(items[i]));
    return copied;
  }

  #error(error) {
    const standIn = new ErrorStandIn(undefined);
    const outer = this.#inError;
    const thrown = this.purpose === "error";
    this.#inError = thrown;
    this.#keep(error, kOpen);
    const { name, message } = error;
    const data = ["Error", typeof message === "string" || !thrown ? message : "", null];
    if (typeof name === "string" && isStandard(name)) data[0] = name;
    // Of one that is thrown, a property that cannot be cloned costs all others, no more.
    try {
      data[2] = this.#errorProperties(error, name, data[0]);
      if (thrown) ops.op_serialize(data[2], false);
    } catch (failure) {
      if (!thrown) throw failure;
      data[2] = null;
    }
    this.#inError = outer;
    fillError(standIn, data);
    return this.#keep(error, standIn);
  }

  /** All own properties but those that are made anew; a name that is no standard one, own or not. In env and props errors keep their stack. */
  #errorProperties(error, name, Class) {
    const properties = {};
    if (name !== Class) this.#errorProperty(properties, "name", name);
    const keys = ObjectGetOwnPropertyNames(error);
    for (let i = 0; i < keys.length; i++) {
      if ((keys[i] !== "stack" || this.purpose === "env") && keys[i] !== "message" && keys[i] !== "name") this.#errorProperty(properties, keys[i], error[keys[i]]);
    }
    return properties;
  }

  #errorProperty(properties, key, value) {
    ObjectDefineProperty(properties, key, { __proto__: null, value: this.copy(value), writable: true, configurable: true, enumerable: true });
  }
}

function prototypeOf(proxy) {
  if (ops.op_proxy_details(proxy)[1] === null) throw new TypeError("Proxy is revoked");
  return ObjectGetPrototypeOf(proxy);
}

/** Whether a proxy looks like a plain object or an RpcTarget. */
function isReceiver(proxy) {
  let p = prototypeOf(proxy);
  if (p === ObjectPrototype) return true;
  for (; p !== null; p = ObjectGetPrototypeOf(p)) if (p === RpcTarget.prototype) return true;
  return false;
}

function readError(data) {
  const [Class, message, properties] = data;
  if (typeof message !== "string") throw makeError("DataCloneError", "Deserialization failed: error message is not a string");
  const error = makeError(Class, message);
  if (properties === null) return error;
  const keys = ObjectKeys(properties);
  for (let i = 0; i < keys.length; i++) {
    ObjectDefineProperty(error, keys[i], { __proto__: null, value: properties[keys[i]], writable: true, configurable: true, enumerable: true });
  }
  const { name } = properties;
  if (typeof name === "string" && !ObjectHasOwn(properties, "stack")) renameStack(error, Class, name);
  return error;
}

/** Puts another name into the first line of a stack. */
function renameStack(error, from, to) {
  const { stack } = error;
  if (typeof stack !== "string" || !StringPrototypeStartsWith(stack, from)) return;
  const value = to + StringPrototypeSlice(stack, from.length);
  ObjectDefineProperty(error, "stack", { __proto__: null, value, writable: true, configurable: true, enumerable: false });
}

module.exports = { copy };

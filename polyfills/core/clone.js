"use strict";
// Structured cloning of platform objects. V8 clones plain values by itself and asks here about every object whose prototype is not
// Object.prototype. A class that can be cloned registers itself; its objects become [tag, data], where data is any cloneable value.
// Tags are in the bytes that workers exchange, so a number is never given to another class:
// 1 DOMException, 2 AbortSignal, 3 Blob, 4 Headers, 5 Request, 6 Response, 8 Error,
// 64 Fetcher, 65 RpcStub (of an RpcTarget, a function, a stub), 66 ReadableStream, 67 WritableStream, 68 DurableObjectClass.
const files = { __proto__: null, 1: "web/dom_exception", 2: "web/abort", 3: "web/blob", 4: "web/headers", 5: "web/request", 6: "web/response", 8: "cloudflare/rpc_copy", 64: "cloudflare/rpc_codec", 65: "cloudflare/rpc_codec", 66: "web/streams_readable", 67: "web/streams_writable", 68: "cloudflare/durable_object_class" };

const { kInternalClass } = require("core/webidl");
const { makeError } = require("core/errors");

const kinds = [];
const byTag = { __proto__: null };

/**
 * Makes a platform class cloneable.
 * @param {number} tag see above
 * @param {string} name of the interface
 * @param {(object: object) => boolean} isInstance must not run user code
 * @param {(object: object) => any} write gives the data; throws a DataCloneError if this object cannot be cloned
 * @param {(data: any) => object} read the inverse
 */
function registerCloneable(tag, name, isInstance, write, read) {
  const kind = { __proto__: null, tag, name, isInstance, write, read };
  kinds[kinds.length] = kind;
  byTag[tag] = kind;
}

// Whether instances of the worker's classes are refused; otherwise they are cloned as plain objects.
let strict = false;

/** Sets that, and gives what it was. */
function setStrict(value) {
  const before = strict;
  strict = value;
  return before;
}

/** Engine: whether V8 may not treat `object`, whose prototype is not Object.prototype, as a plain one. */
function isHostObject(object) {
  return strict || kInternalClass in object;
}

/** Whether an object is one of the platform's. */
function isPlatformObject(object) {
  return kInternalClass in object;
}

/** Engine: the tag and the data of a platform object. */
function writeHostObject(object) {
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i];
    if (kind.isInstance(object)) return [kind.tag, kind.write(object)];
  }
  throw makeError("DataCloneError", `Could not serialize object of type "${ops.op_constructor_name(object)}". This type does not support serialization.`);
}

/** Engine: the object of a tag and its data. */
function readHostObject(tag, data) {
  if (byTag[tag] === undefined && files[tag] !== undefined) require(files[tag]);
  const kind = byTag[tag];
  if (kind === undefined) throw makeError("DataCloneError", "Unable to deserialize cloned data.");
  return kind.read(data);
}

let refused = () => {};

/** Sets what is called when V8 refuses a value, and gives what was before. */
function onRefusal(f) {
  const before = refused;
  refused = f;
  return before;
}

/** Engine: V8 cannot clone a value, and `message` says which; or it has met an error whose properties it does not write. */
function throwDataCloneError(message) {
  refused();
  throw makeError("DataCloneError", message);
}

module.exports = { onRefusal, setStrict, isPlatformObject, registerCloneable, isHostObject, writeHostObject, readHostObject, throwDataCloneError };

"use strict";
// Durable Objects as their callers see them: namespaces, ids and stubs. https://developers.cloudflare.com/durable-objects/api/namespace/

const { Error, ObjectDefineProperty, RangeError } = primordials;
const { define, fieldError, illegalConstructor, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { Fetcher, makeOf } = require("cloudflare/service_stub");

// What op_object_id makes an id of.
const kOfName = 0;
const kOfText = 1;
const kUnique = 2;

const kJurisdictions = "Jurisdiction restrictions are not implemented in workerd.";

function defineConstant(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

let textOf;

class DurableObjectId {
  #text;

  constructor(token, text, name) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#text = text;
    defineConstant(this, "jurisdiction", undefined);
    defineConstant(this, "name", name);
  }

  toString() {
    if (!isId(this)) throw illegalInvocation();
    return this.#text;
  }

  equals(other) {
    if (!isId(this)) throw illegalInvocation();
    if (!isId(other)) throw parameterError("equals", "DurableObjectId", 1, "DurableObjectId");
    return this.#text === other.#text;
  }

  static isId(value) {
    return isObject(value) && #text in value;
  }

  static {
    textOf = (id) => id.#text;
  }
}
const { isId } = DurableObjectId;
delete DurableObjectId.isId;
define(DurableObjectId, "DurableObjectId");

function makeId(text, name) {
  return new DurableObjectId(kConstruct, text, name);
}

/** The stub of an object, see cloudflare/service_stub. */
class DurableObject extends Fetcher {}
define(DurableObject, "DurableObject");

/** Puts the space of a namespace on an object, which may be a function, and whether its stubs can be stored: those of ctx.exports. */
class Namespace extends function (object) {
  return object;
} {
  #space;
  #stored;
  constructor(object, space, stored) {
    super(object);
    this.#space = space;
    this.#stored = stored;
  }
  static isStored(value) {
    return value.#stored;
  }
  static spaceOf(value) {
    if (!isObject(value) || !(#space in value)) throw illegalInvocation();
    return value.#space;
  }
}
const { isStored, spaceOf } = Namespace;

class DurableObjectNamespace {
  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
  }

  newUniqueId(options) {
    const space = spaceOf(this);
    if (options !== undefined && options !== null) {
      if (!isObject(options)) throw parameterError("newUniqueId", "DurableObjectNamespace", 1, "NewUniqueIdOptions");
      checkJurisdiction(options.jurisdiction);
    }
    return makeId(ops.op_object_id(space, kUnique, ""), undefined);
  }

  idFromName(name) {
    const space = spaceOf(this);
    if (arguments.length === 0) throw parameterError("idFromName", "DurableObjectNamespace", 1, "string");
    return idOfName(space, toDOMString(name));
  }

  idFromString(text) {
    const space = spaceOf(this);
    if (arguments.length === 0) throw parameterError("idFromString", "DurableObjectNamespace", 1, "string");
    return makeId(ops.op_object_id(space, kOfText, toDOMString(text)), undefined);
  }

  get(id, options) {
    const space = spaceOf(this);
    if (!isId(id)) throw parameterError("get", "DurableObjectNamespace", 1, "DurableObjectId");
    checkOptions("get", options);
    return makeStub(space, id, isStored(this));
  }

  getByName(name, options) {
    const space = spaceOf(this);
    if (arguments.length === 0) throw parameterError("getByName", "DurableObjectNamespace", 1, "string");
    const text = toDOMString(name);
    checkOptions("getByName", options);
    return makeStub(space, idOfName(space, text), isStored(this));
  }

  jurisdiction(name) {
    const space = spaceOf(this);
    checkJurisdiction(name);
    return makeNamespace(space, isStored(this));
  }
}
define(DurableObjectNamespace, "DurableObjectNamespace");

/** What ctx.exports has of a class: a function as well, see cloudflare/loopback. */
class LoopbackDurableObjectNamespace extends DurableObjectNamespace {
  constructor() {
    throw illegalConstructor();
  }
}
define(LoopbackDurableObjectNamespace, "LoopbackDurableObjectNamespace");

function idOfName(space, name) {
  return makeId(ops.op_object_id(space, kOfName, name), name);
}

function checkJurisdiction(name) {
  if (name === undefined || name === null) return;
  toDOMString(name);
  throw new Error(kJurisdictions);
}

/** GetDurableObjectOptions; where an object is, is no question here. */
function checkOptions(method, options) {
  if (options === undefined || options === null) return;
  if (!isObject(options)) throw parameterError(method, "DurableObjectNamespace", 2, "GetDurableObjectOptions");
  const { locationHint, routingMode, version } = options;
  if (locationHint !== undefined) toDOMString(locationHint);
  if (routingMode !== undefined && toDOMString(routingMode) !== "primary-only") throw new RangeError(`unknown routingMode: ${routingMode}`);
  if (version !== undefined && version !== null && !isObject(version)) throw fieldError("version", "GetDurableObjectOptions", "VersionOptions");
}

// That a stub is not bound yet; see Fetcher.targetOf.
const kUnbound = -1;

function makeStub(space, id, stored) {
  const { name } = id;
  const stub = makeOf(DurableObject, ["object", space, textOf(id), name ?? null, kUnbound, stored], requireContext());
  defineConstant(stub, "name", name);
  defineConstant(stub, "id", id);
  return stub;
}

/** The namespace of the class that the worker's configuration has at `space`. */
function makeNamespace(space, stored = false) {
  const namespace = new DurableObjectNamespace(kConstruct);
  new Namespace(namespace, space, stored);
  return namespace;
}

/** Makes a function a namespace, too. */
function asNamespace(fn, space) {
  new Namespace(fn, space, true);
  return fn;
}

module.exports = { DurableObjectId, DurableObjectNamespace, LoopbackDurableObjectNamespace, asNamespace, isId, makeId, makeNamespace, textOf };

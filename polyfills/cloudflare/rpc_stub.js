"use strict";
// JS RPC, the calling side: RpcStub, RpcPromise and RpcProperty. https://developers.cloudflare.com/workers/runtime-apis/rpc/
//
// To scripts each is a function whose every name is remote: a proxy over one shared function, with a handler that knows what the
// object stands for. A promise's handler is at the same time what core/ops settles. What is done to a promise before its answer has
// come is sent at once, addressed to the answer (pipelining); the host forwards it to where the call runs. Should the host find that
// the answer is on its way already, it sends the call back ("bounces" it), and it is made here, on the value.

const {
  ArrayPrototypeJoin,
  ArrayPrototypeSlice,
  Error,
  Object,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
  Promise,
  PromisePrototypeFinally,
  PromisePrototypeThen,
  PromiseResolve,
  Proxy,
  ReflectDefineProperty,
  ReflectDeleteProperty,
  ReflectGet,
  ReflectHas,
  ReflectOwnKeys,
  StringPrototypeCharCodeAt,
  Symbol,
  TypeError,
} = primordials;
const { constructorError, define, illegalConstructor, isObject } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { requireContext } = require("core/context");
const { hold } = require("core/ops");
const { crossRequest, isFetcher, targetOf } = require("cloudflare/service_stub");
const codec = require("cloudflare/rpc_codec");
const exported = require("cloudflare/rpc_exports");

const ObjectPrototype = Object.prototype;
const kMaxPath = 65;
const kStubDisposed = "RPC stub used after being disposed.";
const kPromiseDisposed = "RPC promise used after being disposed.";
const kNotWrappable = "RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.";

// The target of every proxy here. It has no property, so that the handlers may answer as they like.
const kTarget = () => {};
delete kTarget.name;
delete kTarget.length;

/** What several stubs share: a channel of the host (a number) or an object that this realm exports (["export", id]). */
class Handle {
  refs = 1;
  // Whether it keeps the context alive, having come as an argument of a call that the context serves.
  held = false;
  constructor(target, context) {
    this.target = target;
    this.context = context;
  }

  release() {
    if (--this.refs > 0) return;
    const { context, target } = this;
    if (context === undefined || context.ended) return;
    if (typeof target !== "number") {
      exported.dropLocal(context, target[1]);
      return;
    }
    ops.op_cap_release(context.id, target);
    if (this.held) exported.dropImport(context);
  }
}

// Handlers.

// Names that are array indices are not remote.
function isIndex(name) {
  const first = name.length > 0 ? StringPrototypeCharCodeAt(name, 0) : 0;
  return first >= 48 && first <= 57 && `${name >>> 0}` === name;
}

/** What the handlers share: properties that a script sets are the object's own, and stay here. */
class Remote {
  // An ordinary object with those properties.
  #own;
  own(name) {
    return this.#own !== undefined && ObjectHasOwn(this.#own, name);
  }
  ownValue(name) {
    return this.#own[name];
  }
  has(target, name) {
    if (this.own(name)) return true;
    if (typeof name === "symbol") return ReflectHas(this.getPrototypeOf(), name);
    return !isIndex(name) && (name !== "then" || ReflectHas(this.getPrototypeOf(), name));
  }
  ownKeys() {
    return this.#own === undefined ? [] : ReflectOwnKeys(this.#own);
  }
  getOwnPropertyDescriptor(target, name) {
    return this.#own === undefined ? undefined : ObjectGetOwnPropertyDescriptor(this.#own, name);
  }
  set(target, name, value) {
    return this.defineProperty(target, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  }
  defineProperty(target, name, descriptor) {
    if (descriptor.configurable === false) return false;
    this.#own ??= { __proto__: null };
    return ReflectDefineProperty(this.#own, name, { __proto__: null, ...descriptor, configurable: true });
  }
  deleteProperty(target, name) {
    return this.#own === undefined || ReflectDeleteProperty(this.#own, name);
  }
  preventExtensions() {
    throw new TypeError("Cannot freeze");
  }
  setPrototypeOf() {
    return false;
  }
  static is(value) {
    return #own in value;
  }
}
const isRemote = Remote.is;
delete Remote.is;

class StubHandler extends Remote {
  disposed = false;
  constructor(handle) {
    super();
    this.shared = handle;
  }
  get(target, name, receiver) {
    if (this.own(name)) return this.ownValue(name);
    if (name === "then") return undefined;
    if (typeof name === "symbol" || name in RpcStub.prototype) return ReflectGet(RpcStub.prototype, name, receiver);
    return isIndex(name) ? undefined : property(this, [name]);
  }
  apply(target, receiver, args) {
    return call(this, [], args);
  }
  getPrototypeOf() {
    return RpcStub.prototype;
  }
  /** The handle, if the stub may be used in `context`. */
  handle(context) {
    if (this.disposed) throw new Error(kStubDisposed);
    const { shared } = this;
    if (shared.context !== undefined && shared.context !== context) throw crossRequest("Client");
    return shared;
  }
  /** Makes the call `promise`. */
  begin(promise, path, args) {
    const { target } = this.handle(promise.context);
    promise.send(target, path, codec.serializeArgs(args));
  }
  sendOn(promise, path, sent) {
    promise.send(this.handle(promise.context).target, path, sent);
  }
  /** Another handler of the same, which is not disposed of; it counts for nothing. */
  again() {
    return new StubHandler(this.shared);
  }
  dispose() {
    if (this.disposed) return;
    this.disposed = true;
    this.shared.release();
  }
  /** Disposes of the stub and gives what is to be released later, if there is any. */
  retire() {
    if (this.disposed) return undefined;
    this.disposed = true;
    return this.shared;
  }
}

class PropertyHandler extends Remote {
  constructor(owner, path) {
    super();
    this.owner = owner;
    this.path = path;
  }
  get(target, name, receiver) {
    if (this.own(name)) return this.ownValue(name);
    if (name === "then" || name === "catch" || name === "finally") return promiseMethod(name, this, "JsRpcProperty");
    if (typeof name === "symbol" || name in ObjectPrototype) return ReflectGet(RpcProperty.prototype, name, receiver);
    if (isIndex(name)) return undefined;
    if (this.path.length >= kMaxPath) throw new TypeError("RPC pipelined property path is too deep (max 64).");
    return property(this.owner, [...this.path, name]);
  }
  apply(target, receiver, args) {
    if (args.length === 1 && typeof args[0] === "string" && this.path[this.path.length - 1] === "toJSON") return this.#asJSON();
    return call(this.owner, this.path, args);
  }
  /** JSON.stringify looks for toJSON and calls it with a key; a native stub shows it none, and is an object with its own members or, as a function, left out. */
  #asJSON() {
    const { owner } = this;
    if (this.path.length !== 1 || !isFetcher(owner)) return undefined;
    const shown = {};
    const names = ObjectKeys(owner);
    for (let i = 0; i < names.length; i++) shown[names[i]] = owner[names[i]];
    return shown;
  }
  getPrototypeOf() {
    return RpcProperty.prototype;
  }
  /** The promise of the value, which is asked for now. */
  promise() {
    return start(this.owner, this.path, undefined).promise();
  }
}

const kPending = 0;
const kFulfilled = 1;
const kFailed = 2;

let slot;
const capture = (resolve, reject) => {
  slot = { resolve, reject };
};

/** A call: the handler of its RpcPromise, and what core/ops settles. */
class PromiseHandler extends Remote {
  context;
  #id = 0;
  #state = kPending;
  #value;
  // Makes the exception that another realm has thrown, once somebody asks for it.
  #make;
  // What disposing the result lets go of.
  #resources;
  #disposed = false;
  // The native promise, once somebody waits, and its functions.
  #promise;
  #settle;
  // Number of calls on the answer that are under way.
  #pipelined = 0;
  // If this is a call on the answer of another: that one, and what was sent.
  #after;
  #path;
  #sent;

  get(target, name, receiver) {
    if (this.own(name)) return this.ownValue(name);
    if (name === "then" || name === "catch" || name === "finally") return promiseMethod(name, this, "JsRpcPromise");
    if (typeof name === "symbol" || name in ObjectPrototype) return ReflectGet(RpcPromise.prototype, name, receiver);
    return isIndex(name) ? undefined : property(this, [name]);
  }
  apply(target, receiver, args) {
    return call(this, [], args);
  }
  getPrototypeOf() {
    return RpcPromise.prototype;
  }

  /** The native promise of the result. */
  promise() {
    if (this.#promise !== undefined) return this.#promise;
    this.#promise = new Promise(capture);
    this.#settle = slot;
    if (this.#state === kFulfilled) slot.resolve(this.#value);
    else if (this.#state === kFailed) this.#throwTo(slot);
    return this.#promise;
  }

  /** The exception; everybody gets a copy of another realm's. */
  #error() {
    return this.#make === undefined ? this.#value : this.#make();
  }

  /**
   * Rejects with the exception. One that is still to be made is made in a reaction whose promise has been resolved with ours, so that
   * its stack shows who awaits.
   */
  #throwTo(settle) {
    if (this.#make === undefined) {
      settle.reject(this.#value);
      return;
    }
    const raise = () => {
      const error = this.#error();
      codec.restack(error, raise);
      throw error;
    };
    settle.resolve(PromisePrototypeThen(PromisePrototypeThen(PromiseResolve(undefined), () => {}), raise));
  }

  /** Makes this call on a target of the host. */
  send(target, path, sent) {
    this.#id = hold(this);
    ops.op_rpc_call(this.context.id, this.#id, target, path, sent.bytes, sent.caps);
    if (sent.given !== undefined) codec.disposeAll(sent.given);
  }

  /** Makes the call `next` on the answer of this one. */
  begin(next, path, args) {
    if (this.#disposed) throw new Error(kPromiseDisposed);
    if (this.context !== next.context) throw crossRequest(args === undefined ? "Pipeline" : "JsRpcPromise");
    if (this.#state === kFailed) throw this.#error();
    if (this.#state === kFulfilled && path.length === 1 && path[0] === "fetch" && args !== undefined && isFetcher(this.#value)) {
      next.adopt(require("web/fetch").internals.fetchOn(targetOf(this.#value), args[0], args[1]));
      return;
    }
    next.#after = this;
    next.#path = path;
    next.#sent = codec.serializeArgs(args);
    this.#pipelined++;
    // Calls on one promise keep their order: none overtakes those that the host may send back.
    if (this.#state !== kFulfilled || this.#pipelined > 1) {
      next.send(["promise", this.#state === kPending ? this.#id : 0], path, next.#sent);
      return;
    }
    const frame = ops.op_get_frame();
    next.#callOnValue();
    ops.op_set_frame(frame);
  }

  /** core/ops: the answer as op_rpc_call has it. */
  resolve(answer) {
    if (typeof answer === "boolean") {
      if (answer) codec.sendAgain(this.context, this.#sent.caps);
      this.#bounced();
      return;
    }
    try {
      const { value, resources } = codec.deserializeResult(answer, this.context);
      this.#fulfil(value, resources);
    } catch (error) {
      this.reject(error);
    }
  }

  /** core/ops: the exception. */
  reject(error) {
    this.#leave();
    this.#state = kFailed;
    this.#value = error;
    if (this.#promise !== undefined) this.#settle.reject(error);
  }

  /** core/ops: the exception of another realm, which `make` makes. */
  rejectLater(make) {
    this.#leave();
    this.#state = kFailed;
    this.#make = make;
    if (this.#promise !== undefined) this.#throwTo(this.#settle);
  }

  /** Settles this as a native promise does. */
  adopt(promise) {
    PromisePrototypeThen(
      promise,
      (value) => this.#fulfil(value, undefined),
      (error) => this.reject(error),
    );
  }

  #fulfil(value, resources) {
    this.#leave();
    this.#state = kFulfilled;
    this.#value = value;
    this.#resources = resources;
    if (this.#disposed) this.#disposeResult();
    if (this.#promise !== undefined) this.#settle.resolve(value);
  }

  #leave() {
    if (this.#after === undefined) return;
    this.#after.#pipelined--;
    this.#after = undefined;
    this.#sent = undefined;
  }

  #bounced() {
    const after = this.#after;
    if (after.#state === kPending) this.send(["promise", after.#id], this.#path, this.#sent);
    else if (after.#state === kFailed) this.reject(after.#error());
    else this.#callOnValue();
  }

  /** Makes this call on the value of the promise that it follows. */
  #callOnValue() {
    const path = this.#path;
    const sent = this.#sent;
    ops.op_set_frame(this.context.frame); // a message brings no context with it
    let value = this.#after.#value;
    for (let i = 0; ; i++) {
      const owner = ownerOf(value);
      if (owner !== undefined && (i < path.length || sent.bytes !== null)) {
        this.#callOn(owner, ArrayPrototypeSlice(path, i), sent);
        return;
      }
      if (i === path.length) break;
      if (!isPlain(value) || !ObjectHasOwn(value, path[i])) {
        this.reject(codec.markRemote(notImplemented(path[i > 0 && !isPlain(value) ? i - 1 : i])));
        return;
      }
      value = value[path[i]];
    }
    if (sent.bytes === null) this.#fulfil(fresh(value), undefined);
    else this.reject(codec.markRemote(notFunction(path)));
  }

  #callOn(owner, path, sent) {
    try {
      if (!isFetcher(owner)) owner.sendOn(this, path, sent);
      else if (path.length === 1 && path[0] === "fetch") this.adopt(fetchWith(owner, sent));
      else this.send(targetOf(owner), path, sent);
    } catch (error) {
      this.reject(codec.markRemote(error));
    }
  }

  sendOn(promise, path, sent) {
    promise.send(["promise", this.#id], path, sent);
  }

  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#state === kFulfilled) this.#disposeResult();
  }

  #disposeResult() {
    const resources = this.#resources;
    this.#resources = undefined;
    if (resources !== undefined) codec.disposeAll(resources);
  }
}

/** What reading a property gives: a stub of its own where there is one. */
function fresh(value) {
  const handler = typeof value === "function" ? stubHandlerOf(value) : undefined;
  if (handler === undefined) return value;
  handler.shared.refs++;
  return makeStub(handler.shared);
}

function fetchWith(fetcher, sent) {
  const args = codec.deserialize(sent.bytes, sent.caps, undefined).value;
  return require("web/fetch").internals.fetchOn(targetOf(fetcher), args[0], args[1]);
}

function isPlain(value) {
  return isObject(value) && ObjectGetPrototypeOf(value) === ObjectPrototype;
}

/** The error of a name that the receiver does not have. */
function notImplemented(name) {
  return new TypeError(`The RPC receiver does not implement the method "${name}".`);
}

/** The error of calling what `path` leads to. */
function notFunction(path) {
  return new TypeError(`"${path.length === 0 ? "(this)" : ArrayPrototypeJoin(path, ".")}" is not a function.`);
}

function promiseMethod(name, handler, type) {
  switch (name) {
    case "then":
      return (onFulfilled, onRejected) => {
        mustBeFunction(onFulfilled, name, type, 1);
        if (onRejected !== undefined) mustBeFunction(onRejected, name, type, 2);
        return PromisePrototypeThen(handler.promise(), onFulfilled, onRejected);
      };
    case "catch":
      return (onRejected) => {
        mustBeFunction(onRejected, name, type, 1);
        return PromisePrototypeThen(handler.promise(), undefined, onRejected);
      };
    default:
      return (onFinally) => {
        mustBeFunction(onFinally, name, type, 1);
        return PromisePrototypeFinally(handler.promise(), onFinally);
      };
  }
}

function mustBeFunction(value, method, type, index) {
  if (typeof value !== "function") throw new TypeError(`Failed to execute '${method}' on '${type}': parameter ${index} is not of type 'Function'.`);
}

/** The call of what is at `path` below `owner` (a service stub or a handler); `args` undefined reads a property. It never throws. */
function start(owner, path, args) {
  const promise = new PromiseHandler();
  try {
    promise.context = requireContext();
    if (isFetcher(owner)) promise.send(targetOf(owner), path, codec.serializeArgs(args));
    else owner.begin(promise, path, args);
  } catch (error) {
    promise.reject(error);
  }
  return promise;
}

function call(owner, path, args) {
  return new Proxy(kTarget, start(owner, path, args));
}

/** The property at `path` below a service stub or a handler. */
function property(owner, path) {
  return new Proxy(kTarget, new PropertyHandler(owner, path));
}

/** The handler of an RpcStub, RpcPromise or RpcProperty; undefined of anything else. */
function handlerOf(value) {
  if (typeof value !== "function") return undefined;
  const details = ops.op_proxy_details(value);
  if (details === undefined) return undefined;
  const handler = details[1];
  return isObject(handler) && isRemote(handler) ? handler : undefined;
}

function stubHandlerOf(value) {
  const handler = handlerOf(value);
  return handler instanceof StubHandler ? handler : undefined;
}

/** The handler of an RpcStub, or a service stub itself; undefined of anything else. */
function ownerOf(value) {
  if (typeof value === "function") return stubHandlerOf(value);
  return isFetcher(value) ? value : undefined;
}

/** The class of what a handler stands for, as errors name it. */
function typeNameOf(handler) {
  if (handler instanceof StubHandler) return "RpcStub";
  return handler instanceof PromiseHandler ? "RpcPromise" : "RpcProperty";
}

/** An RpcStub of `handle`. */
function makeStub(handle) {
  return new Proxy(kTarget, new StubHandler(handle));
}

// Classes.

function mustBeStub(value) {
  const handler = stubHandlerOf(value);
  if (handler === undefined) throw illegalInvocation();
  return handler;
}

class RpcStub {
  constructor(value) {
    if (!isObject(value)) throw constructorError("JsRpcStub", 1, "Object");
    if (!codec.isExportable(value)) throw new TypeError(kNotWrappable);
    const context = requireContext();
    return makeStub(new Handle(["export", exported.addLocal(context, value)], context));
  }

  dup() {
    const handler = mustBeStub(this);
    const handle = handler.handle(requireContext());
    handle.refs++;
    return makeStub(handle);
  }

  [Symbol.dispose]() {
    mustBeStub(this).dispose();
  }
}
define(RpcStub, "JsRpcStub");

// These methods are found by enumeration; a promise's handler answers for them itself.
class RpcPromise {
  constructor() {
    throw illegalConstructor();
  }

  then(onFulfilled, onRejected) {
    return promiseMethod("then", mustBePromise(this), "JsRpcPromise")(onFulfilled, onRejected);
  }

  catch(onRejected) {
    return promiseMethod("catch", mustBePromise(this), "JsRpcPromise")(onRejected);
  }

  finally(onFinally) {
    return promiseMethod("finally", mustBePromise(this), "JsRpcPromise")(onFinally);
  }

  [Symbol.dispose]() {
    mustBePromise(this).dispose();
  }
}
define(RpcPromise, "JsRpcPromise");

function mustBePromise(value) {
  const handler = handlerOf(value);
  if (!(handler instanceof PromiseHandler)) throw illegalInvocation();
  return handler;
}

class RpcProperty {
  constructor() {
    throw illegalConstructor();
  }

  then(onFulfilled, onRejected) {
    return promiseMethod("then", mustBeProperty(this), "JsRpcProperty")(onFulfilled, onRejected);
  }

  catch(onRejected) {
    return promiseMethod("catch", mustBeProperty(this), "JsRpcProperty")(onRejected);
  }

  finally(onFinally) {
    return promiseMethod("finally", mustBeProperty(this), "JsRpcProperty")(onFinally);
  }
}
define(RpcProperty, "JsRpcProperty");

function mustBeProperty(value) {
  const handler = handlerOf(value);
  if (!(handler instanceof PropertyHandler)) throw illegalInvocation();
  return handler;
}

/** The class as scripts see it: called without new it throws the platform's error. */
function callable(Class, message) {
  const seen = new Proxy(Class, {
    __proto__: null,
    apply() {
      throw new TypeError(message);
    },
  });
  ObjectDefineProperty(Class.prototype, "constructor", { __proto__: null, value: seen, writable: true, configurable: true, enumerable: false });
  return seen;
}

const kUseNew = "Failed to construct 'JsRpcStub': Please use the 'new' operator, this object constructor cannot be called as a function.";

module.exports = {
  Handle,
  RpcStub: callable(RpcStub, kUseNew),
  RpcPromise: callable(RpcPromise, "Illegal constructor"),
  RpcProperty: callable(RpcProperty, "Illegal constructor"),
  handlerOf,
  isIndex,
  makeStub,
  notFunction,
  notImplemented,
  ownerOf,
  property,
  start,
  stubHandlerOf,
  typeNameOf,
};

"use strict";
// node:async_hooks, https://nodejs.org/docs/latest-v22.x/api/async_context.html
// The values of all AsyncLocalStorages are `store` of the frame that V8 carries along (see core/context): an immutable list of
// { key, value, next }. What the reference runtime has as a native class looks native here, too.

const { Error, ReflectApply, StringPrototypeSplit, TypeError } = primordials;
const { constructorError, define, isObject, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { state } = require("core/worker");

class Entry {
  constructor(key, value, next) {
    this.key = key;
    this.value = value;
    this.next = next;
  }
}

// The list without `key`; entries before it are copied.
function without(list, key) {
  for (let entry = list; entry !== undefined; entry = entry.next) {
    if (entry.key === key) return list === entry ? entry.next : new Entry(list.key, list.value, without(list.next, key));
  }
  return list;
}

function frameWith(store, scope) {
  return { context: ops.op_get_frame()?.context, store, scope };
}

/** Calls `fn` with the async-local values of `saved` (a frame or undefined), in the request that is current. */
function callIn(saved, fn, receiver, args) {
  const outer = ops.op_get_frame();
  ops.op_set_frame(saved !== undefined && saved.context === outer?.context ? saved : frameWith(saved?.store, saved?.scope));
  try {
    return ReflectApply(fn, receiver, args);
  } finally {
    ops.op_set_frame(outer);
  }
}

const kOtherRequest = "Cannot call this AsyncLocalStorage bound function outside of the request in which it was created.";

// The request to which a function that is bound now belongs; undefined if any may call it.
function owner() {
  return state.flags.bind_asynclocalstorage_snapshot_to_request ? ops.op_get_frame()?.context : undefined;
}

function checkOwner(context) {
  if (context !== undefined && context !== ops.op_get_frame()?.context) throw new Error(kOtherRequest);
}

function bindTo(saved, fn, receiver) {
  const context = saved === undefined ? undefined : owner();
  return (() =>
    function (...args) {
      checkOwner(context);
      return callIn(saved, fn, receiver, args);
    })();
}

function rest(args, from) {
  const list = [];
  for (let i = from; i < args.length; i++) list[i - from] = args[i];
  return list;
}

class AsyncLocalStorage {
  #name = "";
  #default;

  constructor(options) {
    if (options === undefined) return;
    if (!isObject(options) && options !== null) throw constructorError("AsyncLocalStorage", 1, "AsyncLocalStorageOptions");
    this.#default = options?.defaultValue;
    if (options?.name !== undefined) this.#name = toDOMString(options.name);
  }

  run(...args) {
    AsyncLocalStorage.#check(this);
    if (args.length === 0) throw parameterError("run", "AsyncLocalStorage", 1, "Value");
    if (typeof args[1] !== "function") throw parameterError("run", "AsyncLocalStorage", 2, "function");
    return AsyncLocalStorage.#run(this, args[0], args[1], args.length > 2 ? rest(args, 2) : []);
  }

  exit(...args) {
    AsyncLocalStorage.#check(this);
    if (typeof args[0] !== "function") throw parameterError("exit", "AsyncLocalStorage", 1, "function");
    return AsyncLocalStorage.#run(this, undefined, args[0], rest(args, 1));
  }

  getStore() {
    AsyncLocalStorage.#check(this);
    for (let entry = ops.op_get_frame()?.store; entry !== undefined; entry = entry.next) if (entry.key === this) return entry.value;
    return this.#default;
  }

  enterWith() {
    AsyncLocalStorage.#check(this);
    throw new Error("asyncLocalStorage.enterWith() is not implemented");
  }

  disable() {
    AsyncLocalStorage.#check(this);
    throw new Error("asyncLocalStorage.disable() is not implemented");
  }

  get name() {
    AsyncLocalStorage.#check(this);
    return this.#name;
  }

  static bind(...args) {
    if (typeof args[0] !== "function") throw parameterError("bind", "AsyncLocalStorage", 1, "Function");
    return bindTo(ops.op_get_frame(), args[0], globalThis);
  }

  static snapshot() {
    const saved = ops.op_get_frame();
    const context = owner();
    return (() =>
      function (...args) {
        checkOwner(context);
        if (typeof args[0] !== "function") throw new TypeError("The first argument must be a function");
        return callIn(saved, args[0], globalThis, rest(args, 1));
      })();
  }

  static #check(value) {
    if (!isObject(value) || !(#name in value)) throw illegalInvocation();
  }

  static #run(key, value, fn, args) {
    const outer = ops.op_get_frame();
    ops.op_set_frame({ context: outer?.context, store: new Entry(key, value, without(outer?.store, key)), scope: outer?.scope });
    try {
      return ReflectApply(fn, globalThis, args);
    } finally {
      ops.op_set_frame(outer);
    }
  }
}
define(AsyncLocalStorage, "AsyncLocalStorage");

class AsyncResource {
  #frame = ops.op_get_frame();

  constructor(type, options) {
    if (type !== undefined) toDOMString(type);
    if (options === undefined) return;
    if (!isObject(options) && options !== null) throw constructorError("AsyncResource", 2, "Options");
    if (options?.triggerAsyncId !== undefined) throw new Error("The 'triggerAsyncId' field on 'Options' is not implemented.");
  }

  asyncId() {
    AsyncResource.#check(this);
    return 0;
  }

  triggerAsyncId() {
    AsyncResource.#check(this);
    return 0;
  }

  bind(...args) {
    AsyncResource.#check(this);
    if (typeof args[0] !== "function") throw parameterError("bind", "AsyncResource", 1, "Function");
    return AsyncResource.#bind(this, args[0], args[1]);
  }

  runInAsyncScope(...args) {
    AsyncResource.#check(this);
    if (typeof args[0] !== "function") throw parameterError("runInAsyncScope", "AsyncResource", 1, "function");
    return callIn(this.#frame, args[0], args[1] === undefined ? globalThis : args[1], rest(args, 2));
  }

  emitDestroy() {
    AsyncResource.#check(this);
  }

  static bind(...args) {
    if (typeof args[0] !== "function") throw parameterError("bind", "AsyncResource", 1, "Function");
    if (args[1] !== undefined) toDOMString(args[1]);
    return AsyncResource.#bind(new AsyncResource(), args[0], args[2]);
  }

  static #check(value) {
    if (!isObject(value) || !(#frame in value)) throw illegalInvocation();
  }

  static #bind(resource, fn, receiver) {
    const bound = bindTo(resource.#frame, fn, receiver === undefined ? globalThis : receiver);
    bound.asyncResource = resource;
    return bound;
  }
}
define(AsyncResource, "AsyncResource");

/** Hooks are never called: the platform has no ids of asynchronous operations. */
class AsyncHook {
  enable() {
    return this;
  }

  disable() {
    return this;
  }
}

function createHook() {
  return new AsyncHook();
}

function executionAsyncId() {
  return 0;
}

function executionAsyncResource() {
  return { __proto__: null };
}

function triggerAsyncId() {
  return 0;
}

// Node's kinds of asynchronous operations; as none of them is ever reported, they all are 0.
const providers =
  "NONE DIRHANDLE DNSCHANNEL ELDHISTOGRAM FILEHANDLE FILEHANDLECLOSEREQ BLOBREADER FSEVENTWRAP FSREQCALLBACK FSREQPROMISE GETADDRINFOREQWRAP " +
  "GETNAMEINFOREQWRAP HEAPSNAPSHOT HTTP2SESSION HTTP2STREAM HTTP2PING HTTP2SETTINGS HTTPINCOMINGMESSAGE HTTPCLIENTREQUEST LOCKS JSSTREAM " +
  "JSUDPWRAP MESSAGEPORT PIPECONNECTWRAP PIPESERVERWRAP PIPEWRAP PROCESSWRAP PROMISE QUERYWRAP QUIC_ENDPOINT QUIC_LOGSTREAM QUIC_SESSION " +
  "QUIC_STREAM QUIC_UDP SHUTDOWNWRAP SIGNALWRAP STATWATCHER STREAMPIPE TCPCONNECTWRAP TCPSERVERWRAP TCPWRAP TTYWRAP UDPSENDWRAP UDPWRAP " +
  "SIGINTWATCHDOG WORKER WORKERCPUPROFILE WORKERCPUUSAGE WORKERHEAPPROFILE WORKERHEAPSNAPSHOT WORKERHEAPSTATISTICS WRITEWRAP ZLIB " +
  "CHECKPRIMEREQUEST PBKDF2REQUEST KEYPAIRGENREQUEST KEYGENREQUEST KEYEXPORTREQUEST ARGON2REQUEST CIPHERREQUEST DERIVEBITSREQUEST HASHREQUEST " +
  "RANDOMBYTESREQUEST RANDOMPRIMEREQUEST SCRYPTREQUEST SIGNREQUEST TLSWRAP VERIFYREQUEST QUIC_PACKET";
const asyncWrapProviders = {};
const names = StringPrototypeSplit(providers, " ");
for (let i = 0; i < names.length; i++) asyncWrapProviders[names[i]] = 0;

module.exports = { AsyncLocalStorage, AsyncResource, asyncWrapProviders, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId };

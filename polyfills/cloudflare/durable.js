"use strict";
// Durable Objects as the worker that has their class sees them: `state`, the life of an object, and the events that it gets.
// https://developers.cloudflare.com/durable-objects/api/state/
//
// An object is a request context that lasts: what its events start belongs to it, whichever event that was. Answers go by the event's number.

const { Error, FunctionPrototypeCall, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectConstruct, ReflectSet, TypeError } = primordials;
const { define, illegalConstructor, isObject, kConstruct, parameterError, toDOMString } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const context = require("core/context");
const { state, callHandler, readProps, kDurableObject, kOtherClass } = require("core/worker");
const { answerWith, fail: failEvent, handlers, respond } = require("core/dispatch");
const { describeError } = require("core/report");
const { requestFromHost } = require("web/request").internals;
const timers = require("web/timers");
const { makeId } = require("cloudflare/durable_namespace");
const { makeFacets } = require("cloudflare/durable_facets");
const { makeStorage } = require("cloudflare/durable_storage");
const { acceptState } = require("cloudflare/workers_classes");
const gate = require.lazy("cloudflare/durable_gate");

// How op_object_abort ends an object.
const kReset = 0;
const kPlain = 1;
const kForGood = 2;

const kAborted = "Application called abort() to reset Durable Object.";

/** What a context knows of the object that it is of. */
class Actor {
  /** The object itself, once it is constructed. */
  instance;
  /** Whether its class allows RPC. */
  hasRPC;
  /** @type {Gate | undefined} */
  gate;
  /** Its hibernatable WebSockets, once they are asked for. @type {Sockets | undefined} */
  sockets;
  /** Number of storage transactions that are open. */
  transactions = 0;
  /** Its facets, once there are some. @type {Facets | undefined} */
  facets;
  /** Events that have no answer yet, by their numbers. */
  events = new Map();
  constructor(ctx, id, sql, depth) {
    this.ctx = ctx;
    this.id = id;
    this.sql = sql;
    this.depth = depth;
  }

  /** Runs a function as blockConcurrencyWhile does. */
  block(callback) {
    this.gate ??= new (gate().Gate)(this.ctx);
    return this.gate.block(callback, (error) => this.reset(error));
  }

  /** The object cannot go on: `error` is for all who wait for it. */
  reset(error, kind = kReset) {
    const { name, message, stack, detail } = describeError(error);
    ops.op_object_abort(this.ctx.id, name, message, stack, detail, kind);
    this.end();
  }

  /** The same of a facet that breaks the rules; its callers are not told that it was reset. */
  refuse(error) {
    this.reset(error, kPlain);
  }

  /** Says in an exception of one of the object's methods whose it is. */
  mark(error) {
    if (isObject(error)) ReflectSet(error, "durableObjectId", this.id);
  }

  /** The object is over. */
  end() {
    timers.dropContext(this.ctx);
    context.end(this.ctx);
    this.gate?.drop();
  }
}

class DurableObjectState {
  #actor;

  constructor(token, actor, id, props) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#actor = actor;
    this.facets = makeFacets(actor);
    this.container = undefined;
    this.storage = makeStorage(actor);
    this.id = id;
    this.props = props;
    if (state.flags.enable_ctx_exports) this.exports = require("cloudflare/loopback").exportsObject();
  }

  waitUntil(promise) {
    if (!isState(this)) throw illegalInvocation();
    if (arguments.length === 0) throw parameterError("waitUntil", "DurableObjectState", 1, "Promise");
    require("cloudflare/execution_context").waitUntil(context.requireContext(), promise);
  }

  blockConcurrencyWhile(callback) {
    if (!isState(this)) return PromiseReject(illegalInvocation());
    if (typeof callback !== "function") return PromiseReject(parameterError("blockConcurrencyWhile", "DurableObjectState", 1, "function"));
    try {
      return currentActor().block(callback);
    } catch (error) {
      return PromiseReject(error);
    }
  }

  acceptWebSocket(...args) {
    return onSockets(this, "acceptWebSocket", args);
  }

  getWebSockets(...args) {
    return onSockets(this, "getWebSockets", args);
  }

  setWebSocketAutoResponse(...args) {
    return onSockets(this, "setWebSocketAutoResponse", args);
  }

  getWebSocketAutoResponse(...args) {
    return onSockets(this, "getWebSocketAutoResponse", args);
  }

  getWebSocketAutoResponseTimestamp(...args) {
    return onSockets(this, "getWebSocketAutoResponseTimestamp", args);
  }

  setHibernatableWebSocketEventTimeout(...args) {
    return onSockets(this, "setHibernatableWebSocketEventTimeout", args);
  }

  getHibernatableWebSocketEventTimeout(...args) {
    return onSockets(this, "getHibernatableWebSocketEventTimeout", args);
  }

  getTags(...args) {
    return onSockets(this, "getTags", args);
  }

  abort(reason, options) {
    if (!isState(this)) throw illegalInvocation();
    const message = reason === undefined ? kAborted : toDOMString(reason);
    if (options !== undefined && options !== null && !isObject(options)) throw parameterError("abort", "DurableObjectState", 2, "AbortOptions");
    const actor = currentActor();
    ops.op_object_abort(actor.ctx.id, "Error", message, "", undefined, kReset);
    actor.end();
    require("cloudflare/execution_context").stop();
  }

  static isState(value) {
    return isObject(value) && #actor in value;
  }
}
const { isState } = DurableObjectState;
delete DurableObjectState.isState;
define(DurableObjectState, "DurableObjectState");
acceptState(isState);

/** Calls a method about WebSockets. */
function onSockets(receiver, name, args) {
  if (!isState(receiver)) throw illegalInvocation();
  currentActor();
  return require("cloudflare/durable_sockets").methods[name](args);
}

/** The object in force; the methods of any state are about that, as those of ExecutionContext are. */
function currentActor() {
  const { actor } = context.requireContext();
  if (actor === undefined) throw new TypeError("This method can only be called in a Durable Object.");
  return actor;
}

/** The class that is exported as `name`, or undefined. The default export can be none. */
function classOf(name, depth) {
  const found = state.entrypoints[name];
  if (found === undefined || (found.kind !== kDurableObject && found.kind !== kOtherClass)) return undefined;
  return depth > 0 && name === "default" ? undefined : found;
}

/** Host: makes an object; one within others is a facet. */
function onStart(id, className, text, name, props, caps, sql, depth, isText) {
  const ctx = context.create(id);
  context.enter(ctx);
  ctx.isSession = true;
  const actor = (ctx.actor = new Actor(ctx, text, sql, depth));
  const found = classOf(className, depth);
  if (found === undefined) {
    actor.reset(new Error(className === "default" ? "Worker has no default actor class." : `Worker has no such actor class: ${className}`), depth > 0 ? kForGood : kReset);
    return;
  }
  try {
    actor.hasRPC = found.kind === kDurableObject || state.flags.js_rpc === true;
    const self = new DurableObjectState(kConstruct, actor, isText ? text : makeId(text, name ?? undefined), readProps(props, caps));
    actor.instance = ReflectConstruct(found.value, [self, state.env]);
  } catch (error) {
    actor.reset(error);
  }
}

/** An event that an object is handling; to core/dispatch it looks like a context. */
class ActorEvent {
  #answered = false;
  passThrough = false;
  onCancel;
  request;
  constructor(ctx, event, headers) {
    this.actor = ctx.actor;
    this.id = ctx.id;
    this.event = event;
    this.headers = headers;
    MapPrototypeSet(this.actor.events, event, this);
  }

  get answered() {
    return this.#answered;
  }

  set answered(value) {
    this.#answered = value;
    MapPrototypeDelete(this.actor.events, this.event);
  }

  get ended() {
    return this.actor.ctx.ended;
  }
}

/** Host: a request. */
function onFetch(id, event, method, url, headers, rid, length, cf) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  const e = new ActorEvent(ctx, event, headers);
  const { instance } = ctx.actor;
  let result;
  try {
    e.request = requestFromHost(method, url, headers, rid, length, cf, e);
    result = callHandler(ctx, instance.fetch, instance, e.request, undefined, undefined);
  } catch (error) {
    failEvent(e, error);
    return;
  }
  answerWith(e, result, respond);
}

/** Host: nobody waits for an answer any more; what the event does goes on. */
function onCancel(id, event, name, message) {
  const ctx = context.get(id);
  const e = ctx === undefined ? undefined : MapPrototypeGet(ctx.actor.events, event);
  if (e === undefined) return;
  context.enter(ctx);
  FunctionPrototypeCall(context.RequestContext.prototype.cancelled, e, name, message);
}

/** Host: a trace of another worker's event. */
function onTail(id, event, ...trace) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  const e = new ActorEvent(ctx, event, "");
  const { instance } = ctx.actor;
  let result;
  try {
    const { tail } = instance;
    if (typeof tail !== "function") throw new Error("Handler does not export a tail() function.");
    result = PromiseResolve(FunctionPrototypeCall(tail, instance, [require("cloudflare/tail").makeItem(trace)], undefined, undefined));
  } catch (error) {
    failEvent(e, error);
    return;
  }
  const done = () => {
    if (e.answered || e.ended) return;
    e.answered = true;
    ops.op_object_respond(ctx.id, event, 200, "", [], null, 0, 0);
  };
  PromisePrototypeThen(result, done, (error) => failEvent(e, error));
}

/** Host: a facet of the object has broken. */
function onFacetBroken(id, number, name, message, detail, reset) {
  const ctx = context.get(id);
  if (ctx !== undefined) require("cloudflare/durable_facets").onBroken(ctx, number, name, message, detail, reset);
}

/** Host: delivers what was put off. */
function onResume(id) {
  context.get(id)?.actor.gate?.resume(handlers);
}

module.exports = { DurableObjectState, onCancel, onFacetBroken, onFetch, onResume, onStart, onTail };

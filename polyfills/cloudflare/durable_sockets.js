"use strict";
// WebSockets that let a Durable Object sleep: it is evicted, and what comes wakes it. The host keeps them meanwhile, with their tags and attachments.
// https://developers.cloudflare.com/durable-objects/best-practices/websockets/

const { ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypePush, ArrayPrototypeSlice, Date, Error, FunctionPrototypeCall, PromisePrototypeThen, PromiseResolve, RangeError, TypedArrayPrototypeGetBuffer } = primordials;
const { constructorError, define, parameterError, toDOMString, toUnsignedLong, toUSVString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { reportUncaught } = require("core/report");
const context = require("core/context");
const { internals } = require("web/websocket");
const { SocketState, kHibernating } = require("web/websocket_state");

const kMaxTags = 10;
const kMaxTagLength = 256;
const kMaxSockets = 32768;
const kMaxResponseSize = 2048;
const kMaxTimeout = 604800000;

// Kinds of events.
const kMessage = 0;
const kClose = 1;

let partsOf;

class WebSocketRequestResponsePair {
  #request;
  #response;

  constructor(request, response) {
    if (arguments.length < 1) throw constructorError("WebSocketRequestResponsePair", 1, "string");
    if (arguments.length < 2) throw constructorError("WebSocketRequestResponsePair", 2, "string");
    this.#request = toUSVString(request);
    this.#response = toUSVString(response);
  }

  get request() {
    if (!(#request in this)) throw illegalInvocation();
    return this.#request;
  }

  get response() {
    if (!(#request in this)) throw illegalInvocation();
    return this.#response;
  }

  static {
    partsOf = (value) => (typeof value === "object" && value !== null && #request in value ? [value.#request, value.#response] : undefined);
  }
}
define(WebSocketRequestResponsePair, "WebSocketRequestResponsePair");

/** What an object has accepted and said; the oldest socket comes first. */
class Sockets {
  /** @type {SocketState[]} */
  list = [];
  request = null;
  response = null;
  timeout = 0;

  constructor(ctx) {
    const kept = ops.op_object_sockets(ctx.id);
    if (kept === null) return;
    const [sockets, request, response, timeout] = kept;
    this.request = request;
    this.response = response;
    this.timeout = timeout;
    const frame = ops.op_get_frame();
    context.enter(ctx);
    for (let i = 0; i < sockets.length; i += 4) {
      const socket = new SocketState(kHibernating);
      socket.wake(sockets[i], sockets[i + 1], sockets[i + 2] ?? undefined, sockets[i + 3]);
      internals.wrap(socket);
      ArrayPrototypePush(this.list, socket);
    }
    ops.op_set_frame(frame);
  }

  /** Those that are not over. */
  living() {
    const list = [];
    for (let i = 0; i < this.list.length; i++) if (!this.list[i].isOver) ArrayPrototypePush(list, this.list[i]);
    if (list.length < this.list.length) this.list = list;
    return list;
  }
}

/** The sockets of the object in force. */
function current() {
  const { actor } = context.requireContext();
  return (actor.sockets ??= new Sockets(actor.ctx));
}

function toSocket(value, method) {
  const socket = internals.stateOf(value);
  if (socket === undefined) throw parameterError(method, "DurableObjectState", 1, "WebSocket");
  return socket;
}

function toTags(value) {
  if (value === undefined) return [];
  if (!ArrayIsArray(value)) throw parameterError("acceptWebSocket", "DurableObjectState", 2, "Array");
  const given = [];
  for (let i = 0; i < value.length; i++) given[i] = toDOMString(value[i]);
  const tags = [];
  for (let i = 0; i < given.length; i++) {
    const tag = given[i];
    if (tags.length >= kMaxTags) throw new Error(`a Hibernatable WebSocket cannot have more than ${kMaxTags} tags`);
    if (ops.op_utf8_length(tag) > kMaxTagLength) throw new Error(`"${tag}" is longer than the max tag length (${kMaxTagLength} characters).`);
    if (!ArrayPrototypeIncludes(tags, tag)) ArrayPrototypePush(tags, tag);
  }
  return tags;
}

// The methods of DurableObjectState, by their arguments.

function acceptWebSocket(args) {
  const socket = toSocket(args[0], "acceptWebSocket");
  const list = args[1];
  if (list !== undefined && !ArrayIsArray(list)) throw parameterError("acceptWebSocket", "DurableObjectState", 2, "Array");
  socket.checkHibernation();
  const tags = toTags(list);
  const sockets = current();
  if (sockets.living().length >= kMaxSockets) throw new Error(`only ${kMaxSockets} websockets can be accepted on a single Durable Object instance`);
  socket.hibernate(tags);
  ArrayPrototypePush(sockets.list, socket);
}

function getWebSockets(args) {
  const list = current().living();
  const found = [];
  if (args[0] === undefined) {
    for (let i = list.length - 1; i >= 0; i--) ArrayPrototypePush(found, list[i].target);
    return found;
  }
  const tag = toDOMString(args[0]);
  for (let i = 0; i < list.length; i++) if (ArrayPrototypeIncludes(list[i].tags, tag)) ArrayPrototypePush(found, list[i].target);
  return found;
}

function getTags(args) {
  const { tags } = toSocket(args[0], "getTags");
  if (tags === undefined) throw new Error("you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.");
  return ArrayPrototypeSlice(tags);
}

function setWebSocketAutoResponse(args) {
  const sockets = current();
  if (args[0] === undefined) {
    if (sockets.request !== null) ops.op_object_auto_response(context.current().id, null, "");
    sockets.request = sockets.response = null;
    return;
  }
  const parts = partsOf(args[0]);
  if (parts === undefined) throw parameterError("setWebSocketAutoResponse", "DurableObjectState", 1, "WebSocketRequestResponsePair");
  const [request, response] = parts;
  checkSize("Request", "request", request);
  checkSize("Response", "response", response);
  sockets.request = request;
  sockets.response = response;
  ops.op_object_auto_response(context.current().id, request, response);
}

function checkSize(What, what, text) {
  const size = ops.op_utf8_length(text);
  if (size > kMaxResponseSize) throw new RangeError(`${What} cannot be larger than ${kMaxResponseSize} bytes. A ${what} of size ${size} was provided.`);
}

function getWebSocketAutoResponse() {
  const { request, response } = current();
  return request === null ? null : new WebSocketRequestResponsePair(request, response);
}

function getWebSocketAutoResponseTimestamp(args) {
  const socket = toSocket(args[0], "getWebSocketAutoResponseTimestamp");
  const time = ops.op_object_socket_answered(context.requireContext().id, socket.id);
  return time === null ? null : new Date(time);
}

function setHibernatableWebSocketEventTimeout(args) {
  const timeout = args[0] === undefined ? 0 : toTimeout(args[0]);
  const sockets = current();
  if (timeout > kMaxTimeout) throw new Error(`Event timeout should not exceed ${kMaxTimeout} ms.`);
  if (sockets.timeout === timeout) return;
  sockets.timeout = timeout;
  ops.op_object_socket_timeout(context.current().id, timeout);
}

function toTimeout(value) {
  if (+value < 0) throw makeError("TypeError", "The value cannot be converted because it is negative and this API expects a positive number.");
  return toUnsignedLong(value);
}

function getHibernatableWebSocketEventTimeout() {
  const { timeout } = current();
  return timeout === 0 ? null : timeout;
}

const methods = {
  __proto__: null,
  acceptWebSocket,
  getWebSockets,
  setWebSocketAutoResponse,
  getWebSocketAutoResponse,
  getWebSocketAutoResponseTimestamp,
  setHibernatableWebSocketEventTimeout,
  getHibernatableWebSocketEventTimeout,
  getTags,
};

// Events.

/** Calls a method of an object, if it has it; what it throws is nobody's. */
function callMethod(instance, name, args, done) {
  const method = instance[name];
  const fail = (error) => {
    if (require("core/worker").state.tails) require("cloudflare/trace").exception(error);
    reportUncaught("exception", error);
    done();
  };
  if (typeof method !== "function") {
    done();
    return;
  }
  let result;
  try {
    result = FunctionPrototypeCall(method, instance, ...args);
  } catch (error) {
    fail(error);
    return;
  }
  PromisePrototypeThen(PromiseResolve(result), done, fail);
}

/** Host: something has come. */
function onSocket(id, event, number, kind, a, b, c) {
  const ctx = context.get(id);
  if (ctx === undefined) return;
  context.enter(ctx);
  const { list } = (ctx.actor.sockets ??= new Sockets(ctx));
  let socket;
  for (let i = 0; i < list.length; i++) if (list[i].id === number) socket = list[i];
  const over = kind !== kMessage;
  const done = () => {
    if (ctx.ended) return;
    if (over && socket !== undefined) socket.finish();
    ops.op_object_socket_done(id, event);
  };
  if (socket === undefined || socket.isOver) {
    done();
    return;
  }
  const { instance } = ctx.actor;
  if (kind === kMessage) {
    callMethod(instance, "webSocketMessage", [socket.target, typeof a === "string" ? a : TypedArrayPrototypeGetBuffer(a)], done);
  } else if (kind === kClose) {
    socket.noteClose();
    callMethod(instance, "webSocketClose", [socket.target, a, b, c], done);
  } else {
    socket.noteClose();
    callMethod(instance, "webSocketError", [socket.target, makeError(a, b)], done);
  }
}

module.exports = { WebSocketRequestResponsePair, methods, onSocket };

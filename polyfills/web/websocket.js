"use strict";
// WebSocket and WebSocketPair. https://websockets.spec.whatwg.org/#the-websocket-interface,
// https://developers.cloudflare.com/workers/runtime-apis/websockets/

const { ArrayBufferIsView, ArrayPrototypeIncludes, ArrayPrototypeJoin, Error, IteratorPrototype, ObjectDefineProperty, ObjectSetPrototypeOf, PromisePrototypeThen, RegExpPrototypeExec, StringPrototypeIncludes, StringPrototypeSlice, StringPrototypeStartsWith, SymbolIterator, TypeError } =
  primordials;
const { bytesOf, constructorError, define, defineConstants, illegalConstructor, isAnyArrayBuffer, isObject, kConstruct, parameterError, sequence, toBoolean, toDOMString, toLong, toUSVString } =
  require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { abortable, send } = require("core/ops");
const { state: worker } = require("core/worker");
const { DOMException } = require("web/dom_exception");
const { EventTarget } = require("web/event_target");
const { setIn, unpack } = require("web/headers").internals;
const { parseHref } = require("web/url").internals;
const { SocketState, fromHost, kConnecting, makePair } = require("web/websocket_state");

const kMaxAttachment = 16384;

const syntaxError = (what) => new DOMException(`WebSocket Constructor: ${what}`, "SyntaxError");

// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2; as on the reference runtime some more are taken.
const kToken = /^[!-'*+\-.0-9A-Z^-z|~]+$/;
const isToken = (text) => RegExpPrototypeExec(kToken, text) !== null;

/** The http(s) URL to which a ws(s) URL connects. */
function connectURL(text) {
  const href = parseHref(text);
  if (href === undefined) throw syntaxError("The url is invalid.");
  let url;
  if (StringPrototypeStartsWith(href, "ws://")) url = `http${StringPrototypeSlice(href, 2)}`;
  else if (StringPrototypeStartsWith(href, "wss://")) url = `https${StringPrototypeSlice(href, 3)}`;
  else throw syntaxError("The url scheme must be ws or wss.");
  if (StringPrototypeIncludes(href, "#")) throw syntaxError("The url fragment must be empty.");
  return require("web/fetch").internals.withoutCredentials(url);
}

/** The value of Sec-WebSocket-Protocol, undefined for none. */
function protocolHeader(protocols) {
  if (protocols === undefined || protocols === null) return undefined;
  if (!isObject(protocols) || typeof protocols[SymbolIterator] !== "function") {
    const text = toDOMString(protocols);
    if (!isToken(text)) throw syntaxError("The protocol header token is invalid.");
    return text;
  }
  const list = sequence(protocols, toDOMString);
  const seen = [];
  for (let i = 0; i < list.length; i++) {
    if (!isToken(list[i])) throw syntaxError("One of the protocol header tokens is invalid.");
    if (ArrayPrototypeIncludes(seen, list[i])) throw syntaxError("The protocols header cannot have repeating values.");
    seen[i] = list[i];
  }
  return list.length === 0 ? undefined : ArrayPrototypeJoin(list, ", ");
}

function requestHeaders(protocols) {
  const headers = ["upgrade", "websocket"];
  const protocol = protocolHeader(protocols);
  if (protocol !== undefined) setIn(headers, "sec-websocket-protocol", protocol);
  if (worker.flags.web_socket_compression) setIn(headers, "sec-websocket-extensions", "permessage-deflate");
  return headers;
}

/** Connects a socket; what comes of it arrives as events. */
function connect(socket, url, headers) {
  socket.call = abortable(ops.op_fetch, 0, "GET", url, headers, null, -1, null);
  const opened = (result) => {
    socket.call = undefined;
    const status = result[0];
    if (status === 101 && result[5] !== 0) {
      socket.onOpen(result[5], typeof result[2] === "string" ? unpack(result[2]) : result[2]);
      return;
    }
    if (typeof result[3] === "number") send(ops.op_body_cancel, result[3], null);
    socket.onRefused(
      new TypeError(
        `Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 (switching protocols), but received ${status} instead.`,
      ),
    );
  };
  PromisePrototypeThen(socket.call.promise, opened, (error) => {
    socket.call = undefined;
    socket.onRefused(error);
  });
}

function toMessage(value) {
  if (ArrayBufferIsView(value) || isAnyArrayBuffer(value)) return bytesOf(value);
  return toDOMString(value);
}

let stateOf;

class WebSocket extends EventTarget {
  /** @type {SocketState} */
  #state;

  constructor(url, protocols = undefined) {
    if (url === kConstruct) {
      super();
      this.#state = protocols;
      protocols.target = this;
      return;
    }
    if (arguments.length === 0) throw constructorError("WebSocket", 1, "string");
    const text = toDOMString(url);
    const state = new SocketState(kConnecting);
    const href = connectURL(text);
    const headers = requestHeaders(protocols);
    ops.op_socket_check(state.context.id, 0, false);
    super();
    this.#state = state;
    state.target = this;
    state.url = text;
    connect(state, href, headers);
  }

  static #check(value) {
    const state = stateOf(value);
    if (state === undefined) throw illegalInvocation();
    return state;
  }

  static {
    stateOf = (value) => (typeof value === "object" && value !== null && #state in value ? value.#state : undefined);
  }

  accept(options = undefined) {
    const state = WebSocket.#check(this);
    let halfOpen;
    if (options !== undefined && options !== null) {
      if (!isObject(options)) throw parameterError("accept", "WebSocket", 1, "AcceptOptions");
      const { allowHalfOpen } = options;
      if (allowHalfOpen !== undefined) halfOpen = toBoolean(allowHalfOpen);
    }
    state.accept(halfOpen);
  }

  send(message) {
    const state = WebSocket.#check(this);
    if (arguments.length === 0) throw parameterError("send", "WebSocket", 1, "ArrayBuffer or ArrayBufferView or string");
    state.send(toMessage(message));
  }

  close(code = undefined, reason = undefined) {
    const state = WebSocket.#check(this);
    state.close(code === undefined ? undefined : toLong(code), reason === undefined ? undefined : toUSVString(reason));
  }

  serializeAttachment(attachment) {
    const state = WebSocket.#check(this);
    if (arguments.length === 0) throw parameterError("serializeAttachment", "WebSocket", 1, "Value");
    const bytes = ops.op_serialize(attachment, false);
    if (bytes.length > kMaxAttachment) {
      throw new Error(`A WebSocket 'attachment' cannot be larger than ${kMaxAttachment} bytes.'attachment' was ${bytes.length} bytes.`);
    }
    state.attach(bytes);
  }

  deserializeAttachment() {
    const { attachment } = WebSocket.#check(this);
    return attachment === undefined ? null : ops.op_deserialize(attachment);
  }

  get readyState() {
    return WebSocket.#check(this).readyState;
  }

  get bufferedAmount() {
    return WebSocket.#check(this).bufferedAmount;
  }

  get url() {
    return WebSocket.#check(this).url;
  }

  get protocol() {
    return WebSocket.#check(this).protocol;
  }

  get extensions() {
    return WebSocket.#check(this).extensions;
  }

  get binaryType() {
    return WebSocket.#check(this).asBlob ? "blob" : "arraybuffer";
  }

  set binaryType(value) {
    const state = WebSocket.#check(this);
    const type = toDOMString(value);
    if (type === "blob") state.asBlob = true;
    else if (type === "arraybuffer") state.asBlob = false;
  }
}
define(WebSocket, "WebSocket");
defineConstants(WebSocket, {
  READY_STATE_CONNECTING: 0,
  CONNECTING: 0,
  READY_STATE_OPEN: 1,
  OPEN: 1,
  READY_STATE_CLOSING: 2,
  CLOSING: 2,
  READY_STATE_CLOSED: 3,
  CLOSED: 3,
});

const wrap = (state) => new WebSocket(kConstruct, state);

class PairIterator {
  #sockets;
  #index = 0;

  constructor(token, sockets) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#sockets = sockets;
  }

  next() {
    if (!isObject(this) || !(#sockets in this)) throw illegalInvocation();
    if (this.#index === 2) return { done: true, value: undefined };
    return { done: false, value: this.#sockets[this.#index++] };
  }

  [SymbolIterator]() {
    return this;
  }
}
define(PairIterator, "PairIterator");
ObjectSetPrototypeOf(PairIterator.prototype, IteratorPrototype);

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

class WebSocketPair {
  #sockets;

  constructor() {
    const states = makePair();
    this.#sockets = [wrap(states[0]), wrap(states[1])];
    readonly(this, 0, this.#sockets[0]);
    readonly(this, 1, this.#sockets[1]);
  }

  [SymbolIterator]() {
    if (!isObject(this) || !(#sockets in this)) throw illegalInvocation();
    return new PairIterator(kConstruct, this.#sockets);
  }
}
define(WebSocketPair, "WebSocketPair");

module.exports = {
  WebSocket,
  WebSocketPair,
  internals: {
    __proto__: null,
    /** The state of a WebSocket, undefined of anything else. */
    stateOf,
    wrap,
    /** The WebSocket that came in a response; the signal disconnects it. */
    socketFromHost(id, signal) {
      const state = fromHost(id);
      if (signal !== null) require("web/abort").internals.addAlgorithm(signal, () => state.disconnect());
      return wrap(state);
    },
  },
};

"use strict";
// What a WebSocket is behind its interface, web/websocket: https://websockets.spec.whatwg.org/ as the reference runtime has it, with
// both ends of a pair, acceptance, and closing that may be half done. The pipe between two ends is the host's; an end is a number in
// the request context that made or received it. What arrives comes as messages of the host, one turn each.

const { ArrayPrototypeSlice, Error, Map, MapPrototypeDelete, MapPrototypeGet, MapPrototypeSet, StringPrototypeToLowerCase, TypeError, TypedArrayPrototypeGetBuffer } = primordials;
const context = require("core/context");
const { makeError } = require("core/errors");
const { kConstruct } = require("core/webidl");
const { state: worker } = require("core/worker");
const { DOMException } = require("web/dom_exception");
const { CloseEvent, ErrorEvent, Event, MessageEvent, internals: events } = require("web/event");
const { getFrom, setIn, removeFrom, unpack } = require("web/headers").internals;
const { createBlob } = require("web/blob").internals;

const kConnecting = 0;
/** Nobody reads it: it can be accepted or returned in a response. */
const kWaiting = 1;
const kAccepted = 2;
/** It is somebody else's, or at its end. */
const kReleased = 3;
/** A Durable Object has accepted it for hibernation: the host reads it. */
const kHibernating = 4;

// How a socket keeps its context alive: as a part of the event, or as a task that goes on after it.
const kNot = 0;
const kEvent = 1;
const kTask = 2;

/** The code of a Close frame without one. */
const kNoStatus = 1005;
const kAbnormal = 1006;

// Messages are reported as dealt with in batches of this many bytes; each counts kOverhead more than it has, as in the host.
const kReadBatch = 65536;
const kOverhead = 64;

const kNotAccepted = "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.";
const kLost = "Network connection lost.";
const kDisconnected = "WebSocket disconnected without sending Close frame.";
const kNotEstablished = "Failed to establish websocket connection";
const kNoUpgrade = 'Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".';

const kUpgrade = "upgrade";
const kExtensions = "sec-websocket-extensions";

let lastId = 0;

class SocketState {
  context = context.requireContext();
  /** Number of the end; 0 while there is none. */
  id = 0;
  phase;
  /** The WebSocket that scripts hold. @type {WebSocket} */
  target;
  /** The other end, if it was made here. @type {SocketState | undefined} */
  peer;
  url = null;
  protocol = "";
  extensions = "";
  asBlob = worker.flags.websocket_standard_binary_type === true;
  halfOpen = worker.flags.web_socket_auto_reply_to_close !== true;
  attachment;
  /** The call that connects it, see core/ops. */
  call;
  /** What a Durable Object has accepted it with. @type {string[] | undefined} */
  tags;
  #closedIn = false;
  #closedOut = false;
  /** Nothing can be sent any more, though nobody has closed it. */
  #aborted = false;
  #failed = false;
  #error;
  /** How it keeps the context alive. */
  #holds = kNot;
  /** The other end has gone before this one was accepted. */
  #gone = false;
  /** Bytes that were sent, and of these those that the other end had taken at the end. */
  #sent = 0;
  #taken = -1;
  /** Number of messages that have come, and the size of those that were not reported as dealt with. */
  #received = 0;
  #read = 0;

  constructor(phase) {
    this.phase = phase;
  }

  /** Puts end `id` behind it. */
  register(id) {
    this.id = id;
    const sockets = (this.context.sockets ??= new Map());
    MapPrototypeSet(sockets, id, this);
  }

  #check() {
    if (context.current() !== this.context) throw require("cloudflare/service_stub").crossRequest("Native");
  }

  // Life: a socket whose other end is elsewhere keeps its context alive until it is closed both ways. If that is with whoever got the
  // answer, the event goes on; any other counts as a promise given to waitUntil, whose time is limited after the event.

  #hold(how) {
    if (this.#holds !== kNot || this.#gone || this.context.ended) return;
    this.#holds = how;
    this.#count(1);
  }

  #letGo() {
    if (this.#holds === kNot || this.context.ended) return;
    this.#count(-1);
    this.#holds = kNot;
    require("core/dispatch").endIfDone(this.context);
  }

  #count(delta) {
    const ctx = this.context;
    if (this.#holds === kEvent) {
      ctx.held += delta;
      ops.op_web_socket_hold(ctx.id, delta);
    } else {
      ctx.waiting += delta;
      ops.op_wait_until(ctx.id, delta);
    }
  }

  get #peerIsHere() {
    return this.peer !== undefined && this.peer.phase !== kReleased;
  }

  /** Nothing more can be sent or received. */
  #release() {
    if (this.phase === kReleased) return;
    this.phase = kReleased;
    if (this.id !== 0) {
      this.#taken = ops.op_web_socket_taken(this.context.id, this.id);
      ops.op_web_socket_abort(this.context.id, this.id, this.#received);
      MapPrototypeDelete(this.context.sockets, this.id);
    }
    this.#letGo();
  }

  // What scripts do.

  accept(allowHalfOpen) {
    this.#check();
    if (this.phase === kConnecting) throw new TypeError("Websockets obtained from the 'new WebSocket()' constructor cannot call accept");
    if (this.phase === kReleased) throw new TypeError("Can't accept() WebSocket that was already used in a response.");
    if (this.phase === kHibernating) throw new TypeError("Can't accept() WebSocket after enabling hibernation.");
    if (this.phase === kAccepted) return;
    if (allowHalfOpen !== undefined) this.halfOpen = allowHalfOpen;
    this.begin();
  }

  /** Begins to take what comes. */
  begin() {
    this.phase = kAccepted;
    if (!this.#peerIsHere) this.#hold(kTask);
    ops.op_web_socket_accept(this.context.id, this.id, true);
  }

  // Hibernation, see cloudflare/durable_sockets.

  /** Whether it can be accepted for hibernation. */
  checkHibernation() {
    this.#check();
    if (this.phase === kAccepted || this.phase === kHibernating) {
      throw new Error("Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`");
    }
    if (this.phase !== kWaiting || this.peer === undefined || this.peer.phase !== kWaiting) {
      throw new Error("Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted or used in a Response.");
    }
  }

  hibernate(tags) {
    this.phase = kHibernating;
    this.tags = tags;
    ops.op_object_socket_accept(this.context.id, this.id, tags, this.attachment ?? null);
  }

  /** Makes it the one that the host has kept. */
  wake(id, tags, attachment, closed) {
    this.register(id);
    this.tags = tags;
    this.attachment = attachment;
    this.#closedOut = closed;
  }

  attach(bytes) {
    this.attachment = bytes;
    if (this.phase === kHibernating) ops.op_object_socket_attach(this.context.id, this.id, bytes);
  }

  /** Nothing comes any more. */
  noteClose() {
    this.#closedIn = true;
  }

  /** The event that says so is over. */
  finish() {
    this.#release();
  }

  get isOver() {
    return this.phase === kReleased;
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    this.#check();
    if (this.#closedOut) throw new TypeError("Can't call WebSocket send() after close().");
    if (this.#aborted || this.phase === kReleased) return;
    if (this.phase !== kAccepted && this.phase !== kHibernating) throw new TypeError(kNotAccepted);
    this.#sent += typeof data === "string" ? ops.op_utf8_length(data) : data.length;
    ops.op_web_socket_send(this.context.id, this.id, data);
  }

  close(code, reason) {
    this.#check();
    if (code !== undefined && !isValidCode(code)) throw makeError("InvalidAccessError", `Invalid WebSocket close code: ${code}.`);
    if (reason !== undefined && worker.flags.websocket_close_reason_byte_limit && ops.op_utf8_length(reason) > 123) {
      throw new DOMException("WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.", "SyntaxError");
    }
    if (reason !== undefined && code === undefined) {
      throw makeError("InvalidAccessError", "If you specify a WebSocket close reason, you must also specify a code.");
    }
    if (this.phase === kConnecting) {
      this.phase = kReleased;
      require("core/ops").giveUp(this.call, ops.op_fetch_abort, new Error(kLost));
      return;
    }
    if (this.#closedOut || this.#aborted || this.phase === kReleased) return;
    if (this.phase !== kAccepted && this.phase !== kHibernating) throw new TypeError(kNotAccepted);
    this.#sendClose(code ?? kNoStatus, reason ?? "");
    if (this.#closedIn) this.#release();
  }

  #sendClose(code, reason) {
    this.#closedOut = true;
    ops.op_web_socket_close(this.context.id, this.id, code, reason);
  }

  get readyState() {
    this.#check();
    if ((this.#closedIn && this.#closedOut) || this.#failed) return 3;
    if (this.#closedIn || this.#closedOut) return 2;
    return this.phase === kConnecting ? 0 : 1;
  }

  get bufferedAmount() {
    this.#check();
    if (this.#sent === 0) return 0;
    return this.#sent - (this.#taken < 0 ? ops.op_web_socket_taken(this.context.id, this.id) : this.#taken);
  }

  /** Gives the end away in a response; returns its number. */
  couple() {
    this.#check();
    if (this.phase === kConnecting) throw new TypeError("Can't return WebSocket in a Response if it was created with `new WebSocket()`");
    if (this.phase === kReleased) throw new TypeError("Can't return WebSocket that was already used in a response.");
    if (this.phase !== kWaiting) throw new TypeError("Can't return WebSocket in a Response after calling accept().");
    this.phase = kReleased;
    MapPrototypeDelete(this.context.sockets, this.id);
    if (this.peer !== undefined) this.peer.#watch();
    return this.id;
  }

  /** The other end leaves the context. */
  #watch() {
    if (this.phase === kReleased || this.phase === kHibernating) return;
    this.#hold(kEvent);
    if (this.phase === kWaiting) ops.op_web_socket_accept(this.context.id, this.id, false);
  }

  /** The request that has brought it is aborted. */
  disconnect() {
    if (this.phase === kReleased) return;
    this.onEnd(false, "", "");
  }

  // What the host tells.

  /** The connection of `new WebSocket()` is there. */
  onOpen(id, headers) {
    this.phase = kWaiting;
    this.register(id);
    this.protocol = getFrom(headers, "sec-websocket-protocol");
    this.extensions = getFrom(headers, kExtensions);
    this.begin();
    const thrown = events.deliver(this.target, new Event("open", undefined, kConstruct));
    if (thrown !== undefined) this.onRefused(thrown.error);
  }

  /** It will not be there. */
  onRefused(error) {
    this.#closedIn = true;
    this.#report(error);
    this.#tell(closeEvent(kAbnormal, kNotEstablished, false));
  }

  onMessage(data) {
    if (this.#closedIn) return;
    this.#received++;
    const text = typeof data === "string";
    this.#read += kOverhead + (text ? ops.op_utf8_length(data) : data.length);
    if (this.#read >= kReadBatch) {
      ops.op_web_socket_read(this.context.id, this.id, this.#read);
      this.#read = 0;
    }
    const value = text ? data : this.asBlob ? createBlob(data, "") : TypedArrayPrototypeGetBuffer(data);
    this.#deliver(new MessageEvent("message", { __proto__: null, data: value }, kConstruct));
  }

  onClose(code, reason) {
    if (this.#closedIn) return;
    this.#closedIn = true;
    if (!this.halfOpen && !this.#closedOut && !this.#aborted) this.#sendClose(code, reason);
    this.#deliver(closeEvent(code, reason, true));
    if (this.#closedOut || this.#aborted) this.#release();
  }

  /** There is no other end any more: a mere disconnect, or an error. */
  onEnd(lost, name, message) {
    if (name !== "") {
      if (!this.#closedIn) {
        this.#closedIn = true;
        this.#report(makeError(name, message));
      }
    } else {
      if (lost) this.#report(new Error(kLost));
      if (!this.#closedIn) this.#tell(closeEvent(kAbnormal, kDisconnected, false));
    }
    this.#closedIn = true;
    this.#aborted = true;
    this.#release();
  }

  /** The same, before it is accepted; the messages that were sent before can still be taken. */
  onGone() {
    this.#gone = true;
    this.#letGo();
  }

  /** Fires an event of the other end. An exception of a listener breaks the connection, as on the reference runtime. */
  #deliver(event) {
    const thrown = events.deliver(this.target, event);
    if (thrown === undefined) return;
    this.#closedIn = true;
    this.#report(thrown.error);
  }

  /** Fires an event after which there is nothing to break. */
  #tell(event) {
    const thrown = events.deliver(this.target, event);
    if (thrown !== undefined && !worker.flags.spec_compliant_dispatch_exceptions) ops.op_report_uncaught(thrown.error);
  }

  /** Fires "error", once. */
  #report(error) {
    if (this.#failed) return;
    this.#failed = true;
    this.#error = error;
    this.#tell(new ErrorEvent("error", { __proto__: null, message: events.uncaughtText(error), error }, kConstruct));
    this.#aborted = true;
    if (this.#closedIn) this.#release();
  }
}

function isValidCode(code) {
  if (worker.flags.pedantic_wpt) return code === 1000 || (code >= 3000 && code <= 4999);
  return code >= 1000 && code < 5000 && code !== 1004 && code !== kNoStatus && code !== kAbnormal && code !== 1015;
}

function closeEvent(code, reason, wasClean) {
  return new CloseEvent("close", { __proto__: null, code, reason, wasClean }, kConstruct);
}

/** The two ends of a new pair. */
function makePair() {
  const first = new SocketState(kWaiting);
  const second = new SocketState(kWaiting);
  first.peer = second;
  second.peer = first;
  first.register(++lastId);
  second.register(++lastId);
  ops.op_web_socket_pair(first.context.id, first.id, second.id);
  return [first, second];
}

/** The end that came in a response. */
function fromHost(id) {
  const socket = new SocketState(kWaiting);
  socket.register(id);
  return socket;
}

function asksForSocket(list) {
  const value = getFrom(list, kUpgrade);
  return value !== null && StringPrototypeToLowerCase(value) === "websocket";
}

const copyOf = (headers) => (typeof headers === "string" ? unpack(headers) : ArrayPrototypeSlice(headers));

/**
 * The headers of a request for a WebSocket as they are sent, or undefined if it is none.
 * @param {string | string[]} headers as the host takes them
 */
function upgradeHeaders(headers) {
  const list = copyOf(headers);
  if (!asksForSocket(list)) return undefined;
  setIn(list, kUpgrade, "websocket");
  if (!worker.flags.web_socket_compression) removeFrom(list, kExtensions, 0);
  return list;
}

/**
 * Gives a socket away as the answer to a request.
 * @param {SocketState} socket
 * @param {any[]} parts of the response, whose headers and status text are completed
 * @param {string} asked the packed headers of the request
 * @returns {number} the end
 */
function respondWith(socket, parts, asked) {
  const request = unpack(asked);
  if (!asksForSocket(request)) throw new TypeError(kNoUpgrade);
  const list = copyOf(parts[2]);
  if (!worker.flags.web_socket_compression) {
    removeFrom(list, kExtensions, 0);
  } else if (getFrom(list, kExtensions) === null) {
    // Whatever the client offers: who speaks to it chooses.
    const offered = getFrom(request, kExtensions);
    if (offered !== null) setIn(list, kExtensions, offered);
  }
  parts[2] = list;
  if (parts[1] === "") parts[1] = "Switching Protocols";
  return socket.couple();
}

/** Host: calls a method of end `id` of a context, with that context in force. */
function onHost(contextId, id, method, a, b, c) {
  const ctx = context.get(contextId);
  if (ctx === undefined || ctx.sockets === undefined) return;
  const socket = MapPrototypeGet(ctx.sockets, id);
  if (socket === undefined) return;
  context.enter(ctx);
  socket[method](a, b, c);
}

module.exports = { SocketState, fromHost, kConnecting, kHibernating, makePair, onHost, respondWith, upgradeHeaders };

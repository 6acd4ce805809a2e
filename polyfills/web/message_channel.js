"use strict";
// MessageChannel and MessagePort, https://html.spec.whatwg.org/#channel-messaging
// As on the reference runtime a port starts as soon as somebody listens and waits again when nobody does any more; ports cannot be
// transferred, nor can anything else along with a message; and an exception of a listener becomes an event of its own.

const { ArrayIsArray, Error, ObjectDefineProperty, PromisePrototypeThen, PromiseResolve } = primordials;
const { define, fieldError, illegalConstructor, isObject, kConstruct, parameterError } = require("core/webidl");
const { illegalInvocation } = require("core/errors");
const { state: worker } = require("core/worker");
const { Event, EventTarget, internals: events } = require("web/event_target");
const { MessageEvent } = require("web/event");

// States of a port.
const kPending = 0;
const kStarted = 1;
const kClosed = 2;

/** Refuses options of postMessage that would transfer something. */
function checkTransfer(options) {
  if (options === undefined || options === null) return;
  if (!isObject(options)) throw parameterError("postMessage", "MessagePort", 2, "Array or PostMessageOptions");
  let list = options;
  if (!ArrayIsArray(options)) {
    list = options.transfer;
    if (list === undefined) return;
    if (!ArrayIsArray(list)) throw fieldError("transfer", "PostMessageOptions", "Array");
  }
  if (list.length > 0) throw new Error("Transfer list is not supported");
}

let isPort;
let entangle;

class MessagePort extends EventTarget {
  #state = kPending;
  /** Messages that wait for the port to start. */
  #queue = [];
  /** @type {MessagePort | undefined} */
  #other;

  constructor(token) {
    if (token !== kConstruct) throw illegalConstructor();
    super();
  }

  static #check(value) {
    if (!isPort(value)) throw illegalInvocation();
    return value;
  }

  static {
    isPort = (value) => isObject(value) && #queue in value;
    entangle = (a, b) => {
      a.#other = b;
      b.#other = a;
    };
    events.watchMessages((target) => {
      if (isPort(target)) target.#listenersChanged();
    });
  }

  postMessage(message, options) {
    const port = MessagePort.#check(this);
    checkTransfer(options);
    // What cannot be cloned is an error even if nobody is there to get it.
    const data = ops.op_structured_clone(message, undefined, true);
    if (port.#other !== undefined) port.#other.#receive(data);
  }

  close() {
    MessagePort.#check(this).#close();
  }

  start() {
    MessagePort.#check(this).#start();
  }

  get onmessage() {
    return events.getHandler(MessagePort.#check(this), "message");
  }

  set onmessage(value) {
    events.setHandler(MessagePort.#check(this), "message", value);
  }

  #close() {
    if (this.#state === kClosed) return;
    this.#state = kClosed;
    this.#queue = [];
    const other = this.#other;
    this.#other = undefined;
    if (other !== undefined) other.#close();
    events.dispatchEvent(this, new Event("close", undefined, kConstruct));
  }

  #listenersChanged() {
    const wanted = events.listenerCount(this, "message") > 0;
    if (wanted) this.#start();
    else if (this.#state === kStarted) this.#state = kPending;
  }

  #start() {
    if (this.#state !== kPending) return;
    this.#state = kStarted;
    const queue = this.#queue;
    if (queue.length === 0) return;
    this.#queue = [];
    soon(() => {
      for (let i = 0; i < queue.length; i++) this.#dispatch(queue[i]);
    });
  }

  #receive(data) {
    if (this.#state === kPending) this.#queue[this.#queue.length] = data;
    else if (this.#state === kStarted) soon(() => this.#dispatch(data));
  }

  #dispatch(data) {
    const thrown = events.deliver(this, this.#event("message", data));
    if (thrown === undefined) return;
    const spec = worker.flags.spec_compliant_dispatch_exceptions;
    const again = events.deliver(this, this.#event(spec ? "messageerror" : "message", thrown.error));
    if (again !== undefined && !spec) throw again.error;
  }

  #event(type, data) {
    return new MessageEvent(type, { __proto__: null, data, source: this }, kConstruct);
  }
}
define(MessagePort, "MessagePort");

/** Runs a function in a microtask of its own. */
function soon(fn) {
  PromisePrototypeThen(PromiseResolve(undefined), fn);
}

function readonly(object, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, writable: false, enumerable: true, configurable: true });
}

class MessageChannel {
  constructor() {
    const port1 = new MessagePort(kConstruct);
    const port2 = new MessagePort(kConstruct);
    entangle(port1, port2);
    readonly(this, "port2", port2);
    readonly(this, "port1", port1);
  }
}
define(MessageChannel, "MessageChannel");

module.exports = { MessageChannel, MessagePort, internals: { __proto__: null, isPort } };

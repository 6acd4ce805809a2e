"use strict";
// Event and EventTarget, https://dom.spec.whatwg.org/#events
// There is no tree: an event has one target. Where the reference runtime differs from the standard, this file follows it: stopping
// propagation is never undone, currentTarget stays, capture is refused, and an `on...` property of any target is called first.

const { ArrayPrototypeSplice, FunctionPrototypeCall, TypeError } = primordials;
const { constructorError, define, defineConstants, fieldError, isObject, kConstruct, parameterError, toBoolean, toDOMString } = require("core/webidl");
const { illegalInvocation, makeError } = require("core/errors");
const { state } = require("core/worker");

// Bits of an event.
const kBubbles = 1;
const kCancelable = 2;
const kComposed = 4;
const kTrusted = 8;
const kPrevented = 16;
const kStopped = 32;
const kCancelBubble = 64;
const kDispatching = 128;
const kInPassive = 256;

/** Checks the init argument of an event constructor: undefined, null or an object. */
function checkInit(init, iface, dictionary) {
  if (init !== undefined && init !== null && !isObject(init)) throw constructorError(iface, 2, dictionary);
}

function bitsOf(init) {
  let bits = 0;
  if (init.bubbles) bits |= kBubbles;
  if (init.cancelable) bits |= kCancelable;
  if (init.composed) bits |= kComposed;
  return bits;
}

let isEvent;
let typeOf;
let isDispatching;
let isStopped;
let isPrevented;
let setPassive;
let beginDispatch;
let endDispatch;
let stop;

class Event {
  #type;
  #bits = 0;
  // Undefined before the first dispatch, where the standard has null.
  #target;

  // Internal callers make trusted events: new Event(type, undefined, kConstruct).
  constructor(type, init, token) {
    if (arguments.length === 0) throw constructorError("Event", 1, "string");
    this.#type = toDOMString(type);
    if (token === kConstruct) {
      this.#bits = kTrusted;
    } else if (init !== undefined) {
      checkInit(init, "Event", "Init");
      if (init !== null) this.#bits = bitsOf(init);
    }
  }

  static #check(value) {
    if (!isEvent(value)) throw illegalInvocation();
    return value.#bits;
  }

  static {
    isEvent = (value) => typeof value === "object" && value !== null && #bits in value;
    typeOf = (event) => event.#type;
    isDispatching = (event) => (event.#bits & kDispatching) !== 0;
    isStopped = (event) => (event.#bits & kStopped) !== 0;
    isPrevented = (event) => (event.#bits & kPrevented) !== 0;
    stop = (event) => {
      event.#bits |= kStopped;
    };
    setPassive = (event, passive) => {
      event.#bits = passive ? event.#bits | kInPassive : event.#bits & ~kInPassive;
    };
    beginDispatch = (event, target) => {
      if (isDispatching(event)) throw makeError("InvalidStateError", "The event is already being dispatched.");
      event.#bits |= kDispatching;
      event.#target = target;
    };
    endDispatch = (event) => {
      event.#bits &= ~kDispatching;
    };
  }

  get type() {
    Event.#check(this);
    return this.#type;
  }

  get eventPhase() {
    return Event.#check(this) & kDispatching ? 2 : 0;
  }

  get composed() {
    return (Event.#check(this) & kComposed) !== 0;
  }

  get bubbles() {
    return (Event.#check(this) & kBubbles) !== 0;
  }

  get cancelable() {
    return (Event.#check(this) & kCancelable) !== 0;
  }

  get defaultPrevented() {
    return (Event.#check(this) & (kCancelable | kPrevented)) === (kCancelable | kPrevented);
  }

  get returnValue() {
    return (Event.#check(this) & (kCancelable | kPrevented)) !== (kCancelable | kPrevented);
  }

  get currentTarget() {
    Event.#check(this);
    return this.#target;
  }

  get target() {
    Event.#check(this);
    return this.#target;
  }

  get srcElement() {
    Event.#check(this);
    return this.#target;
  }

  // A clock in events would be finer than the one that scripts are given; the reference runtime has none.
  get timeStamp() {
    Event.#check(this);
    return 0;
  }

  get isTrusted() {
    return (Event.#check(this) & kTrusted) !== 0;
  }

  get cancelBubble() {
    return (Event.#check(this) & kCancelBubble) !== 0;
  }

  set cancelBubble(value) {
    const bits = Event.#check(this);
    this.#bits = toBoolean(value) ? bits | kCancelBubble : bits & ~kCancelBubble;
  }

  stopImmediatePropagation() {
    this.#bits = Event.#check(this) | kStopped;
  }

  preventDefault() {
    const bits = Event.#check(this);
    if ((bits & kInPassive) === 0) this.#bits = bits | kPrevented;
  }

  stopPropagation() {
    this.#bits = Event.#check(this) | kCancelBubble;
  }

  composedPath() {
    return Event.#check(this) & kDispatching ? [this.#target] : [];
  }
}
define(Event, "Event");
defineConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

/** One row of an event listener list, https://dom.spec.whatwg.org/#concept-event-listener */
class Listener {
  constructor(type, key, fn) {
    this.type = type;
    // What the user passed, by which it is found again: a function or an object with handleEvent.
    this.key = key;
    this.fn = fn;
    this.once = false;
    this.passive = false;
    this.removed = false;
    // An event handler attribute such as onabort: it keeps its place when another value is assigned.
    this.attribute = false;
    this.signal = undefined;
    this.algorithm = undefined;
  }
}

function callbackOf(key) {
  if (key === undefined || key === null || typeof key === "function") return key;
  if (typeof key !== "object") throw parameterError("addEventListener", "EventTarget", 2, "function or HandlerObject");
  const fn = key.handleEvent;
  if (typeof fn !== "function") throw fieldError("handleEvent", "HandlerObject", "function");
  return fn;
}

// `capture` is that member of the options, if they are a dictionary.
function refuseCapture(method, options, capture) {
  if (capture) throw new TypeError(`${method}(): options.capture must be false.`);
  if (options && !isObject(options)) throw new TypeError(`${method}(): useCapture must be false.`);
}

function find(list, type, key) {
  for (let i = 0; i < list.length; i++) if (list[i].key === key && list[i].type === type) return i;
  return -1;
}

function collect(list, type) {
  const found = [];
  for (let i = 0; i < list.length; i++) if (list[i].type === type) found[found.length] = list[i];
  return found;
}

// The global object is no instance of EventTarget: its listeners are those of a stand-in.
let global;
let globalTarget;
// Is told when a target gets its first listener and when it loses its last one.
let watcher;
// Is told when a target gets or loses a listener of "message" events.
let messageWatcher;

// The first exception of a listener of the event that is being dispatched, and of the one that was last, as { error }.
let thrown;
let lastThrown;

let internals;

class EventTarget {
  /** @type {Listener[] | undefined} */
  #listeners;

  addEventListener(type, listener, options) {
    const target = EventTarget.#of(this);
    if (arguments.length === 0) throw parameterError("addEventListener", "EventTarget", 1, "string");
    type = toDOMString(type);
    if (arguments.length === 1) throw parameterError("addEventListener", "EventTarget", 2, "function or HandlerObject");
    const fn = callbackOf(listener);
    let capture = false;
    const added = new Listener(type, listener, fn);
    if (isObject(options)) {
      capture = toBoolean(options.capture);
      added.passive = toBoolean(options.passive);
      added.once = toBoolean(options.once);
      added.signal = options.signal;
      if (added.signal !== undefined && !require("web/abort").internals.isAbortSignal(added.signal)) {
        throw fieldError("signal", "AddEventListenerOptions", "AbortSignal");
      }
    }
    if (fn === undefined || fn === null) return;
    refuseCapture("addEventListener", options, capture);
    EventTarget.#add(target, added);
  }

  removeEventListener(type, listener, options) {
    const target = EventTarget.#of(this);
    if (arguments.length === 0) throw parameterError("removeEventListener", "EventTarget", 1, "string");
    type = toDOMString(type);
    if (arguments.length === 1 || (listener !== undefined && listener !== null && !isObject(listener))) {
      throw parameterError("removeEventListener", "EventTarget", 2, "Object");
    }
    refuseCapture("removeEventListener", options, isObject(options) && options.capture);
    const list = target.#listeners;
    const index = list === undefined ? -1 : find(list, type, listener);
    if (index >= 0) EventTarget.#removeAt(target, index);
  }

  dispatchEvent(event) {
    const target = EventTarget.#of(this);
    if (!isEvent(event)) throw parameterError("dispatchEvent", "EventTarget", 1, "Event");
    return EventTarget.#dispatch(target, event, !state.flags.spec_compliant_dispatch_exceptions);
  }

  static #of(receiver) {
    if (typeof receiver === "object" && receiver !== null && #listeners in receiver) return receiver;
    if (global !== undefined && (receiver === global || receiver === undefined || receiver === null)) return globalTarget;
    throw illegalInvocation();
  }

  static #add(target, added) {
    const { signal } = added;
    if (signal !== undefined && require("web/abort").internals.isAborted(signal)) return;
    const list = (target.#listeners ??= []);
    if (find(list, added.type, added.key) >= 0) return;
    list[list.length] = added;
    if (signal !== undefined) {
      added.algorithm = () => EventTarget.#remove(target, added);
      require("web/abort").internals.addAlgorithm(signal, added.algorithm);
    }
    if (list.length === 1 && watcher !== undefined) watcher(target, true);
    if (messageWatcher !== undefined && added.type === "message") messageWatcher(target);
  }

  static #remove(target, listener) {
    const list = target.#listeners;
    for (let i = 0; i < list.length; i++) if (list[i] === listener) return EventTarget.#removeAt(target, i);
  }

  static #removeAt(target, index) {
    const list = target.#listeners;
    const listener = list[index];
    ArrayPrototypeSplice(list, index, 1);
    listener.removed = true;
    if (listener.algorithm !== undefined) require("web/abort").internals.removeAlgorithm(listener.signal, listener.algorithm);
    if (list.length === 0 && watcher !== undefined) watcher(target, false);
    if (messageWatcher !== undefined && listener.type === "message") messageWatcher(target);
  }

  // https://dom.spec.whatwg.org/#concept-event-dispatch. An exception of a listener comes out if `propagate`, else it is reported.
  static #dispatch(target, event, propagate) {
    const object = target === globalTarget ? global : target;
    beginDispatch(event, object);
    const outer = thrown;
    thrown = undefined;
    try {
      if (!isStopped(event)) EventTarget.#deliver(target, object, event, propagate);
    } finally {
      endDispatch(event);
      lastThrown = thrown;
      thrown = outer;
    }
    return !isPrevented(event);
  }

  static #deliver(target, object, event, propagate) {
    const type = typeOf(event);
    const list = target.#listeners === undefined ? undefined : collect(target.#listeners, type);
    EventTarget.#callProperty(list, object, event, propagate);
    if (list === undefined) return;
    for (let i = 0; i < list.length && !isStopped(event); i++) {
      const listener = list[i];
      // One that was removed and added again still counts.
      if (listener.removed && find(target.#listeners, type, listener.key) < 0) continue;
      if (listener.once && !listener.removed) EventTarget.#remove(target, listener);
      if (typeof listener.fn !== "function") continue;
      const self = listener.fn === listener.key ? (state.flags.set_event_target_this ? object : global) : listener.attribute ? global : listener.key;
      if (listener.passive) setPassive(event, true);
      EventTarget.#call(listener.fn, self, event, propagate);
      if (listener.passive) setPassive(event, false);
    }
  }

  // The `on...` property, whatever object or prototype it is on; unless it is an attribute with its place among the listeners.
  static #callProperty(list, object, event, propagate) {
    try {
      const handler = object[`on${typeOf(event)}`];
      if (typeof handler !== "function") return;
      if (list !== undefined) for (let i = 0; i < list.length; i++) if (list[i].attribute && list[i].fn === handler) return;
      FunctionPrototypeCall(handler, global, event);
    } catch (error) {
      if (propagate) throw error;
      thrown ??= { __proto__: null, error };
      require("web/event").internals.reportException(error);
    }
  }

  static #call(fn, self, event, propagate) {
    try {
      FunctionPrototypeCall(fn, self, event);
    } catch (error) {
      if (propagate) {
        setPassive(event, false);
        throw error;
      }
      thrown ??= { __proto__: null, error };
      require("web/event").internals.reportException(error);
    }
  }

  // An event of the host: gives { error } if a listener has thrown, which under spec_compliant_dispatch_exceptions is reported as well.
  static #deliverFromHost(target, event) {
    try {
      EventTarget.#dispatch(target, event, !state.flags.spec_compliant_dispatch_exceptions);
    } catch (error) {
      return { __proto__: null, error };
    }
    return lastThrown;
  }

  // https://html.spec.whatwg.org/#event-handler-attributes
  static #setHandler(target, type, value) {
    const list = (target.#listeners ??= []);
    const fn = isObject(value) ? value : undefined;
    for (let i = 0; i < list.length; i++) {
      if (!list[i].attribute || list[i].type !== type) continue;
      if (fn === undefined) EventTarget.#removeAt(target, i);
      else list[i].fn = fn;
      return;
    }
    if (fn === undefined) return;
    // The key is its own: the same function may be a listener too.
    const added = new Listener(type, {}, fn);
    added.attribute = true;
    EventTarget.#add(target, added);
  }

  static #getHandler(target, type) {
    const list = target.#listeners;
    if (list === undefined) return null;
    for (let i = 0; i < list.length; i++) if (list[i].attribute && list[i].type === type) return list[i].fn;
    return null;
  }

  static {
    internals = {
      initEventTarget(object) {
        global = object;
        globalTarget = new EventTarget();
      },
      listenerCount(target, type) {
        const list = EventTarget.#of(target).#listeners;
        return list === undefined ? 0 : collect(list, type).length;
      },
      dispatchEvent: (target, event) => EventTarget.#dispatch(EventTarget.#of(target), event, true),
      fireEvent: (target, event) => EventTarget.#dispatch(EventTarget.#of(target), event, !state.flags.spec_compliant_dispatch_exceptions),
      deliver: (target, event) => EventTarget.#deliverFromHost(target, event),
      reportingDispatch: (target, event) => EventTarget.#dispatch(EventTarget.#of(target), event, false),
      setHandler: (target, type, value) => EventTarget.#setHandler(target, type, value),
      getHandler: (target, type) => EventTarget.#getHandler(target, type),
      hasListeners: (target) => target.#listeners !== undefined && target.#listeners.length !== 0,
      watchListeners(fn) {
        watcher = fn;
      },
      watchMessages(fn) {
        messageWatcher = fn;
      },
    };
  }
}
define(EventTarget, "EventTarget");

module.exports = { Event, EventTarget, checkInit, isDispatching, stop, internals };

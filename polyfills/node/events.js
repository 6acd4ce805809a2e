"use strict";
// node:events, https://nodejs.org/docs/latest-v22.x/api/events.html

const {
  ArrayPrototypePop,
  ArrayPrototypeSlice,
  Error,
  FunctionPrototypeBind,
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  NumberIsNaN,
  ObjectDefineProperties,
  ObjectDefineProperty,
  ObjectGetPrototypeOf,
  ReflectApply,
  ReflectOwnKeys,
  String,
  Symbol,
  SymbolFor,
} = primordials;
const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_UNHANDLED_ERROR } = require("node/internal_errors");
const { validateAbortSignal, validateBoolean, validateFunction } = require("node/internal_validators");
const { EventTarget } = require("web/event_target");
const { AsyncResource } = require("node/async_hooks");
const async = require("node/internal_event_async");
const { nextTick } = require("node/internal_process");
const { state } = require("core/worker");

const kCapture = Symbol("kCapture");
const kErrorMonitor = Symbol("events.errorMonitor");
const kRejection = SymbolFor("nodejs.rejection");
const kMaxEventTargetListeners = Symbol("events.maxEventTargetListeners");
const kMaxEventTargetListenersWarned = Symbol("events.maxEventTargetListenersWarned");

let defaultMaxListeners = 10;

function EventEmitter(opts) {
  FunctionPrototypeCall(EventEmitter.init, this, opts);
  return this;
}

// It has no name of its own, as it is not made where it is defined.
EventEmitter.init = (() =>
  function (opts) {
    if (this._events === undefined || this._events === ObjectGetPrototypeOf(this)._events) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    }
    this._maxListeners ??= undefined;
    this.domain = null;
    if (opts?.captureRejections) {
      validateBoolean(opts.captureRejections, "options.captureRejections");
      this[kCapture] = true;
    } else {
      this[kCapture] = EventEmitter.prototype[kCapture];
    }
  })();

function isTarget(value) {
  return FunctionPrototypeSymbolHasInstance(EventTarget, value);
}

function checkMax(n, name) {
  if (typeof n !== "number" || n < 0 || NumberIsNaN(n)) throw new ERR_OUT_OF_RANGE(name, "a non-negative number", n);
}

function _getMaxListeners(that) {
  return that._maxListeners === undefined ? defaultMaxListeners : that._maxListeners;
}

// A list with `item` before it; a spread would ask the array for an iterator, which scripts can replace.
function withFirst(item, list) {
  const result = [item];
  for (let i = 0; i < list.length; i++) result[i + 1] = list[i];
  return result;
}

// Rejections of async listeners.

function addCatch(that, promise, type, args) {
  if (!that[kCapture]) return;
  try {
    const { then } = promise;
    if (typeof then !== "function") return;
    FunctionPrototypeCall(then, promise, undefined, (error) => nextTick(emitRejection, that, error, type, args));
  } catch (error) {
    that.emit("error", error);
  }
}

function emitRejection(that, error, type, args) {
  if (typeof that[kRejection] === "function") {
    ReflectApply(that[kRejection], that, withFirst(error, withFirst(type, args)));
    return;
  }
  // Else a listener of "error" that rejects would be told of it for ever.
  const before = that[kCapture];
  try {
    that[kCapture] = false;
    that.emit("error", error);
  } finally {
    that[kCapture] = before;
  }
}

// Emitting.

function call(that, handler, type, args) {
  let result;
  // The list of arguments is not made for the common numbers of them.
  switch (args.length) {
    case 0:
      result = FunctionPrototypeCall(handler, that);
      break;
    case 1:
      result = FunctionPrototypeCall(handler, that, args[0]);
      break;
    case 2:
      result = FunctionPrototypeCall(handler, that, args[0], args[1]);
      break;
    default:
      result = ReflectApply(handler, that, args);
  }
  if (result !== undefined && result !== null) addCatch(that, result, type, args);
}

function unhandled(args) {
  const error = args[0];
  if (FunctionPrototypeSymbolHasInstance(Error, error)) throw error;
  let text;
  try {
    text = require("node/internal_inspect").inspect(error);
  } catch {
    text = error;
  }
  const made = new ERR_UNHANDLED_ERROR(text);
  made.context = error;
  throw made;
}

function emit(type, ...args) {
  const events = this._events;
  if (type === "error") {
    if (events !== undefined && events[kErrorMonitor] !== undefined) ReflectApply(this.emit, this, withFirst(kErrorMonitor, args));
    if (events === undefined || events.error === undefined) unhandled(args);
  }
  const handler = events === undefined ? undefined : events[type];
  if (handler === undefined) return false;
  if (typeof handler === "function") {
    call(this, handler, type, args);
    return true;
  }
  const list = ArrayPrototypeSlice(handler);
  for (let i = 0; i < list.length; i++) call(this, list[i], type, args);
  return true;
}

// Adding.

function warnOfLeak(that, type, list) {
  list.warned = true;
  const before = `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to `;
  const after = ". Use emitter.setMaxListeners() to increase limit";
  require("web/console").console.log(`${before}an EventEmitter${after}`);
  if (!state.flags.enable_nodejs_process_v2) return;
  const warning = new Error(`${before}${require("node/internal_inspect").inspect(that, { depth: -1 })}${after}`);
  warning.name = "MaxListenersExceededWarning";
  warning.emitter = that;
  warning.type = type;
  warning.count = list.length;
  require("node/internal_process").emitWarning(warning);
}

function addListenerTo(that, type, listener, prepend) {
  validateFunction(listener, "listener");
  let events = that._events;
  let existing;
  if (events === undefined) {
    events = that._events = { __proto__: null };
    that._eventsCount = 0;
  } else {
    if (events.newListener !== undefined) {
      that.emit("newListener", type, listener.listener ?? listener);
      // The listeners of that event may have replaced the table.
      events = that._events;
    }
    existing = events[type];
  }
  if (existing === undefined) {
    events[type] = listener;
    that._eventsCount++;
    return that;
  }
  if (typeof existing === "function") {
    existing = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else if (prepend) {
    insertFirst(existing, listener);
  } else {
    existing[existing.length] = listener;
  }
  const max = _getMaxListeners(that);
  if (max > 0 && existing.length > max && !existing.warned) warnOfLeak(that, type, existing);
  return that;
}

function insertFirst(list, item) {
  for (let i = list.length; i > 0; i--) list[i] = list[i - 1];
  list[0] = item;
}

function removeAt(list, index) {
  for (let i = index; i + 1 < list.length; i++) list[i] = list[i + 1];
  ArrayPrototypePop(list);
}

function onceWrapper() {
  if (this.fired) return undefined;
  this.target.removeListener(this.type, this.wrapFn);
  this.fired = true;
  return ReflectApply(this.listener, this.target, arguments);
}

function wrapOnce(target, type, listener) {
  validateFunction(listener, "listener");
  const call = { fired: false, wrapFn: undefined, target, type, listener };
  const wrapped = FunctionPrototypeBind(onceWrapper, call);
  wrapped.listener = listener;
  call.wrapFn = wrapped;
  return wrapped;
}

// Removing.

function removeListener(type, listener) {
  validateFunction(listener, "listener");
  const events = this._events;
  const list = events === undefined ? undefined : events[type];
  if (list === undefined) return this;
  if (list === listener || list.listener === listener) {
    if (--this._eventsCount === 0) this._events = { __proto__: null };
    else delete events[type];
    if (events.removeListener !== undefined) this.emit("removeListener", type, list.listener ?? listener);
    return this;
  }
  if (typeof list === "function") return this;
  let index = list.length - 1;
  while (index >= 0 && list[index] !== listener && list[index].listener !== listener) index--;
  if (index < 0) return this;
  removeAt(list, index);
  if (list.length === 1) events[type] = list[0];
  if (events.removeListener !== undefined) this.emit("removeListener", type, listener);
  return this;
}

function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    if (arguments.length === 0) {
      this._events = { __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      if (--this._eventsCount === 0) this._events = { __proto__: null };
      else delete events[type];
    }
    return this;
  }
  if (arguments.length === 0) {
    const names = ReflectOwnKeys(events);
    for (let i = 0; i < names.length; i++) if (names[i] !== "removeListener") this.removeAllListeners(names[i]);
    this.removeAllListeners("removeListener");
    this._events = { __proto__: null };
    this._eventsCount = 0;
    return this;
  }
  const list = events[type];
  if (typeof list === "function") this.removeListener(type, list);
  else if (list !== undefined) for (let i = list.length - 1; i >= 0; i--) this.removeListener(type, list[i]);
  return this;
}

// Asking.

function listenersOf(that, type, unwrap) {
  const list = that._events === undefined ? undefined : that._events[type];
  if (list === undefined) return [];
  if (typeof list === "function") return [unwrap ? (list.listener ?? list) : list];
  const result = ArrayPrototypeSlice(list);
  for (let i = 0; unwrap && i < result.length; i++) result[i] = result[i].listener ?? result[i];
  return result;
}

function listenerCountOf(type) {
  const list = this._events === undefined ? undefined : this._events[type];
  if (list === undefined) return 0;
  return typeof list === "function" ? 1 : list.length;
}

const proto = EventEmitter.prototype;
proto._events = undefined;
proto._eventsCount = 0;
proto._maxListeners = undefined;

proto.setMaxListeners = function setMaxListeners(n) {
  checkMax(n, "n");
  this._maxListeners = n;
  return this;
};
proto.getMaxListeners = function getMaxListeners() {
  return _getMaxListeners(this);
};
proto.emit = emit;
proto.addListener = function addListener(type, listener) {
  return addListenerTo(this, type, listener, false);
};
proto.on = proto.addListener;
proto.prependListener = function prependListener(type, listener) {
  return addListenerTo(this, type, listener, true);
};
proto.once = function once(type, listener) {
  return this.on(type, wrapOnce(this, type, listener));
};
proto.prependOnceListener = function prependOnceListener(type, listener) {
  return this.prependListener(type, wrapOnce(this, type, listener));
};
proto.removeListener = removeListener;
proto.off = removeListener;
proto.removeAllListeners = removeAllListeners;
proto.listeners = function listeners(type) {
  return listenersOf(this, type, true);
};
proto.rawListeners = function rawListeners(type) {
  return listenersOf(this, type, false);
};
proto.listenerCount = {
  listenerCount(type) {
    return FunctionPrototypeCall(listenerCountOf, this, type);
  },
}.listenerCount;
proto.eventNames = function eventNames() {
  return this._eventsCount > 0 ? ReflectOwnKeys(this._events) : [];
};

// Functions of the module.

function getEventListeners(emitterOrTarget, type) {
  if (typeof emitterOrTarget.listeners === "function") return emitterOrTarget.listeners(type);
  if (isTarget(emitterOrTarget)) return [];
  throw new ERR_INVALID_ARG_TYPE("emitter", ["EventEmitter", "EventTarget"], emitterOrTarget);
}

function setMaxListeners(n = defaultMaxListeners, ...eventTargets) {
  checkMax(n, "n");
  if (eventTargets.length === 0) defaultMaxListeners = n;
  for (let i = 0; i < eventTargets.length; i++) {
    const target = eventTargets[i];
    if (isTarget(target)) {
      target[kMaxEventTargetListeners] = n;
      target[kMaxEventTargetListenersWarned] = false;
    } else if (typeof target.setMaxListeners === "function") {
      target.setMaxListeners(n);
    } else {
      throw new ERR_INVALID_ARG_TYPE("eventTargets", ["EventEmitter", "EventTarget"], target);
    }
  }
}

function listenerCount(emitter, type) {
  return typeof emitter.listenerCount === "function" ? emitter.listenerCount(type) : FunctionPrototypeCall(listenerCountOf, emitter, type);
}

/** Calls `listener` once when `signal` is aborted, or at once if it is. @returns {Disposable} */
function addAbortListener(signal, listener) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE("signal", "AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  validateFunction(listener, "listener");
  const { aborted } = signal;
  if (aborted) nextTick(() => listener());
  else signal.addEventListener("abort", listener, { once: true });
  return {
    __proto__: null,
    // Not there yet when the snapshot is made.
    [Symbol.dispose]() {
      if (!aborted) signal.removeEventListener("abort", listener);
    },
  };
}

EventEmitter.on = async.on;
EventEmitter.once = async.once;
EventEmitter.getEventListeners = getEventListeners;
EventEmitter.getMaxListeners = _getMaxListeners;
EventEmitter.setMaxListeners = setMaxListeners;
EventEmitter.listenerCount = listenerCount;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.usingDomains = false;
EventEmitter.captureRejectionSymbol = kRejection;
EventEmitter.errorMonitor = kErrorMonitor;

class EventEmitterReferencingAsyncResource extends AsyncResource {
  #eventEmitter;
  constructor(emitter) {
    super("");
    this.#eventEmitter = emitter;
  }

  get eventEmitter() {
    return this.#eventEmitter;
  }
}

class EventEmitterAsyncResource extends EventEmitter {
  #asyncResource;
  constructor(options) {
    super(options);
    this.#asyncResource = new EventEmitterReferencingAsyncResource(this);
  }

  get asyncResource() {
    return this.#asyncResource;
  }

  emit(event, ...args) {
    const resource = this.#asyncResource;
    ReflectApply(resource.runInAsyncScope, resource, withFirst(super.emit, withFirst(this, withFirst(event, args))));
    return true;
  }
}
EventEmitter.EventEmitterAsyncResource = EventEmitterAsyncResource;

ObjectDefineProperties(EventEmitter, {
  __proto__: null,
  captureRejections: {
    __proto__: null,
    get() {
      return EventEmitter.prototype[kCapture];
    },
    set(value) {
      validateBoolean(value, "EventEmitter.captureRejections");
      EventEmitter.prototype[kCapture] = value;
    },
    enumerable: true,
  },
  defaultMaxListeners: {
    __proto__: null,
    get() {
      return defaultMaxListeners;
    },
    set(value) {
      checkMax(value, "defaultMaxListeners");
      defaultMaxListeners = value;
    },
    enumerable: true,
  },
  kMaxEventTargetListeners: { __proto__: null, value: kMaxEventTargetListeners },
  kMaxEventTargetListenersWarned: { __proto__: null, value: kMaxEventTargetListenersWarned },
});
ObjectDefineProperty(proto, kCapture, { __proto__: null, value: false, writable: true });
EventEmitter.addAbortListener = addAbortListener;

module.exports = {
  EventEmitter,
  EventEmitterAsyncResource,
  addAbortListener,
  captureRejectionSymbol: kRejection,
  captureRejections: false,
  default: EventEmitter,
  defaultMaxListeners,
  errorMonitor: kErrorMonitor,
  getEventListeners,
  getMaxListeners: _getMaxListeners,
  listenerCount,
  on: async.on,
  once: async.once,
  setMaxListeners,
  usingDomains: false,
};

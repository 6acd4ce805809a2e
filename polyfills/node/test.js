"use strict";
// node:test: mocks. There is no runner, as tests are exported handlers. https://nodejs.org/docs/latest-v22.x/api/test.html#class-mocktracker

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  Error,
  Map,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeSet,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  Proxy,
  ReflectApply,
  ReflectConstruct,
  ReflectGet,
} = primordials;
const errors = require.lazy("node/internal_errors");
const { validateBoolean, validateFunction, validateInteger, validateObject } = require("node/internal_validators");

function checkKey(value, name) {
  if (typeof value !== "string" && typeof value !== "symbol") throw new (errors().ERR_INVALID_ARG_TYPE)(name, ["string", "symbol"], value);
}

// What the classes below let their tracker do only.
let nextImplementation;
let trackCall;

class MockFunctionContext {
  #calls = [];
  // Implementations for single calls.
  #once = new Map();
  #implementation;
  #restore;
  #times;

  constructor(implementation, restore, times) {
    this.#implementation = implementation;
    this.#restore = restore;
    this.#times = times;
  }

  static {
    trackCall = (context, call) => ArrayPrototypePush(context.#calls, call);
    nextImplementation = (context) => {
      const index = context.#calls.length;
      const result = MapPrototypeGet(context.#once, index) ?? context.#implementation;
      if (index + 1 === context.#times) context.restore();
      MapPrototypeDelete(context.#once, index);
      return result;
    };
  }

  get calls() {
    return ArrayPrototypeSlice(this.#calls);
  }

  callCount() {
    return this.#calls.length;
  }

  mockImplementation(implementation) {
    validateFunction(implementation, "implementation");
    this.#implementation = implementation;
  }

  mockImplementationOnce(implementation, onCall) {
    validateFunction(implementation, "implementation");
    const next = this.#calls.length;
    const call = onCall ?? next;
    validateInteger(call, "onCall", next);
    MapPrototypeSet(this.#once, call, implementation);
  }

  resetCalls() {
    this.#calls = [];
  }

  restore() {
    const { descriptor, object, original, methodName } = this.#restore;
    if (typeof methodName === "string") ObjectDefineProperty(object, methodName, descriptor);
    else this.#implementation = original;
  }
}

class MockPropertyContext {
  #object;
  #name;
  #value;
  #original;
  #descriptor;
  #accesses = [];
  #once = new Map();

  constructor(object, propertyName, ...value) {
    const descriptor = ObjectGetOwnPropertyDescriptor(object, propertyName);
    if (descriptor === undefined) {
      throw new (errors().ERR_INVALID_ARG_VALUE)("propertyName", propertyName, "is not a property of the object");
    }
    this.#object = object;
    this.#name = propertyName;
    this.#descriptor = descriptor;
    this.#original = object[propertyName];
    this.#value = value.length > 0 ? value[0] : this.#original;
    const context = this;
    ObjectDefineProperty(object, propertyName, {
      __proto__: null,
      configurable: descriptor.configurable,
      enumerable: descriptor.enumerable,
      get() {
        return context.#access("get", context.#value);
      },
      set(given) {
        context.mockImplementation(context.#access("set", given));
      },
    });
  }

  #access(type, value) {
    const index = this.#accesses.length;
    const once = MapPrototypeGet(this.#once, index);
    if (once !== undefined) {
      MapPrototypeDelete(this.#once, index);
      value = once.value;
    }
    ArrayPrototypePush(this.#accesses, { __proto__: null, type, value, stack: new Error() });
    return value;
  }

  get accesses() {
    return ArrayPrototypeSlice(this.#accesses);
  }

  accessCount() {
    return this.#accesses.length;
  }

  mockImplementation(value) {
    if (!this.#descriptor.writable && this.#descriptor.set === undefined) {
      throw new (errors().ERR_INVALID_ARG_VALUE)("propertyName", this.#name, "cannot be set");
    }
    this.#value = value;
  }

  mockImplementationOnce(value, onAccess) {
    const next = this.#accesses.length;
    const access = onAccess ?? next;
    validateInteger(access, "onAccess", next);
    MapPrototypeSet(this.#once, access, { value });
  }

  resetAccesses() {
    this.#accesses = [];
  }

  restore() {
    const { configurable, enumerable, get, set, writable } = this.#descriptor;
    const shape = get || set ? { get, set } : { value: this.#original, writable };
    ObjectDefineProperty(this.#object, this.#name, { __proto__: null, configurable, enumerable, ...shape });
  }
}

function withContext(context) {
  return (target, property, receiver) => (property === "mock" ? context : ReflectGet(target, property, receiver));
}

// Calls for a proxy, and remembers the call whatever its end.
function tracked(context, args, call, describe) {
  let result;
  let error;
  try {
    result = call();
  } catch (thrown) {
    error = thrown;
    throw thrown;
  } finally {
    trackCall(context, { __proto__: null, arguments: args, error, result, stack: new Error(), ...describe(result) });
  }
  return result;
}

function makeMock(context, original) {
  return new Proxy(original, {
    __proto__: null,
    apply(target, thisArg, args) {
      const fn = nextImplementation(context);
      return tracked(context, args, () => ReflectApply(fn, thisArg, args), () => ({ target: undefined, this: thisArg }));
    },
    construct(target, args, newTarget) {
      const fn = nextImplementation(context);
      return tracked(context, args, () => ReflectConstruct(fn, args, newTarget), (result) => ({ target, this: result }));
    },
    get: withContext(context),
  });
}

function findDescriptor(object, name) {
  for (let owner = object; owner !== null; owner = ObjectGetPrototypeOf(owner)) {
    const descriptor = ObjectGetOwnPropertyDescriptor(owner, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

// The part of a property that a mock stands for.
function partOf(options) {
  const { getter = false, setter = false } = options;
  validateBoolean(getter, "options.getter");
  validateBoolean(setter, "options.setter");
  if (setter && getter) throw new (errors().ERR_INVALID_ARG_VALUE)("options.setter", setter, "cannot be used with 'options.getter'");
  return getter ? "get" : setter ? "set" : "value";
}

function timesOf({ times = Infinity }) {
  if (times !== Infinity) validateInteger(times, "options.times", 1);
  return times;
}

const kNone = {};

class MockTracker {
  #mocks = [];

  fn(original = function () {}, implementation = original, options = kNone) {
    if (original !== null && typeof original === "object") {
      options = original;
      implementation = original = function () {};
    } else if (implementation !== null && typeof implementation === "object") {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, "original");
    validateFunction(implementation, "implementation");
    validateObject(options, "options");
    const context = new MockFunctionContext(implementation, { __proto__: null, original }, timesOf(options));
    ArrayPrototypePush(this.#mocks, context);
    return makeMock(context, original);
  }

  method(objectOrFunction, methodName, implementation = undefined, options = kNone) {
    checkKey(methodName, "methodName");
    if (typeof objectOrFunction !== "function") validateObject(objectOrFunction, "object");
    if (implementation !== null && typeof implementation === "object") {
      options = implementation;
      implementation = undefined;
    }
    if (implementation !== undefined) validateFunction(implementation, "implementation");
    validateObject(options, "options");
    const part = partOf(options);
    const times = timesOf(options);
    const descriptor = findDescriptor(objectOrFunction, methodName);
    const original = descriptor?.[part];
    if (typeof original !== "function") throw new (errors().ERR_INVALID_ARG_VALUE)("methodName", original, "must be a method");
    const context = new MockFunctionContext(implementation ?? original, { __proto__: null, descriptor, object: objectOrFunction, methodName }, times);
    ArrayPrototypePush(this.#mocks, context);
    const mock = makeMock(context, original);
    ObjectDefineProperty(objectOrFunction, methodName, { __proto__: null, ...descriptor, [part]: mock });
    return mock;
  }

  #accessor(object, methodName, implementation, options, part) {
    if (implementation !== null && typeof implementation === "object") {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, "options");
    }
    const { [part]: wanted = true } = options;
    if (wanted === false) throw new (errors().ERR_INVALID_ARG_VALUE)(`options.${part}`, wanted, "cannot be false");
    return this.method(object, methodName, implementation, { __proto__: null, ...options, [part]: wanted });
  }

  getter(object, methodName, implementation = undefined, options = kNone) {
    return this.#accessor(object, methodName, implementation, options, "getter");
  }

  setter(object, methodName, implementation = undefined, options = kNone) {
    return this.#accessor(object, methodName, implementation, options, "setter");
  }

  property(object, propertyName, value) {
    validateObject(object, "object");
    checkKey(propertyName, "propertyName");
    const context = arguments.length > 2 ? new MockPropertyContext(object, propertyName, value) : new MockPropertyContext(object, propertyName);
    ArrayPrototypePush(this.#mocks, context);
    return new Proxy(object, { __proto__: null, get: withContext(context) });
  }

  reset() {
    this.restoreAll();
    this.#mocks = [];
  }

  restoreAll() {
    for (let i = 0; i < this.#mocks.length; i++) this.#mocks[i].restore();
  }
}

module.exports = { MockFunctionContext, MockTracker, mock: new MockTracker() };

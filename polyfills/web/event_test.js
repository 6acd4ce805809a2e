import assert from "node:assert";

const kIllegal = /^TypeError: Illegal invocation: function called with incorrect `this` reference/;

function typeError(fn, message) {
  assert.throws(fn, (error) => error instanceof TypeError && (assert.strictEqual(error.message, message), true));
}

export const eventDefaults = {
  test() {
    const event = new Event("a");
    assert.deepStrictEqual(
      [event.type, event.bubbles, event.cancelable, event.composed, event.isTrusted, event.eventPhase, event.timeStamp, event.target, event.currentTarget],
      ["a", false, false, false, false, 0, 0, undefined, undefined],
    );
    assert.deepStrictEqual([event.returnValue, event.defaultPrevented, event.cancelBubble, event.composedPath()], [true, false, false, []]);
    assert.strictEqual(new Event("a", null).bubbles, false);
    const set = new Event(undefined, { bubbles: 1, cancelable: "x", composed: {} });
    assert.deepStrictEqual([set.type, set.bubbles, set.cancelable, set.composed], ["undefined", true, true, true]);
    assert.deepStrictEqual([Event.AT_TARGET, event.BUBBLING_PHASE], [2, 3]);
  },
};

export const constructorErrors = {
  test() {
    typeError(() => new Event(), "Failed to construct 'Event': constructor parameter 1 is not of type 'string'.");
    typeError(() => new Event("a", 1), "Failed to construct 'Event': constructor parameter 2 is not of type 'Init'.");
    typeError(() => new CustomEvent("a", 5), "Failed to construct 'CustomEvent': constructor parameter 2 is not of type 'CustomEventInit'.");
    typeError(() => new ErrorEvent(), "Failed to construct 'ErrorEvent': constructor parameter 1 is not of type 'string'.");
    typeError(() => new ErrorEvent("a", { lineno: 2 ** 31 }), "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
    typeError(() => new MessageEvent("a", 5), "Failed to construct 'MessageEvent': constructor parameter 2 is not of type 'Initializer'.");
    for (const Class of [PromiseRejectionEvent, ExtendableEvent, FetchEvent]) typeError(() => new Class("a"), "Illegal constructor");
    assert.throws(() => Event.prototype.type, kIllegal);
    assert.throws(() => Event.prototype.preventDefault.call({}), kIllegal);
  },
};

export const initOrder = {
  test() {
    const read = (Class) => {
      const names = [];
      new Class("a", new Proxy({}, { get: (_, name) => void names.push(name) }));
      return names.join();
    };
    assert.strictEqual(read(Event), "bubbles,cancelable,composed");
    assert.strictEqual(read(CustomEvent), "bubbles,cancelable,composed,detail");
    assert.strictEqual(read(ErrorEvent), "bubbles,cancelable,composed,message,filename,lineno,colno,error");
    assert.strictEqual(read(MessageEvent), "bubbles,cancelable,composed,data,origin,lastEventId,source,ports");
    assert.strictEqual(read(CloseEvent), "bubbles,cancelable,composed,code,reason,wasClean");
  },
};

export const kinds = {
  test() {
    const detail = {};
    assert.strictEqual(new CustomEvent("a", { detail }).detail, detail);
    // Not null, as the standard has it.
    assert.strictEqual(new CustomEvent("a").detail, undefined);
    const error = new ErrorEvent("a", { message: 5, filename: null, lineno: "7", colno: -1, error: detail });
    assert.deepStrictEqual([error.message, error.filename, error.lineno, error.colno, error.error], ["5", "null", 7, -1, detail]);
    const close = new CloseEvent("close", { code: 70000, reason: "\ud800", wasClean: 1 });
    assert.deepStrictEqual(Object.entries(close), [["wasClean", true], ["reason", "\ufffd"], ["code", 70000]]);
    const message = new MessageEvent("a", { data: undefined, origin: null });
    assert.deepStrictEqual(Object.entries(message), [["ports", []], ["source", null], ["lastEventId", ""], ["origin", "null"], ["data", null]]);
    assert.strictEqual(Object.getOwnPropertyDescriptor(message, "data").writable, false);
  },
};

export const dispatching = {
  test() {
    const target = new EventTarget();
    const event = new Event("a");
    let seen;
    target.addEventListener("a", function (e) {
      seen = [this === target, e.target === target, e.currentTarget === target, e.srcElement === target, e.eventPhase, e.composedPath()[0] === target];
    });
    assert.strictEqual(target.dispatchEvent(event), true);
    assert.deepStrictEqual(seen, [true, true, true, true, 2, true]);
    // currentTarget stays, unlike in the standard.
    assert.deepStrictEqual([event.eventPhase, event.composedPath(), event.target === target, event.currentTarget === target], [0, [], true, true]);
    for (const bad of [undefined, null, { type: "a" }]) {
      typeError(() => target.dispatchEvent(bad), "Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
    }
  },
};

export const preventing = {
  test() {
    const target = new EventTarget();
    target.addEventListener("a", (event) => event.preventDefault());
    target.addEventListener("passive", (event) => event.preventDefault(), { passive: true });
    const cancelable = new Event("a", { cancelable: true });
    assert.strictEqual(target.dispatchEvent(cancelable), false);
    assert.deepStrictEqual([cancelable.defaultPrevented, cancelable.returnValue], [true, false]);
    // dispatchEvent() says so even of an event that is not cancelable.
    const fixed = new Event("a");
    assert.strictEqual(target.dispatchEvent(fixed), false);
    assert.strictEqual(fixed.defaultPrevented, false);
    assert.strictEqual(target.dispatchEvent(new Event("passive", { cancelable: true })), true);
  },
};

export const stopping = {
  test() {
    const target = new EventTarget();
    const log = [];
    target.addEventListener("a", (event) => (log.push(1), event.stopPropagation()));
    target.addEventListener("a", (event) => (log.push(2), event.stopImmediatePropagation()));
    target.addEventListener("a", () => log.push(3));
    const event = new Event("a");
    target.dispatchEvent(event);
    assert.deepStrictEqual(log, [1, 2]);
    assert.strictEqual(event.cancelBubble, true);
    // A stopped event stays stopped.
    target.dispatchEvent(event);
    assert.deepStrictEqual(log, [1, 2]);
    event.cancelBubble = false;
    assert.strictEqual(event.cancelBubble, false);
  },
};

export const listenerIdentity = {
  test() {
    const target = new EventTarget();
    let calls = 0;
    const listener = () => calls++;
    target.addEventListener("a", listener);
    target.addEventListener("a", listener, { once: true });
    target.dispatchEvent(new Event("a"));
    target.dispatchEvent(new Event("a"));
    assert.strictEqual(calls, 2);
    target.removeEventListener("a", listener);
    target.dispatchEvent(new Event("a"));
    assert.strictEqual(calls, 2);
  },
};

export const changesWhileDispatching = {
  test() {
    const target = new EventTarget();
    const log = [];
    const gone = () => log.push("gone");
    target.addEventListener("a", () => {
      log.push("first");
      target.removeEventListener("a", gone);
      target.addEventListener("a", () => log.push("added"), { once: true });
    });
    target.addEventListener("a", gone);
    target.dispatchEvent(new Event("a"));
    assert.deepStrictEqual(log, ["first"]);
  },
};

export const once = {
  test() {
    const target = new EventTarget();
    let calls = 0;
    target.addEventListener("a", () => (calls++, target.dispatchEvent(new Event("a"))), { once: true });
    target.dispatchEvent(new Event("a"));
    assert.strictEqual(calls, 1);
  },
};

export const handlerObjects = {
  test() {
    const target = new EventTarget();
    const log = [];
    const object = {
      handleEvent(event) {
        log.push(this === object, event.type);
      },
    };
    target.addEventListener("a", object);
    // It is read when the listener is added.
    object.handleEvent = () => log.push("late");
    target.dispatchEvent(new Event("a"));
    target.removeEventListener("a", object);
    target.dispatchEvent(new Event("a"));
    assert.deepStrictEqual(log, [true, "a"]);
    const kField = "Incorrect type for the 'handleEvent' field on 'HandlerObject': the provided value is not of type 'function'.";
    typeError(() => target.addEventListener("a", {}), kField);
  },
};

export const onProperties = {
  test() {
    const target = new EventTarget();
    const log = [];
    target.addEventListener("a", () => log.push("listener"));
    target.ona = function () {
      log.push(this === globalThis);
    };
    target.dispatchEvent(new Event("a"));
    assert.deepStrictEqual(log, [true, "listener"]);
    class Widget extends EventTarget {
      onb() {
        log.push("method");
      }
    }
    new Widget().dispatchEvent(new Event("b"));
    assert.strictEqual(log.at(-1), "method");
    target.onc = { handleEvent: () => log.push("object") };
    target.dispatchEvent(new Event("c"));
    assert.strictEqual(log.at(-1), "method");
  },
};

export const listenerArguments = {
  test() {
    const target = new EventTarget();
    const f = () => {};
    typeError(() => target.addEventListener(), "Failed to execute 'addEventListener' on 'EventTarget': parameter 1 is not of type 'string'.");
    const kSecond = "Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type 'function or HandlerObject'.";
    typeError(() => target.addEventListener("a"), kSecond);
    typeError(() => target.addEventListener("a", "x"), kSecond);
    target.addEventListener("a", null, { capture: true });
    target.addEventListener("a", undefined);
    target.addEventListener("a", f, null);
    target.addEventListener("a", f, 0);
    typeError(() => target.addEventListener("a", f, true), "addEventListener(): useCapture must be false.");
    typeError(() => target.addEventListener("a", f, { capture: 1 }), "addEventListener(): options.capture must be false.");
    typeError(() => target.removeEventListener("a", f, { capture: true }), "removeEventListener(): options.capture must be false.");
    typeError(() => target.removeEventListener("a", 5), "Failed to execute 'removeEventListener' on 'EventTarget': parameter 2 is not of type 'Object'.");
    const kSignal = "Incorrect type for the 'signal' field on 'AddEventListenerOptions': the provided value is not of type 'AbortSignal'.";
    typeError(() => target.addEventListener("a", f, { signal: null }), kSignal);
    assert.throws(() => EventTarget.prototype.addEventListener.call({}, "a", f), kIllegal);
    const names = [];
    target.addEventListener("a", f, new Proxy({}, { get: (_, name) => void names.push(name) }));
    assert.strictEqual(names.join(), "capture,passive,once,signal");
  },
};

export const signals = {
  test() {
    const target = new EventTarget();
    const controller = new AbortController();
    let calls = 0;
    target.addEventListener("a", () => (calls++, controller.abort()), { signal: controller.signal });
    target.addEventListener("a", () => calls++, { signal: controller.signal });
    target.addEventListener("a", () => calls++, { signal: AbortSignal.abort() });
    target.dispatchEvent(new Event("a"));
    target.dispatchEvent(new Event("a"));
    assert.strictEqual(calls, 1);
  },
};

export const exceptionsAreReported = {
  test() {
    const target = new EventTarget();
    const log = [];
    const onError = (event) => {
      log.push(event.message, event.error.message, event.cancelable, event.isTrusted, event.constructor.name);
      event.preventDefault();
    };
    addEventListener("error", onError);
    target.addEventListener("a", () => {
      throw new RangeError("boom");
    });
    target.addEventListener("a", () => log.push("next"));
    assert.strictEqual(target.dispatchEvent(new Event("a")), true);
    removeEventListener("error", onError);
    assert.deepStrictEqual(log, ["Uncaught RangeError: boom", "boom", false, true, "ErrorEvent", "next"]);
  },
};

export const noTwoDispatchesAtOnce = {
  test() {
    const target = new EventTarget();
    const event = new Event("a");
    let caught;
    target.addEventListener("a", () => {
      try {
        target.dispatchEvent(event);
      } catch (error) {
        caught = error;
      }
    });
    target.dispatchEvent(event);
    assert.deepStrictEqual([caught.name, caught.message], ["InvalidStateError", "The event is already being dispatched."]);
  },
};

export const globalScopeIsATarget = {
  test() {
    const log = [];
    addEventListener("custom", (event) => log.push(event.target === globalThis), { once: true });
    globalThis.oncustom = () => log.push("on");
    dispatchEvent(new Event("custom"));
    delete globalThis.oncustom;
    assert.deepStrictEqual(log, ["on", true]);
  },
};

export const subclasses = {
  test() {
    class Loaded extends Event {
      constructor() {
        super("loaded", { cancelable: true });
      }
    }
    class Loader extends EventTarget {
      loads = 0;
    }
    const loader = new Loader();
    loader.addEventListener("loaded", () => loader.loads++);
    loader.dispatchEvent(new Loaded());
    assert.strictEqual(loader.loads, 1);
    assert.strictEqual(Object.prototype.toString.call(new Loaded()), "[object Event]");
  },
};

export const unhandledRejections = {
  async test() {
    const log = [];
    const reason = new Error("nobody cares");
    const listener = (event) => {
      log.push(event.constructor.name, event.reason === reason, event.promise === promise, event.cancelable, event.isTrusted, Object.keys(event));
      event.preventDefault();
    };
    addEventListener("unhandledrejection", listener);
    const promise = Promise.reject(reason);
    await new Promise((resolve) => setTimeout(resolve, 5));
    removeEventListener("unhandledrejection", listener);
    assert.deepStrictEqual(log, ["PromiseRejectionEvent", true, true, false, true, ["reason", "promise"]]);
  },
};

export const patchedAccessors = {
  test() {
    class Disguised extends Event {
      get type() {
        return "other";
      }
    }
    const target = new EventTarget();
    let calls = 0;
    target.addEventListener("a", () => calls++);
    target.dispatchEvent(new Disguised("a"));
    assert.strictEqual(calls, 1);
  },
};

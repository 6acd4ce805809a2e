import assert from "node:assert";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const reasons = {
  test() {
    const controller = new AbortController();
    const { signal } = controller;
    assert.strictEqual(controller.signal, signal);
    assert.deepStrictEqual([signal.aborted, signal.reason], [false, undefined]);
    signal.throwIfAborted();
    controller.abort();
    assert.strictEqual(signal.aborted, true);
    assert.ok(signal.reason instanceof DOMException);
    assert.deepStrictEqual([signal.reason.name, signal.reason.message, signal.reason.code], ["AbortError", "The operation was aborted", 20]);
    controller.abort(5);
    assert.strictEqual(signal.reason.name, "AbortError");
    assert.strictEqual(AbortSignal.abort(null).reason, null);
    assert.throws(() => AbortSignal.abort(7).throwIfAborted(), (error) => error === 7);
  },
};

export const notConstructible = {
  test() {
    assert.throws(() => new AbortSignal(), { name: "TypeError", message: "Illegal constructor" });
    assert.throws(() => AbortSignal.prototype.aborted, /^TypeError: Illegal invocation/);
    assert.throws(() => AbortController.prototype.abort.call({}), /^TypeError: Illegal invocation/);
    assert.ok(AbortSignal.abort() instanceof EventTarget);
    assert.strictEqual(String(new AbortController()), "[object AbortController]");
  },
};

export const abortEvent = {
  test() {
    const controller = new AbortController();
    const { signal } = controller;
    const log = [];
    signal.addEventListener("abort", () => log.push("first"));
    signal.onabort = () => log.push("replaced");
    signal.addEventListener("abort", (event) => log.push(event.constructor.name, event.isTrusted, event.target === signal, event.bubbles, event.cancelable));
    // An event handler keeps its place.
    signal.onabort = function () {
      log.push(this === globalThis);
    };
    controller.abort();
    controller.abort();
    assert.deepStrictEqual(log, ["first", true, "Event", true, true, false, false]);
  },
};

export const onabortAttribute = {
  test() {
    const { signal } = new AbortController();
    assert.strictEqual(signal.onabort, null);
    const handler = () => {};
    for (const [value, expected] of [[handler, handler], [5, null], [handler, handler], ["x", null], [null, null], [undefined, null]]) {
      signal.onabort = value;
      assert.strictEqual(signal.onabort, expected);
    }
    let calls = 0;
    signal.onabort = () => calls++;
    signal.dispatchEvent(new Event("abort"));
    assert.deepStrictEqual([calls, signal.aborted], [1, false]);
  },
};

export const listenersThatThrow = {
  test() {
    const controller = new AbortController();
    const log = [];
    const onError = (event) => (log.push(event.message), event.preventDefault());
    addEventListener("error", onError);
    controller.signal.addEventListener("abort", () => {
      throw new Error("boom");
    });
    controller.signal.addEventListener("abort", () => log.push("next"));
    controller.abort();
    removeEventListener("error", onError);
    assert.deepStrictEqual(log, ["Uncaught Error: boom", "next"]);
  },
};

export const timeout = {
  async test() {
    assert.throws(() => AbortSignal.timeout(), { name: "TypeError", message: "Failed to execute 'timeout' on 'AbortSignal': parameter 1 is not of type 'number'." });
    const signal = AbortSignal.timeout(2);
    const negative = AbortSignal.timeout(-5);
    const log = [];
    signal.onabort = (event) => log.push(event.isTrusted);
    await sleep(30);
    assert.deepStrictEqual([signal.aborted, negative.aborted, log], [true, true, [true]]);
    assert.deepStrictEqual([signal.reason.name, signal.reason.message, signal.reason.code], ["TimeoutError", "The operation was aborted due to timeout", 23]);
  },
};

export const any = {
  test() {
    const first = new AbortController();
    const second = new AbortController();
    const either = AbortSignal.any([first.signal, second.signal]);
    const log = [];
    either.onabort = () => log.push("either");
    second.abort(3);
    assert.deepStrictEqual([either.aborted, either.reason, first.signal.aborted, log], [true, 3, false, ["either"]]);
    first.abort(4);
    assert.deepStrictEqual([either.reason, log], [3, ["either"]]);
    assert.strictEqual(AbortSignal.any([]).aborted, false);
    assert.strictEqual(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason, 1);
    assert.notStrictEqual(AbortSignal.any([first.signal]), first.signal);
  },
};

export const anyOrder = {
  test() {
    const controller = new AbortController();
    const inner = AbortSignal.any([controller.signal]);
    const outer = AbortSignal.any([inner]);
    const log = [];
    outer.onabort = () => log.push("outer");
    inner.onabort = () => log.push("inner", outer.aborted);
    controller.signal.onabort = () => log.push("source", inner.aborted, outer.aborted);
    controller.abort();
    assert.deepStrictEqual(log, ["source", true, true, "inner", true, "outer"]);
  },
};

export const anyArguments = {
  test() {
    const kArray = "Failed to execute 'any' on 'AbortSignal': parameter 1 is not of type 'Array'.";
    assert.throws(() => AbortSignal.any(), { name: "TypeError", message: kArray });
    // Only arrays, not every iterable as in the standard.
    assert.throws(() => AbortSignal.any(new Set()), { name: "TypeError", message: kArray });
    assert.throws(() => AbortSignal.any([{}]), { name: "TypeError", message: "Incorrect type for array element 0: the provided value is not of type 'AbortSignal'." });
  },
};

export const manyDependents = {
  test() {
    const controller = new AbortController();
    let calls = 0;
    for (let i = 0; i < 1000; i++) AbortSignal.any([controller.signal]).addEventListener("abort", () => calls++);
    controller.abort();
    assert.strictEqual(calls, 1000);
  },
};

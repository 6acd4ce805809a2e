import assert from "node:assert";
import EventEmitter, { addAbortListener, captureRejectionSymbol, errorMonitor, getEventListeners, on, once, setMaxListeners } from "node:events";

export const orderAndRemoval = {
  test() {
    const e = new EventEmitter();
    const seen = [];
    const a = (...args) => seen.push("a", args);
    e.on("x", a);
    e.once("x", () => seen.push("once"));
    e.prependListener("x", () => seen.push("first"));
    assert.strictEqual(e.emit("x", 1, 2, 3), true);
    assert.deepStrictEqual(seen, ["first", "a", [1, 2, 3], "once"]);
    assert.strictEqual(e.listenerCount("x"), 2);
    e.off("x", a);
    assert.strictEqual(e.listenerCount("x"), 1);
    e.removeAllListeners();
    assert.deepStrictEqual(e.eventNames(), []);
    assert.strictEqual(e.emit("x"), false);
  },
};

export const listenersThatChangeTheList = {
  test() {
    const e = new EventEmitter();
    const seen = [];
    e.on("x", function first() {
      seen.push("first");
      e.removeAllListeners("x");
      e.on("x", () => seen.push("late"));
    });
    e.on("x", () => seen.push("second"));
    e.emit("x");
    assert.deepStrictEqual(seen, ["first", "second"]);
    e.emit("x");
    assert.deepStrictEqual(seen, ["first", "second", "late"]);
  },
};

export const metaEvents = {
  test() {
    const e = new EventEmitter();
    const seen = [];
    e.on("newListener", (type, fn) => seen.push(["new", type, fn]));
    e.on("removeListener", (type, fn) => seen.push(["removed", type, fn]));
    const fn = () => {};
    e.once("x", fn);
    e.emit("x");
    assert.deepStrictEqual(
      seen.filter((row) => row[1] === "x"),
      [
        ["new", "x", fn],
        ["removed", "x", fn],
      ],
    );
    e.on("y", fn);
    e.on("z", fn);
    e.removeAllListeners();
    assert.deepStrictEqual(e.eventNames(), []);
    assert.strictEqual(seen.filter((row) => row[0] === "removed").length, 4);
  },
};

export const errors = {
  test() {
    const e = new EventEmitter();
    const boom = new Error("boom");
    assert.throws(() => e.emit("error", boom), (error) => error === boom); // prettier-ignore
    assert.throws(() => e.emit("error", { a: 1 }), { code: "ERR_UNHANDLED_ERROR", message: "Unhandled error. ({ a: 1 })", context: { a: 1 } });
    let monitored;
    e.on(errorMonitor, (error) => (monitored = error));
    assert.throws(() => e.emit("error", boom));
    assert.strictEqual(monitored, boom);
    assert.throws(() => e.on("x", 1), { message: 'The "listener" argument must be of type function. Received type number (1)' });
    assert.throws(() => e.setMaxListeners(-1), { code: "ERR_OUT_OF_RANGE", message: 'The value of "n" is out of range. It must be a non-negative number. Received -1' });
    assert.throws(() => setMaxListeners(1, {}), { code: "ERR_INVALID_ARG_TYPE" });
    assert.throws(() => getEventListeners({}, "x"), { code: "ERR_INVALID_ARG_TYPE" });
  },
};

export const rejections = {
  async test() {
    const e = new EventEmitter({ captureRejections: true });
    const boom = new Error("boom");
    e.on("x", async () => {
      throw boom;
    });
    const failed = once(e, "error");
    e.emit("x");
    assert.deepStrictEqual(await failed, [boom]);
    const custom = new Promise((resolve) => (e[captureRejectionSymbol] = (...args) => resolve(args)));
    e.emit("x", 7);
    assert.deepStrictEqual(await custom, [boom, "x", 7]);
  },
};

export const onceAsPromise = {
  async test() {
    const e = new EventEmitter();
    queueMicrotask(() => e.emit("x", 1, 2));
    assert.deepStrictEqual(await once(e, "x"), [1, 2]);
    queueMicrotask(() => e.emit("error", new Error("no")));
    await assert.rejects(once(e, "x"), { message: "no" });
    assert.strictEqual(e.listenerCount("x"), 0);
    await assert.rejects(once(e, "x", { signal: AbortSignal.abort("why") }), { name: "AbortError", code: "ABORT_ERR", cause: "why" });
    const controller = new AbortController();
    const waiting = once(e, "x", { signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    assert.strictEqual(e.listenerCount("x") + e.listenerCount("error"), 0);
    const target = new EventTarget();
    queueMicrotask(() => target.dispatchEvent(new Event("x")));
    assert.strictEqual((await once(target, "x"))[0].type, "x");
  },
};

export const onAsIterator = {
  async test() {
    const e = new EventEmitter();
    queueMicrotask(() => {
      e.emit("x", 1);
      e.emit("x", 2);
    });
    const seen = [];
    for await (const args of on(e, "x")) {
      seen.push(args);
      if (seen.length === 2) break;
    }
    assert.deepStrictEqual(seen, [[1], [2]]);
    assert.strictEqual(e.listenerCount("x"), 0);
    const iterator = on(e, "x");
    e.emit("error", new Error("no"));
    await assert.rejects(iterator.next(), { message: "no" });
    assert.deepStrictEqual(await iterator.next(), { value: undefined, done: true });
    assert.throws(() => on(e, "x", { signal: AbortSignal.abort() }), { name: "AbortError", code: "ABORT_ERR" });
  },
};

export const abortListener = {
  test() {
    const controller = new AbortController();
    let calls = 0;
    const disposable = addAbortListener(controller.signal, () => calls++);
    disposable[Symbol.dispose]();
    addAbortListener(controller.signal, () => calls++);
    controller.abort();
    assert.strictEqual(calls, 1);
  },
};

export const inheritance = {
  test() {
    function Old() {
      EventEmitter.call(this);
    }
    Object.setPrototypeOf(Old.prototype, EventEmitter.prototype);
    const old = new Old();
    let called = false;
    old.on("x", function () {
      called = this === old;
    });
    old.emit("x");
    assert.strictEqual(called, true);
    class Late extends EventEmitter {
      constructor() {
        super();
        this._events = undefined;
      }
    }
    assert.strictEqual(new Late().on("x", () => {}).listenerCount("x"), 1);
    assert.strictEqual(new EventEmitter.EventEmitterAsyncResource({ name: "x" }).asyncResource.asyncId(), 0);
  },
};

import assert from "node:assert";
import timers, { Timeout } from "node:timers";
import promises from "node:timers/promises";

export const timeouts = {
  async test() {
    assert.strictEqual(timers.setTimeout, globalThis.setTimeout);
    const seen = [];
    const stopped = [setTimeout(() => seen.push("stopped"), 0), setTimeout(() => seen.push("disposed"), 0), setTimeout(() => seen.push("by number"), 0)];
    clearTimeout(stopped[0]);
    stopped[1][Symbol.dispose]();
    clearTimeout(+stopped[2]);
    const timeout = setTimeout((...args) => seen.push(args), 0, 1, 2);
    assert.ok(timeout instanceof Timeout);
    assert.deepStrictEqual([timeout.hasRef(), timeout.unref().hasRef(), timeout.ref().hasRef(), timeout.refresh() === timeout], [true, false, true, true]);
    await promises.setTimeout(10);
    assert.deepStrictEqual(seen, [[1, 2]]);
    assert.throws(() => setTimeout("x"), { code: "ERR_INVALID_ARG_TYPE", message: `The "callback" argument must be of type function. Received type string ('x')` });
    assert.throws(() => timers.enroll({}, 1), { message: "Not implemented. Please use setTimeout() instead." });
  },
};

export const immediates = {
  async test() {
    const seen = [];
    clearImmediate(setImmediate(() => seen.push("cleared")));
    setImmediate((...args) => seen.push(args), 1, 2);
    queueMicrotask(() => seen.push("microtask"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepStrictEqual(seen, ["microtask", [1, 2]]);
    clearImmediate(undefined);
    assert.throws(() => clearImmediate({}), { message: "Failed to execute 'clearImmediate' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Immediate'." });
    assert.throws(() => setImmediate(1), { message: "Failed to execute 'setImmediate' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'function'." });
  },
};

export const asPromises = {
  async test() {
    assert.deepStrictEqual([await promises.setTimeout(1, "a"), await promises.setImmediate("b"), await promises.scheduler.yield()], ["a", "b", undefined]);
    const controller = new AbortController();
    const waiting = promises.setTimeout(1000, 1, { signal: controller.signal });
    controller.abort("why");
    await assert.rejects(waiting, { name: "AbortError", code: "ABORT_ERR", cause: "why" });
    await assert.rejects(promises.setImmediate(1, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await assert.rejects(promises.setTimeout("x"), { code: "ERR_INVALID_ARG_TYPE" });
    const values = [];
    for await (const value of promises.setInterval(1, "tick")) {
      values.push(value);
      if (values.length === 2) break;
    }
    assert.deepStrictEqual(values, ["tick", "tick"]);
  },
};

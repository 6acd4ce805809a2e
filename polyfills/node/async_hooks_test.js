import assert from "node:assert";
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

const store = new AsyncLocalStorage();
const other = new AsyncLocalStorage({ name: "other", defaultValue: "none" });

export const followsPromisesAndTimers = {
  async test() {
    await store.run(1, async () => {
      assert.strictEqual(store.getStore(), 1);
      await null;
      assert.strictEqual(store.getStore(), 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.strictEqual(store.getStore(), 1);
      await new Promise((resolve) => queueMicrotask(() => (assert.strictEqual(store.getStore(), 1), resolve())));
    });
    assert.strictEqual(store.getStore(), undefined);
  },
};

export const nesting = {
  test() {
    assert.strictEqual(other.getStore(), "none");
    assert.strictEqual(other.name, "other");
    const seen = store.run(1, () => other.run(2, () => [store.run(3, () => [store.getStore(), other.getStore()]), store.getStore(), store.exit(() => store.getStore())]));
    assert.deepStrictEqual(seen, [[3, 2], 1, undefined]);
    assert.throws(() => store.run(5, () => { throw new Error("x"); }), { message: "x" }); // prettier-ignore
    assert.strictEqual(store.getStore(), undefined);
    assert.strictEqual(store.run(1, (a, b) => a + b + store.getStore(), 10, 100), 111);
  },
};

export const boundFunctions = {
  test() {
    const bound = store.run(5, () => AsyncLocalStorage.bind((x) => [x, store.getStore()]));
    assert.deepStrictEqual(bound(1), [1, 5]);
    assert.deepStrictEqual(store.run(6, () => bound(2)), [2, 5]); // prettier-ignore
    const snapshot = store.run(7, () => AsyncLocalStorage.snapshot());
    assert.strictEqual(snapshot((x) => x + store.getStore(), 1), 8); // prettier-ignore
    assert.throws(() => snapshot(1), { name: "TypeError", message: "The first argument must be a function" });
    assert.strictEqual(bound.length, 0);
    assert.throws(() => AsyncLocalStorage.bind(1), { message: "Failed to execute 'bind' on 'AsyncLocalStorage': parameter 1 is not of type 'Function'." });
  },
};

export const resources = {
  test() {
    const resource = store.run(8, () => new AsyncResource("x"));
    const receiver = {};
    const run = resource.runInAsyncScope(
      function (x) {
        return [this === receiver, x, store.getStore()];
      },
      receiver,
      2,
    );
    assert.deepStrictEqual(run, [true, 2, 8]);
    const bound = resource.bind(() => store.getStore());
    assert.strictEqual(bound(), 8);
    assert.strictEqual(bound.asyncResource, resource);
    const self = AsyncResource.bind(function () { return this; }, "x", receiver); // prettier-ignore
    assert.strictEqual(self(), receiver);
    assert.throws(() => new AsyncResource("x", { triggerAsyncId: 1 }), { message: "The 'triggerAsyncId' field on 'Options' is not implemented." });
  },
};

export const whatIsNotThere = {
  test() {
    assert.throws(() => store.enterWith(1), { message: "asyncLocalStorage.enterWith() is not implemented" });
    assert.throws(() => store.disable(), { message: "asyncLocalStorage.disable() is not implemented" });
    assert.throws(() => AsyncLocalStorage.prototype.getStore.call({}), { name: "TypeError", message: /^Illegal invocation/ });
  },
};

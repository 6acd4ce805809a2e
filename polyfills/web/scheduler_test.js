import assert from "node:assert";

export const waits = {
  async test() {
    const start = Date.now();
    assert.strictEqual(await scheduler.wait(20), undefined);
    assert.ok(Date.now() - start >= 15);
    await scheduler.wait(-1);
    await scheduler.wait("x");
  },
};

export const signals = {
  async test() {
    const caught = (promise) => promise.then(() => assert.fail("resolved"), (error) => error);
    // A reason that is no object becomes an Error.
    const error = await caught(scheduler.wait(1, { signal: AbortSignal.abort(77) }));
    assert.deepStrictEqual([error.constructor, error.message], [Error, "77"]);
    assert.strictEqual((await caught(scheduler.wait(1, { signal: AbortSignal.abort() }))).name, "AbortError");
    const controller = new AbortController();
    setTimeout(() => controller.abort(78), 5);
    assert.strictEqual((await caught(scheduler.wait(5000, { signal: controller.signal }))).message, "78");
    assert.strictEqual((await caught(scheduler.wait(5000, { signal: AbortSignal.timeout(5) }))).name, "TimeoutError");
    await scheduler.wait(1, { signal: new AbortController().signal });
  },
};

export const wrongCallsReject = {
  async test() {
    await assert.rejects(scheduler.wait(), { name: "TypeError", message: "Failed to execute 'wait' on 'Scheduler': parameter 1 is not of type 'number'." });
    await assert.rejects(scheduler.wait(1, 5), { name: "TypeError", message: "Failed to execute 'wait' on 'Scheduler': parameter 2 is not of type 'WaitOptions'." });
    const message = "Incorrect type for the 'signal' field on 'WaitOptions': the provided value is not of type 'AbortSignal'.";
    await assert.rejects(scheduler.wait(1, { signal: null }), { name: "TypeError", message });
    assert.throws(() => scheduler.wait.call({}, 1), /^TypeError: Illegal invocation/);
  },
};

import assert from "node:assert";
import { AsyncLocalStorage } from "node:async_hooks";
import channels, { TracingChannel } from "node:diagnostics_channel";

export const publishing = {
  test() {
    const seen = [];
    const channel = channels.channel("test");
    const listener = (message, name) => seen.push(message, name);
    assert.deepStrictEqual([channels.channel("test") === channel, channel.hasSubscribers, channels.hasSubscribers("test")], [true, false, false]);
    channel.subscribe(listener);
    channels.subscribe("test", listener);
    channel.publish(1);
    assert.deepStrictEqual([seen, channel.hasSubscribers], [[1, "test"], true]);
    channel.unsubscribe(listener);
    channel.publish(2);
    assert.deepStrictEqual(seen, [1, "test"]);
    assert.throws(() => channel.subscribe(5), { name: "TypeError", message: "Failed to execute 'subscribe' on 'Channel': parameter 1 is not of type 'function'." });
  },
};

export const stores = {
  test() {
    const store = new AsyncLocalStorage();
    const channel = channels.channel("stores");
    channel.bindStore(store, (message) => message * 2);
    const run = (...rest) => channel.runStores(21, function (...args) { return [store.getStore(), this, ...args]; }, ...rest);
    assert.deepStrictEqual(run({ that: 1 }, "a", "b"), [42, { that: 1 }, "a", "b"]);
    channel.unbindStore(store);
    assert.deepStrictEqual([run({})[0], store.getStore()], [undefined, undefined]);
  },
};

export const tracing = {
  async test() {
    const seen = [];
    const channel = channels.tracingChannel("job");
    const handlers = {};
    for (const name of ["start", "end", "asyncStart", "asyncEnd", "error"]) handlers[name] = (context) => seen.push(`${name} ${context.result ?? context.error?.message ?? ""}`);
    channel.subscribe(handlers);
    assert.strictEqual(channel.traceSync((x) => x + 1, {}, undefined, 1), 2);
    assert.strictEqual(await channel.tracePromise(async () => 3), 3);
    await assert.rejects(channel.tracePromise(async () => { throw new Error("no"); }), { message: "no" });
    channel.traceCallback((x, done) => done(null, x), 1, {}, undefined, 4, (error, x) => seen.push(`callback ${x}`));
    assert.deepStrictEqual(seen, [
      "start ", "end 2",
      "start ", "end ", "asyncStart 3", "asyncEnd 3",
      "start ", "end ", "error no", "asyncStart no", "asyncEnd no",
      "start ", "asyncStart 4", "callback 4", "asyncEnd 4", "end 4",
    ]);
    assert.throws(() => new TracingChannel(), { message: "Use diagnostic_channel.tracingChannels() to create TracingChannel" });
  },
};

import assert from "node:assert";
import { WorkerEntrypoint } from "cloudflare:workers";

let last;

export default {
  async queue(batch, env, ctx) {
    last = batch;
    const [a, b, c, d] = batch.messages;
    switch (batch.queue) {
      case "verdicts":
        a.ack();
        a.retry();
        b.retry({ delaySeconds: 5 });
        b.ack();
        c.ack();
        d.retry();
        break;
      case "retryAll":
        batch.retryAll({ delaySeconds: 3 });
        batch.ackAll();
        a.ack();
        break;
      case "throws":
        throw new Error("boom");
      case "rejects":
        ctx.waitUntil(Promise.reject(new Error("rejects")));
        break;
      case "later":
        ctx.waitUntil(scheduler.wait(5).then(() => batch.ackAll()));
        break;
    }
  },
  async scheduled(controller) {
    last = controller;
    if (controller.cron === "never") await new Promise(() => {});
    if (controller.cron === "throws") throw new Error("not today");
    if (controller.cron !== "again") controller.noRetry();
  },
};

export const nothing = {};

export class Handlers extends WorkerEntrypoint {
  queue(batch) {
    batch.messages[0].ack();
  }
  scheduled(controller) {
    this.ctx.waitUntil(Promise.resolve());
    controller.noRetry();
  }
}

const timestamp = new Date(5000);
const message = (id, more) => ({ id, timestamp, body: { id }, attempts: 2, ...more });
const answer = (more) => ({ outcome: "ok", ackAll: false, retryBatch: { retry: false, delaySeconds: undefined }, explicitAcks: [], retryMessages: [], ...more });
const own = (object) => Reflect.ownKeys(object).join();

export const batches = {
  async test(controller, { SELF }) {
    const metrics = { backlogCount: 1, backlogBytes: 2, oldestMessageTimestamp: new Date(7) };
    assert.deepEqual(await SELF.queue("q", [message("1"), message("2", { body: new Map([[1, 2]]), timestamp: 77 })], { metrics }), answer());
    assert.strictEqual(last.constructor.name, "QueueController");
    assert.strictEqual(own(last), "metadata,queue,messages");
    assert.strictEqual(last.queue, "q");
    assert.deepEqual(last.metadata, { metrics });
    const [one, two] = last.messages;
    assert.strictEqual(own(one), "attempts,body,timestamp,id");
    assert.deepEqual([one.id, one.timestamp, one.body, one.attempts], ["1", timestamp, { id: "1" }, 2]);
    assert.deepEqual([two.body, two.timestamp], [new Map([[1, 2]]), new Date(77)]);
    await SELF.queue("q", [message("3", { body: undefined, serializedBody: new Uint8Array([0xff, 15, 0x49, 4]) })]);
    assert.strictEqual(last.messages[0].body, 2);
    assert.deepEqual(last.metadata, { metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: undefined } });
  },
};

export const verdicts = {
  async test(controller, { SELF, CLASS, PROMPT, LISTENER, DEAF, NOTHING }) {
    assert.deepEqual(
      await SELF.queue("verdicts", ["a", "b", "c", "d"].map((id) => message(id))),
      answer({ explicitAcks: ["a", "c"], retryMessages: [{ msgId: "b", delaySeconds: 5 }, { msgId: "d", delaySeconds: undefined }] }),
    );
    assert.deepEqual(await SELF.queue("retryAll", [message("a")]), answer({ retryBatch: { retry: true, delaySeconds: 3 } }));
    assert.deepEqual(await SELF.queue("throws", []), answer({ outcome: "exception" }));
    assert.deepEqual(await SELF.queue("rejects", []), answer({ outcome: "exception" }));
    assert.deepEqual(await SELF.queue("later", []), answer({ ackAll: true }));
    assert.deepEqual(await SELF.queue("broken", [message("a", { body: undefined, serializedBody: new Uint8Array(2) })]), answer({ outcome: "exception" }));
    assert.deepEqual(await CLASS.queue("q", [message("a")]), answer({ explicitAcks: ["a"] }));
    assert.deepEqual(await PROMPT.queue("q", []), answer({ ackAll: true }));
    assert.deepEqual(await PROMPT.queue("fails", []), answer({ outcome: "exception" }));
    assert.deepEqual(await LISTENER.queue("q", [message("a")]), answer({ retryMessages: [{ msgId: "a", delaySeconds: 1 }] }));
    assert.deepEqual(await DEAF.queue("q", []), answer({ outcome: "exception" }));
    assert.deepEqual(await NOTHING.queue("q", []), answer({ outcome: "exception" }));
  },
};

export const batchArguments = {
  async test(controller, { SELF }) {
    const fails = (args, text) => assert.rejects(SELF.queue(...args), { name: "TypeError", message: text });
    await fails([], "Failed to execute 'queue' on 'Fetcher': parameter 1 is not of type 'string'.");
    await fails(["q", 5], "Failed to execute 'queue' on 'Fetcher': parameter 2 is not of type 'Array'.");
    await fails(["q", [5]], "Incorrect type for array element 0: the provided value is not of type 'ServiceBindingQueueMessage'.");
    const noDate = "Incorrect type for the 'timestamp' field on 'ServiceBindingQueueMessage': the provided value is not of type 'date'.";
    await fails(["q", [{}]], noDate);
    await fails(["q", [message("1", { timestamp: "x" })]], noDate);
    await fails(["q", [message("1", { attempts: -1 })]], "The value cannot be converted because it is negative and this API expects a positive number.");
    await fails(["q", [message("1", { attempts: undefined })]], "The value cannot be converted because it is not an integer.");
    await fails(["q", [message("1", { body: undefined })]], "Expected one of body or serializedBody for each message");
    await fails(["q", [message("1", { serializedBody: new Uint8Array(1) })]], "Expected one of body or serializedBody for each message");
    await assert.rejects(SELF.queue("q", [message("1", { body: () => 1 })]), { name: "DataCloneError", message: "() => 1 could not be cloned." });
  },
};

export const schedules = {
  async test(controller, { SELF, CLASS, LISTENER, DEAF, NOTHING }) {
    assert.deepEqual(await SELF.scheduled(), { outcome: "ok", noRetry: true });
    assert.strictEqual(last.constructor.name, "ScheduledController");
    assert.strictEqual(own(last), "cron,scheduledTime");
    assert.strictEqual(last.cron, "");
    assert.ok(Math.abs(Date.now() - last.scheduledTime) < 10_000);
    assert.deepEqual(await SELF.scheduled({ scheduledTime: new Date(5), cron: "again" }), { outcome: "ok", noRetry: false });
    assert.deepEqual([last.scheduledTime, last.cron], [5, "again"]);
    assert.deepEqual(await SELF.scheduled({ cron: "throws" }), { outcome: "exception", noRetry: false });
    assert.deepEqual(await SELF.scheduled({ cron: "never" }), { outcome: "exception", noRetry: false });
    assert.deepEqual(await CLASS.scheduled(), { outcome: "ok", noRetry: true });
    assert.deepEqual(await LISTENER.scheduled({}), { outcome: "ok", noRetry: true });
    assert.deepEqual(await LISTENER.scheduled({ cron: "rejects" }), { outcome: "exception", noRetry: true });
    assert.deepEqual(await DEAF.scheduled(), { outcome: "exception", noRetry: true });
    assert.deepEqual(await NOTHING.scheduled(), { outcome: "exception", noRetry: true });
    await assert.rejects(SELF.scheduled(5), { name: "TypeError", message: "Failed to execute 'scheduled' on 'Fetcher': parameter 1 is not of type 'ScheduledOptions'." });
  },
};

export const zTraces = {
  async test(controller, { SELF, TAIL }) {
    const before = (await TAIL.wait(0)).length;
    await SELF.scheduled({ scheduledTime: 9, cron: "throws" });
    await SELF.queue("traced", [message("1"), message("2")]);
    const seen = (await TAIL.wait(before + 2)).filter(([, event]) => event.scheduledTime === 9 || event.queue === "traced");
    assert.deepEqual(seen, [
      ["ScheduledEventInfo", { scheduledTime: 9, cron: "throws" }, "exception", ["not today"]],
      ["QueueEventInfo", { queue: "traced", batchSize: 2 }, "ok", []],
    ]);
  },
};

import assert from "node:assert";
import { WorkerEntrypoint } from "cloudflare:workers";

export default {
  async fetch(request, env, ctx) {
    console.log("one", { two: 2 });
    console.error(new TypeError("three"));
    ctx.waitUntil(scheduler.wait(2).then(() => console.warn("later")));
    if (request.url.endsWith("/throw")) throw new RangeError("four");
    return new Response("ok", { status: 201 });
  },
  scheduled() {},
};

export class Named extends WorkerEntrypoint {
  async method() {
    await (await this.env.SELF.fetch("http://x/", { method: "POST", body: "abc" })).text();
  }
}

/** An invocation with names for the ids of its spans, and without what else differs from run to run. */
function shown(list) {
  const [onset] = list;
  assert.match(onset.span, /^[0-9a-f]{16}$/);
  const names = { [onset.span]: "caller", [onset.event.spanId]: "invocation" };
  const events = [];
  for (const { span, trace, sequence, event } of list) {
    assert.strictEqual(sequence, events.length);
    assert.strictEqual(trace, onset.trace);
    const { spanId, cpuTime, wallTime, ...other } = event;
    if (event.type === "spanOpen") names[spanId] = other.opens = event.name;
    if (event !== onset.event && names[span] !== "invocation") other.in = names[span];
    for (const attribute of event.type === "attributes" ? event.info : []) if (attribute.name === "jsrpc.caller_span_id") attribute.value = names[attribute.value];
    if (event.type === "outcome") assert.deepEqual([typeof cpuTime, typeof wallTime], ["number", "number"]);
    if (other.errorInfo) other.errorInfo = other.errorInfo.map((e) => (e === null ? null : { ...e, stack: typeof e.stack }));
    if (other.stack) other.stack = typeof other.stack;
    events.push(other);
  }
  return events;
}

const onset = (info, more) => ({ type: "onset", executionModel: "stateless", scriptTags: [], ...more, info });
const logs = [
  { type: "log", level: "log", message: ["one", { two: 2 }] },
  { type: "log", level: "error", message: ["TypeError: three"], errorInfo: [{ name: "TypeError", message: "three", stack: "string" }] },
];
const later = { type: "log", level: "warn", message: ["later"] };
const outcome = (of) => ({ type: "outcome", outcome: of });

export const fetches = {
  async test(controller, { SELF, TOLD }) {
    await (await SELF.fetch("http://x/y?z", { headers: { a: "b" } })).text();
    let { lists, byKind, classTold } = await TOLD.take(1);
    const info = { type: "fetch", method: "GET", url: "http://x/y?z", headers: [{ name: "a", value: "b" }] };
    assert.deepEqual(lists.map(shown), [[onset(info), ...logs, { type: "return", info: { type: "fetch", statusCode: 201 } }, later, outcome("ok")]]);
    assert.deepEqual(byKind, ["onset", "log", "error", "warn", "ok"]);
    assert.strictEqual(classTold, 1);

    await assert.rejects(SELF.fetch("http://x/throw", { method: "PUT" }), RangeError);
    ({ lists } = await TOLD.take(1));
    assert.deepEqual(lists.map(shown), [
      [
        onset({ type: "fetch", method: "PUT", url: "http://x/throw", headers: [] }),
        ...logs,
        { type: "exception", name: "RangeError", message: "four", stack: "string" },
        later,
        outcome("exception"),
      ],
    ]);
  },
};

export const others = {
  async test(controller, { SELF, NAMED, TOLD }) {
    await NAMED.method();
    await SELF.scheduled({ scheduledTime: 5, cron: "c" });
    const { lists } = await TOLD.take(3);
    const byType = Object.fromEntries(lists.map((list) => [list[0].event.info.type, shown(list)]));
    const method = { name: "jsrpc.method", value: "method" };
    assert.deepEqual(byType.jsrpc, [
      onset({ type: "jsrpc" }, { entrypoint: "Named" }),
      { type: "spanOpen", name: "jsRpcCall", opens: "jsRpcCall" },
      { type: "attributes", info: [method] },
      { type: "spanOpen", name: "fetch", opens: "fetch", in: "jsRpcCall" },
      {
        type: "attributes",
        in: "fetch",
        info: [
          { name: "network.protocol.name", value: "http" },
          { name: "network.protocol.version", value: "HTTP/1.1" },
          { name: "http.request.method", value: "POST" },
          { name: "url.full", value: "http://x/" },
          { name: "http.request.header.content-type", value: "text/plain;charset=UTF-8" },
          { name: "http.request.body.size", value: 3n },
          { name: "http.response.status_code", value: 201n },
          { name: "http.response.body.size", value: 2n },
        ],
      },
      { type: "spanClose", outcome: "ok", in: "fetch" },
      {
        type: "attributes",
        in: "jsRpcCall",
        info: [
          method,
          { name: "jsrpc.target_kind", value: "entrypoint" },
          { name: "jsrpc.operation", value: "call" },
          { name: "jsrpc.caller_span_id", value: "caller" },
        ],
      },
      { type: "spanClose", outcome: "ok", in: "jsRpcCall" },
      { type: "return" },
      outcome("ok"),
    ]);
    assert.deepEqual(byType.scheduled, [onset({ type: "scheduled", scheduledTime: new Date(5), cron: "c" }), { type: "return" }, outcome("ok")]);
  },
};

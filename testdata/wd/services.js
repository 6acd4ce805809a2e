import assert from "node:assert";

export default {
  fetch: (request) => new Response("self " + new URL(request.url).pathname),
};
export const fetches = {
  async test(controller, env) {
    assert.strictEqual(await (await env.SELF.fetch("http://host/path")).text(), "self /path");
  },
};
export const calls = {
  async test(controller, env) {
    assert.strictEqual(await env.COUNTER.next(2), 12);
    await assert.rejects(env.COUNTER.next("two"), { name: "TypeError", message: "two is no number" });
  },
};

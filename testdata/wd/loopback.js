import assert from "node:assert";

export default {
  async test(controller, env) {
    const response = await env.SERVER.fetch("http://host/path?q", { method: "POST", body: "sent" });
    assert.strictEqual(response.status, 201);
    assert.deepStrictEqual(await response.json(), { method: "POST", url: "http://host/path?q", injected: "yes", body: "sent" });
  },
};

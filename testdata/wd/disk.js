import assert from "node:assert";

export const reads = {
  async test(controller, env) {
    const response = await env.FILES.fetch("http://host/hello.txt");
    assert.strictEqual(response.status, 200);
    assert.strictEqual(await response.text(), "hello\n");
  },
};
export const misses = {
  async test(controller, env) {
    assert.strictEqual((await env.FILES.fetch("http://host/nothing")).status, 404);
  },
};
export const lists = {
  async test(controller, env) {
    assert.deepStrictEqual(await (await env.FILES.fetch("http://host/")).json(), [{ name: "hello.txt", type: "file" }]);
  },
};

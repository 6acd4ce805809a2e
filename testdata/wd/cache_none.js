import assert from "node:assert";

export const noneIsConfigured = {
  async test() {
    for (const call of [() => caches.default.match("http://x/"), () => caches.default.put("http://x/", new Response("x")), () => caches.default.delete("http://x/")]) {
      await assert.rejects(call, { name: "Error", message: "No Cache was configured" });
    }
  },
};

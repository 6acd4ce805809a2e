import assert from "node:assert";

const code = {
  compatibilityDate: "2026-01-01",
  mainModule: "main.js",
  modules: { "main.js": "let n = 0; export default { fetch: () => new Response(`call ${++n}`) };" },
};
const text = async (worker) => (await worker.getEntrypoint().fetch("http://host/")).text();

export const keeps = {
  async test(controller, env) {
    assert.strictEqual(await text(env.LOADER.get("keeps", () => code)), "call 1");
    assert.strictEqual(await text(env.LOADER.get("keeps", () => assert.fail("it is there"))), "call 2");
  },
};
export const shares = {
  async test(controller, env) {
    assert.strictEqual(await text(env.SHARED.get("shares", () => code)), "call 1");
    assert.strictEqual(await text(env.ALSO.get("shares", () => assert.fail("it is there"))), "call 2");
  },
};

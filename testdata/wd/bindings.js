import assert from "node:assert";

export default {
  test(controller, env) {
    assert.strictEqual(env.text, "words");
    assert.strictEqual(new TextDecoder().decode(env.data), "bytes");
    assert.deepStrictEqual(env.json, { a: [1, 2] });
    assert.strictEqual(env.nothing, null);
  },
};

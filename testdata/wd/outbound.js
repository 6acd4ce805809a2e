import assert from "node:assert";

export default {
  async test() {
    assert.strictEqual(await (await fetch("http://elsewhere.example/a")).text(), "gateway to http://elsewhere.example/a");
  },
};

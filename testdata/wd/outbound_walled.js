import assert from "node:assert";

export default {
  async test() {
    await assert.rejects(fetch("http://127.0.0.1:1/"), { name: "Error" });
  },
};

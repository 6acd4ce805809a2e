import assert from "node:assert";

const throwsType = (fn, message) => assert.throws(fn, { name: "TypeError", message });

export const keepsEntriesInOrder = {
  test() {
    const form = new FormData();
    form.append("a", "1");
    form.append("b", null);
    form.append("a", 3);
    assert.deepStrictEqual([...form], [["a", "1"], ["b", "null"], ["a", "3"]]);
    assert.deepStrictEqual(form.getAll("a"), ["1", "3"]);
    form.set("a", "9");
    form.set("c", "0");
    assert.deepStrictEqual([...form.values()], ["9", "null", "0"]);
    form.delete("b");
    assert.strictEqual(form.has("b"), false);
    assert.strictEqual(form.get("b"), null);
    throwsType(() => form.append("a"), "Failed to execute 'append' on 'FormData': parameter 2 is not of type 'File or Blob or string'.");
  },
};

export const blobsBecomeFiles = {
  test() {
    const form = new FormData();
    const file = new File(["x"], "q", { type: "t/t" });
    form.append("a", new Blob(["x"], { type: "t/t" }));
    form.append("b", file);
    form.append("c", file, "renamed");
    assert.deepStrictEqual([form.get("a").name, form.get("a").type, form.get("a").constructor], ["a", "t/t", File]);
    assert.strictEqual(form.get("b"), file);
    assert.strictEqual(form.get("c").name, "renamed");
  },
};

export const iterationIsLive = {
  test() {
    const form = new FormData();
    form.append("a", "1");
    const seen = [];
    for (const [name] of form) {
      seen.push(name);
      if (seen.length < 3) form.append("b", "2");
    }
    assert.deepStrictEqual(seen, ["a", "b", "b"]);
  },
};

import assert from "node:assert";

const throwsType = (fn, message) => assert.throws(fn, { name: "TypeError", message });

export const concatenatesParts = {
  async test() {
    const blob = new Blob(["a", new Uint8Array([66]), new Uint16Array([0x4443]).buffer, new Blob(["e"]), 5, null]);
    assert.strictEqual(await blob.text(), "aBCDe5null");
    assert.strictEqual(blob.size, 10);
    assert.strictEqual(new Blob().size, 0);
    throwsType(() => new Blob("abc"), "Failed to construct 'Blob': constructor parameter 1 is not of type 'Array'.");
    throwsType(() => new Blob([], 5), "Failed to construct 'Blob': constructor parameter 2 is not of type 'Options'.");
    assert.throws(() => new Blob([], { endings: "native" }), { message: "The 'endings' field on 'Options' is not implemented." });
  },
};

export const normalizesType = {
  test() {
    assert.strictEqual(new Blob([], { type: "A/B" }).type, "a/b");
    assert.strictEqual(new Blob([], { type: "\u00e9" }).type, "");
  },
};

export const slices = {
  async test() {
    const blob = new Blob(["abcdef"], { type: "x/y" });
    assert.strictEqual(await blob.slice(1, 3).text(), "bc");
    assert.strictEqual(await blob.slice(-2).text(), "ef");
    assert.strictEqual(await blob.slice(3, 1).text(), "");
    assert.strictEqual(blob.slice(1).type, "");
    assert.strictEqual(blob.slice(0, 1, "A/B").type, "a/b");
    throwsType(() => blob.slice(0, 2 ** 31), "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  },
};

export const bytesAreCopies = {
  async test() {
    const blob = new Blob(["abc"]);
    (await blob.bytes()).fill(0);
    new Uint8Array(await blob.arrayBuffer()).fill(0);
    const { value } = await blob.stream().getReader().read();
    value.fill(0);
    assert.strictEqual(await blob.text(), "abc");
  },
};

export const files = {
  test() {
    const file = new File(["a"], "n\u00e9/x", { lastModified: "7" });
    assert.deepStrictEqual([file.name, file.size, file.type, file.lastModified], ["n\u00e9/x", 1, "", 7]);
    assert.ok(file instanceof Blob);
    assert.strictEqual(file.slice(0, 1).constructor, Blob);
    assert.strictEqual(Object.getPrototypeOf(File), Function.prototype);
    throwsType(() => new File([]), "Failed to construct 'File': constructor parameter 2 is not of type 'string'.");
  },
};

export const onlyBlobsClone = {
  test() {
    const copy = structuredClone(new Blob(["ab"], { type: "x/y" }));
    assert.deepStrictEqual([copy.size, copy.type], [2, "x/y"]);
    assert.throws(() => structuredClone(new File([], "x")), {
      name: "DataCloneError",
      message: 'Could not serialize object of type "File". This type does not support serialization.',
    });
  },
};

import assert from "node:assert";
import { twice } from "typed.js";
import common from "common.cjs";
import text from "text";
import data from "data";
import json from "json";
import wasm from "wasm";

export const typed = {
  test() {
    assert.strictEqual(twice(21), 42);
  },
};
export const others = {
  test() {
    assert.strictEqual(common.answer, 42);
    assert.strictEqual(text, "words");
    assert.strictEqual(new TextDecoder().decode(data), "bytes");
    assert.deepStrictEqual(json, { a: [1, 2] });
    assert.ok(wasm instanceof WebAssembly.Module);
  },
};

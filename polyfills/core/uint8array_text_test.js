import assert from "node:assert";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function base64Of(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    text += digits[n >> 18] + digits[(n >> 12) & 63] + (left > 1 ? digits[(n >> 6) & 63] : "=") + (left > 2 ? digits[n & 63] : "=");
  }
  return text;
}

function outcome(f) {
  try {
    return f();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

export const allLengths = {
  test() {
    for (let length = 0; length < 130; length++) {
      const bytes = crypto.getRandomValues(new Uint8Array(length + 5)).subarray(length % 3, length + (length % 3));
      const hex = hexOf(bytes);
      const base64 = base64Of(bytes);
      const url = base64.replaceAll("+", "-").replaceAll("/", "_");
      assert.strictEqual(bytes.toHex(), hex);
      assert.strictEqual(bytes.toBase64(), base64);
      assert.strictEqual(bytes.toBase64({ alphabet: "base64url" }), url);
      assert.strictEqual(bytes.toBase64({ alphabet: "base64url", omitPadding: true }), url.replaceAll("=", ""));
      assert.strictEqual(hexOf(Uint8Array.fromHex(hex.toUpperCase())), hex);
      for (const lastChunkHandling of ["loose", "strict", "stop-before-partial"]) {
        assert.strictEqual(hexOf(Uint8Array.fromBase64(` ${base64}\n`, { lastChunkHandling })), hex);
        assert.strictEqual(hexOf(Uint8Array.fromBase64(url, { alphabet: "base64url", lastChunkHandling })), hex);
      }
      const target = new Uint8Array(length + 4);
      assert.deepStrictEqual(target.subarray(2).setFromBase64(base64), { read: base64.length, written: length });
      assert.strictEqual(hexOf(target), `0000${hex}0000`);
      assert.deepStrictEqual(target.subarray(1).setFromHex(hex), { read: hex.length, written: length });
    }
  },
};

export const lastChunks = {
  test() {
    const read = (text, options) => outcome(() => hexOf(Uint8Array.fromBase64(text, options)));
    const [strict, stop] = [{ lastChunkHandling: "strict" }, { lastChunkHandling: "stop-before-partial" }];
    assert.deepStrictEqual([read("YQ"), read("YWI"), read("YWJjYQ", stop), read("YWJjYQ=", stop), read("YWJjYQ==", stop), read("YR==")], ["61", "6162", "616263", "616263", "61626361", "61"]);
    for (const text of ["a", "YWJjY"]) assert.strictEqual(read(text), "SyntaxError: The base64 input terminates with a single character, excluding padding (=).");
    for (const text of ["!!!!", "YQ=", "YQ==YQ==", "=", "YWJj=", "-_8=", "\u0130QQQ"]) assert.strictEqual(read(text), "SyntaxError: Found a character that cannot be part of a valid base64 string.");
    assert.strictEqual(read("+/8=", { alphabet: "base64url" }), "SyntaxError: Found a character that cannot be part of a valid base64 string.");
    assert.strictEqual(read("YR==", strict), "SyntaxError: The base64 input terminates with non-zero padding bits.");
    assert.strictEqual(read("YWJ=", strict), "SyntaxError: The base64 input terminates with non-zero padding bits.");
    assert.strictEqual(read("YQ", strict), "SyntaxError: The base64 input terminates with a single character, excluding padding (=).");
  },
};

export const intoArrays = {
  test() {
    const array = new Uint8Array(4);
    assert.deepStrictEqual([array.subarray(0, 3).setFromBase64("YWJjZGVm"), array.subarray(0, 2).setFromBase64("YWJj"), array.subarray(0, 1).setFromBase64("YQ==")], [
      { read: 4, written: 3 },
      { read: 0, written: 0 },
      { read: 4, written: 1 },
    ]);
    assert.deepStrictEqual([array.setFromHex("ffee"), array.subarray(0, 1).setFromHex("0102")], [{ read: 4, written: 2 }, { read: 2, written: 1 }]);
    // What comes before a mistake is written.
    assert.strictEqual(outcome(() => array.setFromBase64("ZGVm!")), "SyntaxError: Found a character that cannot be part of a valid base64 string.");
    assert.deepStrictEqual([...array], [100, 101, 102, 0]);
    for (const text of ["abc", "01zz", "0/", "0:", "@0", "`0", "g0"]) assert.strictEqual(outcome(() => array.setFromHex(text)), "SyntaxError: Input string must contain hex characters in even length");
    assert.strictEqual(outcome(() => Uint8Array.fromHex("0\u0130")), "SyntaxError: Input string must contain hex characters in even length");
    assert.strictEqual(outcome(() => Uint8Array.fromHex("0g")), "SyntaxError: Input string must contain hex characters in even length");
  },
};

export const mistakes = {
  test() {
    const { prototype } = Uint8Array;
    assert.strictEqual(outcome(() => prototype.toHex.call([])), "TypeError: Method Uint8Array.prototype.toHex called on incompatible receiver [object Array]");
    assert.strictEqual(outcome(() => prototype.toBase64.call(new Uint16Array(1))), "TypeError: Method Uint8Array.prototype.toBase64 called on incompatible receiver [object Uint16Array]");
    assert.strictEqual(outcome(() => prototype.setFromHex.call([], "")), "TypeError: this is not a typed array.");
    assert.strictEqual(outcome(() => Uint8Array.fromHex(5)), "TypeError: input argument must be a string");
    assert.strictEqual(outcome(() => Uint8Array.fromBase64("", 5)), "TypeError: invalid_argument");
    assert.strictEqual(outcome(() => new Uint8Array(1).toBase64({ alphabet: 5 })), "TypeError: invalid option 5");
    const gone = new Uint8Array(4);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    assert.strictEqual(outcome(() => gone.toHex()), "TypeError: Cannot perform Uint8Array.prototype.toHex on a detached or out-of-bounds ArrayBuffer");
    assert.deepStrictEqual(
      [prototype.toHex, prototype.setFromBase64, Uint8Array.fromHex].map((f) => [f.name, f.length, "prototype" in f]),
      [["toHex", 0, false], ["setFromBase64", 1, false], ["fromHex", 1, false]],
    );
  },
};

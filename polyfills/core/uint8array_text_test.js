import assert from "node:assert";

export const views = {
  test() {
    const bytes = new Uint8Array([1, 2, 251, 255, 5]);
    assert.strictEqual(bytes.subarray(1).toBase64(), "Avv/BQ==");
    assert.strictEqual(bytes.subarray(-3).toBase64({ alphabet: "base64url", omitPadding: true }), "-_8F");
    assert.strictEqual(bytes.subarray(2, 4).toHex(), "fbff");
    assert.strictEqual(bytes.toHex(), "0102fbff05");
    assert.strictEqual(Uint8Array.prototype.toBase64.length, 0);
    assert.throws(() => Uint8Array.prototype.toHex.call([]), TypeError);
  },
};

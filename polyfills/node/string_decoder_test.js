import assert from "node:assert";
import { StringDecoder } from "node:string_decoder";

// What a decoder gives for parts, and at the end.
function decode(encoding, ...parts) {
  const decoder = new StringDecoder(encoding);
  return [...parts.map((part) => decoder.write(Buffer.from(part, "hex"))), decoder.end()];
}

export const charactersInParts = {
  test() {
    assert.deepStrictEqual(decode("utf8", "e2", "82", "ac41"), ["", "", "\u20acA", ""]);
    assert.deepStrictEqual(decode("utf8", "f09f", "9880"), ["", "\ud83d\ude00", ""]);
    assert.deepStrictEqual(decode("utf8", "e282", "41"), ["", "\ufffdA", ""]);
    assert.deepStrictEqual(decode("utf8", "41e2"), ["A", "\ufffd"]);
    assert.deepStrictEqual(decode("utf8", "ff80"), ["\ufffd\ufffd", ""]);
    assert.deepStrictEqual(decode("utf16le", "3d", "d800", "de"), ["", "\ud83d", "\ude00", ""]);
    assert.deepStrictEqual(decode("utf16le", "3dd8", "00de"), ["", "\ud83d\ude00", ""]);
    assert.deepStrictEqual(decode("base64", "61", "6263", "64"), ["", "YWJj", "", "ZA=="]);
    assert.deepStrictEqual(decode("hex", "61", "62"), ["61", "62", ""]);
    assert.deepStrictEqual(decode("latin1", "e9"), ["\u00e9", ""]);
  },
};

export const state = {
  test() {
    const decoder = new StringDecoder();
    decoder.write(Buffer.from([0xe2, 0x82]));
    assert.deepStrictEqual([decoder.encoding, decoder.lastNeed, decoder.lastTotal, [...decoder.lastChar]], ["utf8", 1, 3, [0xe2, 0x82, 0, 0]]);
    assert.strictEqual(decoder.text(Buffer.from("abc"), 1), "bc");
    assert.strictEqual(decoder.lastNeed, 0);
    assert.strictEqual(new StringDecoder("binary").encoding, "latin1");
  },
};

export const errors = {
  test() {
    assert.throws(() => new StringDecoder("nope"), { code: "ERR_UNKNOWN_ENCODING" });
    assert.throws(() => new StringDecoder().write(1), {
      message: 'The "buf" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received type number (1)',
    });
    assert.throws(() => StringDecoder.prototype.write.call({}, ""), { code: "ERR_INVALID_THIS", message: 'Value of "this" must be of type StringDecoder' });
  },
};

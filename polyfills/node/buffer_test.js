import assert from "node:assert";
import { Buffer, INSPECT_MAX_BYTES, SlowBuffer, constants, isAscii, isUtf8, kMaxLength, transcode } from "node:buffer";
import util from "node:util";

const hex = (buffer) => buffer.toString("hex");

export const making = {
  test() {
    assert.strictEqual(globalThis.Buffer, Buffer);
    assert.strictEqual(globalThis.global, globalThis);
    assert.deepStrictEqual(Buffer.from([1, 257, -1, "3", null]), Buffer.of(1, 1, 255, 3, 0));
    assert.strictEqual(hex(Buffer.from("h\u00e9\u20ac\ud83d\ude00\ud800")), "68c3a9e282acf09f9880efbfbd");
    assert.strictEqual(hex(Buffer.from(new Uint16Array([1, 300]))), "012c");
    assert.strictEqual(hex(Buffer.from({ length: 2, 0: 5 })), "0500");
    assert.strictEqual(hex(Buffer.from({ type: "Buffer", data: [1, 2] })), "0102");
    assert.strictEqual(hex(Buffer.from(new String("abc"))), "616263");
    const memory = new ArrayBuffer(8);
    assert.strictEqual(Buffer.from(memory, 2, 3).buffer, memory);
    assert.strictEqual(Buffer.from(memory, 2, 3).length, 3);
    assert.throws(() => Buffer.from(memory, 9), { code: "ERR_BUFFER_OUT_OF_BOUNDS", message: '"offset" is outside of buffer bounds' });
    assert.throws(() => Buffer.from(memory, 2, 9), { message: '"length" is outside of buffer bounds' });
    assert.throws(() => Buffer.from(1), {
      code: "ERR_INVALID_ARG_TYPE",
      message:
        "The first argument must be of type string or an instance of Buffer, TypedArray, ArrayBuffer, SharedArrayBuffer, or Array or an Array-like Object. Received type number (1)",
    });
    assert.strictEqual(hex(Buffer.alloc(5, "ab")), "6162616261");
    assert.strictEqual(hex(new Buffer(3)), "000000");
    assert.strictEqual(hex(SlowBuffer("2")), "0000");
    assert.throws(() => Buffer.alloc(NaN), { name: "RangeError", code: "ERR_INVALID_ARG_VALUE" });
    assert.throws(() => Buffer.alloc(2 ** 31), { code: "ERR_OUT_OF_RANGE", message: `The value of "size" is out of range. It must be 0 to ${kMaxLength}. Received 2147483648` });
    assert.deepStrictEqual(constants, { MAX_LENGTH: 2147483647, MAX_STRING_LENGTH: 536870888 });
    assert.strictEqual(Buffer.concat([Buffer.from("abc"), new Uint8Array([1])], 5).toString("hex"), "6162630100");
    assert.strictEqual(hex(Buffer.concat([Buffer.from("abc")], 2)), "6162");
    assert.throws(() => Buffer.concat(["abc"]), { message: "Incorrect type for array element 0: the provided value is not of type 'Uint8Array'." });
  },
};

export const encodings = {
  test() {
    const text = "h\u00e9 \u20ac\ud83d\ude00";
    const expected = {
      utf8: "68c3a920e282acf09f9880",
      latin1: "68e920ac3d00",
      ascii: "68e920ac3d00",
      ucs2: "6800e9002000ac203dd800de",
      hex: "",
      base64: "",
    };
    for (const [name, value] of Object.entries(expected)) assert.strictEqual(hex(Buffer.from(text, name)), value, name);
    const bytes = Buffer.from([0xfb, 0xff, 0x00, 0xe2, 0x82]);
    assert.strictEqual(bytes.toString("base64"), "+/8A4oI=");
    assert.strictEqual(bytes.toString("base64url"), "-_8A4oI");
    assert.strictEqual(bytes.toString("latin1"), "\u00fb\u00ff\u0000\u00e2\u0082");
    assert.strictEqual(bytes.toString("ascii"), "{\x7f\0b\x02");
    assert.strictEqual(bytes.toString(), "\ufffd\ufffd\0\ufffd");
    assert.strictEqual(bytes.toString("utf16le"), "\ufffb\ue200");
    assert.strictEqual(bytes.toString("HEX", 1, 3), "ff00");
    assert.throws(() => bytes.toString("nope"), { code: "ERR_UNKNOWN_ENCODING", message: "Unknown encoding: nope" });
    assert.strictEqual(Buffer.byteLength("YWI=", "base64"), 2);
    assert.deepStrictEqual(["utf8", "UCS-2", "binary", "Base64URL", "", "utf16", undefined].map(Buffer.isEncoding), [true, true, true, true, false, false, false]);
  },
};

export const malformedBase64AndHex = {
  test() {
    const decoded = { "=bad": "", "YWJj=ZGVm": "616263", "Y!W!J!j": "616263", YWJjY: "616263", YQ: "61", "Y\u0157Jj": "616263", "_-8": "ffef" };
    for (const [text, value] of Object.entries(decoded)) assert.strictEqual(hex(Buffer.from(text, "base64")), value, text);
    const write = (text) => {
      const buffer = Buffer.alloc(9);
      return hex(buffer.subarray(0, buffer.write(text, "base64")));
    };
    assert.deepStrictEqual(["++jmVZZ=", "mWj YYYYYYYY", "YWJj=ZGVm", "\u0141\u0141m +_+-Vm_Jm/"].map(write), ["fbe8e65596", "9968d86186186186", "616263", "9beffef959bf266f"]);
    assert.deepStrictEqual(["abc", "abxxcd", "", "ABCDg0"].map((text) => hex(Buffer.from(text, "hex"))), ["ab", "ab", "", "abcd"]);
    assert.throws(() => Buffer.alloc(4, "zz", "hex"), { name: "TypeError", message: "The text is not valid hex" });
  },
};

export const writing = {
  test() {
    const written = (...args) => {
      const buffer = Buffer.alloc(6, ".");
      return `${buffer.write(...args)} ${buffer.toString("latin1")}`;
    };
    assert.strictEqual(written("abc"), "3 abc...");
    assert.strictEqual(written("abc", 1, 1), "1 .a....");
    assert.strictEqual(written("abc", 0, 3, "ucs2"), "2 a\0....");
    // No part of a character.
    assert.strictEqual(written("\u20ac\u20ac", 1), "3 .\u00e2\u0082\u00ac..");
    assert.throws(() => written("a", 7), { code: "ERR_OUT_OF_RANGE", message: 'The value of "offset" is out of range. It must be >= 0 && <= 6. Received 7' });
    assert.throws(() => Buffer.alloc(6).utf8Write("a", 1), { code: "ERR_OUT_OF_RANGE", message: 'The value of "length" is out of range. It must be >= 0 && <= 5. Received 6' });
    const filled = (...args) => hex(Buffer.alloc(6, 46).fill(...args));
    assert.deepStrictEqual([filled("abc", 1), filled("6162", "hex"), filled(0x1ff), filled(new Uint8Array([1, 2]), 1, 4), filled("")], [
      "2e6162636162",
      "616261626162",
      "ffffffffffff",
      "2e0102012e2e",
      "000000000000",
    ]);
    const self = Buffer.from("abcdef");
    assert.strictEqual(self.copy(self, 1), 5);
    assert.strictEqual(self.toString(), "aabcde");
    assert.strictEqual(Buffer.from("abcdef").swap16().toString(), "badcfe");
    assert.throws(() => Buffer.alloc(3).swap16(), { code: "ERR_INVALID_BUFFER_SIZE", message: "Buffer size must be a multiple of 16-bits" });
  },
};

export const searching = {
  test() {
    const buffer = Buffer.from("hello world");
    assert.deepStrictEqual([buffer.indexOf("l"), buffer.indexOf("l", 4), buffer.indexOf("l", -3), buffer.indexOf("zz"), buffer.indexOf(""), buffer.indexOf("", 99)], [2, 9, 9, -1, 0, 11]);
    assert.deepStrictEqual([buffer.lastIndexOf("l"), buffer.lastIndexOf("l", 4), buffer.lastIndexOf("l", -100), buffer.lastIndexOf(108)], [9, 3, -1, 9]);
    assert.deepStrictEqual([buffer.indexOf("6f", "hex"), buffer.includes(Buffer.from("wor")), buffer.indexOf(108 + 256)], [4, true, 2]);
    const wide = Buffer.from("abcdab", "ucs2");
    assert.deepStrictEqual([wide.indexOf("ab", 1, "ucs2"), wide.lastIndexOf("ab", "ucs2"), wide.indexOf("c", "ucs2")], [0, 8, 4]);
    assert.throws(() => buffer.indexOf({}), { message: 'The "value" argument must be one of type number or string or an instance of Buffer or Uint8Array. Received an instance of Object' });
    assert.deepStrictEqual([Buffer.compare(Buffer.from([1, 2]), Buffer.from([1])), Buffer.from("a").equals(new Uint8Array([97]))], [1, true]);
    assert.strictEqual(Buffer.from("abcd").compare(Buffer.from("xbcy"), 1, 3, 1, 3), 0);
  },
};

export const numbers = {
  test() {
    const bytes = Buffer.from([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88]);
    assert.deepStrictEqual([bytes.readUInt16LE(), bytes.readInt16BE(1), bytes.readUInt32BE(4), bytes.readInt32LE()], [33409, -32125, 2240186248, -2071756159]);
    assert.deepStrictEqual([bytes.readUIntLE(0, 3), bytes.readIntBE(2, 6), bytes.readUIntBE(0, 5)], [8618625, -136869777602680, 556240438405]);
    assert.deepStrictEqual([bytes.readBigInt64LE(), bytes.readBigUint64BE()], [-8608764254683430271n, 9332165983064197000n]);
    const buffer = Buffer.alloc(8);
    assert.strictEqual(buffer.writeDoubleBE(1.5, 0), 8);
    assert.strictEqual(hex(buffer), "3ff8000000000000");
    assert.strictEqual(buffer.readDoubleBE(), 1.5);
    buffer.writeIntLE(-2, 1, 6);
    assert.strictEqual(buffer.readIntLE(1, 6), -2);
    buffer.writeBigInt64BE(-2n);
    assert.strictEqual(hex(buffer), "fffffffffffffffe");
    const range = (text) => ({ name: "RangeError", code: "ERR_OUT_OF_RANGE", message: text });
    assert.throws(() => buffer.readUInt8(8), range('The value of "offset" is out of range. It must be >= 0 and <= 7. Received 8'));
    assert.throws(() => buffer.readInt16LE(1.5), range('The value of "offset" is out of range. It must be an integer. Received 1.5'));
    assert.throws(() => buffer.readUIntBE(0, 7), range('The value of "byteLength" is out of range. It must be >= 1 and <= 6. Received 7'));
    assert.throws(() => buffer.writeInt8(128), range('The value of "value" is out of range. It must be >= -128 and <= 127. Received 128'));
    assert.throws(() => buffer.writeUIntLE(2 ** 48, 0, 6), range('The value of "value" is out of range. It must be >= 0 and < 2 ** 48. Received 281_474_976_710_656'));
    assert.throws(() => buffer.writeBigUInt64LE(-1n), range('The value of "value" is out of range. It must be >= 0n and < 2n ** 64n. Received -1n'));
    assert.throws(() => buffer.readInt8("0"), { code: "ERR_INVALID_ARG_TYPE" });
    assert.throws(() => Buffer.alloc(1).readInt32LE(), { code: "ERR_BUFFER_OUT_OF_BOUNDS", message: "Attempt to access memory outside buffer bounds" });
  },
};

export const viewsAndInspection = {
  test() {
    const buffer = Buffer.from("abcdef");
    assert.deepStrictEqual([buffer.slice(1, 3), buffer.slice(-2), buffer.subarray(1, 2), buffer.slice(5, 2)].map(String), ["bc", "ef", "b", ""]);
    assert.strictEqual(buffer.slice(1).buffer, buffer.buffer);
    assert.ok(Buffer.isBuffer(buffer.subarray(1)) && Buffer.isBuffer(buffer.map((x) => x)) && util.isBuffer(buffer));
    assert.strictEqual(Buffer.isBuffer(new Uint8Array(1)), false);
    assert.strictEqual(JSON.stringify(Buffer.from("ab")), '{"type":"Buffer","data":[97,98]}');
    assert.strictEqual(util.inspect({ a: Buffer.from("ab") }), "{ a: <Buffer 61 62> }");
    assert.strictEqual(util.inspect(Object.assign(Buffer.from("a"), { foo: 1 })), "<Buffer 61, foo: 1>");
    assert.match(util.inspect(Buffer.alloc(INSPECT_MAX_BYTES + 2)), /00 \.\.\. 2 more bytes>$/);
  },
};

export const transcoding = {
  test() {
    assert.strictEqual(hex(transcode(Buffer.from("\u00e9\u20ac\ud83d\ude00a"), "utf8", "latin1")), "e9803f61");
    assert.strictEqual(hex(transcode(Buffer.from([0xe9, 0x80]), "ascii", "utf8")), "c3a9e282ac");
    assert.strictEqual(hex(transcode(Buffer.from("\u20ac"), "utf8", "ucs2")), "ac20");
    assert.throws(() => transcode(Buffer.from([0xff]), "utf8", "ucs2"), { message: "Unable to transcode buffer" });
    assert.throws(() => transcode(Buffer.from("a"), "hex", "utf8"), { message: "Unable to transcode buffer due to unsupported encoding" });
    assert.deepStrictEqual([isAscii(Buffer.from("a")), isAscii(Buffer.from("\u00e9")), isUtf8(Buffer.from("\u00e9")), isUtf8(Buffer.from([0xff]))], [true, false, true, false]);
  },
};

export const patchedBuiltIns = {
  test() {
    const { set } = Uint8Array.prototype;
    try {
      Uint8Array.prototype.set = () => {
        throw new Error("patched");
      };
      assert.strictEqual(Buffer.concat([Buffer.from([1, 2]), Buffer.from("a")]).toString("hex"), "010261");
    } finally {
      Uint8Array.prototype.set = set;
    }
  },
};

// Lists of bytes in which almost every place looks right for long: a search must not try them all.
export const searchingIsLinear = {
  test() {
    const size = 1 << 22;
    const hay = Buffer.alloc(size, "a");
    const needle = Buffer.alloc(size / 2, "a");
    needle[needle.length - 1] = 98;
    assert.deepStrictEqual([hay.indexOf(needle), hay.lastIndexOf(needle)], [-1, -1]);
    needle[needle.length - 1] = 97;
    needle[0] = 98;
    assert.deepStrictEqual([hay.indexOf(needle), hay.lastIndexOf(needle)], [-1, -1]);
    assert.deepStrictEqual([hay.indexOf(needle, "ucs2"), hay.lastIndexOf(needle, "ucs2")], [-1, -1]);
    // The needle is everywhere, but for the places of whole units.
    const odd = Buffer.alloc(size);
    for (let i = 1; i < size; i += 2) odd[i] = 97;
    const wide = Buffer.alloc(size / 2);
    for (let i = 0; i < wide.length; i += 2) wide[i] = 97;
    assert.deepStrictEqual([odd.indexOf(wide, 0, "ucs2"), odd.lastIndexOf(wide, size, "ucs2"), odd.indexOf(wide)], [-1, -1, 1]);
  },
};

// Against the definition, over few letters, so that parts of the needle are everywhere.
export const searchingFindsTheFirst = {
  test() {
    let seed = 7;
    const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    const letters = (n) => Buffer.from(Array.from({ length: n }, () => random(2)));
    const at = (hay, needle, i) => i >= 0 && i + needle.length <= hay.length && hay.subarray(i, i + needle.length).equals(needle);
    for (let round = 0; round < 2000; round++) {
      const hay = letters(random(24)), needle = letters(1 + random(4));
      const from = random(26);
      let first = from, last = Math.min(from, hay.length - needle.length);
      while (first < hay.length && !at(hay, needle, first)) first++;
      while (last >= 0 && !at(hay, needle, last)) last--;
      const found = `${hay.toString("hex")} ${needle.toString("hex")} ${from}`;
      assert.strictEqual(hay.indexOf(needle, from), first < hay.length ? first : -1, found);
      assert.strictEqual(hay.lastIndexOf(needle, from), Math.max(last, -1), found);
      if (hay.length % 2 || needle.length % 2 || from % 2) continue;
      first = from;
      while (first < hay.length && !at(hay, needle, first)) first += 2;
      last = Math.min(from, hay.length - needle.length);
      while (last >= 0 && !at(hay, needle, last)) last -= 2;
      assert.strictEqual(hay.indexOf(needle, from, "ucs2"), first < hay.length ? first : -1, found);
      assert.strictEqual(hay.lastIndexOf(needle, from, "ucs2"), Math.max(last, -1), found);
    }
  },
};

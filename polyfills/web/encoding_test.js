import assert from "node:assert";

const test = (fn) => ({ test: fn });
const bytes = (...list) => new Uint8Array(list);

export const encodes = test(() => {
  const encoder = new TextEncoder();
  assert.strictEqual(encoder.encoding, "utf-8");
  assert.deepStrictEqual([...encoder.encode("a\u20ac\ud800")], [97, 0xe2, 0x82, 0xac, 0xef, 0xbf, 0xbd]);
  assert.strictEqual(encoder.encode().length, 0);
  assert.strictEqual(encoder.encode(null).length, 4);
  const target = new Uint8Array(4);
  assert.deepStrictEqual({ ...encoder.encodeInto("a\u{1f600}b", target) }, { read: 1, written: 1 });
  assert.deepStrictEqual({ ...encoder.encodeInto("\u{1f600}b", target) }, { read: 2, written: 4 });
});

export const decodesUtf8 = test(() => {
  const decoder = new TextDecoder();
  assert.deepStrictEqual([decoder.encoding, decoder.fatal, decoder.ignoreBOM], ["utf-8", false, false]);
  assert.strictEqual(decoder.decode(), "");
  assert.strictEqual(decoder.decode(bytes(0xef, 0xbb, 0xbf, 65)), "A");
  assert.strictEqual(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf, 65)), "\ufeffA");
  assert.strictEqual(decoder.decode(bytes(0xc0, 0x80, 0xe2, 0x82)), "\ufffd\ufffd\ufffd");
  assert.strictEqual(decoder.decode(new DataView(bytes(65, 66, 67).buffer, 1)), "BC");
  assert.strictEqual(decoder.decode(bytes(65, 66).buffer), "AB");
});

// Every way to cut a text in two gives the same text.
export const streams = test(() => {
  const text = "a\u00e9\u20ac\u{1f600}\ufeffz";
  const utf16 = (big) => {
    const view = new DataView(new ArrayBuffer(text.length * 2));
    for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !big);
    return new Uint8Array(view.buffer);
  };
  for (const [label, data] of [["utf-8", new TextEncoder().encode(text)], ["utf-16le", utf16(false)], ["utf-16be", utf16(true)]]) {
    const decoder = new TextDecoder(label, { fatal: true });
    for (let cut = 0; cut <= data.length; cut++) {
      const first = decoder.decode(data.subarray(0, cut), { stream: true });
      assert.strictEqual(first + decoder.decode(data.subarray(cut)), text, `${label} ${cut}`);
    }
    let out = "";
    for (const byte of data) out += decoder.decode(bytes(byte), { stream: true });
    assert.strictEqual(out + decoder.decode(), text);
  }
});

export const streamsKeepOnlyWhatMayComplete = test(() => {
  const decoder = new TextDecoder();
  const chunk = (...list) => decoder.decode(bytes(...list), { stream: true });
  assert.strictEqual(chunk(0xe0, 0x80), "\ufffd\ufffd");
  assert.strictEqual(chunk(0xed, 0xa0), "\ufffd\ufffd");
  assert.strictEqual(chunk(0xf0, 0x90, 0x80), "");
  assert.strictEqual(decoder.decode(), "\ufffd");
  assert.strictEqual(chunk(0xef, 0xbb), "");
  assert.strictEqual(chunk(0xbf, 65), "A");
  assert.strictEqual(decoder.decode(bytes(0xef, 0xbb, 0xbf)), "\ufeff");
  assert.strictEqual(decoder.decode(bytes(0xef, 0xbb, 0xbf)), "");
});

export const decodesUtf16 = test(() => {
  const little = new TextDecoder("utf-16");
  assert.strictEqual(little.encoding, "utf-16le");
  assert.strictEqual(little.decode(bytes(0xff, 0xfe, 65, 0)), "A");
  assert.strictEqual(little.decode(bytes(0, 0xd8, 65, 0, 1)), "\ufffdA\ufffd");
  assert.strictEqual(little.decode(bytes(0, 0xd8, 65)), "\ufffd");
  assert.strictEqual(new TextDecoder("utf-16be").decode(bytes(0xfe, 0xff, 0x20, 0xac)), "\u20ac");
});

export const decodesWindows1252 = test(() => {
  for (const label of ["latin1", "ascii", "ISO-8859-1", " us-ascii\n", "windows-1252"]) {
    const decoder = new TextDecoder(label);
    assert.strictEqual(decoder.encoding, "windows-1252");
    assert.strictEqual(decoder.decode(bytes(65, 0x80, 0x81, 0x9f, 0xff)), "A\u20ac\x81\u0178\xff");
  }
});

export const encodingErrors = test(() => {
  const fails = (fn, message, name = "TypeError") => assert.throws(fn, { name, message });
  fails(() => new TextDecoder("foo"), '"foo" is not a valid encoding.', "RangeError");
  fails(() => new TextDecoder("replacement"), '"replacement" is not a valid encoding.', "RangeError");
  fails(() => new TextDecoder("utf-8", 1), "Failed to construct 'TextDecoder': constructor parameter 2 is not of type 'ConstructorOptions'.");
  fails(() => new TextDecoder().decode("a"), "Failed to execute 'decode' on 'TextDecoder': parameter 1 is not of type 'Array'.");
  fails(() => new TextDecoder().decode(bytes(), 1), "Failed to execute 'decode' on 'TextDecoder': parameter 2 is not of type 'DecodeOptions'.");
  fails(() => new TextEncoder().encodeInto("a", []), "Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.");
  for (const [label, ...list] of [["utf-8", 0xff], ["utf-8", 0xe2], ["utf-16le", 1], ["utf-16le", 0, 0xd8], ["utf-16le", 0, 0xdc, 65, 0]]) {
    const decoder = new TextDecoder(label, { fatal: true });
    fails(() => decoder.decode(bytes(...list)), "Failed to decode input.");
    assert.strictEqual(decoder.decode(), "");
  }
  fails(() => TextDecoder.prototype.decode.call({}), /^Illegal invocation: /);
  fails(() => TextEncoder.prototype.encoding, /^Illegal invocation: /);
});

export const legacyEncodings = {
  test() {
    const decode = (label, bytes, options) => new TextDecoder(label, options).decode(new Uint8Array(bytes));
    assert.strictEqual(new TextDecoder(" CP1251\n").encoding, "windows-1251");
    assert.strictEqual(new TextDecoder("logical").encoding, "iso-8859-8-i");
    for (const label of ["replacement", "utf-7", "hz-gb-2312", "latin1\u00a0"]) {
      assert.throws(() => new TextDecoder(label), { name: "RangeError", message: `"${label}" is not a valid encoding.` });
    }
    assert.strictEqual(decode("koi8-r", [0xf0, 0xd2, 0xc9]), "\u041f\u0440\u0438");
    assert.strictEqual(decode("gb18030", [0x84, 0x31, 0x95, 0x33, 0x41]), "\ufeffA");
    assert.strictEqual(decode("big5", [0x88, 0x62]), "\u00ca\u0304");
    assert.throws(() => decode("euc-kr", [0xb0, 0x20], { fatal: true }), { name: "TypeError", message: "Failed to decode input." });
    const stream = new TextDecoder("shift_jis");
    assert.strictEqual(stream.decode(new Uint8Array([0x82]), { stream: true }), "");
    assert.strictEqual(stream.decode(new Uint8Array([0xa0, 0x82]), { stream: true }), "\u3042");
    assert.strictEqual(stream.decode(), "\ufffd");
    assert.strictEqual(stream.decode(new Uint8Array([0xa0])), "\ufffd");
  },
};

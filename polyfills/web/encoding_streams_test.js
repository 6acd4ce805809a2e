import assert from "node:assert";

async function through(stream, chunks) {
  const list = [];
  for await (const chunk of ReadableStream.from(chunks).pipeThrough(stream)) list.push(chunk);
  return list;
}

export const encodesSplitSurrogates = {
  async test() {
    const chunks = await through(new TextEncoderStream(), ["a", "\ud83d", "\ude00", "", "\ud83d"]);
    assert.deepStrictEqual(
      chunks.map((chunk) => [...chunk]),
      [[97], [240, 159, 152, 128], [239, 191, 189]],
    );
    assert.strictEqual(new TextEncoderStream().encoding, "utf-8");
  },
};

export const decodesSplitCharacters = {
  async test() {
    const parts = [[0xef, 0xbb, 0xbf, 0x41, 0xc3], [0xa9], [0xc3]].map((part) => new Uint8Array(part));
    assert.strictEqual((await through(new TextDecoderStream(), parts)).join(""), "A\u00e9\ufffd");
    assert.strictEqual((await through(new TextDecoderStream("utf-8", { fatal: false, ignoreBOM: true }), parts)).join(""), "\ufeffA\u00e9\ufffd");
  },
};

export const decoderErrors = {
  async test() {
    await assert.rejects(through(new TextDecoderStream("utf-8", { fatal: true }), [new Uint8Array([255])]), { name: "TypeError", message: "Failed to decode input." });
    await assert.rejects(through(new TextDecoderStream(), ["abc"]), {
      name: "TypeError",
      message: "This TransformStream is being used as a byte stream, but received a value that is not a BufferSource.",
    });
    assert.throws(() => new TextDecoderStream("nope"), { name: "RangeError", message: '"nope" is not a valid encoding.' });
    assert.strictEqual(new TextDecoderStream().fatal, false);
    assert.strictEqual(new TextDecoderStream("utf-8", {}).fatal, true);
    const decoder = new TextDecoderStream("latin1", { fatal: true });
    assert.deepStrictEqual([decoder.encoding, decoder.fatal, decoder.ignoreBOM], ["windows-1252", true, false]);
  },
};

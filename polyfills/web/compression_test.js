import assert from "node:assert";

const text = "the quick brown fox jumps over the lazy dog. ".repeat(5000);

async function collect(readable) {
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

function compress(data, format) {
  return collect(new Response(data).body.pipeThrough(new CompressionStream(format)));
}

/** Writes each chunk, closes, and tells how each call and the reading ended. */
async function decompress(chunks, format) {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const outcome = (promise) => promise.then(() => "ok", (e) => `${e.name}: ${e.message}`);
  const read = outcome(collect(stream.readable));
  const writes = [];
  for (const chunk of chunks) writes.push(await outcome(writer.write(chunk)));
  return { writes, close: await outcome(writer.close()), read: await read };
}

export const roundTrips = {
  async test() {
    for (const format of ["gzip", "deflate", "deflate-raw"]) {
      for (const data of ["", "abc", text]) {
        const packed = await compress(data, format);
        const plain = await collect(new Response(packed).body.pipeThrough(new DecompressionStream(format)));
        assert.strictEqual(new TextDecoder().decode(plain), data, format);
        assert.ok(packed.length < 1000 + data.length / 50, `${format} ${data.length} ${packed.length}`);
      }
    }
  },
};

export const writesDoNotWaitForReads = {
  async test() {
    const noise = new Uint8Array(1 << 20).map((_, i) => (i * i * 31) >> 7);
    const stream = new CompressionStream("gzip");
    const writer = stream.writable.getWriter();
    assert.strictEqual(writer.desiredSize, 1);
    await writer.write(noise);
    await writer.write(noise);
    await writer.close();
    const plain = await collect(stream.readable.pipeThrough(new DecompressionStream("gzip")));
    assert.strictEqual(plain.length, 2 << 20);
  },
};

export const malformedData = {
  async test() {
    const incomplete = "TypeError: Called close() on a decompression stream with incomplete data";
    const trailing = "TypeError: Trailing bytes after end of compressed data";
    const failed = "TypeError: Decompression failed.";
    for (const format of ["gzip", "deflate", "deflate-raw"]) {
      const packed = await compress("hello hello hello", format);
      assert.deepStrictEqual(await decompress([], format), { writes: [], close: incomplete, read: incomplete });
      assert.deepStrictEqual(await decompress([packed.subarray(0, -1)], format), { writes: ["ok"], close: incomplete, read: incomplete });
      const after = await decompress([packed, new Uint8Array(1)], format);
      assert.deepStrictEqual(after.writes, ["ok", trailing]);
      assert.strictEqual(after.read, trailing);
      if (format === "deflate-raw") continue;
      const broken = packed.slice();
      broken[packed.length - 1] ^= 1;
      const bad = await decompress([broken], format);
      assert.deepStrictEqual([bad.writes, bad.read], [[failed], failed]);
      assert.deepStrictEqual((await decompress([new Uint8Array([1, 2, 3, 4])], format)).writes, [failed]);
    }
  },
};

export const arguments_ = {
  async test() {
    const formats = { name: "TypeError", message: "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'." };
    for (const format of ["br", "zstd", "GZIP", null]) assert.throws(() => new CompressionStream(format), formats);
    assert.throws(() => new DecompressionStream(), {
      name: "TypeError",
      message: "Failed to construct 'DecompressionStream': constructor parameter 1 is not of type 'string'.",
    });
    assert.throws(() => CompressionStream("gzip"), TypeError);
    assert.ok(new CompressionStream("gzip") instanceof TransformStream);
    assert.strictEqual(CompressionStream.length, 0);
  },
};

export const chunks = {
  async test() {
    const stream = new CompressionStream("deflate");
    const writer = stream.writable.getWriter();
    const message =
      "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.";
    for (const chunk of [null, 1, {}, []]) await assert.rejects(writer.write(chunk), { name: "TypeError", message });
    const bytes = new TextEncoder().encode("xabcdex");
    writer.write("12");
    writer.write(bytes.buffer);
    writer.write(new DataView(bytes.buffer, 1, 5));
    bytes.fill(0);
    writer.close();
    const plain = stream.readable.pipeThrough(new DecompressionStream("deflate"));
    const reader = plain.getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(3));
    assert.deepStrictEqual([...first.value], [...new TextEncoder().encode("12x")]);
    const rest = await reader.readAtLeast(11, new Uint8Array(100));
    assert.strictEqual(new TextDecoder().decode(rest.value), "abcdexabcde");
  },
};

export const cancelAndAbort = {
  async test() {
    const cancelled = new CompressionStream("gzip");
    const writer = cancelled.writable.getWriter();
    writer.write("abc");
    await cancelled.readable.cancel("why");
    await assert.rejects(writer.write("d"), { message: "why" });
    const aborted = new CompressionStream("gzip");
    await aborted.writable.abort("why");
    await assert.rejects(aborted.readable.getReader().read(), { message: "why" });
  },
};

// What unfolds waits for its reader beyond some megabytes, and all of it arrives.
export const bomb = {
  async test() {
    const size = 40 << 20;
    const packed = await compress(new Uint8Array(size), "gzip");
    const stream = new DecompressionStream("gzip");
    const writer = stream.writable.getWriter();
    writer.write(packed);
    const closed = writer.close();
    let total = 0;
    for await (const chunk of stream.readable) total += chunk.length;
    await closed;
    assert.strictEqual(total, size);
  },
};

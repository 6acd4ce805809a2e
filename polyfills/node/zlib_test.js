import assert from "node:assert";
import zlib from "node:zlib";

const text = Buffer.from("hello hello hello hello");
const long = Buffer.from("the quick brown fox jumps over the lazy dog. ".repeat(5000));

function thrown(call) {
  try {
    call();
  } catch (error) {
    return `${error.name} ${error.code ?? ""} ${error.message}`;
  }
  return "nothing";
}

function called(method, ...args) {
  return new Promise((resolve) => zlib[method](...args, (error, result) => resolve(error ? `${error.message}` : result)));
}

const kPairs = [
  ["gzip", "gunzip"],
  ["gzip", "unzip"],
  ["deflate", "inflate"],
  ["deflate", "unzip"],
  ["deflateRaw", "inflateRaw"],
  ["brotliCompress", "brotliDecompress"],
  ["zstdCompress", "zstdDecompress"],
];

export const thereAndBack = {
  async test() {
    for (const [pack, unpack] of kPairs) {
      for (const data of [text, long, Buffer.alloc(0)]) {
        assert.deepStrictEqual(zlib[`${unpack}Sync`](zlib[`${pack}Sync`](data)), data, pack);
        assert.deepStrictEqual(await called(unpack, await called(pack, data)), data, pack);
      }
      assert.ok(zlib[`${pack}Sync`](long).length < long.length / 50, pack);
    }
  },
};

export const levelsAndHeaders = {
  test() {
    assert.strictEqual(zlib.deflateSync(text, { level: 0 }).toString("hex"), "7801011700e8ff68656c6c6f2068656c6c6f2068656c6c6f2068656c6c6f680308b1");
    for (const [level, start] of [[-1, "789c"], [1, "7801"], [5, "785e"], [6, "789c"], [9, "78da"]]) {
      const packed = zlib.deflateSync(text, { level });
      assert.strictEqual(packed.toString("hex", 0, 2), start);
      assert.deepStrictEqual(zlib.inflateSync(packed), text);
    }
    assert.strictEqual(zlib.gzipSync(text, { level: 1 }).toString("hex", 0, 10), "1f8b0800000000000403");
    assert.strictEqual(zlib.gzipSync("").toString("hex"), "1f8b080000000000000303000000000000000000");
    assert.strictEqual(zlib.deflateSync(text, { windowBits: 9 }).toString("hex", 0, 2), "1895");
  },
};

export const dictionaries = {
  test() {
    const dictionary = Buffer.from("hello");
    const packed = zlib.deflateSync(text, { dictionary });
    assert.deepStrictEqual(zlib.inflateSync(packed, { dictionary }), text);
    assert.strictEqual(thrown(() => zlib.inflateSync(packed)), "Error  Missing dictionary");
    assert.strictEqual(thrown(() => zlib.inflateSync(packed, { dictionary: Buffer.from("hellx") })), "Error  Bad dictionary");
    assert.deepStrictEqual(zlib.inflateRawSync(zlib.deflateRawSync(text, { dictionary }), { dictionary }), text);
  },
};

export const whatIsNoCompressedData = {
  async test() {
    const bad = Buffer.from("garbage data here");
    assert.strictEqual(thrown(() => zlib.gunzipSync(bad)), "Error  incorrect header check");
    assert.strictEqual(thrown(() => zlib.inflateRawSync(bad)), "Error  invalid block type");
    assert.strictEqual(thrown(() => zlib.brotliDecompressSync(bad)), "Error  Compression failed");
    assert.strictEqual(thrown(() => zlib.zstdDecompressSync(bad)), "Error  Zstd decompression failed: Unknown frame descriptor");
    assert.strictEqual(thrown(() => zlib.gunzipSync(zlib.gzipSync(text).subarray(0, 20))), "Error  unexpected end of file");
    assert.strictEqual(await called("inflate", ""), "unexpected end of file");
    assert.strictEqual(zlib.gunzipSync(zlib.gzipSync(text).subarray(0, 20), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString().slice(0, 5), "hello");
    assert.match(thrown(() => zlib.gunzipSync(5)), /parameter 1 is not of type 'string or ArrayBuffer or ArrayBufferView'/);
  },
};

export const membersOfGzip = {
  test() {
    const [a, b] = [zlib.gzipSync("a"), zlib.gzipSync("b")];
    assert.strictEqual(zlib.gunzipSync(Buffer.concat([a, b])).toString(), "ab");
    assert.strictEqual(zlib.gunzipSync(Buffer.concat([a, Buffer.alloc(10)])).toString(), "a");
    assert.strictEqual(thrown(() => zlib.gunzipSync(Buffer.concat([a, Buffer.from("junk")]))), "Error  incorrect header check");
  },
};

export const limits = {
  test() {
    assert.strictEqual(thrown(() => zlib.inflateSync(zlib.deflateSync(long), { maxOutputLength: 10 })), "RangeError  Memory limit exceeded");
    assert.strictEqual(
      thrown(() => zlib.deflateSync(text, { level: 10 })),
      'RangeError  The value of "options.level" is out of range. It must be >= -1 and <= 9. Received 10',
    );
    assert.strictEqual(thrown(() => zlib.deflateSync(text, { strategy: 5 })), "Error  invalid strategy");
    assert.strictEqual(thrown(() => zlib.gzip(text)), 'TypeError ERR_INVALID_ARG_TYPE The "callback" argument must be of type function. Received undefined');
  },
};

export const checksums = {
  test() {
    assert.deepStrictEqual([zlib.crc32("hello"), zlib.crc32(text, 5), zlib.crc32("")], [907060870, 370285220, 0]);
    assert.match(thrown(() => zlib.crc32("a", -1)), /ERR_OUT_OF_RANGE/);
  },
};

function collect(stream, chunks) {
  return new Promise((resolve) => {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => resolve({ sizes: parts.map((part) => part.length), data: Buffer.concat(parts), written: stream.bytesWritten }));
    stream.on("error", (error) => resolve(`${error.name} ${error.code} ${error.message} ${error.errno}`));
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}

export const streams = {
  async test() {
    for (const [pack, unpack] of kPairs) {
      const make = (name) => zlib[`create${name[0].toUpperCase()}${name.slice(1)}`]();
      const packed = await collect(make(pack), [long.subarray(0, 1000), long.subarray(1000)]);
      assert.strictEqual(packed.written, long.length);
      const pieces = [];
      for (let i = 0; i < packed.data.length; i += 100) pieces.push(packed.data.subarray(i, i + 100));
      const unpacked = await collect(make(unpack), pieces);
      assert.deepStrictEqual(unpacked.data, long, pack);
      assert.ok(unpacked.sizes.every((size) => size <= 16384), pack);
    }
  },
};

export const streamsThatFail = {
  async test() {
    const bad = Buffer.from("hello hello hello hello");
    assert.strictEqual(await collect(zlib.createGunzip(), [bad]), "Error Z_DATA_ERROR incorrect header check -3");
    assert.strictEqual(await collect(zlib.createGunzip(), []), "Error Z_BUF_ERROR unexpected end of file -5");
    assert.strictEqual(await collect(zlib.createInflate(), [zlib.deflateSync("abc").subarray(0, 6)]), "Error Z_BUF_ERROR unexpected end of file -5");
    assert.strictEqual(
      await collect(zlib.createZstdDecompress(), [bad]),
      "Error ERR_ZSTD_DECOMPRESSION_FAILED Zstd decompression failed: Unknown frame descriptor -1",
    );
  },
};

export const flushedStreams = {
  async test() {
    const deflate = zlib.createDeflate();
    const inflate = zlib.createInflate();
    deflate.pipe(inflate);
    deflate.write("first");
    await new Promise((resolve) => deflate.flush(resolve));
    const [chunk] = await new Promise((resolve) => inflate.once("data", (data) => resolve([data])));
    assert.strictEqual(chunk.toString(), "first");
  },
};

export const engines = {
  test() {
    const { buffer, engine } = zlib.gzipSync(text, { info: true });
    assert.deepStrictEqual(zlib.gunzipSync(buffer), text);
    assert.deepStrictEqual([engine.constructor.name, engine.bytesWritten], ["Gzip", 23]);
  },
};

export const handles = {
  test() {
    const { _handle: handle, _writeState: state } = zlib.createDeflateRaw();
    const output = Buffer.alloc(100);
    handle.writeSync(zlib.constants.Z_FINISH, text, 0, text.length, output, 0, output.length);
    assert.strictEqual(state[1], 0);
    assert.deepStrictEqual(zlib.inflateRawSync(output.subarray(0, output.length - state[0])), text);
    assert.strictEqual(thrown(() => handle.writeSync(0, text, 1, text.length, output, 0, 1)), "Error  Input access is not within bounds");
    assert.strictEqual(thrown(() => handle.writeSync(0, text, 0, 1, output, 100, 1)), "Error  Output access is not within bounds");
    assert.strictEqual(thrown(() => handle.writeSync(9, text, 0, 1, output, 0, 1)), "Error  Invalid flush value");
    const Handle = handle.constructor;
    assert.strictEqual(thrown(() => new Handle(8)), "TypeError  Invalid zlib mode");
    const own = new Handle(zlib.constants.INFLATE);
    assert.strictEqual(thrown(() => own.writeSync(0, text, 0, 1, output, 0, 1)), "Error  Writing before initializing");
    const errors = [];
    own.setErrorHandler((...error) => errors.push(error));
    let calls = 0;
    own.initialize(15, 6, 8, 0, new Uint32Array(1), () => calls++);
    own.write(0, text, 0, text.length, output, 0, 100);
    assert.deepStrictEqual([errors, calls], [[[-3, "Z_DATA_ERROR", "incorrect header check"]], 0]);
    const small = new Handle(zlib.constants.DEFLATE);
    small.initialize(15, 6, 8, 0, new Uint32Array(1), () => {});
    assert.strictEqual(thrown(() => small.write(0, text, 0, text.length, output, 0, 100)), "Error  Invalid write result buffer");
    small.close();
    assert.strictEqual(thrown(() => small.write(0, text, 0, text.length, output, 0, 100)), "Error  Already finalized");
  },
};

export const outputOfTheMostBytes = {
  test() {
    for (const [pack, unpack] of kPairs) {
      const packed = zlib[`${pack}Sync`](long);
      assert.strictEqual(zlib[`${unpack}Sync`](packed, { maxOutputLength: long.length }).length, long.length, unpack);
      assert.strictEqual(thrown(() => zlib[`${unpack}Sync`](packed, { maxOutputLength: long.length - 1 })), "RangeError  Memory limit exceeded");
    }
  },
};

export const parametersOfBrotli = {
  test() {
    const params = { [zlib.constants.BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING]: 42 };
    assert.strictEqual(thrown(() => zlib.createBrotliCompress({ params })), "Error ERR_ZLIB_INITIALIZATION_FAILED Initialization failed");
    assert.strictEqual(thrown(() => zlib.brotliCompressSync("", { params })), "Error  Setting parameter failed");
    assert.throws(() => zlib.brotliCompressSync("", { finishFlush: 4 }), { name: "RangeError" });
  },
};

export const brotliBeforeOtherData = {
  async test() {
    const stream = zlib.createBrotliDecompress();
    const packed = zlib.brotliCompressSync(long);
    stream.write(Buffer.concat([packed, text]));
    let size = 0;
    await new Promise((resolve) => stream.on("data", (chunk) => (size += chunk.length)).on("end", resolve));
    assert.deepStrictEqual([size, stream.bytesWritten], [long.length, packed.length]);
  },
};

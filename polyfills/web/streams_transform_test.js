import assert from "node:assert";

const bytes = (text) => new TextEncoder().encode(text);
const text = (view) => new TextDecoder().decode(view);

export const transformsEachChunk = {
  async test() {
    const stream = new TransformStream({
      transform: (chunk, c) => c.enqueue(chunk * 2),
      flush: (c) => c.enqueue("end"),
    });
    const list = [];
    for await (const chunk of ReadableStream.from([1, 2]).pipeThrough(stream)) list.push(chunk);
    assert.deepStrictEqual(list, [2, 4, "end"]);
  },
};

export const terminateEndsBothSides = {
  async test() {
    let controller;
    const { readable, writable } = new TransformStream({ start: (c) => void (controller = c) });
    controller.terminate();
    assert.throws(() => controller.enqueue(1), { name: "TypeError", message: "The readable side of this TransformStream is no longer readable." });
    assert.strictEqual((await readable.getReader().read()).done, true);
    await assert.rejects(writable.getWriter().write(1), { name: "TypeError", message: "The transform stream has been terminated" });
  },
};

export const aFailingTransformErrorsBothSides = {
  async test() {
    const error = new Error("bad");
    const { readable, writable } = new TransformStream({
      transform() {
        throw error;
      },
    });
    const read = readable.getReader().read();
    await Promise.all([assert.rejects(writable.getWriter().write(1), error), assert.rejects(read, error)]);
  },
};

export const identityWritesAreDoneWhenRead = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    let done = false;
    const write = writer.write(bytes("abc")).then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.strictEqual(done, false);
    assert.strictEqual(writer.desiredSize, 1);
    assert.strictEqual(text((await reader.read()).value), "abc");
    await write;
    writer.close();
    assert.strictEqual((await reader.read()).done, true);
  },
};

export const identityTakesByobReads = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const reader = readable.getReader({ mode: "byob" });
    let done = false;
    const write = writer.write(bytes("abcdef")).then(() => (done = true));
    assert.strictEqual(text((await reader.read(new Uint8Array(4))).value), "abcd");
    assert.strictEqual(done, false);
    assert.strictEqual(text((await reader.read(new Uint8Array(4))).value), "ef");
    await write;
    writer.close();
    const last = await reader.read(new Uint8Array(4));
    assert.strictEqual(last.done, true);
    assert.strictEqual(last.value.byteLength, 0);
  },
};

export const identityCopiesWhatIsWritten = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const buffer = bytes("abc");
    writable.getWriter().write(buffer);
    buffer[0] = 0;
    assert.strictEqual(text((await readable.getReader().read()).value), "abc");
  },
};

export const identityErrors = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    await assert.rejects(writer.write({}), {
      name: "TypeError",
      message: "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.",
    });
    const read = reader.read();
    await assert.rejects(reader.read(), { name: "TypeError", message: "This ReadableStream only supports a single pending read request at a time." });
    assert.throws(() => reader.releaseLock(), { name: "TypeError", message: "Cannot call releaseLock() on a reader with outstanding read promises." });
    await Promise.all([writer.abort(new RangeError("stop")), assert.rejects(read, { name: "RangeError", message: "stop" })]);
  },
};

export const cancelFailsWrites = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const write = writer.write(bytes("x"));
    await Promise.all([readable.cancel(), assert.rejects(write, { name: "Error", message: "Stream was cancelled." })]);
  },
};

export const fixedLengthIsKept = {
  async test() {
    const fill = (length, chunk) => {
      const { readable, writable } = new FixedLengthStream(length);
      const writer = writable.getWriter();
      writer.write(bytes(chunk)).catch(() => {});
      writer.close().catch(() => {});
      return readable.getReader();
    };
    const exact = fill(3, "abc");
    assert.strictEqual(text((await exact.read()).value), "abc");
    assert.strictEqual((await exact.read()).done, true);
    await assert.rejects(fill(2, "abc").read(), { name: "TypeError", message: "Attempt to write too many bytes through a FixedLengthStream." });
    const short = fill(4, "abc");
    await short.read();
    await assert.rejects(short.read(), { name: "TypeError", message: "FixedLengthStream did not see all expected bytes before close()." });
    assert.throws(() => new FixedLengthStream(), TypeError);
    assert.throws(() => new FixedLengthStream(-1), TypeError);
  },
};

export const pipesThroughIdentity = {
  async test() {
    const source = ReadableStream.from([bytes("abc"), "def"]);
    const list = [];
    for await (const chunk of source.pipeThrough(new IdentityTransformStream())) list.push(text(chunk));
    assert.strictEqual(list.join(""), "abcdef");
  },
};

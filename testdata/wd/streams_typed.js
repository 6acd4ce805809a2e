import assert from "node:assert";

const tooMany = { name: "RangeError", message: "Attempt to write too many bytes through a FixedLengthStream." };
const tooFew = { name: "RangeError", message: "FixedLengthStream did not see all expected bytes before close()." };

export const tooManyBytes = {
  async test() {
    const { readable, writable } = new FixedLengthStream(2);
    await assert.rejects(writable.getWriter().write(new Uint8Array(3)), tooMany);
    await assert.rejects(readable.getReader().read(), tooMany);
  },
};

export const tooFewBytes = {
  async test() {
    const { readable, writable } = new FixedLengthStream(2);
    await assert.rejects(writable.getWriter().close(), tooFew);
    await assert.rejects(readable.getReader().read(), tooFew);
  },
};

export const sidesAreOwnProperties = {
  test() {
    for (const side of ["readable", "writable"]) {
      const { enumerable, get, set } = Object.getOwnPropertyDescriptor(IdentityTransformStream.prototype, side);
      assert.ok(enumerable);
      assert.strictEqual(typeof get, "function");
      assert.strictEqual(set, undefined);
    }
  },
};

const numbers = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

export const drainsWhatWaits = {
  async test() {
    const reader = new ReadableStreamDrainingReader(numbers(1, 2, 3));
    const { chunks, done } = await reader.read();
    assert.deepStrictEqual(chunks, [1, 2, 3]);
    assert.ok(done);
    await reader.closed;
    assert.deepStrictEqual((await reader.read()).chunks, []);
  },
};

export const drainsUpToASize = {
  async test() {
    const reader = new ReadableStreamDrainingReader(numbers(1, 2, 3));
    const { chunks, done } = await reader.read({ maxSize: 2 });
    assert.deepStrictEqual(chunks, [1, 2]);
    assert.ok(!done);
    await assert.rejects(reader.read({ maxSize: 0 }), TypeError);
    reader.releaseLock();
    await assert.rejects(reader.read(), TypeError);
  },
};

export const waitsForOneChunk = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => { controller = c; } });
    const reader = new ReadableStreamDrainingReader(stream);
    assert.throws(() => stream.getReader(), TypeError);
    const reading = reader.read();
    controller.enqueue("a");
    assert.deepStrictEqual((await reading).chunks, ["a"]);
    const failing = reader.read();
    controller.error(new Error("broken"));
    await assert.rejects(failing, { message: "broken" });
  },
};

export const knowsTheLength = {
  test() {
    assert.strictEqual(new ReadableStreamDrainingReader(new FixedLengthStream(42).readable).expectedLength, 42n);
    assert.strictEqual(new ReadableStreamDrainingReader(new IdentityTransformStream().readable).expectedLength, undefined);
  },
};

import assert from "node:assert";

async function collect(stream) {
  const list = [];
  for await (const chunk of stream) list.push(chunk);
  return list;
}

function message(f) {
  try {
    f();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  return "no error";
}

export const readsWhatIsEnqueued = {
  async test() {
    const stream = new ReadableStream({
      start(c) {
        c.enqueue(1);
        c.enqueue(2);
        c.close();
      },
    });
    const reader = stream.getReader();
    assert.deepStrictEqual(await reader.read(), { value: 1, done: false });
    assert.deepStrictEqual(await reader.read(), { value: 2, done: false });
    assert.deepStrictEqual(await reader.read(), { value: undefined, done: true });
    assert.strictEqual(await reader.closed, undefined);
  },
};

export const pullKeepsTheQueueFull = {
  async test() {
    let n = 0;
    new ReadableStream({ pull: (c) => c.enqueue(n++) }, { highWaterMark: 3 });
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.strictEqual(n, 3);
  },
};

export const manyChunksKeepTheirOrder = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => (controller = c) });
    const reader = stream.getReader();
    let next = 0;
    let expected = 0;
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 7; i++) controller.enqueue(next++);
      for (let i = 0; i < 5; i++) assert.strictEqual((await reader.read()).value, expected++);
    }
    controller.close();
    while (expected < next) assert.strictEqual((await reader.read()).value, expected++);
  },
};

export const errorTexts = {
  async test() {
    const stream = new ReadableStream();
    const reader = stream.getReader();
    assert.strictEqual(message(() => stream.getReader()), "TypeError: This ReadableStream is currently locked to a reader.");
    assert.strictEqual(message(() => new ReadableStream({ type: "x" })), 'TypeError: "x" is not a valid type of ReadableStream.');
    assert.strictEqual(message(() => new ReadableStream().getReader({ mode: "byob" })), "TypeError: This ReadableStream does not support BYOB reads.");
    assert.strictEqual(message(() => new ReadableStreamDefaultController()), "TypeError: Illegal constructor");
    const pending = reader.read();
    reader.releaseLock();
    await assert.rejects(pending, { name: "TypeError", message: "This ReadableStream reader has been released." });
    await assert.rejects(reader.closed, { message: "This ReadableStream reader has been released." });
    await assert.rejects(reader.read(), { message: "This ReadableStream reader has been released." });
    let controller;
    new ReadableStream({ start: (c) => (controller = c) });
    controller.close();
    assert.strictEqual(message(() => controller.close()), "TypeError: This ReadableStream is closed.");
    assert.strictEqual(message(() => controller.enqueue(1)), "TypeError: Unable to enqueue");
  },
};

export const aThrowingStartErrorsTheStream = {
  async test() {
    const stream = new ReadableStream({
      start() {
        throw new RangeError("boo");
      },
    });
    await assert.rejects(stream.getReader().read(), { name: "RangeError", message: "boo" });
  },
};

export const iterationCancelsUnlessTold = {
  async test() {
    let reason = "none";
    const source = () => ({ start: (c) => c.enqueue(1), cancel: (r) => void (reason = r) });
    const first = new ReadableStream(source());
    for await (const _ of first) break;
    assert.strictEqual(reason, undefined);
    assert.strictEqual(first.locked, false);
    reason = "none";
    const second = new ReadableStream(source());
    for await (const _ of second.values({ preventCancel: true })) break;
    assert.strictEqual(reason, "none");
    assert.strictEqual(second.locked, false);
  },
};

export const fromIterables = {
  async test() {
    assert.deepStrictEqual(await collect(ReadableStream.from([1, Promise.resolve(2)])), [1, 2]);
    assert.deepStrictEqual(await collect(ReadableStream.from("ab")), ["a", "b"]);
    async function* numbers() {
      yield 1;
      yield 2;
    }
    assert.deepStrictEqual(await collect(ReadableStream.from(numbers())), [1, 2]);
    assert.strictEqual(message(() => ReadableStream.from(5)), "TypeError: Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type 'AsyncGenerator'.");
  },
};

export const teeGivesBothTheSame = {
  async test() {
    const stream = new ReadableStream({
      start(c) {
        c.enqueue("a");
        c.enqueue("b");
        c.close();
      },
    });
    const [first, second] = stream.tee();
    assert.strictEqual(stream.locked, true);
    assert.deepStrictEqual(await collect(first), ["a", "b"]);
    assert.deepStrictEqual(await collect(second), ["a", "b"]);
  },
};

export const teeOfBytesCopies = {
  async test() {
    const stream = new ReadableStream({
      type: "bytes",
      start(c) {
        c.enqueue(new Uint8Array([1, 2]));
        c.close();
      },
    });
    const [first, second] = stream.tee();
    const a = (await first.getReader().read()).value;
    const b = (await second.getReader({ mode: "byob" }).read(new Uint8Array(4))).value;
    assert.deepStrictEqual([...a], [1, 2]);
    assert.deepStrictEqual([...b], [1, 2]);
    assert.notStrictEqual(a.buffer, b.buffer);
  },
};

export const byobReads = {
  async test() {
    const stream = new ReadableStream({
      type: "bytes",
      pull(c) {
        const { view } = c.byobRequest;
        view[0] = 7;
        c.byobRequest.respond(1);
      },
    });
    const reader = stream.getReader({ mode: "byob" });
    const view = new Uint8Array(4);
    const { value } = await reader.read(view, { min: 3 });
    assert.deepStrictEqual([...value], [7, 7, 7]);
    assert.strictEqual(view.byteLength, 0);
    await assert.rejects(reader.read(new Uint8Array(0)), { message: 'You must call read() on a "byob" reader with a positive-sized TypedArray object.' });
    await assert.rejects(reader.read(new Uint8Array(2), { min: 3 }), { message: "Minimum bytes to read (3) exceeds size of buffer (2)." });
  },
};

export const byobRequestIsAlwaysThere = {
  async test() {
    let size;
    const stream = new ReadableStream({
      type: "bytes",
      pull(c) {
        size = c.byobRequest.view.byteLength;
        c.byobRequest.respond(3);
      },
    });
    const { value } = await stream.getReader().read();
    assert.strictEqual(size, 4096);
    assert.strictEqual(value.byteLength, 3);
  },
};

export const closeAnswersByobReads = {
  async test() {
    let controller;
    const stream = new ReadableStream({ type: "bytes", start: (c) => void (controller = c) });
    const read = stream.getReader({ mode: "byob" }).read(new Uint8Array(4));
    await null;
    controller.close();
    const { value, done } = await read;
    assert.strictEqual(done, true);
    assert.strictEqual(value.byteLength, 0);
  },
};

export const enqueueDetaches = {
  test() {
    let controller;
    new ReadableStream({ type: "bytes", start: (c) => void (controller = c) });
    const bytes = new Uint8Array(4);
    controller.enqueue(bytes);
    assert.strictEqual(bytes.byteLength, 0);
    assert.strictEqual(message(() => controller.enqueue(new Uint8Array(0))), "TypeError: Cannot enqueue a zero-length ArrayBuffer.");
  },
};

export const survivesPatchedBuiltIns = {
  async test() {
    const { then } = Promise.prototype;
    const { push, shift } = Array.prototype;
    const stream = new ReadableStream({
      start(c) {
        c.enqueue(1);
        c.close();
      },
    });
    const patched = () => {
      throw new Error("patched");
    };
    let branches;
    Promise.prototype.then = patched;
    Array.prototype.push = patched;
    Array.prototype.shift = patched;
    try {
      branches = stream.tee();
    } finally {
      Promise.prototype.then = then;
      Array.prototype.push = push;
      Array.prototype.shift = shift;
    }
    assert.strictEqual((await branches[1].getReader().read()).value, 1);
  },
};

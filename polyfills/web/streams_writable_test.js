import assert from "node:assert";

export const writesOneAtATime = {
  async test() {
    const log = [];
    const stream = new WritableStream({
      async write(chunk) {
        log.push(`write ${chunk}`);
        await null;
        log.push(`done ${chunk}`);
      },
      close: () => void log.push("close"),
    });
    const writer = stream.getWriter();
    writer.write(1);
    writer.write(2);
    await writer.close();
    assert.deepStrictEqual(log, ["write 1", "done 1", "write 2", "done 2", "close"]);
    await writer.closed;
  },
};

export const readyFollowsBackpressure = {
  async test() {
    let finish;
    const writer = new WritableStream({ write: () => new Promise((resolve) => (finish = resolve)) }).getWriter();
    const before = writer.ready;
    await before;
    assert.strictEqual(writer.desiredSize, 1);
    const write = writer.write("x");
    assert.strictEqual(writer.desiredSize, 0);
    assert.notStrictEqual(writer.ready, before);
    await null;
    await null;
    finish();
    await write;
    await writer.ready;
    assert.strictEqual(writer.desiredSize, 1);
  },
};

export const errorTexts = {
  async test() {
    const stream = new WritableStream();
    const writer = stream.getWriter();
    assert.throws(() => stream.getWriter(), { name: "TypeError", message: "This WritableStream is currently locked to a writer." });
    await assert.rejects(stream.close(), { message: "This WritableStream is currently locked to a writer." });
    await writer.close();
    await assert.rejects(writer.write(1), { name: "TypeError", message: "This WritableStream has been closed." });
    writer.releaseLock();
    await assert.rejects(writer.write(1), { message: "This WritableStream writer has been released." });
    assert.throws(() => writer.desiredSize, { message: "This WritableStream writer has been released." });
  },
};

export const abortSignalsTheSink = {
  async test() {
    let controller;
    let reason;
    const stream = new WritableStream({ start: (c) => void (controller = c), abort: (r) => void (reason = r) });
    const error = new Error("stop");
    await stream.abort(error);
    assert.strictEqual(reason, error);
    assert.strictEqual(controller.signal.aborted, true);
    assert.strictEqual(controller.signal.reason, error);
  },
};

export const aFailingWriteErrorsTheStream = {
  async test() {
    const error = new Error("no");
    const writer = new WritableStream({
      write() {
        throw error;
      },
    }).getWriter();
    await assert.rejects(writer.write(1), error);
    await assert.rejects(writer.closed, error);
    assert.strictEqual(writer.desiredSize, null);
  },
};

export const pipesToTheEnd = {
  async test() {
    const log = [];
    const source = ReadableStream.from([1, 2, 3]);
    await source.pipeTo(new WritableStream({ write: (c) => void log.push(c), close: () => void log.push("close") }));
    assert.deepStrictEqual(log, [1, 2, 3, "close"]);
  },
};

export const pipeForwardsErrors = {
  async test() {
    const error = new RangeError("source");
    let aborted;
    const failing = new ReadableStream({ start: (c) => c.error(error) });
    await assert.rejects(failing.pipeTo(new WritableStream({ abort: (r) => void (aborted = r) })), error);
    assert.strictEqual(aborted, error);
    const closed = new WritableStream();
    await closed.close();
    await assert.rejects(ReadableStream.from([1]).pipeTo(closed), { name: "TypeError", message: "This destination writable stream is closed." });
  },
};

export const pipeStopsAtItsSignal = {
  async test() {
    const signal = AbortSignal.abort(new Error("stop"));
    let cancelled;
    const source = new ReadableStream({ cancel: (r) => void (cancelled = r) });
    await assert.rejects(source.pipeTo(new WritableStream(), { signal }), { message: "stop" });
    assert.strictEqual(cancelled, signal.reason);
    assert.strictEqual(source.locked, false);
  },
};

export const strategies = {
  test() {
    assert.strictEqual(new ByteLengthQueuingStrategy({ highWaterMark: 5 }).size(new Uint8Array(3)), 3);
    assert.strictEqual(new CountQueuingStrategy({ highWaterMark: 5 }).size(), 1);
    assert.throws(() => new WritableStream({}, { highWaterMark: -1 }), RangeError);
    assert.strictEqual(new WritableStream({}, { highWaterMark: 7.5 }).getWriter().desiredSize, 7.5);
  },
};

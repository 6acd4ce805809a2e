import assert from "node:assert";
import stream, { Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline } from "node:stream";
import consumers from "node:stream/consumers";
import promises from "node:stream/promises";

// What a stream emits, in order.
function record(target, names) {
  const seen = [];
  for (const name of names.split(" ")) target.on(name, (value) => seen.push(value === undefined || name === "close" ? name : `${name} ${value?.message ?? value}`));
  return seen;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

export const modes = {
  async test() {
    assert.strictEqual(stream, Stream);
    const chunks = ["a", "bc", null];
    const flowing = new Readable({ read() { this.push(chunks.shift()); } });
    assert.strictEqual(flowing.readableFlowing, null);
    const seen = record(flowing, "data end close pause resume");
    flowing.pause();
    flowing.resume();
    assert.deepStrictEqual(seen, ["pause"]);
    await turn();
    assert.deepStrictEqual(seen, ["pause", "resume", "data a", "data bc", "end", "close"]);
    assert.deepStrictEqual([flowing.destroyed, flowing.readableEnded, flowing.readableDidRead, flowing.readableAborted], [true, true, true, false]);

    const paused = new Readable({ read() {}, encoding: "utf8" });
    const events = record(paused, "readable end");
    paused.push(Buffer.from("\u00e9").subarray(0, 1));
    await turn();
    assert.deepStrictEqual([events, paused.readableLength], [[], 0]);
    paused.push(Buffer.from("\u00e9x").subarray(1));
    paused.unshift("first");
    await turn();
    assert.deepStrictEqual([events.splice(0), paused.read(2), paused.read(), paused.read()], [["readable"], "fi", "rst\u00e9x", null]);
    paused.push(null);
    paused.read();
    await turn();
    assert.deepStrictEqual(events, ["readable", "end"]);
  },
};

export const writing = {
  async test() {
    const calls = [];
    const pending = [];
    const writable = new Writable({
      highWaterMark: 3,
      write(chunk, encoding, callback) {
        calls.push(`${chunk}/${encoding}`);
        pending.push(callback);
      },
      writev(list, callback) {
        calls.push(list.map(({ chunk }) => `${chunk}`));
        pending.push(callback);
      },
      final(callback) {
        calls.push("final");
        callback();
      },
    });
    const seen = record(writable, "drain prefinish finish close");
    assert.deepStrictEqual([writable.write("ab"), writable.write("c", "latin1", () => seen.push("c is written")), writable.write("d")], [true, false, false]);
    assert.deepStrictEqual([writable.writableLength, writable.writableNeedDrain, writable._writableState.getBuffer().length], [4, true, 2]);
    pending.shift()();
    assert.deepStrictEqual(calls, ["ab/buffer", ["c", "d"]]);
    pending.shift()();
    assert.deepStrictEqual(seen.splice(0), ["drain", "c is written"]);
    writable.end("e", () => seen.push("ended"));
    assert.throws(() => writable.write(null), { code: "ERR_STREAM_NULL_VALUES", message: "May not write null values to stream" });
    pending.shift()();
    await turn();
    assert.deepStrictEqual(calls, ["ab/buffer", ["c", "d"], "e/buffer", "final"]);
    assert.deepStrictEqual(seen, ["prefinish", "ended", "finish", "close"]);
    assert.ok(new Duplex() instanceof Writable && !(new Readable() instanceof Writable));
  },
};

export const failures = {
  async test() {
    const writable = new Writable({ write: (chunk, encoding, callback) => callback(new Error(`cannot write ${chunk}`)) });
    const seen = record(writable, "error close finish");
    writable.write("a", (error) => seen.push(`callback ${error.message}`));
    writable.write("b", (error) => seen.push(`callback ${error.message}`));
    assert.deepStrictEqual(seen, []);
    await turn();
    assert.deepStrictEqual(seen, ["callback cannot write a", "callback cannot write a", "error cannot write a", "close"]);
    assert.deepStrictEqual([writable.errored.message, writable.writableAborted], ["cannot write a", true]);

    const ended = new Writable({ write: (chunk, encoding, callback) => callback(), autoDestroy: false });
    const errors = record(ended, "error close");
    ended.end();
    ended.write("late", (error) => errors.push(error.code));
    await turn();
    assert.deepStrictEqual(errors, ["ERR_STREAM_WRITE_AFTER_END", "error write after end"]);

    const readable = new Readable({ read() { throw new Error("no data"); } });
    const events = record(readable, "error close end");
    readable.read();
    await turn();
    assert.deepStrictEqual(events, ["error no data", "close"]);
    await assert.rejects(promises.finished(new PassThrough().destroy()), { name: "TypeError", code: "ERR_STREAM_PREMATURE_CLOSE", message: "Premature close" });
  },
};

export const construction = {
  async test() {
    const seen = [];
    const duplex = new Duplex({
      construct(callback) {
        seen.push("construct");
        setTimeout(callback, 0);
      },
      read() {
        seen.push("read");
        this.push(null);
      },
      write(chunk, encoding, callback) {
        seen.push(`write ${chunk}`);
        callback();
      },
      destroy(error, callback) {
        seen.push("destroy");
        callback(error);
      },
    });
    duplex.end("x");
    duplex.resume();
    assert.deepStrictEqual(seen, []);
    await promises.finished(duplex);
    assert.deepStrictEqual(seen, ["construct", "write x", "read", "destroy"]);
  },
};

export const transforms = {
  async test() {
    const upper = new Transform({
      transform(chunk, encoding, callback) {
        callback(null, `${chunk}`.toUpperCase());
      },
      flush(callback) {
        callback(null, "!");
      },
    });
    upper.end("abc");
    assert.strictEqual(await consumers.text(upper), "ABC!");
    const objects = new Transform({ readableObjectMode: true, transform: (chunk, encoding, callback) => callback(null, { size: chunk.length }) });
    objects.write("four");
    objects.end("seven77");
    assert.deepStrictEqual(await objects.toArray(), [{ size: 4 }, { size: 7 }]);
    assert.throws(() => new Transform().write("a"), { code: "ERR_METHOD_NOT_IMPLEMENTED", message: "The _transform() method is not implemented" });
    const [left, right] = stream.duplexPair();
    left.end("over");
    assert.strictEqual(await consumers.text(right), "over");
  },
};

export const pipes = {
  async test() {
    const source = new PassThrough();
    const slow = [];
    const dest = new Writable({ highWaterMark: 1, write: (chunk, encoding, callback) => slow.push(callback) });
    const other = new PassThrough();
    const seen = record(dest, "pipe unpipe finish");
    source.pipe(dest);
    source.pipe(other);
    source.write("a");
    await turn();
    assert.deepStrictEqual([source.isPaused(), source._readableState.pipesCount, `${other.read()}`], [true, 2, "a"]);
    source.unpipe(dest);
    await turn();
    assert.deepStrictEqual([source.isPaused(), seen], [false, ["pipe [object Object]", "unpipe [object Object]"]]);
    source.end("b");
    assert.strictEqual(await consumers.text(other), "b");
  },
};

export const pipelines = {
  async test() {
    const value = await promises.pipeline(
      Readable.from(["a", "b"]),
      async function* (source) {
        for await (const chunk of source) yield chunk.toUpperCase();
      },
      new PassThrough(),
      async (source) => (await source.toArray()).join("+"),
    );
    assert.strictEqual(value, "A+B");
    const written = [];
    await promises.pipeline(["x", "y"], new WritableStream({ write: (chunk) => void written.push(chunk) }));
    assert.deepStrictEqual(written, ["x", "y"]);

    const source = new PassThrough();
    const dest = new PassThrough();
    const error = await new Promise((resolve) => {
      assert.strictEqual(pipeline(source, dest, resolve), dest);
      source.destroy(new Error("broken"));
    });
    assert.deepStrictEqual([error.message, dest.destroyed], ["broken", true]);
    const controller = new AbortController();
    const running = promises.pipeline(new PassThrough(), new PassThrough(), { signal: controller.signal });
    controller.abort(new Error("why"));
    await assert.rejects(running, (reason) => reason.name === "AbortError" && reason.code === "ABORT_ERR" && reason.cause.message === "why");
    assert.throws(() => pipeline(source, () => {}), { code: "ERR_MISSING_ARGS", message: `The "streams" argument must be specified` });
    assert.throws(() => finished(new WritableStream(), () => {}), {
      code: "ERR_WEB_STREAM_INTEROP_UNSUPPORTED",
      message: "finished() is not supported for web streams by the streams implementation in use",
    });
  },
};

export const composition = {
  async test() {
    const upper = new Transform({ transform: (chunk, encoding, callback) => callback(null, `${chunk}`.toUpperCase()) });
    const twice = new Transform({ transform: (chunk, encoding, callback) => callback(null, `${chunk}${chunk}`) });
    const both = stream.compose(upper, twice);
    both.end("ab");
    assert.strictEqual(await consumers.text(both), "ABAB");
    assert.throws(() => stream.compose(new Readable(), new Readable()), /^TypeError.*The argument 'streams\[1\]' must be writable\. Received Readable/);
  },
};

export const operators = {
  async test() {
    const numbers = () => Readable.from([1, 2, 3, 4]);
    assert.deepStrictEqual(await numbers().map(async (x) => x * 2, { concurrency: 2 }).filter((x) => x !== 4).toArray(), [2, 6, 8]);
    assert.deepStrictEqual(await numbers().drop(1).take(2).flatMap((x) => [x, -x]).toArray(), [2, -2, 3, -3]);
    assert.strictEqual(await numbers().reduce((a, b) => a + b), 10);
    assert.deepStrictEqual([await numbers().some((x) => x > 3), await numbers().every((x) => x > 3), await numbers().find((x) => x > 2)], [true, false, 3]);
    const source = numbers();
    for await (const item of source) if (item === 2) break;
    assert.ok(source.destroyed);
    const kept = numbers();
    for await (const item of kept.iterator({ destroyOnReturn: false })) if (item === 2) break;
    assert.deepStrictEqual([kept.destroyed, await kept.toArray()], [false, [3, 4]]);
    assert.throws(() => numbers().map(1), { message: `The "fn" argument must be of type function or an instance of AsyncFunction. Received type number (1)` });
    await assert.rejects(Readable.from([]).reduce((a, b) => a + b), { message: "Reduce of an empty stream requires an initial value" });
  },
};

export const web = {
  async test() {
    const reader = Readable.toWeb(Readable.from([Buffer.from("ab")], { objectMode: false })).getReader();
    const { value } = await reader.read();
    assert.deepStrictEqual([value.constructor.name, [...value], (await reader.read()).done], ["Uint8Array", [97, 98], true]);
    assert.strictEqual(await consumers.text(Readable.fromWeb(new Response("body").body)), "body");
    const received = [];
    const writable = Writable.fromWeb(new WritableStream({ write: (chunk) => void received.push(`${chunk}`), close: () => void received.push("closed") }));
    writable.write("a");
    writable.write("b");
    writable.end();
    await promises.finished(writable);
    assert.deepStrictEqual(received, ["a", "b", "closed"]);
    const sink = [];
    const target = new Writable({ write: (chunk, encoding, callback) => callback(void sink.push(`${chunk}`)) });
    const writer = Writable.toWeb(target).getWriter();
    await writer.write("x");
    await writer.close();
    assert.deepStrictEqual([sink, target.writableFinished], [["x"], true]);
    const { readable } = Duplex.toWeb(new PassThrough().end("both"));
    assert.strictEqual(await new Response(readable).text(), "both");
  },
};

// As classes of packages do it.
function Legacy() {
  Stream.call(this);
  this.writable = this.readable = true;
}
Object.setPrototypeOf(Legacy.prototype, Stream.prototype);
Legacy.prototype.write = function (chunk) {
  this.emit("data", chunk);
  return true;
};
Legacy.prototype.end = function () {
  this.emit("end");
};

export const legacy = {
  async test() {
    const old = new Legacy();
    const out = old.pipe(new PassThrough());
    old.write("old");
    old.end();
    assert.strictEqual(await consumers.text(out), "old");
    const source = new Legacy();
    const wrapped = new Readable().wrap(source);
    source.write("wrapped");
    source.end();
    assert.strictEqual(await consumers.text(wrapped), "wrapped");
    assert.deepStrictEqual([Stream.prototype.pipe.length, stream.isReadable(new Legacy()), stream.isDisturbed(wrapped), stream.isErrored(wrapped)], [2, true, true, false]);
  },
};

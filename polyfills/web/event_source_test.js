import assert from "node:assert";

/** The data, types and ids of the events that chunks of a stream make. */
async function eventsOf(chunks, types = ["message"]) {
  const encoder = new TextEncoder();
  const left = chunks.map((chunk) => (typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  const source = EventSource.from(
    new ReadableStream({
      pull(controller) {
        if (left.length > 0) controller.enqueue(left.shift());
        else controller.close();
      },
    }),
  );
  const events = [];
  for (const type of types) source.addEventListener(type, (event) => events.push([event.type, event.data, event.lastEventId]));
  await new Promise((resolve) => {
    source.onerror = resolve;
  });
  assert.strictEqual(source.readyState, EventSource.CLOSED);
  return events;
}

const stream = "\ufeffid: 1\r\ndata: \u00e9\u2603\u{1f600}\rdata:b\n\nevent: foo\r\n\r\nevent:foo\ndata: c\r\r: comment\ndata: d\r\n\r\n";

// The reference runtime takes CR and LF in two chunks for two line ends.
export const chunksAreNoBoundaries = {
  async test() {
    const bytes = new TextEncoder().encode(stream);
    const whole = await eventsOf([bytes], ["message", "foo"]);
    assert.deepStrictEqual(whole, [
      ["message", "\u00e9\u2603\u{1f600}\nb", "1"],
      ["foo", "c", "1"],
      ["message", "d", "1"],
    ]);
    for (let at = 1; at < bytes.length; at++) assert.deepStrictEqual(await eventsOf([bytes.slice(0, at), bytes.slice(at)], ["message", "foo"]), whole, `cut at ${at}`);
    assert.deepStrictEqual(await eventsOf(Array.from(bytes, (byte) => new Uint8Array([byte])), ["message", "foo"]), whole);
  },
};

// As the standard says; the reference runtime keeps such an id, and such events have no type.
export const idsAndTypes = {
  async test() {
    assert.deepStrictEqual(await eventsOf(["id: a\0b\ndata: 1\n\nid: 2\nevent:\ndata: 2\n\nid\ndata: 3\n\n"]), [
      ["message", "1", ""],
      ["message", "2", "2"],
      ["message", "3", ""],
    ]);
  },
};

export const closingStops = {
  async test() {
    let cancelled = false;
    const source = EventSource.from(
      new ReadableStream({
        pull(controller) {
          controller.enqueue("data: 1\n\ndata: 2\n\n");
        },
        cancel() {
          cancelled = true;
        },
      }),
    );
    const seen = [];
    await new Promise((resolve) => {
      source.onmessage = (event) => {
        seen.push(event.data);
        source.close();
        resolve();
      };
    });
    await scheduler.wait(0);
    assert.deepStrictEqual(seen, ["1"]);
    assert.strictEqual(cancelled, true);
    assert.strictEqual(source.readyState, EventSource.CLOSED);
  },
};

export const whatWasReadComesBeforeAnError = {
  async test() {
    let round = 0;
    const source = EventSource.from(
      new ReadableStream({
        pull(controller) {
          if (round++ === 0) controller.enqueue("data: 1\n\n");
          else controller.error(new Error("bad"));
        },
      }),
    );
    const seen = [];
    source.onmessage = (event) => seen.push(event.data);
    const { error } = await new Promise((resolve) => {
      source.onerror = resolve;
    });
    assert.strictEqual(error.message, "bad");
    assert.deepStrictEqual(seen, ["1"]);
  },
};

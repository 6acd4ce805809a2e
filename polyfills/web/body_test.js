import assert from "node:assert";

const kUsed = { name: "TypeError", message: "Body has already been used. It can only be used once. Use tee() first if you need to read it twice." };
const stream = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

export const extractsEachType = {
  async test() {
    const cases = [
      ["x", "x", "text/plain;charset=UTF-8"],
      [5, "5", "text/plain;charset=UTF-8"],
      [{}, "[object Object]", "text/plain;charset=UTF-8"],
      [new DataView(new Uint8Array([65, 66, 67]).buffer, 1, 1), "B", null],
      [new Uint16Array([0x4241]).buffer, "AB", null],
      [new Blob(["b"], { type: "a/b" }), "b", "a/b"],
      [new Blob(["b"]), "b", null],
      [new URLSearchParams({ a: " " }), "a=+", "application/x-www-form-urlencoded;charset=UTF-8"],
      [stream(new Uint8Array([65]), new Uint8Array([66])), "AB", null],
    ];
    for (const [body, text, type] of cases) {
      const response = new Response(body);
      assert.strictEqual(response.headers.get("content-type"), type);
      assert.strictEqual(await response.text(), text);
    }
  },
};

export const iterablesAreStreams = {
  async test() {
    async function* bytes() {
      yield new Uint8Array([65]);
      yield new Uint8Array([66]).buffer;
    }
    assert.strictEqual(await new Response(bytes()).text(), "AB");
    assert.strictEqual(await new Response([new Uint8Array([67])]).text(), "C");
    assert.strictEqual(await new Response({ *[Symbol.iterator]() {}, toString: () => "text" }).text(), "text");
    await assert.rejects(new Response(["a"]).text(), { name: "TypeError", message: "This ReadableStream did not return bytes." });
  },
};

export const buffersAreCopied = {
  async test() {
    const bytes = new Uint8Array([65]);
    const response = new Response(bytes);
    bytes[0] = 66;
    assert.strictEqual(await response.text(), "A");
  },
};

export const readsOnce = {
  async test() {
    const response = new Response("x");
    const reading = response.text();
    assert.strictEqual(response.bodyUsed, true);
    assert.strictEqual(response.body.locked, true);
    assert.strictEqual(await reading, "x");
    await assert.rejects(response.json(), kUsed);
    assert.throws(() => response.clone(), { message: "This ReadableStream is currently locked to a reader," });
    const empty = new Response(null);
    await empty.text();
    assert.strictEqual(empty.bodyUsed, false);
  },
};

export const streamAndMethodsAgree = {
  async test() {
    const response = new Response("x");
    assert.strictEqual(response.body, response.body);
    const reader = response.body.getReader();
    assert.strictEqual(response.bodyUsed, false);
    await assert.rejects(response.text(), { message: "This ReadableStream is currently locked to a reader." });
    await reader.read();
    reader.releaseLock();
    assert.strictEqual(response.bodyUsed, true);
    await assert.rejects(response.text(), kUsed);
    assert.throws(() => new Response(response.body), { message: "This ReadableStream is disturbed (has already been read from), and cannot be used as a body." });
  },
};

export const decodes = {
  async test() {
    assert.strictEqual(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 65, 0xff])).text(), "A\ufffd");
    assert.deepStrictEqual(await new Response('\ufeff{"a":1}').json(), { a: 1 });
    await assert.rejects(new Response("").json(), { name: "SyntaxError", message: "Unexpected end of JSON input" });
    assert.strictEqual((await new Response("abc").arrayBuffer()).byteLength, 3);
    assert.deepStrictEqual(await new Response("ab").bytes(), new Uint8Array([97, 98]));
  },
};

export const clonesShareNothing = {
  async test() {
    for (const body of ["abc", new Uint8Array([97, 98, 99]), stream(new Uint8Array([97, 98]), new Uint8Array([99]))]) {
      const response = new Response(body);
      const copy = response.clone();
      (await response.bytes()).fill(0);
      assert.strictEqual(await copy.text(), "abc");
    }
  },
};

export const wrongReceiversThrow = {
  test() {
    assert.throws(() => Response.prototype.text.call({}), /^TypeError: Illegal invocation/);
    assert.throws(() => new Body(), { name: "TypeError", message: "Illegal constructor" });
    assert.strictEqual(Object.getPrototypeOf(Response.prototype), Body.prototype);
  },
};

import assert from "node:assert";

/** The byobRequests that a byte source sees at a default read. */
async function requestsOf(options) {
  const seen = [];
  const stream = new ReadableStream({
    ...options,
    type: "bytes",
    pull(controller) {
      seen.push(controller.byobRequest === null ? null : controller.byobRequest.view.byteLength);
      controller.enqueue(new Uint8Array(1));
    },
  });
  await stream.getReader().read();
  return seen;
}

export const noneUnlessAskedFor = {
  async test() {
    assert.deepStrictEqual(await requestsOf({}), [null]);
    assert.deepStrictEqual(await requestsOf({ autoAllocateChunkSize: 16 }), [16]);
    assert.throws(() => new ReadableStream({ type: "bytes", autoAllocateChunkSize: 0 }), TypeError);
  },
};

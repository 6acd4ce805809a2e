import assert from "node:assert";

export const wrongArgumentsReject = {
  async test() {
    const cases = [
      [[], "Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Request or string'."],
      [["http://x", 5], "Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': parameter 2 is not of type 'RequestInitializerDict or Request'."],
      [["/x"], "Invalid URL: /x"],
      [["ftp://x/#f"], "Fetch API cannot load: ftp://x/#f"],
      [["blob:null/x"], "Fetch API cannot load: blob:null/x"],
      [["http://x", { body: "x" }], "Request with a GET or HEAD method cannot have a body."],
      [["http://x", { signal: 5 }], "Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'."],
    ];
    for (const [args, message] of cases) await assert.rejects(fetch(...args), { name: "TypeError", message });
  },
};

export const wrongReceiverThrows = {
  test() {
    assert.throws(() => fetch.call({}, "http://x"), /^TypeError: Illegal invocation/);
    assert.deepStrictEqual([fetch.name, fetch.length], ["fetch", 0]);
  },
};

export const usedBodiesReject = {
  async test() {
    const request = new Request("http://x", { method: "POST", body: "x" });
    await request.text();
    await assert.rejects(fetch(request), { name: "TypeError", message: "Cannot reconstruct a Request with a used body." });
    const locked = new Request("http://x", { method: "POST", body: "x" });
    locked.body.getReader();
    await assert.rejects(fetch(locked), { name: "TypeError", message: "The ReadableStream has been locked to a reader." });
  },
};

export const abortedSignalsReject = {
  async test() {
    await assert.rejects(fetch("http://x", { signal: AbortSignal.abort() }), { name: "AbortError", message: "The operation was aborted" });
    const reason = {};
    await fetch("http://x", { signal: AbortSignal.abort(reason) }).then(assert.fail, (error) => assert.strictEqual(error, reason));
  },
};

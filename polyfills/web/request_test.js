import assert from "node:assert";

const throwsType = (fn, message) => assert.throws(fn, { name: "TypeError", message });
const post = (body = "abc", more = {}) => new Request("http://a/x", { method: "POST", body, ...more });

export const parsesURLs = {
  test() {
    assert.strictEqual(new Request("http://u:p@x/a b#frag").url, "http://u:p@x/a%20b#frag");
    assert.strictEqual(new Request(new URL("http://x")).url, "http://x/");
    throwsType(() => new Request("/x"), "Invalid URL: /x");
    throwsType(() => new Request(), "Failed to construct 'Request': constructor parameter 1 is not of type 'Request or string'.");
  },
};

export const methods = {
  test() {
    assert.strictEqual(new Request("http://a", { method: "patch" }).method, "PATCH");
    for (const method of ["FOO", "CONNECT", "", "a b"]) throwsType(() => new Request("http://a", { method }), `Invalid HTTP method string: ${method}`);
    throwsType(() => new Request("http://a", { body: "x" }), "Request with a GET or HEAD method cannot have a body.");
  },
};

export const options = {
  test() {
    const request = new Request("http://a", { redirect: "manual", cache: "no-store", cf: { a: 1 }, integrity: "", keepalive: true });
    assert.deepStrictEqual([request.redirect, request.cache, request.cf, request.integrity, request.keepalive], ["manual", "no-store", { a: 1 }, "", false]);
    assert.strictEqual(request.cf, request.cf);
    assert.throws(() => new Request("http://a", { redirect: "error" }), /^TypeError: Invalid redirect value, must be one of "follow" or "manual"/);
    throwsType(() => new Request("http://a", { cache: "reload" }), "Unsupported cache mode: reload");
    throwsType(() => new Request("http://a", { cf: 5 }), "Incorrect type for the 'cf' field on 'RequestInitializerDict': the provided value is not of type 'Object'.");
    throwsType(() => new Request("http://a", { signal: 5 }), "Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'.");
  },
};

export const takesOverAnotherRequest = {
  async test() {
    const first = post("abc", { headers: { a: "1" }, redirect: "manual", cf: { b: 2 } });
    const second = new Request(first);
    assert.deepStrictEqual([second.method, second.url, second.headers.get("a"), second.redirect, second.cf], ["POST", "http://a/x", "1", "manual", { b: 2 }]);
    assert.strictEqual(first.bodyUsed, true);
    throwsType(() => new Request(first), "Cannot reconstruct a Request with a used body.");
    assert.strictEqual(await second.text(), "abc");
    assert.strictEqual(await new Request(first, { body: "new" }).text(), "new");
  },
};

export const takesOverAStream = {
  async test() {
    const first = post();
    const { body } = first;
    const second = new Request(first);
    assert.strictEqual(body.locked, true);
    assert.notStrictEqual(second.body, body);
    assert.strictEqual(await second.text(), "abc");
  },
};

export const initReplacesHeaders = {
  test() {
    const request = new Request(post("abc", { headers: { a: "1" } }), { headers: { b: "2" } });
    assert.deepStrictEqual([...request.headers], [["b", "2"]]);
  },
};

export const signals = {
  test() {
    const { signal } = new AbortController();
    const request = new Request("http://a", { signal });
    assert.strictEqual(request.signal, signal);
    assert.strictEqual(request.clone().signal, signal);
    assert.strictEqual(new Request(request).signal, signal);
    const plain = new Request("http://a");
    assert.strictEqual(plain.signal, plain.signal);
    assert.notStrictEqual(plain.clone().signal, plain.signal);
  },
};

export const clones = {
  async test() {
    const request = post();
    const copy = request.clone();
    assert.strictEqual(await request.text(), "abc");
    assert.strictEqual(await copy.text(), "abc");
    throwsType(() => request.clone(), "This ReadableStream is currently locked to a reader,");
    const cloned = structuredClone(new Request("http://a/", { method: "PUT", headers: { x: "y" }, cf: { a: 1 } }));
    assert.deepStrictEqual([cloned.method, cloned.headers.get("x"), cloned.cf], ["PUT", "y", { a: 1 }]);
  },
};

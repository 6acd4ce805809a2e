import assert from "node:assert";

const kRange = { name: "RangeError", message: "Responses may only be constructed with status codes in the range 200 to 599, inclusive." };
const throwsType = (fn, message) => assert.throws(fn, { name: "TypeError", message });

export const defaults = {
  test() {
    const response = new Response();
    assert.deepStrictEqual(
      [response.status, response.statusText, response.ok, response.url, response.type, response.redirected, response.webSocket, response.cf, response.body],
      [200, "", true, "", "default", false, null, undefined, null],
    );
    assert.deepStrictEqual(Reflect.ownKeys(response), []);
  },
};

export const checksStatus = {
  test() {
    for (const status of [0, 101, 199, 600, NaN]) assert.throws(() => new Response(null, { status }), kRange);
    assert.strictEqual(new Response(null, { status: "404" }).status, 404);
    throwsType(() => new Response(null, { statusText: "a\nb" }), "Invalid statusText");
    throwsType(() => new Response("x", 5), "Failed to construct 'Response': constructor parameter 2 is not of type 'InitializerDict or Response'.");
  },
};

export const nullBodyStatuses = {
  test() {
    for (const status of [204, 205, 304]) {
      throwsType(() => new Response("x", { status }), "Response with null body status (101, 204, 205, or 304) cannot have a body.");
      const response = new Response("", { status });
      assert.strictEqual(response.body, null);
      assert.strictEqual(response.headers.get("content-type"), null);
    }
  },
};

export const headersComeFromInit = {
  test() {
    const headers = new Headers({ a: "1" });
    const response = new Response("x", { headers });
    assert.notStrictEqual(response.headers, headers);
    assert.deepStrictEqual([...response.headers], [["a", "1"], ["content-type", "text/plain;charset=UTF-8"]]);
    assert.strictEqual(headers.has("content-type"), false);
    assert.strictEqual(new Response("x", { headers: { "Content-Type": "a/b" } }).headers.get("content-type"), "a/b");
    throwsType(() => new Response("x", { headers: null }), "Incorrect type for the 'headers' field on 'InitializerDict': the provided value is not of type 'Headers or Sequence or object'.");
  },
};

export const initMayBeAResponse = {
  test() {
    const first = new Response("x", { status: 404, statusText: "zz", headers: { a: "1" }, cf: { b: 2 } });
    const second = new Response("y", first);
    assert.deepStrictEqual([second.status, second.statusText, second.headers.get("a"), second.cf], [404, "zz", "1", { b: 2 }]);
  },
};

export const statics = {
  async test() {
    const error = Response.error();
    assert.deepStrictEqual([error.status, error.type, error.clone().type], [0, "error", "error"]);
    const redirect = Response.redirect("http://x/a b#f", 301);
    assert.deepStrictEqual([redirect.status, redirect.headers.get("location")], [301, "http://x/a%20b#f"]);
    throwsType(() => Response.redirect("/x"), "Unable to parse URL: /x");
    assert.throws(() => Response.redirect("http://x", 304), { name: "RangeError", message: "304 is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308." });
    const json = Response.json({ a: 1 }, { status: 201 });
    assert.deepStrictEqual([json.status, json.headers.get("content-type"), await json.text()], [201, "application/json", '{"a":1}']);
    throwsType(() => Response.json(), "Failed to execute 'json' on 'Response': parameter 1 is not of type 'Value'.");
  },
};

export const subclasses = {
  test() {
    class Created extends Response {
      constructor() {
        super("q", { status: 201 });
      }
    }
    assert.strictEqual(new Created().status, 201);
    assert.strictEqual(new Created().clone().constructor, Response);
    assert.strictEqual(Object.getPrototypeOf(Response), Function.prototype);
  },
};

export const clonesWithoutBody = {
  test() {
    const copy = structuredClone(new Response(null, { status: 201, headers: { a: "b" } }));
    assert.deepStrictEqual([copy.status, copy.headers.get("a")], [201, "b"]);
    assert.throws(() => structuredClone(new Response("x")), { name: "DataCloneError", message: "ReadableStream can only be serialized for RPC." });
  },
};

import assert from "node:assert";

export const normalForm = {
  test() {
    const p = new URLPattern("https://:sub.example.com/foo/*?q#h");
    assert.deepStrictEqual(
      [p.protocol, p.username, p.password, p.hostname, p.port, p.pathname, p.search, p.hash, p.hasRegExpGroups],
      ["https", "*", "*", ":sub.example.com", "", "/foo/*?q", "", "h", false],
    );
    for (const [given, pathname] of [
      ["/a b/:x", "/a%20b/:x"],
      ["/{:a}b", "/{:a}b"],
      ["/(.*)", "/*"],
      ["/{foo}?", "/{foo}?"],
      ["/x{:y-z}", "/x{:y-z}"],
      ["/:a([0-9]+)+", "/:a([0-9]+)+"],
      ["/foo\\:bar", "/foo\\:bar"],
      ["/\u00fc", "/%C3%BC"],
    ]) assert.strictEqual(new URLPattern({ pathname: given }).pathname, pathname, given);
    assert.strictEqual(new URLPattern({ protocol: "https", port: "443" }).port, "");
    assert.strictEqual(new URLPattern({ hostname: "XN--FOO.\u00fc.de" }).hostname, "xn--foo.xn--tda.de");
    assert.ok(new URLPattern({ pathname: "/(a|b)" }).hasRegExpGroups);
  },
};

export const matching = {
  test() {
    const p = new URLPattern({ pathname: "/:a/:b?" });
    const found = p.exec("https://user:pw@x.y:81/1?q#h");
    assert.deepStrictEqual(found.inputs, ["https://user:pw@x.y:81/1?q#h"]);
    assert.deepStrictEqual(found.pathname, { input: "/1", groups: { a: "1", b: undefined } });
    assert.deepStrictEqual(
      ["protocol", "username", "password", "hostname", "port", "search", "hash"].map((k) => found[k].groups[0]),
      ["https", "user", "pw", "x.y", "81", "q", "h"],
    );
    assert.deepStrictEqual(p.exec({ pathname: "/1/2" }).inputs, [{ pathname: "/1/2" }]);
    assert.strictEqual(p.exec("https://x.y/1/2/3"), null);
    assert.strictEqual(p.test(new URL("https://x.y/1")), true);
    const ofURL = p.exec(new URL("https://x.y/1?q"));
    assert.deepStrictEqual([ofURL.inputs[0].protocol, ofURL.inputs[0].search, ofURL.search.input], ["https:", "?q", "q"]);
    assert.strictEqual(p.test("1", "https://x.y/"), true);
    assert.strictEqual(p.test("no url"), false);
    assert.strictEqual(p.test({ pathname: "/1", baseURL: "bad" }), false);
    assert.strictEqual(p.test(), false);
    assert.ok(new URLPattern({ pathname: "/A" }, { ignoreCase: true }).test({ pathname: "/a" }));
    assert.ok(new URLPattern("/A", "https://a.b", { ignoreCase: true }).test("https://a.b/a"));
    assert.ok(!new URLPattern("/A", "https://a.b").test("https://a.b/a"));
    assert.ok(new URLPattern({ pathname: "/([[a-z]--b])" }).test({ pathname: "/c" }));
  },
};

export const errors = {
  test() {
    const failed = { name: "TypeError", message: "Failed to construct URLPattern" };
    for (const args of [
      ["/foo"],
      [{ pathname: "/a" }, "https://x.y"],
      [{ pathname: "/([a-)" }],
      [{ pathname: "/(a" }],
      [{ pathname: "/:a/:a" }],
      [{ hostname: "a b" }],
      [{ port: "99999" }],
      [{ protocol: "1" }],
      [{ pathname: "a", baseURL: "x" }],
      ["a", "x"],
      [1],
    ]) assert.throws(() => new URLPattern(...args), failed);
    assert.throws(() => new URLPattern("https://a/", "https://b", 1), {
      message: "Failed to construct 'URLPattern': constructor parameter 3 is not of type 'URLPatternOptions'.",
    });
    assert.throws(() => new URLPattern({}).test({}, "https://x.y"), { name: "TypeError", message: "Failed to test URLPattern" });
    assert.throws(() => URLPattern.prototype.test.call({}), /Illegal invocation/);
    assert.throws(() => Reflect.get(URLPattern.prototype, "hash", {}), /Illegal invocation/);
  },
};

export const order = {
  test() {
    const seen = [];
    new URLPattern(new Proxy({}, { get: (_, key) => void seen.push(key) }));
    assert.deepStrictEqual(seen, ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash", "baseURL"]);
  },
};

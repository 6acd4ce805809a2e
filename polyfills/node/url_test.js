import assert from "node:assert";
import url from "node:url";
import punycode from "node:punycode";

function parts({ protocol, slashes, auth, host, pathname, search, hash }) {
  return [protocol, slashes, auth, host, pathname, search, hash];
}

export const parsing = {
  test() {
    const cases = {
      "http://user:pa%20ss@Host.com:8080/p/a?q=1#h": ["http:", true, "user:pa ss", "host.com:8080", "/p/a", "?q=1", "#h"],
      "//a@b/c": [null, true, "a", "b", "/c", null, null],
      "/path?x=1": [null, null, null, null, "/path", "?x=1", null],
      " mailto:foo@bar.com ": ["mailto:", null, "foo", "bar.com", null, null, null],
      "javascript:alert('x')": ["javascript:", null, null, null, "alert('x')", null, null],
      "http://a.com\\b\\c?d\\e": ["http:", true, null, "a.com", "/b/c", "?d%5Ce", null],
      "http://\u00e9.com": ["http:", true, null, "xn--9ca.com", "/", null, null],
      "http://a.com:80a/": ["http:", true, null, "a.com", "/:80a/", null, null],
    };
    for (const [text, expected] of Object.entries(cases)) assert.deepStrictEqual(parts(url.parse(text)), expected, text);
    assert.deepStrictEqual({ ...url.parse("/a?b=c&b=d", true).query }, { b: ["c", "d"] });
    assert.throws(() => url.parse("http://\u2100.com"), { name: "Error", code: "ERR_INVALID_URL", message: "Invalid URL", input: "http://\u2100.com" });
    assert.throws(() => url.parse(5), { code: "ERR_INVALID_ARG_TYPE", message: `The "url" argument must be of type string. Received type number (5)` });
  },
};

export const resolving = {
  test() {
    const cases = [
      ["http://a.com/b/c/d?q#f", "../../x", "http://a.com/x"],
      ["/one/two/three", "four", "/one/two/four"],
      ["http://u:p@a.com/b", "//h2/p", "http://h2/p"],
      ["mailto:local1@domain1", "local2@domain2", "mailto:local2@domain2"],
      ["foo:a/b", "../../c", "foo:c"],
      ["http://a.com/b", "?q2", "http://a.com/b?q2"],
      ["../a", "../../b", "../../../b"],
    ];
    assert.deepStrictEqual(cases.map(([from, to]) => url.resolve(from, to)), cases.map((row) => row[2]));
  },
};

export const formatting = {
  test() {
    assert.strictEqual(url.format({ protocol: "http", hostname: "::1", port: 5, pathname: "a?#", query: { x: [1, 2] }, hash: "h" }), "http://[::1]:5/a%3F%23?x=1&x=2#h");
    const address = new URL("http://us:pa@xn--1xa.com/p?s#f");
    assert.strictEqual(url.format(address, { auth: false, fragment: false, search: false, unicode: true }), "http://\u03c0.com/p");
    assert.deepStrictEqual([url.domainToASCII("espa\u00f1ol.com"), url.domainToUnicode("xn--espaol-zwa.com"), url.domainToASCII("a b")], ["xn--espaol-zwa.com", "espa\u00f1ol.com", ""]);
    assert.deepStrictEqual({ ...url.urlToHttpOptions(new URL("https://a:b@[::1]:8/d?e#f")) }, {
      protocol: "https:",
      hostname: "::1",
      hash: "#f",
      search: "?e",
      pathname: "/d",
      path: "/d?e",
      href: "https://a:b@[::1]:8/d?e#f",
      port: 8,
      auth: "a:b",
    });
  },
};

export const files = {
  test() {
    assert.strictEqual(url.fileURLToPath("file:///a%20b"), "/a b");
    assert.strictEqual(url.fileURLToPath("file:///C:/a/b", { windows: true }), "C:\\a\\b");
    assert.strictEqual(url.pathToFileURL("/a b#?%/").href, "file:///a%20b%23%3F%25/");
    assert.strictEqual(url.pathToFileURL("\\\\server\\share\\f g", { windows: true }).href, "file://server/share/f%20g");
    assert.throws(() => url.fileURLToPath("http://x"), { name: "Error", code: "ERR_INVALID_URL_SCHEME", message: "The URL must be of scheme file" });
    assert.throws(() => url.fileURLToPath("file:///a%2fb"), { code: "ERR_INVALID_FILE_URL_PATH" });
  },
};

export const puny = {
  test() {
    const pairs = { "maana-pta": "ma\u00f1ana", "--dqo34k": "\u2603-\u2318", "e28h": "\u{1f600}", "abc-": "abc" };
    for (const [encoded, decoded] of Object.entries(pairs)) assert.deepStrictEqual([punycode.encode(decoded), punycode.decode(encoded)], [encoded, decoded]);
    assert.strictEqual(punycode.toUnicode("user@xn--maana-pta.com"), "user@ma\u00f1ana.com");
    assert.throws(() => punycode.decode("99999999999"), { name: "RangeError", message: "Overflow: input needs wider integers to process" });
    assert.throws(() => punycode.decode("ls8h="), { name: "RangeError", message: "Invalid input" });
  },
};

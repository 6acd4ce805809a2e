import assert from "node:assert";

const test = (fn) => ({ test: fn });

// input, base, href (undefined: failure)
const parsed = [
  ["https://example.com", undefined, "https://example.com/"],
  ["https://example.com/path?x=1#h", undefined, "https://example.com/path?x=1#h"],
  ["  HTTPS://EXAMPLE.com:443/a b\t", undefined, "https://example.com/a%20b"],
  ["http://user:p@ss@h:8080/", undefined, "http://user:p%40ss@h:8080/"],
  ["http:\\\\h\\a\\..\\b", undefined, "http://h/b"],
  ["http://h/a/./b/../%2e%2E/c/.", undefined, "http://h/c/"],
  ["http://h?q'`#f`", undefined, "http://h/?q%27`#f%60"],
  ["http://h/\u00e9?\u00e9#\ud800", undefined, "http://h/%C3%A9?%C3%A9#%EF%BF%BD"],
  ["http://0x7f.1/", undefined, "http://127.0.0.1/"],
  ["http://127.0.0.1:8787/x", undefined, "http://127.0.0.1:8787/x"],
  ["http://1.2.3/", undefined, "http://1.2.0.3/"],
  ["http://256.256.256.256/", undefined, undefined],
  ["http://a.b.09/", undefined, undefined],
  ["http://[1:0:0:2::0:3]/", undefined, "http://[1:0:0:2::3]/"],
  ["http://[::ffff:1.2.3.4]:81", undefined, "http://[::ffff:102:304]:81/"],
  ["http://[1::2::3]/", undefined, undefined],
  ["http://ex%41mple.com/", undefined, "http://example.com/"],
  ["http://a b/", undefined, undefined],
  ["http://h:65536/", undefined, undefined],
  ["http://h:/", undefined, "http://h/"],
  ["http://h:0080/", undefined, "http://h/"],
  ["http://", undefined, undefined],
  ["http://a..b/", undefined, "http://a..b/"],
  ["http://a--b.c/", undefined, "http://a--b.c/"],
  ["foo://Host%41:80/a\\b", undefined, "foo://Host%41:80/a\\b"],
  ["foo:/.//p", undefined, "foo:/.//p"],
  ["data:text/plain,a b #f", undefined, "data:text/plain,a b%20#f"],
  ["file:///C|/a/../..", undefined, "file:///C:/"],
  ["file://localhost/x", undefined, "file:///x"],
  ["/x?y", "https://u@h:81/a/b?c#d", "https://u@h:81/x?y"],
  ["../x", "https://h/a/b/c", "https://h/a/x"],
  ["?x", "https://h/a/b?c#d", "https://h/a/b?x"],
  ["#x", "https://h/a/b?c#d", "https://h/a/b?c#x"],
  ["", "https://h/a/b?c#d", "https://h/a/b?c"],
  ["//g/x", "https://h/a", "https://g/x"],
  ["http:x", "http://h/a/b", "http://h/a/x"],
  ["/a", "file:///D:/b", "file:///D:/a"],
  ["#f", "mailto:x@y", "mailto:x@y#f"],
  ["x", "mailto:x@y", undefined],
  ["x", undefined, undefined],
];

export const parses = test(() => {
  for (const [input, base, href] of parsed) {
    assert.strictEqual(URL.parse(input, base)?.href, href, `${input} against ${base}`);
    assert.strictEqual(URL.canParse(input, base), href !== undefined, input);
  }
});

export const components = test(() => {
  const names = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
  const all = (text) => names.map((name) => new URL(text)[name]);
  assert.deepStrictEqual(all("https://u:p@h.x:81/a/b?c=d#e"), [
    "https://u:p@h.x:81/a/b?c=d#e", "https://h.x:81", "https:", "u", "p", "h.x:81", "h.x", "81", "/a/b", "?c=d", "#e",
  ]);
  assert.deepStrictEqual(all("http://u@[::1]/?#"), ["http://u@[::1]/?#", "http://[::1]", "http:", "u", "", "[::1]", "[::1]", "", "/", "", ""]);
  assert.deepStrictEqual(all("foo:/.//a:@b?c:d@e"), ["foo:/.//a:@b?c:d@e", "null", "foo:", "", "", "", "", "", "//a:@b", "?c:d@e", ""]);
  assert.deepStrictEqual(all("blob:https://h:1/x"), ["blob:https://h:1/x", "https://h:1", "blob:", "", "", "", "", "", "https://h:1/x", "", ""]);
  assert.strictEqual(new URL("file:///x").origin, "null");
});

// href, property, value, new href
const set = [
  ["https://h/x", "protocol", "http:foo", "http://h/x"],
  ["https://h/x", "protocol", "foo", "https://h/x"],
  ["https://h:80/x", "protocol", "http", "http://h/x"],
  ["https://h/x", "username", "a b@", "https://a%20b%40@h/x"],
  ["https://u:p@h/x", "password", "", "https://u@h/x"],
  ["https://h:81/x", "host", "g:82/y", "https://g:82/x"],
  ["https://h:81/x", "host", "", "https://h:81/x"],
  ["https://h:81/x", "hostname", "g:82", "https://h:81/x"],
  ["https://h:81/x", "hostname", "0x7F000001", "https://127.0.0.1:81/x"],
  ["foo://h/x", "hostname", "", "foo:///x"],
  ["https://h/x", "port", "90a", "https://h:90/x"],
  ["https://h:90/x", "port", "443", "https://h/x"],
  ["https://h:90/x", "port", "", "https://h/x"],
  ["https://h:90/x", "port", "65536", "https://h:90/x"],
  ["https://h/x?q#f", "pathname", "a/../b?#", "https://h/b%3F%23?q#f"],
  ["https://h/x", "pathname", "", "https://h/"],
  ["foo://h/x", "pathname", "", "foo://h"],
  ["data:x", "pathname", "y", "data:x"],
  ["https://h/x#f", "search", "?a b", "https://h/x?a%20b#f"],
  ["https://h/x?q#f", "search", "", "https://h/x#f"],
  ["https://h/x", "hash", "#a`", "https://h/x#a%60"],
  ["https://h/x#f", "hash", "", "https://h/x"],
  ["https://h/x", "href", "http://g", "http://g/"],
];

export const setters = test(() => {
  for (const [href, property, value, expected] of set) {
    const url = new URL(href);
    assert.ok(url.pathname !== undefined);
    url[property] = value;
    assert.strictEqual(url.href, expected, `${href} ${property} = ${value}`);
    assert.strictEqual(new URL(expected)[property], url[property]);
  }
});

export const searchParamsAreLive = test(() => {
  const url = new URL("https://h/?a=1&b=2#f");
  const params = url.searchParams;
  assert.strictEqual(url.searchParams, params);
  params.append("c d", "\u00e9");
  assert.strictEqual(url.href, "https://h/?a=1&b=2&c+d=%C3%A9#f");
  url.search = "?x=y";
  assert.strictEqual(params.toString(), "x=y");
  params.delete("x");
  assert.strictEqual(url.href, "https://h/#f");
  url.href = "https://g/?z";
  assert.deepStrictEqual([...params], [["z", ""]]);
  url.hash = "h";
  params.set("z", "1");
  assert.strictEqual(url.href, "https://g/?z=1#h");
});

export const urlErrors = test(() => {
  const fails = (fn, message) => assert.throws(fn, { name: "TypeError", message });
  fails(() => new URL("x"), "Invalid URL string.");
  fails(() => new URL("x", "y"), "Invalid URL string.");
  fails(() => new URL(), "Failed to construct 'URL': constructor parameter 1 is not of type 'USVString'.");
  fails(() => URL.parse(), "Failed to execute 'parse' on 'URL': parameter 1 is not of type 'USVString'.");
  fails(() => URL.canParse(), "Failed to execute 'canParse' on 'URL': parameter 1 is not of type 'USVString'.");
  fails(() => URL("https://h"), /new/);
  fails(() => URL.prototype.href, /^Illegal invocation: /);
  fails(() => {
    new URL("http://h").href = "x";
  }, "Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL string'.");
  assert.strictEqual(URL.parse("x"), null);
});

export const urlShape = test(() => {
  const url = new URL("http://h/?a");
  assert.deepStrictEqual(Reflect.ownKeys(url), []);
  assert.strictEqual(JSON.stringify({ url }), '{"url":"http://h/?a"}');
  assert.strictEqual(`${url}`, "http://h/?a");
  assert.strictEqual(Object.prototype.toString.call(url), "[object URL]");
  assert.strictEqual(new URL("b", new URL("http://h/a")).href, "http://h/b");
});

export const isRobust = test(() => {
  const saved = [String.prototype.charCodeAt, String.prototype.slice, Array.prototype.push];
  String.prototype.charCodeAt = String.prototype.slice = Array.prototype.push = () => {
    throw new Error("patched");
  };
  let href;
  try {
    const url = new URL("HTTP://h/a/../b?c=d e");
    url.searchParams.append("x", "%");
    href = url.href;
  } finally {
    [String.prototype.charCodeAt, String.prototype.slice, Array.prototype.push] = saved;
  }
  assert.strictEqual(href, "http://h/b?c=d+e&x=%25");
});

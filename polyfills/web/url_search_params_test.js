import assert from "node:assert";

const test = (fn) => ({ test: fn });

export const inits = test(() => {
  const text = (init) => new URLSearchParams(init).toString();
  assert.strictEqual(text(), "");
  assert.strictEqual(text("?a=1&&b&=c&a=%41+%2B"), "a=1&b=&=c&a=A+%2B");
  assert.strictEqual(text([["a", "b"], new Set(["c", "d"])]), "a=b&c=d");
  assert.strictEqual(text({ a: 1, b: undefined }), "a=1&b=undefined");
  assert.strictEqual(text(new Map([["a", "b"]])), "a=b");
  assert.strictEqual(text(new URLSearchParams("x=y&x=z")), "x=y&x=z");
  assert.strictEqual(text(null), "null=");
  assert.strictEqual(text(1), "1=");
});

export const decodes = test(() => {
  const get = (query) => new URLSearchParams(query).get("a");
  assert.strictEqual(get("a=%E2%82%AC"), "\u20ac");
  assert.strictEqual(get("a=%zz%4"), "%zz%4");
  assert.strictEqual(get("a=%ff"), "\ufffd");
  assert.strictEqual(get("a=\u00e9%C3%A9"), "\u00e9\u00e9");
  assert.strictEqual(get("a=b=c"), "b=c");
  assert.strictEqual(get("b=c"), null);
  assert.strictEqual(new URLSearchParams([["a", "\ud800 ~*-._'"]]).toString(), "a=%EF%BF%BD+%7E*-._%27");
});

export const changes = test(() => {
  const params = new URLSearchParams("a=1&b=2&a=3&c=4");
  assert.strictEqual(params.size, 4);
  assert.deepStrictEqual(params.getAll("a"), ["1", "3"]);
  assert.ok(params.has("a", "3") && !params.has("a", "2") && params.has("a", undefined));
  params.set("a", "5");
  assert.strictEqual(params.toString(), "a=5&b=2&c=4");
  params.append("b", "6");
  params.delete("b", "2");
  assert.strictEqual(params.toString(), "a=5&c=4&b=6");
  params.set("d", "7");
  params.delete("a");
  assert.strictEqual(params.toString(), "c=4&b=6&d=7");
});

export const sorts = test(() => {
  const params = new URLSearchParams("z=1&\uffff=2&\u{1f600}=3&a=4&z=0&a=5");
  params.sort();
  assert.deepStrictEqual([...params.values()], ["4", "5", "1", "0", "3", "2"]);
});

export const iterates = test(() => {
  const params = new URLSearchParams("a=1&b=2&c=3");
  assert.deepStrictEqual([...params.keys()], ["a", "b", "c"]);
  assert.strictEqual(params.entries()[Symbol.toStringTag], "EntryIterator");
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    params.delete(name);
  }
  assert.deepStrictEqual(seen, ["a", "c"]);
  params.forEach(function (value, name, self) {
    seen.push(value, name, self === params, this.x);
  }, { x: 1 });
  assert.deepStrictEqual(seen, ["a", "c", "2", "b", true, 1]);
});

export const errors = test(() => {
  const fails = (fn, message) => assert.throws(fn, { name: "TypeError", message });
  fails(() => new URLSearchParams([["a"]]), "Invalid URL search params sequence.");
  fails(() => new URLSearchParams([1]), "Incorrect type: the provided value is not of type 'Sequence'.");
  fails(() => new URLSearchParams().append("x"), "Failed to execute 'append' on 'URLSearchParams': parameter 2 is not of type 'USVString'.");
  fails(() => new URLSearchParams().has(), "Failed to execute 'has' on 'URLSearchParams': parameter 1 is not of type 'USVString'.");
  fails(() => new URLSearchParams().forEach(1), "Failed to execute 'forEach' on 'URLSearchParams': parameter 1 is not of type 'function'.");
  fails(() => URLSearchParams.prototype.get.call({}, "x"), /^Illegal invocation: /);
});

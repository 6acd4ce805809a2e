import assert from "node:assert";

const throwsType = (fn, message) => assert.throws(fn, { name: "TypeError", message });

export const constructsFromEachInit = {
  test() {
    assert.deepStrictEqual([...new Headers()], []);
    assert.deepStrictEqual([...new Headers({ b: "1", A: 2 })], [["a", "2"], ["b", "1"]]);
    assert.deepStrictEqual([...new Headers([["x", "1"], ["X", "2"]])], [["x", "1, 2"]]);
    assert.deepStrictEqual([...new Headers(new Headers({ a: "1" }))], [["a", "1"]]);
    assert.deepStrictEqual([...new Headers(new Map([["k", "v"]]))], [["k", "v"]]);
    assert.strictEqual(new Headers({ a: undefined }).get("a"), "undefined");
    for (const init of [null, 5, "text", true]) {
      throwsType(() => new Headers(init), "Failed to construct 'Headers': constructor parameter 1 is not of type 'Headers or Sequence or object'.");
    }
    throwsType(() => new Headers([["a"]]), "To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.");
    throwsType(() => new Headers(["ab"]), "Incorrect type: the provided value is not of type 'Sequence'.");
  },
};

export const checksNamesAndValues = {
  test() {
    throwsType(() => new Headers({ "a b": "c" }), "Invalid header name.");
    throwsType(() => new Headers().get("a b"), "Invalid header name.");
    throwsType(() => new Headers().set("a", "x\ny"), "Invalid header value.");
    throwsType(() => new Headers().set("a", "x\0y"), "Invalid header value.");
    assert.strictEqual(new Headers({ "": "empty" }).get(""), "empty");
    assert.strictEqual(new Headers({ a: " \t\r\nx y\r\n " }).get("a"), "x y");
    assert.strictEqual(new Headers({ a: "\u00e9\u4e2d" }).get("a"), "\u00e9\u4e2d");
  },
};

export const appendSetDelete = {
  test() {
    const headers = new Headers([["a", "1"], ["b", "2"], ["a", "3"]]);
    headers.append("A", "");
    assert.strictEqual(headers.get("a"), "1, 3, ");
    headers.set("a", "9");
    assert.strictEqual(headers.get("a"), "9");
    headers.delete("B");
    assert.strictEqual(headers.has("b"), false);
    assert.strictEqual(headers.get("b"), null);
    throwsType(() => headers.set("a"), "Failed to execute 'set' on 'Headers': parameter 2 is not of type 'string'.");
  },
};

export const cookiesStaySeparate = {
  test() {
    const headers = new Headers([["set-cookie", "a=1"], ["Set-Cookie", "b=2"], ["cookie", "x"]]);
    assert.deepStrictEqual(headers.getSetCookie(), ["a=1", "b=2"]);
    assert.deepStrictEqual(headers.getAll("Set-Cookie"), ["a=1", "b=2"]);
    assert.strictEqual(headers.get("set-cookie"), "a=1, b=2");
    assert.deepStrictEqual([...headers.keys()], ["cookie", "set-cookie", "set-cookie"]);
    throwsType(() => headers.getAll("cookie"), 'getAll() can only be used with the header name "Set-Cookie".');
  },
};

export const iterationIsASortedSnapshot = {
  test() {
    const headers = new Headers([["b", "1"], ["aa", "1"], ["a-", "1"], ["a", "2"], ["b", "3"]]);
    const iterator = headers.entries();
    iterator.next();
    headers.append("zz", "1");
    assert.deepStrictEqual([...iterator], [["a-", "1"], ["aa", "1"], ["b", "1, 3"]]);
    assert.strictEqual(String(iterator), "[object EntryIterator]");
    const seen = [];
    headers.forEach(function (value, name, object) {
      seen.push([name, value, object === headers, this]);
    }, seen);
    assert.deepStrictEqual(seen[0].slice(0, 3), ["a", "2", true]);
    assert.strictEqual(seen[0][3], seen);
    throwsType(() => headers.forEach(5), "Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'function'.");
  },
};

export const redirectHeadersAreImmutable = {
  test() {
    const { headers } = Response.redirect("http://x/");
    for (const change of [() => headers.set("a", "b"), () => headers.append("a b", "c"), () => headers.delete("a")]) {
      throwsType(change, "Can't modify immutable headers.");
    }
  },
};

export const clones = {
  test() {
    assert.deepStrictEqual([...structuredClone(new Headers({ a: "1" }))], [["a", "1"]]);
  },
};

export const survivesPatchedBuiltins = {
  test() {
    const { push } = Array.prototype;
    const { exec } = RegExp.prototype;
    Array.prototype.push = RegExp.prototype.exec = () => assert.fail("patched");
    try {
      const headers = new Headers({ a: "1" });
      headers.append("b", "2");
      assert.strictEqual(headers.get("b"), "2");
    } finally {
      Array.prototype.push = push;
      RegExp.prototype.exec = exec;
    }
  },
};

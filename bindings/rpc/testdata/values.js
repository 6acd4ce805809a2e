// Values of V8 for the tests of this package: what Go reads (`values`), and what it has written (`checks`).
import assert from "node:assert";
import { RpcTarget } from "cloudflare:workers";

const cycle = { a: 1 };
cycle.self = cycle;
const shared = { n: 1 };
const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
const resizable = new ArrayBuffer(4, { maxByteLength: 16 });
const sparse = [];
sparse[3] = "x";
class Target extends RpcTarget {}
class Custom extends Error {
  name = "Custom";
}
function nested(depth) {
  let value = null;
  for (let i = 0; i < depth; i++) value = { v: value };
  return value;
}

export const values = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  negative: () => -5,
  "negative zero": () => -0,
  "31 bits": () => 2 ** 30,
  "32 bits": () => 2 ** 31,
  fraction: () => 1.5,
  NaN: () => NaN,
  infinity: () => -Infinity,
  "empty string": () => "",
  ASCII: () => "text",
  "Latin-1": () => "caf\xe9",
  "two bytes": () => "\u20ac 1",
  "surrogate pair": () => "\u{1f600}",
  "lone surrogates": () => "\udc00a\ud800",
  "BigInt 0": () => 0n,
  BigInt: () => 2n ** 64n + 1n,
  "negative BigInt": () => -5n,
  "empty object": () => ({}),
  object: () => ({ a: 1, 5: "five", 4294967294: "index", 4294967295: "name", "\u20ac": undefined, ["__proto__"]: 1 }),
  array: () => [1, "a", null, undefined],
  doubles: () => [1.5, 2.5],
  holes: () => [1, , 3],
  sparse: () => sparse,
  "array with properties": () => Object.assign([1], { extra: { x: 1 } }),
  Map: () => new Map([["a", 1], [2, { b: 2 }]]),
  Set: () => new Set([1, "a"]),
  Date: () => new Date(1700000000123),
  "early Date": () => new Date(-62135596800000),
  "invalid Date": () => new Date(NaN),
  RegExp: () => /a\/b/dgimsuy,
  "RegExp v": () => /x/v,
  boxed: () => [new Number(5), new String("x"), new Boolean(true), new Boolean(false), Object(5n)],
  ArrayBuffer: () => buffer,
  "resizable ArrayBuffer": () => [resizable, new Uint8Array(resizable, 1)],
  "part of a buffer": () => new Uint8Array(buffer, 2, 3),
  views: () => [buffer, new DataView(buffer, 1, 2), new Uint16Array(buffer, 4), new Int8Array([-1]), new Uint8ClampedArray([300])],
  Int32Array: () => new Int32Array([1, -2]),
  Float64Array: () => new Float64Array([1.5, -2]),
  Float32Array: () => new Float32Array([1.5]),
  BigInt64Array: () => new BigInt64Array([-1n, 5n]),
  BigUint64Array: () => new BigUint64Array([2n ** 64n - 1n]),
  cycle: () => cycle,
  shared: () => [shared, shared],
  "nested 3000": () => nested(3000),
  Error: () => new Error("m"),
  TypeError: () => new TypeError("m", { cause: new RangeError("inner") }),
  "Error with any cause": () => new Error("m", { cause: [1] }),
  "Error with properties": () => Object.assign(new Error("m"), { code: "E", info: { x: 1 } }),
  "Error of an own class": () => new Custom("m"),
  AggregateError: () => new AggregateError([new Error("x")], "m"),
  DOMException: () => new DOMException("m", "AbortError"),
  Headers: () => new Headers([["B", "1"], ["Set-Cookie", "a"], ["set-cookie", "b"], ["x", "\u20ac"]]),
  Blob: () => new Blob(["hi"], { type: "Text/Plain" }),
  "service stub": (env) => [env.SELF, env.SELF],
  capabilities: () => [() => 1, new Target(), new ReadableStream(), new WritableStream()],
  Request: () => new Request("http://host/", { method: "PUT" }),
};

function checkError(error, Class, message, keys) {
  assert.strictEqual(Object.getPrototypeOf(error), Class.prototype);
  assert.strictEqual(error.message, message);
  assert.ok(error.stack.startsWith(`${error.name}: ${message}`), error.stack);
  assert.ok(!error.stack.includes("hidden"));
  assert.deepStrictEqual(Object.getOwnPropertyNames(error).filter((key) => !["stack", "message"].includes(key)), keys);
}

export const checks = {
  undefined: (v) => assert.strictEqual(v, undefined),
  scalars: (v) => assert.deepStrictEqual(v, [null, true, false, 0, -1, 2147483647, -2147483648, 4294967295, 9007199254740991, 1.5, -0, NaN, Infinity]),
  strings: (v) => assert.deepStrictEqual(v, ["", "text", "caf\xe9", "\u20ac", "a\u20ac", "\u{1f600}", "\ufffd", "\0"]),
  BigInts: (v) => assert.deepStrictEqual(v, [0n, 1n, -1n, 2n ** 64n, -(2n ** 100n)]),
  bytes: (v) => {
    assert.ok(v instanceof Uint8Array);
    assert.deepStrictEqual([...v], [1, 2, 255]);
    assert.strictEqual(v.buffer.byteLength, 3);
  },
  object: (v) => {
    assert.strictEqual(Object.getPrototypeOf(v), Object.prototype);
    assert.deepStrictEqual(Object.entries(v), [["5", 1], ["10", 2], ["4294967294", 6], ["", 0], ["4294967295", 7], ["__proto__", 8], ["a", 3], ["caf\xe9", 5], ["\u20ac", 4]]);
  },
  Map: (v) => assert.deepStrictEqual([...v], [[1, "a"], [2, "b"], [10, "c"]]),
  "Map of any": (v) => assert.deepStrictEqual([...v], [[{ k: 1 }, "a"], ["b", null]]),
  Set: (v) => assert.deepStrictEqual([...v], [1, "a"]),
  Date: (v) => assert.ok(v instanceof Date && v.getTime() === 1700000000123),
  RegExp: (v) => assert.ok(v instanceof RegExp && String(v) === "/a\\/b/dgimsuy"),
  struct: (v) =>
    assert.deepStrictEqual(v, { id: 1, name: "n", tags: ["a", "b"], inner: { x: 1.5 }, none: null, big: "9223372036854775807" }),
  Error: (v) => {
    checkError(v, Error, "outer: inner", ["cause"]);
    checkError(v.cause, Error, "inner", []);
  },
  RangeError: (v) => checkError(v, RangeError, "m", []),
  "Error with properties": (v) => {
    checkError(v, TypeError, "m", ["code"]);
    assert.strictEqual(v.code, 5);
  },
  "Error of an own class": (v) => {
    checkError(v, Error, "m", ["name"]);
    assert.strictEqual(v.name, "Custom");
  },
  AggregateError: (v) => {
    checkError(v, AggregateError, "a\nEOF", ["errors"]);
    checkError(v.errors[1], Error, "EOF", []);
  },
  DOMException: (v) => {
    checkError(v, DOMException, "m", ["code", "name"]);
    assert.strictEqual(v.name, "AbortError");
    assert.strictEqual(v.code, 20);
  },
  Headers: (v) => {
    assert.ok(v instanceof Headers);
    assert.deepStrictEqual([...v], [["b", "1, 2"], ["set-cookie", "x"], ["set-cookie", "y"]]);
  },
  Blob: async (v) => {
    assert.ok(v instanceof Blob);
    assert.strictEqual(v.type, "text/plain");
    assert.strictEqual(await v.text(), "hi");
  },
  stubs: (v) => {
    assert.strictEqual(Object.prototype.toString.call(v[0]), "[object Fetcher]");
    assert.strictEqual(typeof v[1], "function");
  },
  JSON: (v) => assert.deepStrictEqual(v, { b: 1, a: [true, null, 1e300], c: 3 }),
  deep: (v) => {
    let depth = 0;
    for (; v !== null; v = v[0]) depth++;
    assert.strictEqual(depth, 2000);
  },
  "deep errors": (v) => {
    let depth = 0;
    for (; v !== undefined; v = v.cause) depth++;
    assert.strictEqual(depth, 661);
  },
};

async function answer(path, name, request, env) {
  switch (path) {
    case "/names":
      return JSON.stringify([Object.keys(values), Object.keys(checks)]);
    case "/write":
      return wire.write(values[name](env));
    case "/check":
      await checks[name](wire.read(await request.bytes()));
      return "";
    case "/echo": {
      const value = wire.read(await request.bytes());
      if (!Array.isArray(value)) return wire.write(value);
      const packed = []; // a copy would be sparse, as what was read is
      for (const element of value) packed.push(element);
      return wire.write(packed);
    }
  }
}

export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    try {
      return new Response(await answer(pathname, decodeURIComponent(search.slice(1)), request, env));
    } catch (error) {
      return new Response(error.stack ?? error, { status: 500 });
    }
  },
};

import assert from "node:assert";
import util from "node:util";

const { inspect, format } = util;

export const inspectShapes = {
  test() {
    assert.strictEqual(inspect({ a: 1, b: "x", c: [1, 2, 3] }), "{ a: 1, b: 'x', c: [ 1, 2, 3 ] }");
    assert.strictEqual(inspect({ a: { b: { c: {} } } }), "{ a: { b: { c: {} } } }");
    assert.strictEqual(inspect({ a: { b: { c: { d: 1 } } } }), "{ a: { b: { c: [Object] } } }");
    assert.strictEqual(inspect(new Map([[{ a: 1 }, new Set([1])]])), "Map(1) { { a: 1 } => Set(1) { 1 } }");
    assert.strictEqual(inspect([1, , 3]), "[ 1, <1 empty item>, 3 ]");
    assert.strictEqual(inspect(Object.create(null)), "[Object: null prototype] {}");
    assert.strictEqual(inspect(class A extends Map {}), "[class A extends Map]");
    assert.strictEqual(inspect(new Proxy({ a: 1 }, {}), { showProxy: true }), "Proxy [ { a: 1 }, {} ]");
    assert.strictEqual(inspect("it's"), `"it's"`);
    assert.strictEqual(inspect(-0), "-0");
    assert.strictEqual(inspect({ get a() { return 1; } }), "{ a: [Getter] }"); // prettier-ignore
    assert.strictEqual(inspect(1234567.891, { numericSeparator: true }), "1_234_567.891");
    const cycle = {};
    cycle.self = cycle;
    assert.strictEqual(inspect(cycle), "<ref *1> { self: [Circular *1] }");
  },
};

export const inspectOptions = {
  test() {
    assert.strictEqual(inspect({ b: 1, a: 2 }, { sorted: true }), "{ a: 2, b: 1 }");
    assert.strictEqual(inspect({ a: [1] }, { compact: false }), "{\n  a: [\n    1\n  ]\n}");
    assert.strictEqual(inspect([1, 2, 3], { maxArrayLength: 1 }), "[ 1, ... 2 more items ]");
    assert.strictEqual(inspect("abcdef", { maxStringLength: 2 }), "'ab'... 4 more characters");
    assert.strictEqual(inspect({ a: 1 }, { colors: true }), "{ a: \x1b[33m1\x1b[39m }");
    assert.strictEqual(inspect({ [inspect.custom]: (depth) => `depth ${depth}` }), "depth 2");
  },
};

export const inspectPlatformObjects = {
  test() {
    assert.strictEqual(inspect(new URLSearchParams("a=b")), "URLSearchParams(1) { 'a' => 'b' }");
    assert.match(inspect(new URL("http://a/b?c#d")), /^URL \{\n {2}origin: 'http:\/\/a',/);
    assert.strictEqual(inspect(Headers), "[Function: Headers]");
  },
};

export const formatPlaceholders = {
  test() {
    assert.strictEqual(format("%s %d %i %f %j %% %x", "a", "1.5", 2.7, "3.5x", { a: 1 }, 4), 'a 1.5 2 3.5 {"a":1} % %x 4');
    assert.strictEqual(format("%s", { a: { b: 1 } }), "{ a: [Object] }");
    assert.strictEqual(format("%cred", "color: red"), "red");
    assert.strictEqual(format("%s", 12n, Symbol("x")), "12n Symbol(x)");
    assert.strictEqual(format("%j", undefined), "undefined");
    assert.strictEqual(format("%%"), "%%");
    assert.strictEqual(util.formatWithOptions({ colors: true }, "%O", 1), "\x1b[33m1\x1b[39m");
    assert.throws(() => util.formatWithOptions(1, ""), { name: "TypeError", code: "ERR_INVALID_ARG_TYPE" });
  },
};

export const deepEquality = {
  test() {
    const same = util.isDeepStrictEqual;
    assert.ok(same({ a: [NaN, new Map([[{ k: 1 }, new Set([{}])]])] }, { a: [NaN, new Map([[{ k: 1 }, new Set([{}])]])] }));
    assert.ok(!same(0, -0));
    assert.ok(!same([1], ["1"]));
    assert.ok(!same([, 1], [undefined, 1]));
    assert.ok(!same({}, Object.create(null)));
    assert.ok(!same(new Error("a"), new Error("b")));
    assert.ok(!same(Object(1), Object(2)));
    assert.ok(!same({ [Symbol.for("a")]: 1 }, {}));
    assert.ok(same(new Uint8Array([1, 2]), new Uint8Array([1, 2])));
    assert.ok(!same(new Set([{ a: 1 }, { a: 1 }]), new Set([{ a: 1 }, { a: 2 }])));
    const a = { x: {} };
    a.x.up = a;
    const b = { x: {} };
    b.x.up = b;
    assert.ok(same(a, b));
  },
};

export const promisifyAndCallbackify = {
  async test() {
    const add = util.promisify((a, b, done) => done(null, a + b));
    assert.strictEqual(await add(1, 2), 3);
    await assert.rejects(
      util.promisify((done) => done(new Error("no")))(),
      /no/,
    );
    const custom = () => {};
    custom[util.promisify.custom] = async () => "custom";
    assert.strictEqual(await util.promisify(custom)(), "custom");
    assert.throws(() => util.promisify(1), { code: "ERR_INVALID_ARG_TYPE" });
    const [error, value] = await new Promise((resolve) => util.callbackify(async (x) => x)(5, (...all) => resolve(all)));
    assert.strictEqual(error, null);
    assert.strictEqual(value, 5);
    const falsy = await new Promise((resolve) => util.callbackify(() => Promise.reject(null))(resolve));
    assert.strictEqual(falsy.code, "ERR_FALSY_VALUE_REJECTION");
  },
};

export const text = {
  test() {
    assert.strictEqual(util.stripVTControlCharacters("\x1b[31mx\x1b[0m"), "x");
    assert.strictEqual(util.styleText(["red", "bold"], "x", { validateStream: false }), "\x1b[31m\x1b[1mx\x1b[22m\x1b[39m");
    assert.throws(() => util.styleText("nope", "x"), { code: "ERR_INVALID_ARG_VALUE" });
    assert.strictEqual(util.toUSVString("a\ud800"), "a\ufffd");
    assert.deepStrictEqual(util.parseEnv("A=1 # x\nexport B='x # y'\nC=\"a\\nb\""), { A: "1", B: "x # y", C: "a\nb" });
    assert.deepStrictEqual(util.diff("abc", "abd"), [[0, "a"], [0, "b"], [1, "c"], [-1, "d"]]); // prettier-ignore
    assert.strictEqual(String(new util.MIMEType('TEXT/HTML; Charset=UTF-8; a="x\\"y"')), 'text/html;charset=UTF-8; a="x\\"y"');
    assert.throws(() => new util.MIMEType("text"), /^TypeError: Not a valid MIME type: text$/);
  },
};

export const systemErrors = {
  test() {
    assert.strictEqual(util.getSystemErrorName(-2), "ENOENT");
    assert.strictEqual(util.getSystemErrorMessage(-2), "no such file or directory");
    assert.throws(() => util.getSystemErrorName(1), { name: "RangeError", code: "ERR_OUT_OF_RANGE" });
  },
};

export const types = {
  test() {
    const { types } = util;
    assert.ok(types.isAsyncFunction(async () => {}) && !types.isAsyncFunction(() => {}));
    assert.ok(types.isProxy(new Proxy({}, {})) && types.isMapIterator(new Map().keys()));
    assert.ok(types.isUint8Array(new Uint8Array(1)) && !types.isUint8Array(new Int8Array(1)));
    assert.ok(types.isBoxedPrimitive(Object(1n)) && types.isNativeError(new TypeError()));
    assert.ok(!types.isDate(Object.create(Date.prototype)));
  },
};

// Tables and functions that are made at first use look as if they had been there all the time.
export const lazyExports = {
  test() {
    assert.strictEqual(inspect.colors, inspect.colors);
    assert.deepStrictEqual(inspect.colors.red, [31, 39]);
    const { writable, enumerable, configurable, value } = Object.getOwnPropertyDescriptor(inspect, "colors");
    assert.deepStrictEqual([writable, enumerable, configurable, value === inspect.colors], [true, true, true, true]);
    const { styles } = inspect;
    inspect.styles = { __proto__: null, ...styles, number: "red" };
    assert.strictEqual(inspect(1, { colors: true }), "\x1b[31m1\x1b[39m");
    inspect.styles = styles;
    assert.strictEqual(util.promisify.custom, Symbol.for("nodejs.util.promisify.custom"));
    assert.strictEqual(util.isDate, util.types.isDate);
    assert.deepStrictEqual([util.MIMEType.length, util.MIMEParams.prototype.set.length], [0, 0]);
    assert.match(inspect(new util.MIMEType("text/html;a=b")), /^MIMEType \{/);
  },
};

export const arraysOfOtherLengths = {
  test() {
    const array = new Float32Array(2);
    assert.strictEqual(inspect(array), "Float32Array(2) [ 0, 0 ]");
    Object.defineProperty(array, "length", { value: -1 });
    assert.strictEqual(inspect(array), "Float32Array(2) [ 0n, 0n ]");
  },
};

export const numericSeparator = {
  test() {
    assert.strictEqual(format("%d %d %d", 12345, 12345n, -0), "12345 12345n -0");
    inspect.defaultOptions = { numericSeparator: true };
    assert.strictEqual(format("%d %d %s", 12345, 12345n, 12345), "12_345 12_345n 12_345");
    inspect.defaultOptions = { numericSeparator: false };
    assert.strictEqual(format("%d", 12345), "12345");
  },
};

export const callSites = {
  test() {
    function named() {
      return util.getCallSites(3)[0].functionName;
    }
    assert.strictEqual(named(), "named");
  },
};

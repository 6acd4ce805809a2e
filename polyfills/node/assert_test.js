// Run by assert itself: what it says of a failure is compared.
import assert from "node:assert";
import strict from "node:assert/strict";

function messageOf(fn) {
  try {
    fn();
  } catch (error) {
    return error.message;
  }
  return undefined;
}

const ours = strict; // the strict ones, which the module itself may or may not default to

export const messages = {
  test() {
    assert.strictEqual(messageOf(() => ours(0)), "0 == true");
    assert.strictEqual(messageOf(() => ours.strictEqual(1, 2)), "Expected values to be strictly equal:\n\n1 !== 2\n");
    assert.strictEqual(
      messageOf(() => ours.deepStrictEqual({ a: 1, b: 2 }, { a: 1, b: 3 })),
      "Expected values to be strictly deep-equal:\n+ actual - expected\n\n  {\n    a: 1,\n+   b: 2\n-   b: 3\n  }\n",
    );
    assert.strictEqual(messageOf(() => ours.notStrictEqual(1, 1)), 'Expected "actual" to be strictly unequal to: 1');
    assert.strictEqual(messageOf(() => ours.strictEqual(1, 2, "mine")), "mine");
    assert.strictEqual(messageOf(() => ours.fail()), "Failed");
    assert.strictEqual(messageOf(() => ours.throws(() => {}, TypeError)), "Missing expected exception (TypeError).");
    assert.strictEqual(messageOf(() => ours.match("a", /b/)), "The input did not match the regular expression /b/. Input:\n\n'a'\n");
    assert.strictEqual(messageOf(() => ours.ifError(new Error("x"))), "ifError got unwanted exception: x");
  },
};

export const failures = {
  test() {
    try {
      ours.strictEqual(1, 2);
      assert.fail("did not throw");
    } catch (error) {
      assert.ok(error instanceof ours.AssertionError);
      assert.strictEqual(error.code, "ERR_ASSERTION");
      assert.strictEqual(error.operator, "strictEqual");
      assert.strictEqual(error.generatedMessage, true);
      assert.strictEqual(error.actual, 1);
      assert.strictEqual(error.expected, 2);
      assert.match(error.stack, /^AssertionError \[ERR_ASSERTION\]: Expected/);
    }
    assert.throws(() => ours.strictEqual(1, 2, new RangeError("own")), RangeError);
    assert.throws(() => ours.strictEqual(1), { code: "ERR_MISSING_ARGS" });
  },
};

export const thrown = {
  async test() {
    const boom = () => {
      throw new TypeError("boom");
    };
    ours.throws(boom, TypeError);
    ours.throws(boom, /boom/);
    ours.throws(boom, { name: "TypeError", message: /^bo/ });
    ours.throws(boom, (error) => error.message === "boom");
    assert.throws(() => ours.throws(boom, { message: "x" }), { code: "ERR_ASSERTION" });
    assert.throws(() => ours.throws(boom, "boom"), { code: "ERR_AMBIGUOUS_ARGUMENT" });
    await ours.rejects(async () => boom(), TypeError);
    await ours.doesNotReject(Promise.resolve());
    await assert.rejects(ours.rejects(Promise.resolve()), { message: "Missing expected rejection." });
    const thenable = { then: (resolve, reject) => reject(new RangeError("thenable")) };
    await ours.rejects(thenable, RangeError);
    await ours.rejects(() => Object.assign(() => {}, thenable), RangeError);
    await assert.rejects(
      ours.rejects(() => 5),
      { code: "ERR_INVALID_RETURN_VALUE" },
    );
  },
};

export const partial = {
  test() {
    ours.partialDeepStrictEqual({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } });
    ours.partialDeepStrictEqual([1, 2, 3], [1, 3]);
    ours.partialDeepStrictEqual(new Set([{ a: 1 }, 2]), new Set([{ a: 1 }]));
    assert.throws(() => ours.partialDeepStrictEqual({ a: 1 }, { a: 2 }), { code: "ERR_ASSERTION" });
  },
};

export const instances = {
  test() {
    const { Assert } = ours;
    assert.throws(() => Assert(), { code: "ERR_CONSTRUCT_CALL_REQUIRED" });
    new Assert({ strict: false }).equal(1, "1");
    assert.throws(() => new Assert().equal(1, "1"), { code: "ERR_ASSERTION" });
    new Assert({ skipPrototype: true }).deepStrictEqual(new (class A {})(), new (class B {})());
  },
};

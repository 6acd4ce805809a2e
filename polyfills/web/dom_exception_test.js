import assert from "node:assert";

export const shape = {
  test() {
    const error = new DOMException("gone", "AbortError");
    assert.ok(error instanceof DOMException && error instanceof Error);
    assert.strictEqual(Object.prototype.toString.call(error), "[object DOMException]");
    assert.strictEqual(error.code, 20);
    // The reference runtime has own properties here where the standard has accessors.
    assert.deepStrictEqual(Reflect.ownKeys(error), ["code", "name", "message", "stack"]);
    assert.deepStrictEqual(Object.getOwnPropertyDescriptor(error, "name"), { value: "AbortError", writable: false, enumerable: true, configurable: true });
    assert.ok(error.stack.startsWith("AbortError: gone\n    at "), error.stack);
    assert.strictEqual(`${error}`, "AbortError: gone");
    assert.strictEqual(Object.getPrototypeOf(DOMException.prototype), Error.prototype);
    assert.strictEqual(Object.getPrototypeOf(DOMException), Function.prototype);
  },
};

export const defaultsAndConversion = {
  test() {
    const error = new DOMException();
    assert.deepStrictEqual([error.name, error.message, error.code], ["Error", "", 0]);
    assert.strictEqual(new DOMException(null, null).name, "null");
    assert.strictEqual(new DOMException("", "Made-up").code, 0);
    // There is no options bag.
    const options = new DOMException("a", { name: "Foo", cause: 1 });
    assert.strictEqual(options.name, "[object Object]");
    assert.strictEqual(options.cause, undefined);
    assert.throws(() => DOMException("x"), TypeError);
  },
};

export const codes = {
  test() {
    assert.strictEqual(DOMException.DATA_CLONE_ERR, 25);
    assert.strictEqual(DOMException.prototype.VALIDATION_ERR, 16);
    assert.deepStrictEqual(Object.getOwnPropertyDescriptor(DOMException, "ABORT_ERR"), { value: 20, writable: false, enumerable: true, configurable: false });
    assert.strictEqual(new DOMException("", "QuotaExceededError").code, 22);
    assert.strictEqual(new DOMException("", "OperationError").code, 0);
  },
};

export const subclass = {
  test() {
    class Gone extends DOMException {
      constructor() {
        super("m", "GoneError");
      }
    }
    const error = new Gone();
    assert.ok(error instanceof Gone);
    assert.ok(error.stack.startsWith("GoneError: m\n"));
  },
};

export const clones = {
  test() {
    const error = new DOMException("a", "DataCloneError");
    error.extra = 1;
    const { first, second } = structuredClone({ first: error, second: error });
    assert.strictEqual(first, second);
    assert.ok(first instanceof DOMException);
    assert.deepStrictEqual([first.name, first.message, first.code, first.extra], ["DataCloneError", "a", 25, undefined]);
    assert.strictEqual(first.stack, error.stack);
    assert.deepStrictEqual(Reflect.ownKeys(first), ["code", "name", "message", "stack"]);
  },
};

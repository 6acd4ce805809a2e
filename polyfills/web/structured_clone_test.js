import assert from "node:assert";

function dataCloneError(fn, message) {
  assert.throws(fn, (error) => {
    assert.ok(error instanceof DOMException);
    assert.deepStrictEqual([error.name, error.message], ["DataCloneError", message]);
    return true;
  });
}

export const plainValues = {
  test() {
    const value = { date: new Date(3), map: new Map([[1, { a: 2 }]]), list: [1, , 3], big: 5n, bytes: new Uint8Array([1, 2]) };
    value.self = value;
    const clone = structuredClone(value);
    assert.notStrictEqual(clone, value);
    assert.strictEqual(clone.self, clone);
    assert.deepStrictEqual([clone.date.getTime(), clone.map.get(1).a, 1 in clone.list, clone.big, clone.bytes[1]], [3, 2, false, 5n, 2]);
    class Point {
      x = 1;
      #y = 2;
    }
    assert.deepStrictEqual(structuredClone(new Point()), { x: 1 });
    assert.deepStrictEqual(structuredClone(Object.create(null)), {});
  },
};

export const platformObjectsThatCannot = {
  test() {
    const text = (name) => `Could not serialize object of type "${name}". This type does not support serialization.`;
    dataCloneError(() => structuredClone(new EventTarget()), text("EventTarget"));
    dataCloneError(() => structuredClone({ nested: [new Event("a")] }), text("Event"));
    dataCloneError(() => structuredClone(new AbortController()), text("AbortController"));
    dataCloneError(() => structuredClone(performance), text("Performance"));
    dataCloneError(() => structuredClone(navigator), text("Navigator"));
    dataCloneError(() => structuredClone(new (class Foo extends EventTarget {})()), text("Foo"));
    dataCloneError(() => structuredClone(AbortSignal.abort()), "AbortSignal serialization is not enabled.");
  },
};

export const functions = {
  test() {
    dataCloneError(() => structuredClone(Symbol("x")), "Symbol(x) could not be cloned.");
    dataCloneError(() => structuredClone(Promise.resolve()), "#<Promise> could not be cloned.");
    assert.throws(() => structuredClone({ f: () => 1 }), { name: "DataCloneError" });
  },
};

export const transfer = {
  test() {
    const buffer = new ArrayBuffer(8);
    const clone = structuredClone({ view: new Uint8Array(buffer), buffer }, { transfer: [buffer, buffer] });
    assert.deepStrictEqual([buffer.byteLength, clone.buffer.byteLength, clone.view.buffer === clone.buffer], [0, 8, true]);
    // A view stands for its buffer.
    const viewed = new ArrayBuffer(8);
    structuredClone(1, { transfer: [new DataView(viewed)] });
    assert.strictEqual(viewed.byteLength, 0);
    // Nothing is detached by a failure.
    const kept = new ArrayBuffer(8);
    assert.throws(() => structuredClone(() => {}, { transfer: [kept] }), { name: "DataCloneError" });
    assert.strictEqual(kept.byteLength, 8);
  },
};

export const badArguments = {
  test() {
    const typeError = (message) => ({ name: "TypeError", message });
    assert.throws(() => structuredClone(), typeError("Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Value'."));
    assert.throws(() => structuredClone(1, 5), typeError("Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter 2 is not of type 'StructuredCloneOptions'."));
    const kTransfer = typeError("Incorrect type for the 'transfer' field on 'StructuredCloneOptions': the provided value is not of type 'Array'.");
    assert.throws(() => structuredClone(1, { transfer: null }), kTransfer);
    assert.throws(() => structuredClone(1, { transfer: new Set() }), kTransfer);
    assert.throws(() => structuredClone(1, { transfer: [{}] }), typeError("Object is not transferable"));
    assert.throws(() => structuredClone.call({}, 1), /^TypeError: Illegal invocation/);
    assert.strictEqual(structuredClone(1, null), 1);
    assert.strictEqual(structuredClone(undefined), undefined);
  },
};

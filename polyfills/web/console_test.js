import assert from "node:assert";

export const shape = {
  test() {
    assert.strictEqual(Object.prototype.toString.call(console), "[object console]");
    for (const name of ["debug", "error", "info", "log", "warn", "dir", "table", "trace", "group", "groupEnd", "count", "assert", "time", "timeEnd"]) {
      const descriptor = Object.getOwnPropertyDescriptor(console, name);
      assert.deepStrictEqual([descriptor.writable, descriptor.enumerable, descriptor.configurable], [true, true, true]);
      assert.strictEqual(descriptor.value.length, 0);
    }
  },
};

export const worksDetached = {
  test() {
    const { log, assert: check, count } = console;
    log("detached %s", "log");
    check(true);
    count("detached");
  },
};

export const takesAnything = {
  test() {
    console.log();
    console.log(undefined, null, Symbol("s"), 5n, -0, () => {}, class A {}, new Map([[1, { a: 2 }]]));
    console.log({
      toString() {
        throw new Error("not called");
      },
    });
    console.log(
      new Proxy(
        {},
        {
          get() {
            throw new Error("not called");
          },
        },
      ),
    );
    console.group("outer");
    console.table([{ a: 1, b: 2 }, { a: 3 }, 4]);
    console.table(5);
    console.groupEnd();
    console.groupEnd();
    console.time("t");
    console.timeLog("t", { a: 1 });
    console.timeEnd("t");
  },
};

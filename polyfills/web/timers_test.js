import assert from "node:assert";

// Node's take their place on the global object itself.
const { clearInterval, clearTimeout, setInterval, setTimeout } = Object.getPrototypeOf(globalThis);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const order = {
  async test() {
    const log = [];
    setTimeout(() => log.push("20"), 20);
    setTimeout(() => log.push("10"), "10");
    setTimeout(() => log.push("negative"), -5);
    setTimeout(() => log.push("NaN"), NaN);
    setTimeout(() => log.push("none"));
    setTimeout(() => log.push("huge"), 2 ** 53);
    setTimeout(() => log.push("Infinity"), Infinity);
    await sleep(60);
    assert.deepStrictEqual(log, ["negative", "NaN", "none", "10", "20"]);
  },
};

export const callbacks = {
  async test() {
    let seen;
    setTimeout(
      function (...args) {
        seen = [this === globalThis, args];
      },
      0,
      1,
      2,
    );
    await sleep(10);
    assert.deepStrictEqual(seen, [true, [1, 2]]);
  },
};

export const clearing = {
  async test() {
    const log = [];
    const first = setTimeout(() => log.push("first"), 5);
    clearInterval(first);
    const second = setTimeout(() => log.push("second"), 5);
    clearTimeout(String(second));
    setTimeout(() => {
      log.push("third");
      clearTimeout(fourth);
    }, 10);
    const fourth = setTimeout(() => log.push("fourth"), 10);
    let ticks = 0;
    const interval = setInterval(() => ++ticks === 3 && clearInterval(interval), 2);
    await sleep(50);
    assert.deepStrictEqual([log, ticks], [["third"], 3]);
    for (const unknown of [undefined, null, "abc", {}, -1, 1.5, Infinity, 123456]) clearTimeout(unknown);
  },
};

export const ids = {
  test() {
    const first = setTimeout(() => {}, 1);
    const second = setInterval(() => {}, 1000);
    clearTimeout(first);
    clearInterval(second);
    assert.strictEqual(typeof first, "number");
    assert.strictEqual(second, first + 1);
  },
};

export const badArguments = {
  test() {
    const callback = (name) => ({ name: "TypeError", message: `Failed to execute '${name}' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'function'.` });
    assert.throws(() => setTimeout(), callback("setTimeout"));
    // No code from strings.
    assert.throws(() => setTimeout("f()", 1), callback("setTimeout"));
    assert.throws(() => setInterval({}), callback("setInterval"));
    assert.throws(() => queueMicrotask("f()"), callback("queueMicrotask"));
    assert.throws(() => setTimeout(() => {}, Symbol()), TypeError);
    assert.throws(() => clearTimeout(5n), TypeError);
    assert.throws(() => clearTimeout(), { name: "TypeError", message: "Failed to execute 'clearTimeout' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Number'." });
    assert.throws(() => reportError(), { name: "TypeError", message: "Failed to execute 'reportError' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Value'." });
    for (const fn of [setTimeout, queueMicrotask, reportError]) assert.throws(() => fn.call({}, () => {}), /^TypeError: Illegal invocation/);
    for (const fn of [setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, reportError]) {
      assert.strictEqual(fn.length, 0);
      assert.strictEqual("prototype" in fn, false);
    }
  },
};

export const intervalsSurviveExceptions = {
  async test() {
    let ticks = 0;
    const interval = setInterval(() => {
      if (++ticks === 2) clearInterval(interval);
      throw new Error("expected in the log");
    }, 2);
    await sleep(30);
    assert.strictEqual(ticks, 2);
  },
};

export const microtasks = {
  async test() {
    const log = [];
    const onError = (event) => (log.push(event.message), event.preventDefault());
    addEventListener("error", onError);
    queueMicrotask(function (...args) {
      log.push(this === globalThis, args.length);
    });
    queueMicrotask(() => {
      throw new TypeError("from a microtask");
    });
    await sleep(1);
    removeEventListener("error", onError);
    assert.deepStrictEqual(log, [true, 0, "Uncaught TypeError: from a microtask"]);
  },
};

export const reporting = {
  test() {
    const log = [];
    const onError = (event) => (log.push([event.message, event.error, event.filename.length > 0, event.lineno > 0]), event.preventDefault());
    addEventListener("error", onError);
    const error = new SyntaxError("odd");
    reportError(error);
    reportError(5);
    reportError(undefined);
    removeEventListener("error", onError);
    assert.deepStrictEqual(log, [
      ["Uncaught SyntaxError: odd", error, true, true],
      ["Uncaught 5", 5, true, true],
      ["Uncaught undefined", undefined, true, true],
    ]);
  },
};

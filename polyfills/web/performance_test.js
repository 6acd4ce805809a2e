import assert from "node:assert";

export const clock = {
  test() {
    // It counts from the epoch.
    assert.strictEqual(performance.timeOrigin, 0);
    assert.ok(Math.abs(performance.now() - Date.now()) < 1000);
    assert.ok(performance instanceof EventTarget);
    assert.deepStrictEqual(Reflect.ownKeys(performance), []);
    assert.strictEqual(JSON.stringify(performance), '{"timeOrigin":0}');
    assert.throws(() => new performance.constructor(), { name: "TypeError", message: "Illegal constructor" });
    assert.throws(() => performance.now.call({}), /^TypeError: Illegal invocation/);
  },
};

export const marks = {
  test() {
    const detail = { x: 1 };
    const mark = performance.mark("a", { startTime: 5, detail });
    assert.strictEqual(Object.prototype.toString.call(mark), "[object PerformanceMark]");
    assert.strictEqual(mark.detail, detail);
    assert.strictEqual(Object.getPrototypeOf(mark.toJSON()), null);
    assert.deepStrictEqual({ ...mark.toJSON() }, { name: "a", entryType: "mark", startTime: 5, duration: 0, detail });
    assert.deepStrictEqual(Object.keys(performance.mark("b").toJSON()), ["name", "entryType", "startTime", "duration"]);
    assert.deepStrictEqual(performance.getEntriesByName("a"), [mark]);
    assert.strictEqual(performance.getEntriesByType("mark").length, 2);
    performance.clearMarks("a");
    assert.strictEqual(performance.getEntriesByType("mark").length, 1);
    performance.clearMarks();
    assert.deepStrictEqual(performance.getEntries(), []);
    assert.throws(() => performance.mark(), { name: "TypeError", message: "Failed to execute 'mark' on 'Performance': parameter 1 is not of type 'string'." });
    assert.throws(() => performance.mark("a", 5), { name: "TypeError", message: "Failed to execute 'mark' on 'Performance': parameter 2 is not of type 'Options'." });
  },
};

export const measures = {
  test() {
    performance.mark("early", { startTime: 10 });
    performance.mark("late", { startTime: 25 });
    const span = (...args) => {
      const { startTime, duration } = performance.measure("m", ...args);
      return [startTime, duration];
    };
    assert.deepStrictEqual(span("early", "late"), [10, 15]);
    // Never below 0.
    assert.deepStrictEqual(span("late", "early"), [25, 0]);
    assert.deepStrictEqual(span({ start: 1, duration: 5 }), [1, 5]);
    // The end wins over the duration.
    assert.deepStrictEqual(span({ start: 1, duration: 5, end: 3 }), [1, 2]);
    assert.deepStrictEqual(span({ duration: 5, end: 7 }), [0, 7]);
    // An unknown mark is no error.
    assert.strictEqual(span("unknown")[0], 0);
    assert.ok(span()[1] > 1e12);
    performance.clearMeasures();
    performance.clearMarks();
    assert.deepStrictEqual(performance.getEntries(), []);
  },
};

// The observers of the reference runtime hear of nothing.
export const observers = {
  async test() {
    const batches = [];
    const observer = new PerformanceObserver(function (list, self) {
      assert.strictEqual(this, observer);
      assert.strictEqual(self, observer);
      assert.ok(list instanceof PerformanceObserverEntryList);
      batches.push(list.getEntries().map((entry) => entry.name));
      assert.strictEqual(list.getEntriesByType("mark").length + list.getEntriesByType("measure").length, list.getEntries().length);
      assert.strictEqual(list.getEntriesByName("none").length, 0);
    });
    observer.observe({ entryTypes: ["mark", "measure", "unknown"] });
    performance.mark("one");
    assert.deepStrictEqual(observer.takeRecords().map((entry) => entry.name), ["one"]);
    assert.deepStrictEqual(observer.takeRecords(), []);
    performance.mark("two");
    performance.measure("three");
    assert.deepStrictEqual(batches, []);
    await scheduler.wait(0);
    assert.deepStrictEqual(batches, [["two", "three"]]);
    observer.disconnect();
    performance.mark("four");
    await scheduler.wait(0);
    assert.strictEqual(batches.length, 1);
    const late = new PerformanceObserver((list) => batches.push(list.getEntries().map((entry) => entry.name)));
    late.observe({ type: "measure", buffered: true });
    await scheduler.wait(0);
    assert.deepStrictEqual(batches[1], ["three"]);
    late.disconnect();
    performance.clearMarks();
    performance.clearMeasures();
  },
};

export const timesOfNode = {
  test() {
    const { nodeTiming } = performance;
    assert.ok(nodeTiming instanceof PerformanceEntry);
    assert.deepStrictEqual([nodeTiming.name, nodeTiming.duration, Object.keys(nodeTiming).length], ["node", 0, 8]);
    assert.deepStrictEqual(Reflect.ownKeys(Object.getPrototypeOf(nodeTiming)).filter((key) => typeof key === "string").sort(), ["constructor", "toJSON"]);
    assert.strictEqual(nodeTiming.toJSON().uvMetricsInfo.events, 0);
  },
};

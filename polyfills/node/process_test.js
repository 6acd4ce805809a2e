import assert from "node:assert";
import { ReadStream, writeFileSync } from "node:fs";
import process, { nextTick, version } from "node:process";

export const constants = {
  test() {
    assert.strictEqual(globalThis.process, process);
    assert.strictEqual(String(process), "[object process]");
    assert.deepStrictEqual([process.version, version, process.versions.node, process.platform, process.arch, process.title], ["v22.23.4", "v22.23.4", "22.23.4", "linux", "x64", "workerd"]);
    assert.deepStrictEqual([process.pid, process.ppid, process.argv, process.cwd(), process.umask(), process.uptime()], [1, 0, ["workerd"], "/bundle", 18, 0]);
    assert.strictEqual(Object.isFrozen(process.features), true);
    assert.deepStrictEqual(process.memoryUsage(), { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 });
  },
};

export const environment = {
  test() {
    process.env.NUMBER = 5;
    assert.strictEqual(process.env.NUMBER, "5");
    delete process.env.NUMBER;
    assert.strictEqual("NUMBER" in process.env, false);
    assert.throws(() => (process.env.x = Symbol("x")), { name: "TypeError", message: "Cannot convert a symbol value to a string" });
    assert.throws(() => Object.defineProperty(process.env, "x", { value: 1 }), {
      code: "ERR_INVALID_ARG_VALUE",
      message: "The property 'descriptor.configurable' process.env value must be configurable. Received { value: 1 }",
    });
  },
};

export const ticks = {
  async test() {
    const order = [];
    nextTick((a, b) => order.push(a, b), 1, 2);
    await Promise.resolve().then(() => order.push("promise"));
    assert.deepStrictEqual(order, [1, 2, "promise"]);
  },
};

export const warnings = {
  async test() {
    const seen = [];
    process.on("warning", (warning) => seen.push([warning.name, warning.message, warning.code, warning.detail]));
    process.emitWarning("a", "Type", "CODE");
    process.emitWarning("b", { type: "T", detail: "D" });
    process.emitWarning(new Error("c"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepStrictEqual(seen, [
      ["Type", "a", "CODE", undefined],
      ["T", "b", undefined, "D"],
      ["Error", "c", undefined, undefined],
    ]);
    process.removeAllListeners("warning");
    assert.throws(() => process.emitWarning(1), { code: "ERR_INVALID_ARG_TYPE", message: 'The "warning" argument must be an string or Error. Received type number (1)' });
  },
};

export const rejections = {
  async test() {
    const seen = new Promise((resolve) => process.once("unhandledRejection", (...args) => resolve(args)));
    const reason = new Error("nobody");
    const promise = Promise.reject(reason);
    assert.deepStrictEqual(await seen, [reason, promise]);
  },
};

export const modules = {
  async test() {
    assert.strictEqual(process.getBuiltinModule("process"), process);
    assert.strictEqual(process.getBuiltinModule("node:assert"), assert);
    assert.strictEqual(process.getBuiltinModule("nope"), undefined);
    assert.strictEqual(typeof process.getBuiltinModule("cloudflare:workers").WorkerEntrypoint, "function");
  },
};

export const clocksAndMasks = {
  test() {
    const start = process.hrtime();
    assert.deepStrictEqual([start.length, start[0] > 1e9, typeof process.hrtime.bigint()], [2, true, "bigint"]);
    assert.throws(() => process.hrtime([1]), { code: "ERR_OUT_OF_RANGE" });
    assert.throws(() => process.umask("9"), { message: "The argument 'mask' must be a 32-bit unsigned integer or an octal string. Received '9'" });
  },
};

export const whatIsNotThere = {
  test() {
    assert.throws(() => process.kill(1), { code: "ERR_METHOD_NOT_IMPLEMENTED", message: "The process.kill method is not implemented" });
    assert.throws(() => process.permission.has("fs"), { message: "The process.permission.has method is not implemented" });
    assert.throws(() => process.setuid(1), { code: "EPERM", message: "operation not permitted", syscall: "setuid" });
    process.setuid(0);
  },
};

export const filesOfVariables = {
  test() {
    writeFileSync("/tmp/one.env", 'LOADED=1\nQUOTED="two words"\n');
    writeFileSync("/tmp/two.env", "LOADED=2\n");
    process.loadEnvFile("/tmp/one.env");
    assert.deepStrictEqual([process.env.LOADED, process.env.QUOTED], ["1", "two words"]);
    process.loadEnvFile(new URL("file:///tmp/two.env"));
    assert.strictEqual(process.env.LOADED, "2");
    assert.throws(() => process.loadEnvFile(), { code: "ENOENT", path: "/bundle/.env" });
    assert.throws(() => process.chdir("a".repeat(4097)), { code: "ENAMETOOLONG", syscall: "chdir" });
  },
};

export const input = {
  async test() {
    const { stdin } = process;
    assert.ok(stdin instanceof ReadStream);
    assert.deepStrictEqual([stdin.fd, stdin.start, stdin.bytesRead, stdin.pending, stdin.autoClose], [0, 0, 0, false, false]);
    for await (const _chunk of stdin) assert.fail("there is nothing");
  },
};

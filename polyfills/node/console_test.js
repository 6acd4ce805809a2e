import assert from "node:assert";
import nodeConsole, { Console } from "node:console";
import { Writable } from "node:stream";

function open(options) {
  const lines = [];
  const sink = (prefix) => new Writable({ write: (chunk, encoding, callback) => callback(void lines.push(`${prefix}${chunk}`)) });
  return { console: new Console({ stdout: sink(""), stderr: sink("E "), ...options }), lines };
}

export const output = {
  test() {
    const { console, lines } = open();
    console.log("a %s", 1, { b: 2 });
    console.group("g");
    console.error("two\nlines");
    console.groupEnd();
    console.count();
    console.count();
    console.countReset();
    console.count();
    console.assert(true);
    console.assert(false, "because %d", 1);
    console.table([{ a: 1 }], ["a"]);
    assert.deepStrictEqual(lines, [
      "a 1 { b: 2 }\n",
      "g\n",
      "E   two\n  lines\n",
      "default: 1\n",
      "default: 2\n",
      "default: 1\n",
      "E Assertion failed: because 1\n",
      "\u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2510\n\u2502 (index) \u2502 a \u2502\n\u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2524\n\u2502 0       \u2502 1 \u2502\n\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2518\n",
    ]);
  },
};

export const construction = {
  test() {
    assert.strictEqual(nodeConsole, console);
    assert.ok(console instanceof Console && Console(new Writable()) instanceof Console && !({} instanceof Console));
    const { log } = open().console;
    assert.strictEqual(log.name, "log");
    assert.throws(() => new Console(), { code: "ERR_CONSOLE_WRITABLE_STREAM", message: "Console expects a writable stream instance for stdout" });
    assert.throws(() => open({ colorMode: true, inspectOptions: { colors: true } }), { code: "ERR_INCOMPATIBLE_OPTION_PAIR" });
    const { console: indented, lines } = open({ groupIndentation: 4, inspectOptions: { depth: 0 } });
    indented.group();
    indented.log({ a: { b: 1 } });
    assert.deepStrictEqual(lines, ["    { a: [Object] }\n"]);
    new Console({ stdout: new Writable({ write: (chunk, encoding, callback) => callback(new Error("ignored")) }) }).log("x");
    assert.throws(() => nodeConsole.createTask(), { code: "ERR_METHOD_NOT_IMPLEMENTED", message: "The Console.createTask method is not implemented" });
  },
};

export const streams = {
  async test() {
    assert.deepStrictEqual([process.stdout.fd, process.stderr.fd, process.stdin.fd, process.stdout._isStdio, process.stdout.isTTY], [1, 2, 0, true, undefined]);
    assert.strictEqual(process.openStdin(), process.stdin);
    const chunks = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    assert.deepStrictEqual(chunks, []);
    await new Promise((resolve) => process.stdout.write("a line\n", resolve));
    assert.throws(() => process.stdout.write(5), { code: "ERR_INVALID_ARG_TYPE" });
  },
};

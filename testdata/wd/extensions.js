import assert from "node:assert";
import { WorkerEntrypoint } from "cloudflare:workers";
import { knock, evaluate } from "acme:door";
import safe from "acme:safe";
import common, { one, two, none } from "named";
import * as namespace from "named";

export default class extends WorkerEntrypoint {
  double(x) {
    return 2 * x;
  }
}

export const modules = {
  async test() {
    assert.ok(knock("sesame") && !knock("thyme"));
    assert.strictEqual((await import("acme:door")).knock, knock);
    assert.strictEqual(safe(), "the public module of this name");
    await assert.rejects(import("acme-internal:secret"), Error);
    await assert.rejects(import("internal:unsafe-eval"), Error);
    assert.strictEqual(evaluate("6 * 7"), 42);
  },
};

export const wrappedBindings = {
  async test(controller, env) {
    assert.deepEqual(Object.keys(env), ["unsafe", "safe", "named"]);
    assert.strictEqual(env.safe.code, "1234");
    assert.deepEqual(env.safe.names, ["code", "me"]);
    assert.strictEqual(await env.safe.call(4), 8);
    assert.strictEqual(env.named, 5);
  },
};

export const namedExports = {
  test() {
    assert.deepEqual([one, two, none, common.three], [1, 2, undefined, 3]);
    assert.deepEqual(Object.keys(namespace), ["default", "none", "one", "two"]);
  },
};

export const code = {
  async test(controller, { unsafe }) {
    assert.strictEqual(unsafe.eval("1 + eval('2')"), 3);
    assert.throws(() => unsafe.eval(" throw new Error('boom')", "place"), { message: "boom", stack: /at place:1:8/ });
    assert.throws(() => eval("1"), EvalError);
    assert.throws(() => unsafe.eval("{"), SyntaxError);
    const add = unsafe.newFunction("return a + b", "add", "a", "b");
    assert.deepEqual([add(1, 2), add.name, add.length], [3, "add", 2]);
    assert.strictEqual(unsafe.newFunction("return 1").name, "anonymous");
    const later = unsafe.newAsyncFunction("return await a", "later", "a");
    assert.deepEqual([await later(Promise.resolve(1)), later.name, later.length], [1, "later", 1]);
    const header = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    assert.ok(unsafe.newWasmModule(header) instanceof WebAssembly.Module);
    assert.throws(() => unsafe.newWasmModule(new Uint8Array(0)), WebAssembly.CompileError);
    assert.throws(() => unsafe.newWasmModule([]), {
      name: "TypeError",
      message: "Failed to execute 'newWasmModule' on 'UnsafeEval': parameter 1 is not of type 'ArrayBuffer or ArrayBufferView'.",
    });
    assert.throws(() => new WebAssembly.Module(header), WebAssembly.CompileError);
  },
};

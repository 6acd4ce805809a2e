import assert from "node:assert";
import { WorkerEntrypoint } from "cloudflare:workers";

export default {
  test(controller, env, ctx) {
    assert.strictEqual(Object.prototype.toString.call(controller), "[object TestController]");
    assert.deepStrictEqual(Reflect.ownKeys(controller), []);
    assert.strictEqual(typeof TestController, "undefined");
    assert.throws(() => new controller.constructor(), { name: "TypeError", message: "Illegal constructor" });
    assert.deepStrictEqual(env, { GREETING: "hello" });
    assert.deepStrictEqual(ctx.props, {});
    assert.strictEqual(arguments.length, 3);
  },
};

export class Entry extends WorkerEntrypoint {
  test(controller, env, ctx) {
    assert.strictEqual(arguments.length, 3);
    assert.strictEqual(env, undefined);
    assert.strictEqual(ctx, undefined);
    assert.strictEqual(this.env.GREETING, "hello");
  }
}

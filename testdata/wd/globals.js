import assert from "node:assert";

export const compatibilityFlags = {
  test() {
    const value = Cloudflare;
    assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "Cloudflare"), { value, writable: true, enumerable: true, configurable: true });
    assert.strictEqual(Object.prototype.toString.call(Cloudflare), "[object Cloudflare]");
    assert.throws(() => new Cloudflare.constructor(), { name: "TypeError", message: "Illegal constructor" });
    const flags = Cloudflare.compatibilityFlags;
    assert.deepEqual(Object.getOwnPropertyDescriptor(Cloudflare, "compatibilityFlags"), { value: flags, writable: false, enumerable: true, configurable: true });
    assert.strictEqual(Object.getPrototypeOf(flags), null);
    assert.ok(Object.isFrozen(flags));
    assert.strictEqual(Object.keys(flags).length, 205);
    assert.strictEqual(flags.nodejs_compat, true);
    assert.strictEqual(flags.nodejs_compat_v2, true);
    assert.strictEqual(flags.global_navigator, false);
    assert.strictEqual(flags.experimental, false);
    assert.strictEqual(flags.no_global_navigator, undefined);
  },
};

export const garbage = {
  async test() {
    const weak = new WeakRef({});
    await scheduler.wait(0);
    gc();
    assert.strictEqual(weak.deref(), undefined);
  },
};

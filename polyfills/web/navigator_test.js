import assert from "node:assert";

export const properties = {
  test() {
    assert.deepStrictEqual(Object.entries(navigator), [
      ["languages", ["en"]],
      ["language", "en"],
      ["platform", ""],
      ["hardwareConcurrency", 1],
      ["userAgent", "Cloudflare-Workers"],
    ]);
    assert.strictEqual(Object.prototype.toString.call(navigator), "[object Navigator]");
    assert.deepStrictEqual(Object.getOwnPropertyDescriptor(navigator, "userAgent"), { value: "Cloudflare-Workers", writable: false, enumerable: true, configurable: true });
    assert.throws(() => new Navigator(), { name: "TypeError", message: "Illegal constructor" });
  },
};

export const beaconArguments = {
  test() {
    assert.throws(() => navigator.sendBeacon(), { name: "TypeError", message: "Failed to execute 'sendBeacon' on 'Navigator': parameter 1 is not of type 'string'." });
    assert.throws(() => Navigator.prototype.sendBeacon.call({}, "http://x"), /^TypeError: Illegal invocation/);
    assert.throws(() => navigator.sendBeacon("http://x", Symbol()), { name: "TypeError", message: "Cannot convert a Symbol value to a string" });
  },
};

import assert from "node:assert";

const test = (fn) => ({ test: fn });
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const randomValues = test(() => {
  const array = new Uint8Array(32);
  assert.strictEqual(crypto.getRandomValues(array), array);
  assert.ok(array.some((byte) => byte !== 0));
  crypto.getRandomValues(new BigInt64Array(2));
  const view = new Uint8Array(64);
  crypto.getRandomValues(view.subarray(0, 32));
  assert.ok(view.subarray(32).every((byte) => byte === 0));
});

export const randomValuesErrors = test(() => {
  const type = "ArrayBufferView argument to getRandomValues() must be an integer-typed view.";
  assert.throws(() => crypto.getRandomValues(new Float32Array(1)), { name: "TypeMismatchError", message: type });
  assert.throws(() => crypto.getRandomValues(new DataView(new ArrayBuffer(1))), { name: "TypeMismatchError", message: type });
  const quota = "getRandomValues() only accepts buffers of size <= 64K but provided 65538 bytes.";
  assert.throws(() => crypto.getRandomValues(new Uint16Array(32769)), { name: "QuotaExceededError", message: quota });
  const parameter = "Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type 'ArrayBufferView'.";
  assert.throws(() => crypto.getRandomValues(new ArrayBuffer(1)), { name: "TypeError", message: parameter });
});

export const uuids = test(() => {
  const seen = new Set();
  for (let i = 0; i < 500; i++) {
    const uuid = crypto.randomUUID();
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(uuid);
  }
  assert.strictEqual(seen.size, 500);
  const { randomUUID } = crypto;
  assert.throws(() => randomUUID(), { name: "TypeError", message: /^Illegal invocation: / });
});

export const digests = test(async () => {
  const abc = new TextEncoder().encode("abc");
  const digest = async (algorithm, data = abc) => hex(await crypto.subtle.digest(algorithm, data));
  assert.strictEqual(await digest("SHA-1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.strictEqual(await digest("sha-256"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.strictEqual(await digest({ name: "MD5" }), "900150983cd24fb0d6963f7d28e17f72");
  assert.strictEqual((await digest("SHA-384")).length, 96);
  assert.strictEqual((await digest("SHA-512", new ArrayBuffer(0))).slice(0, 16), "cf83e1357eefb8bd");
  assert.strictEqual(await digest("SHA-1", new Uint8Array(100000)), "b98c6a155dc7a778874dfc6023be2bacc2e495dd");
  const result = await crypto.subtle.digest("SHA-1", new DataView(abc.buffer, 1, 1));
  assert.ok(result instanceof ArrayBuffer && result.byteLength === 20);
});

export const digestErrors = test(async () => {
  const unknown = { name: "NotSupportedError", message: "Unrecognized or unimplemented digest algorithm requested." };
  for (const algorithm of ["SHA-224", "sha1", {}, 1]) await assert.rejects(crypto.subtle.digest(algorithm, new Uint8Array()), unknown);
  const parameter = (index, type) => ({ name: "TypeError", message: `Failed to execute 'digest' on 'SubtleCrypto': parameter ${index} is not of type '${type}'.` });
  await assert.rejects(crypto.subtle.digest(), parameter(1, "string or HashAlgorithm"));
  await assert.rejects(crypto.subtle.digest("SHA-1", "x"), parameter(2, "BufferSource"));
  assert.throws(() => crypto.subtle.digest.call({}, "SHA-1", new Uint8Array()), { name: "TypeError", message: /^Illegal invocation: / });
});

export const comparesInConstantTime = test(() => {
  const { subtle } = crypto;
  assert.ok(subtle.timingSafeEqual(new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer));
  assert.ok(!subtle.timingSafeEqual(new Uint8Array([1, 2]), new Uint8Array([1, 3])));
  assert.throws(() => subtle.timingSafeEqual(new Uint8Array(1), new Uint8Array(2)), { name: "TypeError", message: "Input buffers must have the same byte length." });
});

export const cryptoShape = test(() => {
  assert.strictEqual(crypto.subtle, crypto.subtle);
  assert.deepStrictEqual(Reflect.ownKeys(crypto), []);
  for (const Class of [Crypto, CryptoKey, SubtleCrypto]) assert.throws(() => new Class(), { name: "TypeError", message: "Illegal constructor" });
});

// The algorithms of https://wicg.github.io/webcrypto-modern-algos/ and the curves of 448 bits.
import assert from "node:assert";

const { subtle } = crypto;
const data = new TextEncoder().encode("data");

export const secretKeysRoundTrip = {
  async test() {
    for (const algorithm of [
      { name: "AES-OCB", length: 128, iv: new Uint8Array(15), tagLength: 64 },
      { name: "ChaCha20-Poly1305", iv: new Uint8Array(12) },
    ]) {
      const key = await subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]);
      const sealed = await subtle.encrypt(algorithm, key, data);
      for (const format of ["raw-secret", "jwk"]) {
        const again = await subtle.importKey(format, await subtle.exportKey(format, key), algorithm, false, ["decrypt"]);
        assert.deepStrictEqual(new Uint8Array(await subtle.decrypt(algorithm, again, sealed)), data);
      }
      await assert.rejects(subtle.exportKey("raw", key), { name: "NotSupportedError" });
      await assert.rejects(subtle.decrypt(algorithm, key, data), { name: "OperationError" });
    }
  },
};

export const macsHaveAnyLength = {
  async test() {
    const key = await subtle.generateKey({ name: "KMAC256" }, false, ["sign", "verify"]);
    assert.strictEqual(key.algorithm.length, 256);
    const algorithm = { name: "KMAC256", outputLength: 72, customization: data };
    const signed = await subtle.sign(algorithm, key, data);
    assert.strictEqual(signed.byteLength, 9);
    assert.strictEqual(await subtle.verify(algorithm, key, signed, data), true);
    assert.strictEqual(await subtle.verify({ name: "KMAC256", outputLength: 72 }, key, signed, data), false);
  },
};

export const digestsHaveParameters = {
  async test() {
    assert.strictEqual((await subtle.digest("SHA3-384", data)).byteLength, 48);
    assert.strictEqual((await subtle.digest({ name: "cSHAKE128", outputLength: 24 }, data)).byteLength, 3);
    await assert.rejects(subtle.digest("cSHAKE128", data), TypeError);
    await assert.rejects(subtle.digest({}, data), TypeError);
  },
};

export const keysAreEncapsulated = {
  async test() {
    const pair = await subtle.generateKey("ML-KEM-768", true, ["encapsulateKey", "decapsulateKey"]);
    assert.deepStrictEqual(pair.publicKey.usages, ["encapsulateKey"]);
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const { sharedKey, ciphertext } = await subtle.encapsulateKey("ML-KEM-768", pair.publicKey, hmac, true, ["sign"]);
    const seed = await subtle.exportKey("raw-seed", pair.privateKey);
    assert.strictEqual(seed.byteLength, 64);
    const again = await subtle.importKey("raw-seed", seed, "ML-KEM-768", false, ["decapsulateKey"]);
    const other = await subtle.decapsulateKey("ML-KEM-768", again, ciphertext, hmac, true, ["sign"]);
    assert.deepStrictEqual(await subtle.exportKey("raw", other), await subtle.exportKey("raw", sharedKey));
    await assert.rejects(subtle.encapsulateBits("ML-KEM-768", pair.publicKey), { name: "InvalidAccessError" });
  },
};

export const signaturesAreOfAContext = {
  async test() {
    for (const name of ["ML-DSA-44", "Ed448"]) {
      const pair = await subtle.generateKey(name, true, ["sign", "verify"]);
      const signed = await subtle.sign({ name, context: data }, pair.privateKey, data);
      const jwk = await subtle.exportKey("jwk", pair.privateKey);
      const privateKey = await subtle.importKey("jwk", jwk, name, true, ["sign"]);
      const publicKey = await subtle.getPublicKey(privateKey, ["verify"]);
      assert.strictEqual(await subtle.verify({ name, context: data }, publicKey, signed, data), true);
      assert.strictEqual(await subtle.verify(name, publicKey, signed, data), false);
      await assert.rejects(subtle.sign({ name, context: new Uint8Array(256) }, privateKey, data), { name: "OperationError" });
    }
  },
};

export const tellsWhatItSupports = {
  test() {
    const { supports } = SubtleCrypto;
    assert.strictEqual(supports("generateKey", { name: "AES-GCM", length: 256 }), true);
    assert.strictEqual(supports("generateKey", { name: "AES-GCM", length: 100 }), false);
    assert.strictEqual(supports("encrypt", { name: "AES-CBC", iv: new Uint8Array(15) }), false);
    assert.strictEqual(supports("deriveBits", { name: "HKDF", hash: "SHA-256", salt: data, info: data }, 8), true);
    assert.strictEqual(supports("deriveBits", { name: "HKDF", hash: "SHA-256", salt: data, info: data }), false);
    assert.strictEqual(supports("encapsulateKey", "ML-KEM-512", { name: "AES-GCM" }), true);
    assert.strictEqual(supports("fold", "AES-GCM"), false);
    assert.throws(() => supports("sign"), TypeError);
  },
};

export const secretsOf448Bits = {
  async test() {
    const one = await subtle.generateKey("X448", false, ["deriveBits"]);
    const two = await subtle.generateKey("X448", false, ["deriveBits"]);
    const bits = await subtle.deriveBits({ name: "X448", public: two.publicKey }, one.privateKey, null);
    assert.strictEqual(bits.byteLength, 56);
    assert.deepStrictEqual(bits, await subtle.deriveBits({ name: "X448", public: one.publicKey }, two.privateKey, null));
  },
};

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
  for (const algorithm of ["SHA-224", "sha1", 1]) await assert.rejects(crypto.subtle.digest(algorithm, new Uint8Array()), unknown);
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

export const argumentErrors = test(async () => {
  const { subtle } = crypto;
  const data = new Uint8Array(16);
  const key = await subtle.importKey("raw", data, "AES-GCM", true, ["encrypt"]);
  const parameter = (method, index, type) => ({ name: "TypeError", message: `Failed to execute '${method}' on 'SubtleCrypto': parameter ${index} is not of type '${type}'.` });
  const dictionaries = { encrypt: "EncryptAlgorithm", decrypt: "EncryptAlgorithm", sign: "SignAlgorithm", verify: "SignAlgorithm", deriveBits: "DeriveKeyAlgorithm", deriveKey: "DeriveKeyAlgorithm" };
  for (const [method, dictionary] of Object.entries(dictionaries)) {
    await assert.rejects(subtle[method](), parameter(method, 1, `string or ${dictionary}`));
    await assert.rejects(subtle[method]("A", data), parameter(method, 2, "CryptoKey"));
    const message = `Cannot initialize N7workerd3api12SubtleCrypto${dictionary.length}${dictionary}E with required members from an undefined or null value.`;
    for (const nothing of [undefined, null]) await assert.rejects(subtle[method](nothing), { name: "TypeError", message });
    assert.throws(() => subtle[method].call({}, "A", key), { name: "TypeError", message: /^Illegal invocation: / });
    assert.strictEqual(subtle[method].length, 0);
  }
  await assert.rejects(subtle.encrypt("A", key, "x"), parameter("encrypt", 3, "BufferSource"));
  await assert.rejects(subtle.encrypt("A", key, new SharedArrayBuffer(1)), parameter("encrypt", 3, "BufferSource"));
  await assert.rejects(subtle.generateKey("A"), parameter("generateKey", 2, "boolean"));
  await assert.rejects(subtle.generateKey("A", true, new Set(["encrypt"])), parameter("generateKey", 3, "Array"));
  await assert.rejects(subtle.importKey("raw", 1), parameter("importKey", 2, "BufferSource or JsonWebKey"));
  await assert.rejects(subtle.importKey("raw", data), parameter("importKey", 3, "string or ImportKeyAlgorithm"));
  await assert.rejects(subtle.importKey(Symbol()), { name: "TypeError", message: "Cannot convert a Symbol value to a string" });
  await assert.rejects(subtle.exportKey("raw", {}), parameter("exportKey", 2, "CryptoKey"));
  await assert.rejects(subtle.unwrapKey("raw", data, key, "A", "A"), parameter("unwrapKey", 6, "boolean"));
});

export const operationErrors = test(async () => {
  const { subtle } = crypto;
  const data = new Uint8Array(16);
  const key = await subtle.importKey("raw", data, "AES-GCM", true, ["decrypt"]);
  const rejects = (promise, name, message) => assert.rejects(promise, { name, message });
  await rejects(subtle.decrypt("AES-CBC", key, data), "InvalidAccessError", 'Requested algorithm "AES-CBC" does not match this CryptoKey\'s algorithm "AES-GCM".');
  await rejects(subtle.encrypt("aes-gcm", key, data), "InvalidAccessError", 'Requested key usage "encrypt" does not match any usage listed in this CryptoKey.');
  await rejects(subtle.importKey("foo", data, "AES-GCM", true, []), "NotSupportedError", 'Unrecognized key import format "foo".');
  await rejects(subtle.importKey("raw", data, "foo", true, []), "NotSupportedError", 'Unrecognized key import algorithm "foo" requested.');
  await rejects(subtle.importKey("raw", {}, "AES-GCM", true, []), "TypeError", "Import data provided for buffer-based import formats must be a buffer source.");
  await rejects(subtle.importKey("jwk", data, "AES-GCM", true, []), "TypeError", 'Import data provided for "jwk" import format must be a JsonWebKey.');
  await rejects(subtle.generateKey("HKDF", true, []), "NotSupportedError", 'Unrecognized key generation algorithm "HKDF" requested.');
  await rejects(subtle.exportKey("spki", key), "NotSupportedError", 'AES-GCM key only supports exporting "raw", "raw-secret" & "jwk", not "spki".');
  await rejects(subtle.digest("\u017fHA-1", data), "NotSupportedError", "Unrecognized or unimplemented digest algorithm requested.");
});

export const conversionOrder = test(async () => {
  const read = [];
  const spy = (object) => new Proxy(object, { get: (target, name) => (read.push(String(name)), target[name]) });
  const reads = async (promise) => {
    await assert.rejects(promise);
    return read.splice(0).join();
  };
  const { subtle } = crypto;
  const key = await subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, ["decrypt"]);
  assert.strictEqual(await reads(subtle.encrypt(spy({ name: "x" }), key, new Uint8Array())), "name,iv,additionalData,tagLength,counter,length,label");
  assert.strictEqual(await reads(subtle.sign(spy({ name: "x" }), key, new Uint8Array())), "name,hash,dataLength,saltLength,context");
  assert.strictEqual(await reads(subtle.generateKey(spy({ name: "x" }), true, [])), "name,hash,modulusLength,publicExponent,length,namedCurve");
  assert.strictEqual(await reads(subtle.deriveBits(spy({ name: "x" }), key)), "name,salt,iterations,hash,public,info");
  assert.strictEqual(await reads(subtle.importKey("jwk", spy({}), spy({ name: "x" }), true, [])), "kty,use,key_ops,alg,ext,crv,x,y,d,n,e,p,q,dp,dq,qi,oth,k,pub,priv,name,hash,length,namedCurve,compressed");
});

export const keyShape = test(async () => {
  const { subtle } = crypto;
  const key = await subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, ["decrypt", "encrypt", "encrypt"]);
  assert.deepStrictEqual(Reflect.ownKeys(key), ["usages", "algorithm", "extractable", "type"]);
  assert.strictEqual(JSON.stringify(key), '{"usages":["encrypt","decrypt"],"algorithm":{"name":"AES-GCM","length":128},"extractable":true,"type":"secret"}');
  assert.deepStrictEqual(Object.getOwnPropertyDescriptor(key, "type"), { value: "secret", writable: false, enumerable: true, configurable: true });
  assert.strictEqual(Object.prototype.toString.call(key), "[object CryptoKey]");
  assert.throws(() => structuredClone(key), { name: "DataCloneError", message: 'Could not serialize object of type "CryptoKey". This type does not support serialization.' });
  // What scripts see is not what counts.
  Object.defineProperty(key, "extractable", { value: false });
  key.usages.length = 0;
  key.algorithm.name = "x";
  assert.strictEqual((await subtle.exportKey("raw", key)).byteLength, 16);
  assert.strictEqual((await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(1))).byteLength, 17);
});

// Bytes that a script gets or has given are not those of the key.
export const keysAreCopies = test(async () => {
  const { subtle } = crypto;
  const data = new Uint8Array(16).fill(1);
  const key = await subtle.importKey("raw", data, "AES-CBC", true, ["encrypt"]);
  data.fill(2);
  new Uint8Array(await subtle.exportKey("raw", key)).fill(3);
  assert.strictEqual(hex(await subtle.exportKey("raw", key)), "01".repeat(16));
});

const written = async (algorithm, ...chunks) => {
  const stream = new crypto.DigestStream(algorithm);
  const writer = stream.getWriter();
  for (const chunk of chunks) await writer.write(chunk);
  await writer.close();
  return [hex(await stream.digest), stream.bytesWritten];
};

export const digestStreams = test(async () => {
  const chunks = ["1234", new TextEncoder().encode("56"), new Uint8Array(0), "", new TextEncoder().encode("789").buffer];
  const check = { crc32: "cbf43926", crc32c: "e3069283", crc64nvme: "ae8b14860a799888", md5: "25f9e794323b453885f5181f1b624d0b", "SHA-1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441" };
  for (const [algorithm, digest] of Object.entries(check)) assert.deepStrictEqual(await written(algorithm, ...chunks), [digest, 9n]);
  for (const name of ["SHA-256", "SHA-384", "SHA-512"]) {
    assert.deepStrictEqual(await written({ name }, ...chunks), [hex(await crypto.subtle.digest(name, new TextEncoder().encode("123456789"))), 9n]);
    assert.deepStrictEqual(await written(name), [hex(await crypto.subtle.digest(name, new Uint8Array())), 0n]);
  }
  const piped = new crypto.DigestStream("SHA-256");
  await new Response("hello").body.pipeTo(piped);
  assert.strictEqual(hex(await piped.digest), hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("hello"))));
  assert.strictEqual(piped.digest, piped.digest);
  assert.ok(piped instanceof WritableStream);
});

export const digestStreamFailures = test(async () => {
  const make = (...args) => new crypto.DigestStream(...args);
  assert.throws(() => make("foo"), { name: "NotSupportedError", message: "Unrecognized or unimplemented digest algorithm requested." });
  assert.throws(() => make(), { name: "TypeError", message: "Failed to construct 'DigestStream': constructor parameter 1 is not of type 'string or HashAlgorithm'." });
  const aborted = make("SHA-1");
  await aborted.abort("stop");
  await assert.rejects(aborted.digest, (error) => error === "stop");
  const disposed = make("SHA-1");
  disposed[Symbol.dispose]();
  await assert.rejects(disposed.digest, { name: "TypeError", message: "The DigestStream was disposed." });
  await assert.rejects(disposed.getWriter().write("x"), { name: "TypeError", message: "The DigestStream was disposed." });
  const message = "DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.";
  for (const chunk of [1, null, {}, new SharedArrayBuffer(1)]) await assert.rejects(make("SHA-1").getWriter().write(chunk), { name: "TypeError", message });
  const { get } = Object.getOwnPropertyDescriptor(crypto.DigestStream.prototype, "digest");
  assert.throws(() => get.call(new WritableStream()), { name: "TypeError", message: /^Illegal invocation: / });
});

// A script that patches what it can must not come by the bytes of a key that it may not export.
export const secretsStaySecret = test(async () => {
  const { subtle } = crypto;
  const seen = [];
  const { [Symbol.iterator]: iterator } = Array.prototype;
  const note = (value) => {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) seen.push(hex(value.buffer ?? value));
  };
  const secret = "2a".repeat(16);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  const wrapping = await subtle.importKey("raw", new Uint8Array(16), "AES-GCM", false, ["encrypt", "unwrapKey"]);
  const wrapped = await subtle.encrypt(algorithm, wrapping, new Uint8Array(16).fill(0x2a));
  const stretched = await subtle.importKey("raw", new Uint8Array(16), "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(8), iterations: 5000 };
  let keys;
  try {
    Array.prototype[Symbol.iterator] = function () {
      for (let i = 0; i < this.length; i++) note(this[i]);
      return iterator.call(this);
    };
    Object.defineProperty(Object.prototype, "then", { configurable: true, get() { note(this); } });
    const unwrapping = subtle.unwrapKey("raw", wrapped, wrapping, algorithm, "AES-CBC", false, ["encrypt"]);
    const deriving = subtle.deriveKey(derivation, stretched, { name: "AES-CBC", length: 128 }, false, ["encrypt"]);
    const one = await unwrapping;
    keys = { one, two: await deriving };
    await subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, one, new Uint8Array(70000));
  } finally {
    Array.prototype[Symbol.iterator] = iterator;
    delete Object.prototype.then;
  }
  assert.deepStrictEqual([keys.one.extractable, keys.two.type], [false, "secret"]);
  assert.ok(!seen.some((bytes) => bytes.includes(secret)));
  assert.ok(seen.every((bytes) => bytes.length > 64), "the derived key and the zeros of others are short");
});

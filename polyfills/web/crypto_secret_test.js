// HMAC, AES, HKDF and PBKDF2. Known answers are those of the RFCs and of NIST SP 800-38A, B and D; the rest the reference runtime's.
import assert from "node:assert";

const { subtle } = crypto;
const test = (fn) => ({ test: fn });
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new Uint8Array((text.match(/../g) ?? []).map((digits) => parseInt(digits, 16)));
const fails = (promise, name, message) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof (name === "TypeError" ? TypeError : DOMException));
  assert.strictEqual(`${error.name}: ${error.message}`, `${name}: ${message}`);
  return true;
});
const aes = (name, usages = ["encrypt", "decrypt"], data = new Uint8Array(16)) => subtle.importKey("raw", data, name, true, usages);
const hmac = (hash, data) => subtle.importKey("raw", data, { name: "HMAC", hash }, true, ["sign", "verify"]);

// RFC 4231, test cases 1, 2 and 6; RFC 2202, test case 2.
export const hmacVectors = test(async () => {
  const vectors = [
    ["SHA-256", "0b".repeat(20), utf8("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    ["SHA-256", hex(utf8("Jefe")), utf8("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
    ["SHA-512", "aa".repeat(131), utf8("Test Using Larger Than Block-Size Key - Hash Key First"), "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"],
    ["SHA-1", hex(utf8("Jefe")), utf8("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
    ["MD5", hex(utf8("Jefe")), utf8("what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738"],
  ];
  for (const [hash, key, data, mac] of vectors) {
    const imported = await hmac(hash, bytes(key));
    assert.strictEqual(hex(await subtle.sign("HMAC", imported, data)), mac);
    assert.strictEqual(await subtle.verify("hmac", imported, bytes(mac), data), true);
    assert.strictEqual(await subtle.verify("HMAC", imported, bytes(mac).subarray(1), data), false);
    assert.strictEqual(await subtle.verify("HMAC", imported, bytes(mac), utf8("other")), false);
  }
});

export const hmacLengths = test(async () => {
  const make = (length) => subtle.importKey("raw", bytes("ffff"), { name: "HMAC", hash: "SHA-1", length }, true, ["sign"]);
  assert.strictEqual(hex(await subtle.exportKey("raw", await make(11))), "ffe0");
  const text = (length) => `Imported HMAC key length (${length}) must be a non-zero value up to 7 bits less than, and no greater than, the bit length of the raw key data (16).`;
  for (const length of [0, 8, 17, -1]) await fails(make(length), "DataError", text(length));
  const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-384" }, true, ["sign"]);
  assert.deepStrictEqual(key.algorithm, { name: "HMAC", hash: { name: "SHA-384" }, length: 1024 });
  assert.strictEqual((await subtle.exportKey("raw", key)).byteLength, 128);
});

export const hmacJwk = test(async () => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const jwk = { kty: "oct", k: "AA-_AA" };
  const key = await subtle.importKey("jwk", jwk, algorithm, true, ["verify", "sign"]);
  assert.strictEqual(JSON.stringify(await subtle.exportKey("jwk", key)), '{"kty":"oct","key_ops":["sign","verify"],"alg":"HS256","ext":true,"k":"AA-_AA"}');
  const bad = (change, extractable = true) => subtle.importKey("jwk", { ...jwk, ...change }, algorithm, extractable, ["sign"]);
  await fails(bad({ k: "!" }), "DataError", 'HMAC "jwk" key import requires a base64Url encoding of the key');
  await fails(bad({ kty: "RSA" }), "DataError", 'HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") equal to "oct" (encountered "RSA").');
  await fails(bad({ alg: "HS512" }), "DataError", 'HMAC "jwk" key import specifies "alg" that is incompatible with the hash name (encountered "HS512", expected "HS256").');
  await fails(bad({ ext: false }), "DataError", 'JWK ext field for "HMAC" is set to false but extractable is true');
  await fails(bad({ key_ops: "sign" }), "TypeError", "Incorrect type for the 'key_ops' field on 'JsonWebKey': the provided value is not of type 'Array'.");
  assert.strictEqual((await bad({ ext: false }, false)).extractable, false);
});

// NIST GCM test cases 4, 10, 16 (the first with IVs of other sizes 5 and 6 too), and tags that are cut.
export const gcmVectors = test(async () => {
  const plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
  const extra = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const long = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b";
  const vectors = [
    ["feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091", "5bc94fbc3221a5db94fae95ae7121a47"],
    ["feffe9928665731c6d6a8f9467308308", "cafebabefacedbad", "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598", "3612d2e79e3b0785561be14aaca2fccb"],
    ["feffe9928665731c6d6a8f9467308308", long, "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca701e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5", "619cc5aefffe0bfa462af43c1699d050"],
    ["feffe9928665731c6d6a8f9467308308feffe9928665731c", "cafebabefacedbaddecaf888", "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710", "2519498e80f1478f37ba55bd6d27618c"],
    ["feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662", "76fc6ece0f4e1768cddf8853bb2d551b"],
  ];
  for (const [key, iv, cipher, tag] of vectors) {
    const imported = await aes("AES-GCM", undefined, bytes(key));
    for (const tagLength of [undefined, 128, 120, 112, 104, 96, 64, 32]) {
      const algorithm = { name: "AES-GCM", iv: bytes(iv), additionalData: extra, tagLength };
      const sealed = await subtle.encrypt(algorithm, imported, bytes(plain));
      assert.strictEqual(hex(sealed), cipher + tag.slice(0, (tagLength ?? 128) / 4));
      assert.strictEqual(hex(await subtle.decrypt(algorithm, imported, sealed)), plain);
      const broken = new Uint8Array(sealed);
      broken[broken.length - 1] ^= 1;
      await assert.rejects(subtle.decrypt(algorithm, imported, broken), { name: "OperationError", message: /^Decryption failed\. .* Input length was 60, output length expected to be 60 for AES-GCM$/ });
    }
  }
});

export const gcmErrors = test(async () => {
  const key = await aes("AES-GCM");
  const use = (change) => subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), ...change }, key, new Uint8Array(1));
  await fails(use({ iv: undefined }), "TypeError", 'Missing field "iv" in "algorithm".');
  await fails(use({ iv: new Uint8Array() }), "OperationError", "AES-GCM IV must not be empty.");
  await fails(use({ iv: "x" }), "TypeError", "Incorrect type for the 'iv' field on 'EncryptAlgorithm': the provided value is not of type 'BufferSource'.");
  for (const tagLength of [0, 127, -1, 136, null]) await fails(use({ tagLength }), "OperationError", `Invalid AES-GCM tag length ${tagLength ?? 0}.`);
  await fails(use({ tagLength: 2 ** 31 }), "TypeError", "AES-GCM tagLength is outside the integer range.");
  const short = subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(3));
  await fails(short, "OperationError", "Ciphertext length of 24 bits must be greater than or equal to the size of the AES-GCM tag length of 128 bits.");
});

// SP 800-38A, F.2.1 and F.2.5, with the padding that Web Crypto adds.
export const cbcVectors = test(async () => {
  const iv = bytes("000102030405060708090a0b0c0d0e0f");
  const plain = bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  for (const [key, cipher] of [
    ["2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"],
    ["603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"],
  ]) {
    const imported = await aes("AES-CBC", undefined, bytes(key));
    const sealed = await subtle.encrypt({ name: "AES-CBC", iv }, imported, plain);
    assert.strictEqual(hex(sealed).slice(0, 64), cipher);
    assert.strictEqual(sealed.byteLength, 48);
    assert.strictEqual(hex(await subtle.decrypt({ name: "AES-CBC", iv }, imported, sealed)), hex(plain));
  }
});

export const cbcErrors = test(async () => {
  const key = await aes("AES-CBC");
  const iv = new Uint8Array(16);
  for (const [length, given] of [[0, 0], [5, 0], [16, 0], [17, 16], [32, 16]]) {
    await assert.rejects(subtle.decrypt({ name: "AES-CBC", iv }, key, new Uint8Array(length)), {
      name: "OperationError",
      message: `Decryption failed. This could be due to a ciphertext authentication failure, bad padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was ${length}, output length expected to be ${given} for AES-CBC`,
    });
  }
  await fails(subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(3) }, key, iv), "OperationError", "AES-CBC IV must be 16 bytes long (provided 3 bytes).");
  await fails(subtle.decrypt({ name: "AES-CBC", iv: new Uint8Array(3) }, key, iv), "OperationError", "AES-CBC IV must be 16 bytes long (provided 3).");
});

// SP 800-38A, F.5.1; then counters that wrap within their bits, wherever these end.
export const ctrVectors = test(async () => {
  const key = await aes("AES-CTR", undefined, bytes("2b7e151628aed2a6abf7158809cf4f3c"));
  const algorithm = { name: "AES-CTR", counter: bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), length: 128 };
  const sealed = await subtle.encrypt(algorithm, key, bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"));
  assert.strictEqual(hex(sealed), "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
  assert.strictEqual(hex(await subtle.decrypt(algorithm, key, sealed)), "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
});

export const ctrWraps = test(async () => {
  const key = await aes("AES-CTR");
  for (const length of [2, 7, 8, 13, 63, 64, 65, 100, 127, 128]) {
    const counter = new Uint8Array(16).fill(255);
    const stream = await subtle.encrypt({ name: "AES-CTR", counter, length }, key, new Uint8Array(40));
    // The second and third block are those of a counter whose last bits are zero, then one.
    const next = new Uint8Array(16).fill(255);
    for (let bit = 0; bit < length; bit++) next[15 - (bit >> 3)] &= ~(1 << (bit & 7));
    const rest = await subtle.encrypt({ name: "AES-CTR", counter: next, length }, key, new Uint8Array(24));
    assert.strictEqual(hex(stream).slice(32), hex(rest), `length ${length}`);
  }
  const use = (length, size) => subtle.encrypt({ name: "AES-CTR", counter: new Uint8Array(16), length }, key, new Uint8Array(size));
  assert.strictEqual((await use(1, 32)).byteLength, 32);
  await fails(use(1, 33), "OperationError", "Counter block values will repeat.");
  for (const length of [0, 129, -1]) await fails(use(length, 1), "OperationError", `Invalid counter of ${length} bits length provided.`);
});

// RFC 3394, 4.1 and 4.6.
export const kwVectors = test(async () => {
  for (const [wrapping, data, wrapped] of [
    ["000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"],
    ["000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f", "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"],
  ]) {
    const key = await aes("AES-KW", ["wrapKey", "unwrapKey"], bytes(wrapping));
    const inner = await aes("AES-GCM", undefined, bytes(data));
    assert.strictEqual(hex(await subtle.wrapKey("raw", inner, key, "AES-KW")), wrapped);
    const back = await subtle.unwrapKey("raw", bytes(wrapped), key, "AES-KW", "AES-CBC", true, ["encrypt"]);
    assert.strictEqual(hex(await subtle.exportKey("raw", back)), data);
    const broken = bytes(wrapped);
    broken[9] ^= 1;
    await fails(subtle.unwrapKey("raw", broken, key, "AES-KW", "AES-CBC", true, ["encrypt"]), "OperationError", "AES-KW key unwrapping failed.");
  }
});

export const wrapsJwk = test(async () => {
  const key = await aes("AES-GCM", ["wrapKey", "unwrapKey", "encrypt"]);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  const wrapped = await subtle.wrapKey("jwk", await aes("AES-CBC"), key, algorithm);
  const back = await subtle.unwrapKey("jwk", wrapped, key, algorithm, "AES-CBC", false, ["decrypt"]);
  assert.deepStrictEqual([back.type, back.extractable, back.algorithm, back.usages], ["secret", false, { name: "AES-CBC", length: 128 }, ["decrypt"]]);
  const unwrap = async (text) => subtle.unwrapKey("jwk", await subtle.encrypt(algorithm, key, utf8(text)), key, algorithm, "AES-CBC", false, ["decrypt"]);
  await assert.rejects(unwrap("{bad"), SyntaxError);
  await fails(unwrap("1"), "DataError", 'Missing "kty" field or corrupt JSON unwrapping key?');
});

// RFC 5869, A.1 to A.3.
export const hkdfVectors = test(async () => {
  for (const [hash, input, salt, info, output] of [
    ["SHA-256", "0b".repeat(22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"],
    ["SHA-256", "0b".repeat(22), "", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"],
    ["SHA-1", "0b".repeat(11), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896"],
  ]) {
    const key = await subtle.importKey("raw", bytes(input), "HKDF", false, ["deriveBits"]);
    const algorithm = { name: "HKDF", hash, salt: bytes(salt), info: bytes(info) };
    assert.strictEqual(hex(await subtle.deriveBits(algorithm, key, 336)), output);
  }
});

// RFC 6070 and RFC 7914, 11.
export const pbkdf2Vectors = test(async () => {
  for (const [hash, password, salt, iterations, output] of [
    ["SHA-1", "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"],
    ["SHA-1", "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"],
    ["SHA-256", "passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"],
  ]) {
    const key = await subtle.importKey("raw", utf8(password), "PBKDF2", false, ["deriveBits"]);
    assert.strictEqual(hex(await subtle.deriveBits({ name: "PBKDF2", hash, salt: utf8(salt), iterations }, key, output.length * 4)), output);
  }
});

export const derivationErrors = test(async () => {
  const hkdf = await subtle.importKey("raw", new Uint8Array(4), "HKDF", false, ["deriveBits"]);
  const pbkdf2 = await subtle.importKey("raw", new Uint8Array(4), "PBKDF2", false, ["deriveBits"]);
  const expand = (length, change) => subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new Uint8Array(), ...change }, hkdf, length);
  const stretch = (length, change) => subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(), iterations: 1, ...change }, pbkdf2, length);
  await fails(expand(9), "OperationError", "HKDF requires a derived key length that is a multiple of eight (requested 9).");
  await fails(expand(null), "OperationError", "HKDF cannot derive a key with null length.");
  await fails(expand(255 * 256 + 8), "OperationError", "HKDF deriveBits failed.");
  await fails(expand(-1), "TypeError", "deriveBits length must be an unsigned long integer.");
  for (const member of ["hash", "salt", "info"]) await fails(expand(8, { [member]: undefined }), "TypeError", `Missing field "${member}" in "algorithm".`);
  await fails(stretch(255 * 256 + 8), "OperationError", "Pbkdf2 failed: derived key length exceeds maximum for this hash");
  await fails(stretch(8, { iterations: 0 }), "OperationError", "PBKDF2 requires a positive iteration count (requested 0).");
  assert.strictEqual((await expand(0)).byteLength + (await stretch(0)).byteLength, 0);
  await fails(subtle.importKey("raw", new Uint8Array(4), "HKDF", true, ["deriveBits"]), "SyntaxError", "HKDF key cannot be extractable.");
});

export const derivesKeys = test(async () => {
  const base = await subtle.importKey("raw", new Uint8Array(16), "HKDF", false, ["deriveKey"]);
  const derive = (algorithm, usages) => subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(16), info: new Uint8Array(16) }, base, algorithm, true, usages);
  const key = await derive({ name: "AES-GCM", length: 128 }, ["encrypt"]);
  assert.strictEqual(hex(await subtle.exportKey("raw", key)), "712f6ca6742d57007702ebc1b77c2097");
  assert.strictEqual((await derive({ name: "HMAC", hash: "SHA-512" }, ["sign"])).algorithm.length, 1024);
  await fails(derive({ name: "AES-GCM", length: 100 }, ["encrypt"]), "OperationError", "Derived AES key must be 128, 192, or 256 bits in length but provided 100.");
  await fails(derive("AES-GCM", ["encrypt"]), "TypeError", 'Missing field "length" in "derivedKeyParams".');
  await fails(derive("ECDSA", ["sign"]), "NotSupportedError", 'Unrecognized derived key type "ECDSA" requested.');
});

// Larger than what is worked on at once.
export const largeData = test(async () => {
  const data = new Uint8Array(300000).fill(7);
  const key = await aes("AES-GCM");
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  const [first, second] = await Promise.all([subtle.encrypt(algorithm, key, data), subtle.encrypt(algorithm, key, data)]);
  assert.strictEqual(hex(await subtle.digest("SHA-256", first)), hex(await subtle.digest("SHA-256", second)));
  const plain = new Uint8Array(await subtle.decrypt(algorithm, key, first));
  assert.ok(plain.length === 300000 && plain.every((byte) => byte === 7));
  await assert.rejects(subtle.decrypt(algorithm, key, data), { name: "OperationError" });
  const mac = await hmac("SHA-256", new Uint8Array(16));
  assert.ok(await subtle.verify("HMAC", mac, await subtle.sign("HMAC", mac, data), data));
});

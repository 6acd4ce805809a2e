// ECDSA, ECDH, Ed25519 and X25519. Keys and signatures that are given were made by another implementation (OpenSSL); RFC vectors are named.
import assert from "node:assert";

const { subtle } = crypto;
const test = (fn) => ({ test: fn });
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new Uint8Array((text.match(/../g) ?? []).map((digits) => parseInt(digits, 16)));
const unbase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const fails = (promise, name, message) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof (name === "TypeError" ? TypeError : DOMException));
  assert.strictEqual(`${error.name}: ${error.message}`, `${name}: ${message}`);
  return true;
});

const ec = {
  "P-256": { jwk: {"kty": "EC", "x": "ATBEe4FRvME4RM65D_aGwDuhrAOd02-btVLJL9MzDj8", "y": "YOwhSXB_92x9YawflOSgcC4gHoeLSF9-ArzJX2nD4Q4", "crv": "P-256", "d": "yUcchAInGX31oAwNztpow7o-Tv0DznGj4sw5su0a9c0"}, pkcs8: "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c9471c840227197df5a00c0dceda68c3ba3e4efd03ce71a3e2cc39b2ed1af5cda144034200040130447b8151bcc13844ceb90ff686c03ba1ac039dd36f9bb552c92fd3330e3f60ec2149707ff76c7d61ac1f94e4a0702e201e878b485f7e02bcc95f69c3e10e", sec1: "30770201010420c9471c840227197df5a00c0dceda68c3ba3e4efd03ce71a3e2cc39b2ed1af5cda00a06082a8648ce3d030107a144034200040130447b8151bcc13844ceb90ff686c03ba1ac039dd36f9bb552c92fd3330e3f60ec2149707ff76c7d61ac1f94e4a0702e201e878b485f7e02bcc95f69c3e10e", spki: "3059301306072a8648ce3d020106082a8648ce3d030107034200040130447b8151bcc13844ceb90ff686c03ba1ac039dd36f9bb552c92fd3330e3f60ec2149707ff76c7d61ac1f94e4a0702e201e878b485f7e02bcc95f69c3e10e" },
  "P-384": { jwk: {"kty": "EC", "x": "GTzIW409IKDNZEH9PGuRbPPK06Hy10p0Gi5NFFkBN5tdzoAKahTyavYWXC-mNeG4", "y": "QJOmaD5_Tzt70w_-t_kW6q2w9xC_5i1mhUhCxCgVgZTeDcPb6bcs93wZus67qKGR", "crv": "P-384", "d": "6Wfb5xx2SHwrHaGip2rwRkSzz3AFmh3ad0JObTcHMziimfsBhk6B_TcB5ELAdY50"}, pkcs8: "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430e967dbe71c76487c2b1da1a2a76af04644b3cf70059a1dda77424e6d37073338a299fb01864e81fd3701e442c0758e74a16403620004193cc85b8d3d20a0cd6441fd3c6b916cf3cad3a1f2d74a741a2e4d145901379b5dce800a6a14f26af6165c2fa635e1b84093a6683e7f4f3b7bd30ffeb7f916eaadb0f710bfe62d66854842c428158194de0dc3dbe9b72cf77c19bacebba8a191", sec1: "3081a40201010430e967dbe71c76487c2b1da1a2a76af04644b3cf70059a1dda77424e6d37073338a299fb01864e81fd3701e442c0758e74a00706052b81040022a16403620004193cc85b8d3d20a0cd6441fd3c6b916cf3cad3a1f2d74a741a2e4d145901379b5dce800a6a14f26af6165c2fa635e1b84093a6683e7f4f3b7bd30ffeb7f916eaadb0f710bfe62d66854842c428158194de0dc3dbe9b72cf77c19bacebba8a191", spki: "3076301006072a8648ce3d020106052b8104002203620004193cc85b8d3d20a0cd6441fd3c6b916cf3cad3a1f2d74a741a2e4d145901379b5dce800a6a14f26af6165c2fa635e1b84093a6683e7f4f3b7bd30ffeb7f916eaadb0f710bfe62d66854842c428158194de0dc3dbe9b72cf77c19bacebba8a191" },
  "P-521": { jwk: {"kty": "EC", "x": "AR4_AyxphC8ddrugbr-8u0HMeeG0O-eGZ0MjFMftbOVGXBPfKwE34mzd_2i1HGjqTNX4mUrLBLCtPRcQgi8UKBHg", "y": "AKRZTGH_gut09Aw2AJjRbeXcxNmws3ugPWCpukgLnncYwrDyw8u3G3y9ybOEKOjJT-CBuvkiI4bU0-6W37LF3cph", "crv": "P-521", "d": "AawQiEkcHj6sTUSr2qUBTLgWlzIbbaG3EnYgQIODj0GwfP-Peahmn5GDaHGxp3ACiccNxWyUT8dzJ_3Md2MJrDJU"}, pkcs8: "3081ee020100301006072a8648ce3d020106052b810400230481d63081d3020101044201ac1088491c1e3eac4d44abdaa5014cb81697321b6da1b71276204083838f41b07cff8f79a8669f91836871b1a7700289c70dc56c944fc77327fdcc776309ac3254a181890381860004011e3f032c69842f1d76bba06ebfbcbb41cc79e1b43be78667432314c7ed6ce5465c13df2b0137e26cddff68b51c68ea4cd5f8994acb04b0ad3d1710822f142811e000a4594c61ff82eb74f40c360098d16de5dcc4d9b0b37ba03d60a9ba480b9e7718c2b0f2c3cbb71b7cbdc9b38428e8c94fe081baf9222386d4d3ee96dfb2c5ddca61", sec1: "3081dc020101044201ac1088491c1e3eac4d44abdaa5014cb81697321b6da1b71276204083838f41b07cff8f79a8669f91836871b1a7700289c70dc56c944fc77327fdcc776309ac3254a00706052b81040023a181890381860004011e3f032c69842f1d76bba06ebfbcbb41cc79e1b43be78667432314c7ed6ce5465c13df2b0137e26cddff68b51c68ea4cd5f8994acb04b0ad3d1710822f142811e000a4594c61ff82eb74f40c360098d16de5dcc4d9b0b37ba03d60a9ba480b9e7718c2b0f2c3cbb71b7cbdc9b38428e8c94fe081baf9222386d4d3ee96dfb2c5ddca61", spki: "30819b301006072a8648ce3d020106052b810400230381860004011e3f032c69842f1d76bba06ebfbcbb41cc79e1b43be78667432314c7ed6ce5465c13df2b0137e26cddff68b51c68ea4cd5f8994acb04b0ad3d1710822f142811e000a4594c61ff82eb74f40c360098d16de5dcc4d9b0b37ba03d60a9ba480b9e7718c2b0f2c3cbb71b7cbdc9b38428e8c94fe081baf9222386d4d3ee96dfb2c5ddca61" },
};

// Without the members that are undefined.
const present = (jwk) => JSON.parse(JSON.stringify(jwk));
const publicOf = ({ d, ...rest }) => rest;
const message = utf8("hello");

export const ecFormats = test(async () => {
  for (const [namedCurve, { jwk, pkcs8, sec1, spki }] of Object.entries(ec)) {
    const algorithm = { name: "ECDSA", namedCurve };
    for (const [format, data] of [["jwk", jwk], ["pkcs8", bytes(pkcs8)], ["pkcs8", bytes(sec1)]]) {
      const key = await subtle.importKey(format, data, algorithm, true, ["sign"]);
      assert.deepStrictEqual([key.type, key.algorithm, key.usages], ["private", algorithm, ["sign"]]);
      assert.strictEqual(hex(await subtle.exportKey("pkcs8", key)), pkcs8);
      assert.deepStrictEqual(present(await subtle.exportKey("jwk", key)), { ...jwk, key_ops: ["sign"], ext: true });
      await fails(subtle.exportKey("raw", key), "InvalidAccessError", "Raw export of elliptic curve keys is only allowed for public keys.");
      await fails(subtle.exportKey("spki", key), "InvalidAccessError", 'Asymmetric spki export requires public key (not "private").');
    }
    const x = unbase64(jwk.x), y = unbase64(jwk.y);
    const raw = new Uint8Array([4, ...x, ...y]);
    for (const [format, data] of [["jwk", publicOf(jwk)], ["spki", bytes(spki)], ["raw", raw], ["raw", new Uint8Array([2 | (y.at(-1) & 1), ...x])]]) {
      const key = await subtle.importKey(format, data, algorithm, true, ["verify"]);
      assert.deepStrictEqual([key.type, key.algorithm, key.usages], ["public", algorithm, ["verify"]]);
      assert.strictEqual(hex(await subtle.exportKey("spki", key)), spki);
      assert.strictEqual(hex(await subtle.exportKey("raw", key)), hex(raw));
      assert.strictEqual(JSON.stringify(await subtle.exportKey("jwk", key)), JSON.stringify({ kty: "EC", key_ops: ["verify"], ext: true, crv: namedCurve, x: jwk.x, y: jwk.y }));
    }
  }
});

export const ecdsaRoundTrip = test(async () => {
  for (const [namedCurve, { jwk }] of Object.entries(ec)) {
    const algorithm = { name: "ECDSA", namedCurve };
    const size = unbase64(jwk.x).length * 2;
    const privateKey = await subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
    const publicKey = await subtle.importKey("jwk", publicOf(jwk), algorithm, false, ["verify"]);
    for (const hash of ["SHA-1", "SHA-256", "SHA-384", { name: "SHA-512" }]) {
      const signature = await subtle.sign({ name: "ECDSA", hash }, privateKey, message);
      assert.strictEqual(signature.byteLength, size);
      assert.strictEqual(await subtle.verify({ name: "ECDSA", hash }, publicKey, signature, message), true);
      assert.strictEqual(await subtle.verify({ name: "ECDSA", hash }, publicKey, signature, utf8("other")), false);
      for (const length of [0, 1, size - 1, size, size + 1]) {
        assert.strictEqual(await subtle.verify({ name: "ECDSA", hash }, publicKey, new Uint8Array(length), message), false);
        assert.strictEqual(await subtle.verify({ name: "ECDSA", hash }, publicKey, new Uint8Array(length).fill(255), message), false);
      }
    }
    await assert.rejects(subtle.sign("ECDSA", privateKey, message), { name: "TypeError", message: /^Missing "hash" in AlgorithmIdentifier\. / });
    await assert.rejects(subtle.sign({ name: "ECDSA", hash: "MD5" }, privateKey, message), { name: "Error", message: /^internal error; reference = [0-9a-v]{24}$/ });
  }
});

// RFC 6979, A.2.5: P-256, SHA-256, "sample".
export const ecdsaKnownSignature = test(async () => {
  const raw = bytes("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  const key = await subtle.importKey("raw", raw, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const signature = bytes("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  assert.strictEqual(await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, utf8("sample")), true);
  assert.strictEqual(await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, utf8("Sample")), false);
});

export const ecImportErrors = test(async () => {
  const { jwk, spki, pkcs8 } = ec["P-256"];
  const load = (format, data, usages, algorithm = { name: "ECDSA", namedCurve: "P-256" }) => subtle.importKey(format, data, algorithm, true, usages);
  const x = [...unbase64(jwk.x)];
  const raw = "Failed to import raw EC key data";
  for (const [data, text] of [
    [[], "."],
    [[0], ": Invalid point encoding.."],
    [[4, ...x], ": Invalid point encoding.."],
    [[6, ...x, ...x], ": Invalid point encoding.."],
    [[4, ...x, ...x], ": Point is not on curve.."],
    [[2, ...x.map(() => 255)], "."],
    [[2, ...x.map((_, i) => (i === 31 ? 1 : 0))], ": Invalid compressed point. Invalid compressed point.."],
  ]) await fails(load("raw", new Uint8Array(data), ["verify"]), "DataError", raw + text);
  await fails(load("spki", new Uint8Array(9), ["verify"]), "DataError", "Invalid SPKI input.");
  await fails(load("spki", bytes(`${spki}0000`), ["verify"]), "DataError", "Invalid 2 trailing bytes after SPKI input.");
  await fails(load("pkcs8", bytes(`${pkcs8}00`), ["sign"]), "DataError", "Invalid 1 trailing bytes after PKCS8 input.");
  await fails(load("pkcs8", bytes(pkcs8), ["verify"]), "SyntaxError", 'Attempt to import private ECDSA key with invalid usage "verify".');
  await fails(load("pkcs8", bytes(pkcs8), []), "SyntaxError", "Secret/private CryptoKeys must have at least one usage.");
  await fails(load("spki", bytes(spki), ["verify"], { name: "ECDSA", namedCurve: "P-384" }), "DataError", '"algorithm.namedCurve" "P-384" does not match the curve specified by the input key data.');
  await fails(load("spki", bytes(spki), [], { name: "ECDH", namedCurve: "P-384" }), "DataError", '"algorithm.namedCurve" "P-384", does not match the curve specified by the input key data.');
  await fails(load("jwk", { ...jwk, d: "AQ" }, ["sign"]), "DataError", "Invalid EC key in JSON Web Key.");
  await fails(load("jwk", { ...jwk, d: "AAAA" }, ["sign"]), "DataError", 'Invalid EC key; private key component "d" is invalid.');
  await fails(load("jwk", { ...jwk, y: "AAAA" }, ["sign"]), "DataError", 'Invalid EC key; public key coordinates "x" and "y" are invalid: Point is not on curve..');
  await fails(load("jwk", { ...jwk, x: undefined }, ["sign"]), "DataError", 'Invalid EC key in JSON Web Key; missing "x".');
  await fails(load("jwk", { ...jwk, alg: "ES384" }, ["sign"]), "DataError", 'JSON Web Key Algorithm parameter "alg" ("ES384") does not match requested curve.');
  await fails(load("jwk", { ...jwk, key_ops: ["verify"] }, ["sign"]), "DataError", 'All specified key usages must be present in the JSON Web Key\'s Key Operations parameter ("key_ops").');
  await fails(load("jwk", { ...jwk, oth: [] }, ["sign"]), "NotSupportedError", "Multi-prime private keys not supported.");
  await fails(load("raw", new Uint8Array(1), ["verify"], { name: "ECDSA", namedCurve: "P-224" }), "NotSupportedError", 'Unrecognized or unimplemented EC curve "P-224" requested.');
});

export const ecdhDerives = test(async () => {
  const secrets = {
    "P-256": "50a5c1e8e0791636d8537379054d498b34c24cecd5f5632710bbcb72997a17cf",
    "P-384": "b5e73fa632c67b3bf499b73e58668c06113960f12a74e94ba86142f56905fe9ff4181870e8dff548d03ea35abb4a7c36",
    "P-521": "01d4cd87b621cf8f09846edc74475b3a5acca243ee9aa5b25eb113ba23baed93c088c0eed7ecf265d3a6c4f7a7d8b8258fbea62f13d4abc068c2fd79be3b0accbebb",
  };
  for (const [namedCurve, { jwk }] of Object.entries(ec)) {
    const algorithm = { name: "ECDH", namedCurve };
    const privateKey = await subtle.importKey("jwk", jwk, algorithm, false, ["deriveBits", "deriveKey"]);
    const publicKey = await subtle.importKey("jwk", publicOf(jwk), algorithm, false, []);
    const derive = async (length) => hex(await subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, length));
    const secret = secrets[namedCurve];
    assert.strictEqual(await derive(null), secret);
    assert.strictEqual(await derive(), secret);
    assert.strictEqual(await derive(0), "");
    assert.strictEqual(await derive(128), secret.slice(0, 32));
    assert.strictEqual(await derive(13), secret.slice(0, 2) + (parseInt(secret.slice(2, 4), 16) & 0xf8).toString(16).padStart(2, "0"));
    const size = secret.length * 4;
    await fails(derive(size + 1), "OperationError", `Derived key length (${size + 1} bits) is too long (should be at most ${size} bits).`);
    const key = await subtle.deriveKey({ name: "ECDH", public: publicKey }, privateKey, { name: "AES-GCM", length: 256 }, true, ["encrypt"]);
    assert.strictEqual(hex(await subtle.exportKey("raw", key)), secret.slice(0, 64));
  }
});

export const ecdhErrors = test(async () => {
  const load = (curve, name, jwk, usages) => subtle.importKey("jwk", jwk, { name, namedCurve: curve }, true, usages);
  const privateKey = await load("P-256", "ECDH", ec["P-256"].jwk, ["deriveBits"]);
  const derive = (other) => subtle.deriveBits({ name: "ECDH", public: other }, privateKey, 8);
  await fails(derive(undefined), "TypeError", 'Missing field "public" in "derivedKeyParams".');
  await fails(derive({}), "TypeError", "Incorrect type for the 'public' field on 'DeriveKeyAlgorithm': the provided value is not of type 'CryptoKey'.");
  await fails(derive(privateKey), "InvalidAccessError", 'The provided key has type "private", not "public"');
  const other = await load("P-384", "ECDH", publicOf(ec["P-384"].jwk), []);
  await fails(derive(other), "InvalidAccessError", 'Private key for derivation is using curve "P-256" while public key is using "P-384".');
  const signs = await load("P-256", "ECDSA", publicOf(ec["P-256"].jwk), ["verify"]);
  await fails(derive(signs), "InvalidAccessError", 'Private key for derivation is using "ECDH" while public key is using "ECDSA".');
  const okp = await subtle.importKey("raw", new Uint8Array(32).fill(9), "X25519", true, []);
  await fails(derive(okp), "InvalidAccessError", "Base ECDH private key cannot be used to derive a key from a peer X25519 public key");
});

// RFC 8032, 7.1, tests 1 and 3.
export const ed25519Vectors = test(async () => {
  for (const [seed, publicKey, data, signature] of [
    ["9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
    ["c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
  ]) {
    const pkcs8 = `302e020100300506032b657004220420${seed}`;
    const key = await subtle.importKey("pkcs8", bytes(pkcs8), "Ed25519", true, ["sign"]);
    assert.strictEqual(hex(await subtle.sign("Ed25519", key, bytes(data))), signature);
    assert.strictEqual(hex(await subtle.exportKey("pkcs8", key)), pkcs8);
    const jwk = await subtle.exportKey("jwk", key);
    assert.strictEqual(Object.keys(jwk).join(), "kty,use,key_ops,alg,ext,crv,x,y,d,n,e,p,q,dp,dq,qi,oth,k,pub,priv");
    assert.deepStrictEqual([jwk.kty, jwk.alg, jwk.crv, hex(unbase64(jwk.x)), hex(unbase64(jwk.d))], ["OKP", "EdDSA", "Ed25519", publicKey, seed]);
    const verifier = await subtle.importKey("raw", bytes(publicKey), "ed25519", true, ["verify"]);
    assert.strictEqual(await subtle.verify({ name: "Ed25519" }, verifier, bytes(signature), bytes(data)), true);
    assert.strictEqual(await subtle.verify("Ed25519", verifier, new Uint8Array(64), bytes(data)), false);
    await fails(subtle.verify("Ed25519", verifier, new Uint8Array(63), bytes(data)), "OperationError", "Invalid Ed25519 signature length 63");
  }
});

export const nodeEd25519 = test(async () => {
  const algorithm = { name: "NODE-ED25519", namedCurve: "NODE-ED25519" };
  const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  assert.deepStrictEqual([privateKey.algorithm, privateKey.usages, publicKey.usages], [algorithm, ["sign"], ["verify"]]);
  assert.strictEqual(await subtle.verify("NODE-ED25519", publicKey, await subtle.sign("node-ed25519", privateKey, message), message), true);
  assert.strictEqual((await subtle.exportKey("jwk", publicKey)).alg, undefined);
  await fails(subtle.generateKey("NODE-ED25519", true, ["sign"]), "TypeError", 'Missing field "namedCurve" in "algorithm".');
  await fails(subtle.generateKey({ ...algorithm, namedCurve: "x" }, true, ["sign"]), "NotSupportedError", 'EDDSA curve "x" isn\'t supported.');
});

// RFC 7748, 6.1.
export const x25519Vector = test(async () => {
  const pkcs8 = "302e020100300506032b656e0422042077076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
  const key = await subtle.importKey("pkcs8", bytes(pkcs8), "X25519", true, ["deriveBits"]);
  const other = await subtle.importKey("raw", bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"), "x25519", true, []);
  const derive = async (length, peer = other) => hex(await subtle.deriveBits({ name: "X25519", public: peer }, key, length));
  assert.strictEqual(await derive(256), "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  assert.strictEqual(await derive(13), "4a58");
  assert.strictEqual(hex(await subtle.exportKey("pkcs8", key)), pkcs8);
  assert.strictEqual(hex(unbase64((await subtle.exportKey("jwk", key)).x)), "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  await fails(derive(257), "OperationError", "Derived key length (257 bits) is too long (should be at most 256 bits).");
  const zero = await subtle.importKey("raw", new Uint8Array(32), "X25519", true, []);
  await fails(derive(256, zero), "OperationError", "Failed to derive EDDH key: public key routines INVALID_PEER_KEY.");
});

export const okpErrors = test(async () => {
  const raw = (length, algorithm, usages) => subtle.importKey("raw", new Uint8Array(length), algorithm, true, usages);
  await fails(raw(31, "Ed25519", ["verify"]), "DataError", "Ed25519 raw keys must be exactly 32-bytes (provided 31).");
  await fails(raw(32, "X25519", ["deriveBits"]), "SyntaxError", 'Attempt to import public X25519 key with invalid usage "deriveBits".');
  const jwk = { kty: "OKP", crv: "Ed25519", x: "A".repeat(43) };
  const load = (change) => subtle.importKey("jwk", { ...jwk, ...change }, "Ed25519", true, ["verify"]);
  await fails(load({ kty: "EC" }), "DataError", 'Ed25519 "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("EC") equal to "OKP".');
  await fails(load({ crv: undefined }), "DataError", 'Missing field "crv" for Ed25519 key.');
  await fails(load({ crv: "X25519" }), "DataError", 'Only Ed25519 is supported but "X25519" was requested.');
  await fails(load({ alg: "ES256" }), "DataError", 'JSON Web Key Algorithm parameter "alg" ("ES256") does not match requested Ed25519 curve.');
  await fails(load({ x: "AAAA" }), "DataError", "Invalid length 3 for public key");
});

export const generatesPairs = test(async () => {
  for (const algorithm of [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", namedCurve: "p-521" }, "Ed25519"]) {
    const { publicKey, privateKey } = await subtle.generateKey(algorithm, false, ["sign", "verify"]);
    assert.deepStrictEqual([publicKey.type, publicKey.extractable, publicKey.usages], ["public", true, ["verify"]]);
    assert.deepStrictEqual([privateKey.type, privateKey.extractable, privateKey.usages], ["private", false, ["sign"]]);
    const how = { name: privateKey.algorithm.name, hash: "SHA-256" };
    assert.strictEqual(await subtle.verify(how, publicKey, await subtle.sign(how, privateKey, message), message), true);
    await fails(subtle.exportKey("pkcs8", privateKey), "InvalidAccessError", `Attempt to export non-extractable ${how.name} key.`);
  }
  const one = await subtle.generateKey("X25519", true, ["deriveBits"]);
  const two = await subtle.generateKey("X25519", true, ["deriveBits"]);
  const [a, b] = await Promise.all([[two, one], [one, two]].map(([mine, other]) => subtle.deriveBits({ name: "X25519", public: other.publicKey }, mine.privateKey, 256)));
  assert.strictEqual(hex(a), hex(b));
  await fails(subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]), "SyntaxError", "Attempt to generate asymmetric keys with no valid private key usages.");
  await fails(subtle.generateKey("Ed25519", true, ["deriveKey"]), "SyntaxError", 'Attempt to generate Ed25519 key with invalid usage "deriveKey".');
});

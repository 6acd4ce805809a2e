// RSASSA-PKCS1-v1_5, RSA-PSS, RSA-OAEP and RSA-RAW. The key was made by another implementation (OpenSSL), and so were the signatures that do
// not depend on chance.
import assert from "node:assert";

const { subtle } = crypto;
const test = (fn) => ({ test: fn });
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new Uint8Array((text.match(/../g) ?? []).map((digits) => parseInt(digits, 16)));
const present = (jwk) => JSON.parse(JSON.stringify(jwk));
const fails = (promise, name, message) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof (name === "TypeError" ? TypeError : DOMException));
  assert.strictEqual(`${error.name}: ${error.message}`, `${name}: ${message}`);
  return true;
});

const jwk = {"kty": "RSA", "n": "rzLf_NMAPlxBwxshCNs0-8cHypiGgIAttSqtNAhKmRPY0HQN_JEpWf0a9wyFAGJ1ZiLVI6ujOPmY2bD0dDnEabQSoIr4HWet5m9okDQ_TT5HQOm0uKZy-PORSxMWdWwP2JT5WmJBsQWt4WwoaqANM4Zj8kzlTV3iw4JA5lBKGmM", "e": "AQAB", "d": "A3sJRCaU_Kgsjkm9sEVamh3sI7RAB9GEFvNQGZaIlN32Er4bgQcJQUZsALh48_cAyhSrE1hXl8wtozWGxcBYDJEe3oHxrNMLTtwh5ugjBiBh0fBdJJUBei33u0dsaAMnnpDoL0KJ7gr2tGJFUHLAOx5EBnDyGIaDmNxTxSaariE", "p": "4WzQCoJ_URwBAWnCck0RgT5Yr0e6uUHrR7w-xaGC9eyLtGm6GO-WnVp_0JZQcHrj7Qmbc1GNSuNePK90uDA4eQ", "q": "xvYb2B3GDq3Vz16M3XyaO6tAq9wX2elAHX8TjAtGs45RGW70TDuS9PWGYW4tDHCElsTExDyOAz5v53WgUPUquw", "dp": "RKmaLLlXAmOfQsjt-1bSMCXHaYxVqbwUaENEc3ogo7urSgayMoo3vDImoGhIlBo6dqbofJWojdj3iVCAIuI9MQ", "dq": "GcZEMSkaQUiPzD9pbD_6EwTKafknNdmbrraJp7jGPfiP1QWkrEODdCxibjjBqTziUE3JV8qocw8hnBCG5jX8hQ", "qi": "yiGjnejsMPgU7UlY2HRsji560-qlDWvTmJKfZw496pehJd9tQff2CKpUSYh0SU5Vu0V6I4WHdBBqo4RsKkWULQ"};
const small = {"kty": "RSA", "n": "oK3dpALqBHa4qtOIJLtDjElVKzfmy2AectZah0CY0iUmgTFTmEt1XEOmOrnpaU-N5NWEmo5ghL_bro3QaGg52w", "e": "AQAB", "d": "U-aVvmebJNuNT_4GsA9slRtRsrCM_hNhsttFCCzt34SceyfvOwRhSX1G2Rtt-K6PyfhHgbYywn900mM_Fk50MQ", "p": "1fPbLPVGkgyRvI8Q_FJD7F2Jb9-_UqsYkSwsnVjpbLM", "q": "wEHHCHmA7pu3zhvDzdO09mi1LrXnU2LqtJxHFJoj4jk", "dp": "isJE-7t3sXEFc801ru-LrdhcMnpikzL0E_MaXFI10ZE", "dq": "jtjQv3U33RIKMbPjei0QyfzmkfxKEmTuqp9rGN2mR9E", "qi": "YrX73bTnpVipdxmehkle12c371jSkoDF0zbZfM58Sbg"};
const pkcs8 = "30820276020100300d06092a864886f70d0101010500048202603082025c02010002818100af32dffcd3003e5c41c31b2108db34fbc707ca988680802db52aad34084a9913d8d0740dfc912959fd1af70c850062756622d523aba338f998d9b0f47439c469b412a08af81d67ade66f6890343f4d3e4740e9b4b8a672f8f3914b1316756c0fd894f95a6241b105ade16c286aa00d338663f24ce54d5de2c38240e6504a1a630203010001028180037b09442694fca82c8e49bdb0455a9a1dec23b44007d18416f35019968894ddf612be1b81070941466c00b878f3f700ca14ab13585797cc2da33586c5c0580c911ede81f1acd30b4edc21e6e823062061d1f05d2495017a2df7bb476c6803279e90e82f4289ee0af6b462455072c03b1e440670f218868398dc53c5269aae21024100e16cd00a827f511c010169c2724d11813e58af47bab941eb47bc3ec5a182f5ec8bb469ba18ef969d5a7fd09650707ae3ed099b73518d4ae35e3caf74b8303879024100c6f61bd81dc60eadd5cf5e8cdd7c9a3bab40abdc17d9e9401d7f138c0b46b38e51196ef44c3b92f4f586616e2d0c708496c4c4c43c8e033e6fe775a050f52abb024044a99a2cb95702639f42c8edfb56d23025c7698c55a9bc14684344737a20a3bbab4a06b2328a37bc3226a06848941a3a76a6e87c95a88dd8f789508022e23d31024019c64431291a41488fcc3f696c3ffa1304ca69f92735d99baeb689a7b8c63df88fd505a4ac4383742c626e38c1a93ce2504dc957caa8730f219c1086e635fc85024100ca21a39de8ec30f814ed4958d8746c8e2e7ad3eaa50d6bd398929f670e3dea97a125df6d41f7f608aa54498874494e55bb457a23858774106aa3846c2a45942d";
const pkcs1 = "3082025c02010002818100af32dffcd3003e5c41c31b2108db34fbc707ca988680802db52aad34084a9913d8d0740dfc912959fd1af70c850062756622d523aba338f998d9b0f47439c469b412a08af81d67ade66f6890343f4d3e4740e9b4b8a672f8f3914b1316756c0fd894f95a6241b105ade16c286aa00d338663f24ce54d5de2c38240e6504a1a630203010001028180037b09442694fca82c8e49bdb0455a9a1dec23b44007d18416f35019968894ddf612be1b81070941466c00b878f3f700ca14ab13585797cc2da33586c5c0580c911ede81f1acd30b4edc21e6e823062061d1f05d2495017a2df7bb476c6803279e90e82f4289ee0af6b462455072c03b1e440670f218868398dc53c5269aae21024100e16cd00a827f511c010169c2724d11813e58af47bab941eb47bc3ec5a182f5ec8bb469ba18ef969d5a7fd09650707ae3ed099b73518d4ae35e3caf74b8303879024100c6f61bd81dc60eadd5cf5e8cdd7c9a3bab40abdc17d9e9401d7f138c0b46b38e51196ef44c3b92f4f586616e2d0c708496c4c4c43c8e033e6fe775a050f52abb024044a99a2cb95702639f42c8edfb56d23025c7698c55a9bc14684344737a20a3bbab4a06b2328a37bc3226a06848941a3a76a6e87c95a88dd8f789508022e23d31024019c64431291a41488fcc3f696c3ffa1304ca69f92735d99baeb689a7b8c63df88fd505a4ac4383742c626e38c1a93ce2504dc957caa8730f219c1086e635fc85024100ca21a39de8ec30f814ed4958d8746c8e2e7ad3eaa50d6bd398929f670e3dea97a125df6d41f7f608aa54498874494e55bb457a23858774106aa3846c2a45942d";
const spki = "30819f300d06092a864886f70d010101050003818d0030818902818100af32dffcd3003e5c41c31b2108db34fbc707ca988680802db52aad34084a9913d8d0740dfc912959fd1af70c850062756622d523aba338f998d9b0f47439c469b412a08af81d67ade66f6890343f4d3e4740e9b4b8a672f8f3914b1316756c0fd894f95a6241b105ade16c286aa00d338663f24ce54d5de2c38240e6504a1a630203010001";
const publicOf = ({ kty, n, e }) => ({ kty, n, e });
const message = utf8("hello");
const PKCS1 = "RSASSA-PKCS1-v1_5", PSS = "RSA-PSS", OAEP = "RSA-OAEP", RAW = "RSA-RAW";
const privateKey = (name, hash = "SHA-256", key = jwk) => subtle.importKey("jwk", key, { name, hash }, true, [name === OAEP ? "decrypt" : "sign"]);
const publicKey = (name, hash = "SHA-256", key = jwk) => subtle.importKey("jwk", publicOf(key), { name, hash }, true, [name === OAEP ? "encrypt" : "verify"]);

export const rsaFormats = test(async () => {
  for (const [format, data] of [["jwk", jwk], ["pkcs8", bytes(pkcs8)], ["pkcs8", bytes(pkcs1)]]) {
    const key = await subtle.importKey(format, data, { name: PSS, hash: "sha-256" }, true, ["sign"]);
    assert.deepStrictEqual([key.type, key.usages], ["private", ["sign"]]);
    assert.deepStrictEqual(key.algorithm, { name: PSS, modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: { name: "SHA-256" } });
    assert.strictEqual(hex(await subtle.exportKey("pkcs8", key)), pkcs8);
    assert.deepStrictEqual(present(await subtle.exportKey("jwk", key)), { ...jwk, alg: "PS256", key_ops: ["sign"], ext: true });
  }
  for (const [format, data] of [["jwk", publicOf(jwk)], ["spki", bytes(spki)]]) {
    const key = await subtle.importKey(format, data, { name: OAEP, hash: "SHA-1" }, true, ["encrypt"]);
    assert.strictEqual(hex(await subtle.exportKey("spki", key)), spki);
    assert.deepStrictEqual(present(await subtle.exportKey("jwk", key)), { ...publicOf(jwk), alg: OAEP, key_ops: ["encrypt"], ext: true });
    await fails(subtle.exportKey("raw", key), "InvalidAccessError", 'Cannot export "RSA-OAEP" in "raw" format.');
  }
});

export const pkcs1Signatures = test(async () => {
  const signatures = {
    "SHA-1": "3bf1a8346b9e8170e0ec6d9417cc607489aea90346d9820e3bff96587e511ce6591fdbf133617795cc63743696ca119447de7964e91d769a46d80c39b293633b0d7c02c72a01d5e82c641a4578e3d46b0e273d76f456e9ec37288f6e31132f0bda5070975c809c7924d59d787eb6ceb479407a29ee1388954f478ea86e4ce6a1",
    "SHA-256": "a828b3e2fa3414025ede9a33794d0a2ec33260438f3959d2cf63e01bc3828ac7bb40b9fbe98f81b63ec1ad7620339389f0dd9b70b78009b9918cd854553174082bf0acb3faf10e966ba9fc8e681750574ca10b837cc4311b685e1fed577c62f39938878c4e09c589c3081257b42003cc2e57aa0357c9b8aea77fbc831e95a859",
    "SHA-384": "787238d19c0e67b48192abbe59e717162a5c57a6b8d4137df25c5ed7b95f2e5e836c21e74ae5f79757cfda3c09a2297216122304b063a219106f04f31f5e1abb542f8dbc2f9e7c9356d0e666406f460caa69873875ad6bc5f9c5024e46f4c16dd15fc7dfab910f1de7273e3cee8a7ea712034bbb2ff58f366bf6763ffa77fe54",
    "SHA-512": "2268ccea155be007331538122afeb1f3f3ccdf2d0df53d0d9308aeb95321191ef00dfe08e52d7bfe5e638d6e055b87453ee8191e83f77d7294e21843c08b030ce0ef5551cb277628e49b70c88ad1b570d5ef3817f53ee70b357eaa37c8e2071714e09624bb4cc1ec70d4f35979793c8f607461b6b753befd376c64bfaa147a56",
    "MD5": "9c111b72f215c11defba70f1f04bbd75551e1271f29040b8d0e897ddcb07ecee8a4babe1fab5d8346bd980490d775e2660eb3bd6fefb4fbbc0b36c3500cfdbf8da030604c96a1ac266dc7059252fca32f482b1fec177927a036751f474648e8d857f6750bbeb68e8f7dda27a4055d1917158744858ef1c2f3393e2667f77c2ec",
  };
  for (const [hash, signature] of Object.entries(signatures)) {
    assert.strictEqual(hex(await subtle.sign(PKCS1, await privateKey(PKCS1, hash), message)), signature);
    const key = await publicKey(PKCS1, hash);
    assert.strictEqual(await subtle.verify(PKCS1, key, bytes(signature), message), true);
    assert.strictEqual(await subtle.verify(PKCS1, key, bytes(signature), utf8("other")), false);
    assert.strictEqual(await subtle.verify(PKCS1, key, bytes(signature).subarray(1), message), false);
  }
  const short = await privateKey(PKCS1, "SHA-512", small);
  await fails(subtle.sign(PKCS1, short, message), "OperationError", "key too small for signing with given digest, need at least 768bits.");
});

export const pssSignatures = test(async () => {
  const unsalted = "13f57b3aeeda87e21db7646b376f9669033df390f57f75cb5e5284a27a77216eacc0f3983bf3e6df3c3d7a9af0dacd76e5314599954299ef932fbfb6fc3845b06040efbeb4ae0a374a434148d02d8bea6f746723132b7ea142b7344c5fb8146972c63252ca5de284a8a4941ea873a8a61b4af89321a47f4358c3f13f7d7156f2";
  const key = await privateKey(PSS), verifier = await publicKey(PSS);
  assert.strictEqual(hex(await subtle.sign({ name: PSS, saltLength: 0 }, key, message)), unsalted);
  for (const saltLength of [0, 1, 32, 94]) {
    const signature = await subtle.sign({ name: PSS, saltLength }, key, message);
    assert.strictEqual(await subtle.verify({ name: PSS, saltLength }, verifier, signature, message), true);
    assert.strictEqual(await subtle.verify({ name: PSS, saltLength }, verifier, signature, utf8("other")), false);
    for (const other of [0, 2, 33]) {
      assert.strictEqual(await subtle.verify({ name: PSS, saltLength: other }, verifier, signature, message), other === saltLength, `${saltLength} as ${other}`);
    }
  }
  assert.strictEqual(await subtle.verify({ name: PSS, saltLength: 0 }, verifier, new Uint8Array(128).fill(255), message), false);
  assert.strictEqual(await subtle.verify({ name: PSS, saltLength: 0 }, verifier, new Uint8Array(3), message), false);
  await fails(subtle.sign({ name: PSS, saltLength: 95 }, key, message), "OperationError", "key too small for signing with given digest and salt length");
  await fails(subtle.sign({ name: PSS, saltLength: -1 }, key, message), "DataError", "SaltLength for RSA-PSS must be non-negative (provided -1).");
  await fails(subtle.sign(PSS, key, message), "DataError", "Failed to provide salt for RSA-PSS key operation which requires a salt");
  await fails(subtle.verify(PSS, verifier, new Uint8Array(128), message), "TypeError", "Failed to provide salt for RSA-PSS key operation which requires a salt");
});

export const oaep = test(async () => {
  for (const hash of ["SHA-1", "SHA-256", "SHA-384", "MD5"]) {
    const key = await privateKey(OAEP, hash), encrypter = await publicKey(OAEP, hash);
    const sealed = await subtle.encrypt({ name: OAEP, label: utf8("label") }, encrypter, message);
    assert.strictEqual(sealed.byteLength, 128);
    assert.strictEqual(hex(await subtle.decrypt({ name: OAEP, label: utf8("label") }, key, sealed)), hex(message));
    await fails(subtle.decrypt(OAEP, key, sealed), "OperationError", "RSA-OAEP failed encrypt/decrypt.");
    await fails(subtle.decrypt(OAEP, key, new Uint8Array(5)), "OperationError", "RSA-OAEP failed encrypt/decrypt: Invalid RSA signature..");
    await fails(subtle.encrypt(OAEP, encrypter, new Uint8Array(120)), "OperationError", "RSA-OAEP failed encrypt/decrypt.");
  }
  await fails(subtle.encrypt(OAEP, await publicKey(OAEP, "SHA-512"), message), "OperationError", "RSA-OAEP failed encrypt/decrypt: RSA key size is too small..");
});

export const oaepWraps = test(async () => {
  const wrapping = await subtle.importKey("spki", bytes(spki), { name: OAEP, hash: "SHA-256" }, false, ["wrapKey"]);
  const unwrapping = await subtle.importKey("pkcs8", bytes(pkcs8), { name: OAEP, hash: "SHA-256" }, false, ["unwrapKey"]);
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const wrapped = await subtle.wrapKey("raw", key, wrapping, OAEP);
  const back = await subtle.unwrapKey("raw", wrapped, unwrapping, OAEP, "AES-GCM", true, ["encrypt"]);
  assert.strictEqual(hex(await subtle.exportKey("raw", back)), hex(await subtle.exportKey("raw", key)));
});

export const blindSignatures = test(async () => {
  const key = await subtle.importKey("jwk", jwk, RAW, true, ["sign"]);
  assert.deepStrictEqual(key.algorithm, { name: RAW, modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: undefined });
  assert.strictEqual(hex(await subtle.sign(RAW, key, new Uint8Array(128).fill(1))), "ab1157f4607cdf911edaa588fa766067397efda171540ccb2e8b310c6329a9959f4dcdf4f11a0c4101c4cfeb4bd48f10dbf2326258143b5ee2fac09c79ac32442d90d67c2d3f52989a19d2ae37d915aa6a2aab670db7999f98566a0451f75798839f56a41b30a632e1e5bc39d9d8dc49e38cd7b9d05e0e8b7766a269f7e9aa66");
  await fails(subtle.sign(RAW, key, message), "OperationError", "Invalid RSA signature.");
  await fails(subtle.sign(RAW, key, new Uint8Array(129)), "DataError", "Blind Signing requires presigned data (129 bytes) to be smaller than the key (128 bytes).");
  await fails(subtle.sign(RAW, key, new Uint8Array(128).fill(255)), "DataError", "Blind Signing requires presigned data value to be strictly smaller than RSA keymodulus, consider using a larger key size.");
  await fails(subtle.importKey("spki", bytes(spki), RAW, true, ["verify"]), "DataError", 'RSA-RAW only supports private keys but requested "public".');
});

export const keysWithoutPrimes = test(async () => {
  const { p, q, dp, dq, qi, ...bare } = jwk;
  const key = await subtle.importKey("jwk", bare, { name: PKCS1, hash: "SHA-256" }, true, ["sign"]);
  assert.strictEqual(hex(await subtle.sign(PKCS1, key, message)), hex(await subtle.sign(PKCS1, await privateKey(PKCS1), message)));
  await fails(subtle.exportKey("pkcs8", key), "OperationError", "Private key export failed.");
  const some = subtle.importKey("jwk", { ...bare, p }, { name: PKCS1, hash: "SHA-256" }, true, ["sign"]);
  await assert.rejects(some, { name: "DataError", message: /^Invalid RSA private key in JSON Web Key; if one Prime Factor or / });
});

export const rsaImportErrors = test(async () => {
  const load = (change, usages = ["verify"], algorithm = { name: PKCS1, hash: "SHA-256" }) => subtle.importKey("jwk", { ...publicOf(jwk), ...change }, algorithm, true, usages);
  await fails(load({ kty: "EC" }), "DataError", 'RSASSA-PKCS1-v1_5 "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ("EC") equal to "RSA".');
  await fails(load({ n: undefined }), "DataError", 'Invalid RSA key in JSON Web Key; missing or invalid Modulus parameter ("n").');
  await fails(load({ n: "AQAB" }), "OperationError", "The modulus length must be a multiple of 8 and between 256 and 16k, but 24 was requested.");
  await fails(load({ e: "BQ" }), "OperationError", "Imported RSA key has invalid publicExponent 5.");
  await fails(load({ e: "AQAAAAE" }), "OperationError", 'The "publicExponent" must be either 3 or 65537, but got a number larger than 2^32.');
  await fails(load({ alg: "RS512" }), "DataError", 'JSON Web Key Algorithm parameter "alg" ("RS512") does not match requested hash algorithm "RS512".');
  await fails(load({ alg: "foo" }), "NotSupportedError", 'Unrecognized or unimplemented algorithm "foo" listed in JSON Web Key Algorithm parameter.');
  await fails(load({}, ["sign"]), "SyntaxError", 'Attempt to import public RSASSA-PKCS1-v1_5 key with invalid usage "sign".');
  await fails(load({}, ["verify"], PKCS1), "TypeError", 'Missing field "hash" in "algorithm".');
  await fails(load({ use: "enc" }), "DataError", 'Asymmetric "jwk" key import with usages requires a JSON Web Key with Public Key Use parameter "use" ("enc") equal to "sig".');
  assert.strictEqual((await load({ e: "EQ" })).algorithm.publicExponent[0], 17);
});

export const rsaGenerates = test(async () => {
  const algorithm = { name: PKCS1, hash: "SHA-256", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) };
  const both = await Promise.all([algorithm, { ...algorithm, publicExponent: new Uint8Array([3]) }, { ...algorithm, modulusLength: 512 }].map((a) => subtle.generateKey(a, true, ["sign", "verify"])));
  for (const pair of both) {
    assert.deepStrictEqual([pair.privateKey.usages, pair.publicKey.usages, pair.publicKey.extractable], [["sign"], ["verify"], true]);
    assert.strictEqual(await subtle.verify(PKCS1, pair.publicKey, await subtle.sign(PKCS1, pair.privateKey, message), message), true);
    const again = await subtle.importKey("pkcs8", await subtle.exportKey("pkcs8", pair.privateKey), algorithm, true, ["sign"]);
    assert.deepStrictEqual(await subtle.exportKey("jwk", again), await subtle.exportKey("jwk", pair.privateKey));
    assert.deepStrictEqual(again.algorithm, pair.privateKey.algorithm);
  }
  const make = (change, usages = ["sign"]) => subtle.generateKey({ ...algorithm, ...change }, true, usages);
  await fails(make({ modulusLength: 0 }), "OperationError", "modulusLength must be greater than zero (requested 0).");
  await fails(make({ modulusLength: 256 }), "OperationError", "RSA key size is too small.");
  await fails(make({ modulusLength: 1016 }), "OperationError", "Can't generate key: RSA key size is required to be a multiple of 128");
  await fails(make({ modulusLength: 16392 }), "OperationError", "The modulus length must be a multiple of 8 and between 256 and 16k, but 16392 was requested.");
  await fails(make({ publicExponent: new Uint8Array([17]) }), "OperationError", 'The "publicExponent" must be either 3 or 65537, but got 17.');
  await fails(make({ publicExponent: undefined }), "TypeError", 'Missing field "publicExponent" in "algorithm".');
  await fails(make({}, ["verify"]), "SyntaxError", "Attempt to generate asymmetric keys with no valid private key usages.");
});

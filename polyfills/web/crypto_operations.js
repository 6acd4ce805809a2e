"use strict";
// The methods of SubtleCrypto but digest and timingSafeEqual. Each takes the array of its arguments and gives a promise, or throws.
// https://w3c.github.io/webcrypto/#subtlecrypto-interface

const { JSONParse, JSONStringify, PromiseResolve, StringPrototypeSlice, TypeError, Uint8Array } = primordials;
const { makeError } = require("core/errors");
const { isObject } = require("core/webidl");
const algorithms = require("web/crypto_algorithms");
const { kEncapsulateUsages, makeKey, recordOf, syntaxError, usage, usageSet } = require("web/crypto_key");
const params = require("web/crypto_params");
const { blockSize, bufferOf, digestName, isLong, kNoBytes, run, upperCase } = require("web/crypto_run");

/** The record of a key, which must be of that algorithm and have that usage. */
function usable(key, requested, name) {
  const record = recordOf(key);
  if (requested !== record.name && upperCase(requested) !== upperCase(record.name)) {
    throw makeError("InvalidAccessError", `Requested algorithm "${requested}" does not match this CryptoKey's algorithm "${record.name}".`);
  }
  if ((record.usages & usage[name]) === 0) {
    throw makeError("InvalidAccessError", `Requested key usage "${name}" does not match any usage listed in this CryptoKey.`);
  }
  return record;
}

function encrypt(args) {
  const algorithm = params.encryptAlgorithm(args, 0, "encrypt");
  const key = params.key(args, 1, "encrypt");
  const data = params.source(args, 2, "encrypt");
  const record = usable(key, algorithm.name, "encrypt");
  return record.family.encrypt(record, algorithm, data);
}

function decrypt(args) {
  const algorithm = params.encryptAlgorithm(args, 0, "decrypt");
  const key = params.key(args, 1, "decrypt");
  const data = params.source(args, 2, "decrypt");
  const record = usable(key, algorithm.name, "decrypt");
  return record.family.decrypt(record, algorithm, data);
}

function sign(args) {
  const algorithm = params.signAlgorithm(args, 0, "sign");
  const key = params.key(args, 1, "sign");
  const data = params.source(args, 2, "sign");
  const record = usable(key, algorithm.name, "sign");
  return record.family.sign(record, algorithm, data);
}

function verify(args) {
  const algorithm = params.signAlgorithm(args, 0, "verify");
  const key = params.key(args, 1, "verify");
  const signature = params.source(args, 2, "verify");
  const data = params.source(args, 3, "verify");
  const record = usable(key, algorithm.name, "verify");
  return record.family.verify(record, algorithm, signature, data);
}

function generateKey(args) {
  const algorithm = params.generateAlgorithm(args, 0, "generateKey");
  const extractable = params.boolean(args, 1, "generateKey");
  const usages = params.strings(args, 2, "generateKey");
  const found = algorithms.find(algorithm.name);
  if (found === undefined || !found.generates) {
    throw makeError("NotSupportedError", `Unrecognized key generation algorithm "${algorithm.name}" requested.`);
  }
  const made = found.family.generateKey(found.name, algorithm, extractable, usages);
  if (usages.length === 0) throw noUsage();
  return PromiseResolve(made);
}

function noUsage() {
  return syntaxError("Secret/private CryptoKeys must have at least one usage.");
}

/**
 * Imports a key at once. https://w3c.github.io/webcrypto/#SubtleCrypto-method-importKey
 * @param {Uint8Array | object} data bytes that are ours, or a converted JSON Web Key
 */
function importNow(format, data, algorithm, extractable, usages) {
  checkFormat(format);
  if (format !== "jwk") {
    if (!params.isSource(data)) throw new TypeError("Import data provided for buffer-based import formats must be a buffer source.");
  } else {
    if (params.isSource(data)) throw new TypeError('Import data provided for "jwk" import format must be a JsonWebKey.');
    if (data.ext === false && extractable) {
      throw makeError("DataError", `JWK ext field for "${algorithm.name}" is set to false but extractable is true`);
    }
  }
  const found = algorithms.find(algorithm.name);
  if (found === undefined) throw makeError("NotSupportedError", `Unrecognized key import algorithm "${algorithm.name}" requested.`);
  const key = found.family.importKey(found.name, plainFormat(found, format, "import"), data, algorithm, extractable, usages);
  const record = recordOf(key);
  if (record.usages === 0 && record.type !== "public") throw noUsage();
  return key;
}

function checkFormat(format) {
  switch (format) {
    case "raw":
    case "spki":
    case "pkcs8":
    case "jwk":
    case "raw-secret":
    case "raw-public":
    case "raw-seed":
      return;
  }
  throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
}

/** The format as families know it: they call a raw key "raw". https://wicg.github.io/webcrypto-modern-algos/#dom-keyformat */
function plainFormat(algorithm, format, action) {
  if (format === algorithm.raw) return "raw";
  const seed = format === "raw-seed" && algorithm.modern && algorithm.raw === "raw-public";
  if (!seed && (format === "raw-secret" || format === "raw-public" || format === "raw-seed" || (format === "raw" && algorithm.modern))) {
    throw makeError("NotSupportedError", `Unrecognized key ${action} format "${format}".`);
  }
  return format;
}

function importKey(args) {
  const format = params.string(args, 0, "importKey");
  const data = params.importData(args, 1, "importKey");
  const algorithm = params.importAlgorithm(args, 2, "importKey");
  const extractable = params.boolean(args, 3, "importKey");
  const usages = params.strings(args, 4, "importKey");
  return PromiseResolve(importNow(format, data, algorithm, extractable, usages));
}

/** An ArrayBuffer, or a JSON Web Key as a script gets it. */
function exportNow(format, record) {
  if (!record.extractable) throw makeError("InvalidAccessError", `Attempt to export non-extractable ${record.name} key.`);
  return record.family.exportKey(record, plainFormat(algorithms.find(record.name), format, "export"));
}

function exportKey(args) {
  const format = params.string(args, 0, "exportKey");
  const key = params.key(args, 1, "exportKey");
  return PromiseResolve(exportNow(format, recordOf(key)));
}

function deriveBits(args) {
  const algorithm = params.deriveAlgorithm(args, 0, "deriveBits");
  const key = params.key(args, 1, "deriveBits");
  const length = params.length(args, 2);
  const record = usable(key, algorithm.name, "deriveBits");
  return record.family.deriveBits(record, algorithm, length, bufferOf);
}

function deriveKey(args) {
  const algorithm = params.deriveAlgorithm(args, 0, "deriveKey");
  const key = params.key(args, 1, "deriveKey");
  const derived = params.importAlgorithm(args, 2, "deriveKey");
  const extractable = params.boolean(args, 3, "deriveKey");
  const usages = params.strings(args, 4, "deriveKey");
  const record = usable(key, algorithm.name, "deriveKey");
  return record.family.deriveBits(record, algorithm, lengthOf(derived), (secret) => importNow("raw-secret", secret, derived, extractable, usages));
}

/** The length in bits of a key that is derived; undefined if it has none. https://w3c.github.io/webcrypto/#aes-ctr-operations-get-key-length */
function lengthOf(algorithm) {
  const name = upperCase(algorithm.name);
  const found = algorithms.find(name);
  if (name === "HKDF" || name === "PBKDF2") return undefined;
  if (name === "HMAC") return hmacLength(algorithm);
  if (name === "CHACHA20-POLY1305") return 256;
  if (name === "KMAC128" || name === "KMAC256") return algorithm.length ?? (name === "KMAC128" ? 128 : 256);
  if (found === undefined || StringPrototypeSlice(name, 0, 4) !== "AES-") {
    throw makeError("NotSupportedError", `Unrecognized derived key type "${algorithm.name}" requested.`);
  }
  const length = params.required(algorithm.length, "length", "derivedKeyParams");
  if (length !== 128 && length !== 192 && length !== 256) {
    throw makeError("OperationError", `Derived AES key must be 128, 192, or 256 bits in length but provided ${length}.`);
  }
  return length;
}

function hmacLength(algorithm) {
  if (algorithm.length === undefined) return blockSize(digestName(params.required(algorithm.hash, "hash", "derivedKeyParams"))) * 8;
  if (algorithm.length > 0) return algorithm.length;
  throw new TypeError("HMAC key length must be a non-zero unsigned long integer.");
}

function wrapKey(args) {
  const format = params.string(args, 0, "wrapKey");
  const key = params.key(args, 1, "wrapKey");
  const wrappingKey = params.key(args, 2, "wrapKey");
  const algorithm = params.encryptAlgorithm(args, 3, "wrapKey");
  const record = usable(wrappingKey, algorithm.name, "wrapKey");
  const exported = exportNow(format, recordOf(key));
  const bytes = format === "jwk" ? ops.op_utf8_encode(JSONStringify(exported)) : new Uint8Array(exported);
  return record.family.wrapKey(record, algorithm, bytes);
}

function unwrapKey(args) {
  const format = params.string(args, 0, "unwrapKey");
  const wrapped = params.source(args, 1, "unwrapKey");
  const unwrappingKey = params.key(args, 2, "unwrapKey");
  const algorithm = params.encryptAlgorithm(args, 3, "unwrapKey");
  const keyAlgorithm = params.importAlgorithm(args, 4, "unwrapKey");
  const extractable = params.boolean(args, 5, "unwrapKey");
  const usages = params.strings(args, 6, "unwrapKey");
  const record = usable(unwrappingKey, algorithm.name, "unwrapKey");
  const finish = (bytes) => importNow(format, format === "jwk" ? parseJwk(bytes) : bytes, keyAlgorithm, extractable, usages);
  return record.family.unwrapKey(record, algorithm, wrapped, finish);
}

/** SHA-3 and cSHAKE. https://wicg.github.io/webcrypto-modern-algos/#sha3, https://wicg.github.io/webcrypto-modern-algos/#cshake */
function modernDigest(given, algorithm, bytes) {
  const name = upperCase(given);
  if (name === "SHA3-256" || name === "SHA3-384" || name === "SHA3-512") {
    return run(isLong(bytes), bufferOf, ["sha3", +StringPrototypeSlice(name, 5), bytes]);
  }
  if (name !== "CSHAKE128" && name !== "CSHAKE256") {
    throw makeError("NotSupportedError", "Unrecognized or unimplemented digest algorithm requested.");
  }
  // Reading the parameters runs code of the script, which must not change what is digested.
  const data = params.copyBytes(bytes);
  const { outputLength, functionName, customization } = params.digestParams(algorithm);
  const length = params.required(outputLength, "outputLength", "algorithm");
  if (length < 0) throw new TypeError("The length of a digest must be an unsigned long integer.");
  return run(isLong(data), bufferOf, ["cshake", +StringPrototypeSlice(name, 6), functionName ?? kNoBytes, customization ?? kNoBytes, length, data]);
}

// https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-encapsulateBits

function encapsulator(args, method) {
  const algorithm = params.importAlgorithm(args, 0, method);
  const record = usable(params.key(args, 1, method), algorithm.name, method);
  if (record.family.encapsulate === undefined) throw makeError("NotSupportedError", `"${record.name}" keys cannot encapsulate.`);
  return record;
}

function encapsulateBits(args) {
  const record = encapsulator(args, "encapsulateBits");
  return record.family.encapsulate(record, (found) => ({ sharedKey: bufferOf(found[0]), ciphertext: bufferOf(found[1]) }));
}

function encapsulateKey(args) {
  const record = encapsulator(args, "encapsulateKey");
  const shared = params.importAlgorithm(args, 2, "encapsulateKey");
  const extractable = params.boolean(args, 3, "encapsulateKey");
  const usages = params.strings(args, 4, "encapsulateKey");
  return record.family.encapsulate(record, (found) => ({
    sharedKey: importNow("raw-secret", found[0], shared, extractable, usages),
    ciphertext: bufferOf(found[1]),
  }));
}

function decapsulateBits(args) {
  const record = encapsulator(args, "decapsulateBits");
  return record.family.decapsulate(record, params.source(args, 2, "decapsulateBits"), bufferOf);
}

function decapsulateKey(args) {
  const record = encapsulator(args, "decapsulateKey");
  const ciphertext = params.source(args, 2, "decapsulateKey");
  const shared = params.importAlgorithm(args, 3, "decapsulateKey");
  const extractable = params.boolean(args, 4, "decapsulateKey");
  const usages = params.strings(args, 5, "decapsulateKey");
  return record.family.decapsulate(record, ciphertext, (secret) => importNow("raw-secret", secret, shared, extractable, usages));
}

/** The public key of a private one. https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-getPublicKey */
function getPublicKey(args) {
  const record = recordOf(params.key(args, 0, "getPublicKey"));
  const usages = params.strings(args, 1, "getPublicKey");
  if (record.type === "secret") throw makeError("NotSupportedError", `"${record.name}" keys have no public key.`);
  if (record.type !== "private") throw makeError("InvalidAccessError", "Only a private key has a public key.");
  const set = usageSet(record.name, "get public", usages, publicUsages(record.name));
  const data = ops.op_crypto("node-public-of", record.kind, record.data);
  return PromiseResolve(makeKey(record.family, record.name, "public", { ...record.algorithm }, true, set, data, record.kind));
}

function publicUsages(name) {
  if (name === "RSA-OAEP") return usage.encrypt | usage.wrapKey;
  if (name === "ECDH" || name === "X25519" || name === "X448") return 0;
  return StringPrototypeSlice(name, 0, 6) === "ML-KEM" ? kEncapsulateUsages : usage.verify;
}

function parseJwk(bytes) {
  const value = JSONParse(ops.op_utf8_decode(bytes, false));
  if (value !== null && !isObject(value)) throw makeError("DataError", 'Missing "kty" field or corrupt JSON unwrapping key?');
  return params.toJwk(value);
}

module.exports = { importNow, encrypt, decrypt, sign, verify, generateKey, deriveKey, deriveBits, importKey, exportKey, wrapKey, unwrapKey, modernDigest,
  encapsulateKey, encapsulateBits, decapsulateKey, decapsulateBits, getPublicKey };

"use strict";
// SubtleCrypto.supports(). https://wicg.github.io/webcrypto-modern-algos/#SubtleCrypto-method-supports

const { StringPrototypeSlice, TypedArrayPrototypeGetByteLength } = primordials;
const { toDOMString } = require("core/webidl");
const algorithms = require("web/crypto_algorithms");
const { recordOf } = require("web/crypto_key");
const params = require("web/crypto_params");
const { digestName, findDigest, upperCase } = require("web/crypto_run");

const kMethod = "supports";

/** Whether these parameters are right for an operation with the algorithm; what it would throw, they throw. */
const checks = { __proto__: null };

const isKeyLength = (bits) => bits === 128 || bits === 192 || bits === 256;
const isPrefix = (name, prefix) => StringPrototypeSlice(name, 0, prefix.length) === prefix;
const isElliptic = (name) => name === "ECDSA" || name === "ECDH";
const isRsa = (name) => isPrefix(name, "RSA");

function isCurve(name) {
  const curve = upperCase(name);
  return curve === "P-256" || curve === "P-384" || curve === "P-521";
}

// digestName throws for a hash that there is not.
const hasHash = (algorithm) => algorithm.hash !== undefined && digestName(algorithm.hash) !== "";

const hasLength = (bytes, length) => bytes !== undefined && TypedArrayPrototypeGetByteLength(bytes) === length;

checks.digest = (algorithm) => {
  const name = upperCase(params.hashName(algorithm));
  if (name === "CSHAKE128" || name === "CSHAKE256") return params.digestParams(algorithm).outputLength >= 0;
  return findDigest(name) !== undefined || name === "SHA3-256" || name === "SHA3-384" || name === "SHA3-512";
};

checks.generateKey = (given) => {
  const algorithm = params.generateAlgorithm([given], 0, kMethod);
  const found = algorithms.find(algorithm.name);
  if (found === undefined || !found.generates) return false;
  if (isPrefix(found.name, "AES-")) return isKeyLength(algorithm.length);
  if (isElliptic(found.name)) return algorithm.namedCurve !== undefined && isCurve(algorithm.namedCurve);
  if (found.name === "HMAC") return hasHash(algorithm) && algorithm.length !== 0 && upperCase(algorithm.hash) !== "MD5";
  if (isPrefix(found.name, "KMAC")) return algorithm.length !== 0;
  if (isRsa(found.name)) return algorithm.modulusLength > 0 && algorithm.publicExponent !== undefined && hasHash(algorithm);
  return found.name !== "NODE-ED25519" || algorithm.namedCurve === found.name;
};

checks.importKey = (given) => {
  const algorithm = params.importAlgorithm([given], 0, kMethod);
  const found = algorithms.find(algorithm.name);
  if (found === undefined) return false;
  if (isElliptic(found.name)) return algorithm.namedCurve !== undefined && isCurve(algorithm.namedCurve);
  return found.name === "HMAC" || (isRsa(found.name) && found.name !== "RSA-RAW") ? hasHash(algorithm) : true;
};

checks.exportKey = (given) => {
  const found = algorithms.find(params.importAlgorithm([given], 0, kMethod).name);
  return found !== undefined && found.name !== "HKDF" && found.name !== "PBKDF2";
};

checks.getPublicKey = (given) => {
  const found = algorithms.find(params.importAlgorithm([given], 0, kMethod).name);
  return found !== undefined && (found.raw === "raw-public" || isRsa(found.name));
};

checks.sign = checks.verify = (given) => {
  const algorithm = params.signAlgorithm([given], 0, kMethod);
  const found = algorithms.find(algorithm.name);
  if (found === undefined) return false;
  switch (found.name) {
    case "HMAC":
    case "RSASSA-PKCS1-v1_5":
    case "Ed25519":
    case "Ed448":
      return true;
    case "RSA-PSS":
      return algorithm.saltLength >= 0;
    case "ECDSA":
      return hasHash(algorithm);
    case "KMAC128":
    case "KMAC256":
      return algorithm.outputLength >= 0;
    default:
      return isPrefix(found.name, "ML-DSA");
  }
};

checks.encrypt = checks.decrypt = (given) => {
  const algorithm = params.encryptAlgorithm([given], 0, kMethod);
  switch (upperCase(algorithm.name)) {
    case "AES-CBC":
      return hasLength(algorithm.iv, 16);
    case "AES-CTR":
      return hasLength(algorithm.counter, 16) && algorithm.length >= 1 && algorithm.length <= 128;
    case "AES-GCM":
    case "AES-OCB":
      return algorithm.iv !== undefined && !hasLength(algorithm.iv, 0);
    case "CHACHA20-POLY1305":
      return hasLength(algorithm.iv, 12);
    default:
      return upperCase(algorithm.name) === "RSA-OAEP";
  }
};

checks.wrapKey = checks.unwrapKey = (given) => {
  return upperCase(params.encryptAlgorithm([given], 0, kMethod).name) === "AES-KW" || checks.encrypt(given);
};

function derives(given, length) {
  const algorithm = params.deriveAlgorithm([given], 0, kMethod);
  const name = upperCase(algorithm.name);
  const bytes = length !== undefined && length % 8 === 0;
  switch (name) {
    case "HKDF":
      return bytes && hasHash(algorithm) && algorithm.salt !== undefined && algorithm.info !== undefined;
    case "PBKDF2":
      return bytes && hasHash(algorithm) && algorithm.salt !== undefined && algorithm.iterations > 0;
    case "ECDH":
    case "X25519":
    case "X448":
      return algorithm.public !== undefined && upperCase(recordOf(algorithm.public).name) === name;
    default:
      return false;
  }
}

checks.deriveBits = (given, length) => derives(given, params.length([length], 0));
checks.deriveKey = (given, derived) => checks.importKey(derived) && derives(given, 256);

checks.encapsulateBits = checks.decapsulateBits = (given) => {
  const found = algorithms.find(params.importAlgorithm([given], 0, kMethod).name);
  return found !== undefined && isPrefix(found.name, "ML-KEM");
};
checks.encapsulateKey = checks.decapsulateKey = (given, shared) => checks.importKey(shared) && checks.encapsulateBits(given);

/** Whether an operation with this algorithm, and the length or other algorithm that it also takes, is there. */
function supports(args) {
  if (args.length < 2) throw params.badArgument(kMethod, args.length + 1, args.length === 0 ? "string" : "string or Algorithm");
  const check = checks[toDOMString(args[0])];
  if (check === undefined) return false;
  try {
    return check(args[1], args[2]);
  } catch {
    return false;
  }
}

module.exports = { supports };

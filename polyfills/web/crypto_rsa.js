"use strict";
// RSASSA-PKCS1-v1_5, RSA-PSS, RSA-OAEP, and the platform's RSA-RAW for blind signatures. https://w3c.github.io/webcrypto/#rsassa-pkcs1

const {
  ArrayPrototypePush,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSlice,
  TypeError,
} = primordials;
const { makeError } = require("core/errors");
const asymmetric = require("web/crypto_asymmetric");
const jwks = require("web/crypto_jwk");
const { kPrivateUsages, kPublicUsages, makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, digestName, digestSize, internalError, isLong, kNoBytes, run, same } = require("web/crypto_run");

const family = module.exports;
family.variant = "rsa";

const kPKCS1 = "RSASSA-PKCS1-v1_5";
const kPSS = "RSA-PSS";
const kOAEP = "RSA-OAEP";
const kRaw = "RSA-RAW";

function allowed(name) {
  return name === kOAEP ? usage.encrypt | usage.decrypt | usage.wrapKey | usage.unwrapKey : usage.sign | usage.verify;
}

// What scripts see: each key has its own, with a copy of the exponent.
function algorithmOf(name, modulusLength, exponent, hash) {
  let publicExponent = TypedArrayPrototypeSlice(exponent);
  if (!require("core/worker").state.flags.crypto_preserve_public_exponent) publicExponent = TypedArrayPrototypeGetBuffer(publicExponent);
  return { name, modulusLength, publicExponent, hash: hash === undefined ? undefined : { name: hash } };
}

/** The number that big-endian bytes are; undefined if it needs more than 32 bits. */
function numberOf(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let value = 0;
  for (let i = 0; i < length; i++) {
    if (length - i > 4 && bytes[i] !== 0) return undefined;
    value = value * 256 + bytes[i];
  }
  return value;
}

function checkParameters(modulusLength, exponent, isImport) {
  const strict = asymmetric.strict();
  if ((strict || !isImport) && (modulusLength % 8 !== 0 || modulusLength < 256 || modulusLength > 16384)) {
    throw makeError("OperationError", `The modulus length must be a multiple of 8 and between 256 and 16k, but ${modulusLength} was requested.`);
  }
  const e = numberOf(exponent);
  if (e === undefined) throw makeError("OperationError", 'The "publicExponent" must be either 3 or 65537, but got a number larger than 2^32.');
  if (e === 3 || e === 65537) return;
  if (!isImport) throw makeError("OperationError", `The "publicExponent" must be either 3 or 65537, but got ${e}.`);
  if (strict && e !== 17 && e !== 37) throw makeError("OperationError", `Imported RSA key has invalid publicExponent ${e}.`);
}

family.generateKey = (name, params, extractable, usages) => {
  const exponent = required(params.publicExponent, "publicExponent", "algorithm");
  const given = required(params.hash, "hash", "algorithm");
  const modulusLength = required(params.modulusLength, "modulusLength", "algorithm");
  if (modulusLength <= 0) throw makeError("OperationError", `modulusLength must be greater than zero (requested ${modulusLength}).`);
  const hash = digestName(given);
  const set = usageSet(name, "generate", usages, allowed(name));
  checkParameters(modulusLength, exponent, false);
  if (asymmetric.strict() && modulusLength % 128 !== 0) {
    throw makeError("OperationError", "Can't generate key: RSA key size is required to be a multiple of 128");
  }
  asymmetric.requirePrivateUsage(set);
  // The caller may change its buffer while the key is made.
  const kept = TypedArrayPrototypeSlice(exponent);
  const finish = (data) => {
    const numbers = ops.op_crypto("rsa-numbers", data);
    const publicData = ops.op_crypto("rsa-key", [numbers[0], numbers[1]]);
    return {
      publicKey: makeKey(family, name, "public", algorithmOf(name, modulusLength, kept, hash), true, set & kPublicUsages, publicData, "RSA"),
      privateKey: makeKey(family, name, "private", algorithmOf(name, modulusLength, kept, hash), extractable, set & kPrivateUsages, data, "RSA"),
    };
  };
  return run(true, finish, ["rsa-generate", modulusLength - (modulusLength % 128), numberOf(exponent)]);
};

family.importKey = (name, format, data, params, extractable, usages) => {
  const hash = name === kRaw ? undefined : digestName(required(params.hash, "hash", "algorithm"));
  const found = asymmetric.importAsymmetric(name, format, data, usages, allowed(name), (jwk) => fromJwk(name, params.name, hash, jwk));
  if (name === kRaw && found.type !== "private") throw makeError("DataError", 'RSA-RAW only supports private keys but requested "public".');
  if (found.kind !== "RSA") throw makeError("DataError", "Input was not an RSA key.");
  const numbers = ops.op_crypto("rsa-numbers", found.data);
  const modulusLength = TypedArrayPrototypeGetByteLength(numbers[0]) * 8;
  checkParameters(modulusLength, numbers[1], true);
  return makeKey(family, name, found.type, algorithmOf(name, modulusLength, numbers[1], hash), extractable, found.usages, found.data, "RSA");
};

const kAlgs = {
  __proto__: null,
  RS1: "SHA-1", RS256: "SHA-256", RS384: "SHA-384", RS512: "SHA-512", PS1: "SHA-1", PS256: "SHA-256", PS384: "SHA-384", PS512: "SHA-512",
  "RSA-OAEP": "SHA-1", "RSA-OAEP-256": "SHA-256", "RSA-OAEP-384": "SHA-384", "RSA-OAEP-512": "SHA-512",
};

// `requested` is the algorithm's name as the script spelled it.
function checkAlg(name, requested, hash, alg) {
  const raw = name === kRaw;
  if (!raw && requested !== name) throw makeError("NotSupportedError", `Unrecognized RSA variant "${requested}".`);
  const mayBe = !raw || (StringPrototypeStartsWith(alg, "RS") && !StringPrototypeStartsWith(alg, "RSA"));
  const found = mayBe ? kAlgs[alg] : undefined;
  if (found === undefined) {
    throw makeError("NotSupportedError", `Unrecognized or unimplemented algorithm "${alg}" listed in JSON Web Key Algorithm parameter.`);
  }
  if (!raw && found !== hash) {
    throw makeError("DataError", `JSON Web Key Algorithm parameter "alg" ("${alg}") does not match requested hash algorithm "${alg}".`);
  }
}

const kInvalid = "Invalid RSA key in JSON Web Key; ";
const kPrivateMembers = [
  "p", 'invalid First Prime Factor parameter ("p").',
  "q", 'invalid Second Prime Factor parameter ("q").',
  "dp", 'invalid First Factor CRT Exponent parameter ("dp").',
  "dq", 'invalid Second Factor CRT Exponent parameter ("dq").',
  "qi", 'invalid First CRT Coefficient parameter ("qi").',
];

// RFC 7518, 6.3.
function fromJwk(name, requested, hash, jwk) {
  if (jwk.kty !== "RSA") {
    throw makeError("DataError", `${name === kRaw ? kRaw : kPKCS1} "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "RSA".`);
  }
  if (jwk.alg !== undefined) checkAlg(name, requested, hash, jwk.alg);
  const numbers = [
    jwks.decode(jwk.n, `${kInvalid}missing or invalid Modulus parameter ("n").`),
    jwks.decode(jwk.e, `${kInvalid}missing or invalid Exponent parameter ("e").`),
  ];
  if (jwk.d !== undefined) {
    ArrayPrototypePush(numbers, jwks.decode(jwk.d, `${kInvalid}missing or invalid Private Exponent parameter ("d").`));
    addFactors(numbers, jwk);
  }
  return ["RSA", ops.op_crypto("rsa-key", numbers)];
}

function addFactors(numbers, jwk) {
  let present = 0;
  for (let i = 0; i < kPrivateMembers.length; i += 2) if (jwk[kPrivateMembers[i]] !== undefined) present++;
  if (present === 0) return;
  if (present !== 5) {
    throw makeError(
      "DataError",
      "Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT Exponent/Coefficient parameter is present, then they must all be " +
        'present ("p", "q", "dp", "dq", "qi").',
    );
  }
  for (let i = 0; i < kPrivateMembers.length; i += 2) {
    ArrayPrototypePush(numbers, jwks.decode(jwk[kPrivateMembers[i]], kInvalid + kPrivateMembers[i + 1]));
  }
}

family.exportKey = asymmetric.exportAsymmetric;

function algOf(record) {
  if (record.hash === undefined) throw internalError();
  if (!StringPrototypeStartsWith(record.hash, "SHA")) {
    throw makeError("NotSupportedError", `JWK export not supported for hash algorithm "${record.hash}".`);
  }
  const number = StringPrototypeSlice(record.hash, 4);
  if (record.name === kPSS) return `PS${number}`;
  if (record.name !== kOAEP) return `RS${number}`;
  return number === "1" ? kOAEP : `${kOAEP}-${number}`;
}

const kMembers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

family.toJwk = (record) => {
  const alg = algOf(record);
  const numbers = ops.op_crypto("rsa-numbers", record.data);
  if (numbers.length === 3) throw internalError();
  const members = [];
  for (let i = 0; i < numbers.length; i++) ArrayPrototypePush(members, kMembers[i], jwks.encode(numbers[i]));
  return jwks.build("RSA", record, alg, members);
};

family.rawKey = (record) => {
  throw makeError("InvalidAccessError", `Cannot export "${record.name}" in "raw" format.`);
};

family.sign = (record, params, data) => {
  if (record.name === kRaw) return run(true, bufferOf, ["rsa-raw", record.data, data]);
  const size = record.modulus / 8;
  const digest = digestSize(record.hash);
  if (record.name === kPKCS1) {
    if (digest + 32 > size) {
      throw makeError("OperationError", `key too small for signing with given digest, need at least ${8 * (digest + 32)}bits.`);
    }
    return run(true, bufferOf, ["rsa-sign", "PKCS1", record.hash, record.data, 0, data]);
  }
  const salt = params.saltLength;
  if (salt === undefined) throw makeError("DataError", "Failed to provide salt for RSA-PSS key operation which requires a salt");
  if (salt < 0) throw makeError("DataError", `SaltLength for RSA-PSS must be non-negative (provided ${salt}).`);
  if (digest + 2 > size) throw makeError("OperationError", "key too small for signing with given digest");
  if (salt > size - digest - 2) throw makeError("OperationError", "key too small for signing with given digest and salt length");
  return run(true, bufferOf, ["rsa-sign", "PSS", record.hash, record.data, salt, data]);
};

family.verify = (record, params, signature, data) => {
  const long = isLong(data) || isLong(signature);
  if (record.name === kPKCS1) return run(long, same, ["rsa-verify", "PKCS1", record.hash, record.data, 0, signature, data]);
  const salt = params.saltLength;
  if (salt === undefined) throw new TypeError("Failed to provide salt for RSA-PSS key operation which requires a salt");
  if (salt < 0) throw makeError("DataError", `SaltLength for RSA-PSS must be non-negative (provided ${salt}).`);
  return run(long, same, ["rsa-verify", "PSS", record.hash, record.data, salt, signature, data]);
};

family.encrypt = (record, params, data) => {
  if (record.type !== "public") throw makeError("InvalidAccessError", `Encryption/key wrapping only works with public keys, not "${record.type}".`);
  return run(isLong(data), bufferOf, ["rsa-encrypt", record.hash, record.data, params.label ?? kNoBytes, data]);
};

family.decrypt = (record, params, data, finish = bufferOf) => {
  if (record.type !== "private") throw makeError("InvalidAccessError", `Decryption/key unwrapping only works with private keys, not "${record.type}".`);
  return run(true, finish, ["rsa-decrypt", record.hash, record.data, params.label ?? kNoBytes, data]);
};

family.wrapKey = family.encrypt;
family.unwrapKey = family.decrypt;

"use strict";
// HMAC. https://w3c.github.io/webcrypto/#hmac

const { StringPrototypeSlice, StringPrototypeStartsWith, TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;
const { requireContext } = require("core/context");
const { makeError } = require("core/errors");
const jwks = require("web/crypto_jwk");
const { makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { blockSize, bufferOf, digestName, isLong, run, same } = require("web/crypto_run");

const family = module.exports;
family.variant = "hmac";

const kUsages = usage.sign | usage.verify;

// `length` is 16 bits wide where scripts read it.
function hmacKey(hash, length, extractable, set, data) {
  if (length % 8 !== 0) data[data.length - 1] &= 0xff00 >> (length % 8);
  return makeKey(family, "HMAC", "secret", { name: "HMAC", hash: { name: hash }, length: length & 0xffff }, extractable, set, data);
}

family.generateKey = (name, params, extractable, usages) => {
  const hash = digestName(required(params.hash, "hash", "algorithm"));
  // Keys that exist are for old protocols; new ones are not made, as the standard wants it.
  if (hash === "MD5") throw makeError("NotSupportedError", "HMAC keys are not generated for MD5.");
  const set = usageSet(name, "generate", usages, kUsages);
  const length = params.length ?? blockSize(hash) * 8;
  if (length <= 0) throw makeError("OperationError", `HMAC key length must be a non-zero unsigned long integer (requested ${length}).`);
  requireContext();
  const data = new Uint8Array(length % 8 === 0 ? length / 8 : (length - (length % 8)) / 8 + 1);
  ops.op_random_fill(data);
  return hmacKey(hash, length, extractable, set, data);
};

family.importKey = (name, format, data, params, extractable, usages) => {
  const set = usageSet(name, "import secret", usages, kUsages);
  const hash = required(params.hash, "hash", "algorithm");
  if (format !== "raw" && format !== "jwk") throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
  const bytes = format === "raw" ? data : fromJwk(data, hash);
  const bits = TypedArrayPrototypeGetByteLength(bytes) * 8;
  const length = params.length ?? bits;
  if (length <= 0 || length > bits || length <= bits - 8) {
    throw makeError("DataError", `Imported HMAC key length (${length}) must be a non-zero value up to 7 bits less than, and no greater than, the bit length of the raw key data (${bits}).`);
  }
  return hmacKey(digestName(hash), length, extractable, set, bytes);
};

function fromJwk(jwk, hash) {
  if (jwk.kty !== "oct") {
    throw makeError("DataError", `HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") equal to "oct" (encountered "${jwk.kty}").`);
  }
  const bytes = jwks.decode(jwk.k, 'HMAC "jwk" key import requires a base64Url encoding of the key');
  const alg = jwk.alg;
  if (alg === undefined) return bytes;
  if (!StringPrototypeStartsWith(hash, "SHA-")) {
    throw makeError("NotSupportedError", `Unrecognized or unimplemented hash algorithm requested${alg}`);
  }
  const expected = `HS${StringPrototypeSlice(hash, 4)}`;
  if (alg !== expected) {
    throw makeError("DataError", `HMAC "jwk" key import specifies "alg" that is incompatible with the hash name (encountered "${alg}", expected "${expected}").`);
  }
  return bytes;
}

family.exportKey = (record, format) => {
  if (format === "raw") return bufferOf(new Uint8Array(record.data));
  if (format !== "jwk") throw makeError("NotSupportedError", `Unimplemented key export format "${format}".`);
  if (!StringPrototypeStartsWith(record.hash, "SHA-")) {
    throw makeError("NotSupportedError", `Unimplemented JWK key export format for key algorithm "${record.hash}".`);
  }
  return jwks.build("oct", record, `HS${StringPrototypeSlice(record.hash, 4)}`, ["k", jwks.encode(record.data)]);
};

family.sign = (record, params, data) => run(isLong(data), bufferOf, ["hmac", record.hash, record.data, data]);

family.verify = (record, params, signature, data) => run(isLong(data), same, ["hmac-verify", record.hash, record.data, signature, data]);

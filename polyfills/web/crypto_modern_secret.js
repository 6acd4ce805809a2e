"use strict";
// ChaCha20-Poly1305, KMAC128 and KMAC256. https://wicg.github.io/webcrypto-modern-algos/#chacha20-poly1305,
// https://wicg.github.io/webcrypto-modern-algos/#kmac

const { StringPrototypeSlice, TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;
const { requireContext } = require("core/context");
const { makeError } = require("core/errors");
const jwks = require("web/crypto_jwk");
const { makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, isLong, kNoBytes, run, same } = require("web/crypto_run");

const kCipherUsages = usage.encrypt | usage.decrypt | usage.wrapKey | usage.unwrapKey;
const cipher = { __proto__: null, variant: "chacha", generateKey, importKey, exportKey, encrypt, decrypt, wrapKey: encrypt, unwrapKey: decrypt };
const mac = { __proto__: null, variant: "kmac", generateKey, importKey, exportKey, sign, verify };

const isCipher = (name) => name === "ChaCha20-Poly1305";
const strength = (name) => +StringPrototypeSlice(name, 4);

function make(name, length, extractable, set, data) {
  if (isCipher(name)) return makeKey(cipher, name, "secret", { name }, extractable, set, data);
  if (length % 8 !== 0) data[data.length - 1] &= 0xff00 >> (length % 8);
  return makeKey(mac, name, "secret", { name, length }, extractable, set, data);
}

function usagesOf(name, action, usages) {
  return usageSet(name, action, usages, isCipher(name) ? kCipherUsages : usage.sign | usage.verify);
}

function generateKey(name, params, extractable, usages) {
  const set = usagesOf(name, "generate", usages);
  const length = isCipher(name) ? 256 : (params.length ?? strength(name));
  if (length <= 0) throw makeError("OperationError", `${name} key length must be a non-zero unsigned long integer (requested ${length}).`);
  requireContext();
  const data = new Uint8Array((length + 7 - ((length + 7) % 8)) / 8);
  ops.op_random_fill(data);
  return make(name, length, extractable, set, data);
}

function importKey(name, format, data, params, extractable, usages) {
  const set = usagesOf(name, "import secret", usages);
  if (format !== "raw" && format !== "jwk") throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
  const bytes = format === "raw" ? data : fromJwk(name, data, usages);
  const bits = TypedArrayPrototypeGetByteLength(bytes) * 8;
  if (isCipher(name) && bits !== 256) throw makeError("DataError", `Imported ${name} key length must be 256 bits but provided ${bits}.`);
  const length = params.length ?? bits;
  if (bits === 0 || length > bits || length <= bits - 8) {
    throw makeError("DataError", `Imported ${name} key length (${length}) does not fit the bit length of the raw key data (${bits}).`);
  }
  return make(name, length, extractable, set, bytes);
}

/** The "alg" of a JSON Web Key. */
function algOf(name) {
  return isCipher(name) ? "C20P" : `K${strength(name)}`;
}

function fromJwk(name, jwk, usages) {
  if (jwk.kty !== "oct") {
    throw makeError("DataError", `Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter "kty" equal to "oct" (encountered "${jwk.kty}").`);
  }
  const bytes = jwks.decode(jwk.k, 'Symmetric "jwk" key import requires a base64Url encoding of the key.');
  if (jwk.alg !== undefined && jwk.alg !== algOf(name)) {
    throw makeError("DataError", `Symmetric "jwk" key contains invalid "alg" value "${jwk.alg}", expected "${algOf(name)}".`);
  }
  if (isCipher(name)) jwks.checkSecret(jwk, usages);
  return bytes;
}

function exportKey(record, format) {
  if (format === "raw") return bufferOf(new Uint8Array(record.data));
  if (format === "jwk") return jwks.build("oct", record, algOf(record.name), ["k", jwks.encode(record.data)]);
  throw makeError("NotSupportedError", `${record.name} key only supports exporting "raw-secret" & "jwk", not "${format}".`);
}

function checkNonce(params) {
  const length = TypedArrayPrototypeGetByteLength(required(params.iv, "iv", "algorithm"));
  if (length !== 12) throw makeError("OperationError", `ChaCha20-Poly1305 IV must be 12 bytes long (provided ${length}).`);
  const tag = params.tagLength ?? 128;
  if (tag !== 128) throw makeError("OperationError", `Invalid ChaCha20-Poly1305 tag length ${tag}.`);
}

function encrypt(record, params, data) {
  checkNonce(params);
  return run(isLong(data), bufferOf, ["chacha-seal", record.data, params.iv, params.additionalData ?? kNoBytes, data]);
}

// `finish` makes of the plaintext what the caller wants.
function decrypt(record, params, data, finish = bufferOf) {
  checkNonce(params);
  if (TypedArrayPrototypeGetByteLength(data) < 16) throw makeError("OperationError", "Ciphertext must not be shorter than its tag.");
  return run(isLong(data), finish, ["chacha-open", record.data, params.iv, params.additionalData ?? kNoBytes, data]);
}

function sign(record, params, data) {
  const length = required(params.outputLength, "outputLength", "algorithm");
  return run(isLong(data), bufferOf, ["kmac", strength(record.name), record.data, params.customization ?? kNoBytes, length, data]);
}

function verify(record, params, signature, data) {
  const length = required(params.outputLength, "outputLength", "algorithm");
  return run(isLong(data), same, ["kmac-verify", signature, strength(record.name), record.data, params.customization ?? kNoBytes, length, data]);
}

// Both are of one file; a key knows which it is of.
module.exports = { __proto__: null, generateKey, importKey };

"use strict";
// AES-CBC, AES-CTR, AES-GCM, AES-KW and AES-OCB. https://w3c.github.io/webcrypto/#aes-cbc, https://wicg.github.io/webcrypto-modern-algos/#aes-ocb

const { MathTrunc, NumberIsFinite, StringPrototypeSlice, TypeError, TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;
const { requireContext } = require("core/context");
const { makeError } = require("core/errors");
const jwks = require("web/crypto_jwk");
const { makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, isLong, kNoBytes, run } = require("web/crypto_run");

const family = module.exports;
family.variant = "aes";

function usagesOf(name, action, usages) {
  const wrap = usage.wrapKey | usage.unwrapKey;
  return usageSet(name, action, usages, name === "AES-KW" ? wrap : wrap | usage.encrypt | usage.decrypt);
}

function isKeyLength(bits) {
  return bits === 128 || bits === 192 || bits === 256;
}

family.generateKey = (name, params, extractable, usages) => {
  const set = usagesOf(name, "generate", usages);
  const length = required(params.length, "length", "algorithm");
  if (!isKeyLength(length)) throw makeError("OperationError", `Generated AES key length must be 128, 192, or 256 bits but requested ${length}.`);
  requireContext();
  const data = new Uint8Array(length / 8);
  ops.op_random_fill(data);
  return makeKey(family, name, "secret", { name, length }, extractable, set, data);
};

family.importKey = (name, format, data, params, extractable, usages) => {
  const set = usagesOf(name, "import secret", usages);
  if (format !== "raw" && format !== "jwk") throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
  const bytes = format === "raw" ? data : fromJwk(name, data);
  const length = TypedArrayPrototypeGetByteLength(bytes) * 8;
  if (!isKeyLength(length)) throw makeError("DataError", `Imported AES key length must be 128, 192, or 256 bits but provided ${length}.`);
  if (format === "jwk") {
    checkAlg(name, length, data.alg);
    jwks.checkSecret(data, usages);
  }
  return makeKey(family, name, "secret", { name, length }, extractable, set, bytes);
};

function fromJwk(name, jwk) {
  if (jwk.kty !== "oct") {
    throw makeError("DataError", `Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter "kty" equal to "oct" (encountered "${jwk.kty}").`);
  }
  return jwks.decode(jwk.k, 'Symmetric "jwk" key import requires a base64Url encoding of the key.');
}

/** The "alg" of a JSON Web Key, for example A128GCM. */
function algOf(name, length) {
  return `A${length}${StringPrototypeSlice(name, 4)}`;
}

function checkAlg(name, length, alg) {
  const expected = algOf(name, length);
  if (alg !== undefined && alg !== expected) {
    throw makeError("DataError", `Symmetric "jwk" key contains invalid "alg" value "${alg}", expected "${expected}".`);
  }
}

family.exportKey = (record, format) => {
  if (format === "raw") return bufferOf(new Uint8Array(record.data));
  if (format === "jwk") return jwks.build("oct", record, algOf(record.name, TypedArrayPrototypeGetByteLength(record.data) * 8), ["k", jwks.encode(record.data)]);
  throw makeError("NotSupportedError", `${record.name} key only supports exporting "raw", "raw-secret" & "jwk", not "${format}".`);
};

family.encrypt = (record, params, data) => {
  if (record.name === "AES-GCM") return gcm("gcm-seal", record, params, data, gcmTag(params), bufferOf);
  if (record.name === "AES-CBC") return cbc("cbc-encrypt", record, params, data, " bytes", bufferOf);
  if (record.name === "AES-OCB") return gcm("ocb-seal", record, params, data, ocbTag(params), bufferOf);
  return ctr(record, params, data, bufferOf);
};

// `finish` makes of the plaintext what the caller wants.
family.decrypt = (record, params, data, finish = bufferOf) => {
  if (record.name === "AES-CBC") return cbc("cbc-decrypt", record, params, data, "", finish);
  if (record.name === "AES-CTR") return ctr(record, params, data, finish);
  if (record.name === "AES-OCB") return gcm("ocb-open", record, params, data, ocbTag(params), finish);
  const tag = gcmTag(params);
  const bits = TypedArrayPrototypeGetByteLength(data) * 8;
  if (bits < tag) {
    throw makeError("OperationError", `Ciphertext length of ${bits} bits must be greater than or equal to the size of the AES-GCM tag length of ${tag} bits.`);
  }
  return gcm("gcm-open", record, params, data, tag, finish);
};

/** Checks the IV, and gives the length of the tag in bits. */
function gcmTag(params) {
  const iv = required(params.iv, "iv", "algorithm");
  if (TypedArrayPrototypeGetByteLength(iv) === 0) throw makeError("OperationError", "AES-GCM IV must not be empty.");
  const given = params.tagLength;
  if (given === undefined) return 128;
  const tag = given | 0;
  if (NumberIsFinite(given) && MathTrunc(given) !== tag) throw new TypeError("AES-GCM tagLength is outside the integer range.");
  if (tag === 32 || tag === 64 || (tag >= 96 && tag <= 128 && tag % 8 === 0)) return tag;
  throw makeError("OperationError", `Invalid AES-GCM tag length ${tag}.`);
}

/** Checks the IV, and gives the length of the tag in bits. https://wicg.github.io/webcrypto-modern-algos/#aes-ocb-operations-encrypt */
function ocbTag(params) {
  const length = TypedArrayPrototypeGetByteLength(required(params.iv, "iv", "algorithm"));
  if (length === 0 || length > 15) throw makeError("OperationError", `AES-OCB IV must be 1 to 15 bytes long (provided ${length}).`);
  const tag = params.tagLength ?? 128;
  if (tag === 64 || tag === 96 || tag === 128) return tag;
  throw makeError("OperationError", `Invalid AES-OCB tag length ${tag}.`);
}

function gcm(operation, record, params, data, tag, finish) {
  const extra = params.additionalData ?? kNoBytes;
  return run(isLong(data) || isLong(extra), finish, [operation, record.data, params.iv, extra, tag / 8, data]);
}

function cbc(operation, record, params, data, unit, finish) {
  const iv = required(params.iv, "iv", "algorithm");
  const length = TypedArrayPrototypeGetByteLength(iv);
  if (length !== 16) throw makeError("OperationError", `AES-CBC IV must be 16 bytes long (provided ${length}${unit}).`);
  return run(isLong(data), finish, [operation, record.data, iv, data]);
}

function ctr(record, params, data, finish) {
  if (params.counter === undefined) throw new TypeError('Missing "counter" member in "algorithm".');
  const length = TypedArrayPrototypeGetByteLength(params.counter);
  if (length !== 16) throw makeError("OperationError", `Counter must have length of 16 bytes (provided ${length}).`);
  const bits = params.length;
  if (bits === undefined) throw new TypeError('Missing "length" member in "algorithm".');
  if (bits < 1 || bits > 128) throw makeError("OperationError", `Invalid counter of ${bits} bits length provided.`);
  return run(isLong(data), finish, ["ctr", record.data, params.counter, bits, data]);
}

family.wrapKey = (record, params, data) => {
  if (record.name !== "AES-KW") return family.encrypt(record, params, data);
  const length = TypedArrayPrototypeGetByteLength(data);
  if (length % 8 !== 0) {
    throw makeError("OperationError", `Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a length of ${length * 8} bits.`);
  }
  if (length < 16) {
    throw makeError("OperationError", `Unwrapped key has length ${length} bytes but it should be greater than or equal to 16 and less than or equal to 18446744073709551607`);
  }
  return run(isLong(data), bufferOf, ["kw-wrap", record.data, data]);
};

family.unwrapKey = (record, params, data, finish) => {
  if (record.name !== "AES-KW") return family.decrypt(record, params, data, finish);
  const bits = TypedArrayPrototypeGetByteLength(data) * 8;
  if (bits % 64 !== 0) throw makeError("OperationError", `Provided a wrapped key to unwrap that is ${bits} bits which isn't a multiple of 64 bits.`);
  if (bits < 192) throw makeError("OperationError", `Provided a wrapped key to unwrap this is ${bits} bits that is less than the minimal length of 192 bits.`);
  return run(isLong(data), finish, ["kw-unwrap", record.data, data]);
};

"use strict";
// ML-KEM and ML-DSA. https://wicg.github.io/webcrypto-modern-algos/#ml-kem, https://wicg.github.io/webcrypto-modern-algos/#ml-dsa

const { ArrayPrototypePush, StringPrototypeSlice, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice, TypedArrayPrototypeSubarray } = primordials;
const { makeError } = require("core/errors");
const asymmetric = require("web/crypto_asymmetric");
const jwks = require("web/crypto_jwk");
const { kDecapsulateUsages, kEncapsulateUsages, kPrivateUsages, kPublicUsages, makeKey, usage, usageSet } = require("web/crypto_key");
const { bufferOf, isLong, kNoBytes, run, same } = require("web/crypto_run");

const kem = { __proto__: null, variant: "kem", generateKey, importKey, exportKey, toJwk, rawKey, encapsulate, decapsulate };
const signature = { __proto__: null, variant: "lattice", generateKey, importKey, exportKey, toJwk, rawKey, sign, verify };

const isKem = (name) => StringPrototypeSlice(name, 0, 6) === "ML-KEM";
const familyOf = (name) => (isKem(name) ? kem : signature);
const allowed = (name) => (isKem(name) ? kEncapsulateUsages | kDecapsulateUsages : usage.sign | usage.verify);
const seedSize = (name) => (isKem(name) ? 64 : 32);

function generateKey(name, params, extractable, usages) {
  const set = usageSet(name, "generate", usages, allowed(name));
  asymmetric.requirePrivateUsage(set);
  const data = ops.op_crypto("lattice-generate", name);
  return asymmetric.makePair(familyOf(name), name, { name }, extractable, set, data, name, seedSize(name));
}

function importKey(name, format, data, params, extractable, usages) {
  const found = format === "spki" || format === "pkcs8" ? importDer(name, format, data, usages) : importBare(name, format, data, usages);
  return makeKey(familyOf(name), name, found.type, { name }, extractable, found.usages, found.data, name);
}

function importDer(name, format, data, usages) {
  const found = asymmetric.importAsymmetric(name, format, data, usages, allowed(name));
  if (found.kind !== name) throw makeError("DataError", `The key is of ${found.kind}, not of ${name}.`);
  return found;
}

function importBare(name, format, data, usages) {
  if (format !== "raw" && format !== "raw-seed" && format !== "jwk") throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
  const isPublic = format === "raw" || (format === "jwk" && data.priv === undefined);
  const set = usageSet(name, isPublic ? "import public" : "import private", usages, allowed(name) & (isPublic ? kPublicUsages : kPrivateUsages));
  const bytes = format === "jwk" ? fromJwk(name, data, usages) : data;
  const key = ops.op_crypto("lattice-import", name, isPublic, bytes);
  if (key === null) throw makeError("DataError", `Invalid ${name} ${isPublic ? "public key" : "seed"}.`);
  if (!isPublic && format === "jwk" && jwks.encode(TypedArrayPrototypeSubarray(key, seedSize(name))) !== data.pub) {
    throw makeError("DataError", `The public key of a ${name} JSON Web Key does not belong to its private key.`);
  }
  return { type: isPublic ? "public" : "private", usages: set, data: key };
}

// https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/
function fromJwk(name, jwk, usages) {
  if (jwk.kty !== "AKP") {
    throw makeError("DataError", `${name} "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "AKP".`);
  }
  if (jwk.alg !== name) throw makeError("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested ${name}.`);
  jwks.checkAsymmetric(jwk, name, usages);
  const seed = jwk.priv !== undefined;
  return jwks.decode(seed ? jwk.priv : jwk.pub, `Invalid ${name} key in JSON Web Key; missing or invalid "${seed ? "priv" : "pub"}".`);
}

function exportKey(record, format) {
  if (format !== "raw-seed") return asymmetric.exportAsymmetric(record, format);
  if (record.type !== "private") throw makeError("InvalidAccessError", `Seeds of ${record.name} are exported of private keys only.`);
  return bufferOf(TypedArrayPrototypeSlice(record.data, 0, seedSize(record.name)));
}

function toJwk(record) {
  const size = seedSize(record.name);
  const isPrivate = record.type === "private";
  const members = ["pub", jwks.encode(isPrivate ? TypedArrayPrototypeSubarray(record.data, size) : record.data)];
  if (isPrivate) ArrayPrototypePush(members, "priv", jwks.encode(TypedArrayPrototypeSubarray(record.data, 0, size)));
  return jwks.build("AKP", record, record.name, members);
}

function rawKey(record) {
  if (record.type !== "public") throw makeError("InvalidAccessError", `Raw export of ${record.name} keys is only allowed for public keys.`);
  return bufferOf(TypedArrayPrototypeSlice(record.data));
}

/** Has `finish` make of [shared key, ciphertext] what the caller wants. */
function encapsulate(record, finish) {
  return run(false, finish, ["encapsulate", record.name, record.data]);
}

function decapsulate(record, ciphertext, finish) {
  return run(false, finish, ["decapsulate", record.name, record.data, ciphertext]);
}

function contextOf(params) {
  const context = params.context ?? kNoBytes;
  const length = TypedArrayPrototypeGetByteLength(context);
  if (length > 255) throw makeError("OperationError", `The context of a signature has at most 255 bytes (provided ${length}).`);
  return context;
}

function sign(record, params, data) {
  return run(isLong(data), bufferOf, ["lattice-sign", record.name, record.data, contextOf(params), data]);
}

function verify(record, params, signed, data) {
  return run(isLong(data), same, ["lattice-verify", record.name, record.data, contextOf(params), signed, data]);
}

module.exports = { __proto__: null, generateKey, importKey };

"use strict";
// Ed25519, with its old name NODE-ED25519, and X25519. https://wicg.github.io/webcrypto-secure-curves/

const { ArrayPrototypePush, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice, TypedArrayPrototypeSubarray } = primordials;
const { makeError } = require("core/errors");
const asymmetric = require("web/crypto_asymmetric");
const jwks = require("web/crypto_jwk");
const { kDeriveUsages, makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, internalError, isLong, run, same } = require("web/crypto_run");

const kOld = "NODE-ED25519";
const kBytes = 32;

// The old name belongs to another variant of key algorithms, one that names a curve.
function makeFamily(variant) {
  return { __proto__: null, variant, generateKey, importKey, exportKey: asymmetric.exportAsymmetric, toJwk, rawKey, sign, verify, deriveBits };
}
const current = makeFamily("key");
const old = makeFamily("elliptic");

const familyOf = (name) => (name === kOld ? old : current);
const curveOf = (name) => (name === "X25519" ? "X25519" : "Ed25519");
const allowed = (name) => (name === "X25519" ? kDeriveUsages : usage.sign | usage.verify);
const algorithmOf = (name) => (name === kOld ? { name, namedCurve: name } : { name });

function checkCurve(name, params) {
  if (name !== kOld) return;
  const curve = required(params.namedCurve, "namedCurve", "algorithm");
  if (curve !== kOld) throw makeError("NotSupportedError", `EDDSA curve "${curve}" isn't supported.`);
}

function generateKey(name, params, extractable, usages) {
  const set = usageSet(name, "generate", usages, allowed(name));
  checkCurve(name, params);
  asymmetric.requirePrivateUsage(set);
  const data = ops.op_crypto(name === "X25519" ? "x-generate" : "ed-generate");
  return asymmetric.makePair(familyOf(name), name, algorithmOf(name), extractable, set, data, curveOf(name), kBytes);
}

function importKey(name, format, data, params, extractable, usages) {
  checkCurve(name, params);
  const found =
    format === "raw"
      ? importRaw(name, data, usages)
      : asymmetric.importAsymmetric(name, format, data, usages, allowed(name), (jwk) => fromJwk(curveOf(name), jwk));
  return makeKey(familyOf(name), name, found.type, algorithmOf(name), extractable, found.usages, found.data, found.kind);
}

function importRaw(name, data, usages) {
  const set = usageSet(name, "import public", usages, name === "X25519" ? 0 : usage.verify);
  const curve = curveOf(name);
  const length = TypedArrayPrototypeGetByteLength(data);
  if (length !== kBytes) throw makeError("DataError", `${curve} raw keys must be exactly 32-bytes (provided ${length}).`);
  return { kind: curve, data, type: "public", usages: set };
}

// RFC 8037, 2.
function fromJwk(curve, jwk) {
  if (jwk.kty !== "OKP") {
    throw makeError("DataError", `${curve} "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "OKP".`);
  }
  if (jwk.crv === undefined) throw makeError("DataError", `Missing field "crv" for ${curve} key.`);
  if (jwk.crv !== curve) throw makeError("NotSupportedError", `Only ${curve} is supported but "${jwk.crv}" was requested.`);
  if (curve === "Ed25519" && jwk.alg !== undefined && jwk.alg !== "EdDSA") {
    throw makeError("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested Ed25519 curve.`);
  }
  const x = jwks.decode(jwk.x, `Invalid ${curve} key in JSON WebKey; missing or invalid public key component ("x").`);
  checkSize(x, "public");
  if (jwk.d === undefined) return [curve, x];
  const d = jwks.decode(jwk.d, `Invalid ${curve} key in JSON Web Key; missing or invalid private key component ("d").`);
  checkSize(d, "private");
  // The public key that belongs to d counts, whatever x is.
  return [curve, ops.op_crypto(curve === "X25519" ? "x-private" : "ed-private", d)];
}

function checkSize(bytes, type) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  if (length !== kBytes) throw makeError("DataError", `Invalid length ${length} for ${type} key`);
}

// A key may have been imported under the name of another algorithm; only these two can be read back.
function checkKind(record) {
  if (record.kind !== "Ed25519" && record.kind !== "X25519") throw internalError("OperationError");
}

function publicOf(record) {
  return record.type === "private" ? TypedArrayPrototypeSubarray(record.data, kBytes) : record.data;
}

function toJwk(record) {
  checkKind(record);
  const members = ["crv", curveOf(record.name), "x", jwks.encode(publicOf(record))];
  if (record.type === "private") ArrayPrototypePush(members, "d", jwks.encode(TypedArrayPrototypeSubarray(record.data, 0, kBytes)));
  return jwks.build("OKP", record, record.name === "Ed25519" ? "EdDSA" : undefined, members);
}

function rawKey(record) {
  if (record.type !== "public") throw makeError("InvalidAccessError", `Raw export of ${record.name} keys is only allowed for public keys.`);
  checkKind(record);
  return bufferOf(TypedArrayPrototypeSlice(record.data));
}

function sign(record, params, data) {
  if (record.kind !== "Ed25519") throw makeError("OperationError", "Failed to initialize Ed25519 signing digest.");
  return run(isLong(data), bufferOf, ["ed-sign", record.data, data]);
}

function verify(record, params, signature, data) {
  const length = TypedArrayPrototypeGetByteLength(signature);
  if (length !== 64) throw makeError("OperationError", `Invalid ${record.name} signature length ${length}`);
  if (record.kind !== "Ed25519") throw makeError("OperationError", "Failed to initialize Ed25519 verification digest.");
  return run(isLong(data), same, ["ed-verify", record.data, signature, data]);
}

function deriveBits(record, params, length, finish) {
  const peer = asymmetric.peerOf(record, params);
  if (length > kBytes * 8) {
    throw makeError("OperationError", `Derived key length (${length} bits) is too long (should be at most 256 bits).`);
  }
  if (record.kind !== "X25519" || peer.kind !== "X25519") throw internalError("OperationError");
  return asymmetric.deriveSecret(length, kBytes, finish, ["x-derive", record.data, peer.data]);
}

module.exports = current;

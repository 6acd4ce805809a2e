"use strict";
// Ed25519, with its old name NODE-ED25519, X25519, Ed448 and X448. https://wicg.github.io/webcrypto-secure-curves/

const { ArrayPrototypePush, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice, TypedArrayPrototypeSubarray } = primordials;
const { makeError } = require("core/errors");
const asymmetric = require("web/crypto_asymmetric");
const jwks = require("web/crypto_jwk");
const { kDeriveUsages, makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, internalError, isLong, kNoBytes, run, same } = require("web/crypto_run");

const kOld = "NODE-ED25519";

// What is particular to each curve: bytes of a key and the prefix of its operations.
const curves = {
  __proto__: null,
  Ed25519: { bytes: 32, operations: "ed" },
  X25519: { bytes: 32, operations: "x" },
  Ed448: { bytes: 57, operations: "ed448" },
  X448: { bytes: 56, operations: "x448" },
};

// The old name belongs to another variant of key algorithms, one that names a curve.
function makeFamily(variant) {
  return { __proto__: null, variant, generateKey, importKey, exportKey: asymmetric.exportAsymmetric, toJwk, rawKey, sign, verify, deriveBits };
}
const current = makeFamily("key");
const old = makeFamily("elliptic");

const familyOf = (name) => (name === kOld ? old : current);
const curveOf = (name) => (name === kOld ? "Ed25519" : name);
const sizeOf = (name) => curves[curveOf(name)].bytes;
const isExchange = (name) => name === "X25519" || name === "X448";
const allowed = (name) => (isExchange(name) ? kDeriveUsages : usage.sign | usage.verify);
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
  const data = ops.op_crypto(`${curves[curveOf(name)].operations}-generate`);
  return asymmetric.makePair(familyOf(name), name, algorithmOf(name), extractable, set, data, curveOf(name), sizeOf(name));
}

function importKey(name, format, data, params, extractable, usages) {
  checkCurve(name, params);
  const found =
    format === "raw"
      ? importRaw(name, data, usages)
      : asymmetric.importAsymmetric(name, format, data, usages, allowed(name), (jwk) => fromJwk(curveOf(name), jwk));
  if ((name === "Ed448" || name === "X448") && found.kind !== name) throw makeError("DataError", `The key is of ${found.kind}, not of ${name}.`);
  return makeKey(familyOf(name), name, found.type, algorithmOf(name), extractable, found.usages, found.data, found.kind);
}

function importRaw(name, data, usages) {
  const set = usageSet(name, "import public", usages, isExchange(name) ? 0 : usage.verify);
  const curve = curveOf(name);
  const length = TypedArrayPrototypeGetByteLength(data);
  const size = sizeOf(name);
  if (length !== size) throw makeError("DataError", `${curve} raw keys must be exactly ${size}-bytes (provided ${length}).`);
  return { kind: curve, data, type: "public", usages: set };
}

// RFC 8037, 2.
function fromJwk(curve, jwk) {
  if (jwk.kty !== "OKP") {
    throw makeError("DataError", `${curve} "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "OKP".`);
  }
  if (jwk.crv === undefined) throw makeError("DataError", `Missing field "crv" for ${curve} key.`);
  if (jwk.crv !== curve) throw makeError("DataError", `Only ${curve} is supported but "${jwk.crv}" was requested.`);
  if (!isExchange(curve) && jwk.alg !== undefined && jwk.alg !== "EdDSA" && jwk.alg !== curve) {
    throw makeError("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested ${curve} curve.`);
  }
  const x = jwks.decode(jwk.x, `Invalid ${curve} key in JSON WebKey; missing or invalid public key component ("x").`);
  checkSize(curve, x, "public");
  if (jwk.d === undefined) return [curve, x];
  const d = jwks.decode(jwk.d, `Invalid ${curve} key in JSON Web Key; missing or invalid private key component ("d").`);
  checkSize(curve, d, "private");
  const key = ops.op_crypto(`${curves[curve].operations}-private`, d);
  if (jwks.encode(TypedArrayPrototypeSubarray(key, sizeOf(curve))) !== jwks.encode(x)) {
    throw makeError("DataError", `Invalid ${curve} key in JSON Web Key; the public key does not belong to the private key.`);
  }
  return [curve, key];
}

function checkSize(curve, bytes, type) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  if (length !== sizeOf(curve)) throw makeError("DataError", `Invalid length ${length} for ${type} key`);
}

// A key may have been imported under the name of another algorithm; only those of these curves can be read back.
function checkKind(record) {
  if (curves[record.kind] === undefined) throw internalError("OperationError");
}

function publicOf(record) {
  return record.type === "private" ? TypedArrayPrototypeSubarray(record.data, curves[record.kind].bytes) : record.data;
}

// The old name of Ed25519 has none, as on the reference runtime. RFC 9864 gives Ed448 the name of its curve.
function algOf(name) {
  if (name === "Ed25519") return "EdDSA";
  return name === "Ed448" ? "Ed448" : undefined;
}

function toJwk(record) {
  checkKind(record);
  const members = ["crv", curveOf(record.name), "x", jwks.encode(publicOf(record))];
  if (record.type === "private") ArrayPrototypePush(members, "d", jwks.encode(TypedArrayPrototypeSubarray(record.data, 0, curves[record.kind].bytes)));
  return jwks.build("OKP", record, algOf(record.name), members);
}

function rawKey(record) {
  if (record.type !== "public") throw makeError("InvalidAccessError", `Raw export of ${record.name} keys is only allowed for public keys.`);
  checkKind(record);
  return bufferOf(TypedArrayPrototypeSlice(record.data));
}

function sign(record, params, data) {
  if (record.name === "Ed448") return run(isLong(data), bufferOf, ["ed448-sign", record.data, params.context ?? kNoBytes, data]);
  if (record.kind !== "Ed25519") throw makeError("OperationError", "Failed to initialize Ed25519 signing digest.");
  return run(isLong(data), bufferOf, ["ed-sign", record.data, data]);
}

function verify(record, params, signature, data) {
  if (record.name === "Ed448") return run(isLong(data), same, ["ed448-verify", record.data, params.context ?? kNoBytes, signature, data]);
  const length = TypedArrayPrototypeGetByteLength(signature);
  if (length !== 64) throw makeError("OperationError", `Invalid ${record.name} signature length ${length}`);
  if (record.kind !== "Ed25519") throw makeError("OperationError", "Failed to initialize Ed25519 verification digest.");
  return run(isLong(data), same, ["ed-verify", record.data, signature, data]);
}

function deriveBits(record, params, length, finish) {
  const peer = asymmetric.peerOf(record, params);
  const curve = record.name;
  const size = sizeOf(curve);
  if (length > size * 8) {
    throw makeError("OperationError", `Derived key length (${length} bits) is too long (should be at most ${size * 8} bits).`);
  }
  if (record.kind !== curve || peer.kind !== curve) throw internalError("OperationError");
  return asymmetric.deriveSecret(length, size, finish, [`${curves[curve].operations}-derive`, record.data, peer.data]);
}

module.exports = current;

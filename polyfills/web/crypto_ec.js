"use strict";
// ECDSA and ECDH on P-256, P-384 and P-521. https://w3c.github.io/webcrypto/#ecdsa, https://w3c.github.io/webcrypto/#ecdh

const { ArrayPrototypePush, TypeError, TypedArrayPrototypeSubarray, Uint8Array } = primordials;
const { makeError } = require("core/errors");
const asymmetric = require("web/crypto_asymmetric");
const jwks = require("web/crypto_jwk");
const { kDeriveUsages, makeKey, usage, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { bufferOf, digestName, internalError, isLong, run, same, upperCase } = require("web/crypto_run");

const family = module.exports;
family.variant = "elliptic";

const kSizes = { __proto__: null, "P-256": 32, "P-384": 48, "P-521": 66 };

function curveOf(params) {
  const name = required(params.namedCurve, "namedCurve", "algorithm");
  const curve = upperCase(name);
  if (kSizes[curve] === undefined) throw makeError("NotSupportedError", `Unrecognized or unimplemented EC curve "${name}" requested.`);
  return curve;
}

function allowed(name) {
  return name === "ECDH" ? kDeriveUsages : usage.sign | usage.verify;
}

family.generateKey = (name, params, extractable, usages) => {
  const set = usageSet(name, "generate", usages, allowed(name));
  const curve = curveOf(params);
  asymmetric.requirePrivateUsage(set);
  return asymmetric.makePair(family, name, { name, namedCurve: curve }, extractable, set, ops.op_crypto("ec-generate", curve), curve, kSizes[curve]);
};

family.importKey = (name, format, data, params, extractable, usages) => {
  const curve = curveOf(params);
  const found =
    format === "raw"
      ? importRaw(name, curve, data, usages)
      : asymmetric.importAsymmetric(name, format, data, usages, allowed(name), (jwk) => fromJwk(name, curve, jwk));
  if (found.kind !== curve) throw wrongKind(name, params.namedCurve, found.kind);
  return makeKey(family, name, found.type, { name, namedCurve: curve }, extractable, found.usages, found.data, curve);
};

function wrongKind(name, requested, kind) {
  if (kind === undefined) return makeError("DataError", `Missing field "crv" for ${name} key.`);
  const ecdh = name === "ECDH";
  if (kSizes[kind] === undefined && kind !== "P-224") {
    return makeError("DataError", ecdh ? "Input was not an EC public key nor a DH key." : "Input was not an EC key.");
  }
  return makeError("DataError", `"algorithm.namedCurve" "${requested}"${ecdh ? "," : ""} does not match the curve specified by the input key data.`);
}

function importRaw(name, curve, data, usages) {
  const mask = name === "ECDH" ? (asymmetric.strict() ? 0 : kDeriveUsages) : usage.verify;
  const set = usageSet(name, "import public", usages, mask);
  return { kind: curve, data: ops.op_crypto("ec-point", curve, data), type: "public", usages: set };
}

const kAlgs = { __proto__: null, ES256: "P-256", ES384: "P-384", ES512: "P-521" };

function fromJwk(name, curve, jwk) {
  if (jwk.kty !== "EC") {
    throw makeError("DataError", `Elliptic curve "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "EC".`);
  }
  if (jwk.crv !== curve) throw wrongKind(name, curve, jwk.crv);
  const alg = jwk.alg;
  if (name === "ECDSA" && alg !== undefined) {
    if (kAlgs[alg] === undefined) throw makeError("NotSupportedError", `Unrecognized or unimplemented algorithm "${alg}" listed in JSON Web Key Algorithm parameter.`);
    if (kAlgs[alg] !== curve) throw makeError("DataError", `JSON Web Key Algorithm parameter "alg" ("${alg}") does not match requested curve.`);
  }
  const x = jwks.decode(jwk.x, 'Invalid EC key in JSON Web Key; missing "x".');
  const y = jwks.decode(jwk.y, 'Invalid EC key in JSON Web Key; missing "y".');
  const d = jwk.d === undefined ? null : jwks.decode(jwk.d, 'Invalid EC key in JSON Web Key; missing or invalid private key component ("d").');
  return [curve, ops.op_crypto("ec-jwk", curve, x, y, d)];
}

family.exportKey = asymmetric.exportAsymmetric;

family.toJwk = (record) => {
  const size = kSizes[record.kind];
  const start = record.type === "private" ? size + 1 : 1;
  const part = (from) => jwks.encode(TypedArrayPrototypeSubarray(record.data, from, from + size));
  const members = ["crv", record.curve, "x", part(start), "y", part(start + size)];
  if (record.type === "private") ArrayPrototypePush(members, "d", part(0));
  return jwks.build("EC", record, undefined, members);
};

family.rawKey = (record) => {
  if (record.type !== "public") throw makeError("InvalidAccessError", "Raw export of elliptic curve keys is only allowed for public keys.");
  return bufferOf(new Uint8Array(record.data));
};

const kNoHash =
  'Missing "hash" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified at call time rather than on the key. ' +
  "This differs from other WebCrypto algorithms for historical reasons.)";

function hashOf(params) {
  if (params.hash === undefined) throw new TypeError(kNoHash);
  const hash = digestName(params.hash);
  // The reference runtime's library refuses it.
  if (hash === "MD5") throw internalError();
  return hash;
}

family.sign = (record, params, data) => run(isLong(data), bufferOf, ["ecdsa-sign", record.curve, hashOf(params), record.data, data]);

family.verify = (record, params, signature, data) => run(isLong(data), same, ["ecdsa-verify", record.curve, hashOf(params), record.data, signature, data]);

family.deriveBits = (record, params, length, finish) => {
  const peer = asymmetric.peerOf(record, params);
  return asymmetric.deriveSecret(length, kSizes[record.curve], finish, ["ecdh", record.curve, record.data, peer.data]);
};

"use strict";
// Keys of node:crypto as JSON Web Keys. RFC 7517, RFC 7518, RFC 8037.

const { ArrayPrototypePush, Error, StringPrototypeReplaceAll, TypedArrayPrototypeSlice } = primordials;
const { toJwk: convert } = require("web/crypto_params");
const { encode, make } = require("web/crypto_jwk");

function makeJwk(kty, alg, members) {
  const all = { __proto__: null, kty, alg, ext: kty === "oct" ? true : undefined };
  for (let i = 0; i < members.length; i += 2) all[members[i]] = members[i + 1];
  return make(all);
}

const kSizes = { __proto__: null, "P-256": 32, "P-384": 48, "P-521": 66, "P-224": 28 };

function part(data, start, end) {
  return encode(TypedArrayPrototypeSlice(data, start, end));
}

function ecMembers(record, size) {
  const { data, kind } = record;
  const start = record.type === "private" ? size : 0;
  const members = ["crv", kind, "x", part(data, start + 1, start + 1 + size), "y", part(data, start + 1 + size, start + 1 + 2 * size)];
  if (start > 0) ArrayPrototypePush(members, "d", part(data, 0, size));
  return members;
}

const kRsaMembers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

function rsaMembers(data) {
  const numbers = ops.op_crypto("rsa-numbers", data);
  const members = [];
  for (let i = 0; i < numbers.length; i++) {
    members[2 * i] = kRsaMembers[i];
    members[2 * i + 1] = encode(numbers[i]);
  }
  return members;
}

/** A key as a JSON Web Key. */
function toJwk(record) {
  const { data, kind, type } = record;
  if (type === "secret") return makeJwk("oct", undefined, ["k", encode(data)]);
  const size = kSizes[kind];
  if (size !== undefined) return makeJwk("EC", undefined, ecMembers(record, size));
  switch (kind) {
    case "RSA":
      return makeJwk("RSA", undefined, rsaMembers(data));
    case "Ed25519":
    case "X25519": {
      const isPrivate = type === "private";
      const members = ["crv", kind, "x", isPrivate ? part(data, 32, 64) : encode(data)];
      if (isPrivate) ArrayPrototypePush(members, "d", part(data, 0, 32));
      return makeJwk("OKP", kind === "Ed25519" ? "EdDSA" : undefined, members);
    }
    default:
      throw new Error("Key type is invalid for JWK export");
  }
}

// Import.

function number(jwk, name, kty) {
  const text = jwk[name];
  if (text === undefined) throw new Error(`${kty} JWK missing ${name} parameter`);
  const bytes = ops.op_base64_decode(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "-", "+"), "_", "/"));
  if (bytes === undefined) throw new Error(`${kty} JWK invalid ${name} parameter`);
  return bytes;
}

function rsaKey(jwk, isPrivate, makeKey) {
  const numbers = [];
  for (let i = 0; i < (isPrivate ? 8 : 2); i++) numbers[i] = number(jwk, kRsaMembers[i], "RSA");
  return makeKey(isPrivate ? "private" : "public", "RSA", ops.op_crypto("node-numbers", numbers));
}

const kCurves = { __proto__: null, prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521", secp224r1: "P-224" };

/** The host's name of a curve, by NIST's or OpenSSL's; undefined if there is none. */
function curveNamed(name) {
  return kSizes[name] !== undefined ? name : kCurves[name];
}

function ecKey(jwk, isPrivate, makeKey) {
  if (jwk.crv === undefined) throw new Error("EC JWK missing crv parameter");
  const curve = curveNamed(jwk.crv);
  if (curve === undefined) throw new Error(jwk.crv === "secp256k1" ? "EC JWK unsupported curve" : "EC JWK unsupported crv parameter");
  const x = number(jwk, "x", "EC");
  const y = number(jwk, "y", "EC");
  const d = isPrivate ? number(jwk, "d", "EC") : null;
  let data;
  try {
    data = ops.op_crypto("ec-jwk", curve, x, y, d);
  } catch {
    throw new Error("EC JWK invalid public key");
  }
  return makeKey(isPrivate ? "private" : "public", curve, data);
}

function okpKey(jwk, isPrivate, makeKey) {
  const { crv } = jwk;
  if (crv === undefined) throw new Error("OKP JWK missing crv parameter");
  if (crv !== "Ed25519" && crv !== "X25519") throw new Error("OKP JWK unsupported crv parameter");
  const data = ops.op_crypto("node-okp-key", crv, isPrivate, number(jwk, isPrivate ? "d" : "x", "OKP"));
  return data === null ? undefined : makeKey(isPrivate ? "private" : "public", crv, data);
}

/** The CryptoKey of a JSON Web Key, made by `makeKey` of type, kind and data. */
function fromJwk(value, isPrivate, makeKey) {
  const jwk = convert(value);
  let key;
  if (jwk.kty === "RSA") key = rsaKey(jwk, isPrivate, makeKey);
  else if (jwk.kty === "EC") key = ecKey(jwk, isPrivate, makeKey);
  else if (jwk.kty === "OKP") key = okpKey(jwk, isPrivate, makeKey);
  if (key === undefined) throw new Error(`JWK ${isPrivate ? "private" : "public"} key import is not implemented for this key type`);
  return key;
}

module.exports = { curveNamed, fromJwk, toJwk };

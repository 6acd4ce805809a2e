"use strict";
// What the public-key algorithms have in common: formats of their keys, usages, secrets of two keys.

const { TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice, TypeError } = primordials;
const { makeError } = require("core/errors");
const jwks = require("web/crypto_jwk");
const { kPrivateUsages, kPublicUsages, kDeriveUsages, makeKey, recordOf, syntaxError, usageSet } = require("web/crypto_key");
const { bufferOf, run } = require("web/crypto_run");

function strict() {
  return require("core/worker").state.flags.strict_crypto_checks === true;
}

/**
 * Reads a key in "spki", "pkcs8" or "jwk" format.
 * @param {number} allowed usages of the algorithm
 * @param {(jwk: object) => [kind: string, data: Uint8Array]} readJwk
 * @returns {{ kind: string, data: Uint8Array, type: string, usages: number }}
 */
function importAsymmetric(name, format, data, usages, allowed, readJwk) {
  if (format === "jwk") return importJwk(name, data, usages, allowed, readJwk);
  if (format === "spki") {
    const found = parse("spki-parse", data, "SPKI");
    const set = usageSet(name, "import public", usages, name === "ECDH" ? 0 : allowed & kPublicUsages);
    return { kind: found[0], data: found[1], type: "public", usages: set };
  }
  if (format === "pkcs8") {
    const found = parse("pkcs8-parse", data, "PKCS8");
    const set = usageSet(name, "import private", usages, allowed & kPrivateUsages);
    return { kind: found[0], data: found[1], type: "private", usages: set };
  }
  throw makeError("NotSupportedError", `Unrecognized key import format "${format}".`);
}

function parse(operation, data, format) {
  const found = ops.op_crypto(operation, data);
  if (found === null) throw makeError("DataError", `Invalid ${format} input.`);
  const trailing = TypedArrayPrototypeGetByteLength(data) - found[2];
  if (trailing > 0) throw makeError("DataError", `Invalid ${trailing} trailing bytes after ${format} input.`);
  return found;
}

function importJwk(name, jwk, usages, allowed, readJwk) {
  const isPrivate = jwk.d !== undefined;
  let set;
  if (isPrivate) {
    set = usageSet(name, "import private", usages, allowed & kPrivateUsages);
    if (jwk.oth) throw makeError("NotSupportedError", "Multi-prime private keys not supported.");
  } else {
    const mask = name === "ECDH" ? (strict() ? 0 : kDeriveUsages) : kPublicUsages;
    set = usageSet(name, "import public", usages, allowed & mask);
  }
  jwks.checkAsymmetric(jwk, name, usages);
  const found = readJwk(jwk);
  return { kind: found[0], data: found[1], type: isPrivate ? "private" : "public", usages: set };
}

/** Exports in "spki", "pkcs8" or "jwk" format, or "raw" by the family's rawKey. */
function exportAsymmetric(record, format) {
  if (format === "pkcs8") {
    if (record.type !== "private") throw makeError("InvalidAccessError", `Asymmetric pkcs8 export requires private key (not "${record.type}").`);
    return bufferOf(ops.op_crypto("pkcs8-write", record.kind, record.data));
  }
  if (format === "spki") {
    if (record.type !== "public") throw makeError("InvalidAccessError", `Asymmetric spki export requires public key (not "${record.type}").`);
    return bufferOf(ops.op_crypto("spki-write", record.kind, record.data));
  }
  if (format === "jwk") return record.family.toJwk(record);
  if (format === "raw") return record.family.rawKey(record);
  throw makeError("InvalidAccessError", `Cannot export "${record.name}" in "${format}" format.`);
}

/** Both keys of a private key's data; the public one is the data from `publicAt` on. */
function makePair(family, name, algorithm, extractable, usages, data, kind, publicAt) {
  const publicData = TypedArrayPrototypeSlice(data, publicAt);
  return {
    publicKey: makeKey(family, name, "public", algorithm, true, usages & kPublicUsages, publicData, kind),
    privateKey: makeKey(family, name, "private", { ...algorithm }, extractable, usages & kPrivateUsages, data, kind),
  };
}

/** Throws if a pair is generated without a use of the private key. */
function requirePrivateUsage(set) {
  if ((set & kPrivateUsages) === 0) throw syntaxError("Attempt to generate asymmetric keys with no valid private key usages.");
}

/** The record of the other's public key, which must fit a private key. https://w3c.github.io/webcrypto/#ecdh-operations-derive-bits */
function peerOf(record, params) {
  if (params.public === undefined) throw new TypeError('Missing field "public" in "derivedKeyParams".');
  const peer = recordOf(params.public);
  if (peer.type !== "public") throw makeError("InvalidAccessError", `The provided key has type "${peer.type}", not "public"`);
  if (peer.family.variant !== record.family.variant) {
    throw makeError("InvalidAccessError", `Base ${record.name} private key cannot be used to derive a key from a peer ${peer.name} public key`);
  }
  if (peer.name !== record.name) {
    throw makeError("InvalidAccessError", `Private key for derivation is using "${record.name}" while public key is using "${peer.name}".`);
  }
  if (peer.curve !== record.curve) {
    throw makeError("InvalidAccessError", `Private key for derivation is using curve "${record.curve}" while public key is using "${peer.curve}".`);
  }
  return peer;
}

/** Derives the first `length` bits (all if undefined) of a secret of `size` bytes, and has `finish` make of them what the caller wants. */
function deriveSecret(length, size, finish, args) {
  const bits = length ?? size * 8;
  const cut = (secret) => {
    if (bits > size * 8) {
      throw makeError("OperationError", `Derived key length (${bits} bits) is too long (should be at most ${size * 8} bits).`);
    }
    const rest = bits % 8;
    const out = TypedArrayPrototypeSlice(secret, 0, rest === 0 ? bits / 8 : (bits - rest) / 8 + 1);
    if (rest !== 0) out[out.length - 1] &= 0xff00 >> rest;
    return finish(out);
  };
  return run(false, cut, args);
}

module.exports = { strict, importAsymmetric, exportAsymmetric, makePair, requirePrivateUsage, peerOf, deriveSecret };

"use strict";
// JSON Web Keys: numbers in base64url, and the checks that all algorithms share. RFC 7517, RFC 7518.

const { ArrayPrototypeIndexOf, ArrayPrototypeSlice, ArrayPrototypeSort, ArrayPrototypeLastIndexOf, StringPrototypeIndexOf, StringPrototypeReplaceAll, StringPrototypeSlice } = primordials;
const { makeError } = require("core/errors");
const { usageNames } = require("web/crypto_key");

/** Bytes as base64url without padding. */
function encode(bytes) {
  let text = StringPrototypeReplaceAll(StringPrototypeReplaceAll(ops.op_base64_encode(bytes), "+", "-"), "/", "_");
  const end = StringPrototypeIndexOf(text, "=");
  if (end >= 0) text = StringPrototypeSlice(text, 0, end);
  return text;
}

/** The bytes of a member of a JSON Web Key; a DataError with this message if it is missing or no base64. Base64 that is not base64url passes. */
function decode(text, message) {
  const bytes = text === undefined ? undefined : ops.op_base64_decode(StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, "-", "+"), "_", "/"));
  if (bytes === undefined) throw makeError("DataError", message);
  return bytes;
}

const kMembers = ["kty", "use", "key_ops", "alg", "ext", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "oth", "k", "pub", "priv"];

/** A JSON Web Key of these members. Those that are missing are there as undefined, or not at all, see enable_fast_jsg_struct. */
function make(members) {
  const all = require("core/worker").state.flags.enable_fast_jsg_struct;
  const jwk = {};
  for (let i = 0; i < kMembers.length; i++) {
    const value = members[kMembers[i]];
    if (all || value !== undefined) jwk[kMembers[i]] = value;
  }
  return jwk;
}

/** A JSON Web Key as scripts get it from exportKey(); `members` are those of its algorithm, flat. */
function build(kty, record, alg, members) {
  const all = { __proto__: null, kty, key_ops: usageNames(record.usages), alg, ext: true };
  for (let i = 0; i < members.length; i += 2) all[members[i]] = members[i + 1];
  return make(all);
}

/** The first value that is twice in a list, or undefined. */
function duplicate(list) {
  const sorted = ArrayPrototypeSort(ArrayPrototypeSlice(list));
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return sorted[i];
  return undefined;
}

/** Checks use and key_ops of a secret key for encryption. https://w3c.github.io/webcrypto/#aes-cbc-operations-import-key */
function checkSecret(jwk, usages) {
  if (usages.length !== 0 && jwk.use !== undefined && jwk.use !== "enc") {
    throw makeError("DataError", `Symmetric "jwk" key must have a "use" of "enc", not "${jwk.use}".`);
  }
  const keyOps = jwk.key_ops;
  if (keyOps !== undefined) {
    const twice = duplicate(keyOps);
    if (twice !== undefined) throw makeError("DataError", `Symmetric "jwk" key contains duplicate value "${twice}", in "key_op".`);
    for (let i = 0; i < usages.length; i++) {
      if (ArrayPrototypeIndexOf(keyOps, usages[i]) < 0) throw makeError("DataError", `"jwk" key missing usage "${usages[i]}", in "key_ops".`);
    }
  }
}

// The use of a key of a public-key algorithm, and the operations that are consistent with it.
function expectedUse(name) {
  if (name === "RSA-OAEP") return ["enc", "encrypt", "wrapKey"];
  if (name === "ECDH" || name === "X25519" || name === "X448" || StringPrototypeSlice(name, 0, 6) === "ML-KEM") return ["enc", "unused", "unused"];
  return ["sig", "sign", "verify"];
}

/** Checks use and key_ops of a key of a public-key algorithm. */
function checkAsymmetric(jwk, name, usages) {
  const expected = expectedUse(name);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== expected[0]) {
    throw makeError("DataError", `Asymmetric "jwk" key import with usages requires a JSON Web Key with Public Key Use parameter "use" ("${jwk.use}") equal to "sig".`);
  }
  const keyOps = jwk.key_ops;
  if (keyOps === undefined) return;
  if (duplicate(keyOps) !== undefined) {
    throw makeError("DataError", 'A JSON Web Key\'s Key Operations parameter ("key_ops") must not contain duplicates.');
  }
  if (jwk.use !== undefined) checkConsistent(ArrayPrototypeSort(ArrayPrototypeSlice(keyOps)), jwk.use, name, expected);
  if (usages.length === 0) return;
  // The first usage, and what follows its last occurrence: an algorithm has at most two for a key.
  const next = ArrayPrototypeLastIndexOf(usages, usages[0]) + 1;
  if (ArrayPrototypeIndexOf(keyOps, usages[0]) < 0 || (next < usages.length && ArrayPrototypeIndexOf(keyOps, usages[next]) < 0)) {
    throw makeError("DataError", 'All specified key usages must be present in the JSON Web Key\'s Key Operations parameter ("key_ops").');
  }
}

const kEither =
  'A JSON Web Key should have either a Public Key Use parameter ("use") or a Key Operations parameter ("key_ops"); ' +
  "otherwise, the parameters must be consistent with each other. ";

function checkConsistent(keyOps, use, name, expected) {
  if (use !== expected[0]) {
    throw makeError("DataError", `Asymmetric "jwk" import requires a JSON Web Key with Public Key Use "use" ("${use}") equal to "${expected[0]}".`);
  }
  for (let i = 0; i < keyOps.length; i++) {
    if (expected[1] === "unused") {
      throw makeError("DataError", `${kEither}For public ${name} keys, there are no valid usages,so keys with a non-empty "key_ops" parameter are not allowed.`);
    }
    if (keyOps[i] === expected[1] || keyOps[i] === expected[2]) continue;
    throw makeError("DataError", `${kEither}A Public Key Use for ${name} would allow a Key Operations array with only "${expected[1]}" and/or "${expected[2]}" values (not "${keyOps[i]}").`);
  }
}

module.exports = { make, encode, decode, build, checkSecret, checkAsymmetric };

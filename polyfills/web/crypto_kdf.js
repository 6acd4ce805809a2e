"use strict";
// HKDF and PBKDF2. https://w3c.github.io/webcrypto/#hkdf, https://w3c.github.io/webcrypto/#pbkdf2

const { makeError } = require("core/errors");
const { kDeriveUsages, makeKey, syntaxError, usageSet } = require("web/crypto_key");
const { required } = require("web/crypto_params");
const { digestName, digestSize, run } = require("web/crypto_run");

const family = module.exports;
family.variant = "key";

family.importKey = (name, format, data, params, extractable, usages) => {
  const set = usageSet(name, "import secret", usages, kDeriveUsages);
  if (extractable) throw syntaxError(`${name} key cannot be extractable.`);
  if (format !== "raw") throw makeError("NotSupportedError", `${name} key must be imported in "raw" format (requested "${format}")${name === "HKDF" ? "" : "."}`);
  return makeKey(family, name, "secret", { name }, false, set, data);
};

// The size of what is derived, in bytes.
function checkLength(name, length) {
  if (length === undefined) throw makeError("OperationError", `${name} cannot derive a key with null length.`);
  if (length % 8 !== 0) throw makeError("OperationError", `${name} requires a derived key length that is a multiple of eight (requested ${length}).`);
  return length / 8;
}

// So many rounds are short.
const kShortRounds = 500;

family.deriveBits = (record, params, length, finish) => {
  const hash = digestName(required(params.hash, "hash", "algorithm"));
  const salt = required(params.salt, "salt", "algorithm");
  if (record.name === "HKDF") {
    const info = required(params.info, "info", "algorithm");
    return run(false, finish, ["hkdf", hash, record.data, salt, info, checkLength("HKDF", length)]);
  }
  const iterations = required(params.iterations, "iterations", "algorithm");
  const size = checkLength("PBKDF2", length);
  if (iterations <= 0) throw makeError("OperationError", `PBKDF2 requires a positive iteration count (requested ${iterations}).`);
  const rounds = iterations * (size / digestSize(hash) + 1);
  return run(rounds > kShortRounds, finish, ["pbkdf2", hash, record.data, salt, iterations, size]);
};

"use strict";
// The errors that only node:crypto throws. https://nodejs.org/docs/latest-v22.x/api/errors.html

const { defineError } = require("node/internal_errors");
const { Error, TypeError } = primordials;

module.exports = {
  ERR_CRYPTO_HASH_FINALIZED: defineError("ERR_CRYPTO_HASH_FINALIZED", Error, () => "Digest already called"),
  ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS: defineError(
    "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS",
    Error,
    (encoding, reason) => `The selected key encoding ${encoding} ${reason}.`,
  ),
  ERR_CRYPTO_INVALID_JWK: defineError("ERR_CRYPTO_INVALID_JWK", TypeError, () => "Invalid JWK data"),
  ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE: defineError(
    "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
    Error,
    (actual, expected) => `Invalid key object type ${actual}, expected ${expected}.`,
  ),
  ERR_CRYPTO_SIGN_KEY_REQUIRED: defineError("ERR_CRYPTO_SIGN_KEY_REQUIRED", Error, () => "No key provided to sign"),
  ERR_INCOMPATIBLE_OPTION_PAIR: defineError(
    "ERR_INCOMPATIBLE_OPTION_PAIR",
    Error,
    (first, second) => `The options "${first}" and "${second}" are mutually exclusive.`,
  ),
  ERR_MISSING_OPTION: defineError("ERR_MISSING_OPTION", Error, (name) => name),
};

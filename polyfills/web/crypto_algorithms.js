"use strict";
// THE list of algorithms by upper-case name: [name, file of its family, whether keys can be generated]. A family has importKey,
// generateKey, exportKey and what its keys can do: encrypt, decrypt, sign, verify, deriveBits, wrapKey, unwrapKey. They take the key's
// record (crypto_key.js) and converted arguments (crypto_params.js), and give a promise, or throw. Which of them a key has follows
// from the usages that it can have.

const { upperCase } = require("web/crypto_run");

const kAlgorithms = {
  __proto__: null,
  "AES-CBC": ["AES-CBC", "web/crypto_aes", true],
  "AES-CTR": ["AES-CTR", "web/crypto_aes", true],
  "AES-GCM": ["AES-GCM", "web/crypto_aes", true],
  "AES-KW": ["AES-KW", "web/crypto_aes", true],
  HMAC: ["HMAC", "web/crypto_hmac", true],
  HKDF: ["HKDF", "web/crypto_kdf", false],
  PBKDF2: ["PBKDF2", "web/crypto_kdf", false],
  ECDSA: ["ECDSA", "web/crypto_ec", true],
  ECDH: ["ECDH", "web/crypto_ec", true],
  ED25519: ["Ed25519", "web/crypto_okp", true],
  "NODE-ED25519": ["NODE-ED25519", "web/crypto_okp", true],
  X25519: ["X25519", "web/crypto_okp", true],
  "RSASSA-PKCS1-V1_5": ["RSASSA-PKCS1-v1_5", "web/crypto_rsa", true],
  "RSA-PSS": ["RSA-PSS", "web/crypto_rsa", true],
  "RSA-OAEP": ["RSA-OAEP", "web/crypto_rsa", true],
  "RSA-RAW": ["RSA-RAW", "web/crypto_rsa", false],
};

/** The algorithm of a name in any case: { name, family, generates }, or undefined. */
function find(name) {
  const row = kAlgorithms[upperCase(name)];
  return row === undefined ? undefined : { name: row[0], family: require(row[1]), generates: row[2] };
}

module.exports = { find };

"use strict";
// THE list of algorithms by upper-case name: [name, file of its family, whether keys can be generated, what its raw keys are called
// newly, whether "raw" is no name for them]. A family has importKey,
// generateKey, exportKey and what its keys can do: encrypt, decrypt, sign, verify, deriveBits, wrapKey, unwrapKey. They take the key's
// record (crypto_key.js) and converted arguments (crypto_params.js), and give a promise, or throw. Which of them a key has follows
// from the usages that it can have.

const { upperCase } = require("web/crypto_run");

const kAlgorithms = {
  __proto__: null,
  "AES-CBC": ["AES-CBC", "web/crypto_aes", true, "raw-secret", false],
  "AES-CTR": ["AES-CTR", "web/crypto_aes", true, "raw-secret", false],
  "AES-GCM": ["AES-GCM", "web/crypto_aes", true, "raw-secret", false],
  "AES-KW": ["AES-KW", "web/crypto_aes", true, "raw-secret", false],
  HMAC: ["HMAC", "web/crypto_hmac", true, "raw-secret", false],
  HKDF: ["HKDF", "web/crypto_kdf", false, "raw-secret", false],
  PBKDF2: ["PBKDF2", "web/crypto_kdf", false, "raw-secret", false],
  ECDSA: ["ECDSA", "web/crypto_ec", true, "raw-public", false],
  ECDH: ["ECDH", "web/crypto_ec", true, "raw-public", false],
  ED25519: ["Ed25519", "web/crypto_okp", true, "raw-public", false],
  "NODE-ED25519": ["NODE-ED25519", "web/crypto_okp", true, "raw-public", false],
  X25519: ["X25519", "web/crypto_okp", true, "raw-public", false],
  "RSASSA-PKCS1-V1_5": ["RSASSA-PKCS1-v1_5", "web/crypto_rsa", true, "", false],
  "RSA-PSS": ["RSA-PSS", "web/crypto_rsa", true, "", false],
  "RSA-OAEP": ["RSA-OAEP", "web/crypto_rsa", true, "", false],
  "RSA-RAW": ["RSA-RAW", "web/crypto_rsa", false, "", false],
  ED448: ["Ed448", "web/crypto_okp", true, "raw-public", false],
  X448: ["X448", "web/crypto_okp", true, "raw-public", false],
  "AES-OCB": ["AES-OCB", "web/crypto_aes", true, "raw-secret", true],
  "CHACHA20-POLY1305": ["ChaCha20-Poly1305", "web/crypto_modern_secret", true, "raw-secret", true],
  KMAC128: ["KMAC128", "web/crypto_modern_secret", true, "raw-secret", true],
  KMAC256: ["KMAC256", "web/crypto_modern_secret", true, "raw-secret", true],
  "ML-KEM-512": ["ML-KEM-512", "web/crypto_lattice", true, "raw-public", true],
  "ML-KEM-768": ["ML-KEM-768", "web/crypto_lattice", true, "raw-public", true],
  "ML-KEM-1024": ["ML-KEM-1024", "web/crypto_lattice", true, "raw-public", true],
  "ML-DSA-44": ["ML-DSA-44", "web/crypto_lattice", true, "raw-public", true],
  "ML-DSA-65": ["ML-DSA-65", "web/crypto_lattice", true, "raw-public", true],
  "ML-DSA-87": ["ML-DSA-87", "web/crypto_lattice", true, "raw-public", true],
};

/** The algorithm of a name in any case: { name, family, generates, raw, modern }, or undefined. */
function find(name) {
  const row = kAlgorithms[upperCase(name)];
  return row === undefined ? undefined : { name: row[0], family: require(row[1]), generates: row[2], raw: row[3], modern: row[4] };
}

module.exports = { find };

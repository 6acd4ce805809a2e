"use strict";
// node:crypto, https://nodejs.org/docs/latest-v22.x/api/crypto.html
// What there is, and how it fails, is what the reference runtime's BoringSSL can do.

const { FunctionPrototypeBind, ObjectDefineProperty } = primordials;
const { ERR_METHOD_NOT_IMPLEMENTED } = require("node/internal_errors");
const cipher = require("node/internal_crypto_cipher");
const { constants } = require("node/internal_crypto_constants");
const dh = require("node/internal_crypto_dh");
const ecdh = require("node/internal_crypto_ecdh");
const generate = require("node/internal_crypto_generate");
const hash = require("node/internal_crypto_hash");
const kdf = require("node/internal_crypto_kdf");
const keys = require("node/internal_crypto_keys");
const random = require("node/internal_crypto_random");
const rsa = require("node/internal_crypto_rsa");
const sign = require("node/internal_crypto_sign");
const { Certificate } = require("node/internal_crypto_spkac");
const { X509Certificate } = require("node/internal_crypto_x509");
const { CryptoKey, crypto } = require("web/crypto");

const { subtle } = crypto;

function timingSafeEqual(a, b) {
  return subtle.timingSafeEqual(a, b);
}

function pseudoRandomBytes(size, callback) {
  return random.randomBytes(size, callback);
}

function getCurves() {
  return ["secp224r1", "prime256v1", "secp384r1", "secp521r1"];
}

function secureHeapUsed() {
  return { total: 0, used: 0, utilization: 0, min: 0 };
}

function setEngine(_id, _flags) {
  throw new ERR_METHOD_NOT_IMPLEMENTED("setEngine");
}

function getFips() {
  return true;
}

function setFips(_fips) {
  throw new ERR_METHOD_NOT_IMPLEMENTED("setFips");
}

// Node has removed these four.
const createCipher = () => {
  throw new ERR_METHOD_NOT_IMPLEMENTED("createCipher");
};
const createDecipher = () => {
  throw new ERR_METHOD_NOT_IMPLEMENTED("createDecipher");
};
const Cipher = () => {
  throw new ERR_METHOD_NOT_IMPLEMENTED("Cipher");
};
const Decipher = () => {
  throw new ERR_METHOD_NOT_IMPLEMENTED("Decipher");
};

module.exports = {
  constants,
  DiffieHellman: dh.DiffieHellman,
  DiffieHellmanGroup: dh.DiffieHellmanGroup,
  createDiffieHellman: dh.createDiffieHellman,
  createDiffieHellmanGroup: dh.createDiffieHellmanGroup,
  getDiffieHellman: dh.getDiffieHellman,
  diffieHellman: dh.diffieHellman,
  ECDH: ecdh.ECDH,
  createECDH: ecdh.createECDH,
  KeyObject: keys.KeyObject,
  PublicKeyObject: keys.PublicKeyObject,
  PrivateKeyObject: keys.PrivateKeyObject,
  SecretKeyObject: keys.SecretKeyObject,
  generateKey: generate.generateKey,
  generateKeyPair: generate.generateKeyPair,
  generateKeyPairSync: generate.generateKeyPairSync,
  generateKeySync: generate.generateKeySync,
  createPrivateKey: keys.createPrivateKey,
  createPublicKey: keys.createPublicKey,
  createSecretKey: keys.createSecretKey,
  getRandomValues: FunctionPrototypeBind(crypto.getRandomValues, crypto),
  pseudoRandomBytes,
  randomBytes: random.randomBytes,
  randomFillSync: random.randomFillSync,
  randomFill: random.randomFill,
  randomInt: random.randomInt,
  randomUUID: random.randomUUID,
  generatePrime: random.generatePrime,
  generatePrimeSync: random.generatePrimeSync,
  checkPrime: random.checkPrime,
  checkPrimeSync: random.checkPrimeSync,
  Hash: hash.Hash,
  Hmac: hash.Hmac,
  createHash: hash.createHash,
  createHmac: hash.createHmac,
  getHashes: hash.getHashes,
  hash: hash.hash,
  hkdf: kdf.hkdf,
  hkdfSync: kdf.hkdfSync,
  pbkdf2: kdf.pbkdf2,
  pbkdf2Sync: kdf.pbkdf2Sync,
  scrypt: kdf.scrypt,
  scryptSync: kdf.scryptSync,
  getCiphers: cipher.getCiphers,
  getCurves,
  secureHeapUsed,
  setEngine,
  timingSafeEqual,
  getFips,
  setFips,
  subtle,
  webcrypto: crypto,
  createSign: sign.createSign,
  createVerify: sign.createVerify,
  sign: sign.sign,
  verify: sign.verify,
  Sign: sign.Sign,
  Verify: sign.Verify,
  Cipheriv: cipher.Cipheriv,
  Decipheriv: cipher.Decipheriv,
  createCipheriv: cipher.createCipheriv,
  createDecipheriv: cipher.createDecipheriv,
  publicDecrypt: rsa.publicDecrypt,
  publicEncrypt: rsa.publicEncrypt,
  privateDecrypt: rsa.privateDecrypt,
  privateEncrypt: rsa.privateEncrypt,
  getCipherInfo: cipher.getCipherInfo,
  Certificate,
  X509Certificate,
  CryptoKey,
  createCipher,
  createDecipher,
  Cipher,
  Decipher,
};
ObjectDefineProperty(module.exports, "fips", { __proto__: null, get: getFips, set: setFips, enumerable: true, configurable: true });

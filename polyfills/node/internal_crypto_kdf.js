"use strict";
// Derivation of keys: pbkdf2, scrypt and hkdf. https://nodejs.org/docs/latest-v22.x/api/crypto.html#cryptopbkdf2password-salt-iterations-keylen-digest-callback

const { ReflectApply, TypeError, TypedArrayPrototypeGetByteLength } = primordials;
const { Buffer, kMaxLength } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = require("node/internal_errors");
const { bytesOf, isSource, runLater, toBuffer, toBytes } = require("node/internal_crypto_util");
const { digestNamed } = require("node/internal_crypto_hash");
const { validateFunction, validateInt32, validateInteger, validateString, validateUint32 } = require("node/internal_validators");
const { bufferOf } = require("web/crypto_run");

function now(args, finish) {
  return finish(ReflectApply(ops.op_crypto, undefined, args));
}

// PBKDF2

function pbkdf2Args(password, salt, iterations, length, digest) {
  validateString(digest, "digest");
  const passwordBytes = toBytes(password, "password");
  const saltBytes = toBytes(salt, "salt");
  validateInt32(iterations, "iterations", 1);
  validateInt32(length, "keylen", 0);
  return ["node-pbkdf2", digest, passwordBytes, saltBytes, iterations, length];
}

// An unknown digest fails where the others do.
function checkPbkdf2(args) {
  const found = digestNamed(args[1]);
  if (found === undefined) throw new TypeError(`Invalid Pbkdf2 digest: ${args[1]}.`);
  args[1] = found;
}

function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  const args = pbkdf2Args(password, salt, iterations, keylen, digest);
  checkPbkdf2(args);
  return now(args, toBuffer);
}

function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === "function") validateString(undefined, "digest");
  validateFunction(callback, "callback");
  runLater(pbkdf2Args(password, salt, iterations, keylen, digest), toBuffer, callback, checkPbkdf2);
}

// scrypt

const kDefaults = { __proto__: null, N: 16384, r: 8, p: 1, maxmem: 32 << 20 };

// A cost that goes by two names, of which only one may be given.
function cost(options, name, alias, fallback) {
  const first = options[name];
  const second = options[alias];
  if (first !== undefined) validateUint32(first, name);
  if (second !== undefined) {
    if (first !== undefined) throw new ERR_INVALID_ARG_VALUE(alias, second);
    validateUint32(second, alias);
  }
  return (first ?? second) || fallback;
}

function scryptArgs(password, salt, keylen, options) {
  const passwordBytes = toBytes(password, "password");
  const saltBytes = toBytes(salt, "salt");
  validateInteger(keylen, "keylen", 0, kMaxLength);
  let { N, r, p, maxmem } = kDefaults;
  if (options) {
    N = cost(options, "N", "cost", N);
    r = cost(options, "r", "blockSize", r);
    p = cost(options, "p", "parallelization", p);
    if (options.maxmem !== undefined) {
      validateInteger(options.maxmem, "maxmem", 0);
      maxmem = options.maxmem || maxmem;
    }
  }
  return ["node-scrypt", passwordBytes, saltBytes, N, r, p, maxmem, keylen];
}

function checkScrypt(args) {
  if (args[6] > 4294967295) throw new TypeError("Value out of range. Must be less than or equal to 4294967295.");
}

function scryptSync(password, salt, keylen, options) {
  const args = scryptArgs(password, salt, keylen, options);
  checkScrypt(args);
  return now(args, toBuffer);
}

function scrypt(password, salt, keylen, options, callback) {
  if (callback === undefined) {
    callback = options;
    options = undefined;
  }
  const args = scryptArgs(password, salt, keylen, options);
  validateFunction(callback, "callback");
  runLater(args, toBuffer, callback, checkScrypt);
}

// HKDF

function source(value, name, expected) {
  if (typeof value === "string") return Buffer.from(value);
  if (isSource(value)) return bytesOf(value);
  throw new ERR_INVALID_ARG_TYPE(name, expected, value);
}

const kSources = ["string", "ArrayBuffer", "TypedArray", "DataView", "Buffer"];
const kKeySources = ["string", "SecretKeyObject", "ArrayBuffer", "TypedArray", "DataView", "Buffer"];

function hkdfArgs(digest, key, salt, info, length) {
  const { isKeyObject } = require("node/internal_crypto_brand");
  if (isKeyObject(key)) key = key.export();
  validateString(digest, "digest");
  const keyBytes = source(key, "ikm", kKeySources);
  const saltBytes = source(salt, "salt", kSources);
  const infoBytes = source(info, "info", kSources);
  validateInteger(length, "length", 0, kMaxLength);
  const size = TypedArrayPrototypeGetByteLength(infoBytes);
  if (size > 1024) throw new ERR_OUT_OF_RANGE("info", "must not contain more than 1024 bytes", size);
  return ["node-hkdf", digest, keyBytes, saltBytes, infoBytes, length];
}

function checkHkdf(args) {
  const found = digestNamed(args[1]);
  if (found === undefined) throw new TypeError(`Invalid Hkdf digest: ${args[1]}`);
  args[1] = found;
}

function hkdfSync(hash, key, salt, info, length) {
  const args = hkdfArgs(hash, key, salt, info, length);
  checkHkdf(args);
  return now(args, bufferOf);
}

function hkdf(hash, key, salt, info, length, callback) {
  const args = hkdfArgs(hash, key, salt, info, length);
  validateFunction(callback, "callback");
  runLater(args, bufferOf, callback, checkHkdf);
}

module.exports = { hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };

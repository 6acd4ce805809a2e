"use strict";
// Signatures. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-sign

const { ArrayBufferIsView, Error, ObjectSetPrototypeOf, Symbol } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = require("node/internal_errors");
const { ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE, ERR_CRYPTO_SIGN_KEY_REQUIRED } = require("node/internal_crypto_errors");
const { bytesOf, encode, isSource, toBuffer, toData } = require("node/internal_crypto_util");
const { Running, digestNamed } = require("node/internal_crypto_hash");
const { Writable, construct } = require("node/internal_crypto_streams");
const keys = require("node/internal_crypto_keys");
const { validateString } = require("node/internal_validators");
const { recordOf } = require("web/crypto_key");
const { parameterError } = require("core/webidl");
const { queueMicrotask } = require("web/timers");

const kPKCS1 = 1;
const kSaltDigest = -1;

function requireDigest(name) {
  const found = digestNamed(name);
  if (found === undefined) throw new Error(`Unknown digest: ${name}`);
  return found;
}

function intOption(options, name) {
  const value = options[name];
  if (value !== undefined && value !== value >> 0) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
  return value;
}

function isP1363(options) {
  if (typeof options !== "object") return false;
  const { dsaEncoding = "der" } = options;
  if (dsaEncoding !== "der" && dsaEncoding !== "ieee-p1363") throw new ERR_INVALID_ARG_VALUE("options.dsaEncoding", dsaEncoding);
  return dsaEncoding === "ieee-p1363";
}

// What the reference runtime reads of an argument beside its key.
function signatureOptions(options) {
  return { padding: intOption(options, "padding"), salt: intOption(options, "saltLength"), p1363: isP1363(options) };
}

const kKeys = ["PublicKeyObject", "PrivateKeyObject", "CryptoKey", "object"];

function signingKey(options) {
  const record = keys.keyRecord(options);
  if (record === undefined) return recordOf(keys.privateKeyFrom(options));
  if (!keys.isKeyObject(options)) return record;
  if (record.type === "secret") throw new ERR_INVALID_ARG_TYPE("options", kKeys, record.type);
  if (record.type === "public") throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE("public", "private");
  return record;
}

function verifyingKey(options) {
  return keys.keyRecord(options) ?? recordOf(keys.publicKeyFrom(options));
}

// Streams: the digest is made as data comes. What cannot be signed so says where OpenSSL would notice.

function streamError(why, making) {
  if (why === "padding") return new Error("Failed to set RSA parameters for signature");
  if (why === "digest") return new Error(making ? "Failed to set signature digest" : "Failed to set digest context for signature verification");
  return new Error(making ? "Failed to initialize signing context" : "Failed to initialize key for verification");
}

const kHandle = Symbol("kHandle");

class Handle {
  #digest;
  #running;
  constructor(algorithm) {
    this.#digest = requireDigest(algorithm);
    this.#running = new Running(this.#digest);
  }

  update(data, what) {
    this.#check(what);
    this.#running.update(data);
  }

  #check(what) {
    if (this.#running === undefined) throw new Error(`${what} context has already been finalized`);
  }

  #finish() {
    const bytes = this.#running.digest();
    this.#running = undefined;
    return bytes;
  }

  sign(record, options) {
    this.#check("Signing");
    if (record.kind === undefined) throw new Error("Invalid key for sign operation");
    if (record.kind === "DSA") throw new Error("Signing with DSA keys is not currently supported");
    const hashed = this.#finish();
    if (record.kind === "Ed25519") throw new Error("Failed to set signature digest");
    const { padding = kPKCS1, salt = kSaltDigest, p1363 } = options;
    const signature = ops.op_crypto("node-sign", record.kind, record.data, this.#digest, padding, salt, p1363, true, hashed);
    if (typeof signature === "string") throw streamError(signature, true);
    if (signature === null) throw new Error("Failed to generate signature");
    return signature;
  }

  verify(record, signature, options) {
    this.#check("Verification");
    if (record.kind === undefined) throw new Error("Invalid key for verify operation");
    if (record.kind === "Ed25519") throw new Error("Unsupported operation for this key");
    if (record.kind === "DSA") throw new Error("Verifying with DSA keys is not currently supported");
    const hashed = this.#finish();
    const { padding = kPKCS1, salt = kSaltDigest, p1363 } = options;
    const result = ops.op_crypto("node-verify", record.kind, keys.publicData(record), this.#digest, padding, salt, p1363, true, hashed, signature);
    if (typeof result === "string") throw streamError(result, false);
    return result;
  }
}

function Sign(algorithm, options) {
  if (!new.target && !(this instanceof Sign)) return new Sign(algorithm, options);
  validateString(algorithm, "algorithm");
  this[kHandle] = new Handle(algorithm);
  construct(Writable, this, options);
}
ObjectSetPrototypeOf(Sign.prototype, Writable.prototype);
ObjectSetPrototypeOf(Sign, Writable);

Sign.prototype._write = function (chunk, encoding, callback) {
  this.update(chunk, encoding);
  callback();
};

Sign.prototype.update = function (data, encoding) {
  this[kHandle].update(Buffer.from(toData(data, "data", encoding)), "Signing");
  return this;
};

Sign.prototype.sign = function (options, encoding) {
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const record = signingKey(options);
  return encode(this[kHandle].sign(record, signatureOptions(options)), encoding);
};

function Verify(algorithm, options) {
  if (!new.target && !(this instanceof Verify)) return new Verify(algorithm, options);
  validateString(algorithm, "algorithm");
  this[kHandle] = new Handle(algorithm);
  construct(Writable, this, options);
}
ObjectSetPrototypeOf(Verify.prototype, Writable.prototype);
ObjectSetPrototypeOf(Verify, Writable);

Verify.prototype._write = Sign.prototype._write;

Verify.prototype.update = function (data, encoding) {
  this[kHandle].update(Buffer.from(toData(data, "data", encoding)), "Verification");
  return this;
};

Verify.prototype.verify = function (options, signature, encoding = "utf8") {
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const record = verifyingKey(options);
  const chosen = signatureOptions(options);
  if (typeof signature === "string") signature = Buffer.from(signature, encoding);
  else if (!isSource(signature)) throw parameterError("verify", "VerifyHandle", 2, "BufferSource");
  return this[kHandle].verify(record, bytesOf(signature), chosen);
};

function createSign(algorithm, options) {
  return new Sign(algorithm, options);
}

function createVerify(algorithm, options) {
  return new Verify(algorithm, options);
}

// At once. The reference runtime takes no padding here: it is always that of PKCS #1.

function optionalDigest(algorithm) {
  return algorithm === undefined ? null : requireDigest(algorithm);
}

function signNow(record, algorithm, data, options) {
  if (record.kind === undefined) throw new Error("Invalid key for sign operation");
  if (record.kind === "DSA") throw new Error("Signing with DSA keys is not currently supported");
  const digest = optionalDigest(algorithm);
  const signature = ops.op_crypto("node-sign", record.kind, record.data, digest, kPKCS1, kSaltDigest, options.p1363, false, data);
  if (typeof signature === "string") throw new Error("Failed to initialize signing context");
  return signature === null ? Buffer.alloc(0) : toBuffer(signature);
}

function verifyNow(record, algorithm, data, signature, options) {
  if (record.kind === undefined) throw new Error("Invalid key for verification operation");
  if (record.kind === "DSA") throw new Error("Verifying with DSA keys is not currently supported");
  const digest = optionalDigest(algorithm);
  const key = keys.publicData(record);
  const result = ops.op_crypto("node-verify", record.kind, key, digest, kPKCS1, kSaltDigest, options.p1363, false, data, signature);
  if (typeof result === "string") throw new Error("Failed to initialize verification context");
  return result;
}

function checkView(value, name) {
  if (!ArrayBufferIsView(value)) throw new ERR_INVALID_ARG_TYPE(name, ["Buffer", "TypedArray", "DataView"], value);
  return bytesOf(value);
}

function nameOf(algorithm) {
  if (algorithm === undefined || algorithm === null) return undefined;
  validateString(algorithm, "algorithm");
  return algorithm;
}

function sign(algorithm, data, options, callback) {
  const name = nameOf(algorithm);
  const bytes = checkView(data, "data");
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const record = signingKey(options);
  const chosen = signatureOptions(options);
  if (callback === undefined) return signNow(record, name, bytes, chosen);
  try {
    const signature = signNow(record, name, bytes, chosen);
    queueMicrotask(() => callback(null, signature));
  } catch (error) {
    queueMicrotask(() => callback(error));
  }
  return undefined;
}

function verify(algorithm, data, options, signature, callback) {
  const name = nameOf(algorithm);
  const bytes = checkView(data, "data");
  const signatureBytes = checkView(signature, "signature");
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const record = verifyingKey(options);
  const chosen = signatureOptions(options);
  if (callback === undefined) return verifyNow(record, name, bytes, signatureBytes, chosen);
  try {
    callback(null, verifyNow(record, name, bytes, signatureBytes, chosen));
  } catch (error) {
    queueMicrotask(() => callback(error));
  }
  return undefined;
}

module.exports = { Sign, Verify, createSign, createVerify, sign, verify };

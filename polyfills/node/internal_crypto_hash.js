"use strict";
// Hash and Hmac. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-hash
// The host keeps nothing between two calls: a digest that has begun is its state, as bytes. One that was given a single piece of data
// never gets so far, since that piece waits until more comes or the digest is asked for.

const { ArrayBufferIsView, Error, ObjectSetPrototypeOf, Symbol, TypedArrayPrototypeSlice } = primordials;
const { makeError } = require("core/errors");
const { Buffer } = require("node/internal_buffer");
const { encodingOf, kUtf8 } = require("node/internal_encodings");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { bytesOf, copyOf, encode, isSource, stringOption, toBuffer, toBytes } = require("node/internal_crypto_util");
const { ERR_CRYPTO_HASH_FINALIZED } = require("node/internal_crypto_errors");
const { validateString, validateUint32 } = require("node/internal_validators");
const { Transform, construct } = require("node/internal_crypto_streams");

// The names that there are, and the host's for each.
const kDigests = { __proto__: null };
const kSizes = { __proto__: null, md4: 16, md5: 16, "md5-sha1": 36, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64, "sha512-256": 32 };
for (const name of ["md4", "md5", "md5-sha1", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256"]) {
  kDigests[name] = kDigests[name.toUpperCase()] = name;
}
for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]) {
  kDigests[`RSA-${name.toUpperCase()}`] = kDigests[`${name}WithRSAEncryption`] = name;
}
for (const name of ["DSA-SHA", "dsaWithSHA", "DSA-SHA1", "dsaWithSHA1", "ecdsa-with-SHA1"]) kDigests[name] = "sha1";

/** The host's name of a digest, undefined if there is none. */
function digestNamed(name) {
  return kDigests[name];
}

function requireDigest(name) {
  const found = kDigests[name];
  if (found === undefined) throw new Error("Digest method not supported");
  return found;
}

const kNone = "";

// A digest under way. `key` makes it a code.
class Running {
  #name;
  #key;
  #state = null;
  #pending = kNone;
  #result;

  constructor(name, key = undefined) {
    this.#name = name;
    this.#key = key;
  }

  #check() {
    if (this.#result !== undefined) throw makeError("OperationError", `${this.#key === undefined ? "Hash" : "HMAC"} context has already been finalized.`);
  }

  clone() {
    this.#check();
    const other = new Running(this.#name);
    other.#state = this.#state;
    other.#pending = this.#pending;
    return other;
  }

  // Data is a text or bytes that do not change any more.
  update(data) {
    this.#check();
    if (this.#pending !== kNone) {
      if (this.#state === null && this.#key !== undefined) this.#state = ops.op_crypto("node-hmac-start", this.#name, this.#key);
      this.#state = ops.op_crypto("node-update", this.#name, this.#state, this.#pending);
    }
    this.#pending = data;
  }

  digest() {
    if (this.#result === undefined) {
      this.#result =
        this.#key === undefined
          ? ops.op_crypto("node-digest", this.#name, this.#state, this.#pending)
          : ops.op_crypto("node-hmac", this.#name, this.#key, this.#state, this.#pending);
      this.#pending = kNone;
      return toBuffer(this.#result);
    }
    return Buffer.from(this.#result);
  }

  get size() {
    return kSizes[this.#name];
  }
}

// What is asked of a Hash or Hmac; the names are those that show.
const kHandle = Symbol("kHandle");
const kState = Symbol("kState");
const kFinalized = Symbol("kFinalized");

// Text in UTF-8 is left to the host, the rest becomes bytes.
function dataOf(data, encoding) {
  if (typeof data === "string") return encodingOf(encoding ?? undefined) === kUtf8 ? data : Buffer.from(data, encoding);
  if (ArrayBufferIsView(data)) return copyOf(data);
  throw new ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
}

function Hash(algorithm, options) {
  if (!new.target && !(this instanceof Hash)) return new Hash(algorithm, options);
  const length = typeof options === "object" && options !== null ? options.outputLength : undefined;
  if (length !== undefined) validateUint32(length, "options.outputLength");
  let running;
  if (algorithm instanceof Running) {
    running = algorithm.clone();
  } else {
    validateString(algorithm, "algorithm");
    running = new Running(requireDigest(algorithm));
  }
  // There is no digest here whose length can be chosen.
  if (length !== undefined && length !== running.size) throw new Error("invalid digest size");
  this[kHandle] = running;
  this[kState] = { [kFinalized]: false };
  construct(Transform, this, options);
}
ObjectSetPrototypeOf(Hash.prototype, Transform.prototype);
ObjectSetPrototypeOf(Hash, Transform);

Hash.prototype.copy = function (options) {
  if (this[kState][kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  return new Hash(this[kHandle], options);
};

Hash.prototype._transform = function (chunk, encoding, callback) {
  this[kHandle].update(dataOf(chunk, encoding === "buffer" ? undefined : encoding));
  callback();
};

Hash.prototype._flush = function (callback) {
  this.push(this[kHandle].digest());
  callback();
};

Hash.prototype.update = function (data, encoding) {
  if (this[kState][kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  this[kHandle].update(dataOf(data, encoding === "buffer" ? undefined : encoding));
  return this;
};

Hash.prototype.digest = function (outputEncoding) {
  const state = this[kState];
  if (state[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  const result = this[kHandle].digest();
  state[kFinalized] = true;
  return outputEncoding !== undefined && outputEncoding !== "buffer" ? result.toString(outputEncoding) : result;
};

// The bytes of an Hmac's key.
function hmacKey(key, encoding) {
  const secret = require("node/internal_crypto_keys").secretData(key);
  if (secret !== undefined) return secret;
  if (typeof key === "string" || isSource(key)) return TypedArrayPrototypeSlice(bytesOf(toBytes(key, "key", encoding)));
  throw new ERR_INVALID_ARG_TYPE("key", ["ArrayBuffer", "Buffer", "ArrayBufferView", "string", "KeyObject", "CryptoKey"], key);
}

function Hmac(hmac, key, options) {
  if (!new.target && !(this instanceof Hmac)) return new Hmac(hmac, key, options);
  validateString(hmac, "hmac");
  const encoding = stringOption(options, "encoding");
  const bytes = hmacKey(key, encoding ?? undefined);
  this[kHandle] = new Running(requireDigest(hmac), bytes);
  this[kState] = { [kFinalized]: false };
  construct(Transform, this, options);
}
ObjectSetPrototypeOf(Hmac.prototype, Transform.prototype);
ObjectSetPrototypeOf(Hmac, Transform);

Hmac.prototype.update = Hash.prototype.update;

Hmac.prototype.digest = function (outputEncoding) {
  const state = this[kState];
  const encoded = outputEncoding !== undefined && outputEncoding !== "buffer";
  if (state[kFinalized]) return outputEncoding && outputEncoding !== "buffer" ? "" : Buffer.from("");
  const result = this[kHandle].digest();
  state[kFinalized] = true;
  return encoded ? result.toString(outputEncoding) : result;
};

Hmac.prototype._flush = Hash.prototype._flush;
Hmac.prototype._transform = Hash.prototype._transform;

function createHash(algorithm, options) {
  return new Hash(algorithm, options);
}

function createHmac(hmac, key, options) {
  return new Hmac(hmac, key, options);
}

function hash(algorithm, data, outputEncoding = "hex") {
  validateString(algorithm, "algorithm");
  validateString(outputEncoding, "outputEncoding");
  if (typeof data !== "string" && !ArrayBufferIsView(data)) {
    throw new ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  }
  return encode(ops.op_crypto("node-digest", requireDigest(algorithm), null, typeof data === "string" ? data : bytesOf(data)), outputEncoding);
}

function getHashes() {
  return [
    "md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "md5-sha1", "RSA-MD5", "RSA-SHA1", "RSA-SHA224", "RSA-SHA256", "RSA-SHA384",
    "RSA-SHA512", "DSA-SHA", "DSA-SHA1", "ecdsa-with-SHA1",
  ];
}

module.exports = { Hash, Hmac, createHash, createHmac, Running, digestNamed, getHashes, hash };

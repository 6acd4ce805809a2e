"use strict";
// Key agreement: DiffieHellman, ECDH, diffieHellman(). https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-diffiehellman
// The host keeps nothing: an object here has the numbers as bytes.

const { Error, ObjectDefineProperty, RangeError, StringPrototypeToLowerCase, Symbol, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const { Buffer } = require("node/internal_buffer");
const { encodingOf } = require("node/internal_encodings");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = require("node/internal_errors");
const { copyOf, encode, isSource, toBuffer, toBytes } = require("node/internal_crypto_util");
const keys = require("node/internal_crypto_keys");
const { validateInt32, validateObject } = require("node/internal_validators");
const { internalError } = require("web/crypto_run");
const { requireContext } = require("core/context");

const kMaxBytes = 1250;
const kGenerator = new Uint8Array([2]);

// A number as big-endian bytes.
function bytesOfNumber(value) {
  return new Uint8Array([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
}

function trim(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let start = 0;
  while (start < length && bytes[start] === 0) start++;
  return TypedArrayPrototypeSlice(bytes, start);
}

/** What `DiffieHellman` and `DiffieHellmanGroup` do. */
class Agreement {
  #prime;
  #generator;
  #publicKey;
  #privateKey;
  #verifyError;

  constructor(prime, generator) {
    this.#prime = prime;
    this.#generator = generator;
  }

  get prime() {
    return this.#prime;
  }

  get generator() {
    return this.#generator;
  }

  get verifyError() {
    return (this.#verifyError ??= ops.op_crypto("node-dh-check", this.#prime, this.#generator));
  }

  get publicKey() {
    if (this.#publicKey === undefined) throw new Error("No public key");
    return this.#publicKey;
  }

  get privateKey() {
    if (this.#privateKey === undefined) throw new Error("No private key");
    return this.#privateKey;
  }

  set privateKey(bytes) {
    this.#privateKey = trim(bytes);
  }

  set publicKey(bytes) {
    const wrong = ops.op_crypto("node-dh-public", this.#prime, bytes);
    if (wrong !== null) throw new RangeError(`DiffieHellman setPublicKey() failed: key is too ${wrong}`);
    this.#publicKey = trim(bytes);
  }

  generate() {
    const pair = ops.op_crypto("node-dh-keys", this.#prime, this.#generator, this.#privateKey ?? null);
    this.#publicKey = pair[0];
    this.#privateKey = pair[1];
    return pair[0];
  }

  secret(other) {
    if (TypedArrayPrototypeGetByteLength(other) === 0) throw new Error("DiffieHellman computeSecret() failed: invalid key");
    const wrong = ops.op_crypto("node-dh-public", this.#prime, other);
    if (wrong !== null) throw new RangeError(`DiffieHellman computeSecret() failed: Supplied key is too ${wrong}`);
    if (this.#privateKey === undefined) throw new Error("DiffieHellman computeSecret() failed: error computing shared secret");
    return ops.op_crypto("node-dh-secret", this.#prime, this.#privateKey, other);
  }
}

const kHandle = Symbol("kHandle");

// The argument may be a size or a prime; a generator a number or bytes.
function agreementFrom(sizeOrKey, generator) {
  if (typeof sizeOrKey === "number") {
    if (typeof generator !== "number") throw new Error("DiffieHellman init failed: invalid parameters");
    requireContext();
    return new Agreement(ops.op_crypto("node-dh-generate", sizeOrKey, generator), trim(bytesOfNumber(generator)));
  }
  const prime = trim(sizeOrKey);
  const size = TypedArrayPrototypeGetByteLength(sizeOrKey);
  if (size > kMaxBytes) throw new RangeError("DiffieHellman init failed: key is too large");
  if (size === 0) throw new Error("DiffieHellman init failed: invalid key");
  const g = generatorFrom(generator);
  const odd = prime.length > 0 && (prime[prime.length - 1] & 1) === 1;
  if (!odd || !less(g, prime)) throw new Error("DiffieHellman init failed: Invalid DH prime generated");
  return new Agreement(prime, g);
}

function generatorFrom(generator) {
  if (typeof generator === "number") {
    if (generator < 2) throw new RangeError("DiffieHellman init failed: generator too small");
    return trim(bytesOfNumber(generator));
  }
  const size = TypedArrayPrototypeGetByteLength(generator);
  if (size > kMaxBytes) throw new RangeError("DiffieHellman init failed: generator is too large");
  const g = trim(generator);
  if (g.length === 0 || (g.length === 1 && g[0] === 1)) throw new Error("DiffieHellman init failed: invalid generator");
  return g;
}

// Of numbers without leading zeros.
function less(a, b) {
  if (a.length !== b.length) return a.length < b.length;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
}

const kSources = ["number", "string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"];

function text(value, encoding) {
  return typeof value === "string" ? Buffer.from(value, encoding === "buffer" ? "utf8" : encoding) : copyOf(value);
}

function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!new.target && !(this instanceof DiffieHellman)) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== "number" && typeof sizeOrKey !== "string" && !isSource(sizeOrKey)) {
    throw new ERR_INVALID_ARG_TYPE("sizeOrKey", kSources, sizeOrKey);
  }
  if (typeof sizeOrKey === "number") validateInt32(sizeOrKey, "sizeOrKey");
  if (keyEncoding && keyEncoding !== "buffer" && (typeof keyEncoding !== "string" || encodingOf(keyEncoding) === undefined)) {
    genEncoding = generator;
    generator = keyEncoding;
    keyEncoding = "utf-8";
  }
  if (typeof sizeOrKey !== "number") sizeOrKey = text(sizeOrKey, keyEncoding ?? "utf-8");
  if (!generator) generator = 2;
  else if (typeof generator === "number") validateInt32(generator, "generator");
  else if (typeof generator === "string") generator = text(generator, genEncoding ?? "utf-8");
  else if (isSource(generator)) generator = copyOf(generator);
  else throw new ERR_INVALID_ARG_TYPE("generator", kSources, generator);
  this[kHandle] = agreementFrom(sizeOrKey, generator);
}

function DiffieHellmanGroup(name) {
  if (!new.target && !(this instanceof DiffieHellmanGroup)) return new DiffieHellmanGroup(name);
  const known = `${name}`;
  const prime = StringPrototypeToLowerCase(known) === "modp5" ? null : ops.op_crypto("node-dh-group", known);
  if (prime === null) {
    throw new Error("Failed to init DiffieHellmanGroup: invalid group. Only groups {modp14, modp15, modp16, modp17, modp18} are supported.");
  }
  this[kHandle] = new Agreement(prime, kGenerator);
}

function generateKeys(encoding) {
  return encode(this[kHandle].generate(), encoding);
}

function computeSecret(key, inputEncoding, outputEncoding) {
  return encode(this[kHandle].secret(toBytes(key, "key", inputEncoding)), outputEncoding);
}

function getPrime(encoding) {
  return encode(copyOf(this[kHandle].prime), encoding);
}

function getGenerator(encoding) {
  return encode(copyOf(this[kHandle].generator), encoding);
}

function getPublicKey(encoding) {
  return encode(copyOf(this[kHandle].publicKey), encoding);
}

function getPrivateKey(encoding) {
  return encode(copyOf(this[kHandle].privateKey), encoding);
}

const kMethods = { __proto__: null, generateKeys, computeSecret, getPrime, getGenerator, getPublicKey, getPrivateKey };
for (const Class of [DiffieHellmanGroup, DiffieHellman]) {
  for (const name in kMethods) Class.prototype[name] = kMethods[name];
  ObjectDefineProperty(Class.prototype, "verifyError", {
    __proto__: null,
    get() {
      return this[kHandle].verifyError;
    },
    configurable: true,
    enumerable: true,
  });
}

DiffieHellman.prototype.setPublicKey = function (key, encoding) {
  this[kHandle].publicKey = toBytes(key, "key", encoding);
  return this;
};

DiffieHellman.prototype.setPrivateKey = function (key, encoding) {
  this[kHandle].privateKey = toBytes(key, "key", encoding);
  return this;
};

function createDiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
}

function createDiffieHellmanGroup(name) {
  return new DiffieHellmanGroup(name);
}

function getDiffieHellman(name) {
  return createDiffieHellmanGroup(name);
}

// diffieHellman()

function checkKey(key, name, type) {
  if (!keys.isKeyObject(key)) throw new ERR_INVALID_ARG_TYPE(`options.${name}`, "KeyObject", key);
  if (key.type !== type) throw new ERR_INVALID_ARG_TYPE(`options.${name}`, `${type} key`, key);
  return keys.keyRecord(key);
}

function diffieHellman(options) {
  validateObject(options, "options");
  const { publicKey, privateKey } = options;
  if (!keys.isKeyObject(publicKey)) throw new ERR_INVALID_ARG_TYPE("options.publicKey", "KeyObject", publicKey);
  if (!keys.isKeyObject(privateKey)) throw new ERR_INVALID_ARG_TYPE("options.privateKey", "KeyObject", privateKey);
  const other = checkKey(publicKey, "publicKey", "public");
  const own = checkKey(privateKey, "privateKey", "private");
  if (publicKey.asymmetricKeyType !== privateKey.asymmetricKeyType) {
    const name = "options.publicKey.asymmetricKeyType";
    throw new ERR_INVALID_ARG_VALUE(name, publicKey.asymmetricKeyType, "must equal privateKey.asymmetricKeyType");
  }
  if (own.name !== "dh" && own.name !== "ec" && own.name !== "x25519") throw internalError();
  const secret =
    // There is no P-224 here, as on the reference runtime.
    own.kind !== other.kind || own.kind === "P-224"
      ? null
      : own.name === "ec"
        ? ops.op_crypto("node-ecdh", own.kind, own.data, other.data)
        : ops.op_crypto("node-derive", own.kind, own.data, other.data);
  if (secret === null) throw new Error("Failed to derive shared diffie-hellman secret");
  return toBuffer(secret);
}

module.exports = {
  DiffieHellman,
  DiffieHellmanGroup,
  createDiffieHellman,
  createDiffieHellmanGroup,
  diffieHellman,
  getDiffieHellman,
};

"use strict";
// ECDH. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-ecdh

const { ArrayBufferIsView, Error, Symbol, TypedArrayPrototypeSlice } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { bytesOf, toBuffer } = require("node/internal_crypto_util");
const { validateOneOf, validateString } = require("node/internal_validators");

// OpenSSL's names of the curves that there are: the host's, and the size of the field.
const kCurves = {
  __proto__: null,
  prime256v1: ["P-256", 32],
  secp384r1: ["P-384", 48],
  secp521r1: ["P-521", 66],
  secp224r1: ["P-224", 28],
};
// Curves that have a name there and no implementation.
const kUnimplemented = { __proto__: null, secp256k1: true, secp112r1: true, secp160r1: true, secp192k1: true, prime192v1: true, sect163k1: true };

function curveOf(name) {
  const found = kCurves[name];
  if (found !== undefined) return found;
  throw new Error(kUnimplemented[name] ? "Failed to create key using named curve" : "Invalid curve");
}

function checkFormat(format) {
  validateOneOf(format, "format", ["compressed", "uncompressed", "hybrid"]);
}

function checkEncoding(encoding, name) {
  if (encoding !== undefined && encoding !== null) validateString(encoding, name);
}

function encoded(bytes, encoding) {
  const buffer = toBuffer(bytes);
  return typeof encoding === "string" ? buffer.toString(encoding) : buffer;
}

function toView(value, name, encoding) {
  if (typeof value === "string") value = Buffer.from(value, encoding);
  if (!ArrayBufferIsView(value)) throw new ERR_INVALID_ARG_TYPE(name, ["string", "Buffer", "TypedArray", "DataView"], value);
  return bytesOf(value);
}

// The hybrid form is what the reference runtime's library cannot write.
function write(curve, point, format) {
  if (format === "hybrid") throw new Error("Failed to get public key length");
  return ops.op_crypto("node-ec-point", curve, point, format);
}

const kHandle = Symbol("kHandle");

class Handle {
  #curve;
  #size;
  #key;

  constructor(name) {
    const [curve, size] = curveOf(name);
    this.#curve = curve;
    this.#size = size;
  }

  generate() {
    this.#key = ops.op_crypto("ec-generate", this.#curve);
  }

  set privateKey(bytes) {
    const key = ops.op_crypto("node-ec-private", this.#curve, bytes);
    if (key === null) throw new Error("Private key is not valid for specified curve.");
    this.#key = key;
  }

  // Without leading zeros.
  get privateKey() {
    if (this.#key === undefined) throw new Error("Failed to get ECDH private key");
    let start = 0;
    while (this.#key[start] === 0) start++;
    return TypedArrayPrototypeSlice(this.#key, start, this.#size);
  }

  publicKey(format) {
    if (this.#key === undefined) throw new Error("Failed to get ECDH public key");
    return write(this.#curve, TypedArrayPrototypeSlice(this.#key, this.#size), format);
  }

  secret(other) {
    if (this.#key === undefined) throw new Error("Invalid keypair");
    const secret = ops.op_crypto("node-ecdh", this.#curve, this.#key, other);
    if (secret === null) throw new Error("Failed to set point");
    return secret;
  }
}

function ECDH(curveName) {
  if (!new.target && !(this instanceof ECDH)) return new ECDH(curveName);
  validateString(curveName, "curveName");
  this[kHandle] = new Handle(curveName);
}

ECDH.prototype.computeSecret = function (otherPublicKey, inputEncoding, outputEncoding) {
  const other = toView(otherPublicKey, "otherPublicKey", inputEncoding);
  checkEncoding(inputEncoding, "inputEncoding");
  checkEncoding(outputEncoding, "outputEncoding");
  return encoded(this[kHandle].secret(other), outputEncoding);
};

ECDH.prototype.generateKeys = function (encoding, format) {
  checkEncoding(encoding, "encoding");
  if (format !== undefined && format !== null) checkFormat(format);
  this[kHandle].generate();
  return this.getPublicKey(encoding, format ?? undefined);
};

ECDH.prototype.getPrivateKey = function (encoding) {
  checkEncoding(encoding, "encoding");
  return encoded(this[kHandle].privateKey, encoding);
};

ECDH.prototype.getPublicKey = function (encoding, format = "uncompressed") {
  checkEncoding(encoding, "encoding");
  checkFormat(format);
  return encoded(this[kHandle].publicKey(format), encoding);
};

ECDH.prototype.setPrivateKey = function (key, encoding) {
  checkEncoding(encoding, "encoding");
  this[kHandle].privateKey = toView(key, "key", encoding);
};

ECDH.convertKey = function (key, curve, inputEncoding, outputEncoding, format = "uncompressed") {
  const bytes = toView(key, "key", inputEncoding);
  validateString(curve, "curve");
  checkEncoding(inputEncoding, "inputEncoding");
  checkEncoding(outputEncoding, "outputEncoding");
  checkFormat(format);
  if (bytes.length === 0) return encoded(Buffer.alloc(0), outputEncoding);
  const [name] = curveOf(curve);
  const point = ops.op_crypto("node-ec-point", name, bytes, "uncompressed");
  if (point === null) throw new Error("Failed to set point");
  return encoded(write(name, point, format), outputEncoding);
};

function createECDH(curveName) {
  return new ECDH(curveName);
}

module.exports = { ECDH, createECDH };

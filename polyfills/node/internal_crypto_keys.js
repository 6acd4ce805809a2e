"use strict";
// KeyObject and what makes keys of bytes. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-keyobject
// As on the reference runtime a KeyObject is a shell around a CryptoKey. Those made here have no algorithm of Web Cryptography: their
// record (web/crypto_key.js) has no family, and a `kind` that hostops/node_keys.go describes.

const {
  Error,
  ObjectCreate,
  SymbolFor,
  SymbolIterator,
  SymbolToStringTag,
  TypeError,
  TypedArrayPrototypeGetByteLength,
} = primordials;
const { Buffer } = require("node/internal_buffer");
const { kHandle, isKeyObject } = require("node/internal_crypto_brand");
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS, ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE } = require("node/internal_crypto_errors");
const { copyOf, isSource, toBigInt, toBuffer, toBytes } = require("node/internal_crypto_util");
const { validateObject, validateOneOf, validateString } = require("node/internal_validators");
const { parameterError } = require("core/webidl");
const { isUint8Array } = require("node/util_types");
const { isKey, makeKey, recordOf } = require("web/crypto_key");
const { kNoBytes } = require("web/crypto_run");
const jwks = require.lazy("node/internal_crypto_jwk");

const kInspect = SymbolFor("nodejs.util.inspect.custom");
const kAllUsages = 255;

/** The record of a KeyObject's key. */
function recordOfObject(object) {
  return recordOf(object[kHandle]);
}

// Keys that are made here.

function secretKey(data) {
  const algorithm = { name: "secret", length: TypedArrayPrototypeGetByteLength(data) };
  return makeKey(undefined, "secret", "secret", algorithm, true, kAllUsages, data);
}

const kAlgorithms = { __proto__: null, RSA: "RSASSA-PKCS1-v1_5", Ed25519: "Ed25519", X25519: "X25519", DSA: "NODE-DSA", DH: "NODE-DH" };
const kTypes = { __proto__: null, RSA: "rsa", Ed25519: "ed25519", X25519: "x25519", DSA: "dsa", DH: "dh" };

/** A CryptoKey of a public-key algorithm. `bare` says that SEC 1 does not name its curve. */
function asymmetricKey(type, kind, data, bare = false) {
  const key = makeKey(undefined, kTypes[kind] ?? "ec", type, { name: kAlgorithms[kind] ?? "ECDSA" }, true, kAllUsages, data, kind);
  recordOf(key).bare = bare;
  return key;
}

const kWebTypes = {
  __proto__: null,
  "RSASSA-PKCS1-v1_5": "rsa",
  "RSA-PSS": "rsa",
  "RSA-OAEP": "rsa",
  ECDSA: "ec",
  Ed25519: "ed25519",
  "NODE-ED25519": "ed25519",
  ECDH: "ecdh",
  X25519: "x25519",
};

const kCurves = { __proto__: null, "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1", "P-224": "secp224r1" };

function detailsOf(record) {
  let modulusLength, publicExponent, divisorLength;
  if (record.kind === "RSA" || record.kind === "DSA") {
    const numbers = ops.op_crypto("rsa-numbers", record.data);
    modulusLength = bitLength(numbers[0]);
    if (record.kind === "RSA") publicExponent = toBigInt(numbers[1]);
    else divisorLength = bitLength(numbers[1]);
  }
  const namedCurve = kCurves[record.kind];
  if (require("core/worker").state.flags.enable_fast_jsg_struct) return { modulusLength, publicExponent, divisorLength, namedCurve };
  if (divisorLength !== undefined) return { modulusLength, divisorLength };
  if (modulusLength !== undefined) return { modulusLength, publicExponent };
  return namedCurve === undefined ? {} : { namedCurve };
}

// Of a number without leading zeros.
function bitLength(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let bits = (length - 1) * 8;
  for (let first = bytes[0]; first > 0; first >>= 1) bits++;
  return bits;
}

// Export.

function validateExportOptions(options, type, name = "options") {
  validateObject(options, name);
  if (options.format !== undefined) validateString(options.format, `${name}.format`);
  if (options.type !== undefined) validateString(options.type, `${name}.type`);
  if (type !== "private" || options.cipher === undefined) return;
  validateString(options.cipher, `${name}.cipher`);
  const { passphrase } = options;
  if (typeof passphrase !== "string" && !isUint8Array(passphrase)) {
    throw new ERR_INVALID_ARG_TYPE(`${name}.passphrase`, ["string", "Uint8Array"], passphrase);
  }
}

function passphraseOf(options) {
  const { passphrase } = options;
  if (passphrase === undefined) return null;
  if (typeof passphrase === "string") return Buffer.from(passphrase, options.encoding);
  return passphrase;
}

function checkEncoding(record, type) {
  if (record.type !== "private") return;
  if (type === "pkcs1" && record.kind !== "RSA") throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS("pkcs1", "can only be used for RSA keys");
  if (type === "sec1" && kCurves[record.kind] === undefined) throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS("sec1", "can only be used for EC keys");
}

function exportKey(record, options) {
  const { format = "buffer", type } = options;
  checkEncoding(record, type);
  if (!record.extractable) throw new TypeError("Unable to export non-extractable key");
  if (format === "jwk") return record.family !== undefined ? record.family.exportKey(record, "jwk") : jwks().toJwk(record);
  if (record.type === "secret") {
    if (format !== "buffer") throw new TypeError(`Invalid format for secret key export: ${format}`);
    return Buffer.from(record.data);
  }
  if (type === undefined) throw new TypeError("Missing type option");
  return exportAsymmetric(record, format, type, options);
}

function exportAsymmetric(record, format, type, options) {
  const isPrivate = record.type === "private";
  if (!isPrivate && options.passphrase !== undefined && !isSource(options.passphrase)) {
    throw new TypeError("Incorrect type for the 'passphrase' field on 'KeyExportOptions': the provided value is not of type 'BufferSource'.");
  }
  if (format !== "pem" && format !== "der") throw new Error("Invalid key format");
  if (type !== "pkcs1" && type !== "pkcs8" && type !== "sec1" && type !== "spki") throw new Error("Invalid key encoding");
  if (type === "pkcs1" && record.kind !== "RSA") throw new Error("PKCS1 can only be used for RSA keys");
  if (type === "sec1" && kCurves[record.kind] === undefined) throw new Error("SEC1 can only be used for EC keys");
  const cipher = isPrivate && options.cipher !== undefined ? options.cipher : null;
  const passphrase = cipher === null ? null : passphraseOf(options);
  const bytes = ops.op_crypto("node-export", record.kind, record.data, isPrivate, format, type, record.bare === true, cipher, passphrase);
  return format === "pem" ? toBuffer(bytes).toString("latin1") : toBuffer(bytes);
}

// Classes.

let wrapKey;

class KeyObject {
  constructor() {
    throw new Error("Illegal constructor");
  }

  static from(key) {
    if (!isKey(key)) throw new ERR_INVALID_ARG_TYPE("key", "CryptoKey", key);
    return wrapKey(key);
  }

  export(options = {}) {
    validateExportOptions(options, this.type);
    return exportKey(recordOfObject(this), options);
  }

  equals(otherKeyObject) {
    if (this === otherKeyObject || this[kHandle] === otherKeyObject[kHandle]) return true;
    if (this.type !== otherKeyObject.type) return false;
    if (!isKey(otherKeyObject[kHandle])) throw new ERR_INVALID_ARG_TYPE("otherKeyObject", "KeyObject", otherKeyObject);
    return equal(recordOfObject(this), recordOfObject(otherKeyObject));
  }

  toCryptoKey(algorithm, extractable, keyUsages) {
    if (keyUsages === undefined || keyUsages === null || typeof keyUsages[SymbolIterator] !== "function") {
      throw new ERR_INVALID_ARG_TYPE("keyUsages", "Iterable", keyUsages);
    }
    return require("node/internal_crypto_web").toCryptoKey(recordOfObject(this), algorithm, extractable, keyUsages);
  }

  get [SymbolToStringTag]() {
    return "KeyObject";
  }
}

function sameBytes(a, b) {
  const length = TypedArrayPrototypeGetByteLength(a);
  if (length !== TypedArrayPrototypeGetByteLength(b)) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

// Nothing is told of a key that may not be exported.
function equal(a, b) {
  if (!a.extractable || !b.extractable) return false;
  if (a.type === "secret") return sameBytes(a.data, b.data);
  if (a.kind !== b.kind || (a.family === undefined) !== (b.family === undefined)) return false;
  return sameBytes(publicData(a), publicData(b));
}

function inspectAs(object, what, depth, options) {
  if (depth < 0) return object;
  const { inspect } = require("node/internal_inspect");
  return `${object.constructor.name} ${inspect(what, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyDetails() {
    return detailsOf(recordOfObject(this));
  }

  get asymmetricKeyType() {
    const { name } = recordOfObject(this);
    return kWebTypes[name] ?? name;
  }

  [kInspect](depth, options) {
    return inspectAs(this, { type: this.asymmetricKeyType, details: this.asymmetricKeyDetails }, depth, options);
  }
}

class PublicKeyObject extends AsymmetricKeyObject {
  export(options) {
    return super.export(options);
  }

  get type() {
    return "public";
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  export(options) {
    return super.export(options);
  }

  get type() {
    return "private";
  }
}

class SecretKeyObject extends KeyObject {
  get symmetricKeySize() {
    return TypedArrayPrototypeGetByteLength(recordOfObject(this).data);
  }

  export(options) {
    return super.export(options);
  }

  get type() {
    return "secret";
  }

  [kInspect](depth, options) {
    return inspectAs(this, { size: this.symmetricKeySize }, depth, options);
  }
}

wrapKey = (key) => {
  const { type } = recordOf(key);
  const Class = type === "secret" ? SecretKeyObject : type === "private" ? PrivateKeyObject : PublicKeyObject;
  const object = ObjectCreate(Class.prototype);
  object[kHandle] = key;
  return object;
};

// Import.

function createSecretKey(key, encoding) {
  if (key === undefined || key === null) throw new ERR_INVALID_ARG_TYPE("key", ["string", "ArrayBuffer", "TypedArray", "DataView"], key);
  let data;
  if (typeof key === "string") data = Buffer.from(key, encoding);
  else if (isSource(key)) data = copyOf(key);
  else throw parameterError("createSecretKey", "CryptoImpl", 1, "BufferSource");
  return wrapKey(secretKey(data));
}

const kSources = ["ArrayBuffer", "Buffer", "TypedArray", "DataView", "string", "object"];

// An argument that describes a key, as { data, format, type, passphrase }, or { jwk }.
function prepare(key, isPrivate) {
  if (key === undefined || key === null) throw new ERR_INVALID_ARG_TYPE("key", kSources, key);
  const bare = typeof key === "string" || isSource(key);
  const { key: data, encoding = "utf8", format = "pem", type, passphrase } = bare ? { key } : key;
  if (data === undefined || data === null || isKeyObject(data) || isKey(data)) throw new ERR_INVALID_ARG_TYPE("options.key", kSources, data);
  if (typeof data === "string" || isSource(data)) {
    validateOneOf(format, "format", ["pem", "der"]);
    if (type !== undefined) validateOneOf(type, "type", isPrivate ? ["pkcs1", "pkcs8", "sec1"] : ["pkcs1", "spki"]);
    return {
      data: toBytes(data, "key", encoding),
      format,
      type: type ?? null,
      passphrase: passphrase === undefined || passphrase === null ? null : toBytes(passphrase, "passphrase", encoding),
      jwk: undefined,
    };
  }
  if (typeof data !== "object") throw new ERR_INVALID_ARG_TYPE("key", kSources, key);
  return { data: undefined, format: "jwk", type: null, passphrase: null, jwk: data };
}

/** The CryptoKey of an argument that describes a private key. */
function privateKeyFrom(key) {
  const input = prepare(key, true);
  if (input.jwk !== undefined) return jwks().fromJwk(input.jwk, true, asymmetricKey);
  const found = ops.op_crypto("node-private-key", input.data, input.format, input.type, input.passphrase);
  if (found === null) throw new Error("Failed to parse private key");
  return asymmetricKey("private", found[0], found[1] ?? kNoBytes);
}

/** The CryptoKey of an argument that describes a public key, or a private one. */
function publicKeyFrom(key) {
  const input = prepare(key, false);
  if (input.jwk !== undefined) return jwks().fromJwk(input.jwk, false, asymmetricKey);
  const found = ops.op_crypto("node-public-key", input.data, input.format, input.type, input.passphrase);
  if (found === null) throw new Error("Failed to parse public key");
  return asymmetricKey("public", found[0], found[1] ?? kNoBytes);
}

function createPrivateKey(key) {
  return wrapKey(privateKeyFrom(key));
}

/** The bytes of the public key of a record's private or public key. */
function publicData(record) {
  return record.type === "public" ? record.data : ops.op_crypto("node-public-of", record.kind, record.data);
}

function createPublicKey(key) {
  const handle = isKeyObject(key) ? key[kHandle] : isKey(key) ? key : undefined;
  if (handle === undefined) return wrapKey(publicKeyFrom(key));
  const record = recordOf(handle);
  if (record.type !== "private") throw new ERR_INVALID_ARG_TYPE("key", "PrivateKeyObject", key);
  // As the reference runtime has it, keys of Web Cryptography are no good for that.
  if (record.family !== undefined) throw new Error("Failed to derive public key from private key");
  return wrapKey(asymmetricKey("public", record.kind, publicData(record)));
}

// Keys as arguments.

/** The bytes of a secret key; undefined if `key` is no key. @throws ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE */
function secretData(key) {
  const record = keyRecord(key);
  if (record === undefined) return undefined;
  if (record.type !== "secret") throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(record.type, "secret");
  return record.data;
}

/** The record of a CryptoKey or KeyObject; undefined if `key` is neither. */
function keyRecord(key) {
  if (isKey(key)) return recordOf(key);
  return isKeyObject(key) && isKey(key[kHandle]) ? recordOf(key[kHandle]) : undefined;
}

module.exports = {
  KeyObject,
  PrivateKeyObject,
  PublicKeyObject,
  SecretKeyObject,
  asymmetricKey,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  isKeyObject,
  keyRecord,
  privateKeyFrom,
  publicData,
  publicKeyFrom,
  secretData,
  validateExportOptions,
  wrapKey: (key) => wrapKey(key),
};

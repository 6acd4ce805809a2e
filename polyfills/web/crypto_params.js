"use strict";
// Arguments of SubtleCrypto's methods. Every algorithm argument is one dictionary with all members that any algorithm of the method
// has, and all are converted, as on the reference runtime. https://w3c.github.io/webcrypto/#algorithm-dictionary

const { ArrayBufferIsView, ArrayIsArray, StringPrototypeSlice, TypeError, TypedArrayPrototypeSlice, Uint8Array } = primordials;
const { isKey } = require("web/crypto_key");
const { upperCase } = require("web/crypto_run");
const { bytesOf, fieldError, isObject, parameterError, toBoolean, toDOMString, toDouble, toLong } = require("core/webidl");

// The reference runtime names its dictionaries in this error by the names that its compiler gives them.
function cannotInitialize(mangled) {
  return new TypeError(`Cannot initialize N7workerd3api12SubtleCrypto${mangled}E with required members from an undefined or null value.`);
}

/** BufferSource: an ArrayBuffer or a view of any buffer. */
function isSource(v) {
  return ArrayBufferIsView(v) || (typeof v === "object" && v !== null && ops.op_value_kind(v) === "ArrayBuffer");
}

/** The bytes of a BufferSource; none if it is detached. */
function toBytes(source) {
  try {
    return bytesOf(source);
  } catch {
    return new Uint8Array(0);
  }
}

/** A copy of them. */
function copyBytes(source) {
  return TypedArrayPrototypeSlice(toBytes(source));
}

/** The error of argument `index`, which counts from 1. */
function badArgument(method, index, type) {
  return parameterError(method, "SubtleCrypto", index, type);
}

function source(args, index, method) {
  if (!isSource(args[index])) throw badArgument(method, index + 1, "BufferSource");
  return toBytes(args[index]);
}

function key(args, index, method) {
  if (!isKey(args[index])) throw badArgument(method, index + 1, "CryptoKey");
  return args[index];
}

function string(args, index, method) {
  if (args.length <= index) throw badArgument(method, index + 1, "string");
  return toDOMString(args[index]);
}

function boolean(args, index, method) {
  if (args.length <= index) throw badArgument(method, index + 1, "boolean");
  return toBoolean(args[index]);
}

function strings(args, index, method) {
  const list = args[index];
  if (!ArrayIsArray(list)) throw badArgument(method, index + 1, "Array");
  return toStrings(list);
}

/** The optional number of bits of deriveBits(). */
function length(args, index) {
  const v = args[index];
  if (v === undefined || v === null) return undefined;
  const bits = toLong(v);
  if (bits < 0) throw new TypeError("deriveBits length must be an unsigned long integer.");
  return bits;
}

function toStrings(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = toDOMString(list[i]);
  return out;
}

// Members of dictionaries; all are optional.

function sourceMember(object, member, dictionary) {
  const v = object[member];
  if (v === undefined) return undefined;
  if (!isSource(v)) throw fieldError(member, dictionary, "BufferSource");
  return toBytes(v);
}

function longMember(object, member) {
  const v = object[member];
  return v === undefined ? undefined : toLong(v);
}

function stringMember(object, member) {
  const v = object[member];
  return v === undefined ? undefined : toDOMString(v);
}

function hashMember(object) {
  const v = object.hash;
  return v === undefined ? undefined : hashName(v);
}

/** The name in a HashAlgorithm, a string or { name }. https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm */
function hashName(v) {
  if (v === undefined || v === null) throw cannotInitialize("13HashAlgorithm");
  return isObject(v) ? nameOf(v, "HashAlgorithm") : toDOMString(v);
}

// Algorithms: a string stands for { name }. What they become has all members of its own, so that no prototype matters.

const kEmpty = { __proto__: null };

// The one member that has no default. The reference runtime makes "undefined" of a missing one.
function nameOf(v, dictionary) {
  const name = v.name;
  if (name === undefined) throw fieldError("name", dictionary, "string");
  return toDOMString(name);
}

function algorithm(args, index, method, dictionary, mangled, convert) {
  if (args.length <= index) throw badArgument(method, index + 1, `string or ${dictionary}`);
  const v = args[index];
  if (v === undefined || v === null) throw cannotInitialize(mangled);
  return isObject(v) ? convert(nameOf(v, dictionary), v) : convert(toDOMString(v), kEmpty);
}

const encryptAlgorithm = (args, index, method) => algorithm(args, index, method, "EncryptAlgorithm", "16EncryptAlgorithm", convertEncrypt);

function convertEncrypt(name, v) {
  const iv = sourceMember(v, "iv", "EncryptAlgorithm");
  const additionalData = sourceMember(v, "additionalData", "EncryptAlgorithm");
  const tag = v.tagLength;
  const tagLength = tag === undefined ? undefined : toDouble(tag);
  const counter = sourceMember(v, "counter", "EncryptAlgorithm");
  const length = longMember(v, "length");
  const label = sourceMember(v, "label", "EncryptAlgorithm");
  return { name, iv, additionalData, tagLength, counter, length, label };
}

const signAlgorithm = (args, index, method) => algorithm(args, index, method, "SignAlgorithm", "13SignAlgorithm", convertSign);

function convertSign(name, v) {
  const hash = hashMember(v);
  const dataLength = longMember(v, "dataLength");
  const saltLength = longMember(v, "saltLength");
  const context = sourceMember(v, "context", "SignAlgorithm");
  const converted = { name, hash, dataLength, saltLength, context, customization: undefined, outputLength: undefined };
  if (StringPrototypeSlice(upperCase(name), 0, 4) === "KMAC") {
    converted.customization = sourceMember(v, "customization", "SignAlgorithm");
    converted.outputLength = longMember(v, "outputLength") ?? longMember(v, "length");
  }
  return converted;
}

const generateAlgorithm = (args, index, method) => algorithm(args, index, method, "GenerateKeyAlgorithm", "20GenerateKeyAlgorithm", convertGenerate);

function convertGenerate(name, v) {
  const hash = hashMember(v);
  const modulusLength = longMember(v, "modulusLength");
  const publicExponent = sourceMember(v, "publicExponent", "GenerateKeyAlgorithm");
  const length = longMember(v, "length");
  const namedCurve = stringMember(v, "namedCurve");
  return { name, hash, modulusLength, publicExponent, length, namedCurve };
}

const importAlgorithm = (args, index, method) => algorithm(args, index, method, "ImportKeyAlgorithm", "18ImportKeyAlgorithm", convertImport);

function convertImport(name, v) {
  const hash = hashMember(v);
  const length = longMember(v, "length");
  const namedCurve = stringMember(v, "namedCurve");
  void v.compressed;
  return { name, hash, length, namedCurve };
}

/** Parameters of the digests that have any. https://wicg.github.io/webcrypto-modern-algos/#cshake-params */
function digestParams(v) {
  if (!isObject(v)) return { outputLength: undefined, functionName: undefined, customization: undefined };
  const outputLength = longMember(v, "outputLength") ?? longMember(v, "length");
  const functionName = sourceMember(v, "functionName", "HashAlgorithm");
  return { outputLength, functionName, customization: sourceMember(v, "customization", "HashAlgorithm") };
}

const deriveAlgorithm = (args, index, method) => algorithm(args, index, method, "DeriveKeyAlgorithm", "18DeriveKeyAlgorithm", convertDerive);

function convertDerive(name, v) {
  const salt = sourceMember(v, "salt", "DeriveKeyAlgorithm");
  const iterations = longMember(v, "iterations");
  const hash = hashMember(v);
  const other = v.public;
  if (other !== undefined && !isKey(other)) throw fieldError("public", "DeriveKeyAlgorithm", "CryptoKey");
  const info = sourceMember(v, "info", "DeriveKeyAlgorithm");
  return { name, salt, iterations, hash, public: other, info };
}

// JSON Web Keys. https://w3c.github.io/webcrypto/#JsonWebKey-dictionary

/** The members of a JsonWebKey; those that are no strings are checked here as well. */
function toJwk(v) {
  if (v === undefined || v === null) throw cannotInitialize("10JsonWebKey");
  const jwk = { __proto__: null, kty: toDOMString(v.kty), use: stringMember(v, "use") };
  const keyOps = v.key_ops;
  if (keyOps !== undefined && !ArrayIsArray(keyOps)) throw fieldError("key_ops", "JsonWebKey", "Array");
  jwk.key_ops = keyOps === undefined ? undefined : toStrings(keyOps);
  jwk.alg = stringMember(v, "alg");
  const ext = v.ext;
  jwk.ext = ext === undefined ? undefined : toBoolean(ext);
  const names = ["crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi"];
  for (let i = 0; i < names.length; i++) jwk[names[i]] = stringMember(v, names[i]);
  jwk.oth = toOtherPrimes(v.oth);
  jwk.k = stringMember(v, "k");
  jwk.pub = stringMember(v, "pub");
  jwk.priv = stringMember(v, "priv");
  return jwk;
}

/** Whether there are other primes: no algorithm takes them, so their values do not matter. */
function toOtherPrimes(v) {
  if (v === undefined) return false;
  if (!ArrayIsArray(v)) throw fieldError("oth", "JsonWebKey", "Array");
  for (let i = 0; i < v.length; i++) {
    const info = v[i];
    if (info === undefined || info === null) continue;
    if (!isObject(info)) throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'RsaOtherPrimesInfo'.`);
    stringMember(info, "r");
    stringMember(info, "d");
    stringMember(info, "t");
  }
  return true;
}

/** ImportKeyData: bytes, or the members of a JSON Web Key. */
function importData(args, index, method) {
  const v = args[index];
  if (isSource(v)) return copyBytes(v);
  if (args.length > index) {
    if (v === undefined || v === null || isObject(v)) return toJwk(v);
  }
  throw badArgument(method, index + 1, "BufferSource or JsonWebKey");
}

/** A member that an algorithm needs. */
function required(value, member, where) {
  if (value === undefined) throw new TypeError(`Missing field "${member}" in "${where}".`);
  return value;
}

module.exports = {
  isSource, toBytes, copyBytes, source, key, string, boolean, strings, length, hashName, encryptAlgorithm, signAlgorithm, generateAlgorithm,
  importAlgorithm, deriveAlgorithm, digestParams, importData, toJwk, required, badArgument,
};

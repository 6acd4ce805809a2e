"use strict";
// Generation of keys. https://nodejs.org/docs/latest-v22.x/api/crypto.html#cryptogeneratekeypairtype-options-callback

const { Error, MathFloor, ObjectDefineProperty, PromisePrototypeThen, RangeError, ReflectApply, SymbolFor, TypedArrayPrototypeGetByteLength } = primordials;
const { ERR_INVALID_ARG_TYPE } = require("node/internal_errors");
const { ERR_INCOMPATIBLE_OPTION_PAIR, ERR_MISSING_OPTION } = require("node/internal_crypto_errors");
const { bytesOf, isSource } = require("node/internal_crypto_util");
const keys = require("node/internal_crypto_keys");
const { curveNamed } = require("node/internal_crypto_jwk");
const { randomBytes } = require("node/internal_crypto_random");
const { validateFunction, validateInt32, validateInteger, validateObject, validateOneOf, validateString, validateUint32 } = require("node/internal_validators");
const { queueMicrotask, reportError } = require("web/timers");
const { run } = require("web/crypto_run");

// Secret keys.

function generateKeySync(type, options) {
  validateOneOf(type, "type", ["hmac", "aes"]);
  validateObject(options, "options");
  const { length } = options;
  if (type === "hmac") validateInteger(length, "options.length", 8, 65536);
  else validateOneOf(length, "options.length", [128, 192, 256]);
  return keys.createSecretKey(randomBytes(MathFloor(length / 8)));
}

// Calls back in a microtask; what a callback throws is reported.
function callLater(callback, args) {
  queueMicrotask(() => {
    try {
      ReflectApply(callback, undefined, args);
    } catch (error) {
      reportError(error);
    }
  });
}

function generateKey(type, options, callback) {
  let args;
  try {
    args = [null, generateKeySync(type, options)];
  } catch (error) {
    args = [error];
  }
  callLater(callback, args);
}

// Pairs. A plan is [kind, ops arguments that give the private key's data, whether SEC 1 leaves the curve away].

const kMaxModulus = 16384;

function planRSA({ modulusLength, publicExponent = 0x10001 }) {
  validateUint32(modulusLength, "options.modulusLength");
  validateUint32(publicExponent, "options.publicExponent");
  if (modulusLength > kMaxModulus) throw new RangeError(`RSA modulusLength exceeds maximum (${kMaxModulus})`);
  if (modulusLength < 256) throw new Error("Failed to set modulus length");
  return ["RSA", ["node-rsa-generate", modulusLength, publicExponent], false];
}

function planEC({ namedCurve, paramEncoding = "named" }) {
  validateString(namedCurve, "options.namedCurve");
  validateOneOf(paramEncoding, "options.paramEncoding", ["named", "explicit"]);
  const curve = curveNamed(namedCurve);
  if (curve === undefined) throw new Error(namedCurve === "secp256k1" ? "Failed to initialize key" : "Invalid or unsupported curve");
  return [curve, ["ec-generate", curve], paramEncoding === "named"];
}

function planDH(options) {
  const { prime, primeLength, generator, group, groupName } = options;
  if (generator !== undefined && generator !== null) validateInt32(generator, "options.generator", 0);
  if ((group !== undefined && group !== null) || (groupName !== undefined && groupName !== null)) {
    refusePair("group", "prime", prime);
    refusePair("group", "primeLength", primeLength);
    refusePair("group", "generator", generator);
    const name = group || groupName;
    validateString(name, "options.group");
    const found = ops.op_crypto("node-dh-group", name);
    if (found === null) throw new Error("Invalid or unsupported group");
    return ["DH", ["node-dh-pair", found, 2], false];
  }
  if (prime !== undefined && prime !== null) {
    refusePair("prime", "primeLength", primeLength);
    if (!isSource(prime)) throw new ERR_INVALID_ARG_TYPE("options.prime", ["Buffer", "TypedArray", "ArrayBuffer"], prime);
    const bytes = bytesOf(prime);
    if (TypedArrayPrototypeGetByteLength(bytes) > 1024) throw new RangeError("DH prime exceeds maximum size");
    return ["DH", ["node-dh-pair", bytes, generator ?? 2], false];
  }
  if (primeLength === undefined || primeLength === null) throw new ERR_MISSING_OPTION("At least one of the group, prime, or primeLength options");
  validateInt32(primeLength, "options.primeLength", 0);
  throw new Error("Generating DH keys from a prime length is not yet implemented");
}

function refusePair(first, second, value) {
  if (value !== undefined && value !== null) throw new ERR_INCOMPATIBLE_OPTION_PAIR(first, second);
}

function plan(type, options) {
  validateOneOf(type, "type", ["rsa", "ec", "ed25519", "x25519", "dh"]);
  validateObject(options, "options");
  const { publicKeyEncoding, privateKeyEncoding } = options;
  if (publicKeyEncoding !== undefined) keys.validateExportOptions(publicKeyEncoding, "public", "options.publicKeyEncoding");
  if (privateKeyEncoding !== undefined) keys.validateExportOptions(privateKeyEncoding, "private", "options.privateKeyEncoding");
  switch (type) {
    case "rsa":
      return planRSA(options);
    case "ec":
      return planEC(options);
    case "dh":
      return planDH(options);
    default:
      return type === "ed25519" ? ["Ed25519", ["ed-generate"], false] : ["X25519", ["x-generate"], false];
  }
}

function pairOf(kind, data, bare, { publicKeyEncoding, privateKeyEncoding }) {
  if (data === null) throw new Error("Failed to generate key");
  const privateKey = keys.wrapKey(keys.asymmetricKey("private", kind, data, bare));
  const publicKey = keys.createPublicKey(privateKey);
  return {
    publicKey: publicKeyEncoding === undefined ? publicKey : publicKey.export(publicKeyEncoding),
    privateKey: privateKeyEncoding === undefined ? privateKey : privateKey.export(privateKeyEncoding),
  };
}

function generateKeyPairSync(type, options = {}) {
  const [kind, args, bare] = plan(type, options);
  return pairOf(kind, ReflectApply(ops.op_crypto, undefined, args), bare, options);
}

function generateKeyPair(type, options, callback) {
  validateFunction(callback, "callback");
  let outcome;
  try {
    const [kind, args, bare] = plan(type, options);
    if (kind === "RSA") {
      const made = run(true, (data) => pairOf(kind, data, bare, options), args);
      PromisePrototypeThen(made, (pair) => callLater(callback, [null, pair.publicKey, pair.privateKey]), (error) => callLater(callback, [error]));
      return;
    }
    const { publicKey, privateKey } = pairOf(kind, ReflectApply(ops.op_crypto, undefined, args), bare, options);
    outcome = [null, publicKey, privateKey];
  } catch (error) {
    outcome = [error];
  }
  callLater(callback, outcome);
}
ObjectDefineProperty(generateKeyPair, SymbolFor("nodejs.util.promisify.custom.args"), { __proto__: null, value: ["publicKey", "privateKey"] });

module.exports = { generateKey, generateKeyPair, generateKeyPairSync, generateKeySync };

"use strict";
// CryptoKey, and what keys may be used for. https://w3c.github.io/webcrypto/#cryptokey-interface
// The bytes of a key are in a private field and leave it only through exportKey() and wrapKey().

const { ArrayPrototypePush, ObjectDefineProperty } = primordials;
const { DOMException } = require("web/dom_exception");
const { define, illegalConstructor, kConstruct } = require("core/webidl");

// Usages are bits, in the order in which the reference runtime lists them.
const kUsages = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey",
  "encapsulateKey", "encapsulateBits", "decapsulateKey", "decapsulateBits"];
const usage = { __proto__: null, encrypt: 1, decrypt: 2, sign: 4, verify: 8, deriveKey: 16, deriveBits: 32, wrapKey: 64, unwrapKey: 128,
  encapsulateKey: 256, encapsulateBits: 512, decapsulateKey: 1024, decapsulateBits: 2048 };
const kEncapsulateUsages = usage.encapsulateKey | usage.encapsulateBits;
const kDecapsulateUsages = usage.decapsulateKey | usage.decapsulateBits;
const kPublicUsages = usage.encrypt | usage.verify | usage.wrapKey | kEncapsulateUsages;
const kPrivateUsages = usage.decrypt | usage.sign | usage.unwrapKey | usage.deriveKey | usage.deriveBits | kDecapsulateUsages;
const kDeriveUsages = usage.deriveKey | usage.deriveBits;

/** The DOMException of that name, which is not the language's SyntaxError. */
function syntaxError(message) {
  return new DOMException(message, "SyntaxError");
}

/** The names of a set of usages. */
function usageNames(set) {
  const names = [];
  for (let i = 0; i < kUsages.length; i++) if ((set & (1 << i)) !== 0) ArrayPrototypePush(names, kUsages[i]);
  return names;
}

/**
 * The set of `names`.
 * @param {string} action "generate", "import secret", "import public" or "import private", for the error
 * @param {number} allowed the usages that the algorithm has for such a key
 */
function usageSet(name, action, names, allowed) {
  let set = 0;
  for (let i = 0; i < names.length; i++) {
    const bit = usage[names[i]];
    if (bit === undefined || (bit & allowed) === 0) {
      throw syntaxError(`Attempt to ${action} ${name} key with invalid usage "${names[i]}".`);
    }
    set |= bit;
  }
  return set;
}

// Used again and again, since such objects are slow to make.
const descriptor = { __proto__: null, value: undefined, writable: false, enumerable: true, configurable: true };

function defineOwn(key, name, value) {
  descriptor.value = value;
  ObjectDefineProperty(key, name, descriptor);
}

let isKey;
let recordOf;

class CryptoKey {
  #record;
  constructor(token, record) {
    if (token !== kConstruct) throw illegalConstructor();
    this.#record = record;
    defineOwn(this, "usages", usageNames(record.usages));
    defineOwn(this, "algorithm", record.algorithm);
    defineOwn(this, "extractable", record.extractable);
    defineOwn(this, "type", record.type);
  }
  static {
    isKey = (value) => typeof value === "object" && value !== null && #record in value;
    recordOf = (key) => key.#record;
  }
}
define(CryptoKey, "CryptoKey");

/**
 * Makes a key.
 * @param {object} family the module of its algorithm, see crypto_algorithms.js
 * @param {string} type "secret", "public" or "private"
 * @param {object} algorithm what scripts see
 * @param {Uint8Array} data nobody else may hold it
 * @param {string} [kind] of a public-key algorithm's data, see hostops/crypto_formats.go
 */
function makeKey(family, name, type, algorithm, extractable, usages, data, kind = undefined) {
  // Scripts may change the object that they see.
  const { hash, namedCurve: curve, modulusLength: modulus } = algorithm;
  return new CryptoKey(kConstruct, { family, name, type, algorithm, extractable, usages, data, kind, hash: hash?.name, curve, modulus });
}

module.exports = { CryptoKey, isKey, recordOf, makeKey, syntaxError, usage, usageNames, usageSet, kPublicUsages, kPrivateUsages, kDeriveUsages,
  kEncapsulateUsages, kDecapsulateUsages };

"use strict";
// X509Certificate. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-x509certificate
// What a certificate says is read once, by hostops/node_x509.go; the questions to it are asked there, too.

const {
  ArrayBufferIsView,
  ArrayIsArray,
  ArrayPrototypePush,
  BigIntPrototypeToString,
  Error,
  JSONParse,
  ObjectHasOwn,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeToUpperCase,
} = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = require("node/internal_errors");
const { PrivateKeyObject, PublicKeyObject, asymmetricKey, keyRecord, publicData, wrapKey } = require("node/internal_crypto_keys");
const { bytesOf, toBigInt, toBuffer } = require("node/internal_crypto_util");
const { validateBoolean, validateObject, validateString } = require("node/internal_validators");

const kCurves = {
  __proto__: null,
  "P-256": { bits: 256, asn1: "prime256v1" },
  "P-384": { bits: 384, asn1: "secp384r1" },
  "P-521": { bits: 521, asn1: "secp521r1" },
  "P-224": { bits: 224, asn1: "secp224r1" },
};

const kSwitches = ["multiLabelWildcards", "partialWildcards", "singleLabelSubdomains", "wildcards"];
const kSubjects = { __proto__: null, default: true, always: true, never: false };

// The options of the checks, of which BoringSSL knows these two.
function checkOptions(options) {
  if (options === undefined || options === null) return { wildcards: true, subject: true };
  validateObject(options, "options");
  for (let i = 0; i < kSwitches.length; i++) if (options[kSwitches[i]] !== undefined) validateBoolean(options[kSwitches[i]], `options.${kSwitches[i]}`);
  const { wildcards = true, subject = "default" } = options;
  validateString(subject, "options.subject");
  if (kSubjects[subject] === undefined) throw new Error("Invalid subject option");
  return { wildcards, subject: kSubjects[subject] };
}

/** A distinguished name as an object; what there is more than once is a list. */
function nameObject(entries) {
  if (entries === null) return undefined;
  const result = {};
  for (let i = 0; i < entries.length; i += 2) {
    const name = entries[i];
    const value = entries[i + 1];
    if (!ObjectHasOwn(result, name)) result[name] = value;
    else if (ArrayIsArray(result[name])) ArrayPrototypePush(result[name], value);
    else result[name] = [result[name], value];
  }
  return result;
}

// "OCSP - URI:http://a" and so on, as an object of lists.
function accessObject(text) {
  const result = { __proto__: null };
  const lines = StringPrototypeSplit(text ?? "", "\n");
  for (let i = 0; i < lines.length; i++) {
    const colon = StringPrototypeIndexOf(lines[i], ":");
    if (colon === -1) continue;
    const name = StringPrototypeSlice(lines[i], 0, colon);
    const value = StringPrototypeSlice(lines[i], colon + 1);
    if (result[name] === undefined) result[name] = [];
    ArrayPrototypePush(result[name], value[0] === '"' ? JSONParse(value) : value);
  }
  return { ...result };
}

const kLine = 64;

function toPem(raw) {
  const text = toBuffer(raw).toString("base64");
  let result = "-----BEGIN CERTIFICATE-----\n";
  for (let i = 0; i < text.length; i += kLine) result += `${StringPrototypeSlice(text, i, i + kLine)}\n`;
  return `${result}-----END CERTIFICATE-----\n`;
}

// What the legacy object says of a key.
function keyFields({ kind, key, spki }) {
  if (kind === "RSA") {
    const numbers = ops.op_crypto("rsa-numbers", key);
    const modulus = toBigInt(numbers[0]);
    return {
      modulus: StringPrototypeToUpperCase(toBuffer(numbers[0]).toString("hex")),
      bits: BigIntPrototypeToString(modulus, 2).length,
      exponent: `0x${BigIntPrototypeToString(toBigInt(numbers[1]), 16)}`,
      pubkey: Buffer.from(spki),
    };
  }
  const curve = kCurves[kind];
  return curve === undefined ? {} : { bits: curve.bits, pubkey: Buffer.from(key), asn1Curve: curve.asn1, nistCurve: kind };
}

class X509Certificate {
  // What hostops/node_x509.go has read.
  #said;
  #raw;
  #publicKey;
  #legacy;

  constructor(buffer) {
    if (typeof buffer === "string") buffer = Buffer.from(buffer);
    if (!ArrayBufferIsView(buffer)) throw new ERR_INVALID_ARG_TYPE("buffer", ["string", "Buffer", "TypedArray", "DataView"], buffer);
    const read = ops.op_crypto("node-x509", bytesOf(buffer));
    if (read === null) throw new ERR_INVALID_ARG_VALUE("buffer", buffer, "is not a valid certificate");
    this.#said = {
      __proto__: null,
      raw: read[0],
      subject: read[1],
      issuer: read[2],
      subjectAltName: read[3] ?? undefined,
      infoAccess: read[4] ?? undefined,
      validFrom: read[5],
      validTo: read[6],
      keyUsage: read[7] ?? undefined,
      serialNumber: read[8],
      ca: read[9],
      fingerprint: read[10],
      fingerprint256: read[11],
      fingerprint512: read[12],
      kind: read[13],
      key: read[14],
      spki: read[15],
      subjectEntries: read[16],
      issuerEntries: read[17],
    };
  }

  get subject() {
    return this.#said.subject;
  }

  get subjectAltName() {
    return this.#said.subjectAltName;
  }

  get issuer() {
    return this.#said.issuer;
  }

  // Only a connection could know it.
  get issuerCertificate() {
    return void this.#said;
  }

  get infoAccess() {
    return this.#said.infoAccess;
  }

  get validFrom() {
    return this.#said.validFrom;
  }

  get validTo() {
    return this.#said.validTo;
  }

  get fingerprint() {
    return this.#said.fingerprint;
  }

  get fingerprint256() {
    return this.#said.fingerprint256;
  }

  get fingerprint512() {
    return this.#said.fingerprint512;
  }

  get keyUsage() {
    return this.#said.keyUsage;
  }

  get serialNumber() {
    return this.#said.serialNumber;
  }

  get raw() {
    return (this.#raw ??= Buffer.from(this.#said.raw));
  }

  get publicKey() {
    const { kind, key } = this.#said;
    if (kind === "") throw new Error("Failed to parse public key");
    return (this.#publicKey ??= wrapKey(asymmetricKey("public", kind, key)));
  }

  toString() {
    return toPem(this.#said.raw);
  }

  toJSON() {
    return this.toString();
  }

  get ca() {
    return this.#said.ca;
  }

  checkHost(name, options) {
    validateString(name, "name");
    const { wildcards, subject } = checkOptions(options);
    return ops.op_crypto("node-x509-host", this.#said.raw, name, wildcards, subject) ?? undefined;
  }

  checkEmail(email, options) {
    validateString(email, "email");
    const { subject } = checkOptions(options);
    return ops.op_crypto("node-x509-email", this.#said.raw, email, subject) === null ? undefined : email;
  }

  checkIP(ip, options) {
    validateString(ip, "ip");
    checkOptions(options);
    return ops.op_crypto("node-x509-ip", this.#said.raw, ip) ? ip : undefined;
  }

  checkIssued(otherCert) {
    if (typeof otherCert !== "object" || otherCert === null || !(#said in otherCert)) throw new ERR_INVALID_ARG_TYPE("otherCert", "X509Certificate", otherCert);
    return ops.op_crypto("node-x509-issued", this.#said.raw, otherCert.#said.raw);
  }

  checkPrivateKey(pkey) {
    const record = pkey instanceof PrivateKeyObject ? keyRecord(pkey) : undefined;
    if (record === undefined) throw new ERR_INVALID_ARG_TYPE("pkey", "KeyObject", pkey);
    const { kind, key } = this.#said;
    if (record.kind !== kind || kind === "") return false;
    const own = toBuffer(publicData(record));
    return own.length > 0 && own.equals(key);
  }

  verify(pkey) {
    const record = pkey instanceof PublicKeyObject ? keyRecord(pkey) : undefined;
    if (record === undefined) throw new ERR_INVALID_ARG_TYPE("pkey", "KeyObject", pkey);
    return ops.op_crypto("node-x509-verify", this.#said.raw, record.kind ?? "", record.data);
  }

  toLegacyObject() {
    if (this.#legacy !== undefined) return this.#legacy;
    const said = this.#said;
    const { modulus, bits, exponent, pubkey, asn1Curve, nistCurve } = keyFields(said);
    this.#legacy = {
      subject: nameObject(said.subjectEntries),
      subjectAltName: said.subjectAltName ?? "",
      infoAccess: accessObject(said.infoAccess),
      issuer: nameObject(said.issuerEntries),
      ca: said.ca,
      modulus,
      bits,
      exponent,
      pubkey,
      asn1Curve,
      nistCurve,
      valid_from: said.validFrom,
      valid_to: said.validTo,
      fingerprint: said.fingerprint,
      fingerprint256: said.fingerprint256,
      fingerprint512: said.fingerprint512,
      serialNumber: said.serialNumber,
      ext_key_usage: said.keyUsage,
      raw: Buffer.from(said.raw),
    };
    return this.#legacy;
  }
}

module.exports = { X509Certificate };

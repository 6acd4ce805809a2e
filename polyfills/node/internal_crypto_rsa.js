"use strict";
// Encryption with RSA. https://nodejs.org/docs/latest-v22.x/api/crypto.html#cryptopublicencryptkey-buffer

const { Error } = primordials;
const { Buffer } = require("node/internal_buffer");
const { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } = require("node/internal_errors");
const { ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE } = require("node/internal_crypto_errors");
const { bytesOf, isSource, toBuffer } = require("node/internal_crypto_util");
const { digestNamed } = require("node/internal_crypto_hash");
const keys = require("node/internal_crypto_keys");
const { validateNumber, validateString } = require("node/internal_validators");
const { parameterError } = require("core/webidl");
const { recordOf } = require("web/crypto_key");

const kPKCS1 = 1;
const kOAEP = 4;

function keyOf(argument, type) {
  const record = keys.keyRecord(argument);
  if (record === undefined) return recordOf(type === "private" ? keys.privateKeyFrom(argument) : keys.publicKeyFrom(argument));
  if (record.type !== type) throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(record.type, type);
  return record;
}

function labelOf({ oaepLabel, encoding = "utf8" }) {
  if (oaepLabel === undefined) return null;
  if (typeof oaepLabel === "string") return Buffer.from(oaepLabel, encoding);
  if (isSource(oaepLabel)) return bytesOf(oaepLabel);
  throw new ERR_INVALID_ARG_TYPE("options.oaepLabel", ["string", "Buffer", "TypedArray", "DataView", "ArrayBuffer"], oaepLabel);
}

// The arguments of all four: key, data, padding, digest and label.
function prepare(argument, buffer, type, method, name) {
  if (argument === undefined) throw new ERR_MISSING_ARGS(name);
  if (buffer === undefined) throw new ERR_MISSING_ARGS("buffer");
  const record = keyOf(argument, type);
  if (typeof buffer === "string") {
    const { encoding = "utf8" } = argument;
    buffer = Buffer.from(buffer, encoding);
  }
  const { padding = kPKCS1, oaepHash = "sha256" } = argument;
  validateNumber(padding, "options.padding");
  validateString(oaepHash, "options.oaepHash");
  const label = labelOf(argument);
  if (!isSource(buffer)) throw parameterError(method, "CryptoImpl", 2, "BufferSource");
  if (record.kind === undefined) throw new Error("No key provided");
  if (record.kind !== "RSA") throw new Error("publicEncrypt() currently only supports RSA keys");
  return { record, padding: padding | 0, oaepHash, label, data: bytesOf(buffer) };
}

function checkOAEP({ padding, oaepHash, label }) {
  const digest = oaepHash === "" ? "sha1" : digestNamed(oaepHash);
  if (digest === undefined) throw new Error("Unsupported hash digest");
  if (padding !== 1 && padding !== 3 && padding !== kOAEP && padding !== 6) throw new Error("Failed to set the padding");
  if (label !== null && padding !== kOAEP) throw new Error("Failed to set the OAEP label");
  return digest;
}

function publicEncrypt(key, buffer) {
  const request = prepare(key, buffer, "public", "publicEncrypt", "key");
  const digest = checkOAEP(request);
  return toBuffer(ops.op_crypto("node-rsa-encrypt", keys.publicData(request.record), request.padding, digest, request.label, request.data));
}

function privateDecrypt(privateKey, buffer) {
  const request = prepare(privateKey, buffer, "private", "privateDecrypt", "privateKey");
  const digest = checkOAEP(request);
  return toBuffer(ops.op_crypto("node-rsa-decrypt", request.record.data, request.padding, digest, request.label, request.data));
}

function privateEncrypt(privateKey, buffer) {
  const { record, padding, data } = prepare(privateKey, buffer, "private", "privateEncrypt", "privateKey");
  return toBuffer(ops.op_crypto("node-private-encrypt", record.data, padding, data));
}

function publicDecrypt(key, buffer) {
  const { record, padding, data } = prepare(key, buffer, "public", "publicDecrypt", "key");
  return toBuffer(ops.op_crypto("node-public-decrypt", keys.publicData(record), padding, data));
}

module.exports = { privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt };

"use strict";
// A KeyObject as a CryptoKey that SubtleCrypto takes. https://nodejs.org/docs/latest-v22.x/api/crypto.html#keyobjecttocryptokeyalgorithm-extractable-keyusages

const { importNow } = require("web/crypto_operations");
const params = require("web/crypto_params");

function toCryptoKey(record, algorithm, extractable, keyUsages) {
  const converted = params.importAlgorithm([algorithm], 0, "importKey");
  const usages = params.strings([keyUsages], 0, "importKey");
  const { data, kind, type } = record;
  if (type === "secret") return importNow("raw", data, converted, !!extractable, usages);
  const isPrivate = type === "private";
  const form = isPrivate ? "pkcs8" : "spki";
  return importNow(form, ops.op_crypto("node-export", kind, data, isPrivate, "der", form, false, null, null), converted, !!extractable, usages);
}

module.exports = { toCryptoKey };

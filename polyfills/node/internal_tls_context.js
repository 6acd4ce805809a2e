"use strict";
// tls.SecureContext: the platform chooses what it would say, so it says nothing. https://nodejs.org/docs/latest-v22.x/api/tls.html#tlscreatesecurecontextoptions

const {
  ArrayPrototypePush,
  FunctionPrototypeSymbolHasInstance,
  JSONParse,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
} = primordials;
const { validateInteger } = require("node/internal_validators");

function SecureContext(secureProtocol, secureOptions, minVersion, maxVersion) {
  if (!FunctionPrototypeSymbolHasInstance(SecureContext, this)) return new SecureContext(secureProtocol, secureOptions, minVersion, maxVersion);
  if (secureOptions !== undefined) validateInteger(secureOptions, "secureOptions");
  this.context = undefined;
  return this;
}

function createSecureContext(options = {}) {
  return new SecureContext(options.secureProtocol, options.secureOptions, options.minVersion, options.maxVersion);
}

// "key:value" lines as { key: [values] }.
function readInfo(text) {
  const info = { __proto__: null };
  const lines = StringPrototypeSplit(text, "\n");
  for (let i = 0; i < lines.length; i++) {
    const colon = StringPrototypeIndexOf(lines[i], ":");
    if (colon === -1) continue;
    const key = StringPrototypeSlice(lines[i], 0, colon);
    let value = StringPrototypeSlice(lines[i], colon + 1);
    if (StringPrototypeStartsWith(value, '"')) value = JSONParse(value);
    ArrayPrototypePush((info[key] ??= []), value);
  }
  return info;
}

function translatePeerCertificate(c) {
  if (!c) return null;
  const { issuerCertificate } = c;
  if (issuerCertificate !== undefined && issuerCertificate !== null && issuerCertificate !== c) c.issuerCertificate = translatePeerCertificate(issuerCertificate);
  if (c.infoAccess !== undefined && c.infoAccess !== null) c.infoAccess = readInfo(c.infoAccess);
  return c;
}

module.exports = { SecureContext, createSecureContext, translatePeerCertificate };

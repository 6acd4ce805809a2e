"use strict";
// Certificate: signed public keys and challenges. https://nodejs.org/docs/latest-v22.x/api/crypto.html#class-certificate

const { Buffer } = require("node/internal_buffer");
const { toBuffer, toBytes } = require("node/internal_crypto_util");

function read(what, spkac, encoding) {
  return ops.op_crypto("node-spkac", what, toBytes(spkac, "spkac", encoding));
}

function verifySpkac(spkac, encoding) {
  return read("verify", spkac, encoding) === true;
}

function exportPublicKey(spkac, encoding) {
  const bytes = read("key", spkac, encoding);
  return bytes === null ? Buffer.alloc(0) : toBuffer(bytes);
}

function exportChallenge(spkac, encoding) {
  const bytes = read("challenge", spkac, encoding);
  return bytes === null ? Buffer.alloc(0) : toBuffer(bytes);
}

// It can be called without `new`.
function Certificate() {
  return new.target === undefined ? new Certificate() : this;
}
Certificate.prototype.verifySpkac = verifySpkac;
Certificate.prototype.exportPublicKey = exportPublicKey;
Certificate.prototype.exportChallenge = exportChallenge;
Certificate.exportChallenge = exportChallenge;
Certificate.exportPublicKey = exportPublicKey;
Certificate.verifySpkac = verifySpkac;

module.exports = { Certificate };

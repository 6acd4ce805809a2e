"use strict";
// What makes an object a KeyObject: this property holds its CryptoKey.

const { Symbol } = primordials;

const kHandle = Symbol("kHandle");

function isKeyObject(value) {
  return typeof value === "object" && value !== null && kHandle in value;
}

module.exports = { kHandle, isKeyObject };

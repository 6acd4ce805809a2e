"use strict";
// node:zlib, https://nodejs.org/docs/latest-v22.x/api/zlib.html

const { Error, ObjectAssign, ObjectDefineProperty, ObjectKeys } = primordials;
const { state } = require("core/worker");
const { codes, constants } = require("node/internal_zlib_constants");
const functions = require("node/internal_zlib");
const { classes } = require("node/internal_zlib_streams");

function missing() {
  throw new Error('Compatibility flag "nodejs_zlib" is not enabled');
}

function named(fn, name, length) {
  ObjectDefineProperty(fn, "name", { __proto__: null, value: name, configurable: true });
  return ObjectDefineProperty(fn, "length", { __proto__: null, value: length, configurable: true });
}

const exported = { crc32: functions.crc32, codes, constants };
ObjectAssign(exported, constants);
const enabled = state.flags.nodejs_zlib;
const names = ObjectKeys(classes);
for (const name of names) exported[name] = enabled ? classes[name] : missing;
for (const name of names) {
  exported[`create${name}`] = enabled ? named((options) => new classes[name](options), `create${name}`, 1) : missing;
}
for (const name of ObjectKeys(functions)) if (name !== "crc32") exported[name] = enabled ? functions[name] : missing;

module.exports = exported;

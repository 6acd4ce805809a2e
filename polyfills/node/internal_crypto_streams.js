"use strict";
// The stream classes that those of node:crypto and node:zlib extend.

const { ReflectApply } = primordials;
const { Transform, Writable } = require("node/stream");

/** Makes of an object an instance of a stream class, as that class's constructor would. */
function construct(Class, self, options) {
  ReflectApply(Class, self, [options]);
}

module.exports = { Transform, Writable, construct };

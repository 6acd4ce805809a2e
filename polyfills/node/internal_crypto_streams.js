"use strict";
// The stream classes that those of node:crypto extend.

const { ReflectApply } = primordials;

/** Makes of an object an instance of a stream class, as that class's constructor would. */
function construct(Class, self, options) {
  ReflectApply(Class, self, [options]);
}

function Transform() {}
function Writable() {}

module.exports = { Transform, Writable, construct };

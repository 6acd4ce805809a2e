"use strict";
// Chunks of a stream that the platform itself reads to write them somewhere.

const { ArrayBufferIsView, TypeError } = primordials;
const { bytesOf, isAnyArrayBuffer } = require("core/webidl");

/** The bytes of a chunk. */
function toBytes(chunk) {
  if (typeof chunk === "string") return ops.op_utf8_encode(chunk);
  if (ArrayBufferIsView(chunk) || isAnyArrayBuffer(chunk)) return bytesOf(chunk);
  throw new TypeError("Draining read encountered a value that cannot be converted to bytes");
}

module.exports = { toBytes };

"use strict";
// The errors of node:http. https://nodejs.org/docs/latest-v22.x/api/errors.html

const { Error, RangeError, TypeError } = primordials;
const { defineError } = require("node/internal_errors");

module.exports = {
  EADDRINUSE: class EADDRINUSE extends defineError("EADDRINUSE", Error, (address, port) => `bind EADDRINUSE ${address}:${port}`) {
    constructor(address, port) {
      super(address, port);
      this.syscall = "bind";
      this.address = address;
      this.port = port;
    }
  },
  ERR_HTTP_BODY_NOT_ALLOWED: defineError("ERR_HTTP_BODY_NOT_ALLOWED", Error, () => "Request with GET/HEAD method cannot have body"),
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: defineError(
    "ERR_HTTP_CONTENT_LENGTH_MISMATCH",
    Error,
    (actual, expected) => `Request body length does not match content-length header. Expected: ${expected}, Actual: ${actual}`,
  ),
  ERR_HTTP_HEADERS_SENT: defineError("ERR_HTTP_HEADERS_SENT", Error, (action) => `Cannot ${action} headers after they are sent to the client`),
  ERR_HTTP_INVALID_HEADER_VALUE: defineError("ERR_HTTP_INVALID_HEADER_VALUE", TypeError, (value, header) => `Invalid value "${value}" for header "${header}"`),
  ERR_HTTP_INVALID_STATUS_CODE: defineError("ERR_HTTP_INVALID_STATUS_CODE", RangeError, (code) => `Invalid status code: ${code}`),
  ERR_INVALID_CHAR: defineError("ERR_INVALID_CHAR", TypeError, (name, field) => `Invalid character in ${name}${field === undefined ? "" : ` ["${field}"]`}`),
  ERR_INVALID_HTTP_TOKEN: defineError("ERR_INVALID_HTTP_TOKEN", TypeError, (label, name) => `${label} must be a valid HTTP token ["${name}"]`),
  ERR_INVALID_PROTOCOL: defineError("ERR_INVALID_PROTOCOL", TypeError, (actual, expected) => `Protocol "${actual}" not supported. Expected "${expected}"`),
  ERR_UNESCAPED_CHARACTERS: defineError("ERR_UNESCAPED_CHARACTERS", TypeError, (field) => `${field} contains unescaped characters`),
};

"use strict";
// The errors of node:net, node:tls and node:dns. https://nodejs.org/docs/latest-v22.x/api/errors.html

const { Error, NumberIsInteger, ObjectDefineProperty, StringPrototypeTrim, SyntaxError, TypeError } = primordials;
const { defineError } = require("node/internal_errors");

// A SyntaxError with a code.
function ERR_TLS_CERT_ALTNAME_FORMAT() {
  const error = new SyntaxError("Invalid subject alternative name string");
  error.code = "ERR_TLS_CERT_ALTNAME_FORMAT";
  return error;
}

const ERR_SOCKET_BAD_PORT = defineError(
  "ERR_SOCKET_BAD_PORT",
  Error,
  (name, port, allowZero) => `${name} should be ${allowZero ? ">=" : ">"} 0 and < 65536. Received ${typeof port}.`,
);

/** The number that a port is, from 0 to 65535. */
function validatePort(port, name = "Port", allowZero = true) {
  const number = typeof port === "number" || (typeof port === "string" && StringPrototypeTrim(port) !== "") ? +port : -1;
  if (!NumberIsInteger(number) || number < 0 || number > 65535 || (number === 0 && !allowZero)) throw new ERR_SOCKET_BAD_PORT(name, port, allowZero);
  return number;
}

const systemError = (code, message) => {
  const Class = defineError(code, Error, message);
  ObjectDefineProperty(Class, "name", { __proto__: null, value: code, configurable: true });
  return Class;
};

module.exports = {
  ConnResetException: systemError("ECONNRESET", (message) => message),
  EPIPE: systemError("EPIPE", () => "This socket has been ended by the other party"),
  ERR_INVALID_ADDRESS: defineError("ERR_INVALID_ADDRESS", TypeError, () => "Invalid socket address"),
  ERR_INVALID_IP_ADDRESS: defineError("ERR_INVALID_IP_ADDRESS", TypeError, (address) => `Invalid IP address: ${address}`),
  ERR_OPTION_NOT_IMPLEMENTED: defineError("ERR_OPTION_NOT_IMPLEMENTED", Error, (name) => `The ${name} option is not implemented`),
  ERR_SERVER_NOT_RUNNING: defineError("ERR_SERVER_NOT_RUNNING", Error, () => "Server is not running."),
  ERR_SERVER_ALREADY_LISTEN: defineError(
    "ERR_SERVER_ALREADY_LISTEN",
    Error,
    () => "Listen method has been called more than once without closing.",
  ),
  ERR_SOCKET_BAD_PORT,
  ERR_SOCKET_CLOSED: defineError("ERR_SOCKET_CLOSED", Error, () => "Socket is closed"),
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: defineError("ERR_SOCKET_CLOSED_BEFORE_CONNECTION", Error, () => "Socket closed before connection established"),
  ERR_SOCKET_CONNECTING: defineError("ERR_SOCKET_CONNECTING", Error, () => "Socket is already connecting"),
  ERR_STREAM_WRAP: defineError("ERR_STREAM_WRAP", Error, () => "Stream has StringDecoder set or is in objectMode"),
  ERR_TLS_CERT_ALTNAME_FORMAT,
  ERR_TLS_CERT_ALTNAME_INVALID: defineError("ERR_TLS_CERT_ALTNAME_INVALID", Error, (reason) => reason, ["reason", "host", "cert"]),
  ERR_TLS_HANDSHAKE_TIMEOUT: defineError("ERR_TLS_HANDSHAKE_TIMEOUT", Error, () => "TLS handshake timeout"),
  ERR_TLS_INVALID_CONTEXT: defineError("ERR_TLS_INVALID_CONTEXT", TypeError, (field) => `${field} must be a SecureContext`),
  validatePort,
};

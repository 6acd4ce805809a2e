"use strict";
// Why a connection could not be made, as errors of the system. https://nodejs.org/docs/latest-v22.x/api/errors.html#common-system-errors

const { Error } = primordials;
const { failureOf } = require("cloudflare/socket");

class ConnectException extends Error {
  constructor(address, port) {
    super(`connect ECONNREFUSED ${address}:${port}`);
    this.code = "ECONNREFUSED";
    this.errno = -111;
    this.syscall = "connect";
    this.address = address;
    this.port = port;
  }
}

class GetAddrInfoException extends Error {
  constructor(hostname) {
    super(`getaddrinfo ENOTFOUND ${hostname}`);
    this.code = "ENOTFOUND";
    this.errno = -3008;
    this.syscall = "getaddrinfo";
    this.hostname = hostname;
  }
}

/**
 * The error of a net.Socket whose connection of the platform has failed with `error`.
 * @param {object} connection the platform's socket
 */
function toSystemError(connection, { host, port }, error) {
  const cause = failureOf(connection);
  if (cause === "ECONNREFUSED") return new ConnectException(host, port);
  return cause === "ENOTFOUND" ? new GetAddrInfoException(host) : error;
}

const isLookupFailure = (error) => error?.code === "ENOTFOUND" && error.syscall === "getaddrinfo";

module.exports = { isLookupFailure, toSystemError };

"use strict";
// node:tls. https://nodejs.org/docs/latest-v22.x/api/tls.html

const { Error } = primordials;
const { state } = require("core/worker");
const { checkServerIdentity, convertALPNProtocols } = require("node/internal_tls_identity");
const { SecureContext, createSecureContext } = require("node/internal_tls_context");
const { TLSSocket, connect } = require("node/internal_tls_socket");
const { stub } = require("node/internal_stubs");

function createServer() {
  throw new Error("Not implemented");
}

function Server() {
  throw new Error("Not implemented");
}

function getCiphers() {
  throw new Error("Not implemented");
}

module.exports = {
  SecureContext,
  Server,
  TLSSocket,
  connect,
  createSecureContext,
  createServer,
  checkServerIdentity,
  convertALPNProtocols,
  getCiphers,
  createSecurePair: state.flags.remove_nodejs_compat_eol_v24 ? undefined : stub("createSecurePair", "createSecurePair"),
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: "",
  DEFAULT_ECDH_CURVE: "auto",
  DEFAULT_MIN_VERSION: "TLSv1.2",
  DEFAULT_MAX_VERSION: "TLSv1.3",
  rootCertificates: [],
};

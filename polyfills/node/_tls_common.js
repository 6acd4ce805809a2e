"use strict";
// node:_tls_common, an old name of what node:tls has.

const { SecureContext, createSecureContext, translatePeerCertificate } = require("node/internal_tls_context");

module.exports = { SecureContext, createSecureContext, translatePeerCertificate };
